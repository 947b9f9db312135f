//! Programs that work in a person's name: clients, refresh tokens, access tokens. Tokens are kept as hashes.

use ports::{Acting, Email, IdentityId, Moment, OrganisationId, Origin, PortalId, Tenant};
use store::{Read, Row, Sql, Tx};
use wire::oauth::{ApiClient, Revoked, Token, TokenAnswer, TokenError, TokenRequest};

use crate::account;
use crate::error::IdentityError;
use crate::scope::Scopes;
use crate::secret::{Secret, is_equal, random_hex, random_upper};
use crate::{Identity, tenant};

const LIFE_S: i64 = 3_600;
/// Access tokens of one client that live at once; one more ends the oldest.
const LIVE_MAX: i64 = 30;

/// Who calls with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// In whose name.
    pub email: Email,
    /// What the token covers.
    pub scopes: Scopes,
    /// Organisation and portal.
    pub tenant: Tenant,
    /// The client, for limits and logs.
    pub client_id: String,
}

impl Caller {
    /// The person acting through an API.
    pub fn acting(&self) -> Acting {
        Acting { tenant: self.tenant.clone(), email: self.email.clone(), origin: Origin::Api }
    }
}

const INSERT_CLIENT: Sql = Sql::new(
    "insert into identity_api_client (organisation_id, portal_id, id, name, account_id, secret_hash, refresh_hash, \
     scopes, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
);
const CLIENT: Sql = Sql::new(
    "select id, organisation_id, portal_id, account_id, secret_hash, refresh_hash, scopes from identity_api_client \
     where id = $1",
);
const INSERT_TOKEN: Sql =
    Sql::new("insert into identity_access_token (token_hash, client_id, made_at, expires_at) values ($1, $2, $3, $4)");
const FORGET_ENDED: Sql = Sql::new("delete from identity_access_token where client_id = $1 and expires_at <= $2");
const FORGET_OLDEST: Sql = Sql::new(
    "delete from identity_access_token where client_id = $1 and token_hash in (select token_hash from \
     identity_access_token where client_id = $1 order by made_at desc, token_hash limit 1000 offset $2)",
);
const BEARER: Sql = Sql::hot(
    "select identity_api_client.id as client_id, organisation_id, portal_id, account_id, scopes \
     from identity_access_token join identity_api_client on identity_api_client.id = identity_access_token.client_id \
     where token_hash = $1 and expires_at > $2",
);
const REVOKE_ACCESS: Sql = Sql::new("delete from identity_access_token where token_hash = $1");
const REVOKE_CLIENT_TOKENS: Sql = Sql::new(
    "delete from identity_access_token where client_id in (select id from identity_api_client where refresh_hash = $1)",
);
/// The hash of no token: the client stays known and gets no more tokens.
const REVOKE_REFRESH: Sql =
    Sql::new("update identity_api_client set refresh_hash = 'revoked ' || id where refresh_hash = $1");
const PUT_SETTING: Sql = Sql::new(
    "insert into identity_setting (name, content) values ($1, $2) on conflict (name) do update set content = excluded.content",
);
const SETTING: Sql = Sql::new("select content from identity_setting where name = $1");

impl Identity {
    /// Remembers the public address of the pages, without a slash at the end: clients made at the
    /// command line are told it, as addresses of the APIs and of the token endpoint.
    pub fn set_public_url(&self, url: &str) -> Result<(), IdentityError> {
        let url = url.trim_end_matches('/');
        self.db.write(|tx| Ok(tx.execute(&PUT_SETTING, &["public_url".into(), url.into()])?)).map(|_: u64| ())
    }

    /// The public address that `serve` stored last; the default address while it never ran.
    pub fn public_url(&self) -> Result<String, IdentityError> {
        self.db.read(public_url)
    }

    /// Makes a client for a person, with its first tokens. They can be read this once only.
    ///
    /// Errors: `NotFound`: nobody has this address, or there is no portal yet; `Invalid` for the name.
    pub fn create_api_client(&self, name: &str, email: &Email, scopes: &Scopes) -> Result<ApiClient, IdentityError> {
        let name = account::checked_name(name).map_err(|code| IdentityError::field("name", code))?;
        let now = self.clock.now();
        let entropy = self.entropy.as_ref();
        let client_id = format!("1000.{}", random_upper(entropy, 30));
        let secret = Secret::new(random_hex(entropy, 21));
        let [refresh, access] = [self.new_token(), self.new_token()];
        self.db.write(|tx| {
            let card = account::by_email(tx, email)?.filter(|card| card.is_active).ok_or(IdentityError::NotFound)?;
            let place = tenant::first(tx)?.ok_or(IdentityError::NotFound)?.tenant;
            tx.execute(
                &INSERT_CLIENT,
                &[
                    place.organisation.as_str().into(),
                    place.portal.as_str().into(),
                    client_id.as_str().into(),
                    name.as_str().into(),
                    card.id.as_str().into(),
                    secret.hash().into(),
                    refresh.hash().into(),
                    scopes.text().into(),
                    now.ms().into(),
                ],
            )?;
            keep(tx, &client_id, &access, now)?;
            let address = public_url(tx)?;
            Ok(ApiClient {
                client_id: client_id.clone(),
                client_secret: secret.reveal().to_owned(),
                refresh_token: refresh.reveal().to_owned(),
                access_token: access.reveal().to_owned(),
                expires_in: LIFE_S,
                api_domain: address.clone(),
                accounts_url: address,
                org_id: place.organisation.into_string(),
                portal_id: place.portal.into_string(),
                user_email: card.email.as_str().to_owned(),
            })
        })
    }

    /// The token endpoint. Whatever is wrong with the request is an answer, not an error.
    pub fn token(&self, request: &TokenRequest) -> Result<TokenAnswer, IdentityError> {
        let refuse = |error: &str| Ok(TokenAnswer::Error(TokenError { error: error.to_owned() }));
        let given = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
        if request.grant_type.as_deref() != Some("refresh_token") {
            return refuse(TokenError::UNSUPPORTED_GRANT_TYPE);
        }
        let Some(client_id) = given(&request.client_id) else { return refuse(TokenError::INVALID_CLIENT) };
        let (Some(secret), Some(refresh)) = (given(&request.client_secret), given(&request.refresh_token)) else {
            return refuse(TokenError::GENERAL_ERROR);
        };
        self.refresh(&client_id, &Secret::new(secret), &Secret::new(refresh))
    }

    /// A new access token for a client that proves itself.
    pub fn refresh(&self, client_id: &str, secret: &Secret, refresh: &Secret) -> Result<TokenAnswer, IdentityError> {
        let now = self.clock.now();
        let access = self.new_token();
        self.db.write(|tx| {
            let refuse = |error: &str| Ok(TokenAnswer::Error(TokenError { error: error.to_owned() }));
            let Some(client) = tx.row(&CLIENT, &[client_id.into()])? else { return refuse(TokenError::INVALID_CLIENT) };
            if !is_equal(&client.text("secret_hash")?, &secret.hash()) {
                return refuse(TokenError::INVALID_CLIENT_SECRET);
            }
            let person = account::by_id(tx, &IdentityId::new(client.text("account_id")?))?;
            let is_active = person.is_some_and(|card| card.is_active);
            if !is_active || !is_equal(&client.text("refresh_hash")?, &refresh.hash()) {
                return refuse(TokenError::INVALID_CODE);
            }
            keep(tx, client_id, &access, now)?;
            Ok(TokenAnswer::Token(Token {
                access_token: access.reveal().to_owned(),
                scope: client.text("scopes")?,
                api_domain: public_url(tx)?,
                token_type: "Bearer".to_owned(),
                expires_in: LIFE_S,
            }))
        })
    }

    /// Who holds this access token; `None` if it is unknown, has ended, or its person is not active any more.
    pub fn bearer(&self, token: &Secret) -> Result<Option<Caller>, IdentityError> {
        let now = self.clock.now();
        self.db.read(|read| {
            let Some(row) = read.row(&BEARER, &[token.hash().into(), now.ms().into()])? else { return Ok(None) };
            let person = account::by_id(read, &IdentityId::new(row.text("account_id")?))?;
            let Some(person) = person.filter(|card| card.is_active) else { return Ok(None) };
            caller(&row, person.email).map(Some)
        })
    }

    /// Ends an access token, or a refresh token with all access tokens made from it.
    pub fn revoke(&self, token: &Secret) -> Result<Revoked, IdentityError> {
        let hash = token.hash();
        let count = self.db.write(|tx| {
            let mut count = tx.execute(&REVOKE_ACCESS, &[hash.as_str().into()])?;
            tx.execute(&REVOKE_CLIENT_TOKENS, &[hash.as_str().into()])?;
            count += tx.execute(&REVOKE_REFRESH, &[hash.as_str().into()])?;
            Ok::<_, IdentityError>(count)
        })?;
        Ok(Revoked { status: if count > 0 { "success" } else { "failure" }.to_owned() })
    }

    fn new_token(&self) -> Secret {
        let entropy = self.entropy.as_ref();
        Secret::new(format!("1000.{}.{}", random_hex(entropy, 16), random_hex(entropy, 16)))
    }
}

fn keep(tx: &mut Tx<'_>, client_id: &str, access: &Secret, now: Moment) -> Result<(), IdentityError> {
    tx.execute(&FORGET_ENDED, &[client_id.into(), now.ms().into()])?;
    tx.execute(&FORGET_OLDEST, &[client_id.into(), (LIVE_MAX - 1).into()])?;
    let expires = now.plus_ms(LIFE_S * 1_000).ms();
    tx.execute(&INSERT_TOKEN, &[access.hash().into(), client_id.into(), now.ms().into(), expires.into()])?;
    Ok(())
}

fn caller(row: &Row, email: Email) -> Result<Caller, IdentityError> {
    let scopes = Scopes::parse(&row.text("scopes")?)
        .map_err(|scope| IdentityError::Internal(format!("a token has the unknown scope {scope}")))?;
    Ok(Caller {
        email,
        scopes,
        tenant: Tenant {
            organisation: OrganisationId::new(row.text("organisation_id")?),
            portal: PortalId::new(row.text("portal_id")?),
        },
        client_id: row.text("client_id")?,
    })
}

fn public_url(read: &mut Read<'_>) -> Result<String, IdentityError> {
    let row = read.row(&SETTING, &["public_url".into()])?;
    Ok(row.map(|row| row.text("content")).transpose()?.unwrap_or_else(|| "http://127.0.0.1:8080".to_owned()))
}
