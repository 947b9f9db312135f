//! A letter as a mail: headers encoded, text and HTML side by side, everything UTF-8.

use std::time::{Duration, SystemTime};

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use ports::{Email, Moment};

use crate::letter::LetterCode;

/// A letter that is to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its id.
    pub id: String,
    /// Which letter.
    pub code: LetterCode,
    /// Never another one for the same letter, so that a mail server can tell a repetition (MAIL-4).
    pub message_id: String,
    /// Name of the sender.
    pub from_name: String,
    /// Address of the sender, unless the delivery has one of its own.
    pub from: String,
    /// Name of the recipient.
    pub to_name: String,
    /// Address of the recipient.
    pub to: Email,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// When the letter was put into the outbox.
    pub at: Moment,
}

/// The mail of a letter, from `from` if given. The error says what cannot be written.
pub(crate) fn message(letter: &Outgoing, from: Option<&str>) -> Result<Message, String> {
    let sender = mailbox(&letter.from_name, from.unwrap_or(&letter.from))?;
    let recipient = mailbox(&letter.to_name, letter.to.as_str())?;
    let part = |kind: ContentType, body: &str| SinglePart::builder().header(kind).body(body.to_owned());
    let parts = MultiPart::alternative()
        .boundary(format!("lockstep-{}", letter.id))
        .singlepart(part(ContentType::TEXT_PLAIN, &letter.text))
        .singlepart(part(ContentType::TEXT_HTML, &letter.html));
    let at = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.at.ms()).unwrap_or(0));
    Message::builder()
        .from(sender)
        .to(recipient)
        .subject(&letter.subject)
        .date(at)
        .message_id(Some(format!("<{}>", letter.message_id)))
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .multipart(parts)
        .map_err(|cause| cause.to_string())
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, String> {
    let name = name.chars().filter(|letter| !letter.is_control()).collect::<String>();
    let address = address.parse().map_err(|cause| format!("{address}: {cause}"))?;
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}
