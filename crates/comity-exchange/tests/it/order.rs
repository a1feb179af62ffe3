//! Order: gaps are held and named, two statements for one place are evidence, a repeat is quiet.

use comity_exchange::ports::PouchState;
use comity_model::Digest;
use comity_testkit::{Forged, Result, indicator};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use crate::support::{Wire, journal};

/// The next releases of one object each, all of them forged before any is sent.
fn chain(wire: &mut Wire, count: u64) -> Result<Vec<Forged>> {
    let (mut chain, start) = (Vec::new(), wire.before.len());
    for number in 0..count {
        let draft = wire.draft(&[indicator(number)])?;
        let forge = wire.release(&draft, 1)?;
        let forged = wire.seal(&forge)?;
        wire.before.push(forged.digest);
        chain.push(forged);
    }
    assert_eq!(wire.before.len(), start + chain.len());
    Ok(chain)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_early_is_held_and_takes_effect_in_its_turn() -> Result<()> {
    let mut wire = Wire::new().await?;
    let chain = chain(&mut wire, 3)?;
    for early in [2, 1] {
        let row = wire.put(&chain[early].pouch).await?;
        assert_eq!(row.state, PouchState::Held);
        let line = wire.line("statement-held", chain[early].digest).await?.ok_or("no line")?;
        assert_eq!(line.entry.details["code"], "gap");
        assert_eq!(wire.objects().await?, 0, "nothing of it can be seen");
        assert_eq!(wire.mx().store().inbound_head(wire.channel()).await?.next, 0);
    }
    wire.put(&chain[0].pouch).await?;
    assert_eq!(wire.objects().await?, 3);
    let consumed = journal(wire.mx(), "statement-consumed").await?;
    let order: Vec<&str> = consumed.iter().map(|line| line.entry.subject.as_str()).collect();
    let sent: Vec<String> = chain.iter().map(|it| it.digest.to_string()).collect();
    assert_eq!(order, sent);
    for forged in &chain {
        assert_eq!(wire.row(forged.pouch_digest).await?.state, PouchState::Consumed);
    }
    assert_eq!(wire.mx().spool().used()?, 0, "no pouch is left on the disk");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_hundreds_in_any_order_take_effect_in_theirs() -> Result<()> {
    let mut wire = Wire::new().await?;
    let chain = chain(&mut wire, 200)?;
    let order = proptest::strategy::Just((0..chain.len()).collect::<Vec<_>>()).prop_shuffle();
    let order = order.new_tree(&mut TestRunner::deterministic()).map_err(|it| it.to_string())?;
    let order = order.current();
    for at in order {
        wire.pair.mx.put(&chain[at].pouch, Some(wire.pair.us.node.root())).await?;
        if at % 7 == 0 {
            wire.pair.mx.round().await?;
        }
    }
    wire.pair.mx.round().await?;
    assert_eq!(wire.objects().await?, 200);
    let consumed = journal(wire.mx(), "statement-consumed").await?;
    let sent: Vec<String> = chain.iter().map(|it| it.digest.to_string()).collect();
    assert_eq!(consumed.into_iter().map(|line| line.entry.subject).collect::<Vec<_>>(), sent);
    assert_eq!(wire.mx().spool().used()?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_a_crash_before_the_held_ones_leaves_them_waiting_for_the_restart()
-> Result<()> {
    let mut wire = Wire::new().await?;
    let chain = chain(&mut wire, 2)?;
    wire.put(&chain[1].pouch).await?;
    // as if the node stopped right after the first was consumed: the second is held, and at its turn
    let first = wire.pair.mx.put(&chain[0].pouch, None).await?;
    wire.pair
        .mx
        .sql(&format!("CREATE TABLE aside AS SELECT * FROM held; DELETE FROM held; -- {first}"))?;
    wire.pair.mx.round().await?;
    wire.pair.mx.sql("INSERT INTO held SELECT * FROM aside; DROP TABLE aside")?;
    assert_eq!(wire.objects().await?, 1);
    wire.pair.mx.restart().await?;
    wire.pair.mx.round().await?;
    assert_eq!(wire.objects().await?, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_statement_in_other_pouches_is_taken_once_and_leaves_no_file() -> Result<()> {
    let mut wire = Wire::new().await?;
    let chain = chain(&mut wire, 2)?;
    let again = |at: usize| -> Result<Vec<u8>> {
        let forge = comity_testkit::Forge::new(
            "release",
            wire.channel().from,
            wire.channel().to,
            wire.agreement,
            wire.mx().now(),
            "unused",
        );
        let Forged { digest, envelope, proof, .. } = chain[at].clone();
        Ok(forge.seal(digest, envelope, proof, &wire.pair.mx.descriptor()?)?.pouch)
    };
    // held twice
    assert_eq!(wire.put(&chain[1].pouch).await?.state, PouchState::Held);
    assert_eq!(wire.put(&again(1)?).await?.state, PouchState::Repeated);
    assert_eq!(wire.put(&chain[0].pouch).await?.state, PouchState::Consumed);
    let before = wire.look().await?;
    // consumed before, in the same pouch and in others
    for pouch in [again(0)?, again(1)?] {
        let row = wire.put(&pouch).await?;
        assert_eq!((row.state, row.code), (PouchState::Repeated, None));
    }
    assert_eq!(wire.put(&chain[0].pouch).await?.state, PouchState::Consumed);
    assert_eq!(wire.look().await?, before);
    assert_eq!(wire.mx().spool().used()?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_two_statements_for_one_place_are_kept_as_evidence() -> Result<()> {
    let mut wire = Wire::new().await?;
    let chain = chain(&mut wire, 3)?;
    wire.put(&chain[0].pouch).await?;
    wire.put(&chain[2].pouch).await?;
    for place in [0, 2] {
        let before = wire.look().await?;
        let mut other = wire.release(&wire.draft(&[indicator(99)])?, 1)?;
        other.sequence = place;
        other.before = wire.before[..usize::try_from(place)?].to_vec();
        let forged = wire.seal(&other)?;
        let row = wire.put(&forged.pouch).await?;
        wire.refused(&row, "equivocation", &before).await?;
        assert!(wire.mx().spool().open(&row.digest).is_ok(), "the evidence is kept");
    }
    // what is honest goes on
    wire.put(&chain[1].pouch).await?;
    assert_eq!(wire.objects().await?, 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_does_not_follow_the_last_one_is_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    let chain = chain(&mut wire, 1)?;
    wire.put(&chain[0].pouch).await?;
    let before = wire.look().await?;
    let mut stray = wire.release(&wire.draft(&[indicator(5)])?, 1)?;
    stray.previous = Some(Digest::of(b"another history"));
    let row = wire.send(&stray).await?;
    wire.refused(&row, "wrong-previous", &before).await?;
    let honest = wire.release(&wire.draft(&[indicator(5)])?, 1)?;
    assert_eq!(wire.send(&honest).await?.state, PouchState::Consumed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_are_held_than_the_protocol_says() -> Result<()> {
    let mut wire = Wire::new().await?;
    let chain = chain(&mut wire, 3)?;
    wire.put(&chain[1].pouch).await?;
    wire.pair.mx.sql(
        "WITH RECURSIVE place(at) AS (SELECT 10 UNION ALL SELECT at + 1 FROM place WHERE at < 10008)
         INSERT INTO held SELECT channel, at, digest, pouch FROM held, place",
    )?;
    let before = wire.look().await?;
    let row = wire.put(&chain[2].pouch).await?;
    wire.refused(&row, "held-full", &before).await?;
    // the missing one is taken, and makes room
    wire.put(&chain[0].pouch).await?;
    assert_eq!(wire.objects().await?, 2);
    Ok(())
}
