//! What this node knows that it lost, and so can tell nobody anything of: who looks through what is here must hear of what is
//! not (docs/protocol.md sections 4.8, 9.5).

use std::collections::BTreeMap;

use comity_log::checkpoint::Checkpoint;
use comity_log::note::SignedNote;
use comity_model::statement::{DescriptorBody, Payload};
use comity_model::{AgreementId, ChannelId, PartyRoot};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Result;
use crate::journal;
use crate::node::Node;
use crate::ports::JournalLine;
use crate::record::Wrong;
use crate::recovery::{epoch_of, last_checkpoints};

/// Lines of the journal read at a time.
const PAGE: u32 = 1_000;

/// What is known to be lost. Empty where nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lost {
    /// Statements, by channel. What a partner sent again is not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<LostStatements>,
    /// Lines of the journal, one entry for each loss, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub journal: Vec<LostLines>,
    /// Partners that are to say yet what they have of this party: until then more may be lost than is told here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unasked: Vec<PartyRoot>,
}

impl Lost {
    /// Whether nothing is known to be lost.
    pub const fn is_empty(&self) -> bool {
        self.statements.is_empty() && self.journal.is_empty() && self.unasked.is_empty()
    }
}

/// Statements of a channel that were signed or cosigned, or answered, and are not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostStatements {
    /// The agreement.
    pub agreement: AgreementId,
    /// The epoch, from 1.
    pub epoch: u32,
    /// Who said them.
    pub from: PartyRoot,
    /// To whom.
    pub to: PartyRoot,
    /// The sequence of the first.
    pub first: u64,
    /// The sequence of the last one that is known of.
    pub last: u64,
}

/// A loss of lines of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostLines {
    /// Lines that the journal had when it was signed last before the loss.
    pub signed: u64,
    /// The line that says so; `None` where the journal did not go on yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

/// What this node knows that it lost; with a `partner`, of what was said between the two alone.
///
/// It is known from what is kept apart from the database, from the first statements of epochs, which cite what the receiver
/// cosigned, and from the journal, which has what partners said of what was forgotten here.
///
/// # Errors
/// [`ExchangeError::Damaged`](crate::ExchangeError::Damaged) where the record or the journal cannot be read.
pub async fn lost(node: &Node, partner: Option<PartyRoot>) -> Result<Lost> {
    let is_meant =
        |channel: &ChannelId| partner.is_none_or(|root| root == channel.from || root == channel.to);
    let mut known = Known::default();
    for last in last_checkpoints(node).await? {
        known.add(last.channel, last.size);
    }
    let ways = ways(node).await?;
    for way in &ways {
        cited(node, *way, &mut known).await?;
    }
    let mut lines = journalled(node, &ways, &mut known).await?;
    if let Some(Wrong::Shorter(signed) | Wrong::Root(signed)) = journal::behind(node).await? {
        lines.push(LostLines { signed, line: None });
    }
    let mut statements = Vec::new();
    for (channel, size) in known.0.into_iter().filter(|(channel, _)| is_meant(channel)) {
        let here = if channel.from == node.root() {
            node.store().outbound_head(channel).await?.next
        } else {
            node.store().inbound_head(channel).await?.next
        };
        if let Some(last) = size.checked_sub(1).filter(|_| here < size) {
            let ChannelId { agreement, epoch, from, to } = channel;
            statements.push(LostStatements { agreement, epoch, from, to, first: here, last });
        }
    }
    let doubts = node.store().doubts().await?.into_iter().map(|it| it.partner);
    let unasked = doubts.filter(|it| partner.is_none_or(|root| root == *it)).collect();
    let journal = if partner.is_some() { Vec::new() } else { lines };
    Ok(Lost { statements, journal, unasked })
}

/// How many statements of a channel there were, as far as is known.
#[derive(Default)]
struct Known(BTreeMap<ChannelId, u64>);

impl Known {
    fn add(&mut self, channel: ChannelId, size: u64) {
        let known = self.0.entry(channel).or_default();
        *known = (*known).max(size);
    }

    /// The same for a channel by its name, where it is one of these directions.
    fn add_named(&mut self, ways: &[ChannelId], origin: &str, size: u64) {
        let found = ways.iter().find_map(|way| Some((way, epoch_of(origin, *way)?)));
        if let Some((way, epoch)) = found {
            self.add(ChannelId { epoch, ..*way }, size);
        }
    }
}

/// Every direction in which anything may be said, in its first epoch.
async fn ways(node: &Node) -> Result<Vec<ChannelId>> {
    let mut ways = Vec::new();
    for it in node.store().agreements().await?.into_iter().filter(|it| it.complete) {
        let (from, to) = (node.root(), it.partner);
        let own = ChannelId { agreement: it.reference.id, epoch: 1, from, to };
        if !ways.contains(&own) {
            ways.extend([own, own.reverse()]);
        }
    }
    Ok(ways)
}

/// What the first statements of later epochs cite of those before.
async fn cited(node: &Node, way: ChannelId, known: &mut Known) -> Result<()> {
    for epoch in 2..=node.store().epoch(way).await? {
        let first = node.store().record_statements(ChannelId { epoch, ..way }, 0, 1).await?;
        let Some(payload) = first.first().and_then(|it| Payload::parse(it).ok()) else { continue };
        let continues = payload.body::<DescriptorBody>().ok().and_then(|it| it.continues);
        let Some(signed) = continues.and_then(|it| it.checkpoint) else { continue };
        let Ok(signed) = SignedNote::parse(signed.as_bytes()) else { continue };
        if let Ok(checkpoint) = Checkpoint::parse(signed.text()) {
            known.add_named(&[way], checkpoint.origin(), checkpoint.size());
        }
    }
    Ok(())
}

/// What the journal has of losses: adds what is known of statements, and gives what it says of itself.
async fn journalled(node: &Node, ways: &[ChannelId], known: &mut Known) -> Result<Vec<LostLines>> {
    let (mut next, mut lines) = (0, Vec::new());
    loop {
        let page = node.store().journal_lines(next, PAGE).await?;
        let Some(end) = page.last() else { return Ok(lines) };
        next = end.number.saturating_add(1);
        for line in &page {
            let details = &line.entry.details;
            let number = |name: &str| details.get(name).and_then(Value::as_u64);
            let size = match line.entry.event.as_str() {
                "record-rolled-back" => number("signed"),
                "mirror-lost" => number("cosigned"),
                "partner-ahead" => number("there"),
                "statement-forgotten" => number("sequence").map(|it| it.saturating_add(1)),
                "restored" | "journal-begun-anew" => {
                    lines.extend(put_back(line));
                    None
                }
                _ => None,
            };
            let named = details.get("channel").and_then(Value::as_str);
            let (Some(size), Some(named)) = (size, named) else { continue };
            // a partner that is ahead may be so in a later epoch than this node's
            let later = number("epoch").and_then(|it| u32::try_from(it).ok());
            match later {
                Some(epoch) => {
                    let way = ways.iter().find(|way| epoch_of(named, **way).is_some());
                    if let Some(way) = way {
                        known.add(ChannelId { epoch, ..*way }, size);
                    }
                }
                None => known.add_named(ways, named, size),
            }
        }
    }
}

/// How far the journal had been signed before this line, where it went on from less.
fn put_back(line: &JournalLine) -> Option<LostLines> {
    let details = &line.entry.details;
    let before = match line.entry.event.as_str() {
        "restored" => details.get("journal_signed_before")?,
        _ => details,
    };
    let signed = before.get("size").and_then(Value::as_u64)?;
    Some(LostLines { signed, line: Some(line.number) })
}
