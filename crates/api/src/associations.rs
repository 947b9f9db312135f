//! `/associations`: which projects belong to which sales records.

use bridge::BridgeError;
use bridge::association::{Association, RelatedProject};
use bridge::operation::Ordered;
use ports::{AssociationId, ConnectionId, ProjectId};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::code::Code;
use crate::document::person::Person;
use crate::document::project::ProjectRow;
use crate::document::record::RecordRef;
use crate::failure::Failure;
use crate::fault::{Fault, FaultCode};
use crate::reference::RecordKey;

#[derive(Deserialize)]
struct NewAssociations {
    connection_id: String,
    record: RecordKey,
    project_ids: Vec<String>,
}

#[derive(Serialize)]
struct AssociationDocument {
    id: String,
    connection_id: String,
    record: Option<RecordRef>,
    project: ProjectRow,
    first: bool,
    origin: &'static str,
    hand_off_id: Option<String>,
    receipt: Option<()>,
    created_at: String,
    created_by: Option<Person>,
}

pub(crate) fn create(call: &Call) -> Result<Answer, Failure> {
    let new: NewAssociations = call.body()?;
    let connection = call.connection_of_body(&new.connection_id)?;
    let record = new.record.sales("/record")?;
    let projects: Vec<ProjectId> = new.project_ids.into_iter().map(ProjectId::new).collect();
    let bridge = call.api.bridge();
    let made = match bridge.associate(call.acting(), &call.press_token(), &record, &projects) {
        Ok(Ordered::Done(made)) => made,
        Ok(Ordered::Refused(refused)) => {
            return Err(Failure::reason(refused.reason).at_step(Some(refused.step)));
        }
        // The Projects side is away; the same request asks again.
        Ok(Ordered::Waiting(_)) => return Err(Failure::retry_after(Code::Unreachable, 2)),
        Err(BridgeError::NotFound) => return Err(not_there(call, &record)),
        Err(error) => return Err(error.into()),
    };
    let related = bridge.related_projects(call.acting(), &record)?;
    let name = bridge.record_name(call.acting(), &record)?;
    let items = made.iter().filter_map(|own| document(call, &connection.id, own, &related, &name)).collect();
    Answer::created(&List { items, next: None })
}

pub(crate) fn delete(call: &Call) -> Result<Answer, Failure> {
    call.api.bridge().remove_association(call.acting(), &AssociationId::new(call.path("association_id")))?;
    Ok(Answer::nothing())
}

/// Which of the two that the body names is not there, or not to be seen.
fn not_there(call: &Call, record: &ports::CrmRef) -> Failure {
    let is_record_there = call.api.bridge().record_name(call.acting(), record).is_ok();
    let pointer = if is_record_there { "/project_ids" } else { "/record/id" };
    Failure::values(vec![Fault::new(pointer, FaultCode::NotOffered)])
}

fn document(
    call: &Call,
    connection: &ConnectionId,
    own: &Association,
    related: &[RelatedProject],
    name: &str,
) -> Option<AssociationDocument> {
    let project = related.iter().find(|row| row.association.id == own.id).map(|row| &row.project)?;
    Some(AssociationDocument {
        id: own.id.as_str().to_owned(),
        connection_id: connection.as_str().to_owned(),
        record: Some(RecordRef::sales(&own.record, name)),
        project: ProjectRow::new(&call.api, project),
        first: own.is_first,
        origin: own.origin.code(),
        hand_off_id: own.hand_off.clone(),
        receipt: None,
        created_at: own.at.to_string(),
        created_by: Person::of_some(&call.api, own.by.as_ref()),
    })
}
