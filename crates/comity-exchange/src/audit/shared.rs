//! What both parties of an agreement have: the two channels, through all their epochs.

use std::collections::BTreeMap;

use comity_model::matter::reciprocity::{Channel, Period, Recorded, figures_at};
use comity_model::{ChannelId, Digest, Handle, PartyRoot};
use jiff::Timestamp;

use super::count::{self, Said};
use super::report::{Direction, Pair, Place};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::{agreement, record};

/// Statements read at a time.
const PAGE: u32 = 1_000;

/// For each agreement the channel of the smaller root, in its first epoch, so that both parties go through them in one order.
/// After a loss the two channels of an agreement go on in different epochs: they are a pair all the same.
pub(super) fn pairs_of(channels: Vec<ChannelId>, partner: Option<PartyRoot>) -> Vec<ChannelId> {
    let mut firsts: Vec<ChannelId> = channels
        .into_iter()
        .filter(|it| partner.is_none_or(|root| root == it.from || root == it.to))
        .map(|it| if it.from < it.to { it } else { it.reverse() })
        .map(|it| ChannelId { epoch: 1, ..it })
        .collect();
    firsts.sort_by_key(|it| (it.agreement, it.from, it.to));
    firsts.dedup();
    firsts
}

/// What is read of one epoch of a channel.
struct Stretch {
    channel: ChannelId,
    /// What is counted: of an epoch that ended what stands, of the one that goes on what the receiver cosigned.
    cut: Vec<Said>,
    /// What the receiver has not cosigned yet.
    beyond: Vec<Said>,
}

impl Stretch {
    /// How much of the cut was issued before `at`; times never decrease in an epoch.
    fn before(&self, at: Timestamp) -> usize {
        self.cut.partition_point(|it| it.recorded.at() < at)
    }
}

/// What is read of one direction: its epochs, in order.
struct Side {
    from: PartyRoot,
    to: PartyRoot,
    epochs: Vec<Stretch>,
}

impl Side {
    /// What of the cut was issued before `at`, and stands.
    fn before(&self, at: Timestamp) -> Vec<&Said> {
        self.epochs.iter().flat_map(|it| it.cut.iter().take(it.before(at))).collect()
    }

    /// Where the record stood at `at`: in each epoch up to the last one in which something had been issued.
    async fn places(&self, node: &Node, at: Timestamp) -> Result<(Vec<Place>, Place)> {
        let last = self.epochs.iter().rposition(|it| it.before(at) > 0).unwrap_or(0);
        let mut places = Vec::with_capacity(last.saturating_add(1));
        for it in self.epochs.iter().take(last.saturating_add(1)) {
            let size = it.before(at) as u64;
            let root = Digest::from_bytes(record::root(node, it.channel, size).await?);
            places.push(Place { epoch: it.channel.epoch, size, root });
        }
        let newest = places.pop().ok_or_else(damaged)?;
        Ok((places, newest))
    }
}

/// The counts of one pair of channels, and what waits for a cosignature in each of them.
pub(super) async fn pair(
    node: &Node,
    first: ChannelId,
    period: &Period,
) -> Result<(Pair, BTreeMap<String, u64>)> {
    let (begin, end) =
        (period.from.unwrap_or(Timestamp::MIN), period.before.unwrap_or(Timestamp::MAX));
    let sides = [read(node, first).await?, read(node, first.reverse()).await?];
    let [one, other] = &sides;
    let stretches = || sides.iter().flat_map(|it| &it.epochs);
    // The period is over for the record as soon as it goes on after it; until then clocks are read at its last entry.
    let latest = stretches().flat_map(|it| &it.cut).map(|it| it.recorded.at()).max();
    let as_of = latest.map(|at| at.min(end));
    let recorded = |it: &Side| -> Vec<Recorded> {
        it.before(end).into_iter().map(|it| it.recorded.clone()).collect()
    };
    let said = [recorded(one), recorded(other)];
    let [first_said, second_said] = &said;
    let [first_channel, second_channel] = [(one, first_said), (other, second_said)]
        .map(|(it, said)| Channel { from: it.from, to: it.to, said });
    let now = as_of.unwrap_or(Timestamp::UNIX_EPOCH);
    let matters = figures_at(first_channel, second_channel, period, now);
    let handles = handles(node, first).await?;
    let mut directions = Vec::with_capacity(2);
    for ((own, back), matters) in [(one, other), (other, one)].into_iter().zip(&matters) {
        let said = own.before(end);
        let counted = count::direction(&said, &back.before(end), period);
        let (ended, end) = own.places(node, end).await?;
        directions.push(Direction {
            from: own.from,
            to: own.to,
            handle: handles.get(&own.from).cloned(),
            begin: own.places(node, begin).await?.1,
            ended,
            end,
            counts: counted.with_matters(matters),
            agreement: count::agreement(&said, period),
            keys: count::keys(&said, period),
        });
    }
    let late = stretches().filter_map(|it| {
        let beyond = it.beyond.iter().filter(|it| period.has(it.recorded.at())).count() as u64;
        (beyond > 0).then(|| (it.channel.origin(), beyond))
    });
    let late = late.collect();
    let directions = <[Direction; 2]>::try_from(directions).map_err(|_| damaged())?;
    Ok((Pair { agreement: first.agreement, as_of, directions }, late))
}

fn damaged() -> ExchangeError {
    ExchangeError::damaged("the record")
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

/// Everything that was said in a direction and stands. The epoch of `channel` does not matter.
async fn read(node: &Node, channel: ChannelId) -> Result<Side> {
    let current = node.store().epoch(channel).await?;
    let mut epochs = Vec::new();
    for epoch in 1..=current {
        let channel = ChannelId { epoch, ..channel };
        let stretch = if epoch < current {
            let stands = node.store().epoch_end(channel).await?.unwrap_or(0);
            Stretch { channel, cut: said(node, channel, stands).await?, beyond: Vec::new() }
        } else {
            let view = record::view(node, channel).await?;
            let cosigned = view.cosigned.map_or(0, |it| it.size).min(view.size);
            let mut cut = said(node, channel, view.size).await?;
            let beyond =
                cut.split_off(usize::try_from(cosigned).unwrap_or(cut.len()).min(cut.len()));
            Stretch { channel, cut, beyond }
        };
        epochs.push(stretch);
    }
    Ok(Side { from: channel.from, to: channel.to, epochs })
}

/// The first `size` statements of a channel.
async fn said(node: &Node, channel: ChannelId, size: u64) -> Result<Vec<Said>> {
    let mut all = Vec::new();
    while (all.len() as u64) < size {
        let from = all.len() as u64;
        let limit = u32::try_from(size - from).unwrap_or(u32::MAX).min(PAGE);
        let page = node.store().record_statements(channel, from, limit).await?;
        if page.is_empty() {
            return Err(damaged());
        }
        for payload in page {
            all.push(Said::of(&payload).ok_or_else(damaged)?);
        }
    }
    Ok(all)
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
            let names = |it: &ChannelId| (it.agreement, it.from, it.to);
            prop_assert!(pairs.windows(2).all(|pair| names(&pair[0]) < names(&pair[1])));
        }
    }
}
