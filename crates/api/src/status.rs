//! `/status`: is everything in step, and waiting until it is.

use std::time::Duration;

use bridge::connection::Connection;
use bridge::dirty::Health;
use bridge::plan::LinkState;
use bridge::reading::status::Status as Standing;
use mail::LetterState;
use ports::Moment;
use serde::Serialize;
use tokio::time::{Instant, timeout};

use crate::answer::Answer;
use crate::call::Call;
use crate::failure::Failure;

#[derive(Serialize)]
struct Status {
    as_of: String,
    quiet: bool,
    can_store: bool,
    connections: Vec<ConnectionDocument>,
}

#[derive(Serialize)]
struct ConnectionDocument {
    connection_id: String,
    quiet: bool,
    work: WorkDocument,
    links: LinkCounts,
    sides: Sides,
}

#[derive(Serialize)]
struct WorkDocument {
    pending: i64,
    in_flight: i64,
    refused: i64,
    held: i64,
    comments_waiting: i64,
    mails_waiting: i64,
    oldest_pending_at: Option<String>,
}

#[derive(Serialize)]
struct LinkCounts {
    in_step: i64,
    pending: i64,
    out_of_step: i64,
    conflict: i64,
    broken: i64,
    paused: i64,
}

#[derive(Serialize)]
struct Sides {
    crm: SideHealth,
    projects: SideHealth,
}

#[derive(Serialize)]
struct SideHealth {
    state: &'static str,
    since: String,
    median_delay_ms: Option<i64>,
    next_try_at: Option<String>,
}

/// How often a waiting request looks without a word that something was committed.
const LOOK: Duration = Duration::from_millis(200);
/// How long it lets further commits come together before it looks again.
const GATHER: Duration = Duration::from_millis(10);

/// Answers as soon as all that is asked for is quiet, when the time is over, or when the program stops. While it waits,
/// no thread is held.
pub(crate) async fn wait(call: Call) -> Result<Answer, Failure> {
    let until = Instant::now() + Duration::from_secs(call.number("wait_s").unwrap_or_default());
    let mut commits = call.api.commits();
    let mut stopping = call.api.stopping();
    loop {
        commits.mark_unchanged();
        let own = call.clone();
        let is_over = until <= Instant::now() || *stopping.borrow();
        let found = call.api.pool().run(move || look(&own, is_over)).await?;
        if let Some(answer) = found {
            return Ok(answer);
        }
        let left = until.saturating_duration_since(Instant::now());
        let something = async {
            tokio::select! {
                _ = commits.changed() => tokio::time::sleep(GATHER).await,
                _ = stopping.changed() => {}
            }
        };
        // A commit, the end of the program and the time over lead to the same: look again.
        drop(timeout(LOOK.min(left), something).await);
    }
}

/// The answer, once all is quiet or the time is over. What is looked at again and again is cheap.
fn look(call: &Call, is_over: bool) -> Result<Option<Answer>, Failure> {
    let connections = call.connections()?;
    if !is_over && !connections.is_empty() && !call.api.bridge().work(call.acting())?.is_quiet() {
        return Ok(None);
    }
    let mut documents = Vec::new();
    for connection in &connections {
        documents.push(document(call, connection, &call.api.bridge().status(call.acting())?)?);
    }
    let quiet = documents.iter().all(|connection| connection.quiet);
    if !quiet && !is_over {
        return Ok(None);
    }
    let as_of = call.api.now().to_string();
    Answer::ok(&Status { as_of, quiet, can_store: call.api.db().can_store(), connections: documents }).map(Some)
}

/// Letters on their way that the person may know of.
fn mails_waiting(call: &Call) -> Result<i64, Failure> {
    let counts = call.api.mail().counts(call.acting(), call.api.directory())?;
    let is_waiting = |state: &LetterState| matches!(state, LetterState::Waiting | LetterState::Sending);
    Ok(counts.iter().filter(|(state, _)| is_waiting(state)).map(|(_, number)| number).sum())
}

fn document(call: &Call, connection: &Connection, standing: &Standing) -> Result<ConnectionDocument, Failure> {
    let number = |state: LinkState| standing.links.get(&state).copied().unwrap_or_default();
    let [crm_delay, projects_delay] = standing.delays;
    let health = |(health, since): (Health, Option<Moment>), delay| SideHealth {
        state: health.code(),
        since: since.unwrap_or(connection.created_at).to_string(),
        median_delay_ms: delay,
        next_try_at: None,
    };
    Ok(ConnectionDocument {
        connection_id: connection.id.as_str().to_owned(),
        quiet: standing.work.is_quiet(),
        work: WorkDocument {
            pending: standing.work.pending,
            in_flight: standing.work.in_flight,
            refused: standing.refused,
            held: standing.held,
            comments_waiting: standing.comments_waiting,
            mails_waiting: mails_waiting(call)?,
            oldest_pending_at: standing.work.oldest.map(|at| at.to_string()),
        },
        links: LinkCounts {
            in_step: number(LinkState::InStep),
            pending: number(LinkState::Pending),
            out_of_step: number(LinkState::OutOfStep),
            conflict: number(LinkState::Conflict),
            broken: number(LinkState::Broken),
            paused: number(LinkState::Paused),
        },
        sides: Sides { crm: health(standing.crm, crm_delay), projects: health(standing.projects, projects_delay) },
    })
}
