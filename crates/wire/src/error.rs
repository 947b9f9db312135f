//! How the CRM API says that a token is missing, bad or too weak.

use serde::{Deserialize, Serialize};

/// The body of an error of the CRM API.
///
/// Source: facts of the OAuth formats, "Using the token".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// For programs, such as `INVALID_TOKEN`.
    pub code: String,
    /// More about it; empty here.
    pub details: Details,
    /// For people.
    pub message: String,
    /// Always `error`.
    pub status: String,
}

/// An object without members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {}

impl ApiError {
    /// The token is unknown or has ended (401).
    pub fn invalid_token() -> Self {
        Self::new("INVALID_TOKEN", "invalid oauth token")
    }

    /// No token was sent (401).
    pub fn authentication_failure() -> Self {
        Self::new("AUTHENTICATION_FAILURE", "Authentication failed")
    }

    /// The token does not cover the call (401).
    pub fn scope_mismatch() -> Self {
        Self::new("OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL")
    }

    fn new(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), details: Details {}, message: message.to_owned(), status: "error".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_four_members() {
        let text = serde_json::to_string(&ApiError::invalid_token()).unwrap();
        assert_eq!(text, r#"{"code":"INVALID_TOKEN","details":{},"message":"invalid oauth token","status":"error"}"#);
    }
}
