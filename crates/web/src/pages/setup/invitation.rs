//! The page behind an invitation (41, 41b): name, password, language.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use i18n::{Language, Words, language_name};
use identity::invitation::{Acceptance, InvitationState, InvitationView};
use identity::{IdentityError, Secret};
use jiff::tz::TimeZone;
use mail::letter::Place;

use crate::error::PageError;
use crate::form::Form;
use crate::guest::{Guest, GuestCtx, GuestPost};
use crate::pages::setup::sign_in;
use crate::pages::{Sample, rendered};
use crate::reply::Reply;
use crate::show::{Field, Opt, Problems};

#[derive(Template)]
#[template(path = "pages/setup/invitation.html")]
struct Invitation {
    w: Words,
    organisation: String,
    host: String,
    title: String,
    text: &'static str,
    place: String,
    sign_in_with: String,
    foot: String,
    problems: Problems,
    fields: Vec<Field>,
    action: String,
}

#[derive(Template)]
#[template(path = "pages/setup/invitation_ended.html")]
struct InvitationEnded {
    w: Words,
    organisation: String,
    host: String,
    title: &'static str,
    text: String,
    inviter: String,
    mail_to: String,
}

/// Where the invitation is shown: what does not come from the invitation itself.
struct Around {
    organisation: String,
    host: String,
    action: String,
    /// The last day of the invitation in words.
    until: String,
}

impl Around {
    fn new(ctx: &GuestCtx, view: &InvitationView, token: &str) -> Result<Self, PageError> {
        let utc = TimeZone::UTC;
        let today = ctx.web.clock.now().date_in(&utc);
        Ok(Self {
            organisation: ctx.web.identity.tenant(&view.tenant.portal)?.organisation,
            host: ctx.web.host().to_owned(),
            action: format!("/invitation/{}", crate::address::segment(token)),
            until: Words::new(view.language).date(view.expires_at.date_in(&utc), today),
        })
    }
}

impl Invitation {
    fn new(w: Words, view: &InvitationView, form: &Form, around: Around) -> Self {
        let languages = Language::ALL.iter().map(|own| Opt::new(own.code(), language_name(*own))).collect();
        let (title, text) = match view.place {
            Place::Client => (w.invitation_title(&view.invited_by_name, &view.place_name), w.invitation_client()),
            Place::Portal => (w.invitation_title(&view.invited_by_name, &view.place_name), w.invitation_portal()),
            Place::Crm => (w.invitation_title_crm(&view.invited_by_name, &around.organisation), w.invitation_crm()),
        };
        let password = form.field("password", w.sign_in_password()).password().hint(w.start_password_hint());
        Self {
            w,
            organisation: around.organisation,
            host: around.host,
            title,
            text,
            place: if view.role.is_empty() { String::new() } else { w.invitation_as(&view.role) },
            sign_in_with: w.invitation_address(view.email.as_str()),
            foot: w.invitation_foot(around.until),
            problems: form.problems(w),
            fields: vec![
                form.field("name", w.invitation_name()).large().required().autocomplete("name"),
                password.large().required().autocomplete("new-password"),
                form.field("language", w.account_language()).cards(languages),
            ],
            action: around.action,
        }
    }
}

impl InvitationEnded {
    fn new(w: Words, view: &InvitationView, around: Around) -> Self {
        let (title, text) = match view.state {
            InvitationState::Accepted => (w.invitation_used_title(), w.invitation_used().to_owned()),
            InvitationState::Withdrawn => (w.invitation_ended_title(), w.invitation_withdrawn().to_owned()),
            InvitationState::Replaced => (w.invitation_ended_title(), w.invitation_replaced().to_owned()),
            InvitationState::Expired | InvitationState::Open => {
                (w.invitation_ended_title(), w.invitation_expired(around.until))
            }
        };
        Self {
            w,
            organisation: around.organisation,
            host: around.host,
            title,
            text,
            inviter: view.invited_by_name.clone(),
            mail_to: view.invited_by.as_str().to_owned(),
        }
    }
}

/// `GET /invitation/{token}`
pub(crate) async fn form(guest: Guest, Path(token): Path<String>) -> Response {
    guest
        .page(move |ctx| {
            let view = ctx.web.identity.invitation(&Secret::new(token.as_str()))?;
            let form = Form::empty().with("name", &view.name).with("language", view.language.code());
            show(ctx, &view, &form, &token)
        })
        .await
}

/// `POST /invitation/{token}`
pub(crate) async fn accept(Path(token): Path<String>, post: GuestPost) -> Response {
    post.page(move |ctx, mut form| {
        let secret = Secret::new(token.as_str());
        let view = ctx.web.identity.invitation(&secret)?;
        let name = form.required("name", ctx.w);
        if form.is_valid() && view.state == InvitationState::Open {
            let chosen = Acceptance {
                name,
                password: Secret::new(form.raw("password")),
                language: Language::parse(form.text("language")).unwrap_or(view.language),
                zone: sign_in::zone_of(&form),
            };
            match ctx.web.identity.accept(&secret, &chosen) {
                Ok(card) => {
                    ctx.web.projects.rename_person(&card.email, &card.name)?;
                    return sign_in::begin(ctx, &card, &Form::empty());
                }
                Err(IdentityError::Ended(state)) => {
                    return show(ctx, &InvitationView { state, ..view }, &form, &token);
                }
                Err(error) => form.take(error, ctx.w)?,
            }
        }
        show(ctx, &view, &form, &token)
    })
    .await
}

/// The form while the invitation is open, otherwise why it is not. In the language of the invitation, unless the person
/// chose one on this device before.
fn show(ctx: &GuestCtx, view: &InvitationView, form: &Form, token: &str) -> Result<Reply, PageError> {
    let w = Words::new(view.language);
    let around = Around::new(ctx, view, token)?;
    if view.state != InvitationState::Open {
        return Reply::page(StatusCode::GONE, &InvitationEnded::new(w, view, around));
    }
    let status = if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Reply::page(status, &Invitation::new(w, view, form, around))
}

pub(crate) fn samples(w: Words) -> Vec<Sample> {
    let around = || Around {
        organisation: "Zylker".into(),
        host: "lockstep.zylker.example".into(),
        action: "/invitation/1".into(),
        until: "3/17".into(),
    };
    let Some(view) = sample_view(w) else { return Vec::new() };
    let form = Form::empty().with("name", "李明").with("language", w.language().code());
    let mut wrong = form.clone();
    wrong.fail_code("password", "too_short", w);
    let places = [Place::Portal, Place::Client, Place::Crm];
    let of = |place| Invitation::new(w, &InvitationView { place, ..view.clone() }, &form, around());
    let mut open: Vec<_> = places.into_iter().map(of).collect();
    open.push(Invitation::new(w, &view, &wrong, around()));
    let ended =
        [InvitationState::Accepted, InvitationState::Withdrawn, InvitationState::Replaced, InvitationState::Expired];
    let ended = ended.map(|state| InvitationEnded::new(w, &InvitationView { state, ..view.clone() }, around()));
    [rendered("invitation", open), rendered("invitation_ended", ended.into())].into_iter().flatten().collect()
}

fn sample_view(w: Words) -> Option<InvitationView> {
    use ports::{Email, Moment, OrganisationId, PortalId, Tenant};
    let email = |text: &str| Email::parse(text).ok();
    Some(InvitationView {
        id: "1".into(),
        state: InvitationState::Open,
        tenant: Tenant { organisation: OrganisationId::new("1"), portal: PortalId::new("2") },
        email: email("wang.fang@zylker.example")?,
        name: "王芳".into(),
        place: Place::Portal,
        place_name: "Zylker".into(),
        role: "工程师".into(),
        invited_by: email("li.ming@zylker.example")?,
        invited_by_name: "李明".into(),
        language: w.language(),
        sent_at: Moment::from_ms(0),
        expires_at: Moment::from_ms(1),
    })
}
