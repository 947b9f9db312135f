//! One queue for all work that waits: a row a key, however often it is marked.
//!
//! `mark` says that a key needs work. `claim` lends keys to a worker until a deadline, with a fencing number. The worker
//! ends with `finish` or `requeue`; a key marked meanwhile stays. Whose lease was lost may not settle: `hold_fence`, in
//! the transaction that settles, says so. All times are arguments, in milliseconds, from one clock.

use crate::dialect::Engine;
use crate::{Bind, Read, Row, Sql, StoreError, Tx};

/// A key to be worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark<'a> {
    /// The queue.
    pub queue: &'static str,
    /// What is served in turn with others, such as one connection; a claim never mixes lanes.
    pub lane: &'a str,
    /// The key, one row in its lane.
    pub key: &'a str,
    /// Higher goes first; marking again never lowers it.
    pub priority: i64,
    /// Not before this moment; marking again never puts it off.
    pub due: i64,
    /// Now: how long the key has been waiting is counted from its first mark.
    pub at: i64,
    /// What the worker needs to know beside the key; the last mark counts.
    pub payload: &'a str,
}

/// Who asks for work, and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The queue.
    pub queue: &'static str,
    /// One lane, or the one that has waited longest.
    pub lane: Option<&'a str>,
    /// Who works.
    pub owner: &'a str,
    /// Now.
    pub now: i64,
    /// How long the keys are lent.
    pub lease_ms: i64,
    /// Keys at most.
    pub limit: i64,
}

/// A key lent to a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The queue.
    pub queue: &'static str,
    /// Its lane.
    pub lane: String,
    /// The key.
    pub key: String,
    /// Counts the marks: another one at the end means that there is more to do.
    pub generation: i64,
    /// Grows with every claim in the lane: another one at the end means that the lease was lost.
    pub fence: i64,
    /// Tries that failed since the last that did not.
    pub attempts: i64,
    /// When the key was marked first.
    pub first_marked: i64,
    /// Its priority.
    pub priority: i64,
    /// What the last mark told.
    pub payload: String,
}

/// A key in the queue, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Not claimed before this moment.
    pub due: i64,
    /// When it was marked first.
    pub first_marked: i64,
    /// Tries that failed since the last that did not.
    pub attempts: i64,
    /// Until when it is lent; 0 if it is not.
    pub lease_until: i64,
}

/// What became of a key whose work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// It is out of the queue.
    Removed,
    /// It was marked while it was worked on and is free for the next round.
    MarkedAgain,
    /// The lease was lost to another worker; nothing was changed here, and nothing of this round may be kept.
    Lost,
}

/// How much waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueDepth {
    /// Rows that nobody holds, due or not.
    pub waiting: i64,
    /// Rows lent at this moment.
    pub leased: i64,
    /// When the oldest was marked first.
    pub oldest: Option<i64>,
}

/// One key in so many goes by age alone, whatever its priority, so that the lowest priority is served too.
const BY_AGE_ONE_IN: i64 = 10;

const MARK_LANE: Sql = Sql::new(
    "insert into store_lane (queue, lane, served, fence) values ($1, $2, 0, 0) on conflict (queue, lane) do nothing",
);
const MARK: Sql = Sql::hot(
    "insert into store_queue (queue, lane, key, priority, due, generation, fence, lease_owner, lease_until, attempts, \
     first_marked, payload) values ($1, $2, $3, $4, $5, 1, 0, '', 0, 0, $6, $7) \
     on conflict (queue, lane, key) do update set generation = store_queue.generation + 1, \
     priority = case when excluded.priority > store_queue.priority then excluded.priority else store_queue.priority end, \
     due = case when excluded.due < store_queue.due then excluded.due else store_queue.due end, \
     payload = excluded.payload",
);
const NEXT_LANE: Sql = Sql::new(
    "select lane from store_lane where queue = $1 and exists (select 1 from store_queue \
     where store_queue.queue = $1 and store_queue.lane = store_lane.lane and due <= $2 and lease_until <= $2) \
     order by served, lane limit 1",
);
const IS_DUE: Sql = Sql::hot(
    "select 1 as is_due from store_queue where queue = $1 and lane = $2 and due <= $3 and lease_until <= $3 limit 1",
);
const SERVE_LANE: Sql = Sql::new(
    "update store_lane set fence = fence + 1, \
     served = (select max(others.served) from store_lane others where others.queue = $1) + 1 \
     where queue = $1 and lane = $2 returning fence",
);
// `due + 0`: the rows are to come in the order of the index by priority, not by due and then sorted, all of them.
// `ctid`: by its place no plan can look for a locked row in any other way.
const CLAIM_BY_PRIORITY_SQLITE: Sql = Sql::hot(
    "with ready as materialized (select key from store_queue where queue = $1 and lane = $2 and due + 0 <= $3 \
     and lease_until <= $3 order by priority desc, due limit $4) \
     update store_queue set fence = $5, lease_owner = $6, lease_until = $7 \
     where queue = $1 and lane = $2 and key in (select key from ready) \
     returning lane, key, generation, fence, attempts, first_marked, priority, due, payload",
);
const CLAIM_BY_PRIORITY_POSTGRES: Sql = Sql::hot(
    "with ready as materialized (select ctid as place from store_queue where queue = $1 and lane = $2 \
     and due + 0 <= $3 and lease_until <= $3 order by priority desc, due limit $4 for update skip locked) \
     update store_queue set fence = $5, lease_owner = $6, lease_until = $7 \
     where ctid = any(array(select place from ready)) \
     returning lane, key, generation, fence, attempts, first_marked, priority, due, payload",
);
const CLAIM_BY_AGE_SQLITE: Sql = Sql::hot(
    "with ready as materialized (select key from store_queue where queue = $1 and lane = $2 and due <= $3 \
     and lease_until <= $3 order by due limit $4) \
     update store_queue set fence = $5, lease_owner = $6, lease_until = $7 \
     where queue = $1 and lane = $2 and key in (select key from ready) \
     returning lane, key, generation, fence, attempts, first_marked, priority, due, payload",
);
const CLAIM_BY_AGE_POSTGRES: Sql = Sql::hot(
    "with ready as materialized (select ctid as place from store_queue where queue = $1 and lane = $2 \
     and due <= $3 and lease_until <= $3 order by due limit $4 for update skip locked) \
     update store_queue set fence = $5, lease_owner = $6, lease_until = $7 \
     where ctid = any(array(select place from ready)) \
     returning lane, key, generation, fence, attempts, first_marked, priority, due, payload",
);
const REMOVE: Sql =
    Sql::hot("delete from store_queue where queue = $1 and lane = $2 and key = $3 and fence = $4 and generation = $5");
const RELEASE: Sql = Sql::hot(
    "update store_queue set lease_owner = '', lease_until = 0, attempts = 0 \
     where queue = $1 and lane = $2 and key = $3 and fence = $4",
);
const REQUEUE: Sql = Sql::hot(
    "update store_queue set lease_owner = '', lease_until = 0, attempts = attempts + 1, \
     due = case when generation = $5 then $6 else due end \
     where queue = $1 and lane = $2 and key = $3 and fence = $4",
);
const PUT_OFF: Sql = Sql::hot(
    "update store_queue set lease_owner = '', lease_until = 0, \
     due = case when generation = $5 then $6 else due end \
     where queue = $1 and lane = $2 and key = $3 and fence = $4",
);
const RENEW: Sql = Sql::hot(
    "update store_queue set lease_until = $5 \
     where queue = $1 and lane = $2 and key = $3 and fence = $4 and lease_until > $6",
);
const HOLD_SQLITE: Sql = Sql::hot(
    "select fence from store_queue where queue = $1 and lane = $2 and key = $3 and fence = $4 and lease_until > $5",
);
const HOLD_POSTGRES: Sql = Sql::hot(
    "select fence from store_queue where queue = $1 and lane = $2 and key = $3 and fence = $4 and lease_until > $5 \
     for update",
);
const UNMARK: Sql = Sql::hot("delete from store_queue where queue = $1 and lane = $2 and key = $3");
const IS_MARKED: Sql = Sql::hot("select 1 as marked from store_queue where queue = $1 and lane = $2 and key = $3");
const QUEUED: Sql = Sql::hot(
    "select due, first_marked, attempts, lease_until from store_queue where queue = $1 and lane = $2 and key = $3",
);
const DEPTH: Sql = Sql::new(
    "select cast(coalesce(sum(case when lease_until > $2 then 0 else 1 end), 0) as bigint) as waiting, \
     cast(coalesce(sum(case when lease_until > $2 then 1 else 0 end), 0) as bigint) as leased, \
     min(first_marked) as oldest from store_queue where queue = $1",
);
const LANE_DEPTH: Sql = Sql::new(
    "select cast(coalesce(sum(case when lease_until > $2 then 0 else 1 end), 0) as bigint) as waiting, \
     cast(coalesce(sum(case when lease_until > $2 then 1 else 0 end), 0) as bigint) as leased, \
     min(first_marked) as oldest from store_queue where queue = $1 and lane = $3",
);
const NEXT: Sql = Sql::new(
    "select min(case when lease_until > due then lease_until else due end) as next from store_queue where queue = $1",
);

impl Tx<'_> {
    /// Asks for work on a key. Marking a key that is being worked on brings it back afterwards.
    pub fn mark(&mut self, mark: &Mark<'_>) -> Result<(), StoreError> {
        if self.is_new_lane(mark.queue, mark.lane) {
            self.execute(&MARK_LANE, &[mark.queue.into(), mark.lane.into()])?;
        }
        self.execute(
            &MARK,
            &[
                mark.queue.into(),
                mark.lane.into(),
                mark.key.into(),
                mark.priority.into(),
                mark.due.into(),
                mark.at.into(),
                mark.payload.into(),
            ],
        )?;
        self.touch(mark.queue);
        Ok(())
    }

    /// Lends up to `limit` due keys of one lane; empty if nothing is due. Sorted by priority (highest first), then by
    /// when they were due.
    pub fn claim(&mut self, claim: &Claim<'_>) -> Result<Vec<Claimed>, StoreError> {
        let Some(lane) = self.lane_to_serve(claim)? else { return Ok(Vec::new()) };
        let Some(row) = self.row(&SERVE_LANE, &[claim.queue.into(), lane.as_str().into()])? else {
            return Ok(Vec::new());
        };
        let fence = row.int("fence")?;
        let by_age = share_by_age(claim.limit, fence);
        let (priority_sql, age_sql) = match self.engine() {
            Engine::Sqlite => (&CLAIM_BY_PRIORITY_SQLITE, &CLAIM_BY_AGE_SQLITE),
            Engine::Postgres => (&CLAIM_BY_PRIORITY_POSTGRES, &CLAIM_BY_AGE_POSTGRES),
        };
        let mut rows = self.claim_with(age_sql, claim, &lane, fence, by_age)?;
        let rest = claim.limit - i64::try_from(rows.len()).unwrap_or(claim.limit);
        rows.extend(self.claim_with(priority_sql, claim, &lane, fence, rest)?);
        let mut claimed = rows
            .iter()
            .map(|row| Ok((row.int("due")?, claimed(claim.queue, row)?)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        claimed.sort_by(|(due, one), (other_due, other)| {
            (other.priority, due, &one.key).cmp(&(one.priority, other_due, &other.key))
        });
        Ok(claimed.into_iter().map(|(_, claimed)| claimed).collect())
    }

    /// Ends the work on a key: it leaves the queue if nobody marked it meanwhile. Call it in the transaction that keeps
    /// the result, and keep nothing when the answer is [`Finished::Lost`].
    pub fn finish(&mut self, claimed: &Claimed) -> Result<Finished, StoreError> {
        let [queue, lane, key, fence] = address(claimed);
        let generation = claimed.generation.into();
        if self.execute(&REMOVE, &[queue.clone(), lane.clone(), key.clone(), fence.clone(), generation])? == 1 {
            return Ok(Finished::Removed);
        }
        match self.execute(&RELEASE, &[queue, lane, key, fence])? {
            0 => Ok(Finished::Lost),
            _ => {
                self.touch(claimed.queue);
                Ok(Finished::MarkedAgain)
            }
        }
    }

    /// Whether this worker still holds the key; until the end of the transaction nobody else can claim it.
    pub fn hold_fence(&mut self, claimed: &Claimed, now: i64) -> Result<bool, StoreError> {
        let sql = match self.engine() {
            Engine::Sqlite => &HOLD_SQLITE,
            Engine::Postgres => &HOLD_POSTGRES,
        };
        let [queue, lane, key, fence] = address(claimed);
        Ok(self.row(sql, &[queue, lane, key, fence, now.into()])?.is_some())
    }

    /// Gives a key back after a try that failed: not before `due` (see [`crate::back_off_ms`]), unless it was marked
    /// meanwhile. Answers whether the lease was still held.
    pub fn requeue(&mut self, claimed: &Claimed, due: i64) -> Result<bool, StoreError> {
        self.give_back(&REQUEUE, claimed, due)
    }

    /// Gives a key back whose work has not failed but must wait, such as for a call budget: the tries do not count up.
    pub fn put_off(&mut self, claimed: &Claimed, due: i64) -> Result<bool, StoreError> {
        self.give_back(&PUT_OFF, claimed, due)
    }

    /// Holds a key for `lease_ms` from now. Answers whether the lease was still held.
    pub fn renew(&mut self, claimed: &Claimed, now: i64, lease_ms: i64) -> Result<bool, StoreError> {
        let [queue, lane, key, fence] = address(claimed);
        Ok(self.execute(&RENEW, &[queue, lane, key, fence, (now + lease_ms).into(), now.into()])? == 1)
    }

    /// Takes a key out of the queue, whoever works on it; its worker finds the lease lost.
    pub fn unmark(&mut self, queue: &'static str, lane: &str, key: &str) -> Result<(), StoreError> {
        self.execute(&UNMARK, &[queue.into(), lane.into(), key.into()])?;
        Ok(())
    }

    fn lane_to_serve(&mut self, claim: &Claim<'_>) -> Result<Option<String>, StoreError> {
        match claim.lane {
            // Asked first: a lane full of keys that wait for their next try costs no more than an empty one.
            Some(lane) => {
                let row = self.row(&IS_DUE, &[claim.queue.into(), lane.into(), claim.now.into()])?;
                Ok(row.map(|_| lane.to_owned()))
            }
            None => {
                let row = self.row(&NEXT_LANE, &[claim.queue.into(), claim.now.into()])?;
                row.map(|row| row.text("lane")).transpose()
            }
        }
    }

    fn claim_with(
        &mut self,
        sql: &Sql,
        claim: &Claim<'_>,
        lane: &str,
        fence: i64,
        limit: i64,
    ) -> Result<Vec<Row>, StoreError> {
        if limit < 1 {
            return Ok(Vec::new());
        }
        self.rows(
            sql,
            &[
                claim.queue.into(),
                lane.into(),
                claim.now.into(),
                limit.into(),
                fence.into(),
                claim.owner.into(),
                (claim.now + claim.lease_ms).into(),
            ],
        )
    }

    fn give_back(&mut self, sql: &Sql, claimed: &Claimed, due: i64) -> Result<bool, StoreError> {
        let [queue, lane, key, fence] = address(claimed);
        let held = self.execute(sql, &[queue, lane, key, fence, claimed.generation.into(), due.into()])? == 1;
        self.touch(claimed.queue);
        Ok(held)
    }
}

impl Read<'_> {
    /// How much waits in a queue, or in one lane of it.
    pub fn queue_depth(&mut self, queue: &str, lane: Option<&str>, now: i64) -> Result<QueueDepth, StoreError> {
        let row = match lane {
            Some(lane) => self.row(&LANE_DEPTH, &[queue.into(), now.into(), lane.into()])?,
            None => self.row(&DEPTH, &[queue.into(), now.into()])?,
        };
        let Some(row) = row else { return Ok(QueueDepth { waiting: 0, leased: 0, oldest: None }) };
        Ok(QueueDepth { waiting: row.int("waiting")?, leased: row.int("leased")?, oldest: row.int_or_null("oldest")? })
    }

    /// When the next key of a queue can be claimed; nothing if it is empty.
    pub fn queue_next(&mut self, queue: &str) -> Result<Option<i64>, StoreError> {
        match self.row(&NEXT, &[queue.into()])? {
            Some(row) => row.int_or_null("next"),
            None => Ok(None),
        }
    }

    /// How a key stands in the queue; nothing if it is not in it.
    pub fn queued(&mut self, queue: &str, lane: &str, key: &str) -> Result<Option<Queued>, StoreError> {
        let row = self.row(&QUEUED, &[queue.into(), lane.into(), key.into()])?;
        row.map(|row| {
            Ok(Queued {
                due: row.int("due")?,
                first_marked: row.int("first_marked")?,
                attempts: row.int("attempts")?,
                lease_until: row.int("lease_until")?,
            })
        })
        .transpose()
    }

    /// Whether a key is in the queue, waiting or being worked on.
    pub fn is_marked(&mut self, queue: &str, lane: &str, key: &str) -> Result<bool, StoreError> {
        Ok(self.row(&IS_MARKED, &[queue.into(), lane.into(), key.into()])?.is_some())
    }
}

/// How many keys of a claim go by age: one in ten, by turns where the claim is smaller.
fn share_by_age(limit: i64, fence: i64) -> i64 {
    if limit >= BY_AGE_ONE_IN { limit / BY_AGE_ONE_IN } else { i64::from(fence % BY_AGE_ONE_IN == 0) }
}

fn address(claimed: &Claimed) -> [Bind; 4] {
    [claimed.queue.into(), claimed.lane.as_str().into(), claimed.key.as_str().into(), claimed.fence.into()]
}

fn claimed(queue: &'static str, row: &Row) -> Result<Claimed, StoreError> {
    Ok(Claimed {
        queue,
        lane: row.text("lane")?,
        key: row.text("key")?,
        generation: row.int("generation")?,
        fence: row.int("fence")?,
        attempts: row.int("attempts")?,
        first_marked: row.int("first_marked")?,
        priority: row.int("priority")?,
        payload: row.text("payload")?,
    })
}
