//! `lockstep serve`: opens the database, starts the loops and answers until it is told to stop.

use std::fs::{File, OpenOptions, TryLockError};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use mail::{Delivery, MailFolder, MailServer};
use store::{DatabaseClaim, StoreError};
use tokio::sync::{Semaphore, watch};
use web::Hub;

use crate::Failure;
use crate::config::{Database, MailTarget, Place, ServeArgs, ServeSettings, serve_settings};
use crate::demo_data::{self, Demo};
use crate::metrics::Metrics;
use crate::run::{LoopParts, Loops};
use crate::wiring::{Rooms, Sources, open};

/// Blocking work of pages and API at once.
const SEATS: usize = 32;
/// How long requests may take to end after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs the program until SIGTERM or Ctrl-C.
///
/// Errors: what keeps it from starting, each with its remedy.
pub fn serve(args: &ServeArgs) -> Result<(), Failure> {
    let settings = serve_settings(args).map_err(Failure::of)?;
    let _lock = claim_folder(&settings.place)?;
    let _claim = claim_server(&settings.place)?;
    let sources = Sources::system();
    let db = open(&settings.place, sources.clock.now()).map_err(Failure::of)?;
    let rooms = Rooms::new(db, sources).map_err(Failure::of)?;
    rooms.identity.set_public_url(&settings.public_url).map_err(Failure::of)?;
    rooms.mail.after_restart(rooms.sources.clock.now()).map_err(Failure::of)?;
    let mut lines = start_lines(&settings);
    lines.extend(prepare_people(&rooms, &settings)?);
    let delivery: Arc<dyn Delivery> = match &settings.mail {
        MailTarget::Folder(folder) => Arc::new(MailFolder::new(folder)),
        MailTarget::Server(address) => {
            Arc::new(MailServer::parse(address.reveal()).map_err(|error| Failure(format!("--smtp-url: {error}")))?)
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::of)?;
    let listener = runtime.block_on(listen(settings.listen))?;
    let (stop, stopping) = watch::channel(false);
    let hub = Hub::new(stopping.clone());
    let metrics = Metrics::default();
    let router = router(&rooms, &settings, &hub, &metrics, stopping.clone())?;
    let public_url = settings.public_url.clone();
    let parts = LoopParts { rooms, delivery, public_url, hub, metrics };
    let loops = Loops::start(parts).map_err(Failure::of)?;
    for line in lines {
        println!("{line}");
    }
    let served = runtime.block_on(answer(listener, router, stop));
    // Database threads must not outlive the loops: the runtime goes first.
    runtime.shutdown_timeout(DRAIN);
    loops.stop();
    served
}

/// The routes over these rooms, as the program and its tests serve them.
pub fn router(
    rooms: &Rooms,
    settings: &ServeSettings,
    hub: &Hub,
    metrics: &Metrics,
    stopping: watch::Receiver<bool>,
) -> Result<Router, Failure> {
    let seats = Arc::new(Semaphore::new(SEATS));
    let founding = rooms.clone();
    let web = web::Web::new(web::Parts {
        identity: rooms.identity.clone(),
        crm: rooms.crm.clone(),
        projects: rooms.projects.clone(),
        bridge: rooms.bridge.clone(),
        mail: rooms.mail.clone(),
        directory: rooms.directory.clone(),
        clock: rooms.sources.clock.clone(),
        ids: rooms.sources.ids.clone(),
        pool: web::Pool::Threads(seats.clone()),
        hub: hub.clone(),
        presses: web::Presses::default(),
        public_url: settings.public_url.clone(),
        demo_accounts: if settings.is_demo { demo_data::buttons() } else { Vec::new() },
        found: Arc::new(move |form, from| founding.found(form, from)),
        language: settings.language,
    });
    let api = api::Api::new(api::ApiParts {
        bridge: rooms.bridge.clone(),
        identity: rooms.identity.clone(),
        mail: rooms.mail.clone(),
        directory: rooms.directory.clone(),
        db: rooms.db.clone(),
        clock: rooms.sources.clock.clone(),
        ids: rooms.sources.ids.clone(),
        public_url: settings.public_url.clone(),
        pool: api::Pool::Threads(seats),
        stopping,
    })
    .map_err(Failure::of)?;
    Ok(crate::routes::routes(rooms, web, &api, metrics, settings.metrics_token.clone()))
}

/// A second program on the same folder would do all work twice.
fn claim_folder(place: &Place) -> Result<File, Failure> {
    let folder = &place.data;
    let wrong = |error: &dyn std::fmt::Display| Failure(format!("--data: {}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(|error| wrong(&error))?;
    let path = folder.join("lockstep.lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(|error| wrong(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(wrong(&"another Lockstep is running on this folder; stop it, or choose another folder"))
        }
        Err(TryLockError::Error(error)) => Err(wrong(&error)),
    }
}

/// The same for a database on a server, which has no folder of its own.
fn claim_server(place: &Place) -> Result<Option<DatabaseClaim>, Failure> {
    let Database::Postgres { url } = &place.database else { return Ok(None) };
    match store::claim_database(url.reveal()) {
        Ok(Some(claim)) => Ok(Some(claim)),
        Ok(None) => {
            let remedy = "stop it, or choose another database";
            Err(Failure(format!("--database-url: another Lockstep is running on this database; {remedy}")))
        }
        Err(error @ StoreError::Unavailable(_)) => {
            Err(Failure(format!("--database-url: {error}; start the server, or correct the address")))
        }
        Err(error) => Err(Failure::of(error)),
    }
}

async fn listen(address: SocketAddr) -> Result<tokio::net::TcpListener, Failure> {
    tokio::net::TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            Failure(format!("--listen: {address} is in use; stop what uses it, or choose another port"))
        }
        _ => Failure(format!("--listen: {address}: {error}")),
    })
}

async fn answer(listener: tokio::net::TcpListener, router: Router, stop: watch::Sender<bool>) -> Result<(), Failure> {
    let mut stopping = stop.subscribe();
    let signal = async move {
        told_to_stop().await;
        tracing::info!("stopping");
        // Streams end and waiting requests are answered at once. An error only means that nobody waits.
        let _nobody = stop.send(true);
        // Kept until the server has drained.
        std::mem::forget(stop);
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(signal);
    let late = async move {
        let _ended = stopping.wait_for(|is_stopping| *is_stopping).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = std::future::IntoFuture::into_future(server) => served.map_err(Failure::of),
        () = late => {
            tracing::warn!("some connections did not end in time and were cut");
            Ok(())
        }
    }
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::error!("SIGTERM cannot be heard: {error}");
            let _interrupted = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    let _interrupted = tokio::signal::ctrl_c().await;
}

fn start_lines(settings: &ServeSettings) -> Vec<String> {
    let database = match &settings.place.database {
        Database::Sqlite { file } => format!("SQLite, {}", file.display()),
        Database::Postgres { .. } => "PostgreSQL".to_owned(),
    };
    let mail = match &settings.mail {
        MailTarget::Folder(folder) => format!("files in {}", folder.display()),
        MailTarget::Server(_) => "by the mail server".to_owned(),
    };
    vec![
        format!("Lockstep {} is at {}", env!("CARGO_PKG_VERSION"), settings.public_url),
        format!("  listening  {}", settings.listen),
        format!("  database   {database}"),
        format!("  mail       {mail}"),
    ]
}

/// Demo data, or the token of the first start: lines that tell how to get in.
fn prepare_people(rooms: &Rooms, settings: &ServeSettings) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    if settings.is_demo {
        let outcome = demo_data::load(rooms, settings.language, &settings.public_url)?;
        let given = settings.demo_password.as_ref().map(|password| password.reveal().to_owned());
        let password = match (outcome, given) {
            (_, Some(given)) => Some((given, false)),
            (Demo::Loaded, None) => Some((rooms.identity.readable_secret().reveal().to_owned(), true)),
            (Demo::There, None) => None,
        };
        lines.push("  demo       the sign-in page has a button for each account".to_owned());
        if let Some((password, is_new)) = password {
            demo_data::set_password(rooms, &password)?;
            if is_new {
                lines.push(format!("  password   {password} (of every demo account, shown once)"));
            }
        }
        for email in demo_data::buttons() {
            lines.push(format!("             {email}"));
        }
    }
    if let Some(token) = rooms.identity.first_start_token().map_err(Failure::of)? {
        let token = token.reveal();
        lines.push(String::new());
        lines.push(format!("  Make the administrator: {}/start?token={token}", settings.public_url));
    }
    Ok(lines)
}
