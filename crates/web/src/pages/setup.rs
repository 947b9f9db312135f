//! Pages before sign-in, Home, and Setup.

pub mod sign_in;

use axum::Router;
use axum::routing::{get, post};
use i18n::Words;

use crate::pages::Sample;
use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/language", post(sign_in::language))
}

/// Samples of all pages here.
pub(crate) fn samples(w: Words) -> Vec<Sample> {
    [sign_in::samples(w)].into_iter().flatten().collect()
}
