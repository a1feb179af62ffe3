//! A server that answers each request as a script says.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use comity_exchange::ports::{
    ApiRoot, FeedFault, FeedServer, FeedSession, FeedSource as _, Login, PageAsk, PageEnd,
    TaxiiVersion,
};
use comity_feed::{FeedLimits, HttpFeeds};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// The media type of TAXII 2.1.
pub(crate) const V21: &str = "application/taxii+json;version=2.1";
/// Those of TAXII 2.0, for resources and for objects.
pub(crate) const V20: [&str; 2] = [
    "application/vnd.oasis.taxii+json; version=2.0",
    "application/vnd.oasis.stix+json; version=2.0",
];

/// What a server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Sends this, and reads on.
    Whole(Vec<u8>),
    /// Sends this and closes.
    Close(Vec<u8>),
    /// Sends this, then the same piece again and again, with this pause before each.
    Drip(Vec<u8>, Vec<u8>, Duration),
    /// Sends this and then nothing.
    Hang(Vec<u8>),
}

/// An answer with a body of this media type.
pub(crate) fn answer(media: &str, headers: &str, body: &str) -> Reply {
    status("200 OK", &format!("Content-Type: {media}\r\n{headers}"), body)
}

/// An answer with this status.
pub(crate) fn status(status: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n");
    Reply::Whole((head + body).into_bytes())
}

type Script = dyn Fn(&str) -> Reply + Send + Sync;

/// A running server.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    script: Arc<Script>,
}

impl Server {
    /// A server whose script is given the head of each request.
    pub(crate) async fn new(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Self { address, asked: Arc::default(), script: Arc::new(script) };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().serve(stream));
            }
        });
        server
    }

    /// One that gives every request the same.
    pub(crate) async fn always(reply: Reply) -> Self {
        Self::new(move |_| reply.clone()).await
    }

    /// The heads of the requests so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// Its URL with this path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers what comes over one connection.
    pub(crate) async fn serve(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        loop {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => return,
                }
            }
            let head = String::from_utf8(head).unwrap();
            let reply = (self.script)(&head);
            self.asked.lock().unwrap().push(head);
            match reply {
                Reply::Whole(bytes) => {
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
                Reply::Close(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    let _ = stream.shutdown().await;
                    return;
                }
                Reply::Drip(bytes, piece, pause) => {
                    let mut sent = stream.write_all(&bytes).await;
                    while sent.is_ok() {
                        tokio::time::sleep(pause).await;
                        sent = stream.write_all(&piece).await;
                    }
                    return;
                }
                Reply::Hang(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    tokio::time::sleep(Duration::from_mins(1)).await;
                    return;
                }
            }
        }
    }
}

/// Limits that a test can wait for.
pub(crate) fn limits() -> FeedLimits {
    FeedLimits {
        connect: Duration::from_secs(5),
        answer: Duration::from_millis(500),
        body: Duration::from_secs(5),
        locate: Duration::from_millis(1_200),
        piece: Duration::from_millis(500),
        rate: 1_000,
        page_bytes: 100_000,
        document_bytes: 10_000,
        ..FeedLimits::default()
    }
}

/// What is pulled from a URL: the collection `c1`.
pub(crate) fn wanted(url: String, login: Option<Login>, ca: Option<String>) -> FeedServer {
    FeedServer { url, login, ca, collections: BTreeSet::from(["c1".to_owned()]) }
}

/// A conversation with a server.
pub(crate) fn session(url: String, login: Option<Login>) -> Box<dyn FeedSession> {
    HttpFeeds::new(limits()).open(wanted(url, login, None)).unwrap()
}

/// Asks for one page and gives its bytes.
pub(crate) async fn page(
    session: &mut dyn FeedSession,
    url: String,
    version: TaxiiVersion,
    next: Option<&str>,
) -> Result<(PageEnd, Vec<u8>), FeedFault> {
    let (sink, mut pieces) = mpsc::channel::<Bytes>(4);
    let next = next.map(ToOwned::to_owned);
    let ask = PageAsk { collection: "c1".to_owned(), added_after: None, next, limit: 10 };
    let reading = async {
        let mut whole = Vec::new();
        while let Some(piece) = pieces.recv().await {
            whole.extend_from_slice(&piece);
        }
        whole
    };
    let root = ApiRoot { url, version };
    let (end, whole) = tokio::join!(session.page(&root, &ask, sink), reading);
    Ok((end?, whole))
}

/// The value of a header of a request.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|it| {
        let (known, value) = it.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
