//! `POST /oauth/v2/token`: new access tokens, in the shape of the token endpoint that clients know.

use axum::Form;
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use wire::oauth::{TokenAnswer, TokenError, TokenRequest};

use crate::failure::Failure;
use crate::state::Api;

/// Parameters may stand in the address, in a form, or in several parts.
pub(crate) async fn token(api: Api, request: Request) -> Response {
    let wanted = parameters(request).await;
    let own = api.clone();
    let given = match wanted {
        Some(wanted) => api.pool().run(move || Ok(own.identity().token(&wanted)?)).await,
        None => Ok(TokenAnswer::Error(TokenError { error: TokenError::GENERAL_ERROR.to_owned() })),
    };
    match given {
        Ok(answer) => json(StatusCode::OK, &answer),
        Err(failure) => unavailable(&failure),
    }
}

async fn parameters(request: Request) -> Option<TokenRequest> {
    let Ok(Query(mut pairs)) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()) else { return None };
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let mut parts = Multipart::from_request(request, &()).await.ok()?;
        while let Some(field) = parts.next_field().await.ok()? {
            let name = field.name().unwrap_or_default().to_owned();
            pairs.push((name, field.text().await.ok()?));
        }
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        let Form(more) = Form::<Vec<(String, String)>>::from_request(request, &()).await.ok()?;
        pairs.extend(more);
    }
    let mut wanted = TokenRequest::default();
    for (name, value) in pairs {
        match name.as_str() {
            "grant_type" => wanted.grant_type = Some(value),
            "client_id" => wanted.client_id = Some(value),
            "client_secret" => wanted.client_secret = Some(value),
            "refresh_token" => wanted.refresh_token = Some(value),
            "redirect_uri" => wanted.redirect_uri = Some(value),
            // Clients send more than is needed here.
            _ => {}
        }
    }
    Some(wanted)
}

/// The store is away or something failed: an answer that a client takes for "try again", never for a wrong token.
fn unavailable(failure: &Failure) -> Response {
    json(failure.status(), &TokenAnswer::Error(TokenError { error: "server_error".to_owned() }))
}

fn json(status: StatusCode, answer: &TokenAnswer) -> Response {
    let Ok(body) = serde_json::to_vec(answer) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut response = (status, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
