//! Which projects belong to which sales records (OBJ-4, HAND-1, HAND-15, HAND-16).
//!
//! What a person associated is stored. That the projects of a mapped company belong to its account (MAP-1) is not: it
//! follows from the mapping and the project's clients, and is computed when asked, so it can never be out of date.

pub mod steps;

use std::collections::HashSet;

use ports::rule::name;
use ports::{
    AccountId, Acting, AssociationId, CompanyId, ConnectionId, CrmModule, CrmRef, Email, Found, Moment, Page,
    ProjectFacts, ProjectId, Reason, SalesRecord,
};
use store::{Read, Row, Sql, Tx};

use crate::connection::Connection;
use crate::error::BridgeError;
use crate::history::Action;
use crate::mapping::{self, Mapping};
use crate::note;
use crate::service::{Bridge, Caller};
use crate::stored;

/// A sales record and a project that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// Id. That of a computed one is made of the mapping and the project.
    pub id: AssociationId,
    /// The sales record.
    pub record: CrmRef,
    /// The project.
    pub project: ProjectId,
    /// How it came about.
    pub origin: AssociationOrigin,
    /// The hand-off that made it.
    pub hand_off: Option<String>,
    /// When.
    pub at: Moment,
    /// Who.
    pub by: Option<Email>,
    /// The oldest of its module on the project.
    pub is_first: bool,
}

/// How an association came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssociationOrigin {
    /// The project was made from the record.
    HandOff,
    /// A person chose the project.
    Hand,
    /// The project has a client that is mapped to the account (MAP-1).
    Mapping,
}

impl AssociationOrigin {
    /// The word of store and API.
    pub fn code(self) -> &'static str {
        match self {
            Self::HandOff => "hand_off",
            Self::Hand => "hand",
            Self::Mapping => "mapping",
        }
    }
}

/// A row of the related list "Projects" of a record (HAND-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedProject {
    /// Why it is here.
    pub association: Association,
    /// The project as it is now.
    pub project: ProjectFacts,
    /// Whether the person may open it; the row shows to whoever sees the record.
    pub opens: bool,
}

/// A record that a project belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedRecord {
    /// Why it is here.
    pub association: Association,
    /// The record as it is now; none if it is gone, or if the person may not know it (DET-2).
    pub record: Option<SalesRecord>,
}

const INSERT: Sql = Sql::new(
    "insert into bridge_association (connection_id, id, module, record_id, project_id, origin, hand_off_id, created_at, \
     created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
);
const DELETE: Sql = Sql::new("delete from bridge_association where connection_id = $1 and id = $2");
const BY_ID: Sql = Sql::hot(
    "select id, module, record_id, project_id, origin, hand_off_id, created_at, created_by from bridge_association \
     where connection_id = $1 and id = $2",
);
const OF_RECORD: Sql = Sql::hot(
    "select id, module, record_id, project_id, origin, hand_off_id, created_at, created_by from bridge_association \
     where connection_id = $1 and module = $2 and record_id = $3 order by id",
);
const OF_PROJECT: Sql = Sql::hot(
    "select id, module, record_id, project_id, origin, hand_off_id, created_at, created_by from bridge_association \
     where connection_id = $1 and project_id = $2 order by id",
);
const FIRST: Sql = Sql::hot(
    "select id from bridge_association where connection_id = $1 and project_id = $2 and module = $3 order by id limit 1",
);

/// Stores an association; answers whether it was new.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    new: &Association,
    by: &Email,
) -> Result<bool, BridgeError> {
    let changed = tx.execute(
        &INSERT,
        &[
            connection.as_str().into(),
            new.id.as_str().into(),
            new.record.module.code().into(),
            (&new.record.id).into(),
            new.project.as_str().into(),
            new.origin.code().into(),
            (&new.hand_off).into(),
            new.at.ms().into(),
            by.as_str().into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Takes an association away; answers whether it was there.
pub(crate) fn delete(tx: &mut Tx<'_>, connection: &ConnectionId, id: &AssociationId) -> Result<bool, BridgeError> {
    Ok(tx.execute(&DELETE, &[connection.as_str().into(), id.as_str().into()])? == 1)
}

/// Associations that persons made of this record, oldest first.
pub fn of_record(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    record: &CrmRef,
) -> Result<Vec<Association>, BridgeError> {
    let binds = [connection.as_str().into(), record.module.code().into(), (&record.id).into()];
    let rows = read.rows(&OF_RECORD, &binds)?;
    rows.iter().map(|row| association(read, connection, row)).collect()
}

/// Associations that persons made of this project, oldest first.
pub fn of_project(
    read: &mut Read<'_>,
    connection: &ConnectionId,
    project: &ProjectId,
) -> Result<Vec<Association>, BridgeError> {
    let rows = read.rows(&OF_PROJECT, &[connection.as_str().into(), project.as_str().into()])?;
    rows.iter().map(|row| association(read, connection, row)).collect()
}

fn association(read: &mut Read<'_>, connection: &ConnectionId, row: &Row) -> Result<Association, BridgeError> {
    let module = row.text("module")?;
    let (id, project) = (row.text("id")?, row.text("project_id")?);
    let first = read.row(&FIRST, &[connection.as_str().into(), (&project).into(), (&module).into()])?;
    let first = first.map(|first| first.text("id")).transpose()?;
    Ok(Association {
        record: CrmRef {
            module: CrmModule::parse(&module)
                .ok_or_else(|| BridgeError::Failed(format!("an association has the unknown module {module}")))?,
            id: row.text("record_id")?,
        },
        project: ProjectId::new(project),
        origin: match row.text("origin")?.as_str() {
            "hand_off" => AssociationOrigin::HandOff,
            _ => AssociationOrigin::Hand,
        },
        hand_off: row.text_or_null("hand_off_id")?,
        at: Moment::from_ms(row.int("created_at")?),
        by: Some(stored::email(&row.text("created_by")?)?),
        is_first: first.as_ref() == Some(&id),
        id: AssociationId::new(id),
    })
}

impl Bridge {
    /// The related list of a record: what persons associated, then what follows from the mapping, each oldest first.
    ///
    /// For CRM users. Errors: `NotFound` for a record that is not there.
    pub fn related_projects(&self, acting: &Acting, record: &CrmRef) -> Result<Vec<RelatedProject>, BridgeError> {
        let caller = self.caller(acting)?;
        caller.require_crm_user()?;
        let connection = self.my_connection(acting)?;
        self.sales_record(record)?.ok_or(BridgeError::NotFound)?;
        let associations = self.associations_of_record(&connection, record)?;
        let ids: Vec<_> = associations.iter().map(|association| association.project.clone()).collect();
        let projects = self.project_facts(&ids)?;
        let access = match caller.portal {
            Some(_) => self.access(&caller.email, &ids)?,
            None => vec![ports::Access::default(); ids.len()],
        };
        let rows = associations.into_iter().zip(projects).zip(access);
        Ok(rows
            .filter_map(|((association, project), access)| {
                Some(RelatedProject { association, project: project?, opens: access.sees })
            })
            .collect())
    }

    /// The records of a project. Errors: `NotFound` for a project that the person does not see.
    pub fn related_records(&self, acting: &Acting, project: &ProjectId) -> Result<Vec<RelatedRecord>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let facts = self.visible_project(acting, project)?;
        let mut associations = self.db().read(|read| of_project(read, &connection.id, project))?;
        let stored: HashSet<CrmRef> = associations.iter().map(|own| own.record.clone()).collect();
        for pair in self.mappings_of(&connection, &facts.companies)? {
            let computed = computed(&pair, project);
            if !stored.contains(&computed.record) {
                associations.push(computed);
            }
        }
        let may_know =
            caller.crm.is_some() || caller.portal.as_ref().is_some_and(|user| user.rights.may_see_crm_details);
        let references: Vec<_> = associations.iter().map(|association| association.record.clone()).collect();
        let records = if may_know { self.sales_records(&references)? } else { vec![None; references.len()] };
        let rows = associations.into_iter().zip(records);
        Ok(rows.map(|(association, record)| RelatedRecord { association, record }).collect())
    }

    /// An association by its id, stored ones only. Errors: `NotFound`.
    pub(crate) fn association(&self, connection: &Connection, id: &AssociationId) -> Result<Association, BridgeError> {
        self.db()
            .read(|read| {
                let row = read.row(&BY_ID, &[connection.id.as_str().into(), id.as_str().into()])?;
                row.as_ref().map(|row| association(read, &connection.id, row)).transpose()
            })?
            .ok_or(BridgeError::NotFound)
    }

    /// Open projects that the person sees and that are not yet associated with the record (HAND-15), by name, at most
    /// `limit` after `after`. Who is no portal user sees none.
    pub fn associable_projects(
        &self,
        acting: &Acting,
        record: &CrmRef,
        search: Option<&str>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ProjectFacts>, BridgeError> {
        let caller = self.caller(acting)?;
        caller.require_crm_user()?;
        let connection = self.my_connection(acting)?;
        self.sales_record(record)?.ok_or(BridgeError::NotFound)?;
        if caller.portal.is_none() {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        let known: HashSet<ProjectId> =
            self.associations_of_record(&connection, record)?.into_iter().map(|own| own.project).collect();
        self.visible_projects(&caller.email, search, after, limit, |project| !known.contains(&project.id))
    }

    /// Removes an association; project, clients, mapping and links stay (HAND-16). Needs "Create project".
    ///
    /// Errors: `WrongState` for one of origin `mapping`.
    pub fn remove_association(&self, acting: &Acting, id: &AssociationId) -> Result<(), BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.running_connection(&acting.tenant)?;
        if id.as_str().contains(COMPUTED) {
            return Err(BridgeError::WrongState);
        }
        let gone = self.association(&connection, id)?;
        self.require_associating(&caller)?;
        let name = self.sales_record(&gone.record)?.map(|record| record.name).unwrap_or_default();
        let note = note::association(self, &connection, Action::Dissociate, &gone, &name, acting);
        if self.db().write(|tx| {
            let was_there = delete(tx, &connection.id, id)?;
            if was_there {
                note::write(tx, &note)?;
            }
            Ok::<_, BridgeError>(was_there)
        })? {
            Ok(())
        } else {
            Err(BridgeError::NotFound)
        }
    }

    /// Stored and computed associations of a record.
    pub(crate) fn associations_of_record(
        &self,
        connection: &Connection,
        record: &CrmRef,
    ) -> Result<Vec<Association>, BridgeError> {
        let mut associations = self.db().read(|read| of_record(read, &connection.id, record))?;
        if record.module != CrmModule::Account {
            return Ok(associations);
        }
        let account = AccountId::new(record.id.clone());
        let Some(pair) = self.db().read(|read| mapping::of_account(read, &connection.id, &account))? else {
            return Ok(associations);
        };
        let stored: HashSet<ProjectId> = associations.iter().map(|own| own.project.clone()).collect();
        let projects = self.projects().projects_of_company(&pair.company)?;
        let others = projects.iter().filter(|project| !stored.contains(project));
        associations.extend(others.map(|project| computed(&pair, project)));
        Ok(associations)
    }

    /// Mappings of these companies, in their order.
    pub(crate) fn mappings_of(
        &self,
        connection: &Connection,
        companies: &[CompanyId],
    ) -> Result<Vec<Mapping>, BridgeError> {
        self.db().read(|read| {
            let mut found = Vec::new();
            for company in companies {
                found.extend(mapping::of_company(read, &connection.id, company)?);
            }
            Ok(found)
        })
    }

    /// Errors: `Refused` for whoever may not create projects, which associating asks for too.
    pub(crate) fn require_associating(&self, caller: &Caller) -> Result<(), BridgeError> {
        if caller.crm.is_some() && caller.may_create_projects() { Ok(()) } else { Err(BridgeError::no_permission()) }
    }

    /// A sales record, if it is there.
    pub(crate) fn sales_record(&self, record: &CrmRef) -> Result<Option<SalesRecord>, BridgeError> {
        Ok(self.sales_records(std::slice::from_ref(record))?.into_iter().next().flatten())
    }

    /// Sales records in the order and number of `records`.
    pub(crate) fn sales_records(&self, records: &[CrmRef]) -> Result<Vec<Option<SalesRecord>>, BridgeError> {
        let mut found = Vec::new();
        for part in records.chunks(100) {
            let answer = self.crm().records(part)?;
            found.extend(answer.into_iter().map(|record| match record {
                Found::Here(record) => Some(record),
                Found::Gone(_) | Found::Unknown(_) => None,
            }));
        }
        Ok(found)
    }
}

/// What stands between the two ids of a computed association.
const COMPUTED: char = '-';

/// The association that follows from a mapping and a project's client.
fn computed(pair: &Mapping, project: &ProjectId) -> Association {
    Association {
        id: AssociationId::new(format!("{}{COMPUTED}{project}", pair.id)),
        record: CrmRef { module: CrmModule::Account, id: pair.account.as_str().to_owned() },
        project: project.clone(),
        origin: AssociationOrigin::Mapping,
        hand_off: None,
        at: pair.at,
        by: pair.by.clone(),
        is_first: false,
    }
}

/// Why a project cannot be associated with a record, if it cannot.
pub(crate) fn refusal(project: &ProjectFacts, known: &[Association]) -> Option<Reason> {
    if known.iter().any(|own| own.project == project.id) {
        return Some(Reason::AlreadyAssociated { project: project.name.clone() });
    }
    project.is_closed.then(|| Reason::ProjectClosed { project: project.name.clone() })
}

/// Whether a project's name contains what is searched for, under the name key.
pub(crate) fn is_found(project: &ProjectFacts, search: Option<&str>) -> bool {
    let word = search.map(name::key).unwrap_or_default();
    word.is_empty() || name::key(&project.name).contains(&word) || name::key(&project.key) == word
}
