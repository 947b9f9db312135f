//! The routes: each operation of the description with the function that answers it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on, post};
use i18n::Words;
use tokio::time::{Instant, timeout};

use crate::answer::Answer;
use crate::auth::{self, Caller};
use crate::call::{Arrived, Call};
use crate::code::Code;
use crate::contract::Operation;
use crate::failure::Failure;
use crate::press::{Press, PressKey};
use crate::state::Api;
use crate::{
    associations, checks, connections, crm_options, events, hand_offs, history, jobs, links, mails, mappings, me,
    oauth, projects, refusals, settings, sides, status, why,
};

/// A body may have so many bytes.
const BODY_MAX: usize = 4 * 1024 * 1024;
/// How long a request waits for the same one that came before it.
const SAME_WAIT: Duration = Duration::from_secs(30);
/// How often it looks, should no word reach it.
const SAME_LOOK: Duration = Duration::from_millis(200);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How an operation is answered.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// By work that blocks and ends.
    Work(fn(&Call) -> Result<Answer, Failure>),
    /// By waiting for quiet.
    Status,
    /// By a stream, or a list to poll.
    Events,
}

/// Every operation of the description, and what answers it.
pub(crate) const RUNS: [(&str, Run); 31] = [
    ("getMe", Run::Work(me::get)),
    ("getStatus", Run::Status),
    ("getSettings", Run::Work(settings::get)),
    ("listSides", Run::Work(sides::list)),
    ("listConnections", Run::Work(connections::list)),
    ("getConnection", Run::Work(connections::get)),
    ("listMappings", Run::Work(mappings::list)),
    ("createMapping", Run::Work(mappings::create)),
    ("deleteMapping", Run::Work(mappings::delete)),
    ("runMapping", Run::Work(mappings::run)),
    ("getHandOffForm", Run::Work(hand_offs::form)),
    ("createHandOff", Run::Work(hand_offs::create)),
    ("createAssociations", Run::Work(associations::create)),
    ("deleteAssociation", Run::Work(associations::delete)),
    ("listProjects", Run::Work(projects::list)),
    ("getProject", Run::Work(projects::get)),
    ("changeProjectSettings", Run::Work(projects::change)),
    ("getCrmOptions", Run::Work(crm_options::get)),
    ("listLinks", Run::Work(links::list)),
    ("createLink", Run::Work(links::create)),
    ("getLink", Run::Work(links::get)),
    ("deleteLink", Run::Work(links::delete)),
    ("explainLink", Run::Work(why::explain)),
    ("listRefusals", Run::Work(refusals::list)),
    ("checkTaskChange", Run::Work(checks::task_change)),
    ("listHistory", Run::Work(history::list)),
    ("listJobs", Run::Work(jobs::list)),
    ("getJob", Run::Work(jobs::get)),
    ("listJobRows", Run::Work(jobs::rows)),
    ("followEvents", Run::Events),
    ("listMails", Run::Work(mails::list)),
];

/// The operations that are answered, by their ids in the description.
pub fn routes() -> impl Iterator<Item = &'static str> {
    RUNS.iter().map(|(id, _)| *id)
}

/// All routes of the API: `/api/bridge/v1/…` and `POST /oauth/v2/token`. The layer of `identity::session` belongs
/// around them, as around the pages: it reads the cookie of a browser.
pub fn router(api: &Api) -> Router {
    let mut described = Router::new();
    for operation in &api.contract().operations {
        let Some((_, run)) = RUNS.iter().find(|(id, _)| *id == operation.id) else { continue };
        let Ok(filter) = MethodFilter::try_from(operation.method.clone()) else { continue };
        let (api, own, run) = (api.clone(), Arc::clone(operation), *run);
        let handler = move |path: RawPathParams, request: Request| answer(api, own, run, named(&path), request);
        described = described.route(&operation.path, on(filter, handler));
    }
    let contract = api.contract().json.clone();
    let (here, there) = (api.clone(), api.clone());
    let described = described
        .route("/openapi.json", get(move || async move { ([("content-type", "application/json")], contract) }))
        .fallback(move |request: Request| async move { plain(&here, request, Code::NotFound) })
        .method_not_allowed_fallback(
            move |request: Request| async move { plain(&there, request, Code::MethodNotAllowed) },
        );
    let tokens = api.clone();
    Router::new()
        .nest(crate::BASE, described)
        .route("/oauth/v2/token", post(move |request: Request| oauth::token(tokens, request)))
}

/// Answers one request, whatever becomes of it.
async fn answer(
    api: Api,
    operation: Arc<Operation>,
    run: Run,
    path: BTreeMap<String, String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let id = request_id(&api, &parts.headers);
    let mut w = auth::words(&parts, None);
    let response = match attempt(&api, operation, run, path, parts, body, &mut w, &id).await {
        Ok(response) => response,
        Err(failure) => failure.response(w, &id),
    };
    with_id(response, &id)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one request, taken apart once")]
async fn attempt(
    api: &Api,
    operation: Arc<Operation>,
    run: Run,
    path: BTreeMap<String, String>,
    parts: Parts,
    body: Body,
    w: &mut Words,
    id: &str,
) -> Result<Response, Failure> {
    let caller = auth::caller(api, &parts).await?;
    *w = auth::words(&parts, Some(&caller.card));
    let seat = api.seat(&caller.acting.email)?;
    caller.check_scope(&operation)?;
    let body = to_bytes(body, BODY_MAX).await.map_err(|_| Failure::of(Code::TooLarge))?.to_vec();
    let call = known_call(api, operation, caller, *w, Arrived { parts, path, body }).await?;
    let response = match run {
        Run::Status => status::wait(call).await?.into_response(),
        Run::Events => events::follow(call, seat).await?,
        Run::Work(work) if call.operation.takes_header(crate::call::KEY) && !call.is_dry_run() => {
            pressed(&call, work, id).await?.into_response()
        }
        Run::Work(work) => {
            let own = call.clone();
            api.pool().run(move || guarded(&own, work)).await?.into_response()
        }
    };
    Ok(response)
}

/// The call, after the person's place was looked at: client users know of nothing but themselves (TASK-14).
async fn known_call(
    api: &Api,
    operation: Arc<Operation>,
    caller: Caller,
    w: Words,
    arrived: Arrived,
) -> Result<Call, Failure> {
    if operation.id != "getMe" {
        let (own, acting) = (api.clone(), caller.acting.clone());
        api.pool().run(move || Ok(own.bridge().connections(&acting).map(drop)?)).await?;
    }
    Call::new(api.clone(), operation, caller, w, arrived)
}

/// Does a write once for its key: the first request does it, the same one again gets its answer.
async fn pressed(call: &Call, work: fn(&Call) -> Result<Answer, Failure>, id: &str) -> Result<Answer, Failure> {
    let press = call.press();
    let until = Instant::now() + SAME_WAIT;
    loop {
        let told = call.api.pressed().notified();
        let (own, own_press, own_id) = (call.clone(), press.clone(), id.to_owned());
        // One piece of work, so that it is finished and kept even if the caller has gone.
        let tried = call.api.pool().run(move || once(&own, &own_press, work, &own_id)).await?;
        match tried {
            Some(answer) => {
                call.api.pressed().notify_waiters();
                return Ok(answer);
            }
            None if Instant::now() >= until || *call.api.stopping().borrow() => {
                return Err(Failure::retry_after(Code::KeyInProgress, 2));
            }
            // The time over and the word that it is done lead to the same: look again.
            None => drop(timeout(SAME_LOOK, told).await),
        }
    }
}

/// None: the same request is still running.
fn once(
    call: &Call,
    press: &PressKey,
    work: fn(&Call) -> Result<Answer, Failure>,
    id: &str,
) -> Result<Option<Answer>, Failure> {
    let presses = call.api.presses();
    match presses.claim(press, call.now)? {
        Press::Running => return Ok(None),
        Press::Done(mut answer) => {
            answer.headers.push((HeaderName::from_static("idempotency-replayed"), "true".to_owned()));
            return Ok(Some(answer));
        }
        Press::First => {}
    }
    let result = guarded(call, work);
    let answer = match result {
        Ok(answer) => answer,
        Err(failure) if failure.is_final() => failure.as_answer(call.w, id),
        Err(failure) => {
            presses.free(press)?;
            return Err(failure);
        }
    };
    if answer.is_kept {
        presses.keep(press, &answer)?;
    } else {
        presses.free(press)?;
    }
    Ok(Some(answer))
}

/// A panic ends the one request, not the program.
fn guarded(call: &Call, work: fn(&Call) -> Result<Answer, Failure>) -> Result<Answer, Failure> {
    catch_unwind(AssertUnwindSafe(|| work(call)))
        .unwrap_or_else(|_| Err(Failure::internal(format!("{} panicked", call.operation.id))))
}

/// A problem for an address or method that is not described.
fn plain(api: &Api, request: Request, code: Code) -> Response {
    let (parts, _) = request.into_parts();
    let id = request_id(api, &parts.headers);
    with_id(Failure::of(code).response(auth::words(&parts, None), &id), &id)
}

fn named(path: &RawPathParams) -> BTreeMap<String, String> {
    path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The caller's own number if it is a fitting one, else a new one.
fn request_id(api: &Api, headers: &HeaderMap) -> String {
    let fits = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    let own = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok()).filter(fits);
    own.map_or_else(|| format!("req_{}", api.next_id()), str::to_owned)
}

fn with_id(mut response: Response, id: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    if response.status() == StatusCode::NO_CONTENT {
        response.headers_mut().remove("content-type");
    }
    response
}
