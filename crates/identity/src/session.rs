//! Sessions: kept in the database under the hash of their token, for 14 days after they were last used.
//!
//! `web` and `api` put [`layer`] around their routers and ask [`ticket`] who is there; everything that touches the
//! database stands in [`crate::Identity`] and is called from blocking threads.

use std::fmt;

use ports::{Acting, IdentityId, Moment, OrganisationId, Origin, PortalId, Tenant};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Db, Sql, StoreError};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result as StoreResult};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

use crate::account::{self, AccountCard};
use crate::error::IdentityError;
use crate::secret::random_hex;
use crate::{Identity, tenant};

const IDLE_DAYS: i64 = 14;
/// The end of a session moves on at most this often, so that reading a page writes nothing as a rule.
const SEEN_EVERY_MS: i64 = 60 * 60_000;
const TICKET: &str = "ticket";
const ANONYMOUS: &str = "anonymous";

const SAVE: Sql = Sql::hot(
    "insert into identity_session (id, account_id, content, expires_at) values ($1, $2, $3, $4) \
     on conflict (id) do update set account_id = excluded.account_id, content = excluded.content, \
     expires_at = excluded.expires_at",
);
const CREATE: Sql = Sql::new(
    "insert into identity_session (id, account_id, content, expires_at) values ($1, $2, $3, $4) \
     on conflict (id) do nothing",
);
const LOAD: Sql = Sql::hot("select content, expires_at from identity_session where id = $1 and expires_at > $2");
const DELETE: Sql = Sql::new("delete from identity_session where id = $1");
const DELETE_ENDED: Sql = Sql::new("delete from identity_session where expires_at <= $1");

/// Who holds a session, as the session itself says it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    account: String,
    organisation: String,
    portal: String,
    csrf: String,
    seen_at: i64,
}

/// A person who is signed in, with the present state of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account: AccountCard,
    /// The organisation and portal that the pages show.
    pub tenant: Tenant,
}

impl Ticket {
    /// The token that every form and every script sends back.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// The account.
    pub fn account(&self) -> IdentityId {
        IdentityId::new(self.account.clone())
    }

    fn tenant(&self) -> Tenant {
        Tenant {
            organisation: OrganisationId::new(self.organisation.clone()),
            portal: PortalId::new(self.portal.clone()),
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Ticket").field("account", &self.account).finish_non_exhaustive()
    }
}

impl SignedIn {
    /// The person acting through a page.
    pub fn acting(&self) -> Acting {
        Acting { tenant: self.tenant.clone(), email: self.account.email.clone(), origin: Origin::Form }
    }
}

impl Identity {
    /// A ticket for a person who has just proved who she is; give it to [`begin`].
    pub fn new_ticket(&self, card: &AccountCard, tenant: &Tenant) -> Ticket {
        Ticket {
            account: card.id.as_str().to_owned(),
            organisation: tenant.organisation.as_str().to_owned(),
            portal: tenant.portal.as_str().to_owned(),
            csrf: random_hex(self.entropy.as_ref(), 16),
            seen_at: self.clock.now().ms(),
        }
    }

    /// The same ticket for another portal of the installation (links in mails carry one). `NotFound`: no such portal.
    /// Whether the person has a place there is for the rooms to say.
    pub fn switched(&self, ticket: &Ticket, portal: &PortalId) -> Result<Ticket, IdentityError> {
        let card = self.db.read(|read| tenant::of_portal(read, portal))?.ok_or(IdentityError::NotFound)?;
        let mut ticket = ticket.clone();
        ticket.organisation = card.tenant.organisation.into_string();
        ticket.portal = card.tenant.portal.into_string();
        Ok(ticket)
    }

    /// The person behind a ticket; `None` if the account is gone or not active any more.
    pub fn signed_in(&self, ticket: &Ticket) -> Result<Option<SignedIn>, IdentityError> {
        let card = self.db.read(|read| account::by_id(read, &ticket.account()))?;
        Ok(card.filter(|card| card.is_active).map(|account| SignedIn { account, tenant: ticket.tenant() }))
    }

    /// Throws away the sessions that have ended.
    pub fn forget_ended_sessions(&self, now: Moment) -> Result<u64, IdentityError> {
        self.db.write(|tx| Ok(tx.execute(&DELETE_ENDED, &[now.ms().into()])?))
    }

    /// The sessions of this installation, for [`layer`].
    pub fn sessions(&self) -> Sessions {
        Sessions { identity: self.clone() }
    }
}

/// The layer that reads and writes the cookie. Over https it is bound to the host and sent encrypted only; browsers
/// refuse such a cookie over plain http, so there it has a plain name.
pub fn layer(sessions: Sessions, is_https: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(sessions)
        .with_name(if is_https { "__Host-lockstep" } else { "lockstep" })
        .with_secure(is_https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::days(IDLE_DAYS)))
}

/// Signs a person in: the session gets a new token, so that one planted before is worth nothing.
pub async fn begin(session: &Session, ticket: &Ticket) -> Result<(), IdentityError> {
    session.cycle_id().await.map_err(internal)?;
    session.insert(TICKET, ticket).await.map_err(internal)?;
    session.remove_value(ANONYMOUS).await.map_err(internal)?;
    Ok(())
}

/// Who holds this session. Moves its end on, at most once an hour.
pub async fn ticket(session: &Session, now: Moment) -> Result<Option<Ticket>, IdentityError> {
    let Some(mut ticket) = session.get::<Ticket>(TICKET).await.map_err(internal)? else { return Ok(None) };
    if now.ms() - ticket.seen_at >= SEEN_EVERY_MS {
        ticket.seen_at = now.ms();
        session.insert(TICKET, &ticket).await.map_err(internal)?;
    }
    Ok(Some(ticket))
}

/// Stores a changed ticket, for example after [`Identity::switched`].
pub async fn replace(session: &Session, ticket: &Ticket) -> Result<(), IdentityError> {
    session.insert(TICKET, ticket).await.map_err(internal)
}

/// Signs out: the session is gone, on this side and in the browser.
pub async fn end(session: &Session) -> Result<(), IdentityError> {
    session.flush().await.map_err(internal)
}

fn internal(cause: tower_sessions::session::Error) -> IdentityError {
    IdentityError::Internal(format!("the session could not be kept: {cause}"))
}

/// The session store of the web library over our database.
#[derive(Clone)]
pub struct Sessions {
    identity: Identity,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Sessions")
    }
}

/// One row, ready to be written.
#[derive(Clone)]
struct Kept {
    id: String,
    account: Option<String>,
    content: String,
    expires_at: i64,
}

impl Sessions {
    fn db(&self) -> Db {
        self.identity.db.clone()
    }

    fn now(&self) -> Moment {
        self.identity.clock.now()
    }
}

impl Kept {
    fn of(record: &Record, now: Moment) -> StoreResult<Self> {
        let account = record.data.get(TICKET).and_then(|ticket| ticket.get("account")).and_then(|id| id.as_str());
        let content = serde_json::to_string(&record.data).map_err(|cause| Error::Encode(cause.to_string()))?;
        // The library reckons with the computer's clock; what counts here is ours.
        let longest = now.plus_ms(IDLE_DAYS * 24 * 60 * 60_000).ms();
        Ok(Self { id: key(&record.id), account: account.map(str::to_owned), content, expires_at: longest })
    }

    fn write(&self, db: &Db, sql: &Sql) -> Result<u64, StoreError> {
        db.write(|tx| {
            let binds = [
                self.id.as_str().into(),
                self.account.clone().into(),
                self.content.as_str().into(),
                self.expires_at.into(),
            ];
            tx.execute(sql, &binds)
        })
    }
}

/// What stands in the database for a token: nobody who reads the database can use it.
fn key(id: &Id) -> String {
    let hash = Sha256::digest(id.0.to_be_bytes());
    base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, hash)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> StoreResult<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer.map_err(|cause| Error::Backend(cause.to_string())),
        Err(cause) => Err(Error::Backend(cause.to_string())),
    }
}

impl SessionStore for Sessions {
    fn create<'a, 'b, 'c>(&'a self, record: &'b mut Record) -> Answer<'c, ()>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move {
            loop {
                let kept = Kept::of(record, self.now())?;
                let db = self.db();
                if blocking(move || kept.write(&db, &CREATE)).await? == 1 {
                    return Ok(());
                }
                record.id = Id::default();
            }
        })
    }

    fn save<'a, 'b, 'c>(&'a self, record: &'b Record) -> Answer<'c, ()>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move {
            let kept = Kept::of(record, self.now())?;
            let db = self.db();
            blocking(move || kept.write(&db, &SAVE)).await.map(|_| ())
        })
    }

    fn load<'a, 'b, 'c>(&'a self, id: &'b Id) -> Answer<'c, Option<Record>>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move {
            let (db, key, now) = (self.db(), key(id), self.now().ms());
            let row = blocking(move || db.read(|read| read.row(&LOAD, &[key.as_str().into(), now.into()]))).await?;
            let Some(row) = row else { return Ok(None) };
            let backend = |cause: StoreError| Error::Backend(cause.to_string());
            let content = row.text("content").map_err(backend)?;
            let data = serde_json::from_str(&content).map_err(|cause| Error::Decode(cause.to_string()))?;
            let seconds = row.int("expires_at").map_err(backend)? / 1_000;
            let expiry_date =
                OffsetDateTime::from_unix_timestamp(seconds).map_err(|cause| Error::Decode(cause.to_string()))?;
            Ok(Some(Record { id: *id, data, expiry_date }))
        })
    }

    fn delete<'a, 'b, 'c>(&'a self, id: &'b Id) -> Answer<'c, ()>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move {
            let (db, key) = (self.db(), key(id));
            blocking(move || db.write(|tx| tx.execute(&DELETE, &[key.as_str().into()]))).await.map(|_| ())
        })
    }
}

/// What the methods of [`SessionStore`] give, written out: `async fn` in that trait is made by a macro of another crate.
type Answer<'c, T> = std::pin::Pin<Box<dyn Future<Output = StoreResult<T>> + Send + 'c>>;
