//! The rules of a task: dates inside a strict project, nothing open under anything closed, owners who are members.

use ports::rule::{ancestors, schedule};
use ports::{Ancestor, Email, Reason};
use store::{Read, StoreError};

use crate::error::FieldError;
use crate::permission::Caller;
use crate::project::{self, Project};
use crate::task::Task;
use crate::task::tree::Above;
use crate::user::{self, Person};

/// What is wrong with a task as it would be: dates that changed, a state that changed. `chain` is what stands above it.
pub(crate) fn judge(
    caller: &Caller,
    project: &Project,
    before: Option<&Task>,
    after: &Task,
    chain: &[Above],
) -> Vec<FieldError> {
    let mut wrong: Vec<FieldError> = dates(project, before, after);
    wrong.extend(state(caller, before, after, chain).map(|reason| FieldError::rule("status", reason)));
    wrong
}

/// STR-1 and SYNC-6, for the day that changed; a task that comes into the project changes both.
fn dates(project: &Project, before: Option<&Task>, after: &Task) -> Vec<FieldError> {
    let day = |task: &Task| task.due.map(|due| due.day);
    let start_moved = before.is_none_or(|before| before.start != after.start);
    let due_moved = before.is_none_or(|before| day(before) != day(after));
    let mut wrong = Vec::new();
    if start_moved && let Some(start) = after.start {
        wrong.extend(
            schedule::check_inside(project.schedule(), start, &project.name)
                .map(|reason| FieldError::rule("start", reason)),
        );
    }
    if due_moved {
        wrong.extend(
            schedule::check_due(project.schedule(), after.start, day(after), &project.name)
                .map(|reason| FieldError::rule("due", reason)),
        );
    } else if start_moved
        && let (Some(start), Some(due)) = (after.start, day(after))
        && due < start
    {
        wrong.push(FieldError::rule("start", Reason::DueBeforeStart { tried: due, start }));
    }
    wrong
}

/// SUB-2 and SUB-4: opening under something closed, closing above something open.
fn state(caller: &Caller, before: Option<&Task>, after: &Task, chain: &[Above]) -> Option<Reason> {
    let was_closed = before.map(|before| before.is_closed);
    match (was_closed, after.is_closed) {
        (Some(true) | None, false) => open_below(caller, chain),
        (Some(false), true) => ancestors::check_close(after.below.open()),
        (Some(false), false) | (Some(true) | None, true) => None,
    }
}

/// SUB-2. A client user is told the key of an internal task, never its title.
pub(crate) fn open_below(caller: &Caller, chain: &[Above]) -> Option<Reason> {
    let shown: Vec<Ancestor> = chain
        .iter()
        .map(|above| {
            let mut ancestor = above.ancestor.clone();
            if caller.is_client() && !above.is_external {
                ancestor.title.clone_from(&ancestor.key);
                ancestor.closed_by = None;
            }
            ancestor
        })
        .collect();
    ancestors::check_open_below(&shown)
}

/// The owners a task gets: those it has stay, new ones must be active members (ACT-2, SYNC-3).
///
/// A client user can be given external tasks only.
pub(crate) fn owners(
    read: &mut Read<'_>,
    caller: &Caller,
    project: &Project,
    (present, wanted): (&[Person], &[Email]),
    is_external: bool,
) -> Result<(Vec<Person>, Vec<FieldError>), StoreError> {
    let mut owners: Vec<Person> = Vec::new();
    let mut wrong = Vec::new();
    for email in wanted {
        if owners.iter().any(|owner| owner.email == *email) {
            continue;
        }
        if let Some(own) = present.iter().find(|owner| owner.email == *email) {
            owners.push(own.clone());
            continue;
        }
        let person = || email.to_string();
        let unknown = |code| FieldError::with_reason("owners", code, Reason::OwnerUnknown { person: person() });
        match user::by_email(read, &caller.portal, email)? {
            None => wrong.push(unknown("unknown_user")),
            Some(user) if !user.is_active => wrong.push(unknown("inactive_user")),
            Some(user) => {
                let is_member = project::member::is_member(read, &caller.portal, &project.id, &user.id)?;
                let person = user.person();
                if is_member && (is_external || !person.is_client) {
                    owners.push(person);
                } else {
                    let reason = Reason::OwnerNotInProject { person: email.to_string(), project: project.name.clone() };
                    wrong.push(FieldError::with_reason("owners", "not_a_member", reason));
                }
            }
        }
    }
    Ok((owners, wrong))
}
