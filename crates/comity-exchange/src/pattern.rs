//! Standing patterns: STIX patterns that this party set up and that run over everything admitted, whatever way it came. What
//! they match becomes a sighting.
//!
//! A pattern stands for one version of one indicator, because a person of this party said so: no partner's indicator becomes
//! a pattern by itself, and no new version of one changes what runs. What is matched is observed-data with the objects that it
//! names (STIX 2.1 section 9.5); observed-data is looked at again when an object that it names comes later. Observed-data
//! goes into one sighting of a pattern.
//!
//! A sighting of nothing but this party's own is a holding like any other, as strictly marked as the strictest of what it
//! rests on, and of the source that observed it: it adds no origin of its own (invariant circularity). A sighting that rests
//! on what partners released is no holding. It is kept apart, under the strictest of their terms, shown to this party alone
//! and purged with the first thing that it rests on: no release, collection or export can have it (invariant third-party).

mod follow;
mod look;
mod sight;

use std::collections::BTreeMap;

use comity_model::entropy::fresh_uuid;
use comity_model::told::Told;
use comity_model::{Grade, Handling, Holding, Origin, told};
use comity_stix::pattern::{Pattern, PatternLimits};
use comity_stix::{Limits, json::Document};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::compose::identity_of;
use crate::error::{ExchangeError, Result, journalled};
use crate::hold::{Gist, Provenance, hold};
use crate::node::Node;
use crate::ports::{HoldingQuery, Kept, PatternFigures, PatternRecord, PatternRow, SightingRow};

pub use follow::{Follower, catch_up};

/// Patterns that stand at once, at the most.
pub const MOST: usize = 1_000;
/// What one pattern may be: 64 KiB, 1,000 comparisons, 20 regular expressions.
pub const LIMITS: PatternLimits = PatternLimits {
    bytes: 64 << 10,
    depth: 64,
    comparisons: 1_000,
    expressions: 20,
    expression_bytes: 4_096,
};

/// A new pattern.
#[derive(Debug, Clone)]
pub struct NewPattern {
    /// Its name here.
    pub name: String,
    /// Where the pattern stands.
    pub from: From,
    /// The grade that its sightings have at best.
    pub grade: Option<Grade>,
    /// What people note about it; stays here.
    pub note: Option<String>,
}

/// Where a pattern stands.
#[derive(Debug, Clone)]
pub enum From {
    /// In this text. An indicator of this party is made of it.
    Text(String),
    /// In the indicator of this id, in the version that readers see now.
    Indicator(String),
}

/// Whether a pattern is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is.
    Stands,
    /// Not any more: the indicator is revoked.
    Revoked,
    /// Not any more: the indicator was valid until some time ago.
    Ended,
    /// Not now: readers do not see the indicator.
    Hidden,
}

/// A pattern as people see it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What was added, and how far it is.
    pub row: PatternRow,
    /// Whether it is matched.
    pub state: State,
    /// The pattern, where readers see its indicator.
    pub text: Option<String>,
    /// Whether the indicator is a partner's.
    pub foreign: bool,
    /// What it sighted.
    pub figures: PatternFigures,
}

/// A sighting as people see it.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// Its STIX id.
    pub id: String,
    /// When it was made.
    pub at: Timestamp,
    /// The object, as it is kept.
    pub bytes: Vec<u8>,
    /// The terms that bind it, if it rests on what partners released.
    pub handling: Option<Handling>,
}

/// Adds a pattern; it is matched with what enters from now on and with what is held already. Refused with `bad-input` where a
/// field has not its form or the pattern is none, with `not-found` where no such indicator is held, with `no-stix-pattern`
/// where it has none, with `indicator-over` where it is revoked or its time is over, with `patterns-full` beyond [`MOST`] and
/// with `exists` where the name or the indicator has a pattern.
pub async fn add(node: &Node, new: NewPattern, by: &str) -> Result<Standing> {
    let name = new.name.clone();
    let added = async {
        let name = must_be_name(&new.name)?;
        let remark = new.note.as_deref().map(must_be_note).transpose()?;
        if node.store().patterns().await?.len() >= MOST {
            let message = told!(
                "{most} patterns stand already; remove one with `comity pattern remove NAME`",
                most = MOST
            );
            return Err(ExchangeError::refused("patterns-full", message));
        }
        let (holding, made) = match &new.from {
            From::Text(text) => {
                let holding = indicator(node, &name, text, new.grade)?;
                (holding.clone(), Some(holding))
            }
            From::Indicator(id) => (found(node, id).await?, None),
        };
        let record = PatternRecord {
            name: name.clone(),
            indicator: Kept::of(&holding),
            grade: new.grade,
            note: remark,
            added_at: node.now(),
        };
        let details = json!({ "indicator": holding.id, "grade": new.grade });
        let journal = vec![node.journal_by(by, "pattern-added", &name, details)];
        node.store().add_pattern(record, made, journal).await?;
        find(node, &name).await
    };
    journalled(node, added.await, by, "pattern-not-added", name, json!({})).await
}

/// Removes a pattern. Its sightings of this party's own stay held, and those kept apart go with it.
pub async fn remove(node: &Node, name: &str, by: &str) -> Result<Standing> {
    let found = find(node, name).await?;
    let details = json!({ "indicator": found.row.record.indicator.id });
    let journal = vec![node.journal_by(by, "pattern-removed", name, details)];
    node.store().remove_pattern(name.to_owned(), journal).await?;
    Ok(found)
}

/// All patterns, by name.
pub async fn list(node: &Node) -> Result<Vec<Standing>> {
    standing(node, node.store().patterns().await?).await
}

async fn standing(node: &Node, rows: Vec<PatternRow>) -> Result<Vec<Standing>> {
    let figures: BTreeMap<u64, PatternFigures> =
        node.store().pattern_figures().await?.into_iter().collect();
    let known = known(node, rows).await?;
    Ok(known
        .into_iter()
        .map(|it| Standing {
            state: it.state,
            foreign: it.row.record.indicator.statement.is_some(),
            text: it.indicator.as_ref().and_then(|it| Some(pattern_of(it)?.to_string())),
            figures: figures.get(&it.row.number).copied().unwrap_or_default(),
            row: it.row,
        })
        .collect())
}

/// A pattern by its name.
pub async fn find(node: &Node, name: &str) -> Result<Standing> {
    let mut rows = node.store().patterns().await?;
    rows.retain(|it| it.record.name == name);
    standing(node, rows).await?.pop().ok_or_else(|| ExchangeError::NotFound {
        what: "pattern",
        name: name.chars().take(100).collect::<String>().escape_debug().to_string(),
        advice: "`comity pattern list` shows the patterns that stand, `comity pattern add` adds one",
    })
}

/// The newest sightings of a pattern, at most `limit`, as far as readers see what they rest on.
pub async fn sightings(node: &Node, pattern: &PatternRow, limit: u32) -> Result<Vec<Sighting>> {
    let mut found = Vec::new();
    for SightingRow { id, at, apart } in
        node.store().pattern_sightings(pattern.number, limit).await?
    {
        match apart {
            Some((bytes, handling)) => {
                found.push(Sighting { id, at, bytes, handling: Some(handling) });
            }
            None => {
                if let Some(holding) = node.store().holding(id.clone()).await? {
                    found.push(Sighting { id, at, bytes: holding.bytes, handling: None });
                }
            }
        }
    }
    Ok(found)
}

fn must_be_name(name: &str) -> Result<String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(1..=64).contains(&name.len()) || !name.bytes().all(plain) {
        let message = Told::from("write 1 to 64 lower-case letters, digits and hyphens");
        let place: String = name.chars().take(100).collect();
        let place = place.escape_debug().to_string();
        return Err(ExchangeError::input(place, message.named("pattern-name")));
    }
    Ok(name.to_owned())
}

fn must_be_note(note: &str) -> Result<String> {
    let most = 1_000;
    let note = note.trim();
    if !(1..=most).contains(&note.chars().count()) || note.chars().any(char::is_control) {
        let message = told!("write one line of 1 to {most} characters", most);
        return Err(ExchangeError::input("--note", message.named("line-length")));
    }
    Ok(note.to_owned())
}

/// The indicator of this party that a text becomes (STIX 2.1 section 4.7).
fn indicator(node: &Node, name: &str, text: &str, grade: Option<Grade>) -> Result<Holding> {
    let pattern = Pattern::parse(text, &LIMITS)
        .map_err(|error| ExchangeError::unreadable("--pattern", "pattern-text", &error))?;
    let now = node.now();
    let at = format!("{now:.3}");
    let mut object = json!({
        "type": "indicator",
        "spec_version": "2.1",
        "id": format!("indicator--{}", fresh_uuid(&**node.entropy())),
        "created_by_ref": identity_of(node)?,
        "created": at,
        "modified": at,
        "name": name,
        "pattern": pattern.to_string(),
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": at,
    });
    let confidence = grade.and_then(|it| it.credibility.confidence());
    if let (Some(object), Some(confidence)) = (object.as_object_mut(), confidence) {
        object.insert("confidence".to_owned(), confidence.into());
    }
    let source = format!("pattern {name}");
    own(object.to_string().into_bytes(), source, grade, now)
}

/// An object that this node wrote, as a holding of this party.
fn own(bytes: Vec<u8>, source: String, grade: Option<Grade>, at: Timestamp) -> Result<Holding> {
    let head = comity_stix::head(&bytes, &Limits::default())
        .map_err(|finding| ExchangeError::Damaged(finding.message()))?
        .into_owned();
    let provenance = Provenance {
        origin: Origin::Own { source },
        chain: Vec::new(),
        handling: None,
        grade,
        received_at: at,
    };
    let limits = Limits::default();
    let document =
        Document::parse(&bytes, &limits).map_err(|it| ExchangeError::Damaged(it.message()))?;
    let gist = Gist::of(&document, &head);
    drop(document);
    Ok(hold(bytes, head, gist, provenance))
}

/// The indicator that was named, if it can stand.
async fn found(node: &Node, id: &str) -> Result<Holding> {
    let holding = node.store().holding(id.to_owned()).await?;
    let holding = holding.filter(|it| it.stix_type == "indicator").ok_or_else(|| {
        ExchangeError::NotFound {
            what: "indicator",
            name: id.chars().take(200).collect::<String>().escape_debug().to_string(),
            advice: "`comity holdings search WORDS` finds its id",
        }
    })?;
    if pattern_of(&holding).is_none() {
        let message = told!(
            "`{id}` has no STIX pattern that can stand: at most {size} KiB, {comparisons} comparisons and {expressions} regular \
             expressions; write the pattern with `--pattern`",
            id,
            size = LIMITS.bytes >> 10,
            comparisons = LIMITS.comparisons,
            expressions = LIMITS.expressions
        );
        return Err(ExchangeError::refused("no-stix-pattern", message));
    }
    if state(&holding, holding.revoked, node.now()) != State::Stands {
        let message =
            told!("`{id}` is revoked or its time is over; name an indicator that is valid", id);
        return Err(ExchangeError::refused("indicator-over", message));
    }
    Ok(holding)
}

/// The pattern of an indicator, if it is one of STIX and within bounds.
fn pattern_of(indicator: &Holding) -> Option<Pattern> {
    let document = Document::parse(&indicator.bytes, &Limits::default()).ok()?;
    let is_stix = document.root().child("pattern_type")?.text()? == "stix";
    let text = document.root().child("pattern")?.text()?;
    Pattern::parse(&text, &LIMITS).ok().filter(|_| is_stix)
}

fn state(indicator: &Holding, revoked: bool, now: Timestamp) -> State {
    if revoked || indicator.revoked {
        return State::Revoked;
    }
    let document = Document::parse(&indicator.bytes, &Limits::default()).ok();
    let until =
        document.and_then(|it| it.root().child("valid_until")?.text()?.parse::<Timestamp>().ok());
    if until.is_some_and(|until| until <= now) { State::Ended } else { State::Stands }
}

/// A pattern with its indicator.
struct Known {
    row: PatternRow,
    state: State,
    /// The version for which it stands, where readers see it.
    indicator: Option<Holding>,
}

/// Objects asked for at a time.
const ASKED: usize = 100;

/// Patterns with their indicators.
async fn known(node: &Node, rows: Vec<PatternRow>) -> Result<Vec<Known>> {
    let ids: Vec<String> = rows.iter().map(|it| it.record.indicator.id.clone()).collect();
    let mut newest = BTreeMap::new();
    for ids in ids.chunks(ASKED) {
        for holding in newest_of(node, ids).await? {
            newest.insert(holding.id.clone(), holding);
        }
    }
    let now = node.now();
    let mut known = Vec::with_capacity(rows.len());
    for row in rows {
        let kept = &row.record.indicator;
        let current = newest.remove(&kept.id);
        let revoked = current.as_ref().is_some_and(|it| it.revoked);
        let indicator = match current {
            Some(holding) if Kept::of(&holding) == *kept => Some(holding),
            _ => {
                let versions = node.store().holding_versions(kept.id.clone()).await?;
                versions.into_iter().find(|it| Kept::of(it) == *kept)
            }
        };
        let state = indicator.as_ref().map_or(State::Hidden, |it| state(it, revoked, now));
        known.push(Known { row, state, indicator });
    }
    Ok(known)
}

/// What readers see of these objects now; at most [`ASKED`] ids.
async fn newest_of(node: &Node, ids: &[String]) -> Result<Vec<Holding>> {
    let limit = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let query = HoldingQuery { ids: Some(ids.to_vec()), limit, ..HoldingQuery::default() };
    Ok(node.store().holdings(query).await?.holdings)
}
