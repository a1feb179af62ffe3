//! Consent: what a partner released goes on as far as its owner said, and no further.

use comity_exchange::agreement::in_force;
use comity_exchange::compose::{Selection, compose, preview};
use comity_exchange::consent::{Ask, ask, find_consent, is_supported};
use comity_exchange::ports::{MatterQuery, OutboundRow, PouchState, PreviewLine, Verdict};
use comity_exchange::{ExchangeError, approve};
use comity_model::matter::{ConsentDecision, MatterBody, Sought, Stage};
use comity_model::{Origin, PartyRoot};
use comity_testkit::{
    AgreementText, CLAUSE, OTHER_CLAUSE, Pair, Party, Result, TestClock, indicator, pair, pump,
    sign,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::support::line::{
    CONTROL, HEALTH, Line, agree, approved, asking, composing, id_of, release, request, say, sealed,
};
use crate::support::{Wire, journal};

/// No indicator.
const NOTHING: [u64; 0] = [];

fn code<T>(done: Result<T, ExchangeError>) -> Option<&'static str> {
    done.err().map(|error| error.code())
}

/// Which of the indicators `from` may give to `to` for a purpose.
async fn open(from: &Party, to: &Party, purpose: &str) -> Result<Vec<u64>> {
    let all = Selection::Type("indicator".to_owned());
    let lines = preview(&from.node, composing(to, purpose, all)).await?;
    let third = |line: &PreviewLine| line.reasons.iter().any(|it| it.code == "third-party");
    for line in &lines {
        assert_eq!(third(line), line.verdict == Verdict::Withheld, "{line:?}");
    }
    let free = lines.iter().filter(|it| it.verdict == Verdict::Released);
    Ok((0..10).filter(|number| free.clone().any(|it| it.id == id_of(*number))).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_a_consent_opens_that_recipient_that_purpose_and_that_object() -> Result<()> {
    let line = Line::given(0..3).await?;
    assert_eq!(open(&line.mx, &line.xx, CONTROL).await?, NOTHING);
    let asked = request(&line.mx, &line.us, &[0], &line.xx, CONTROL).await?;
    assert_eq!((asked.body.objects.as_slice(), asked.stage), (&[id_of(0)][..], Stage::Open));
    let Sought::Onward { name, .. } = &asked.body.sought else { return Err("a use".into()) };
    assert_eq!(name, "Authority xx");
    assert_eq!(open(&line.mx, &line.xx, CONTROL).await?, NOTHING, "asking opens nothing");
    say(&line.us, &asked, ConsentDecision::Granted, None).await?;
    pump(&line.us, &line.mx).await?;

    assert_eq!(open(&line.mx, &line.xx, CONTROL).await?, [0]);
    assert_eq!(open(&line.mx, &line.xx, HEALTH).await?, NOTHING);
    agree(&line.mx, &line.yy, 4, "2027-01-31").await?;
    assert_eq!(open(&line.mx, &line.yy, CONTROL).await?, NOTHING);

    // what goes on keeps its origin, its grade and every hand it went through
    release(&line.mx, &line.xx, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    let held = line.xx.node.store().holding(id_of(0)).await?.ok_or("not held")?;
    let (us, mx) = (line.us.node.root(), line.mx.node.root());
    assert_eq!((held.chain.as_slice(), held.grade), (&[us, mx][..], Some("B2".parse()?)));
    let Origin::Partner { party, originator, .. } = held.origin else { return Err("own".into()) };
    assert_eq!((party, originator), (mx, us));
    // and there it is as closed as it was here
    assert_eq!(open(&line.xx, &line.yy, CONTROL).await?, NOTHING);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_a_consent_is_for_the_release_that_brought_the_object() -> Result<()> {
    let (line, _) = Line::consented(None).await?;
    let newer = indicator(0)
        .replace(r#""modified":"2026-01-10T08"#, r#""modified":"2026-01-11T08"#)
        .replace("unusual route", "unusual route, said by a source");
    line.us.hold(&newer).await?;
    release(&line.us, &line.mx, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    assert_eq!(
        open(&line.mx, &line.xx, CONTROL).await?,
        NOTHING,
        "nobody was asked about this version"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_a_consent_that_was_denied_withdrawn_or_has_ended_opens_nothing() -> Result<()>
{
    let line = Line::given(0..3).await?;
    let denied = request(&line.mx, &line.us, &[1], &line.xx, CONTROL).await?;
    say(&line.us, &denied, ConsentDecision::Denied, None).await?;
    pump(&line.us, &line.mx).await?;
    assert_eq!(open(&line.mx, &line.xx, CONTROL).await?, NOTHING);
    assert_eq!(
        code(say(&line.us, &denied, ConsentDecision::Granted, None).await),
        Some("matter-closed")
    );

    let (line, consent) = Line::consented(None).await?;
    say(&line.us, &consent, ConsentDecision::Withdrawn, None).await?;
    pump(&line.us, &line.mx).await?;
    assert_eq!(open(&line.mx, &line.xx, CONTROL).await?, NOTHING);
    let seen = find_consent(&line.mx.node, &consent.folio.to_string()).await?;
    assert_eq!((seen.stage, seen.answers.len()), (Stage::Withdrawn, 2));

    let until: Timestamp = "2026-03-02T10:00:00Z".parse()?;
    let (line, _) = Line::consented(Some(until)).await?;
    line.wait(until.checked_sub(SignedDuration::from_secs(1))?);
    assert_eq!(open(&line.mx, &line.xx, CONTROL).await?, [0]);
    line.wait(until);
    assert_eq!(open(&line.mx, &line.xx, CONTROL).await?, NOTHING);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_a_consent_opens_nothing_after_the_agreement_with_its_giver_ended() -> Result<()>
{
    let (line, _) = Line::consented(None).await?;
    line.wait("2026-06-30T23:59:59Z".parse()?);
    assert_eq!(open(&line.mx, &line.xx, CONTROL).await?, [0]);
    line.wait("2026-07-01T00:00:00Z".parse()?);
    assert_eq!(open(&line.mx, &line.xx, CONTROL).await?, NOTHING);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_what_was_approved_is_not_sealed_once_its_consent_is_gone() -> Result<()> {
    let (line, consent) = Line::consented(None).await?;
    let what = Selection::Ids(vec![id_of(0)]);
    let composed = approved(&line.mx, &line.xx, CONTROL, what.clone()).await?;
    let unapproved = compose(&line.mx.node, composing(&line.xx, CONTROL, what)).await?;
    say(&line.us, &consent, ConsentDecision::Withdrawn, None).await?;
    pump(&line.us, &line.mx).await?;
    let before = line.mx.node.store().outbox_view(line.xx.node.root()).await?;
    assert_eq!(code(sealed(&line.mx, &composed).await), Some("consent-withdrawn"));
    assert_eq!(line.mx.node.store().outbox_view(line.xx.node.root()).await?, before);
    let late = approve::approve(&line.mx.node, &unapproved.release, &line.mx.officers[0]).await;
    assert_eq!(code(late), Some("consent-withdrawn"));

    let until: Timestamp = "2026-03-02T10:00:00Z".parse()?;
    let (line, _) = Line::consented(Some(until)).await?;
    let composed = approved(&line.mx, &line.xx, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    line.wait(until);
    assert_eq!(code(sealed(&line.mx, &composed).await), Some("consent-withdrawn"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_nobody_lets_go_on_what_another_party_owns() -> Result<()> {
    let (line, _) = Line::consented(None).await?;
    release(&line.mx, &line.xx, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    let further = request(&line.xx, &line.mx, &[0], &line.yy, CONTROL).await?;
    let before = line.mx.node.store().outbox_view(line.xx.node.root()).await?;
    assert_eq!(
        code(say(&line.mx, &further, ConsentDecision::Granted, None).await),
        Some("originator-consent")
    );
    assert_eq!(line.mx.node.store().outbox_view(line.xx.node.root()).await?, before);
    let lines = journal(&line.mx.node, "statement-not-made").await?;
    assert!(lines.iter().any(|it| it.entry.details["code"] == "originator-consent"));

    // the originator is asked, for the same third party and purpose; its end binds what rests on it
    let until: Timestamp = "2026-05-01T00:00:00Z".parse()?;
    let first = request(&line.mx, &line.us, &[0], &line.yy, CONTROL).await?;
    say(&line.us, &first, ConsentDecision::Granted, Some(until)).await?;
    pump(&line.us, &line.mx).await?;
    let later = until.checked_add(SignedDuration::from_secs(1))?;
    assert_eq!(
        code(say(&line.mx, &further, ConsentDecision::Granted, Some(later)).await),
        Some("consent-until")
    );
    say(&line.mx, &further, ConsentDecision::Granted, None).await?;
    pump(&line.mx, &line.xx).await?;
    let granted = find_consent(&line.xx.node, &further.folio.to_string()).await?;
    assert_eq!(granted.until(), Some(until));
    assert_eq!(open(&line.xx, &line.yy, CONTROL).await?, [0]);
    release(&line.xx, &line.yy, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    let held = line.yy.node.store().holding(id_of(0)).await?.ok_or("not held")?;
    assert_eq!(held.chain, [&line.us, &line.mx, &line.xx].map(|party| party.node.root()));
    assert_eq!(held.origin.partner(), Some(line.xx.node.root()));

    // the originator withdraws: the one between sees that its own word hangs in the air, and withdraws it
    let mine = find_consent(&line.mx.node, &further.folio.to_string()).await?;
    assert!(is_supported(&line.mx.node, &mine).await?);
    say(&line.us, &first, ConsentDecision::Withdrawn, None).await?;
    pump(&line.us, &line.mx).await?;
    assert!(!is_supported(&line.mx.node, &mine).await?);
    say(&line.mx, &mine, ConsentDecision::Withdrawn, None).await?;
    pump(&line.mx, &line.xx).await?;
    assert_eq!(open(&line.xx, &line.yy, CONTROL).await?, NOTHING);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_be_asked_about_is_not_asked_and_the_journal_says_so() -> Result<()> {
    let line = Line::given(0..1).await?;
    line.mx.hold(&indicator(9)).await?;
    let (us, xx) = (line.us.node.root(), line.xx.node.root());
    let before = line.mx.node.store().outbox_view(us).await?;
    let cases = [
        (asking(&[0, 9], xx, CONTROL), "own-object"),
        (asking(&[0], us, CONTROL), "not-a-third-party"),
        (asking(&[0, 8], xx, CONTROL), "not-found"),
        (asking(&[], xx, CONTROL), "bad-input"),
        (asking(&[0], xx, "nope"), "purpose-not-granted"),
    ];
    for (case, expected) in cases {
        assert_eq!(code(ask(&line.mx.node, case).await), Some(expected));
    }
    assert_eq!(line.mx.node.store().outbox_view(us).await?, before);
    let codes: Vec<_> = journal(&line.mx.node, "consent-not-asked").await?;
    let codes: Vec<_> = codes.iter().map(|it| it.entry.details["code"].clone()).collect();
    assert_eq!(codes, ["own-object", "not-a-third-party", "not-found", "purpose-not-granted"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_under_one_of_two_agreements_is_asked_about_under_that_one() -> Result<()> {
    let line = Line::given(0..1).await?;
    let first = line.mx.node.store().holding(id_of(0)).await?.ok_or("not held")?.origin;
    let Origin::Partner { agreement: first, .. } = first else { return Err("its own".into()) };
    agree(&line.us, &line.mx, 7, "2027-01-31").await?;
    let (us, xx) = (line.us.node.root(), line.xx.node.root());
    let chosen = in_force(&line.mx.node, us, line.mx.node.now()).await?.reference.id;
    assert_ne!(chosen, first, "the other one is taken where nothing speaks for either");
    let sealed = ask(&line.mx.node, asking(&[0], xx, CONTROL)).await?;
    assert_eq!(sealed[0].channel.agreement, first);
    pump(&line.us, &line.mx).await?;
    assert_eq!(
        line.us
            .node
            .store()
            .matters(MatterQuery { limit: 9, ..MatterQuery::default() })
            .await?
            .len(),
        1
    );
    let under = |agreement| Ask { agreement: Some(agreement), ..asking(&[0], xx, CONTROL) };
    assert_eq!(code(ask(&line.mx.node, under(first)).await), None);
    assert_eq!(code(ask(&line.mx.node, under(chosen)).await), Some("not-found"));

    line.wait("2026-07-05T00:00:00Z".parse()?);
    let refused = ask(&line.mx.node, asking(&[0], xx, CONTROL)).await.unwrap_err();
    assert_eq!(refused.code(), "agreement-changed");
    assert!(
        refused.to_string().contains(&format!("release it again under `{chosen}`")),
        "{refused}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_to_stay_cannot_be_asked_about() -> Result<()> {
    for rule in ["never", "units"] {
        let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
        let us = Party::new("us", &clock, false).await?;
        let mx = Party::new("mx", &clock, false).await?;
        let xx = Party::new("xx", &clock, false).await?;
        us.confirm(&mx).await?;
        mx.confirm(&us).await?;
        mx.confirm(&xx).await?;
        let text = AgreementText::default().toml(us.node.root(), mx.node.root());
        sign(&us, &mx, &text.replace("originator-consent", rule)).await?;
        us.hold(&indicator(0)).await?;
        us.release(&mx, CLAUSE, Selection::Ids(vec![id_of(0)]), 1).await?;
        pump(&us, &mx).await?;
        let refused = ask(&mx.node, asking(&[0], xx.node.root(), CONTROL)).await;
        let error = refused.err().ok_or("it was asked")?;
        assert_eq!(error.code(), "onward-rule");
        assert!(error.to_string().contains(&format!("`{rule}`")), "{error}");
    }
    Ok(())
}

/// A hostile partner to which `mx` gave an indicator, and the release statement.
async fn owner(rule: &str) -> Result<(Wire, OutboundRow)> {
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let us = Party::new("us", &clock, false).await?;
    let mx = Party::new("mx", &clock, false).await?;
    us.confirm(&mx).await?;
    mx.confirm(&us).await?;
    let text = AgreementText::default().toml(us.node.root(), mx.node.root());
    sign(&us, &mx, &text.replace("originator-consent", rule)).await?;
    mx.hold(&indicator(0)).await?;
    mx.hold(&indicator(1)).await?;
    let row = mx.release(&us, OTHER_CLAUSE, Selection::Ids(vec![id_of(0)]), 1).await?;
    Ok((Wire::over(Pair { us, mx, clock }).await?, row))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_about_what_was_not_given_or_was_given_to_stay_is_refused() -> Result<()> {
    let third = PartyRoot::new(comity_model::Digest::of(b"a third party"));
    for rule in ["originator-consent", "never", "units"] {
        let (mut wire, release) = owner(rule).await?;
        let (us, mx) = (wire.pair.us.node.root(), wire.mx().root());
        let other = comity_model::Digest::of(b"another release");
        let own = if rule == "originator-consent" { None } else { Some("onward-rule") };
        let cases = [
            (release.digest, vec![id_of(0)], third, own),
            (release.digest, vec![id_of(0), id_of(1)], third, own.or(Some("target-unknown"))),
            (other, vec![id_of(0)], third, Some("target-unknown")),
            (release.digest, vec![id_of(0)], us, Some("bad-body")),
            (release.digest, vec![id_of(0)], mx, Some("bad-body")),
        ];
        for (number, (release, objects, third_party, expected)) in cases.into_iter().enumerate() {
            let mut forge = wire.forge("consent");
            forge.body = json!({
                "consent": format!("consent--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2d{number:02}"),
                "folio": "US-2026-000001", "release": release, "objects": objects,
                "third_party": third_party, "third_party_name": "An authority", "purpose": CONTROL,
            });
            let row = wire.send(&forge).await?;
            assert_eq!((row.state, row.code.as_deref()), (PouchState::Consumed, expected));
        }
        let query = MatterQuery { limit: 10, ..MatterQuery::default() };
        let filed = wire.mx().store().matters(query).await?;
        assert_eq!(filed.len(), usize::from(own.is_none()), "{rule}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_the_party_that_asked_is_refused() -> Result<()> {
    let pair = pair().await?;
    let third = Party::new("xx", &pair.clock, false).await?;
    pair.us.confirm(&third).await?;
    pair.mx.hold(&indicator(0)).await?;
    pair.mx.release(&pair.us, OTHER_CLAUSE, Selection::Ids(vec![id_of(0)]), 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let asked = request(&pair.us, &pair.mx, &[0], &third, CONTROL).await?;
    let own = find_consent(&pair.us.node, &asked.folio.to_string()).await?;
    for decision in [ConsentDecision::Granted, ConsentDecision::Denied, ConsentDecision::Withdrawn]
    {
        assert_eq!(code(say(&pair.us, &own, decision, None).await), Some("matter-not-yours"));
    }
    let rows = pair.us.node.store().matters(MatterQuery { limit: 9, ..MatterQuery::default() });
    let entries: Vec<_> = rows.await?.into_iter().flat_map(|it| it.entries).collect();
    assert!(matches!(
        entries.iter().map(comity_exchange::ports::MatterEntry::body).collect::<Vec<_>>()[..],
        [MatterBody::Consent(_)]
    ));
    Ok(())
}
