//! Slows down who guesses: tries that failed are counted per account and per address, in the database.

use ports::Moment;
use store::{LockKey, Read, Sql, Tx};

use crate::error::IdentityError;

/// What is being guessed at, or from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One account, whether it exists or not.
    Account,
    /// One network address.
    Address,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Address => "address",
        }
    }

    /// Tries that may fail before the first wait.
    fn free(self) -> i64 {
        match self {
            Self::Account => 5,
            Self::Address => 30,
        }
    }
}

/// Failures this long ago count no more.
const MEMORY_MS: i64 = 60 * 60_000;
const FIRST_WAIT_MS: i64 = 30_000;
const WAIT_MAX_MS: i64 = 15 * 60_000;

const READ: Sql = Sql::new("select failures, last_at from identity_throttle where kind = $1 and subject = $2");
const WRITE: Sql = Sql::new(
    "insert into identity_throttle (kind, subject, failures, last_at) values ($1, $2, $3, $4) \
     on conflict (kind, subject) do update set failures = excluded.failures, last_at = excluded.last_at",
);
const CLEAR: Sql = Sql::new("delete from identity_throttle where kind = $1 and subject = $2");
const TAKE_BACK: Sql =
    Sql::new("update identity_throttle set failures = failures - 1 where kind = $1 and subject = $2 and failures > 0");
const FORGET: Sql = Sql::new("delete from identity_throttle where last_at <= $1");

/// Counts a try as failed before it is made, so that many at once count as many. `TooManyTries`: it may not be made.
pub(crate) fn count(tx: &mut Tx<'_>, kind: Kind, subject: &str, now: Moment) -> Result<(), IdentityError> {
    tx.lock(LockKey::new("identity_throttle", &format!("{}/{subject}", kind.code())))?;
    let (failures, last_at) = failures(tx, kind, subject, now)?;
    if let Some(until) = wait_until(kind, failures, last_at).filter(|until| *until > now) {
        return Err(IdentityError::TooManyTries { until });
    }
    tx.execute(&WRITE, &[kind.code().into(), subject.into(), (failures + 1).into(), now.ms().into()])?;
    Ok(())
}

/// The try went well: the account starts anew, the address gets its one try back.
pub(crate) fn succeed(tx: &mut Tx<'_>, kind: Kind, subject: &str) -> Result<(), IdentityError> {
    let sql = match kind {
        Kind::Account => &CLEAR,
        Kind::Address => &TAKE_BACK,
    };
    tx.execute(sql, &[kind.code().into(), subject.into()])?;
    Ok(())
}

/// Throws away what counts no more.
pub(crate) fn forget(tx: &mut Tx<'_>, now: Moment) -> Result<(), IdentityError> {
    tx.execute(&FORGET, &[now.plus_ms(-MEMORY_MS).ms().into()])?;
    Ok(())
}

fn failures(read: &mut Read<'_>, kind: Kind, subject: &str, now: Moment) -> Result<(i64, Moment), IdentityError> {
    let Some(row) = read.row(&READ, &[kind.code().into(), subject.into()])? else { return Ok((0, now)) };
    let last_at = Moment::from_ms(row.int("last_at")?);
    let is_old = last_at.plus_ms(MEMORY_MS) <= now;
    Ok(if is_old { (0, now) } else { (row.int("failures")?, last_at) })
}

/// When the next try counts: 30 seconds after the fifth failure, doubling up to a quarter of an hour.
fn wait_until(kind: Kind, failures: i64, last_at: Moment) -> Option<Moment> {
    let beyond = failures - kind.free();
    if beyond < 0 {
        return None;
    }
    let doubled = FIRST_WAIT_MS.saturating_mul(1 << beyond.min(10));
    Some(last_at.plus_ms(doubled.min(WAIT_MAX_MS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end_at_a_quarter_of_an_hour() {
        let at = Moment::from_ms(1_000_000);
        for (failures, seconds) in
            [(4, None), (5, Some(30)), (6, Some(60)), (9, Some(480)), (10, Some(900)), (99, Some(900))]
        {
            let until = wait_until(Kind::Account, failures, at);
            assert_eq!(until.map(|until| (until.ms() - at.ms()) / 1_000), seconds, "{failures}");
        }
        assert_eq!(wait_until(Kind::Address, 29, at), None);
    }
}
