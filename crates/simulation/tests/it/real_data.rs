//! Data that nobody here made: the public data set in the folder that `LOCKSTEP_REAL_DATA` names.

use std::fs::File;
use std::path::PathBuf;

use bridge::operation::Ordered;
use crm::import::{ImportOptions, ImportReport, parse_map, parse_values};
use crm::{Filter, ListQuery, Module, Sort};
use ports::{CrmModule, CrmRef};
use simulation::Scene;
use simulation::scene::{email, on_both};

fn folder() -> Option<PathBuf> {
    let folder = std::env::var("LOCKSTEP_REAL_DATA").ok().filter(|folder| !folder.is_empty()).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: LOCKSTEP_REAL_DATA does not name the folder of the public data set");
    }
    folder
}

fn import(scene: &Scene, file: PathBuf, module: CrmModule, key: &str, map: &str, values: &str) -> ImportReport {
    let options = ImportOptions {
        module,
        key: key.to_owned(),
        columns: parse_map(map).unwrap(),
        values: if values.is_empty() { Vec::new() } else { parse_values(values).unwrap() },
        separator: None,
        encoding: None,
        date_format: None,
        is_dry_run: false,
    };
    scene.all.crm.import(&scene.by("U1"), &options, File::open(file).unwrap(), &mut |_| {}).unwrap()
}

fn import_all(scene: &Scene, folder: &std::path::Path) -> [ImportReport; 2] {
    [
        import(
            scene,
            folder.join("accounts.csv"),
            CrmModule::Account,
            "account",
            "account=Account_Name,sector=Industry,revenue=Annual_Revenue,employees=Employees,office_location=Billing_Country",
            "",
        ),
        import(
            scene,
            folder.join("sales_pipeline.csv"),
            CrmModule::Deal,
            "opportunity_id",
            "opportunity_id=Deal_Name,account=Account_Name,deal_stage=Stage,close_date=Closing_Date,close_value=Amount",
            "deal_stage:Won=Closed Won,Lost=Closed Lost,Engaging=Negotiation/Review,Prospecting=Qualification",
        ),
    ]
}

#[test]
fn hand_12_a_won_deal_of_the_public_data_becomes_a_project_with_a_task_in_step() {
    let Some(folder) = folder() else { return };
    on_both(|scene| {
        let [accounts, deals] = import_all(scene, &folder);
        assert_eq!((accounts.created, accounts.failed), (85, 0), "{:?}", accounts.failures);
        assert_eq!((deals.created, deals.failed), (8_800, 0), "{:?}", deals.failures.first());
        if scene.all.db.engine() == store::Engine::Sqlite {
            // Once is enough: a second load asks the same statements, and a server is asked row by row.
            let [accounts, deals] = import_all(scene, &folder);
            assert_eq!((accounts.unchanged, deals.unchanged), (85, 8_800), "loaded again, nothing is doubled");
        }

        let won = ListQuery {
            module: Module::Deal,
            filter: Filter { search: "1C1I7A6R".to_owned(), ..Filter::default() },
            sort: Sort::parse(Module::Deal, "name").unwrap(),
            after: None,
            limit: 2,
        };
        let found = scene.all.crm.list(&scene.by("U1"), &won).unwrap().rows;
        let [deal] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(deal.text("stage"), "Closed Won");
        scene.name("D-real", &deal.id);

        let record = CrmRef { module: CrmModule::Deal, id: deal.id.clone() };
        let mut input = scene.filled_form("U1", "D-real").unwrap();
        assert_eq!(input.record, record);
        input.project.owner = Some(email("U9"));
        let Ok(Ordered::Done(made)) = scene.hand_off("U1", &input) else { panic!("it was not handed over") };
        scene.name("P-real", made.project_id.as_str());
        assert_eq!(scene.project("P-real").companies.len(), 1, "the account became a client company");

        let mut order = scene.existing("DM-11", "D-real");
        order.task = bridge::add_to_crm::TaskChoice::New(Box::new(scene.new_task(
            "P-real",
            "Unpack the GTX Plus",
            vec![email("U1")],
        )));
        let answer = scene.order("U1", &order).unwrap();
        scene.take_names(&answer, "T-real", "K-real");
        scene.settle();
        scene.crm("U1", "K-real", &[("subject", "Unpack and count the GTX Plus")]);
        scene.settle();
        assert_eq!(scene.projects_task("T-real").title.value, "Unpack and count the GTX Plus");
        scene.projects("U9", "T-real", &[("priority", "High")]);
        scene.settle();
        assert_eq!(scene.crm_task("K-real").priority.value.as_deref(), Some("High"));
        assert_eq!(scene.link_state("K-real"), "in_step");
    });
}
