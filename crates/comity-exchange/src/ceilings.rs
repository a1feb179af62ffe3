//! Quotas: how many objects may be sealed under a clause in a day or a month (docs/protocol.md section 2.1). They are
//! counted in the transaction that seals; what is said here beforehand is how they stand.

use comity_policy::Agreement;
use jiff::Timestamp;

use crate::error::Result;
use crate::node::Node;
use crate::ports::Ceiling;

/// How a quota stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaView {
    /// The quota.
    pub quota: Ceiling,
    /// Objects sealed in its period.
    pub used: u64,
}

impl QuotaView {
    /// Objects that may still be sealed in the period.
    pub const fn left(&self) -> u64 {
        self.quota.objects.saturating_sub(self.used)
    }
}

/// How the quotas of a clause stand at `now`; empty where it has none.
pub async fn quotas(
    node: &Node,
    agreement: &Agreement,
    clause: &str,
    now: Timestamp,
) -> Result<Vec<QuotaView>> {
    let mut views = Vec::new();
    for quota in of(agreement, clause, now) {
        let used = node.store().clause_used(agreement.id, quota.clause.clone(), quota.since);
        views.push(QuotaView { used: used.await?, quota });
    }
    Ok(views)
}

/// The quotas of a clause in their periods of `now`.
pub(crate) fn of(agreement: &Agreement, clause: &str, now: Timestamp) -> Vec<Ceiling> {
    let ceiling = |quota: &comity_policy::Quota| Ceiling {
        clause: quota.clause.clone(),
        objects: u64::from(quota.objects),
        per: quota.per.as_str(),
        since: quota.period_start(now),
        renews: quota.renews(now),
    };
    agreement.quotas_of(clause).map(ceiling).collect()
}
