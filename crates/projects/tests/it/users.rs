//! Users: inviting, changing, deactivating.

use ports::{Language, Reason};
use projects::{Invitation, InvitedAs, Profile, UserPatch, Welcome};

use crate::world::{ADMIN, CLIENT, ENGINEER, LEAD, MANAGER, OWNER, World, code, each, email, refused, silent};

fn letters(world: &World) -> i64 {
    const COUNT: store::Sql = store::Sql::new("select count(*) as letters from mail_letter");
    world.db.read(|read| read.row(&COUNT, &[])).unwrap().unwrap().int("letters").unwrap()
}

fn invite(world: &World, address: &str, invited_as: InvitedAs) -> Result<projects::User, projects::ProjectsError> {
    let invitation = Invitation { welcome: Welcome::Letter, ..silent(address, "", invited_as) };
    world.projects.invite(&world.acting(MANAGER), &invitation)
}

#[test]
fn m7_an_invited_person_gets_one_letter() {
    each(|world| {
        let invitation = Invitation {
            welcome: Welcome::Letter,
            projects: vec![world.project.clone()],
            role: " Engineer ".into(),
            ..silent("New.Person@Zylker.example", "", InvitedAs::User(Profile::Employee))
        };
        let acting = world.acting(MANAGER);
        let user = world.projects.invite(&acting, &invitation).unwrap();
        assert_eq!((user.name.as_str(), user.role.as_str()), ("New Person", "Engineer"));
        assert_eq!(letters(world), 1);
        let row = world.projects.user(&acting, &user.email).unwrap();
        assert!(row.is_invited && row.user.is_active);
        assert_eq!(row.projects[0].key, "DM");
        // IMP-4: a user already; nothing changes, chosen projects are added.
        let other = world.open_project("Other");
        let again =
            Invitation { invited_as: InvitedAs::User(Profile::Manager), projects: vec![other], ..invitation.clone() };
        assert_eq!(world.projects.invite(&acting, &again).unwrap().profile, Profile::Employee);
        assert_eq!(world.projects.user(&acting, &user.email).unwrap().projects.len(), 2);
        assert_eq!(letters(world), 1);
        assert_eq!(code(&world.projects.invite_again(&acting, &user.email)), "too_soon");
        world.clock.pass_s(25 * 3600);
        world.projects.invite_again(&acting, &user.email).unwrap();
        assert_eq!(letters(world), 2);
        assert_eq!(code(&world.projects.invite_again(&world.acting(LEAD), &user.email)), "no_permission");
    });
}

#[test]
fn m7_an_unknown_person_is_written_to_in_the_language_of_the_inviter() {
    each(|world| {
        let chinese = Invitation {
            language: Some(Language::ZhCn),
            ..silent("wang.fang@zylker.example", "王芳", InvitedAs::User(Profile::Administrator))
        };
        world.projects.invite(&world.acting(ADMIN), &chinese).unwrap();
        let invitation = Invitation {
            language: None,
            welcome: Welcome::Letter,
            ..silent("li.na@zylker.example", "李娜", InvitedAs::User(Profile::Employee))
        };
        world.projects.invite(&world.acting("wang.fang@zylker.example"), &invitation).unwrap();
        let account = world.db.read(|read| identity::account::by_email(read, &email("li.na@zylker.example")));
        assert_eq!(account.unwrap().unwrap().language, Language::ZhCn);
        const SENT: store::Sql = store::Sql::new("select language from identity_invitation");
        let sent = world.db.read(|read| read.rows(&SENT, &[])).unwrap();
        let sent: Vec<String> = sent.iter().map(|row| row.text("language").unwrap()).collect();
        assert_eq!(sent, ["zh-CN"]);
    });
}

#[test]
fn imp_6_the_portals_own_domain_is_refused_for_client_users() {
    each(|world| {
        let as_client = || InvitedAs::ClientOf(world.company.clone());
        let answer = invite(world, "someone@zylker.example", as_client());
        assert_eq!(refused(answer), Reason::OwnDomain { person: "someone@zylker.example".into() });
        assert_eq!(letters(world), 0);
        let mut portal = world.projects.portal(&world.acting(OWNER)).unwrap();
        portal.settings.allows_own_domain_clients = true;
        assert_eq!(code(&world.projects.edit_portal(&world.acting(MANAGER), &portal)), "no_permission");
        world.projects.edit_portal(&world.acting(ADMIN), &portal).unwrap();
        assert_eq!(code(&invite(world, "someone@zylker.example", as_client())), "ok");
        portal.zone = "Mars/Olympus".into();
        assert_eq!(code(&world.projects.edit_portal(&world.acting(ADMIN), &portal)), "unknown_value");
    });
}

#[test]
fn imp_7_one_address_belongs_to_one_company() {
    each(|world| {
        let other = world.projects.create_company(&world.acting(MANAGER), "University Customer").unwrap().id;
        let reason = refused(invite(world, "IT.Manager@software-customer.example", InvitedAs::ClientOf(other)));
        let expected = Reason::ClientOfOtherCompany { person: CLIENT.into(), company: "Software Customer".into() };
        assert_eq!(reason, expected);
        assert_eq!(code(&invite(world, CLIENT, InvitedAs::ClientOf(world.company.clone()))), "ok");
        let as_user = refused(invite(world, CLIENT, InvitedAs::User(Profile::Employee)));
        assert_eq!(as_user, Reason::IsClientUser { person: CLIENT.into() });
        assert_eq!(code(&invite(world, LEAD, InvitedAs::ClientOf(world.company.clone()))), "is_portal_user");
        let unknown = InvitedAs::ClientOf(ports::CompanyId::new("1"));
        assert_eq!(code(&invite(world, "a@b.example", unknown)), "unknown_record");
    });
}

#[test]
fn act_1_nobody_gives_a_profile_above_his_own() {
    each(|world| {
        let by = |who: &str, profile| {
            let invitation = silent("new@zylker.example", "", InvitedAs::User(profile));
            code(&world.projects.invite(&world.acting(who), &invitation))
        };
        assert_eq!(by(MANAGER, Profile::Administrator), "no_permission");
        assert_eq!(by(OWNER, Profile::Owner), "no_permission");
        assert_eq!(by(MANAGER, Profile::Client), "no_permission");
        assert_eq!(by(LEAD, Profile::Employee), "no_permission");
        assert_eq!(by(MANAGER, Profile::Manager), "ok");
    });
}

#[test]
fn exactly_one_owner_stays() {
    each(|world| {
        let acting = world.acting(ADMIN);
        let change = |profile| UserPatch { profile: Some(profile), ..UserPatch::default() };
        assert_eq!(code(&world.projects.edit_user(&acting, &email(OWNER), &change(Profile::Manager))), "fixed");
        assert_eq!(code(&world.projects.edit_user(&acting, &email(LEAD), &change(Profile::Owner))), "fixed");
        assert_eq!(code(&world.projects.edit_user(&acting, &email(CLIENT), &change(Profile::Employee))), "fixed");
        assert_eq!(code(&world.projects.deactivate_user(&acting, &email(OWNER))), "is_owner");
        assert_eq!(code(&world.projects.deactivate_user(&acting, &email(ADMIN))), "is_yourself");
        let role = UserPatch { role: Some("Director".into()), profile: None };
        assert_eq!(world.projects.edit_user(&acting, &email(OWNER), &role).unwrap().role, "Director");
        assert_eq!(code(&world.projects.edit_user(&world.acting(MANAGER), &email(LEAD), &role)), "no_permission");
        let promoted = world.projects.edit_user(&acting, &email(LEAD), &change(Profile::Administrator)).unwrap();
        assert_eq!(promoted.profile, Profile::Administrator);
        let told: Vec<_> = world.projects.administrators(&world.tenant.portal).unwrap();
        assert_eq!(told, [email(OWNER), email(ADMIN), email(LEAD)]);
    });
}

#[test]
fn a_deactivated_user_can_do_nothing_and_stays_a_member() {
    each(|world| {
        let lead = world.acting(LEAD);
        world.projects.deactivate_user(&world.acting(ADMIN), &email(LEAD)).unwrap();
        assert_eq!(code(&world.projects.project(&lead, &world.project)), "no_permission");
        assert!(world.projects.me(&lead).unwrap().is_none());
        let members = world.projects.project(&world.acting(ADMIN), &world.project).unwrap().members;
        assert!(members.iter().any(|person| person.email == email(LEAD) && !person.is_active));
        assert_eq!(code(&invite(world, LEAD, InvitedAs::User(Profile::Employee))), "inactive_user");
        world.projects.reactivate_user(&world.acting(ADMIN), &email(LEAD)).unwrap();
        assert_eq!(code(&world.projects.project(&lead, &world.project)), "ok");
    });
}

#[test]
fn a_name_chosen_by_the_person_is_shown_everywhere() {
    each(|world| {
        world.projects.rename_person(&email(ENGINEER), "网络工程师").unwrap();
        let members = world.projects.project(&world.acting(ADMIN), &world.project).unwrap().members;
        assert_eq!(members.last().unwrap().name, "网络工程师");
    });
}
