//! Stylesheet, icons and scripts: made by `cargo xtask assets`, compiled in, named by their content.
//!
//! A name changes with its content, so browsers keep the files for good.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "assets/dist"]
#[allow_missing = true]
struct Files;

const PATH: &str = "/assets";
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// The command that makes the assets, for a build without them.
pub const COMMAND: &str = "cargo xtask assets";

/// The files under the addresses that the templates use.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(file)).route("/favicon.ico", get(favicon))
}

/// Whether the assets were there when this program was compiled. Without them pages say how to make them.
#[must_use]
pub fn are_built() -> bool {
    !manifest().is_empty()
}

/// Address of the stylesheet.
#[must_use]
pub fn styles() -> &'static str {
    address("lockstep.css")
}

/// Address of the script.
#[must_use]
pub fn script() -> &'static str {
    address("main.js")
}

/// Address of the icons; `#name` selects one.
#[must_use]
pub fn icons() -> &'static str {
    address("icons.svg")
}

/// The address of an asset by the name of its source; empty if the assets are not built.
fn address(name: &str) -> &'static str {
    manifest().get(name).map_or("", String::as_str)
}

fn manifest() -> &'static BTreeMap<String, String> {
    static MANIFEST: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    MANIFEST.get_or_init(|| {
        let names: BTreeMap<String, String> =
            Files::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
        names.into_iter().map(|(name, hashed)| (name, format!("{PATH}/{hashed}"))).collect()
    })
}

async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let takes_gzip = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|coding| coding.trim().split(';').next() == Some("gzip")));
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let compressed = takes_gzip.then(|| Files::get(&format!("{name}.gz"))).flatten();
    let headers =
        [(CONTENT_TYPE, kind.to_string()), (CACHE_CONTROL, FOR_GOOD.to_owned()), (VARY, "accept-encoding".to_owned())];
    match (compressed, Files::get(&name)) {
        (Some(file), _) => (headers, [(CONTENT_ENCODING, "gzip")], file.data.into_owned()).into_response(),
        (None, Some(file)) if name != "manifest.json" => (headers, file.data.into_owned()).into_response(),
        (None, Some(_) | None) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The mark of the product; browsers ask for it without being told.
async fn favicon() -> Response {
    const MARK: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"><path stroke="#3355dd" d="M2.5 11.5H8V6h13.5"/><path stroke="#c8692b" d="M2.5 18h12v-5.5h7"/></svg>"##;
    ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=86400")], MARK).into_response()
}
