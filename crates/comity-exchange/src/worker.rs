//! The workers: one takes in what arrived and answers it, one purges what expired, one brings collections up to what is
//! held, one matches it against the standing patterns.

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
use crate::pattern::Follower;
use crate::purge;
use crate::view;

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

/// Looks between two at which the views are followed even if nothing is seen to have changed: a consent ends by the clock.
const LOOKS_BETWEEN_FOLLOWING: u32 = 20;

/// Brings the views of collections up to what is held, until `shutdown` is done: within a quarter of a second after any
/// process of this node made something visible, or nothing of it any more.
pub async fn views(node: Node, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    let (mut seen, mut looks) = (None, 0);
    loop {
        let wait = match follow_views(&node, &mut seen, looks == 0).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => LOOK,
            Err(error) => {
                tracing::error!(code = error.code(), %error, "bringing the collections up to date failed; it is tried again");
                seen = None;
                AFTER_FAILURE
            }
        };
        looks = if looks == 0 { LOOKS_BETWEEN_FOLLOWING } else { looks - 1 };
        tokio::select! {
            biased;
            () = &mut shutdown => return,
            () = std::future::ready(()), if wait.is_zero() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Follows where something changed since `seen`, or `always`. Gives whether something is left to do.
async fn follow_views(node: &Node, seen: &mut Option<(u64, u64)>, always: bool) -> Result<bool> {
    let store = node.store();
    let now = Some((store.entered().await?, store.access_generation().await?));
    if !always && *seen == now && !store.is_touched().await? {
        return Ok(false);
    }
    let is_left = view::follow(node).await?;
    *seen = now.filter(|_| !is_left);
    Ok(is_left)
}

/// Matches what became visible against the standing patterns, until `shutdown` is done: within a quarter of a second after any
/// process of this node admitted it.
pub async fn patterns(node: Node, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    let mut follower = Follower::default();
    loop {
        let wait = match follower.step(&node).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => LOOK,
            Err(error) => {
                tracing::error!(code = error.code(), %error, "matching the standing patterns failed; it is tried again");
                follower = Follower::default();
                AFTER_FAILURE
            }
        };
        tokio::select! {
            biased;
            () = &mut shutdown => return,
            () = std::future::ready(()), if wait.is_zero() => {}
            () = tokio::time::sleep(wait) => {}
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
