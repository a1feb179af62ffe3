//! A node that lost its own history does not fork it, and a partner that lost what it heard hears it again.

use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::ReleaseState;
use comity_testkit::{
    CLAUSE, LoopCourier, OTHER_CLAUSE, Pair, Party, Result, indicator, pair, pump,
};
use jiff::SignedDuration;

use crate::receipts::agree_on_everything;
use crate::support::journal;

/// Releases one object of its own.
async fn release(from: &Party, to: &Party, clause: &str, number: u64) -> Result<()> {
    let text = indicator(number);
    from.hold(&text).await?;
    let id = text.split('"').nth(11).ok_or("no id")?.to_owned();
    from.release(to, clause, Selection::Ids(vec![id]), 1).await?;
    Ok(())
}

/// The code with which `us` refuses to send, and that nothing more reached `mx`.
async fn sends_nothing(pair: &Pair) -> Result<&'static str> {
    let received = || pair.mx.count("SELECT count(*) FROM pouch");
    let before = received()?;
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let mut state = DispatchState::default();
    let mut code = "sent";
    for _ in 0..3 {
        let sent = dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut state).await;
        code = sent.map_or_else(|error| error.code(), |_| "sent");
        pair.clock.advance(SignedDuration::from_secs(30));
    }
    assert_eq!(received()?, before);
    Ok(code)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_node_restored_from_an_old_backup_sends_nothing_more() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.us.restore(backup).await?;
    assert_eq!(sends_nothing(&pair).await?, "partner-ahead");
    assert_eq!(journal(&pair.us.node, "partner-ahead").await?.len(), 1, "named once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_what_a_restored_node_seals_before_it_asks_forks_nothing() -> Result<()> {
    // as many new statements as were lost: the lengths agree, the histories do not
    for lost in 1..=2 {
        let mut pair = pair().await?;
        release(&pair.us, &pair.mx, CLAUSE, 1).await?;
        pump(&pair.us, &pair.mx).await?;
        let backup = pair.us.backup()?;
        for number in 0..lost {
            release(&pair.us, &pair.mx, CLAUSE, 2 + number).await?;
        }
        pump(&pair.us, &pair.mx).await?;
        pair.us.restore(backup).await?;
        for number in 0..3 {
            release(&pair.us, &pair.mx, CLAUSE, 10 + number).await?;
        }
        assert_eq!(sends_nothing(&pair).await?, "partner-ahead");
        let equivocations = "SELECT count(*) FROM pouch WHERE state = 'refused'";
        assert_eq!(pair.mx.count(equivocations)?, 0, "no evidence against an honest node");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_node_restored_to_before_its_first_word_sends_nothing() -> Result<()> {
    let mut pair = pair().await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.us.restore(backup).await?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    assert_eq!(sends_nothing(&pair).await?, "partner-ahead");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_restored_node_that_owes_only_a_receipt_sends_none() -> Result<()> {
    let mut pair = pair().await?;
    let backup = pair.us.backup()?;
    // us said only a receipt, and forgets it; the release that it answers comes again
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.us.restore(backup).await?;
    pair.mx.restart().await?;
    let there = LoopCourier::new(&pair.mx, &pair.us);
    dispatch(&pair.mx.node, &there, pair.us.node.root(), &mut DispatchState::default()).await?;
    pair.clock.advance(SignedDuration::from_secs(1));
    pair.us.round().await?;
    assert_eq!(sends_nothing(&pair).await?, "partner-ahead");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_a_partner_that_forgot_what_it_heard_hears_it_again() -> Result<()> {
    let mut pair = pair().await?;
    let backup = pair.mx.backup()?;
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let mut state = DispatchState::default();
    for number in 0..3 {
        release(&pair.us, &pair.mx, CLAUSE, number).await?;
    }
    let sent = dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut state).await?;
    assert_eq!(sent.sent, 3);
    pair.mx.restore(backup).await?;
    // the worker that sent them goes on: it asks after its patience, twice, and sends again
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let mut again = 0;
    for _ in 0..4 {
        pair.clock.advance(SignedDuration::from_secs(20));
        again += dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut state).await?.sent;
        pair.mx.round().await?;
    }
    assert_eq!(again, 3);
    assert_eq!(journal(&pair.us.node, "sent-again").await?.len(), 1);
    pump(&pair.us, &pair.mx).await?;
    agree_on_everything(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_steady_traffic_does_not_put_off_what_is_missing() -> Result<()> {
    let pair = pair().await?;
    let loses = comity_testkit::Faults { lose: 1, ..comity_testkit::Faults::default() };
    let mut courier = LoopCourier::with(&pair.us, &pair.mx, loses);
    let mut state = DispatchState::default();
    // the first is lost, and another one goes every four seconds
    for number in 0..12 {
        release(&pair.us, &pair.mx, CLAUSE, number).await?;
        dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut state).await?;
        courier = LoopCourier::new(&pair.us, &pair.mx);
        pair.mx.round().await?;
        pair.clock.advance(SignedDuration::from_secs(4));
    }
    assert!(pair.mx.node.store().inbox(100, false).await?.len() >= 11);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_a_receipt_that_never_arrived_is_sent_again() -> Result<()> {
    let pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    let there = LoopCourier::new(&pair.us, &pair.mx);
    dispatch(&pair.us.node, &there, pair.mx.node.root(), &mut DispatchState::default()).await?;
    pair.mx.round().await?;
    // the courier says that it delivered the receipt, and lost it
    let loses = comity_testkit::Faults { lose: 1, ..comity_testkit::Faults::default() };
    let back = LoopCourier::with(&pair.mx, &pair.us, loses);
    let mut state = DispatchState::default();
    dispatch(&pair.mx.node, &back, pair.us.node.root(), &mut state).await?;
    let honest = LoopCourier::new(&pair.mx, &pair.us);
    for _ in 0..4 {
        pair.clock.advance(SignedDuration::from_secs(20));
        dispatch(&pair.mx.node, &honest, pair.us.node.root(), &mut state).await?;
        pair.us.round().await?;
    }
    let release = pair.us.node.store().releases(1).await?.first().cloned().ok_or("none")?;
    assert_eq!(release.state, ReleaseState::Settled);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_two_nodes_on_one_folder_seal_without_a_hole_and_without_a_double()
-> Result<()> {
    let mut pair = pair().await?;
    let beside = pair.us.beside().await?;
    let mut rows = Vec::new();
    for number in 0..24 {
        let text = indicator(number);
        pair.us.hold(&text).await?;
        let id = text.split('"').nth(11).ok_or("no id")?.to_owned();
        let composed = pair.us.compose(&pair.mx, CLAUSE, Selection::Ids(vec![id])).await?;
        let officer = &pair.us.officers[0];
        comity_exchange::approve::approve(&pair.us.node, &composed.release, officer).await?;
        let folio = composed.release.record.folio.to_string();
        rows.push(comity_exchange::approve::find_release(&pair.us.node, &folio).await?);
    }
    // both seal everything at once; for each release one of them is too late
    let mut tasks = tokio::task::JoinSet::new();
    for node in [pair.us.node.clone(), beside] {
        for row in rows.clone() {
            let node = node.clone();
            tasks.spawn(async move {
                match comity_exchange::seal::seal(&node, &row).await {
                    Ok(_) => "sealed",
                    Err(error) => error.code(),
                }
            });
        }
    }
    let mut ends = Vec::new();
    while let Some(end) = tasks.join_next().await {
        ends.push(end?);
    }
    assert_eq!(ends.iter().filter(|&&end| end == "sealed").count(), 24);
    assert_eq!(ends.iter().filter(|&&end| end == "conflict").count(), 24);
    let head = pair.us.count("SELECT next FROM channel_out")?;
    let places = pair.us.count("SELECT count(DISTINCT sequence) FROM statement_out")?;
    let signed = pair.us.count("SELECT signed FROM channel_out")?;
    assert_eq!((head, places, signed), (24, 24, 24));
    pump(&pair.us, &pair.mx).await?;
    agree_on_everything(&pair).await?;
    assert_eq!(pair.mx.node.store().inbox(100, false).await?.len(), 24);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_two_nodes_on_one_folder_take_in_and_answer_once() -> Result<()> {
    let mut pair = pair().await?;
    for number in 0..12 {
        release(&pair.us, &pair.mx, CLAUSE, number).await?;
    }
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut DispatchState::default()).await?;
    let beside = pair.mx.beside().await?;
    let patience = std::time::Duration::from_mins(1);
    let both = tokio::join!(
        comity_exchange::worker::round(&pair.mx.node, patience),
        comity_exchange::worker::round(&beside, patience),
    );
    both.0?;
    both.1?;
    pump(&pair.us, &pair.mx).await?;
    agree_on_everything(&pair).await?;
    assert_eq!(pair.mx.count("SELECT count(*) FROM statement_in")?, 12);
    assert_eq!(journal(&pair.mx.node, "statement-consumed").await?.len(), 12);
    assert_eq!(pair.mx.node.spool().used()?, 0);
    Ok(())
}
