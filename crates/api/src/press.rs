//! One press, one effect: the answer to a request with an `Idempotency-Key` is kept for seven days, per person.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use ports::Moment;
use sha2::{Digest, Sha256};
use store::{Bind, Db, Row, Sql, StoreError, Tx};

use crate::answer::{Answer, CSV, JSON};
use crate::code::Code;
use crate::failure::{Failure, PROBLEM};

/// How long an answer is kept.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;

const FORGET_OLD: Sql = Sql::new("delete from api_press where made_at < $1");
const CLAIM: Sql = Sql::new(
    "insert into api_press (person, press_key, fingerprint, boot, state, status, kind, headers, body, made_at) \
     values ($1, $2, $3, $4, 'running', 0, '', '[]', $5, $6) on conflict do nothing",
);
const FIND: Sql = Sql::hot(
    "select fingerprint, boot, state, status, kind, headers, body from api_press where person = $1 and press_key = $2",
);
/// Only the run that is named takes it over, so that of two who try one wins.
const TAKE_OVER: Sql = Sql::new(
    "update api_press set boot = $3, made_at = $5 where person = $1 and press_key = $2 and boot = $4 \
     and state = 'running'",
);
const KEEP: Sql = Sql::new(
    "update api_press set state = 'done', status = $4, kind = $5, headers = $6, body = $7 \
     where person = $1 and press_key = $2 and boot = $3 and state = 'running'",
);
const FREE: Sql =
    Sql::new("delete from api_press where person = $1 and press_key = $2 and boot = $3 and state = 'running'");

/// A request as it is recognised when it comes again.
#[derive(Clone, Debug)]
pub(crate) struct PressKey {
    person: String,
    key: String,
    fingerprint: String,
}

/// What a request with a key is.
pub(crate) enum Press {
    /// The first one: do it, then [`Presses::keep`] or [`Presses::free`].
    First,
    /// The first one has this answer.
    Done(Answer),
    /// The first one is still running.
    Running,
}

/// The kept answers, as one run of the program works with them.
#[derive(Clone)]
pub(crate) struct Presses {
    db: Db,
    boot: String,
}

impl PressKey {
    /// `parts` are what makes two requests the same: method, address, body.
    pub(crate) fn new<'a>(person: &str, key: &str, parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let fingerprint = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { person: person.to_owned(), key: key.to_owned(), fingerprint }
    }

    /// The token by which stored work of several steps is found again; short, and of this request alone.
    pub(crate) fn token(&self) -> String {
        let own = Self::new(&self.person, &self.key, [self.person.as_bytes(), self.key.as_bytes()]);
        format!("api-{}", own.fingerprint.get(..32).unwrap_or_default())
    }

    fn binds(&self, boot: &str) -> [Bind; 3] {
        [(&self.person).into(), (&self.key).into(), boot.into()]
    }
}

impl Presses {
    pub(crate) fn new(db: Db, boot: String) -> Self {
        Self { db, boot }
    }

    /// Errors: the key came with another request.
    pub(crate) fn claim(&self, press: &PressKey, now: Moment) -> Result<Press, Failure> {
        let row = self.db.write(|tx| {
            tx.execute(&FORGET_OLD, &[(now.ms() - KEPT_MS).into()])?;
            if self.insert(tx, press, now)? {
                return Ok(None);
            }
            let Some(row) = tx.row(&FIND, &[(&press.person).into(), (&press.key).into()])? else { return Ok(None) };
            let is_orphan = row.text("state")? == "running" && row.text("boot")? != self.boot;
            if is_orphan && row.text("fingerprint")? == press.fingerprint {
                let [person, key, boot] = press.binds(&self.boot);
                let taken = tx.execute(&TAKE_OVER, &[person, key, boot, row.text("boot")?.into(), now.ms().into()])?;
                return Ok((taken == 0).then_some(row));
            }
            Ok::<_, StoreError>(Some(row))
        })?;
        let Some(row) = row else { return Ok(Press::First) };
        if row.text("fingerprint")? != press.fingerprint {
            return Err(Failure::of(Code::KeyReused));
        }
        if row.text("state")? == "running" {
            return Ok(Press::Running);
        }
        Ok(Press::Done(kept(&row)?))
    }

    /// Keeps the answer for those who ask again.
    pub(crate) fn keep(&self, press: &PressKey, answer: &Answer) -> Result<(), Failure> {
        let headers: Vec<(&str, &str)> =
            answer.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let headers = serde_json::to_string(&headers).map_err(Failure::internal)?;
        let [person, key, boot] = press.binds(&self.boot);
        let status = i64::from(answer.status.as_u16());
        let binds =
            [person, key, boot, status.into(), answer.kind.into(), headers.into(), answer.body.as_slice().into()];
        self.db.write(|tx| tx.execute(&KEEP, &binds))?;
        Ok(())
    }

    /// Forgets the press: it had no effect that counts, and may be made again.
    pub(crate) fn free(&self, press: &PressKey) -> Result<(), Failure> {
        let binds = press.binds(&self.boot);
        self.db.write(|tx| tx.execute(&FREE, &binds))?;
        Ok(())
    }

    fn insert(&self, tx: &mut Tx<'_>, press: &PressKey, now: Moment) -> Result<bool, StoreError> {
        let binds = [
            (&press.person).into(),
            (&press.key).into(),
            (&press.fingerprint).into(),
            (&self.boot).into(),
            Vec::new().into(),
            now.ms().into(),
        ];
        Ok(tx.execute(&CLAIM, &binds)? == 1)
    }
}

fn kept(row: &Row) -> Result<Answer, Failure> {
    let status = u16::try_from(row.int("status")?).unwrap_or_default();
    let headers: Vec<(String, String)> = serde_json::from_str(&row.text("headers")?).map_err(Failure::internal)?;
    let named = headers
        .into_iter()
        .filter_map(|(name, value)| Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value)))
        .filter(|(_, value)| HeaderValue::from_str(value).is_ok());
    let kind = row.text("kind")?;
    Ok(Answer {
        status: StatusCode::from_u16(status).map_err(Failure::internal)?,
        kind: [JSON, CSV, PROBLEM].into_iter().find(|known| *known == kind).unwrap_or(JSON),
        headers: named.collect(),
        body: row.bytes("body")?,
        is_kept: true,
    })
}
