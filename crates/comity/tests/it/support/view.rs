//! Everything of a node that a partner's bad input must leave as it is.

use std::path::Path;

use comity_model::Digest;
use serde_json::{Value, json};

use super::{Node, until};

/// What a node holds and knows, as its own people see it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct View(pub(crate) Value);

impl View {
    /// The view of a node now.
    pub(crate) async fn of(node: &Node) -> Self {
        let mut status = node.ok("status").await;
        let mut whole = json!({
            "holdings": status["holdings"].take(),
            "channels": status["channels"].take(),
            "outbox": status["outbox"].take(),
            "files": files(&node.data()),
        });
        for (member, command) in [
            ("releases", "release list"),
            ("proposals", "proposal list"),
            ("inbox", "inbox list --all"),
            ("parties", "party list"),
            ("agreements", "agreement list"),
        ] {
            whole[member] = node.ok(command).await[member].take();
            // how long something has been open is a reading of the clock
            for row in whole[member].as_array_mut().unwrap() {
                row.as_object_mut().unwrap().remove("open_seconds");
            }
        }
        Self(whole)
    }

    /// The same view with one more pouch on the disk.
    pub(crate) fn with_pouch(mut self, digest: &Digest) -> Self {
        let files = self.0["files"].as_array_mut().unwrap();
        files.push(format!("spool/incoming/{}.pouch", digest.hex()).into());
        files.sort_by_key(|it| it.as_str().map(str::to_owned));
        self
    }

    /// Waits until the view of a node is again this one.
    pub(crate) async fn unchanged(&self, node: &Node) {
        let end = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
        loop {
            let now = Self::of(node).await;
            if now == *self {
                return;
            }
            assert!(tokio::time::Instant::now() < end, "before {}\nafter {}", self.0, now.0);
        }
    }

    /// Checks that between this view and now `places` statements used their place in the channel of `us`,
    /// each of them was answered, and nothing else happened.
    pub(crate) async fn only_used(&self, node: &Node, places: u64) {
        let used = self.statements("in") + places;
        let now = until("every statement was answered", async || {
            let now = Self::of(node).await;
            let answered =
                now.0["inbox"].as_array().unwrap().iter().all(|it| it["receipted"] == true);
            let done =
                now.statements("in") == used && answered && now.0["files"] == self.0["files"];
            done.then_some(now)
        })
        .await;
        for member in ["holdings", "releases", "proposals", "parties", "agreements"] {
            assert_eq!(self.0[member], now.0[member], "{member}");
        }
        let inbox = |view: &Self| view.0["inbox"].as_array().unwrap().len() as u64;
        assert_eq!(inbox(self) + places, inbox(&now), "{}", now.0["inbox"]);
        for kind in now.channel("out")["kinds"].as_array().unwrap() {
            assert_eq!(kind["kind"], "receipt", "nothing but receipts is sent");
        }
    }

    /// Statements in the channel of this direction.
    pub(crate) fn statements(&self, direction: &str) -> u64 {
        self.channel(direction)["statements"].as_u64().unwrap()
    }

    fn channel(&self, direction: &str) -> &Value {
        let channels = self.0["channels"].as_array().unwrap();
        channels.iter().find(|it| it["direction"] == direction).unwrap()
    }
}

/// The files in a data folder, but those of the database and that of what was signed last, which changes with every answer.
fn files(data: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(data).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.contains("comity.db") && !name.starts_with("checkpoints.") {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}
