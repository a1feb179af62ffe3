//! What must be true of both nodes in the end, whatever happened on the way.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Node, TwoNodes, until};

/// Waits until everything is at rest, and checks that each of these releases was delivered exactly once.
pub(super) async fn exactly_once(nodes: &TwoNodes, folios: &[String], objects: u64) {
    let settled = until("every release is settled", async || {
        let list = releases(&nodes.us).await;
        list.iter().all(|it| it["state"] == "settled").then_some(list)
    })
    .await;
    let mut given: Vec<&str> = settled.iter().map(|it| it["folio"].as_str().unwrap()).collect();
    given.sort_unstable();
    assert_eq!(given, folios, "none is lost and none is composed twice");
    resting(nodes).await;

    let mut expected = BTreeMap::new();
    for folio in folios {
        let shown = nodes.us.ok(&format!("release show {folio}")).await;
        let receipt = &shown["receipt"];
        assert_eq!(receipt["outcome"], "admitted", "{shown}");
        assert_eq!((&receipt["admitted"], &receipt["refused"]), (&shown["objects"], &0.into()));
        expected.insert(shown["statement"].as_str().unwrap().to_owned(), shown["sequence"].clone());
    }
    assert_eq!(expected.len(), folios.len(), "each release is a statement of its own");
    assert_eq!(received(&nodes.mx).await, expected);

    let mut consumed: Vec<String> =
        nodes.mx.journal("statement-consumed").await.iter().map(subject).collect();
    consumed.retain(|digest| expected.contains_key(digest));
    consumed.sort();
    assert_eq!(consumed, expected.keys().cloned().collect::<Vec<_>>(), "each took effect once");

    let status = nodes.mx.ok("status").await;
    let held: Vec<_> =
        status["holdings"].as_array().unwrap().iter().filter(|it| it["partner"] == "us").collect();
    let count = |member: &str| held.iter().map(|it| it[member].as_u64().unwrap()).sum::<u64>();
    assert_eq!((count("objects"), count("versions")), (objects, objects), "{held:?}");
}

/// Waits until both nodes have the same figures of both channels, everything is settled and cosigned, and
/// nothing waits to be sent.
pub(super) async fn resting(nodes: &TwoNodes) {
    until("both sides are at rest", async || at_rest(nodes).await.then_some(())).await;
}

/// The releases of a node.
pub(super) async fn releases(node: &Node) -> Vec<Value> {
    let mut list = node.ok("release list --limit 1000").await;
    let Value::Array(list) = list["releases"].take() else { panic!("no releases") };
    list
}

/// The releases that a node took in, by the digests of their statements, with their places.
async fn received(node: &Node) -> BTreeMap<String, Value> {
    let inbox = node.ok("inbox list").await;
    let lines = inbox["inbox"].as_array().unwrap();
    let received: BTreeMap<String, Value> = lines
        .iter()
        .inspect(|it| {
            assert_eq!((&it["kind"], &it["outcome"]), (&"release".into(), &"admitted".into()));
        })
        .map(|it| (it["digest"].as_str().unwrap().to_owned(), it["sequence"].clone()))
        .collect();
    assert_eq!(received.len(), lines.len(), "nothing stands twice in the inbox");
    received
}

fn subject(line: &Value) -> String {
    line["subject"].as_str().unwrap().to_owned()
}

async fn at_rest(nodes: &TwoNodes) -> bool {
    let (us, mx) = (nodes.us.ok("status").await, nodes.mx.ok("status").await);
    let idle = |status: &Value| {
        let outboxes = status["outbox"].as_array().unwrap();
        outboxes.iter().all(|it| it["unsettled"] == 0 && it["cursor"] == it["last"])
    };
    let same = |here: &Value, there: &Value| {
        let (here, there) = (channel(here, "out"), channel(there, "in"));
        ["statements", "root", "cosigned"].iter().all(|member| here[member] == there[member])
            && here["cosigned"] == here["statements"]
    };
    idle(&us) && idle(&mx) && same(&us, &mx) && same(&mx, &us)
}

fn channel<'a>(status: &'a Value, direction: &str) -> &'a Value {
    let channels = status["channels"].as_array().unwrap();
    channels.iter().find(|it| it["direction"] == direction).unwrap()
}
