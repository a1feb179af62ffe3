//! Consent and what stands behind a holding, from the command line, between two nodes that serve.

use serde_json::{Value, json};

use crate::support::{Node, TwoNodes, meet, until};

/// Waits until the consents that a node lists are in this state.
async fn state(node: &Node, expected: &str) -> Value {
    until(&format!("a consent is {expected}"), async || {
        let listed = node.ok("consent list").await["consents"][0].clone();
        (listed["state"] == expected).then_some(listed)
    })
    .await
}

#[tokio::test]
async fn third_party_consent_is_asked_for_granted_and_withdrawn_by_command() {
    let nodes = TwoNodes::new().await;
    let third = Node::init(nodes.folder(), "ca", false).await;
    meet(&nodes.mx, &third).await;
    let _serving = (nodes.us.serve().await, nodes.mx.serve().await);
    let ids = nodes.stock(2).await;
    let folio = nodes.release(&ids).await;
    nodes.settled(&folio).await;

    let ask = format!("--third-party ca --purpose precursor-control --object {}", ids[0]);
    let asked = nodes.mx.ok(&format!("consent ask {ask}")).await["asked"][0].clone();
    assert_eq!((&asked["to"], &asked["objects"]), (&json!("us"), &json!(1)));
    let seen = state(&nodes.us, "open").await;
    for member in ["consent", "folio", "release", "statement"] {
        assert_eq!(seen[member], asked[member], "{member}");
    }
    assert_eq!(
        (&seen["third_party_name"], &seen["objects"]),
        (&json!("Authority-ca"), &json!([ids[0]]))
    );

    let name = seen["folio"].as_str().unwrap();
    let (early, _) = nodes.us.refused(&format!("consent answer {name} --withdraw")).await;
    assert_eq!(early, "matter-out-of-turn");
    let (wrong, _) =
        nodes.us.refused(&format!("consent answer {name} --grant --legal-basis none")).await;
    assert_eq!(wrong, "legal-basis-unknown");
    let granted =
        nodes.us.ok(&format!("consent answer {name} --grant --until 2100-01-01T00:00:00Z")).await;
    assert_eq!(granted["grounds"]["legal_basis"].as_array().unwrap().len(), 1);
    let held = state(&nodes.mx, "granted").await;
    assert_eq!(held["until"], "2100-01-01T00:00:00Z");
    let shown = nodes.us.ok(&format!("consent show {name}")).await;
    assert_eq!((&shown["supported"], &shown["state"]), (&json!(true), &json!("granted")));
    nodes.us.ok(&format!("consent answer {name} --withdraw")).await;
    state(&nodes.mx, "withdrawn").await;
    let back = format!("consent ask --third-party us --purpose x --object {}", ids[0]);
    assert_eq!(nodes.mx.refused(&back).await.0, "not-a-third-party");

    let found = nodes.mx.ok(&format!("holdings provenance {}", ids[0])).await;
    let source = &found["sources"][0];
    assert_eq!((&source["originator"], &source["chain"]), (&json!("us"), &json!(["us"])));
    assert_eq!((&source["statement"], &source["returned"]), (&asked["release"], &json!(false)));
    let counted = nodes.mx.ok(&format!("holdings corroboration {}", ids[0])).await;
    assert_eq!((&counted["count"], &counted["origins"][0]["name"]), (&json!(1), &json!("us")));
    let views = nodes.mx.ok(&format!("holdings views {}", ids[0])).await;
    assert_eq!(
        (&views["parties"][0]["party"], &views["parties"][0]["own"]),
        (&json!("us"), &json!(false))
    );
}
