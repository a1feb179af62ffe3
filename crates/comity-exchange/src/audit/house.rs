//! What the journal knows of a period: how often each thing happened, and which codes refused what people wanted.

use comity_model::Digest;
use comity_model::matter::reciprocity::Period;

use super::count::{Counts, word};
use super::report::House;
use crate::access::Area;
use crate::error::Result;
use crate::node::Node;
use crate::ports::JournalEntry;

/// Lines read at a time.
const PAGE: u32 = 1_000;

/// Events of oversight itself: a report counts none of them, or writing it would change the next one.
const OF_AUDITS: &str = "audit-";

/// Whether a line is about oversight itself.
fn is_oversight(entry: &JournalEntry) -> bool {
    entry.event.starts_with(OF_AUDITS)
        || (entry.event.starts_with("access-") && entry.subject == Area::Audit.as_str())
}

/// Counts the lines of the period.
pub(super) async fn count(node: &Node, period: &Period) -> Result<House> {
    let mut counts = Counts::default();
    let (mut next, mut last) = (0, None);
    loop {
        let page = node.store().journal_lines(next, PAGE).await?;
        let Some(end) = page.last() else { break };
        next = end.number.saturating_add(1);
        let counted = page.iter().filter(|it| period.has(it.entry.at) && !is_oversight(&it.entry));
        for line in counted {
            counts.add("journal", word(&line.entry.event), "lines", 1);
            if let Some(code) = line.entry.details.get("code").and_then(|it| it.as_str()) {
                counts.add("refused", word(code), "lines", 1);
            }
            last = Some((line.number, Digest::from_bytes(line.leaf)));
        }
    }
    Ok(House { counts: counts.into_table(), last: last.map(|it| it.0), leaf: last.map(|it| it.1) })
}
