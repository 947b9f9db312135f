# Sync activity, and the history of changes as lines.

act-live = Live
act-waits = Waiting
act-in-step = In step
act-in-step-of = { $same } of { $all }
act-moving = On their way
act-not-applied = Not applied
act-broken = Broken links
act-cases = Not applied
act-cases-all = All that was not applied
act-latest = Latest changes
act-filter = Filter
act-all-outcomes = All outcomes
act-from-crm = From CRM
act-from-projects = From Projects
act-mine = Made by me
act-none = Nothing has been carried over yet. Changes of linked tasks appear here.
act-none-found = No entry fits this filter.
act-key-and-title = { $key } { $title }
act-state-of-bridge = State of the bridge
act-on-their-way = On their way
act-queue =
    { $waiting ->
        [0] { $flight } being worked on.
        [one] One change waits, { $flight } being worked on.
       *[other] { $waiting } changes wait, { $flight } being worked on.
    }
act-queue-empty = Nothing waits.
act-queue-note = Each task keeps its own order. A stuck one never holds up the others.
act-oldest = Oldest
act-sides = Connected sides
act-side-projects = Built-in Projects
act-side-crm = Built-in CRM
act-answers = answers
act-since = since { $at }
act-unreachable = { $side } cannot be reached
act-auth-expired = The authorisation of { $side } has expired
act-rate-limited = { $side } takes no more calls for now
act-waiting-since = Changes have been waiting since { $at }. Nothing is lost.
act-waiting-safe = Changes wait on disk. Nothing is lost.

## Entries of the history
story-task = Task
story-comment = Comment
story-open = Open
story-closed = Closed
story-applied = { $field } applied
story-refused = { $field } not applied
story-reverted = { $field } set back
story-held = { $field } not applied, kept on one side
story-skipped = { $field } left out
story-overruled = { $field }: the other side’s change came later
story-comment-copied = Comment by { $author } copied
story-comment-not-copied = Comment by { $author } not copied
story-created = Task created on the other side
story-not-created = Task not created on the other side
story-deleted = Task deleted in { $side }
story-gone = Task deleted on one side
story-linked = Linked
story-unlinked = Unlinked
story-mapped = { $company } mapped
story-unmapped = { $company } unmapped
story-associated = Project associated with { $record }
story-dissociated = Project no longer associated with { $record }
story-handed-off = Project created from { $record }
story-by-in = { $person }, in { $side }
story-in = In { $side }
story-owner-note = { $owner } has no CRM account, so the CRM keeps its own owner.
story-out-applied = Applied
story-out-done = Done
story-out-after = { $seconds } s
story-out-refused = Not applied
story-out-reverted = Set back
story-out-held = Held
story-out-skipped = Left out

## A refused change
story-asked-by = { $person } asked for it in { $side }.
story-asked = It was asked for in { $side }.
story-now-set-back = { $side } was set back to { $value }.
story-now-set-back-text = { $side } was set back to the text both sides had.
story-now-held = { $side } keeps the new value until somebody decides.
