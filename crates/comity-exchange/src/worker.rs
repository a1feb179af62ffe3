//! The workers: one takes in what arrived and answers it, one purges what expired.

use std::future::Future;
use std::time::Duration;

use comity_model::Grounds;
use jiff::SignedDuration;

use crate::access;
use crate::acknowledge::acknowledge;
use crate::admit::take_in;
use crate::error::Result;
use crate::failpoint::fail_point;
use crate::journal;
use crate::node::Node;
use crate::purge;

/// How often to look without being woken: another process of this node may have put something there.
const LOOK: Duration = Duration::from_millis(250);
/// How long to wait after a failure of this node's own.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Runs until `shutdown` is done. `checkpoint_after` is how long something stays uncosigned before a checkpoint
/// statement says so (docs/protocol.md section 4: 60 s).
pub async fn inbound(node: Node, checkpoint_after: Duration, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        let wait = match round(&node, checkpoint_after).await {
            Ok(0) => LOOK,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::error!(code = error.code(), %error, "taking in what arrived failed; it is tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            biased;
            () = &mut shutdown => return,
            () = std::future::ready(()), if wait.is_zero() => {}
            () = node.inbound_woken() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// How often to look for what expired.
const SWEEP: Duration = Duration::from_mins(1);

/// Purges what expired and tells its owners, until `shutdown` is done: unasked, once a minute at the most.
pub async fn sweeps(node: Node, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        match purge::sweep(&node, &Grounds::default(), "node").await {
            Ok(swept) if swept.purged > 0 || swept.told > 0 => {
                tracing::info!(purged = swept.purged, told = swept.told, "what expired is purged");
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(code = error.code(), %error, "purging what expired failed; it is tried again");
            }
        }
        tokio::select! {
            biased;
            () = &mut shutdown => return,
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}

/// How often to look for what people typed too long ago.
const FORGET: Duration = Duration::from_hours(1);

/// Erases what people typed when they looked at something longer ago than `keep`, until `shutdown` is done: once an hour.
pub async fn forgets(node: Node, keep: SignedDuration, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        match access::forget(&node, keep).await {
            Ok(0) => {}
            Ok(texts) => tracing::info!(texts, "old words of searches and purposes are erased"),
            Err(error) => {
                tracing::error!(code = error.code(), %error, "erasing old words failed; it is tried again");
            }
        }
        tokio::select! {
            biased;
            () = &mut shutdown => return,
            () = tokio::time::sleep(FORGET) => {}
        }
    }
}

/// How often the journal is signed, if anything was written.
const SIGN: Duration = Duration::from_mins(1);

/// Signs a checkpoint of the journal once a minute until `shutdown` is done, and once more then (docs/protocol.md
/// section 7). A journal that does not continue the one that was signed last is said, and not signed.
pub async fn journals(node: Node, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        let stopped = tokio::select! {
            biased;
            () = &mut shutdown => true,
            () = tokio::time::sleep(SIGN) => false,
        };
        match journal::sign(&node).await {
            Ok((size, _)) => tracing::debug!(size, "the journal is signed"),
            Err(error) => {
                tracing::error!(code = error.code(), %error, "signing the journal failed; it is tried again");
            }
        }
        if stopped {
            return;
        }
    }
}

/// Takes in what waits, up to a bound, and answers it once.
pub async fn round(node: &Node, checkpoint_after: Duration) -> Result<u64> {
    let consumed = take_in(node).await?;
    if consumed > 0 {
        fail_point("settle:after-commit").await;
    }
    acknowledge(node, checkpoint_after).await?;
    Ok(consumed)
}
