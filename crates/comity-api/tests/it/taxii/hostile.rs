//! Whatever comes over the wire: a clear error or a closed connection, never one of the 500 series, and others go on being served.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_api::{TaxiiLimits, TaxiiSettings};
use comity_testkit::{Result, indicator};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::{MEDIA, PASSWORD, Server, serve};

/// Longer than a server of these tests waits for anything.
const PATIENCE: Duration = Duration::from_secs(30);
const OBJECTS: &str = "/comity/collections/inbox/objects/";

/// A node, the address of a listener that waits for little, and what stops it.
type Hasty = (Server, SocketAddr, watch::Sender<bool>);

async fn hasty(idle: Duration) -> Result<Hasty> {
    let server = Server::new().await?;
    let settings = TaxiiSettings {
        body_pause: Duration::from_millis(300),
        body_bytes: 1 << 20,
        ..TaxiiSettings::default()
    };
    let second = Duration::from_secs(1);
    let limits = TaxiiLimits { connections: 64, handshake: second, idle, farewell: second };
    let (address, stop) = serve(server.party.node.clone(), settings, limits).await?;
    Ok((server, address, stop))
}

fn credentials() -> String {
    format!("Authorization: Basic {}\r\n", STANDARD.encode(format!("desk:{PASSWORD}")))
}

/// Says something and gives what comes back until the connection is closed. Whoever does not listen is not spoken to.
async fn say(address: SocketAddr, said: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut heard = Vec::new();
    let talking = async {
        let (mut reading, mut writing) = stream.split();
        let (_, _) = tokio::join!(reading.read_to_end(&mut heard), writing.write_all(said));
    };
    timeout(PATIENCE, talking).await.expect("it is answered or closed");
    heard
}

/// Says everything before it looks for what comes back, as most clients do, and gives what is there at once.
async fn say_then_look(address: SocketAddr, said: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut heard = vec![0; 4_096];
    let talking = async {
        stream.write_all(said).await?;
        stream.read(&mut heard).await
    };
    let read = timeout(PATIENCE, talking).await.expect("it is answered or closed");
    heard.truncate(read.unwrap_or_default());
    heard
}

fn status(heard: &[u8]) -> Option<u16> {
    String::from_utf8_lossy(heard).strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

async fn serves(address: SocketAddr) -> bool {
    let said =
        format!("GET /taxii2/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{}\r\n", credentials());
    status(&say(address, said.as_bytes()).await) == Some(200)
}

/// A piece of what clients send, sound or not.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "/taxii2/",
        "/comity/",
        "collections/",
        "inbox/",
        "all/",
        "objects/",
        "manifest/",
        "versions/",
        "status/",
        "indicator--",
        "6a9f4a0c-1d4f-4e59-8a0b-4a4ab1e3d2b1/",
        "?",
        "&",
        "=",
        "limit=",
        "added_after=",
        "match[id]=",
        "match[type]=",
        "match[version]=",
        "match[spec_version]=",
        "next=",
        "2026-01-01T00:00:00.000000Z",
        "all",
        "last",
        ",",
        "%00",
        "%ff",
        "%",
        "+",
        "-1",
        "0",
        "99999999999999999999",
        "2.1",
        "..",
        "//",
        "application/taxii+json;version=2.1",
        "*/*",
        ";q=",
        "gzip",
        "Basic ",
        "Bearer ",
        "\u{fffd}",
        "é",
    ]);
    prop_oneof![
        6 => known.prop_map(|it| it.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..12),
    ]
}

fn pieces(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(piece(), 0..most).prop_map(|it| it.concat())
}

fn method() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "GET", "POST", "DELETE", "HEAD", "PUT", "OPTIONS", "TRACE", "CONNECT",
    ]);
    prop_oneof![9 => known.prop_map(|it| it.as_bytes().to_vec()), 1 => pieces(2)]
}

fn field() -> impl Strategy<Value = Vec<u8>> {
    let names = vec![
        "Accept",
        "Content-Type",
        "Content-Length",
        "Transfer-Encoding",
        "Content-Encoding",
        "Accept-Encoding",
        "Authorization",
        "Range",
        "If-Modified-Since",
        "Expect",
        "Host",
        "Upgrade",
        "Cookie",
    ];
    let name = prop_oneof![
        9 => prop::sample::select(names).prop_map(|it| it.as_bytes().to_vec()),
        1 => pieces(2),
    ];
    let value = prop_oneof![
        Just(MEDIA.as_bytes().to_vec()),
        Just(b"chunked".to_vec()),
        Just(b"100-continue".to_vec()),
        (0_u32..300).prop_map(|it| it.to_string().into_bytes()),
        pieces(3),
    ];
    (name, value).prop_map(|(name, value)| [&name[..], b": ", &value, b"\r\n"].concat())
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let envelope = format!("{{\"objects\":[{}]}}", indicator(3)).into_bytes();
    let cut = (0..envelope.len()).prop_map(move |at| envelope[..at].to_vec());
    prop_oneof![cut, prop::collection::vec(any::<u8>(), 0..200), pieces(8), Just(Vec::new())]
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_request_whatever_it_holds_gets_an_error_of_the_server(
        method in method(),
        path in pieces(7),
        known in prop::option::of(prop::sample::select(vec!["/comity/collections/inbox/", "/comity/collections/all/objects/"])),
        fields in prop::collection::vec(field(), 0..5),
        is_named in prop::bool::weighted(0.9),
        has_length in prop::bool::weighted(0.8),
        body in body(),
    ) {
        static SERVER: std::sync::OnceLock<(tokio::runtime::Runtime, Hasty)> = std::sync::OnceLock::new();
        let (runtime, (_, address, _)) = SERVER.get_or_init(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let hasty = runtime.block_on(hasty(Duration::from_secs(1))).unwrap();
            (runtime, hasty)
        });
        let mut said = [&method[..], b" ", known.unwrap_or_default().as_bytes(), &path, b" HTTP/1.1\r\n"].concat();
        said.extend_from_slice(b"Host: a\r\nConnection: close\r\n");
        if is_named {
            said.extend_from_slice(credentials().as_bytes());
        }
        if has_length && !body.is_empty() {
            let length = format!("Content-Type: {MEDIA}\r\nContent-Length: {}\r\n", body.len());
            said.extend_from_slice(length.as_bytes());
        }
        said.extend(fields.concat());
        said.extend_from_slice(b"\r\n");
        said.extend_from_slice(&body);
        let heard = runtime.block_on(say(*address, &said));
        prop_assert!(heard.is_empty() || heard.starts_with(b"HTTP/1.1 "), "{}", String::from_utf8_lossy(&heard));
        let refused = status(&heard).is_none_or(|it| it < 500);
        prop_assert!(refused, "{} got {}", String::from_utf8_lossy(&said), String::from_utf8_lossy(&heard));
    }
}

/// A `POST` with this body, of which the server is told that it is so long.
async fn post(address: SocketAddr, body: &[u8], length: usize) -> Option<u16> {
    let head = format!(
        "POST {OBJECTS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{}Content-Type: {MEDIA}\r\nContent-Length: {length}\r\n\r\n",
        credentials()
    );
    status(&say(address, &[head.as_bytes(), body].concat()).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_too_long_cut_nested_or_no_json_are_refused_and_others_are_served()
-> Result<()> {
    let (_server, address, _stop) = hasty(Duration::from_secs(1)).await?;
    let nested = [b"{\"objects\":[".to_vec(), vec![b'['; 900_000]].concat();
    let twice = indicator(3).replacen("\"type\":", "\"type\":\"x\",\"type\":", 1);
    let twice = format!("{{\"objects\":[{twice}]}}").into_bytes();
    let whole = |body: &[u8]| (body.to_vec(), body.len());
    for (what, (body, length), wanted) in [
        ("nested", whole(&nested), Some(422)),
        ("a key that stands twice", whole(&twice), Some(202)),
        ("the list twice", whole(b"{\"objects\":[{}],\"objects\":[]}"), Some(422)),
        ("no UTF-8", whole(b"{\"objects\":\xff}"), Some(422)),
        ("half a body", (b"{\"objects\":".to_vec(), 100), Some(408)),
        ("more than was told", (b"{}{}{}{}".to_vec(), 2), Some(422)),
        ("a length that no body has", (b"{".to_vec(), 1 << 50), Some(413)),
    ] {
        assert_eq!(post(address, &body, length).await, wanted, "{what}");
        assert!(serves(address).await, "after {what}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_too_much_and_then_looks_for_an_answer_sees_that_it_is_too_much() -> Result<()> {
    let server = Server::new().await?;
    let settings = TaxiiSettings { body_bytes: 1 << 20, ..TaxiiSettings::default() };
    let (address, _stop) =
        serve(server.party.node.clone(), settings, TaxiiLimits::default()).await?;
    let large = vec![b' '; 100 << 20];
    let told = format!("Content-Length: {}\r\n\r\n", large.len());
    let chunk = format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", large.len());
    for framing in [told, chunk] {
        let head = format!(
            "POST {OBJECTS} HTTP/1.1\r\nHost: a\r\n{}Content-Type: {MEDIA}\r\n{framing}",
            credentials()
        );
        let said = [head.as_bytes(), &large, b"\r\n0\r\n\r\n"].concat();
        assert_eq!(status(&say_then_look(address, &said).await), Some(413), "{framing}");
        assert!(serves(address).await);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_is_not_waited_for() -> Result<()> {
    let (_server, address, _stop) = hasty(Duration::from_secs(1)).await?;
    let head = format!(
        "POST {OBJECTS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{}Content-Type: {MEDIA}\r\nContent-Length: 100000\r\n\r\n",
        credentials()
    );
    let (mut reading, mut writing) = TcpStream::connect(address).await?.into_split();
    let dripper = tokio::spawn(async move {
        let _ = writing.write_all(head.as_bytes()).await;
        // a byte at a time, each well before the server's patience for one ends
        while writing.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let mut answer = Vec::new();
    let ended = timeout(PATIENCE, reading.read_to_end(&mut answer)).await;
    dripper.abort();
    assert!(ended.is_ok(), "it goes on");
    assert!([None, Some(408)].contains(&status(&answer)), "{}", String::from_utf8_lossy(&answer));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_ask_for_nothing_make_room_for_those_that_do() -> Result<()> {
    let server = Server::new().await?;
    // nobody is closed for lying idle, but for who needs the place
    let limits = TaxiiLimits { connections: 8, idle: PATIENCE * 4, ..TaxiiLimits::default() };
    let (address, _stop) =
        serve(server.party.node.clone(), TaxiiSettings::default(), limits).await?;
    let mut idle = Vec::new();
    for number in 0..200 {
        let mut stream = TcpStream::connect(address).await?;
        if number % 2 == 0 {
            stream.write_all(b"GET /taxii2/ HTTP/1.1\r\nHo").await?;
        }
        idle.push(stream);
    }
    let begin = Instant::now();
    for _ in 0..3 {
        assert!(serves(address).await);
    }
    assert!(begin.elapsed() < PATIENCE, "others were waited for");
    drop(idle);
    Ok(())
}

// HTTP/2 (RFC 9113), frame by frame.

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// `GET /taxii2/` in the static table of RFC 7541, with this authority.
fn asking() -> Vec<u8> {
    [&[0x82, 0x86, 0x04, 8][..], b"/taxii2/", &[0x41, 1], b"a"].concat()
}

/// Opens a connection of HTTP/2, and gives whether the server closes it while `said` is repeated.
async fn closes(address: SocketAddr, begin: Vec<u8>, pause: Duration, said: Vec<u8>) -> bool {
    let (mut reading, mut writing) = TcpStream::connect(address).await.unwrap().into_split();
    let begin = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &begin].concat();
    writing.write_all(&begin).await.unwrap();
    let talking = tokio::spawn(async move {
        while writing.write_all(&said).await.is_ok() {
            tokio::time::sleep(pause).await;
        }
    });
    let mut heard = Vec::new();
    let ended = timeout(PATIENCE, reading.read_to_end(&mut heard)).await;
    talking.abort();
    ended.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_pings_is_closed() -> Result<()> {
    let (_server, address, _stop) = hasty(Duration::from_secs(1)).await?;
    let ask = frame(HEADERS, END_STREAM | END_HEADERS, 1, &asking());
    let ping = frame(PING, 0, 0, &[7; 8]);
    let pause = Duration::from_millis(100);
    assert!(closes(address, ask, pause, ping.clone()).await, "after a request");
    assert!(closes(address, Vec::new(), pause, ping).await, "before any");
    assert!(serves(address).await);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_taken_back_at_once_end_the_connection() -> Result<()> {
    let (_server, address, _stop) = hasty(PATIENCE * 4).await?;
    let taken_back: Vec<u8> = (0..4_000_u32)
        .flat_map(|number| {
            let stream = number * 2 + 1;
            let ask = frame(HEADERS, END_STREAM | END_HEADERS, stream, &asking());
            [ask, frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())].concat()
        })
        .collect();
    assert!(closes(address, taken_back, Duration::from_millis(100), Vec::new()).await);
    assert!(serves(address).await);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_goes_on_and_on_ends_the_connection() -> Result<()> {
    let (_server, address, _stop) = hasty(PATIENCE * 4).await?;
    let begin = frame(HEADERS, END_STREAM, 1, &asking());
    // a field that no table has, again and again
    let more = [&[0x00, 1][..], b"x", &[100], &[b'y'; 100]].concat();
    let more = frame(CONTINUATION, 0, 1, &more).repeat(50);
    assert!(closes(address, begin.clone(), Duration::from_millis(1), more).await);
    let nothing = frame(CONTINUATION, 0, 1, &[]).repeat(50);
    assert!(closes(address, begin, Duration::from_millis(1), nothing).await);
    assert!(serves(address).await);
    Ok(())
}
