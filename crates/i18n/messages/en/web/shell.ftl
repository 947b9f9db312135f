# The frame around every page: sidebar, top bar, account menu, page numbers, words of several areas.

## Sidebar
nav-main = Main
nav-home = Home
nav-search = Search or jump to…
nav-projects-group = Projects
nav-all-projects = All projects
nav-crm-group = CRM
nav-leads = Leads
nav-accounts = Accounts
nav-contacts = Contacts
nav-deals = Deals
nav-crm-tasks = Tasks
nav-bridge-group = Bridge
nav-sync-activity = Sync activity
nav-account-mapping = Account mapping
nav-connections = Connections
nav-setup-group = Setup
nav-portal-users = Portal users
nav-crm-users = CRM users
nav-outbox = Outbox
skip-to-content = Skip to content
open-menu = Open the menu
nav-sync-short = Sync
nav-sidebar = Sidebar
nav-crumbs = Where this page is
offline = No connection to Lockstep. Reading works; what you type stays in this tab until you send it again.
assets-missing = The styles and scripts of the pages are not built. This command makes them:
side-crm = CRM
side-projects = Projects
today = Today

## Account menu
account-menu = Account
account-language = Language
account-time-zone = Time zone
sign-out = Sign out
account-menu-of = Account of { $name }
account-settings = Language and time zone
signed-in-as = Signed in as { $name }

## Actions of several pages
action-add = Add
action-cancel = Cancel
action-close = Close
action-delete = Delete
action-edit = Edit
action-save = Save
action-choose = Choose
action-search = Search
action-clear-filter = Clear the filter
action-next-page = Next { $count }
action-first-page = Back to the first page
rows-shown =
    { $count ->
        [one] { $count } row
       *[other] { $count } rows
    }

## Priorities
priority-none = None
priority-lowest = Lowest
priority-low = Low
priority-medium = Medium
priority-normal = Normal
priority-high = High
priority-highest = Highest

## States of a link
link-in-step = In step
link-pending = On its way
link-out-of-step = Out of step
link-conflict = Conflict
link-broken = Broken
link-paused = Paused
link-unlinked = Unlinked

## The six fields that are kept in step
field-title = Title
field-description = Description
field-due-crm = Due date
field-due-projects = Due date
field-priority = Priority
field-status = Status
field-owner = Owner

## Values and changes
value-empty = Empty
diff-before = before:
diff-after = now:
diff-asked = asked for:
due-late = late
due-none = No due date
somebody-else = Somebody else
somebody-nobody = Nobody

## Forms
form-optional = optional
form-problems =
    { $count ->
        [one] One field needs your attention
       *[other] { $count } fields need your attention
    }
field-empty = Fill in this field.
field-too-long = This text is too long.
field-no-date = There is no such date. Write it as 2026-06-30.
field-no-email = This is no e-mail address.
field-no-number = This is no number.
field-unknown = This is not known here. Choose another value.
field-taken = This is taken already.
field-before-start = The end lies before the start.
field-password-short = Use at least 10 characters.
field-password-common = This password is on the list of known passwords. Choose another one.
field-token-wrong = This is not the token that the program printed last.
field-token-expired = This token has ended. Start the program again: it prints a new one.
field-not-in-list = Choose one of the values offered.
field-inactive-user = This person is not active any more. Choose somebody else.
field-not-a-member = This person is not a member of the project.
field-last-administrator = Without this person nobody could administer. Make somebody else an administrator first.
field-too-soon = An invitation can be sent again after 24 hours.
field-is-owner = The portal owner cannot be deactivated.
field-is-yourself = Nobody deactivates herself or himself. Ask another administrator.
field-fixed = This profile cannot be changed here.
field-invalid = This value is not possible here.

## Pages that say what went wrong
lost-title = There is nothing at this address
lost-text = It may have been deleted, or the address is mistyped. Nothing was changed.
denied-title = You may not do this
denied-text = Your profile does not allow it. Nothing was changed. An administrator can change your profile.
foreign-title = This form was not accepted
foreign-text = It came from another site, or from before your last sign-in. Nothing was changed. Open the page again and send it from there.
twice-title = This form is being worked on
twice-text = The same form was sent twice. The first one is still running; nothing is done twice. Look at the page again in a moment.
moved-title = This has changed in the meantime
moved-text = Nothing was done. Open the page again: it shows how things are now.
too-large-title = This form is too large
too-large-text = A form may have 1 MB. Nothing was saved. Go back, shorten the text and send it again.
refused-title = This was not done
broken-title = Something went wrong here
broken-text = The page could not be made. What was saved before is safe. If it stays like this, tell an administrator this number: { $reference }.
try-again = Try again
send-again = Send it again
busy-title = Lockstep is busy right now
busy-text = The database did not answer within 10 seconds. What was saved before is safe.
busy-text-kept = Your text below was not saved yet.
full-title = Lockstep cannot save right now
full-text = The disk of the server is full. What was saved before is safe. An administrator has to make room.
busy-your-text = Your text
busy-once = Sending it again never does the same thing twice.
busy-reference = If it stays like this, tell an administrator this number: { $reference }.
session-ended-title = Your session has ended
session-ended-text = Nothing was saved. Sign in again and send the form once more.
session-ended-kept = Your text is kept in this tab and is put back into the form after signing in.
session-ended-foot = A session ends by itself when it is not used, so that nobody else works in your name.

## A form that somebody else overtook
stale-not-saved = Not saved
stale-title = { $name } changed this while you were typing
stale-text =
    { $count ->
        [one] Nothing is saved yet and your text is kept. One field was changed by both of you: choose, then save.
       *[other] Nothing is saved yet and your text is kept. { $count } fields were changed by both of you: choose, then save.
    }
stale-text-none = Nothing is saved yet and your text is kept. You changed different fields: look at them, then save.
stale-both = Changed by both
stale-one = Changed by one, kept as they are
stale-mine = Yours, not saved
stale-yours = yours
stale-note = What only one of you changed is kept.
stale-discard = Discard mine
stale-save = Save my choice

## Live pages
live-changed-one = This page has changed
draft-back = Your text is back in the form. It is not saved yet.
draft-discard = Discard it

## Pages before signing in
gate-picture = Two lines, Projects and CRM, that stay parallel and are tied at every change
gate-picture-task = Cut over billing
gate-picture-project = Data migration
