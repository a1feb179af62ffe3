use jiff::Timestamp;

use super::*;
use crate::{Digest, PartyRoot};

fn party(name: &str) -> PartyRoot {
    PartyRoot::new(Digest::of(name.as_bytes()))
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + minute * 60).unwrap()
}

fn event(from: &str, minute: i64, change: Change, heard: Heard) -> Event {
    Event { from: party(from), at: at(minute), change, heard }
}

#[test]
fn what_rests_keeps_its_record_takes_information_back_and_speaks_of_itself() {
    let said = |phase| {
        let all = Kind::ALL.iter().filter(move |kind| may(**kind, phase).is_ok());
        all.map(|kind| kind.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(said(Phase::Draft), ["agreement", "descriptor"]);
    for phase in [Phase::NotBegun, Phase::Suspended, Phase::Ended] {
        assert_eq!(
            said(phase),
            [
                "receipt",
                "recall",
                "recall-answer",
                "purge",
                "agreement",
                "descriptor",
                "suspension",
                "termination",
                "checkpoint",
            ],
            "{phase}"
        );
    }
    assert_eq!(said(Phase::InForce).len(), Kind::ALL.len());
    assert_eq!(may(Kind::Release, Phase::Suspended), Err(Refusal::AgreementSuspended));
    assert_eq!(may(Kind::Release, Phase::Ended), Err(Refusal::AgreementEnded));
    assert_eq!(may(Kind::Release, Phase::NotBegun), Err(Refusal::AgreementNotBegun));
    assert_eq!(may(Kind::Release, Phase::Draft), Err(Refusal::AgreementUnknown));
}

#[test]
fn what_asks_for_a_receipt_gets_one_and_nothing_else_is_answered_unasked() {
    for kind in Kind::ALL {
        let row = row(*kind);
        assert_eq!(row.kind, *kind);
        let acknowledged = row.unasked.contains(&Unasked::Acknowledge);
        assert_eq!(acknowledged, kind.is_receipted(), "{kind}");
        assert_eq!(row.unasked.contains(&Unasked::Freeze), *kind == Kind::Recall, "{kind}");
    }
}

#[test]
fn a_suspension_is_lifted_by_the_party_that_made_it_and_by_nobody_else() {
    let (us, mx) = (party("us"), party("mx"));
    let both = [us, mx];
    let mut events = vec![event("us", 0, Change::Suspended, Heard::NotYet)];
    assert_eq!(phase(&events, Phase::InForce), Phase::Suspended);
    assert_eq!(accepts(&events, mx, Change::Lifted), Err(Refusal::NotSuspended));
    assert_eq!(accepts(&events, us, Change::Suspended), Err(Refusal::AgreementSuspended));
    assert_eq!(accepts(&events, mx, Change::Suspended), Ok(()));
    events.push(event("mx", 1, Change::Suspended, Heard::Taken));
    assert_eq!(suspended_by(&events, &both), both);
    events.push(event("us", 2, Change::Lifted, Heard::NotYet));
    assert_eq!(phase(&events, Phase::InForce), Phase::Suspended);
    assert_eq!(suspended_by(&events, &both), [mx]);
    events.push(event("mx", 3, Change::Lifted, Heard::Taken));
    assert_eq!(phase(&events, Phase::InForce), Phase::InForce);
    assert_eq!(phase(&events, Phase::NotBegun), Phase::NotBegun);
}

#[test]
fn a_termination_is_final_for_whoever_said_it_and_nothing_follows_it() {
    let (us, mx) = (party("us"), party("mx"));
    let events = [event("us", 0, Change::Terminated, Heard::NotYet)];
    let all = [
        Change::Offered(2),
        Change::Activated(2),
        Change::Suspended,
        Change::Lifted,
        Change::Terminated,
    ];
    for change in all {
        assert_eq!(accepts(&events, us, change), Err(Refusal::AgreementEnded), "{change:?}");
        assert_eq!(may_change(&events, mx, change), Err(Refusal::AgreementEnded), "{change:?}");
    }
    // said before the other party's termination arrived
    assert_eq!(accepts(&events, mx, Change::Suspended), Ok(()));
    assert_eq!(accepts(&events, mx, Change::Terminated), Ok(()));
    let crossed = [events[0], event("mx", 0, Change::Suspended, Heard::Taken)];
    assert_eq!(phase(&crossed, Phase::InForce), Phase::Ended);
}

#[test]
fn what_is_on_its_way_is_judged_by_when_it_was_issued_until_its_sender_acknowledged() {
    let (us, mx) = (party("us"), party("mx"));
    let judged =
        |events: &[Event], minute| phase_on_arrival(events, mx, at(minute), Phase::InForce);
    let suspended = event("us", 10, Change::Suspended, Heard::NotYet);
    assert_eq!(judged(&[suspended], 9), Phase::InForce);
    assert_eq!(judged(&[suspended], 10), Phase::Suspended);
    // a sender that has it is bound by it, however late its clock is
    let taken = Event { heard: Heard::Taken, ..suspended };
    assert_eq!(judged(&[taken], 9), Phase::Suspended);
    let lifted = event("us", 20, Change::Lifted, Heard::NotYet);
    assert_eq!(judged(&[taken, lifted], 19), Phase::Suspended);
    assert_eq!(judged(&[taken, lifted], 20), Phase::InForce);
    let ended = event("us", 30, Change::Terminated, Heard::NotYet);
    assert_eq!(judged(&[taken, lifted, ended], 29), Phase::InForce);
    assert_eq!(judged(&[taken, lifted, ended], 30), Phase::Ended);
    // its own suspension stands before it in its channel, whatever the times say
    let own = event("mx", 10, Change::Suspended, Heard::Taken);
    assert_eq!(judged(&[own], 0), Phase::Suspended);
    assert_eq!(phase_on_arrival(&[own], us, at(0), Phase::InForce), Phase::Suspended);
}

#[test]
fn a_version_is_cited_once_it_is_active_and_never_after_a_later_one() {
    let (us, mx) = (party("us"), party("mx"));
    assert_eq!(may_cite(&[], mx, 0, 1), Ok(()));
    assert_eq!(may_cite(&[], mx, 0, 2), Err(Refusal::AgreementUnknown));
    let ours = event("us", 10, Change::Activated(2), Heard::NotYet);
    assert_eq!(active(&[ours]), 2);
    assert_eq!(may_cite(&[ours], mx, 1, 1), Ok(()), "the switch is still on its way to it");
    assert_eq!(may_cite(&[ours], mx, 2, 1), Err(Refusal::AgreementSuperseded));
    let taken = Event { heard: Heard::Taken, ..ours };
    assert_eq!(may_cite(&[taken], mx, 1, 1), Err(Refusal::AgreementSuperseded));
    assert_eq!(may_cite(&[ours], us, 1, 1), Err(Refusal::AgreementSuperseded));
    let refused = Event { heard: Heard::Refused, ..ours };
    assert_eq!(active(&[refused]), 1);
    assert_eq!(may_change(&[ours], mx, Change::Activated(2)), Err(Refusal::AgreementSuperseded));
    assert_eq!(accepts(&[ours], mx, Change::Activated(2)), Ok(()), "both switched at once");
    assert_eq!(accepts(&[ours], us, Change::Activated(2)), Err(Refusal::AgreementSuperseded));
}

#[test]
fn a_body_reads_back_and_one_out_of_bounds_does_not() {
    let folio: crate::Folio = "US-2026-000001".parse().unwrap();
    let grounds = crate::matter::Grounds {
        legal_basis: vec!["Article 1".to_owned()],
        reasons: vec!["not-granted".to_owned()],
    };
    let bodies = [
        ConductBody::Agreement(AgreementBody {
            folio: folio.clone(),
            version: 2,
            digest: Digest::of(b"text"),
            activate: true,
        }),
        ConductBody::Suspension(SuspensionBody {
            folio: folio.clone(),
            act: SuspensionAct::Lift,
            grounds: grounds.clone(),
        }),
        ConductBody::Termination(TerminationBody { folio, grounds }),
    ];
    let read = |kind, text: String| {
        ConductBody::read(kind, &serde_json::value::RawValue::from_string(text).unwrap())
    };
    for body in bodies {
        let text = body.to_raw().unwrap().get().to_owned();
        assert_eq!(read(body.kind(), text.clone()).unwrap().unwrap(), body);
        assert!(read(Kind::Release, text.clone()).is_none());
        let wrong =
            [("\"version\":2", "\"version\":0"), ("Article 1", ""), ("{", "{\"text\":\"x\",")];
        for (from, to) in wrong {
            let other = text.replacen(from, to, 1);
            if other != text {
                assert!(read(body.kind(), other.clone()).unwrap().is_err(), "{other}");
            }
        }
    }
}
