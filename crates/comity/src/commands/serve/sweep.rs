//! What a node that was killed left half written.

use comity_exchange::{ExchangeError, Node};
use comity_store::{FileBlobs, FileSpool};
use jiff::SignedDuration;

use crate::data::Data;
use crate::error::CliError;

/// Files that nobody has touched for so long belong to a process that is gone.
const OLD: SignedDuration = SignedDuration::from_hours(24);

/// Deletes temporary files of processes that are gone.
pub(super) fn sweep(data: &Data, node: &Node) -> Result<(), CliError> {
    let Ok(before) = node.now().checked_sub(OLD) else { return Ok(()) };
    let blobs = FileBlobs::new(&data.blobs()).map_err(ExchangeError::from)?;
    let spool = FileSpool::new(&data.spool()).map_err(ExchangeError::from)?;
    let swept = blobs.sweep(before).map_err(ExchangeError::from)?
        + spool.sweep(before).map_err(ExchangeError::from)?;
    if swept > 0 {
        tracing::info!(files = swept, "temporary files of an earlier run were deleted");
    }
    Ok(())
}
