//! One worker for each partner: sends what is due, waits when nothing is, backs off when it fails.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use comity_exchange::ports::{CourierError, StoreError};
use comity_model::{Entropy, PartyRoot};
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

mod backoff;

pub use backoff::Backoff;

/// Sends what is due for a partner: the step `dispatch` of a release's way through the house.
#[async_trait]
pub trait Dispatch: Send + Sync {
    /// Sends a bounded number of statements from the partner's cursor on and moves the cursor past each that the partner has
    /// on its disk. Must bear being dropped at any await: what was not noted as delivered is sent again.
    async fn dispatch(&self, partner: PartyRoot) -> Result<Dispatched, DispatchError>;
}

/// What one call came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dispatched {
    /// Statements delivered.
    pub sent: u64,
    /// Whether more are due now.
    pub more: bool,
    /// How long to wait when no more are due and nobody wakes the worker; `None`: [`WorkerPace::poll`].
    pub wait: Option<Duration>,
}

/// Why nothing could be sent. Every one of them is tried again after a pause.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// The partner or the way to it.
    #[error(transparent)]
    Courier(#[from] CourierError),
    /// This node's store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// This node could not make what it has to send.
    #[error("{text}")]
    Local {
        /// A stable word for it.
        code: &'static str,
        /// What happened and what to do.
        text: String,
    },
}

impl DispatchError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Courier(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Local { code, .. } => code,
        }
    }
}

/// How a worker waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerPace {
    /// Pause when nothing is due and nobody wakes the worker.
    pub poll: Duration,
    /// Shortest pause after a failure.
    pub least: Duration,
    /// Longest pause after a failure.
    pub most: Duration,
}

impl Default for WorkerPace {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(250),
            least: Duration::from_millis(200),
            most: Duration::from_mins(1),
        }
    }
}

/// Empties one partner's outbox until `shutdown` holds `true` or its sender is gone. `wake` ends an idle pause at once, and
/// never a pause after a failure: a partner that is down is not called more often because there is more for it.
pub async fn worker(
    partner: PartyRoot,
    dispatch: Arc<dyn Dispatch>,
    entropy: Arc<dyn Entropy>,
    wake: Arc<Notify>,
    pace: WorkerPace,
    mut shutdown: watch::Receiver<bool>,
) {
    // A sender that is gone cannot ask any more; ending is the safe reading of it.
    let stop = async { shutdown.wait_for(|stop| *stop).await.is_ok() };
    tokio::select! {
        _ = stop => {}
        () = work(partner, &*dispatch, &*entropy, &wake, pace) => {}
    }
}

async fn work(
    partner: PartyRoot,
    dispatch: &dyn Dispatch,
    entropy: &dyn Entropy,
    wake: &Notify,
    pace: WorkerPace,
) {
    let mut backoff = Backoff::new(pace.least, pace.most);
    let mut report = Report::new(partner);
    loop {
        match dispatch.dispatch(partner).await {
            Ok(done) => {
                backoff.reset();
                report.success(done.sent);
                if done.more {
                    tokio::task::yield_now().await;
                    continue;
                }
                tokio::select! {
                    () = wake.notified() => {}
                    () = sleep(done.wait.unwrap_or(pace.poll)) => {}
                }
            }
            Err(error) => {
                let pause = backoff.next_pause(entropy);
                report.failure(&error, pause);
                sleep(pause).await;
            }
        }
    }
}

/// Says in the log when a partner's state changes, and in the metrics what it is.
struct Report {
    partner: PartyRoot,
    label: String,
    failing: Option<&'static str>,
}

impl Report {
    fn new(partner: PartyRoot) -> Self {
        Self { partner, label: partner.short(), failing: None }
    }

    fn success(&mut self, sent: u64) {
        metrics::counter!("comity_outbox_sent_total", "partner" => self.label.clone())
            .increment(sent);
        metrics::gauge!("comity_outbox_up", "partner" => self.label.clone()).set(1.0);
        metrics::gauge!("comity_outbox_pause_seconds", "partner" => self.label.clone()).set(0.0);
        if let Some(code) = self.failing.take() {
            tracing::info!(partner = %self.partner, was = code, "the partner is reached again");
        }
    }

    fn failure(&mut self, error: &DispatchError, pause: Duration) {
        let code = error.code();
        metrics::counter!("comity_outbox_failures_total", "partner" => self.label.clone(), "code" => code)
            .increment(1);
        metrics::gauge!("comity_outbox_up", "partner" => self.label.clone()).set(0.0);
        metrics::gauge!("comity_outbox_pause_seconds", "partner" => self.label.clone())
            .set(pause.as_secs_f64());
        if self.failing.replace(code) != Some(code) {
            tracing::warn!(partner = %self.partner, code, "nothing can be sent: {error}");
        }
    }
}
