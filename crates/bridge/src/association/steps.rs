//! Associating several projects with a record: all or none (HAND-11, HAND-15).

use ports::{
    Acting, AssociationId, CompanyId, CrmModule, CrmRef, HistoryId, Outcome, ProjectFacts, ProjectId, ProjectsWrite,
    Reason,
};
use serde::{Deserialize, Serialize};

use super::{Association, AssociationOrigin};
use crate::connection::Connection;
use crate::error::BridgeError;
use crate::history::Action;
use crate::mapping;
use crate::note::{self, Note};
use crate::operation::{
    Begun, Claimed, NewOperation, Operation, OperationKind, OperationState, Ordered, StepRefused, Then,
};
use crate::service::Bridge;
use crate::stored;

/// What an order to associate keeps.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Document {
    module: String,
    record: String,
    record_name: String,
    projects: Vec<Chosen>,
    /// The project whose clients are set next; past the end the associations are stored.
    at: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Chosen {
    project: String,
    project_name: String,
    association: String,
    note: String,
    /// Clients before and after; none if they do not change.
    clients: Option<Clients>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Clients {
    before: Vec<String>,
    after: Vec<String>,
}

/// Projects that one order associates at most.
pub const PROJECTS_MAX: usize = 50;

impl Bridge {
    /// Associates projects with a record, all or none. Needs "Create project".
    ///
    /// The account's company, if mapped, becomes a client of each: primary where there is none, else a further one.
    /// Nobody is asked for a client. Errors: `Refused` with `already_associated`, `project_closed` or `no_permission`;
    /// `NotFound` for a record or a project that the person does not see.
    pub fn associate(
        &self,
        acting: &Acting,
        press_token: &str,
        record: &CrmRef,
        projects: &[ProjectId],
    ) -> Result<Ordered<Vec<Association>>, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.running_connection(&acting.tenant)?;
        if let Some(done) = self.answered(&connection, acting, OperationKind::Associate, press_token)? {
            return self.associated(&connection, &done);
        }
        self.require_associating(&caller)?;
        if projects.is_empty() || projects.len() > PROJECTS_MAX {
            return Err(BridgeError::invalid("project_ids", "required"));
        }
        let document = self.associating(&connection, acting, record, projects)?;
        let new = NewOperation {
            kind: OperationKind::Associate,
            press_token,
            exclusive: Some(format!("record:{}:{}", record.module.code(), record.id)),
            document: stored::to_json(&document)?,
        };
        let ended = match self.begin(&connection, acting, &new)? {
            Begun::Ended(operation) => *operation,
            Begun::Ours(claimed) => self.drive(*claimed)?,
        };
        self.associated(&connection, &ended)
    }

    /// Checks everything that is known before the first write.
    fn associating(
        &self,
        connection: &Connection,
        acting: &Acting,
        record: &CrmRef,
        projects: &[ProjectId],
    ) -> Result<Document, BridgeError> {
        let sales = self.sales_record(record)?.ok_or(BridgeError::NotFound)?;
        let company = match &sales.account {
            Some(account) => self.db().read(|read| mapping::of_account(read, &connection.id, account))?,
            None => None,
        };
        let known = self.associations_of_record(connection, record)?;
        let mut chosen = Vec::new();
        for id in projects {
            let project = self.visible_project(acting, id)?;
            if let Some(reason) = super::refusal(&project, &known) {
                return Err(BridgeError::Refused(reason));
            }
            let clients = clients(&project, company.as_ref().map(|pair| &pair.company));
            if let Some(clients) = &clients {
                let write = set_companies(&project.id, &clients.after, acting);
                if let Some(reason) = self.projects().check(&write)? {
                    return Err(BridgeError::Refused(reason));
                }
            }
            chosen.push(Chosen {
                project: project.id.into_string(),
                project_name: project.name,
                association: self.next_id(),
                note: self.next_id(),
                clients,
            });
        }
        Ok(Document {
            module: record.module.code().to_owned(),
            record: record.id.clone(),
            record_name: sales.name,
            projects: chosen,
            at: 0,
        })
    }

    fn associated(&self, connection: &Connection, ended: &Operation) -> Result<Ordered<Vec<Association>>, BridgeError> {
        match ended.state {
            OperationState::Running | OperationState::Undoing => Ok(Ordered::Waiting(ended.id.clone())),
            OperationState::Refused => Ok(Ordered::Refused(StepRefused {
                step: ended.failed_step.clone().unwrap_or_default(),
                reason: ended.reason.clone().unwrap_or(Reason::InternalError),
            })),
            OperationState::Done => {
                let document: Document = stored::from_json(&ended.document)?;
                let ids = document.projects.iter().map(|chosen| AssociationId::new(chosen.association.clone()));
                // One that was removed since is not there any more, and the order was done all the same.
                let there = ids.filter_map(|id| self.association(connection, &id).ok());
                Ok(Ordered::Done(there.collect()))
            }
        }
    }
}

/// One step: the clients of one project, or at last all associations in one transaction.
pub(crate) fn step(bridge: &Bridge, claimed: &mut Claimed) -> Result<(), BridgeError> {
    let document: Document = stored::from_json(&claimed.operation.document)?;
    match claimed.operation.state {
        OperationState::Undoing => undo(bridge, claimed, document),
        OperationState::Running | OperationState::Done | OperationState::Refused => forward(bridge, claimed, document),
    }
}

fn forward(bridge: &Bridge, claimed: &mut Claimed, mut document: Document) -> Result<(), BridgeError> {
    let Some(chosen) = document.projects.get(document.at) else { return store(bridge, claimed, &document) };
    let outcome = match &chosen.clients {
        Some(clients) => {
            let write = set_companies(&ProjectId::new(chosen.project.clone()), &clients.after, &claimed.acting());
            bridge.projects().write(&[write])?.value.into_iter().next()
        }
        None => None,
    };
    let then = match (outcome, chosen.clients.is_some()) {
        (Some(Outcome::Refused(reason)), _) => Then::Undo { step: "client", reason },
        (Some(Outcome::Gone), _) => Then::Undo { step: "client", reason: Reason::RecordGone },
        (Some(Outcome::Stale | Outcome::Later(_) | Outcome::Unknown), _) | (None, true) => Then::Wait,
        (Some(Outcome::Done { .. }), _) | (None, false) => Then::Go,
    };
    if matches!(then, Then::Go) {
        document.at += 1;
    }
    bridge.settle(claimed, &stored::to_json(&document)?, then, |_| Ok(()))
}

fn store(bridge: &Bridge, claimed: &mut Claimed, document: &Document) -> Result<(), BridgeError> {
    let (connection, person) = (claimed.connection.clone(), claimed.operation.person.clone());
    let module = CrmModule::parse(&document.module)
        .ok_or_else(|| BridgeError::Failed("an order has an unknown module".to_owned()))?;
    let record = CrmRef { module, id: document.record.clone() };
    let now = bridge.now();
    let (acting, job) = (claimed.acting(), claimed.operation.id.as_str().to_owned());
    let rows: Vec<(Association, &str, Note)> = document
        .projects
        .iter()
        .map(|chosen| {
            let association = Association {
                id: AssociationId::new(chosen.association.clone()),
                record: record.clone(),
                project: ProjectId::new(chosen.project.clone()),
                origin: AssociationOrigin::Hand,
                hand_off: None,
                at: now,
                by: Some(person.clone()),
                is_first: false,
            };
            let id = HistoryId::new(chosen.note.clone());
            let name = &document.record_name;
            let note = note::association_with(id, now, &connection, Action::Associate, &association, name, &acting);
            let note = Note { job: job.clone(), ..note };
            (association, chosen.project_name.as_str(), note)
        })
        .collect();
    let done = bridge.settle(claimed, &stored::to_json(document)?, Then::Done, |tx| {
        for (association, project, note) in &rows {
            if !super::insert(tx, &connection.id, association, &person)? {
                return Err(BridgeError::Refused(Reason::AlreadyAssociated { project: (*project).to_owned() }));
            }
            note::write(tx, note)?;
        }
        Ok(())
    });
    match done {
        Err(BridgeError::Refused(reason)) => {
            let same = claimed.operation.document.clone();
            bridge.settle(claimed, &same, Then::Undo { step: "association", reason }, |_| Ok(()))
        }
        other => other,
    }
}

fn undo(bridge: &Bridge, claimed: &mut Claimed, mut document: Document) -> Result<(), BridgeError> {
    let Some(at) = document.at.checked_sub(1) else {
        return bridge.settle(claimed, &stored::to_json(&document)?, Then::Undone, |_| Ok(()));
    };
    if let Some(Chosen { project, clients: Some(clients), .. }) = document.projects.get(at) {
        let write = set_companies(&ProjectId::new(project.clone()), &clients.before, &claimed.acting());
        if let Some(Outcome::Later(_) | Outcome::Unknown | Outcome::Stale) =
            bridge.projects().write(&[write])?.value.into_iter().next()
        {
            return bridge.settle(claimed, &stored::to_json(&document)?, Then::Wait, |_| Ok(()));
        }
    }
    document.at = at;
    bridge.settle(claimed, &stored::to_json(&document)?, Then::Go, |_| Ok(()))
}

/// The project's clients with the account's company: primary where there is none, else at the end (HAND-11).
fn clients(project: &ProjectFacts, company: Option<&CompanyId>) -> Option<Clients> {
    let company = company.filter(|company| !project.companies.contains(company))?;
    let before: Vec<String> = project.companies.iter().map(|own| own.as_str().to_owned()).collect();
    let mut after = before.clone();
    after.push(company.as_str().to_owned());
    Some(Clients { before, after })
}

fn set_companies(project: &ProjectId, companies: &[String], acting: &Acting) -> ProjectsWrite {
    ProjectsWrite::SetCompanies {
        project: project.clone(),
        companies: companies.iter().map(|id| CompanyId::new(id.clone())).collect(),
        acting: acting.clone(),
    }
}
