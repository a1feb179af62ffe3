//! What is lost: by the objects of a release, and by those of earlier ones that it has to do with.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::derivative::{Change, Gathered, Hidden, Loss, TooMany};

use crate::compose::past::{self, Past};
use crate::decide::{Considered, Deliberation};
use crate::ports::{KnownLoss, Verdict};

/// What must stand in no text of a release.
pub(super) struct Lost {
    /// Ready to be looked for; `None` if there is nothing.
    pub(super) hidden: Option<Hidden>,
    /// The objects and versions that lost it, by their numbers.
    pub(super) sources: Vec<(String, String)>,
    /// The objects whose going lifted something that they lost before.
    lifted: BTreeSet<String>,
}

/// What clauses take out of the objects of a release, by their indices.
pub(super) fn changes(deliberation: &Deliberation) -> BTreeMap<usize, Vec<Change>> {
    let all = deliberation.considered.iter().enumerate();
    all.filter(|(_, it)| !it.changes.is_empty())
        .map(|(index, it)| (index, past::own(&it.changes)))
        .collect()
}

impl Lost {
    /// Gathers what the objects lose by `changes`, and what was lost before.
    pub(super) fn of(
        deliberation: &Deliberation,
        changes: &BTreeMap<usize, Vec<Change>>,
        past: &Past,
        secret: &[u8; 32],
    ) -> Result<Self, TooMany> {
        let (mut gathered, mut sources) = (Gathered::default(), Vec::new());
        let (mut lifted, mut now) = (BTreeSet::new(), BTreeMap::new());
        let mut number = |original: &str, version: &str| {
            sources.push((original.to_owned(), version.to_owned()));
            u32::try_from(sources.len().saturating_sub(1)).map_err(|_| TooMany)
        };
        for (index, changes) in changes {
            let Some(it) = deliberation.considered.get(*index) else { continue };
            now.insert(it.holding.id.as_str(), (it, changes.as_slice()));
            let loss = Loss {
                of: number(&it.holding.id, &it.holding.version)?,
                original: &it.holding.bytes,
                changes,
                goes: None,
                lasting: false,
            };
            gathered.add(&loss, secret)?;
        }
        let goes = going(deliberation, past);
        let all = past.related.iter().map(|it| (it, false));
        for (known, lasting) in all.chain(past.lasting.iter().map(|it| (it, true))) {
            let its = now.get(known.original.as_str());
            if its.is_some_and(|(it, changes)| past::is_same(known, it, changes)) {
                continue;
            }
            let goes = goes.get(known.original.as_str());
            if goes.is_some() {
                lifted.insert(known.original.clone());
            }
            let loss = Loss {
                of: number(&known.original, &known.version)?,
                original: &known.bytes,
                changes: &known.changes,
                goes: goes.map(|it| (it.holding.bytes.as_slice(), it.changes.as_slice())),
                lasting,
            };
            gathered.add(&loss, secret)?;
        }
        Ok(Self { hidden: gathered.ready()?, sources, lifted })
    }

    /// Whether an object stays after all whose going lifted something.
    pub(super) fn is_lifted_by_what_stays(&self, deliberation: &Deliberation) -> bool {
        !self.lifted.is_empty() && self.lifted.iter().any(|id| deliberation.withheld.contains(id))
    }
}

/// The objects that lost something before and go now.
fn going<'d>(deliberation: &'d Deliberation, past: &Past) -> BTreeMap<&'d str, &'d Considered> {
    let lost = past.related.iter().chain(&past.lasting);
    let lost: BTreeSet<&str> = lost.map(|it: &KnownLoss| it.original.as_str()).collect();
    if lost.is_empty() {
        return BTreeMap::new();
    }
    let goes = deliberation.considered.iter().filter(|it| it.verdict != Verdict::Withheld);
    goes.filter(|it| lost.contains(it.holding.id.as_str()))
        .map(|it| (it.holding.id.as_str(), it))
        .collect()
}
