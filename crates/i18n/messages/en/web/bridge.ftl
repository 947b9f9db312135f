# Account mapping: which client company and which account are one customer.

map-about = A client company and its CRM account belong together. Only then can tasks of its projects go to CRM.
map-company = Client company
map-account = Account
map-last-run = Last run { $at }
map-search = Company or account
map-tab-open = Needs a look
map-tab-mapped = Mapped
map-tab-all = All
map-tab-history = History
map-map = Map
map-unmap = Unmap
map-not-the-same = Not the same
map-denied-title = Account mapping is for portal administrators
map-denied-text = Nothing was changed. These people can do it: { $people }.

## What a run would do
map-preview-title =
    { $count ->
        [one] One pair has the same name on both sides
       *[other] { $count } pairs have the same name on both sides
    }
map-preview-names = { $names }.
map-preview-more =
    { $more ->
        [one] { $names } and one more.
       *[other] { $names } and { $more } more.
    }
map-preview-text = First you see what would be mapped. No record is changed or created.
map-matching-ones = Map the matching ones
map-dry-title = Preview of the mapping
map-dry-note = Nothing has been mapped yet. You can run it again at any time.
map-dry-maps = Would be mapped
map-go =
    { $count ->
        [one] Map this one
       *[other] Map these { $count }
    }
map-not-now = Not now
map-nothing-yet = Only pairs with the same, unique name are mapped.
map-run-title = Mapping run
map-run-note = Started by { $by }, { $at }.
map-run-mapped = Mapped
map-run-unmapped = Not mapped
map-run-empty = No client company was left to map.
map-run-running = The run is working
map-run-progress = { $done } of { $total } client companies are done.
map-run-look-again = Look again
map-run-failed = The run has failed. Nothing of it is left.
map-run-result =
    { $mapped ->
        [one] One pair mapped, { $open } not mapped
       *[other] { $mapped } pairs mapped, { $open } not mapped
    }
map-result = Result
map-row-would-map = Would be mapped
map-row-mapped = Mapped
map-row-unmapped = Unmapped
map-row-left = Left alone
map-read-letter = Read the letter
map-back = Back to the mapping
map-said-run =
    { $count ->
        [0] No pair was mapped.
        [one] One pair was mapped. A letter has the list.
       *[other] { $count } pairs were mapped. A letter has the list.
    }
map-said-running = The run is working. A letter tells when it has finished.
map-said-changed = The names have changed since the preview, so nothing was mapped. This is the new preview.

## Rows
map-exact = Same name, not mapped yet
map-exact-hint = Equal name, once on each side
map-ambiguous = More than one candidate
map-ambiguous-hint = Never mapped without your choice
map-similar = Similar name
map-similar-hint = Differs in case, spaces or width of letters
map-no-match = No match
map-no-match-hint = No free account has this name
map-different = Not the same
map-different-hint = Somebody said that the candidates are others
map-mapped = Mapped
map-mapped-hint = Renaming one side keeps the pair
map-alone = Accounts without a client company
map-alone-hint = Nothing with this name in Projects
map-no-account = No account
map-no-company = No client company
map-name-twice = Another client company has this name. Is it this account?
map-which-one =
    { $count ->
        [one] One account has this name. Is it this one?
       *[other] { $count } accounts have this name. Which one?
    }
map-said-no = You can still choose an account yourself
map-names-differ = Names differ
map-projects =
    { $count ->
        [one] 1 project
       *[other] { $count } projects
    }
map-no-project = no project yet
map-mapped-by = { $by } · { $origin } · { $when }
map-mapped-at = { $origin } · { $when }
map-origin-run = by a run
map-origin-hand = by hand
map-origin-picker = when adding to CRM
map-origin-hand-off = with a hand-off
map-none-open = Every client company has its account.
map-none-mapped = No client company has an account yet.
map-none-at-all = There are no client companies and no accounts yet.
map-none-found = Nothing has this name.
map-see-mapped = Show the mapped ones
map-see-open = See what needs a look

## Changing a pair
map-choose-account = Choose the account of { $company }
map-choose-company = Choose the client company of { $account }
map-search-account = Search an account
map-search-company = Search a client company
map-choose-one = Choose one of them.
map-choose-note = The names need not be equal.
map-offered = { $shown } of { $total } shown. Search for the others.
map-not-mapped = This pair was not mapped
map-said-mapped = The pair is mapped.
map-said-different = They are not suggested again.
map-said-unmapped = { $company } has no account any more.
map-unmap-title = Unmap this pair?
map-unmap-what = { $company } in Projects and { $account } in CRM will no longer be one customer.
map-unmap-text = Linked tasks stay in step. New tasks can no longer be added to this account, and associations through the mapping end.

## History
map-history-title = History of the mapping
map-runs = Runs
map-events = Mapped and unmapped
map-no-events = Nothing has been mapped or unmapped yet.
map-event = What
map-how = How
map-who = Who
map-when = When
