//! `/status`: is everything in step, and waiting until it is.

use std::time::Duration;

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
    connections: Vec<ConnectionStatus>,
}

#[derive(Serialize)]
struct ConnectionStatus {
    connection_id: String,
    quiet: bool,
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
        let status = call.api.pool().run(move || look(&own)).await?;
        let left = until.saturating_duration_since(Instant::now());
        if status.quiet || left.is_zero() || *stopping.borrow() {
            return Answer::ok(&status);
        }
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

fn look(call: &Call) -> Result<Status, Failure> {
    let mut connections = Vec::new();
    for connection in call.connections()? {
        connections.push(ConnectionStatus { connection_id: connection.id.into_string(), quiet: true });
    }
    let quiet = connections.iter().all(|connection| connection.quiet);
    Ok(Status { as_of: call.api.now().to_string(), quiet, can_store: true, connections })
}
