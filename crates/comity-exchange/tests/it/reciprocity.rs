//! Figures of reciprocity: both parties compute the same bytes from the record.

use std::time::Duration;

use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::reciprocity::{Reciprocity, figures};
use comity_exchange::request::{answer, ask, clarify};
use comity_exchange::worker::round;
use comity_model::matter::reciprocity::Period;
use comity_model::matter::{AnswerOutcome, ClarificationAct, Urgency};
use comity_testkit::{
    AgreementText, CLAUSE, Faults, LoopCourier, OTHER_CLAUSE, Pair, Result, indicator, indicators,
    pair_with, pump,
};
use jiff::SignedDuration;

use crate::requests::{matter_of, reply, terms, wish};

/// Delivers with faults both ways for a while, then without, until both cosigned everything.
pub(crate) async fn settle(pair: &Pair, faults: Faults) -> Result<()> {
    let there = LoopCourier::with(&pair.us, &pair.mx, faults);
    let back = LoopCourier::with(&pair.mx, &pair.us, faults);
    let mut states = [DispatchState::default(), DispatchState::default()];
    for _ in 0..8 {
        pair.clock.advance(SignedDuration::from_secs(20));
        // a courier that fails is tried again
        drop(dispatch(&pair.us.node, &there, pair.mx.node.root(), &mut states[0]).await);
        drop(dispatch(&pair.mx.node, &back, pair.us.node.root(), &mut states[1]).await);
        round(&pair.mx.node, Duration::from_mins(1)).await?;
        round(&pair.us.node, Duration::from_mins(1)).await?;
    }
    for _ in 0..6 {
        pair.clock.advance(SignedDuration::from_secs(61));
        pump(&pair.us, &pair.mx).await?;
    }
    Ok(())
}

/// What both parties compute, which is the same.
pub(crate) async fn both(pair: &Pair) -> Result<Reciprocity> {
    let id = AgreementText::default().id;
    let id = format!("agreement--{id}");
    let us = figures(&pair.us.node, &id, Period::default()).await?;
    let mx = figures(&pair.mx.node, &id, Period::default()).await?;
    assert_eq!(serde_json::to_string(&us)?, serde_json::to_string(&mx)?);
    Ok(us)
}

#[tokio::test(flavor = "multi_thread")]
async fn both_parties_compute_the_same_figures_also_over_a_lossy_courier() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let mut ids = Vec::new();
    for urgency in [Urgency::Urgent, Urgency::Urgent, Urgency::Routine, Urgency::Urgent] {
        let said = comity_exchange::request::Ask { urgency, ..wish(&pair.mx) };
        let sealed = ask(&pair.us.node, said).await?;
        ids.push(matter_of(&pair.us, &sealed).await?.id.to_string());
    }
    pump(&pair.us, &pair.mx).await?;
    pair.clock.advance(SignedDuration::from_hours(2));
    pair.us.hold(&indicator(1)).await?;
    pair.mx.hold(&indicators(2..4)).await?;
    let all = || Selection::Type("indicator".to_owned());
    let given = pair.mx.release(&pair.us, OTHER_CLAUSE, all(), 1).await?.digest.to_string();
    pair.us.release(&pair.mx, CLAUSE, all(), 1).await?;
    let (mx, reason) = (&pair.mx.node, "in-answer");
    answer(mx, &ids[0], reply(AnswerOutcome::Complete, &[&given], reason)).await?;
    settle(&pair, Faults { lose: 3, double: 2, ..Faults::default() }).await?;
    pair.clock.advance(SignedDuration::from_hours(4));
    answer(mx, &ids[1], reply(AnswerOutcome::NothingFound, &[], "not-held")).await?;
    clarify(&pair.us.node, &ids[2], ClarificationAct::Withdraw, None, "an analyst").await?;
    settle(&pair, Faults { lie: 2, swap: 3, ..Faults::default() }).await?;

    let found = both(&pair).await?;
    let to = pair.mx.node.root();
    let asked = found.directions.iter().find(|it| it.to == to).ok_or("no direction")?;
    let urgent = &asked.requests["urgent"];
    assert_eq!((urgent.put, urgent.in_time, urgent.late, urgent.overdue), (3, 1, 1, 1));
    assert_eq!((urgent.complete, urgent.nothing_found, urgent.open), (1, 1, 0));
    assert!(urgent.median_minutes.is_some_and(|it| (120..125).contains(&it)), "{urgent:?}");
    assert!(urgent.longest_minutes > Some(360), "{urgent:?}");
    assert_eq!((asked.requests["routine"].put, asked.requests["routine"].withdrawn), (1, 1));
    assert_eq!((asked.releases.releases, asked.releases.admitted), (1, 1));
    let back = found.directions.iter().find(|it| it.from == to).ok_or("no direction")?;
    assert_eq!((back.releases.releases, back.releases.objects, back.releases.admitted), (1, 2, 2));
    assert_eq!(back.releases.unacknowledged, 0);
    for cut in &found.cut {
        let channel = comity_model::ChannelId {
            agreement: found.agreement,
            epoch: 1,
            from: cut.from,
            to: cut.to,
        };
        let record = pair.us.node.store().figures(channel).await?;
        assert_eq!((record.statements, record.root), (cut.size, Some(cut.root)), "all of it");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_outside_the_period_or_not_cosigned_is_not_counted() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    ask(&pair.us.node, wish(&pair.mx)).await?;
    let id = format!("agreement--{}", AgreementText::default().id);
    let put = |found: &Reciprocity| -> u64 {
        found.directions.iter().map(|it| it.requests["urgent"].put).sum()
    };
    let all = Period::default();
    assert_eq!(put(&figures(&pair.us.node, &id, all).await?), 0, "nobody cosigned it yet");
    settle(&pair, Faults::default()).await?;
    let now = pair.us.node.now();
    assert_eq!(put(&figures(&pair.us.node, &id, all).await?), 1);
    let later = Period { from: Some(now), before: None };
    assert_eq!(put(&figures(&pair.us.node, &id, later).await?), 0);
    let earlier = Period { from: None, before: Some(now) };
    assert_eq!(put(&figures(&pair.us.node, &id, earlier).await?), 1);
    Ok(())
}
