//! Collections as a unit's or a desk's program meets them: a real node that serves, its commands, and plain HTTP.

mod beside;
mod crowd;
mod recalled;
mod tls;
mod two;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::http::{self, PATIENCE};
use crate::support::{Key, Node, Raw, Serving, free_port, until};

/// A node that serves TAXII, with the collection `all` in its configuration.
struct Desk {
    node: Node,
    port: u16,
    serving: Serving,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// With these lines more below `[taxii]`; `prepare` is given the data folder before the node serves.
    async fn with(lines: &str, prepare: impl FnOnce(&std::path::Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let node = Node::init(folder.path(), "us", false).await;
        let port = free_port();
        let more = format!("[taxii]\nlisten = \"127.0.0.1:{port}\"\n{lines}");
        edit(&node, |text| text.replace("[taxii]\n", &more) + COLLECTION);
        prepare(&node.data());
        let serving = node.serve().await;
        Self { node, port, serving, _folder: folder }
    }

    /// An account that may read `all`, and its token.
    async fn reader(&self) -> String {
        self.node.ok("user add desk --role tool").await;
        self.node.ok("collection grant all desk --read").await;
        let made = self.node.ok("token new desk --collection all --expires 1d").await;
        made["token"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str, credentials: &str) -> (u16, Value) {
        http::get(self.port, path, credentials).await
    }

    /// Posts an envelope into a collection.
    async fn post(&self, collection: &str, credentials: &str, envelope: &str) -> (u16, Value) {
        let request = format!(
            "POST /comity/collections/{collection}/objects/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Authorization: {credentials}\r\nContent-Type: application/taxii+json;version=2.1\r\n\
             Content-Length: {}\r\n\r\n{envelope}",
            envelope.len()
        );
        self.ask(&request).await
    }

    async fn ask(&self, request: &str) -> (u16, Value) {
        http::ask(self.port, request).await
    }
}

const COLLECTION: &str = "\n[[taxii.collection]]\nalias = \"all\"\ntitle = \"Everything\"\n";

fn edit(node: &Node, change: impl FnOnce(String) -> String) {
    let path = node.data().join("comity.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, change(text)).unwrap();
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn private(path: &std::path::Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_takes_in_is_seen_and_a_token_that_is_revoked_opens_nothing() {
    let desk = Desk::with("", |_| {}).await;
    let bearer = format!("Bearer {}", desk.reader().await);
    let objects = "/comity/collections/all/objects/";
    assert_eq!(desk.get(objects, &bearer).await, (200, serde_json::json!({})));
    std::fs::write(desk.node.file("o.jsonl"), comity_testkit::indicators(0..3)).unwrap();
    desk.node.ok("import o.jsonl --strict").await;
    until("what was imported is in the collection", async || {
        let (status, page) = desk.get(objects, &bearer).await;
        assert_eq!(status, 200);
        (page["objects"].as_array().map(Vec::len) == Some(3)).then_some(())
    })
    .await;
    assert_eq!(desk.get(objects, "Bearer comity_other").await.0, 401);

    let shown = desk.node.ok("collection show all").await;
    assert_eq!(shown["configured"], true);
    assert_eq!(shown["grants"], serde_json::json!([{"account":"desk","read":true,"write":false}]));
    desk.node.ok("collection grant all desk").await;
    assert_eq!(desk.get(objects, &bearer).await.0, 404, "what is not granted is not there");
    desk.node.ok("token revoke 1").await;
    assert_eq!(desk.get("/taxii2/", &bearer).await.0, 401);
    for event in ["account-added", "token-made", "token-revoked", "collection-added"] {
        assert_eq!(desk.node.journal(event).await.len(), 1, "{event}");
    }
    assert_eq!(desk.node.journal("collection-granted").await.len(), 2);
    let lines = desk.node.ok("journal list --limit 1000").await.to_string();
    assert!(!lines.contains("comity_"), "a token stands in the journal");
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_3_1_over_tls_a_password_and_the_key_of_a_certificate_open_an_account_and_other_keys_open_none()
 {
    let server = Key::new();
    let desk = Desk::with("tls = { certificate = \"t.pem\", key = \"t.key\" }\n", |data| {
        std::fs::write(data.join("t.pem"), pem("CERTIFICATE", &server.certificate)).unwrap();
        private(&data.join("t.key"), &pem("PRIVATE KEY", &server.pkcs8));
    })
    .await;
    let (own, other) = (Key::new(), Key::new());
    std::fs::write(desk.node.file("own.pem"), pem("CERTIFICATE", &own.certificate)).unwrap();
    desk.node.ok("user add sensor --role tool --certificate own.pem").await;
    let mut adding = desk
        .node
        .command(&["user", "add", "desk", "--role", "tool", "--password-stdin"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = adding.stdin.take().unwrap();
    stdin.write_all(b"correct horse battery\n").await.unwrap();
    drop(stdin);
    assert!(adding.wait().await.unwrap().success());

    let ask = async |key: Option<&Key>, field: &str| {
        let mut raw = Raw::connect(desk.port, key).await.unwrap();
        let request = format!("GET /taxii2/ HTTP/1.1\r\nHost: localhost{field}");
        raw.ask(&request, b"").await.unwrap().0
    };
    assert_eq!(ask(Some(&own), "").await, 200);
    assert_eq!(ask(Some(&other), "").await, 401);
    assert_eq!(ask(None, "").await, 401);
    let basic = |password: &str| {
        format!("\r\nAuthorization: Basic {}", STANDARD.encode(format!("desk:{password}")))
    };
    assert_eq!(ask(None, &basic("correct horse battery")).await, 200);
    assert_eq!(ask(None, &basic("wrong horse battery")).await, 401);
    desk.node.ok("user disable sensor").await;
    assert_eq!(ask(Some(&own), "").await, 401);
    desk.node.ok("user enable sensor").await;
    assert_eq!(ask(Some(&own), "").await, 200);
    let bare = TcpStream::connect(("127.0.0.1", desk.port)).await.unwrap();
    assert!(
        !answers(bare, b"GET /taxii2/ HTTP/1.1\r\nHost: a\r\n\r\n").await.contains("HTTP/1.1 2")
    );
}

/// Says something, and reads until the connection is closed.
async fn answers(mut stream: TcpStream, said: &[u8]) -> String {
    stream.write_all(said).await.unwrap();
    let mut answer = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "it is not closed");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_dawdles_stops_nobody_else_and_is_closed() {
    let desk = Desk::with("", |_| {}).await;
    let bearer = format!("Bearer {}", desk.reader().await);
    let connect = || async { TcpStream::connect(("127.0.0.1", desk.port)).await.unwrap() };
    let mut idle = Vec::new();
    for _ in 0..300 {
        idle.push(connect().await);
    }
    desk.node.ok("collection add notes --title Notes --writable").await;
    desk.node.ok("collection grant notes desk --write").await;
    let writer = desk.node.ok("token new desk").await;
    let half = format!(
        "POST /comity/collections/notes/objects/ HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\nContent-Type: \
         application/taxii+json;version=2.1\r\nContent-Length: 100\r\n\r\n{{\"objects\":",
        writer["token"].as_str().unwrap()
    );
    let cut = [
        half.as_str(),
        "GET /taxii2/ HTTP/1.1\r\nHost",
        // as HTTP/2 begins
        "PRI * HT",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "",
    ];
    let cutting = cut.map(|said| async move { answers(connect().await, said.as_bytes()).await });
    assert_eq!(desk.get("/taxii2/", &bearer).await.0, 200);
    let [half, header, preface, silent, nothing] = cutting;
    let (half, header, preface, silent, nothing) =
        tokio::join!(half, header, preface, silent, nothing);
    assert!(half.starts_with("HTTP/1.1 408 "), "{half}");
    for answer in [header, preface, silent, nothing] {
        assert!(!answer.contains("HTTP/1.1 2"), "{answer}");
    }
    for stream in idle {
        answers(stream, b"").await;
    }
    assert_eq!(desk.get("/taxii2/", &bearer).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_that_the_configuration_lost_stays_and_is_said() {
    let desk = Desk::with("", |_| {}).await;
    let before = desk.node.ok("collection show all").await;
    desk.serving.kill().await;
    // one that it still has is made anew, and who removes it is told
    let removed = desk.node.ok("collection remove all").await;
    assert!(removed["attention"].as_str().unwrap().contains("made anew"), "{removed}");
    let serving = desk.node.serve().await;
    let anew = desk.node.ok("collection show all").await;
    assert_ne!(anew["id"], before["id"]);
    let before = anew;
    serving.kill().await;
    edit(&desk.node, |text| text.replace("Everything", "All of it"));
    let serving = desk.node.serve().await;
    let changed = desk.node.ok("collection show all").await;
    assert_eq!((&changed["id"], changed["title"].as_str()), (&before["id"], Some("All of it")));
    serving.kill().await;
    edit(&desk.node, |text| text.split("\n[[taxii").next().unwrap().to_owned());
    let serving = desk.node.serve().await;
    assert!(serving.said().contains("no longer has a collection"), "{}", serving.said());
    assert_eq!(desk.node.ok("collection show all").await["id"], before["id"]);
    let doctor = desk.node.json("doctor").await.1.to_string();
    assert!(doctor.contains("collection:all"), "{doctor}");
    let removed = desk.node.ok("collection remove all").await;
    assert!(removed["attention"].is_null(), "{removed}");
    let (code, _) = desk.node.refused("collection show all").await;
    assert_eq!(code, "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_others_can_read_or_a_certificate_that_is_none_is_not_served_with() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::init(folder.path(), "us", false).await;
    let tls =
        "[taxii]\nlisten = \"127.0.0.1:1\"\ntls = { certificate = \"t.pem\", key = \"t.key\" }\n";
    edit(&node, |text| text.replace("[taxii]\n", tls));
    let data = node.data();
    std::fs::write(data.join("t.key"), "").unwrap();
    std::fs::write(data.join("t.pem"), "no certificate").unwrap();
    assert_eq!(node.refused("serve").await.0, "file-exposed");
    private(&data.join("t.key"), "no key");
    let (code, message) = node.refused("serve").await;
    assert_eq!(code, "certificate-missing");
    assert!(message.contains("t.pem"), "{message}");
    let key = Key::new();
    std::fs::write(data.join("t.pem"), pem("CERTIFICATE", &key.certificate)).unwrap();
    assert_eq!(node.refused("serve").await.0, "certificate-key-missing");
    private(&data.join("t.key"), &pem("PRIVATE KEY", &Key::new().pkcs8));
    assert_eq!(node.refused("serve").await.0, "certificate-key-pair");
}
