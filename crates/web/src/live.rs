//! Live pages: one event stream a page, ids only, no replay.
//!
//! The program reads the feeds after each commit and gives what changed to the [`Hub`]. A page subscribes to the topics
//! it shows (`data-live` in its HTML), gathers what it hears for 300 ms, and asks for itself once more; the script puts
//! in what differs. After a gap, and every 30 s without a stream, it asks without having heard anything.
//!
//! A topic is `kind:id` (`task:71…`, `link:71…`, kinds as the feeds name them), a kind alone for all of it (`link`), or
//! the audience of a change: a project's id, the organisation's id for everything of the CRM, `portal` for users and
//! companies. A person hears only of what the audience allows.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

use crate::session::{self, Listening};
use crate::state::Web;
use crate::visit::Visit;

/// Batches of changes that a slow stream may fall behind before it has to read again.
const BEHIND_MAX: usize = 256;
/// Streams at once in this process; pages beyond it ask every 30 s.
const STREAMS_MAX: usize = 1_000;
/// Topics of one page.
const TOPICS_MAX: usize = 500;
/// Between two signs of life, so that nothing on the way closes a quiet stream.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// One change, as a feed has it: no values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Kind of record: `task`, `crm_task`, `project`, `link` …
    pub kind: String,
    /// The record.
    pub id: String,
    /// Its version after the change.
    pub version: i64,
    /// Who may hear of it, in the words of the feed: a project's id, an organisation's id, `portal`.
    pub audience: String,
}

/// Hands changes to the open pages. Cloning gives the same hub.
#[derive(Clone)]
pub struct Hub {
    sender: broadcast::Sender<Arc<[Changed]>>,
    seats: Arc<Semaphore>,
    shutdown: watch::Receiver<bool>,
}

impl Hub {
    /// A hub whose streams end as soon as `shutdown` turns true, or its sender is gone.
    #[must_use]
    pub fn new(shutdown: watch::Receiver<bool>) -> Self {
        Self { sender: broadcast::channel(BEHIND_MAX).0, seats: Arc::new(Semaphore::new(STREAMS_MAX)), shutdown }
    }

    /// Tells the pages. Never waits; without pages nothing happens.
    pub fn publish(&self, changes: Vec<Changed>) {
        if !changes.is_empty() {
            // An error only means that no page is open.
            let _nobody_listens = self.sender.send(changes.into());
        }
    }
}

/// `GET /live?topics=task:1,2`
pub(crate) async fn stream(State(web): State<Web>, visit: Visit) -> Response {
    let topics: BTreeSet<String> = visit
        .asked
        .address
        .value("topics")
        .unwrap_or_default()
        .split(',')
        .filter(|topic| !topic.is_empty())
        .take(TOPICS_MAX)
        .map(str::to_owned)
        .collect();
    let Ok(seat) = Arc::clone(&web.hub.seats).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // Subscribed before rights are read: a change in between is heard.
    let receiver = web.hub.sender.subscribe();
    let inner = web.clone();
    let listening = web.pool.run(move || session::listening(&inner, visit.asked.ticket.as_ref())).await;
    match listening {
        Ok(Ok(Some(listening))) => events(web.hub.shutdown.clone(), receiver, seat, topics, listening),
        Ok(Ok(None)) => StatusCode::UNAUTHORIZED.into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn events(
    shutdown: watch::Receiver<bool>,
    receiver: broadcast::Receiver<Arc<[Changed]>>,
    seat: OwnedSemaphorePermit,
    topics: BTreeSet<String>,
    listening: Listening,
) -> Response {
    let ear = Ear { shutdown, receiver, topics, listening, is_open: false, is_last: false, _seat: seat };
    let mut response = Sse::new(heard(ear)).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response();
    // A proxy that gathers the stream would make it useless.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// One stream and what it listens to.
struct Ear {
    shutdown: watch::Receiver<bool>,
    receiver: broadcast::Receiver<Arc<[Changed]>>,
    topics: BTreeSet<String>,
    listening: Listening,
    is_open: bool,
    is_last: bool,
    _seat: OwnedSemaphorePermit,
}

fn heard(ear: Ear) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(ear, async move |mut ear| {
        let event = ear.next().await?;
        Some((Ok(event), ear))
    })
}

impl Ear {
    /// The next event; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        if self.is_last {
            return None;
        }
        if !self.is_open {
            self.is_open = true;
            return Some(Event::default().event("open").data(""));
        }
        loop {
            let batch = tokio::select! {
                // The value is looked at first, so a stream opened during the shutdown ends as well.
                _ = self.shutdown.wait_for(|is_down| *is_down) => return None,
                batch = self.receiver.recv() => batch,
            };
            match batch {
                Ok(batch) => {
                    if batch.iter().any(|change| self.listening.is_changed_by(change)) {
                        // What the person may hear of has changed: the page opens a new stream.
                        self.is_last = true;
                        return Some(Event::default().event("again").data(""));
                    }
                    let heard = self.heard_in(&batch);
                    if !heard.is_empty() {
                        return Some(Event::default().event("changed").data(heard.join(",")));
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => return Some(Event::default().event("gap").data("")),
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }

    fn heard_in(&self, batch: &[Changed]) -> Vec<String> {
        let mine = batch.iter().filter(|change| self.listening.may_hear(change));
        let topics = mine.flat_map(|change| {
            [format!("{}:{}", change.kind, change.id), change.kind.clone(), change.audience.clone()]
        });
        let heard: BTreeSet<String> = topics.filter(|topic| self.topics.contains(topic)).collect();
        heard.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use futures_util::StreamExt;
    use tokio::sync::{Semaphore, watch};

    use super::{Changed, Ear, Hub, heard};
    use crate::session::Listening;

    fn changed(kind: &str, id: &str, audience: &str) -> Changed {
        Changed { kind: kind.into(), id: id.into(), version: 1, audience: audience.into() }
    }

    fn ear(hub: &Hub, topics: &[&str]) -> Ear {
        Ear {
            shutdown: hub.shutdown.clone(),
            receiver: hub.sender.subscribe(),
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            listening: Listening::to(BTreeSet::from(["1".to_owned()])),
            is_open: true,
            is_last: false,
            _seat: Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap(),
        }
    }

    #[tokio::test]
    async fn a_page_hears_of_what_it_shows_and_may_see() {
        let (_down, shutdown) = watch::channel(false);
        let hub = Hub::new(shutdown);
        let mut stream = Box::pin(heard(ear(&hub, &["task:5", "1", "2"])));
        hub.publish(vec![changed("task", "9", "2")]);
        hub.publish(vec![changed("task", "5", "1"), changed("task", "6", "1")]);
        let event = format!("{:?}", stream.next().await.unwrap().unwrap());
        assert!(event.contains("1,task:5"), "{event}");
    }

    #[tokio::test]
    async fn streams_end_at_once_on_shutdown() {
        let (down, shutdown) = watch::channel(false);
        let hub = Hub::new(shutdown);
        let mut stream = Box::pin(heard(ear(&hub, &["task:5"])));
        down.send(true).unwrap();
        assert!(stream.next().await.is_none());
        let mut later = Box::pin(heard(ear(&hub, &["task:5"])));
        assert!(later.next().await.is_none());
    }
}
