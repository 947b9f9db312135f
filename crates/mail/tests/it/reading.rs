//! The outbox as people read it.

use mail::letter::{InvitationLetter, Letter, Place};
use mail::{LetterCode, LetterQuery, LetterState, MailError};
use ports::{Language, Moment};

use crate::world::{People, URL, acting, due_letter, each};

const LEAD: &str = "migration.lead@zylker.example";
const MANAGER: &str = "project.manager@zylker.example";
const ADMIN: &str = "admin@zylker.example";

fn invitation() -> Letter {
    Letter::Invitation(InvitationLetter {
        invited_by: "Project Manager".into(),
        place: Place::Portal,
        place_name: "Zylker".into(),
        role: "Employee".into(),
        language: Language::ZhCn,
        token: "secret-key".into(),
        expires: Moment::parse("2026-03-24T09:00:00Z").unwrap(),
    })
}

#[test]
fn administrators_see_all_letters_others_their_own() {
    each(|world| {
        let first = world.put(LEAD, due_letter("DM-1", "2026-07-06")).unwrap();
        let second = world.put(MANAGER, due_letter("DM-2", "2026-07-06")).unwrap();
        let list = |person: &str, query: &LetterQuery| {
            let page = world.mail.letters(&acting(person), query, &People, URL).unwrap();
            (page.rows.iter().map(|card| card.id.clone()).collect::<Vec<_>>(), page.next)
        };
        let all = LetterQuery::newest(50);
        assert_eq!(list(ADMIN, &all), (vec![second.clone(), first.clone()], None));
        assert_eq!(list(LEAD, &all), (vec![first.clone()], None));
        let page = LetterQuery::newest(1);
        assert_eq!(list(ADMIN, &page), (vec![second.clone()], Some(second.clone())));
        assert_eq!(list(ADMIN, &LetterQuery { after: Some(second.clone()), ..page }), (vec![first.clone()], None));
        world.step();
        let sent = LetterQuery { states: vec![LetterState::Sent], ..all.clone() };
        assert_eq!(list(ADMIN, &sent).0, [first.as_str()]);
        let to = LetterQuery { to: Some(crate::world::email(MANAGER)), code: Some(LetterCode::M1), ..all };
        assert_eq!(list(ADMIN, &to).0, [second.as_str()]);
        assert_eq!(list(LEAD, &to).0, Vec::<String>::new(), "a filter shows nobody else's");
        let counts = world.mail.counts(&acting(ADMIN), &People).unwrap();
        assert_eq!(counts, [(LetterState::Waiting, 1), (LetterState::Sent, 1)]);
        assert_eq!(world.mail.counts(&acting(MANAGER), &People).unwrap(), [(LetterState::Waiting, 1)]);
        assert!(world.mail.letter(&acting(LEAD), &first, &People, URL).is_ok());
        assert!(matches!(world.mail.letter(&acting(LEAD), &second, &People, URL), Err(MailError::NotFound)));
        let view = world.mail.letter(&acting(ADMIN), &second, &People, URL).unwrap();
        assert_eq!(view.card.task_key.as_deref(), Some("DM-2"));
        assert_eq!(view.card.refusal_ids.len(), 1);
    });
}

#[test]
fn another_tenant_sees_nothing() {
    each(|world| {
        let id = world.put(LEAD, due_letter("DM-1", "2026-07-06")).unwrap();
        let mut foreign = acting(ADMIN);
        foreign.tenant.portal = ports::PortalId::new("99");
        let page = world.mail.letters(&foreign, &LetterQuery::newest(50), &People, URL).unwrap();
        assert_eq!(page.rows.len(), 0);
        assert!(matches!(world.mail.letter(&foreign, &id, &People, URL), Err(MailError::NotFound)));
    });
}

#[test]
fn the_key_of_an_invitation_is_in_the_mail_and_nowhere_else() {
    each(|world| {
        let id = world.put("new@zylker.example", invitation()).unwrap();
        let view = world.mail.letter(&acting(ADMIN), &id, &People, URL).unwrap();
        assert!(!view.text.contains("secret-key") && !view.html.contains("secret-key"));
        assert_eq!(view.card.language, Language::ZhCn, "the language of the invitation while there is no account");
        world.deliver();
        assert!(world.last().text.contains("https://lockstep.zylker.example/invitation/secret-key"));
        let rows = world.db.read(|read| read.rows(&store::Sql::new("select document from mail_letter"), &[])).unwrap();
        assert!(!rows[0].text("document").unwrap().contains("secret-key"));
    });
}
