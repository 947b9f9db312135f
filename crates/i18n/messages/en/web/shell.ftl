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

## Account menu
account-menu = Account
account-language = Language
account-time-zone = Time zone
sign-out = Sign out

## Actions of several pages
action-add = Add
action-cancel = Cancel
action-close = Close
action-delete = Delete
action-edit = Edit
action-save = Save
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
