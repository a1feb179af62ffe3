//! What an inspectorate gets: a period of the record in counts, without content and without names of persons
//! (docs/protocol.md section 9.5).
//!
//! A report is computed from the statements that both parties cosigned, as they stood at the end of the period, and never
//! from the clock. So the same record gives the same bytes, a period that is over gives the same counts for ever, and the
//! partner computes the same for the channels that both have.

use std::collections::BTreeMap;

use comity_model::Digest;
use comity_model::matter::reciprocity::Period;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::access::{Area, Reader, Verb, record_as};
use crate::error::{ExchangeError, Result, journalled};
use crate::node::Node;
use crate::partner;

mod count;
mod file;
mod house;
mod lost;
mod patterns;
mod person;
mod report;
mod sample;
mod shared;

pub use file::{FILE_LIMIT, FORMAT, Flaw, Signed, check, check_beside};
pub use lost::{Lost, LostLines, LostStatements, lost};
pub use patterns::{Habit, Thresholds, patterns};
pub use person::{As, Came, Identity, Left, Person, Recalled, person};
pub use report::{AgreementEvent, Days, Direction, House, KeyEvent, Pair, Place, Report, Table};
pub use sample::{Drawn, Sample, SeedFrom, sample};

/// A report, with the exact bytes that are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it says.
    pub report: Report,
    /// The exact bytes of it, as JSON.
    pub bytes: Vec<u8>,
}

impl Written {
    /// The digest of the bytes, by which every form of the report names the same one.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }
}

/// Counts a period: whole days in UTC, the first and the last included. With a `partner`, only what was exchanged with it; the
/// part about this node's own house is left out then. Nothing is written but the line of a refusal, by whom it was asked for.
///
/// # Errors
/// [`ExchangeError::Refused`] with `audit-period` where the last day comes before the first;
/// [`ExchangeError::NotFound`] for a partner that nobody knows here; [`ExchangeError::Damaged`] where the record cannot be
/// read.
pub async fn report(
    node: &Node,
    days: Days,
    partner: Option<&str>,
    reader: &Reader,
) -> Result<Written> {
    let Days { from, until } = days;
    let subject = format!("{from}..{until}");
    let period =
        journalled(node, period(days), &reader.actor, "audit-refused", subject, json!({})).await?;
    let partner = match partner {
        Some(who) => Some(partner::find_party(node, who).await?.root),
        None => None,
    };
    let mut pairs = Vec::new();
    let mut waiting = BTreeMap::new();
    for channel in shared::pairs_of(node.store().channels().await?, partner) {
        let (pair, late) = shared::pair(node, channel, &period).await?;
        pairs.push(pair);
        waiting.extend(late);
    }
    let house = match partner {
        Some(_) => None,
        None => Some(house::count(node, &period).await?),
    };
    let report = Report {
        v: report::VERSION,
        by: node.root(),
        exercise: node.record().exercise,
        days,
        partner,
        shared: pairs,
        waiting,
        lost: lost(node, partner).await?,
        house,
    };
    let bytes = serde_json::to_vec(&report).map_err(ExchangeError::damaged)?;
    Ok(Written { report, bytes })
}

/// Counts a period and signs the report, as a file that [`check`] reads. The journal gets a line of it. See [`report`].
///
/// # Errors
/// Those of [`report`]; [`ExchangeError::Locked`] without keys; [`ExchangeError::Refused`] with `audit-too-large` where the
/// report is longer than what can be signed.
pub async fn export(
    node: &Node,
    days: Days,
    partner: Option<&str>,
    reader: &Reader,
) -> Result<(Written, Vec<u8>)> {
    let written = report(node, days, partner, reader).await?;
    let file = file::sign(node, &written.bytes)?;
    journal(node, &written, reader, Verb::Exported).await?;
    Ok((written, file))
}

/// Notes in the journal that a report was written, or printed.
pub async fn journal(node: &Node, written: &Written, reader: &Reader, verb: Verb) -> Result<()> {
    let Days { from, until } = written.report.days;
    let details = json!({ "report": written.digest(), "partner": written.report.partner });
    let access = reader.access(node, verb, Area::Audit, [written.digest()]);
    record_as(node, reader, &access, "audit-exported", &format!("{from}..{until}"), details).await
}

/// The instants of whole days in UTC.
fn period(days: Days) -> Result<Period> {
    let begin = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|it| it.timestamp());
    let before = days.until.tomorrow().ok().and_then(begin);
    match (begin(days.from), before) {
        (Some(from), Some(before)) if from < before => {
            Ok(Period { from: Some(from), before: Some(before) })
        }
        _ => {
            let message =
                "the last day comes before the first; give the first day of the period with --from";
            Err(ExchangeError::refused("audit-period", message))
        }
    }
}
