//! Recalls, answers and purge statements that no honest partner makes, and recalls that come before their turn.

use comity_exchange::compose::Selection;
use comity_exchange::ports::PouchState;
use comity_model::matter::{
    OnwardCount, PurgeBody, PurgeCause, PurgedRelease, RecallAction, RecallAnswerBody, RecallBody,
    RecallOutcome,
};
use comity_model::{Digest, Grounds, MatterId, MatterKind};
use comity_testkit::{OTHER_CLAUSE, Result, indicator};

use super::{of, release};
use crate::retention::id;
use crate::support::Wire;

const BASIS: &str = "Exchange of notes of 2026-01-30";

fn grounds() -> Grounds {
    Grounds { legal_basis: vec![BASIS.to_owned()], reasons: Vec::new() }
}

pub(super) fn asking(number: u128, target: Digest, objects: &[u64]) -> Result<RecallBody> {
    Ok(RecallBody {
        recall: MatterId::new(MatterKind::Recall, uuid::Uuid::from_u128(number)),
        folio: "US-2026-000009".parse()?,
        release: target,
        objects: objects.iter().copied().map(id).collect(),
        action: RecallAction::Purge,
        replacement: None,
        hours: 8,
        grounds: grounds(),
    })
}

/// A release of these indicators, forged and sent in its turn.
pub(super) async fn given(wire: &mut Wire, numbers: std::ops::Range<u64>) -> Result<Digest> {
    let draft = wire.draft(&numbers.map(indicator).collect::<Vec<_>>())?;
    let forge = wire.release(&draft, 1)?;
    let digest = wire.seal(&forge)?.digest;
    assert_eq!(wire.send(&forge).await?.code, None);
    Ok(digest)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_that_is_held_freezes_its_targets_for_every_reader_at_once() -> Result<()> {
    let mut wire = Wire::new().await?;
    let first = given(&mut wire, 0..2).await?;
    let between = wire.draft(&[indicator(5)])?;
    let between = wire.release(&between, 1)?;
    let between = wire.seal(&between)?;
    wire.before.push(between.digest);
    let forge = wire.say(asking(1, first, &[1])?, None)?;
    let early = wire.seal(&forge)?;
    let row = wire.put(&early.pouch).await?;
    assert_eq!(row.state, PouchState::Held);
    assert!(comity_exchange::recall::all(wire.mx(), 9).await?.is_empty(), "not its turn");
    assert_eq!(wire.objects().await?, 1);
    assert!(wire.mx().store().holding(id(1)).await?.is_none());
    wire.put(&between.pouch).await?;
    assert_eq!(wire.objects().await?, 2, "and it stays so when its turn comes");
    assert_eq!(wire.mx().store().frozen(id(1)).await?[0].recalls.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recalled_before_it_arrives_is_seen_by_nobody() -> Result<()> {
    let mut wire = Wire::new().await?;
    let draft = wire.draft(&[indicator(0), indicator(1)])?;
    let late = wire.release(&draft, 1)?;
    let late = wire.seal(&late)?;
    wire.before.push(late.digest);
    let forge = wire.say(asking(1, late.digest, &[1])?, None)?;
    let early = wire.seal(&forge)?;
    assert_eq!(wire.put(&early.pouch).await?.state, PouchState::Held);
    wire.put(&late.pouch).await?;
    assert_eq!(wire.objects().await?, 1);
    assert!(wire.mx().store().holding(id(1)).await?.is_none());
    assert_eq!(wire.mx().store().frozen(id(1)).await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_that_is_refused_in_its_turn_freezes_nothing_any_more() -> Result<()> {
    let mut wire = Wire::new().await?;
    let first = given(&mut wire, 0..2).await?;
    let between = wire.draft(&[indicator(5)])?;
    let between = wire.release(&between, 1)?;
    let between = wire.seal(&between)?;
    wire.before.push(between.digest);
    let wrong = RecallBody { hours: 1, ..asking(1, first, &[1])? };
    let forge = wire.say(wrong, None)?;
    let early = wire.seal(&forge)?;
    wire.put(&early.pouch).await?;
    assert_eq!(wire.objects().await?, 1);
    wire.put(&between.pouch).await?;
    assert_eq!(wire.row(early.pouch_digest).await?.code.as_deref(), Some("bad-body"));
    assert_eq!(wire.objects().await?, 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_of_what_was_not_taken_in_is_refused_and_changes_nothing() -> Result<()> {
    let mut wire = Wire::new().await?;
    let first = given(&mut wire, 0..2).await?;
    wire.pair.mx.hold(&indicator(9)).await?;
    let ids = Selection::Ids(vec![id(9)]);
    let ours = wire.pair.mx.release(&wire.pair.us, OTHER_CLAUSE, ids, 1).await?.digest;
    let wrong = [
        asking(1, Digest::of(b"nothing"), &[])?,
        asking(2, first, &[1, 7])?,
        asking(3, ours, &[])?,
        RecallBody {
            action: RecallAction::Replace,
            replacement: Some(Digest::of(b"nothing")),
            ..asking(4, first, &[])?
        },
    ];
    for body in wrong {
        let forge = wire.say(body, None)?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "target-unknown").await?;
    }
    let forge = wire.say(RecallBody { hours: 4, ..asking(5, first, &[])? }, None)?;
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "bad-body").await?;
    assert!(wire.mx().store().holding(id(1)).await?.is_some());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_and_a_purge_speak_of_no_more_than_was_sent() -> Result<()> {
    let mut wire = Wire::new().await?;
    let mx = &wire.pair.mx;
    mx.hold(&comity_testkit::indicators(0..3)).await?;
    let ids = Selection::Ids((0..3).map(id).collect());
    let sent = mx.release(&wire.pair.us, OTHER_CLAUSE, ids, 1).await?.digest;
    let asked = comity_exchange::recall::recall(&mx.node, of(release(&sent, &[0, 1]))).await?;
    let recall = mx.node.store().matter_of(asked.sealed[0].digest).await?.ok_or("no recall")?.id;
    let answer = |purged, held, outcome| -> Result<RecallAnswerBody> {
        let (folio, grounds) = ("US-2026-000009".parse()?, grounds());
        let (gone, units, told, onward) = (0, 0, 0, OnwardCount::default());
        Ok(RecallAnswerBody {
            recall,
            folio,
            outcome,
            purged,
            held,
            gone,
            units,
            told,
            onward,
            grounds,
        })
    };
    let beyond = RecallAnswerBody { gone: 1, ..answer(2, 0, RecallOutcome::Done)? };
    for body in [answer(3, 0, RecallOutcome::Done)?, answer(2, 1, RecallOutcome::Held)?, beyond] {
        let forge = wire.say(body, None)?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "target-unknown").await?;
    }
    let first = given(&mut wire, 20..21).await?;
    let it = |release, purged, held, remaining| PurgedRelease { release, purged, held, remaining };
    let wrong = [
        vec![it(Digest::of(b"nothing"), 1, 0, 0)],
        vec![it(first, 1, 0, 0)],
        vec![it(sent, 4, 0, 0)],
        vec![it(sent, 1, 1, 2)],
        vec![it(sent, u64::MAX, u64::MAX, 1)],
        vec![it(sent, 1, 0, 0), it(sent, 1, 0, 0)],
    ];
    for (number, releases) in (100..).zip(wrong) {
        let body = PurgeBody {
            purge: MatterId::new(MatterKind::Purge, uuid::Uuid::from_u128(number)),
            folio: "US-2026-000010".parse()?,
            cause: PurgeCause::Retention,
            releases,
            grounds: grounds(),
        };
        let forge = wire.say(body, None)?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "target-unknown").await?;
    }
    let forge = wire.say(answer(2, 0, RecallOutcome::Done)?, None)?;
    assert_eq!(wire.send(&forge).await?.code, None, "an honest one is taken");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_of_what_an_open_one_names_has_no_effect() -> Result<()> {
    let mut wire = Wire::new().await?;
    let first = given(&mut wire, 0..3).await?;
    for (number, objects, expected) in [
        (1, &[1, 2][..], None),
        (2, &[2][..], Some("recall-open")),
        // more than was asked for before is something new
        (3, &[0, 1][..], None),
        (4, &[][..], None),
        (5, &[][..], Some("recall-open")),
    ] {
        let forge = wire.say(asking(number, first, objects)?, None)?;
        assert_eq!(wire.send(&forge).await?.code.as_deref(), expected, "{number}");
    }
    assert_eq!(wire.objects().await?, 0, "what the others name stays frozen");
    Ok(())
}
