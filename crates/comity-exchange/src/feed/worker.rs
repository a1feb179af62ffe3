//! The worker: every feed that is due is pulled, each by itself.

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

/// Pulls every feed when it is due, until `shutdown` is done. What holds one up holds up no other.
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
                for name in due {
                    running.entry(name).or_insert_with_key(|name| {
                        let (node, source) = (node.clone(), Arc::clone(&source));
                        pulls.spawn(one(node, source, room.clone(), name.clone(), stopped.clone()))
                    });
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

/// The feeds that are due.
async fn due(node: &Node) -> Result<Vec<String>> {
    let now = node.now();
    let feeds = node.store().feeds().await?.into_iter();
    let due = feeds.filter(|it| it.paused_at.is_none() && it.next_run <= now);
    Ok(due.map(|it| it.name).collect())
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
        limits: PullLimits::default(),
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
