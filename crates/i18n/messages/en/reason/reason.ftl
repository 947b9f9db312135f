# Why something was refused, held or waits: one sentence each, and a short title for lists.

reason-outside-strict-schedule = { $tried } is outside { $range }, the strict schedule of { $project }.
reason-parent-closed = The parent task “{ $parent }” is closed; reopen it first.
reason-parent-closed-by = The parent task “{ $parent }” was closed by { $person }; reopen it first.
reason-open-subtasks =
    { $count ->
        [one] { $count } subtask is still open.
       *[other] { $count } subtasks are still open.
    }
reason-due-before-start = { $tried } is before the start date of the task, { $start }.
reason-owner-not-in-project = { $person } is not a member of { $project }.
reason-owner-unknown = { $person } has no account on the other side.
reason-value-not-mapped = The value “{ $value }” has no partner on the other side.
reason-title-empty = A task needs a title.
reason-title-too-long = The title has { $length } characters; the other side takes at most { $max }.
reason-description-too-long = The description has { $length } characters; the other side takes at most { $max }.
reason-no-permission = The permission to change this record is missing.
reason-no-permission-person = { $person } may not change this record.
reason-validation-failed = { $service } answered: “{ $message }”
reason-record-gone = The record was deleted on the other side.
reason-project-closed = { $project } is closed or archived.
reason-conflict = Both sides changed this field.
reason-rate-limited = The other side takes no more calls for now; the change waits.
reason-unreachable = The other side cannot be reached; the change waits.
reason-auth-expired = The authorisation of the connection has expired; the change waits.
reason-deal-not-associated = { $project } is not associated with the deal { $deal }.
reason-client-not-mapped = No client company of { $project } is mapped to an account.
reason-already-linked = The task is linked already.
reason-already-mapped = It is mapped to { $partner } already.
reason-already-associated = { $project } is associated with this record already.
reason-ambiguous-name = Several have this name: { $candidates }.
reason-similar-name = Only a similar name was found: { $candidate }.
reason-no-match = No partner of this name was found.
reason-client-of-other-company = { $person } is a client user of { $company }.
reason-own-domain = { $person } is in the mail domain of the portal itself.
reason-is-client-user = { $person } is a client user; remove that user from the organisation first.
reason-inactive-in-crm = { $person } is inactive in the CRM.
reason-address-missing = { $person } has no mail address.
reason-dates-required = A strict project needs a start date and an end date.
reason-tasks-outside-schedule =
    { $count ->
        [one] { $count } task lies outside the schedule: { $tasks }.
       *[other] { $count } tasks lie outside the schedule: { $tasks }.
    }
reason-internal-error = Lockstep could not finish this; the log says why.

reason-title-outside-strict-schedule = Outside the strict schedule
reason-title-parent-closed = Parent task closed
reason-title-open-subtasks = Subtasks still open
reason-title-due-before-start = Before the start date
reason-title-owner-not-in-project = Owner is not a member
reason-title-owner-unknown = Owner is unknown there
reason-title-value-not-mapped = Value without a partner
reason-title-title-empty = Title missing
reason-title-title-too-long = Title too long
reason-title-description-too-long = Description too long
reason-title-no-permission = No permission
reason-title-validation-failed = Refused by the other side
reason-title-record-gone = Deleted on the other side
reason-title-project-closed = Project closed
reason-title-conflict = Changed on both sides
reason-title-rate-limited = Waiting for the call limit
reason-title-unreachable = Other side not reachable
reason-title-auth-expired = Authorisation expired
reason-title-deal-not-associated = Deal not associated
reason-title-client-not-mapped = Client company not mapped
reason-title-already-linked = Linked already
reason-title-already-mapped = Mapped already
reason-title-already-associated = Associated already
reason-title-ambiguous-name = Name not unique
reason-title-similar-name = Name only similar
reason-title-no-match = No match found
reason-title-client-of-other-company = Client user of another company
reason-title-own-domain = Address in the own mail domain
reason-title-is-client-user = Is a client user
reason-title-inactive-in-crm = Inactive in the CRM
reason-title-address-missing = Address missing
reason-title-dates-required = Dates missing
reason-title-tasks-outside-schedule = Tasks outside the schedule
reason-title-internal-error = Not finished
