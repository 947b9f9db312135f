//! Invitations from the letter to the first sign-in.

use identity::invitation::{Acceptance, InvitationState, NewInvitation};
use identity::{IdentityError, Secret};
use mail::letter::Place;
use mail::{Delivery, Handed, Mail, Outgoing};
use ports::{Directory, Email, Language, PersonCard, Tenant};
use std::sync::Mutex;

use crate::world::{MANAGER, World, each, email, word};

const ANA: &str = "ana.silva@zylker.example";

struct Nobody;

impl Directory for Nobody {
    fn person(&self, _: &Email) -> Option<PersonCard> {
        None
    }
    fn portal_administrators(&self, _: &Tenant) -> Vec<Email> {
        vec![]
    }
    fn crm_administrators(&self, _: &Tenant) -> Vec<Email> {
        vec![]
    }
}

#[derive(Default)]
struct Post(Mutex<Vec<Outgoing>>);

impl Delivery for Post {
    fn hand_over(&self, letter: &Outgoing) -> Handed {
        self.0.lock().unwrap().push(letter.clone());
        Handed::Sent("250".into())
    }
}

fn invitation(tenant: &Tenant) -> NewInvitation {
    NewInvitation {
        tenant: tenant.clone(),
        email: email(ANA),
        place: Place::Portal,
        place_name: "Zylker Projects".into(),
        role: "Employee".into(),
        invited_by: email(MANAGER),
        language: Language::ZhCn,
    }
}

/// Invites Ana and gives the key of the link in the letter that she gets.
fn invite(world: &World, tenant: &Tenant) -> Secret {
    world.db.write(|tx| world.identity.invite(tx, &invitation(tenant))).unwrap().unwrap();
    key_from_letter(world)
}

fn key_from_letter(world: &World) -> Secret {
    let (mail, post) = (Mail::new(world.db.clone(), world.clock.clone()), Post::default());
    while mail.deliver_due(world.now(), &post, &Nobody, "http://127.0.0.1:8080").unwrap() != mail::Step::Idle {}
    let letters = post.0.lock().unwrap();
    let [letter] = letters.as_slice() else { panic!("{} letters", letters.len()) };
    assert!(letter.text.contains("邀请"), "the language of the invitation");
    let address = letter.text.lines().find_map(|line| line.strip_prefix("http://127.0.0.1:8080/invitation/")).unwrap();
    Secret::new(address)
}

fn chosen() -> Acceptance {
    Acceptance {
        name: "Ana Silva".into(),
        password: Secret::new("quite a long one"),
        language: Language::En,
        zone: "Europe/Lisbon".into(),
    }
}

fn set_up(world: &World) -> Tenant {
    let tenant = world.tenant();
    world.member(MANAGER);
    world.person(ANA);
    tenant
}

#[test]
fn an_invited_person_chooses_name_password_and_language_and_comes_in() {
    each(|world| {
        let tenant = set_up(world);
        let key = invite(world, &tenant);
        let view = world.identity.invitation(&key).unwrap();
        assert_eq!(
            (view.state, view.invited_by_name.as_str(), view.name.as_str()),
            (InvitationState::Open, "Project Manager", "Ana Silva")
        );
        assert_eq!(view.expires_at, world.now().plus_ms(7 * 24 * 3_600_000));
        let card = world.identity.accept(&key, &chosen()).unwrap();
        assert_eq!((card.name.as_str(), card.language, card.has_password), ("Ana Silva", Language::En, true));
        assert!(world.sign_in(ANA, "quite a long one").is_ok());
        let error = world.identity.accept(&key, &chosen()).unwrap_err();
        assert!(matches!(error, IdentityError::Ended(InvitationState::Accepted)), "{}", word(&error));
        let open = world.db.read(|read| world.identity.open_invitations(read, &tenant)).unwrap();
        assert_eq!(open, []);
        let again = world.db.write(|tx| world.identity.invite(tx, &invitation(&tenant))).unwrap();
        assert_eq!(again, None, "who is in needs no invitation");
    });
}

#[test]
fn wrong_fields_are_named_and_the_invitation_stays_open() {
    each(|world| {
        let tenant = set_up(world);
        let key = invite(world, &tenant);
        let wrong = Acceptance { name: "".into(), password: Secret::new("password1"), ..chosen() };
        let Err(IdentityError::Invalid(errors)) = world.identity.accept(&key, &wrong) else { panic!() };
        let fields: Vec<_> = errors.iter().map(|error| (error.field, error.code)).collect();
        assert_eq!(fields, [("name", "empty"), ("password", "known")]);
        assert_eq!(world.identity.invitation(&key).unwrap().state, InvitationState::Open);
    });
}

#[test]
fn an_invitation_ends_after_fourteen_days_and_can_be_sent_again_after_one() {
    each(|world| {
        let tenant = set_up(world);
        let first = invite(world, &tenant);
        let again = |world: &World| world.db.write(|tx| world.identity.invite_again(tx, &tenant, &email(ANA)));
        world.pass_hours(23);
        assert!(matches!(again(world), Err(IdentityError::TooSoon { .. })));
        world.pass_hours(1);
        again(world).unwrap();
        let second = key_from_letter(world);
        assert!(matches!(
            world.identity.accept(&first, &chosen()),
            Err(IdentityError::Ended(InvitationState::Replaced))
        ));
        world.pass_hours(7 * 24);
        assert!(matches!(
            world.identity.accept(&second, &chosen()),
            Err(IdentityError::Ended(InvitationState::Expired))
        ));
        let open = world.db.read(|read| world.identity.open_invitations(read, &tenant)).unwrap();
        assert_eq!(open.iter().map(|view| view.state).collect::<Vec<_>>(), [InvitationState::Expired]);
        again(world).unwrap();
        assert!(world.identity.accept(&key_from_letter(world), &chosen()).is_ok());
    });
}

#[test]
fn a_withdrawn_invitation_and_an_unknown_key_open_nothing() {
    each(|world| {
        let tenant = set_up(world);
        let key = invite(world, &tenant);
        let mut elsewhere = tenant.clone();
        elsewhere.portal = ports::PortalId::new("999");
        world.db.write(|tx| world.identity.withdraw(tx, &elsewhere, &email(ANA))).unwrap();
        assert_eq!(world.identity.invitation(&key).unwrap().state, InvitationState::Open, "another portal's");
        world.db.write(|tx| world.identity.withdraw(tx, &tenant, &email(ANA))).unwrap();
        assert!(matches!(
            world.identity.accept(&key, &chosen()),
            Err(IdentityError::Ended(InvitationState::Withdrawn))
        ));
        assert!(matches!(world.identity.invitation(&Secret::new("guess")), Err(IdentityError::NotFound)));
        assert!(matches!(world.identity.accept(&Secret::new(""), &chosen()), Err(IdentityError::NotFound)));
    });
}

#[test]
fn keys_are_kept_as_hashes_only() {
    each(|world| {
        let tenant = set_up(world);
        let key = invite(world, &tenant);
        let rows = store::Sql::new("select token_hash from identity_invitation");
        let hash = world.db.read(|read| read.rows(&rows, &[])).unwrap()[0].text("token_hash").unwrap();
        assert_eq!(hash, key.hash());
        assert_ne!(hash, key.reveal());
    });
}
