//! A node that pulls another node's collection, over two processes and real sockets.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use crate::support::{Node, Serving, free_port, http, until};

mod servers;

/// What is served here goes by in pages of so many objects.
const PAGE: u64 = 50;

/// `us`, which serves its own objects, and `mx`, which pulls them.
struct Nodes {
    us: Node,
    mx: Node,
    port: u16,
    serving: Serving,
    token: String,
    collection: String,
    _folder: tempfile::TempDir,
}

impl Nodes {
    async fn new(objects: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let us = Node::init(folder.path(), "us", false).await;
        let mx = Node::init(folder.path(), "mx", false).await;
        let port = free_port();
        let path = us.data().join("comity.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let more = format!("[taxii]\nlisten = \"127.0.0.1:{port}\"\n");
        let text = text.replace("[taxii]\n", &more);
        let text = text.replace("page_objects = 1000", &format!("page_objects = {PAGE}"));
        std::fs::write(&path, text).unwrap();
        let serving = us.serve().await;
        let added = us.ok("collection add own --title Own --query from=own").await;
        let collection = added["id"].as_str().unwrap().to_owned();
        us.ok("user add desk --role tool").await;
        us.ok("collection grant own desk --read").await;
        let made = us.ok("token new desk --expires 1d").await;
        let token = made["token"].as_str().unwrap().to_owned();
        let nodes = Self { us, mx, port, serving, token, collection, _folder: folder };
        nodes.hold(0..objects).await;
        nodes
    }

    /// Puts more into the collection, and waits until it is seen there: another process takes it in than the one that serves.
    async fn hold(&self, numbers: std::ops::Range<u64>) {
        let objects = comity_testkit::indicators(numbers);
        std::fs::write(self.us.file("o.jsonl"), &objects).unwrap();
        self.us.ok("import o.jsonl --strict").await;
        let newest: Value = serde_json::from_str(objects.lines().last().unwrap()).unwrap();
        let id = newest["id"].as_str().unwrap();
        let path = format!("/comity/collections/{}/objects/{id}/", self.collection);
        let credentials = format!("Bearer {}", self.token);
        until("what was imported is in the collection", async || {
            let (status, page) = http::get(self.port, &path, &credentials).await;
            (status == 200 && page["objects"][0]["id"] == id).then_some(())
        })
        .await;
    }

    /// Has `mx` add the feed.
    async fn add(&self) -> Value {
        let url = format!("http://127.0.0.1:{}/", self.port);
        let typed = format!(
            "feed add {url} --collection {} --grade B2 --every 15m --name us --token-stdin --json",
            self.collection
        );
        let args: Vec<&str> = typed.split_whitespace().collect();
        let mut command = self.mx.command(&args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(self.token.as_bytes()).await.unwrap();
        let output = timeout(Duration::from_mins(1), child.wait_with_output()).await.unwrap();
        serde_json::from_slice(&output.unwrap().stdout).unwrap()
    }

    /// Waits until the feed brought so many objects that were new.
    async fn has_brought(&self, new: u64) -> Value {
        until("the feed has brought its objects", async || {
            let feed = self.mx.ok("feed show us").await;
            (feed["new"] == new && feed["state"] == "working").then_some(feed)
        })
        .await
    }

    async fn held(&self) -> u64 {
        let status = self.mx.ok("holdings list --own --limit 1000").await;
        status["holdings"].as_array().unwrap().len() as u64
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_pulls_a_collection_of_another_node_and_a_dead_feed_beside_it_stops_nothing() {
    let nodes = Nodes::new(120).await;
    let added = nodes.add().await;
    assert_eq!((&added["state"], &added["login"]), (&"new".into(), &true.into()), "{added}");
    let nobody = free_port();
    nodes
        .mx
        .ok(&format!("feed add http://127.0.0.1:{nobody}/ --collection c1 --grade F6 --name dead"))
        .await;
    let serving = nodes.mx.serve().await;
    let feed = nodes.has_brought(120).await;
    assert_eq!((&feed["rejected"], &feed["taxii"]), (&0.into(), &"2.1".into()), "{feed}");
    assert_eq!(nodes.held().await, 120);

    let dead = until("the dead feed has failed", async || {
        let all = nodes.mx.ok("feed list").await;
        let dead = all["feeds"].as_array().unwrap().iter().find(|it| it["name"] == "dead").cloned();
        dead.filter(|it| it["state"] == "failing")
    })
    .await;
    assert_eq!(dead["fault"]["code"], "feed-unreachable");
    let (exit, said) = nodes.mx.json("feed pull dead").await;
    assert_eq!((exit, &said["error"]["code"]), (3, &"feed-unreachable".into()), "{said}");
    let (_, doctor) = nodes.mx.json("doctor").await;
    let checks = doctor["checks"].as_array().unwrap();
    let named: Vec<_> = checks.iter().filter(|it| it["name"] == "feed:dead").collect();
    assert!(matches!(named[..], [it] if it["state"] == "warn"), "{doctor}");
    assert!(!checks.iter().any(|it| it["name"] == "feed:us"), "{doctor}");

    // what is added later comes with a later pull
    nodes.hold(120..130).await;
    nodes.mx.move_clock(16 * 60);
    nodes.has_brought(130).await;
    nodes.mx.ok("feed pause us").await;
    assert_eq!(nodes.mx.ok("feed show us").await["state"], "paused");
    nodes.mx.ok("feed resume us").await;
    nodes.mx.ok("feed remove us").await;
    assert_eq!(nodes.mx.refused("feed show us").await.0, "not-found");
    assert_eq!(nodes.held().await, 130);
    for event in ["feed-added", "feed-paused", "feed-resumed", "feed-removed"] {
        assert!(!nodes.mx.journal(event).await.is_empty(), "{event}");
    }
    let lines = nodes.mx.ok("journal list --limit 1000").await.to_string();
    let log = serving.said();
    assert!(!lines.contains(&nodes.token) && !log.contains(&nodes.token), "the token leaked");
    let database = std::fs::read(nodes.mx.data().join("comity.db")).unwrap();
    let token = nodes.token.as_bytes();
    assert!(!database.windows(token.len()).any(|it| it == token), "the token is in the database");
    drop(nodes.serving);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_a_node_that_is_killed_while_it_pulls_goes_on_behind_what_it_holds() {
    let nodes = Nodes::new(4 * PAGE).await;
    nodes.add().await;
    for point in ["feed:page-held", "feed:page-noted"] {
        let mut serving = nodes.mx.serve_until(point);
        serving.at_fail_point(point).await;
        serving.kill().await;
        // a claim of the process that is gone ends by itself
        let passed = if point == "feed:page-held" { 61 } else { 122 };
        nodes.mx.move_clock(passed);
    }
    let serving = nodes.mx.serve().await;
    let feed = until("the feed is pulled to its end", async || {
        let feed = nodes.mx.ok("feed show us").await;
        (feed["state"] == "working").then_some(feed)
    })
    .await;
    assert_eq!(nodes.held().await, 4 * PAGE);
    assert_eq!(feed["rejected"], 0);
    assert_eq!(feed["collections"][0]["under_way"], false);
    drop((serving, nodes.serving));
}
