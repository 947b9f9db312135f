//! Pages below `/projects`.

mod activity;
mod at;
mod comments;
mod head;
mod lists;
mod people;
mod project_form;
mod project_list;
mod tabs;
mod task;
mod task_check;
mod task_crm;
mod task_form;
mod task_input;
mod task_list;
mod task_move;
mod task_sync;
mod values;

use axum::Router;
use axum::routing::{get, post};
use i18n::Words;

use crate::pages::Sample;
use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/projects", get(project_list::list))
        .route("/projects/new", get(project_form::new).post(project_form::create))
        .route("/projects/{project}", get(task_list::enter))
        .route("/projects/{project}/edit", get(project_form::edit).post(project_form::save))
        .route("/projects/{project}/edit/check", post(project_form::check))
        .route("/projects/{project}/delete", get(project_form::ask_delete).post(project_form::delete))
        .route("/projects/{project}/users", get(tabs::users).post(tabs::add_user))
        .route("/projects/{project}/users/remove", get(tabs::users).post(tabs::remove_user))
        .route("/projects/{project}/client", get(tabs::client).post(tabs::set_client))
        .route("/projects/{project}/activity", get(tabs::activity))
        .route("/projects/{project}/lists", get(task_list::enter).post(lists::add))
        .route("/projects/{project}/lists/{list}", get(lists::edit).post(lists::save))
        .route("/projects/{project}/lists/{list}/delete", get(lists::edit).post(lists::delete))
        .merge(tasks())
}

fn tasks() -> Router<Web> {
    Router::new()
        .route("/projects/{project}/tasks", get(task_list::list))
        .route("/projects/{project}/tasks/new", get(task_form::new).post(task_form::create))
        .route("/projects/{project}/tasks/new/check", post(task_form::check_new))
        .route("/projects/{project}/tasks/new/crm", get(task_form::new).post(task_form::create_with_crm))
        .route("/projects/{project}/tasks/{task}", get(task::show))
        .route("/projects/{project}/tasks/{task}/edit", get(task_form::edit).post(task_form::save))
        .route("/projects/{project}/tasks/{task}/edit/check", post(task_form::check_edit))
        .route("/projects/{project}/tasks/{task}/comments", get(task::show).post(comments::add))
        .route("/projects/{project}/tasks/{task}/comments/release", post(comments::release))
        .route("/projects/{project}/tasks/{task}/move", get(task_move::ask).post(task_move::carry_out))
        .route("/projects/{project}/tasks/{task}/delete", get(task_move::ask_delete).post(task_move::delete))
        .route("/projects/{project}/tasks/{task}/unlink", get(task_crm::ask_unlink).post(task_crm::unlink))
        .route("/projects/{project}/tasks/{task}/crm/new", get(task_crm::pick).post(task_crm::add))
        .route("/projects/{project}/tasks/{task}/crm/again", get(task::show).post(task_crm::again))
}

/// Samples of all pages here.
pub(crate) fn samples(w: Words) -> Vec<Sample> {
    [
        project_list::samples(w),
        project_form::samples(w),
        tabs::samples(w),
        task_list::samples(w),
        task::samples(w),
        task_form::samples(w),
        task_check::samples(w),
        task_crm::samples(w),
        task_move::samples(w),
        lists::samples(w),
    ]
    .into_iter()
    .flatten()
    .collect()
}
