//! Pages below `/crm`: leads, accounts, contacts, deals, tasks, and what they share with Projects.

mod ask;
mod associate;
mod case;
mod edit;
mod effects;
mod form;
mod hand_off;
mod joined;
mod kind;
mod linked;
mod list;
mod lookup;
mod note;
mod people;
mod projects;
mod record;
mod table;
mod task;
mod task_form;
mod value;
mod words;

use axum::Router;
use axum::routing::{get, post};
use i18n::Words;

use crate::pages::Sample;
use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/crm/suggest/{targets}", get(lookup::suggest))
        .route("/crm/tasks/{id}/check", post(task_form::check))
        .route("/crm/tasks/{id}/unlink", get(task::ask_unlink).post(task::unlink))
        .route("/crm/{module}", get(list::list))
        .route("/crm/{module}/new", get(edit::new).post(edit::create))
        .route("/crm/{module}/{id}", get(record::show))
        .route("/crm/{module}/{id}/edit", get(edit::edit).post(edit::save))
        .route("/crm/{module}/{id}/delete", get(edit::ask_delete).post(edit::delete))
        .route("/crm/{module}/{id}/notes", post(note::add))
        .route("/crm/{module}/{id}/projects/new", get(hand_off::form).post(hand_off::create))
        .route("/crm/{module}/{id}/projects/new/check", post(hand_off::check))
        .route("/crm/{module}/{id}/projects/associate", get(associate::form).post(associate::save))
        .route("/crm/{module}/{id}/projects/{association}/remove", get(associate::ask_remove).post(associate::remove))
}

/// Samples of all pages here.
pub(crate) fn samples(w: Words) -> Vec<Sample> {
    [
        list::samples(w),
        record::samples(w),
        edit::samples(w),
        ask::samples(w),
        task::samples(w),
        task_form::samples(w),
        hand_off::samples(w),
        associate::samples(w),
    ]
    .into_iter()
    .flatten()
    .collect()
}
