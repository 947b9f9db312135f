//! Pages below `/bridge`, and the outbox: what is mapped, what was carried over, why a link is as it is, who was told.

mod activity;
mod drawing;
mod letter;
mod mapping;
mod mapping_run;
mod outbox;
mod story;
mod told;
mod value;
mod why;

use axum::Router;
use axum::routing::{get, post};
use i18n::Words;

use crate::pages::Sample;
use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/bridge/mapping", get(mapping::list))
        .route("/bridge/mapping/choose", get(mapping::choose))
        .route("/bridge/mapping/pair", post(mapping::pair))
        .route("/bridge/mapping/unmap", get(mapping::unmap_form).post(mapping::unmap))
        .route("/bridge/mapping/run", post(mapping_run::run))
        .route("/bridge/mapping/runs/{id}", get(mapping_run::show))
        .route("/bridge/mapping/history", get(mapping_run::history))
        .route("/bridge/activity", get(activity::show))
        .route("/bridge/links/{id}", get(why::show))
        .route("/bridge/links/{id}/unlink", get(why::unlink_form).post(why::unlink))
        .route("/setup/mails", get(outbox::list))
        .route("/setup/mails/{id}", get(letter::show))
}

/// Samples of all pages here.
pub(crate) fn samples(w: Words) -> Vec<Sample> {
    [
        mapping::samples(w),
        mapping_run::samples(w),
        activity::samples(w),
        why::samples(w),
        outbox::samples(w),
        letter::samples(w),
    ]
    .into_iter()
    .flatten()
    .collect()
}
