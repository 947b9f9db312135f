//! `/mails`: the outbox.

use mail::{LetterCard, LetterCode, LetterQuery, LetterState};
use ports::Moment;
use serde::Serialize;

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::document::person::Person;
use crate::failure::Failure;

#[derive(Serialize)]
struct MailDocument {
    id: String,
    letter: &'static str,
    to: Person,
    language: &'static str,
    subject: String,
    state: &'static str,
    refusal_ids: Vec<String>,
    text: Option<String>,
    html: Option<String>,
    queued_at: String,
    sent_at: Option<String>,
}

/// One's own letters; administrators see all of their connections. The service decides that.
pub(crate) fn list(call: &Call) -> Result<Answer, Failure> {
    let code = call.text("letter").map(LetterCode::parse);
    if call.connections()?.is_empty() || matches!(code, Some(None)) {
        return Answer::ok(&List::<MailDocument> { items: Vec::new(), next: None });
    }
    let query = LetterQuery {
        states: Vec::new(),
        code: code.flatten(),
        to: call.person()?,
        since: call.moment("since"),
        after: call.after()?,
        limit: call.limit(),
    };
    let api = &call.api;
    let page = api.mail().letters(call.acting(), &query, api.directory(), api.public_url())?;
    let items = page.rows.iter().map(document).collect();
    Answer::ok(&List { items, next: call.next(page.next) })
}

fn document(card: &LetterCard) -> MailDocument {
    let is_out = matches!(card.state, LetterState::Sent | LetterState::Written);
    MailDocument {
        id: card.id.clone(),
        letter: card.code.code(),
        to: Person::new(&card.to_name, &card.to),
        language: card.language.code(),
        subject: card.subject.clone(),
        state: card.state.code(),
        refusal_ids: card.refusal_ids.iter().map(|id| id.as_str().to_owned()).collect(),
        text: None,
        html: None,
        queued_at: card.queued_at.to_string(),
        sent_at: card.ended_at.filter(|_| is_out).as_ref().map(Moment::to_string),
    }
}
