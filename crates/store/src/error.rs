//! What can go wrong with the database, sorted by what the caller does next.

/// An error of the database. Nothing of the transaction in which it happened was saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else held the database for too long: try again later.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The disk, or the size allowed for the database, is full.
    #[error("no room is left for the database, nothing of this change was saved; free space on its disk ({0})")]
    Full(String),
    /// The server or the file cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The data were written by a newer program which older ones may not follow.
    #[error(
        "the data were written by a newer version of Lockstep ({room} is at step {stored}, this program knows {known}): \
         start the newer program, or restore the backup made before the upgrade"
    )]
    NewerSchema {
        /// The room whose tables are newer.
        room: String,
        /// The lowest step of that room that a program must know.
        stored: i64,
        /// The highest step this program knows.
        known: i64,
    },
    /// A migration that has run is not the text this program has under its number.
    #[error(
        "migration {version} ({name}) of {room} differs from the one that made this database: \
         use the program that made it, or a new data folder"
    )]
    ChangedMigration {
        /// The room it belongs to.
        room: String,
        /// Its number.
        version: i64,
        /// Its name.
        name: String,
    },
    /// A value that must be there once is there already; `what` names constraint or columns as the engine does.
    #[error("a value that must be unique exists already: {what}")]
    Conflict {
        /// Constraint (PostgreSQL) or columns (SQLite).
        what: String,
    },
    /// The file is damaged or no database.
    #[error("the database is damaged: {0}; restore a backup")]
    Corrupt(String),
    /// `read` or `write` was called inside `read` or `write` of the same database and thread.
    #[error("a transaction was opened inside a transaction of the same database")]
    NestedCall,
    /// A mistake in a statement or in the use of this room.
    #[error("{0}")]
    Other(String),
}
