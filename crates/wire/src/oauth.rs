//! The token endpoint: what a client sends and what it gets.
//!
//! Errors come with status 200 and the one member `error`; a client looks for `access_token`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Parameters of `POST /oauth/v2/token`, from the query, a form or several parts; all of them are optional here,
/// because what is missing is answered as an error of the endpoint.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// What is asked for: `refresh_token`.
    pub grant_type: Option<String>,
    /// The client.
    pub client_id: Option<String>,
    /// Its secret.
    pub client_secret: Option<String>,
    /// The token that makes new access tokens.
    pub refresh_token: Option<String>,
    /// Tolerated and not used.
    pub redirect_uri: Option<String>,
}

/// Answer to [`TokenRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TokenAnswer {
    /// A token.
    Token(Token),
    /// Why there is none.
    Error(TokenError),
}

/// A new access token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// For the header `Authorization`.
    pub access_token: String,
    /// What it covers, separated by spaces.
    pub scope: String,
    /// Base address of the APIs, without a slash at the end.
    pub api_domain: String,
    /// `Bearer`.
    pub token_type: String,
    /// Seconds of life.
    pub expires_in: i64,
}

/// An error of the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenError {
    /// Such as `invalid_client`.
    pub error: String,
}

impl TokenError {
    /// The client is unknown.
    pub const INVALID_CLIENT: &str = "invalid_client";
    /// The secret does not fit the client.
    pub const INVALID_CLIENT_SECRET: &str = "invalid_client_secret";
    /// The refresh token is unknown, of another client, or revoked.
    pub const INVALID_CODE: &str = "invalid_code";
    /// `grant_type` is missing or none that is offered.
    pub const UNSUPPORTED_GRANT_TYPE: &str = "unsupported_grant_type";
    /// A parameter is missing.
    pub const GENERAL_ERROR: &str = "general_error";
}

/// Answer to a revocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// `success` or `failure`.
    pub status: String,
}

/// What `lockstep api-client create --json` prints: all that a client needs, once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiClient {
    /// The client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Makes new access tokens; does not end.
    pub refresh_token: String,
    /// The first access token.
    pub access_token: String,
    /// Seconds of its life.
    pub expires_in: i64,
    /// Base address of the APIs.
    pub api_domain: String,
    /// Base address of the token endpoint.
    pub accounts_url: String,
    /// The organisation of the CRM.
    pub org_id: String,
    /// The portal of Projects.
    pub portal_id: String,
    /// In whose name the client works.
    pub user_email: String,
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TokenRequest")
            .field("grant_type", &self.grant_type)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Token")
            .field("scope", &self.scope)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ApiClient {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ApiClient")
            .field("client_id", &self.client_id)
            .field("user_email", &self.user_email)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_token_or_an_error_and_nothing_else() {
        let error = TokenAnswer::Error(TokenError { error: TokenError::INVALID_CODE.to_owned() });
        assert_eq!(serde_json::to_string(&error).unwrap(), r#"{"error":"invalid_code"}"#);
        let token = r#"{"access_token":"1000.a.b","scope":"Lockstep.links.ALL","api_domain":"http://127.0.0.1:8080","token_type":"Bearer","expires_in":3600}"#;
        let read: TokenAnswer = serde_json::from_str(token).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), token);
    }

    #[test]
    fn secrets_are_not_printed() {
        let request = TokenRequest { client_secret: Some("very secret".into()), ..TokenRequest::default() };
        assert!(!format!("{request:?}").contains("very secret"));
    }
}
