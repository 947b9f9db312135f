//! Which client company and which account are one customer (MAP-1 to MAP-9).

pub mod matching;
pub mod overview;
pub mod pair;
pub mod run;

use ports::{AccountId, CompanyId, ConnectionId, Email, HistoryId, MappingId, Moment, Reason, SalesRecord};
use serde::{Deserialize, Serialize};
use store::{Read, Row, Sql, Tx};

use crate::error::BridgeError;
use crate::feed;
use crate::history::{self, Action, NewEntry, Outcome};
use crate::stored;

/// A client company and its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Id.
    pub id: MappingId,
    /// The client company.
    pub company: CompanyId,
    /// The account.
    pub account: AccountId,
    /// How it came about.
    pub origin: MappingOrigin,
    /// When it was mapped.
    pub at: Moment,
    /// Who mapped it; none for the system.
    pub by: Option<Email>,
}

/// How a mapping came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingOrigin {
    /// A mapping run.
    Run,
    /// A click on a row of the mapping page, or the API.
    Hand,
    /// The picker of "Add to CRM" (TASK-6).
    Picker,
    /// A hand-off (HAND-19).
    HandOff,
}

impl MappingOrigin {
    /// The stored word, as the own API shows it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Hand => "hand",
            Self::Picker => "picker",
            Self::HandOff => "hand_off",
        }
    }

    fn parse(code: &str) -> Self {
        [Self::Run, Self::Picker, Self::HandOff].into_iter().find(|origin| origin.code() == code).unwrap_or(Self::Hand)
    }
}

/// An account or a client company, with what tells namesakes apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The id on its side.
    pub id: String,
    /// Its name, as the side has it.
    pub name: String,
    /// City of an account.
    pub city: Option<String>,
    /// Address of an account's owner.
    pub owner: Option<String>,
}

impl Party {
    /// A client company.
    pub fn company(id: &CompanyId, name: &str) -> Self {
        Self { id: id.as_str().to_owned(), name: name.to_owned(), city: None, owner: None }
    }

    /// An account.
    pub fn account(record: &SalesRecord) -> Self {
        Self {
            id: record.reference.id.clone(),
            name: record.name.clone(),
            city: record.city.clone(),
            owner: record.owner.as_ref().map(ToString::to_string),
        }
    }

    /// The name with the city, where there is one: "Hotel Customer (Lisbon)".
    pub fn label(&self) -> String {
        match &self.city {
            Some(city) => format!("{} ({city})", self.name),
            None => self.name.clone(),
        }
    }
}

/// One entry of the history of mappings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingEvent {
    /// Id; later ones sort after earlier ones.
    pub id: String,
    /// Whether it was mapped; else unmapped.
    pub is_mapped: bool,
    /// The client company as it was called then.
    pub company: Party,
    /// The account as it was called then.
    pub account: Party,
    /// How it came about.
    pub origin: MappingOrigin,
    /// When.
    pub at: Moment,
    /// Who.
    pub by: Option<Email>,
}

const OF_COMPANY: Sql = Sql::hot(
    "select id, company_id, account_id, origin, mapped_at, mapped_by from bridge_mapping \
     where connection_id = $1 and company_id = $2",
);
const OF_ACCOUNT: Sql = Sql::hot(
    "select id, company_id, account_id, origin, mapped_at, mapped_by from bridge_mapping \
     where connection_id = $1 and account_id = $2",
);
const BY_ID: Sql = Sql::hot(
    "select id, company_id, account_id, origin, mapped_at, mapped_by from bridge_mapping \
     where connection_id = $1 and id = $2",
);
const ALL: Sql = Sql::new(
    "select id, company_id, account_id, origin, mapped_at, mapped_by from bridge_mapping \
     where connection_id = $1 order by id",
);
const INSERT: Sql = Sql::new(
    "insert into bridge_mapping (connection_id, id, company_id, account_id, origin, mapped_at, mapped_by) \
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
);
const DELETE: Sql = Sql::new("delete from bridge_mapping where connection_id = $1 and id = $2");
const DIFFERENT: Sql = Sql::new("select company_id, account_id from bridge_mapping_different where connection_id = $1");
const SAY_DIFFERENT: Sql = Sql::new(
    "insert into bridge_mapping_different (connection_id, company_id, account_id, said_at, said_by) \
     values ($1, $2, $3, $4, $5) on conflict do nothing",
);
const NOT_DIFFERENT: Sql =
    Sql::new("delete from bridge_mapping_different where connection_id = $1 and company_id = $2 and account_id = $3");
const NOTE: Sql = Sql::new(
    "insert into bridge_mapping_event (connection_id, id, action, company_id, company_name, account_id, account_name, \
     origin, happened_at, person) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);
const EVENTS: Sql = Sql::new(
    "select id, action, company_id, company_name, account_id, account_name, origin, happened_at, person \
     from bridge_mapping_event where connection_id = $1 and id < $2 order by id desc limit $3",
);

/// The mapping of a client company.
pub fn of_company(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    company: &CompanyId,
) -> Result<Option<Mapping>, BridgeError> {
    read.row(&OF_COMPANY, &[connection.as_str().into(), company.as_str().into()])?.as_ref().map(mapping).transpose()
}

/// The mapping of an account.
pub fn of_account(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    account: &AccountId,
) -> Result<Option<Mapping>, BridgeError> {
    read.row(&OF_ACCOUNT, &[connection.as_str().into(), account.as_str().into()])?.as_ref().map(mapping).transpose()
}

/// A mapping by its id.
pub fn by_id(read: &mut Read<'_>, connection: &ConnectionId, id: &MappingId) -> Result<Option<Mapping>, BridgeError> {
    read.row(&BY_ID, &[connection.as_str().into(), id.as_str().into()])?.as_ref().map(mapping).transpose()
}

/// All mappings of a connection, oldest first.
pub fn all(read: &mut Read<'_>, connection: &ConnectionId) -> Result<Vec<Mapping>, BridgeError> {
    read.rows(&ALL, &[connection.as_str().into()])?.iter().map(mapping).collect()
}

/// Pairs of company and account of which a person said that they are not the same.
pub fn different(read: &mut Read<'_>, connection: &ConnectionId) -> Result<Vec<(String, String)>, BridgeError> {
    let rows = read.rows(&DIFFERENT, &[connection.as_str().into()])?;
    rows.iter().map(|row| Ok((row.text("company_id")?, row.text("account_id")?))).collect()
}

/// Stores a mapping and its entry in the history. Both names stand in the history as they are now.
///
/// Errors: `Refused` with `already_mapped` if one of the two has a partner (MAP-7); the unique keys decide, so two
/// people at once cannot both be right. `partner` of the reason is the id, which the caller turns into a name.
pub(crate) fn insert(tx: &mut Tx<'_>, connection: &ConnectionId, new: &NewMapping) -> Result<(), BridgeError> {
    let changed = tx.execute(
        &INSERT,
        &[
            connection.as_str().into(),
            new.mapping.id.as_str().into(),
            new.mapping.company.as_str().into(),
            new.mapping.account.as_str().into(),
            new.mapping.origin.code().into(),
            new.mapping.at.ms().into(),
            new.mapping.by.as_ref().map(Email::as_str).into(),
        ],
    )?;
    if changed == 0 {
        let taken = of_company(tx, connection, &new.mapping.company)?;
        let taken = match taken {
            Some(taken) => taken.account.into_string(),
            None => of_account(tx, connection, &new.mapping.account)?
                .map(|taken| taken.company.into_string())
                .unwrap_or_default(),
        };
        return Err(BridgeError::Refused(Reason::AlreadyMapped { partner: taken }));
    }
    let pair = [new.mapping.company.as_str(), new.mapping.account.as_str()];
    tx.execute(&NOT_DIFFERENT, &[connection.as_str().into(), pair[0].into(), pair[1].into()])?;
    note(tx, connection, "mapped", new)
}

/// What is stored when two are mapped: the pair, and their names for the history.
#[derive(Clone, Debug)]
pub(crate) struct NewMapping {
    pub(crate) mapping: Mapping,
    pub(crate) company_name: String,
    pub(crate) account_name: String,
    /// Id of the entry in the history.
    pub(crate) event_id: String,
    /// Whether the bridge's history tells it: not where a hand-off has its own entry, nor at loading (DEMO-5).
    pub(crate) is_told: bool,
}

/// Takes a mapping away and notes it; answers whether it was there.
pub(crate) fn delete(tx: &mut Tx<'_>, connection: &ConnectionId, gone: &NewMapping) -> Result<bool, BridgeError> {
    if tx.execute(&DELETE, &[connection.as_str().into(), gone.mapping.id.as_str().into()])? == 0 {
        return Ok(false);
    }
    note(tx, connection, "unmapped", gone)?;
    Ok(true)
}

/// Takes a mapping back as if it had never been: the undoing of an operation that failed.
pub(crate) fn take_back(tx: &mut Tx<'_>, connection: &ConnectionId, new: &NewMapping) -> Result<(), BridgeError> {
    tx.execute(&DELETE, &[connection.as_str().into(), new.mapping.id.as_str().into()])?;
    tx.execute(&FORGET_NOTE, &[connection.as_str().into(), (&new.event_id).into()])?;
    announce(tx, connection, new.mapping.company.as_str())
}

const FORGET_NOTE: Sql = Sql::new("delete from bridge_mapping_event where connection_id = $1 and id = $2");

/// Stores that two do not belong together.
pub(crate) fn say_different(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    company: &CompanyId,
    account: &AccountId,
    at: Moment,
    by: &Email,
) -> Result<(), BridgeError> {
    tx.execute(
        &SAY_DIFFERENT,
        &[
            connection.as_str().into(),
            company.as_str().into(),
            account.as_str().into(),
            at.ms().into(),
            by.as_str().into(),
        ],
    )?;
    announce(tx, connection, company.as_str())
}

/// Entries of the history older than `before`, newest first.
pub(crate) fn events(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    before: Option<&str>,
    limit: usize,
) -> Result<Vec<MappingEvent>, BridgeError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = read.rows(&EVENTS, &[connection.as_str().into(), before.unwrap_or("~").into(), limit.into()])?;
    rows.iter()
        .map(|row| {
            let party = |id: &str, name: &str| -> Result<Party, BridgeError> {
                Ok(Party { id: row.text(id)?, name: row.text(name)?, city: None, owner: None })
            };
            Ok(MappingEvent {
                id: row.text("id")?,
                is_mapped: row.text("action")? == "mapped",
                company: party("company_id", "company_name")?,
                account: party("account_id", "account_name")?,
                origin: MappingOrigin::parse(&row.text("origin")?),
                at: Moment::from_ms(row.int("happened_at")?),
                by: row.text_or_null("person")?.as_deref().map(stored::email).transpose()?,
            })
        })
        .collect()
}

fn note(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    action: &'static str,
    what: &NewMapping,
) -> Result<(), BridgeError> {
    tx.execute(
        &NOTE,
        &[
            connection.as_str().into(),
            (&what.event_id).into(),
            action.into(),
            what.mapping.company.as_str().into(),
            (&what.company_name).into(),
            what.mapping.account.as_str().into(),
            (&what.account_name).into(),
            what.mapping.origin.code().into(),
            what.mapping.at.ms().into(),
            what.mapping.by.as_ref().map(Email::as_str).into(),
        ],
    )?;
    announce(tx, connection, what.mapping.company.as_str())?;
    if !what.is_told {
        return Ok(());
    }
    history::record(
        tx,
        connection,
        &NewEntry {
            record: &format!("account:{}", what.mapping.account),
            person: what.mapping.by.as_ref(),
            cause: "mapping",
            detail: &what.company_name,
            ..NewEntry::new(
                HistoryId::new(what.event_id.clone()),
                what.mapping.at,
                if action == "mapped" { Action::Map } else { Action::Unmap },
                Outcome::Applied,
            )
        },
    )
}

/// Pages that show mappings hear that the one of a client company has changed.
fn announce(tx: &mut Tx<'_>, connection: &ConnectionId, company: &str) -> Result<(), BridgeError> {
    feed::announce(tx, connection, ("mapping", company), 0, feed::PORTAL)
}

fn mapping(row: &Row) -> Result<Mapping, BridgeError> {
    Ok(Mapping {
        id: MappingId::new(row.text("id")?),
        company: CompanyId::new(row.text("company_id")?),
        account: AccountId::new(row.text("account_id")?),
        origin: MappingOrigin::parse(&row.text("origin")?),
        at: Moment::from_ms(row.int("mapped_at")?),
        by: row.text_or_null("mapped_by")?.as_deref().map(stored::email).transpose()?,
    })
}
