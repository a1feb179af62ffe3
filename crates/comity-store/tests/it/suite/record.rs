use std::collections::BTreeMap;

use comity_exchange::ports::{
    FolioSubject, MatterQuery, MatterRow, PublishEffect, ReleaseState, SealEffect, SealInput, Store,
};
use comity_log::{Frontier, Hash, inclusion_proof, verify_inclusion};
use comity_model::matter::Stage;
use comity_model::statement::{
    Decided, DecisionBody, Kind, Payload, ProposalBody, ProposalSubject, ReleaseBody,
};
use comity_model::{Digest, MatterId, MatterKind};
use uuid::Uuid;

use crate::support::{
    approved, arrival, arrived, at, checkpoint_of, consumed, draft, events, inward, leaf, line,
    make_node, outward, publication, receipt_of, seal_of, sealed, sealing, their_digest,
};

pub(crate) async fn each_statement_follows_the_one_before(store: &dyn Store) {
    make_node(store).await;
    let empty = store.outbound_head(outward()).await.unwrap();
    assert_eq!((empty.next, empty.last, empty.signed), (0, None, 0));
    let mut previous = None;
    for sequence in 0..4 {
        let row = sealed(store, 1 + u128::from(sequence)).await;
        let payload = Payload::parse(&row.payload).unwrap();
        assert_eq!(payload.sequence, Some(sequence));
        assert_eq!(payload.previous, previous);
        assert_eq!(row.digest, Digest::of(&row.payload));
        assert_eq!((row.sequence, row.position), (Some(sequence), sequence + 1));
        let head = store.outbound_head(outward()).await.unwrap();
        assert_eq!((head.next, head.last), (sequence + 1, Some(row.digest)));
        assert_eq!(head.last_issued, Some(payload.issued_at));
        assert_eq!(store.outbound(row.digest).await.unwrap(), Some(row.clone()));
        previous = Some(row.digest);
    }
}

pub(crate) async fn the_tree_proves_every_statement(store: &dyn Store) {
    make_node(store).await;
    let mut expected = Frontier::new();
    let mut digests = vec![];
    for number in 1..=11 {
        let row = sealed(store, number).await;
        expected.append(leaf(&row.digest), |_, _, _| {}).unwrap();
        digests.push(row.digest);
    }
    let head = store.outbound_head(outward()).await.unwrap();
    assert_eq!(head.frontier, expected.to_bytes());
    let wanted = (0..5).flat_map(|level| (0..11).map(move |index| (level, index))).collect();
    let nodes: BTreeMap<(u8, u64), Hash> =
        store.tree_nodes(outward(), wanted).await.unwrap().into_iter().collect();
    assert_eq!(nodes.len(), 11 + 5 + 2 + 1);
    for (index, digest) in (0..).zip(&digests) {
        let proof = inclusion_proof(index, 11, &nodes).unwrap();
        verify_inclusion(&leaf(digest), index, 11, &proof, &expected.root()).unwrap();
    }
    assert!(store.tree_nodes(inward(), vec![(0, 0)]).await.unwrap().is_empty());
}

pub(crate) async fn a_channel_never_goes_back_in_time(store: &dyn Store) {
    make_node(store).await;
    let mut times = vec![];
    for (number, second) in [(1, 50), (2, 20), (3, 60)] {
        let release = approved(store, number).await;
        let mut input = seal_of(&release, number);
        input.draft.issued_at = at(second);
        let row = store.seal(input).await.unwrap();
        let issued = Payload::parse(&row.payload).unwrap().issued_at;
        assert_eq!(row.sealed_at, issued);
        times.push(issued);
    }
    assert_eq!(times, [at(50), at(50), at(60)]);
}

pub(crate) async fn a_release_is_sealed_once_and_only_as_it_was_approved(store: &dyn Store) {
    make_node(store).await;
    let release = approved(store, 1).await;
    let id = release.record.release;
    let mut changed = seal_of(&release, 1);
    if let SealEffect::Release { digest, .. } = &mut changed.effect {
        *digest = Digest::of(b"changed");
    }
    assert_eq!(store.seal(changed).await.unwrap_err().code(), "conflict");

    let composed = store.compose(crate::support::composition(2), vec![]).await.unwrap();
    assert_eq!(store.seal(seal_of(&composed, 2)).await.unwrap_err().code(), "conflict");

    let row = store.seal(seal_of(&release, 1)).await.unwrap();
    let sealed = store.release(id).await.unwrap().unwrap();
    assert_eq!(sealed.state, ReleaseState::Sealed);
    assert_eq!((sealed.statement, sealed.sequence), (Some(row.digest), Some(0)));
    assert_eq!(row.parts, release.parts);
    assert_eq!(store.seal(seal_of(&release, 3)).await.unwrap_err().code(), "conflict");
    assert_eq!(store.outbound_head(outward()).await.unwrap().next, 1);

    let body: ReleaseBody = Payload::parse(&row.payload).unwrap().body().unwrap();
    assert_eq!(body.release.as_bytes(), release.bytes);
}

pub(crate) fn proposal(number: u128) -> ProposalBody {
    ProposalBody {
        proposal: MatterId::new(MatterKind::Proposal, Uuid::from_u128(number)),
        folio: "XX-1999-000999".parse().unwrap(),
        subject: ProposalSubject::JointOperation,
        in_reply_to: None,
        again: None,
        legal_basis: vec![],
    }
}

pub(crate) fn their_putting(body: &ProposalBody, text: &str) -> PublishEffect {
    PublishEffect::Matter {
        body: body.clone().into(),
        text: Some(text.to_owned()),
        attachments: vec![],
    }
}

fn putting(number: u128) -> SealInput {
    let body = proposal(number);
    let draft = draft(Kind::Proposal, number, &body);
    sealing(draft, SealEffect::Matter { body: body.into(), text: Some("Its text".to_owned()) })
}

pub(crate) async fn a_proposal_gets_its_folio_inside_its_payload(store: &dyn Store) {
    make_node(store).await;
    approved(store, 1).await;
    let row = store.seal(putting(2)).await.unwrap();
    let body: ProposalBody = Payload::parse(&row.payload).unwrap().body().unwrap();
    assert_eq!(body.folio.to_string(), "US-2026-000002");
    let kept = store.matter(body.proposal).await.unwrap().unwrap();
    let [entry] = &kept.entries[..] else { panic!("one entry") };
    assert_eq!((&entry.folio, entry.body()), (&body.folio, &body.clone().into()));
    assert_eq!((entry.statement(), entry.text.as_deref()), (row.digest, Some("Its text")));
    assert_eq!((kept.opener, kept.other), (outward().from, outward().to));
    assert_eq!(store.matter_of(row.digest).await.unwrap().as_ref(), Some(&kept));
    assert_eq!(matters(store).await, [kept]);
    let found = store.by_folio(body.folio).await.unwrap();
    assert_eq!(found, Some(FolioSubject::Matter(body.proposal)));
}

pub(crate) async fn a_seal_that_fails_uses_up_nothing(store: &dyn Store) {
    make_node(store).await;
    let first = store.seal(putting(1)).await.unwrap();
    let head = store.outbound_head(outward()).await.unwrap();
    // The same id of a statement: refused by the last step of the transaction, after folio, leaf and head.
    let mut again = putting(2);
    again.draft.id = first.id;
    store.seal(again).await.unwrap_err();
    let mut elsewhere = putting(2);
    elsewhere.partner = outward().from;
    assert_eq!(store.seal(elsewhere).await.unwrap_err().code(), "misuse");
    let mut mislabelled = putting(2);
    mislabelled.draft.kind = Kind::Release;
    assert_eq!(store.seal(mislabelled).await.unwrap_err().code(), "misuse");
    assert_eq!(store.outbound_head(outward()).await.unwrap(), head);
    assert_eq!(matters(store).await.len(), 1);
    assert_eq!(events(store).await, ["sealed"]);

    let next = store.seal(putting(2)).await.unwrap();
    assert_eq!((next.sequence, next.position), (Some(1), 2));
    let body: ProposalBody = Payload::parse(&next.payload).unwrap().body().unwrap();
    assert_eq!(body.folio.to_string(), "US-2026-000002");
}

pub(crate) async fn a_receipt_answers_only_what_is_due(store: &dyn Store) {
    make_node(store).await;
    for sequence in 0..3 {
        consumed(store, sequence, vec![]).await;
    }
    let due = |limit| async move {
        let entries = store.receipts_due(inward(), limit).await.unwrap();
        entries.into_iter().map(|it| (it.sequence, it.digest)).collect::<Vec<_>>()
    };
    assert_eq!(due(9).await, [0, 1, 2].map(|it| (it, their_digest(it))));
    assert_eq!(due(2).await.len(), 2);
    assert_eq!(store.inbound_head(inward()).await.unwrap().due, 3);

    store.seal(receipt_of(1, &[0, 2], Some(2))).await.unwrap();
    assert_eq!(due(9).await, [(1, their_digest(1))]);
    let again = store.seal(receipt_of(2, &[1, 2], None)).await.unwrap_err();
    assert_eq!(again.code(), "conflict");
    let head = store.inbound_head(inward()).await.unwrap();
    assert_eq!((head.due, head.cosigned), (1, Some((2, "note 2".to_owned()))));
    assert_eq!(head.uncosigned_since, Some(at(30)));
    let answered = store.inbox_row(their_digest(0)).await.unwrap().unwrap();
    let open = store.inbox_row(their_digest(1)).await.unwrap().unwrap();
    assert!(answered.receipted && !open.receipted);

    store.seal(receipt_of(2, &[1], Some(3))).await.unwrap();
    let head = store.inbound_head(inward()).await.unwrap();
    assert_eq!((head.due, head.uncosigned_since), (0, None));
}

pub(crate) async fn a_checkpoint_has_no_place_in_the_log(store: &dyn Store) {
    make_node(store).await;
    consumed(store, 0, vec![]).await;
    sealed(store, 1).await;
    let before = store.outbound_head(outward()).await.unwrap();
    let row = store.seal(checkpoint_of(2, 1)).await.unwrap();
    assert_eq!((row.sequence, row.position), (None, 2));
    let payload = Payload::parse(&row.payload).unwrap();
    assert_eq!((payload.sequence, payload.previous), (None, None));
    assert_eq!(store.outbound_head(outward()).await.unwrap(), before);
    let head = store.inbound_head(inward()).await.unwrap();
    assert_eq!(head.cosigned, Some((1, "note 1".to_owned())));
    assert_eq!(store.figures(outward()).await.unwrap().statements, 1);

    // A smaller one does not take the place of a larger one.
    consumed(store, 1, vec![]).await;
    store.seal(checkpoint_of(3, 2)).await.unwrap();
    store.seal(checkpoint_of(4, 1)).await.unwrap();
    assert_eq!(store.inbound_head(inward()).await.unwrap().cosigned.unwrap().0, 2);
}

pub(crate) async fn nothing_is_cosigned_that_was_not_consumed(store: &dyn Store) {
    make_node(store).await;
    consumed(store, 0, vec![]).await;
    assert_eq!(store.seal(checkpoint_of(1, 2)).await.unwrap_err().code(), "misuse");
    assert_eq!(store.seal(receipt_of(1, &[0], Some(2))).await.unwrap_err().code(), "misuse");
    assert_eq!(store.inbound_head(inward()).await.unwrap().due, 1);
    let mut unnamed = checkpoint_of(1, 1);
    unnamed.effect = SealEffect::Receipt { channel: inward(), sequences: vec![], cosigned: None };
    assert_eq!(store.seal(unnamed).await.unwrap_err().code(), "misuse");
}

pub(crate) fn decision(of: &ProposalBody, statement: Digest) -> DecisionBody {
    DecisionBody {
        proposal: of.proposal,
        statement,
        folio: "XX-1999-000998".parse().unwrap(),
        decision: Decided::Declined,
        office: "Legal affairs".to_owned(),
        legal_basis: vec!["Exchange of notes of 2026-01-30".to_owned()],
        reasons: vec![],
    }
}

/// Every matter, newest first.
pub(crate) async fn matters(store: &dyn Store) -> Vec<MatterRow> {
    store.matters(MatterQuery { limit: 9, ..MatterQuery::default() }).await.unwrap()
}

pub(crate) async fn a_decision_needs_an_open_proposal(store: &dyn Store) {
    make_node(store).await;
    let theirs = ProposalBody { folio: "MX-2026-000007".parse().unwrap(), ..proposal(1) };
    let pouch = arrived(store, "pouch").await;
    let arrival = arrival(0, Kind::Proposal);
    let statement = arrival.digest;
    let effect = their_putting(&theirs, "Its text");
    store.publish(publication(pouch, arrival, effect)).await.unwrap();
    store.seal(putting(2)).await.unwrap();

    let decide = |number, body: DecisionBody| {
        let draft = draft(Kind::Decision, number, &body);
        let effect = SealEffect::Matter { body: body.into(), text: Some("Its grounds".to_owned()) };
        store.seal(sealing(draft, effect))
    };
    let unknown = decide(3, decision(&proposal(9), statement)).await.unwrap_err();
    assert_eq!(unknown.code(), "not-found");
    let own = decide(3, decision(&proposal(2), statement)).await.unwrap_err();
    assert_eq!(own.code(), "conflict");
    let other = decide(3, decision(&theirs, Digest::of(b"other"))).await.unwrap_err();
    assert_eq!(other.code(), "conflict");

    // the partner must see in the record what was heard before it was answered
    let early = decide(3, decision(&theirs, statement)).await.unwrap_err();
    assert_eq!(early.code(), "conflict");
    store.seal(receipt_of(5, &[0], None)).await.unwrap();
    let row = decide(3, decision(&theirs, statement)).await.unwrap();
    let body: DecisionBody = Payload::parse(&row.payload).unwrap().body().unwrap();
    assert_eq!(body.folio.to_string(), "US-2026-000002");
    let kept = store.matter(theirs.proposal).await.unwrap().unwrap();
    assert_eq!(kept.stage(), Stage::Declined);
    let entry = kept.entries.last().unwrap();
    assert_eq!(entry.body(), &body.clone().into());
    assert_eq!((entry.text.as_deref(), entry.statement()), (Some("Its grounds"), row.digest));
    for folio in [theirs.folio.clone(), body.folio] {
        let found = store.by_folio(folio).await.unwrap();
        assert_eq!(found, Some(FolioSubject::Matter(theirs.proposal)));
    }
    assert_eq!(decide(4, decision(&theirs, statement)).await.unwrap_err().code(), "conflict");
}

pub(crate) async fn the_journal_names_the_place(store: &dyn Store) {
    make_node(store).await;
    let mut input = putting(1);
    input.journal = vec![line("proposal-put"), line("second")];
    input.journal[0].details = serde_json::json!({"to": "mx"});
    let row = store.seal(input).await.unwrap();
    let lines = store.journal_lines(0, 9).await.unwrap();
    let expected = serde_json::json!({"to": "mx", "sequence": 0, "digest": row.digest});
    assert_eq!(lines[0].entry.details, expected);
    assert_eq!(lines[1].entry.details, serde_json::json!({}));
}
