//! The listener of TAXII: HTTP/1.1 and HTTP/2, over TLS or bare on this machine, and an end for whoever dawdles.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::service::service_fn;
use hyper::{Request, body::Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::places::{Place, Places};
use super::pulse::{Beating, Pulse};
use super::tls::TaxiiTls;
use super::{Peer, Taxii};

/// How often what programs read is written into the access journal, as far as its time has come.
const JOURNALLED: Duration = Duration::from_secs(10);
/// Pause after a failed accept: the process is out of file descriptors and must close some first.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Bytes that are read before a request's header must be whole.
const HEADER_BYTES: usize = 64 << 10;
/// Fields that the header of a request may have.
const HEADER_FIELDS: usize = 64;
/// Requests at one time on one connection of HTTP/2.
const STREAMS: u32 = 32;
/// Streams of HTTP/2 that a client may have taken back before they were looked at, and that it may have had refused; with one
/// more the connection ends. Every other frame of a header is bounded by [`HEADER_BYTES`].
const TAKEN_BACK: usize = 32;
/// Bytes of a body that one stream of HTTP/2 may have sent unread.
const WINDOW: u32 = 256 << 10;
/// Bytes that one connection of HTTP/2 may have sent unread.
const CONNECTION_WINDOW: u32 = 1 << 20;

/// How much the listener takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxiiLimits {
    /// Connections at one time. With one more, the one that has lain idle the longest is closed; where all are being
    /// answered, it waits unaccepted.
    pub connections: usize,
    /// Time for the handshake of TLS.
    pub handshake: Duration,
    /// Time in which the header of a request must be whole, and for which a connection may move nothing while no request is
    /// answered on it.
    pub idle: Duration,
    /// Time that open requests get when the listener stops.
    pub farewell: Duration,
}

impl Default for TaxiiLimits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            handshake: Duration::from_secs(10),
            idle: Duration::from_secs(15),
            farewell: Duration::from_secs(2),
        }
    }
}

/// Serves `taxii` on `listener` until `shutdown` holds `true` or its sender is gone. Without `tls` what is sent can be read
/// on the way: TAXII 2.1 section 8.2.2 wants HTTPS, so let nothing but this machine reach such a listener.
pub async fn serve_taxii(
    listener: TcpListener,
    taxii: Taxii,
    tls: Option<TaxiiTls>,
    limits: TaxiiLimits,
    mut shutdown: watch::Receiver<bool>,
) {
    let router = taxii.router();
    let places = Places::new(limits.connections);
    let journal = tokio::spawn(journal(taxii.clone(), shutdown.clone()));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = async {
                let accepted = listener.accept().await;
                (places.take().await, accepted)
            } => accepted,
            () = stopped(&mut shutdown) => break,
        };
        match accepted {
            (place, Ok((stream, address))) => {
                let caller = Caller { router: router.clone(), tls: tls.clone(), limits, address };
                connections.spawn(caller.attend(stream, place, shutdown.clone()));
            }
            (_, Err(error)) => {
                tracing::warn!("a connection could not be accepted: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
    // it ends by itself, and whoever was answered last is written down after it
    let _ = journal.await;
    let _ = taxii.looks().write(true).await;
}

/// Writes what programs read into the access journal as its time comes. Where that fails it is logged, and what was not
/// written is kept for the next time.
async fn journal(taxii: Taxii, mut shutdown: watch::Receiver<bool>) {
    while timeout(JOURNALLED, stopped(&mut shutdown)).await.is_err() {
        let _ = taxii.looks().write(false).await;
    }
}

/// One connection's share of everything.
struct Caller {
    router: Router,
    tls: Option<TaxiiTls>,
    limits: TaxiiLimits,
    address: SocketAddr,
}

impl Caller {
    async fn attend(self, stream: TcpStream, place: Place, shutdown: watch::Receiver<bool>) {
        let _open = Open::new();
        // small answers are not to wait for others; a connection that cannot do so is served all the same
        let _ = stream.set_nodelay(true);
        let pulse = place.pulse.clone();
        tokio::select! {
            () = self.greet(stream, pulse.clone(), shutdown) => {}
            // whoever leaves for another is not waited for
            () = pulse.leaves() => {}
        }
        drop(place);
    }

    async fn greet(self, stream: TcpStream, pulse: Pulse, shutdown: watch::Receiver<bool>) {
        let address = self.address.ip().to_canonical();
        match self.tls.clone() {
            None => {
                self.converse(stream, Peer { address, certificate: None }, pulse, shutdown).await;
            }
            Some(tls) => {
                let shaking = TlsAcceptor::from(tls.config()).accept(stream);
                let Ok(Ok(stream)) = timeout(self.limits.handshake, shaking).await else { return };
                let shown = stream.get_ref().1.peer_certificates().and_then(|it| it.first());
                let certificate = shown.and_then(|it| super::tls::key_of(it).ok());
                self.converse(stream, Peer { address, certificate }, pulse, shutdown).await;
            }
        }
    }

    async fn converse<S>(
        self,
        stream: S,
        peer: Peer,
        pulse: Pulse,
        mut shutdown: watch::Receiver<bool>,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (router, limits) = (self.router, self.limits);
        let service = service_fn(|mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            let (router, answering) = (router.clone(), pulse.answering(request.version()));
            async move {
                let answer = router.oneshot(request.map(Body::new)).await;
                let answer = answer.map_err(|never: Infallible| never)?;
                Ok::<_, Infallible>(answering.with_answer(answer))
            }
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle)
            .max_buf_size(HEADER_BYTES)
            .max_headers(HEADER_FIELDS);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(HEADER_BYTES).unwrap_or(u32::MAX))
            .max_concurrent_streams(STREAMS)
            .max_pending_accept_reset_streams(TAKEN_BACK)
            .max_local_error_reset_streams(TAKEN_BACK)
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW);
        let io = TokioIo::new(Beating::new(stream, pulse.clone()));
        let mut connection = std::pin::pin!(builder.serve_connection(io, service));
        let ended = tokio::select! {
            _ = connection.as_mut() => true,
            () = pulse.stops(limits.idle) => false,
            () = stopped(&mut shutdown) => false,
        };
        if !ended {
            connection.as_mut().graceful_shutdown();
            // whoever does not end by then is cut
            let _ = timeout(limits.farewell, connection).await;
        }
    }
}

/// Keeps the gauge of open connections.
struct Open;

impl Open {
    fn new() -> Self {
        ::metrics::gauge!("comity_taxii_connections").increment(1.0);
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        ::metrics::gauge!("comity_taxii_connections").decrement(1.0);
    }
}

/// Waits until the process is to end.
async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // a sender that is gone cannot ask any more; ending is the safe reading of it
    let _ = shutdown.wait_for(|stop| *stop).await;
}
