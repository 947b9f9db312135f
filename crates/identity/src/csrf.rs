//! Whether a request that changes something comes from a page of ours.

use http::{HeaderMap, Method, header};

use crate::secret::is_equal;

/// Why a request was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    /// A page of another address sent it.
    #[error("the request was sent by a page of another address")]
    Origin,
    /// The token of the session is missing or another one.
    #[error("the form belongs to another session")]
    Token,
}

/// The header in which scripts send the token.
pub const HEADER: &str = "x-csrf-token";
/// The field in which forms send the token.
pub const FIELD: &str = "csrf";

/// Lets a request through that only reads, or that a page of this very address sent.
///
/// The address is the one that the request itself names (`Host`), so that `localhost` and `127.0.0.1` both work; a proxy
/// in front has to pass it on. A program that is no browser sends neither header and is stopped by [`check_token`].
pub fn check_origin(method: &Method, headers: &HeaderMap) -> Result<(), Foreign> {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return Ok(());
    }
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site"))
        && !["same-origin", "none"].contains(&site)
    {
        return Err(Foreign::Origin);
    }
    let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
    let given = authority(origin);
    let own = text(header::HOST).unwrap_or_default();
    let is_ours = without_default_port(own).eq_ignore_ascii_case(without_default_port(given));
    if is_ours && !given.is_empty() { Ok(()) } else { Err(Foreign::Origin) }
}

/// Compares the token of the session with the one that was sent.
pub fn check_token(expected: &str, given: Option<&str>) -> Result<(), Foreign> {
    match given {
        Some(given) if !expected.is_empty() && is_equal(expected, given) => Ok(()),
        Some(_) | None => Err(Foreign::Token),
    }
}

/// Host and port of an address; empty for a text that is none, such as `null`.
fn authority(url: &str) -> &str {
    url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default())
}

fn without_default_port(authority: &str) -> &str {
    authority.strip_suffix(":80").or_else(|| authority.strip_suffix(":443")).unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| ((*name).try_into().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_page_of_the_same_address_may_post_and_no_other() {
        for (pairs, is_ours) in [
            (&[("host", "localhost:8080"), ("origin", "http://localhost:8080")][..], true),
            (&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")], true),
            (&[("host", "lockstep.zylker.example"), ("origin", "https://lockstep.zylker.example:443")], true),
            (
                &[("host", "localhost:8080"), ("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin")],
                true,
            ),
            (&[("host", "localhost:8080")], true),
            (&[("host", "10.0.0.5:8080"), ("origin", "https://evil.example")], false),
            (&[("host", "localhost:8080"), ("origin", "http://127.0.0.1:8080")], false),
            (&[("host", "localhost:8080"), ("origin", "http://localhost:8081")], false),
            (&[("host", "localhost:8080"), ("origin", "null")], false),
            (&[("host", ""), ("origin", "http://")], false),
            (&[("host", "localhost:8080"), ("sec-fetch-site", "cross-site")], false),
            (&[("host", "a.example"), ("origin", "https://a.example"), ("sec-fetch-site", "same-site")], false),
        ] {
            let answer = check_origin(&Method::POST, &headers(pairs));
            assert_eq!(answer, if is_ours { Ok(()) } else { Err(Foreign::Origin) }, "{pairs:?}");
            assert_eq!(check_origin(&Method::GET, &headers(pairs)), Ok(()), "{pairs:?}");
        }
    }

    #[test]
    fn the_token_must_be_the_one_of_the_session() {
        assert_eq!(check_token("abc", Some("abc")), Ok(()));
        for given in [None, Some(""), Some("abd"), Some("abcd")] {
            assert_eq!(check_token("abc", given), Err(Foreign::Token), "{given:?}");
        }
        assert_eq!(check_token("", Some("")), Err(Foreign::Token));
    }
}
