//! Room `mail`: the outbox, what letters say, and their delivery.
//!
//! A letter is put into the outbox in the transaction of the decision that sends it, as typed facts in no language.
//! It gets its words when it is delivered or read, in the language of the recipient's account.

mod document;
mod error;
pub mod letter;
mod outbox;

use std::sync::Arc;

pub use error::MailError;
pub use letter::{Letter, LetterCode, NewLetter};
pub use outbox::{QUEUE, enqueue};
use ports::{Clock, Ids};
use store::{Db, Migrations};

/// The tables of this room.
pub const MIGRATIONS: Migrations =
    Migrations { prefix: "mail", files: &[(1, "outbox", include_str!("../migrations/001_outbox.sql"))] };

/// The outbox. Cheap to clone.
#[derive(Clone)]
pub struct Mail {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
}

impl Mail {
    /// The outbox of a database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { db, clock, ids }
    }
}
