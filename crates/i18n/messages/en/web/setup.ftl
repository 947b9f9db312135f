# Pages of Setup: first start, sign-in, invitation, users, outbox.

## Sign-in
sign-in = Sign in
sign-in-to = Sign in to { $organisation }
sign-in-one-account = Projects and CRM, one account.
sign-in-email = E-mail
sign-in-password = Password
sign-in-wrong = E-mail or password is wrong.
sign-in-demo = Demo accounts
sign-in-demo-or = or look around as
sign-in-too-many =
    { $minutes ->
        [one] Too many tries failed. The next one counts in a minute.
       *[other] Too many tries failed. The next one counts in { $minutes } minutes.
    }

## First start
start-title = Create the administrator
start-text = This page exists only until the first account is made.
start-token = One-time token
start-token-hint = The program printed it when it started. It is valid for 60 minutes.
start-token-tries = Too many tries failed. Wait a few minutes, then try again.
start-organisation = Organisation
start-name = Your name
start-email = Your e-mail
start-password-hint = At least 10 characters, and not on the list of known passwords.
start-currency = Currency
start-button = Create and sign in

## Invitation
invitation-title = { $inviter } invites you to { $place }
invitation-title-crm = { $inviter } invites you to the CRM of { $organisation }
invitation-portal = You will work in the projects that you are added to.
invitation-client = You will see the tasks and comments that are shared with you, and can answer.
invitation-crm = You will work with leads, accounts, contacts, deals and tasks.
invitation-as = You come in as { $role }.
invitation-address = You sign in with { $email }.
invitation-name = Your name
invitation-accept = Accept and sign in
invitation-foot = The invitation is only for you, works once and ends on { $date }. If you did not expect it, do nothing.
invitation-ended-title = This invitation has ended
invitation-used-title = This invitation was used already
invitation-used = Your account is made. Sign in with your e-mail address and your password.
invitation-withdrawn = It was taken back. No account was made.
invitation-replaced = A newer one was sent to you. Only the link in the newest mail works.
invitation-expired = It was valid for 7 days, until { $date }. No account was made. Your place is kept.
invitation-again-title = { $name } can send it again
invitation-again-text = You get a new mail then. Only its link works.
invitation-write-to = Write to { $name }
invitation-have-account = I have an account: sign in
invitation-ended-foot = An invitation works once and ends after 7 days.

## Own settings
account-title = Your account
account-name = Name
account-language-hint = Pages and mails come in this language.
account-zone-hint = Times are shown in this zone, and a task is late by your day.
account-saved = Your settings are saved.

## Home
home-morning = Good morning, { $name }
home-afternoon = Good afternoon, { $name }
home-evening = Good evening, { $name }
home-day = { $weekday } { $date }
home-summary =
    { $late ->
        [0] { $today ->
            [0] nothing is due today
            [one] one task is due today
           *[other] { $today } tasks are due today
        }
        [one] { $today ->
            [0] one task is late
            [one] one task is late, one is due today
           *[other] one task is late, { $today } are due today
        }
       *[other] { $today ->
            [0] { $late } tasks are late
            [one] { $late } tasks are late, one is due today
           *[other] { $late } tasks are late, { $today } are due today
        }
    }
home-waiting = Not applied
home-why = Why?
home-why-of = Why? { $task }
home-task = A task
home-field-title = Title
home-field-description = Description
home-field-due = Due date
home-field-priority = Priority
home-field-status = Status
home-field-owner = Owner
home-field-comment = Comment
home-closed = Closed
home-open = Open
home-health = Sync health
home-health-of = { $done } of { $all }
home-health-text = linked tasks of these projects are in step
home-rejected = Not applied
home-not-applied =
    { $count ->
        [one] { $count } not applied
       *[other] { $count } not applied
    }
home-moving =
    { $count ->
        [one] { $count } on its way
       *[other] { $count } on their way
    }
home-crm-sync = CRM sync
home-no-links = No task is in CRM
home-new-project = New project
home-new-account = New account
home-tasks = My open tasks
home-no-tasks = You have no open task. Tasks that others give you appear here.
home-no-projects = No project yet. Projects that you are a member of appear here, with progress and dates.
home-project = Project
home-client = Client
home-closed-tasks = Closed tasks
home-ends = Ends
home-progress = { $closed } of { $total }
home-active =
    { $count ->
        [one] { $count } open
       *[other] { $count } open
    }
home-strict = Strict schedule
home-steps = First steps
home-step-people = Bring your people in
home-step-people-text = Invite by e-mail. Nobody is written to before you press the button.
home-step-client = Add the first client and its project
home-step-client-text = An account, a deal, and a project made from it. Tasks can then go to CRM.
home-step-mapping = Join accounts and client companies
home-step-mapping-text = The built-in CRM and Projects are connected. A mapped account gives its projects a way to CRM.
weekday-monday = Monday
weekday-tuesday = Tuesday
weekday-wednesday = Wednesday
weekday-thursday = Thursday
weekday-friday = Friday
weekday-saturday = Saturday
weekday-sunday = Sunday

## Users
users-title = Users
users-person = Person
users-seen = Last seen
users-actions = Actions
users-search = Name or e-mail
users-all = All
users-clients = Client users
users-not-in-crm = Not in CRM
users-not-in-portal = Not in the portal
users-waiting = Waiting for an answer
users-inactive = Inactive
users-none = Nobody is found by this search and filter.
users-count =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
users-sees-all = all
users-you = You
users-never = Never
users-one-account = One person, one account: the e-mail joins both sides.
users-portal-profile = Portal profile
users-portal-role = Portal role
users-open-tasks = Open tasks
user-profile = Profile
user-profile-of = Profile of { $name }
user-profile-hint = Decides what the person may do.
user-profile-decides = The profile decides what a person may do; the role is a label.
user-role = Role
user-role-hint = A label, for example Engineer.
user-projects = Projects
user-is-in-crm = CRM user
user-inactive = Inactive
user-invited = invited { $date }
user-is-invited = invited
user-send-again = Send again
user-send-again-to = Send the invitation of { $name } again
user-deactivate = Deactivate
user-deactivate-of = Deactivate { $name }
user-activate = Activate
user-activate-of = Activate { $name }
user-deactivated = { $name } is inactive now.
user-activated = { $name } is active again.
user-changed = { $name } has the new profile.
portal-user-keeps = Stays a member and keeps the tasks in: { $projects }
portal-deactivate-title = Deactivate { $name } in the portal?
portal-deactivate-text = { $name } can no longer open the portal. Nothing is deleted; activating brings everything back.
profile-owner = Portal owner
profile-administrator = Portal administrator
profile-manager = Manager
profile-employee = Employee
profile-contractor = Contractor
profile-client = Client user

## Inviting
invite-title = Invite users
invite-people = E-mail addresses
invite-people-hint = One per line or separated by commas, up to { $count }.
invite-too-many = At most { $count } people at once.
invite-no-email = “{ $text }” is no e-mail address.
invite-failed = { $email }: { $message }
invite-language = Language of the letter
invite-until = The link is valid until { $date }.
invite-button = Invite
invite-done =
    { $count ->
        [one] One person is invited.
       *[other] { $count } people are invited.
    }
invite-again-done = The invitation of { $email } is sent again.

## CRM users
crm-user-add = Add CRM user
crm-user-email-hint = Somebody with an account keeps name and password.
crm-user-name-hint = Only for somebody who has no account yet.
crm-user-mail-note = A letter goes out only to somebody who has no account yet.
crm-user-added = { $name } is a CRM user now.
crm-user-invited = { $name } is a CRM user now, and is invited by mail.
crm-user-keeps = { $name } stays the owner of { $tasks } open tasks and { $deals } deals
crm-user-stays = In Projects: still { $profile }
crm-users-count = { $active } active, { $inactive } inactive
crm-deactivate-title = Deactivate { $name } in CRM?
crm-deactivate-text = { $name } can no longer open CRM. Nothing is deleted; activating brings everything back.
crm-profile = CRM profile
crm-profile-standard = Standard
crm-profile-standard-hint = Reads, writes and deletes all records.
crm-profile-administrator = Administrator
crm-profile-administrator-hint = Also settings, users and the connection.
crm-profiles-note = Standard reads and writes all records. Administrator also settings, users and the connection.
