//! What can go wrong with letters.

use ports::Reason;
use store::StoreError;

/// An error of this room.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The database failed; nothing was saved.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such letter, or not for this person.
    #[error("the letter is not there")]
    NotFound,
    /// A rule says no.
    #[error("refused: {}", .0.code())]
    Refused(Reason),
    /// A stored letter cannot be read.
    #[error("the stored letter {letter} cannot be read: {cause}")]
    Document {
        /// The letter's id.
        letter: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A letter could not be brought into its form.
    #[error("the letter cannot be written: {0}")]
    Form(String),
    /// The address of the mail server is not one.
    #[error("the address of the mail server is wrong: {0}")]
    ServerAddress(String),
}
