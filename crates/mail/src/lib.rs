//! Room `mail`: the outbox, what letters say, and their delivery.
//!
//! A letter is put into the outbox in the transaction of the decision that sends it, as typed facts in no language.
//! It gets its words when it is delivered or read, in the language of the recipient's account.

mod compose;
pub mod content;
mod deliver;
pub mod delivery;
mod document;
mod eml;
mod error;
pub mod letter;
mod outbox;
mod reading;
mod render;

use std::sync::Arc;

pub use deliver::{LetterState, Step};
pub use delivery::{Delivery, Handed, MailFolder, MailServer};
pub use eml::Outgoing;
pub use error::MailError;
pub use letter::{Letter, LetterCode, NewLetter};
pub use outbox::{QUEUE, enqueue};
use ports::Clock;
pub use reading::{LetterCard, LetterPage, LetterQuery, LetterView};
use store::{Db, Migrations};

/// The tables of this room.
pub const MIGRATIONS: Migrations =
    Migrations { prefix: "mail", files: &[(1, "outbox", include_str!("../migrations/001_outbox.sql"))] };

/// The outbox. Cheap to clone.
#[derive(Clone)]
pub struct Mail {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Mail {
    /// The outbox of a database.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }
}
