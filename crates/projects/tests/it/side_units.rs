//! The steps of a hand-off on the Projects side, and their undoing (HAND-12).

use ports::{
    CompanyId, CreateMark, Email, NewProject, Outcome, PlainText, ProjectId, ProjectsSide, ProjectsWrite, Reason,
};

use crate::world::{ADMIN, CLIENT, LEAD, MANAGER, SUPPORT, World, code, draft, each, email};

fn mark(text: &str) -> CreateMark {
    CreateMark::new(text)
}

fn project(world: &World, by: &str, companies: &[CompanyId]) -> ProjectsWrite {
    ProjectsWrite::CreateProject {
        project: NewProject {
            name: "Ward Wi-Fi roll-out".into(),
            description: PlainText::new("Wards 2 and 5 first."),
            owner: email(by),
            start: None,
            end: None,
            is_strict: false,
            members: vec![email(ADMIN)],
            companies: companies.to_vec(),
        },
        mark: mark("project"),
        acting: world.acting(by),
    }
}

fn company(world: &World, name: &str) -> ProjectsWrite {
    ProjectsWrite::CreateCompany { name: name.into(), mark: mark("company"), acting: world.acting(MANAGER) }
}

fn client(world: &World, company: &CompanyId, project: &ProjectId, address: &str) -> ProjectsWrite {
    ProjectsWrite::AddClientUser {
        company: company.clone(),
        project: project.clone(),
        email: Email::parse(address).unwrap(),
        name: "Lucas Meyer".into(),
        mark: mark(address),
        acting: world.acting(MANAGER),
    }
}

fn user(world: &World, project: &ProjectId, address: &str) -> ProjectsWrite {
    ProjectsWrite::AddUser {
        project: project.clone(),
        email: Email::parse(address).unwrap(),
        name: "Sales Representative".into(),
        mark: mark(address),
        acting: world.acting(MANAGER),
    }
}

fn one(world: &World, write: ProjectsWrite) -> Outcome<String> {
    world.side.write(&[write]).unwrap().value.remove(0)
}

fn done(world: &World, write: ProjectsWrite) -> String {
    assert_eq!(world.side.check(&write).unwrap(), None, "{write:?}");
    match one(world, write) {
        Outcome::Done { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

fn reason(world: &World, write: ProjectsWrite) -> Reason {
    let checked = world.side.check(&write).unwrap();
    match one(world, write) {
        Outcome::Refused(reason) => {
            assert_eq!(checked, Some(reason.clone()));
            reason
        }
        other => panic!("{other:?}"),
    }
}

fn letters(world: &World) -> i64 {
    const COUNT: store::Sql = store::Sql::new("select count(*) as letters from mail_letter");
    world.db.read(|read| read.row(&COUNT, &[])).unwrap().unwrap().int("letters").unwrap()
}

#[test]
fn hand_12_a_unit_pressed_twice_makes_one_of_each() {
    each(|world| {
        let company_id = CompanyId::new(done(world, company(world, "University Customer")));
        let project_id = ProjectId::new(done(world, project(world, MANAGER, std::slice::from_ref(&company_id))));
        let client_id = done(world, client(world, &company_id, &project_id, "campus.it@university.example"));
        let user_id = done(world, user(world, &project_id, "sales.rep@zylker.example"));
        assert_eq!(letters(world), 2);
        assert_eq!(done(world, company(world, "University Customer")), company_id.as_str());
        assert_eq!(done(world, project(world, MANAGER, std::slice::from_ref(&company_id))), project_id.as_str());
        assert_eq!(done(world, client(world, &company_id, &project_id, "campus.it@university.example")), client_id);
        assert_eq!(done(world, user(world, &project_id, "sales.rep@zylker.example")), user_id);
        assert_eq!(letters(world), 2);
        let card = world.projects.project(&world.acting(MANAGER), &project_id).unwrap();
        let members: Vec<_> = card.members.iter().map(|person| person.email.as_str()).collect();
        assert_eq!(members, [ADMIN, "campus.it@university.example", MANAGER, "sales.rep@zylker.example"]);
        assert_eq!(card.project.overview, PlainText::new("Wards 2 and 5 first."));
        let card = world.projects.user(&world.acting(MANAGER), &email("sales.rep@zylker.example")).unwrap();
        assert_eq!((card.user.profile, card.user.role.as_str()), (projects::Profile::Employee, "Employee"));
    });
}

#[test]
fn hand_12_undone_steps_leave_nothing() {
    each(|world| {
        let before = world.projects.users(&world.acting(ADMIN)).unwrap().len();
        let company_id = CompanyId::new(done(world, company(world, "University Customer")));
        let project_id = ProjectId::new(done(world, project(world, MANAGER, std::slice::from_ref(&company_id))));
        done(world, client(world, &company_id, &project_id, "campus.it@university.example"));
        done(world, user(world, &project_id, LEAD));
        let acting = world.acting(MANAGER);
        for undo in [
            ProjectsWrite::UndoUser { mark: mark(LEAD), acting: acting.clone() },
            ProjectsWrite::UndoClientUser { mark: mark("campus.it@university.example"), acting: acting.clone() },
            ProjectsWrite::UndoProject { mark: mark("project"), acting: acting.clone() },
            ProjectsWrite::UndoCompany { mark: mark("company"), acting: acting.clone() },
            ProjectsWrite::UndoCompany { mark: mark("company"), acting: acting.clone() },
            ProjectsWrite::UndoProject { mark: mark("never"), acting: acting.clone() },
        ] {
            done(world, undo);
        }
        assert_eq!(code(&world.projects.project(&acting, &project_id)), "not_found");
        assert_eq!(code(&world.projects.company(&acting, &company_id)), "not_found");
        assert_eq!(world.projects.users(&world.acting(ADMIN)).unwrap().len(), before);
        let marks = ["project", "company", LEAD].map(mark);
        assert_eq!(world.side.find_created(&marks).unwrap(), [None, None, None]);
        // The key is free again, and the lead is still a user.
        assert!(!done(world, project(world, MANAGER, &[])).is_empty());
        assert_eq!(world.projects.project_by_key(&acting, "WWR").unwrap().project.name, "Ward Wi-Fi roll-out");
        assert!(world.side.users(&[email(LEAD)]).unwrap()[0].is_some());
    });
}

#[test]
fn hand_12_what_somebody_uses_meanwhile_is_not_taken_back() {
    each(|world| {
        let company_id = CompanyId::new(done(world, company(world, "University Customer")));
        let project_id = ProjectId::new(done(world, project(world, MANAGER, std::slice::from_ref(&company_id))));
        done(world, user(world, &project_id, "sales.rep@zylker.example"));
        world.projects.add_task(&world.acting(ADMIN), &project_id, &draft("Already at work")).unwrap();
        let other = world.open_project("Other");
        world.projects.add_member(&world.acting(MANAGER), &other, &email("sales.rep@zylker.example")).unwrap();
        let acting = world.acting(MANAGER);
        let undo = ProjectsWrite::UndoProject { mark: mark("project"), acting: acting.clone() };
        assert_eq!(reason(world, undo).code(), "validation_failed");
        let undo = ProjectsWrite::UndoCompany { mark: mark("company"), acting: acting.clone() };
        assert_eq!(reason(world, undo).code(), "validation_failed");
        done(world, ProjectsWrite::UndoUser { mark: mark("sales.rep@zylker.example"), acting: acting.clone() });
        let row = world.projects.user(&acting, &email("sales.rep@zylker.example")).unwrap();
        assert_eq!(row.projects.iter().map(|project| project.name.as_str()).collect::<Vec<_>>(), ["Other"]);
    });
}

#[test]
fn hand_9_refusals_are_foreseen_before_anything_is_made() {
    each(|world| {
        let unmade = (CompanyId::new(""), ProjectId::new(""));
        let check = |write: &ProjectsWrite| world.side.check(write).unwrap().map(|reason| reason.code());
        assert_eq!(check(&client(world, &unmade.0, &unmade.1, CLIENT)), Some("client_of_other_company"));
        assert_eq!(check(&client(world, &unmade.0, &unmade.1, "x@zylker.example")), Some("own_domain"));
        assert_eq!(check(&client(world, &unmade.0, &unmade.1, "campus.it@university.example")), None);
        assert_eq!(check(&project(world, MANAGER, std::slice::from_ref(&unmade.0))), None);
        assert_eq!(check(&user(world, &unmade.1, CLIENT)), Some("is_client_user"));
        assert_eq!(check(&project(world, SUPPORT, &[])), Some("no_permission"));
        let stranger = client(world, &world.company, &world.project, CLIENT);
        assert_eq!(check(&stranger), None);
        assert_eq!(letters(world), 0);
    });
}

#[test]
fn companies_are_found_by_name_key_and_set_on_projects() {
    each(|world| {
        let made = CompanyId::new(done(world, company(world, "ABC  客户")));
        let keys = ["abc 客户".to_owned(), "software customer".to_owned(), "none".to_owned()];
        let found = world.side.companies_by_name_key(&keys).unwrap();
        assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["ABC  客户", "Software Customer"]);
        let set = |companies: &[CompanyId], by: &str| ProjectsWrite::SetCompanies {
            project: world.project.clone(),
            companies: companies.to_vec(),
            acting: world.acting(by),
        };
        done(world, set(&[world.company.clone(), made.clone()], MANAGER));
        assert_eq!(world.side.projects_of_company(&made).unwrap(), std::slice::from_ref(&world.project));
        assert_eq!(reason(world, set(&[], LEAD)).code(), "no_permission");
        let page = world.side.list_companies(None, 1).unwrap();
        let rest = world.side.list_companies(page.next.as_deref(), 10).unwrap();
        assert_eq!((page.rows[0].id.clone(), rest.rows[0].id.clone()), (made, world.company.clone()));
    });
}
