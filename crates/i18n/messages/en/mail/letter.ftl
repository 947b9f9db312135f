# Letters: what is said about changes that were not applied, mapping runs and invitations.

## Names of fields, changes and sides inside sentences
mail-field =
    { $field ->
        [title] title
        [description] description
        [due] due date
        [priority] priority
        [status] status
        [owner] owner
       *[comment] comment
    }
mail-change =
    { $field ->
        [title] title change
        [description] description change
        [due] due-date change
        [priority] priority change
        [status] status change
        [owner] owner change
       *[comment] comment
    }
mail-field-label =
    { $field ->
        [title] Title
        [description] Description
        [due] Due date
        [priority] Priority
        [status] Status
        [owner] Owner
       *[comment] Comment
    }
mail-side-crm = CRM
mail-side-projects = Projects
mail-value-empty = no value
mail-value-shortened = { $text } … (shortened)
mail-and-when = { $value }, { $when }
mail-today-at = today at { $time }

## M1, M2, M3
mail-refused-subject = Not applied: { $field } of “{ $title }”
mail-refused-headline-yours = Your latest { $change } was not applied
mail-refused-headline = The latest { $change } was not applied
mail-refused-did-set-yours = You set the { $field } of { $title } to { $value } in { $side }.
mail-refused-did-set = The { $field } of { $title } was set to { $value } in { $side }.
mail-refused-did-clear-yours = You emptied the { $field } of { $title } in { $side }.
mail-refused-did-clear = The { $field } of { $title } was emptied in { $side }.
mail-refused-did-text-yours = You changed the { $field } of { $title } in { $side }.
mail-refused-did-text = The { $field } of { $title } was changed in { $side }.
mail-refused-did-reopen-yours = You reopened { $title } in { $side }.
mail-refused-did-reopen = { $title } was reopened in { $side }.
mail-refused-did-close-yours = You closed { $title } in { $side }.
mail-refused-did-close = { $title } was closed in { $side }.
mail-refused-why-after = This latest due-date change failed, because the date is beyond the schedule of { $project }, a strict project that ends on { $day }.
mail-refused-why-before = This latest due-date change failed, because the date is beyond the schedule of { $project }, a strict project that starts on { $day }.
mail-refused-why-parent = This latest status change failed: its parent task { $parent } is closed in Projects, so the task stays closed.
mail-refused-why = This latest { $change } failed. { $reason }
mail-refused-set-back = { $side } was set back to { $value }, so both sides agree.
mail-refused-set-back-text = The { $field } in { $side } was set back, so both sides agree.
mail-refused-held = { $side } keeps the new value and { $other } the one before. They differ until somebody decides.
mail-refused-left = Nothing was set back in { $side }.

mail-label-task = Task
mail-label-under =
    { $module ->
        [lead] Under the lead
        [account] Under the account
        [contact] Under the contact
       *[deal] Under the deal
    }
mail-label-before = Before
mail-label-asked-yours = You asked for
mail-label-asked = Asked for
mail-label-allowed = Allowed
mail-label-closed-by = Closed by
mail-label-reason = Reason
mail-label-now = Now
mail-task-with-key = { $title } ({ $key })
mail-both-included = { $range }, both days included
mail-now-equal = { $value } in { $crm } and in { $projects }
mail-now-differs = { $tried } in { $side }, { $agreed } in { $other }
mail-closed = Closed
mail-open = Open
mail-was-reopened = Reopened
mail-last-allowed = last allowed day
mail-first-allowed = first allowed day
mail-days-after =
    { $days ->
        [one] +{ $days } day
       *[other] +{ $days } days
    }
mail-days-before =
    { $days ->
        [one] −{ $days } day
       *[other] −{ $days } days
    }
mail-picture-schedule = The project runs from { $start } to { $end }. The date asked for is { $tried }.
mail-picture-tree = The task and the closed task above it

mail-section-refused = Also not applied
mail-section-applied = Applied in the same save
mail-column-field = Field
mail-column-value = Value
mail-column-why = Why
mail-open-task = Open the task
mail-why = Why? See every step of this change

mail-footer-you = You get this mail because you made the change.
mail-footer-owner = You get this mail because it is not known who made the change, and you own the task or look after the portal.
mail-footer-from = Sent by Lockstep at { $host }

## Digest
mail-digest-subject =
    { $count ->
        [one] Not applied: { $count } more change within the hour
       *[other] Not applied: { $count } more changes within the hour
    }
mail-digest-headline =
    { $count ->
        [one] { $count } more change was not applied
       *[other] { $count } more changes were not applied
    }
mail-digest-paragraph = Several letters about changes went to you within an hour, so the later ones come together in this one. Each of these updates failed for the reason beside it.
mail-column-task = Task
mail-column-asked = Asked for

## M4
mail-mapping-subject =
    { $mapped ->
        [0] Client mapping finished: 0 newly mapped, { $open } not mapped
       *[other] Client mapping finished: { $mapped } mapped, { $open } not mapped
    }
mail-mapping-headline =
    { $open ->
        [0] Client mapping: every company has its account
        [one] Client mapping: { $open } company needs your choice
       *[other] Client mapping: { $open } companies need your choice
    }
mail-mapping-paragraph = You ran the mapping ({ $when }). Client companies compared: { $companies }; CRM accounts: { $accounts }. No record was created or renamed.
mail-mapping-now = mapped now
mail-mapping-before = mapped before
mail-mapping-open = not mapped
mail-mapping-column-company = Client company
mail-mapping-column-account = CRM account
mail-mapping-column-result = Result
mail-mapping-result-now = = Mapped now: same name
mail-mapping-result-before = = Mapped before
mail-mapping-result-open = ≠ Not mapped. { $reason }
mail-mapping-none = —
mail-mapping-page = Open the mapping page
mail-mapping-page-hint = You can also leave them as they are.
mail-mapping-alone =
    { $accounts ->
        [0] Every account has a client company.
        [one] { $accounts } account has no client company.
       *[other] { $accounts } accounts have no client company.
    }
mail-mapping-footer = You get this mail because you ran the mapping.

## M7
mail-invitation-subject = You are invited to { $place }
mail-invitation-headline = { $inviter } invites you to { $place }
mail-invitation-portal = You come in as portal user. You will see the projects you belong to, with their tasks and comments.
mail-invitation-client = You come in as client user. You will see the tasks and comments that are shared with you, and can answer.
mail-invitation-crm = You come in as CRM user. You will see accounts, contacts, deals and tasks, and the projects made from them.
mail-invitation-role = Role
mail-invitation-address = You sign in with
mail-invitation-ends = The invitation ends on
mail-invitation-accept = Accept the invitation
mail-invitation-accept-hint = You choose your name, a password and your language.
mail-invitation-note = The link is only for you and works once. If you did not expect it, do nothing.
mail-invitation-footer = You get this mail because { $inviter } invited you.
mail-invitation-link-hidden = The link stands in the mail itself, not here.
