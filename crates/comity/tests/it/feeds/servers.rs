//! A node that pulls what other people's servers of TAXII serve: medallion and `OpenTAXII`, as their makers ship them.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::support::{Node, PATIENCE, free_port, until};

/// Few enough for a server that looks at all of them for every page.
const OBJECTS: u64 = 50;

/// From the top of the repository.
fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The interpreter that `scripts/setup` prepares with the servers.
fn python() -> Command {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let mut command = Command::new(top().join(target).join("servers/bin/python"));
    command.args(["-I", "-B", "-W", "ignore"]).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// A server with its objects. It dies with this.
struct Server {
    port: u16,
    root: String,
    collection: String,
    _child: Child,
}

impl Server {
    async fn start(name: &str, folder: &Path) -> Self {
        let objects = folder.join("objects.jsonl");
        std::fs::write(&objects, comity_testkit::indicators(0..OBJECTS)).unwrap();
        let script = top().join("bench/peers/taxii.py");
        let mut making = python();
        making.arg(script).arg(name).arg(folder).arg(objects);
        let made = timeout(PATIENCE, making.output()).await.unwrap().unwrap_or_else(|error| {
            panic!(
                "{error}; `scripts/setup test` prepares the servers, `scripts/test --without servers` leaves this out"
            )
        });
        let said = String::from_utf8_lossy(&made.stderr);
        let told: Value = serde_json::from_slice(&made.stdout).expect(&said);
        if name == "medallion" {
            let (path, large) = (folder.join("medallion.json"), "\"max_page_size\": 1000");
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.contains(large), "{text}");
            std::fs::write(path, text.replace(large, "\"max_page_size\": 20")).unwrap();
        }
        let port = free_port();
        let mut command = python();
        match name {
            "medallion" => command
                .args(["-m", "medallion.scripts.run", "--port", &port.to_string()])
                .arg(folder.join("medallion.json")),
            _ => command
                .args(["-m", "gunicorn", "opentaxii.http:app", "--bind"])
                .arg(format!("127.0.0.1:{port}"))
                .env("OPENTAXII_CONFIG", folder.join("opentaxii.yml")),
        };
        command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        until("the server listens", async || TcpStream::connect(("127.0.0.1", port)).await.ok())
            .await;
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Self { port, root: text("root"), collection: text("full"), _child: child }
    }
}

/// Adds a feed and gives what was said.
async fn add(node: &Node, server: &Server, login: Option<&str>) -> Value {
    let Server { port, root, collection, .. } = server;
    let typed = format!(
        "feed add http://127.0.0.1:{port}{root} --collection {collection} --grade B2 --name peer --json"
    );
    let mut args: Vec<&str> = typed.split_whitespace().collect();
    if login.is_some() {
        args.extend(["--username", "bench", "--password-stdin"]);
    }
    let mut command = node.command(&args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(login.unwrap_or_default().as_bytes()).await.unwrap();
    drop(input);
    let output = timeout(PATIENCE, child.wait_with_output()).await.unwrap().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn pulls(name: &str, login: Option<&str>, pages: u64) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(name, folder.path()).await;
    let node = Node::init(folder.path(), "mx", false).await;
    let added = add(&node, &server, login).await;
    assert_eq!(added["state"], "new", "{added}");
    let pulled = node.ok("feed pull peer").await;
    let brought = (&pulled["new"], &pulled["rejected"], &pulled["complete"]);
    assert_eq!(brought, (&OBJECTS.into(), &0.into(), &true.into()), "{pulled}");
    assert!(pulled["pages"].as_u64() >= Some(pages), "{pulled}");
    let again = node.ok("feed pull peer").await;
    assert_eq!((&again["objects"], &again["new"]), (&0.into(), &0.into()), "{again}");
    let shown = node.ok("feed show peer").await;
    assert_eq!((&shown["state"], &shown["taxii"]), (&"working".into(), &"2.1".into()), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_medallion_serves_is_pulled_to_its_end_and_once() {
    pulls("medallion", Some("bench"), 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opentaxii_serves_is_pulled_to_its_end_and_once() {
    pulls("opentaxii", None, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lists_the_feeds_sees_which_is_being_pulled_and_since_when() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::init(folder.path(), "mx", false).await;
    // it takes connections and says nothing
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    node.ok(&format!("feed add {url} --collection c1 --grade F6 --name silent")).await;
    let before = node.ok("feed show silent").await;
    assert_eq!((&before["state"], &before["pulling_since"]), (&"new".into(), &Value::Null));
    let serving = node.serve().await;
    let listed = until("the feed is being pulled", async || {
        let listed = node.ok("feed list").await;
        Some(listed["feeds"][0].clone()).filter(|it| it["state"] == "pulling")
    })
    .await;
    assert!(listed["pulling_since"].as_str() >= listed["added_at"].as_str(), "{listed}");
    assert_eq!(listed["next_run"], Value::Null, "it is not waited for: {listed}");
    let text = node.command(&["feed", "show", "silent"]).output().await.unwrap().stdout;
    assert!(String::from_utf8_lossy(&text).contains("pulling since 20"));
    drop(serving);
}
