//! Habits of those who look: counts by plain rules over the access journal, and no verdict.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::MatterKind;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Habit, Thresholds};
use crate::access::{Seen, Verb, accesses};
use crate::audit::person::PERSONS;
use crate::error::Result;
use crate::node::Node;
use crate::ports::{AccessQuery, MatterQuery};
use crate::{consent, recall};

/// Accesses read at a time.
const PAGE: u32 = 1_000;

/// What the rules count of every access, by actor.
#[derive(Default)]
struct Counted {
    /// Searches without a purpose.
    unpurposed: BTreeMap<String, usize>,
    /// How often each holding was opened.
    opened: BTreeMap<(String, String), usize>,
    /// The days in UTC on which each person was opened.
    days: BTreeMap<(String, String), BTreeSet<Date>>,
}

impl Counted {
    fn count(&mut self, seen: Seen) {
        let Seen { actor, verb, area, ids, at, purpose, .. } = seen;
        if verb == Verb::Searched && !purpose.given {
            *self.unpurposed.entry(actor.clone()).or_default() += 1;
        }
        if verb != Verb::Opened || area != "holdings" {
            return;
        }
        let day = at.to_zoned(TimeZone::UTC).date();
        for id in ids {
            let by = (actor.clone(), id);
            let is_person =
                |it: &&str| by.1.strip_prefix(*it).is_some_and(|it| it.starts_with("--"));
            if PERSONS.iter().any(is_person) {
                self.days.entry(by.clone()).or_default().insert(day);
            }
            *self.opened.entry(by).or_default() += 1;
        }
    }
}

/// What the rules find.
pub(super) async fn habits(node: &Node, thresholds: Thresholds) -> Result<Vec<Habit>> {
    let mut counted = Counted::default();
    let mut before = None;
    loop {
        let query = AccessQuery { before, limit: PAGE, ..AccessQuery::default() };
        let page = accesses(node, query).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.number);
        for seen in page {
            counted.count(seen);
        }
    }
    let mut found = Vec::new();
    for (actor, count) in counted.unpurposed {
        if count >= thresholds.unpurposed {
            found.push(Habit::of("no-purpose", &actor, count, None));
        }
    }
    let often =
        counted.opened.into_iter().filter(|it| it.1 >= thresholds.opened).collect::<Vec<_>>();
    let used = used(node, often.iter().map(|((_, id), _)| id.clone()).collect()).await?;
    for ((actor, id), count) in often {
        if !used.contains(&id) {
            found.push(Habit::of("opened-unused", &actor, count, Some(id)));
        }
    }
    for ((actor, id), days) in counted.days {
        if days.len() >= thresholds.days {
            found.push(Habit::of("same-person", &actor, days.len(), Some(id)));
        }
    }
    Ok(found)
}

/// Those of these objects that left in a release, or that a consent or a recall names.
async fn used(node: &Node, ids: BTreeSet<String>) -> Result<BTreeSet<String>> {
    let mut used = BTreeSet::new();
    if ids.is_empty() {
        return Ok(used);
    }
    for id in &ids {
        if !node.store().releases_with_any(vec![id.clone()]).await?.is_empty() {
            used.insert(id.clone());
        }
    }
    for matter in recall::all(node, u32::MAX).await? {
        used.extend(recall::body(&matter)?.objects.into_iter().filter(|it| ids.contains(it)));
    }
    let query =
        MatterQuery { kind: Some(MatterKind::Consent), limit: u32::MAX, ..MatterQuery::default() };
    for matter in node.store().matters(query).await? {
        let Some(row) = consent::ConsentRow::of(&matter) else { continue };
        used.extend(row.body.objects.into_iter().filter(|it| ids.contains(it)));
    }
    Ok(used)
}
