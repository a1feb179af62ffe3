//! Quotas: how many objects may be sealed under a clause in a day or a month (docs/protocol.md section 2.1). They are
//! counted in the transaction that seals; what is said here beforehand is how they stand.

use comity_policy::{Agreement, Quota};
use jiff::Timestamp;

use crate::agreement;
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
    for quota in of(node, agreement, clause, now).await? {
        let used = node.store().clause_used(agreement.id, quota.clone()).await?;
        views.push(QuotaView { quota, used });
    }
    Ok(views)
}

/// The quotas of a clause in their periods of `now`, with what counts against them beside the clause.
pub(crate) async fn of(
    node: &Node,
    agreement: &Agreement,
    clause: &str,
    now: Timestamp,
) -> Result<Vec<Ceiling>> {
    let mut ceilings: Vec<Ceiling> =
        agreement.quotas_of(clause).map(|it| of_period(it, now)).collect();
    if ceilings.is_empty() {
        return Ok(ceilings);
    }
    let mut former = Vec::new();
    for earlier in agreement::before(node, agreement).await? {
        let names = agreement.formerly(clause, earlier.agreement());
        let version = earlier.agreement().version;
        former.extend(names.into_iter().map(|name| (version, name.to_owned())));
    }
    for ceiling in &mut ceilings {
        ceiling.former.clone_from(&former);
    }
    Ok(ceilings)
}

fn of_period(quota: &Quota, now: Timestamp) -> Ceiling {
    Ceiling {
        clause: quota.clause.clone(),
        former: Vec::new(),
        objects: u64::from(quota.objects),
        per: quota.per.as_str(),
        since: quota.period_start(now),
        renews: quota.renews(now),
    }
}
