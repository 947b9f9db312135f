# "Why?": why a link is as it is.

why-title-in-step = Why is { $name } in step?
why-title-not-in-step = Why is { $name } not in step?
why-title-moving = Why is { $name } still on its way?
why-title-broken = Why is the link of { $name } broken?
why-title-paused = Why is the link of { $name } paused?
why-title-unlinked = Why is { $name } not linked any more?
why-open-projects = Open { $key }
why-open-crm = Open in CRM

## The state in a sentence
why-all-in-step = Both sides agree
why-all-in-step-text = All six fields have the same value in CRM and in Projects.
why-differs =
    { $count ->
        [one] One of six fields differs
       *[other] { $count } of six fields differ
    }
why-one-differs = { $field }: CRM says { $crm }, Projects says { $projects }.
why-several-text = The table shows which ones, and who changed them last.
why-out-of-step = This link is out of step
why-moving =
    { $count ->
        [one] One change is on its way
       *[other] { $count } changes are on their way
    }
why-moving-text = It is carried over by itself. Nothing is lost.
why-paused = Nothing is carried over while the link is paused
why-paused-text = Both tasks can be changed. They meet again when the link goes on.
why-unlinked = The two tasks are not linked any more
why-unlinked-text = Both are still there, and so is their history. Neither follows the other.
why-broken = The task in { $side } was deleted
why-broken-at = The task in { $side } was deleted, { $at }
why-broken-by = { $by } deleted the task in { $side }, { $at }
why-broken-by-whom = { $by } deleted the task in { $side }
why-broken-text = Nothing was deleted on the other side, and nothing is carried over any more. Unlink the tasks to end the link.

## To know beside it
why-read-failed = One side could not be read. Its values are those last seen
why-owner-title = The owner in Projects is nobody in CRM
why-client-unmapped = No client company of { $project } is mapped any more
why-client-unmapped-text = This task stays in step. Other tasks of the project cannot be added to CRM.
why-again-title = The CRM did not take this task
why-again-text = It was to be added again. Nothing was linked.
why-choose-other = Choose another value
why-what-waits = What waits
why-waits = { $field }, since { $since }
why-waits-next = { $field }, since { $since }. Next try at { $next }.
why-comments-wait =
    { $count ->
        [one] One comment
       *[other] { $count } comments
    }

## The six fields
why-fields = The six fields
why-read-from-both = read from both sides
why-field = Field
why-agreed = Last agreed
why-last-change = Last change
why-state = State
why-same = same
why-never-seen = not read yet
why-since-linking = As when it was linked
why-not-representable = Not shown in CRM
why-not-synced = Not carried over

## History, link, rules
why-history = History
why-everything = Everything
why-about-link = About this link
why-this-link = This link
why-under-lead = Task of a lead
why-under-account = Task of an account
why-under-contact = Task of a contact
why-under-deal = Task of a deal
why-fact-since = Since
why-fact-linked = Linked
why-linked-by = { $at } by { $by }
why-fact-waiting = Waiting
why-fact-comments = Comments copied
why-nothing = nothing
why-rules = Rules that apply
why-rule-strict = { $project } is strict: { $range } allowed, both days included
why-rule-latest = Both sides change one field: the later one wins, the other is kept in the history
why-rule-set-back = After a refusal the agreed value is set back
why-more = More
why-unlink-note = Unlinking deletes nothing. The history stays.
why-unlink-text = { $name } and its task in CRM both stay as they are. From now on neither follows the other.
why-said-unlinked = The two tasks are unlinked. Both are still there.
why-said-unlinked-before = The two tasks were unlinked already.
