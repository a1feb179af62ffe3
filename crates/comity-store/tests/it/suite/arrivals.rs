use comity_exchange::ports::{
    Arrival, FolioSubject, PouchRow, PouchState, PublishEffect, PublishInput, SlotView, Store,
};
use comity_log::Frontier;
use comity_model::statement::{Kind, Outcome};
use comity_model::{ChannelId, Digest, StatementId};
use uuid::Uuid;

use super::record::{decision, matters, proposal, their_putting};
use crate::support::{
    agreement, arrival, arrived, at, consumed, draft, entry, events, inward, leaf, line, make_node,
    mx, nonce, outward, pouch, publication, root, sealed, sealing, their_digest, their_release, us,
};

async fn received(store: &dyn Store) -> Vec<Digest> {
    store.received(9).await.unwrap().into_iter().map(|it| it.digest).collect()
}

pub(crate) async fn a_pouch_that_is_known_stays_as_it_is(store: &dyn Store) {
    let first = pouch("a");
    store.receive(first.clone(), vec![line("received")]).await.unwrap();
    store.receive(pouch("b"), vec![]).await.unwrap();
    let again = PouchRow { via: None, size: 5, received_at: at(99), ..first.clone() };
    store.receive(again, vec![line("received again")]).await.unwrap();
    assert_eq!(store.pouch(first.digest).await.unwrap(), Some(first.clone()));
    assert_eq!(received(store).await, [first.digest, pouch("b").digest]);
    assert_eq!(store.received(1).await.unwrap(), [first]);
    assert_eq!(store.pouch(Digest::of(b"c")).await.unwrap(), None);
    assert_eq!(events(store).await, ["received"]);
}

pub(crate) async fn a_refused_pouch_may_come_again(store: &dyn Store) {
    let (a, b) = (arrived(store, "a").await, arrived(store, "b").await);
    let code = Some("cannot-open".to_owned());
    let close = |digest, state, code, statement| {
        store.close_pouch(digest, state, code, statement, vec![line("closed")])
    };
    close(a, PouchState::Refused, code.clone(), None).await.unwrap();
    close(b, PouchState::Repeated, None, Some(their_digest(0))).await.unwrap();
    let row = store.pouch(a).await.unwrap().unwrap();
    assert_eq!((row.state, &row.code), (PouchState::Refused, &code));
    let row = store.pouch(b).await.unwrap().unwrap();
    assert_eq!((row.state, row.statement), (PouchState::Repeated, Some(their_digest(0))));
    let gone = close(b, PouchState::Refused, code.clone(), None).await.unwrap_err();
    assert_eq!(gone.code(), "conflict", "another process was done with it and deleted it");
    assert!(received(store).await.is_empty());

    assert_eq!(arrived(store, "c").await, pouch("c").digest);
    arrived(store, "a").await;
    arrived(store, "b").await;
    assert_eq!(received(store).await, [pouch("c").digest, a]);
    assert_eq!(store.pouch(a).await.unwrap(), Some(pouch("a")));

    let unknown = close(Digest::of(b"x"), PouchState::Refused, None, None).await.unwrap_err();
    assert_eq!(unknown.code(), "not-found");
    let wrong = close(a, PouchState::Consumed, None, None).await.unwrap_err();
    assert_eq!(wrong.code(), "misuse");
}

pub(crate) async fn a_consumed_pouch_is_closed_for_good(store: &dyn Store) {
    consumed(store, 0, vec![]).await;
    let digest = pouch("pouch 0").digest;
    let close = store.close_pouch(digest, PouchState::Refused, None, None, vec![]).await;
    assert_eq!(close.unwrap_err().code(), "conflict");
    arrived(store, "pouch 0").await;
    let row = store.pouch(digest).await.unwrap().unwrap();
    assert_eq!((row.state, row.statement), (PouchState::Consumed, Some(their_digest(0))));
    let next = publication(digest, arrival(1, Kind::Release), their_release(2));
    assert_eq!(store.publish(next).await.unwrap_err().code(), "conflict");
}

pub(crate) async fn an_early_statement_waits_for_its_turn(store: &dyn Store) {
    assert_eq!(store.next_held(inward()).await.unwrap(), None);
    let mut pouches = vec![];
    for sequence in [2, 1] {
        let pouch = arrived(store, &format!("pouch {sequence}")).await;
        let early = arrival(sequence, Kind::Release);
        store.hold_early(pouch, early, vec![line("held")]).await.unwrap();
        pouches.push(pouch);
    }
    assert!(received(store).await.is_empty());
    assert_eq!(store.next_held(inward()).await.unwrap(), None);
    let view = slot(store, inward(), Some(2), 5_000).await;
    assert_eq!((view.held, view.occupant), (2, Some(their_digest(2))));

    // In time, or another one at a place that is taken.
    let other = arrived(store, "other").await;
    let in_time = store.hold_early(other, arrival(0, Kind::Release), vec![]).await.unwrap_err();
    let forked = Arrival { digest: Digest::of(b"other"), ..arrival(2, Kind::Release) };
    let forked = store.hold_early(other, forked, vec![]).await.unwrap_err();
    assert_eq!((in_time.code(), forked.code()), ("conflict", "conflict"));

    consumed(store, 0, vec![]).await;
    for (sequence, pouch) in [(1, pouches[1]), (2, pouches[0])] {
        let held = store.next_held(inward()).await.unwrap().unwrap();
        assert_eq!((held.digest, held.state), (pouch, PouchState::Held));
        assert_eq!(held.statement, Some(their_digest(sequence)));
        let effect = their_release(9);
        store.publish(publication(pouch, arrival(sequence, Kind::Release), effect)).await.unwrap();
    }
    assert_eq!(store.next_held(inward()).await.unwrap(), None);
    assert_eq!(slot(store, inward(), Some(3), 5_000).await.held, 0);
    assert_eq!(store.inbound_head(inward()).await.unwrap().next, 3);
}

async fn slot(
    store: &dyn Store,
    channel: ChannelId,
    sequence: Option<u64>,
    number: u128,
) -> SlotView {
    let id = StatementId::new(Uuid::from_u128(number));
    store.slot(channel, sequence, id, nonce(number).0).await.unwrap()
}

pub(crate) async fn the_place_of_a_statement_tells_repeat_replay_and_equivocation_apart(
    store: &dyn Store,
) {
    let empty = slot(store, inward(), Some(0), 1_000).await;
    assert_eq!((empty.head.next, empty.occupant, empty.seen_elsewhere), (0, None, None));
    consumed(store, 0, vec![]).await;
    consumed(store, 1, vec![]).await;

    let repeat = slot(store, inward(), Some(0), 1_000).await;
    assert_eq!((repeat.occupant, repeat.seen_elsewhere), (Some(their_digest(0)), None));
    let new = slot(store, inward(), Some(2), 9_999).await;
    assert_eq!((new.head.next, new.occupant, new.seen_elsewhere), (2, None, None));
    let replay = slot(store, inward(), Some(2), 1_001).await;
    assert_eq!((replay.occupant, replay.seen_elsewhere), (None, Some(1)));
    let id = StatementId::new(Uuid::from_u128(9_999));
    let nonce_again = store.slot(inward(), Some(2), id, nonce(1_000).0).await.unwrap();
    assert_eq!(nonce_again.seen_elsewhere, Some(0));
    let other_epoch = ChannelId { epoch: 2, ..inward() };
    assert_eq!(slot(store, other_epoch, Some(0), 1_000).await.seen_elsewhere, Some(0));

    // Another party cannot use up this one's ids.
    let stranger = ChannelId { from: root("ca"), ..inward() };
    assert_eq!(slot(store, stranger, Some(0), 1_000).await.seen_elsewhere, None);

    let pouch = arrived(store, "checkpoint").await;
    let checkpoint = Arrival { digest: Digest::of(b"cp"), ..arrival(500, Kind::Checkpoint) };
    let settle = PublishEffect::Settle { channel: outward(), entries: vec![], cosigned: None };
    make_node(store).await;
    sealed(store, 1).await;
    store.publish(publication(pouch, checkpoint, settle)).await.unwrap();
    let repeat = slot(store, inward(), None, 1_500).await;
    assert_eq!((repeat.occupant, repeat.seen_elsewhere), (Some(Digest::of(b"cp")), None));
    assert!(slot(store, inward(), Some(2), 1_500).await.seen_elsewhere.is_some());
    assert!(slot(store, inward(), None, 1_000).await.seen_elsewhere.is_some());
}

pub(crate) async fn a_statement_is_consumed_once_and_in_order(store: &dyn Store) {
    let pouch = arrived(store, "first").await;
    let second = arrived(store, "second").await;
    let publish = |pouch, sequence| {
        let input = publication(pouch, arrival(sequence, Kind::Release), their_release(1));
        store.publish(input)
    };
    assert_eq!(publish(pouch, 1).await.unwrap_err().code(), "conflict");
    assert_eq!(publish(Digest::of(b"no pouch"), 0).await.unwrap_err().code(), "not-found");
    publish(pouch, 0).await.unwrap();
    assert_eq!(publish(second, 0).await.unwrap_err().code(), "conflict");
    let leafless = publication(second, arrival(1, Kind::Release), their_release(1));
    let leafless = store.publish(PublishInput { leaf: None, ..leafless }).await.unwrap_err();
    assert_eq!(leafless.code(), "misuse");
    publish(second, 1).await.unwrap();
    let head = store.inbound_head(inward()).await.unwrap();
    assert_eq!((head.next, head.last, head.due), (2, Some(their_digest(1)), 2));
    assert_eq!((head.last_issued, head.uncosigned_since), (Some(at(5)), Some(at(30))));
    assert_eq!(events(store).await, ["consumed", "consumed"]);
    assert_eq!(store.inbound_channels().await.unwrap(), [inward()]);
}

pub(crate) async fn a_refused_statement_uses_its_place(store: &dyn Store) {
    let pouch = arrived(store, "pouch").await;
    let unknown = Arrival { kind: "remote-query".to_owned(), ..arrival(0, Kind::Release) };
    let digest = unknown.digest;
    store.publish(publication(pouch, unknown, PublishEffect::Nothing)).await.unwrap();
    let head = store.inbound_head(inward()).await.unwrap();
    assert_eq!((head.next, head.due), (1, 1));
    let row = store.inbox_row(digest).await.unwrap().unwrap();
    assert_eq!((row.kind.as_str(), row.receipt.outcome), ("remote-query", Outcome::Refused));
    assert_eq!(row.release, None);
    let pouch = store.pouch(pouch).await.unwrap().unwrap();
    assert_eq!((pouch.state, pouch.code.as_deref()), (PouchState::Consumed, Some("bad-body")));
    let due = store.receipts_due(inward(), 9).await.unwrap();
    assert_eq!(due, [entry(0, digest, Outcome::Refused)]);
}

pub(crate) async fn the_mirror_has_the_senders_root(store: &dyn Store) {
    let mut sender = Frontier::new();
    for sequence in 0..6 {
        // The fourth comes with an older checkpoint than the one before it.
        let size = if sequence == 3 { 2 } else { sequence + 1 };
        let note = Some((size, format!("note {size}")));
        let pouch = arrived(store, &format!("pouch {sequence}")).await;
        let arrival = Arrival { checkpoint: note, ..arrival(sequence, Kind::Release) };
        sender.append(leaf(&arrival.digest), |_, _, _| {}).unwrap();
        store.publish(publication(pouch, arrival, their_release(1))).await.unwrap();
        let head = store.inbound_head(inward()).await.unwrap();
        assert_eq!(head.frontier, sender.to_bytes());
        let seen = if sequence == 3 { 3 } else { sequence + 1 };
        assert_eq!(head.seen, Some((seen, format!("note {seen}"))));
    }
    let figures = store.figures(inward()).await.unwrap();
    assert_eq!((figures.statements, figures.cosigned), (6, 0));
    assert_eq!(figures.root, Some(Digest::from_bytes(sender.root())));
    assert_eq!(store.tree_nodes(inward(), vec![(0, 5), (1, 2), (1, 3)]).await.unwrap().len(), 2);
}

pub(crate) async fn the_inbox_tells_what_became_of_each(store: &dyn Store) {
    make_node(store).await;
    sealed(store, 1).await;
    consumed(store, 0, vec![]).await;
    let settle = || PublishEffect::Settle { channel: outward(), entries: vec![], cosigned: None };
    for (sequence, kind) in [(1, Kind::Receipt), (2, Kind::Checkpoint)] {
        let pouch = arrived(store, kind.as_str()).await;
        store.publish(publication(pouch, arrival(sequence, kind), settle())).await.unwrap();
    }
    let kinds = |all| async move {
        let rows = store.inbox(9, all).await.unwrap();
        rows.into_iter().map(|it| it.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(false).await, ["release"]);
    assert_eq!(kinds(true).await, ["checkpoint", "receipt", "release"]);
    assert_eq!(store.inbox(1, true).await.unwrap().len(), 1);

    let row = store.inbox_row(their_digest(0)).await.unwrap().unwrap();
    let sent = arrival(0, Kind::Release);
    assert_eq!((row.payload, row.envelope), (sent.payload, sent.envelope));
    assert_eq!((row.channel, row.sequence), (inward(), 0));
    assert_eq!(row.receipt, entry(0, their_digest(0), Outcome::Admitted));
    let folio: comity_model::Folio = "MX-2026-000001".parse().unwrap();
    assert_eq!(
        (row.folio.as_ref(), row.release.map(|it| it.folio)),
        (Some(&folio), Some(folio.clone()))
    );
    let found = store.by_folio(folio).await.unwrap();
    assert_eq!(found, Some(FolioSubject::Inbox(their_digest(0))));
    assert_eq!(store.inbox_row(Digest::of(b"x")).await.unwrap(), None);
    // No receipt is due for a receipt, and none for a checkpoint.
    assert_eq!(store.inbound_head(inward()).await.unwrap().due, 1);
}

pub(crate) async fn the_largest_numbers_of_a_partner_do_no_harm(store: &dyn Store) {
    let pouch = arrived(store, "early").await;
    let early = arrival(u64::MAX, Kind::Release);
    store.hold_early(pouch, early, vec![]).await.unwrap();
    let view = slot(store, inward(), Some(u64::MAX), 1).await;
    assert_eq!((view.occupant, view.held), (Some(their_digest(u64::MAX)), 1));
    assert_eq!(slot(store, inward(), Some(u64::MAX - 1), 1).await.occupant, None);

    make_node(store).await;
    let digest = sealed(store, 1).await.digest;
    let second = sealed(store, 2).await.digest;
    let boast = |sequence, digest| comity_model::statement::ReceiptEntry {
        admitted: u64::MAX - 5,
        refused: u64::MAX,
        ..entry(sequence, digest, Outcome::Partial)
    };
    let entries = vec![boast(0, digest), boast(1, second)];
    let settle = PublishEffect::Settle { channel: outward(), entries, cosigned: None };
    let pouch = arrived(store, "receipt").await;
    store.publish(publication(pouch, arrival(0, Kind::Receipt), settle)).await.unwrap();
    let figures = store.figures(outward()).await.unwrap();
    assert_eq!((figures.kinds[0].count, figures.kinds[0].admitted), (2, 2 * u64::from(u32::MAX)));
    let kept = store.outbound(digest).await.unwrap().unwrap().receipt;
    assert_eq!(kept, Some(boast(0, digest)));

    // A partner that numbers its papers as this party does is not found under this party's folio.
    let stolen = store.releases(9).await.unwrap()[1].record.folio.clone();
    let PublishEffect::Release { mut record } = their_release(1) else { unreachable!() };
    record.folio = stolen.clone();
    let pouch = arrived(store, "stolen").await;
    let effect = PublishEffect::Release { record };
    store.publish(publication(pouch, arrival(1, Kind::Release), effect)).await.unwrap();
    let own = store.releases(9).await.unwrap()[1].record.release;
    assert_eq!(store.by_folio(stolen).await.unwrap(), Some(FolioSubject::Release(own)));
}

pub(crate) async fn a_proposal_and_its_decision_cross(store: &dyn Store) {
    make_node(store).await;
    let body = proposal(1);
    let input = sealing(
        draft(Kind::Proposal, 1, &body),
        comity_exchange::ports::SealEffect::Matter {
            body: body.clone().into(),
            text: Some("text".to_owned()),
        },
    );
    let put = store.seal(input).await.unwrap();

    let decide = |sequence, statement| {
        let effect = PublishEffect::Matter {
            body: decision(&body, statement).into(),
            text: Some("grounds".to_owned()),
            attachments: vec![],
        };
        publication(pouch("decision").digest, arrival(sequence, Kind::Decision), effect)
    };
    arrived(store, "decision").await;
    let other = store.publish(decide(0, Digest::of(b"other"))).await.unwrap_err();
    assert_eq!(other.code(), "conflict");
    store.publish(decide(0, put.digest)).await.unwrap();
    let decided = store.matter(body.proposal).await.unwrap().unwrap();
    let entry = decided.entries.last().unwrap();
    assert_eq!(entry.text.as_deref(), Some("grounds"));
    assert_eq!((entry.statement(), entry.said.at), (their_digest(0), at(5)));
    assert!(entry.said.received_at.is_some());

    // A matter is opened once, by whomever.
    let theirs = |sequence, number, text: &str| {
        let body = comity_model::statement::ProposalBody {
            folio: "MX-2026-000003".parse().unwrap(),
            ..proposal(number)
        };
        let effect = their_putting(&body, text);
        let name = format!("proposal {sequence} {number}");
        (name.clone(), publication(pouch(&name).digest, arrival(sequence, Kind::Proposal), effect))
    };
    for (sequence, number, text, code) in [
        (1, 1, "not theirs", Some("exists")),
        (1, 2, "first", None),
        (2, 2, "again", Some("exists")),
    ] {
        let (name, input) = theirs(sequence, number, text);
        arrived(store, &name).await;
        let result = store.publish(input).await;
        assert_eq!(result.err().map(|it| it.code()), code, "{text}");
    }
    let kept = matters(store).await;
    assert_eq!(kept.len(), 2);
    let entry = &kept[0].entries[0];
    assert_eq!((entry.text.as_deref(), entry.statement()), (Some("first"), their_digest(1)));
    assert_eq!((kept[0].opener, kept[0].other), (inward().from, us()));
    assert_eq!(kept[0].agreement, agreement().id);
    assert_eq!(kept[1].entries[0].text.as_deref(), Some("text"));
}

async fn refused(store: &dyn Store, name: &str, code: &str, statement: Option<Digest>) {
    let digest = arrived(store, name).await;
    let code = Some(code.to_owned());
    store.close_pouch(digest, PouchState::Refused, code, statement, vec![]).await.unwrap();
}

/// Code, count, and whether nothing went through since.
async fn in_the_way(store: &dyn Store) -> Vec<(String, u64, bool)> {
    let found = store.refusals().await.unwrap();
    assert!(found.iter().all(|it| it.partner == mx() && (it.since, it.last) == (at(20), at(20))));
    found.into_iter().map(|it| (it.code, it.count, it.is_all)).collect()
}

pub(crate) async fn what_is_refused_stands_in_the_way_until_something_goes_through(
    store: &dyn Store,
) {
    make_node(store).await;
    refused(store, "a", "signature-bad", None).await;
    consumed(store, 0, vec![]).await;
    assert_eq!(in_the_way(store).await, []);
    refused(store, "b", "signature-bad", Some(their_digest(1))).await;
    refused(store, "c", "cannot-open", None).await;
    refused(store, "d", "signature-bad", Some(their_digest(1))).await;
    // what is of an epoch that ended, and what a courier brought, stands in nobody's way
    refused(store, "e", "epoch-closed", Some(their_digest(9))).await;
    store.receive(PouchRow { via: None, ..pouch("f") }, vec![]).await.unwrap();
    let code = Some("cannot-open".to_owned());
    store.close_pouch(pouch("f").digest, PouchState::Refused, code, None, vec![]).await.unwrap();
    let both = [("signature-bad".to_owned(), 2, true), ("cannot-open".to_owned(), 1, true)];
    assert_eq!(in_the_way(store).await, both);
    consumed(store, 1, vec![]).await;
    assert_eq!(in_the_way(store).await, []);
}

pub(crate) async fn one_statement_that_is_refused_again_and_again_is_named_whatever_else_comes(
    store: &dyn Store,
) {
    make_node(store).await;
    for name in ["a", "b", "c"] {
        refused(store, name, "agreement-unknown", Some(their_digest(7))).await;
    }
    consumed(store, 0, vec![]).await;
    assert_eq!(in_the_way(store).await, [("agreement-unknown".to_owned(), 3, false)]);
    for name in ["d", "e", "f"] {
        refused(store, name, "issued-in-future", Some(their_digest(1))).await;
    }
    consumed(store, 1, vec![]).await;
    assert_eq!(in_the_way(store).await.len(), 1, "what was taken in at last stands in no way");
}
