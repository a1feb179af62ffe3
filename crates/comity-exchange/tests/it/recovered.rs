//! After a loss the record goes on in a new epoch, and both parties have the same view of what was said.

mod anew;
mod both;
mod by_hand;
mod counted;
mod epochs;
mod lost;

use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::{MatterQuery, ReleaseState};
use comity_exchange::propose::{Put, propose};
use comity_exchange::reciprocity;
use comity_exchange::recovery::{self, Recovered};
use comity_model::matter::ProposalSubject;
use comity_model::matter::reciprocity::Period;
use comity_testkit::{CLAUSE, Faults, LoopCourier, OTHER_CLAUSE, Pair, Party, Result, pair, pump};
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::json;

use crate::rollback::{release, seals_nothing};
use crate::support::journal;

/// Opens what has to be opened, from `from` to `to`.
async fn recover(from: &Party, to: &Party) -> Result<Vec<Recovered>> {
    let courier = LoopCourier::new(from, to);
    Ok(recovery::recover(&from.node, &courier, to.node.root(), "an analyst").await?)
}

/// Lets both speak until nothing moves, and as long after it as questions are put off.
async fn settle(pair: &Pair) -> Result<()> {
    for _ in 0..3 {
        pump(&pair.us, &pair.mx).await?;
        pair.clock.advance(SignedDuration::from_secs(70));
    }
    pump(&pair.us, &pair.mx).await
}

/// `us` gave three, lost the third and opened epoch 2; then `mx` lost the last two of them, and what `between` changed at it
/// after the first.
async fn both_lost(between: impl AsyncFnOnce(&mut Pair) -> Result<()>) -> Result<Pair> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 2).await?;
    settle(&pair).await?;
    let theirs = pair.mx.backup()?;
    between(&mut pair).await?;
    release(&pair.us, &pair.mx, CLAUSE, 3).await?;
    settle(&pair).await?;
    let ours = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 4).await?;
    settle(&pair).await?;
    pair.us.restore(ours).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    assert_eq!(recover(&pair.us, &pair.mx).await?[0].epoch, 2);
    pair.mx.restore(theirs).await?;
    recovery::restored(&pair.mx.node, json!({}), "an analyst").await?;
    Ok(pair)
}

/// The figures that a party computes, as JSON.
async fn figures(party: &Party) -> Result<String> {
    let agreements = party.node.store().agreements().await?;
    let id = agreements.first().ok_or("no agreement")?.reference.id.to_string();
    let figures = reciprocity::figures(&party.node, &id, Period::default()).await?;
    Ok(serde_json::to_string(&figures)?)
}

/// Both have the same figures, the same matters in the same stage, nothing unsettled, and nothing twice.
async fn agree(pair: &Pair) -> Result<()> {
    assert_eq!(figures(&pair.us).await?, figures(&pair.mx).await?);
    let query = || MatterQuery { limit: 1_000, ..MatterQuery::default() };
    let stages = |rows: Vec<comity_exchange::ports::MatterRow>| {
        let mut rows: Vec<String> = rows
            .iter()
            .map(|it| (it.id, it.stage().as_str()))
            .filter(|(_, stage)| *stage != "not-taken")
            .map(|(id, stage)| format!("{id} {stage}"))
            .collect();
        rows.sort();
        rows
    };
    let ours = stages(pair.us.node.store().matters(query()).await?);
    let theirs = stages(pair.mx.node.store().matters(query()).await?);
    assert_eq!(ours, theirs);
    for party in [&pair.us, &pair.mx] {
        let open = "SELECT count(*) FROM statement_out WHERE receipted = 1 AND settled_at IS NULL";
        assert_eq!(party.count(open)?, 0, "{party:?} has something unsettled");
        let twice = "SELECT count(*) FROM (SELECT 1 FROM holding GROUP BY id, version, source HAVING count(*) > 1)";
        assert_eq!(party.count(twice)?, 0);
        assert_eq!(party.count("SELECT count(*) FROM held")?, 0);
    }
    Ok(())
}

async fn put(from: &Party, to: &Party) -> Result<()> {
    let subject = ProposalSubject::JointOperation;
    propose(&from.node, Put::new(to.node.root(), subject, "A day of patrols", "an analyst"))
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_lost_day_ends_in_a_new_epoch_that_both_agree_on() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 2).await?;
    settle(&pair).await?;
    let backup = pair.us.backup()?;
    for number in 3..6 {
        release(&pair.us, &pair.mx, CLAUSE, number).await?;
        release(&pair.mx, &pair.us, OTHER_CLAUSE, 10 + number).await?;
    }
    settle(&pair).await?;
    let held = pair.mx.count("SELECT count(*) FROM holding")?;
    pair.us.restore(backup).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    let _ = pump(&pair.us, &pair.mx).await.unwrap_err();
    assert_eq!(seals_nothing(&pair.us, &pair.mx, 20).await?, "partner-ahead");

    let done = recover(&pair.us, &pair.mx).await?;
    let [it] = done.as_slice() else { return Err("one channel".into()) };
    assert_eq!((it.epoch, it.stands), (2, it.here));
    assert!(it.there > it.here, "{it:?}");
    settle(&pair).await?;
    agree(&pair).await?;
    // what was given stays where it is, and is named as forgotten
    assert_eq!(pair.mx.count("SELECT count(*) FROM holding")?, held);
    let unsaid = pair.mx.node.store().unsaid(it.channel).await?;
    assert_eq!(unsaid.len() as u64, it.there - it.stands);
    assert_eq!(unsaid.iter().filter(|it| it.kind == "release").count(), 3);
    // what the partner gave in the lost day came again, once
    assert_eq!(pair.us.count("SELECT count(*) FROM statement_in WHERE kind = 'release'")?, 4);
    let forgotten = journal(&pair.us.node, "statement-forgotten").await?;
    assert!(forgotten.len() <= 3, "{forgotten:?}");

    release(&pair.us, &pair.mx, CLAUSE, 20).await?;
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 21).await?;
    settle(&pair).await?;
    agree(&pair).await?;
    let newest = pair.us.node.store().releases(1).await?;
    assert_eq!(newest.first().map(|it| it.state), Some(ReleaseState::Settled));
    assert!(recover(&pair.us, &pair.mx).await?.iter().all(|it| it.epoch == 2), "nothing to do");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_the_epoch_that_ended_takes_nothing_more() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    settle(&pair).await?;
    let backup = pair.us.backup()?;
    // two are said before the loss, and the courier keeps the second back until the epoch has ended
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    release(&pair.us, &pair.mx, CLAUSE, 3).await?;
    let slow = LoopCourier::with(&pair.us, &pair.mx, Faults { swap: 2, ..Faults::default() });
    let root = pair.mx.node.root();
    dispatch(&pair.us.node, &slow, root, &mut DispatchState::default()).await?;
    pair.us.put_back(backup).await?;
    let done = recover(&pair.us, &pair.mx).await?;
    assert_eq!(done.first().map(|it| it.epoch), Some(2), "what was signed may be on its way");
    // with the first statement of the new epoch the slow courier brings what it kept
    dispatch(&pair.us.node, &slow, root, &mut DispatchState::default()).await?;
    settle(&pair).await?;
    let late = "SELECT count(*) FROM pouch WHERE state = 'refused' AND code = 'epoch-closed'";
    assert_eq!(pair.mx.count(late)?, 1);
    agree(&pair).await
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever was said and heard before the backup, in the lost stretch and after it, and however often a party loses its
    /// database: both come to the same view.
    #[test]
    fn nothing_denied_wherever_the_record_is_cut_both_come_to_the_same_view(
        steps in proptest::collection::vec((0_u8..6, any::<bool>()), 4..16),
        backup_at in 0_usize..8,
        loses_at in 1_usize..16,
        apart in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(play(&steps, backup_at, loses_at, apart)).unwrap();
    }
}

async fn play(steps: &[(u8, bool)], backup_at: usize, loses_at: usize, apart: bool) -> Result<()> {
    let mut pair = pair().await?;
    let mut backup = None;
    for (at, (step, ours)) in steps.iter().enumerate() {
        if at == backup_at {
            backup = Some(pair.us.backup()?);
        }
        if at >= loses_at
            && let Some(backup) = backup.take()
        {
            if apart {
                pair.us.put_back(backup).await?;
            } else {
                pair.us.restore(backup).await?;
            }
            recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
            recover(&pair.us, &pair.mx).await?;
        }
        let number = 100 + at as u64;
        match (step, ours) {
            (0 | 1, true) => release(&pair.us, &pair.mx, CLAUSE, number).await?,
            (0 | 1, false) => release(&pair.mx, &pair.us, OTHER_CLAUSE, number).await?,
            (2, true) => put(&pair.us, &pair.mx).await?,
            (2, false) => put(&pair.mx, &pair.us).await?,
            (3, _) => pump(&pair.us, &pair.mx).await?,
            (4, true) => {
                pair.us.round().await?;
            }
            (4, false) => {
                pair.mx.round().await?;
            }
            _ => {
                let courier = LoopCourier::new(&pair.us, &pair.mx);
                let mut state = DispatchState::default();
                let root = pair.mx.node.root();
                dispatch(&pair.us.node, &courier, root, &mut state).await?;
            }
        }
    }
    settle(&pair).await?;
    agree(&pair).await
}
