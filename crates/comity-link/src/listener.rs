//! The link listener: accepts, shakes hands, and answers a closed set of requests (docs/protocol.md section 5).

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::tls::{LinkServerConfig, Strangers};
use crate::{LinkLimits, LinkService};

mod answer;
mod connection;
mod desk;
mod pace;
mod upload;

use desk::Desks;

/// Pause after a failed accept: the process is out of file descriptors and must close some first.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What every connection shares.
struct Listener {
    config: LinkServerConfig,
    service: Arc<dyn LinkService>,
    limits: LinkLimits,
    desks: Desks,
}

/// Serves the link on `listener` until `shutdown` holds `true` or its sender is gone, then lets open requests end within
/// [`LinkLimits::farewell`].
pub async fn serve(
    listener: TcpListener,
    config: LinkServerConfig,
    service: Arc<dyn LinkService>,
    limits: LinkLimits,
    mut shutdown: watch::Receiver<bool>,
) {
    let shared = Arc::new(Listener { desks: Desks::new(limits), config, service, limits });
    let handshakes = Arc::new(Semaphore::new(limits.handshakes));
    let mut connections = JoinSet::new();
    let reports = tokio::spawn(report_strangers(Arc::clone(&shared), shutdown.clone()));
    loop {
        let accepted = tokio::select! {
            accepted = async {
                let permit = Arc::clone(&handshakes).acquire_owned().await;
                (permit, listener.accept().await)
            } => accepted,
            () = stopped(&mut shutdown) => break,
        };
        match accepted {
            (Ok(permit), Ok((stream, _))) => {
                let shared = Arc::clone(&shared);
                connections.spawn(connection::run(shared, stream, permit, shutdown.clone()));
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
    let farewell = async { while connections.join_next().await.is_some() {} };
    if timeout(limits.farewell, farewell).await.is_err() {
        tracing::info!(open = connections.len(), "connections on the link were cut at the end");
    }
    connections.shutdown().await;
    reports.abort();
}

/// Waits until the process is to end.
async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // A sender that is gone cannot ask any more; ending is the safe reading of it.
    let _ = shutdown.wait_for(|stop| *stop).await;
}

/// Tells the service of strangers: of the first at once, of those after it together when the time is over.
async fn report_strangers(shared: Arc<Listener>, mut shutdown: watch::Receiver<bool>) {
    let strangers: &Strangers = &shared.config.strangers;
    loop {
        tokio::select! {
            () = strangers.came() => {}
            () = stopped(&mut shutdown) => return,
        }
        shared.service.stranger(strangers.take()).await;
        tokio::select! {
            () = sleep(shared.limits.strangers) => {}
            () = stopped(&mut shutdown) => return,
        }
    }
}
