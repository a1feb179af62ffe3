//! What a program asks of a node's TAXII listener, as plain HTTP.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than the listener waits for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(45);

/// Sends one request over a connection of its own: the status and the body, null where it is no JSON.
pub(crate) async fn ask(port: u16, request: &str) -> (u16, Value) {
    let asking = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        (status, serde_json::from_str(body).unwrap_or_default())
    };
    timeout(PATIENCE, asking).await.expect("it is answered")
}

/// Gets a resource with these credentials.
pub(crate) async fn get(port: u16, path: &str, credentials: &str) -> (u16, Value) {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {credentials}\r\n\r\n"
    );
    ask(port, &request).await
}
