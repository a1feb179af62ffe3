//! Whether the node can work.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a look counts: whoever asks more often makes the node no work.
const FRESH: Duration = Duration::from_secs(1);

/// Looks at what a node needs to work.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Looks at each thing once: that the store answers, that the disk has room, that the keys are unlocked. The names
    /// and codes are public; they say what failed and nothing of what the node holds.
    async fn checks(&self) -> Vec<Check>;
}

/// One thing that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What: a stable word in lower case, as `store`.
    pub name: &'static str,
    /// Why it failed: a stable word in lower case, as `database`; `None`: it is well.
    #[serde(rename = "failed", skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
}

impl Check {
    /// It is well.
    pub const fn passed(name: &'static str) -> Self {
        Self { name, fault: None }
    }

    /// It failed.
    pub const fn failed(name: &'static str, code: &'static str) -> Self {
        Self { name, fault: Some(code) }
    }
}

/// The last look, shared by everybody who asks within its time.
pub(crate) struct Glance {
    readiness: Arc<dyn Readiness>,
    last: Mutex<Option<(Instant, Vec<Check>)>>,
}

impl Glance {
    pub(crate) fn new(readiness: Arc<dyn Readiness>) -> Self {
        Self { readiness, last: Mutex::default() }
    }

    /// The checks, looked at now or a moment ago. A look that takes too long is itself a failed check.
    pub(crate) async fn checks(&self) -> Vec<Check> {
        let mut last = self.last.lock().await;
        if let Some((at, checks)) = &*last
            && at.elapsed() < FRESH
        {
            return checks.clone();
        }
        let looked = timeout(PATIENCE, self.readiness.checks()).await;
        let checks = looked.unwrap_or_else(|_| vec![Check::failed("checks", "too-slow")]);
        for check in &checks {
            let value = if check.fault.is_none() { 1.0 } else { 0.0 };
            metrics::gauge!("comity_ready", "check" => check.name).set(value);
        }
        *last = Some((Instant::now(), checks.clone()));
        checks
    }
}
