//! Connections.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use comity_exchange::ports::{FeedCode, FeedFault};
use http_body_util::Empty;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::address::Origin;
use crate::limits::FeedLimits;

/// Addresses of one name that are tried.
const ADDRESSES: usize = 4;
/// Bytes that are read of a connection at a time; an answer's head is not longer.
const READ_BYTES: usize = 64 << 10;

/// An open connection. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Line {
    /// Sends requests over it.
    pub(crate) requests: SendRequest<Empty<Bytes>>,
    task: JoinHandle<()>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Connects to a host; over TLS, with its certificate checked, where `tls` is given.
pub(crate) async fn connect(
    origin: &Origin,
    tls: Option<&Arc<ClientConfig>>,
    limits: &FeedLimits,
) -> Result<Line, FeedFault> {
    let late = |_| FeedFault::of(FeedCode::Unreachable, origin);
    let stream = timeout(limits.connect, reach(origin)).await.map_err(late)?;
    let stream = stream.map_err(|error| unreachable(origin, &error))?;
    stream.set_nodelay(true).map_err(|error| unreachable(origin, &error))?;
    let Some(tls) = tls else { return speak(stream).await };
    let name = match origin.ip() {
        Some(address) => ServerName::from(address),
        None => ServerName::try_from(origin.host.clone())
            .map_err(|_| FeedFault::of(FeedCode::Url, &origin.host))?,
    };
    let shaking = TlsConnector::from(Arc::clone(tls)).connect(name, stream);
    let late = |_| FeedFault::of(FeedCode::Tls, origin);
    let stream = timeout(limits.connect, shaking).await.map_err(late)?;
    speak(stream.map_err(|error| FeedFault::of(FeedCode::Tls, error))?).await
}

async fn reach(origin: &Origin) -> io::Result<TcpStream> {
    let found = lookup_host((origin.host.as_str(), origin.port)).await?;
    let found: Vec<SocketAddr> = found.take(ADDRESSES).collect();
    let mut fault = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in found {
        // what a name service says of this machine's own name is not believed for plain http
        if !origin.tls && !address.ip().is_loopback() {
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => fault = error,
        }
    }
    Err(fault)
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
) -> Result<Line, FeedFault> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(READ_BYTES).max_headers(100);
    let (requests, connection) = builder
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| FeedFault::of(FeedCode::Unreachable, error))?;
    let task = tokio::spawn(async move {
        // how it ended is told to whoever waits for an answer
        let _ = connection.await;
    });
    Ok(Line { requests, task })
}

fn unreachable(origin: &Origin, error: &io::Error) -> FeedFault {
    FeedFault::of(FeedCode::Unreachable, format_args!("{origin}: {error}"))
}
