//! Who calls: a browser session, or a token of the token endpoint.

use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use axum::http::request::Parts;
use i18n::Words;
use identity::session::Ticket;
use identity::{AccountCard, IdentityError, Operation as Act, Scopes, Secret, csrf, session};
use ports::{Acting, Language};
use tower_sessions::Session;

use crate::code::Code;
use crate::contract::Operation;
use crate::failure::Failure;
use crate::state::Api;

/// A person who is known, and what he may ask for.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) acting: Acting,
    pub(crate) card: AccountCard,
    /// None: a session, which no scope limits.
    pub(crate) scopes: Option<Scopes>,
}

/// What a request brings to say who it is.
enum Proof {
    Token(Secret),
    Session(Ticket),
}

impl Caller {
    /// Errors: the token does not cover this operation.
    pub(crate) fn check_scope(&self, operation: &Operation) -> Result<(), Failure> {
        let (Some(scopes), Some(scope)) = (&self.scopes, &operation.scope) else { return Ok(()) };
        if allows(scopes, scope) { Ok(()) } else { Err(Failure::scope_missing(scope)) }
    }

    /// The scopes as words, for the person; a session has all.
    pub(crate) fn scope_words(&self) -> Vec<String> {
        self.scopes.clone().unwrap_or_else(Scopes::all).words()
    }
}

/// Finds out who calls. Errors: nobody that is known (401), or a foreign page in a person's name (403).
pub(crate) async fn caller(api: &Api, parts: &Parts) -> Result<Caller, Failure> {
    let proof = proof(api, parts).await?;
    let own = api.clone();
    api.pool()
        .run(move || match proof {
            Proof::Token(token) => of_token(&own, &token),
            Proof::Session(ticket) => of_session(&own, &ticket),
        })
        .await
}

/// The language of the answer: the one asked for, else the person's.
pub(crate) fn words(parts: &Parts, person: Option<&AccountCard>) -> Words {
    let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let offered = header.split(',').filter_map(|part| part.split(';').next());
    let asks = offered.map(str::trim).any(|code| Language::parse(code).is_ok());
    Words::new(if asks {
        i18n::accepted_language(header)
    } else {
        person.map_or_else(Language::default, |card| card.language)
    })
}

async fn proof(api: &Api, parts: &Parts) -> Result<Proof, Failure> {
    let unknown = || Failure::of(Code::TokenInvalid);
    if let Some(header) = parts.headers.get(AUTHORIZATION) {
        let text = header.to_str().map_err(|_| unknown())?;
        let (scheme, token) = text.trim().split_once(' ').ok_or_else(unknown)?;
        let is_known = ["Zoho-oauthtoken", "Bearer"].iter().any(|known| known.eq_ignore_ascii_case(scheme));
        return if is_known { Ok(Proof::Token(Secret::new(token.trim()))) } else { Err(unknown()) };
    }
    let session = parts.extensions.get::<Session>().ok_or_else(unknown)?;
    let ticket = session::ticket(session, api.now()).await?.ok_or_else(unknown)?;
    let foreign = |_| Failure::of(Code::CsrfFailed);
    csrf::check_origin(&parts.method, &parts.headers).map_err(foreign)?;
    if !parts.method.is_safe() {
        let given = parts.headers.get(csrf::HEADER).and_then(|value| value.to_str().ok());
        csrf::check_token(ticket.csrf(), given).map_err(foreign)?;
    }
    Ok(Proof::Session(ticket))
}

fn of_token(api: &Api, token: &Secret) -> Result<Caller, Failure> {
    let unknown = || Failure::of(Code::TokenInvalid);
    let holder = api.identity().bearer(token)?.ok_or_else(unknown)?;
    let card = api.identity().account(&holder.email)?.ok_or_else(unknown)?;
    Ok(Caller { acting: holder.acting(), card, scopes: Some(holder.scopes) })
}

fn of_session(api: &Api, ticket: &Ticket) -> Result<Caller, Failure> {
    let signed_in = api.identity().signed_in(ticket)?.ok_or_else(|| Failure::of(Code::TokenInvalid))?;
    Ok(Caller { acting: signed_in.acting(), card: signed_in.account, scopes: None })
}

/// `scope` is one of the description: `Lockstep.links.READ`.
fn allows(scopes: &Scopes, scope: &str) -> bool {
    let mut parts = scope.split('.').skip(1);
    let (Some(area), Some(act)) = (parts.next(), parts.next()) else { return false };
    let act = match act {
        "READ" => Act::Read,
        "CREATE" => Act::Create,
        "UPDATE" => Act::Update,
        "DELETE" => Act::Delete,
        _ => return false,
    };
    scopes.allows(area, act)
}

impl From<IdentityError> for Failure {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Store(error) => error.into(),
            IdentityError::Mail(error) => error.into(),
            IdentityError::NotFound => Self::of(Code::NotFound),
            IdentityError::Refused(reason) => Self::reason(reason),
            IdentityError::Busy => Self::retry_after(Code::Unreachable, 2),
            IdentityError::Invalid(_)
            | IdentityError::WrongCredentials
            | IdentityError::TooManyTries { .. }
            | IdentityError::TooSoon { .. }
            | IdentityError::Ended(_)
            | IdentityError::Internal(_) => Self::internal(error),
        }
    }
}
