//! Pages before sign-in, Home, and Setup.

mod invitation;
pub(crate) mod sign_in;
mod start;

use axum::Router;
use axum::routing::{get, post};
use i18n::Words;

use crate::pages::Sample;
use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::enter))
        .route("/sign-in/demo", post(sign_in::demo))
        .route("/sign-out", post(sign_in::leave))
        .route("/language", post(sign_in::language))
        .route("/start", get(start::form).post(start::found))
        .route("/invitation/{token}", get(invitation::form).post(invitation::accept))
}

/// Samples of all pages here.
pub(crate) fn samples(w: Words) -> Vec<Sample> {
    [sign_in::samples(w), start::samples(w), invitation::samples(w)].into_iter().flatten().collect()
}
