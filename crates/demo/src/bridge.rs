//! What joins the two sides in the demo: connection, mappings, associations, links (sections 2, 6, 7).

use ::bridge::connection::{Connection, NewConnection};
use ::bridge::field::SideName;
use ::bridge::link::{self, NewLink};
use ::bridge::{Bridge, BridgeError};
use ports::{
    AccountId, CompanyId, CrmModule, CrmRef, CrmSide, CrmTaskId, HistoryId, LinkId, ProjectId, ProjectsSide,
    ProjectsTaskId,
};

use crate::data::crm::CRM_TASKS;
use crate::data::projects::{COMPANIES, PROJECTS};
use crate::error::DemoError;
use crate::keys::email;
use crate::people::by;
use crate::{Loaded, Rooms};

/// The bridge and the sides that the demo is joined through.
#[derive(Clone, Copy)]
pub struct Joints<'a> {
    /// The bridge.
    pub bridge: &'a Bridge,
    /// The CRM side.
    pub crm: &'a dyn CrmSide,
    /// The Projects side.
    pub projects: &'a dyn ProjectsSide,
}

/// Connects, maps, associates and links. Link ids get the keys `DM-10/K6` and so on.
pub fn join(rooms: &Rooms, joints: Joints<'_>, loaded: &mut Loaded) -> Result<Connection, DemoError> {
    let tenant = loaded.tenant.clone();
    let name = NewConnection { organisation_name: "Zylker".to_owned(), portal_name: "Zylker".to_owned() };
    let connection = joints.bridge.connect(&by(&tenant, "U1")?, &name)?;
    for company in COMPANIES {
        if let Some(account) = company.mapped {
            let (company, account) =
                (CompanyId::new(loaded.keys.id(company.key)?), AccountId::new(loaded.keys.id(account)?));
            joints.bridge.map_pair(&by(&tenant, "U1")?, &company, &account)?;
        }
    }
    for project in PROJECTS {
        for deal in project.deals {
            let record = CrmRef { module: CrmModule::Deal, id: loaded.keys.id(deal)?.to_owned() };
            let projects = [ProjectId::new(loaded.keys.id(project.key)?)];
            joints.bridge.associate(&by(&tenant, "U1")?, &format!("demo-{deal}"), &record, &projects)?;
        }
    }
    for task in CRM_TASKS {
        if let Some(partner) = task.linked {
            let id = link_pair(rooms, joints, loaded, &connection, (task.key, partner), task.owner)?;
            loaded.keys.put(&format!("{partner}/{}", task.key), id.into_string());
        }
    }
    Ok(connection)
}

fn link_pair(
    rooms: &Rooms,
    joints: Joints<'_>,
    loaded: &Loaded,
    connection: &Connection,
    (crm_key, projects_key): (&str, &str),
    owner: &str,
) -> Result<LinkId, DemoError> {
    let missing = |key: &str| DemoError::UnknownKey(key.to_owned());
    let crm_id = CrmTaskId::new(loaded.keys.id(crm_key)?);
    let projects_id = ProjectsTaskId::new(loaded.keys.id(projects_key)?);
    let crm_read = joints.crm.read_tasks(&[crm_id]).map_err(BridgeError::from)?.value;
    let projects_read = joints.projects.read_tasks(&[projects_id]).map_err(BridgeError::from)?.value;
    let crm = crm_read.first().and_then(|found| found.here()).ok_or_else(|| missing(crm_key))?;
    let projects = projects_read.first().and_then(|found| found.here()).ok_or_else(|| missing(projects_key))?;
    let facts = joints.projects.projects(std::slice::from_ref(&projects.project)).map_err(BridgeError::from)?;
    let project = facts.first().and_then(|found| found.here()).ok_or_else(|| missing(projects_key))?;
    let new = NewLink {
        id: LinkId::new(rooms.ids.next()),
        entry_id: HistoryId::new(rooms.ids.next()),
        connection: connection.id.clone(),
        crm,
        projects,
        agreed: SideName::Crm,
        project_name: &project.name,
        project_key: &project.key,
        copies_comments: false,
        by: email(owner)?,
        at: rooms.clock.now(),
    };
    Ok(rooms.db.write(|tx| link::create(tx, &new))?)
}
