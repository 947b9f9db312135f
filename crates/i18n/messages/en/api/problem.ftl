# Problems of the own API that lie in the request itself: a title that is the same for every occurrence, and a sentence.

api-invalid-request-title = The request is not understood
api-invalid-request = Something in the address, a header or the body is not as the description of this API says; “errors” names it.
api-invalid-value-title = Some values cannot be accepted
api-invalid-value = Nothing was changed. “errors” names each value and what is wrong with it.
api-token-invalid-title = The access token is not valid
api-token-invalid = Send a token of the token endpoint in the header Authorization, or sign in.
api-scope-missing-title = The token lacks a scope
api-scope-missing = This call needs the scope { $scope }.
api-csrf-failed-title = The request does not come from a page of this server
api-csrf-failed = Calls that change something need the header X-CSRF-Token of the session; load the page again.
api-not-found-title = Not found
api-not-found = It is not there, or not visible to you.
api-not-acceptable-title = This form is not available
api-not-acceptable = The header Accept asks for a form in which this answer is not given.
api-method-not-allowed-title = This address does not take this method
api-method-not-allowed = The header Allow names the methods that it takes.
api-wrong-state-title = This does not fit the present state
api-wrong-state = Nothing was changed. Read it again and decide anew.
api-changed-since-title = Changed since it was looked at
api-changed-since = The facts have moved since the dry run that gave this basis. Nothing was changed; make the dry run again.
api-version-changed-title = Changed since it was read
api-version-changed = Somebody else changed it since it was read. Nothing was overwritten; the present ETag is in the answer.
api-if-match-required-title = If-Match is missing
api-if-match-required = Send the ETag that was read as If-Match, so that nobody’s change is overwritten.
api-idempotency-key-missing-title = Idempotency-Key is missing
api-idempotency-key-missing = Send one key for each press of a button, 8 to 128 characters; a repeated request with the same key has one effect.
api-idempotency-key-reused-title = The Idempotency-Key was used for something else
api-idempotency-key-reused = The same key came with another request before. Nothing was changed; take a new key.
api-idempotency-in-progress-title = The same request is still running
api-idempotency-in-progress = Ask again with the same key; the answer will be that of the first request.
api-too-large-title = The body is too large
api-too-large = A body may have 4 MB at most.
api-unsupported-media-type-title = This form of body is not taken
api-unsupported-media-type = Bodies are JSON: send the header Content-Type with application/json.
api-too-many-requests-title = Too many requests at once
api-too-many-requests = Wait for answers before asking further.
api-storage-full-title = The disk is full
api-storage-full = No room is left for the database. Nothing was changed; free space on its disk.
api-unreachable-title = Something that is needed does not answer
api-unreachable = Nothing was changed. Try again in a moment.
api-internal-error-title = Something failed inside
api-internal-error = The log tells the cause under the number of this request.

api-fault-unknown = There is nothing of this name here.
api-fault-required = This is needed.
api-fault-repeated = This may stand only once.
api-fault-wrong-type = The type must be { $expected }.
api-fault-not-offered = This value is not one of those offered.
api-fault-malformed = This does not have the form that is expected.
api-fault-too-long =
    { $max ->
        [one] At most { $max } character is taken.
       *[other] At most { $max } characters are taken.
    }
api-fault-too-short =
    { $min ->
        [one] At least { $min } character is needed.
       *[other] At least { $min } characters are needed.
    }
api-fault-too-many =
    { $max ->
        [one] At most { $max } entry is taken.
       *[other] At most { $max } entries are taken.
    }
api-fault-too-few =
    { $min ->
        [one] At least { $min } entry is needed.
       *[other] At least { $min } entries are needed.
    }
api-fault-out-of-range = The number lies outside { $range }.
api-fault-not-unique = The same entry stands here twice.
api-fault-not-json = The body is not JSON, at line { $line }, column { $column }.
api-fault-expired = This position is too old; start the list again.
api-fault-other-list = This position belongs to another list, other filters or another person.
api-fault-not-a-user = There is no active user with this address.
api-fault-end-before-start = The end lies before the start.
