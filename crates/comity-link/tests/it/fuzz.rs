//! What a partner asks for against inputs made from real requests: a bounded run of what `fuzz/` does without end.

#[path = "../../../../fuzz/bounded/group.rs"]
mod bounded;
#[path = "../../../../fuzz/targets/link/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/link/tokens.rs"]
mod tokens;

use comity_exchange::ports::{PouchState, RemoteHead, RemotePouch};
use comity_link::{ContentRange, Route};
use comity_model::Digest;

bounded::each_target! { link 3_000 head 3_000 }

#[test]
fn the_seeds_are_what_a_partner_asks_for() {
    let text = |name, text: &dyn ToString| (name, text.to_string().into_bytes());
    let agreement = "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap();
    let seeds = [
        text("pouch", &Route::Pouch(Digest::of(b"a pouch"))),
        text("head", &Route::Head { agreement, epoch: 12 }),
        text("range", &ContentRange::new(1 << 26, 4_096, 1 << 33).unwrap()),
    ];
    bounded::bless("link", &seeds);
}

#[test]
fn the_seeds_are_what_a_partner_answers() {
    let head = RemoteHead {
        epoch: 2,
        next: 7,
        digest: Some(Digest::of(b"a statement")),
        cosigned: Some("a note\n".to_owned()),
        waiting: 1,
    };
    let status = RemotePouch { state: PouchState::Held, code: Some("early".to_owned()) };
    let seeds = [("head", serde_json::to_vec(&head)), ("status", serde_json::to_vec(&status))];
    bounded::bless("head", &seeds.map(|(name, seed)| (name, seed.unwrap())));
}
