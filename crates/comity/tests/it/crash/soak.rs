//! Both nodes are killed again and again at any instant while releases go through.

use std::time::Duration;

use comity_model::Entropy as _;
use comity_testkit::SeededEntropy;

use super::ledger::exactly_once;
use crate::support::{Serving, TwoNodes};

const RELEASES: usize = 30;
const KILLS: usize = 6;
/// Within this time after a release was sealed, a node is killed.
const WITHIN: u64 = 300;

#[tokio::test]
async fn thirty_releases_outlive_six_kills_at_any_instant() {
    let chance = SeededEntropy::new("six kills");
    let below = |limit: u64| {
        let mut bytes = [0; 8];
        chance.fill(&mut bytes);
        u64::from_le_bytes(bytes) % limit
    };
    let nodes = TwoNodes::new().await;
    let objects = nodes.stock(RELEASES as u64).await;
    let mut serving: [Option<Serving>; 2] =
        [Some(nodes.us.serve().await), Some(nodes.mx.serve().await)];
    let mut folios = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        folios.push(nodes.release(std::slice::from_ref(object)).await);
        if at % (RELEASES / KILLS) == 2 {
            let side = usize::try_from(below(2)).unwrap();
            tokio::time::sleep(Duration::from_millis(below(WITHIN))).await;
            serving[side].take().unwrap().kill().await;
        }
        if at % (RELEASES / KILLS) == 3 {
            for (side, node) in [&nodes.us, &nodes.mx].into_iter().enumerate() {
                if serving[side].is_none() {
                    serving[side] = Some(node.serve().await);
                }
            }
        }
    }
    exactly_once(&nodes, &folios, objects.len() as u64).await;
}
