use comity_exchange::ports::{KeptPouch, OutboxView, ReleaseState, Store, ToCarry};
use comity_model::Digest;

use crate::support::{
    at, checkpoint_of, consumed, events, inward, line, make_node, mx, outward, root, sealed, sign,
};

pub(crate) async fn signatures_attach_in_order_and_once(store: &dyn Store) {
    make_node(store).await;
    consumed(store, 0, vec![]).await;
    let first = sealed(store, 1).await.digest;
    let checkpoint = store.seal(checkpoint_of(2, 1)).await.unwrap().digest;
    let second = sealed(store, 3).await.digest;
    let unsigned: Vec<Digest> =
        store.unsigned(9).await.unwrap().into_iter().map(|it| it.digest).collect();
    assert_eq!(unsigned, [first, checkpoint, second]);
    assert_eq!(store.unsigned(1).await.unwrap().len(), 1);

    let attach = |digests: &[Digest]| {
        let envelopes = digests.iter().map(|it| (*it, it.hex().into_bytes())).collect();
        store.attach(outward(), envelopes, None)
    };
    assert_eq!(attach(&[second]).await.unwrap_err().code(), "conflict");
    let unknown = Digest::of(b"unknown");
    assert_eq!(attach(&[first, second, unknown]).await.unwrap_err().code(), "not-found");
    assert_eq!(store.outbound(first).await.unwrap().unwrap().envelope, None);
    assert_eq!(attach(&[first, checkpoint, second]).await.unwrap(), 2);
    assert_eq!(store.outbound_head(outward()).await.unwrap().signed, 2);
    for digest in [first, checkpoint, second] {
        let row = store.outbound(digest).await.unwrap().unwrap();
        assert_eq!(row.envelope, Some(digest.hex().into_bytes()));
    }
    // Another process was at it too: the first signatures stay.
    let again = vec![(first, b"again".to_vec()), (second, b"again".to_vec())];
    assert_eq!(store.attach(outward(), again, None).await.unwrap(), 2);
    let row = store.outbound(second).await.unwrap().unwrap();
    assert_eq!(row.envelope, Some(second.hex().into_bytes()));
    assert!(store.unsigned(9).await.unwrap().is_empty());
    let elsewhere = store.attach(inward(), vec![(first, vec![])], None).await.unwrap_err();
    assert_eq!(elsewhere.code(), "not-found");
}

pub(crate) async fn no_checkpoint_covers_an_unsigned_statement(store: &dyn Store) {
    make_node(store).await;
    for number in 1..=3 {
        sealed(store, number).await;
    }
    sign(store, 2).await;
    let note = |size: u64| Some((size, format!("note {size}")));
    let ahead = store.attach(outward(), vec![], note(3)).await.unwrap_err();
    assert_eq!(ahead.code(), "misuse");
    store.attach(outward(), vec![], note(2)).await.unwrap();
    assert_eq!(store.attach(outward(), vec![], note(1)).await.unwrap(), 2);
    assert_eq!(store.outbound_head(outward()).await.unwrap().checkpoint, note(2));
    let last = store.unsigned(9).await.unwrap()[0].digest;
    assert_eq!(store.attach(outward(), vec![(last, vec![1])], note(3)).await.unwrap(), 3);
    assert_eq!(store.outbound_head(outward()).await.unwrap().checkpoint, note(3));
}

async fn positions(store: &dyn Store, after: u64, limit: u32) -> Vec<u64> {
    let rows = store.outbox(mx(), after, limit).await.unwrap();
    assert!(rows.iter().all(|row| row.envelope.is_some()));
    rows.into_iter().map(|row| row.position).collect()
}

pub(crate) async fn nothing_unsigned_is_passed_over(store: &dyn Store) {
    make_node(store).await;
    consumed(store, 0, vec![]).await;
    for number in 1..=4 {
        sealed(store, number).await;
    }
    assert!(positions(store, 0, 9).await.is_empty());
    sign(store, 3).await;
    assert_eq!(positions(store, 0, 9).await, [1, 2, 3]);
    assert_eq!(positions(store, 1, 1).await, [2]);
    // A checkpoint can be signed before the statement that stands before it.
    let later = store.seal(checkpoint_of(9, 1)).await.unwrap().digest;
    store.attach(outward(), vec![(later, vec![1])], None).await.unwrap();
    assert_eq!(positions(store, 0, 9).await, [1, 2, 3]);
    sign(store, 1).await;
    assert_eq!(positions(store, 2, 9).await, [3, 4, 5]);
    assert!(positions(store, u64::MAX, 9).await.is_empty());
    assert!(store.outbox(root("ca"), 0, 9).await.unwrap().is_empty());
}

pub(crate) async fn the_cursor_moves_forward_over_what_was_delivered(store: &dyn Store) {
    make_node(store).await;
    assert_eq!(store.outbox_view(mx()).await.unwrap(), OutboxView::default());
    for number in 1..=3 {
        sealed(store, number).await;
    }
    sign(store, 2).await;
    let delivered = |position| store.delivered(mx(), position, vec![line("delivered")]);
    assert_eq!(delivered(3).await.unwrap_err().code(), "misuse");
    assert_eq!(delivered(4).await.unwrap_err().code(), "misuse");
    delivered(2).await.unwrap();
    delivered(1).await.unwrap();
    let since = Some(at(10));
    let view = OutboxView { cursor: 2, last: 3, unsettled: 3, unsettled_since: since };
    assert_eq!(store.outbox_view(mx()).await.unwrap(), view);
    let states: Vec<ReleaseState> =
        store.releases(9).await.unwrap().iter().map(|it| it.state).collect();
    let (sealed, done) = (ReleaseState::Sealed, ReleaseState::Delivered);
    assert_eq!(states, [sealed, done, done]);
    let events = events(store).await;
    assert_eq!(events.iter().filter(|it| *it == "delivered").count(), 1);
}

pub(crate) async fn a_rewound_outbox_sends_again(store: &dyn Store) {
    make_node(store).await;
    for number in 1..=4 {
        sealed(store, number).await;
    }
    sign(store, 4).await;
    store.delivered(mx(), 3, vec![]).await.unwrap();
    let cursor = || async { store.outbox_view(mx()).await.unwrap().cursor };
    let rewind = |sequence| store.rewind(mx(), outward(), sequence, vec![line("rewound")]);
    rewind(3).await.unwrap();
    rewind(4).await.unwrap();
    assert_eq!(cursor().await, 3);
    assert_eq!(rewind(5).await.unwrap_err().code(), "not-found");
    assert_eq!(rewind(u64::MAX).await.unwrap_err().code(), "not-found");
    rewind(1).await.unwrap();
    assert_eq!(cursor().await, 1);
    rewind(2).await.unwrap();
    assert_eq!(cursor().await, 1);
    assert_eq!(positions(store, 1, 9).await, [2, 3, 4]);
    rewind(0).await.unwrap();
    assert_eq!(cursor().await, 0);
    let events = events(store).await;
    assert_eq!(events.iter().filter(|it| *it == "rewound").count(), 2);
}

pub(crate) async fn a_pouch_once_made_is_remembered(store: &dyn Store) {
    make_node(store).await;
    let digest = sealed(store, 1).await.digest;
    for name in [b"one", b"two"] {
        let kept = KeptPouch { digest: Digest::of(name), size: 77, key: Digest::of(b"key") };
        store.pouch_made(digest, kept).await.unwrap();
        let row = store.outbound(digest).await.unwrap().unwrap();
        assert_eq!(row.pouch, Some(kept));
    }
    let kept = KeptPouch { digest, size: 1, key: digest };
    let unknown = store.pouch_made(Digest::of(b"x"), kept).await.unwrap_err();
    assert_eq!(unknown.code(), "not-found");
}

pub(crate) async fn a_courier_takes_what_nobody_answered_and_once_what_is_new(store: &dyn Store) {
    make_node(store).await;
    let mut all = Vec::new();
    for number in 1..=3 {
        all.push(sealed(store, number).await.digest);
    }
    let waiting = async |which, after, limit| {
        let rows = store.to_carry(mx(), which, after, limit).await.unwrap();
        rows.into_iter().map(|row| row.statement).collect::<Vec<_>>()
    };
    assert!(waiting(ToCarry::New, 0, 9).await.is_empty(), "nothing is signed");
    let kept = KeptPouch { digest: Digest::of(b"pouch"), size: 77, key: Digest::of(b"key") };
    let unsigned = store.exported(all[0], kept, vec![line("exported")]).await.unwrap_err();
    assert_eq!(unsigned.code(), "not-found");
    sign(store, 3).await;
    assert_eq!(waiting(ToCarry::New, 0, 9).await, all);
    assert_eq!(waiting(ToCarry::New, 1, 1).await, all[1..2]);
    store.exported(all[0], kept, vec![line("exported")]).await.unwrap();
    assert_eq!(waiting(ToCarry::New, 0, 9).await, all[1..]);
    assert_eq!(waiting(ToCarry::Unanswered, 0, 9).await, all);
    let first = store.to_carry(mx(), ToCarry::Unanswered, 0, 1).await.unwrap();
    assert_eq!(first[0].pouch, Some(kept));
    store.delivered(mx(), 2, vec![]).await.unwrap();
    assert_eq!(waiting(ToCarry::New, 0, 9).await, all[2..]);
    // what the partner asks for again is new again
    store.rewind(mx(), outward(), 0, vec![]).await.unwrap();
    assert_eq!(waiting(ToCarry::New, 0, 9).await, all);
    assert_eq!(waiting(ToCarry::Since("2000-01-01T00:00:00Z".parse().unwrap()), 0, 9).await, all);
    assert!(
        waiting(ToCarry::Since("2200-01-01T00:00:00Z".parse().unwrap()), 0, 9).await.is_empty()
    );
    let events = events(store).await;
    assert_eq!(events.iter().filter(|it| *it == "exported").count(), 1);
}
