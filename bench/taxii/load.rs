//! Requests over plain HTTP/1.1 on connections that stay open, by a client that does as little as it can: it finds the length
//! of each answer and reads past it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use comity_testkit::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long one answer is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// An answer larger than this is none.
const MOST: usize = 1 << 30;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The status line and the fields.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A field by its name in lower-case letters.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A connection. Where the server closes it after an answer, as those without keep-alive do, the next request has a new one.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    is_over: bool,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { address, stream, is_over: false, buffer: Vec::with_capacity(1 << 16) })
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        timeout(PATIENCE, self.exchange(request)).await.map_err(|_| "no answer in a minute")?
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        if self.is_over {
            *self = Self::open(self.address).await?;
        }
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let end = loop {
            if let Some(end) = end_of_head(&self.buffer) {
                break end;
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the connection was closed instead of an answer".into());
            }
        };
        let mut body = self.buffer.split_off(end);
        let head = String::from_utf8_lossy(&self.buffer).into_owned();
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
        let status = status.ok_or("an answer without a status")?;
        let mut answer = Answer { status, head, body: Vec::new() };
        let told: usize =
            answer.field("content-length").ok_or("an answer without a length")?.parse()?;
        if told > MOST {
            return Err("an answer that is too long".into());
        }
        body.reserve(told.saturating_sub(body.len()));
        while body.len() < told {
            if self.stream.read_buf(&mut body).await? == 0 {
                return Err("the connection was closed in the middle of an answer".into());
            }
        }
        answer.body = body;
        let closes = answer.field("connection").is_some_and(|it| it.eq_ignore_ascii_case("close"));
        self.is_over = closes || answer.head.starts_with("HTTP/1.0");
        Ok(answer)
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|it| it == b"\r\n\r\n").map(|at| at + 4)
}

/// What came of a load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Answers a second.
    pub(crate) rate: f64,
}

/// Asks the same on so many connections at a time, each with its next request once it has its answer, for `time` and until the
/// last is answered. Every answer must have the status `wanted`.
pub(crate) async fn load(
    address: SocketAddr,
    requests: impl Fn(usize, usize) -> Vec<u8> + Send + Sync + Clone + 'static,
    connections: usize,
    wanted: u16,
    time: Duration,
) -> Result<Pace> {
    let mut open = Vec::new();
    for number in 0..connections {
        let mut connection = Connection::open(address).await?;
        // the first answer warms up whatever there is to be warmed
        check(&connection.ask(&requests(number, 0)).await?, wanted)?;
        open.push(connection);
    }
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for (number, mut connection) in open.into_iter().enumerate() {
        let requests = requests.clone();
        running.spawn(async move {
            let mut answers = 0;
            while begun.elapsed() < time {
                let answer = connection.ask(&requests(number, answers + 1)).await?;
                check(&answer, wanted)?;
                answers += 1;
            }
            Ok::<_, comity_testkit::Error>(answers)
        });
    }
    let mut answers = 0;
    while let Some(ended) = running.join_next().await {
        answers += ended??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    Ok(Pace { rate: answers as f64 / begun.elapsed().as_secs_f64() })
}

fn check(answer: &Answer, wanted: u16) -> Result<()> {
    if answer.status == wanted {
        return Ok(());
    }
    let body: Vec<u8> = answer.body.iter().take(500).copied().collect();
    let body = String::from_utf8_lossy(&body);
    Err(format!("status {} instead of {wanted}: {body}", answer.status).into())
}
