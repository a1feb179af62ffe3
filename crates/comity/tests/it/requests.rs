//! A request between two nodes that serve: asked back, answered in part, explained all the same, and answered.

use serde_json::{Value, json};

use crate::support::{Node, TwoNodes, until};

/// Waits until a node shows a request in this stage, with so many statements said.
async fn shown(node: &Node, folio: &str, stage: &str, said: usize) -> Value {
    until(&format!("{folio} is {stage} after {said}"), async || {
        let (_, shown) = node.json(&format!("request show {folio}")).await;
        let all = shown["said"].as_array().map_or(0, Vec::len);
        (shown["stage"] == stage && all == said).then_some(shown)
    })
    .await
}

#[tokio::test]
async fn what_was_asked_back_is_explained_after_a_partial_answer_and_both_nodes_say_the_same() {
    let nodes = TwoNodes::new().await;
    let (us, mx) = (&nodes.us, &nodes.mx);
    let _serving = (us.serve().await, mx.serve().await);
    let asking = "request send --to mx --urgency routine --purpose precursor-control --text What?";
    let folio = us.ok(asking).await["folio"].as_str().unwrap().to_owned();
    shown(mx, &folio, "open", 1).await;
    mx.ok(&format!("request clarify {folio} --text Which?")).await;
    shown(us, &folio, "clarification-asked", 2).await;
    mx.ok(&format!("request answer {folio} --partial --text Some")).await;
    // the question stays open behind the answer
    let seen = shown(us, &folio, "clarification-asked", 3).await;
    assert_eq!(seen["awaits"], json!("us"));
    us.ok(&format!("request reply {folio} --text Manzanillo")).await;
    for node in [us, mx] {
        let seen = shown(node, &folio, "partial", 4).await;
        assert_eq!(seen["awaits"], json!("mx"));
    }
    let (again, _) = us.refused(&format!("request reply {folio} --text Again")).await;
    assert_eq!(again, "matter-out-of-turn");
    mx.ok(&format!("request answer {folio} --nothing-found")).await;
    for node in [us, mx] {
        let seen = shown(node, &folio, "nothing-found", 5).await;
        assert_eq!((&seen["awaits"], &seen["overdue"]), (&json!(null), &json!(false)));
    }
}
