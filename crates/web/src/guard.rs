//! What protects every answer: where a form came from, and the headers that tie a page down.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERER, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

/// Scripts, styles, pictures and connections of this server alone; forms go nowhere else; no frame around a page.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// Header that carries the number of a request, for support.
pub(crate) const REFERENCE: HeaderName = HeaderName::from_static("x-request-id");

/// Adds the headers to every answer. Pages are not kept by browsers, so that nothing is seen after signing out.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether a request that changes something was made by a page of this server.
///
/// The browser's `Origin` is held against `Host`, not against the public address: whoever opens the server as
/// `localhost` and as `127.0.0.1` uses both. Without `Origin`, `Sec-Fetch-Site` or `Referer` decides; without any of
/// them (no browser sends that) the CSRF token alone does.
pub(crate) fn is_own_origin(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(&HOST).unwrap_or_default();
    match (text(&ORIGIN), text(&HeaderName::from_static("sec-fetch-site")), text(&REFERER)) {
        (Some(origin), _, _) => host_of(origin).is_some_and(|own| own.eq_ignore_ascii_case(host)),
        (None, Some(site), _) => site == "same-origin" || site == "none",
        (None, None, Some(referer)) => host_of(referer).is_some_and(|own| own.eq_ignore_ascii_case(host)),
        (None, None, None) => true,
    }
}

/// `host:port` of an address, as a browser writes it into `Host`.
fn host_of(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    rest.split(['/', '?', '#']).next()
}

/// Compares two tokens in a time that depends on their length alone.
pub(crate) fn is_same_token(one: &str, other: &str) -> bool {
    let difference = one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    !one.is_empty() && one.len() == other.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

    use super::{is_own_origin, is_same_token};

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers: HeaderMap = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_own_origin(&Method::POST, &headers)
    }

    #[test]
    fn forms_of_other_sites_are_not_taken() {
        assert!(own(&[("host", "localhost:8080"), ("origin", "http://localhost:8080")]));
        assert!(own(&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")]));
        assert!(own(&[("host", "a.example"), ("referer", "https://a.example/crm/deals")]));
        assert!(own(&[("host", "a.example"), ("sec-fetch-site", "same-origin")]));
        assert!(!own(&[("host", "localhost:8080"), ("origin", "http://127.0.0.1:8080")]));
        assert!(!own(&[("host", "a.example"), ("origin", "null")]));
        assert!(!own(&[("host", "a.example"), ("origin", "https://a.example.evil.example")]));
        assert!(!own(&[("host", "a.example"), ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn tokens_are_equal_only_if_all_of_them_is() {
        assert!(is_same_token("abc", "abc"));
        assert!(!is_same_token("abc", "abd") && !is_same_token("abc", "ab") && !is_same_token("", ""));
    }
}
