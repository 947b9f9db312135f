//! Bringing letters on their way, one at a time, so that each goes out at most once (MAIL-4).
//!
//! `sending` is committed before the server is asked. Who finds a letter `sending` later does not know the server's
//! answer: it becomes `in_doubt` and is never sent again.

use ports::{Directory, Email, Language, Moment, OrganisationId, PortalId, Tenant};
use store::{Claim, Claimed, Row, Sql, Tx, back_off_ms};
use tracing::{info, warn};

use crate::compose::{self, Setting, Told};
use crate::delivery::{Delivery, Handed};
use crate::eml::Outgoing;
use crate::error::MailError;
use crate::letter::{Letter, LetterCode, RefusalLetter};
use crate::outbox::{LANE, QUEUE};
use crate::{Mail, document, render};

/// Longer than any delivery takes.
const LEASE_MS: i64 = 3 * 60_000;

/// What one step of the delivery did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is due.
    Idle,
    /// A letter was handed over, or found in doubt; its id and the state it has now.
    Worked(String, LetterState),
}

/// How far a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LetterState {
    /// It waits for its turn, its hour, or a server that is down.
    Waiting,
    /// The server is being asked.
    Sending,
    /// The server took it.
    Sent,
    /// It lies in a file; counts as sent.
    Written,
    /// The server's answer is not known; it is not sent again.
    InDoubt,
    /// The server will never take it.
    Failed,
}

impl LetterState {
    /// All of them, in the order of a letter's way.
    pub const ALL: [Self; 6] = [Self::Waiting, Self::Sending, Self::Sent, Self::Written, Self::InDoubt, Self::Failed];

    /// The word of the store and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Written => "written",
            Self::InDoubt => "in_doubt",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }
}

/// A stored letter with all that it tells.
pub(crate) struct Stored {
    pub(crate) id: String,
    pub(crate) code: LetterCode,
    pub(crate) tenant: Tenant,
    pub(crate) to: Email,
    pub(crate) letter: Letter,
    /// Of a digest.
    pub(crate) parts: Vec<RefusalLetter>,
    pub(crate) message_id: Option<String>,
    pub(crate) queued_at: Moment,
}

const LETTER: Sql = Sql::hot(
    "select id, organisation_id, portal_id, code, to_email, document, message_id, state, queued_at from mail_letter \
     where id = $1",
);
const PARTS: Sql = Sql::hot("select document from mail_part where letter_id = $1 order by id");
const TAKE: Sql = Sql::new(
    "update mail_letter set state = 'sending', sending_at = $2, attempts = attempts + 1, \
     message_id = coalesce(message_id, $3) where id = $1 and state = 'waiting'",
);
const DOUBT: Sql = Sql::new(
    "update mail_letter set state = 'in_doubt', ended_at = $2, answer = $3 where id = $1 and state = 'sending'",
);
const SETTLE: Sql = Sql::new(
    "update mail_letter set state = $2, ended_at = $3, answer = $4, file = $5, document = $6 \
     where id = $1 and state = 'sending'",
);
const WAIT: Sql =
    Sql::new("update mail_letter set state = 'waiting', due_at = $2, answer = $3 where id = $1 and state = 'sending'");
const GIVE_UP: Sql =
    Sql::new("update mail_letter set state = 'failed', ended_at = $2, answer = $3 where id = $1 and state = 'sending'");
const WAITING: Sql = Sql::new("select id from mail_letter where state = 'waiting' order by id limit 1000");
const COUNT_AS_SENT: Sql =
    Sql::new("update mail_letter set state = 'sent', ended_at = $2 where id = $1 and state = 'waiting'");
const SENDING: Sql = Sql::new("select id from mail_letter where state = 'sending' order by id limit 1000");

/// The words kept with a letter whose delivery was cut off.
const CUT_OFF: &str = "the program ended before the answer came";

/// What the claim found.
enum Taken {
    Nothing,
    /// Nothing is to be done for it but to say so.
    Ended(String, LetterState),
    Letter(Box<(Claimed, Stored)>),
}

impl Mail {
    /// Hands over one letter that is due: one bounded step, for a loop that goes on while it answers `Worked`.
    ///
    /// The letter gets its words now, in the language of the recipient's account. `public_url` is where its links lead.
    pub fn deliver_due(
        &self,
        now: Moment,
        delivery: &dyn Delivery,
        directory: &dyn Directory,
        public_url: &str,
    ) -> Result<Step, MailError> {
        let host = host(public_url);
        let (claimed, stored) = match self.take(now, &host)? {
            Taken::Nothing => return Ok(Step::Idle),
            Taken::Ended(id, state) => return Ok(Step::Worked(id, state)),
            Taken::Letter(taken) => *taken,
        };
        let handed = match outgoing(&stored, directory, public_url, &host, now) {
            Ok(letter) => delivery.hand_over(&letter),
            Err(cause) => Handed::Refused(cause.to_string()),
        };
        self.settle(&claimed, &stored, handed)
    }

    /// To be called once at start: letters that an earlier run was sending are in doubt. Answers how many.
    pub fn after_restart(&self, now: Moment) -> Result<usize, MailError> {
        self.db.write(|tx| {
            let rows = tx.rows(&SENDING, &[])?;
            for row in &rows {
                let id = row.text("id")?;
                tx.execute(&DOUBT, &[id.as_str().into(), now.ms().into(), CUT_OFF.into()])?;
                tx.unmark(QUEUE, LANE, &id)?;
            }
            Ok(rows.len())
        })
    }

    /// Counts the letters that wait as sent, without sending them: those of demo data at loading, which tell of what
    /// nobody did. A thousand at most; answers how many.
    pub fn count_as_sent(&self, now: Moment) -> Result<usize, MailError> {
        self.db.write(|tx| {
            let rows = tx.rows(&WAITING, &[])?;
            for row in &rows {
                let id = row.text("id")?;
                tx.execute(&COUNT_AS_SENT, &[id.as_str().into(), now.ms().into()])?;
                tx.unmark(QUEUE, LANE, &id)?;
            }
            Ok(rows.len())
        })
    }

    fn take(&self, now: Moment, host: &str) -> Result<Taken, MailError> {
        self.db.write(|tx| {
            let claim =
                Claim { queue: QUEUE, lane: Some(LANE), owner: "mail", now: now.ms(), lease_ms: LEASE_MS, limit: 1 };
            let Some(claimed) = tx.claim(&claim)?.into_iter().next() else { return Ok(Taken::Nothing) };
            let id = claimed.key.as_str();
            let message_id = format!("{id}.lockstep@{host}");
            if tx.execute(&TAKE, &[id.into(), now.ms().into(), message_id.into()])? == 1 {
                return match stored(tx, id) {
                    Ok(stored) => Ok(Taken::Letter(Box::new((claimed, stored.ok_or(MailError::NotFound)?)))),
                    // It will not be readable the next time either, and must not stop the letters behind it.
                    Err(MailError::Document { cause, .. }) => {
                        warn!(letter.id = id, "letter {id} cannot be read: {cause}");
                        tx.execute(&GIVE_UP, &[id.into(), now.ms().into(), cause.into()])?;
                        tx.finish(&claimed)?;
                        Ok(Taken::Ended(claimed.key.clone(), LetterState::Failed))
                    }
                    Err(other) => Err(other),
                };
            }
            let was_sending = tx.execute(&DOUBT, &[id.into(), now.ms().into(), CUT_OFF.into()])? == 1;
            tx.finish(&claimed)?;
            if was_sending {
                warn!(letter.id = id, "letter {id} is in doubt: the server's answer is not known");
            }
            Ok(Taken::Ended(claimed.key.clone(), LetterState::InDoubt))
        })
    }

    fn settle(&self, claimed: &Claimed, stored: &Stored, handed: Handed) -> Result<Step, MailError> {
        let now = self.clock.now();
        let id = stored.id.as_str();
        let (state, answer, file) = match &handed {
            Handed::Sent(answer) => (LetterState::Sent, answer.as_str(), None),
            Handed::Written(file) => (LetterState::Written, "", Some(file.as_str())),
            Handed::Later(answer) => (LetterState::Waiting, answer.as_str(), None),
            Handed::InDoubt(answer) => (LetterState::InDoubt, answer.as_str(), None),
            Handed::Refused(answer) => (LetterState::Failed, answer.as_str(), None),
        };
        let answer: String = answer.chars().take(500).collect();
        // A letter that is on its way needs its key no longer; a failed one is invited to anew.
        let kept = document::write(&without_secrets(&stored.letter))
            .map_err(|cause| MailError::Document { letter: id.to_owned(), cause })?;
        self.db.write(|tx| {
            if state == LetterState::Waiting {
                let tries = u32::try_from(claimed.attempts.saturating_add(1)).unwrap_or(u32::MAX);
                let due = now.plus_ms(back_off(tries, id));
                tx.execute(&WAIT, &[id.into(), due.ms().into(), answer.as_str().into()])?;
                tx.requeue(claimed, due.ms())?;
            } else {
                let binds = [
                    id.into(),
                    state.code().into(),
                    now.ms().into(),
                    answer.as_str().into(),
                    file.into(),
                    kept.as_str().into(),
                ];
                tx.execute(&SETTLE, &binds)?;
                tx.finish(claimed)?;
            }
            Ok::<_, MailError>(())
        })?;
        info!(letter.id = id, letter.code = stored.code.code(), state = state.code(), "letter {id}: {}", state.code());
        Ok(Step::Worked(id.to_owned(), state))
    }
}

/// The stored letter of an id with its parts.
pub(crate) fn stored(tx: &mut Tx<'_>, id: &str) -> Result<Option<Stored>, MailError> {
    let Some(row) = tx.row(&LETTER, &[id.into()])? else { return Ok(None) };
    let parts = tx.rows(&PARTS, &[id.into()])?;
    read(&row, &parts).map(Some)
}

/// Reads the rows of one letter.
pub(crate) fn read(row: &Row, parts: &[Row]) -> Result<Stored, MailError> {
    let id = row.text("id")?;
    let broken = |cause: String| MailError::Document { letter: id.clone(), cause };
    let letter = document::read(&row.text("document")?).map_err(broken)?;
    let parts = parts
        .iter()
        .map(|part| match document::read(&part.text("document")?).map_err(broken)? {
            Letter::Refusal(refusal) => Ok(refusal),
            Letter::MappingReport(_) | Letter::Invitation(_) => Err(broken("a part is no refusal".to_owned())),
        })
        .collect::<Result<_, MailError>>()?;
    let code = row.text("code")?;
    let to = row.text("to_email")?;
    Ok(Stored {
        code: LetterCode::parse(&code).ok_or_else(|| broken(format!("unknown letter {code}")))?,
        tenant: Tenant {
            organisation: OrganisationId::new(row.text("organisation_id")?),
            portal: PortalId::new(row.text("portal_id")?),
        },
        to: Email::parse(&to).map_err(|cause| broken(cause.to_string()))?,
        letter,
        parts,
        message_id: row.text_or_null("message_id")?,
        queued_at: Moment::from_ms(row.int("queued_at")?),
        id,
    })
}

impl Stored {
    /// What is to be said.
    pub(crate) fn told(&self) -> Told<'_> {
        match self.code {
            LetterCode::Digest => Told::Digest(&self.parts),
            LetterCode::M1 | LetterCode::M2 | LetterCode::M3 | LetterCode::M4 | LetterCode::M7 => {
                Told::One(&self.letter)
            }
        }
    }

    /// The language while the recipient has no account.
    pub(crate) fn fallback(&self) -> Language {
        match &self.letter {
            Letter::Invitation(invitation) => invitation.language,
            Letter::Refusal(_) | Letter::MappingReport(_) => Language::default(),
        }
    }
}

/// The letter without the key of an invitation.
pub(crate) fn without_secrets(letter: &Letter) -> Letter {
    let mut letter = letter.clone();
    if let Letter::Invitation(invitation) = &mut letter {
        invitation.token.clear();
    }
    letter
}

fn outgoing(
    stored: &Stored,
    directory: &dyn Directory,
    public_url: &str,
    host: &str,
    now: Moment,
) -> Result<Outgoing, MailError> {
    let setting = Setting::of(&stored.to, &stored.tenant, directory, public_url, stored.fallback(), now);
    let content = compose::content(&stored.told(), &setting);
    let to_name = directory.person(&stored.to).map(|person| person.name).unwrap_or_default();
    Ok(Outgoing {
        id: stored.id.clone(),
        code: stored.code,
        message_id: stored.message_id.clone().unwrap_or_else(|| format!("{}.lockstep@{host}", stored.id)),
        from_name: content.house.clone(),
        from: format!("lockstep@{host}"),
        to_name,
        to: stored.to.clone(),
        text: render::text(&content)?,
        html: render::html(&content)?,
        subject: content.subject,
        at: stored.queued_at,
    })
}

/// The host of the pages as the right side of mail addresses; an IP address has none there.
fn host(public_url: &str) -> String {
    let url = url::Url::parse(public_url).ok();
    let domain = url.as_ref().and_then(|url| url.domain()).unwrap_or_default();
    if domain.is_empty() { "localhost".to_owned() } else { domain.to_owned() }
}

fn back_off(tries: u32, id: &str) -> i64 {
    let seed = id.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    back_off_ms(i64::from(tries), seed)
}
