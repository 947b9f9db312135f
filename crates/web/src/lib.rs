//! The pages: HTML from the server, in the person's language, that works without script.
//!
//! # How to add a page
//!
//! 1. `templates/pages/<area>/<page>.html`: `{% extends "base.html" %}`, `{% import "components.html" as c %}`, one
//!    block `content` with one `h1`. It prints ready values (`{{ row.due }}`) and messages (`{{ w.deal_title() }}`);
//!    an icon is `{{ c::icon("deal") }}`. A part that changes by itself has an `id` and `data-live="<topics>"`
//!    ([`live`]); a fragment that is sent alone is a block, named in `blocks = [...]`.
//! 2. `src/pages/<area>/<page>.rs`: a context struct with `w: Words`, `shell: Shell` and ready values from [`show`]
//!    (`#[derive(Template)] #[template(path = "pages/<area>/<page>.html")]`), `fn samples(w) -> Vec<Self>`, and its
//!    routes:
//!    ```ignore
//!    pub(crate) async fn list(visit: Visit) -> Response {
//!        visit.page(|ctx| {
//!            let deals = ctx.web.crm.deals(&ctx.acting, ..)?;           // a service decides what is allowed
//!            let shell = ctx.shell(ctx.w.nav_deals()).at(Place::Deals).crumb(ctx.w.nav_deals());
//!            ctx.show(&DealsPage { w: ctx.w, shell, rows })
//!        }).await
//!    }
//!    pub(crate) async fn save(Path(id): Path<String>, post: Post) -> Response {
//!        post.page(move |ctx, mut form| {
//!            let name = form.required("name", ctx.w);
//!            if form.is_valid() { .. form.take(service_error)? .. return ctx.see_saying(address, said) }
//!            ctx.show_again(&DealForm::new(ctx, &form))                  // 422, every value as typed
//!        }).await
//!    }
//!    ```
//! 3. Messages in `crates/i18n/messages/{en,zh-CN}/web/<area>.ftl`; one line in `routes()` of `pages/<area>.rs`; one
//!    line in `samples()` there. The test `every_page` renders all samples in all languages and checks the HTML.
//!
//! Errors of services become pages by `?` ([`error::PageError`]): not found, no permission, busy. A stale form is
//! [`stale::Stale`]. Every form prints `{{ hidden }}` (`ctx.hidden(&form)`, for a record `ctx.hidden_of(..)`).

pub mod address;
pub mod assets;
pub mod error;
pub mod failure;
pub mod form;
mod guard;
pub mod guest;
pub mod live;
pub mod nav;
pub mod pages;
pub mod pool;
pub mod press;
pub mod reply;
pub mod routes;
pub mod session;
pub mod shell;
pub mod show;
pub mod stale;
mod state;
pub mod visit;

pub use live::{Changed, Hub};
pub use pool::Pool;
pub use press::Presses;
pub use routes::routes;
pub use state::{Found, Parts, Web};
