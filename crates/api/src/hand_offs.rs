//! `/hand-offs` and their form: from a sales record to a project.

use bridge::BridgeError;
use bridge::handoff::{
    ClientBlock, ClientChoice, ContactChoice, HandOff, HandOffForm, HandOffInput, PersonChoice, ProjectDraft,
};
use bridge::operation::Ordered;
use ports::{CompanyId, CrmModule, CrmRef, Date, Email, JobId, ProjectFacts, Reason};
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::call::Call;
use crate::code::Code;
use crate::document::effect::EffectsDocument;
use crate::document::party::Party;
use crate::document::person::Person;
use crate::document::project::ProjectRow;
use crate::document::reason::ReasonDocument;
use crate::document::record::RecordRef;
use crate::failure::Failure;
use crate::fault::{Fault, FaultCode};
use crate::jobs;
use crate::reference::RecordKey;

#[derive(Serialize)]
struct FormDocument {
    record: RecordRef,
    project: ProjectDocument,
    client_options: Vec<ClientOption>,
    fixed_users: Vec<Person>,
    users: Vec<Person>,
    templates: [(); 0],
    groups: [(); 0],
    layouts: [(); 0],
    contacts: Vec<Contact>,
    notes: Vec<ReasonDocument>,
}

/// The project of the form, in the shape in which it is sent back.
#[derive(Serialize)]
struct ProjectDocument {
    name: String,
    owner: Option<String>,
    start: Option<String>,
    end: Option<String>,
    strict: bool,
    overview: Option<String>,
}

#[derive(Serialize)]
struct ClientOption {
    choice: &'static str,
    company: Option<Party>,
    r#match: Option<&'static str>,
    preselected: bool,
    may_map: bool,
    text: String,
}

#[derive(Serialize)]
struct Contact {
    id: String,
    name: String,
    email: Option<String>,
    reason: Option<ReasonDocument>,
}

#[derive(Serialize)]
struct HandOffDocument {
    id: String,
    connection_id: String,
    record: RecordRef,
    project: ProjectRow,
    association_id: String,
    company: Option<Party>,
    mapping_id: Option<String>,
    automation_id: Option<()>,
    invited: Vec<Person>,
    receipt: Option<()>,
    from_sales: Option<()>,
    created_at: String,
    created_by: Person,
}

#[derive(Deserialize)]
struct NewHandOff {
    connection_id: String,
    record: RecordKey,
    project: NewProject,
    client: NewClient,
    #[serde(default)]
    users: Vec<NewUser>,
    #[serde(default)]
    client_user_ids: Vec<String>,
}

#[derive(Deserialize)]
struct NewProject {
    name: String,
    owner: Option<String>,
    start: Option<String>,
    end: Option<String>,
    #[serde(default)]
    strict: bool,
    overview: Option<String>,
}

#[derive(Deserialize)]
struct NewClient {
    choice: String,
    company_id: Option<String>,
    name: Option<String>,
    #[serde(default)]
    map: bool,
}

#[derive(Deserialize)]
struct NewUser {
    email: String,
}

pub(crate) fn form(call: &Call) -> Result<Answer, Failure> {
    call.connection()?;
    let Some(module) = CrmModule::ALL.into_iter().find(|module| module.code() == call.path("module")) else {
        return Err(Failure::of(Code::NotFound));
    };
    let record = CrmRef { module, id: call.path("record_id").to_owned() };
    let form = call.api.bridge().hand_off_form(call.acting(), &record)?;
    Answer::ok(&form_document(call, &form))
}

pub(crate) fn create(call: &Call) -> Result<Answer, Failure> {
    let new: NewHandOff = call.body()?;
    call.connection_of_body(&new.connection_id)?;
    let input = new.input()?;
    let bridge = call.api.bridge();
    if call.is_dry_run() {
        let effects = bridge.check_hand_off(call.acting(), &input).map_err(of_body)?;
        return Answer::ok(&EffectsDocument::new(call.w, &effects));
    }
    let basis = call.basis();
    match bridge.hand_off(call.acting(), &call.press_token(), basis.as_deref(), &input).map_err(of_body)? {
        Ordered::Done(done) => {
            let project = done.project.as_ref().ok_or_else(|| Failure::reason(Reason::RecordGone))?;
            Answer::created(&document(call, &done, project))
                .map(|answer| answer.at(&format!("/connections/{}/projects/{}", done.connection, done.project_id)))
        }
        Ordered::Refused(refused) => Err(Failure::reason(refused.reason).at_step(Some(refused.step))),
        Ordered::Waiting(id) => waiting(call, &id),
    }
}

/// A side is away: the work goes on by itself, and the same request asks again how it stands.
pub(crate) fn waiting(call: &Call, id: &JobId) -> Result<Answer, Failure> {
    let job = call.api.bridge().job(call.acting(), id)?;
    Ok(Answer::begun(&jobs::document(call, &job))?.at(&format!("/jobs/{id}")).going_on())
}

/// What a body names and is not there, or not to be seen, is a wrong value of the body.
fn of_body(error: BridgeError) -> Failure {
    match error {
        BridgeError::NotFound => Failure::values(vec![Fault::new("/record/id", FaultCode::NotOffered)]),
        BridgeError::Store(_)
        | BridgeError::Side(_)
        | BridgeError::Refused(_)
        | BridgeError::Invalid(_)
        | BridgeError::ChangedSince
        | BridgeError::AlreadyRunning
        | BridgeError::WrongState
        | BridgeError::Failed(_) => error.into(),
    }
}

impl NewHandOff {
    fn input(self) -> Result<HandOffInput, Failure> {
        let required = |pointer: &str| Failure::values(vec![Fault::new(pointer, FaultCode::Required)]);
        let client = match (self.client.choice.as_str(), self.client.company_id, self.client.name) {
            ("existing", Some(company), _) => {
                ClientChoice::Existing { company: CompanyId::new(company), map: self.client.map }
            }
            ("existing", None, _) => return Err(required("/client/company_id")),
            ("new", _, Some(name)) => ClientChoice::New { name },
            ("new", _, None) => return Err(required("/client/name")),
            _ => ClientChoice::None,
        };
        Ok(HandOffInput {
            record: self.record.sales("/record")?,
            project: self.project.draft()?,
            users: self.users.iter().map(|user| address("/users", &user.email)).collect::<Result<_, _>>()?,
            client,
            contacts: self.client_user_ids,
        })
    }
}

impl NewProject {
    fn draft(self) -> Result<ProjectDraft, Failure> {
        Ok(ProjectDraft {
            name: self.name,
            overview: self.overview.unwrap_or_default(),
            owner: self.owner.map(|owner| address("/project/owner", &owner)).transpose()?,
            start: self.start.map(|start| day("/project/start", &start)).transpose()?,
            end: self.end.map(|end| day("/project/end", &end)).transpose()?,
            is_strict: self.strict,
        })
    }
}

fn address(pointer: &str, text: &str) -> Result<Email, Failure> {
    Email::parse(text).map_err(|_| Failure::values(vec![Fault::new(pointer, FaultCode::Malformed)]))
}

fn day(pointer: &str, text: &str) -> Result<Date, Failure> {
    Date::parse(text).map_err(|_| Failure::values(vec![Fault::new(pointer, FaultCode::Malformed)]))
}

fn form_document(call: &Call, form: &HandOffForm) -> FormDocument {
    let w = call.w;
    let person = |choice: &PersonChoice| Person::new(&choice.name, &choice.email);
    let contact = |choice: &ContactChoice| Contact {
        id: choice.id.clone(),
        name: choice.name.clone(),
        email: choice.email.as_ref().map(ToString::to_string),
        reason: ReasonDocument::of_some(w, choice.problem.as_ref()),
    };
    FormDocument {
        record: RecordRef::sales(&form.record.reference, &form.record.name),
        project: ProjectDocument {
            name: form.project.name.clone(),
            owner: form.project.owner.as_ref().map(ToString::to_string),
            start: form.project.start.map(|day| day.to_string()),
            end: form.project.end.map(|day| day.to_string()),
            strict: form.project.is_strict,
            overview: Some(form.project.overview.clone()).filter(|text| !text.is_empty()),
        },
        client_options: client_options(call, &form.client),
        fixed_users: form.fixed_users.iter().map(person).collect(),
        users: form.users.iter().map(person).collect(),
        templates: [],
        groups: [],
        layouts: [],
        contacts: form.contacts.iter().map(contact).collect(),
        notes: form.notes.iter().map(|note| ReasonDocument::new(w, note)).collect(),
    }
}

/// What may be chosen as client, the suggestion first (HAND-19).
fn client_options(call: &Call, client: &ClientBlock) -> Vec<ClientOption> {
    let w = call.w;
    let existing = |party: &bridge::mapping::Party, is, preselected, may_map, text| ClientOption {
        choice: "existing",
        company: Some(Party::company(party)),
        r#match: Some(is),
        preselected,
        may_map,
        text,
    };
    let new = |name: &str, preselected| ClientOption {
        choice: "new",
        company: None,
        r#match: None,
        preselected,
        may_map: false,
        text: w.api_client_new(name),
    };
    let none = |preselected| ClientOption {
        choice: "none",
        company: None,
        r#match: None,
        preselected,
        may_map: false,
        text: w.api_client_none().to_owned(),
    };
    match client {
        ClientBlock::None => vec![none(true)],
        ClientBlock::Mapped { company } => {
            vec![existing(company, "mapped", true, false, w.api_client_mapped(&company.name))]
        }
        ClientBlock::Create { name, .. } => vec![new(name, true), none(false)],
        ClientBlock::Namesake { company, may_map } => {
            vec![existing(company, "exact", true, *may_map, w.api_client_namesake(&company.name)), none(false)]
        }
        ClientBlock::Ask { candidates, name, .. } => {
            let similar = |company| existing(company, "similar", false, false, w.api_client_similar(&company.name));
            candidates.iter().map(similar).chain([new(name, false), none(false)]).collect()
        }
    }
}

fn document(call: &Call, done: &HandOff, project: &ProjectFacts) -> HandOffDocument {
    let api = &call.api;
    HandOffDocument {
        id: done.id.clone(),
        connection_id: done.connection.as_str().to_owned(),
        record: RecordRef::sales(&done.record, &done.record_name),
        project: ProjectRow::new(api, project),
        association_id: done.association.as_str().to_owned(),
        company: done.company.as_ref().map(Party::company),
        mapping_id: done.mapping.as_ref().map(|id| id.as_str().to_owned()),
        automation_id: None,
        invited: done.invited.iter().map(|email| Person::of(api, email)).collect(),
        receipt: None,
        from_sales: None,
        created_at: done.at.to_string(),
        created_by: Person::of(api, &done.by),
    }
}
