//! From a sales record to a project: the form, the look at what would happen, and the order (HAND-1 to HAND-19).

pub mod check;
pub mod form;
pub mod steps;

use ports::{Acting, Page};
use ports::{
    AssociationId, CompanyId, ConnectionId, CrmModule, CrmRef, Date, Email, JobId, MappingId, Moment, ProjectFacts,
    ProjectId, Reason, SalesRecord,
};
use store::{Read, Row, Sql, Tx};

use crate::connection::Connection;
use crate::error::BridgeError;
use crate::mapping::Party;
use crate::operation::{Begun, NewOperation, Operation, OperationKind, OperationState, Ordered, StepRefused};
use crate::service::Bridge;
use crate::stored;

/// All that the form needs; nothing is created by reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOffForm {
    /// The connection.
    pub connection: ConnectionId,
    /// The record.
    pub record: SalesRecord,
    /// The project as the record fills it in (HAND-6).
    pub project: ProjectDraft,
    /// Who may be the owner: active portal users, by name.
    pub owners: Vec<PersonChoice>,
    /// Portal administrators who are CRM users: chosen and not removable (HAND-7).
    pub fixed_users: Vec<PersonChoice>,
    /// CRM users who may be added; empty without "Add user".
    pub users: Vec<PersonChoice>,
    /// The client (HAND-19).
    pub client: ClientBlock,
    /// Contacts who can become client users.
    pub contacts: Vec<ContactChoice>,
    /// What the person should know, for example that there will be no client (HAND-4).
    pub notes: Vec<Reason>,
}

/// Fields of the new project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectDraft {
    /// Name.
    pub name: String,
    /// Overview.
    pub overview: String,
    /// Owner; none: who asks.
    pub owner: Option<Email>,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// Whether the dates bind.
    pub is_strict: bool,
}

/// A person to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonChoice {
    /// Address.
    pub email: Email,
    /// Name.
    pub name: String,
    /// Whether the person is a portal user already; others are invited.
    pub is_portal_user: bool,
}

/// A contact to choose as client user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactChoice {
    /// Id of the contact.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address, if there is one.
    pub email: Option<Email>,
    /// Why it cannot be chosen.
    pub problem: Option<Reason>,
}

/// Which client the project gets (HAND-19).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientBlock {
    /// The record has no account: no client, and tasks cannot go to the CRM for now (HAND-4).
    None,
    /// The account is mapped: its company.
    Mapped {
        /// The company.
        company: Party,
    },
    /// No company has this name: one is created.
    Create {
        /// Its name.
        name: String,
        /// Whether it is mapped to the account; not so from a lead (HAND-5).
        maps: bool,
    },
    /// One company without a partner has exactly this name: it is used.
    Namesake {
        /// The company.
        company: Party,
        /// Whether the person may tick "map them"; then it is ticked.
        may_map: bool,
    },
    /// Several, or only similar names: the form asks, one of them (stays unmapped) or a new one.
    Ask {
        /// The companies.
        candidates: Vec<Party>,
        /// The name of a new one.
        name: String,
        /// Whether a new one is mapped to the account.
        maps: bool,
    },
}

/// What the person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOffInput {
    /// The record.
    pub record: CrmRef,
    /// The project.
    pub project: ProjectDraft,
    /// Users to add, beside the fixed ones.
    pub users: Vec<Email>,
    /// The client.
    pub client: ClientChoice,
    /// Contacts that become client users.
    pub contacts: Vec<String>,
}

/// The chosen client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientChoice {
    /// None.
    None,
    /// What the form offers without asking: mapped, namesake or created. `map` counts for a namesake.
    Offered {
        /// "Map them".
        map: bool,
    },
    /// An existing company.
    Existing {
        /// Which.
        company: CompanyId,
        /// "Map them".
        map: bool,
    },
    /// A new company.
    New {
        /// Its name.
        name: String,
    },
}

/// One thing that an order would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A project is created.
    CreateProject {
        /// Its name.
        name: String,
    },
    /// A client company is created.
    CreateCompany {
        /// Its name.
        name: String,
    },
    /// The project gets this client company.
    UseCompany {
        /// The company.
        company: Party,
    },
    /// Company and account are mapped.
    Map {
        /// Name of the company.
        company: String,
        /// The account.
        account: Party,
    },
    /// It is shown on the record.
    Associate {
        /// The record.
        record: CrmRef,
        /// Its name.
        name: String,
    },
    /// A portal user becomes a member.
    AddMember {
        /// The person.
        person: Email,
        /// The name shown.
        name: String,
    },
    /// Somebody is invited.
    Invite {
        /// The person.
        person: Email,
        /// The name shown.
        name: String,
        /// As client user; else as portal user.
        is_client: bool,
    },
}

impl Effect {
    /// The action word of the own API.
    pub fn action(&self) -> &'static str {
        match self {
            Self::CreateProject { .. } | Self::CreateCompany { .. } => "create",
            Self::UseCompany { .. } => "update",
            Self::Map { .. } => "map",
            Self::Associate { .. } => "associate",
            Self::AddMember { .. } => "add_member",
            Self::Invite { .. } => "invite",
        }
    }
}

/// The answer to a dry run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effects {
    /// Fingerprint of everything that this was computed from.
    pub basis: String,
    /// What would happen, in order.
    pub effects: Vec<Effect>,
    /// Why it would be refused, by step; empty if it would not.
    pub problems: Vec<StepRefused>,
    /// Calls that the Projects side would be asked for.
    pub calls: usize,
}

/// A hand-off that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOff {
    /// Id.
    pub id: String,
    /// Its connection.
    pub connection: ConnectionId,
    /// The record.
    pub record: CrmRef,
    /// Name of the record now; empty if it is gone.
    pub record_name: String,
    /// The project.
    pub project_id: ProjectId,
    /// The project as it is now; none if it is gone.
    pub project: Option<ProjectFacts>,
    /// The association made.
    pub association: AssociationId,
    /// The client company given.
    pub company: Option<Party>,
    /// The mapping made.
    pub mapping: Option<MappingId>,
    /// Who was invited.
    pub invited: Vec<Email>,
    /// When.
    pub at: Moment,
    /// Who.
    pub by: Email,
}

/// Which hand-offs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandOffFilter {
    /// From this record.
    pub record: Option<CrmRef>,
    /// To this project.
    pub project: Option<ProjectId>,
    /// By this person.
    pub person: Option<Email>,
}

/// The stored part of a hand-off.
#[derive(Clone, Debug)]
pub(crate) struct HandOffRow {
    pub(crate) id: String,
    pub(crate) record: CrmRef,
    pub(crate) project: ProjectId,
    pub(crate) association: AssociationId,
    pub(crate) company: Option<CompanyId>,
    pub(crate) mapping: Option<MappingId>,
    pub(crate) invited: Vec<String>,
    pub(crate) at: Moment,
    pub(crate) by: Email,
}

const INSERT: Sql = Sql::new(
    "insert into bridge_hand_off (connection_id, id, module, record_id, project_id, association_id, company_id, \
     mapping_id, invited, created_at, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
);
const BY_ID: Sql = Sql::hot(
    "select id, module, record_id, project_id, association_id, company_id, mapping_id, invited, created_at, created_by \
     from bridge_hand_off where connection_id = $1 and id = $2",
);
const LIST: Sql = Sql::new(
    "select id, module, record_id, project_id, association_id, company_id, mapping_id, invited, created_at, created_by \
     from bridge_hand_off where connection_id = $1 and id < $2 order by id desc limit $3",
);
const PAGE: i64 = 200;

impl Bridge {
    /// What [`Bridge::hand_off`] would do with this input; nothing is written.
    ///
    /// Errors: `Invalid` for values that no order could have; `Refused` where not even the form opens (HAND-2, HAND-3).
    pub fn check_hand_off(&self, acting: &Acting, input: &HandOffInput) -> Result<Effects, BridgeError> {
        let connection = self.running_connection(&acting.tenant)?;
        let plan = self.plan_hand_off(&connection, acting, input)?;
        Ok(plan.effects())
    }

    /// Creates a project from a record: company, project, association, mapping, users, client users, all or nothing
    /// (HAND-12). The same press token gives one project and the same answer, however often it comes.
    ///
    /// A refusal names its step; then nothing is left of the earlier ones. Errors: as [`Bridge::check_hand_off`];
    /// `ChangedSince` if `basis` does not hold; `AlreadyRunning` while the same order is being worked on: ask again.
    pub fn hand_off(
        &self,
        acting: &Acting,
        press_token: &str,
        basis: Option<&str>,
        input: &HandOffInput,
    ) -> Result<Ordered<HandOff>, BridgeError> {
        let connection = self.running_connection(&acting.tenant)?;
        if let Some(done) = self.answered(&connection, acting, OperationKind::HandOff, press_token)? {
            return self.handed_off(&connection, &done);
        }
        let plan = self.plan_hand_off(&connection, acting, input)?;
        if basis.is_some_and(|basis| basis != plan.basis) {
            return Err(BridgeError::ChangedSince);
        }
        if let Some(problem) = plan.problems.first() {
            return Ok(Ordered::Refused(problem.clone()));
        }
        let new = NewOperation {
            kind: OperationKind::HandOff,
            press_token,
            exclusive: None,
            document: stored::to_json(&plan.document)?,
        };
        let ended = match self.begin(&connection, acting, &new)? {
            Begun::Ended(operation) => *operation,
            Begun::Ours(claimed) => self.drive(*claimed)?,
        };
        self.handed_off(&connection, &ended)
    }

    /// A hand-off. For whoever sees the record or the project. Errors: `NotFound`.
    pub fn hand_off_by_id(&self, acting: &Acting, id: &str) -> Result<HandOff, BridgeError> {
        self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let row = self.db().read(|read| by_id(read, &connection.id, id))?.ok_or(BridgeError::NotFound)?;
        self.may_see_hand_off(acting, &row)?.then_some(()).ok_or(BridgeError::NotFound)?;
        self.hand_off_from(&connection, row)
    }

    /// A page of hand-offs older than `after`, newest first, of what the person may see.
    pub fn hand_offs(
        &self,
        acting: &Acting,
        filter: &HandOffFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<HandOff>, BridgeError> {
        self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let (mut rows, mut before) = (Vec::new(), after.unwrap_or("~").to_owned());
        while rows.len() <= limit {
            let page = self.db().read(|read| page(read, &connection.id, &before))?;
            let Some(last) = page.last() else { break };
            last.id.clone_into(&mut before);
            for row in page {
                if filter.fits(&row) && self.may_see_hand_off(acting, &row)? {
                    rows.push(row);
                }
            }
        }
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more).map(|row| row.id.clone());
        let rows = rows.into_iter().map(|row| self.hand_off_from(&connection, row)).collect::<Result<_, _>>()?;
        Ok(Page { rows, next })
    }

    fn may_see_hand_off(&self, acting: &Acting, row: &HandOffRow) -> Result<bool, BridgeError> {
        if self.crm_user(&acting.email)?.is_some() {
            return Ok(true);
        }
        let access = self.access(&acting.email, std::slice::from_ref(&row.project))?;
        Ok(access.first().is_some_and(|access| access.sees))
    }

    fn handed_off(&self, connection: &Connection, ended: &Operation) -> Result<Ordered<HandOff>, BridgeError> {
        match ended.state {
            OperationState::Running | OperationState::Undoing => Ok(Ordered::Waiting(JobId::new(ended.id.as_str()))),
            OperationState::Refused => Ok(Ordered::Refused(StepRefused {
                step: ended.failed_step.clone().unwrap_or_default(),
                reason: ended.reason.clone().unwrap_or(Reason::InternalError),
            })),
            OperationState::Done => {
                let id = steps::hand_off_id(&ended.document)?;
                let row = self.db().read(|read| by_id(read, &connection.id, &id))?.ok_or(BridgeError::NotFound)?;
                Ok(Ordered::Done(self.hand_off_from(connection, row)?))
            }
        }
    }

    fn hand_off_from(&self, connection: &Connection, row: HandOffRow) -> Result<HandOff, BridgeError> {
        let company = match &row.company {
            Some(company) => self.company_party(company)?,
            None => None,
        };
        Ok(HandOff {
            connection: connection.id.clone(),
            record_name: self.sales_record(&row.record)?.map(|record| record.name).unwrap_or_default(),
            project: self.project_facts(std::slice::from_ref(&row.project))?.into_iter().next().flatten(),
            project_id: row.project,
            company,
            invited: row.invited.iter().map(|person| stored::email(person)).collect::<Result<_, _>>()?,
            id: row.id,
            record: row.record,
            association: row.association,
            mapping: row.mapping,
            at: row.at,
            by: row.by,
        })
    }
}

impl HandOffFilter {
    fn fits(&self, row: &HandOffRow) -> bool {
        self.record.as_ref().is_none_or(|record| *record == row.record)
            && self.project.as_ref().is_none_or(|project| *project == row.project)
            && self.person.as_ref().is_none_or(|person| *person == row.by)
    }
}

pub(crate) fn insert(tx: &mut Tx<'_>, connection: &ConnectionId, row: &HandOffRow) -> Result<(), BridgeError> {
    tx.execute(
        &INSERT,
        &[
            connection.as_str().into(),
            (&row.id).into(),
            row.record.module.code().into(),
            (&row.record.id).into(),
            row.project.as_str().into(),
            row.association.as_str().into(),
            row.company.as_ref().map(CompanyId::as_str).into(),
            row.mapping.as_ref().map(MappingId::as_str).into(),
            stored::to_json(&row.invited)?.into(),
            row.at.ms().into(),
            row.by.as_str().into(),
        ],
    )?;
    Ok(())
}

fn by_id(read: &mut Read<'_>, connection: &ConnectionId, id: &str) -> Result<Option<HandOffRow>, BridgeError> {
    read.row(&BY_ID, &[connection.as_str().into(), id.into()])?.as_ref().map(row).transpose()
}

fn page(read: &mut Read<'_>, connection: &ConnectionId, before: &str) -> Result<Vec<HandOffRow>, BridgeError> {
    read.rows(&LIST, &[connection.as_str().into(), before.into(), PAGE.into()])?.iter().map(row).collect()
}

fn row(row: &Row) -> Result<HandOffRow, BridgeError> {
    let module = row.text("module")?;
    Ok(HandOffRow {
        id: row.text("id")?,
        record: CrmRef {
            module: CrmModule::parse(&module)
                .ok_or_else(|| BridgeError::Failed(format!("a hand-off has the unknown module {module}")))?,
            id: row.text("record_id")?,
        },
        project: ProjectId::new(row.text("project_id")?),
        association: AssociationId::new(row.text("association_id")?),
        company: row.text_or_null("company_id")?.map(CompanyId::new),
        mapping: row.text_or_null("mapping_id")?.map(MappingId::new),
        invited: stored::from_json(&row.text("invited")?)?,
        at: Moment::from_ms(row.int("created_at")?),
        by: stored::email(&row.text("created_by")?)?,
    })
}
