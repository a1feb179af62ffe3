//! The connections to one partner.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use comity_exchange::ports::CourierError;
use comity_model::{Digest, PartyRoot};
use http_body_util::{BodyExt as _, Limited};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_RANGE, HOST, HeaderMap};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;

use super::body::Outgoing;
use super::{CourierLimits, fault};
use crate::Pins;
use crate::problem::ProblemDocument;
use crate::tls::spki_of;
use crate::wire::Route;

/// Addresses of one partner that are tried.
const ADDRESSES: usize = 4;
/// Bytes that are read of a connection at a time.
const READ_BYTES: usize = 64 << 10;
/// How long to wait for the reason of an end that has been seen.
const REASON: Duration = Duration::from_millis(100);
/// The name in `Host` and in TLS. Nobody looks at it (docs/protocol.md section 1).
const NAME: &str = "comity";

/// Connections to one partner that are kept and used again.
pub(super) struct Pool {
    tls: Arc<ClientConfig>,
    pins: Pins,
    partner: PartyRoot,
    limits: CourierLimits,
    seats: Semaphore,
    idle: Mutex<Vec<Line>>,
}

/// One connection.
struct Line {
    requests: SendRequest<Outgoing>,
    task: JoinHandle<hyper::Result<()>>,
    spki: Digest,
    address: String,
    since: Instant,
    used: bool,
}

/// A partner's answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// The answer as an error: the partner's code where it gives one.
    pub(super) fn refusal(&self) -> CourierError {
        let plain = || format!("http-{}", self.status.as_u16());
        CourierError::Refused(ProblemDocument::code_in(&self.body).unwrap_or_else(plain))
    }

    /// The number in a header.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        crate::wire::number(self.headers.get(name)?.to_str().ok()?)
    }
}

impl Pool {
    pub(super) fn new(
        tls: Arc<ClientConfig>,
        pins: Pins,
        partner: PartyRoot,
        limits: CourierLimits,
    ) -> Self {
        let seats = Semaphore::new(limits.connections);
        Self { tls, pins, partner, limits, seats, idle: Mutex::default() }
    }

    /// Sends one request, on a connection that is open if there is one. One that ended while it lay idle is replaced once.
    pub(super) async fn ask(
        &self,
        addresses: &[String],
        now: Timestamp,
        method: Method,
        route: Route,
        body: Outgoing,
    ) -> Result<Answer, CourierError> {
        let ended = |_| CourierError::Local("the courier has ended".to_owned());
        let _seat = self.seats.acquire().await.map_err(ended)?;
        let line = match self.kept(addresses, now) {
            Some(line) => line,
            None => self.connect(addresses).await?,
        };
        let again = if line.used { body.again() } else { None };
        match (self.send(line, &method, route, body).await, again) {
            (Err(CourierError::Unreachable(_)), Some(body)) => {
                let line = self.connect(addresses).await?;
                self.send(line, &method, route, body).await
            }
            (answer, _) => answer,
        }
    }

    /// A connection that lies idle, to an address and with a key that still are the partner's.
    fn kept(&self, addresses: &[String], now: Timestamp) -> Option<Line> {
        let mut idle = self.idle();
        while let Some(line) = idle.pop() {
            let open = !line.requests.is_closed() && line.since.elapsed() < self.limits.idle;
            let holder = self.pins.party(&line.spki, now);
            if open && holder == Some(self.partner) && addresses.contains(&line.address) {
                return Some(line);
            }
        }
        None
    }

    async fn connect(&self, addresses: &[String]) -> Result<Line, CourierError> {
        let mut fault = CourierError::Unreachable("its descriptor has no address".to_owned());
        for address in addresses.iter().take(ADDRESSES) {
            match self.connect_to(address).await {
                Ok(line) => return Ok(line),
                // Somebody else at the partner's address is worth more to know than that another is silent.
                Err(other) if fault != CourierError::WrongKey => fault = other,
                Err(_) => {}
            }
        }
        Err(fault)
    }

    async fn connect_to(&self, address: &str) -> Result<Line, CourierError> {
        let late = |_| CourierError::Unreachable(format!("`{address}`: no answer in time"));
        let connecting = timeout(self.limits.connect, TcpStream::connect(address));
        let stream = connecting.await.map_err(late)?;
        let stream = stream.map_err(|error| fault::of_connect(address, &error))?;
        stream.set_nodelay(true).map_err(|error| fault::of_connect(address, &error))?;
        let name = ServerName::try_from(NAME).map_err(|error| local(&error))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        let shaking = timeout(self.limits.handshake, connector.connect(name, stream));
        let stream = shaking.await.map_err(late)?;
        let stream = stream.map_err(|error| fault::of_connect(address, &error))?;
        let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let spki = certificates.first().and_then(|own| spki_of(own).ok());
        let spki = spki.ok_or(CourierError::WrongKey)?;
        let mut builder = http1::Builder::new();
        builder.max_buf_size(READ_BYTES);
        let (requests, connection) = builder
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| fault::of_request(&error))?;
        let task = tokio::spawn(connection);
        let (address, since) = (address.to_owned(), Instant::now());
        Ok(Line { requests, task, spki, address, since, used: false })
    }

    async fn send(
        &self,
        mut line: Line,
        method: &Method,
        route: Route,
        body: Outgoing,
    ) -> Result<Answer, CourierError> {
        let on_the_line = Duration::from_secs(body.len().div_ceil(self.limits.rate.max(1)));
        let request = request(method, route, body)?;
        let late = |_| CourierError::Unreachable("no answer in time".to_owned());
        let whole = async {
            let response = line.requests.send_request(request).await;
            match response {
                Ok(response) => self.read(response).await,
                Err(error) => Err(reason(&error, &mut line.task).await),
            }
        };
        let answer = timeout(self.limits.answer + on_the_line, whole).await.map_err(late)??;
        if line.requests.ready().await.is_ok() {
            (line.since, line.used) = (Instant::now(), true);
            self.idle().push(line);
        }
        Ok(answer)
    }

    async fn read<B>(&self, response: Response<B>) -> Result<Answer, CourierError>
    where
        B: hyper::body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (parts, body) = response.into_parts();
        let unread = |_| CourierError::Protocol("its answer is cut or too long".to_owned());
        let body = Limited::new(body, self.limits.response).collect().await.map_err(unread)?;
        Ok(Answer { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Line>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn request(
    method: &Method,
    route: Route,
    body: Outgoing,
) -> Result<Request<Outgoing>, CourierError> {
    let mut request = Request::builder().method(method).uri(route.to_string()).header(HOST, NAME);
    if let Some(range) = body.range {
        request = request.header(CONTENT_RANGE, range.to_string());
    }
    request.body(body).map_err(|error| local(&error))
}

fn local(error: &dyn std::error::Error) -> CourierError {
    CourierError::Local(error.to_string())
}

/// Why a request failed. When the partner refuses this node's key, the request only sees the end of the connection and the
/// connection saw the reason.
async fn reason(error: &hyper::Error, task: &mut JoinHandle<hyper::Result<()>>) -> CourierError {
    match fault::of_request(error) {
        CourierError::Unreachable(text) => match timeout(REASON, task).await {
            Ok(Ok(Err(cause))) => fault::named(&cause).unwrap_or(CourierError::Unreachable(text)),
            _ => CourierError::Unreachable(text),
        },
        fault => fault,
    }
}
