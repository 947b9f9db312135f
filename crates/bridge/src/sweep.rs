//! The periodic comparison: versions of all links, page by page; what events missed is marked (SYNC-9, A5.8).

use std::sync::Arc;

use ports::{Found, Moment, SideError, Version};

use crate::connection::Connection;
use crate::dirty::{self, Cause};
use crate::engine::Core;
use crate::error::BridgeError;
use crate::link::{self, Link};

enum Stage {
    Load,
    AskCrm(Vec<Link>),
    AskProjects(Vec<Link>, Vec<Found<Version>>),
    Mark(Vec<Link>),
}

/// One run over all links.
pub(crate) struct Sweep {
    core: Arc<Core>,
    connection: Connection,
    after: String,
    stage: Stage,
}

/// Links compared at once.
const PAGE: i64 = 100;

impl Sweep {
    pub(crate) fn new(core: Arc<Core>, connection: Connection) -> Self {
        Self { core, connection, after: String::new(), stage: Stage::Load }
    }

    /// Does the next part: one transaction or one port call. Answers whether it was the last.
    pub(crate) fn advance(&mut self, now: Moment) -> Result<bool, BridgeError> {
        let parts = &self.core.parts;
        match std::mem::replace(&mut self.stage, Stage::Load) {
            Stage::Load => {
                let links = parts.db.read(|read| link::page(read, &self.connection.id, &self.after, PAGE))?;
                let Some(last) = links.last() else { return Ok(true) };
                self.after = last.id.to_string();
                self.stage = Stage::AskCrm(links);
                Ok(false)
            }
            Stage::AskCrm(links) => {
                let ids: Vec<_> = links.iter().map(|link| link.crm_task.clone()).collect();
                match parts.crm.versions(&ids) {
                    Ok(answer) => self.stage = Stage::AskProjects(links, answer.value),
                    Err(error) => return Ok(give_up(&error)),
                }
                Ok(false)
            }
            Stage::AskProjects(links, crm) => {
                let ids: Vec<_> = links.iter().map(|link| link.projects_task.clone()).collect();
                let projects = match parts.projects.versions(&ids) {
                    Ok(answer) => answer.value,
                    Err(error) => return Ok(give_up(&error)),
                };
                let both = crm.iter().zip(&projects);
                let moved = links.into_iter().zip(both).filter(|(link, (crm, projects))| {
                    has_moved(crm, &link.crm_version) || has_moved(projects, &link.projects_version)
                });
                self.stage = Stage::Mark(moved.map(|(link, _)| link).collect());
                Ok(false)
            }
            Stage::Mark(moved) => {
                if !moved.is_empty() {
                    parts.db.write_relaxed(|tx| {
                        for link in &moved {
                            // What an event has marked already is found by it.
                            if !dirty::is_marked(tx, &link.connection, &link.id)? {
                                dirty::mark_link(tx, &link.connection, &link.id, Cause::Comparison, now)?;
                            }
                        }
                        Ok::<_, BridgeError>(())
                    })?;
                }
                Ok(false)
            }
        }
    }
}

/// A record that is only missing says nothing (A7.1).
fn has_moved(found: &Found<Version>, known: &str) -> bool {
    match found {
        Found::Here(version) => version.mark != known || !version.settled,
        Found::Gone(_) => true,
        Found::Unknown(_) => false,
    }
}

fn give_up(error: &SideError) -> bool {
    tracing::warn!("the comparison stops, a side cannot be asked: {error}");
    true
}
