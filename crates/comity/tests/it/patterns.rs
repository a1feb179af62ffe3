//! Standing patterns as an analyst meets them: commands beside a node that serves, is killed and serves again.

use serde_json::{Value, json};

use crate::support::{Node, until};

/// A domain and the observed-data that says it was seen, as JSON lines.
fn seen(number: u64) -> String {
    let uuid = format!("00000000-0000-4000-8000-{number:012x}");
    let domain = json!({
        "type": "domain-name", "spec_version": "2.1", "id": format!("domain-name--{uuid}"),
        "value": format!("shop-{number}.example"),
    });
    let observed = json!({
        "type": "observed-data", "spec_version": "2.1", "id": format!("observed-data--{uuid}"),
        "created": "2026-01-10T09:00:00.000Z", "modified": "2026-01-10T09:00:00.000Z",
        "first_observed": "2026-01-10T08:00:00Z", "last_observed": "2026-01-10T08:00:00Z", "number_observed": 1,
        "object_refs": [format!("domain-name--{uuid}")],
    });
    format!("{observed}\n{domain}\n")
}

async fn import(node: &Node, name: &str, lines: &str) {
    std::fs::write(node.file(name), lines).unwrap();
    node.ok(&format!("import {name} --strict")).await;
}

async fn sighted(node: &Node, name: &str, count: usize) -> Value {
    until("the pattern sighted what was imported", async || {
        let shown = node.ok(&format!("pattern show {name}")).await;
        (shown["shown"].as_array()?.len() == count && shown["looked_back"] == true).then_some(shown)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_any_process_takes_in_is_sighted_once_by_a_node_that_serves_and_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::init(folder.path(), "us", false).await;
    import(&node, "before.jsonl", &seen(1)).await;
    let any = "[domain-name:value LIKE 'shop-%']";
    let args = ["pattern", "add", "shops", "--pattern", any, "--grade", "B2", "--note", "by post"];
    assert!(node.command(&args).status().await.unwrap().success());
    let serving = node.serve().await;
    sighted(&node, "shops", 1).await;
    import(&node, "one.jsonl", &seen(2)).await;
    sighted(&node, "shops", 2).await;
    serving.kill().await;
    import(&node, "two.jsonl", &(seen(3) + &seen(2))).await;
    let serving = node.serve().await;
    node.ok("pattern add third --pattern [domain-name:value='shop-3.example']").await;
    let shown = sighted(&node, "shops", 3).await;
    sighted(&node, "third", 1).await;
    let held = node.ok("holdings list --type sighting").await;
    assert_eq!(held["holdings"].as_array().unwrap().len(), 4, "{held}");

    assert_eq!((&shown["sightings"], &shown["apart"]), (&json!(3), &json!(0)));
    assert_eq!((&shown["pattern"], &shown["state"]), (&json!(any), &json!("stands")));
    assert_eq!((&shown["grade"], &shown["note"]), (&json!("B2"), &json!("by post")));
    let first = &shown["shown"][0];
    assert_eq!((&first["count"], &first["handling"]), (&json!(1), &Value::Null));
    assert_eq!(first["last_seen"], "2026-01-10T08:00:00Z");
    let listed = node.ok("pattern list").await;
    assert_eq!(listed["patterns"].as_array().unwrap().len(), 2);
    node.ok("pattern remove third").await;
    assert_eq!(node.refused("pattern show third").await.0, "not-found");
    for (event, count) in [("pattern-added", 2), ("pattern-removed", 1)] {
        assert_eq!(node.journal(event).await.len(), count, "{event}");
    }
    drop(serving);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_that_is_none_is_shown_with_the_place_and_in_either_language() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::init(folder.path(), "us", false).await;
    let said = async |lang: &str, args: &[&str]| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_comity"));
        command.args(args).args(["--lang", lang, "--data", "us"]).current_dir(folder.path());
        command.env("COMITY_CLOCK_FILE", node.file("us.clock"));
        let output = command.output().await.unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let (code, text) = said("en", &["pattern", "add", "bad", "--pattern", "[a:b == 1]"]).await;
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("line 1, column 6") && text.contains('^'), "{text}");
    let (_, text) = said("es", &["pattern", "add", "bad", "--pattern", "[a:b == 1]"]).await;
    assert!(text.contains("línea 1, columna 6"), "{text}");
    let (code, text) = said("es", &["pattern", "show", "bad"]).await;
    assert_eq!(code, Some(1));
    assert!(text.contains("patrón permanente") && text.contains("comity pattern list"), "{text}");
    assert_eq!(said("en", &["pattern", "add", "bad"]).await.0, Some(2), "neither of the two");
    let (code, text) = said("es", &["pattern", "list"]).await;
    assert!(code == Some(0) && text.contains("No hay ningún patrón permanente."), "{text}");
    let (code, text) = said("es", &["pattern", "add", "shops", "--pattern", "[a:b=1]"]).await;
    assert_eq!(code, Some(0), "{text}");
    let (_, text) = said("es", &["pattern", "list"]).await;
    assert!(text.contains("vigente") && text.contains("[a:b = 1]"), "{text}");
    let (_, text) = said("es", &["pattern", "show", "shops"]).await;
    assert!(text.contains("No hay ningún avistamiento."), "{text}");
    assert_eq!(node.journal("access-opened").await.len(), 1, "who looked is noted");
}
