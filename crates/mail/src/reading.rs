//! The outbox as people read it: the list, and one letter.

use ports::{Acting, Directory, Email, Language, Moment, RefusalId};
use store::{Bind, Read, Sql};

use crate::compose::{self, Setting};
use crate::content::Content;
use crate::deliver::{self, LetterState, Stored};
use crate::error::MailError;
use crate::letter::{Letter, LetterCode};
use crate::{Mail, render};

/// Which letters are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterQuery {
    /// Only in these states; empty: in all.
    pub states: Vec<LetterState>,
    /// Only letters of this kind.
    pub code: Option<LetterCode>,
    /// Only letters to this person.
    pub to: Option<Email>,
    /// Only letters put into the outbox at this moment or later.
    pub since: Option<Moment>,
    /// Only letters older than the one with this id.
    pub after: Option<String>,
    /// At most so many, 1 to 200.
    pub limit: usize,
}

impl LetterQuery {
    /// The newest letters, whatever they are.
    pub fn newest(limit: usize) -> Self {
        Self { states: Vec::new(), code: None, to: None, since: None, after: None, limit }
    }
}

/// A letter in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterCard {
    /// Its id.
    pub id: String,
    /// Which letter.
    pub code: LetterCode,
    /// Who gets it.
    pub to: Email,
    /// The recipient's name.
    pub to_name: String,
    /// Its language.
    pub language: Language,
    /// The subject in that language.
    pub subject: String,
    /// One line about why, in that language.
    pub preview: String,
    /// How far it is.
    pub state: LetterState,
    /// The refusals that it tells of.
    pub refusal_ids: Vec<RefusalId>,
    /// The link that it is about, if it is about one.
    pub link_id: Option<ports::LinkId>,
    /// Key of the task it is about, such as `DM-10`.
    pub task_key: Option<String>,
    /// When it was put into the outbox.
    pub queued_at: Moment,
    /// Not before this moment: the end of a digest's hour, the next try.
    pub due_at: Moment,
    /// When it was sent, written, found in doubt or given up.
    pub ended_at: Option<Moment>,
    /// Tries so far.
    pub attempts: i64,
    /// The server's words, or why it waits.
    pub answer: Option<String>,
    /// The file it was written to.
    pub file: Option<String>,
}

/// A letter to be read. Links that only the recipient may use are not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterView {
    /// As in the list.
    pub card: LetterCard,
    /// What it says, ready to be laid out by a page.
    pub content: Content,
    /// Its facts.
    pub letter: Letter,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// A page of letters, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterPage {
    /// The letters.
    pub rows: Vec<LetterCard>,
    /// What `after` is for the next page; `None` at the end.
    pub next: Option<String>,
}

const ROW: &str = "select id, organisation_id, portal_id, code, to_email, document, message_id, state, queued_at, due_at, \
                   ended_at, attempts, answer, file from mail_letter where organisation_id = $1 and portal_id = $2";
const PARTS: Sql = Sql::hot("select document from mail_part where letter_id = $1 order by id");
const COUNT_ALL: Sql = Sql::new(
    "select state, count(*) as letters from mail_letter where organisation_id = $1 and portal_id = $2 group by state",
);
const COUNT_OWN: Sql = Sql::new(
    "select state, count(*) as letters from mail_letter where organisation_id = $1 and portal_id = $2 \
     and to_email = $3 group by state",
);

const LIMIT_MAX: usize = 200;

impl Mail {
    /// Letters, newest first: all of the tenant for its administrators, else one's own.
    pub fn letters(
        &self,
        acting: &Acting,
        query: &LetterQuery,
        directory: &dyn Directory,
        public_url: &str,
    ) -> Result<LetterPage, MailError> {
        let limit = query.limit.clamp(1, LIMIT_MAX);
        let (sql, binds) = list(acting, query, is_administrator(acting, directory), limit);
        let found = self.db.read(|read| {
            let rows = read.rows(&sql, &binds)?;
            rows.into_iter().map(|row| Ok((parts(read, &row)?, row))).collect::<Result<Vec<_>, MailError>>()
        })?;
        let mut rows = Vec::with_capacity(found.len());
        for (parts, row) in &found {
            let stored = deliver::read(row, parts)?;
            let content = self.content(&stored, directory, public_url);
            rows.push(card(row, &stored, &content, directory)?);
        }
        let is_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| is_more).map(|last| last.id.clone());
        Ok(LetterPage { rows, next })
    }

    /// How many letters are in each state, those without any left out; all or one's own as in [`Mail::letters`].
    pub fn counts(&self, acting: &Acting, directory: &dyn Directory) -> Result<Vec<(LetterState, i64)>, MailError> {
        let [organisation, portal, own] = whose(acting);
        // Asked before: the directory reads the same database.
        let sees_all = is_administrator(acting, directory);
        let rows = self.db.read(|read| {
            if sees_all {
                read.rows(&COUNT_ALL, &[organisation.clone(), portal.clone()])
            } else {
                read.rows(&COUNT_OWN, &[organisation.clone(), portal.clone(), own.clone()])
            }
        })?;
        let mut counts = Vec::new();
        for row in rows {
            if let Some(state) = LetterState::parse(&row.text("state")?) {
                counts.push((state, row.int("letters")?));
            }
        }
        counts.sort_by_key(|(state, _)| LetterState::ALL.iter().position(|known| known == state));
        Ok(counts)
    }

    /// One letter as it reads in the recipient's language. `NotFound`: not there, or neither one's own nor an
    /// administrator's to see.
    pub fn letter(
        &self,
        acting: &Acting,
        id: &str,
        directory: &dyn Directory,
        public_url: &str,
    ) -> Result<LetterView, MailError> {
        let [organisation, portal, _] = whose(acting);
        let sql = Sql::built(format!("{ROW} and id = $3"));
        let found = self.db.read(|read| {
            let row = read.row(&sql, &[organisation.clone(), portal.clone(), id.into()])?;
            row.map(|row| Ok::<_, MailError>((parts(read, &row)?, row))).transpose()
        })?;
        let (parts, row) = found.ok_or(MailError::NotFound)?;
        let mut stored = deliver::read(&row, &parts)?;
        if stored.to != acting.email && !is_administrator(acting, directory) {
            return Err(MailError::NotFound);
        }
        stored.letter = deliver::without_secrets(&stored.letter);
        let content = self.content(&stored, directory, public_url);
        Ok(LetterView {
            card: card(&row, &stored, &content, directory)?,
            text: render::text(&content)?,
            html: render::html(&content)?,
            content,
            letter: stored.letter,
        })
    }

    /// In words, as of the moment it was put into the outbox: "today" in a letter is the day of the letter.
    fn content(&self, stored: &Stored, directory: &dyn Directory, public_url: &str) -> Content {
        let setting =
            Setting::of(&stored.to, &stored.tenant, directory, public_url, stored.fallback(), stored.queued_at);
        compose::content(&stored.told(), &setting)
    }
}

fn is_administrator(acting: &Acting, directory: &dyn Directory) -> bool {
    directory.portal_administrators(&acting.tenant).contains(&acting.email)
        || directory.crm_administrators(&acting.tenant).contains(&acting.email)
}

fn whose(acting: &Acting) -> [Bind; 3] {
    [acting.tenant.organisation.as_str().into(), acting.tenant.portal.as_str().into(), acting.email.as_str().into()]
}

/// The statement of a list: fixed conditions for what was chosen, values bound.
fn list(acting: &Acting, query: &LetterQuery, sees_all: bool, limit: usize) -> (Sql, Vec<Bind>) {
    let [organisation, portal, own] = whose(acting);
    let mut binds = vec![organisation, portal];
    let mut text = ROW.to_owned();
    let mut condition = |before: &str, value: Bind| {
        binds.push(value);
        text.push_str(&format!(" and {before} ${}", binds.len()));
    };
    if !sees_all {
        condition("to_email =", own);
    }
    if let Some(to) = &query.to {
        condition("to_email =", to.as_str().into());
    }
    if let Some(code) = query.code {
        condition("code =", code.code().into());
    }
    if let Some(since) = query.since {
        condition("queued_at >=", since.ms().into());
    }
    if let Some(after) = &query.after {
        condition("id <", after.as_str().into());
    }
    if !query.states.is_empty() {
        let first = binds.len();
        let places = (1..=query.states.len()).map(|at| format!("${}", first + at)).collect::<Vec<_>>().join(", ");
        binds.extend(query.states.iter().map(|state| Bind::from(state.code())));
        text.push_str(&format!(" and state in ({places})"));
    }
    binds.push(Bind::from(i64::try_from(limit + 1).unwrap_or(1)));
    text.push_str(&format!(" order by id desc limit ${}", binds.len()));
    (Sql::built(text), binds)
}

fn parts(read: &mut Read<'_>, row: &store::Row) -> Result<Vec<store::Row>, MailError> {
    if row.text("code")? == LetterCode::Digest.code() {
        Ok(read.rows(&PARTS, &[row.text("id")?.into()])?)
    } else {
        Ok(Vec::new())
    }
}

fn card(
    row: &store::Row,
    stored: &Stored,
    content: &Content,
    directory: &dyn Directory,
) -> Result<LetterCard, MailError> {
    let state = row.text("state")?;
    let broken = || MailError::Document { letter: stored.id.clone(), cause: format!("unknown state {state}") };
    let refusals = match (&stored.letter, stored.code) {
        (_, LetterCode::Digest) => stored.parts.iter().collect(),
        (Letter::Refusal(refusal), _) => vec![refusal],
        (Letter::MappingReport(_) | Letter::Invitation(_), _) => Vec::new(),
    };
    let one = match refusals.as_slice() {
        [only] => Some(only.task.key.clone()),
        _ => None,
    };
    Ok(LetterCard {
        id: stored.id.clone(),
        code: stored.code,
        to: stored.to.clone(),
        to_name: directory.person(&stored.to).map_or_else(|| stored.to.as_str().to_owned(), |person| person.name),
        language: content.language,
        subject: content.subject.clone(),
        preview: content.preview.clone(),
        state: LetterState::parse(&state).ok_or_else(broken)?,
        refusal_ids: refusals
            .iter()
            .flat_map(|letter| letter.refused.iter().map(|row| row.refusal_id.clone()))
            .collect(),
        link_id: content.about.clone(),
        task_key: one,
        queued_at: stored.queued_at,
        due_at: Moment::from_ms(row.int("due_at")?),
        ended_at: row.int_or_null("ended_at")?.map(Moment::from_ms),
        attempts: row.int("attempts")?,
        answer: row.text_or_null("answer")?.filter(|words| !words.is_empty()),
        file: row.text_or_null("file")?,
    })
}
