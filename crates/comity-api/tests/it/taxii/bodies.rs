//! Bodies of many requests at one time.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_api::{TaxiiLimits, TaxiiSettings};
use comity_testkit::{Result, indicator};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{MEDIA, PASSWORD, Server, serve};

const OBJECTS: &str = "/comity/collections/inbox/objects/";
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
