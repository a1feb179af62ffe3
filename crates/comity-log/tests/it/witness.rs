//! What a witness signs.

use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::{self, NoteSigner, SignError};
use comity_log::note::SignedNote;
use comity_log::witness::{AddCheckpoint, Head, Refusal, RequestError, Watched};
use comity_log::{consistency_proof, empty_root, root_at};
use proptest::prelude::*;

use crate::support::{NodeMap, log_key, pq_key, signed, tree, witness_key};

const LOG: &str = "example.org/log";

fn log() -> NoteSigner {
    log_key(LOG)
}

fn watched() -> Watched {
    Watched::new(LOG, vec![log().verifier()], Head::default())
}

fn request(old: u64, new: u64, nodes: &NodeMap) -> AddCheckpoint {
    let checkpoint = Checkpoint::new(LOG, new, root_at(new, nodes).unwrap()).unwrap();
    let proof = consistency_proof(old.min(new), new, nodes).unwrap();
    AddCheckpoint::new(old, proof, signed(&checkpoint, &[&log()], 1)).unwrap()
}

/// A tree that is the honest one up to `from` leaves and another one from there.
fn forked(from: u64, size: u64) -> NodeMap {
    let mut nodes = NodeMap::new();
    let mut frontier = comity_log::Frontier::new();
    for index in 0..size {
        let data = if index < from { index } else { index + 1_000 };
        frontier
            .append(crate::support::leaf(data), |level, at, hash| {
                nodes.insert((level, at), hash);
            })
            .unwrap();
    }
    nodes
}

#[test]
fn a_log_that_grows_is_cosigned_step_by_step() {
    let (_, nodes) = tree(100);
    let mut watched = watched();
    let witness = [witness_key("witness.example"), pq_key("witness.example")];
    for (old, new) in [(0, 0), (0, 7), (7, 7), (7, 64), (64, 100)] {
        let request = request(old, new, &nodes);
        let taken = watched.advance(watched.consider(&request).unwrap()).unwrap();
        let lines = taken.cosign(&witness, 1_700_000_000).unwrap();
        let note = request.note().clone().with_signatures(lines).unwrap();
        let keys = witness.each_ref().map(NoteSigner::verifier);
        assert_eq!(cosign::verify(&note, &keys).unwrap().len(), 2);
        assert_eq!(watched.head().size, new);
    }
}

#[test]
fn a_smaller_tree_is_never_cosigned() {
    let (_, nodes) = tree(10);
    let mut watched = watched();
    watched.advance(watched.consider(&request(0, 10, &nodes)).unwrap()).unwrap();
    assert_eq!(
        watched.consider(&request(10, 5, &nodes)),
        Err(Refusal::Shrinks { old: 10, size: 5 })
    );
    assert_eq!(watched.consider(&request(0, 5, &nodes)), Err(Refusal::Conflict(10)));
    assert_eq!(watched.consider(&request(5, 5, &nodes)), Err(Refusal::Conflict(10)));
}

#[test]
fn another_history_is_never_cosigned() {
    let (_, nodes) = tree(20);
    let mut watched = watched();
    watched.advance(watched.consider(&request(0, 10, &nodes)).unwrap()).unwrap();
    assert_eq!(watched.consider(&request(10, 20, &forked(9, 20))), Err(Refusal::Inconsistent));
    assert_eq!(watched.consider(&request(10, 10, &forked(9, 20))), Err(Refusal::Inconsistent));
    let honest = request(10, 20, &nodes);
    let without = AddCheckpoint::new(10, Vec::new(), honest.note().clone()).unwrap();
    assert_eq!(watched.consider(&without), Err(Refusal::Inconsistent));
    let with = AddCheckpoint::new(0, vec![[1; 32]], honest.note().clone()).unwrap();
    assert_eq!(self::watched().consider(&with), Err(Refusal::Inconsistent));
    assert!(watched.consider(&honest).is_ok());
}

#[test]
fn of_two_steps_from_one_head_one_is_taken() {
    let (_, nodes) = tree(20);
    let mut watched = watched();
    let (a, b) = (request(0, 12, &nodes), request(0, 20, &nodes));
    let (a, b) = (watched.consider(&a).unwrap(), watched.consider(&b).unwrap());
    assert_eq!((b.before(), b.after().size), (Head { size: 0, root: empty_root() }, 20));
    watched.advance(b).unwrap();
    assert_eq!(watched.advance(a), Err(Refusal::Conflict(20)));
    assert_eq!(watched.head().size, 20);
}

#[test]
fn only_the_logs_own_key_counts() {
    let (_, nodes) = tree(3);
    let checkpoint = Checkpoint::new(LOG, 3, root_at(3, &nodes).unwrap()).unwrap();
    let by_another = signed(&checkpoint, &[&log_key("example.org/other")], 1);
    let refused = watched().consider(&AddCheckpoint::new(0, Vec::new(), by_another).unwrap());
    assert_eq!(refused.map_err(|it| (it.code(), it.status())), Err(("witness-unsigned", 403)));
    let own = request(0, 3, &nodes).to_string();
    let other_text = own.replacen("\n3\n", "\n2\n", 1);
    let forged = AddCheckpoint::parse(other_text.as_bytes()).unwrap();
    assert_eq!(watched().consider(&forged).map_err(|it| it.status()), Err(403));
    let elsewhere = Watched::new("example.org/other", vec![log().verifier()], Head::default());
    assert_eq!(elsewhere.consider(&request(0, 3, &nodes)).map_err(|it| it.status()), Err(404));
    let mut elsewhere = elsewhere;
    let step = watched().consider(&request(0, 3, &nodes)).unwrap();
    assert_eq!(elsewhere.advance(step), Err(Refusal::UnknownLog(LOG.to_owned())));
}

#[test]
fn a_logs_key_cannot_stand_in_for_a_witness() {
    let (_, nodes) = tree(3);
    let mut watched = watched();
    let taken = watched.advance(watched.consider(&request(0, 3, &nodes)).unwrap()).unwrap();
    assert_eq!(taken.cosign(&[log()], 1), Ok(Vec::new()));
    assert_eq!(taken.cosign(&[witness_key("w")], 0), Err(SignError::Timestamp(0)));
}

#[test]
fn a_request_that_is_none_is_refused_for_what_it_is() {
    let (_, nodes) = tree(9);
    let good = request(3, 9, &nodes).to_string();
    assert_eq!(AddCheckpoint::parse(good.as_bytes()).unwrap().to_string(), good);
    let lines: String =
        std::iter::repeat_n("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 64).collect();
    let note = good.split_once("\n\n").unwrap().1;
    for (wrong, error) in [
        (String::new(), RequestError::Shape),
        (good.replace("old 3", "old 03"), RequestError::Old),
        (good.replace("old 3", "old -3"), RequestError::Old),
        (good.replace("old 3\n", ""), RequestError::Old),
        (good.replacen('=', "", 1), RequestError::Proof),
        (format!("old 3\n{lines}\n{note}"), RequestError::Proof),
        (good.replacen("\n\n", "\n", 1), RequestError::Proof),
    ] {
        assert_eq!(AddCheckpoint::parse(wrong.as_bytes()), Err(error), "{wrong}");
    }
    let lie = format!("{LOG}\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    let empty = Checkpoint::new(LOG, 0, empty_root()).unwrap();
    let lines = signed(&empty, &[&log()], 1).signatures().to_vec();
    let note = SignedNote::new(lie, lines).unwrap();
    assert_eq!(AddCheckpoint::new(0, Vec::new(), note).map_err(RequestError::status), Err(422));
}

proptest! {
    #[test]
    fn no_bytes_break_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = AddCheckpoint::parse(&bytes);
    }

    /// Whatever is asked, in whatever order: what a witness cosigned is one growing history.
    #[test]
    fn whatever_is_asked_the_cosigned_heads_are_one_history(
        asked in prop::collection::vec((0_u64..40, 0_u64..40, 0_u64..40), 1..30),
    ) {
        let mut watched = watched();
        let mut cosigned = vec![Head::default()];
        for (old, new, fork) in asked {
            let nodes = forked(fork, 40);
            let request = request(old, new, &nodes);
            if let Ok(step) = watched.consider(&request) {
                let taken = watched.advance(step).unwrap();
                cosigned.push(Head { size: taken.checkpoint().size(), root: *taken.checkpoint().root() });
                // The new head's own history holds every head cosigned before.
                for before in &cosigned {
                    prop_assert_eq!(root_at(before.size, &nodes).unwrap(), before.root);
                }
            }
        }
        prop_assert!(cosigned.is_sorted_by_key(|head| head.size));
    }
}
