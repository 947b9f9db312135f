# Pages of Setup: first start, sign-in, invitation, users, outbox.
