//! The router of all pages, and what every request passes through.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::error::PageError;
use crate::state::Web;
use crate::visit::{Reference, Visit};
use crate::{assets, guard, live, pages};

/// The largest form that is taken.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Every page with its state. The program puts the layer of sessions ([`identity::session::layer`]) around it.
pub fn routes(web: Web) -> Router {
    Router::new()
        .merge(pages::routes())
        .route("/live", get(live::stream))
        .merge(assets::routes())
        .fallback(lost)
        .method_not_allowed_fallback(lost)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(panicked))
        // Pages only: assets come compressed, and event streams are left alone by the layer's own rule.
        .layer(CompressionLayer::new())
        .layer(from_fn(guard::headers))
        .layer(from_fn_with_state(web.clone(), number))
        .with_state(web)
}

/// Gives the request a short number, which error pages show and the log carries.
async fn number(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let reference = short(&web.ids.next());
    request.extensions_mut().insert(Reference(reference.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    let status = response.status().as_u16();
    tracing::debug!(reference, status, "{method} {path}");
    if let Ok(value) = HeaderValue::from_str(&reference) {
        response.headers_mut().insert(guard::REFERENCE, value);
    }
    response
}

/// Six letters and digits that can be read out, from the end of an id.
fn short(id: &str) -> String {
    const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut number = id.parse::<u64>().unwrap_or(0);
    let mut letters = String::new();
    for at in 0..6 {
        if at == 3 {
            letters.push('-');
        }
        let sign = usize::try_from(number % 32).ok().and_then(|place| SIGNS.get(place)).copied().unwrap_or(b'2');
        letters.push(char::from(sign));
        number /= 32;
    }
    letters
}

async fn lost(visit: Visit) -> Response {
    visit.page(|_| Err(PageError::NotFound)).await
}

/// A panic outside of the pool: nothing is known of the request any more.
fn panicked(_cause: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
