//! `/refusals`: refused changes.

use bridge::field::Field;
use bridge::reading::refusals::RefusalView;
use bridge::refusal::{Filter, RefusalState};
use ports::{LinkId, ProjectId};
use serde::Serialize;

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::document::link;
use crate::document::person::Person;
use crate::document::reason::ReasonDocument;
use crate::document::record::RecordRef;
use crate::document::value::Value;
use crate::failure::Failure;

#[derive(Serialize)]
pub(crate) struct RefusalDocument {
    id: String,
    connection_id: String,
    link_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordRef>,
    at: String,
    person: Option<Person>,
    made_on: &'static str,
    field: &'static str,
    tried: Value,
    agreed: Value,
    reason: ReasonDocument,
    state: &'static str,
    settled: Option<Settled>,
    mail: Option<Mail>,
    remedies: [(); 0],
}

#[derive(Serialize)]
struct Settled {
    at: String,
    by: Option<Person>,
    how: &'static str,
}

#[derive(Serialize)]
struct Mail {
    letter: String,
    mail_id: String,
}

pub(crate) fn list(call: &Call) -> Result<Answer, Failure> {
    let nothing = || Answer::ok(&List::<RefusalDocument> { items: Vec::new(), next: None });
    let Some(connection) = call.connections()?.into_iter().next() else { return nothing() };
    let fields: Vec<Field> = call.several("field").into_iter().filter_map(Field::parse).collect();
    if call.text("field").is_some() && fields.is_empty() {
        return nothing();
    }
    let filter = Filter {
        link: call.text("link_id").map(LinkId::new),
        project: call.text("project_id").map(ProjectId::new),
        person: call.person()?,
        states: call.several("state").into_iter().filter_map(RefusalState::parse).collect(),
        reason_code: None,
        field: None,
        since: call.moment("since"),
        until: call.moment("until"),
    };
    let reasons: Vec<String> = call.several("reason").into_iter().map(str::to_owned).collect();
    let after = call.after()?;
    let bridge = call.api.bridge();
    let page = bridge.refusals(call.acting(), &filter, &reasons, &fields, after.as_deref(), call.limit())?;
    let items = page.rows.iter().map(|view| document(call, connection.id.as_str(), view)).collect();
    Answer::ok(&List { items, next: call.next(page.next) })
}

pub(crate) fn document(call: &Call, connection: &str, view: &RefusalView) -> RefusalDocument {
    let (api, refusal) = (&call.api, &view.refusal);
    let record = |own: &bridge::link::Link| {
        if view.sees_projects { link::projects_task(own) } else { link::crm_task(own) }
    };
    RefusalDocument {
        id: refusal.id.as_str().to_owned(),
        connection_id: connection.to_owned(),
        link_id: refusal.link.as_str().to_owned(),
        record: view.link.as_ref().map(record),
        at: refusal.at.to_string(),
        person: Person::of_some(api, refusal.person.as_ref()),
        made_on: refusal.side.code(),
        field: refusal.field.map_or("comment", Field::code),
        tried: Value::shown(&refusal.tried),
        agreed: Value::plain(&refusal.agreed),
        reason: ReasonDocument::new(call.w, &refusal.reason),
        state: match refusal.state {
            // It is stored before the agreed value is written back, which follows at once.
            RefusalState::Open | RefusalState::Reverted => "reverted",
            RefusalState::Held => "held",
            RefusalState::Settled => "settled",
        },
        settled: refusal.settled.as_ref().map(|(at, how)| Settled {
            at: at.to_string(),
            by: None,
            how: ["remedy", "obstacle_gone", "later_change", "unlinked"]
                .into_iter()
                .find(|known| known == how)
                .unwrap_or("left_as_is"),
        }),
        mail: refusal
            .letter
            .as_ref()
            .map(|(letter, id)| Mail { letter: letter.clone(), mail_id: id.as_str().to_owned() }),
        remedies: [],
    }
}
