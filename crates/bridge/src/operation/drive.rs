//! Who drives an operation: begins it, does its steps, stores what they gave.

use ports::{Acting, ConnectionId, CreateMark, JobId, ProjectsWrite, Reason};
use store::{Tx, back_off_ms};

use super::{
    Begun, Claimed, DUE, LEASE_MS, Made, NewOperation, Operation, OperationKind, OperationState, SETTLE, STEPS_MAX,
    Then, by_id, by_token, claim, forget, insert, made, settle_binds,
};
use crate::connection::{self, Connection};
use crate::error::BridgeError;
use crate::service::Bridge;
use crate::{add_to_crm, association, handoff, mapping, stored};

impl Bridge {
    /// Does one step of one operation that nobody drives, the longest due first; answers whether there was one.
    ///
    /// The loop calls it until it answers `false`; it finishes what a crash or an absent side has left.
    pub fn advance_operations(&self) -> Result<bool, BridgeError> {
        let now = self.now().ms();
        let due = self.db().read(|read| read.row(&DUE, &[now.into()]))?;
        let Some(due) = due else { return Ok(false) };
        let (connection, id) = (ConnectionId::new(due.text("connection_id")?), JobId::new(due.text("id")?));
        let claimed = self.db().write(|tx| {
            let Some(operation) = claim(tx, &connection, &id, now)? else { return Ok(None) };
            Ok::<_, BridgeError>(connection::by_id(tx, &connection)?.map(|connection| (operation, connection)))
        })?;
        let Some((operation, connection)) = claimed else { return Ok(true) };
        let mut claimed = Claimed { operation, connection, holds: true };
        self.step(&mut claimed)?;
        self.let_go(&mut claimed)?;
        Ok(true)
    }

    /// Stores an order, or finds the one with the same press token.
    ///
    /// An order that was refused is ordered anew: nothing of it is left. Errors: `AlreadyRunning` while another
    /// driver has it, or while another order works on the same thing.
    pub(crate) fn begin(
        &self,
        connection: &Connection,
        acting: &Acting,
        new: &NewOperation<'_>,
    ) -> Result<Begun, BridgeError> {
        let (now, id) = (self.now().ms(), self.next_id());
        self.db().write(|tx| {
            if let Some(known) = by_token(tx, &connection.id, acting, new)? {
                match known.state {
                    OperationState::Done => return Ok(Begun::Ended(Box::new(known))),
                    OperationState::Running | OperationState::Undoing => {
                        let operation =
                            claim(tx, &connection.id, &known.id, now)?.ok_or(BridgeError::AlreadyRunning)?;
                        let claimed = Claimed { operation, connection: connection.clone(), holds: true };
                        return Ok(Begun::Ours(Box::new(claimed)));
                    }
                    OperationState::Refused => forget(tx, &connection.id, &known.id)?,
                }
            }
            if insert(tx, connection, acting, new, &id, now)? == 0 {
                return Err(BridgeError::AlreadyRunning);
            }
            let operation = by_id(tx, &connection.id, &JobId::new(id.clone()))?
                .ok_or_else(|| BridgeError::Failed("an operation is gone at once".to_owned()))?;
            Ok(Begun::Ours(Box::new(Claimed { operation, connection: connection.clone(), holds: true })))
        })
    }

    /// Answers an earlier order with the same press token that is done, if there is one: before anything is checked,
    /// since the facts have changed by the order itself.
    pub(crate) fn answered(
        &self,
        connection: &Connection,
        acting: &Acting,
        kind: OperationKind,
        press_token: &str,
    ) -> Result<Option<Operation>, BridgeError> {
        let new = NewOperation { kind, press_token, exclusive: None, document: String::new() };
        let known = self.db().read(|read| by_token(read, &connection.id, acting, &new))?;
        match known.as_ref().map(|operation| operation.state) {
            Some(OperationState::Done) => Ok(known),
            Some(OperationState::Running | OperationState::Undoing) => {
                let Some(known) = known else { return Ok(None) };
                let now = self.now().ms();
                let operation = self
                    .db()
                    .write(|tx| claim(tx, &connection.id, &known.id, now))?
                    .ok_or(BridgeError::AlreadyRunning)?;
                let claimed = Claimed { operation, connection: connection.clone(), holds: true };
                self.drive(claimed).map(Some)
            }
            Some(OperationState::Refused) | None => Ok(None),
        }
    }

    /// Does the steps of a claimed operation until it ends or has to wait; answers how it stands then.
    pub(crate) fn drive(&self, mut claimed: Claimed) -> Result<Operation, BridgeError> {
        for _ in 0..STEPS_MAX {
            if !claimed.operation.state.is_open() || !claimed.holds {
                break;
            }
            self.step(&mut claimed)?;
        }
        self.let_go(&mut claimed)?;
        Ok(claimed.operation)
    }

    /// One step. A side that fails makes the operation wait; nothing is known about that step.
    fn step(&self, claimed: &mut Claimed) -> Result<(), BridgeError> {
        let done = match claimed.operation.kind {
            OperationKind::HandOff => handoff::steps::step(self, claimed),
            OperationKind::Associate => association::steps::step(self, claimed),
            OperationKind::AddToCrm => add_to_crm::steps::step(self, claimed),
            OperationKind::MappingRun => mapping::run::step(self, claimed),
        };
        match done {
            Err(BridgeError::Side(error)) => {
                tracing::warn!(operation.id = %claimed.operation.id, %error, "an operation waits for a side");
                let document = claimed.operation.document.clone();
                self.settle(claimed, &document, Then::Wait, |_| Ok(()))
            }
            Err(BridgeError::Failed(cause)) => {
                tracing::error!(operation.id = %claimed.operation.id, cause, "a step of an operation failed");
                let document = claimed.operation.document.clone();
                let then = match claimed.operation.state {
                    OperationState::Running => Then::Undo { step: "internal", reason: Reason::InternalError },
                    OperationState::Undoing | OperationState::Done | OperationState::Refused => Then::Wait,
                };
                self.settle(claimed, &document, then, |_| Ok(()))
            }
            other => other,
        }
    }

    /// Stores what a step gave, together with what `local` writes. `local` may refuse; then nothing is stored.
    ///
    /// Errors: `AlreadyRunning` if the lease was lost.
    pub(crate) fn settle(
        &self,
        claimed: &mut Claimed,
        document: &str,
        then: Then,
        local: impl Fn(&mut Tx<'_>) -> Result<(), BridgeError>,
    ) -> Result<(), BridgeError> {
        let now = self.now();
        let mut next = claimed.operation.clone();
        document.clone_into(&mut next.document);
        let mut due = now.ms();
        let mut holds = true;
        next.attempts = 0;
        match then {
            Then::Go => {}
            Then::Wait => {
                holds = false;
                next.attempts = claimed.operation.attempts + 1;
                let seed = claimed.operation.id.as_str().parse().unwrap_or(0);
                due = now.ms() + back_off_ms(next.attempts, seed);
            }
            Then::Undo { step, reason } => {
                next.state = OperationState::Undoing;
                next.failed_step = Some(step.to_owned());
                next.reason = Some(reason);
            }
            Then::Done => next.state = OperationState::Done,
            Then::Undone => next.state = OperationState::Refused,
        }
        holds &= next.state.is_open();
        next.finished_at = (!next.state.is_open()).then_some(now);
        let lease = if holds { now.ms() + LEASE_MS } else { 0 };
        let reason = next.reason.as_ref().map(stored::reason_text).transpose()?;
        self.db().write(|tx| {
            if tx.execute(&SETTLE, &settle_binds(&next, reason.as_deref(), lease, due))? == 0 {
                return Err(BridgeError::AlreadyRunning);
            }
            local(tx)
        })?;
        claimed.operation = next;
        claimed.holds = holds;
        Ok(())
    }

    /// Gives an open operation back, so that the loop may go on with it at once.
    fn let_go(&self, claimed: &mut Claimed) -> Result<(), BridgeError> {
        if !claimed.holds {
            return Ok(());
        }
        claimed.holds = false;
        let now = self.now().ms();
        let reason = claimed.operation.reason.as_ref().map(stored::reason_text).transpose()?;
        let binds = settle_binds(&claimed.operation, reason.as_deref(), 0, now);
        self.db().write(|tx| Ok::<_, BridgeError>(tx.execute(&SETTLE, &binds)?))?;
        Ok(())
    }

    /// Makes something on the Projects side, once: a step that may have been tried before asks for its mark first.
    pub(crate) fn make_in_projects(
        &self,
        claimed: &Claimed,
        mark: &CreateMark,
        write: ProjectsWrite,
    ) -> Result<Made, BridgeError> {
        if claimed.may_have_been_tried() {
            let found = self.projects().find_created(std::slice::from_ref(mark))?.into_iter().next().flatten();
            if let Some(id) = found {
                return Ok(Made::Id(id));
            }
        }
        let outcome = self.projects().write(&[write])?.value.into_iter().next();
        Ok(made(outcome))
    }
}
