//! Keys change while both nodes serve: nothing stops, nothing is lost, and what was revoked or has ended is worth nothing.

use serde_json::{Value, json};

use crate::support::{Terms, TwoNodes, until};

const DAY: i64 = 24 * 3600;

/// The name of the key that does the work of a use.
pub(crate) async fn current(node: &crate::support::Node, purpose: &str) -> String {
    let listed = node.ok("key list").await;
    let keys = listed["keys"].as_array().unwrap().clone();
    let is_it = |it: &&Value| it["use"] == purpose && it["state"] == "current";
    keys.iter().find(is_it).unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn both_nodes_rotate_every_key_while_they_serve_and_go_on_past_the_end_of_the_old_ones() {
    let nodes = TwoNodes::with(Terms { live: true, ..Terms::default() }).await;
    let (us, mx) = (&nodes.us, &nodes.mx);
    let _serving = (us.serve().await, mx.serve().await);
    let ids = nodes.stock(4).await;
    let first = nodes.release(&ids[..1]).await;
    nodes.settled(&first).await;

    for (node, other) in [(us, "mx"), (mx, "us")] {
        let old = current(node, "link").await;
        let rotated = node.ok("key rotate statement log witness seal link").await;
        assert_eq!(rotated["serial"], 2);
        assert_eq!(rotated["announced"][0]["partner"], other);
        assert_eq!(rotated["by_file"], json!([]));
        assert_ne!(current(node, "link").await, old);
        until("the running node has the new keys", async || {
            (!node.journal("keys-taken-up").await.is_empty()).then_some(())
        })
        .await;
    }
    let second = nodes.release(&ids[1..2]).await;
    nodes.settled(&second).await;
    for node in [us, mx] {
        until("the partner's new descriptor is here", async || {
            let parties = node.ok("party list").await;
            (parties["parties"][0]["serial"] == 2).then_some(())
        })
        .await;
    }

    // the old keys end after thirty days; by then both prove themselves with the new ones
    let seals = || us.data().join("keys/serve.keys");
    let before = std::fs::read(seals()).unwrap();
    for node in [us, mx] {
        node.move_clock(29 * DAY);
    }
    assert!(us.journal("keys-destroyed").await.is_empty());
    for node in [us, mx] {
        node.move_clock(31 * DAY);
    }
    // then what they opened and signed with is destroyed, by the node that serves and while it serves
    for node in [us, mx] {
        let line = until("the earlier keys are destroyed", async || {
            node.journal("keys-destroyed").await.first().cloned()
        })
        .await;
        assert_eq!(line["details"]["keys"], 5, "{line}");
    }
    assert_ne!(std::fs::read(seals()).unwrap(), before);
    let third = nodes.release(&ids[2..3]).await;
    nodes.settled(&third).await;

    let stolen = current(us, "statement").await;
    let revoked = us.ok(&format!("key revoke {stolen}")).await;
    assert_eq!((&revoked["serial"], &revoked["revoked"]), (&json!(3), &json!([stolen])));
    let fourth = nodes.release(&ids[3..]).await;
    nodes.settled(&fourth).await;
    let listed = us.ok("key list").await;
    let listed = listed["keys"].as_array().unwrap();
    assert!(listed.iter().all(|it| it["id"] != stolen.as_str()));
}

#[tokio::test]
async fn thirty_days_before_a_key_ends_doctor_says_which_and_what_to_do() {
    let nodes = TwoNodes::new().await;
    let us = &nodes.us;
    let said = async || {
        let report = us.json("doctor").await.1;
        let checks = report["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|it| it["name"] == "own-keys").unwrap()
    };
    assert_eq!(said().await["state"], "ok");
    // each use is spoken of once it ends first: what was made anew ends later
    let key = us.ok("key list").await["keys"][0].clone();
    let second = |member: &str| {
        key[member].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second()
    };
    let left = second("not_after") - second("not_before");
    us.move_clock(left - 31 * DAY);
    assert_eq!(said().await["state"], "ok");
    us.move_clock(left - 29 * DAY);
    let mut named = Vec::new();
    for _ in 0..6 {
        let check = said().await;
        assert_eq!(check["state"], "warn", "{check}");
        let text = check["text"].as_str().unwrap();
        let run = text.split('`').nth(1).unwrap().strip_prefix("comity ").unwrap().to_owned();
        us.ok(&run).await;
        named.push(run);
    }
    named.sort();
    named.dedup();
    assert_eq!(named.len(), 6, "{named:?}");
    assert_eq!(said().await["state"], "ok");
}

#[tokio::test]
async fn a_serial_that_a_partner_has_and_this_node_lost_is_passed_over_by_a_file() {
    let nodes = TwoNodes::new().await;
    let (us, mx) = (&nodes.us, &nodes.mx);
    let (exit, answer) = us.json("key rotate seal --after 4").await;
    assert_eq!((exit, &answer["error"]["code"]), (2, &json!("usage")));
    assert_eq!(us.ok("key rotate seal --by-file --after 4").await["serial"], 5);
    us.ok("party export --out us.fifth").await;
    assert_eq!(mx.ok("party import us.fifth").await["serial"], 5);
    assert_eq!(us.ok("key rotate seal --by-file --after 2").await["serial"], 6);
}

#[tokio::test]
async fn a_command_that_is_refused_changes_no_key_and_no_descriptor() {
    let nodes = TwoNodes::new().await;
    let file = nodes.us.data().join("keys/serve.keys");
    let before = std::fs::read(&file).unwrap();
    for typed in ["key revoke statement:0000000000000000", "key rotate root"] {
        let (exit, answer) = nodes.us.json(typed).await;
        assert_eq!((exit, &answer["error"]["code"]), (2, &json!("usage")), "{typed}");
    }
    let root = nodes.us.ok("key list").await["keys"][0]["id"].as_str().unwrap().to_owned();
    assert!(root.starts_with("root:"), "{root}");
    assert_eq!(nodes.us.json(&format!("key revoke {root}")).await.0, 2);
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert_eq!(nodes.us.ok("key list").await["serial"], 1);
}
