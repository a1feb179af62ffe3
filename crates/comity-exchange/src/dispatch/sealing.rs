//! The pouch of a statement: the same for the link and for a courier.

use std::io::Write;
use std::sync::Arc;

use comity_model::{ChannelId, Digest};
use comity_pouch::{Limits, PouchError, PouchWriter, SealRecipient, Sealed};

use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner::Partner;
use crate::parts;
use crate::ports::{Blobs, OutboundRow};
use crate::record;

/// The digest of the key to which pouches for a partner are sealed now.
pub(crate) fn sealing_key(node: &Node, partner: &Partner) -> Result<Digest> {
    Ok(Digest::of(&partner.recipient(node.now())?.to_bytes()))
}

/// Everything that the pouch of a statement is made of beside the statement and its parts.
pub(crate) struct Sealing {
    recipient: SealRecipient,
    proof: Vec<u8>,
    limits: Limits,
}

impl Sealing {
    /// For the pouch of `row`, a signed statement for this partner.
    pub(crate) async fn of(node: &Node, partner: &Partner, row: &OutboundRow) -> Result<Self> {
        let proof = match row.sequence {
            Some(sequence) => {
                let (size, signed) = checkpoint_over(node, row.channel, sequence).await?;
                record::proof(node, row.channel, sequence, size, &signed).await?
            }
            None => Vec::new(),
        };
        let limits = Limits { pouch: partner.descriptor.limits.pouch, ..Limits::default() };
        Ok(Self { recipient: partner.recipient(node.now())?, proof, limits })
    }

    /// Writes the pouch. The parts must have been checked with [`parts::check_sealed`].
    pub(crate) fn write(
        &self,
        row: &OutboundRow,
        blobs: &Arc<dyn Blobs>,
        out: &mut (dyn Write + Send),
    ) -> Result<Sealed> {
        let failed = |error: PouchError| ExchangeError::refused(error.code(), error.to_string());
        let envelope = row
            .envelope
            .as_deref()
            .ok_or_else(|| ExchangeError::damaged("a statement without its signatures"))?;
        let mut pouch = PouchWriter::new(out, &self.recipient, envelope, &self.proof, &self.limits)
            .map_err(failed)?;
        for part in &row.parts {
            let mut content = parts::open(part, &**blobs)?;
            pouch.part(&part.name, part.size, &mut content).map_err(failed)?;
        }
        pouch.finish().map_err(failed)
    }
}

/// The checkpoint under which a statement of this party is proved: the last one that the keys of its own descriptor signed,
/// since its reader knows no later ones when it takes it in (docs/protocol.md section 1.4).
async fn checkpoint_over(node: &Node, channel: ChannelId, sequence: u64) -> Result<(u64, String)> {
    let places = node.store().descriptor_places(channel).await?;
    let end = places.into_iter().find(|it| it.sequence > sequence && it.checkpoint.is_some());
    if let Some((size, Some(signed))) = end.map(|it| (it.sequence, it.checkpoint)) {
        return Ok((size, signed));
    }
    let head = node.store().outbound_head(channel).await?;
    head.checkpoint
        .filter(|(size, _)| *size > sequence)
        .ok_or_else(|| ExchangeError::damaged("the checkpoint over a signed statement"))
}
