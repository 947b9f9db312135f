//! Putting letters into the outbox, in the transaction of the decision that sends them (MAIL-3, MAIL-4).

use ports::{Email, LetterId, Moment, Tenant};
use store::{Bind, LockKey, Mark, Sql, Tx};

use crate::document;
use crate::error::MailError;
use crate::letter::{Letter, LetterCode, NewLetter, RefusalLetter};

/// The queue that wakes the delivery: one key a letter, one lane.
pub const QUEUE: &str = "mail";
pub(crate) const LANE: &str = "letters";

/// The same refusal again within this time gives no second letter.
const SAME_MS: i64 = 10 * 60_000;
/// Letters to one person within [`HOUR_MS`] before they become a digest.
const LETTERS_MAX: i64 = 5;
const HOUR_MS: i64 = 60 * 60_000;

const HAS_KEY: Sql = Sql::new(
    "select 1 as found where exists (select 1 from mail_letter where message_key = $1) \
     or exists (select 1 from mail_part where message_key = $1)",
);
const INSERT: Sql = Sql::new(
    "insert into mail_letter (organisation_id, portal_id, id, code, to_email, message_key, document, parts, state, \
     queued_at, due_at, attempts) values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10, 0)",
);
const INSERT_PART: Sql =
    Sql::new("insert into mail_part (id, letter_id, message_key, document, queued_at) values ($1, $2, $3, $4, $5)");
const FORGET_TOLD: Sql =
    Sql::new("delete from mail_told where organisation_id = $1 and portal_id = $2 and to_email = $3 and told_at <= $4");
const TOLD: Sql = Sql::new(
    "select told_at from mail_told where organisation_id = $1 and portal_id = $2 and to_email = $3 and told_key = $4",
);
const TELL: Sql = Sql::new(
    "insert into mail_told (organisation_id, portal_id, to_email, told_key, told_at) values ($1, $2, $3, $4, $5) \
     on conflict (organisation_id, portal_id, to_email, told_key) do update set told_at = excluded.told_at",
);
const LATELY: Sql = Sql::new(
    "select count(*) as letters, min(queued_at) as first_at from mail_letter \
     where organisation_id = $1 and portal_id = $2 and to_email = $3 and queued_at > $4 and code <> 'digest'",
);
const OPEN_DIGEST: Sql = Sql::new(
    "update mail_letter set parts = parts + 1 where organisation_id = $1 and portal_id = $2 and to_email = $3 \
     and queued_at > $4 and code = 'digest' and state = 'waiting' and due_at > $5 returning id",
);

/// Puts a letter into the outbox; it is on its way once the transaction is committed.
///
/// `None`: no letter of its own is needed, because the occasion has its letter already, or because the person was told
/// of the same refusals within ten minutes. More than five letters to one person in an hour go into one digest, sent at
/// the end of that hour; the answer is then the digest's id.
pub fn enqueue(tx: &mut Tx<'_>, new: &NewLetter) -> Result<Option<LetterId>, MailError> {
    tx.lock(LockKey::new("mail_person", new.to.as_str()))?;
    if tx.row(&HAS_KEY, &[new.message_key.as_str().into()])?.is_some() {
        return Ok(None);
    }
    match &new.letter {
        Letter::Refusal(refusal) => {
            let Some(fresh) = not_told(tx, new, refusal)? else { return Ok(None) };
            put_refusal(tx, new, fresh).map(Some)
        }
        Letter::MappingReport(_) | Letter::Invitation(_) => {
            put(tx, new, &new.letter, new.letter.code(), new.at)?;
            Ok(Some(new.id.clone()))
        }
    }
}

/// The letter without the rows that the person was told of lately; remembers those that are left.
fn not_told(tx: &mut Tx<'_>, new: &NewLetter, refusal: &RefusalLetter) -> Result<Option<RefusalLetter>, MailError> {
    let [organisation, portal, to] = address(&new.tenant, &new.to);
    let since = new.at.plus_ms(-SAME_MS).ms().into();
    tx.execute(&FORGET_TOLD, &[organisation.clone(), portal.clone(), to.clone(), since])?;
    let mut fresh = refusal.clone();
    fresh.refused.clear();
    for row in &refusal.refused {
        let key = Bind::from(refusal.told_key(row));
        let binds = [organisation.clone(), portal.clone(), to.clone(), key.clone()];
        if tx.row(&TOLD, &binds)?.is_none() {
            let [organisation, portal, to, key] = binds;
            tx.execute(&TELL, &[organisation, portal, to, key, new.at.ms().into()])?;
            fresh.refused.push(row.clone());
        }
    }
    Ok((!fresh.refused.is_empty()).then_some(fresh))
}

fn put_refusal(tx: &mut Tx<'_>, new: &NewLetter, refusal: RefusalLetter) -> Result<LetterId, MailError> {
    let [organisation, portal, to] = address(&new.tenant, &new.to);
    let since = new.at.plus_ms(-HOUR_MS);
    let lately = tx.row(&LATELY, &[organisation.clone(), portal.clone(), to.clone(), since.ms().into()])?;
    let (letters, first_at) = match lately {
        Some(row) => (row.int("letters")?, row.int_or_null("first_at")?),
        None => (0, None),
    };
    let code = refusal.code();
    let letter = Letter::Refusal(refusal);
    if letters < LETTERS_MAX {
        put(tx, new, &letter, code, new.at)?;
        return Ok(new.id.clone());
    }
    // Raising the count holds the row: a digest that is just being taken for delivery gets no further part.
    let open = tx.row(&OPEN_DIGEST, &[organisation, portal, to, since.ms().into(), new.at.ms().into()])?;
    let digest = match open {
        Some(row) => LetterId::new(row.text("id")?),
        None => {
            let due = Moment::from_ms(first_at.unwrap_or(new.at.ms())).plus_ms(HOUR_MS);
            put(tx, new, &letter, LetterCode::Digest, due)?;
            new.id.clone()
        }
    };
    let part = written(&new.id, &letter)?;
    let [id, letter_id, key] = [new.id.as_str(), digest.as_str(), &new.message_key].map(Bind::from);
    tx.execute(&INSERT_PART, &[id, letter_id, key, part.into(), new.at.ms().into()])?;
    Ok(digest)
}

fn put(tx: &mut Tx<'_>, new: &NewLetter, letter: &Letter, code: LetterCode, due: Moment) -> Result<(), MailError> {
    let parts = i64::from(code == LetterCode::Digest);
    tx.execute(
        &INSERT,
        &[
            new.tenant.organisation.as_str().into(),
            new.tenant.portal.as_str().into(),
            new.id.as_str().into(),
            code.code().into(),
            new.to.as_str().into(),
            new.message_key.as_str().into(),
            written(&new.id, letter)?.into(),
            parts.into(),
            new.at.ms().into(),
            due.ms().into(),
        ],
    )?;
    tx.mark(&Mark {
        queue: QUEUE,
        lane: LANE,
        key: new.id.as_str(),
        priority: 0,
        due: due.ms(),
        at: new.at.ms(),
        payload: "",
    })?;
    Ok(())
}

fn written(id: &LetterId, letter: &Letter) -> Result<String, MailError> {
    document::write(letter).map_err(|cause| MailError::Document { letter: id.as_str().to_owned(), cause })
}

fn address(tenant: &Tenant, to: &Email) -> [Bind; 3] {
    [tenant.organisation.as_str().into(), tenant.portal.as_str().into(), to.as_str().into()]
}
