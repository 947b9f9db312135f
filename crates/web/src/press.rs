//! One press, one effect: a form sent twice is answered twice with what the first one led to.
//!
//! This covers the double click and the button pressed again after a lost answer, in this process. Work of several
//! steps (a hand-off) keeps its token in the database besides.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// How long a second press waits for what the first one leads to.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// So many presses are remembered; older ones are forgotten.
const REMEMBERED_MAX: usize = 10_000;

/// The presses of late. Cloning gives the same memory.
#[derive(Clone, Default)]
pub struct Presses {
    memory: Arc<Mutex<Memory>>,
    /// Told when a press has ended.
    ended: Arc<Notify>,
}

#[derive(Default)]
struct Memory {
    states: HashMap<String, State>,
    order: VecDeque<String>,
}

#[derive(Clone)]
enum State {
    Running,
    Done(String),
}

/// What a press is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// The first with its token: go on, then call [`Presses::done`] or [`Presses::free`].
    First,
    /// The first one is still running.
    Running,
    /// The first one led here.
    Done(String),
}

impl Presses {
    /// Claims a token; `key` names person and token.
    pub fn claim(&self, key: &str) -> Press {
        let mut memory = self.memory();
        match memory.states.get(key) {
            Some(State::Running) => return Press::Running,
            Some(State::Done(address)) => return Press::Done(address.clone()),
            None => {}
        }
        if memory.order.len() >= REMEMBERED_MAX
            && let Some(oldest) = memory.order.pop_front()
        {
            memory.states.remove(&oldest);
        }
        memory.states.insert(key.to_owned(), State::Running);
        memory.order.push_back(key.to_owned());
        Press::First
    }

    /// Waits until no press with this token is running, half a minute at most. Holds no thread.
    pub async fn ended(&self, key: &str) {
        let waited = timeout(WAIT_MAX, async {
            loop {
                let told = self.ended.notified();
                if !matches!(self.memory().states.get(key), Some(State::Running)) {
                    return;
                }
                told.await;
            }
        });
        if waited.await.is_err() {
            tracing::warn!("a form was sent twice, and the first one has run for half a minute");
        }
    }

    /// The press led to `address`.
    pub fn done(&self, key: &str, address: &str) {
        if let Some(state) = self.memory().states.get_mut(key) {
            *state = State::Done(address.to_owned());
        }
        self.ended.notify_waiters();
    }

    /// The press had no effect: it may be made again.
    pub fn free(&self, key: &str) {
        let mut memory = self.memory();
        memory.states.remove(key);
        memory.order.retain(|own| own != key);
        drop(memory);
        self.ended.notify_waiters();
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Press, Presses};

    #[test]
    fn second_press_leads_to_where_the_first_led() {
        let presses = Presses::default();
        assert_eq!(presses.claim("a"), Press::First);
        assert_eq!(presses.claim("a"), Press::Running);
        presses.done("a", "/crm/deals/1");
        assert_eq!(presses.claim("a"), Press::Done("/crm/deals/1".into()));
        assert_eq!(presses.claim("b"), Press::First);
        presses.free("b");
        assert_eq!(presses.claim("b"), Press::First);
    }
}
