//! The four requests of the link (docs/protocol.md section 5). Everything else is not found.

use std::sync::Arc;

use bytes::Bytes;
use comity_exchange::ports::PouchState;
use comity_model::{AgreementId, Digest};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use serde::Serialize;

use super::Listener;
use super::connection::Peer;
use super::upload::{self, Stored, blocking};
use crate::LinkFault;
use crate::problem::Problem;
use crate::wire::{OFFSET, Route, STATE};

/// Answers one request.
pub(super) async fn answer(
    shared: &Arc<Listener>,
    peer: &Peer,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let asked = Asked::read(&parts);
    let word = asked.word();
    let response = dispatch(shared, peer, asked, &parts, body)
        .await
        .unwrap_or_else(|problem| problem.response());
    let status = response.status().as_str().to_owned();
    metrics::counter!("comity_link_requests_total", "request" => word, "status" => status)
        .increment(1);
    response
}

/// Tells a partner with too many connections to use those that it has.
pub(super) fn refuse_connection() -> Response<Full<Bytes>> {
    let detail = "this partner has as many connections as it may have; use one of them";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-connections", detail).closing().response()
}

/// What a request asks for.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Offset(Digest),
    Status(Digest),
    Put(Digest),
    Head(AgreementId, u32),
    Nothing,
}

impl Asked {
    fn read(request: &Parts) -> Self {
        let plain = request.uri.query().is_none() && request.uri.authority().is_none();
        let route = plain.then(|| Route::parse(request.uri.path())).flatten();
        match (&request.method, route) {
            (&Method::HEAD, Some(Route::Pouch(pouch))) => Self::Offset(pouch),
            (&Method::GET, Some(Route::Pouch(pouch))) => Self::Status(pouch),
            (&Method::PUT, Some(Route::Pouch(pouch))) => Self::Put(pouch),
            (&Method::GET, Some(Route::Head { agreement, epoch })) => Self::Head(agreement, epoch),
            _ => Self::Nothing,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Offset(_) => "offset",
            Self::Status(_) => "status",
            Self::Put(_) => "put",
            Self::Head(..) => "head",
            Self::Nothing => "unknown",
        }
    }
}

async fn dispatch(
    shared: &Arc<Listener>,
    peer: &Peer,
    asked: Asked,
    parts: &Parts,
    body: Incoming,
) -> Result<Response<Full<Bytes>>, Problem> {
    // The key was pinned when the connection began. It must still be: a revoked key loses open connections too.
    if shared.config.pins.party(&peer.spki, shared.config.clock.now()) != Some(peer.party) {
        let detail = "the link key is not one of this partner's any more; send the new descriptor";
        return Err(Problem::new(StatusCode::FORBIDDEN, "link-key-unknown", detail).closing());
    }
    let service = &shared.service;
    match asked {
        Asked::Offset(pouch) => offset(shared, peer, pouch).await,
        Asked::Status(pouch) => {
            let status = service.status(peer.party, pouch).await?;
            if status.state == PouchState::Unknown {
                return Err(Problem::not_found());
            }
            json(&status)
        }
        Asked::Head(agreement, epoch) => json(&service.head(peer.party, agreement, epoch).await?),
        Asked::Put(pouch) => {
            let stored = upload::put(shared, peer, pouch, &parts.headers, body).await?;
            let (status, offset) = match stored {
                Stored::Whole(size) => (StatusCode::ACCEPTED, size),
                Stored::Partly(next) => (StatusCode::OK, next),
            };
            let mut response = Response::new(Full::default());
            *response.status_mut() = status;
            response.headers_mut().insert(OFFSET, HeaderValue::from(offset));
            Ok(response)
        }
        Asked::Nothing => Err(Problem::not_found()),
    }
}

async fn offset(
    shared: &Arc<Listener>,
    peer: &Peer,
    pouch: Digest,
) -> Result<Response<Full<Bytes>>, Problem> {
    let state = match shared.service.status(peer.party, pouch).await {
        Ok(status) => status.state,
        Err(LinkFault::Unknown) => PouchState::Unknown,
        Err(fault) => return Err(fault.into()),
    };
    let spool = shared.service.spool(peer.party);
    let offset = blocking(move || Ok(spool.offset(&pouch)?)).await?;
    let mut response = Response::new(Full::default());
    let headers = response.headers_mut();
    headers.insert(OFFSET, HeaderValue::from(offset));
    headers.insert(STATE, HeaderValue::from_static(state.as_str()));
    Ok(response)
}

fn json(document: &impl Serialize) -> Result<Response<Full<Bytes>>, Problem> {
    let body = serde_json::to_vec(document).map_err(|_| Problem::internal())?;
    let mut response = Response::new(Full::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
