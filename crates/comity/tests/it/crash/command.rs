//! A command is killed at its steps while both nodes serve.

use super::ledger::{exactly_once, releases, resting};
use crate::support::{TwoNodes, composing};

/// Objects of each release.
const EACH: usize = 3;

/// Releases three times; the second time, the command that passes `point` is killed there.
async fn killed_at(point: &str) {
    let nodes = TwoNodes::new().await;
    let objects = nodes.stock(3 * EACH as u64).await;
    let [first, second, third] = [0, 1, 2].map(|at| &objects[at * EACH..][..EACH]);
    let (_us, _mx) = (nodes.us.serve().await, nodes.mx.serve().await);
    let mut folios = vec![nodes.release(first).await];
    let (step, _) = point.split_once(':').unwrap();
    if step == "seal" {
        // signing the answer to the first release would sign the second one too
        resting(&nodes).await;
    }

    // each command is given until what it does is done, the killed ones again
    if step == "compose" {
        killed(&nodes, &composing(second), point).await;
    }
    let folio = match composed(&nodes, &folios).await {
        Some(folio) => folio,
        None => nodes.compose(second).await,
    };
    folios.push(folio.clone());
    let approving = format!("release approve {folio} --as officer-1");
    if step == "approve" {
        killed(&nodes, &approving, point).await;
    }
    if state(&nodes, &folio).await == "composed" {
        nodes.us.ok(&approving).await;
    }
    let sending = format!("release send {folio}");
    if step == "seal" {
        killed(&nodes, &sending, point).await;
    }
    if state(&nodes, &folio).await == "approved" {
        nodes.us.ok(&sending).await;
    }

    // what the dead command left undone is done by the node that serves, without another command
    nodes.settled(&folio).await;
    folios.push(nodes.release(third).await);
    exactly_once(&nodes, &folios, objects.len() as u64).await;
}

async fn killed(nodes: &TwoNodes, command: &str, point: &str) {
    let mut child = nodes.us.command_until(command, point);
    child.at_fail_point(point).await;
    child.kill().await;
}

/// The release that is there and not among those known.
async fn composed(nodes: &TwoNodes, known: &[String]) -> Option<String> {
    let list = releases(&nodes.us).await;
    let mut folios = list.iter().map(|it| it["folio"].as_str().unwrap().to_owned());
    folios.find(|folio| !known.contains(folio))
}

async fn state(nodes: &TwoNodes, folio: &str) -> String {
    let shown = nodes.us.ok(&format!("release show {folio}")).await;
    shown["state"].as_str().unwrap().to_owned()
}

/// A test for each step, so that they run beside each other.
macro_rules! killed {
    ($($name:ident: $point:literal;)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                killed_at($point).await;
            }
        )+

        #[test]
        fn every_step_of_a_command_has_its_test() {
            assert_eq!([$($point),+], *super::IN_COMMANDS);
        }
    };
}

killed! {
    nothing_is_lost_or_doubled_when_compose_dies_before_it_commits: "compose:before-commit";
    nothing_is_lost_or_doubled_when_compose_dies_after_it_commits: "compose:after-commit";
    nothing_is_lost_or_doubled_when_approve_dies_after_it_commits: "approve:after-commit";
    nothing_is_lost_or_doubled_when_seal_dies_before_it_commits: "seal:before-commit";
    nothing_is_lost_or_doubled_when_seal_dies_before_it_signs: "seal:after-commit";
    nothing_is_lost_or_doubled_when_seal_dies_after_it_signed: "seal:signed";
}
