//! A fair lock: whoever came first is next, so that a busy writer starves nobody.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Guards a value; waiting callers are served in the order in which they came.
pub(crate) struct Gate<T> {
    line: Mutex<Line>,
    turn: Condvar,
    value: Mutex<T>,
}

struct Line {
    next_ticket: u64,
    /// The holder in front, behind it who waits.
    tickets: VecDeque<u64>,
}

/// The right to the value, given back on drop.
pub(crate) struct Pass<'a, T> {
    gate: &'a Gate<T>,
    ticket: u64,
    value: Option<MutexGuard<'a, T>>,
}

impl<T> Gate<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            line: Mutex::new(Line { next_ticket: 0, tickets: VecDeque::new() }),
            turn: Condvar::new(),
            value: Mutex::new(value),
        }
    }

    /// Waits for its turn, at most `limit`; `None` if the turn did not come.
    pub(crate) fn enter(&self, limit: Duration) -> Option<Pass<'_, T>> {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = line.next_ticket;
        line.next_ticket += 1;
        line.tickets.push_back(ticket);
        let (mut line, _) = self
            .turn
            .wait_timeout_while(line, limit, |line| line.tickets.front() != Some(&ticket))
            .unwrap_or_else(PoisonError::into_inner);
        if line.tickets.front() == Some(&ticket) {
            drop(line);
            let value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
            return Some(Pass { gate: self, ticket, value: Some(value) });
        }
        line.tickets.retain(|waiting| *waiting != ticket);
        drop(line);
        self.turn.notify_all();
        None
    }
}

impl<T> Pass<'_, T> {
    /// How many stand behind the holder at this moment.
    pub(crate) fn waiting(&self) -> usize {
        let line = self.gate.line.lock().unwrap_or_else(PoisonError::into_inner);
        line.tickets.len().saturating_sub(1)
    }

    pub(crate) fn value(&mut self) -> Option<&mut T> {
        self.value.as_deref_mut()
    }
}

impl<T> Drop for Pass<'_, T> {
    fn drop(&mut self) {
        self.value = None;
        let mut line = self.gate.line.lock().unwrap_or_else(PoisonError::into_inner);
        line.tickets.retain(|waiting| *waiting != self.ticket);
        drop(line);
        self.gate.turn.notify_all();
    }
}
