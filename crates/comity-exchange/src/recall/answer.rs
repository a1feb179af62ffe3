//! What the party that holds recalled objects does, and what it says of it.

use comity_model::matter::{
    self as rules, MatterBody, OnwardCount, RecallAction, RecallAnswerBody, RecallBody,
    RecallOutcome, Stage,
};
use comity_model::statement::{Kind, Outcome};
use comity_model::told;
use comity_model::told::Told;
use comity_model::{Grounds, MatterKind};
use comity_policy::Act as Ground;
use serde_json::json;

use super::{MATTERS, bodies_of, body, find, onward, say_all};
use crate::agreement;
use crate::error::{ExchangeError, Result};
use crate::matter::{self, Say, or_journal, unnumbered};
use crate::node::Node;
use crate::ports::{Custodial, MatterQuery, MatterRow, Notice, OutboundRow, Received, Why};
use crate::purge::{bury, choose, tidy};

/// Objects purged at a time.
const BATCH: usize = 1_000;

/// What is done about a recall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// What it names is purged.
    Purge,
    /// What it names is purged, and the replacement stays.
    Replace,
    /// Nothing; a legal hold keeps all or some of it.
    Hold,
    /// Nothing, on grounds; what was frozen is given back to its readers.
    Refuse,
}

/// An answer to a recall.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What is done.
    pub act: Act,
    /// On what it rests, and why: for a purge; where something is refused or held, for a refusal.
    pub grounds: Grounds,
    /// More about it, for the partner.
    pub text: Option<String>,
    /// Who answers; stays in the journal.
    pub by: String,
}

/// Answers a recall of a partner, after doing what is said. `done` is said only where nothing is held, every unit that had
/// any of it was told and every third party to which it went on answered that it is done; else `partial` or `held`, and
/// another answer follows ([`is_due_again`]). The grounds are those that the agreement lists for a purge, or for a refusal
/// where something is refused or held.
/// Refused with `own-recall`, `recall-action`, `replacement-missing`, `no-legal-hold` and, where something was purged for it before, `already-purged`;
/// nothing is purged then.
pub async fn answer(node: &Node, name: &str, answer: Answer) -> Result<OutboundRow> {
    let (found, recall) = find(node, name).await?;
    let prepared = prepare(node, &found, &recall, &answer).await;
    let (standing, grounds) = or_journal(node, &answer.by, &found.id.to_string(), prepared).await?;
    if matches!(answer.act, Act::Purge | Act::Replace) {
        follow(node, &recall, &answer.by).await?;
    }
    let body = account(node, &found, &recall, answer.act, grounds).await?;
    let details = json!({
        "outcome": body.outcome.as_str(), "purged": body.purged, "held": body.held, "units": body.units,
        "gone": body.gone, "told": body.told, "onward": body.onward, "grounds": body.grounds,
    });
    let say = Say {
        body: body.into(),
        text: answer.text,
        attachments: Vec::new(),
        event: "recall-answered",
        details,
        by: answer.by,
    };
    matter::say(node, &standing, say).await
}

/// Everything that can refuse the answer, before anything is purged.
async fn prepare(
    node: &Node,
    found: &MatterRow,
    recall: &RecallBody,
    answer: &Answer,
) -> Result<(agreement::Standing, Grounds)> {
    must_be_ours(node, found)?;
    node.keys()?;
    let standing = agreement::under(node, found.agreement, Kind::RecallAnswer, node.now()).await?;
    let objects = objects_of(node, recall).await?;
    let is_held = objects.iter().any(|(_, became)| *became == Custodial::Held);
    let keeps = answer.act == Act::Refuse || is_held;
    let purged = node.store().purged(recall.release, Why::Recall(found.id)).await?;
    if answer.act == Act::Refuse && purged > 0 {
        let message = "what it asked for was purged and can't be refused any more; answer with `--purge`, `--replace` or `--hold`";
        return Err(ExchangeError::refused("already-purged", message));
    }
    let ground = if keeps { Ground::Refusal } else { Ground::Purge };
    let grounds = choose(&standing.agreement, ground, &answer.grounds)?;
    let probe = RecallAnswerBody {
        recall: found.id,
        folio: unnumbered(node),
        outcome: if answer.act == Act::Refuse {
            RecallOutcome::Refused
        } else {
            RecallOutcome::Partial
        },
        purged: 0,
        held: 0,
        gone: 0,
        units: 0,
        told: 0,
        onward: OnwardCount::default(),
        grounds: grounds.clone(),
    };
    rules::accepts(&found.said(), node.root(), &probe.into())
        .map_err(|error| ExchangeError::refused(error.refusal().code(), error.to_string()))?;
    match (answer.act, recall.action) {
        (Act::Purge, RecallAction::Correct | RecallAction::Replace) => {
            let message = Told::from(
                "the recall asks for a correction or a replacement; answer with `--replace` or `--refuse`",
            )
            .named("recall-asks-replacement");
            return Err(ExchangeError::refused("recall-action", message));
        }
        (Act::Replace, RecallAction::Purge) => {
            let message =
                Told::from("the recall asks for a purge; answer with `--purge` or `--refuse`")
                    .named("recall-asks-purge");
            return Err(ExchangeError::refused("recall-action", message));
        }
        (Act::Replace, _) => must_have_replacement(node, recall).await?,
        (Act::Hold, _) if !is_held => {
            let message = "no legal hold keeps any of it; lay one with `comity legal-hold add`";
            return Err(ExchangeError::refused("no-legal-hold", message));
        }
        _ => {}
    }
    Ok((standing, grounds))
}

fn must_be_ours(node: &Node, found: &MatterRow) -> Result<()> {
    if found.other == node.root() {
        return Ok(());
    }
    let message = "this party sent the recall itself; its partner answers it";
    Err(ExchangeError::refused("own-recall", message))
}

async fn must_have_replacement(node: &Node, recall: &RecallBody) -> Result<()> {
    let taken =
        match recall.replacement {
            Some(statement) => node.store().inbox_row(statement).await?.is_some_and(|row| {
                row.release.is_some() && row.receipt.outcome != Outcome::Refused
            }),
            None => false,
        };
    if taken {
        return Ok(());
    }
    let message = Told::from("the release that corrects or replaces was not taken in; wait for it")
        .named("replacement-not-received");
    Err(ExchangeError::refused("replacement-missing", message))
}

async fn objects_of(node: &Node, recall: &RecallBody) -> Result<Vec<(Received, Custodial)>> {
    Ok(node.store().release_objects(recall.release, recall.objects.clone()).await?)
}

/// Purges what a recall names and no legal hold keeps.
async fn follow(node: &Node, recall: &RecallBody, by: &str) -> Result<()> {
    let objects = objects_of(node, recall).await?;
    let here: Vec<Received> = objects
        .into_iter()
        .filter(|(_, became)| *became == Custodial::Here)
        .map(|(object, _)| object)
        .collect();
    for batch in here.chunks(BATCH) {
        bury(node, batch.to_vec(), Why::Recall(recall.recall), by).await?;
    }
    tidy(node).await
}

/// What became of a recall, counted.
async fn account(
    node: &Node,
    found: &MatterRow,
    recall: &RecallBody,
    act: Act,
    grounds: Grounds,
) -> Result<RecallAnswerBody> {
    let objects = objects_of(node, recall).await?;
    let count = |wanted| objects.iter().filter(|(_, became)| *became == wanted).count() as u64;
    let refuses = act == Act::Refuse;
    let held = if refuses { 0 } else { count(Custodial::Held) };
    let why = Why::Recall(recall.recall);
    let purged = if refuses { 0 } else { node.store().purged(recall.release, why).await? };
    let gone = count(Custodial::Purged).saturating_sub(purged);
    let notices = notices(node, found).await?;
    let (units, told) =
        (notices.len() as u64, notices.iter().filter(|it| it.told_at.is_some()).count() as u64);
    let onward = onward::onward(node, found.opener, recall).await?.count();
    let outcome = if refuses {
        RecallOutcome::Refused
    } else if held > 0 {
        RecallOutcome::Held
    } else if told < units || !onward.is_done() {
        RecallOutcome::Partial
    } else {
        RecallOutcome::Done
    };
    Ok(RecallAnswerBody {
        recall: recall.recall,
        folio: unnumbered(node),
        outcome,
        purged,
        held,
        gone,
        units,
        told,
        onward,
        grounds,
    })
}

/// Whether a recall of a partner was answered in part or as held, and is to be answered again: since then a unit was told,
/// a third party was told or answered, or the legal hold was lifted.
pub async fn is_due_again(node: &Node, recall: &MatterRow) -> Result<bool> {
    let answered = matches!(recall.stage(), Stage::DoneInPart | Stage::Held);
    if !answered || recall.other != node.root() {
        return Ok(false);
    }
    let last = recall.said().into_iter().rev().find_map(|it| match it.body {
        MatterBody::RecallAnswer(body) => Some(body),
        _ => None,
    });
    let Some(last) = last else { return Ok(false) };
    let now = account(node, recall, &body(recall)?, Act::Purge, last.grounds.clone()).await?;
    Ok((now.held < last.held) || (now.told, now.onward) != (last.told, last.onward))
}

/// The recalls of partners that are to be answered again, newest first.
pub async fn due_again(node: &Node) -> Result<Vec<MatterRow>> {
    let query = MatterQuery {
        kind: Some(MatterKind::Recall),
        open: Some(true),
        limit: MATTERS,
        ..MatterQuery::default()
    };
    let mut due = Vec::new();
    for recall in node.store().matters(query).await? {
        if is_due_again(node, &recall).await? {
            due.push(recall);
        }
    }
    Ok(due)
}

/// The units that have any of what a recall names, and when each was told. Which they are never leaves this node.
pub async fn notices(node: &Node, recall: &MatterRow) -> Result<Vec<Notice>> {
    let body = body(recall)?;
    Ok(node.store().notices(recall.id, body.release, body.objects).await?)
}

/// Notes that a unit was told of a recall. Refused with `not-told` where the unit has none of it.
pub async fn tell(node: &Node, name: &str, unit: &str, by: &str) -> Result<MatterRow> {
    let (found, _) = find(node, name).await?;
    must_be_ours(node, &found)?;
    if !notices(node, &found).await?.iter().any(|it| it.unit.name == unit) {
        let message = told!(
            "the unit `{unit}` was given nothing of it; `comity recall notices` shows those that were",
            unit
        );
        return Err(ExchangeError::refused("not-told", message));
    }
    let details = json!({ "unit": unit });
    let journal = vec![node.journal_by(by, "recall-told", found.id, details)];
    node.store().tell(found.id, unit.to_owned(), node.now(), journal).await?;
    Ok(found)
}

/// Passes a recall of a partner on to every third party to which what it names went on, as far as that was not done: each
/// gets a recall of its own that asks for a purge.
pub async fn pass_on(
    node: &Node,
    name: &str,
    grounds: &Grounds,
    by: &str,
) -> Result<Vec<OutboundRow>> {
    let (found, recall) = find(node, name).await?;
    let prepared = passed_on(node, &found, &recall, grounds).await;
    let prepared = or_journal(node, by, &found.id.to_string(), prepared).await?;
    say_all(node, prepared, None, Some(found.id), by).await
}

async fn passed_on(
    node: &Node,
    found: &MatterRow,
    recall: &RecallBody,
    grounds: &Grounds,
) -> Result<Vec<(agreement::Standing, RecallBody)>> {
    must_be_ours(node, found)?;
    let open = onward::onward(node, found.opener, recall).await?.open;
    bodies_of(node, open, RecallAction::Purge, grounds).await
}
