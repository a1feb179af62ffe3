//! A recall is a signed request: what it names is frozen at once, and everything else is the partner's to do and to say.

use comity_exchange::compose::Selection;
use comity_exchange::legal_hold::{On, lay, lift};
use comity_exchange::ports::{Doubt, DoubtKind, MatterEntry, MatterRow, OutboundRow};
use comity_exchange::recall::{
    self, Answer, AnswerAct, Recall, RecallState, What, all, answer, body, is_due_again, is_late,
    notices, pass_on, recall, state, tell,
};
use comity_exchange::unit::{Chosen, add, prepare};
use comity_exchange::{ExchangeError, Node};
use comity_model::matter::{
    MatterBody, OnwardCount, RecallAction, RecallAnswerBody, RecallOutcome,
};
use comity_model::{Grounds, UseCode};
use comity_testkit::{
    AgreementText, CLAUSE, Faults, Pair, Party, Result, indicator, pair, pair_with, pump,
};
use jiff::SignedDuration;

use crate::reciprocity::{both, settle};
use crate::retention::{id, on_disk, released, seen};
use crate::support::journal;
use crate::support::line::Line;

mod hostile;
mod open;
mod told;

pub(crate) fn of(what: What) -> Recall {
    Recall {
        what,
        action: RecallAction::Purge,
        replacements: Vec::new(),
        grounds: Grounds::default(),
        text: None,
        by: "officer-1".to_owned(),
    }
}

fn release(name: &impl ToString, objects: &[u64]) -> What {
    let objects = objects.iter().copied().map(id).collect();
    What::Release { name: name.to_string(), objects }
}

/// `us` recalls it, and `mx` has the recall.
async fn recalled(pair: &Pair, what: What) -> Result<MatterRow> {
    recall(&pair.us.node, of(what)).await?;
    pump(&pair.us, &pair.mx).await?;
    newest(&pair.mx.node).await
}

async fn newest(node: &Node) -> Result<MatterRow> {
    Ok(all(node, 1).await?.pop().ok_or("no recall")?)
}

/// The recall with this id, as a party has it now.
async fn newest_of(node: &Node, id: comity_model::MatterId) -> Result<MatterRow> {
    Ok(node.store().matter(id).await?.ok_or("no recall")?)
}

async fn answered(
    party: &Party,
    recall: &MatterRow,
    act: AnswerAct,
) -> Result<OutboundRow, ExchangeError> {
    let given = Answer { act, grounds: Grounds::default(), text: None, by: "officer-1".to_owned() };
    answer(&party.node, &recall.id.to_string(), given).await
}

/// What was answered last, as its owner has it.
async fn heard(pair: &Pair) -> Result<RecallAnswerBody> {
    pump(&pair.us, &pair.mx).await?;
    let matter = newest(&pair.us.node).await?;
    match matter.entries.last().map(MatterEntry::body) {
        Some(MatterBody::RecallAnswer(body)) => Ok(body.clone()),
        _ => Err("no answer".into()),
    }
}

async fn states(pair: &Pair) -> Result<RecallState> {
    let now = pair.us.node.now();
    let there = state(&newest(&pair.mx.node).await?, now);
    assert_eq!(there, state(&newest(&pair.us.node).await?, now), "both see the same");
    Ok(there)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_freezes_at_once_and_deletes_nothing_until_somebody_answers() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..5).await?;
    recall(&pair.us.node, of(release(&sealed, &[1, 2]))).await?;
    assert_eq!(state(&newest(&pair.us.node).await?, pair.us.node.now()), RecallState::Sent);
    pump(&pair.us, &pair.mx).await?;
    let arrived = newest(&pair.mx.node).await?;
    assert_eq!(seen(&pair.mx.node).await?, 3);
    assert_eq!(pair.mx.count("SELECT count(*) FROM holding")?, 5, "it is a request, not a command");
    assert_eq!(pair.mx.node.store().frozen(id(1)).await?[0].recalls, [arrived.id]);
    assert_eq!(states(&pair).await?, RecallState::Received);
    assert_eq!(seen(&pair.us.node).await?, 5, "the owner's own are its own");

    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    let said = heard(&pair).await?;
    assert_eq!((said.outcome, said.purged, said.held), (RecallOutcome::Done, 2, 0));
    assert_eq!((seen(&pair.mx.node).await?, states(&pair).await?), (3, RecallState::Done));
    assert!(!on_disk(pair.mx.folder(), b"shop-2.example")?);
    assert!(on_disk(pair.mx.folder(), b"shop-3.example")?);
    assert_eq!(pair.mx.count("SELECT count(*) FROM freeze")?, 0);
    let again = answered(&pair.mx, &arrived, AnswerAct::Purge).await.unwrap_err();
    assert_eq!(again.code(), "matter-closed");
    let own = answered(&pair.us, &arrived, AnswerAct::Purge).await.unwrap_err();
    assert_eq!(own.code(), "own-recall");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_that_is_refused_gives_the_objects_back_to_their_readers() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..3).await?;
    let arrived = recalled(&pair, release(&sealed, &[])).await?;
    assert_eq!(seen(&pair.mx.node).await?, 0);
    answered(&pair.mx, &arrived, AnswerAct::Refuse).await?;
    assert_eq!(seen(&pair.mx.node).await?, 3);
    let said = heard(&pair).await?;
    assert_eq!((said.outcome, said.purged), (RecallOutcome::Refused, 0));
    assert!(!said.grounds.legal_basis.is_empty(), "never without grounds");
    assert_eq!(states(&pair).await?, RecallState::Refused);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_of_an_object_reaches_every_release_and_every_derivative() -> Result<()> {
    let pair = pair().await?;
    let identity = "identity--8c6af861-7b20-41ef-9b59-6344fd872a8f";
    let version = |minute: u32| {
        format!(
            r#"{{"type":"identity","spec_version":"2.1","id":"{identity}","created":"2026-01-10T08:00:00.000Z","modified":"2026-01-10T08:{minute:02}:00.000Z","name":"A trading company","contact_information":"extension {minute}","identity_class":"organization","object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]}}"#
        )
    };
    let mut sealed = Vec::new();
    for minute in [1, 2] {
        pair.us.hold(&version(minute)).await?;
        let ids = Selection::Ids(vec![identity.to_owned()]);
        sealed.push(pair.us.release(&pair.mx, CLAUSE, ids, 1).await?.digest);
        pump(&pair.us, &pair.mx).await?;
    }
    assert_eq!(seen_all(&pair.mx).await?, 1);
    let rows = recall(&pair.us.node, of(What::Original(identity.to_owned()))).await?.sealed;
    assert_eq!(rows.len(), 2, "one for each release");
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(seen_all(&pair.mx).await?, 0);
    for matter in all(&pair.mx.node, 10).await? {
        let asked = body(&matter)?;
        assert!(sealed.contains(&asked.release));
        assert!(!asked.objects.contains(&identity.to_owned()), "the original's id never leaves");
        answered(&pair.mx, &matter, AnswerAct::Purge).await?;
    }
    assert_eq!(pair.mx.count("SELECT count(*) FROM holding")?, 0);
    // a derivative's id names the same
    let derived = body(&newest(&pair.mx.node).await?)?.objects.remove(0);
    let again = recall(&pair.us.node, of(What::Original(derived))).await.unwrap_err();
    assert_eq!(again.code(), "recall-open", "the derivative finds the same releases");
    Ok(())
}

async fn seen_all(party: &Party) -> Result<u64> {
    Ok(party.node.store().counts().await?.iter().map(|it| it.objects).sum())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_that_cannot_be_put_says_of_which_partner_and_is_not_shown_as_asked() -> Result<()>
{
    let pair = pair().await?;
    let sealed = released(&pair, 0..1).await?;
    let (partner, since) = (pair.mx.node.root(), pair.us.node.now());
    let doubt = Doubt { partner, why: DoubtKind::PartnerAhead, since, is_clean: false };
    pair.us.node.store().doubt(doubt, 0, Vec::new()).await?;
    let refused = recall(&pair.us.node, of(release(&sealed, &[]))).await.unwrap_err();
    assert_eq!(refused.code(), "recall-incomplete");
    let message = refused.to_string();
    assert!(message.contains("asked:\n  nobody"), "{message}");
    assert!(message.contains(&format!("not asked:\n  `mx`: release `{sealed}`")), "{message}");
    assert!(all(&pair.us.node, 10).await?.is_empty(), "nothing waits as if it were asked");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_released_cannot_be_recalled() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..1).await?;
    pair.us.hold(&indicator(7)).await?;
    let wrong = [
        What::Original(id(7)),
        What::Original("indicator--00000000-0000-4000-8000-000000000000".to_owned()),
        release(&sealed, &[7]),
        release(&"US-2026-000999", &[]),
        release(&comity_model::Digest::of(b"nothing"), &[]),
    ];
    for (count, what) in (1..).zip(wrong) {
        let refused = recall(&pair.us.node, of(what)).await.unwrap_err();
        assert_eq!(refused.code(), "target-unknown");
        assert_eq!(journal(&pair.us.node, "statement-not-made").await?.len(), count);
    }
    assert!(all(&pair.us.node, 10).await?.is_empty());
    let what = release(&sealed, &[]);
    let unnamed = Recall { action: RecallAction::Replace, ..of(what) };
    assert_eq!(recall(&pair.us.node, unnamed).await.unwrap_err().code(), "bad-input");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_legal_hold_keeps_is_said_to_be_held_and_never_done() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..3).await?;
    let none = Grounds::default();
    let hold = lay(&pair.mx.node, On::Object(id(1)), "An order", &none, "officer-1").await?;
    let arrived = recalled(&pair, release(&sealed, &[])).await?;
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    let said = heard(&pair).await?;
    assert_eq!((said.outcome, said.purged, said.held), (RecallOutcome::Held, 2, 1));
    assert_eq!((states(&pair).await?, seen(&pair.mx.node).await?), (RecallState::Held, 0));

    lift(&pair.mx.node, hold.number, "officer-1").await?;
    assert_eq!(seen(&pair.mx.node).await?, 0, "the recall still keeps it from readers");
    let nothing = answered(&pair.mx, &arrived, AnswerAct::Hold).await.unwrap_err();
    assert_eq!(nothing.code(), "no-legal-hold");
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    let said = heard(&pair).await?;
    assert_eq!((said.outcome, said.purged, said.held), (RecallOutcome::Done, 3, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_is_done_only_when_every_unit_that_had_it_was_told() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..3).await?;
    for unit in ["lab", "customs", "press"] {
        let (informs, officer) = (UseCode::IntelligenceOnly, &pair.mx.officers[0]);
        add(&pair.mx.node, unit, "A national body", informs, officer).await?;
    }
    for (unit, number) in [("lab", 1), ("customs", 1), ("press", 2)] {
        let chosen = Chosen::Ids(vec![id(number)]);
        let prepared = prepare(&pair.mx.node, unit, chosen, "officer-1").await?;
        prepared.note(&pair.mx.node).await?;
        let bundle = prepared.bundle;
        assert_eq!((bundle.objects.len(), bundle.handling.len()), (1, 1));
    }
    let arrived = recalled(&pair, release(&sealed, &[1])).await?;
    assert!(!is_due_again(&pair.mx.node, &arrived).await?, "it was not answered at all");
    let frozen = prepare(&pair.mx.node, "press", Chosen::Ids(vec![id(1)]), "officer-1").await;
    assert_eq!(frozen.unwrap_err().code(), "frozen");
    let names = |all: Vec<comity_exchange::ports::Notice>| -> Vec<String> {
        all.into_iter().map(|it| it.unit.name).collect()
    };
    assert_eq!(names(notices(&pair.mx.node, &arrived).await?), ["customs", "lab"]);

    let name = arrived.id.to_string();
    tell(&pair.mx.node, &name, "lab", "officer-1").await?;
    let other = tell(&pair.mx.node, &name, "press", "officer-1").await.unwrap_err();
    assert_eq!(other.code(), "not-told");
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    let said = heard(&pair).await?;
    assert_eq!((said.outcome, said.units, said.told), (RecallOutcome::Partial, 2, 1));
    assert_eq!(states(&pair).await?, RecallState::Partial);
    let found = tell(&pair.mx.node, &name, "customs", "officer-1").await?;
    assert!(is_due_again(&pair.mx.node, &found).await?, "its owner knows less");
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    let said = heard(&pair).await?;
    assert_eq!((said.outcome, said.units, said.told), (RecallOutcome::Done, 2, 2));
    assert_eq!(said.purged, 1);
    // which units they were stays in the journal of their party
    for matter in all(&pair.us.node, 9).await? {
        assert!(!format!("{matter:?}").contains("customs"));
    }
    assert_eq!(journal(&pair.mx.node, "recall-told").await?.len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn late_and_unanswered_recalls_are_shown_as_such_and_never_as_done() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..3).await?;
    let arrived = recalled(&pair, release(&sealed, &[0])).await?;
    pair.clock.advance(SignedDuration::from_hours(9));
    assert_eq!(states(&pair).await?, RecallState::Unanswered);
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    assert_eq!(heard(&pair).await?.outcome, RecallOutcome::Done);
    // what it says and that it came late are two things, and both are shown
    assert_eq!(states(&pair).await?, RecallState::Done);
    assert!(is_late(&newest(&pair.us.node).await?, pair.us.node.now()));
    settle(&pair, Faults::default()).await?;
    let figures = both(&pair).await?;
    let own = pair.us.node.root();
    let gave = figures.directions.iter().find(|it| it.from == own).ok_or("no direction")?;
    assert_eq!((gave.recalls.put, gave.recalls.done, gave.recalls.late), (1, 1, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_in_time_to_be_held_by_law_never_becomes_late() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..3).await?;
    let none = Grounds::default();
    lay(&pair.mx.node, On::Object(id(1)), "An order", &none, "officer-1").await?;
    let arrived = recalled(&pair, release(&sealed, &[])).await?;
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    assert_eq!(heard(&pair).await?.outcome, RecallOutcome::Held);
    pair.clock.advance(SignedDuration::from_hours(100));
    assert_eq!(states(&pair).await?, RecallState::Held);
    assert!(!is_late(&newest(&pair.us.node).await?, pair.us.node.now()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_is_answered_on_grounds_for_a_purge_or_for_a_refusal() -> Result<()> {
    let reason = |id: &str, act: &str| {
        format!(
            "[[reason]]\nid = \"{id}\"\nfor = [\"{act}\"]\nen = \"A reason\"\nes = \"Un motivo\"\n"
        )
    };
    let more = ["answer", "purge", "refusal"].map(|act| reason(&format!("for-{act}"), act));
    let pair =
        pair_with(&AgreementText { more: more.concat(), ..AgreementText::default() }).await?;
    for (number, act, expected) in
        [(0, AnswerAct::Purge, "for-purge"), (1, AnswerAct::Refuse, "for-refusal")]
    {
        let sealed = released(&pair, number..number + 1).await?;
        let arrived = recalled(&pair, release(&sealed, &[])).await?;
        answered(&pair.mx, &arrived, act).await?;
        assert_eq!(heard(&pair).await?.grounds.reasons, [expected]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folio_of_something_else_is_called_what_it_is() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..1).await?;
    let arrived = recalled(&pair, release(&sealed, &[])).await?;
    let folio = arrived.opening().ok_or("no opening")?.folio.to_string();
    let kinds = [comity_model::MatterKind::Request];
    let other = comity_exchange::matter::find(&pair.mx.node, &folio, &kinds).await.unwrap_err();
    assert_eq!(other.code(), "folio-kind");
    assert!(other.to_string().contains("the folio of a recall"), "{other}");
    let none = recall::find(&pair.mx.node, "US-2026-000404").await.unwrap_err();
    assert_eq!(none.code(), "not-found");
    assert!(none.to_string().contains("comity recall list"), "{none}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_gone_before_the_recall_is_counted_as_that_and_not_as_purged() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..3).await?;
    // the retention that the clause gives is over
    pair.clock.advance(SignedDuration::from_hours(24 * 181));
    comity_exchange::purge::sweep(&pair.mx.node, &Grounds::default(), "node").await?;
    assert_eq!(pair.mx.count("SELECT count(*) FROM holding")?, 0);
    let arrived = recalled(&pair, release(&sealed, &[])).await?;
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    let said = heard(&pair).await?;
    assert_eq!((said.outcome, said.purged, said.gone), (RecallOutcome::Done, 0, 3));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_stays_when_what_it_replaces_goes() -> Result<()> {
    let pair = pair().await?;
    let wrong = released(&pair, 0..1).await?;
    let missing = Recall {
        action: RecallAction::Replace,
        replacements: vec![wrong.to_string()],
        ..of(release(&wrong, &[]))
    };
    let refused = recall(&pair.us.node, missing).await.unwrap_err();
    assert_eq!(refused.code(), "replacement-missing", "nothing replaces itself");
    let better = released(&pair, 1..2).await?;
    let replace = Recall {
        action: RecallAction::Replace,
        replacements: vec![better.to_string()],
        ..of(release(&wrong, &[]))
    };
    recall(&pair.us.node, replace).await?;
    pump(&pair.us, &pair.mx).await?;
    let arrived = newest(&pair.mx.node).await?;
    let purge = answered(&pair.mx, &arrived, AnswerAct::Purge).await.unwrap_err();
    assert_eq!(purge.code(), "recall-action");
    answered(&pair.mx, &arrived, AnswerAct::Replace).await?;
    assert_eq!(heard(&pair).await?.outcome, RecallOutcome::Done);
    assert!(pair.mx.node.store().holding(id(0)).await?.is_none());
    assert!(pair.mx.node.store().holding(id(1)).await?.is_some());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_a_recall_is_done_only_when_what_went_on_is_gone_there() -> Result<()> {
    let (line, _) = Line::consented(None).await?;
    crate::support::line::release(
        &line.mx,
        &line.xx,
        "precursor-control",
        Selection::Ids(vec![id(0)]),
    )
    .await?;
    assert_eq!(seen_all(&line.xx).await?, 1);
    recall(&line.us.node, of(What::Original(id(0)))).await?;
    pump(&line.us, &line.mx).await?;
    let arrived = newest(&line.mx.node).await?;
    answered(&line.mx, &arrived, AnswerAct::Purge).await?;
    pump(&line.us, &line.mx).await?;
    let now = line.us.node.now();
    assert_eq!(state(&newest(&line.us.node).await?, now), RecallState::Partial);

    let name = arrived.id.to_string();
    let passed = pass_on(&line.mx.node, &name, &Grounds::default(), "officer-1").await?;
    assert_eq!(passed.len(), 1);
    assert!(pass_on(&line.mx.node, &name, &Grounds::default(), "officer-1").await?.is_empty());
    pump(&line.mx, &line.xx).await?;
    assert_eq!(seen_all(&line.xx).await?, 0, "frozen there too");
    // that it was told is not that it is gone there
    let counts = |told, done, refused| OnwardCount { parties: 1, told, done, in_part: 0, refused };
    let reported = async || -> Result<_> {
        let due = is_due_again(&line.mx.node, &newest_of(&line.mx.node, arrived.id).await?).await?;
        answered(&line.mx, &arrived, AnswerAct::Purge).await?;
        pump(&line.us, &line.mx).await?;
        let matter = newest(&line.us.node).await?;
        let Some(MatterBody::RecallAnswer(said)) = matter.entries.last().map(MatterEntry::body)
        else {
            return Err("no answer".into());
        };
        Ok((due, state(&matter, now), said.onward))
    };
    assert_eq!(reported().await?, (true, RecallState::Partial, counts(1, 0, 0)));
    let there = newest(&line.xx.node).await?;
    answered(&line.xx, &there, AnswerAct::Refuse).await?;
    pump(&line.mx, &line.xx).await?;
    assert_eq!(reported().await?, (true, RecallState::Partial, counts(1, 0, 1)));
    assert_eq!(seen_all(&line.xx).await?, 1, "it holds it still");
    let silent = is_due_again(&line.mx.node, &newest_of(&line.mx.node, arrived.id).await?).await?;
    assert!(!silent, "nothing happened since");

    recall(&line.mx.node, of(What::Original(id(0)))).await?;
    pump(&line.mx, &line.xx).await?;
    answered(&line.xx, &newest(&line.xx.node).await?, AnswerAct::Purge).await?;
    pump(&line.mx, &line.xx).await?;
    assert_eq!(reported().await?, (true, RecallState::Done, counts(1, 1, 0)));
    // what this party kept of the release in which it went on is gone as well
    comity_exchange::purge::sweep(&line.mx.node, &Grounds::default(), "node").await?;
    assert!(!on_disk(line.mx.folder(), b"shop-0.example")?);
    assert!(recall::find(&line.mx.node, &name).await.is_ok());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_already_is_not_asked_for_again_until_it_is_answered() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..3).await?;
    let arrived = recalled(&pair, release(&sealed, &[1])).await?;
    let folio = arrived.opening().ok_or("no opening")?.folio.to_string();
    let again = recall(&pair.us.node, of(release(&sealed, &[1]))).await.unwrap_err();
    assert_eq!(again.code(), "recall-open");
    assert!(again.to_string().contains(&folio), "{again}");
    assert_eq!(journal(&pair.us.node, "statement-not-made").await?.len(), 1);
    answered(&pair.mx, &arrived, AnswerAct::Refuse).await?;
    pump(&pair.us, &pair.mx).await?;
    recalled(&pair, release(&sealed, &[1])).await?;
    recalled(&pair, release(&sealed, &[])).await?;
    assert_eq!(seen(&pair.mx.node).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_purged_for_a_recall_is_not_refused_afterwards() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..3).await?;
    let (informs, officer) = (UseCode::IntelligenceOnly, &pair.mx.officers[0]);
    add(&pair.mx.node, "lab", "A national body", informs, officer).await?;
    let chosen = Chosen::Ids(vec![id(1)]);
    prepare(&pair.mx.node, "lab", chosen, "officer-1").await?.note(&pair.mx.node).await?;
    let arrived = recalled(&pair, release(&sealed, &[1])).await?;
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    assert_eq!(heard(&pair).await?.outcome, RecallOutcome::Partial);
    let refused = answered(&pair.mx, &arrived, AnswerAct::Refuse).await.unwrap_err();
    assert_eq!(refused.code(), "already-purged");
    tell(&pair.mx.node, &arrived.id.to_string(), "lab", "officer-1").await?;
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    assert_eq!(heard(&pair).await?.outcome, RecallOutcome::Done);
    Ok(())
}
