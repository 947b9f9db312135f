//! Wakes the loops: a commit of interest, or the end of the program.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Counts what happened, so that nothing is missed between a look and the wait after it.
#[derive(Default)]
pub struct Wake {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default)]
struct State {
    events: u64,
    is_stopping: bool,
}

impl Wake {
    /// Something happened: whoever waits looks again.
    pub fn tell(&self) {
        let mut state = self.lock();
        state.events = state.events.wrapping_add(1);
        self.changed.notify_all();
    }

    /// The program ends: nobody waits any more.
    pub fn stop(&self) {
        self.lock().is_stopping = true;
        self.changed.notify_all();
    }

    /// Whether the program ends.
    pub fn is_stopping(&self) -> bool {
        self.lock().is_stopping
    }

    /// How many events there were; to be read before looking for work.
    pub fn seen(&self) -> u64 {
        self.lock().events
    }

    /// Waits until there is an event after `seen`, the program ends, or the time is over.
    pub fn wait(&self, seen: u64, longest: Duration) {
        let waiting = |state: &mut State| state.events == seen && !state.is_stopping;
        let guard = self.lock();
        drop(self.changed.wait_timeout_while(guard, longest, waiting).unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
