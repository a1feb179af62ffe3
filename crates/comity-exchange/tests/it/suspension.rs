//! Suspension and termination: by one party, at once; what was on its way is judged by when it was said.

use comity_exchange::agreement::{Halt, Life, activate, in_force, life, lift, suspend, terminate};
use comity_exchange::approve::{approve, find_release, stale};
use comity_exchange::compose::Selection;
use comity_exchange::matter;
use comity_exchange::ports::{MatterQuery, OutboundRow, ReleaseState, SealEffect, SealInput};
use comity_exchange::request::{ask, is_overdue};
use comity_exchange::seal::seal;
use comity_model::conduct::{ConductBody, Phase, SuspensionAct, SuspensionBody, TerminationBody};
use comity_model::entropy::fresh_uuid;
use comity_model::matter::{Grounds, Stage};
use comity_model::statement::{Draft, Nonce};
use comity_model::{AgreementId, ChannelId, MatterKind, Refusal, StatementId};
use comity_testkit::{
    AgreementText, CLAUSE, Faults, OTHER_CLAUSE, Pair, Party, Result, TestClock, agree, indicators,
    pair, pump, sign,
};
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::reciprocity::{both, settle};
use crate::requests::{matter_of, wish};
use crate::support::{Wire, journal};

fn halt() -> Halt {
    Halt {
        legal_basis: Vec::new(),
        reasons: Vec::new(),
        text: Some("Until the incident is cleared up".to_owned()),
        by: "an analyst".to_owned(),
    }
}

fn silent() -> Halt {
    Halt { text: None, ..halt() }
}

async fn id(party: &Party) -> Result<AgreementId> {
    Ok(party.node.store().agreements().await?.first().ok_or("no agreement")?.reference.id)
}

async fn look(party: &Party) -> Result<Life> {
    Ok(life(&party.node, id(party).await?, party.node.now()).await?)
}

async fn give(from: &Party, to: &Party, clause: &str) -> Result<OutboundRow> {
    from.release(to, clause, Selection::Type("indicator".to_owned()), 1).await
}

fn code<T: std::fmt::Debug>(done: comity_exchange::Result<T>) -> &'static str {
    done.unwrap_err().code()
}

/// With which code the partner consumed a statement; `None` where it took effect.
async fn taken(party: &Party, row: &OutboundRow) -> Result<Option<String>> {
    let row = party.node.store().inbox_row(row.digest).await?.ok_or("it was not consumed")?;
    Ok(row.receipt.code)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_party_suspends_at_once_for_both_and_it_alone_lifts_that() -> Result<()> {
    let Pair { us, mx, clock } = pair().await?;
    us.hold(&indicators(0..2)).await?;
    mx.hold(&indicators(5..6)).await?;
    let all = || Selection::Type("indicator".to_owned());
    let composed = us.compose(&mx, CLAUSE, all()).await?;
    let id = id(&us).await?;

    suspend(&mx.node, id, halt()).await?;
    assert_eq!(look(&mx).await?.phase, Phase::Suspended);
    let own = mx.compose(&us, OTHER_CLAUSE, all()).await.unwrap_err().to_string();
    assert!(own.contains("suspended"), "{own}");
    pump(&us, &mx).await?;
    let seen = look(&us).await?;
    assert_eq!((seen.phase, seen.suspended_by), (Phase::Suspended, vec![mx.node.root()]));
    assert_eq!(seen.events[0].text.as_deref(), Some("Until the incident is cleared up"));
    let row = composed.release;
    let why = stale(&us.node, &row).await?.ok_or("it is shown as if it could be sent")?;
    assert_eq!(why.code(), "agreement-suspended", "it is shown before anything is tried");
    assert_eq!(code(approve(&us.node, &row, &us.officers[0]).await), "agreement-suspended");
    assert_eq!(code(suspend(&mx.node, id, halt()).await), "agreement-suspended");
    assert_eq!(code(lift(&us.node, id, silent()).await), "not-suspended");
    let lines = journal(&us.node, "statement-not-made").await?;
    assert_eq!(lines[0].entry.details["code"], "not-suspended");
    assert_eq!(journal(&us.node, "agreement-suspended").await?.len(), 1);

    clock.advance(SignedDuration::from_secs(1));
    suspend(&us.node, id, silent()).await?;
    lift(&mx.node, id, silent()).await?;
    pump(&us, &mx).await?;
    for party in [&us, &mx] {
        let seen = look(party).await?;
        assert_eq!((seen.phase, seen.suspended_by), (Phase::Suspended, vec![us.node.root()]));
    }
    lift(&us.node, id, silent()).await?;
    pump(&us, &mx).await?;
    assert_eq!((look(&us).await?.phase, look(&mx).await?.phase), (Phase::InForce, Phase::InForce));
    assert!(stale(&us.node, &row).await?.is_none());
    approve(&us.node, &row, &us.officers[0]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_on_its_way_before_a_suspension_is_taken_in_and_what_was_said_after_is_not()
-> Result<()> {
    let Pair { us, mx, clock } = pair().await?;
    us.hold(&indicators(0..2)).await?;
    let before = give(&us, &mx, CLAUSE).await?;
    clock.advance(SignedDuration::from_secs(1));
    suspend(&mx.node, id(&mx).await?, silent()).await?;
    let after = give(&us, &mx, CLAUSE).await?;
    pump(&us, &mx).await?;
    assert_eq!(taken(&mx, &before).await?, None);
    assert_eq!(taken(&mx, &after).await?.as_deref(), Some("agreement-suspended"));
    // the refusal is receipted, so that the giver knows
    let row = us.node.store().outbound(after.digest).await?.ok_or("no row")?;
    assert_eq!(row.receipt.and_then(|it| it.code).as_deref(), Some("agreement-suspended"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_when_an_agreement_is_terminated_is_closed_by_that_on_both_sides() -> Result<()>
{
    let pair = pair().await?;
    let Pair { us, mx, clock } = &pair;
    let sealed = ask(&us.node, wish(mx)).await?;
    let request = matter_of(us, &sealed).await?.id;
    pump(us, mx).await?;
    clock.advance(SignedDuration::from_secs(1));
    terminate(&mx.node, id(mx).await?, silent()).await?;
    pump(us, mx).await?;
    clock.advance(SignedDuration::from_hours(100));
    for party in [us, mx] {
        let row = matter::find(&party.node, &request.to_string(), &[MatterKind::Request]).await?;
        assert_eq!((row.stage(), row.awaits()), (Stage::Ended, None));
        assert!(!is_overdue(&row, party.node.now()), "nobody may answer it");
        let open = MatterQuery { open: Some(true), limit: 9, ..MatterQuery::default() };
        assert!(party.node.store().matters(open).await?.is_empty());
    }
    settle(&pair, Faults::default()).await?;
    let figures = both(&pair).await?;
    let own = us.node.root();
    let asked = figures.directions.iter().find(|it| it.from == own).ok_or("no direction")?;
    let urgent = &asked.requests["urgent"];
    assert_eq!((urgent.put, urgent.ended, urgent.overdue, urgent.open), (1, 1, 0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_behind_neither_outruns_a_suspension_nor_misses_its_end() -> Result<()> {
    let behind = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let ahead = TestClock::at("2026-03-01T10:04:00Z".parse()?);
    let us = Party::new("us", &behind, false).await?;
    let mx = Party::new("mx", &ahead, false).await?;
    agree(&us, &mx, &AgreementText::default()).await?;
    us.hold(&indicators(0..1)).await?;
    let id = id(&mx).await?;
    suspend(&mx.node, id, silent()).await?;
    pump(&us, &mx).await?;
    let refused = us.compose(&mx, CLAUSE, Selection::Type("indicator".to_owned())).await;
    assert!(refused.unwrap_err().to_string().contains("suspended"));
    lift(&mx.node, id, silent()).await?;
    pump(&us, &mx).await?;
    let given = give(&us, &mx, CLAUSE).await?;
    pump(&us, &mx).await?;
    assert_eq!(taken(&mx, &given).await?, None, "it was said after the suspension was lifted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_release_is_not_sealed_once_the_agreement_is_suspended() -> Result<()> {
    let Pair { us, mx, .. } = pair().await?;
    us.hold(&indicators(0..1)).await?;
    let all = Selection::Type("indicator".to_owned());
    let composed = us.compose(&mx, CLAUSE, all).await?;
    approve(&us.node, &composed.release, &us.officers[0]).await?;
    suspend(&us.node, id(&us).await?, silent()).await?;
    let folio = composed.release.record.folio.to_string();
    let row = find_release(&us.node, &folio).await?;
    let before = us.node.store().outbox_view(mx.node.root()).await?;
    assert_eq!(code(seal(&us.node, &row).await), "agreement-suspended");
    assert_eq!(us.node.store().outbox_view(mx.node.root()).await?, before);
    assert_eq!(find_release(&us.node, &folio).await?.state, ReleaseState::Approved);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_that_was_sealed_when_the_node_stopped_holds_and_reaches_the_partner()
-> Result<()> {
    let Pair { mut us, mx, .. } = pair().await?;
    us.hold(&indicators(0..1)).await?;
    let (id, partner) = (id(&us).await?, mx.node.root());
    let standing = in_force(&us.node, partner, us.node.now()).await?;
    let legal_basis = standing.agreement.legal_basis.clone();
    let body = ConductBody::from(SuspensionBody {
        folio: "US-2026-000000".parse()?,
        act: SuspensionAct::Suspend,
        grounds: Grounds { legal_basis, reasons: Vec::new() },
    });
    let draft = Draft {
        kind: body.kind(),
        id: StatementId::new(fresh_uuid(&**us.node.entropy())),
        nonce: Nonce([7; 32]),
        channel: ChannelId { agreement: id, epoch: 1, from: us.node.root(), to: partner },
        agreement: standing.reference,
        issued_at: us.node.now(),
        parts: Vec::new(),
        body: body.to_raw()?,
    };
    let effect = SealEffect::Conduct { body, text: None };
    let (parts, journal) = (Vec::new(), Vec::new());
    let input = SealInput { draft, partner, parts, effect, serial: None, journal };
    let sealed = us.node.store().seal(input).await?;
    // the node stops before anything signed it
    us.restart().await?;
    assert_eq!(look(&us).await?.phase, Phase::Suspended);
    let refused = us.compose(&mx, CLAUSE, Selection::Type("indicator".to_owned())).await;
    assert!(refused.is_err());
    pump(&us, &mx).await?;
    assert_eq!(taken(&mx, &sealed).await?, None);
    assert_eq!(look(&mx).await?.suspended_by, [us.node.root()]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_termination_is_final_and_the_record_is_still_completed() -> Result<()> {
    let pair = pair().await?;
    let Pair { us, mx, clock } = &pair;
    us.hold(&indicators(0..1)).await?;
    let given = give(us, mx, CLAUSE).await?;
    clock.advance(SignedDuration::from_secs(1));
    let id = id(us).await?;
    terminate(&us.node, id, halt()).await?;
    pump(us, mx).await?;
    assert_eq!(taken(mx, &given).await?, None);
    let row = us.node.store().outbound(given.digest).await?.ok_or("no row")?;
    assert!(row.settled_at.is_some(), "receipts cross after the end");
    let terms = AgreementText { version: 2, ..AgreementText::default() };
    sign(us, mx, &terms.toml(us.node.root(), mx.node.root())).await?;
    for party in [us, mx] {
        assert_eq!(look(party).await?.phase, Phase::Ended);
        for refused in [
            suspend(&party.node, id, silent()).await,
            lift(&party.node, id, silent()).await,
            terminate(&party.node, id, silent()).await,
            activate(&party.node, id, 2, "an analyst").await,
        ] {
            assert_eq!(code(refused), "agreement-ended");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_is_held_to_what_it_said_itself() -> Result<()> {
    let mut wire = Wire::new().await?;
    let grounds = Grounds {
        legal_basis: vec!["Exchange of notes of 2026-01-30".to_owned()],
        reasons: Vec::new(),
    };
    let rests = |act, grounds: &Grounds| {
        let folio = "US-2026-000900".parse().expect("a folio");
        ConductBody::from(SuspensionBody { folio, act, grounds: grounds.clone() })
    };
    let say = |wire: &mut Wire, body: &ConductBody| -> Result<comity_testkit::Forge> {
        let mut forge = wire.forge(body.kind().as_str());
        forge.body = serde_json::from_str(body.to_raw()?.get())?;
        Ok(forge)
    };
    let lifts = say(&mut wire, &rests(SuspensionAct::Lift, &grounds))?;
    let row = wire.send(&lifts).await?;
    wire.consumed(&row, Refusal::NotSuspended.code()).await?;
    for other in [
        Grounds::default(),
        Grounds { legal_basis: vec!["Article 0".to_owned()], reasons: Vec::new() },
        Grounds { reasons: vec!["no-such".to_owned()], ..grounds.clone() },
    ] {
        let forge = say(&mut wire, &rests(SuspensionAct::Suspend, &other))?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, Refusal::GroundsNotGiven.code()).await?;
    }
    let suspends = say(&mut wire, &rests(SuspensionAct::Suspend, &grounds))?;
    assert_eq!(wire.send(&suspends).await?.code, None);
    let objects = wire.objects().await?;
    let draft = wire.draft(&[comity_testkit::indicator(7)])?;
    let mut release = wire.release(&draft, 1)?;
    release.sequence = wire.before.len() as u64;
    let row = wire.send(&release).await?;
    assert_eq!(row.code.as_deref(), Some("agreement-suspended"));
    assert_eq!(wire.objects().await?, objects);
    let folio = "US-2026-000901".parse()?;
    let ends = say(&mut wire, &TerminationBody { folio, grounds: grounds.clone() }.into())?;
    assert_eq!(wire.send(&ends).await?.code, None);
    let again = TerminationBody { folio: "US-2026-000902".parse()?, grounds: grounds.clone() };
    for body in [rests(SuspensionAct::Suspend, &grounds), again.into()] {
        let forge = say(&mut wire, &body)?;
        let row = wire.send(&forge).await?;
        assert_eq!(row.code.as_deref(), Some("agreement-ended"), "{body:?}");
    }
    Ok(())
}

/// Does as the bytes say at either node, in whatever order, and what a node refuses is not said.
async fn play(steps: &[u8]) -> Result<[Life; 2]> {
    let pair = pair().await?;
    let Pair { us, mx, clock } = &pair;
    for version in [2, 3] {
        let terms = AgreementText { version, ..AgreementText::default() };
        sign(us, mx, &terms.toml(us.node.root(), mx.node.root())).await?;
    }
    let id = id(us).await?;
    for step in steps {
        let party = if step & 1 == 0 { us } else { mx };
        let node = &party.node;
        let said = match step >> 1 {
            0..=2 => suspend(node, id, silent()).await,
            3..=5 => lift(node, id, silent()).await,
            6 => activate(node, id, 2, "an analyst").await,
            7 => activate(node, id, 3, "an analyst").await,
            8 => terminate(node, id, silent()).await,
            9 | 10 => {
                pump(us, mx).await?;
                continue;
            }
            _ => {
                clock.advance(SignedDuration::from_secs(i64::from(*step)));
                continue;
            }
        };
        if let Err(error) = said {
            let known =
                ["agreement-suspended", "agreement-ended", "agreement-superseded", "not-suspended"];
            assert!(known.contains(&error.code()), "{error}");
        }
    }
    pump(us, mx).await?;
    Ok([look(us).await?, look(mx).await?])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_order_both_nodes_see_the_same_in_the_end(steps in prop::collection::vec(0_u8..25, 1..12)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let [mut us, mut mx] = runtime.block_on(play(&steps)).unwrap();
        us.suspended_by.sort_unstable();
        mx.suspended_by.sort_unstable();
        let seen = |life: &Life| (life.phase, life.active, life.suspended_by.clone());
        prop_assert_eq!(seen(&us), seen(&mx));
        let refused = |life: &Life| life.events.iter().any(|it| it.heard == comity_model::conduct::Heard::Refused);
        prop_assert!(!refused(&us) && !refused(&mx), "what a node said is taken in by the other");
        prop_assert_eq!(us.events.len(), mx.events.len());
    }
}
