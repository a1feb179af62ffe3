//! Journal lines to a syslog (RFC 5424): that something happened, when, and to what; never what was in it, and no name.
//!
//! The journal is written first and waits for nobody. A task reads it from where it stopped, over restarts too, and sends
//! what it finds. Over TCP and a local socket a line is sent until the system has taken it, so one that was under way when
//! the other side went may come twice; over UDP a line can be lost on its way, as UDP loses them.

use std::fmt;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use comity_exchange::ports::JournalRow;
use comity_exchange::{ExchangeError, Node};
use comity_model::digest::to_hex;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpStream, UdpSocket, UnixDatagram};
use tokio::time::timeout;

#[cfg(test)]
mod tests;

/// The name under which the store remembers how far the lines are sent.
const READER: &str = "syslog";
/// Lines that are sent before the place is noted.
const BATCH: u32 = 256;
/// How often the journal is looked at when everything is sent.
const LOOK: Duration = Duration::from_secs(1);
/// How long a connection or a line may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest pause after a failure; the first is a second, and each doubles.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// Facility 13, log audit, with severity 6, informational (RFC 5424 section 6.2.1).
const PRIORITY: u8 = 13 * 8 + 6;
/// Bytes of the longest MSGID (RFC 5424 section 6.2.7).
const LONGEST_EVENT: usize = 32;

/// Where the lines go, as the configuration names it: `udp://HOST:PORT`, `tcp://HOST:PORT` or `unix:PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// One datagram a line (RFC 5426).
    Udp(String),
    /// Lines behind their length (RFC 6587 section 3.4.1).
    Tcp(String),
    /// One datagram a line to a local socket.
    Unix(PathBuf),
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            "not a syslog; write `udp://127.0.0.1:514`, `tcp://127.0.0.1:601` or `unix:/dev/log`"
                .to_owned()
        };
        let address = |text: &str| {
            let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
            let port: u16 = port.parse().map_err(|_| wrong())?;
            if host.is_empty() || port == 0 { Err(wrong()) } else { Ok(text.to_owned()) }
        };
        if let Some(rest) = text.strip_prefix("udp://") {
            return address(rest).map(Self::Udp);
        }
        if let Some(rest) = text.strip_prefix("tcp://") {
            return address(rest).map(Self::Tcp);
        }
        let path = text.strip_prefix("unix:").filter(|path| path.starts_with('/'));
        path.map(|path| Self::Unix(path.into())).ok_or_else(wrong)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Udp(address) => write!(f, "udp://{address}"),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Sends the journal as it grows until `shutdown` is done. A syslog that does not answer is tried again, ever less often.
pub(crate) async fn run(node: Node, target: Target, shutdown: impl Future<Output = ()>) {
    let sending = async {
        let (mut line, mut pause) = (None, LOOK);
        loop {
            let wait = match batch(&node, &target, &mut line).await {
                Ok(0) => LOOK,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::warn!(%target, %error, "the syslog did not take the journal; it is tried again");
                    line = None;
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                    pause
                }
            };
            if line.is_some() {
                pause = LOOK;
            }
            tokio::time::sleep(wait).await;
        }
    };
    tokio::select! {
        biased;
        () = shutdown => {}
        () = sending => {}
    }
}

/// Sends what comes next, and gives how many lines. The place is noted also where the last ones were not taken.
async fn batch(node: &Node, target: &Target, line: &mut Option<Line>) -> io::Result<usize> {
    let failed = |error| io::Error::other(ExchangeError::from(error).to_string());
    let store = node.store();
    let first = store.journal_cursor(READER.to_owned()).await.map_err(failed)?;
    let rows = store.journal_rows(first, BATCH).await.map_err(failed)?;
    let (mut next, mut sent) = (first, Ok(()));
    for row in &rows {
        sent = send(line, target, message(node.record().handle.as_str(), row).as_bytes()).await;
        if sent.is_err() {
            break;
        }
        next = row.number.saturating_add(1);
    }
    if next > first {
        store.move_journal_cursor(READER.to_owned(), next).await.map_err(failed)?;
    }
    sent.map(|()| rows.len())
}

async fn send(line: &mut Option<Line>, target: &Target, message: &[u8]) -> io::Result<()> {
    let sending = async {
        if line.is_none() {
            *line = Some(Line::open(target).await?);
        }
        match line {
            Some(line) => line.send(message).await,
            None => Ok(()),
        }
    };
    timeout(PATIENCE, sending).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// An open way to a syslog.
#[derive(Debug)]
enum Line {
    Udp(UdpSocket),
    Tcp(TcpStream),
    Unix(UnixDatagram),
}

impl Line {
    async fn open(target: &Target) -> io::Result<Self> {
        match target {
            Target::Udp(address) => {
                let found = tokio::net::lookup_host(address).await?.next();
                let address = found.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
                let any = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
                let socket = UdpSocket::bind(any).await?;
                socket.connect(address).await?;
                Ok(Self::Udp(socket))
            }
            Target::Tcp(address) => Ok(Self::Tcp(TcpStream::connect(address).await?)),
            Target::Unix(path) => {
                let socket = UnixDatagram::unbound()?;
                socket.connect(path)?;
                Ok(Self::Unix(socket))
            }
        }
    }

    async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        match self {
            Self::Udp(socket) => socket.send(message).await.map(|_| ()),
            Self::Unix(socket) => socket.send(message).await.map(|_| ()),
            Self::Tcp(stream) => {
                // A syslog says nothing: what can be read is that it has gone.
                match stream.try_read(&mut [0; 1]) {
                    Ok(0) => return Err(io::ErrorKind::ConnectionReset.into()),
                    Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                    _ => {}
                }
                let framed = [format!("{} ", message.len()).as_bytes(), message].concat();
                stream.write_all(&framed).await?;
                stream.flush().await
            }
        }
    }
}

/// The line of a row (RFC 5424 section 6): the node's handle for the host, the event for the MSGID, and one JSON object. The
/// details of a row may speak of content and stay here; whoever acted is a number, whose name can be erased here alone.
fn message(handle: &str, row: &JournalRow) -> String {
    let event: String =
        row.event.chars().filter(char::is_ascii_graphic).take(LONGEST_EVENT).collect();
    let event = if event.is_empty() { "-" } else { &event };
    let body = json!({
        "number": row.number,
        "subject": is_reference(&row.subject).then_some(&row.subject),
        "actor": row.actor,
        "leaf": to_hex(&row.leaf),
    });
    format!("<{PRIORITY}>1 {} {handle} comity - {event} - {body}", row.at)
}

/// Whether a subject is a digest, a folio or an id, and not words that somebody wrote.
fn is_reference(subject: &str) -> bool {
    let is_id = subject.split_once("--").is_some_and(|(kind, id)| {
        kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            && id.len() == 36
            && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    });
    let is_digest = subject
        .strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_id || is_digest || subject.parse::<comity_model::Folio>().is_ok()
}
