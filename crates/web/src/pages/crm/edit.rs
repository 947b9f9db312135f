//! New and edit of leads, accounts, contacts and deals; deleting of every record.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use crm::{CrmError, Module, Record};
use i18n::Words;

use super::form::{self, Control, Reading};
use super::kind::{self, AtRecord};
use super::table::Before;
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Avatar, Hidden, Problems, Tile};
use crate::visit::{Ctx, Post, Visit};

/// The form.
#[derive(Template)]
#[template(path = "pages/crm/record_form.html")]
pub(super) struct RecordForm {
    w: Words,
    shell: Shell,
    title: String,
    before: Before,
    problems: Problems,
    hidden: Hidden,
    action: String,
    back: String,
    parts: Vec<FormPart>,
    /// What the form listens to, and the version that it shows.
    seen: Option<(String, i64)>,
}

/// A part of the form with its fields.
struct FormPart {
    id: &'static str,
    title: &'static str,
    hint: &'static str,
    controls: Vec<Control>,
}

/// Which fields stand in which part; what is in none of them stands in the last but one, the description at the end.
fn parts(module: Module, w: Words) -> Vec<(&'static str, &'static str, &'static [&'static str])> {
    const ADDRESS: &[&str] = &["street", "city", "state", "code", "country"];
    match module {
        Module::Lead => vec![
            (
                "about",
                w.crm_part_person(),
                &["first_name", "last_name", "company", "title", "owner", "status", "source", "salutation"],
            ),
            ("reach", w.crm_part_reach(), &["email", "phone", "mobile", "second_email", "website", "fax"]),
            ("address", w.crm_part_address(), ADDRESS),
        ],
        Module::Account => vec![
            (
                "about",
                w.crm_part_company(),
                &["name", "owner", "industry", "type", "phone", "website", "parent", "number"],
            ),
            (
                "billing",
                w.crm_part_billing(),
                &["billing_street", "billing_city", "billing_state", "billing_code", "billing_country"],
            ),
            (
                "shipping",
                w.crm_part_shipping(),
                &["shipping_street", "shipping_city", "shipping_state", "shipping_code", "shipping_country"],
            ),
        ],
        Module::Contact => vec![
            ("about", w.crm_part_person(), &["first_name", "last_name", "account", "title", "owner", "salutation"]),
            ("reach", w.crm_part_reach(), &["email", "phone", "mobile", "second_email", "home_phone", "fax"]),
            (
                "mailing",
                w.crm_part_address(),
                &["mailing_street", "mailing_city", "mailing_state", "mailing_code", "mailing_country"],
            ),
        ],
        Module::Deal | Module::Task => vec![
            ("about", w.crm_part_deal(), &["name", "account", "contact", "owner"]),
            ("sale", w.crm_part_sale(), &["stage", "amount", "closing", "probability", "type", "next_step"]),
        ],
    }
}

/// `GET /crm/{module}/new`
pub(super) async fn new(visit: Visit, Path(path): Path<String>) -> Response {
    visit
        .page(move |ctx| {
            kind::enter(ctx)?;
            match kind::module_of(&path)? {
                Module::Task => super::task_form::show_new(ctx),
                module => ctx.show(&page(ctx, module, None, &form::unread(form::of_new(ctx, module)?))?),
            }
        })
        .await
}

/// `POST /crm/{module}/new`
pub(super) async fn create(Path(path): Path<String>, post: Post) -> Response {
    post.page(move |ctx, sent| {
        kind::enter(ctx)?;
        let module = kind::module_of(&path)?;
        let mut reading = form::read(ctx, module, &sent)?;
        if reading.form.is_valid() {
            match ctx.web.crm.create(&ctx.acting, module, &reading.draft) {
                Ok(record) => {
                    let said = ctx.w.crm_said_created(record.name());
                    return ctx.see_saying(kind::record_address(module, &record.id), said);
                }
                Err(error) => reading.take(error, ctx.w)?,
            }
        }
        match module {
            Module::Task => super::task_form::show_new_again(ctx, &reading),
            _ => ctx.show_again(&page(ctx, module, None, &reading)?),
        }
    })
    .await
}

/// `GET /crm/{module}/{id}/edit`
pub(super) async fn edit(visit: Visit, Path((path, id)): AtRecord) -> Response {
    visit
        .page(move |ctx| {
            kind::enter(ctx)?;
            let module = kind::module_of(&path)?;
            let record = super::record::read(ctx, module, &id)?;
            let reading = form::unread(form::of_record(ctx, &record)?);
            match module {
                Module::Task => super::task_form::show(ctx, &record, &reading),
                _ => ctx.show(&page(ctx, module, Some(&record), &reading)?),
            }
        })
        .await
}

/// `POST /crm/{module}/{id}/edit`
pub(super) async fn save(Path((path, id)): AtRecord, post: Post) -> Response {
    post.page(move |ctx, sent| {
        kind::enter(ctx)?;
        let module = kind::module_of(&path)?;
        let record = super::record::read(ctx, module, &id)?;
        if module == Module::Task {
            return super::task_form::save(ctx, &record, &sent);
        }
        let mut reading = form::read(ctx, module, &sent)?;
        if reading.form.is_valid() {
            match ctx.web.crm.update(&ctx.acting, module, &id, sent.version(), &reading.draft) {
                Ok(saved) => {
                    let said = ctx.w.crm_said_saved(saved.name());
                    return ctx.see_saying(kind::record_address(module, &id), said);
                }
                Err(CrmError::Stale(now)) => return Err(form::stale(ctx, &now, &reading.form)?),
                Err(error) => reading.take(error, ctx.w)?,
            }
        }
        ctx.show_again(&page(ctx, module, Some(&record), &reading)?)
    })
    .await
}

fn page(ctx: &Ctx, module: Module, record: Option<&Record>, reading: &Reading) -> Result<RecordForm, PageError> {
    let w = ctx.w;
    let form = &reading.form;
    let list = kind::list_address(module);
    let shell = |title: &str| {
        ctx.shell(title).at(kind::place(module)).crumb(w.nav_crm_group()).crumb_to(kind::plural(module, w), &list)
    };
    let (shell, title, back, action, hidden) = match record {
        None => {
            let title = kind::new_title(module, w);
            (shell(title).crumb(title), title.to_owned(), list.clone(), format!("{list}/new"), ctx.hidden(form))
        }
        Some(record) => {
            let back = kind::record_address(module, &record.id);
            let title = kind::edit_title(module, w);
            let names = form::names(ctx, module)?;
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let action = kind::part_address(module, &record.id, "edit");
            let hidden = ctx.hidden_of(form, record.version, &names);
            let shell = shell(record.name()).crumb_to(record.name(), &back).crumb(title);
            (shell, record.name().to_owned(), back, action, hidden)
        }
    };
    Ok(RecordForm {
        w,
        shell,
        title,
        before: before(module, record),
        problems: form.problems(w),
        hidden,
        action,
        back,
        parts: form_parts(ctx, module, reading)?,
        seen: record.map(|record| (format!("{}:{}", module.code(), record.id), record.version)),
    })
}

fn form_parts(ctx: &Ctx, module: Module, reading: &Reading) -> Result<Vec<FormPart>, PageError> {
    let w = ctx.w;
    let named = parts(module, w);
    let mut made = Vec::new();
    for (id, title, fields) in &named {
        made.push(FormPart { id, title, hint: "", controls: reading.controls(ctx, module, fields)? });
    }
    let names = form::names(ctx, module)?;
    let is_named = |name: &str| name == "description" || named.iter().any(|(_, _, fields)| fields.contains(&name));
    let rest: Vec<&str> = names.iter().map(String::as_str).filter(|name| !is_named(name)).collect();
    if !rest.is_empty() {
        let controls = reading.controls(ctx, module, &rest)?;
        made.push(FormPart { id: "more", title: w.crm_part_more(), hint: "", controls });
    }
    let controls = reading.controls(ctx, module, &["description"])?;
    let hint = if module == Module::Deal { w.crm_part_text_deal() } else { "" };
    made.push(FormPart { id: "text", title: w.crm_part_text(), hint, controls });
    Ok(made)
}

/// The picture before the name of a record.
pub(super) fn before(module: Module, record: Option<&Record>) -> Before {
    match (module, record) {
        (Module::Lead | Module::Contact, Some(record)) => {
            Before::Avatar(Avatar::new(record.name(), &record.id).large())
        }
        _ => Before::Tile(Tile::crm(kind::icon_name(module)).large()),
    }
}

/// `GET /crm/{module}/{id}/delete`
pub(super) async fn ask_delete(visit: Visit, Path((path, id)): AtRecord) -> Response {
    visit
        .page(move |ctx| {
            kind::enter(ctx)?;
            let module = kind::module_of(&path)?;
            let record = super::record::read(ctx, module, &id)?;
            show_delete(ctx, &record)
        })
        .await
}

fn show_delete(ctx: &Ctx, record: &Record) -> Result<Reply, PageError> {
    let (w, module) = (ctx.w, record.module);
    let back = kind::record_address(module, &record.id);
    let text = match module {
        Module::Lead | Module::Deal | Module::Contact => w.crm_delete_record(),
        Module::Account => w.crm_delete_account(),
        Module::Task => w.crm_delete_task(),
    };
    ctx.show(&super::ask::AskPage {
        w,
        shell: ctx
            .shell(record.name())
            .at(kind::place(module))
            .crumb(w.nav_crm_group())
            .crumb_to(kind::plural(module, w), kind::list_address(module))
            .crumb_to(record.name(), &back)
            .crumb(w.action_delete()),
        title: w.crm_delete_title(record.name()),
        text: text.to_owned(),
        also: super::linked::delete_warning(ctx, record)?,
        hidden: ctx.hidden(&Form::empty()).version(record.version),
        action: kind::part_address(module, &record.id, "delete"),
        back,
        button: w.action_delete(),
        icon: "trash",
        is_danger: true,
    })
}

/// `POST /crm/{module}/{id}/delete`
pub(super) async fn delete(Path((path, id)): AtRecord, post: Post) -> Response {
    post.page(move |ctx, sent| {
        kind::enter(ctx)?;
        let module = kind::module_of(&path)?;
        let record = super::record::read(ctx, module, &id)?;
        match ctx.web.crm.delete(&ctx.acting, module, &id, sent.version()) {
            Ok(()) => ctx.see_saying(kind::list_address(module), ctx.w.crm_said_deleted(record.name())),
            // Somebody changed it after the question was asked: it is asked once more.
            Err(CrmError::Stale(now)) => show_delete(ctx, &now),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Samples of the pages.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let shell = || Shell::sample(w).crumb(w.nav_deals());
    let page = |form: Form| RecordForm {
        w,
        shell: shell(),
        title: w.crm_new_deal().into(),
        before: Before::Tile(Tile::crm("deal").large()),
        problems: form.problems(w),
        hidden: Hidden::new("token", "1").version(3).with("was.amount", "1"),
        action: "/crm/deals/new".into(),
        back: "/crm/deals".into(),
        seen: (!form.is_valid()).then(|| ("deal:1".to_owned(), 3)),
        parts: vec![FormPart {
            id: "about",
            title: w.crm_part_deal(),
            hint: w.crm_part_text_deal(),
            controls: vec![
                Control::Plain(Box::new(form.field("name", w.crm_field_deal_name()).required())),
                Control::Plain(Box::new(form.field("amount", w.crm_field_amount()).number())),
                Control::Lookup(Box::new(super::lookup::sample(&form, w))),
            ],
        }],
    };
    let mut wrong = Form::empty().with("name", "<b>").with("account.text", "酒店客户");
    wrong.fail("name", w.crm_too_long(256, 120));
    wrong.fail("account", w.crm_lookup_several());
    rendered("record_form", vec![page(Form::empty()), page(wrong)])
}
