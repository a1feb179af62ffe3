//! Who is let in on the link of a running node.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Case;
use crate::support::{Key, Raw};

const ASK: &str = "GET /link/v1/pouches/x HTTP/1.1";

#[tokio::test]
async fn only_the_pinned_key_of_a_confirmed_party_gets_an_answer() {
    let case = Case::new().await;
    let answer = async |key: Option<&Key>| -> std::io::Result<(u16, String)> {
        Raw::connect(case.nodes.mx.link, key).await?.ask(ASK, b"").await
    };
    assert_eq!(answer(Some(&case.us.link_key())).await.unwrap(), (404, "not-found".to_owned()));
    assert!(answer(Some(&Key::new())).await.is_err(), "a key that nobody knows");
    assert!(answer(None).await.is_err(), "no key");
    let own = crate::support::Rival::playing(&case.nodes.mx, &case.nodes.mx, case.nodes.agreement);
    assert!(answer(Some(&own.link_key())).await.is_err(), "the node's own key is no partner's");
}

/// A hello that offers TLS 1.2 and nothing newer: one suite, P-256, ECDSA with SHA-256.
fn old_hello() -> Vec<u8> {
    let extensions = [
        &[0x00, 0x0a, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17][..],
        &[0x00, 0x0d, 0x00, 0x04, 0x00, 0x02, 0x04, 0x03],
    ]
    .concat();
    let length = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap().to_be_bytes();
    let mut hello = [&[0x03, 0x03][..], &[9; 32], &[0, 0, 2, 0xc0, 0x2b, 1, 0]].concat();
    hello.extend([&length(&extensions)[..], &extensions].concat());
    let message = [&[0x01, 0x00][..], &length(&hello), &hello].concat();
    [&[0x16, 0x03, 0x01][..], &length(&message), &message].concat()
}

#[tokio::test]
async fn tls_1_2_is_refused() {
    let case = Case::new().await;
    let mut stream = TcpStream::connect(("127.0.0.1", case.nodes.mx.link)).await.unwrap();
    stream.write_all(&old_hello()).await.unwrap();
    let mut alert = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut alert));
    reading.await.expect("the connection ends").unwrap();
    assert_eq!(alert, [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 70], "fatal: protocol version");
}
