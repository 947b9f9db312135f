# Tasks of a project: list, drawer, form, the way into the CRM.

## The list
tasks-state = State
tasks-all = All
tasks-open = Open
tasks-closed = Closed
tasks-in-crm = In CRM
tasks-every-owner = Every owner
tasks-search = Title or key
tasks-closed-of = { $closed } of { $total } closed
tasks-of = { $closed } of { $total }
tasks-none = There are no tasks yet. Add the first one; it gets a task list of its own.
tasks-none-client = There are no tasks for you to see yet.
tasks-none-filtered = No task fits these filters.
tasks-list-empty = No tasks in this list yet

## Task lists
list-name = Name of the task list
list-add = Add a task list
list-change-of = Change the task list { $name }
list-delete = Delete list
list-place = Place
list-first = Before all others
list-after = After { $name }
list-not-empty = This list still has tasks. Move or delete them first.
list-said-added = The task list { $name } is added.
list-said-saved = The task list { $name } is saved.
list-said-deleted = The task list { $name } is deleted.

## Fields
task-word = Task
task-title = Task title
task-description = Description
task-description-none = No description
task-list = Task list
task-owner = Owner
task-owner-none = No owner
task-owner-number = Owner { $number }
task-start = Start date
task-due = Due date
task-due-time = Time
task-project = Project
task-created = Created
task-changed = Changed
task-visible-to = Visible to
task-visible-client = Members and the client
task-visible-members = Members only
task-visible-to-client = Visible to the client
task-visible-hint = Client users of the project see this task and its comments that are not internal.
task-status-open = Open
task-status-in-progress = In progress
task-status-in-review = In review
task-status-closed = Closed
task-status-cancelled = Cancelled
task-open-subtasks =
    { $count ->
        [one] { $count } subtask is still open. Close it before closing this task.
       *[other] { $count } subtasks are still open. Close them before closing this task.
    }

## What is done with a task
task-add = Add task
task-add-to-list = Add a task to { $name }
task-add-subtask = Add subtask
task-another = Create another
task-save-and-add = Save and add to CRM
task-can-go-to-crm = { $name } is mapped to a CRM account, so you can add this task to CRM as you save it.
task-add-to-crm = Add to CRM
task-open-in-crm = Open in CRM
task-unlink = Unlink
task-unlink-title = Unlink the two tasks?
task-unlink-text = { $key } and its task under { $record } both stay as they are. From now on neither follows the other.
task-edit-of = Edit { $key }
task-move = Move to …
task-move-parent = Below the task
task-move-parent-hint = The key of a task, for example DM-4. Left empty, the task stands at the top of the list.
task-below-itself = A task cannot stand below itself.
task-parent-gone = There is no such task any more.
task-delete = Delete task
task-delete-title = Delete this task?
task-delete-text = { $name } is deleted.
task-delete-with-subtasks =
    { $count ->
        [one] { $name } and the subtask below it are deleted.
       *[other] { $name } and the { $count } subtasks below it are deleted.
    }
task-delete-linked = The task in the CRM stays. Its link says that the partner is gone.
task-more = More actions
task-open-as-page = Open as a page
task-below = Below
task-subtask = Subtask
task-subtasks = Subtasks
task-subtasks-of = Subtasks of { $key }
task-subtasks-none = No subtasks. Break the work down when more than one person takes part.
task-said-added = { $key } { $title } is added.
task-said-saved = { $key } is saved.
task-said-moved = { $key } is moved.
task-said-deleted = { $key } is deleted.
task-said-linked = The task is in the CRM, and both stay in step.
task-said-kept = The task is saved here. The CRM did not take it.
task-said-on-its-way = The task is on its way to the CRM.
task-said-unlinked = The two tasks are no longer linked. Both stay.
task-changed-meanwhile = Somebody changed this in the meantime
task-changed-meanwhile-text = Your text is kept. When you save, both values stand side by side.

## Said before saving
task-check-not-saved = Saving is refused as long as this stands.
task-check-crm = The CRM would not take this
task-check-crm-text = Saving works here; the CRM keeps its own value.

## Comments
task-comment = Comment
task-comments = Comments
task-comments-none = No comments yet.
task-write-comment = Write a comment
task-write-linked-comment = Write a comment. It also goes to CRM.
task-from-crm = from CRM
task-internal = internal
task-comment-internal = Internal: client users do not see it
task-comment-release = Show to the client
task-comment-released = Client users see the comment now.

## In the CRM
task-crm-task = CRM task
task-not-in-crm = Not in CRM
task-not-in-crm-text = Add this task to { $name } or one of its deals, and both sides stay in step.
task-not-in-crm-title = { $key } { $title } is not in the CRM
task-crm-refused = The CRM did not take this task
field-in-step = Same in Projects and CRM
field-not-applied = Not applied
sync-title = Link to the CRM
sync-crm-kind = CRM · { $kind }
sync-kind-lead = Lead
sync-kind-account = Account
sync-kind-contact = Contact
sync-kind-deal = Deal
sync-all-in-step = All six fields are in step
sync-five-in-step = Five of six fields are in step; each side keeps its owner
sync-not-applied =
    { $count ->
        [one] { $count } field is not applied
       *[other] { $count } fields are not applied
    }
sync-set-back = Not applied, set back
sync-set-back-text = { $side } was set back to { $value }, so nothing differs now.
sync-held = Not applied, held
sync-held-text = The value stays in { $side } and is tried again when the obstacle has gone.
sync-you-in = You, in { $side }
sync-person-in = { $name }, in { $side }
sync-owner-note = { $name } has no CRM account, so the CRM keeps its own owner.
sync-broken-title = The other task is gone
sync-broken-text = It was deleted. Nothing was deleted here. Unlink the task to end the link.
sync-broken-at = It was deleted at { $at }. Nothing was deleted here. Unlink the task to end the link.
sync-broken-by = { $by } deleted it at { $at }. Nothing was deleted here. Unlink the task to end the link.
sync-paused-text = Nothing is carried over for now. Changes wait and are not lost.

## The picker
picker-title = Add the task to CRM
picker-step = Step 2 of 2
picker-choose = Choose what to put the task under.
picker-mapped = Mapped accounts
picker-unmapped = Unmapped accounts
picker-mapped-to = Mapped to the client { $name }
picker-same-name = Same name as the client, not mapped yet
picker-similar = Similar name to the client { $name }, not mapped yet
picker-ask = Choosing it would map it. { $names } may do that.
picker-owner = Owner { $name }
picker-closing = closes { $day }
picker-won = Won
picker-deals-hint = Lists only the deals associated with { $project }.
picker-copy =
    { $count ->
        [one] also copy { $count } comment
       *[other] also copy { $count } comments
    }
picker-stays = What stays in step from now on
picker-closed-or-reopened = Closed or reopened
picker-back = Back

## Activity
activity-none = Nothing has changed yet.
activity-you = You
activity-somebody = Somebody
activity-changed = { $name } changed { $field }
activity-changed-in = { $name } changed { $field } in { $side }
activity-changed-something = { $name } changed something
activity-created = { $name } created this
activity-deleted = { $name } deleted this
activity-joined = { $name } added { $member }
activity-left = { $name } removed { $member }
activity-clients = { $name } changed the client companies
activity-moved = { $name } moved this
activity-released = { $name } showed a comment to the client
activity-refused-in = { $name } changed { $field } in { $side }, not applied
activity-because = { $text }. { $reason }
activity-set-back = { $side } was set back: { $field }
activity-held = Not applied, held in { $side }: { $field }
activity-skipped = { $name } changed { $field }, not carried over
activity-overruled = { $name } changed { $field } in { $side }; a later value won
activity-commented = { $name } wrote a comment in { $side }, carried over
activity-comment-refused = A comment by { $name } in { $side } was not carried over
activity-linked = { $name } added the task to CRM
activity-unlinked = { $name } unlinked the two tasks
activity-gone = { $name } deleted the task in { $side }

## Fields inside a sentence
the-title = the title
the-description = the description
the-formatting = the formatting of the description
the-due = the due date
the-time = the time
the-start = the start date
the-end = the end date
the-priority = the priority
the-status = the status
the-owner = the owner
the-visibility = whether the client sees it
the-strict = whether the schedule is strict
the-name = the name
the-overview = the overview
the-comment = a comment
