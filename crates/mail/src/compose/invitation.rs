//! M7: the way in for a person who was invited.

use super::Setting;
use crate::content::{Action, Content, Fact, Line, Tone};
use crate::letter::{InvitationLetter, LetterCode, Place};

pub(super) fn content(letter: &InvitationLetter, setting: &Setting<'_>) -> Content {
    let w = setting.words;
    let (inviter, place) = (letter.invited_by.as_str(), letter.place_name.as_str());
    let what = match letter.place {
        Place::Portal => w.mail_invitation_portal(),
        Place::Client => w.mail_invitation_client(),
        Place::Crm => w.mail_invitation_crm(),
    };
    let fact =
        |label: &str, value: String| Fact { label: label.to_owned(), value: Line::new(value), tone: Tone::Plain };
    let mut facts = vec![fact(w.mail_invitation_address(), setting.to.as_str().to_owned())];
    if !letter.role.is_empty() {
        facts.push(fact(w.mail_invitation_role(), letter.role.clone()));
    }
    let end = letter.expires.date_in(&setting.zone);
    facts.push(fact(w.mail_invitation_ends(), w.date_long(end)));
    let has_link = !letter.token.is_empty();
    let note = if has_link { w.mail_invitation_note() } else { w.mail_invitation_link_hidden() };
    Content {
        code: LetterCode::M7,
        language: w.language(),
        house: setting.house(),
        subject: w.mail_invitation_subject(place),
        preview: what.to_owned(),
        headline: w.mail_invitation_headline(inviter, place),
        paragraphs: vec![Line::new(what)],
        picture: None,
        facts,
        sections: Vec::new(),
        action: has_link.then(|| Action {
            label: w.mail_invitation_accept().to_owned(),
            hint: w.mail_invitation_accept_hint().to_owned(),
            href: format!("{}/invitation/{}", setting.public_url, letter.token),
        }),
        note: note.to_owned(),
        link: None,
        footer: vec![w.mail_invitation_footer(inviter), setting.sent_from()],
        about: None,
    }
}
