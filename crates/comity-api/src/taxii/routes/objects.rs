//! `GET` and `POST {api-root}/collections/{id}/objects/` (TAXII 2.1 sections 5.4 and 5.5).

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, EXPECT, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
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

/// The same where somebody waits for the room that it takes: 1 Mbit/s.
const WANTED_RATE: u64 = 128;

/// Bytes of a body that is not taken that are read and forgotten before that is said.
const FORGOTTEN: usize = 256 << 20;

/// How long a client that asks whether it may send waits for the answer at the least; most go on after a second.
const BEFORE_SENDING: Duration = Duration::from_millis(500);

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
pub(in super::super) async fn post(State(taxii): State<Taxii>, request: Request) -> Response {
    let (mut parts, mut body) = request.into_parts();
    // who asks whether to send has not begun to, unless it does not wait for the answer
    let (asks, began) = (parts.headers.contains_key(EXPECT), Instant::now());
    let fault = match Asked::from_request_parts(&mut parts, &taxii).await {
        Ok(asked) => match take(&taxii, &asked, &mut parts, &mut body).await {
            Ok(answer) => return answer,
            Err(fault) => fault.for_known(),
        },
        Err(fault) => fault,
    };
    if fault.is_to_be_seen() && !(asks && began.elapsed() < BEFORE_SENDING) {
        forget(&mut body, taxii.settings().body_pause).await;
    }
    fault.into_response()
}

async fn take(
    taxii: &Taxii,
    asked: &Asked,
    parts: &mut Parts,
    body: &mut Body,
) -> Result<Response, Fault> {
    let name = Path::<String>::from_request_parts(parts, taxii).await;
    let Path(name) = name.map_err(|_| Fault::path())?;
    asked.params(Takes::Nothing)?;
    let access = asked.may(taxii, &name, (false, true)).await?;
    media::is_readable(&parts.headers)?;
    let packed = |it: &HeaderValue| !it.as_bytes().eq_ignore_ascii_case(b"identity");
    if parts.headers.get_all(CONTENT_ENCODING).iter().any(packed) {
        let text = "send the body as it is, without `Content-Encoding`";
        return Err(Fault::bad("body-packed", text));
    }
    let told = parts.headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    let account = asked.visitor.account.name.clone();
    let id = access.collection.id;
    let reads =
        if access.read { Some(taxii.gate().view(&asked.visitor, id).await?.number) } else { None };
    let (body, room) = read(body, told, taxii, &account).await?;
    // what is held, its indexes and its status: twice the body
    if taxii.settings().disk.as_ref().is_some_and(|it| !it.holds(2 * body.len())) {
        return Err(Fault::no_room());
    }
    let (node, collection) = (taxii.node().clone(), access.collection.clone());
    // what came whole is done, also where nobody waits for the answer any more, and takes its room until then
    let doing = tokio::spawn(async move {
        let posting = posting::post(&node, &collection, &account, reads, body, Lang::En).await;
        drop(room);
        posting
    });
    let posting = doing.await.map_err(|_| Fault::unavailable())??;
    Ok(raw(StatusCode::ACCEPTED, posting.status.into_bytes()))
}

/// Reads a body that is no larger and no slower than it may be, once there is room for all that it is told to have: neither may it
/// pause for long, nor drip, and where others wait for its room it has to come faster.
async fn read(
    body: &mut Body,
    told: Option<u64>,
    taxii: &Taxii,
    account: &str,
) -> Result<(Vec<u8>, Room), Fault> {
    let (most, pause) = (taxii.settings().body_bytes, taxii.settings().body_pause);
    let told = told.map(usize::try_from).transpose().map_err(|_| Fault::too_large(most))?;
    if told.is_some_and(|told| told > most) {
        return Err(Fault::too_large(most));
    }
    let mut room = taxii.bodies().enter(account, told, pause).await?;
    let mut bytes = Vec::with_capacity(room.bytes());
    let mut began = Instant::now() + pause;
    let due = |began, bytes: &[u8], rate| began + Duration::from_millis(bytes.len() as u64 / rate);
    loop {
        let now = Instant::now();
        let next = timeout_at(due(began, &bytes, LEAST_RATE).min(now + pause), body.frame());
        let frame = next.await.map_err(|_| Fault::slow())?;
        let Some(frame) = frame else { return Ok((bytes, room)) };
        let cut = |_| Fault::bad("body-cut", "the body ended before its end");
        let Ok(data) = frame.map_err(cut)?.into_data() else { continue };
        let length = bytes.len() + data.len();
        if length > most {
            return Err(Fault::too_large(most));
        }
        if due(began, &bytes, WANTED_RATE) < Instant::now() && room.is_wanted() {
            return Err(Fault::slow());
        }
        if length > room.bytes() {
            let waits = Instant::now();
            room = taxii.bodies().grow(room, account, pause).await?;
            began += waits.elapsed();
            bytes.reserve_exact(room.bytes() - bytes.len());
        }
        bytes.extend_from_slice(&data);
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
