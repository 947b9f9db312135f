//! Signing in with a password.

use ports::{Email, Moment};
use tracing::warn;

use crate::account::{self, AccountCard};
use crate::error::IdentityError;
use crate::secret::Secret;
use crate::throttle::{self, Kind};
use crate::{Identity, password};

impl Identity {
    /// The account of an address and its password.
    ///
    /// `WrongCredentials` says neither which of the two was wrong nor whether there is such an account, and takes as
    /// long in every case. `from` is the network address of who asks.
    ///
    /// Errors: [`IdentityError::TooManyTries`], [`IdentityError::WrongCredentials`], [`IdentityError::Busy`].
    pub fn sign_in(&self, email: &str, password: &Secret, from: &str) -> Result<AccountCard, IdentityError> {
        let now = self.clock.now();
        let Ok(email) = Email::parse(email) else {
            self.count_try(&email.trim().to_lowercase(), from, now)?;
            self.passwords.fits(password, None)?;
            return Err(IdentityError::WrongCredentials);
        };
        self.count_try(email.as_str(), from, now)?;
        let found = self.db.read(|read| account::with_password(read, &email))?;
        let kept = found.as_ref().and_then(|(_, kept)| kept.as_deref());
        let fits = self.passwords.fits(password, kept)?;
        match found {
            Some((card, _)) if fits && card.is_active => {
                self.admit(&card, from, now)?;
                Ok(card)
            }
            Some(_) | None => Err(IdentityError::WrongCredentials),
        }
    }

    /// Signs a person in without a password: the buttons of the demo, and who has just accepted an invitation.
    pub fn admit(&self, card: &AccountCard, from: &str, now: Moment) -> Result<(), IdentityError> {
        self.db.write(|tx| {
            throttle::succeed(tx, Kind::Account, card.email.as_str())?;
            throttle::succeed(tx, Kind::Address, from)?;
            account::signed_in(tx, &card.id, now)
        })
    }

    /// Sets a password, ending all sessions of the account. The rules for passwords are not asked: demo, tests,
    /// command line.
    pub fn set_password(&self, email: &Email, password: &Secret) -> Result<(), IdentityError> {
        let hash = self.passwords.hash(password, self.entropy.as_ref())?;
        self.db.write(|tx| {
            let card = account::by_email(tx, email)?.ok_or(IdentityError::NotFound)?;
            account::set_password(tx, &card.id, &hash)
        })
    }

    /// Throws away counts of failed tries that are old.
    pub fn forget_tries(&self, now: Moment) -> Result<(), IdentityError> {
        self.db.write(|tx| throttle::forget(tx, now))
    }

    pub(crate) fn count_try(&self, account: &str, from: &str, now: Moment) -> Result<(), IdentityError> {
        let account: String = account.chars().take(254).collect();
        let counted = self.db.write(|tx| {
            throttle::count(tx, Kind::Account, &account, now)?;
            throttle::count(tx, Kind::Address, from, now)
        });
        if let Err(IdentityError::TooManyTries { until }) = &counted {
            warn!(from, %until, "too many tries failed, the next from {from} counts at {until}");
        }
        counted
    }

    /// The hash of a password that was chosen just now; `Invalid` names the field `password`.
    pub(crate) fn hash_of_new(&self, password: &Secret) -> Result<String, IdentityError> {
        password::check(password).map_err(|code| IdentityError::field("password", code))?;
        self.passwords.hash(password, self.entropy.as_ref())
    }
}
