//! The person's own settings: name, language, time zone.

use axum::Router;
use i18n::Words;

use crate::pages::Sample;
use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
}

/// Samples of all pages here.
pub(crate) fn samples(_w: Words) -> Vec<Sample> {
    Vec::new()
}
