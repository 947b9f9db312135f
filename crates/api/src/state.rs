//! What the routes work with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bridge::Bridge;
use identity::Identity;
use mail::Mail;
use ports::{Clock, Directory, Email, Ids, Moment};
use store::Db;
use tokio::sync::{Notify, watch};

use crate::code::Code;
use crate::contract::{Contract, ContractError};
use crate::failure::Failure;
use crate::pool::Pool;
use crate::press::Presses;

/// Requests of one person that are answered at once, waiting ones and streams included.
const AT_ONCE_MAX: usize = 256;

/// What the API is put together from.
pub struct ApiParts {
    /// The bridge.
    pub bridge: Bridge,
    /// People, sessions, tokens.
    pub identity: Identity,
    /// The outbox.
    pub mail: Mail,
    /// Names and languages of people.
    pub directory: Arc<dyn Directory>,
    /// The database, for kept answers and for the hint that something was committed.
    pub db: Db,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// The address by which people reach the program, for links in letters.
    pub public_url: String,
    /// Where blocking work runs.
    pub pool: Pool,
    /// Turns true when the program stops: whoever waits is answered at once, streams end.
    pub stopping: watch::Receiver<bool>,
}

/// The API. A clone is cheap and shares everything.
#[derive(Clone)]
pub struct Api {
    shared: Arc<Shared>,
}

struct Shared {
    parts: ApiParts,
    contract: Contract,
    presses: Presses,
    /// Told when a kept answer is there.
    pressed: Notify,
    /// Counts commits; waiting requests look again when it moves.
    commits: watch::Receiver<u64>,
    at_once: Mutex<HashMap<Email, usize>>,
}

/// One of the requests that a person may have running; given back when dropped.
pub(crate) struct Seat {
    api: Api,
    person: Email,
}

impl Api {
    /// The API over these parts.
    ///
    /// Errors: the description in the program cannot be read, which a test keeps from happening.
    pub fn new(parts: ApiParts) -> Result<Self, ContractError> {
        let contract = Contract::read()?;
        let presses = Presses::new(parts.db.clone(), parts.ids.next());
        let (tell, commits) = watch::channel(0_u64);
        // Only wakes others: sending to a watch never waits.
        parts.db.on_commit(Arc::new(move |_| tell.send_modify(|count| *count = count.wrapping_add(1))));
        let shared = Shared { parts, contract, presses, pressed: Notify::new(), commits, at_once: Mutex::default() };
        Ok(Self { shared: Arc::new(shared) })
    }

    pub(crate) fn bridge(&self) -> &Bridge {
        &self.shared.parts.bridge
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.shared.parts.identity
    }

    pub(crate) fn mail(&self) -> &Mail {
        &self.shared.parts.mail
    }

    pub(crate) fn directory(&self) -> &dyn Directory {
        self.shared.parts.directory.as_ref()
    }

    pub(crate) fn db(&self) -> &Db {
        &self.shared.parts.db
    }

    pub(crate) fn now(&self) -> Moment {
        self.shared.parts.clock.now()
    }

    pub(crate) fn next_id(&self) -> String {
        self.shared.parts.ids.next()
    }

    pub(crate) fn public_url(&self) -> &str {
        &self.shared.parts.public_url
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.shared.parts.pool
    }

    pub(crate) fn contract(&self) -> &Contract {
        &self.shared.contract
    }

    pub(crate) fn presses(&self) -> &Presses {
        &self.shared.presses
    }

    pub(crate) fn pressed(&self) -> &Notify {
        &self.shared.pressed
    }

    pub(crate) fn commits(&self) -> watch::Receiver<u64> {
        self.shared.commits.clone()
    }

    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.shared.parts.stopping.clone()
    }

    /// A seat for one more request of a person. Errors: too many at once.
    pub(crate) fn seat(&self, person: &Email) -> Result<Seat, Failure> {
        let mut at_once = self.shared.at_once.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = at_once.entry(person.clone()).or_default();
        if *taken >= AT_ONCE_MAX {
            return Err(Failure::retry_after(Code::TooManyRequests, 1));
        }
        *taken += 1;
        Ok(Seat { api: self.clone(), person: person.clone() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut at_once = self.api.shared.at_once.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = at_once.get_mut(&self.person) {
            *taken = taken.saturating_sub(1);
            if *taken == 0 {
                at_once.remove(&self.person);
            }
        }
    }
}
