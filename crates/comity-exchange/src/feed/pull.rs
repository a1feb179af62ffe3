//! One pull of a feed: every collection, page by page, within bounds.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use comity_model::entropy::fresh_uuid;
use comity_model::told;
use comity_stix::Lang;
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::json;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::page::Taker;
use super::{login, no_feed, schedule};
use crate::error::{ExchangeError, Result};
use crate::failpoint::fail_point;
use crate::import::Rejection;
use crate::node::Node;
use crate::ports::{
    ApiRoot, Feed, FeedCode, FeedCollection, FeedFault, FeedPosition, FeedServer, FeedSession,
    FeedSource, FeedStep, PageAsk, PullEnd, PullOutcome, StoreError,
};

/// How long a claim lasts. It is renewed three times as often.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
/// Pages in a row that may bring nothing that was not seen in this pull before, though there is more.
const IDLE: u32 = 3;
/// How soon a pull that reached its bounds goes on.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// What one pull may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullLimits {
    /// Objects that are asked for at a time.
    pub page: u32,
    /// Pages.
    pub pages: u64,
    /// Objects, and one page more.
    pub objects: u64,
    /// Time, and one page more.
    pub time: Duration,
}

impl Default for PullLimits {
    fn default() -> Self {
        Self { page: 1_000, pages: 1_000, objects: 250_000, time: Duration::from_mins(30) }
    }
}

/// How to pull.
#[derive(Debug, Clone)]
pub struct PullOptions {
    /// Who pulls, for the journal.
    pub by: String,
    /// The language of the reasons.
    pub lang: Lang,
    /// What it may take.
    pub limits: PullLimits,
}

/// What a pull brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pulled {
    /// Pages.
    pub pages: u64,
    /// Objects seen.
    pub objects: u64,
    /// Objects that were not held in that version before.
    pub new: u64,
    /// Objects rejected, all of them counted.
    pub rejected: u64,
    /// The rejected objects, up to 1,000 of them. `line` is the line of the page, or 0.
    pub rejections: Vec<Rejection>,
    /// Whether everything that was there is taken in. What is left comes with the next pull.
    pub complete: bool,
}

/// Why a pull ended early.
pub(super) enum Trouble {
    /// Who pulls was told to stop.
    Stopped,
    /// The server, or the network.
    Fault(FeedFault),
    /// This node, or another process that pulls the same feed now.
    Here(ExchangeError),
}

impl From<FeedFault> for Trouble {
    fn from(fault: FeedFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<ExchangeError> for Trouble {
    fn from(error: ExchangeError) -> Self {
        Self::Here(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Here(error.into())
    }
}

/// Pulls a feed now, once, until `stop` is done. Refused with `feed-claimed` while another process pulls it; a feed that rests
/// is pulled too. What went wrong with the server is said in an error of the feed, and stands in its record. What came before
/// that is held, and the next pull goes on behind it.
pub async fn pull(
    node: &Node,
    source: &dyn FeedSource,
    name: &str,
    options: &PullOptions,
    stop: impl Future<Output = ()> + Send,
) -> Result<Pulled> {
    let (claim, now) = (fresh_uuid(&**node.entropy()), node.now());
    let until = now.checked_add(CLAIM).map_err(ExchangeError::damaged)?;
    let feed = match node.store().claim_feed(name.to_owned(), claim, now, until).await {
        Ok(feed) => feed,
        Err(StoreError::Missing(_)) => return Err(no_feed(name)),
        Err(StoreError::Conflict(_)) => {
            let message = told!(
                "another process pulls `{name}` now; look at `comity feed show {name}` and try again in a minute",
                name
            );
            return Err(ExchangeError::refused("feed-claimed", message));
        }
        Err(error) => return Err(error.into()),
    };
    let mut pull = Pull { node, options, claim, feed: &feed, pulled: Pulled::default() };
    let ended = tokio::select! {
        biased;
        () = stop => Err(Trouble::Stopped),
        lost = keep_claim(node, claim) => Err(Trouble::Here(lost)),
        ended = pull.run(source) => ended,
    };
    let pulled = pull.pulled;
    end(node, &feed, claim, &options.by, &pulled, ended).await.map(|()| pulled)
}

/// Renews a claim until that fails.
async fn keep_claim(node: &Node, claim: Uuid) -> ExchangeError {
    loop {
        sleep(CLAIM.unsigned_abs() / 3).await;
        let Ok(until) = node.now().checked_add(CLAIM) else { continue };
        match node.store().renew_claim(claim, until).await {
            Ok(()) => {}
            Err(error) => return error.into(),
        }
    }
}

/// Keeps how a pull ended, and gives what went wrong.
async fn end(
    node: &Node,
    feed: &Feed,
    claim: Uuid,
    by: &str,
    pulled: &Pulled,
    ended: Result<(), Trouble>,
) -> Result<()> {
    let (outcome, error) = match ended {
        Ok(()) => (PullOutcome::Done, None),
        Err(Trouble::Stopped) => {
            (PullOutcome::Stopped, Some(FeedFault::new(FeedCode::Stopped).into()))
        }
        Err(Trouble::Fault(fault)) => (PullOutcome::Failed(fault.clone()), Some(fault.into())),
        Err(Trouble::Here(error)) => {
            (PullOutcome::Failed(FeedFault::of(FeedCode::Stopped, error.code())), Some(error))
        }
    };
    let now = node.now();
    let pause = match &outcome {
        PullOutcome::Done if pulled.complete => feed.every,
        PullOutcome::Done => SOON.min(feed.every),
        PullOutcome::Stopped => SignedDuration::ZERO,
        PullOutcome::Failed(fault) => {
            let failures = feed.outcome.failures.saturating_add(1);
            schedule::pause(failures, fault.retry_after, &**node.entropy())
        }
    };
    let fault = match &outcome {
        PullOutcome::Failed(fault) => Some(fault.code.as_str()),
        PullOutcome::Done | PullOutcome::Stopped => None,
    };
    let details = json!({
        "objects": pulled.objects,
        "new": pulled.new,
        "rejected": pulled.rejected,
        "code": fault,
    });
    // a feed that goes on as before, without anything new, fills no journal
    let is_news =
        pulled.new > 0 || pulled.rejected > 0 || feed.outcome.fault.is_some() != fault.is_some();
    let event = if fault.is_some() { "feed-failed" } else { "feed-pulled" };
    let journal = is_news.then(|| node.journal_by(by, event, &feed.name, details));
    let next_run = now.checked_add(pause).unwrap_or(now);
    let end = PullEnd { at: now, outcome, next_run };
    let kept = node.store().end_pull(claim, end, journal.into_iter().collect()).await;
    match error {
        Some(error) => Err(error),
        None => Ok(kept?),
    }
}

struct Pull<'a> {
    node: &'a Node,
    options: &'a PullOptions,
    claim: Uuid,
    feed: &'a Feed,
    pulled: Pulled,
}

impl Pull<'_> {
    async fn run(&mut self, source: &dyn FeedSource) -> Result<(), Trouble> {
        let (node, feed) = (self.node, self.feed);
        let server = FeedServer {
            url: feed.url.clone(),
            login: login::open(node, feed)?,
            ca: feed.ca.clone(),
            collections: feed.collections.iter().map(|it| it.id.clone()).collect(),
        };
        let mut session = source.open(server)?;
        let root = if let Some(root) = &feed.root {
            root.clone()
        } else {
            let root = session.locate().await?;
            node.store().locate_feed(self.claim, Some(root.clone())).await?;
            root
        };
        let mut taker = Taker::new(node, feed, &self.options.by, self.options.lang)?;
        let until = Instant::now() + self.options.limits.time;
        let mut ended = Ok(true);
        for collection in &feed.collections {
            ended = self.collection(&mut taker, &mut *session, &root, collection, until).await;
            if !matches!(ended, Ok(true)) {
                break;
            }
        }
        self.pulled.rejections = taker.rejections;
        self.pulled.complete = match ended {
            Ok(complete) => complete,
            Err(Trouble::Fault(fault)) if fault.code.may_have_moved() => {
                node.store().locate_feed(self.claim, None).await?;
                return Err(fault.into());
            }
            Err(trouble) => return Err(trouble),
        };
        Ok(())
    }

    /// Takes in the pages of a collection from where the last pull ended; gives whether that was all.
    async fn collection(
        &mut self,
        taker: &mut Taker<'_>,
        session: &mut dyn FeedSession,
        root: &ApiRoot,
        collection: &FeedCollection,
        until: Instant,
    ) -> Result<bool, Trouble> {
        let limits = self.options.limits;
        let mut position = collection.position.clone();
        let (mut tokens, mut idle) = (BTreeSet::new(), 0);
        let mut is_resumed = position.next.is_some();
        if is_resumed {
            // a server may count what it gave: where the pages go on is asked for once
            self.note(collection, position.anew(), FeedStep::default()).await?;
        }
        loop {
            if self.pulled.pages >= limits.pages
                || self.pulled.objects >= limits.objects
                || Instant::now() >= until
            {
                self.note(collection, position, FeedStep::default()).await?;
                return Ok(false);
            }
            tokens.extend(position.next.clone());
            let ask = PageAsk {
                collection: collection.id.clone(),
                added_after: position.added_after,
                next: position.next.clone(),
                limit: limits.page,
            };
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
                return Ok(true);
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
