//! What would become of a change before it is saved (REF-2), by the very rules that decide afterwards.

use ports::rule::{ancestors, title};
use ports::{
    Acting, Ancestor, CrmTask, CrmTaskId, Date, Email, Found, LinkId, Member, PlainText, ProjectFacts, ProjectsTask,
    ProjectsTaskId, ProjectsUserCard, Reason, Schedule, lines,
};

use crate::connection::Connection;
use crate::convert;
use crate::error::BridgeError;
use crate::field::{Field, FieldValue, SideName};
use crate::link::{self, Link};
use crate::plan::{Facts, LinkState, Standing};
use crate::reconcile;
use crate::service::Bridge;

/// Which task a change is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangedTask {
    /// The link.
    Link(LinkId),
    /// The task in the CRM.
    Crm(CrmTaskId),
    /// The task in Projects.
    Projects(ProjectsTaskId),
}

/// A value that is to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewValue {
    /// As the side has it: "Highest", "In Review", a date, an address; none is empty.
    Native(Option<String>),
    /// In the form of the own API: `high`, `open`; none is empty.
    Normal(Option<String>),
}

/// The forecast of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCheck {
    /// The link; none: the task is not linked, and nothing of the bridge stands against the change.
    pub link: Option<LinkId>,
    /// One per changed field.
    pub fields: Vec<FieldCheck>,
    /// What the other side allows at present.
    pub constraints: Vec<Constraint>,
}

/// The forecast of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldCheck {
    /// The field.
    pub field: Field,
    /// What would become of it.
    pub outcome: CheckOutcome,
    /// Why, if it would not get through.
    pub reason: Option<Reason>,
    /// The nearest allowed day, for a refused date.
    pub nearest: Option<Date>,
}

/// What would become of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    /// It would be carried over.
    Applied,
    /// It would be refused and set back (REF-1).
    Refused,
    /// It would stay on its side and not get through (REF-5).
    Held,
    /// It is what the other side has already.
    Unchanged,
    /// The other side cannot represent it and keeps its own (SYNC-3 c, d).
    NotSynced,
    /// The link is paused or broken; nothing is carried over for now.
    Waiting,
}

impl CheckOutcome {
    /// The word of the own API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Held => "held",
            Self::Unchanged => "unchanged",
            Self::NotSynced => "not_synced",
            Self::Waiting => "waiting",
        }
    }
}

/// What the other side allows at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A date must lie in this strict project, and not before the task's own start.
    Due {
        /// Earliest day.
        earliest: Option<Date>,
        /// Latest day.
        latest: Option<Date>,
        /// Name of the project.
        project: String,
        /// First and last day of the project, where they bind; the task's own start may be later than the first.
        strict: Option<(Date, Date)>,
    },
    /// It cannot be reopened below this closed task (SUB-2).
    ClosedAncestor {
        /// The nearest one.
        ancestor: Ancestor,
    },
    /// It cannot be closed above open tasks (SUB-4).
    OpenSubtasks {
        /// How many.
        count: u32,
    },
    /// Who would be accepted as owner.
    Owner {
        /// Members of the project.
        people: Vec<Member>,
        /// Name of the project.
        project: String,
    },
    /// Longest title, in code points.
    Title {
        /// How many.
        max: usize,
    },
}

impl TaskCheck {
    /// Whether every field would be carried over.
    pub fn is_acceptable(&self) -> bool {
        self.fields.iter().all(|field| match field.outcome {
            CheckOutcome::Applied | CheckOutcome::Unchanged | CheckOutcome::NotSynced => true,
            CheckOutcome::Refused | CheckOutcome::Held | CheckOutcome::Waiting => false,
        })
    }

    /// The forecast of a field, if it changes.
    pub fn field(&self, field: Field) -> Option<&FieldCheck> {
        self.fields.iter().find(|check| check.field == field)
    }
}

/// Both tasks and what the rules depend on.
struct Situation {
    crm: CrmTask,
    projects: ProjectsTask,
    project: ProjectFacts,
    ancestors: Vec<Ancestor>,
    open_descendants: u32,
}

impl Bridge {
    /// What would become of these changes, saved on `side`. Without changes: only what is allowed at present.
    ///
    /// Changes nothing. Errors: `NotFound` for client users and tasks that the person sees on neither side; `Invalid`
    /// for a value that the field cannot have.
    pub fn check_task_change(
        &self,
        acting: &Acting,
        task: &ChangedTask,
        side: SideName,
        changes: &[(Field, NewValue)],
    ) -> Result<TaskCheck, BridgeError> {
        let caller = self.caller(acting)?;
        let connection = self.my_connection(acting)?;
        let link = self.link_of(&connection, task)?;
        let unlinked = TaskCheck { link: None, fields: Vec::new(), constraints: Vec::new() };
        let Some(link) = link.filter(|link| link.state != LinkState::Unlinked) else { return Ok(unlinked) };
        if caller.crm.is_none() {
            self.visible_project(acting, &link.project)?;
        }
        let Some(situation) = self.situation(&link)? else {
            return Ok(TaskCheck { link: Some(link.id), ..unlinked });
        };
        let mut fields = Vec::new();
        for (field, value) in changes {
            let value = normal(*field, side, value, &situation.project)?;
            fields.push(self.check_field(&link, side, *field, &value, &situation)?);
        }
        let constraints = match side {
            SideName::Crm => constraints_of_projects(&situation, self.projects().capabilities().title_max),
            SideName::Projects => vec![Constraint::Title { max: self.crm().capabilities().subject_max }],
        };
        Ok(TaskCheck { link: Some(link.id), fields, constraints })
    }

    fn link_of(&self, connection: &Connection, task: &ChangedTask) -> Result<Option<Link>, BridgeError> {
        self.db().read(|read| match task {
            ChangedTask::Link(id) => Ok(Some(link::by_id(read, &connection.id, id)?.ok_or(BridgeError::NotFound)?)),
            ChangedTask::Crm(id) => link::of_crm_task(read, &connection.id, id),
            ChangedTask::Projects(id) => link::of_projects_task(read, &connection.id, id),
        })
    }

    /// None if one of the two tasks, or the project, cannot be seen.
    fn situation(&self, link: &Link) -> Result<Option<Situation>, BridgeError> {
        let crm = self.crm().read_tasks(std::slice::from_ref(&link.crm_task))?.value.into_iter().next();
        let projects = self.projects().read_tasks(std::slice::from_ref(&link.projects_task))?.value.into_iter().next();
        let (Some(Found::Here(crm)), Some(Found::Here(projects))) = (crm, projects) else { return Ok(None) };
        let project = self.project_facts(std::slice::from_ref(&projects.project))?.into_iter().next().flatten();
        let Some(project) = project else { return Ok(None) };
        let ids = std::slice::from_ref(&projects.id);
        let ancestors = self.projects().ancestors(ids)?.into_iter().next().unwrap_or_default();
        let open_descendants = self.projects().open_descendants(ids)?.into_iter().next().unwrap_or(0);
        Ok(Some(Situation { crm, projects, project, ancestors, open_descendants }))
    }

    fn check_field(
        &self,
        link: &Link,
        side: SideName,
        field: Field,
        value: &FieldValue,
        situation: &Situation,
    ) -> Result<FieldCheck, BridgeError> {
        let check = |outcome, reason: Option<Reason>| {
            let nearest = reason.as_ref().and_then(nearest);
            FieldCheck { field, outcome, reason, nearest }
        };
        if matches!(link.state, LinkState::Paused | LinkState::Broken) {
            return Ok(check(CheckOutcome::Waiting, link.reason.clone()));
        }
        let other = match side {
            SideName::Crm => convert::projects_side(&situation.projects, None),
            SideName::Projects => convert::crm_side(&situation.crm, None),
        };
        if other.value(field) == value {
            return Ok(check(CheckOutcome::Unchanged, None));
        }
        let facts = self.facts(field, side, value, situation)?;
        if side == SideName::Projects && field == Field::Owner && facts.owner_in_crm != Standing::Ready {
            return Ok(check(CheckOutcome::NotSynced, None));
        }
        let reason = match side {
            SideName::Crm => reconcile::to_projects(field, value, &facts),
            SideName::Projects => to_crm(field, value, &facts),
        };
        Ok(match reason {
            None => check(CheckOutcome::Applied, None),
            Some(reason @ (Reason::ValueNotMapped { .. } | Reason::DescriptionTooLong { .. })) => {
                check(CheckOutcome::Held, Some(reason))
            }
            Some(reason) => check(CheckOutcome::Refused, Some(reason)),
        })
    }

    fn facts(
        &self,
        field: Field,
        side: SideName,
        value: &FieldValue,
        situation: &Situation,
    ) -> Result<Facts, BridgeError> {
        let person = value.as_person().filter(|_| field == Field::Owner);
        let (mut owner_in_projects, mut owner_in_crm) = (Standing::Ready, Standing::Ready);
        match side {
            SideName::Crm => {
                if let Some(person) = &person {
                    owner_in_projects = in_projects(self.portal_user(person)?.as_ref(), person, &situation.project);
                }
            }
            SideName::Projects => {
                let user = person.as_ref().map(|person| self.crm_user(person)).transpose()?.flatten();
                owner_in_crm = if user.is_some() { Standing::Ready } else { Standing::Unknown };
            }
        }
        Ok(Facts {
            project: situation.project.name.clone(),
            schedule: situation.project.schedule,
            start: situation.projects.start,
            ancestors: situation.ancestors.clone(),
            open_descendants: situation.open_descendants,
            owner_in_projects,
            owner_in_crm,
            subject_max: self.crm().capabilities().subject_max,
            description_max: self.crm().capabilities().description_max,
            title_max: self.projects().capabilities().title_max,
        })
    }
}

/// How a person stands to a project (SYNC-3 a, b, f).
fn in_projects(card: Option<&ProjectsUserCard>, person: &Email, project: &ProjectFacts) -> Standing {
    let is_member = project.members.iter().any(|member| member.email == *person && member.is_active);
    match card {
        None => Standing::Unknown,
        Some(_) if is_member => Standing::Ready,
        Some(_) => Standing::Outside,
    }
}

/// What the CRM could not take, as far as the bridge foresees it.
fn to_crm(field: Field, value: &FieldValue, facts: &Facts) -> Option<Reason> {
    match (field, value) {
        (Field::Title, FieldValue::Text(text)) => title::check(text, facts.subject_max).err(),
        (Field::Description, FieldValue::Text(text)) => {
            let (length, max) = (text.chars().count(), facts.description_max);
            (length > max).then_some(Reason::DescriptionTooLong { length, max })
        }
        (_, FieldValue::Unmapped(native)) => Some(Reason::ValueNotMapped { value: native.clone() }),
        (
            _,
            FieldValue::Text(_)
            | FieldValue::Day(_)
            | FieldValue::Priority(_)
            | FieldValue::Closed(_)
            | FieldValue::Person(_),
        ) => None,
    }
}

fn constraints_of_projects(situation: &Situation, title_max: usize) -> Vec<Constraint> {
    let (mut earliest, mut latest) = (situation.projects.start, None);
    let strict = match situation.project.schedule {
        Schedule::Open => None,
        Schedule::Strict { start, end } => {
            earliest = earliest.max(Some(start));
            latest = Some(end);
            Some((start, end))
        }
    };
    let project = situation.project.name.clone();
    let mut constraints = vec![Constraint::Due { earliest, latest, project: project.clone(), strict }];
    if let Some(ancestor) = ancestors::nearest_closed(&situation.ancestors) {
        constraints.push(Constraint::ClosedAncestor { ancestor: ancestor.clone() });
    }
    if situation.open_descendants > 0 {
        constraints.push(Constraint::OpenSubtasks { count: situation.open_descendants });
    }
    let people = situation.project.members.iter().filter(|member| member.is_active && !member.is_client);
    constraints.push(Constraint::Owner { people: people.cloned().collect(), project });
    constraints.push(Constraint::Title { max: title_max });
    constraints
}

/// The allowed day that is nearest to the one tried.
fn nearest(reason: &Reason) -> Option<Date> {
    match reason {
        Reason::OutsideStrictSchedule { tried, start, end, .. } => Some((*tried).clamp(*start, (*end).max(*start))),
        Reason::DueBeforeStart { start, .. } => Some(*start),
        _ => None,
    }
}

/// The normal form of a value that is to be saved.
fn normal(field: Field, side: SideName, value: &NewValue, project: &ProjectFacts) -> Result<FieldValue, BridgeError> {
    let invalid = || BridgeError::invalid("changes", "invalid_value");
    let text = match value {
        NewValue::Native(text) | NewValue::Normal(text) => {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty())
        }
    };
    Ok(match (field, value) {
        (Field::Title, NewValue::Native(_) | NewValue::Normal(_)) => convert::text::title(text.unwrap_or_default()),
        (Field::Description, NewValue::Native(native)) if side == SideName::Projects => {
            convert::text::projects_description(&lines::clean(native.as_deref().unwrap_or_default()))
        }
        (Field::Description, NewValue::Native(text) | NewValue::Normal(text)) => {
            convert::text::crm_description(&PlainText::new(text.as_deref().unwrap_or_default()))
        }
        (Field::Due, NewValue::Native(_) | NewValue::Normal(_)) => {
            FieldValue::day(text.map(Date::parse).transpose().map_err(|_| invalid())?)
        }
        (Field::Owner, NewValue::Native(_) | NewValue::Normal(_)) => {
            FieldValue::person(text.map(Email::parse).transpose().map_err(|_| invalid())?.as_ref())
        }
        (Field::Priority, NewValue::Native(_)) => match side {
            SideName::Crm => convert::priority::of_crm(text),
            SideName::Projects => convert::priority::of_projects(text.unwrap_or_default()),
        },
        (Field::Priority, NewValue::Normal(_)) => FieldValue::Priority(class(text).ok_or_else(invalid)?),
        (Field::Status, NewValue::Native(_)) => match (side, text) {
            (_, None) => return Err(invalid()),
            (SideName::Crm, Some(status)) => convert::status::of_crm(status),
            (SideName::Projects, Some(status)) => {
                let known = project.statuses.iter().find(|known| known.name == status);
                known.map_or_else(
                    || FieldValue::Unmapped(status.to_owned()),
                    |known| FieldValue::Closed(known.is_closed),
                )
            }
        },
        (Field::Status, NewValue::Normal(_)) => match text {
            Some("open") => FieldValue::Closed(false),
            Some("closed") => FieldValue::Closed(true),
            Some(_) | None => return Err(invalid()),
        },
    })
}

fn class(text: Option<&str>) -> Option<crate::field::PriorityClass> {
    use crate::field::PriorityClass;
    match text {
        Some("high") => Some(PriorityClass::High),
        Some("medium") => Some(PriorityClass::Medium),
        Some("low") => Some(PriorityClass::Low),
        Some("none") | None => Some(PriorityClass::None),
        Some(_) => None,
    }
}
