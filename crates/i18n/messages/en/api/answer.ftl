# Sentences in answers of the own API: what a call would do, what a client choice means, what an entry of the history says.

api-effect-create-project = Project “{ $name }” is created.
api-effect-create-company = Client company “{ $name }” is created.
api-effect-use-company = { $company } becomes a client of the project.
api-effect-map = { $company } is mapped to the account { $account }.
api-effect-associate = It is shown on “{ $record }”.
api-effect-add-member = { $person } becomes a member of the project.
api-effect-invite-user = { $person } is invited to the portal and becomes a member of the project.
api-effect-invite-client = { $person } is invited as a client user of the project.

api-client-mapped = { $company }, mapped to the account
api-client-namesake = { $company }, a client company of the same name
api-client-similar = { $company }, a client company of a similar name
api-client-new = New client company “{ $name }”
api-client-none = No client company

api-history-change = { $field } carried over.
api-history-change-refused = { $field } not applied.
api-history-change-reverted = { $field } set back.
api-history-change-held = { $field } kept on one side.
api-history-change-skipped = { $field } left as it is.
api-history-change-overruled = { $field } overruled by a later change.
api-history-create = Created on the other side.
api-history-create-refused = Not created on the other side.
api-history-delete = Deleted on one side; the link is broken.
api-history-comment = Comment carried over.
api-history-comment-refused = Comment not carried over.
api-history-link = Linked.
api-history-unlink = Unlinked.
api-history-map = Mapped: { $name }.
api-history-unmap = Unmapped: { $name }.
api-history-associate = Associated: { $name }.
api-history-dissociate = Association removed: { $name }.
api-history-hand-off = Project created: { $name }.

api-field-title = Title
api-field-description = Description
api-field-due = Due date
api-field-priority = Priority
api-field-status = Status
api-field-owner = Owner
api-field-comment = Comment

api-note-owner-not-representable = { $person } has no account in the CRM, so the owner there stays.
api-note-in-doubt = A write was sent and no answer came; it is looked for before anything else is sent.

api-rule-str-3 = The project has a strict schedule: { $range }, both days included.
api-rule-sub-2 = The parent task “{ $parent }” is closed.
api-rule-start = Not before the start date of the task: { $day }.
api-rule-owner = The owner must be a member of { $project }.
api-rule-length = At most { $max } characters.
api-rule-ref-1 = A refused value is set back to the agreed one.
api-why-in-step = Both sides agree.
api-why-pending = A change waits to be carried over.
api-why-differs =
    { $count ->
        [one] { $count } of six fields differs.
       *[other] { $count } of six fields differ.
    }
api-why-broken = The task was deleted on one side; the other one is on its own.
api-why-unlinked = The two tasks are no longer linked.
api-why-paused = The link is paused: nothing is carried over for now.
api-why-with-reason = { $state } { $reason }
