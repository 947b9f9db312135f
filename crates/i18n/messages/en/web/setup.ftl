# Pages of Setup: first start, sign-in, invitation, users, outbox.

## Sign-in
sign-in = Sign in
sign-in-to = Sign in to { $organisation }
sign-in-one-account = Projects and CRM, one account.
sign-in-email = E-mail
sign-in-password = Password
sign-in-stay = Stay signed in on this device for 30 days
sign-in-wrong = E-mail or password is wrong.
sign-in-demo = Demo accounts
sign-in-demo-or = or look around as
