//! A project from a record (10): the form, what saving would do, and what became of it (HAND-1 to HAND-19).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use bridge::BridgeError;
use bridge::handoff::{ClientBlock, ClientChoice, ContactChoice, HandOffForm, HandOffInput, ProjectDraft};
use bridge::operation::{Ordered, StepRefused};
use crm::{Module, Record};
use i18n::Words;
use ports::{CompanyId, Email, Reason};

use super::effects::{self, Preview};
use super::kind::{self, AtRecord};
use crate::error::PageError;
use crate::form::Form;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::shell::Shell;
use crate::show::{Avatar, Badge, Banner, Field, Hidden, Icon, Opt, Problems, Tone, Way, icon};
use crate::visit::{Ctx, Post, Visit};

/// The form.
#[derive(Template)]
#[template(path = "pages/crm/hand_off.html", blocks = ["preview"])]
pub(super) struct HandOffPage {
    w: Words,
    shell: Shell,
    title: &'static str,
    record: Way,
    problems: Problems,
    failure: Option<Banner>,
    hidden: Hidden,
    action: String,
    back: String,
    carries: Vec<Carry>,
    owner: Field,
    end: Field,
    strict: Tick,
    fixed: Vec<(Avatar, String)>,
    users: Vec<Tick>,
    client: ClientPart,
    contacts: Vec<Tick>,
    check: String,
    preview: Preview,
}

/// A value of the record and the field that it fills.
struct Carry {
    label: String,
    value: String,
    field: Field,
}

/// A box to tick.
#[derive(Default)]
struct Tick {
    id: String,
    name: &'static str,
    value: String,
    text: String,
    meta: String,
    avatar: Option<Avatar>,
    badge: Option<Badge>,
    is_ticked: bool,
    is_disabled: bool,
    way: Option<Way>,
}

/// Which client the project gets (HAND-19).
struct ClientPart {
    hint: String,
    /// What there is to know; no client at all, for example.
    note: String,
    /// One company that is used or made.
    only: Option<(Icon, String, Badge)>,
    /// Companies to choose from.
    choices: Vec<Opt>,
    map: Option<Tick>,
    error: String,
}

/// Why there is no form.
#[derive(Template)]
#[template(path = "pages/crm/hand_off_refused.html")]
pub(super) struct RefusedPage {
    w: Words,
    shell: Shell,
    title: &'static str,
    alert: Banner,
}

/// `GET /crm/{module}/{id}/projects/new`
pub(super) async fn form(visit: Visit, axum::extract::Path((path, id)): AtRecord) -> Response {
    visit
        .page(move |ctx| {
            let record = record(ctx, &path, &id)?;
            let offer = match offer(ctx, &record)? {
                Ok(offer) => offer,
                Err(reason) => return refused(ctx, &record, &reason),
            };
            let form = filled(&offer);
            ctx.show(&page(ctx, &record, &offer, &form, None)?)
        })
        .await
}

/// `POST /crm/{module}/{id}/projects/new`
pub(super) async fn create(axum::extract::Path((path, id)): AtRecord, post: Post) -> Response {
    post.page(move |ctx, mut form| {
        let record = record(ctx, &path, &id)?;
        let offer = match offer(ctx, &record)? {
            Ok(offer) => offer,
            Err(reason) => return refused(ctx, &record, &reason),
        };
        let input = input(ctx, &offer, &mut form);
        if !form.is_valid() {
            return ctx.show_again(&page(ctx, &record, &offer, &form, None)?);
        }
        let back = kind::record_address(record.module, &record.id);
        match ctx.web.bridge.hand_off(&ctx.acting, form.press(), None, &input) {
            Ok(Ordered::Done(done)) => {
                let name = done.project.map_or(input.project.name, |project| project.name);
                ctx.see_saying(back, ctx.w.crm_said_project(&name))
            }
            Ok(Ordered::Waiting(_)) => ctx.see_saying(back, ctx.w.crm_said_project_later()),
            Ok(Ordered::Refused(step)) => {
                let failure = failed(ctx, &step);
                ctx.show_again(&page(ctx, &record, &offer, &form, Some(failure))?)
            }
            Err(BridgeError::Refused(reason)) => refused(ctx, &record, &reason),
            Err(BridgeError::Invalid(errors)) => {
                for error in errors {
                    form.fail_code(field_name(error.field), error.code, ctx.w);
                }
                ctx.show_again(&page(ctx, &record, &offer, &form, None)?)
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// `POST /crm/{module}/{id}/projects/new/check`: what saving would do, while one types.
pub(super) async fn check(axum::extract::Path((path, id)): AtRecord, post: Post) -> Response {
    post.page(move |ctx, form| {
        let record = record(ctx, &path, &id)?;
        let Ok(offer) = offer(ctx, &record)? else { return Err(PageError::NoPermission) };
        Reply::fragment(&page(ctx, &record, &offer, &form, None)?.as_preview())
    })
    .await
}

fn record(ctx: &Ctx, path: &str, id: &str) -> Result<Record, PageError> {
    kind::enter(ctx)?;
    let module = kind::module_of(path)?;
    if module == Module::Task {
        return Err(PageError::NotFound);
    }
    super::record::read(ctx, module, id)
}

/// What the form offers, or the reason why there is none (HAND-2, HAND-3).
fn offer(ctx: &Ctx, record: &Record) -> Result<Result<HandOffForm, Reason>, PageError> {
    let reference = record.reference().ok_or(PageError::NotFound)?;
    match ctx.web.bridge.hand_off_form(&ctx.acting, &reference) {
        Ok(offer) => Ok(Ok(offer)),
        Err(BridgeError::Refused(reason)) => Ok(Err(reason)),
        Err(BridgeError::WrongState) => Ok(Err(Reason::Unreachable)),
        Err(error) => Err(error.into()),
    }
}

fn refused(ctx: &Ctx, record: &Record, reason: &Reason) -> Result<Reply, PageError> {
    let w = ctx.w;
    let back = kind::record_address(record.module, &record.id);
    let (status, alert) = match reason {
        Reason::NoPermission { .. } => {
            let alert = Banner::alert(w.crm_may_not_create_title(), w.crm_may_not_create_text());
            (StatusCode::FORBIDDEN, alert)
        }
        Reason::AddressMissing { person } => {
            let edit = format!("{}#f-email", kind::part_address(record.module, &record.id, "edit"));
            let alert = Banner::alert(w.crm_address_missing_title(), w.crm_address_missing_text(person));
            (StatusCode::UNPROCESSABLE_ENTITY, alert.with(Way::primary(w.crm_add_address(), edit)))
        }
        other => {
            (StatusCode::UNPROCESSABLE_ENTITY, Banner::alert(w.refused_title(), super::people::reason(ctx, other)))
        }
    };
    let alert = alert.with(Way::link(w.crm_back_to(record.name()), back));
    let title = title(record.module, w);
    Reply::page(status, &RefusedPage { w, shell: shell(ctx, record), title, alert })
}

fn title(module: Module, w: Words) -> &'static str {
    match module {
        Module::Lead => w.crm_new_project_from_lead(),
        Module::Account => w.crm_new_project_from_account(),
        Module::Contact => w.crm_new_project_from_contact(),
        Module::Deal | Module::Task => w.crm_new_project_from_deal(),
    }
}

fn shell(ctx: &Ctx, record: &Record) -> Shell {
    let (w, module) = (ctx.w, record.module);
    ctx.shell(w.crm_new_project())
        .at(kind::place(module))
        .crumb(w.nav_crm_group())
        .crumb_to(kind::plural(module, w), kind::list_address(module))
        .crumb_to(record.name(), kind::record_address(module, &record.id))
        .crumb(w.crm_new_project())
}

/// Which step was refused: nothing of the others is left (HAND-12).
fn failed(ctx: &Ctx, refused: &StepRefused) -> Banner {
    let w = ctx.w;
    Banner::alert(
        w.crm_step_failed(effects::step_name(&refused.step, w)),
        w.crm_step_failed_text(super::people::reason(ctx, &refused.reason)),
    )
}

/// The form as the record fills it in.
fn filled(offer: &HandOffForm) -> Form {
    let draft = &offer.project;
    let day = |day: Option<ports::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let owner = draft.owner.as_ref().map(ToString::to_string).unwrap_or_default();
    let form = Form::empty()
        .with("name", &draft.name)
        .with("overview", &draft.overview)
        .with("owner", owner)
        .with("start", day(draft.start))
        .with("end", day(draft.end));
    let form = match &offer.client {
        ClientBlock::Ask { .. } => form,
        _ => form.with("client", "offered"),
    };
    match &offer.client {
        ClientBlock::Namesake { may_map: true, .. } => form.with("map", "yes"),
        _ => form,
    }
}

/// What was chosen; what is missing is noted.
fn input(ctx: &Ctx, offer: &HandOffForm, form: &mut Form) -> HandOffInput {
    let w = ctx.w;
    let name = form.required("name", w);
    let (start, end) = (form.date("start", w), form.date("end", w));
    let users = form.all("user").iter().filter_map(|user| Email::parse(user).ok()).collect();
    HandOffInput {
        record: offer.record.reference.clone(),
        project: ProjectDraft {
            name,
            overview: form.raw("overview").to_owned(),
            owner: Email::parse(form.text("owner")).ok(),
            start,
            end,
            is_strict: form.has("strict"),
        },
        users,
        client: client_choice(offer, form, w),
        contacts: form.all("contact"),
    }
}

fn client_choice(offer: &HandOffForm, form: &mut Form, w: Words) -> ClientChoice {
    let map = form.has("map");
    match (&offer.client, form.text("client")) {
        (ClientBlock::None, _) | (_, "none") => ClientChoice::None,
        (ClientBlock::Ask { .. }, "") => {
            form.fail("client", w.crm_choose_client());
            ClientChoice::None
        }
        (ClientBlock::Ask { name, .. }, "new") => ClientChoice::New { name: name.clone() },
        (ClientBlock::Ask { .. }, chosen) => {
            let company = chosen.strip_prefix("company:").unwrap_or(chosen);
            ClientChoice::Existing { company: CompanyId::new(company), map: false }
        }
        (_, _) => ClientChoice::Offered { map },
    }
}

/// The field of the form for a member of the order.
fn field_name(member: &str) -> &'static str {
    match member {
        "project.name" => "name",
        "project.owner" => "owner",
        "project.start" => "start",
        "project.end" => "end",
        "client" | "client.name" => "client",
        _ => "",
    }
}

fn page(
    ctx: &Ctx,
    record: &Record,
    offer: &HandOffForm,
    form: &Form,
    failure: Option<Banner>,
) -> Result<HandOffPage, PageError> {
    let (w, module) = (ctx.w, record.module);
    let check = kind::part_address(module, &record.id, "projects/new/check");
    let mut looked = form.clone();
    let input = input(ctx, offer, &mut looked);
    let preview = effects::preview(ctx, &input, looked.is_valid())?;
    let owners = offer.owners.iter().map(|person| Opt::new(person.email.as_str(), &person.name)).collect();
    Ok(HandOffPage {
        w,
        shell: shell(ctx, record),
        title: title(module, w),
        record: Way::link(record.name(), kind::record_address(module, &record.id)).with_icon(kind::icon_name(module)),
        problems: form.problems(w),
        failure,
        // A press that was refused is over: the next one is another order.
        hidden: ctx.hidden(&Form::empty()),
        action: kind::part_address(module, &record.id, "projects/new"),
        back: kind::record_address(module, &record.id),
        carries: carries(ctx, record, form, &check),
        owner: form.field("owner", w.crm_field_owner()).select(owners).checked_by(&check),
        end: form.field("end", w.crm_project_end_date()).date().checked_by(&check),
        strict: Tick {
            id: "f-strict".into(),
            name: "strict",
            value: "yes".into(),
            text: w.crm_strict_project().into(),
            meta: w.crm_strict_project_hint().into(),
            is_ticked: form.has("strict"),
            ..Tick::default()
        },
        fixed: offer
            .fixed_users
            .iter()
            .map(|user| (Avatar::new(&user.name, user.email.as_str()), user.name.clone()))
            .collect(),
        users: users(offer, form, w),
        client: client_part(offer, form, w),
        contacts: contacts(offer, form, ctx),
        check,
        preview,
    })
}

fn carries(ctx: &Ctx, record: &Record, form: &Form, check: &str) -> Vec<Carry> {
    let w = ctx.w;
    let label = |field: &str| super::words::field_label(record.module, field, w);
    let from = |field: &str| if field.is_empty() { String::new() } else { record.text(field).to_owned() };
    let name_field = if record.module == Module::Lead { "company" } else { "name" };
    let closing = record.values.date("closing").map(|day| w.date(day, ctx.today)).unwrap_or_default();
    let text = from("description");
    let short: String = text.chars().take(120).collect();
    vec![
        Carry {
            label: label(name_field),
            value: from(name_field),
            field: form.field("name", w.crm_project_name()).required().checked_by(check),
        },
        Carry {
            label: if record.module == Module::Deal { label("closing") } else { String::new() },
            value: closing,
            field: form.field("start", w.crm_project_start_date()).date().checked_by(check),
        },
        Carry {
            label: if text.is_empty() { String::new() } else { label("description") },
            value: short,
            field: form.field("overview", w.crm_project_overview()).area(),
        },
    ]
}

fn users(offer: &HandOffForm, form: &Form, w: Words) -> Vec<Tick> {
    let chosen = form.all("user");
    let tick = |(at, user): (usize, &bridge::handoff::PersonChoice)| Tick {
        id: format!("user-{at}"),
        name: "user",
        value: user.email.to_string(),
        text: user.name.clone(),
        meta: user.email.to_string(),
        avatar: Some(Avatar::new(&user.name, user.email.as_str())),
        badge: (!user.is_portal_user).then(|| Badge::new(w.crm_is_invited(), Tone::Plain).with_icon("mail")),
        is_ticked: chosen.iter().any(|email| *email == user.email.as_str()),
        ..Tick::default()
    };
    offer.users.iter().enumerate().map(tick).collect()
}

fn client_part(offer: &HandOffForm, form: &Form, w: Words) -> ClientPart {
    let is_lead = offer.record.reference.module == ports::CrmModule::Lead;
    let mut part = ClientPart {
        hint: if is_lead { w.crm_client_hint_lead() } else { w.crm_client_hint() }.to_owned(),
        note: String::new(),
        only: None,
        choices: Vec::new(),
        map: None,
        error: form.error_of("client").to_owned(),
    };
    let new_badge = |maps: bool| {
        let text = if maps { w.crm_client_new_mapped() } else { w.crm_client_new() };
        Badge::new(text, Tone::Crm).with_icon("plus")
    };
    match &offer.client {
        ClientBlock::None => w.crm_client_none().clone_into(&mut part.note),
        ClientBlock::Mapped { company } => {
            part.only = Some((icon("building"), company.label(), Badge::new(w.crm_client_is_mapped(), Tone::Ok)));
        }
        ClientBlock::Create { name, maps } => part.only = Some((icon("building"), name.clone(), new_badge(*maps))),
        ClientBlock::Namesake { company, may_map } => {
            part.only = Some((icon("building"), company.label(), Badge::new(w.crm_client_same_name(), Tone::Plain)));
            if *may_map {
                part.map = Some(Tick {
                    id: "f-map".into(),
                    name: "map",
                    value: "yes".into(),
                    text: w.crm_client_map_them().into(),
                    is_ticked: form.has("map"),
                    ..Tick::default()
                });
            } else {
                w.crm_client_stays_unmapped().clone_into(&mut part.note);
            }
        }
        ClientBlock::Ask { candidates, name, maps } => {
            w.crm_client_ask().clone_into(&mut part.note);
            part.choices.extend(candidates.iter().map(|company| {
                Opt::new(format!("company:{}", company.id), company.label()).hint(w.crm_client_existing())
            }));
            let hint = if *maps { w.crm_client_new_mapped() } else { w.crm_client_new() };
            part.choices.push(Opt::new("new", w.crm_client_create(name)).hint(hint));
        }
    }
    // From a lead a client is offered, not demanded (HAND-5).
    if is_lead && let Some((_, name, _)) = part.only.take() {
        part.choices.push(Opt::new("offered", name).hint(w.crm_client_new()));
    }
    if is_lead && !part.choices.is_empty() {
        part.choices.push(Opt::new("none", w.crm_client_without()));
    }
    let chosen = form.text("client");
    part.choices = part.choices.into_iter().map(|entry| Opt { is_chosen: entry.value == chosen, ..entry }).collect();
    part
}

fn contacts(offer: &HandOffForm, form: &Form, ctx: &Ctx) -> Vec<Tick> {
    let chosen = form.all("contact");
    offer.contacts.iter().map(|contact| contact_tick(contact, chosen.contains(&contact.id), ctx)).collect()
}

fn contact_tick(contact: &ContactChoice, is_ticked: bool, ctx: &Ctx) -> Tick {
    let w = ctx.w;
    let is_without_address = matches!(contact.problem, Some(Reason::AddressMissing { .. }));
    let edit = format!("{}#f-email", kind::part_address(Module::Contact, &contact.id, "edit"));
    // A contact that somebody chose stays ticked, so that the refusal can be read and the tick taken away.
    let is_disabled = is_without_address || (contact.problem.is_some() && !is_ticked);
    Tick {
        id: format!("contact-{}", contact.id),
        name: "contact",
        value: contact.id.clone(),
        text: contact.name.clone(),
        meta: match (&contact.problem, &contact.email) {
            (Some(reason), _) => super::people::reason(ctx, reason),
            (None, Some(email)) => email.to_string(),
            (None, None) => String::new(),
        },
        badge: contact.problem.is_none().then(|| Badge::new(w.crm_client_user(), Tone::Plain).with_icon("mail")),
        is_ticked: is_ticked && !is_disabled,
        is_disabled,
        way: is_without_address.then(|| Way::link(w.crm_add_address(), edit)),
        ..Tick::default()
    }
}

fn sample_tick(w: Words, id: &str, name: &'static str, is_disabled: bool) -> Tick {
    Tick {
        id: id.into(),
        name,
        value: "1".into(),
        text: "王芳".into(),
        meta: "wang.fang@zylker.example".into(),
        avatar: Some(Avatar::new("王芳", "1")),
        badge: Some(Badge::new(w.crm_is_invited(), Tone::Plain)),
        is_ticked: !is_disabled,
        is_disabled,
        way: is_disabled.then(|| Way::link(w.crm_add_address(), "/crm/contacts/1/edit")),
    }
}

/// Samples of the pages.
pub(super) fn samples(w: Words) -> Vec<Sample> {
    let page = |is_wrong: bool| {
        let mut form = Form::empty().with("name", "病房无线路由器 <1>").with("client", "new");
        if is_wrong {
            form.fail("client", w.crm_choose_client());
        }
        let tick = |id, name, is_disabled| sample_tick(w, id, name, is_disabled);
        HandOffPage {
            w,
            shell: Shell::sample(w).crumb(w.crm_new_project()),
            title: w.crm_new_project_from_deal(),
            record: Way::link("病房无线路由器", "/crm/deals/1").with_icon("deal"),
            problems: form.problems(w),
            failure: is_wrong
                .then(|| Banner::alert(w.crm_step_failed(effects::step_name("client_users", w)), w.refused_title())),
            hidden: Hidden::new("token", "1"),
            action: "/crm/deals/1/projects/new".into(),
            back: "/crm/deals/1".into(),
            carries: vec![Carry {
                label: w.crm_field_deal_name().into(),
                value: "病房无线路由器".into(),
                field: form.field("name", w.crm_project_name()),
            }],
            owner: form.field("owner", w.crm_field_owner()).select(vec![Opt::new("1", "李明")]),
            end: form.field("end", w.crm_project_end_date()).date(),
            strict: Tick {
                id: "f-strict".into(),
                name: "strict",
                value: "yes".into(),
                text: w.crm_strict_project().into(),
                ..Tick::default()
            },
            fixed: vec![(Avatar::new("李明", "1"), "李明".into())],
            users: vec![tick("user-0", "user", false)],
            client: ClientPart {
                hint: w.crm_client_hint().into(),
                note: if is_wrong { w.crm_client_ask().into() } else { w.crm_client_none().into() },
                only: (!is_wrong)
                    .then(|| (icon("building"), "医院客户".into(), Badge::new(w.crm_client_is_mapped(), Tone::Ok))),
                choices: if is_wrong {
                    vec![Opt::new("new", w.crm_client_create("医院客户")).hint(w.crm_client_new())]
                } else {
                    Vec::new()
                },
                map: (!is_wrong).then(|| Tick {
                    id: "f-map".into(),
                    name: "map",
                    value: "yes".into(),
                    text: w.crm_client_map_them().into(),
                    ..Tick::default()
                }),
                error: form.error_of("client").into(),
            },
            contacts: vec![tick("contact-1", "contact", true)],
            check: "/crm/deals/1/projects/new/check".into(),
            preview: effects::sample(w),
        }
    };
    let refused = sample_refused(w);
    [rendered("hand_off", vec![page(false), page(true)]), rendered("hand_off_refused", vec![refused])]
        .into_iter()
        .flatten()
        .collect()
}

fn sample_refused(w: Words) -> RefusedPage {
    RefusedPage {
        w,
        shell: Shell::sample(w).crumb(w.crm_new_project()),
        title: w.crm_new_project_from_contact(),
        alert: Banner::alert(w.crm_address_missing_title(), w.crm_address_missing_text("王芳"))
            .with(Way::primary(w.crm_add_address(), "/crm/contacts/1/edit")),
    }
}
