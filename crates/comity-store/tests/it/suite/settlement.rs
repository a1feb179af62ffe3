use comity_exchange::ports::{PublishEffect, PublishInput, ReleaseState, Store};
use comity_model::Digest;
use comity_model::statement::{Kind, Outcome, ReceiptEntry};

use crate::support::{
    arrival, arrival_of, arrived, at, entry, fresh, make_node, mx, outward, pouch, publication,
    sealed, their_release,
};

/// Consumes receipt `sequence` of the partner.
async fn settle(
    store: &dyn Store,
    sequence: u64,
    entries: Vec<ReceiptEntry>,
    cosigned: Option<u64>,
) -> Result<(), comity_exchange::ports::StoreError> {
    let pouch = arrived(store, &format!("receipt {sequence}")).await;
    let cosigned = cosigned.map(|size| (size, format!("note {size}")));
    let effect = PublishEffect::Settle { channel: outward(), entries, cosigned };
    let input = publication(pouch, arrival(sequence, Kind::Receipt), effect);
    store.publish(PublishInput { at: at(100 + i64::try_from(sequence).unwrap()), ..input }).await
}

async fn states(store: &dyn Store) -> Vec<ReleaseState> {
    store.releases(99).await.unwrap().iter().rev().map(|it| it.state).collect()
}

async fn seal_some(store: &dyn Store, count: u128) -> Vec<Digest> {
    make_node(store).await;
    let mut digests = vec![];
    for number in 1..=count {
        digests.push(sealed(store, number).await.digest);
    }
    digests
}

pub(crate) async fn a_release_is_settled_by_receipt_and_cosignature_together(store: &dyn Store) {
    let digests = seal_some(store, 2).await;
    let admitted = entry(0, digests[0], Outcome::Admitted);
    settle(store, 0, vec![admitted.clone()], Some(1)).await.unwrap();
    assert_eq!(states(store).await, [ReleaseState::Settled, ReleaseState::Sealed]);
    let row = store.outbound(digests[0]).await.unwrap().unwrap();
    assert_eq!((row.receipt.clone(), row.settled_at), (Some(admitted), Some(at(100))));
    assert_eq!(store.releases(9).await.unwrap()[1].receipt, row.receipt);
    assert_eq!(store.outbox_view(mx()).await.unwrap().unsettled, 1);

    // A cosignature without a receipt settles nothing.
    settle(store, 1, vec![], Some(2)).await.unwrap();
    assert_eq!(states(store).await[1], ReleaseState::Sealed);
    let head = store.outbound_head(outward()).await.unwrap();
    assert_eq!(head.cosigned, Some((2, "note 2".to_owned())));
    // The receipt that follows does, by the cosignature that is there.
    settle(store, 2, vec![entry(1, digests[1], Outcome::Admitted)], None).await.unwrap();
    assert_eq!(states(store).await[1], ReleaseState::Settled);
    assert_eq!(store.outbox_view(mx()).await.unwrap().unsettled, 0);
}

pub(crate) async fn a_later_cosignature_settles_what_was_answered_before(store: &dyn Store) {
    let digests = seal_some(store, 3).await;
    let entries = (0..).zip(&digests).map(|(it, digest)| entry(it, *digest, Outcome::Admitted));
    settle(store, 0, entries.collect(), None).await.unwrap();
    let (open, done) = (ReleaseState::Receipted, ReleaseState::Settled);
    assert_eq!(states(store).await, [open; 3]);
    settle(store, 1, vec![], Some(2)).await.unwrap();
    assert_eq!(states(store).await, [done, done, open]);
    // One that covers less takes nothing back.
    settle(store, 2, vec![], Some(1)).await.unwrap();
    assert_eq!(store.outbound_head(outward()).await.unwrap().cosigned.unwrap().0, 2);
    let beyond = settle(store, 3, vec![], Some(4)).await.unwrap_err();
    assert_eq!(beyond.code(), "misuse");
    settle(store, 3, vec![], Some(3)).await.unwrap();
    assert_eq!(states(store).await, [done; 3]);
    let settled: Vec<_> = [0, 2].map(|it: usize| digests[it]).into();
    for (digest, second) in settled.into_iter().zip([101, 103]) {
        assert_eq!(store.outbound(digest).await.unwrap().unwrap().settled_at, Some(at(second)));
    }
}

pub(crate) async fn the_outcome_decides_how_it_is_settled(store: &dyn Store) {
    let digests = seal_some(store, 3).await;
    let outcomes = [Outcome::Refused, Outcome::Partial, Outcome::Admitted];
    let entries = (0..)
        .zip(&digests)
        .zip(outcomes)
        .map(|((it, digest), outcome)| entry(it, *digest, outcome));
    settle(store, 0, entries.collect(), Some(3)).await.unwrap();
    let expected = [ReleaseState::Refused, ReleaseState::SettledPartial, ReleaseState::Settled];
    assert_eq!(states(store).await, expected);
    // Delivering again what is settled does not open it.
    crate::support::sign(store, 3).await;
    store.delivered(mx(), 3, vec![]).await.unwrap();
    assert_eq!(states(store).await, expected);
}

pub(crate) async fn the_first_answer_stays(store: &dyn Store) {
    let digests = seal_some(store, 1).await;
    let first = entry(0, digests[0], Outcome::Refused);
    settle(store, 0, vec![first.clone()], None).await.unwrap();
    settle(store, 1, vec![entry(0, digests[0], Outcome::Admitted)], Some(1)).await.unwrap();
    assert_eq!(store.outbound(digests[0]).await.unwrap().unwrap().receipt, Some(first));
    assert_eq!(states(store).await, [ReleaseState::Refused]);
}

pub(crate) async fn an_answer_to_something_else_changes_nothing(store: &dyn Store) {
    let digests = seal_some(store, 2).await;
    let good = entry(0, digests[0], Outcome::Admitted);
    for wrong in [
        entry(1, digests[0], Outcome::Admitted),
        entry(2, digests[1], Outcome::Admitted),
        entry(u64::MAX, digests[1], Outcome::Admitted),
    ] {
        let entries = vec![good.clone(), wrong];
        assert_eq!(settle(store, 0, entries, Some(2)).await.unwrap_err().code(), "conflict");
    }
    assert_eq!(states(store).await, [ReleaseState::Sealed; 2]);
    assert_eq!(store.outbound(digests[0]).await.unwrap().unwrap().receipt, None);
    assert_eq!(store.outbound_head(outward()).await.unwrap().cosigned, None);
    assert_eq!(store.inbound_head(outward().reverse()).await.unwrap().next, 0);
}

pub(crate) async fn an_answer_to_nothing_is_consumed_before_anything_was_said(store: &dyn Store) {
    settle(store, 0, vec![], None).await.unwrap();
    settle(store, 1, vec![], Some(0)).await.unwrap();
    assert_eq!(settle(store, 2, vec![], Some(1)).await.unwrap_err().code(), "conflict");
    let boast = vec![entry(0, Digest::of(b"never said"), Outcome::Admitted)];
    assert_eq!(settle(store, 2, boast, None).await.unwrap_err().code(), "conflict");
    assert_eq!(store.inbound_head(outward().reverse()).await.unwrap().next, 2);
}

pub(crate) async fn both_sides_count_the_same(store: &dyn Store) {
    let digests = seal_some(store, 5).await;
    let other = fresh();
    let partner = &other.store;
    let outcomes = [Outcome::Admitted, Outcome::Partial, Outcome::Refused, Outcome::Admitted];
    let mut entries = vec![];
    for (sequence, (digest, outcome)) in (0..).zip(digests.iter().zip(outcomes)) {
        let row = store.outbound(*digest).await.unwrap().unwrap();
        let name = pouch(&format!("pouch {sequence}"));
        partner.receive(name.clone(), vec![]).await.unwrap();
        let receipt = entry(sequence, *digest, outcome);
        let effect = match outcome {
            Outcome::Refused => PublishEffect::Nothing,
            _ => their_release(1),
        };
        let input = publication(name.digest, arrival_of(&row), effect);
        let receipt = PublishInput { receipt: Some(receipt.clone()), ..input };
        entries.extend(receipt.receipt.clone());
        partner.publish(receipt).await.unwrap();
    }
    settle(store, 0, entries, Some(4)).await.unwrap();

    let mine = store.figures(outward()).await.unwrap();
    let theirs = partner.figures(outward()).await.unwrap();
    let kind = |it: &comity_exchange::ports::KindCount| {
        (it.kind.clone(), it.outcome.clone(), it.count, it.admitted, it.refused)
    };
    let release = |outcome: Option<&str>, count, admitted, refused| {
        ("release".to_owned(), outcome.map(ToOwned::to_owned), count, admitted, refused)
    };
    let expected = [
        release(Some("admitted"), 2, 4, 0),
        release(Some("partial"), 1, 1, 1),
        release(Some("refused"), 1, 0, 2),
    ];
    assert_eq!(theirs.kinds.iter().map(kind).collect::<Vec<_>>(), expected);
    assert_eq!(mine.kinds.iter().skip(1).map(kind).collect::<Vec<_>>(), expected);
    assert_eq!(mine.kinds.first().map(kind), Some(release(None, 1, 0, 0)));
    assert_eq!((mine.statements, theirs.statements, mine.cosigned), (5, 4, 4));

    let row = store.outbound(digests[4]).await.unwrap().unwrap();
    let name = pouch("the last");
    partner.receive(name.clone(), vec![]).await.unwrap();
    let input = publication(name.digest, arrival_of(&row), their_release(1));
    partner.publish(input).await.unwrap();
    let theirs = partner.figures(outward()).await.unwrap();
    assert_eq!(theirs.root, mine.root);
}
