//! Where blocking work runs: a bounded number of threads, so that a slow database never piles up requests without end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::code::Code;
use crate::failure::Failure;

/// How long a request waits for its turn before it is told to come again.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// Runs the blocking part of requests.
#[derive(Clone)]
pub enum Pool {
    /// On threads of the runtime, at most as many at once as there are seats. The seats may be shared with the pages.
    Threads(Arc<Semaphore>),
    /// In the caller's thread, for tests that step through one request after the other.
    Inline,
}

impl Pool {
    /// At most `seats` at once.
    #[must_use]
    pub fn threads(seats: usize) -> Self {
        Self::Threads(Arc::new(Semaphore::new(seats)))
    }

    /// Runs `work` to its end, also when the caller has gone meanwhile, and gives its result.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, Failure> + Send + 'static,
    {
        match self {
            Self::Inline => work(),
            Self::Threads(seats) => {
                let Ok(Ok(seat)) = timeout(WAIT_MAX, Arc::clone(seats).acquire_owned()).await else {
                    return Err(Failure::retry_after(Code::Unreachable, 5));
                };
                let done = spawn_blocking(move || {
                    let result = work();
                    drop(seat);
                    result
                });
                done.await.unwrap_or_else(|error| Err(Failure::internal(error)))
            }
        }
    }
}
