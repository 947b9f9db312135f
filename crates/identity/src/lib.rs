//! Room `identity`: who is who and who may in. Organisations and portals, accounts, sign-in, sessions, invitations,
//! tokens of programs. What a person may do inside an app is decided there.
//!
//! Everything blocks but the few functions of [`session`] that routers await.

pub mod account;
pub mod csrf;
mod error;
pub mod first_start;
pub mod invitation;
pub mod oauth;
pub mod password;
pub mod scope;
mod secret;
pub mod session;
mod sign_in;
pub mod tenant;
mod throttle;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use account::{AccountCard, AccountChange, AccountSeed};
pub use error::{FieldError, IdentityError};
pub use oauth::Caller;
use ports::{Clock, Email, Entropy, IdentityId, Ids};
pub use scope::{Operation, Scopes};
pub use secret::Secret;
pub use session::SignedIn;
use store::{Db, Migrations};
pub use tenant::{NewTenant, TenantCard};

/// The tables of this room.
pub const MIGRATIONS: Migrations =
    Migrations { prefix: "identity", files: &[(1, "people", include_str!("../migrations/001_people.sql"))] };

/// The service of this room. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    entropy: Arc<dyn Entropy>,
    passwords: Arc<password::Passwords>,
}

impl Identity {
    /// The people of a database.
    ///
    /// Errors: `Internal` if no password can be hashed on this machine.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, IdentityError> {
        let passwords = Arc::new(password::Passwords::new(entropy.as_ref())?);
        Ok(Self { db, clock, ids, entropy, passwords })
    }

    /// The accounts of several addresses; those without one are left out.
    pub fn accounts(&self, emails: &[Email]) -> Result<BTreeMap<Email, AccountCard>, IdentityError> {
        self.db.read(|read| account::cards(read, emails))
    }

    /// Changes name, language or time zone of a person, who does it herself.
    pub fn change_account(&self, id: &IdentityId, change: &AccountChange) -> Result<AccountCard, IdentityError> {
        self.db.write(|tx| account::change(tx, id, change))
    }

    /// The names of several addresses; an address without an account stands for itself.
    pub fn names(
        &self,
        emails: &[ports::Email],
    ) -> Result<std::collections::BTreeMap<ports::Email, String>, IdentityError> {
        self.db.read(|read| account::names(read, emails))
    }

    /// The account of an address.
    pub fn account(&self, email: &Email) -> Result<Option<AccountCard>, IdentityError> {
        self.db.read(|read| account::by_email(read, email))
    }
}
