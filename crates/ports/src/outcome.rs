//! What becomes of a write: done, refused, overtaken, waiting, or not known.

use crate::answer::Version;
use crate::reason::Reason;
use crate::value::Moment;

/// The answer to one write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<Id> {
    /// It is done; the record and its version afterwards.
    Done {
        /// The record written or made.
        id: Id,
        /// Its version after the write.
        version: Version,
    },
    /// A rule of the side says no.
    Refused(Reason),
    /// The record has moved since it was read; read again and decide anew.
    Stale,
    /// The record is not there any more.
    Gone,
    /// Not now; try again as told.
    Later(Wait),
    /// Sent, and no answer came: it may have happened or may happen yet.
    Unknown,
}

/// Why something waits. Waiting is not refusal: nobody is mailed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The side's quota is used up until then.
    RateLimited {
        /// When it is worth trying again.
        until: Moment,
    },
    /// The side cannot be reached.
    Unreachable,
    /// The authorisation has expired.
    AuthExpired,
}

/// A failure of a whole call; nothing is known about its parts unless said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SideError {
    /// The side cannot be reached.
    #[error("the side cannot be reached: {0}")]
    Unreachable(String),
    /// The side's quota is used up.
    #[error("the side's quota is used up until {until}")]
    RateLimited {
        /// When it is worth trying again.
        until: Moment,
    },
    /// The authorisation has expired.
    #[error("the authorisation has expired")]
    AuthExpired,
    /// The side answered something that cannot be understood, or failed inside.
    #[error("the side failed: {0}")]
    Failed(String),
}

impl SideError {
    /// The waiting state that this failure means.
    pub fn wait(&self) -> Wait {
        match self {
            Self::Unreachable(_) | Self::Failed(_) => Wait::Unreachable,
            Self::RateLimited { until } => Wait::RateLimited { until: *until },
            Self::AuthExpired => Wait::AuthExpired,
        }
    }
}
