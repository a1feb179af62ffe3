//! Recalled objects at third parties: to whom they went on by consent, who was told, and what each of them answered.

use std::collections::BTreeMap;

use comity_model::PartyRoot;
use comity_model::matter::{OnwardCount, RecallAction, RecallBody, Stage};

use super::{MATTERS, Target, all, body, targets};
use crate::error::Result;
use crate::node::Node;

/// How a third party stands to what it was given on. The order is that of how much is left to do: a party with several
/// releases stands as the worst of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reply {
    /// All of it is gone there.
    Done,
    /// Some of it is kept there.
    InPart,
    /// It refused.
    Refused,
    /// It was told, and is silent.
    Silent,
    /// It was not told.
    Untold,
}

/// Where recalled objects went on.
pub(super) struct Onward {
    /// The third parties, and how each stands.
    parties: BTreeMap<PartyRoot, Reply>,
    /// Releases that are not recalled yet.
    pub(super) open: Vec<Target>,
}

impl Onward {
    /// The same, counted.
    pub(super) fn count(&self) -> OnwardCount {
        let count = |reply| self.parties.values().filter(|it| **it == reply).count() as u64;
        let parties = self.parties.len() as u64;
        OnwardCount {
            parties,
            told: parties.saturating_sub(count(Reply::Untold)),
            done: count(Reply::Done),
            in_part: count(Reply::InPart),
            refused: count(Reply::Refused),
        }
    }
}

/// Where what a recall of `owner` names went on. What went back to its owner is not counted.
pub(super) async fn onward(node: &Node, owner: PartyRoot, recall: &RecallBody) -> Result<Onward> {
    let found = node.store().onward(recall.release, recall.objects.clone()).await?;
    let mut onward = Onward { parties: BTreeMap::new(), open: Vec::new() };
    if found.is_empty() {
        return Ok(onward);
    }
    let mut recalled: Vec<(RecallBody, Stage)> = Vec::new();
    for matter in all(node, MATTERS).await?.iter().filter(|it| it.opener == node.root()) {
        recalled.push((body(matter)?, matter.stage()));
    }
    for target in targets(node, found).await? {
        let to = target.record.to;
        if to == owner {
            continue;
        }
        let reply = reply(&target, &recalled);
        let stands = onward.parties.entry(to).or_insert(Reply::Done);
        *stands = (*stands).max(reply);
        if reply == Reply::Untold {
            onward.open.push(target);
        }
    }
    Ok(onward)
}

/// What was answered to the recalls of a release: that it is done where any answer says so, else what the newest says.
fn reply(target: &Target, recalled: &[(RecallBody, Stage)]) -> Reply {
    let covers = |body: &RecallBody| {
        body.release == target.statement
            && (body.objects.is_empty()
                || target.objects.iter().all(|id| body.objects.contains(id)))
    };
    // that something was to be corrected or replaced is not that it was to be purged, until it is gone for it
    let asks =
        |body: &RecallBody, stage| body.action == RecallAction::Purge || stage == Stage::Done;
    let told = recalled.iter().filter(|(body, stage)| covers(body) && asks(body, *stage));
    let mut stages = told.map(|(_, stage)| *stage);
    let Some(newest) = stages.next() else { return Reply::Untold };
    match newest {
        Stage::Done => Reply::Done,
        _ if stages.any(|it| it == Stage::Done) => Reply::Done,
        Stage::DoneInPart | Stage::Held => Reply::InPart,
        Stage::Refused | Stage::NotTaken => Reply::Refused,
        _ => Reply::Silent,
    }
}
