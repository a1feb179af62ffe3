//! What one side refused of the other lately: nobody looks into a list for it.

use comity_exchange::Node;
use comity_model::statement::{Outcome, ReceiptEntry};
use jiff::{SignedDuration, Timestamp};

use super::{Findings, State, Topic};
use crate::commands::inbox::{brief, folio_of, outcome};
use crate::ctx::Names;
use crate::error::CliError;

/// How long a refusal is spoken of.
pub(super) const LATELY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The newest releases and arrivals that are looked at.
const LOOKED_AT: u32 = 1_000;

/// Refusals of either side that are named.
const NAMED: usize = 20;

/// Releases of this party that a partner refused, or took in part.
pub(super) async fn given(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    let names = Names::of(node).await?;
    let releases = node.store().releases(LOOKED_AT).await?;
    let refused = releases.iter().filter_map(|release| {
        let receipt = release.receipt.as_ref().filter(|it| is_of_note(it, node.now()))?;
        Some((&release.record, receipt))
    });
    for (record, receipt) in refused.take(NAMED) {
        let text = format!(
            "{}: {}; {} `comity release show {}`",
            names.name(record.to),
            outcome(found.ctx.lang, receipt),
            found.ctx.say("see", "consulte"),
            record.folio
        );
        found.add(&Topic::Release(record.folio.to_string()), State::Warn, text);
    }
    Ok(())
}

/// Statements of partners that this node refused, or took in part.
pub(super) async fn taken(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    let names = Names::of(node).await?;
    let rows = node.store().inbox(LOOKED_AT, false).await?;
    let refused = rows.iter().filter(|row| is_of_note(&row.receipt, node.now()));
    for row in refused.take(NAMED) {
        let digest = brief(&row.digest);
        let text = format!(
            "{}: {}; {} `comity inbox show {digest}`",
            names.name(row.channel.from),
            outcome(found.ctx.lang, &row.receipt),
            found.ctx.say("see", "consulte"),
        );
        let id = folio_of(row).map_or(digest, |folio| folio.to_string());
        found.add(&Topic::Inbox(id), State::Warn, text);
    }
    Ok(())
}

fn is_of_note(receipt: &ReceiptEntry, now: Timestamp) -> bool {
    receipt.outcome != Outcome::Admitted && now.duration_since(receipt.received_at) <= LATELY
}
