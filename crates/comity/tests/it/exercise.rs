//! The clock of a training node is put on while it serves: it goes on in the new time, and nothing that it says is lost
//! until its partner is put on too.

use serde_json::json;

use crate::support::{TwoNodes, until};

#[tokio::test]
async fn nothing_lost_a_node_is_put_on_while_it_serves_and_is_heard_once_its_partner_is() {
    let nodes = TwoNodes::new().await;
    let (us, mx) = (&nodes.us, &nodes.mx);
    let ids = nodes.stock(2).await;
    let _serving = (us.serve().await, mx.serve().await);
    let first = nodes.release(&ids[..1]).await;
    nodes.settled(&first).await;

    let put_on = us.ok("exercise advance 20").await;
    assert_eq!((&put_on["ahead_days"], &put_on["put_on_too"]), (&json!(20), &json!(["mx"])));
    let second = nodes.release(&ids[1..]).await;
    // what the running node says is of the new time, and its partner says why it does not take it
    let refused = until("the partner refuses what comes from the future", async || {
        mx.journal("pouch-refused").await.into_iter().next()
    })
    .await;
    assert!(refused.to_string().contains("issued-in-future"), "{refused}");
    let shown = us.ok(&format!("release show {second}")).await;
    assert_ne!(shown["state"], "settled", "{shown}");

    mx.ok("exercise advance 20").await;
    nodes.settled(&second).await;
    for node in [us, mx] {
        node.ok("record check").await;
    }
}

#[tokio::test]
async fn two_who_put_a_clock_on_at_once_both_do() {
    let nodes = TwoNodes::new().await;
    let us = &nodes.us;
    let all = tokio::join!(
        us.ok("exercise advance 1"),
        us.ok("exercise advance 10"),
        us.ok("exercise advance 100"),
        us.ok("exercise advance 1000")
    );
    assert_eq!(us.ok("exercise show").await["ahead_days"], 1_111, "{all:?}");
    assert_eq!(us.journal("exercise-advanced").await.len(), 4);
}
