//! The services of the Projects app. Each call takes who acts, decides the permission itself, and writes in one
//! transaction.

pub(crate) mod comment;
pub(crate) mod company;
pub(crate) mod list;
pub(crate) mod member;
pub(crate) mod portal;
pub(crate) mod project;
pub(crate) mod project_read;
pub(crate) mod sight;
pub(crate) mod task;
pub(crate) mod task_delete;
pub(crate) mod task_judge;
pub(crate) mod task_move;
pub(crate) mod task_read;
pub(crate) mod user;

use std::sync::Arc;

use identity::Identity;
use ports::{Acting, Clock, Ids, Moment};
use store::{Db, Read, Tx};

use crate::error::ProjectsError;
use crate::permission::Caller;
use crate::trace::Pen;

/// The Projects app. Cheap to clone.
#[derive(Clone)]
pub struct Projects {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) identity: Identity,
}

/// Tries of a write that somebody else keeps overtaking.
pub(crate) const TRIES: usize = 8;

impl Projects {
    /// The app over a database that has the tables of `store`, `records`, `identity`, `mail` and this room.
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, identity: Identity) -> Self {
        Self { db, clock, ids, identity }
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Runs `body` for the acting person in a writing transaction.
    pub(crate) fn writing<T>(
        &self,
        acting: &Acting,
        body: impl Fn(&mut Tx<'_>, &Pen<'_>) -> Result<T, ProjectsError>,
    ) -> Result<T, ProjectsError> {
        let now = self.now();
        self.db.write(|tx| {
            let caller = Caller::of(tx, acting)?;
            body(tx, &Pen { caller: &caller, now })
        })
    }

    /// Runs `body` for the acting person over one snapshot.
    pub(crate) fn reading<T>(
        &self,
        acting: &Acting,
        body: impl Fn(&mut Read<'_>, &Caller) -> Result<T, ProjectsError>,
    ) -> Result<T, ProjectsError> {
        self.db.read(|read| {
            let caller = Caller::of(read, acting)?;
            body(read, &caller)
        })
    }
}
