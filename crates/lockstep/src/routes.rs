//! All routes of the program: pages, API, health and metrics.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use store::{Sql, StoreError};

use crate::config::Secret;
use crate::metrics::Metrics;
use crate::wiring::Rooms;

const ALIVE: Sql = Sql::new("select 1 as alive");

/// What the routes beside pages and API need.
#[derive(Clone)]
struct Service {
    rooms: Rooms,
    metrics: Metrics,
    metrics_token: Option<Secret>,
}

/// The router of the program.
pub fn routes(
    rooms: &Rooms,
    web: web::Web,
    api: &api::Api,
    metrics: &Metrics,
    metrics_token: Option<Secret>,
) -> Router {
    let is_https = web.is_https();
    let service = Service { rooms: rooms.clone(), metrics: metrics.clone(), metrics_token };
    let sessions = identity::session::layer(rooms.identity.sessions(), is_https);
    let own = Router::new().route("/healthz", get(healthz)).route("/metrics", get(show_metrics)).with_state(service);
    let people = api::router(api).merge(web::routes(web)).layer(sessions);
    own.merge(people).layer(from_fn_with_state(metrics.clone(), count))
}

/// 200 when the database answers.
async fn healthz(State(service): State<Service>) -> Response {
    let db = service.rooms.db.clone();
    let asked =
        tokio::task::spawn_blocking(move || db.read(|read| Ok::<_, StoreError>(read.row(&ALIVE, &[])?.is_some())));
    match asked.await {
        Ok(Ok(true)) => (StatusCode::OK, "ok\n").into_response(),
        Ok(Ok(false) | Err(_)) | Err(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

async fn show_metrics(State(service): State<Service>, request: Request) -> Response {
    if let Some(token) = &service.metrics_token {
        let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if given != Some(format!("Bearer {}", token.reveal()).as_str()) {
            return (StatusCode::UNAUTHORIZED, "metrics ask for their token\n").into_response();
        }
    }
    let kind = "text/plain; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], service.metrics.text()).into_response()
}

async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    metrics.answer(answer.status().as_u16());
    answer
}
