//! Bodies of many requests at one time.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_api::{TaxiiLimits, TaxiiSettings};
use comity_testkit::{Result, indicator};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::{MEDIA, PASSWORD, Server, serve};

const OBJECTS: &str = "/comity/collections/inbox/objects/";
const MIB: usize = 1 << 20;
const CHUNKED: &str = "Transfer-Encoding: chunked";
/// Longer than a server of these tests waits for anything.
const PATIENCE: Duration = Duration::from_mins(1);

/// What an account gets that says it sends `length` bytes, sends these and nothing more: the whole answer.
async fn send(address: SocketAddr, account: &str, body: Vec<u8>, length: usize) -> String {
    let credentials = STANDARD.encode(format!("{account}:{PASSWORD}"));
    let head = format!(
        "POST {OBJECTS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Basic {credentials}\r\nContent-Type: {MEDIA}\r\nContent-Length: {length}\r\n\r\n"
    );
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let mut answer = Vec::new();
    let talking = async {
        let said = async {
            // it may be closed while it is sent
            let _ = writing.write_all(head.as_bytes()).await;
            let _ = writing.write_all(&body).await;
        };
        let ((), _) = tokio::join!(said, reading.read_to_end(&mut answer));
    };
    timeout(PATIENCE, talking).await.expect("it is answered or closed");
    String::from_utf8_lossy(&answer).into_owned()
}

fn envelope(number: u64) -> Vec<u8> {
    format!("{{\"objects\":[{}]}}", indicator(number)).into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_drip_take_the_room_of_their_own_account_and_no_more() -> Result<()> {
    let server = Server::new().await?;
    server.account("archive", true, true).await?;
    let settings = TaxiiSettings {
        body_bytes: 1 << 20,
        all_bodies_bytes: 2 << 20,
        body_pause: Duration::from_secs(3),
        ..TaxiiSettings::default()
    };
    let limits = TaxiiLimits::default();
    let (address, _stop) = serve(server.party.node.clone(), settings, limits).await?;
    // who is known needs no time for the password
    for (number, name) in [(1, "desk"), (2, "archive")] {
        let body = envelope(number);
        let length = body.len();
        let answer = send(address, name, body, length).await;
        assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    }
    let mut dripping = JoinSet::new();
    for _ in 0..12 {
        let body = vec![b' '; 600_000];
        dripping.spawn(async move { send(address, "desk", body, 1_000_000).await });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let body = envelope(3);
    let length = body.len();
    let answer = send(address, "archive", body, length).await;
    assert!(answer.starts_with("HTTP/1.1 202 "), "another account has room: {answer}");
    let answers = dripping.join_all().await;
    let crowded: Vec<_> = answers.iter().filter(|it| it.starts_with("HTTP/1.1 429 ")).collect();
    // of half of two mebibytes the next one is waited for in turn, and then refused
    assert!(crowded.len() >= 8, "{answers:?}");
    for answer in crowded {
        assert!(answer.to_ascii_lowercase().contains("\r\nretry-after: 5\r\n"), "{answer}");
        assert!(answer.contains("\"error_code\":\"too-much-sent\""), "{answer}");
    }
    let body = envelope(4);
    let length = body.len();
    let answer = send(address, "desk", body, length).await;
    assert!(answer.starts_with("HTTP/1.1 202 "), "all of it is given back: {answer}");
    Ok(())
}

/// What an account gets that sends all of this before it looks for an answer, as most clients do: the answer, if it comes to it.
async fn send_all(address: SocketAddr, account: &str, framing: &str, body: &[u8]) -> String {
    let credentials = STANDARD.encode(format!("{account}:{PASSWORD}"));
    let head = format!(
        "POST {OBJECTS} HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {credentials}\r\nContent-Type: {MEDIA}\r\n{framing}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut answer = vec![0; 4_096];
    let talking = async {
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        stream.read(&mut answer).await
    };
    let read = timeout(PATIENCE, talking).await.expect("it is answered or closed");
    answer.truncate(read.unwrap_or_default());
    String::from_utf8_lossy(&answer).into_owned()
}

/// A body of so many bytes that is sound.
fn sound(number: u64, length: usize) -> Vec<u8> {
    let mut body = envelope(number);
    body.resize(length, b' ');
    body
}

/// A body in one chunk.
fn chunk(body: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", body.len()).as_bytes(), body, b"\r\n0\r\n\r\n"].concat()
}

/// A server with room for two bodies of so many bytes.
async fn narrow(
    body_bytes: usize,
    body_pause: Duration,
) -> Result<(Server, SocketAddr, watch::Sender<bool>)> {
    let server = Server::new().await?;
    server.account("archive", true, true).await?;
    let all_bodies_bytes = 2 * body_bytes;
    let settings =
        TaxiiSettings { body_bytes, all_bodies_bytes, body_pause, ..TaxiiSettings::default() };
    let (address, stop) =
        serve(server.party.node.clone(), settings, TaxiiLimits::default()).await?;
    // who is known needs no time for the password
    for (number, name) in [(1, "desk"), (2, "archive")] {
        let body = envelope(number);
        let length = body.len();
        let answer = send(address, name, body, length).await;
        assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    }
    Ok((server, address, stop))
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_side_by_side_are_taken_one_after_the_other() -> Result<()> {
    let (_server, address, _stop) = narrow(MIB, PATIENCE).await?;
    let mut sending = JoinSet::new();
    for number in 10..34 {
        let account = if number % 3 == 0 { "archive" } else { "desk" };
        sending.spawn(async move {
            let body = sound(number, 700_000);
            if number % 2 == 0 {
                let length = format!("Content-Length: {}", body.len());
                send_all(address, account, &length, &body).await
            } else {
                send_all(address, account, CHUNKED, &chunk(&body)).await
            }
        });
    }
    for answer in sending.join_all().await {
        assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    }
    Ok(())
}

/// Sends as an account the head of a body of so many bytes, and once there is room for it `at_once` of them, and then a kilobyte in
/// a twentieth of a second, well above the least rate. Gives what is said of it in the end.
async fn drip(
    address: SocketAddr,
    account: &str,
    length: usize,
    at_once: usize,
) -> Result<JoinHandle<String>> {
    let credentials = STANDARD.encode(format!("{account}:{PASSWORD}"));
    let head = format!(
        "POST {OBJECTS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nAuthorization: Basic {credentials}\r\nContent-Type: {MEDIA}\r\nContent-Length: {length}\r\n\r\n"
    );
    let (mut reading, mut writing) = TcpStream::connect(address).await?.into_split();
    writing.write_all(head.as_bytes()).await?;
    let mut go_on = [0; 25];
    timeout(PATIENCE, reading.read_exact(&mut go_on)).await??;
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let dripping = tokio::spawn(async move {
        let _ = writing.write_all(&vec![b' '; at_once]).await;
        while writing.write_all(&[b' '; 1_024]).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    Ok(tokio::spawn(async move {
        let mut answer = Vec::new();
        let _ = reading.read_to_end(&mut answer).await;
        dripping.abort();
        String::from_utf8_lossy(&answer).into_owned()
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_gives_its_room_to_one_that_waits_for_it() -> Result<()> {
    let (_server, address, _stop) = narrow(MIB, Duration::from_secs(4)).await?;
    let dripping = drip(address, "desk", MIB, 0).await?;
    // until it is as slow as only one may be for whose room nobody waits
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(!dripping.is_finished(), "nobody needs its room");
    let body = sound(3, 700_000);
    let length = format!("Content-Length: {}", body.len());
    let answer = send_all(address, "desk", &length, &body).await;
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    let answer = timeout(PATIENCE, dripping).await??;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_too_much_at_one_time_and_then_looks_for_an_answer_sees_when_to_come_again()
-> Result<()> {
    let (_server, address, _stop) = narrow(16 * MIB, Duration::from_secs(2)).await?;
    // fast enough at first to be waited for longer than the others wait
    let _dripping = drip(address, "desk", 16 * MIB, 8 * MIB).await?;
    // more than what lies on the way to the server
    let body = sound(3, 16 * MIB);
    let length = format!("Content-Length: {}", body.len());
    let mut sending = JoinSet::new();
    for (framing, body) in [(length, body.clone()), (CHUNKED.to_owned(), chunk(&body))] {
        sending.spawn(async move { send_all(address, "desk", &framing, &body).await });
    }
    for answer in sending.join_all().await {
        assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
        assert!(answer.to_ascii_lowercase().contains("\r\nretry-after: 5\r\n"), "{answer}");
        assert!(answer.contains("\"error_code\":\"too-much-sent\""), "{answer}");
    }
    Ok(())
}
