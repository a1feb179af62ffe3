//! Whether the node can work.

use comity_api::{Check, Readiness};
use comity_exchange::Node;

use crate::data::Data;
use crate::disk;

/// Looks at the store, the disk and the keys.
#[derive(Debug)]
pub(super) struct NodeReadiness {
    node: Node,
    data: Data,
    least_free: u64,
}

impl NodeReadiness {
    /// Of a node whose disk must have `least_free_mib` MiB left.
    pub(super) const fn new(node: Node, data: Data, least_free_mib: u64) -> Self {
        Self { node, data, least_free: least_free_mib.saturating_mul(1 << 20) }
    }
}

#[async_trait::async_trait]
impl Readiness for NodeReadiness {
    async fn checks(&self) -> Vec<Check> {
        let store = match self.node.store().node().await {
            Ok(Some(_)) => Check::passed("store"),
            Ok(None) => Check::failed("store", "not-found"),
            Err(error) => Check::failed("store", error.code()),
        };
        let disk = match disk::free(&self.data.dir) {
            Ok(free) if free >= self.least_free => Check::passed("disk"),
            Ok(_) => Check::failed("disk", "full"),
            Err(_) => Check::failed("disk", "unreadable"),
        };
        let keys = match self.node.keys() {
            Ok(_) => Check::passed("keys"),
            Err(error) => Check::failed("keys", error.code()),
        };
        vec![store, disk, keys]
    }
}
