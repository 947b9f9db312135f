//! The built-in CRM as the bridge sees it: its port over the services, in the same process.

mod writes;

use std::collections::BTreeMap;

use ports::{
    AccountId, Answer, Change, Changes, CreateMark, CrmCapabilities, CrmModule, CrmRef, CrmSide, CrmTask, CrmTaskId,
    CrmUserCard, CrmWrite, Email, FeedCursor, Found, NoteId, OrganisationId, Outcome, Page, PlainText, Reason,
    RecordKind, SalesQuery, SalesRecord, SideError, Stamped, Version, Why, lines,
};
use records::history::{self, Stamps};
use store::{Cursor, Read, StoreError};

use crate::error::CrmError;
use crate::field::Module;
use crate::list::{Filter, ListQuery, Sort, SortField, page};
use crate::record::{Record, note, sales, task};
use crate::service::shared_module;
use crate::{Crm, FEED, user};

/// Longest subject and description, in Unicode code points.
const SUBJECT_MAX: usize = 255;
const DESCRIPTION_MAX: usize = 32_000;
/// Notes of a task that are read at once.
const NOTES_MAX: i64 = 10_000;

/// One organisation of the built-in CRM as a side.
#[derive(Clone)]
pub struct InProcessCrm {
    crm: Crm,
    organisation: OrganisationId,
    capabilities: CrmCapabilities,
}

impl InProcessCrm {
    /// The side of an organisation.
    pub fn new(crm: Crm, organisation: OrganisationId) -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let capabilities = CrmCapabilities {
            subject_max: SUBJECT_MAX,
            description_max: DESCRIPTION_MAX,
            writes_conditionally: true,
            stamps_fields: true,
            priorities: words(&["Highest", "High", "Normal", "Low", "Lowest"]),
            statuses: words(&["Not Started", "Deferred", "In Progress", task::CLOSED, "Waiting for input"]),
        };
        Self { crm, organisation, capabilities }
    }

    fn organisation(&self) -> &str {
        self.organisation.as_str()
    }

    fn read<T>(&self, body: impl Fn(&mut Read<'_>) -> Result<T, CrmError>) -> Result<T, SideError> {
        self.crm.db().read(body).map_err(|error| failed(&error))
    }

    fn answer<T>(&self, value: T) -> Answer<T> {
        Answer { value, side_now: Some(self.crm.now()) }
    }
}

impl CrmSide for InProcessCrm {
    fn capabilities(&self) -> &CrmCapabilities {
        &self.capabilities
    }

    fn versions(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<Version>>>, SideError> {
        let wanted: Vec<&str> = ids.iter().map(CrmTaskId::as_str).collect();
        let found = self.read(|read| Ok(task::versions(read, self.organisation(), &wanted)?))?;
        let versions = wanted
            .iter()
            .map(|id| match found.get(*id) {
                None => Found::Unknown(Why::NotListed),
                Some((_, Some(evidence))) => Found::Gone(evidence.clone()),
                Some((version, None)) => Found::Here(Version::counter(*version)),
            })
            .collect();
        Ok(self.answer(versions))
    }

    fn read_tasks(&self, ids: &[CrmTaskId]) -> Result<Answer<Vec<Found<CrmTask>>>, SideError> {
        let wanted: Vec<&str> = ids.iter().map(CrmTaskId::as_str).collect();
        let (mut found, stamps) = self.read(|read| {
            let found = task::find_all(read, self.organisation(), &wanted)?;
            let stamps = history::last_changes(read, self.organisation(), shared_module(Module::Task), &wanted)?;
            Ok((found, stamps))
        })?;
        let tasks = wanted.iter().map(|id| presence(found.remove(*id), |record| crm_task(&record, &stamps))).collect();
        Ok(self.answer(tasks))
    }

    fn notes(&self, task: &CrmTaskId, after: Option<&NoteId>) -> Result<Vec<ports::Note>, SideError> {
        self.read(|read| {
            let after = after.map_or("", NoteId::as_str);
            let notes = note::of_parent(read, self.organisation(), task.as_str(), after, NOTES_MAX)?;
            let authors: Vec<Email> = notes.iter().map(|note| note.author.clone()).collect();
            let names = user::names(read, &authors)?;
            let has_mention = notes.iter().any(|note| note.text.contains('@'));
            let everybody = if has_mention { user::everybody(read, self.organisation())? } else { Vec::new() };
            let named = |note: note::Note| ports::Note {
                author_name: names.get(&note.author).cloned().unwrap_or_else(|| note.author.to_string()),
                id: note.id,
                task: task.clone(),
                author: note.author,
                at: note.at,
                mentions: lines::mentioned(&note.text, everybody.iter().map(String::as_str)),
                text: PlainText::new(&note.text),
                mark: note.mark.map(CreateMark::new),
            };
            Ok(notes.into_iter().map(named).collect())
        })
    }

    fn check(&self, write: &CrmWrite) -> Result<Option<Reason>, SideError> {
        writes::check(&self.crm, write).map_err(|error| failed(&error))
    }

    fn write(&self, writes: &[CrmWrite]) -> Result<Answer<Vec<Outcome<String>>>, SideError> {
        let outcomes = writes
            .iter()
            .map(|write| writes::write(&self.crm, write))
            .collect::<Result<Vec<_>, CrmError>>()
            .map_err(|error| failed(&error))?;
        Ok(self.answer(outcomes))
    }

    fn find_created(&self, marks: &[CreateMark]) -> Result<Vec<Option<String>>, SideError> {
        self.read(|read| {
            let found = |mark: &CreateMark| writes::created(read, self.organisation(), mark.as_str());
            marks.iter().map(found).collect()
        })
    }

    fn records(&self, records: &[CrmRef]) -> Result<Vec<Found<SalesRecord>>, SideError> {
        let ids: Vec<&str> = records.iter().map(|record| record.id.as_str()).collect();
        let found = self.read(|read| Ok(sales::find_all(read, self.organisation(), &ids)?))?;
        let one = |wanted: &CrmRef| {
            let record = found.get(&wanted.id).filter(|record| record.module == Module::from(wanted.module));
            presence(record.cloned(), |record| sales::sales_record(&record, wanted.module))
        };
        Ok(records.iter().map(one).collect())
    }

    fn list(&self, query: &SalesQuery, after: Option<&str>, limit: usize) -> Result<Page<SalesRecord>, SideError> {
        let of = |account: &AccountId| Filter { account: Some(account.clone()), ..Filter::default() };
        let (module, filter) = match query {
            SalesQuery::All(module) => (*module, Filter::default()),
            SalesQuery::ContactsOf(account) => (CrmModule::Contact, of(account)),
            SalesQuery::DealsOf(account) => (CrmModule::Deal, of(account)),
            SalesQuery::AccountsByNameKey(keys) => return self.accounts_by_name_key(keys, after, limit),
        };
        let query = ListQuery {
            module: module.into(),
            filter,
            sort: Sort::ascending(SortField::Name),
            after: after.map(str::to_owned),
            limit,
        };
        let found = self.read(|read| page(read, self.organisation(), &query))?;
        let rows = found.rows.iter().map(|record| sales::sales_record(record, module)).collect();
        Ok(Page { rows, next: found.next })
    }

    fn users(&self, emails: &[Email]) -> Result<Vec<Option<CrmUserCard>>, SideError> {
        self.read(|read| {
            let names = user::names(read, emails)?;
            let one = |email: &Email| {
                let user = user::by_email(read, self.organisation(), email)?;
                Ok(user.map(|user| card(user, &names)))
            };
            emails.iter().map(one).collect()
        })
    }

    fn all_users(&self) -> Result<Vec<CrmUserCard>, SideError> {
        self.read(|read| {
            let users = user::all(read, self.organisation())?;
            let emails: Vec<Email> = users.iter().map(|user| user.email.clone()).collect();
            let names = user::names(read, &emails)?;
            let mut cards: Vec<CrmUserCard> = users.into_iter().map(|user| card(user, &names)).collect();
            cards.sort_by_key(|card| (!card.is_active, records::fold(&card.name), card.email.clone()));
            Ok(cards)
        })
    }

    fn changes(&self, after: Option<&FeedCursor>, limit: usize) -> Result<Changes, SideError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|read| {
            let Some(after) = after else {
                let cursor = FeedCursor(read.feed_end(FEED)?.as_text().to_owned());
                return Ok(Changes { changes: Vec::new(), cursor, has_more: false });
            };
            let mut found = read.changes(FEED, &Cursor::from_text(after.0.clone()), limit)?;
            if found.is_lost {
                // The database is another one, or an older copy: every change that it still knows is told again.
                found = read.changes(FEED, &Cursor::start(), limit)?;
            }
            // Entries that the feed still holds back, behind an open transaction, count as waiting too.
            let has_more = i64::try_from(found.entries.len()).is_ok_and(|number| number >= limit)
                || read.feed_unread(FEED, &found.cursor)? > 0;
            let own = found.entries.into_iter().filter(|entry| entry.tenant == self.organisation());
            let cursor = FeedCursor(found.cursor.as_text().to_owned());
            Ok(Changes { changes: own.filter_map(hint).collect(), cursor, has_more })
        })
    }
}

impl InProcessCrm {
    /// Accounts under any of some name keys. Keys are few and select few, so they are read key by key.
    fn accounts_by_name_key(
        &self,
        keys: &[String],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<SalesRecord>, SideError> {
        let mut keys: Vec<&String> = keys.iter().collect();
        keys.sort();
        keys.dedup();
        let limit = limit.clamp(1, records::list::PAGE_SIZE_MAX);
        let (from_key, from_id) = after.and_then(|after| after.split_once('\n')).unwrap_or(("", ""));
        self.read(|read| {
            let mut ids = Vec::new();
            for key in keys.iter().filter(|key| key.as_str() >= from_key) {
                let after_id = if key.as_str() == from_key { from_id } else { "" };
                let wanted = limit + 1 - ids.len();
                for id in sales::ids_by_name_key(read, self.organisation(), CrmModule::Account, key, after_id, wanted)?
                {
                    ids.push((key.to_string(), id));
                }
                if ids.len() > limit {
                    break;
                }
            }
            let is_more = ids.len() > limit;
            ids.truncate(limit);
            let next = ids.last().filter(|_| is_more).map(|(key, id)| format!("{key}\n{id}"));
            let wanted: Vec<&str> = ids.iter().map(|(_, id)| id.as_str()).collect();
            let found = sales::find_all(read, self.organisation(), &wanted)?;
            let row = |id: &&str| found.get(*id).map(|record| sales::sales_record(record, CrmModule::Account));
            Ok(Page { rows: wanted.iter().filter_map(row).collect(), next })
        })
    }
}

/// A record that is there, deleted, or not known.
fn presence<T>(record: Option<Record>, make: impl FnOnce(Record) -> T) -> Found<T> {
    match record {
        None => Found::Unknown(Why::NotListed),
        Some(Record { deleted: Some(evidence), .. }) => Found::Gone(evidence),
        Some(record) => Found::Here(make(record)),
    }
}

fn crm_task(record: &Record, stamps: &Stamps) -> CrmTask {
    // A field that never changed is as old as the task.
    fn stamped<T>(record: &Record, stamps: &Stamps, field: &str, value: T) -> Stamped<T> {
        match stamps.of(&record.id, field) {
            Some(stamp) => Stamped { value, by: Some(stamp.who.clone()), at: Some(stamp.at) },
            None => Stamped { value, by: Some(record.created.by.clone()), at: Some(record.created.at) },
        }
    }
    let values = &record.values;
    let state = record.task.as_ref();
    let under = values.text("related").or(values.text("person")).and_then(task::parse);
    let under_name = record.named("related").or(record.named("person").filter(|_| values.text("related").is_none()));
    let priority = values.text("priority").map(str::to_owned);
    CrmTask {
        id: CrmTaskId::new(record.id.as_str()),
        version: record.mark(),
        subject: stamped(record, stamps, "subject", record.name().to_owned()),
        description: stamped(record, stamps, "description", PlainText::new(record.text("description"))),
        due: stamped(record, stamps, "due", values.date("due")),
        priority: stamped(record, stamps, "priority", priority),
        status: stamped(record, stamps, "status", record.text("status").to_owned()),
        owner: stamped(record, stamps, "owner", record.owner.clone()),
        status_before_closing: state.and_then(|state| state.status_before_closing.clone()),
        under,
        under_name: under_name.map(|named| named.name.clone()),
        account: state
            .and_then(|state| state.account.as_ref())
            .map(|account| AccountId::new(account.reference.id.as_str())),
        newest_note: state.and_then(|state| state.newest_note.clone()),
    }
}

fn card(user: user::User, names: &BTreeMap<Email, String>) -> CrmUserCard {
    CrmUserCard {
        name: names.get(&user.email).cloned().unwrap_or_else(|| user.email.to_string()),
        is_administrator: user.profile == user::Profile::Administrator,
        email: user.email,
        id: user.id,
        is_active: user.is_active,
    }
}

fn hint(entry: store::Change) -> Option<Change> {
    let version = Some(Version::counter(entry.version));
    if entry.kind == "user" {
        return Some(Change { kind: RecordKind::User, id: entry.record, sales: None, version });
    }
    let module = Module::parse(&entry.kind)?;
    let sales = module.sales().map(|module| CrmRef { module, id: entry.record.clone() });
    Some(Change { kind: module.kind(), id: entry.record, sales, version })
}

fn failed(error: &CrmError) -> SideError {
    match error {
        CrmError::Store(StoreError::Busy(_) | StoreError::Unavailable(_) | StoreError::Full(_)) => {
            SideError::Unreachable(error.to_string())
        }
        CrmError::Store(_)
        | CrmError::NotFound
        | CrmError::Gone(_)
        | CrmError::Refused(_)
        | CrmError::Invalid(_)
        | CrmError::Stale(_) => SideError::Failed(error.to_string()),
    }
}
