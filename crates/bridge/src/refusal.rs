//! Refused values: stored before they are overwritten, once per (field, value, author) of a link (REF-1, REF-5, I-14).

use ports::{ConnectionId, Email, LinkId, Moment, ProjectId, Reason, RefusalId};
use store::{Bind, Read, Row, Sql, Tx};

use crate::error::BridgeError;
use crate::field::{Field, FieldValue, Shown, SideName};
use crate::plan::{NewRefusal, Remembered};
use crate::stored;

/// What became of a refused value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalState {
    /// Stored; the agreed value is still to be written back.
    Open,
    /// The agreed value was written back.
    Reverted,
    /// The value stays where it was made, and is tried again when the obstacle has gone.
    Held,
    /// Nothing is left to do.
    Settled,
}

impl RefusalState {
    const ALL: [Self; 4] = [Self::Open, Self::Reverted, Self::Held, Self::Settled];

    /// The word of the store; the API shows an open one as `reverted`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reverted => "reverted",
            Self::Held => "held",
            Self::Settled => "settled",
        }
    }

    /// Reads the word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A refused value as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Id.
    pub id: RefusalId,
    /// The link.
    pub link: LinkId,
    /// Its project at that time.
    pub project: ProjectId,
    /// The field, or none for a comment.
    pub field: Option<Field>,
    /// Where the change was made.
    pub side: SideName,
    /// The value.
    pub tried: Shown,
    /// The agreed value.
    pub agreed: FieldValue,
    /// Who made the change.
    pub person: Option<Email>,
    /// Why.
    pub reason: Reason,
    /// The facts it depended on.
    pub fingerprint: String,
    /// What became of it.
    pub state: RefusalState,
    /// Whether the letter about it has been decided on.
    pub is_told: bool,
    /// When it was refused.
    pub at: Moment,
    /// When the change was made.
    pub changed_at: Option<Moment>,
    /// When it was settled, and how: `later_change`, `obstacle_gone`, `unlinked`, `left_as_is`.
    pub settled: Option<(Moment, String)>,
    /// The letter about it: code and id.
    pub letter: Option<(String, ports::LetterId)>,
}

impl Refusal {
    /// What `reconcile` needs of an open or held one.
    pub fn remembered(&self) -> Option<Remembered> {
        let is_held = match self.state {
            RefusalState::Open => false,
            RefusalState::Held => true,
            RefusalState::Reverted | RefusalState::Settled => return None,
        };
        Some(Remembered {
            id: self.id.to_string(),
            field: self.field?,
            side: self.side,
            tried: self.tried.value.clone(),
            reason: self.reason.clone(),
            fingerprint: self.fingerprint.clone(),
            is_held,
        })
    }
}

macro_rules! refusal_select {
    ($rest:literal) => {
        concat!(
            "select id, link_id, project_id, field, side, tried, agreed, person, reason, fingerprint, state, is_told, \
             refused_at, changed_at, settled_at, settled_how, letter, letter_id from bridge_refusal ",
            $rest
        )
    };
}

const UPSERT: Sql = Sql::new(
    "insert into bridge_refusal (connection_id, id, link_id, project_id, field, side, tried_key, tried, agreed, person, \
     reason_code, reason, fingerprint, state, is_told, refused_at, changed_at) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16) \
     on conflict (connection_id, link_id, field, side, tried_key, person) do update set agreed = excluded.agreed, \
     reason_code = excluded.reason_code, reason = excluded.reason, fingerprint = excluded.fingerprint, \
     state = excluded.state, is_told = 0, refused_at = excluded.refused_at, changed_at = excluded.changed_at, \
     settled_at = null, settled_how = null",
);
const LIVE_OF_LINK: Sql = Sql::hot(refusal_select!(
    "where connection_id = $1 and link_id = $2 and state in ('open', 'held') order by refused_at, id"
));
const UNTOLD_OF_LINK: Sql = Sql::hot(refusal_select!(
    "where connection_id = $1 and link_id = $2 and is_told = 0 and state <> 'open' order by refused_at, id"
));
const OF_LINK: Sql =
    Sql::new(refusal_select!("where connection_id = $1 and link_id = $2 order by refused_at desc, id desc limit $3"));
const BY_ID: Sql = Sql::hot(refusal_select!("where connection_id = $1 and id = $2"));
const SET_STATE: Sql = Sql::hot(
    "update bridge_refusal set state = $3, settled_at = $4, settled_how = $5 where connection_id = $1 and id = $2",
);
const SET_FINGERPRINT: Sql =
    Sql::new("update bridge_refusal set fingerprint = $3, reason = $4 where connection_id = $1 and id = $2");
const SET_TOLD: Sql =
    Sql::hot("update bridge_refusal set is_told = 1, letter = $3, letter_id = $4 where connection_id = $1 and id = $2");
const SETTLE_ALL: Sql = Sql::new(
    "update bridge_refusal set state = 'settled', settled_at = $3, settled_how = $4 \
     where connection_id = $1 and link_id = $2 and state in ('open', 'held')",
);

/// Stores a refused value; the same value of the same author takes the place of its earlier row.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    link: (&LinkId, &ProjectId),
    id: &RefusalId,
    new: &NewRefusal,
    now: Moment,
) -> Result<(), BridgeError> {
    let state = if new.is_held { RefusalState::Held } else { RefusalState::Open };
    tx.execute(
        &UPSERT,
        &[
            connection.as_str().into(),
            id.as_str().into(),
            link.0.as_str().into(),
            link.1.as_str().into(),
            new.field.code().into(),
            new.side.code().into(),
            value_key(&new.tried.value).into(),
            stored::to_json(&new.tried)?.into(),
            stored::to_json(&new.agreed)?.into(),
            new.person.as_ref().map_or("", Email::as_str).into(),
            new.reason.code().into(),
            stored::reason_text(&new.reason)?.into(),
            (&new.fingerprint).into(),
            state.code().into(),
            now.ms().into(),
            new.changed_at.map(Moment::ms).into(),
        ],
    )?;
    Ok(())
}

fn value_key(value: &FieldValue) -> String {
    stored::fingerprint([format!("{value:?}").as_str()])
}

/// Open and held refusals of a link, oldest first.
pub fn live_of_link(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    link: &LinkId,
) -> Result<Vec<Refusal>, BridgeError> {
    read.rows(&LIVE_OF_LINK, &[connection.as_str().into(), link.as_str().into()])?.iter().map(refusal).collect()
}

/// Refusals of a link that are decided and of which no letter has told.
pub(crate) fn untold_of_link(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    link: &LinkId,
) -> Result<Vec<Refusal>, BridgeError> {
    read.rows(&UNTOLD_OF_LINK, &[connection.as_str().into(), link.as_str().into()])?.iter().map(refusal).collect()
}

/// All refusals of a link, newest first.
pub fn of_link(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    link: &LinkId,
    limit: i64,
) -> Result<Vec<Refusal>, BridgeError> {
    read.rows(&OF_LINK, &[connection.as_str().into(), link.as_str().into(), limit.into()])?
        .iter()
        .map(refusal)
        .collect()
}

/// One refusal.
pub fn by_id(read: &mut Read<'_>, connection: &ConnectionId, id: &str) -> Result<Option<Refusal>, BridgeError> {
    read.row(&BY_ID, &[connection.as_str().into(), id.into()])?.as_ref().map(refusal).transpose()
}

/// Moves a refusal on. `how` says how it was settled.
pub(crate) fn set_state(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    id: &str,
    state: RefusalState,
    settled: Option<(Moment, &str)>,
) -> Result<(), BridgeError> {
    let binds = [
        connection.as_str().into(),
        id.into(),
        state.code().into(),
        settled.map(|(at, _)| at.ms()).into(),
        settled.map(|(_, how)| how).into(),
    ];
    tx.execute(&SET_STATE, &binds)?;
    Ok(())
}

/// A held value was tried again in vain: the facts it failed on are remembered, nobody is told twice.
pub(crate) fn set_fingerprint(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    id: &str,
    fingerprint: &str,
    reason: &Reason,
) -> Result<(), BridgeError> {
    let binds = [connection.as_str().into(), id.into(), fingerprint.into(), stored::reason_text(reason)?.into()];
    tx.execute(&SET_FINGERPRINT, &binds)?;
    Ok(())
}

/// Notes that a letter was decided on; none if the person had been told of the same lately (MAIL-3).
pub(crate) fn set_told(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    id: &RefusalId,
    letter: Option<(&str, &ports::LetterId)>,
) -> Result<(), BridgeError> {
    let binds: [Bind; 4] = [
        connection.as_str().into(),
        id.as_str().into(),
        letter.map(|(code, _)| code).into(),
        letter.map(|(_, id)| id.as_str()).into(),
    ];
    tx.execute(&SET_TOLD, &binds)?;
    Ok(())
}

/// Ends everything that is open or held on a link.
pub(crate) fn settle_all(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    link: &LinkId,
    how: &str,
    now: Moment,
) -> Result<(), BridgeError> {
    tx.execute(&SETTLE_ALL, &[connection.as_str().into(), link.as_str().into(), now.ms().into(), how.into()])?;
    Ok(())
}

/// Which refusals to list; newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this link.
    pub link: Option<LinkId>,
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this person.
    pub person: Option<Email>,
    /// In one of these states; empty for all. `Reverted` includes the open ones.
    pub states: Vec<RefusalState>,
    /// For this reason.
    pub reason_code: Option<String>,
    /// Of this field.
    pub field: Option<Field>,
    /// Refused at or after this moment.
    pub since: Option<Moment>,
    /// Refused before this moment.
    pub until: Option<Moment>,
}

/// Refusals, newest first, after the position (moment in milliseconds, id), at most `limit`.
pub fn list(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    filter: &Filter,
    after: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<Refusal>, BridgeError> {
    let mut text = String::from(refusal_select!("where connection_id = $1"));
    let mut binds: Vec<Bind> = vec![connection.as_str().into()];
    let mut also = |condition: &str, bind: Bind| {
        binds.push(bind);
        text.push_str(&format!(" and {condition} ${}", binds.len()));
    };
    let texts = [
        ("link_id =", filter.link.as_ref().map(LinkId::as_str)),
        ("project_id =", filter.project.as_ref().map(ProjectId::as_str)),
        ("person =", filter.person.as_ref().map(Email::as_str)),
        ("reason_code =", filter.reason_code.as_deref()),
        ("field =", filter.field.map(Field::code)),
    ];
    for (condition, value) in texts {
        if let Some(value) = value {
            also(condition, value.into());
        }
    }
    for (condition, moment) in [("refused_at >=", filter.since), ("refused_at <", filter.until)] {
        if let Some(moment) = moment {
            also(condition, moment.ms().into());
        }
    }
    if let Some((at, id)) = after {
        binds.extend([at.into(), id.into()]);
        text.push_str(&format!(" and (refused_at, id) < (${}, ${})", binds.len() - 1, binds.len()));
    }
    if !filter.states.is_empty() {
        let mut codes: Vec<&str> = filter.states.iter().map(|state| state.code()).collect();
        if filter.states.contains(&RefusalState::Reverted) {
            codes.push(RefusalState::Open.code());
        }
        let from = binds.len();
        binds.extend(codes.into_iter().map(Bind::from));
        let places: Vec<String> = (from + 1..=binds.len()).map(|place| format!("${place}")).collect();
        text.push_str(&format!(" and state in ({})", places.join(", ")));
    }
    binds.push(limit.into());
    text.push_str(&format!(" order by refused_at desc, id desc limit ${}", binds.len()));
    read.rows(&Sql::built(text), &binds)?.iter().map(refusal).collect()
}

fn refusal(row: &Row) -> Result<Refusal, BridgeError> {
    let unknown = |what: &str| BridgeError::Failed(format!("unknown {what} of a refusal"));
    let settled = row.int_or_null("settled_at")?.zip(row.text_or_null("settled_how")?);
    let letter = row.text_or_null("letter")?.zip(row.text_or_null("letter_id")?);
    Ok(Refusal {
        id: RefusalId::new(row.text("id")?),
        link: LinkId::new(row.text("link_id")?),
        project: ProjectId::new(row.text("project_id")?),
        field: Field::parse(&row.text("field")?),
        side: SideName::parse(&row.text("side")?).ok_or_else(|| unknown("side"))?,
        tried: stored::from_json(&row.text("tried")?)?,
        agreed: stored::from_json(&row.text("agreed")?)?,
        person: Some(row.text("person")?).filter(|text| !text.is_empty()).as_deref().map(stored::email).transpose()?,
        reason: stored::reason(&row.text("reason")?)?,
        fingerprint: row.text("fingerprint")?,
        state: RefusalState::parse(&row.text("state")?).ok_or_else(|| unknown("state"))?,
        is_told: row.flag("is_told")?,
        at: Moment::from_ms(row.int("refused_at")?),
        changed_at: row.int_or_null("changed_at")?.map(Moment::from_ms),
        settled: settled.map(|(at, how)| (Moment::from_ms(at), how)),
        letter: letter.map(|(code, id)| (code, ports::LetterId::new(id))),
    })
}
