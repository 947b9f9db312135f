//! `/events`: hints that something changed, as a stream or as a list to poll. They carry ids, never values.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bridge::BridgeError;
use bridge::feed::FEED;
use futures_util::stream::{self, Stream};
use ports::{LinkId, Moment};
use serde::Serialize;
use store::{Change, Cursor, Read};
use tokio::time::{Instant, timeout};

use crate::answer::{Answer, List};
use crate::call::Call;
use crate::failure::Failure;
use crate::fault::{Fault, FaultCode};
use crate::state::Seat;

/// Events are kept so long; a position older than that gives `reset`.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often a stream looks without a word that something was committed.
const LOOK: Duration = Duration::from_secs(2);
/// A stream ends then and is opened again by its reader, so that rights and tokens are looked at anew.
const STREAM: Duration = Duration::from_secs(600);
/// What one look at the feed takes.
const BATCH: i64 = 200;

#[derive(Clone, Debug, Serialize)]
struct EventDocument {
    id: String,
    r#type: String,
    at: String,
    connection_id: String,
    subject_id: String,
    link_id: Option<String>,
    state: Option<&'static str>,
}

/// A place in the feed: behind so many entries after a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    cursor: Cursor,
    skip: usize,
    made: Moment,
}

/// What one look found.
struct Looked {
    events: Vec<EventDocument>,
    place: Place,
    has_more: bool,
}

/// A stream being read.
struct Following {
    call: Call,
    place: Place,
    ready: Vec<EventDocument>,
    until: Instant,
    _seat: Seat,
}

pub(crate) async fn follow(call: Call, seat: Seat) -> Result<Response, Failure> {
    let is_stream = !call.accepts_json();
    let first = call.clone();
    let place = call.api.pool().run(move || begin(&first)).await?;
    if !is_stream {
        let answer = call.api.clone().pool().run(move || list(&call, place)).await?;
        return Ok(answer.into_response());
    }
    let ready = place.reset.into_iter().collect();
    let until = Instant::now() + STREAM;
    let following = Following { call, place: place.place, ready, until, _seat: seat };
    let stream = Sse::new(messages(following)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("here"));
    let mut response = stream.into_response();
    // A proxy that gathers the stream before it passes it on would hold every hint back.
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}

/// Where reading begins, and the message that earlier events are gone.
struct Begun {
    place: Place,
    reset: Option<EventDocument>,
}

fn begin(call: &Call) -> Result<Begun, Failure> {
    let wanted = call.header("last-event-id").or_else(|| call.text("after"));
    let place = match wanted {
        None => None,
        Some(text) => {
            Some(Place::parse(text).ok_or_else(|| Failure::request(vec![Fault::new("?after", FaultCode::Malformed)]))?)
        }
    };
    let is_old = |place: &Place| call.now.ms() - place.made.ms() > KEPT_MS;
    match place {
        Some(place) if !is_old(&place) => Ok(Begun { place, reset: None }),
        old => {
            let place = end(call)?;
            let reset = old.is_some().then(|| reset(call, &place)).transpose()?;
            Ok(Begun { place, reset })
        }
    }
}

fn end(call: &Call) -> Result<Place, Failure> {
    let cursor = call.api.db().read(|read: &mut Read<'_>| read.feed_end(FEED))?;
    Ok(Place { cursor, skip: 0, made: call.now })
}

fn reset(call: &Call, place: &Place) -> Result<EventDocument, Failure> {
    let connection = call.api.bridge().my_connection(call.acting())?;
    Ok(EventDocument {
        id: place.text(),
        r#type: "reset".to_owned(),
        at: call.now.to_string(),
        connection_id: connection.id.as_str().to_owned(),
        subject_id: connection.id.as_str().to_owned(),
        link_id: None,
        state: None,
    })
}

fn list(call: &Call, begun: Begun) -> Result<Answer, Failure> {
    let mut items: Vec<EventDocument> = begun.reset.into_iter().collect();
    let mut place = begun.place;
    while items.len() < call.limit() {
        let looked = look(call, &place, call.now)?;
        let room = call.limit() - items.len();
        let is_cut = looked.events.len() > room;
        items.extend(looked.events.into_iter().take(room));
        place = match items.last() {
            Some(last) if is_cut => Place::parse(&last.id).unwrap_or(looked.place),
            _ => looked.place,
        };
        if is_cut || !looked.has_more {
            break;
        }
    }
    // Always given: there will be more, and the reader asks again from there.
    Answer::ok(&List { items, next: Some(place.text()) })
}

/// The events after a place that the person may know of.
fn look(call: &Call, place: &Place, now: Moment) -> Result<Looked, Failure> {
    let limit = BATCH + i64::try_from(place.skip).unwrap_or_default();
    let changes = call.api.db().read(|read: &mut Read<'_>| read.changes(FEED, &place.cursor, limit))?;
    if changes.is_lost {
        let place = Place { cursor: changes.cursor, skip: 0, made: now };
        return Ok(Looked { events: vec![reset(call, &place)?], place, has_more: false });
    }
    let connections: Vec<String> =
        call.connections()?.into_iter().map(|connection| connection.id.into_string()).collect();
    let has_more = i64::try_from(changes.entries.len()).unwrap_or_default() >= limit;
    let types = call.several("type");
    let mut events = Vec::new();
    for (at, change) in changes.entries.iter().enumerate().skip(place.skip) {
        let own = Place { cursor: place.cursor.clone(), skip: at + 1, made: now };
        let is_wanted = connections.contains(&change.tenant)
            && call.text("link_id").is_none_or(|id| change.kind == "link" && change.record == id)
            && (types.is_empty() || types.contains(&format!("{}.changed", change.kind).as_str()));
        if is_wanted && let Some(event) = event(call, change, &own)? {
            events.push(event);
        }
    }
    Ok(Looked { events, place: Place { cursor: changes.cursor, skip: 0, made: now }, has_more })
}

/// None: the person may not know of it, or it is gone.
fn event(call: &Call, change: &Change, place: &Place) -> Result<Option<EventDocument>, Failure> {
    if change.kind != "link" {
        return Ok(None);
    }
    let view = match call.api.bridge().link(call.acting(), &LinkId::new(&change.record)) {
        Ok(view) => view,
        Err(BridgeError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(EventDocument {
        id: place.text(),
        r#type: format!("{}.changed", change.kind),
        at: view.link.changed_at.to_string(),
        connection_id: change.tenant.clone(),
        subject_id: change.record.clone(),
        link_id: Some(change.record.clone()),
        state: Some(view.link.state.code()),
    }))
}

/// One message after the other, until the stream is old or the program stops.
fn messages(following: Following) -> impl Stream<Item = Result<Message, Infallible>> {
    stream::unfold(following, |mut following| async move {
        let mut commits = following.call.api.commits();
        let mut stopping = following.call.api.stopping();
        loop {
            if *stopping.borrow() || Instant::now() >= following.until {
                return None;
            }
            if !following.ready.is_empty() {
                let event = following.ready.remove(0);
                let data = serde_json::to_string(&event).ok()?;
                let message = Message::default().id(event.id).event(event.r#type).data(data);
                return Some((Ok(message), following));
            }
            commits.mark_unchanged();
            let (call, place) = (following.call.clone(), following.place.clone());
            let looked = following.call.api.pool().run(move || look(&call, &place, call.api.now())).await;
            // A failure was logged; the reader comes again with the last id and loses nothing.
            let looked = looked.ok()?;
            following.place = looked.place;
            following.ready = looked.events;
            if following.ready.is_empty() && !looked.has_more {
                let something = async {
                    tokio::select! {
                        _ = commits.changed() => {}
                        _ = stopping.changed() => {}
                    }
                };
                // The time over and a commit lead to the same: look again.
                drop(timeout(LOOK, something).await);
            }
        }
    })
}

impl Place {
    fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{:x}.{}.{}", self.made.ms(), self.skip, self.cursor))
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut parts = text.splitn(3, '.');
        let made = i64::from_str_radix(parts.next()?, 16).ok()?;
        let skip = parts.next()?.parse::<usize>().ok().filter(|skip| *skip <= 100_000)?;
        Some(Self { cursor: Cursor::from_text(parts.next()?.to_owned()), skip, made: Moment::from_ms(made) })
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use ports::Moment;
    use store::Cursor;

    #[test]
    fn a_place_survives_its_text() {
        let place = Place { cursor: Cursor::from_text("file:0:17".to_owned()), skip: 3, made: Moment::from_ms(1_773) };
        assert_eq!(Place::parse(&place.text()), Some(place));
        assert_eq!(Place::parse("%"), None);
        assert_eq!(Place::parse(""), None);
    }
}
