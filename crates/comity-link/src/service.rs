//! What stands behind the listener.

use std::sync::Arc;

use async_trait::async_trait;
use comity_exchange::ports::{RemoteHead, RemotePouch, Spool};
use comity_model::{AgreementId, Digest, PartyRoot};

/// Answers the four requests of the link. `from` is always the party whose pinned key signed the handshake.
#[async_trait]
pub trait LinkService: Send + Sync {
    /// Takes note of a pouch of `size` bytes that is whole and durable in the spool. When this returns the sender is told
    /// `202`, so the note must be durable too. The same pouch may come again.
    async fn received(&self, from: PartyRoot, pouch: Digest, size: u64) -> Result<(), LinkFault>;

    /// What became of a pouch that `from` delivered; [`LinkFault::Unknown`] for every other pouch.
    async fn status(&self, from: PartyRoot, pouch: Digest) -> Result<RemotePouch, LinkFault>;

    /// Where the channel from `from` to this party stands (docs/protocol.md section 4); [`LinkFault::Unknown`] if there is no
    /// such agreement between the two. There is no way to ask for another party's channel.
    async fn head(
        &self,
        from: PartyRoot,
        agreement: AgreementId,
        epoch: u32,
    ) -> Result<RemoteHead, LinkFault>;

    /// Where the pouches of `from` arrive; it may be the same for all. Finishing a pouch that is finished must succeed. What a
    /// partner has in it is held against its quota of twice [`LinkService::pouch_limit`], from the beginning of the process
    /// on: pouches left by an earlier one count when the partner goes on with them.
    fn spool(&self, from: PartyRoot) -> Arc<dyn Spool>;

    /// Bytes of the largest pouch that is taken.
    fn pouch_limit(&self) -> u64;

    /// Writes one line into the journal: `count` handshakes since the last one came with a key of nobody. Called at most
    /// once in [`crate::LinkLimits::strangers`].
    async fn stranger(&self, count: u64);
}

/// Why the service did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// There is no such thing, or it is none of the caller's.
    #[error("there is no such thing for this partner")]
    Unknown,
    /// The node takes nothing now.
    #[error("this node takes nothing now; try again later")]
    Busy,
    /// This node failed. The text goes to this node's log and not to the partner.
    #[error("this node failed: {0}; run `comity doctor`")]
    Failed(String),
}

impl LinkFault {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "not-found",
            Self::Busy => "busy",
            Self::Failed(_) => "node-failed",
        }
    }
}
