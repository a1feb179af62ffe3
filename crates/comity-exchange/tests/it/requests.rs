//! Requests for information: the clock, the answers, and what is refused.

use comity_exchange::ExchangeError;
use comity_exchange::compose::Selection;
use comity_exchange::matter::find;
use comity_exchange::ports::{MatterRow, OutboundRow};
use comity_exchange::request::{Answer, Ask, RequestQuery, answer, ask, clarify, is_overdue, list};
use comity_model::matter::{AnswerOutcome, ClarificationAct, Stage, Urgency};
use comity_model::{MatterId, MatterKind};
use comity_testkit::{
    AgreementText, OTHER_CLAUSE, Pair, Party, Result, indicator, pair, pair_with, pump,
};
use jiff::SignedDuration;

use crate::support::journal;

pub(crate) mod hostile;

/// An agreement with hours and reasons of its own.
pub(crate) fn terms() -> AgreementText {
    let more = r#"
[[answer_time]]
urgency = "urgent"
hours = 4
[[reason]]
id = "in-answer"
for = ["answer"]
en = "It answers the request"
es = "Responde la solicitud"
[[reason]]
id = "not-held"
for = ["answer"]
en = "Nothing is held"
es = "No hay información"
[[reason]]
id = "not-ours-to-give"
for = ["refusal"]
en = "It is not this party's to give"
es = "No corresponde a esta parte darla"
"#;
    AgreementText { more: more.to_owned(), ..AgreementText::default() }
}

pub(crate) fn wish(to: &Party) -> Ask {
    Ask {
        to: to.node.root(),
        urgency: Urgency::Urgent,
        purpose: "precursor-control".to_owned(),
        kinds: vec!["indicator".to_owned()],
        legal_basis: Vec::new(),
        text: "What is known of the consignment of 2026-02-11?".to_owned(),
        by: "an analyst".to_owned(),
    }
}

pub(crate) fn reply(outcome: AnswerOutcome, releases: &[&str], reason: &str) -> Answer {
    Answer {
        outcome,
        releases: releases.iter().map(|&it| it.to_owned()).collect(),
        legal_basis: Vec::new(),
        reasons: vec![reason.to_owned()],
        text: Some("See what was given.".to_owned()),
        by: "an analyst".to_owned(),
    }
}

/// The matter that a sealed statement belongs to, as a party has it.
pub(crate) async fn matter_of(party: &Party, sealed: &OutboundRow) -> Result<MatterRow> {
    Ok(party.node.store().matter_of(sealed.digest).await?.ok_or("no matter")?)
}

fn code<T>(result: std::result::Result<T, ExchangeError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "done")
}

/// Asks, and delivers it.
async fn asked(pair: &Pair) -> Result<String> {
    let sealed = ask(&pair.us.node, wish(&pair.mx)).await?;
    pump(&pair.us, &pair.mx).await?;
    Ok(matter_of(&pair.us, &sealed).await?.id.to_string())
}

async fn stages(pair: &Pair, id: &str) -> Result<[Stage; 2]> {
    let kinds = [MatterKind::Request];
    let (us, mx) = (find(&pair.us.node, id, &kinds).await?, find(&pair.mx.node, id, &kinds).await?);
    Ok([us.stage(), mx.stage()])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_answers_a_request_and_both_sides_read_the_same_clock() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let id = asked(&pair).await?;
    pair.clock.advance(SignedDuration::from_hours(3));
    pair.mx.hold(&indicator(1)).await?;
    let given =
        pair.mx.release(&pair.us, OTHER_CLAUSE, Selection::Type("indicator".to_owned()), 1).await?;
    let folio = pair.mx.node.store().releases(1).await?.remove(0).record.folio.to_string();
    answer(&pair.mx.node, &id, reply(AnswerOutcome::Complete, &[&folio], "in-answer")).await?;
    pump(&pair.us, &pair.mx).await?;

    assert_eq!(stages(&pair, &id).await?, [Stage::Answered; 2]);
    let (us, mx) = (
        find(&pair.us.node, &id, &[MatterKind::Request]).await?,
        find(&pair.mx.node, &id, &[MatterKind::Request]).await?,
    );
    assert_eq!(us.said(), mx.said());
    let clock = us.clock().ok_or("no clock")?;
    assert_eq!(Some(clock), mx.clock());
    assert_eq!(clock.from.checked_add(SignedDuration::from_hours(4))?, clock.due);
    assert!(!clock.overdue(pair.us.node.now()));
    let cited = serde_json::to_string(&given.digest)?;
    let sealed = us.entries.last().ok_or("nothing said")?;
    assert!(sealed.said.body.to_raw()?.get().contains(&cited));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_answers_in_time_is_overdue_on_both_sides() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let id = asked(&pair).await?;
    let query = RequestQuery { overdue: true, limit: 10, ..RequestQuery::default() };
    for (hours, late) in [(4, 0), (1, 1)] {
        pair.clock.advance(SignedDuration::from_hours(hours));
        for party in [&pair.us, &pair.mx] {
            assert_eq!(list(&party.node, query).await?.len(), late);
        }
    }
    // a partial answer does not stop the clock; one that closes does
    let partial = reply(AnswerOutcome::Partial, &[], "in-answer");
    answer(&pair.mx.node, &id, partial).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(list(&pair.us.node, query).await?.len(), 1);
    answer(&pair.mx.node, &id, reply(AnswerOutcome::NothingFound, &[], "not-held")).await?;
    pump(&pair.us, &pair.mx).await?;
    for party in [&pair.us, &pair.mx] {
        let row = find(&party.node, &id, &[MatterKind::Request]).await?;
        assert!(list(&party.node, query).await?.is_empty());
        assert!(!is_overdue(&row, party.node.now()));
        assert!(row.clock().is_some_and(|it| it.overdue(party.node.now())), "it was late");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_back_is_answered_by_the_party_that_asked_first() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let id = asked(&pair).await?;
    let text = || Some("Which port?".to_owned());
    let (us, mx) = (&pair.us.node, &pair.mx.node);
    let say = |node, act, text| clarify(node, &id, act, text, "an analyst");
    // nothing was asked back yet, and nobody clarifies for the other
    assert_eq!(code(say(us, ClarificationAct::Reply, text()).await), "matter-out-of-turn");
    assert_eq!(code(say(us, ClarificationAct::Ask, text()).await), "matter-not-yours");
    assert_eq!(code(say(mx, ClarificationAct::Withdraw, None).await), "matter-not-yours");
    say(mx, ClarificationAct::Ask, text()).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(stages(&pair, &id).await?, [Stage::ClarificationAsked; 2]);
    assert_eq!(code(say(mx, ClarificationAct::Reply, text()).await), "matter-not-yours");
    say(us, ClarificationAct::Reply, Some("Manzanillo.".to_owned())).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(stages(&pair, &id).await?, [Stage::Open; 2]);
    say(us, ClarificationAct::Withdraw, None).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(stages(&pair, &id).await?, [Stage::Withdrawn; 2]);
    let late = reply(AnswerOutcome::Complete, &[], "in-answer");
    assert_eq!(code(answer(mx, &id, late).await), "matter-closed");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_back_is_answered_also_after_a_partial_answer_and_when_both_cross() -> Result<()>
{
    let pair = pair_with(&terms()).await?;
    let (us, mx) = (&pair.us.node, &pair.mx.node);
    let text = || Some("Which port?".to_owned());
    for crosses in [false, true] {
        let id = asked(&pair).await?;
        let say = |node, act| clarify(node, &id, act, text(), "an analyst");
        say(mx, ClarificationAct::Ask).await?;
        pump(&pair.us, &pair.mx).await?;
        answer(mx, &id, reply(AnswerOutcome::Partial, &[], "in-answer")).await?;
        if !crosses {
            pump(&pair.us, &pair.mx).await?;
            assert_eq!(stages(&pair, &id).await?, [Stage::ClarificationAsked; 2]);
        }
        say(us, ClarificationAct::Reply).await?;
        pump(&pair.us, &pair.mx).await?;
        assert_eq!(stages(&pair, &id).await?, [Stage::Partial; 2], "{crosses}");
        answer(mx, &id, reply(AnswerOutcome::NothingFound, &[], "not-held")).await?;
        pump(&pair.us, &pair.mx).await?;
        assert_eq!(stages(&pair, &id).await?, [Stage::NothingFound; 2]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_what_no_clause_of_the_partner_grants_names_the_clauses() -> Result<()> {
    let pair = pair().await?;
    let before = pair.us.count("SELECT count(*) FROM statement_out")?;
    let wish = Ask { purpose: "public-health".to_owned(), ..wish(&pair.mx) };
    let refused = ask(&pair.us.node, wish).await.err().ok_or("it was sent")?;
    assert_eq!(refused.code(), "purpose-not-granted");
    let text = refused.to_string();
    assert!(text.contains("`north` grants `precursor-control`"), "{text}");
    assert!(!text.contains("south"), "the clause of this party is no help: {text}");
    assert_eq!(pair.us.count("SELECT count(*) FROM statement_out")?, before);
    let lines = journal(&pair.us.node, "statement-not-made").await?;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].entry.details["code"], "purpose-not-granted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_under_an_agreement_without_intelligence() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let toml = terms().toml(pair.us.node.root(), pair.mx.node.root());
    let toml = toml
        .replace(r#"["intelligence", "technical-support"]"#, r#"["technical-support"]"#)
        .replace("version = 1", "version = 2");
    comity_testkit::amend(&pair.us, &pair.mx, &toml).await?;
    assert_eq!(code(ask(&pair.us.node, wish(&pair.mx)).await), "scope-not-granted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_a_request_was_sealed_for_that_partner_and_counts_once() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let (first, second) = (asked(&pair).await?, asked(&pair).await?);
    pair.mx.hold(&indicator(1)).await?;
    let all = || Selection::Type("indicator".to_owned());
    let composed = pair.mx.compose(&pair.us, OTHER_CLAUSE, all()).await?;
    let unsealed = composed.release.record.folio.to_string();
    let complete = |name: &str| reply(AnswerOutcome::Complete, &[name], "in-answer");
    let mx = &pair.mx.node;
    assert_eq!(code(answer(mx, &first, complete(&unsealed)).await), "release-state");
    let nobodys = comity_model::Digest::of(b"no statement").to_string();
    assert_eq!(code(answer(mx, &first, complete(&nobodys)).await), "target-unknown");
    let sealed = pair.mx.release(&pair.us, OTHER_CLAUSE, all(), 1).await?.digest.to_string();
    let twice = reply(AnswerOutcome::Complete, &[&sealed, &sealed], "in-answer");
    assert_eq!(code(answer(mx, &first, twice).await), "bad-input");
    answer(mx, &first, complete(&sealed)).await?;
    assert_eq!(code(answer(mx, &second, complete(&sealed)).await), "release-cited");
    let lines = journal(mx, "statement-not-made").await?;
    let codes: Vec<_> = lines.iter().filter_map(|it| it.entry.details["code"].as_str()).collect();
    assert_eq!(codes, ["release-state", "target-unknown", "release-cited"]);
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(stages(&pair, &first).await?, [Stage::Answered; 2]);
    assert_eq!(stages(&pair, &second).await?, [Stage::Open; 2]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_somebody_elses_a_closed_or_an_unknown_request_changes_nothing() -> Result<()>
{
    let pair = pair_with(&terms()).await?;
    let id = asked(&pair).await?;
    let nothing = || reply(AnswerOutcome::NothingFound, &[], "not-held");
    let (us, mx) = (&pair.us.node, &pair.mx.node);
    let sealed = "SELECT count(*) FROM statement_out WHERE kind NOT IN ('receipt', 'checkpoint')";
    let before = (pair.us.count(sealed)?, pair.mx.count(sealed)?);
    assert_eq!(code(answer(us, &id, nothing()).await), "matter-not-yours");
    let unknown = MatterId::new(MatterKind::Request, uuid::Uuid::from_u128(9)).to_string();
    assert_eq!(code(answer(mx, &unknown, nothing()).await), "not-found");
    let wrong = Answer { reasons: vec!["because".to_owned()], ..nothing() };
    assert_eq!(code(answer(mx, &id, wrong).await), "reason-unknown");
    let refusal = reply(AnswerOutcome::Refused, &[], "not-held");
    assert_eq!(code(answer(mx, &id, refusal).await), "reason-unknown", "a reason of answers");
    assert_eq!((pair.us.count(sealed)?, pair.mx.count(sealed)?), before);
    let refusal = reply(AnswerOutcome::Refused, &[], "not-ours-to-give");
    answer(mx, &id, refusal).await?;
    assert_eq!(code(answer(mx, &id, nothing()).await), "matter-closed");
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(stages(&pair, &id).await?, [Stage::Refused; 2]);
    assert_eq!(journal(us, "statement-not-made").await?.len(), 1);
    assert_eq!(journal(mx, "statement-not-made").await?.len(), 4);
    Ok(())
}
