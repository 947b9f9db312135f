//! Pages before sign-in, Home, and Setup.

mod crm_users;
mod home;
pub(crate) mod home_sync;
mod invitation;
mod portal_users;
pub(crate) mod sign_in;
mod start;
mod users;

use axum::Router;
use axum::routing::{get, post};
use i18n::Words;

use crate::pages::Sample;
use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(home::show))
        .route("/setup/users/portal", get(portal_users::list))
        .route("/setup/users/portal/invite", get(portal_users::invite_form).post(portal_users::invite))
        .route("/setup/users/portal/deactivate", get(portal_users::deactivate_form))
        .route("/setup/users/portal/change", post(portal_users::change))
        .route("/setup/users/crm", get(crm_users::list))
        .route("/setup/users/crm/new", get(crm_users::add_form).post(crm_users::add))
        .route("/setup/users/crm/deactivate", get(crm_users::deactivate_form))
        .route("/setup/users/crm/change", post(crm_users::change))
        .route("/sign-in", get(sign_in::form).post(sign_in::enter))
        .route("/sign-in/demo", post(sign_in::demo))
        .route("/sign-out", post(sign_in::leave))
        .route("/language", post(sign_in::language))
        .route("/start", get(start::form).post(start::found))
        .route("/invitation/{token}", get(invitation::form).post(invitation::accept))
}

/// Samples of all pages here.
pub(crate) fn samples(w: Words) -> Vec<Sample> {
    [
        home::samples(w),
        sign_in::samples(w),
        start::samples(w),
        invitation::samples(w),
        portal_users::samples(w),
        crm_users::samples(w),
    ]
    .into_iter()
    .flatten()
    .collect()
}
