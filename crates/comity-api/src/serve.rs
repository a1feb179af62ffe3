//! The listener: few connections, short headers, and an end for whoever dawdles.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::api::{Api, router};

/// Pause after a failed accept: the process is out of file descriptors and must close some first.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Bytes that the header of a request may have.
const HEADER_BYTES: usize = 16 << 10;
/// Fields that the header of a request may have.
const HEADER_FIELDS: usize = 64;

/// How much the listener takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiLimits {
    /// Connections at one time; more wait unaccepted.
    pub connections: usize,
    /// Time in which the header of a request must be whole, and for which a connection may lie idle.
    pub idle: Duration,
    /// Time that open requests get when the listener stops.
    pub farewell: Duration,
}

impl Default for ApiLimits {
    fn default() -> Self {
        Self { connections: 64, idle: Duration::from_secs(15), farewell: Duration::from_secs(2) }
    }
}

/// Serves `api` on `listener` until `shutdown` holds `true` or its sender is gone.
pub async fn serve(
    listener: TcpListener,
    api: Api,
    limits: ApiLimits,
    mut shutdown: watch::Receiver<bool>,
) {
    let service = TowerToHyperService::new(router(api));
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, listener.accept().await)
            } => accepted,
            () = stopped(&mut shutdown) => break,
        };
        match accepted {
            (Ok(place), Ok((stream, _))) => {
                connections.spawn(run(stream, service.clone(), limits, place, shutdown.clone()));
            }
            (_, Err(error)) => {
                tracing::warn!("a connection could not be accepted: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
            (Err(_), _) => break,
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn run(
    stream: TcpStream,
    service: TowerToHyperService<axum::Router>,
    limits: ApiLimits,
    place: OwnedSemaphorePermit,
    mut shutdown: watch::Receiver<bool>,
) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_header_size(HEADER_BYTES)
        .max_headers(HEADER_FIELDS);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        _ = connection.as_mut() => true,
        () = stopped(&mut shutdown) => false,
    };
    if !ended {
        connection.as_mut().graceful_shutdown();
        // Whoever does not end by then is cut; nothing here is worth waiting for.
        let _ = timeout(limits.farewell, connection).await;
    }
    drop(place);
}

/// Waits until the process is to end.
async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // A sender that is gone cannot ask any more; ending is the safe reading of it.
    let _ = shutdown.wait_for(|stop| *stop).await;
}
