//! Parties that nobody confirmed, and nodes of the other kind.

use comity_exchange::ports::PouchState;

use super::Case;
use crate::support::{Node, Rival, Terms, TwoNodes, meet, until};

#[tokio::test]
async fn nothing_of_an_unconfirmed_party_is_taken_nor_does_a_partner_bring_it() {
    let case = Case::new().await;
    let folder = case.nodes.folder();
    let third = Node::init(folder, "xx", false).await;
    let xx = Rival::playing(&third, &case.nodes.mx, case.nodes.agreement);
    let statement = |seed: &str| xx.forge(&xx.proposal(seed)).pouch;

    case.refuses(&statement("unknown"), "unconfirmed-party").await;
    assert!(!xx.connects().await, "its link key is not pinned");
    case.nodes.mx.ok("party import xx.descriptor").await;
    case.refuses(&statement("imported"), "unconfirmed-party").await;
    assert!(!xx.connects().await, "an imported party is not a confirmed one");
    until("strangers are journalled", async || {
        (!case.nodes.mx.journal("link-stranger").await.is_empty()).then_some(())
    })
    .await;

    meet(&case.nodes.mx, &third).await;
    case.refuses(&statement("confirmed"), "not-from-this-link").await;
    until("it is let in", async || xx.connects().await.then_some(())).await;
    let fate = xx.deliver_bytes(statement("its own link")).await;
    assert_eq!(fate, (PouchState::Refused, Some("agreement-unknown".to_owned())));
    let others = case.us.forge(&case.us.proposal("of us"));
    let fate = xx.deliver(&others).await;
    assert_eq!(fate, (PouchState::Refused, Some("not-from-this-link".to_owned())));
}

#[tokio::test]
async fn live_and_training_nodes_refuse_each_others_descriptors() {
    let folder = tempfile::tempdir().unwrap();
    let live = Node::init(folder.path(), "us", true).await;
    let training = Node::init(folder.path(), "mx", false).await;
    for (here, there) in [(&live, &training), (&training, &live)] {
        let (code, message) =
            here.refused(&format!("party import {}.descriptor", there.handle)).await;
        assert_eq!(code, "exercise-mismatch", "{message}");
        assert_eq!(here.ok("party list").await["parties"].as_array().map(Vec::len), Some(0));
    }
}

#[tokio::test]
async fn live_nodes_under_passphrases_exchange_a_release() {
    let nodes = TwoNodes::with(Terms { live: true, ..Terms::default() }).await;
    let objects = nodes.stock(2).await;
    let (_us, _mx) = (nodes.us.serve().await, nodes.mx.serve().await);
    let folio = nodes.release(&objects).await;
    let shown = nodes.settled(&folio).await;
    assert_eq!(shown["receipt"]["admitted"], 2);
    let held = nodes.mx.ok("holdings list --from us").await;
    assert_eq!(held["holdings"].as_array().map(Vec::len), Some(2));
}
