//! All pages, by area.

pub mod account;
pub mod bridge;
pub mod crm;
pub mod projects;
pub mod setup;

use axum::Router;

use crate::state::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .merge(account::routes())
        .merge(setup::routes())
        .merge(projects::routes())
        .merge(crm::routes())
        .merge(bridge::routes())
}

/// A page of the samples: where it is, and its HTML.
pub struct Sample {
    /// Template and number.
    pub name: String,
    /// The page.
    pub html: String,
    /// Whether it is a whole page.
    pub is_page: bool,
}

/// Every template with every sample, in one language; for the test that looks at their HTML.
#[must_use]
pub fn samples(w: i18n::Words) -> Vec<Sample> {
    [
        crate::error::samples(w),
        crate::stale::samples(w),
        account::samples(w),
        setup::samples(w),
        projects::samples(w),
        crm::samples(w),
        bridge::samples(w),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Renders the samples of one page.
pub(crate) fn rendered<T: askama::Template>(name: &str, pages: Vec<T>) -> Vec<Sample> {
    let one = |(at, page): (usize, T)| {
        let html = page.render().unwrap_or_default();
        Sample { name: format!("{name} {at}"), is_page: html.starts_with("<!doctype"), html }
    };
    pages.into_iter().enumerate().map(one).collect()
}
