//! What one command does under several agreements, and what a term becomes that is passed on.

use comity_exchange::compose::{Selection, preview};
use comity_exchange::ports::Verdict;
use comity_exchange::purge::{due, sweep};
use comity_exchange::recall::{Recall, What, all, recall};
use comity_exchange::{ExchangeError, agreement, request};
use comity_model::Grounds;
use comity_model::matter::{ConsentDecision, RecallAction, Urgency};
use comity_testkit::{AgreementText, Pair, Party, Result, TestClock, pair, pump, sign};
use jiff::{SignedDuration, Timestamp};

use crate::support::journal;
use crate::support::line::{CONTROL, Line, agree, composing, id_of, release, request as ask, say};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn after(from: Timestamp, days: i32) -> Result<Timestamp> {
    Ok(from.checked_add(DAY * days)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_what_is_passed_on_is_kept_no_longer_than_its_owner_said() -> Result<()> {
    let (line, _) = Line::consented(None).await?;
    let received = line.mx.node.store().holding(id_of(0)).await?.ok_or("not held")?.received_at;
    line.wait(after(received, 100)?);
    release(&line.mx, &line.xx, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    let there = line.xx.node.store().holding(id_of(0)).await?.ok_or("not held")?;
    let handling = there.handling.ok_or("no handling")?;
    assert_eq!(handling.until, Some(after(received, 180)?));

    line.wait(after(received, 180)?);
    assert!(line.mx.node.store().holding(id_of(0)).await?.is_none());
    assert!(line.xx.node.store().holding(id_of(0)).await?.is_none(), "80 days, not 180");
    assert_eq!(sweep(&line.xx.node, &Grounds::default(), "node").await?.purged, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_what_has_less_than_a_day_left_is_not_passed_on() -> Result<()> {
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let us = Party::new("us", &clock, false).await?;
    let mx = Party::new("mx", &clock, false).await?;
    let xx = Party::new("xx", &clock, false).await?;
    agree(&us, &mx, 1, "2027-01-31").await?;
    agree(&mx, &xx, 2, "2027-01-31").await?;
    us.confirm(&xx).await?;
    us.hold(&comity_testkit::indicators(0..1)).await?;
    release(&us, &mx, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    let asked = ask(&mx, &us, &[0], &xx, CONTROL).await?;
    say(&us, &asked, ConsentDecision::Granted, None).await?;
    pump(&us, &mx).await?;
    for (hours, verdict) in [(24 * 179 - 1, Verdict::Released), (2, Verdict::Withheld)] {
        clock.advance(SignedDuration::from_hours(hours));
        let what = Selection::Ids(vec![id_of(0)]);
        let lines = preview(&mx.node, composing(&xx, CONTROL, what)).await?;
        assert_eq!(lines[0].verdict, verdict, "{lines:?}");
        if verdict == Verdict::Withheld {
            assert_eq!(lines[0].reasons[0].code, "retention-over");
        }
    }
    Ok(())
}

/// `us` with `mx` and with `xx`, whose agreements list other grounds.
async fn three() -> Result<(Party, Party, Party)> {
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let us = Party::new("us", &clock, false).await?;
    let mut others = Vec::new();
    for (number, handle) in [(1, "mx"), (2, "xx")] {
        let other = Party::new(handle, &clock, false).await?;
        us.confirm(&other).await?;
        other.confirm(&us).await?;
        let terms = AgreementText {
            id: format!("5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2c{number:02}"),
            parties: ["us".to_owned(), handle.to_owned()],
            ..AgreementText::default()
        };
        let text = terms.toml(us.node.root(), other.node.root());
        let lists: Vec<String> = text
            .lines()
            .map(|line| {
                if line.starts_with("legal_basis") {
                    format!("legal_basis = [\"{handle} 1\", \"{handle} 2\"]")
                } else {
                    line.to_owned()
                }
            })
            .collect();
        sign(&us, &other, &lists.join("\n")).await?;
        others.push(other);
    }
    let (xx, mx) = (others.pop().ok_or("nobody")?, others.pop().ok_or("nobody")?);
    us.hold(&comity_testkit::indicators(0..1)).await?;
    for (other, basis) in [(&mx, "mx 1"), (&xx, "xx 2")] {
        let mut asked = composing(other, CONTROL, Selection::Ids(vec![id_of(0)]));
        asked.grounds.legal_basis = vec![basis.to_owned()];
        let composed = comity_exchange::compose::compose(&us.node, asked).await?;
        comity_exchange::approve::approve(&us.node, &composed.release, &us.officers[0]).await?;
        crate::support::line::sealed(&us, &composed).await?;
        pump(&us, other).await?;
    }
    Ok((us, mx, xx))
}

fn of_all(bases: &[&str]) -> Recall {
    let legal_basis = bases.iter().map(|it| (*it).to_owned()).collect();
    Recall {
        what: What::Original(id_of(0)),
        action: RecallAction::Purge,
        replacements: Vec::new(),
        grounds: Grounds { legal_basis, reasons: Vec::new() },
        text: None,
        by: "an analyst".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_under_several_agreements_rests_on_what_each_lists_or_nothing_is_sealed()
-> Result<()> {
    let (us, mx, xx) = three().await?;
    for (given, code, named) in [
        (&["mx 1"][..], "legal-basis-missing", "`xx`"),
        (&["mx 1", "nobody's"][..], "legal-basis-unknown", "nobody's"),
        (&["mx 1", "xx 1", "mx 1"][..], "grounds-duplicate", "mx 1"),
    ] {
        let refused = recall(&us.node, of_all(given)).await.unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
        assert!(refused.to_string().contains(named), "{refused}");
        assert!(all(&us.node, 10).await?.is_empty());
    }
    let sealed = recall(&us.node, of_all(&["mx 1", "xx 2"])).await?.sealed;
    assert_eq!(sealed.len(), 2);
    for (other, basis) in [(&mx, "mx 1"), (&xx, "xx 2")] {
        pump(&us, other).await?;
        let arrived = all(&other.node, 10).await?;
        let body = comity_exchange::recall::body(&arrived[0])?;
        assert_eq!(body.grounds.legal_basis, [basis]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_purged_on_grounds_that_no_agreement_lists() -> Result<()> {
    let pair = pair().await?;
    let bogus = Grounds { legal_basis: vec!["bogus".to_owned()], reasons: Vec::new() };
    let refused = sweep(&pair.mx.node, &bogus, "an analyst").await.unwrap_err();
    assert_eq!(refused.code(), "legal-basis-unknown", "with nothing due");

    crate::retention::released(&pair, 0..3).await?;
    pair.clock.advance(DAY * 181);
    let refused = sweep(&pair.mx.node, &bogus, "an analyst").await.unwrap_err();
    assert_eq!(refused.code(), "legal-basis-unknown");
    assert_eq!(due(&pair.mx.node).await?, 3);
    let lines = journal(&pair.mx.node, "purge-not-begun").await?;
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].entry.details["code"], "legal-basis-unknown");
    assert_eq!(sweep(&pair.mx.node, &Grounds::default(), "an analyst").await?.purged, 3);
    Ok(())
}

fn asked(pair: &Pair, kinds: &[&str]) -> request::Ask {
    request::Ask {
        to: pair.mx.node.root(),
        urgency: Urgency::Routine,
        purpose: CONTROL.to_owned(),
        kinds: kinds.iter().map(|it| (*it).to_owned()).collect(),
        legal_basis: Vec::new(),
        text: "Which consignments?".to_owned(),
        by: "an analyst".to_owned(),
    }
}

fn code<T>(done: Result<T, ExchangeError>) -> Option<&'static str> {
    done.err().map(|error| error.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_nobody_knows_is_asked_for_and_agreed_on_by_nobody() -> Result<()> {
    let pair = pair().await?;
    let node = &pair.us.node;
    let ask = async |kinds: &[&str]| code(request::ask(node, asked(&pair, kinds)).await);
    assert_eq!(ask(&["frobnicate"]).await, Some("kind-unknown"));
    assert_eq!(ask(&["indicator", "indicator"]).await, Some("bad-input"));
    assert_eq!(ask(&["indicator", "consignment", "x-frobnicate"]).await, None);

    let terms = AgreementText {
        version: 2,
        kinds: "[\"indicator\", \"identity\", \"frobnicate\"]".to_owned(),
        ..AgreementText::default()
    };
    let text = terms.toml(node.root(), pair.mx.node.root());
    let key = &pair.us.root_key;
    let refused = agreement::sign(node, &text, "text", key, "an analyst").await.unwrap_err();
    assert_eq!(refused.code(), "kind-unknown");
    let message = refused.to_string();
    let line = text.lines().position(|it| it.contains("frobnicate")).unwrap() + 1;
    let whole = format!("text, line {line}: clause[1].kinds: `frobnicate` is no type");
    assert!(message.contains(&whole), "{message}");
    let own = text.replace("frobnicate", "x-frobnicate");
    assert_eq!(code(agreement::sign(node, &own, "text", key, "an analyst").await), None);
    Ok(())
}
