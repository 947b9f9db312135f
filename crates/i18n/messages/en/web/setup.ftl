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
invitation-expired = It was valid for 14 days, until { $date }. No account was made. Your place is kept.
invitation-again-title = { $name } can send it again
invitation-again-text = You get a new mail then. Only its link works.
invitation-write-to = Write to { $name }
invitation-have-account = I have an account: sign in
invitation-ended-foot = An invitation works once and ends after 14 days.

## Own settings
account-title = Your account
account-name = Name
account-language-hint = Pages and mails come in this language.
account-zone-hint = Times are shown in this zone, and a task is late by your day.
account-saved = Your settings are saved.
