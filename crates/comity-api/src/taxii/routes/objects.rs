//! `GET` and `POST {api-root}/collections/{id}/objects/` (TAXII 2.1 sections 5.4 and 5.5).

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, EXPECT, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use comity_exchange::import::Lang;
use comity_exchange::ports::ViewQuery;
use comity_exchange::posting;
use http_body_util::BodyExt as _;
use tokio::time::{Instant, timeout_at};

use super::super::bodies::Room;
use super::super::params::Takes;
use super::super::{Fault, Taxii, media};
use super::{Asked, Giver, Kind, Made, page, raw};

/// Bytes of a body that come in a millisecond at least, after its first pause: 128 kbit/s.
const LEAST_RATE: u64 = 16;

/// Bytes of a body that is too large that are read and forgotten before that is said.
const FORGOTTEN: usize = 256 << 20;

pub(in super::super) async fn get(
    State(taxii): State<Taxii>,
    asked: Asked,
    Path(name): Path<String>,
) -> Result<Response, Fault> {
    let params = asked.params(Takes::All)?;
    page(&taxii, &asked, &name, (Kind::Objects, None), &params, make).await
}

/// An envelope (section 3.7) around the bytes of objects as they are held.
pub(super) async fn make(query: ViewQuery, giver: Giver) -> Result<Made, Fault> {
    let found = giver.taxii().node().store().view_objects(query).await?;
    let mut body = Vec::with_capacity(found.bytes.len() + 160);
    body.push(b'{');
    if let Some(last) = found.added.last().filter(|_| found.more) {
        body.extend_from_slice(b"\"more\":true,\"next\":\"");
        body.extend_from_slice(giver.token(*last).as_bytes());
        body.extend_from_slice(b"\",");
    }
    if found.count > 0 {
        body.extend_from_slice(b"\"objects\":[");
        body.extend_from_slice(&found.bytes);
        body.push(b']');
    }
    body.push(b'}');
    Ok(Made { body, added: found.added, more: found.more, until: found.until })
}

/// Takes objects in and gives the status resource. All is done by then.
pub(in super::super) async fn post(
    State(taxii): State<Taxii>,
    asked: Asked,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Fault> {
    asked.params(Takes::Nothing)?;
    let access = asked.access(&name)?;
    if !access.write {
        return Err(Fault::forbidden("this account may not write here"));
    }
    media::is_readable(request.headers())?;
    let packed = |it: &HeaderValue| !it.as_bytes().eq_ignore_ascii_case(b"identity");
    if request.headers().get_all(CONTENT_ENCODING).iter().any(packed) {
        let text = "send the body as it is, without `Content-Encoding`";
        return Err(Fault::bad("body-packed", text));
    }
    let most = taxii.settings().body_bytes;
    let told = request.headers().get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    if told.is_some_and(|told: u64| told > most as u64) {
        // who asks first has not begun to send
        if !request.headers().contains_key(EXPECT) {
            forget(&mut request.into_body(), taxii.settings().body_pause).await;
        }
        return Err(Fault::too_large(most));
    }
    let account = asked.visitor.account.name.clone();
    let mut room = taxii.bodies().room(&account);
    let body = read(request.into_body(), &taxii, &mut room).await?;
    // what is held, its indexes and its status: twice the body
    if taxii.settings().disk.as_ref().is_some_and(|it| !it.holds(2 * body.len())) {
        return Err(Fault::no_room());
    }
    let (node, collection) = (taxii.node().clone(), access.collection.clone());
    // what came whole is done, also where nobody waits for the answer any more, and takes its room until then
    let doing = tokio::spawn(async move {
        let posting = posting::post(&node, &collection, &account, body, Lang::En).await;
        drop(room);
        posting
    });
    let posting = doing.await.map_err(|_| Fault::unavailable())??;
    Ok(raw(StatusCode::ACCEPTED, posting.status.into_bytes()))
}

/// Reads a body that is no larger and no slower than it may be: neither may it pause for long, nor drip. Room is taken for it
/// as it comes.
async fn read(mut body: Body, taxii: &Taxii, room: &mut Room) -> Result<Vec<u8>, Fault> {
    let (most, pause) = (taxii.settings().body_bytes, taxii.settings().body_pause);
    let mut bytes = Vec::new();
    let mut due = Instant::now() + pause;
    loop {
        let next = timeout_at(due.min(Instant::now() + pause), body.frame());
        let frame = next.await.map_err(|_| Fault::slow())?;
        let Some(frame) = frame else { return Ok(bytes) };
        let cut = |_| Fault::bad("body-cut", "the body ended before its end");
        let Ok(data) = frame.map_err(cut)?.into_data() else { continue };
        if bytes.len() + data.len() > most {
            drop(bytes);
            forget(&mut body, pause).await;
            return Err(Fault::too_large(most));
        }
        let waits = Instant::now();
        room.hold(bytes.len() + data.len(), pause).await?;
        due += waits.elapsed();
        bytes.extend_from_slice(&data);
        due += Duration::from_millis(data.len() as u64 / LEAST_RATE);
    }
}

/// Reads on for as long as `time`: most clients look for an answer once they have sent everything, and whoever is cut off before
/// never sees it.
async fn forget(body: &mut Body, time: Duration) {
    let (until, mut left) = (Instant::now() + time, FORGOTTEN);
    while let Ok(Some(Ok(frame))) = timeout_at(until, body.frame()).await {
        let Some(rest) = left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) else { return };
        left = rest;
    }
}
