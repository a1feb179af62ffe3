//! Habits in approvals that are worth a look. They are counts by plain rules, and no verdict.

use std::collections::BTreeMap;

use comity_model::{Folio, OfficerId};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;

use crate::access::{Area, Reader, Verb, record_as};
use crate::error::Result;
use crate::node::Node;
use crate::ports::ReleaseRow;

/// From when on something is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Thresholds {
    /// Releases that the same two officers approved together.
    pub together: usize,
    /// Seconds from compose to approval, fewer than which nobody reads.
    pub seconds: i64,
    /// The hours in UTC, 0 to 23, from the first until before the second, that are night.
    pub night: (i8, i8),
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { together: 5, seconds: 5, night: (22, 6) }
    }
}

/// What was found by one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Habit {
    /// `same-pair`, `quick-approval`, `own-composition` or `at-night`.
    pub rule: &'static str,
    /// The officers concerned, by their random ids.
    pub officers: Vec<OfficerId>,
    /// How often.
    pub count: usize,
    /// The releases.
    pub folios: Vec<Folio>,
}

/// Looks through every release of this party that was approved, and notes it in the journal.
pub async fn patterns(node: &Node, thresholds: Thresholds, reader: &Reader) -> Result<Vec<Habit>> {
    let releases = node.store().releases(u32::MAX).await?;
    let found = habits(&releases, thresholds);
    let details = json!({ "thresholds": thresholds });
    let mut access = reader.access(node, Verb::Searched, Area::Audit, [""; 0]);
    access.found = found.len() as u64;
    let subject = releases.len().to_string();
    record_as(node, reader, &access, "audit-patterns", &subject, details).await?;
    Ok(found)
}

/// What the rules find, by rule and officers; the order of the releases does not matter.
fn habits(releases: &[ReleaseRow], thresholds: Thresholds) -> Vec<Habit> {
    let mut found: BTreeMap<(&'static str, Vec<OfficerId>), Vec<Folio>> = BTreeMap::new();
    let mut note = |rule, officers: &[OfficerId], folio: &Folio| {
        found.entry((rule, officers.to_vec())).or_default().push(folio.clone());
    };
    for release in releases {
        let folio = &release.record.folio;
        let mut officers: Vec<OfficerId> = release.approvals.iter().map(|it| it.officer).collect();
        officers.sort_unstable();
        for (at, one) in officers.iter().enumerate() {
            for other in officers.iter().skip(at + 1) {
                note("same-pair", &[*one, *other], folio);
            }
        }
        for approval in &release.approvals {
            let took = approval.at.duration_since(release.record.composed_at);
            if took < SignedDuration::from_secs(thresholds.seconds) {
                note("quick-approval", &[approval.officer], folio);
            }
            if approval.name == release.composer {
                note("own-composition", &[approval.officer], folio);
            }
            if is_night(approval.at, thresholds.night) {
                note("at-night", &[approval.officer], folio);
            }
        }
    }
    let worth = |rule: &str, count: usize| rule != "same-pair" || count >= thresholds.together;
    found
        .into_iter()
        .filter(|((rule, _), folios)| worth(rule, folios.len()))
        .map(|((rule, officers), mut folios)| {
            folios.sort();
            Habit { rule, officers, count: folios.len(), folios }
        })
        .collect()
}

fn is_night(at: Timestamp, (from, until): (i8, i8)) -> bool {
    let hour = at.to_zoned(TimeZone::UTC).hour();
    if from <= until { (from..until).contains(&hour) } else { hour >= from || hour < until }
}
