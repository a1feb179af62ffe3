//! Either node is killed with SIGKILL at each step between compose and settle, and starts again. Every
//! release is delivered exactly once: none is lost, none is doubled (invariant nothing-lost).

mod command;
mod courier;
mod ledger;
mod serving;
mod soak;

use comity_exchange::FAIL_POINTS;

/// The steps that a command takes for its own.
const IN_COMMANDS: &[&str] = &[
    "compose:before-commit",
    "compose:after-commit",
    "approve:after-commit",
    "seal:before-commit",
    "seal:after-commit",
    "seal:signed",
];

/// The steps of the process that serves, each with the nodes that pass it on a release's way: `us` sends
/// releases and takes in receipts, `mx` takes in releases and sends receipts.
const IN_SERVE: &[(&str, &[&str])] = &[
    ("dispatch:before-delivery", &["us", "mx"]),
    ("dispatch:after-delivery", &["us", "mx"]),
    ("dispatch:cursor-moved", &["us", "mx"]),
    ("receive:before-commit", &["us", "mx"]),
    ("receive:after-commit", &["us", "mx"]),
    ("verify:done", &["us", "mx"]),
    ("quarantine:staged", &["mx"]),
    ("admit:before-commit", &["us", "mx"]),
    ("admit:after-commit", &["us", "mx"]),
    ("acknowledge:sealed", &["mx"]),
    ("acknowledge:signed", &["us", "mx"]),
    ("settle:before-commit", &["us", "mx"]),
    ("settle:after-commit", &["us", "mx"]),
];

/// The steps that only what is carried by hand passes.
const BY_HAND: &[&str] = &["export:written", "export:noted", "import:copied"];

/// The steps of a feed that is pulled; `feeds.rs` kills a node there.
const IN_FEEDS: &[&str] = &["feed:page-held", "feed:page-noted"];

#[test]
fn every_place_at_which_a_node_can_be_stopped_is_one_at_which_it_is_killed() {
    let tried = IN_COMMANDS.iter().chain(IN_SERVE.iter().map(|(point, _)| point));
    let tried = tried.chain(BY_HAND).chain(IN_FEEDS);
    let mut tried: Vec<&str> = tried.copied().collect();
    let mut all = FAIL_POINTS.to_vec();
    tried.sort_unstable();
    all.sort_unstable();
    assert_eq!(tried, all);
}
