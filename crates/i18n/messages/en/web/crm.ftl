# Pages below /crm.

## Kinds of records
crm-lead = Lead
crm-account = Account
crm-contact = Contact
crm-deal = Deal
crm-task = Task
crm-new-lead = New lead
crm-new-account = New account
crm-new-contact = New contact
crm-new-deal = New deal
crm-new-task = New task
crm-edit-lead = Edit lead
crm-edit-account = Edit account
crm-edit-contact = Edit contact
crm-edit-deal = Edit deal
crm-edit-task = Edit task
crm-add-task = Add task
crm-denied-title = The CRM is not open to you
crm-denied-text = You have no CRM account. An administrator of the CRM can add you under Setup, CRM users. Nothing was changed.

## Lists
crm-views = Views
crm-view-all-leads = All leads
crm-view-all-accounts = All accounts
crm-view-all-contacts = All contacts
crm-view-all-deals = All deals
crm-view-all-tasks = All tasks
crm-view-open = Open
crm-view-mine = Mine
crm-view-won = Won
crm-view-overdue = Overdue
crm-find-lead = Name, company or e-mail
crm-find-account = Find an account
crm-find-contact = Name or e-mail
crm-find-deal = Find a deal
crm-find-task = Find a task
crm-filter-any = { $field }: any
crm-empty-leads = No leads yet. A lead is somebody who may become a customer.
crm-empty-accounts = No accounts yet. An account is a company you sell to.
crm-empty-contacts = No contacts yet. A contact is a person at an account.
crm-empty-deals = No deals yet. A won deal can become a project.
crm-empty-tasks = No tasks yet.
crm-nothing-found = Nothing matches the search and the filter.
crm-view-empty = Nothing in this view.
crm-sum-won = Won
crm-sum-open = Open
crm-show-all = All { $count }
crm-list-of = Only of { $name }
crm-list-of-remove = Remove the filter { $name }

## The page of a record
crm-more-delete = More: Delete
crm-more-unlink-delete = More: Unlink, Delete
crm-other-contacts = Other contacts of this account
crm-other-address = Other address
crm-notes = Notes
crm-comments = Comments
crm-comment = Comment
crm-write-note = Write a note
crm-write-comment = Write a comment
crm-write-linked-comment = Write a comment. It also goes to Projects.
crm-comments-in-projects = { $count }, the same in Projects
crm-from-projects = from Projects
crm-copied-to-projects = Copied to Projects
crm-created = Created
crm-changed = Changed
crm-by-you = by you
crm-by-name = by { $name }
crm-latest-changes = Latest changes
crm-all-changes = All changes
crm-history-changed = { $name } changed { $field }
crm-history-bridge = { $field }: changed from Projects by { $name }
crm-history-created = Created by { $name }
crm-deals-of = Deals of { $account }
crm-no-tasks = No tasks yet.
crm-no-deals = No deals yet.
crm-stat-contacts = Contacts
crm-stat-tasks = Tasks
crm-stat-won = Won deals
crm-stat-open = Open deals
crm-gone = It was deleted. Nothing else was changed.
crm-gone-by = { $name } deleted it on { $at }. Nothing else was changed.

## Forms
crm-part-person = Person
crm-part-reach = How to reach
crm-part-address = Address
crm-part-company = Company
crm-part-billing = Billing address
crm-part-shipping = Shipping address
crm-part-deal = Deal
crm-part-sale = Sale
crm-part-more = More
crm-part-text = Description
crm-part-text-deal = A new project takes it over as its overview.
crm-choice-none = None
crm-choose-record = Choose one of these
crm-lookup-nothing = Nothing is called “{ $name }”. Check the name, or create it first.
crm-lookup-several = Several have this name. Choose the right one from the list.
crm-name-apart = { $name } ({ $apart })
crm-too-long = This text has { $length } characters; { $max } fit. Nothing was cut off.
crm-no-number = “{ $given }” is no number. Write it as 1250.50.
crm-invalid-text = This text has a character that cannot be kept.
crm-unknown-record = There is no such record any more.
crm-unknown-user = { $given } is no CRM user.
crm-inactive-user = { $person } is no longer active in the CRM.
crm-not-in-list = “{ $given }” is not in the list.
crm-said-created = { $name } was created.
crm-said-saved = { $name } was saved.
crm-said-deleted = { $name } was deleted.
crm-delete-title = Delete { $name }?
crm-delete-record = It disappears from all lists. Its tasks and projects stay, but no longer belong to it.
crm-delete-account = It disappears from all lists. Its contacts, deals, tasks and projects stay, but no longer belong to it.
crm-delete-task = It disappears from all lists, and its comments with it.
crm-delete-linked = It is linked to { $key } in { $project }. That task stays as it is; its link is shown as broken.

## Projects of a record
crm-projects = Projects
crm-project = Project
crm-new-project = New project
crm-associate-project = Associate project
crm-no-projects = No project yet.
crm-no-project = No project
crm-project-owner = Owner
crm-project-complete = Complete
crm-project-start = Start
crm-project-end = End
crm-project-in-crm = Tasks in CRM
crm-and-more = { $done }, { $count } more
crm-strict = Strict schedule
crm-by-mapping = by mapping
crm-remove-project = Remove the association
crm-remove-project-of = Remove the association with { $project }
crm-remove-title = Remove { $project } from { $record }?
crm-remove-text = The project, its clients and the links of its tasks stay as they are. New tasks of the project can no longer be added to CRM under this record.
crm-said-removed = The association was removed.
crm-tasks-in-step = { $count } in step
crm-tasks-moving = { $count } on the way
crm-tasks-out-of-step = { $count } not in step
crm-tasks-paused = { $count } paused
crm-tasks-none = No linked task
crm-not-a-member = You are not a member of { $projects }: you see the progress and the tasks that are in CRM.
crm-contact-without-address = A project needs the contact’s e-mail address.
crm-add-address = Add an address
crm-status-active = Active
crm-status-closed = Closed
crm-status-planning = Planning
crm-status-on-hold = On Hold
crm-status-open = Open
crm-status-in-review = In Review
crm-status-cancelled = Cancelled
crm-client-title = Client in Projects
crm-client = Client
crm-client-user-title = Client user in Projects
crm-client-user-active = Active
crm-client-user-invited = Invited
crm-client-user-inactive = Inactive
crm-client-user-seen = Last seen
crm-client-user-note = Sees what is shared with the client in the projects, nothing of the CRM.
crm-client-mapped = Mapped
crm-client-not-mapped = The account is not mapped to a client company: tasks cannot be added to CRM yet.
crm-client-of-lead = A lead has no account, so tasks of its projects cannot be added to CRM.
crm-client-without-account = Without an account there is no client in Projects.
action-change = Change
action-send = Send
value-yes = Yes
value-no = No

## New project
crm-new-project-from-lead = New project from a lead
crm-new-project-from-account = New project from an account
crm-new-project-from-contact = New project from a contact
crm-new-project-from-deal = New project from a deal
crm-may-not-create-title = You have no permission to create projects
crm-may-not-create-text = A portal administrator can give you the profile Manager, or create the project for you.
crm-address-missing-title = The contact needs an e-mail address
crm-address-missing-text = { $person } has no e-mail address. A project can be made from a contact only with one.
crm-back-to = Back to { $name }
crm-nothing-changed = Nothing was created or changed.
crm-carry-hint = Values with an arrow come from the record. Change what you like before saving.
crm-project-name = Project name
crm-project-start-date = Start date
crm-project-end-date = End date
crm-project-overview = Overview
crm-part-schedule = Schedule
crm-strict-project = Strict project
crm-strict-project-hint = No task may lie outside these dates, also not when the date comes from CRM. Needs both dates.
crm-part-client = Client
crm-client-hint = The account becomes the primary client.
crm-client-hint-lead = The lead’s company is offered as client company.
crm-client-none = The record has no account, so the project gets no client. Its tasks cannot be added to CRM until a client is set.
crm-client-is-mapped = Mapped client company
crm-client-new-mapped = New client company, mapped
crm-client-new = New client company, not mapped
crm-client-same-name = Client company of the same name
crm-client-map-them = Map account and client company to each other
crm-client-stays-unmapped = It stays unmapped. A portal administrator can map it on the mapping page.
crm-client-ask = Several client companies come into question. Choose one, or create a new one.
crm-client-existing = Is used, stays unmapped
crm-client-create = New: { $name }
crm-client-without = Without a client
crm-choose-client = Choose the client of the project.
crm-client-users = Client users
crm-client-user = Becomes a client user
crm-part-users = Users
crm-part-users-hint = Only CRM users are listed. No mail goes out before you save.
crm-user-fixed = Portal administrator, always a member
crm-is-invited = Is invited
crm-preview-title = What will be created
crm-preview-from = from { $start }
crm-preview-until = until { $end }
crm-preview-no-dates = without dates
crm-preview-problem = { $step }: { $reason }
crm-effect-project = Project “{ $name }”
crm-effect-company = Client company “{ $name }” is created
crm-effect-use-company = Client: { $name }
crm-effect-map = { $company } and the account { $account } are mapped
crm-effect-associate = Shown on { $name }
crm-effect-member = { $name } becomes a member
crm-effect-invite = { $name } is invited as portal user ({ $email })
crm-effect-invite-client = { $name } is invited as client user ({ $email })
crm-after-saving = After saving
crm-after-saving-list = The record shows the project in its list “Projects”.
crm-after-saving-mail = Who is invited gets one mail.
crm-all-or-nothing = All or nothing: if one step fails, the others are undone.
crm-create-project = Create project
crm-step-project = project
crm-step-company = client company
crm-step-association = association
crm-step-mapping = mapping
crm-step-users = users
crm-step-client-users = client users
crm-step-failed = Nothing was created: step “{ $step }” failed
crm-step-failed-text = { $reason } All other steps were undone; your entries are kept below.
crm-said-project = Project { $name } was created.
crm-said-project-later = The project is being created. It appears here by itself.

## Associate project
crm-associate-title = Associate projects
crm-find-project = Project or prefix
crm-projects-you-see = Projects you may see
crm-project-no-client = no client
crm-associate-hint = If the account is mapped, its client company becomes a client of each project: the primary one where there is none yet, else a further one.
crm-associate-note = Tasks and dates stay as they are.
crm-associate = Associate
crm-choose-project = Choose at least one project.
crm-nothing-to-associate = There is no project that you may see and that is not associated yet.
crm-not-associated = Nothing was associated
crm-said-associated =
    { $count ->
        [one] { $count } project was associated.
       *[other] { $count } projects were associated.
    }
crm-said-associated-later = The projects are being associated. They appear here by themselves.

## A task that is linked to Projects
crm-only-in-crm = Only in CRM
crm-in-projects = In Projects
crm-why = Why?
crm-key-and-title = { $key } { $title }
crm-in-crm-under = CRM · { $kind }
crm-same-in-projects = The same in Projects
crm-in-projects-value = In Projects: { $value }
crm-on-its-way = A change is on its way
crm-link-rests = The link is paused; nothing is lost
crm-takes = What Projects takes
crm-takes-dates = Due dates { $range }: { $project } is strict
crm-takes-from = Due dates from { $first }, the start of the task
crm-takes-parent-closed = No reopening: its parent “{ $parent }” is closed
crm-takes-open-subtasks =
    { $count ->
        [one] No closing: { $count } subtask is open
       *[other] No closing: { $count } subtasks are open
    }
crm-takes-members = Owners who are members of { $project }
crm-not-applied-set-back = Not applied, set back
crm-not-applied-held = Not applied
crm-told-set-back = { $reason } CRM was set back to { $agreed }, so nothing differs now.
crm-told-set-back-text = { $reason } CRM was set back to the earlier text, so nothing differs now.
crm-told-setting-back = { $reason } CRM is being set back.
crm-told-held = { $reason } The value stays in CRM and is tried again once that changes.
crm-who-in-crm = { $name }, in CRM
crm-applied = Applied
crm-same-save = Same save, also in Projects
crm-read-letter = Read the letter
crm-letter-sent-to = Sent to { $email }
crm-choose-other-date = Choose another date
crm-choose-other-value = Choose another value
crm-gone-in-crm = The task in CRM was deleted
crm-gone-in-projects = The task in Projects was deleted
crm-gone-by-at = { $name } deleted it on { $at }.
crm-gone-unknown = It is not known who deleted it.
crm-gone-what-now = This task stays as it is. Unlink it if it is to go on alone.
crm-log-applied-projects = { $field } applied in Projects, changed by { $name } in CRM
crm-log-applied-crm = { $field } applied in CRM, changed by { $name } in Projects
crm-log-refused = { $field } not applied, asked for by { $name }
crm-log-set-back-crm = { $field }: CRM was set back
crm-log-set-back-projects = { $field }: Projects was set back
crm-log-overruled = { $field } of { $name } was overtaken by a later change
crm-log-skipped = { $field } was left out: the other side cannot show it
crm-log-comment-projects = Comment by { $name } copied to Projects
crm-log-comment-crm = Comment by { $name } copied to CRM
crm-log-comment-refused = Comment by { $name } was not copied
crm-log-linked = Linked by { $name }
crm-log-unlinked = Unlinked by { $name }
crm-log-deleted-crm = Deleted in CRM by { $name }
crm-log-deleted-projects = Deleted in Projects by { $name }
crm-unlink = Unlink
crm-unlink-title = Unlink { $name } from Projects?
crm-unlink-text = Both tasks stay: this one and { $key } in { $project }. From now on changes and comments are no longer carried over.
crm-said-unlinked = { $name } was unlinked.

## Editing a linked task
crm-linked-to-projects = Linked to Projects
crm-stays-in-step = What stays in step
crm-members-first = Members of { $project } first
crm-not-in-project = { $name } (not in the project)
crm-priority-high-hint = Highest and High are both High in Projects
crm-priority-low-hint = Low and Lowest are both Low in Projects
crm-parent-closed-hint = The parent task { $parent } is closed
crm-open-subtasks-hint =
    { $count ->
        [one] { $count } subtask is open in Projects
       *[other] { $count } subtasks are open in Projects
    }
crm-due-strict = { $project } runs on a strict schedule: { $range }
crm-due-from = The task starts on { $first }
crm-save-note = “Save” leaves out what Projects would not take. “Save anyway” sends it; it is then set back.
crm-save-anyway = Save anyway
crm-case-value = Projects will not take { $value }
crm-case-text = Projects will not take this: { $field }
crm-case-reopen = Projects will not reopen this subtask
crm-case-close = Projects will not close this task
crm-case-both = { $reason } { $consequence }
crm-case-keeps = If you save it all the same, Projects keeps { $value } and CRM is set back.
crm-case-set-back = If you save it all the same, CRM is set back.
crm-case-held = If you save it all the same, it stays in CRM only.
crm-use-last-day = Use { $day }, the last allowed day
crm-use-first-day = Use { $day }, the first allowed day
crm-keep-value = Keep { $value }
crm-open-project = Open the project
crm-open-task = Open { $key }
crm-closed-by = closed by { $name }
crm-closed-parent = Closed parent
crm-draw-project = { $project }, strict schedule
crm-last-allowed-day = last allowed day
crm-first-allowed-day = first allowed day
crm-days-late =
    { $days ->
        [one] + { $days } day
       *[other] + { $days } days
    }
crm-days-early =
    { $days ->
        [one] − { $days } day
       *[other] − { $days } days
    }
crm-draw-late = The project runs from { $first } to { $last }. { $asked } lies { $days } days after its end.
crm-draw-early = The project runs from { $first } to { $last }. { $asked } lies { $days } days before its start.
crm-check-goes = Goes to Projects: { $fields }
crm-check-waits = { $field } waits: the link is paused or broken
crm-nothing-saved = Nothing was saved: Projects would take none of your changes
crm-said-left-out = Saved. Left out, because Projects would not take it: { $fields }.
crm-said-saved-anyway = Saved. What Projects does not take is set back.
crm-left-out = Not saved: { $field } { $value }
