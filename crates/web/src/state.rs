//! What every page has at hand: services, clock, ids, pool, live changes.

use std::ops::Deref;
use std::sync::Arc;

use bridge::Bridge;
use crm::Crm;
use i18n::Language;
use identity::first_start::{FirstStart, Founded};
use identity::{Identity, IdentityError};
use mail::Mail;
use ports::{Clock, Directory, Email, Ids};
use projects::Projects;

use crate::live::Hub;
use crate::pool::Pool;
use crate::press::Presses;

/// The state of the router. Cloning is cheap and gives the same state.
#[derive(Clone)]
pub struct Web {
    parts: Arc<Parts>,
}

/// See [`Parts::found`].
pub type Found = dyn Fn(&FirstStart, &str) -> Result<Founded, IdentityError> + Send + Sync;

/// What [`Web`] is put together from, in `wiring.rs` and in tests.
pub struct Parts {
    /// People, sessions, invitations.
    pub identity: Identity,
    /// The CRM app.
    pub crm: Crm,
    /// The Projects app.
    pub projects: Projects,
    /// Links, hand-offs, mappings, history.
    pub bridge: Bridge,
    /// The outbox.
    pub mail: Mail,
    /// Looks people up.
    pub directory: Arc<dyn Directory>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes press tokens and reference numbers.
    pub ids: Arc<dyn Ids>,
    /// Where blocking work runs.
    pub pool: Pool,
    /// Changes that open pages hear of.
    pub hub: Hub,
    /// Presses of late.
    pub presses: Presses,
    /// The address under which people open the program, without a slash at its end.
    pub public_url: String,
    /// Accounts with a button on the sign-in page, in that order; empty without `--demo`.
    pub demo_accounts: Vec<Email>,
    /// Makes organisation, portal, administrator and connection at the first start, in one transaction over the rooms.
    /// The text is the network address of who asks.
    pub found: Arc<Found>,
    /// Language of pages before sign-in where the browser has no wish that is offered.
    pub language: Language,
}

impl Web {
    /// Puts the state together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// The host people type, for the foot of the sign-in page.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.public_url.split_once("://").map_or(self.public_url.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// Whether the program is opened by https, so that cookies are marked as secure.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl Deref for Web {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}
