//! Portal, users, companies, projects, tasks and comments of the demo (sections 1, 2, 6, 8).

use std::collections::BTreeMap;

use ports::lines;
use ports::{CompanyId, Language, PlainText, ProjectId, ProjectsTaskId, Tenant};
use projects::{
    CommentDraft, Due, Founding, Invitation, InvitedAs, Profile, ProjectDraft, ProjectsError, TaskDraft, Welcome,
};

use crate::data::people::{CLIENT_USERS, PEOPLE, PortalProfile};
use crate::data::projects::{COMMENTS, COMPANIES, DM_4_DESCRIPTION, PROJECTS, Project, TASKS, Task};
use crate::error::DemoError;
use crate::keys::{Keys, email};
use crate::people::by;
use crate::{Options, Rooms};

const PORTAL_NAME: &str = "Zylker";
const PORTAL_ZONE: &str = "Asia/Shanghai";

/// Loads the Projects side, comments included.
pub(crate) fn load(rooms: &Rooms, options: &Options, tenant: &Tenant, keys: &mut Keys) -> Result<(), DemoError> {
    found(rooms, tenant)?;
    for company in COMPANIES {
        let made = rooms.projects.create_company(&by(tenant, "U2")?, company.name.of(options.language));
        keys.put(company.key, made.map_err(about(company.key))?.id.into_string());
    }
    for client in CLIENT_USERS {
        let company = CompanyId::new(keys.id(client.company)?);
        invite(rooms, tenant, client.key, client.name, InvitedAs::ClientOf(company), Language::En)?;
    }
    for project in PROJECTS {
        load_project(rooms, options, tenant, keys, project)?;
    }
    for comment in COMMENTS {
        let task = ProjectsTaskId::new(keys.id(comment.task)?);
        let text = lines::rich(&PlainText::new(comment.text));
        let draft = CommentDraft { text, is_internal: comment.is_from_crm };
        rooms.projects.add_comment(&by(tenant, comment.by)?, &task, &draft).map_err(about(comment.task))?;
    }
    Ok(())
}

fn found(rooms: &Rooms, tenant: &Tenant) -> Result<(), DemoError> {
    let founding = Founding {
        portal: tenant.portal.clone(),
        name: PORTAL_NAME.to_owned(),
        zone: PORTAL_ZONE.to_owned(),
        owner: email("U2")?,
        owner_name: String::new(),
        language: Language::En,
    };
    rooms.projects.found_portal(&founding)?;
    for person in PEOPLE {
        let profile = match person.portal {
            Some(PortalProfile::Administrator) => Profile::Administrator,
            Some(PortalProfile::Manager) => Profile::Manager,
            Some(PortalProfile::Employee) => Profile::Employee,
            Some(PortalProfile::Contractor) => Profile::Contractor,
            Some(PortalProfile::Owner) | None => continue,
        };
        invite(rooms, tenant, person.key, "", InvitedAs::User(profile), Language::En)?;
    }
    Ok(())
}

fn invite(
    rooms: &Rooms,
    tenant: &Tenant,
    key: &str,
    name: &str,
    invited_as: InvitedAs,
    language: Language,
) -> Result<(), DemoError> {
    let invitation = Invitation {
        email: email(key)?,
        name: name.to_owned(),
        invited_as,
        role: String::new(),
        projects: Vec::new(),
        language: Some(language),
        welcome: Welcome::Silent,
    };
    rooms.projects.invite(&by(tenant, "U2")?, &invitation).map_err(about(key))?;
    Ok(())
}

fn load_project(
    rooms: &Rooms,
    options: &Options,
    tenant: &Tenant,
    keys: &mut Keys,
    project: &Project,
) -> Result<(), DemoError> {
    let tasks: Vec<&Task> =
        TASKS.iter().filter(|task| task.key.split_once('-').is_some_and(|(at, _)| at == project.prefix)).collect();
    let acting = by(tenant, "U2")?;
    let companies = project.companies.iter().map(|key| Ok(CompanyId::new(keys.id(key)?)));
    let draft = ProjectDraft {
        name: project.name.of(options.language).to_owned(),
        key: Some(project.prefix.to_owned()),
        owner: Some(email("U9")?),
        start: Some(options.today.plus_days(project.start)),
        end: project.end.map(|day| options.today.plus_days(day)),
        is_strict: project.is_strict,
        members: project.members.iter().map(|key| email(key)).collect::<Result<_, _>>()?,
        companies: companies.collect::<Result<_, DemoError>>()?,
        ..ProjectDraft::default()
    };
    let made = rooms.projects.create_project(&acting, &draft).map_err(about(project.key))?;
    keys.put(project.key, made.id.as_str());
    let acting = by(tenant, "U9")?;
    let mut lists = BTreeMap::new();
    for task in tasks {
        let name = task.list.of(options.language);
        if !lists.contains_key(name) {
            let list = rooms.projects.add_list(&acting, &made.id, name).map_err(about(name))?;
            lists.insert(name, list.id);
        }
        let draft = TaskDraft { list: lists.get(name).cloned(), ..task_draft(options, keys, task)? };
        let added = rooms.projects.add_task(&acting, &ProjectId::new(made.id.as_str()), &draft);
        keys.put(task.key, added.map_err(about(task.key))?.id.into_string());
    }
    Ok(())
}

fn task_draft(options: &Options, keys: &Keys, task: &Task) -> Result<TaskDraft, DemoError> {
    let minute = task.end_minute.and_then(|minute| u16::try_from(minute).ok());
    let parent = task.parent.map(|key| keys.id(key)).transpose()?;
    Ok(TaskDraft {
        parent: parent.map(ProjectsTaskId::new),
        title: task.title.of(options.language).to_owned(),
        description: lines::clean(if task.key == "DM-4" { DM_4_DESCRIPTION } else { "" }),
        start: task.start.map(|day| options.today.plus_days(day)),
        due: task.end.map(|day| Due { day: options.today.plus_days(day), minute }),
        priority: Some(task.priority.to_owned()),
        status: Some(task.status.to_owned()),
        owners: task.owners.iter().map(|key| email(key)).collect::<Result<_, _>>()?,
        is_external: task.is_external,
        ..TaskDraft::default()
    })
}

/// Says which row of the tables was refused.
fn about(key: &str) -> impl Fn(ProjectsError) -> DemoError {
    let what = key.to_owned();
    move |error| DemoError::Projects { what: what.clone(), error }
}
