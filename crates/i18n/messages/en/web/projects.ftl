# Pages below /projects: projects, their members and clients. Tasks are in projects_task.ftl.

## Actions
action-look = Look at it
action-move = Move
action-show = Show
action-why = Why?
field-no-time = There is no such time. Write it as 18:00.
field-time-without-day = Choose the day first.

## The list
projects-views = Saved views
projects-active = Active
projects-mine = Mine
projects-strict = Strict
projects-closed = Closed
projects-all = All
projects-search = Name or prefix
projects-none = There are no projects yet. A project holds the tasks, dates and people of one piece of work.
projects-none-for-you = You are not a member of an open project yet. The owner of a project can add you.
projects-none-filtered = No project fits. Other views or another search may find it.
projects-in-step =
    { $count ->
        [one] { $count } in step
       *[other] { $count } in step
    }
projects-moving = { $count } of { $total } on its way
projects-not-applied = { $count } of { $total } not applied
projects-no-client = no client
projects-no-account = no account mapped
projects-no-task-in-crm = no task in CRM yet

## A project
project-pages = Pages of the project
project-tab-tasks = Tasks
project-tab-users = Users
project-tab-client = Client
project-tab-activity = Activity
project-new = New project
project-create = Create project
project-edit-of = Edit { $name }
project-delete = Delete project
project-delete-title = Delete this project?
project-delete-text =
    { $count ->
        [0] { $name } has no tasks. Its prefix is not given out again.
        [one] { $name } and its task are deleted. Its prefix is not given out again.
       *[other] { $name } and its { $count } tasks are deleted. Its prefix is not given out again.
    }
project-delete-linked =
    { $count ->
        [one] { $count } task is in the CRM. It stays there, and its link says that the partner is gone.
       *[other] { $count } tasks are in the CRM. They stay there, and their links say that the partner is gone.
    }
project-name = Project name
project-key = Task prefix
project-key-hint = Left empty, it is made from the name.
project-key-taken = This prefix is taken. { $free } is free.
project-key-invalid = Use two to five letters from A to Z.
project-owner = Owner
project-overview = Overview
project-start = Start date
project-end = End date
project-end-hint = Both dates are needed for a strict project.
project-open-end = Open
project-from = from { $day }
project-until = until { $day }
project-not-begun = not begun
project-strict = Strict schedule
project-strict-range = Strict schedule { $range }
project-strict-hint = No task may lie outside these dates, also not when the date comes from the CRM.
project-status-active = Active
project-status-on-hold = On hold
project-status-completed = Completed
project-status-archived = Archived
project-closed-tasks = Closed tasks
project-tasks-outside =
    { $count ->
        [one] { $count } task lies outside this schedule
       *[other] { $count } tasks lie outside this schedule
    }
project-tasks-outside-hint = Nothing was saved. Move these tasks, or choose dates that hold them all.
project-also = Members and client companies have pages of their own:
project-said-created = { $name } is created.
project-said-saved = { $name } is saved.
project-said-deleted = { $name } is deleted.

## Members
project-members =
    { $count ->
        [one] { $count } member
       *[other] { $count } members
    }
project-members-label = Members
project-members-rule = Only members are given tasks. The owner of the project adds them.
project-add-member = Add a member
project-remove-member = Remove
project-remove-member-of = Remove { $name } from the project
project-owner-stays = The owner of the project cannot leave it. Choose another owner first.
project-client-user = Client user
project-inactive = Inactive
project-said-joined = { $name } is a member now.
project-said-left = The person is no member any more and keeps the tasks.

## Clients
project-client = Client
project-no-client = No client
project-companies = Client companies
project-companies-hint = Tasks can go to the CRM as soon as a client company is mapped to an account.
project-client-mapped = { $name }, mapped to a CRM account
project-client-unmapped = { $name }, not mapped to a CRM account
project-mapped = Mapped
project-unmapped = not mapped
project-unmapped-text = Not mapped to a CRM account
project-account = CRM account
project-primary = Primary
project-make-primary = Make it the primary one
project-make-primary-of = Make { $name } the primary client
project-remove-client-of = Take { $name } off the project
project-add-client = Add a client company
project-clients-none = This project has no client. Its tasks can go to the CRM when it has one that is mapped.
project-map-text = Tasks can go to the CRM when a client company is mapped:
project-said-clients = The client companies are saved.
