//! One connection: the handshake, who it is, and its requests one after the other.

use std::convert::Infallible;
use std::sync::Arc;

use comity_model::{Digest, PartyRoot};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::answer::{answer, refuse_connection};
use super::desk::{Desk, Seat};
use super::{Listener, stopped};
use crate::tls::spki_of;

/// Bytes that the header of a request may have.
const HEADER_BYTES: usize = 8 << 10;
/// Fields that the header of a request may have.
const HEADER_FIELDS: usize = 32;
/// Bytes that are read of a connection at a time.
const READ_BYTES: usize = 256 << 10;

/// The other end of a connection.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    pub(super) party: PartyRoot,
    pub(super) spki: Digest,
    pub(super) desk: Arc<Desk>,
}

/// Runs one connection to its end. `handshake` is held until the other end is known.
pub(super) async fn run(
    shared: Arc<Listener>,
    stream: TcpStream,
    handshake: OwnedSemaphorePermit,
    shutdown: watch::Receiver<bool>,
) {
    let outcome = timeout(shared.limits.handshake, shake_hands(&shared, stream)).await;
    drop(handshake);
    let word = match &outcome {
        Ok(Ok(_)) => "ok",
        Ok(Err(_)) => "refused",
        Err(_) => "timeout",
    };
    metrics::counter!("comity_link_handshakes_total", "outcome" => word).increment(1);
    if let Ok(Ok((stream, peer))) = outcome {
        converse(shared, stream, peer, shutdown).await;
    }
}

/// The handshake failed, or its key is not pinned any more.
struct NotKnown;

async fn shake_hands(
    shared: &Listener,
    stream: TcpStream,
) -> Result<(TlsStream<TcpStream>, Peer), NotKnown> {
    stream.set_nodelay(true).map_err(|_| NotKnown)?;
    let acceptor = TlsAcceptor::from(Arc::clone(&shared.config.tls));
    let stream = acceptor.accept(stream).await.map_err(|_| NotKnown)?;
    let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let spki = certificates.first().and_then(|own| spki_of(own).ok()).ok_or(NotKnown)?;
    let party = shared.config.pins.party(&spki, shared.config.clock.now()).ok_or(NotKnown)?;
    let desk = shared.desks.of(party);
    Ok((stream, Peer { party, spki, desk }))
}

async fn converse(
    shared: Arc<Listener>,
    stream: TlsStream<TcpStream>,
    peer: Peer,
    mut shutdown: watch::Receiver<bool>,
) {
    let Some(seat) = peer.desk.seat() else { return };
    let _open = Open::new();
    let limits = shared.limits;
    let full = matches!(seat, Seat::Full(_));
    let requests = service_fn(|request| {
        let (shared, peer) = (Arc::clone(&shared), peer.clone());
        async move {
            Ok::<_, Infallible>(if full {
                refuse_connection()
            } else {
                answer(&shared, &peer, request).await
            })
        }
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_header_size(HEADER_BYTES)
        .max_headers(HEADER_FIELDS)
        .max_buf_size(READ_BYTES);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), requests));
    let done = tokio::select! {
        _ = connection.as_mut() => true,
        () = sleep(limits.age) => false,
        () = stopped(&mut shutdown) => false,
    };
    if !done {
        connection.as_mut().graceful_shutdown();
        // Whoever does not end by then is cut; an upload goes on from its offset on the next connection.
        let _ = timeout(limits.farewell, connection).await;
    }
    drop(seat);
}

/// Keeps the gauge of open connections.
struct Open;

impl Open {
    fn new() -> Self {
        metrics::gauge!("comity_link_connections").increment(1.0);
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!("comity_link_connections").decrement(1.0);
    }
}
