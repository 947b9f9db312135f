//! Sends the prepared writes: one port call at a time, one outcome per write.

use std::collections::VecDeque;

use ports::{Acting, CreateMark, CrmWrite, Email, Found, Origin, Outcome, ProjectsWrite, Reason, Version};

use crate::bug::Bug;
use crate::comment::{self, Carried};
use crate::connection::Connection;
use crate::convert::patch::{Present, TaskPatch, patch};
use crate::engine::Core;
use crate::field::{Field, FieldValue, SideName};
use crate::observe::Lookups;
use crate::plan::{PlannedWrite, WriteKind};
use crate::round::Work;

/// Fields of one link that are written together: one side, one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) side: SideName,
    pub(crate) acting: Email,
    /// Places in the plan's writes, and so in the intents.
    pub(crate) writes: Vec<usize>,
}

/// One write of a call.
#[derive(Clone, Debug)]
pub(crate) enum Send {
    Fields { acting: Email, intents: Vec<usize> },
    Comment { acting: Email, carried: Box<Carried> },
}

/// Writes that go to a side in one call, each of another link.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) side: SideName,
    pub(crate) writes: Vec<(usize, Send)>,
}

/// What came of one write.
#[derive(Clone, Debug)]
pub(crate) struct Result {
    pub(crate) side: SideName,
    pub(crate) sent: Send,
    pub(crate) outcome: Outcome<String>,
    /// Why the outcome is not known.
    pub(crate) failure: Option<String>,
}

/// Writes of one call at most.
const CALL_MAX: usize = 100;

/// Puts the writes of a plan together by side and by the person in whose name they are made.
pub(crate) fn groups(connection: &Connection, lookups: &Lookups, writes: &[PlannedWrite]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, write) in writes.iter().enumerate() {
        let acting = acting(connection, lookups, write);
        match groups.iter_mut().find(|group| group.side == write.side && group.acting == acting) {
            Some(group) => group.writes.push(index),
            None => groups.push(Group { side: write.side, acting, writes: vec![index] }),
        }
    }
    groups
}

/// The person who made the change if he is a user on that side, else the connection user. What is set
/// back is written by the bridge.
fn acting(connection: &Connection, lookups: &Lookups, write: &PlannedWrite) -> Email {
    let person = match write.story.kind {
        WriteKind::Carry => write.story.person.as_deref().and_then(|person| Email::parse(person).ok()),
        WriteKind::SetBack => None,
    };
    as_user(connection, lookups, write.side, person.as_ref())
}

fn as_user(connection: &Connection, lookups: &Lookups, side: SideName, person: Option<&Email>) -> Email {
    person
        .filter(|person| connection.settings.acts_for_people && lookups.is_user(side, person))
        .unwrap_or(&connection.user)
        .clone()
}

/// All calls of a round: the n-th group of every link together, then the n-th comment. Links that failed before go alone,
/// so that one that always fails takes no other with it (I-19).
pub(crate) fn calls(connection: &Connection, work: &[Work], lookups: &Lookups) -> VecDeque<Call> {
    let mut calls = VecDeque::new();
    for side in SideName::BOTH {
        let fields = |work: &Work| -> Vec<Send> {
            groups(connection, lookups, &work.plan.writes)
                .into_iter()
                .filter(|group| group.side == side)
                .map(|group| Send::Fields { acting: group.acting, intents: group.writes })
                .collect()
        };
        let comments = |work: &Work| -> Vec<Send> {
            let to_side = work.waiting.iter().filter(|carried| carried.side.other() == side);
            to_side
                .map(|carried| Send::Comment {
                    acting: as_user(connection, lookups, side, Some(&carried.author)),
                    carried: Box::new(carried.clone()),
                })
                .collect()
        };
        in_calls(side, work, fields, &mut calls);
        in_calls(side, work, comments, &mut calls);
    }
    calls
}

fn in_calls(side: SideName, work: &[Work], sends: impl Fn(&Work) -> Vec<Send>, calls: &mut VecDeque<Call>) {
    let mut queues: Vec<(usize, bool, VecDeque<Send>)> = work
        .iter()
        .enumerate()
        .filter(|(_, work)| !work.is_settled)
        .map(|(index, work)| (index, work.claimed.attempts > 0, sends(work).into()))
        .collect();
    loop {
        let mut together = Vec::new();
        for (index, is_alone, queue) in &mut queues {
            match queue.pop_front() {
                Some(send) if *is_alone => calls.push_back(Call { side, writes: vec![(*index, send)] }),
                Some(send) => together.push((*index, send)),
                None => {}
            }
        }
        let is_empty = together.is_empty() && queues.iter().all(|(_, _, queue)| queue.is_empty());
        for part in together.chunks(CALL_MAX) {
            calls.push_back(Call { side, writes: part.to_vec() });
        }
        if is_empty {
            return;
        }
    }
}

/// What a call is sent with.
#[derive(Clone, Copy)]
pub(crate) struct Sender<'a> {
    pub(crate) core: &'a Core,
    pub(crate) connection: &'a Connection,
    pub(crate) lookups: &'a Lookups,
}

/// Sends one call and notes what came of each write. Answers how many were sent.
pub(crate) fn execute(sender: Sender<'_>, call: &Call, work: &mut [Work]) -> usize {
    let sent: Vec<&(usize, Send)> =
        call.writes.iter().filter(|(index, send)| may_go(work, *index, call.side, send)).collect();
    let written = write(sender, call.side, &sent, work, Expect::Version);
    let (outcomes, failure) = match written {
        Ok(outcomes) => (outcomes, None),
        Err(message) => (Vec::new(), Some(message)),
    };
    let mut outcomes = outcomes.into_iter();
    for part in &sent {
        let (index, send) = part;
        // A missing outcome is an unknown one (A4.6).
        let mut outcome = outcomes.next().unwrap_or(Outcome::Unknown);
        if outcome == Outcome::Unknown && sender.core.options.has(Bug::BlindRepeat) {
            let again = write(sender, call.side, &[part], work, Expect::Nothing);
            outcome = again.ok().and_then(|outcomes| outcomes.into_iter().next()).unwrap_or(Outcome::Unknown);
        }
        let Some(work) = work.get_mut(*index) else { continue };
        if let (Outcome::Done { version, .. }, Send::Fields { .. }) = (&outcome, send) {
            advance_version(work, call.side, version);
        }
        work.results.push(Result { side: call.side, sent: send.clone(), outcome, failure: failure.clone() });
    }
    sent.len()
}

/// Whether a write still makes sense: its lease is held, and what had to go before it went.
fn may_go(work: &[Work], index: usize, side: SideName, send: &Send) -> bool {
    let Some(work) = work.get(index) else { return false };
    let went = |result: &Result| matches!(result.outcome, Outcome::Done { .. });
    let earlier = work.results.iter().filter(|result| result.side == side);
    match send {
        Send::Fields { .. } => !work.is_settled && earlier.clone().all(went),
        Send::Comment { .. } => {
            let mut comments = earlier.filter(|result| matches!(result.sent, Send::Comment { .. }));
            !work.is_settled && comments.all(|result| went(result) || matches!(result.outcome, Outcome::Refused(_)))
        }
    }
}

#[derive(Clone, Copy)]
enum Expect {
    Version,
    Nothing,
}

fn write(
    sender: Sender<'_>,
    side: SideName,
    sent: &[&(usize, Send)],
    work: &[Work],
    expect: Expect,
) -> std::result::Result<Vec<Outcome<String>>, String> {
    if sent.is_empty() {
        return Ok(Vec::new());
    }
    let built = sent.iter().filter_map(|(index, send)| Some((work.get(*index)?, send)));
    let answer = match side {
        SideName::Crm => {
            let writes: Vec<CrmWrite> =
                built.filter_map(|(work, send)| crm_write(sender, work, send, expect)).collect();
            sender.core.parts.crm.write(&writes)
        }
        SideName::Projects => {
            let writes: Vec<ProjectsWrite> =
                built.filter_map(|(work, send)| projects_write(sender, work, send, expect)).collect();
            sender.core.parts.projects.write(&writes)
        }
    };
    answer.map(|answer| answer.value).map_err(|error| error.to_string())
}

fn crm_write(sender: Sender<'_>, work: &Work, send: &Send, expect: Expect) -> Option<CrmWrite> {
    match send {
        Send::Fields { acting, intents } => {
            let TaskPatch::Crm(patch) = patch_of(sender.lookups, SideName::Crm, work, intents)? else { return None };
            Some(CrmWrite::UpdateTask {
                id: work.link.crm_task.clone(),
                expected: expected(work, SideName::Crm, expect),
                patch,
                acting: in_name_of(sender.connection, acting),
            })
        }
        Send::Comment { acting, carried } => {
            Some(comment::to_crm(&work.link, &marked(sender.core, carried), in_name_of(sender.connection, acting)))
        }
    }
}

fn projects_write(sender: Sender<'_>, work: &Work, send: &Send, expect: Expect) -> Option<ProjectsWrite> {
    match send {
        Send::Fields { acting, intents } => {
            let TaskPatch::Projects(patch) = patch_of(sender.lookups, SideName::Projects, work, intents)? else {
                return None;
            };
            Some(ProjectsWrite::UpdateTask {
                id: work.link.projects_task.clone(),
                expected: expected(work, SideName::Projects, expect),
                patch: *patch,
                acting: in_name_of(sender.connection, acting),
            })
        }
        Send::Comment { acting, carried } => {
            Some(comment::to_projects(&work.link, &marked(sender.core, carried), in_name_of(sender.connection, acting)))
        }
    }
}

fn marked(core: &Core, carried: &Carried) -> Carried {
    let mut carried = carried.clone();
    if core.options.has(Bug::CommentWithoutMark) {
        carried.mark = CreateMark::new(core.parts.ids.next());
    }
    carried
}

fn in_name_of(connection: &Connection, acting: &Email) -> Acting {
    Acting { tenant: connection.tenant.clone(), email: acting.clone(), origin: Origin::Bridge }
}

fn expected(work: &Work, side: SideName, expect: Expect) -> Option<Version> {
    match (expect, side) {
        (Expect::Nothing, _) => None,
        (Expect::Version, SideName::Crm) => Some(work.crm.as_ref()?.here()?.version.clone()),
        (Expect::Version, SideName::Projects) => Some(work.projects.as_ref()?.here()?.version.clone()),
    }
}

/// After a write of ours the next one of this round builds on it.
fn advance_version(work: &mut Work, side: SideName, version: &Version) {
    match side {
        SideName::Crm => {
            if let Some(Found::Here(task)) = &mut work.crm {
                task.version = version.clone();
            }
        }
        SideName::Projects => {
            if let Some(Found::Here(task)) = &mut work.projects {
                task.version = version.clone();
            }
        }
    }
}

/// The patch that gives fields of a link the values of these intents.
pub(crate) fn patch_of(lookups: &Lookups, side: SideName, work: &Work, intents: &[usize]) -> Option<TaskPatch> {
    let (crm, projects) = work.both()?;
    let values: Vec<(Field, &FieldValue)> =
        intents.iter().filter_map(|index| work.made.get(*index)).map(|intent| (intent.field, &intent.wanted)).collect();
    let present = Present {
        crm,
        projects,
        project: lookups.projects.get(&projects.project),
        crm_open_status: work.link.seen.crm_open_status.as_deref(),
        projects_open_status: work.link.seen.projects_open_status.as_deref(),
    };
    Some(patch(side, &values, &present))
}

/// What a refusal of several fields at once leaves to find out: each alone. A comment that the author may not write is
/// written by the connection user, who names him.
pub(crate) fn second_tries(connection: &Connection, call: &Call, work: &mut [Work]) -> Vec<Call> {
    let mut tries = Vec::new();
    for (index, _) in &call.writes {
        let Some(work) = work.get_mut(*index) else { continue };
        let Some(Result { outcome: Outcome::Refused(reason), sent, side, .. }) = work.results.last() else { continue };
        let again: Vec<Send> = match sent {
            Send::Fields { acting, intents } if intents.len() > 1 && refused_field(work, intents, reason).is_none() => {
                intents.iter().map(|intent| Send::Fields { acting: acting.clone(), intents: vec![*intent] }).collect()
            }
            Send::Comment { acting, carried }
                if *acting != connection.user && matches!(reason, Reason::NoPermission { .. }) =>
            {
                vec![Send::Comment { acting: connection.user.clone(), carried: carried.clone() }]
            }
            Send::Fields { .. } | Send::Comment { .. } => Vec::new(),
        };
        let side = *side;
        if !again.is_empty() {
            work.results.pop();
        }
        tries.extend(again.into_iter().map(|send| Call { side, writes: vec![(*index, send)] }));
    }
    tries
}

/// Which of the fields of a write a reason is about: the only one, or the one whose rule it is.
pub(crate) fn refused_field(work: &Work, intents: &[usize], reason: &Reason) -> Option<usize> {
    if let [only] = intents {
        return Some(*only);
    }
    let field = match reason.code() {
        "outside_strict_schedule" | "due_before_start" => Field::Due,
        "parent_closed" | "open_subtasks" => Field::Status,
        "owner_not_in_project" | "owner_unknown" => Field::Owner,
        "title_empty" | "title_too_long" => Field::Title,
        "description_too_long" => Field::Description,
        _ => return None,
    };
    intents.iter().copied().find(|index| work.made.get(*index).is_some_and(|intent| intent.field == field))
}
