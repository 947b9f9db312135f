//! A PostgreSQL server: pooled connections, lost races run again.

use std::collections::HashMap;
use std::error::Error as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use postgres::error::SqlState;
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{Client, Config, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::db::Ran;
use crate::row::Value;
use crate::sqlite::Durability;
use crate::tx::{Failure, Session};
use crate::{Bind, Row, StoreError};

/// How to reach a server.
#[derive(Clone, Copy, Debug)]
pub struct PostgresOptions {
    /// Connections at most; a transaction holds one.
    pub connections_max: u32,
}

const WAIT: Duration = Duration::from_secs(10);
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// How often a transaction that lost a race is run again.
const RUNS_MAX: u32 = 20;
const STATEMENTS_KEPT: usize = 1_024;
const OLDEST_SERVER: i64 = 130_000;
/// What each connection is told first. An open transaction of a dead program must not hold back the feed for long.
const SET_UP: &str = "set timezone = 'UTC'; set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '30s'; \
                      set client_min_messages = warning";

const IDENTITY: &str = "select system_identifier::text || '.' || \
                        (select oid::text from pg_database where datname = current_database()) from pg_control_system()";

pub(crate) struct Postgres {
    pool: r2d2::Pool<Connector>,
}

/// Says for as long as it is kept that this process alone works on a database.
pub struct DatabaseClaim {
    _client: Client,
}

/// The number under which a database is claimed.
const CLAIM: &str = "select pg_try_advisory_lock(7105240716301)";

/// Claims the database that `url` names; none if another process has claimed it. It lasts as long as its connection.
///
/// Errors: `Unavailable`, `Other` for an address that is none.
pub fn claim_database(url: &str) -> Result<Option<DatabaseClaim>, StoreError> {
    let mut client = config(url)?.connect(tls()?).map_err(|cause| unreachable_server(&cause))?;
    let row = client.query_one(CLAIM, &[]).map_err(|cause| unreachable_server(&cause))?;
    let is_ours: bool = row.try_get(0).map_err(|cause| unreachable_server(&cause))?;
    Ok(is_ours.then_some(DatabaseClaim { _client: client }))
}

struct Connector {
    config: Config,
    tls: MakeRustlsConnect,
}

/// A connection and the statements it has prepared.
pub(crate) struct PgConnection {
    client: Client,
    /// Cluster and database: transaction ids of another one mean nothing here.
    identity: String,
    statements: HashMap<(String, Vec<Type>), Prepared>,
}

#[derive(Clone)]
struct Prepared {
    statement: Statement,
    columns: Arc<[String]>,
}

impl Postgres {
    pub(crate) fn open(url: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        Self::connect(config(url)?, options)
    }

    fn connect(config: Config, options: PostgresOptions) -> Result<Self, StoreError> {
        let connector = Connector { config, tls: tls()? };
        // Asked once without the pool, which would try until its time is over and hide the cause.
        r2d2::ManageConnection::connect(&connector)?.fits()?;
        let pool = r2d2::Pool::builder()
            .max_size(options.connections_max.max(1))
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(WAIT)
            .build_unchecked(connector);
        Ok(Self { pool })
    }

    pub(crate) fn read<R>(&self, run: &dyn Fn(Session<'_>) -> Ran<R>) -> Result<R, StoreError> {
        self.run("begin isolation level repeatable read read only", run)
    }

    pub(crate) fn write<R>(
        &self,
        durability: Durability,
        run: &dyn Fn(Session<'_>) -> Ran<R>,
    ) -> Result<R, StoreError> {
        let begin = match durability {
            Durability::Full => "begin",
            Durability::Relaxed => "begin; set local synchronous_commit = off",
        };
        self.run(begin, run)
    }

    fn run<R>(&self, begin: &str, run: &dyn Fn(Session<'_>) -> Ran<R>) -> Result<R, StoreError> {
        let mut runs = 0;
        loop {
            runs += 1;
            let mut connection = self.begun(begin)?;
            let ran = catch_unwind(AssertUnwindSafe(|| run(Session::Postgres(&mut connection))));
            let ran = ran.unwrap_or_else(|panic| {
                connection.undo();
                resume_unwind(panic)
            });
            let again = ran.failure.as_ref().is_some_and(|failure| failure.again) && runs < RUNS_MAX;
            if again {
                connection.undo();
                continue;
            }
            if !ran.keep {
                connection.undo();
                return Ok(ran.value);
            }
            match connection.client.batch_execute("commit") {
                Ok(()) => return Ok(ran.value),
                Err(cause) => {
                    let failure = failure(&cause, "commit");
                    connection.undo();
                    if !failure.again || runs >= RUNS_MAX {
                        return Err(failure.error);
                    }
                }
            }
        }
    }

    /// A connection in a new transaction. One that died while it lay in the pool is thrown away: nothing has run yet.
    fn begun(&self, begin: &str) -> Result<r2d2::PooledConnection<Connector>, StoreError> {
        let mut tries = self.pool.max_size() + 1;
        loop {
            let mut connection = self.pool.get().map_err(|cause| self.no_connection(&cause))?;
            match connection.client.batch_execute(begin) {
                Ok(()) => return Ok(connection),
                Err(_) if tries > 0 && connection.client.is_closed() => tries -= 1,
                Err(cause) => return Err(failure(&cause, begin).error),
            }
        }
    }

    fn no_connection(&self, cause: &r2d2::Error) -> StoreError {
        if self.pool.state().connections >= self.pool.max_size() {
            StoreError::Busy("all connections to the database are in use".to_owned())
        } else {
            StoreError::Unavailable(cause.to_string())
        }
    }
}

impl r2d2::ManageConnection for Connector {
    type Connection = PgConnection;
    type Error = StoreError;

    fn connect(&self) -> Result<PgConnection, StoreError> {
        let mut client = self.config.connect(self.tls.clone()).map_err(|cause| unreachable_server(&cause))?;
        client.batch_execute(SET_UP).map_err(|cause| unreachable_server(&cause))?;
        let identity = client.query_one(IDENTITY, &[]).map_err(|cause| unreachable_server(&cause))?;
        let identity = identity.try_get(0).map_err(|cause| unreachable_server(&cause))?;
        Ok(PgConnection { client, identity, statements: HashMap::new() })
    }

    fn is_valid(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        connection.client.is_valid(CONNECT_WAIT).map_err(|cause| unreachable_server(&cause))
    }

    fn has_broken(&self, connection: &mut PgConnection) -> bool {
        connection.client.is_closed()
    }
}

impl PgConnection {
    pub(crate) fn rows(&mut self, text: &str, binds: &[Bind]) -> Result<Vec<Row>, Failure> {
        let prepared = self.prepared(text, binds)?;
        let found = self.client.query(&prepared.statement, &values(binds));
        let found = found.map_err(|cause| self.failed(&cause, text))?;
        found.iter().map(|row| owned(row, &prepared.columns).map_err(|cause| failure(&cause, text))).collect()
    }

    pub(crate) fn execute(&mut self, text: &str, binds: &[Bind]) -> Result<u64, Failure> {
        let prepared = self.prepared(text, binds)?;
        let changed = self.client.execute(&prepared.statement, &values(binds));
        changed.map_err(|cause| self.failed(&cause, text))
    }

    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    pub(crate) fn script(&mut self, text: &str) -> Result<(), Failure> {
        self.client.batch_execute(text).map_err(|cause| failure(&cause, text))
    }

    fn prepared(&mut self, text: &str, binds: &[Bind]) -> Result<Prepared, Failure> {
        let types: Vec<Type> = binds.iter().map(type_of).collect();
        let key = (text.to_owned(), types);
        if let Some(prepared) = self.statements.get(&key) {
            return Ok(prepared.clone());
        }
        let statement = self.client.prepare_typed(text, &key.1).map_err(|cause| failure(&cause, text))?;
        let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
        let prepared = Prepared { statement, columns };
        if self.statements.len() >= STATEMENTS_KEPT {
            self.statements.clear();
        }
        self.statements.insert(key, prepared.clone());
        Ok(prepared)
    }

    /// After a migration by another program a prepared statement may no longer fit: it is prepared again.
    fn failed(&mut self, cause: &postgres::Error, text: &str) -> Failure {
        let mut failure = failure(cause, text);
        if cause.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED) {
            self.statements.clear();
            failure.again = true;
        }
        failure
    }

    /// The server must know transaction ids of 64 bits, and the database must keep every text.
    fn fits(&mut self) -> Result<(), StoreError> {
        let asked = self
            .client
            .query_one("select current_setting('server_version_num')::bigint, current_setting('server_encoding')", &[]);
        let row = asked.map_err(|cause| unreachable_server(&cause))?;
        let (version, encoding): (i64, String) = (row.get(0), row.get(1));
        if version < OLDEST_SERVER {
            return Err(StoreError::Unavailable("the server is older than PostgreSQL 13: use a newer one".to_owned()));
        }
        if encoding != "UTF8" {
            let remedy = "create it with encoding 'UTF8'";
            return Err(StoreError::Unavailable(format!("the database keeps texts in {encoding}: {remedy}")));
        }
        Ok(())
    }

    fn undo(&mut self) {
        if let Err(cause) = self.client.batch_execute("rollback") {
            tracing::warn!("rollback failed: {cause}");
        }
    }
}

impl ToSql for Bind {
    postgres::types::to_sql_checked!();

    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Text(text) => text.to_sql(kind, out),
            Self::Int(number) => number.to_sql(kind, out),
            Self::Real(number) => number.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::TEXT, Type::INT8, Type::FLOAT8, Type::BYTEA].contains(kind)
    }
}

fn config(url: &str) -> Result<Config, StoreError> {
    let mut config: Config =
        url.parse().map_err(|cause| StoreError::Unavailable(format!("the address is not understood: {cause}")))?;
    config.application_name("lockstep");
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_WAIT);
    }
    Ok(config)
}

fn values(binds: &[Bind]) -> Vec<&(dyn ToSql + Sync)> {
    binds.iter().map(|bind| bind as &(dyn ToSql + Sync)).collect()
}

fn type_of(bind: &Bind) -> Type {
    match bind {
        Bind::Text(_) => Type::TEXT,
        Bind::Int(_) => Type::INT8,
        Bind::Real(_) => Type::FLOAT8,
        Bind::Bytes(_) => Type::BYTEA,
    }
}

fn owned(row: &postgres::Row, columns: &Arc<[String]>) -> Result<Row, postgres::Error> {
    let values = (0..columns.len()).map(|at| row.try_get::<_, Value>(at)).collect::<Result<Vec<_>, _>>()?;
    Ok(Row::new(Arc::clone(columns), values))
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Self::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Self::Int(i64::from(i32::from_sql(kind, raw)?)),
            Type::INT2 => Self::Int(i64::from(i16::from_sql(kind, raw)?)),
            Type::OID => Self::Int(i64::from(u32::from_sql(kind, raw)?)),
            Type::BOOL => Self::Int(i64::from(bool::from_sql(kind, raw)?)),
            Type::FLOAT8 => Self::Real(f64::from_sql(kind, raw)?),
            Type::FLOAT4 => Self::Real(f64::from(f32::from_sql(kind, raw)?)),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR | Type::UNKNOWN => {
                Self::Text(String::from_sql(kind, raw)?)
            }
            _ => {
                return Err(format!(
                    "no value of type {kind} is expected; cast it to bigint, text or double precision"
                )
                .into());
            }
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Certificates are checked against the public roots; a server with its own is reached by `sslmode=disable` or a socket.
fn tls() -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| StoreError::Other(format!("no TLS: {cause}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn unreachable_server(cause: &postgres::Error) -> StoreError {
    StoreError::Unavailable(described(cause))
}

fn failure(cause: &postgres::Error, text: &str) -> Failure {
    let Some(db) = cause.as_db_error() else {
        let error = if cause.is_closed() || cause.source().is_some_and(|inner| inner.is::<std::io::Error>()) {
            unreachable_server(cause)
        } else {
            StoreError::Other(format!("{} in: {text}", described(cause)))
        };
        return Failure::last(error);
    };
    let code = db.code();
    let again = *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED;
    let error = match code.code().get(..2) {
        Some("40") | Some("55") => StoreError::Busy(described(cause)),
        _ if *code == SqlState::UNIQUE_VIOLATION => {
            StoreError::Conflict { what: db.constraint().unwrap_or_else(|| db.message()).to_owned() }
        }
        _ if *code == SqlState::DISK_FULL => StoreError::Full(described(cause)),
        _ if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => {
            StoreError::Corrupt(described(cause))
        }
        Some("08" | "57" | "53" | "25" | "28" | "3D") => StoreError::Unavailable(described(cause)),
        _ => StoreError::Other(format!("{} in: {text}", described(cause))),
    };
    Failure { error, again }
}

/// The driver's own text says "db error" only; what the server said stands behind it.
fn described(cause: &postgres::Error) -> String {
    match (cause.as_db_error(), cause.source()) {
        (Some(db), _) => format!("{} ({})", db.message(), db.code().code()),
        (None, Some(inner)) => format!("{cause}: {inner}"),
        (None, None) => cause.to_string(),
    }
}

/// The server itself, for tests that make and drop databases on it.
#[cfg(feature = "testing")]
pub(crate) mod server {
    use postgres::SimpleQueryMessage;

    use super::{Client, Postgres, PostgresOptions, StoreError, config, failure, tls, unreachable_server};

    pub(crate) struct Server {
        client: Client,
    }

    impl Server {
        pub(crate) fn connect(url: &str) -> Result<Self, StoreError> {
            let client = config(url)?.connect(tls()?).map_err(|cause| unreachable_server(&cause))?;
            Ok(Self { client })
        }

        /// Runs one statement outside any transaction; answers whether it gave a row.
        pub(crate) fn run(&mut self, text: &str) -> Result<bool, StoreError> {
            let answer = self.client.simple_query(text).map_err(|cause| failure(&cause, text).error)?;
            Ok(answer.iter().any(|message| matches!(message, SimpleQueryMessage::Row(_))))
        }
    }

    /// Another database of the server that `url` names.
    pub(crate) fn open(url: &str, database: &str, options: PostgresOptions) -> Result<Postgres, StoreError> {
        let mut config = config(url)?;
        config.dbname(database);
        Postgres::connect(config, options)
    }
}
