//! Where blocking work runs: a bounded number of threads, so that a slow database never piles up requests without end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// How long a request waits for its turn before the page says that the program is busy (44d).
const WAIT_MAX: Duration = Duration::from_secs(10);

/// Runs the blocking part of requests.
#[derive(Clone)]
pub enum Pool {
    /// On threads of the runtime, at most as many at once as there are seats.
    Threads(Arc<Semaphore>),
    /// In the caller's thread, for tests that step through one request after the other.
    Inline,
}

/// Why work was not done, or not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRun {
    /// No seat became free in time; nothing was begun.
    Busy,
    /// The work panicked.
    Panicked,
}

impl Pool {
    /// At most `seats` at once.
    #[must_use]
    pub fn threads(seats: usize) -> Self {
        Self::Threads(Arc::new(Semaphore::new(seats)))
    }

    /// Runs `work` to its end and gives its result.
    pub async fn run<T, F>(&self, work: F) -> Result<T, NotRun>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        match self {
            Self::Inline => Ok(work()),
            Self::Threads(seats) => {
                let seat = match timeout(WAIT_MAX, Arc::clone(seats).acquire_owned()).await {
                    Ok(Ok(seat)) => seat,
                    Ok(Err(_)) | Err(_) => return Err(NotRun::Busy),
                };
                // The seat is given back by the thread, also when the browser has gone in the meantime.
                let done = spawn_blocking(move || {
                    let result = work();
                    drop(seat);
                    result
                });
                done.await.map_err(|_| NotRun::Panicked)
            }
        }
    }
}
