//! Letters as the database keeps them.

use std::collections::BTreeMap;

use ports::{CrmModule, CrmTaskId, Date, Email, Fact, JobId, Language, LinkId, Moment, ProjectId, Reason, RefusalId};
use serde::{Deserialize, Serialize};

use crate::letter::{
    AppliedChange, Done, Field, InvitationLetter, Letter, MappingReport, MappingResult, MappingRow, Place, RecordName,
    RefusalLetter, RefusedChange, Side, TaskName, Value,
};

#[derive(Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
enum LetterDocument {
    Refusal(RefusalDocument),
    MappingReport(ReportDocument),
    Invitation(InvitationDocument),
}

#[derive(Serialize, Deserialize)]
struct RefusalDocument {
    link_id: String,
    title: String,
    crm_task_id: String,
    project_id: String,
    project: String,
    project_key: String,
    task_key: String,
    record: Option<(String, String)>,
    side: SideDocument,
    author: Option<String>,
    refused: Vec<RefusedDocument>,
    applied: Vec<AppliedDocument>,
}

#[derive(Serialize, Deserialize)]
struct RefusedDocument {
    refusal_id: String,
    field: String,
    tried: ValueDocument,
    agreed: ValueDocument,
    reason: ReasonDocument,
    done: DoneDocument,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct AppliedDocument {
    field: String,
    value: ValueDocument,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SideDocument {
    Crm,
    Projects,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DoneDocument {
    SetBack,
    Held,
    LeftAsItIs,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ValueDocument {
    Empty,
    Text(String),
    Day(String),
    State { is_closed: bool, name: String },
    Person(String),
}

#[derive(Serialize, Deserialize)]
struct ReasonDocument {
    code: String,
    facts: BTreeMap<String, FactDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FactDocument {
    Text(String),
    Number(i64),
    Day(String),
    List(Vec<String>),
}

#[derive(Serialize, Deserialize)]
struct ReportDocument {
    job_id: String,
    at: i64,
    accounts: usize,
    accounts_alone: usize,
    rows: Vec<ReportRowDocument>,
}

#[derive(Serialize, Deserialize)]
struct ReportRowDocument {
    company: String,
    accounts: Vec<String>,
    result: ResultDocument,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ResultDocument {
    MappedNow,
    MappedBefore,
    NotMapped(ReasonDocument),
}

#[derive(Serialize, Deserialize)]
struct InvitationDocument {
    invited_by: String,
    place: PlaceDocument,
    place_name: String,
    role: String,
    language: String,
    token: String,
    expires: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PlaceDocument {
    Portal,
    Client,
    Crm,
}

/// The text to keep. The error names what cannot be written.
pub(crate) fn write(letter: &Letter) -> Result<String, String> {
    let document = match letter {
        Letter::Refusal(refusal) => LetterDocument::Refusal(refusal_document(refusal)),
        Letter::MappingReport(report) => LetterDocument::MappingReport(report_document(report)),
        Letter::Invitation(invitation) => LetterDocument::Invitation(invitation_document(invitation)),
    };
    serde_json::to_string(&document).map_err(|cause| cause.to_string())
}

/// The letter of a kept text. The error says what is wrong with it.
pub(crate) fn read(text: &str) -> Result<Letter, String> {
    let document = serde_json::from_str(text).map_err(|cause| cause.to_string())?;
    Ok(match document {
        LetterDocument::Refusal(refusal) => Letter::Refusal(refusal_letter(refusal)?),
        LetterDocument::MappingReport(report) => Letter::MappingReport(report_letter(report)?),
        LetterDocument::Invitation(invitation) => Letter::Invitation(invitation_letter(invitation)?),
    })
}

fn refusal_document(letter: &RefusalLetter) -> RefusalDocument {
    let refused = |row: &RefusedChange| RefusedDocument {
        refusal_id: row.refusal_id.as_str().to_owned(),
        field: row.field.code().to_owned(),
        tried: value_document(&row.tried),
        agreed: value_document(&row.agreed),
        reason: reason_document(&row.reason),
        done: match row.done {
            Done::SetBack => DoneDocument::SetBack,
            Done::Held => DoneDocument::Held,
            Done::LeftAsItIs => DoneDocument::LeftAsItIs,
        },
        at: row.at.ms(),
    };
    let applied =
        |row: &AppliedChange| AppliedDocument { field: row.field.code().to_owned(), value: value_document(&row.value) };
    RefusalDocument {
        link_id: letter.link_id.as_str().to_owned(),
        title: letter.title.clone(),
        crm_task_id: letter.crm_task_id.as_str().to_owned(),
        project_id: letter.task.project_id.as_str().to_owned(),
        project: letter.task.project.clone(),
        project_key: letter.task.project_key.clone(),
        task_key: letter.task.key.clone(),
        record: letter.record.as_ref().map(|record| (record.module.code().to_owned(), record.name.clone())),
        side: match letter.side {
            Side::Crm => SideDocument::Crm,
            Side::Projects => SideDocument::Projects,
        },
        author: letter.author.as_ref().map(|author| author.as_str().to_owned()),
        refused: letter.refused.iter().map(refused).collect(),
        applied: letter.applied.iter().map(applied).collect(),
    }
}

fn refusal_letter(document: RefusalDocument) -> Result<RefusalLetter, String> {
    let refused = |row: RefusedDocument| {
        Ok(RefusedChange {
            refusal_id: RefusalId::new(row.refusal_id),
            field: field(&row.field)?,
            tried: value(row.tried)?,
            agreed: value(row.agreed)?,
            reason: reason(row.reason)?,
            done: match row.done {
                DoneDocument::SetBack => Done::SetBack,
                DoneDocument::Held => Done::Held,
                DoneDocument::LeftAsItIs => Done::LeftAsItIs,
            },
            at: Moment::from_ms(row.at),
        })
    };
    let applied = |row: AppliedDocument| Ok(AppliedChange { field: field(&row.field)?, value: value(row.value)? });
    let record = |(module, name): (String, String)| {
        let module = CrmModule::ALL.into_iter().find(|known| known.code() == module);
        module.map(|module| RecordName { module, name })
    };
    Ok(RefusalLetter {
        link_id: LinkId::new(document.link_id),
        title: document.title,
        crm_task_id: CrmTaskId::new(document.crm_task_id),
        task: TaskName {
            project_id: ProjectId::new(document.project_id),
            project: document.project,
            project_key: document.project_key,
            key: document.task_key,
        },
        record: document.record.and_then(record),
        side: match document.side {
            SideDocument::Crm => Side::Crm,
            SideDocument::Projects => Side::Projects,
        },
        author: document.author.as_deref().map(email).transpose()?,
        refused: document.refused.into_iter().map(refused).collect::<Result<_, String>>()?,
        applied: document.applied.into_iter().map(applied).collect::<Result<_, String>>()?,
    })
}

fn report_document(report: &MappingReport) -> ReportDocument {
    let row = |row: &MappingRow| ReportRowDocument {
        company: row.company.clone(),
        accounts: row.accounts.clone(),
        result: match &row.result {
            MappingResult::MappedNow => ResultDocument::MappedNow,
            MappingResult::MappedBefore => ResultDocument::MappedBefore,
            MappingResult::NotMapped(reason) => ResultDocument::NotMapped(reason_document(reason)),
        },
    };
    ReportDocument {
        job_id: report.job_id.as_str().to_owned(),
        at: report.at.ms(),
        accounts: report.accounts,
        accounts_alone: report.accounts_alone,
        rows: report.rows.iter().map(row).collect(),
    }
}

fn report_letter(document: ReportDocument) -> Result<MappingReport, String> {
    let row = |row: ReportRowDocument| {
        Ok(MappingRow {
            company: row.company,
            accounts: row.accounts,
            result: match row.result {
                ResultDocument::MappedNow => MappingResult::MappedNow,
                ResultDocument::MappedBefore => MappingResult::MappedBefore,
                ResultDocument::NotMapped(why) => MappingResult::NotMapped(reason(why)?),
            },
        })
    };
    Ok(MappingReport {
        job_id: JobId::new(document.job_id),
        at: Moment::from_ms(document.at),
        accounts: document.accounts,
        accounts_alone: document.accounts_alone,
        rows: document.rows.into_iter().map(row).collect::<Result<_, String>>()?,
    })
}

fn invitation_document(invitation: &InvitationLetter) -> InvitationDocument {
    InvitationDocument {
        invited_by: invitation.invited_by.clone(),
        place: match invitation.place {
            Place::Portal => PlaceDocument::Portal,
            Place::Client => PlaceDocument::Client,
            Place::Crm => PlaceDocument::Crm,
        },
        place_name: invitation.place_name.clone(),
        role: invitation.role.clone(),
        language: invitation.language.code().to_owned(),
        token: invitation.token.clone(),
        expires: invitation.expires.ms(),
    }
}

fn invitation_letter(document: InvitationDocument) -> Result<InvitationLetter, String> {
    Ok(InvitationLetter {
        invited_by: document.invited_by,
        place: match document.place {
            PlaceDocument::Portal => Place::Portal,
            PlaceDocument::Client => Place::Client,
            PlaceDocument::Crm => Place::Crm,
        },
        place_name: document.place_name,
        role: document.role,
        language: Language::parse(&document.language).map_err(|cause| cause.to_string())?,
        token: document.token,
        expires: Moment::from_ms(document.expires),
    })
}

fn value_document(value: &Value) -> ValueDocument {
    match value {
        Value::Empty => ValueDocument::Empty,
        Value::Text(text) => ValueDocument::Text(text.clone()),
        Value::Day(day) => ValueDocument::Day(day.to_string()),
        Value::State { is_closed, name } => ValueDocument::State { is_closed: *is_closed, name: name.clone() },
        Value::Person(person) => ValueDocument::Person(person.as_str().to_owned()),
    }
}

fn value(document: ValueDocument) -> Result<Value, String> {
    Ok(match document {
        ValueDocument::Empty => Value::Empty,
        ValueDocument::Text(text) => Value::Text(text),
        ValueDocument::Day(day) => Value::Day(date(&day)?),
        ValueDocument::State { is_closed, name } => Value::State { is_closed, name },
        ValueDocument::Person(person) => Value::Person(email(&person)?),
    })
}

fn reason_document(reason: &Reason) -> ReasonDocument {
    let fact = |fact: Fact| match fact {
        Fact::Text(text) => FactDocument::Text(text),
        Fact::Number(number) => FactDocument::Number(number),
        Fact::Day(day) => FactDocument::Day(day.to_string()),
        Fact::List(names) => FactDocument::List(names),
    };
    let facts = reason.facts().into_iter().map(|(name, value)| (name.to_owned(), fact(value))).collect();
    ReasonDocument { code: reason.code().to_owned(), facts }
}

fn reason(document: ReasonDocument) -> Result<Reason, String> {
    let fact = |fact: FactDocument| {
        Ok::<_, String>(match fact {
            FactDocument::Text(text) => Fact::Text(text),
            FactDocument::Number(number) => Fact::Number(number),
            FactDocument::Day(day) => Fact::Day(date(&day)?),
            FactDocument::List(names) => Fact::List(names),
        })
    };
    let facts =
        document.facts.into_iter().map(|(name, value)| Ok((name, fact(value)?))).collect::<Result<_, String>>()?;
    Reason::from_parts(&document.code, &facts).ok_or_else(|| format!("unknown reason {}", document.code))
}

fn field(code: &str) -> Result<Field, String> {
    Field::parse(code).ok_or_else(|| format!("unknown field {code}"))
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|cause| cause.to_string())
}

fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|cause| cause.to_string())
}
