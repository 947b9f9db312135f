//! Accounts, contacts, leads, deals, notes and CRM tasks of the demo (sections 2 to 5, 7, 8).

use crm::{Draft, Module};
use ports::Tenant;

use crate::data::crm::{ACCOUNTS, CONTACTS, CRM_TASKS, DEALS, LEADS, RECORD_NOTES};
use crate::data::people::{CLIENT_USERS, PEOPLE};
use crate::data::projects::{COMMENTS, DM_4_DESCRIPTION, TASKS};
use crate::error::DemoError;
use crate::keys::{Keys, email};
use crate::people::by;
use crate::{Options, Rooms};

/// Loads the sales records with their notes.
pub(crate) fn load_records(
    rooms: &Rooms,
    options: &Options,
    tenant: &Tenant,
    keys: &mut Keys,
) -> Result<(), DemoError> {
    for account in ACCOUNTS {
        let draft = Draft::new()
            .with("name", account.name.of(options.language))
            .with("industry", account.industry)
            .with("phone", account.phone)
            .with("website", account.website)
            .with("billing_street", account.street)
            .with("billing_city", account.city)
            .with("billing_country", account.country);
        create(rooms, tenant, keys, Module::Account, account.key, account.owner, &draft)?;
    }
    for contact in CONTACTS {
        let mut draft = Draft::new()
            .with("first_name", contact.first)
            .with("last_name", contact.last)
            .with("title", contact.title)
            .with("email", contact.email.unwrap_or_default());
        if let Some(account) = contact.account {
            draft.put("account", keys.id(account)?);
        }
        create(rooms, tenant, keys, Module::Contact, contact.key, "U3", &draft)?;
    }
    for lead in LEADS {
        let draft = Draft::new()
            .with("first_name", lead.first)
            .with("last_name", lead.last)
            .with("company", lead.company.of(options.language))
            .with("status", lead.status)
            .with("source", lead.source);
        create(rooms, tenant, keys, Module::Lead, lead.key, lead.owner, &draft)?;
    }
    for deal in DEALS {
        let mut draft = Draft::new()
            .with("name", deal.name.of(options.language))
            .with("stage", deal.stage)
            .with("amount", deal.amount.to_string())
            .with("closing", options.today.plus_days(deal.closing).to_string())
            .with("description", deal.description);
        if let Some(account) = deal.account {
            draft.put("account", keys.id(account)?);
        }
        create(rooms, tenant, keys, Module::Deal, deal.key, deal.owner, &draft)?;
    }
    for note in RECORD_NOTES {
        rooms.crm.add_note(&by(tenant, note.by)?, module_of(note.record), keys.id(note.record)?, note.text)?;
    }
    Ok(())
}

/// Loads the CRM tasks; linked ones say what their Projects task says.
pub(crate) fn load_tasks(rooms: &Rooms, options: &Options, tenant: &Tenant, keys: &mut Keys) -> Result<(), DemoError> {
    for task in CRM_TASKS {
        let partner = task.linked.and_then(|key| TASKS.iter().find(|partner| partner.key == key));
        let subject = partner.map_or(task.subject, |partner| partner.title);
        let mut draft = Draft::new()
            .with("subject", subject.of(options.language))
            .with("status", task.before.unwrap_or(task.status))
            .with("priority", task.priority.unwrap_or_default());
        if let Some(due) = task.due {
            draft.put("due", options.today.plus_days(due).to_string());
        }
        if task.linked == Some("DM-4") {
            let html = ports::lines::clean(DM_4_DESCRIPTION);
            draft.put("description", ports::lines::plain(&html).as_str());
        }
        if let Some(above) = task.under {
            let field = if module_of(above) == Module::Lead { "person" } else { "related" };
            draft.put(field, format!("{}:{}", module_of(above).code(), keys.id(above)?));
        }
        create(rooms, tenant, keys, Module::Task, task.key, task.owner, &draft)?;
        if task.before.is_some() {
            let closing = Draft::new().with("status", task.status);
            rooms.crm.update(&by(tenant, task.owner)?, Module::Task, keys.id(task.key)?, None, &closing)?;
        }
    }
    load_copies(rooms, options, tenant, keys)
}

/// The comments of linked tasks, as the bridge would have carried them over: whoever is no CRM user is named (COM-2).
fn load_copies(rooms: &Rooms, options: &Options, tenant: &Tenant, keys: &Keys) -> Result<(), DemoError> {
    for comment in COMMENTS {
        let Some(task) = CRM_TASKS.iter().find(|task| task.linked == Some(comment.task)) else { continue };
        let own = PEOPLE.iter().find(|person| person.key == comment.by);
        let client = CLIENT_USERS.iter().find(|client| client.key == comment.by).map(|client| client.name);
        let (author, text) = match own {
            Some(person) if person.crm.is_some() => (comment.by, comment.text.to_owned()),
            Some(person) => ("U1", format!("{}: {}", person.name.of(options.language), comment.text)),
            None => ("U1", format!("{}: {}", client.unwrap_or_default(), comment.text)),
        };
        rooms.crm.add_note(&by(tenant, author)?, Module::Task, keys.id(task.key)?, &text)?;
    }
    Ok(())
}

fn create(
    rooms: &Rooms,
    tenant: &Tenant,
    keys: &mut Keys,
    module: Module,
    key: &str,
    owner: &str,
    draft: &Draft,
) -> Result<(), DemoError> {
    let draft = draft.clone().with("owner", email(owner)?.as_str());
    let made = rooms.crm.create(&by(tenant, owner)?, module, &draft);
    let made = made.map_err(|error| DemoError::Crm { what: key.to_owned(), error })?;
    keys.put(key, made.id);
    Ok(())
}

/// The module that the first letter of a key stands for.
fn module_of(key: &str) -> Module {
    match key.as_bytes().first() {
        Some(b'A') => Module::Account,
        Some(b'N') => Module::Contact,
        Some(b'L') => Module::Lead,
        Some(b'D') => Module::Deal,
        Some(_) | None => Module::Task,
    }
}
