//! Habits in approvals and in looking that are worth a look. They are counts by plain rules, and no verdict.

use std::collections::BTreeMap;

use comity_model::{Folio, OfficerId};
use comity_policy::Quota;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;

use crate::access::{Area, Reader, Verb, record_as};
use crate::agreement;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::ReleaseRow;

mod looks;

/// From when on something is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Thresholds {
    /// Releases that the same two officers approved together.
    pub together: usize,
    /// Seconds from compose to approval, fewer than which nobody reads.
    pub seconds: i64,
    /// The hours in UTC, 0 to 23, from the first until before the second, that are night.
    pub night: (i8, i8),
    /// Searches of one actor without a purpose.
    pub unpurposed: usize,
    /// Times that one actor opened a holding that no release, recall or consent names.
    pub opened: usize,
    /// Days in UTC on which one actor opened the same person.
    pub days: usize,
    /// Minutes before a quota renews within which a release was sealed.
    pub minutes: i64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            together: 5,
            seconds: 5,
            night: (22, 6),
            unpurposed: 10,
            opened: 5,
            days: 3,
            minutes: 60,
        }
    }
}

/// What was found by one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Habit {
    /// `same-pair`, `quick-approval`, `own-composition`, `at-night`, `before-renewal`, `no-purpose`, `opened-unused` or
    /// `same-person`.
    pub rule: &'static str,
    /// The officers concerned, by their random ids.
    pub officers: Vec<OfficerId>,
    /// Who looked, by the name in the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The object that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// How often.
    pub count: usize,
    /// The releases.
    pub folios: Vec<Folio>,
}

impl Habit {
    /// Of somebody who looks.
    fn of(rule: &'static str, actor: &str, count: usize, object: Option<String>) -> Self {
        let actor = Some(actor.to_owned());
        Self { rule, officers: Vec::new(), actor, object, count, folios: Vec::new() }
    }
}

/// Looks through every release of this party that was approved and through every access, and notes it in the journal.
pub async fn patterns(node: &Node, thresholds: Thresholds, reader: &Reader) -> Result<Vec<Habit>> {
    let releases = node.store().releases(u32::MAX).await?;
    let mut found = habits(&releases, thresholds);
    found.extend(before_renewal(node, &releases, thresholds).await?);
    found.extend(looks::habits(node, thresholds).await?);
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
            Habit { rule, officers, actor: None, object: None, count: folios.len(), folios }
        })
        .collect()
}

/// Releases that were sealed shortly before a quota of their clause renewed, by clause.
async fn before_renewal(
    node: &Node,
    releases: &[ReleaseRow],
    thresholds: Thresholds,
) -> Result<Vec<Habit>> {
    let texts = node.store().agreements().await?;
    let mut found: BTreeMap<String, Vec<Folio>> = BTreeMap::new();
    for release in releases {
        let (Some(statement), cited) = (release.statement, &release.record.agreement) else {
            continue;
        };
        let Some(stored) = texts.iter().find(|it| it.reference == *cited) else { continue };
        let Some(sealed) = node.store().outbound(statement).await? else { continue };
        let agreement = agreement::read(&stored.text, "the stored agreement")
            .map_err(ExchangeError::damaged)?;
        let shortly = |quota: &Quota| {
            let left = quota.renews(sealed.sealed_at).duration_since(sealed.sealed_at);
            left < SignedDuration::from_mins(thresholds.minutes)
        };
        let clause = &release.record.clause;
        if agreement.quotas_of(clause).any(shortly) {
            found.entry(clause.clone()).or_default().push(release.record.folio.clone());
        }
    }
    Ok(found
        .into_values()
        .map(|mut folios| {
            folios.sort();
            let (officers, count) = (Vec::new(), folios.len());
            Habit { rule: "before-renewal", officers, actor: None, object: None, count, folios }
        })
        .collect())
}

fn is_night(at: Timestamp, (from, until): (i8, i8)) -> bool {
    let hour = at.to_zoned(TimeZone::UTC).hour();
    if from <= until { (from..until).contains(&hour) } else { hour >= from || hour < until }
}
