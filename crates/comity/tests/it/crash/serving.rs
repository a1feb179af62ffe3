//! The process that serves is killed at its steps, on either side.

use super::ledger::{exactly_once, resting};
use crate::support::TwoNodes;

/// Objects of each release.
const EACH: usize = 3;

/// One release goes through and everything comes to rest; the process of `side` is killed at `point` while
/// the second is on its way; the third is sealed while it is down.
async fn killed_at(side: &str, point: &str) {
    let nodes = TwoNodes::new().await;
    let objects = nodes.stock(3 * EACH as u64).await;
    let [first, second, third] = [0, 1, 2].map(|at| &objects[at * EACH..][..EACH]);
    let (us, mx) = (nodes.us.serve().await, nodes.mx.serve().await);
    let mut folios = vec![nodes.release(first).await];
    resting(&nodes).await;

    let (node, victim, _other) =
        if side == "us" { (&nodes.us, us, mx) } else { (&nodes.mx, mx, us) };
    victim.kill().await;
    let mut victim = node.serve_until(point);
    folios.push(nodes.release(second).await);
    victim.at_fail_point(point).await;
    victim.kill().await;
    folios.push(nodes.release(third).await);
    let _again = node.serve().await;
    exactly_once(&nodes, &folios, objects.len() as u64).await;
}

/// A test for each step and side, so that they run beside each other.
macro_rules! killed {
    ($($name:ident: $side:literal $point:literal;)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                killed_at($side, $point).await;
            }
        )+

        #[test]
        fn every_step_of_every_side_has_its_test() {
            let all: Vec<_> = super::IN_SERVE
                .iter()
                .flat_map(|(point, sides)| sides.iter().map(|side| (*side, *point)))
                .collect();
            assert_eq!(all, [$(($side, $point)),+]);
        }
    };
}

killed! {
    us_before_dispatch_delivers: "us" "dispatch:before-delivery";
    mx_before_dispatch_delivers: "mx" "dispatch:before-delivery";
    us_after_dispatch_delivered: "us" "dispatch:after-delivery";
    mx_after_dispatch_delivered: "mx" "dispatch:after-delivery";
    us_after_dispatch_moved_its_cursor: "us" "dispatch:cursor-moved";
    mx_after_dispatch_moved_its_cursor: "mx" "dispatch:cursor-moved";
    us_before_receive_commits: "us" "receive:before-commit";
    mx_before_receive_commits: "mx" "receive:before-commit";
    us_after_receive_commits: "us" "receive:after-commit";
    mx_after_receive_commits: "mx" "receive:after-commit";
    us_after_verify: "us" "verify:done";
    mx_after_verify: "mx" "verify:done";
    mx_after_quarantine_staged: "mx" "quarantine:staged";
    us_before_admit_commits: "us" "admit:before-commit";
    mx_before_admit_commits: "mx" "admit:before-commit";
    us_after_admit_commits: "us" "admit:after-commit";
    mx_after_admit_commits: "mx" "admit:after-commit";
    mx_after_acknowledge_sealed: "mx" "acknowledge:sealed";
    us_after_acknowledge_signed: "us" "acknowledge:signed";
    mx_after_acknowledge_signed: "mx" "acknowledge:signed";
    us_before_settle_commits: "us" "settle:before-commit";
    mx_before_settle_commits: "mx" "settle:before-commit";
    us_after_settle_commits: "us" "settle:after-commit";
    mx_after_settle_commits: "mx" "settle:after-commit";
}
