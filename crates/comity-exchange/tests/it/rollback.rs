//! A node whose database is older than what it signed says nothing, and says why.

use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::{DoubtKind, ReleaseState};
use comity_exchange::record::{check, check_channel};
use comity_exchange::{ExchangeError, recovery};
use comity_model::{Digest, PartyRoot};
use comity_testkit::{
    AgreementText, CLAUSE, LoopCourier, OTHER_CLAUSE, Pair, Party, Result, agree, indicator, pair,
    pump,
};
use serde_json::json;

use crate::support::journal;

/// Releases one object of its own.
pub(crate) async fn release(from: &Party, to: &Party, clause: &str, number: u64) -> Result<()> {
    let text = indicator(number);
    from.hold(&text).await?;
    let id = text.split('"').nth(11).ok_or("no id")?.to_owned();
    from.release(to, clause, Selection::Ids(vec![id]), 1).await?;
    Ok(())
}

/// The code with which a release is refused, and that nothing was sealed or signed.
pub(crate) async fn seals_nothing(from: &Party, to: &Party, number: u64) -> Result<&'static str> {
    let looks = ["SELECT count(*) FROM statement_out", "SELECT sum(signed) FROM statement_out"];
    let look = || looks.map(|sql| from.count(sql).unwrap_or(0));
    let before = look();
    let sealed = release(from, to, CLAUSE, number).await;
    let error = sealed.err().ok_or("it sealed")?;
    let error = error.downcast::<ExchangeError>()?;
    assert_eq!(look(), before, "{error}");
    Ok(error.code())
}

/// The doubts of `us`.
async fn doubts(pair: &Pair) -> Result<Vec<DoubtKind>> {
    Ok(pair.us.node.store().doubts().await?.into_iter().map(|it| it.why).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_database_older_than_what_was_signed_seals_nothing() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.us.put_back(backup).await?;
    // the partner is not even asked
    assert_eq!(doubts(&pair).await?, [DoubtKind::RolledBack]);
    assert_eq!(seals_nothing(&pair.us, &pair.mx, 3).await?, "record-rolled-back");
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let mut state = DispatchState::default();
    let sent = dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut state).await;
    assert_eq!(sent.unwrap_err().code(), "record-rolled-back");
    pair.us.restart().await?;
    assert_eq!(journal(&pair.us.node, "record-rolled-back").await?.len(), 1, "named once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_the_record_names_a_database_older_than_what_was_signed() -> Result<()> {
    let mut pair = pair().await?;
    let before_all = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(check(&pair.us.node, None).await?.fault, None);
    let partner = Some(pair.mx.node.root());
    for (copy, is_empty) in [(backup, false), (before_all, true)] {
        pair.us.put_back(copy).await?;
        let fault = check(&pair.us.node, partner).await?.fault.ok_or("all is in order")?;
        let channel = fault.channel.ok_or("the journal")?;
        assert_eq!((channel.from, fault.wrong.code()), (pair.us.node.root(), "record-shorter"));
        let alone = check_channel(&pair.us.node, channel).await?;
        assert_eq!(alone.fault, Some(fault));
        assert_eq!(pair.us.count("SELECT count(*) FROM statement_out")? == 0, is_empty);
        // what is said of others is not touched by it
        let another = Some(PartyRoot::new(Digest::of(b"another")));
        let other = check(&pair.us.node, another).await?.fault;
        assert!(other.is_none_or(|it| it.channel.is_none()), "{other:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_what_was_sealed_before_the_loss_is_not_signed_after_it() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    // a power cut between seal and signature, and a backup of that moment
    pair.us.sql("UPDATE statement_out SET signed = 0; DELETE FROM envelope_out")?;
    pair.us.sql("UPDATE channel_out SET signed = 0, checkpoint_size = NULL, checkpoint = NULL")?;
    let backup = pair.us.backup()?;
    pair.us.restart().await?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    pair.us.put_back(backup).await?;
    assert_eq!(comity_exchange::seal::sign_pending(&pair.us.node).await?, 0);
    assert_eq!(pair.us.count("SELECT sum(signed) FROM statement_out")?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loss_of_one_partners_record_stops_nobody_else() -> Result<()> {
    let mut pair = pair().await?;
    let fr = Party::new("fr", &pair.clock, false).await?;
    let id = "5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b12".to_owned();
    agree(&pair.us, &fr, &AgreementText { id, ..AgreementText::default() }).await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    pair.us.put_back(backup).await?;
    assert_eq!(seals_nothing(&pair.us, &pair.mx, 4).await?, "record-rolled-back");
    release(&pair.us, &fr, CLAUSE, 5).await?;
    pump(&pair.us, &fr).await?;
    let newest = pair.us.node.store().releases(1).await?;
    assert_eq!(newest.first().map(|it| it.state), Some(ReleaseState::Settled));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_node_put_back_asks_before_it_seals() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let backup = pair.us.backup()?;
    // the whole disk is lost, and nothing was said since
    pair.us.restore(backup).await?;
    let asked = recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    assert_eq!(asked, [pair.mx.node.root()]);
    assert_eq!(seals_nothing(&pair.us, &pair.mx, 2).await?, "record-unchecked");
    // what comes in is taken in meanwhile, and waits for its receipt
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 3).await?;
    let there = LoopCourier::new(&pair.mx, &pair.us);
    dispatch(&pair.mx.node, &there, pair.us.node.root(), &mut DispatchState::default()).await?;
    assert_eq!(pair.us.round().await?, 1);
    assert_eq!(pair.us.count("SELECT count(*) FROM receipt_due")?, 1);
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(doubts(&pair).await?, []);
    assert_eq!(journal(&pair.us.node, "record-trusted").await?.len(), 1);
    release(&pair.us, &pair.mx, CLAUSE, 4).await?;
    pump(&pair.us, &pair.mx).await?;
    let newest = pair.us.node.store().releases(1).await?;
    assert_eq!(newest.first().map(|it| it.state), Some(ReleaseState::Settled));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_folio_is_given_twice_after_a_loss() -> Result<()> {
    let mut pair = pair().await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    let lost = pair.us.node.store().releases(1).await?;
    pair.us.restore(backup).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    let text = indicator(2);
    pair.us.hold(&text).await?;
    let id = text.split('"').nth(11).ok_or("no id")?.to_owned();
    let composed = pair.us.compose(&pair.mx, CLAUSE, Selection::Ids(vec![id])).await?;
    let folio = &composed.release.record.folio;
    assert!(lost.iter().all(|it| it.record.folio != *folio), "{folio}");
    assert!(folio.to_string().ends_with("010001"), "{folio}");
    Ok(())
}

/// The folio that the next release gets.
async fn next_folio(pair: &Pair, number: u64) -> Result<String> {
    let text = indicator(number);
    pair.us.hold(&text).await?;
    let id = text.split('"').nth(11).ok_or("no id")?.to_owned();
    let composed = pair.us.compose(&pair.mx, CLAUSE, Selection::Ids(vec![id])).await?;
    Ok(composed.release.record.folio.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_folio_is_given_twice_by_whatever_the_loss_is_found() -> Result<()> {
    // a database that was put in the place of a newer one
    let mut pair = pair().await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.us.put_back(backup).await?;
    assert_eq!(doubts(&pair).await?, [DoubtKind::RolledBack]);
    let folio = next_folio(&pair, 2).await?;
    assert!(folio.ends_with("010001"), "{folio}");
    // one that is found again is the same loss
    pair.us.restart().await?;
    let folio = next_folio(&pair, 3).await?;
    assert!(folio.ends_with("010002"), "{folio}");

    // a whole disk, and only the partner knows
    let mut pair = comity_testkit::pair().await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.us.restore(backup).await?;
    let _ = pump(&pair.us, &pair.mx).await;
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    recovery::recover(&pair.us.node, &courier, pair.mx.node.root(), "an analyst").await?;
    let folio = next_folio(&pair, 2).await?;
    assert!(folio.ends_with("010001"), "{folio}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_folio_is_given_twice_however_often_the_same_copy_is_put_back() -> Result<()> {
    let mut pair = pair().await?;
    let [first, second] = [pair.us.backup()?, pair.us.backup()?];
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.us.put_back(first).await?;
    assert!(next_folio(&pair, 2).await?.ends_with("010001"));
    // the same copy again knows nothing of the first loss
    pair.us.put_back(second).await?;
    assert_eq!(doubts(&pair).await?, [DoubtKind::RolledBack]);
    assert!(next_folio(&pair, 3).await?.ends_with("020001"));
    // and neither does one that was made while the loss was not cleared up know what was given since
    let in_doubt = pair.us.backup()?;
    assert!(next_folio(&pair, 4).await?.ends_with("020002"));
    pair.us.put_back(in_doubt).await?;
    assert_eq!(doubts(&pair).await?, [DoubtKind::RolledBack], "the doubt stands in the copy");
    assert!(next_folio(&pair, 5).await?.ends_with("030001"));
    assert_eq!(journal(&pair.us.node, "folios-passed-over").await?.len(), 1);
    pair.us.restart().await?;
    assert!(next_folio(&pair, 6).await?.ends_with("030002"), "found again is the same loss");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_of_a_node_that_recovered_is_signed_again_and_says_how_far_it_was() -> Result<()>
{
    let mut pair = pair().await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let (size, _) = comity_exchange::journal::sign(&pair.us.node).await?;
    pair.us.put_back(backup).await?;
    let refused = comity_exchange::journal::sign(&pair.us.node).await.unwrap_err();
    assert_eq!(refused.code(), "journal-shorter");
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    recovery::recover(&pair.us.node, &courier, pair.mx.node.root(), "an analyst").await?;
    comity_exchange::journal::sign(&pair.us.node).await?;
    let lines = journal(&pair.us.node, "journal-begun-anew").await?;
    let [line] = lines.as_slice() else { return Err("one line".into()) };
    assert_eq!(line.entry.details["size"], size, "{line:?}");
    recovery::recover(&pair.us.node, &courier, pair.mx.node.root(), "an analyst").await?;
    assert_eq!(journal(&pair.us.node, "journal-begun-anew").await?.len(), 1, "nothing to do");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_partner_that_is_ahead_stops_sealing_too() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.us.restore(backup).await?;
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let mut state = DispatchState::default();
    let sent = dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut state).await;
    assert_eq!(sent.unwrap_err().code(), "partner-ahead");
    assert_eq!(seals_nothing(&pair.us, &pair.mx, 3).await?, "partner-ahead");
    Ok(())
}
