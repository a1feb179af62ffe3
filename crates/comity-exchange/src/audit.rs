//! What an inspectorate gets: a period of the record in counts, without content and without names of persons
//! (docs/protocol.md section 9.5).
//!
//! A report is computed from the statements that both parties cosigned, as they stood at the end of the period, and never
//! from the clock. So the same record gives the same bytes, a period that is over gives the same counts for ever, and the
//! partner computes the same for the channels that both have.

use std::collections::BTreeMap;

use comity_model::matter::reciprocity::{Channel, Period, Recorded, figures_at};
use comity_model::{ChannelId, Digest, Handle, PartyRoot};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::access::{Area, Reader, Verb, record_as};
use crate::error::{ExchangeError, Result, journalled};
use crate::node::Node;
use crate::{agreement, partner, record};

mod count;
mod file;
mod house;
mod patterns;
mod person;
mod report;
mod sample;

pub use file::{FILE_LIMIT, FORMAT, Flaw, Signed, check};
pub use patterns::{Habit, Thresholds, patterns};
pub use person::{As, Came, Identity, Left, Person, Recalled, person};
pub use report::{AgreementEvent, Days, Direction, House, KeyEvent, Pair, Place, Report, Table};
pub use sample::{Drawn, Sample, sample};

use count::Said;

/// Statements read at a time.
const PAGE: u32 = 1_000;

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
    for channel in pairs_of(node.store().channels().await?, partner) {
        let (pair, late) = pair(node, channel, &period).await?;
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

/// One channel of each pair: that of the smaller root, so that both parties go through them in one order.
fn pairs_of(channels: Vec<ChannelId>, partner: Option<PartyRoot>) -> Vec<ChannelId> {
    let mut firsts: Vec<ChannelId> = channels
        .into_iter()
        .filter(|it| partner.is_none_or(|root| root == it.from || root == it.to))
        .map(|it| if it.from < it.to { it } else { it.reverse() })
        .collect();
    firsts.sort_by_key(|it| (it.agreement, it.epoch, it.from, it.to));
    firsts.dedup();
    firsts
}

/// What is read of one channel.
struct Read {
    channel: ChannelId,
    /// The checkpoint that the receiver cosigned.
    cosigned: u64,
    /// All that was said, the part that is not cosigned among it.
    all: Vec<Said>,
}

impl Read {
    /// The part that both cosigned.
    fn cut(&self) -> &[Said] {
        let size = usize::try_from(self.cosigned).unwrap_or(usize::MAX);
        self.all.get(..size).unwrap_or(&self.all)
    }

    /// Of that, what was issued before `at`; times never decrease in a channel.
    fn before(&self, at: Timestamp) -> &[Said] {
        let cut = self.cut();
        cut.get(..cut.partition_point(|it| it.recorded.at() < at)).unwrap_or(cut)
    }
}

/// The counts of one pair of channels, and what waits for a cosignature in each of them.
async fn pair(
    node: &Node,
    first: ChannelId,
    period: &Period,
) -> Result<(Pair, BTreeMap<String, u64>)> {
    let (begin, end) =
        (period.from.unwrap_or(Timestamp::MIN), period.before.unwrap_or(Timestamp::MAX));
    let sides = [read(node, first).await?, read(node, first.reverse()).await?];
    let [one, other] = &sides;
    // The period is over for the record as soon as it goes on after it; until then clocks are read at its last entry.
    let latest = sides.iter().filter_map(|it| it.cut().last()).map(|it| it.recorded.at()).max();
    let as_of = latest.map(|at| at.min(end));
    let said: [Vec<Recorded>; 2] =
        [one, other].map(|it| it.before(end).iter().map(|it| it.recorded.clone()).collect());
    let [first_said, second_said] = &said;
    let [first_channel, second_channel] = [(one, first_said), (other, second_said)]
        .map(|(it, said)| Channel { from: it.channel.from, to: it.channel.to, said });
    let now = as_of.unwrap_or(Timestamp::UNIX_EPOCH);
    let matters = figures_at(first_channel, second_channel, period, now);
    let handles = handles(node, first).await?;
    let mut directions = Vec::with_capacity(2);
    for ((own, back), matters) in [(one, other), (other, one)].into_iter().zip(&matters) {
        let said = own.before(end);
        let counted = count::direction(said, back.before(end), period);
        let place = async |size: usize| -> Result<Place> {
            let size = size as u64;
            let root = Digest::from_bytes(record::root(node, own.channel, size).await?);
            Ok(Place { size, root })
        };
        let earlier = said.partition_point(|it| it.recorded.at() < begin);
        directions.push(Direction {
            from: own.channel.from,
            to: own.channel.to,
            handle: handles.get(&own.channel.from).cloned(),
            begin: place(earlier).await?,
            end: place(said.len()).await?,
            counts: counted.with_matters(matters),
            agreement: count::agreement(said, period),
            keys: count::keys(said, period),
        });
    }
    let late = sides.iter().filter_map(|it| {
        let uncounted = it.all.len().saturating_sub(it.cut().len());
        let beyond = it.all.iter().rev().take(uncounted);
        let beyond = beyond.filter(|it| period.has(it.recorded.at())).count() as u64;
        (beyond > 0).then(|| (it.channel.origin(), beyond))
    });
    let late = late.collect();
    let directions =
        <[Direction; 2]>::try_from(directions).map_err(|_| ExchangeError::damaged("the record"))?;
    let pair = Pair { agreement: first.agreement, epoch: first.epoch, as_of, directions };
    Ok((pair, late))
}

/// What the agreement calls the parties, in the newest text that both signed.
async fn handles(node: &Node, channel: ChannelId) -> Result<BTreeMap<PartyRoot, Handle>> {
    let agreements = node.store().agreements().await?;
    let newest = agreements
        .into_iter()
        .filter(|it| it.reference.id == channel.agreement && it.complete)
        .max_by_key(|it| it.reference.version);
    let Some(stored) = newest else { return Ok(BTreeMap::new()) };
    let text =
        agreement::read(&stored.text, "the stored agreement").map_err(ExchangeError::damaged)?;
    let named = [channel.from, channel.to]
        .into_iter()
        .filter_map(|root| Some((root, text.handle_of(&root)?.clone())));
    Ok(named.collect())
}

/// Everything that was said in a channel.
async fn read(node: &Node, channel: ChannelId) -> Result<Read> {
    let view = record::view(node, channel).await?;
    let mut all = Vec::new();
    while (all.len() as u64) < view.size {
        let from = all.len() as u64;
        let limit = u32::try_from(view.size - from).unwrap_or(u32::MAX).min(PAGE);
        let page = node.store().record_statements(channel, from, limit).await?;
        if page.is_empty() {
            return Err(ExchangeError::damaged("the record"));
        }
        for payload in page {
            all.push(Said::of(&payload).ok_or_else(|| ExchangeError::damaged("the record"))?);
        }
    }
    let cosigned = view.cosigned.map_or(0, |it| it.size).min(view.size);
    Ok(Read { channel, cosigned, all })
}

#[cfg(test)]
mod tests {
    use comity_model::AgreementId;
    use proptest::prelude::*;

    use super::*;

    fn channel((agreement, epoch, from, to): (u8, u32, u8, u8)) -> ChannelId {
        let root = |it: u8| PartyRoot::new(Digest::of(&[it]));
        let agreement =
            AgreementId::new(uuid::Builder::from_random_bytes([agreement; 16]).into_uuid());
        ChannelId { agreement, epoch, from: root(from), to: root(to) }
    }

    proptest! {
        #[test]
        fn a_report_goes_through_the_channels_in_one_order_whatever_order_the_store_has(
            (channels, shuffled) in proptest::collection::vec((0u8..4, 1u32..4, 0u8..3, 3u8..6).prop_map(channel), 0..30)
                .prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
            turned in any::<bool>(), partner in proptest::option::of(3u8..6),
        ) {
            let partner = partner.map(|it| PartyRoot::new(Digest::of(&[it])));
            let pairs = pairs_of(channels, partner);
            // the other party has the same channels, named from the other side
            let other = shuffled.into_iter().map(|it| if turned { it.reverse() } else { it }).collect();
            prop_assert_eq!(&pairs_of(other, partner), &pairs);
            prop_assert!(pairs.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }
}
