//! One collection in one pull: page by page, within its share.

use std::collections::BTreeSet;

use tokio::time::Instant;

use super::page::Taker;
use super::pull::{Pull, Trouble};
use crate::failpoint::fail_point;
use crate::ports::{
    ApiRoot, FeedCode, FeedCollection, FeedFault, FeedPosition, FeedSession, FeedStep, PageAsk,
    StoreError,
};

/// Pages in a row that may bring nothing that was not seen in this collection before, though there is more.
const IDLE: u32 = 3;

/// The most times that the objects which are asked for at a time are halved.
const HALVED: u32 = 4;

/// Objects that are asked for at a time: half as many after each failure, for a server or a line that is too slow for a whole page.
fn asked_for(page: u32, failures: u32) -> u32 {
    (page >> failures.min(HALVED)).max(1)
}

/// What the pages of a collection brought in one pull.
#[derive(Debug, Clone, Copy, Default)]
struct Brought {
    pages: u64,
    objects: u64,
    rejected: u64,
}

impl Brought {
    /// How the pull of a collection ends: all of it was taken in, or more is there. `feed-rejected` if it brought something and
    /// nothing of that can be taken.
    fn ends(self, complete: bool) -> Result<bool, Trouble> {
        if self.objects > 0 && self.rejected >= self.objects {
            return Err(FeedFault::new(FeedCode::Rejected).into());
        }
        Ok(complete)
    }
}

/// What one collection may take, and one page more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) pages: u64,
    pub(super) objects: u64,
    pub(super) until: Instant,
}

impl Pull<'_> {
    /// Takes in the pages of a collection from where the last pull ended; gives whether that was all.
    pub(super) async fn collection(
        &mut self,
        taker: &mut Taker<'_>,
        session: &mut dyn FeedSession,
        root: &ApiRoot,
        collection: &FeedCollection,
        share: Share,
    ) -> Result<bool, Trouble> {
        let mut brought = Brought::default();
        let mut position = collection.position.clone();
        let (mut tokens, mut idle) = (BTreeSet::new(), 0);
        let mut is_resumed = position.next.is_some();
        if is_resumed {
            // a server may count what it gave: where the pages go on is asked for once
            self.note(collection, position.anew(), FeedStep::default()).await?;
        }
        loop {
            let is_over = brought.pages >= share.pages
                || brought.objects >= share.objects
                || Instant::now() >= share.until;
            if is_over && brought.pages > 0 {
                self.note(collection, position, FeedStep::default()).await?;
                return brought.ends(false);
            }
            tokens.extend(position.next.clone());
            let ask = PageAsk {
                collection: collection.id.clone(),
                added_after: position.added_after,
                next: position.next.clone(),
                limit: asked_for(self.options.limits.page, collection.failures),
            };
            brought.pages += 1;
            self.pulled.pages += 1;
            let page = match taker.page(session, root, &ask).await {
                // what a server said long ago it may have forgotten
                Err(Trouble::Fault(fault))
                    if is_resumed
                        && matches!(fault.code, FeedCode::Status | FeedCode::NotThere) =>
                {
                    (position, is_resumed) = (position.anew(), false);
                    continue;
                }
                page => page?,
            };
            is_resumed = false;
            brought.objects += page.step.objects;
            brought.rejected += page.step.rejected;
            self.pulled.objects += page.step.objects;
            self.pulled.new += page.step.new;
            self.pulled.rejected += page.step.rejected;
            idle = if page.has_news { 0 } else { idle + 1 };
            let behind = position.behind(&page.end, self.node.now()).and_then(|(behind, more)| {
                let is_known = behind.next.as_ref().is_some_and(|next| tokens.contains(next));
                if more && is_known && !page.has_news {
                    return Err(FeedFault::new(FeedCode::NextRepeats));
                }
                if more && idle >= IDLE {
                    return Err(FeedFault::new(FeedCode::PagesRepeat));
                }
                Ok((behind, more))
            });
            // until the pages are at their end, what stops the pull sends the next one back to a time
            let kept = match &behind {
                Ok((behind, _)) if behind.next.is_none() => behind.clone(),
                Ok((behind, _)) => behind.anew(),
                Err(_) => position.anew(),
            };
            fail_point("feed:page-held").await;
            self.note(collection, kept, page.step).await?;
            fail_point("feed:page-noted").await;
            let more;
            (position, more) = behind?;
            if !more {
                return brought.ends(true);
            }
        }
    }

    /// Keeps a position, behind objects that are held.
    async fn note(
        &self,
        collection: &FeedCollection,
        position: FeedPosition,
        step: FeedStep,
    ) -> Result<(), StoreError> {
        self.node.store().advance_feed(self.claim, collection.id.clone(), position, step).await
    }
}
