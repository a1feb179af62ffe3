//! The worker: every feed that is due is pulled, each by itself and some of them at once.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use comity_stix::Lang;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use super::pull::{PullLimits, PullOptions, pull};
use super::room::Room;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::FeedSource;

/// How often to look for what is due.
const LOOK: Duration = Duration::from_secs(1);
/// Feeds that are pulled at one time. What all of them have in memory is so many times what one has.
const AT_ONCE: usize = 8;
/// How long a feed may be pulled before those that wait have their turn, and one page more. It is due again at once, behind them.
const TURN: Duration = Duration::from_secs(10);

/// Pulls every feed when it is due, those first that wait longest, until `shutdown` is done. What holds one up holds up no other
/// for longer than a turn.
pub async fn serve(
    node: Node,
    source: Arc<dyn FeedSource>,
    room: Room,
    shutdown: impl Future<Output = ()>,
) {
    tokio::pin!(shutdown);
    let (stop, stopped) = watch::channel(false);
    let mut pulls = JoinSet::new();
    let mut running: BTreeMap<String, AbortHandle> = BTreeMap::new();
    loop {
        running.retain(|_, pull| !pull.is_finished());
        match due(&node).await {
            Ok(due) => {
                let begun = running.len();
                let due = due.into_iter().filter(|name| !running.contains_key(name));
                let due: Vec<String> = due.take(AT_ONCE.saturating_sub(begun)).collect();
                for name in due {
                    let (node, source) = (node.clone(), Arc::clone(&source));
                    let pull = one(node, source, room.clone(), name.clone(), stopped.clone());
                    running.insert(name, pulls.spawn(pull));
                }
            }
            Err(error) => {
                tracing::error!(code = error.code(), %error, "looking for due feeds failed; it is tried again");
            }
        }
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(_) = pulls.join_next() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    stop.send_replace(true);
    while pulls.join_next().await.is_some() {}
}

/// The feeds that are due, those first that wait longest.
async fn due(node: &Node) -> Result<Vec<String>> {
    let now = node.now();
    let mut feeds = node.store().feeds().await?;
    feeds.retain(|it| it.paused_at.is_none() && it.next_run <= now);
    feeds.sort_by_key(|it| it.next_run);
    Ok(feeds.into_iter().map(|it| it.name).collect())
}

/// Pulls one feed.
async fn one(
    node: Node,
    source: Arc<dyn FeedSource>,
    room: Room,
    name: String,
    mut stopped: watch::Receiver<bool>,
) {
    let options = PullOptions {
        by: "node".to_owned(),
        lang: Lang::En,
        limits: PullLimits { time: TURN, ..PullLimits::default() },
        room,
        all: false,
    };
    let stop = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    match pull(&node, &*source, &name, &options, stop).await {
        Ok(pulled) if pulled.new > 0 => {
            tracing::info!(
                feed = name,
                new = pulled.new,
                rejected = pulled.rejected,
                "a feed was pulled"
            );
        }
        Ok(_) | Err(ExchangeError::Refused { .. } | ExchangeError::NotFound { .. }) => {}
        Err(error) => {
            tracing::warn!(feed = name, code = error.code(), %error, "pulling a feed failed; it is tried again");
        }
    }
}
