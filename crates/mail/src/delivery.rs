//! Handing letters over: to a mail server, or into a folder.

mod directory;
mod smtp;

pub use directory::MailFolder;
pub use smtp::MailServer;

use crate::eml::Outgoing;

/// What became of a letter that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// The server took it; its words.
    Sent(String),
    /// It lies in a file; its name.
    Written(String),
    /// It was certainly not taken: try again later.
    Later(String),
    /// Whether it was taken is not known: never try again (MAIL-4).
    InDoubt(String),
    /// It will never be taken, such as for an address that does not exist.
    Refused(String),
}

/// A way by which letters leave.
pub trait Delivery: Send + Sync {
    /// Hands one letter over and waits for the answer, a minute at most.
    fn hand_over(&self, letter: &Outgoing) -> Handed;
}
