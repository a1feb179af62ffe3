//! One pull of a feed: every collection, page by page, within bounds.

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

use super::collection::Share;
use super::page::Taker;
use super::room::Room;
use super::{login, no_feed, schedule};
use crate::error::{ExchangeError, Result};
use crate::import::Rejection;
use crate::node::Node;
use crate::ports::{
    ApiRoot, CollectionEnd, Feed, FeedCode, FeedCollection, FeedFault, FeedServer, FeedSession,
    FeedSource, PullEnd, PullOutcome, StoreError,
};

/// How long a claim lasts. It is renewed three times as often.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);

/// What one pull may take, of all collections together. Each of them gets its share of what those before it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullLimits {
    /// Objects that are asked for at a time.
    pub page: u32,
    /// Pages, and one more for each collection.
    pub pages: u64,
    /// Objects, and one page more for each collection.
    pub objects: u64,
    /// Time, and one page more. Collections that it does not get to are the first of the next pull.
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
    /// What asks for room on the disk.
    pub room: Room,
    /// Whether collections are asked for also where they are not due yet.
    pub all: bool,
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
    /// The collections with which something went wrong, while others went well.
    pub faults: Vec<CollectionFault>,
}

/// What went wrong with one collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectionFault {
    /// Its id.
    pub collection: String,
    /// A stable word.
    pub code: &'static str,
    /// The same for people.
    #[serde(skip)]
    pub fault: FeedFault,
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
/// is pulled too. A collection with which something goes wrong stops no other; what went wrong with every one of them is said in
/// an error of the feed, and what with some of them in [`Pulled::faults`]. It stands in the feed's record. What came before that
/// is held, and the next pull goes on behind it.
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
    let mut pull = Pull::new(node, options, claim, &feed);
    let ended = tokio::select! {
        biased;
        () = stop => Err(Trouble::Stopped),
        lost = keep_claim(node, claim) => Err(Trouble::Here(lost)),
        ended = pull.run(source) => ended,
    };
    end(pull, ended).await
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

/// Keeps how a pull ended, and gives what it brought or what went wrong.
async fn end(pull: Pull<'_>, ended: Result<(), Trouble>) -> Result<Pulled> {
    let Pull { node, options, claim, feed, mut pulled, ends } = pull;
    let (now, entropy) = (node.now(), &**node.entropy());
    let collections: Vec<CollectionEnd> = ends
        .into_iter()
        .map(|(collection, ended)| schedule::collection(feed, collection, ended, now, entropy))
        .collect();
    let whole = schedule::soonest(feed, &collections, now);
    let failures = feed.outcome.failures.saturating_add(1);
    let (outcome, next_run, error) = match ended {
        Ok(()) => match judge(feed, &collections) {
            PullOutcome::Failed(fault) => {
                // what was rejected is told one by one, and not in an error
                let error = (fault.code != FeedCode::Rejected).then(|| fault.clone().into());
                (PullOutcome::Failed(fault), whole, error)
            }
            outcome => (outcome, whole, None),
        },
        Err(Trouble::Stopped) => {
            (PullOutcome::Stopped, now, Some(FeedFault::new(FeedCode::Stopped).into()))
        }
        Err(Trouble::Fault(fault)) => {
            let pause = schedule::pause(failures, fault.retry_after, entropy);
            (PullOutcome::Failed(fault.clone()), schedule::after(now, pause), Some(fault.into()))
        }
        Err(Trouble::Here(error)) => {
            let fault = FeedFault::of(FeedCode::Stopped, error.code());
            let pause = schedule::pause(failures, None, entropy);
            (PullOutcome::Failed(fault), schedule::after(now, pause), Some(error))
        }
    };
    for CollectionEnd { id, fault, .. } in &collections {
        if let Some(fault) = fault.clone() {
            let (collection, code) = (id.clone(), fault.code.as_str());
            pulled.faults.push(CollectionFault { collection, code, fault });
        }
    }
    let (fault, event) = match &outcome {
        PullOutcome::Failed(fault) => (Some(fault.code.as_str()), "feed-failed"),
        PullOutcome::Partly(fault) => (Some(fault.code.as_str()), "feed-pulled"),
        PullOutcome::Done | PullOutcome::Stopped => (None, "feed-pulled"),
    };
    let failing: Vec<&str> = pulled.faults.iter().map(|it| it.collection.as_str()).collect();
    let details = json!({
        "objects": pulled.objects,
        "new": pulled.new,
        "rejected": pulled.rejected,
        "code": fault,
        "collections": failing,
    });
    // a feed that goes on as before, without anything new, fills no journal
    let has_changed = feed.outcome.fault.is_some() != fault.is_some();
    let is_news = pulled.new > 0 || has_changed || (pulled.rejected > 0 && fault.is_none());
    let journal = is_news.then(|| node.journal_by(&options.by, event, &feed.name, details));
    let end = PullEnd { at: now, outcome, next_run, collections };
    let kept = node.store().end_pull(claim, end, journal.into_iter().collect()).await;
    match error {
        Some(error) => Err(error),
        None => Ok(kept.map(|()| pulled)?),
    }
}

/// How a pull ended that got to every collection that it was to ask for. It failed if all of them did; what went wrong with
/// some, in this pull or before, stands until it is mended.
fn judge(feed: &Feed, ends: &[CollectionEnd]) -> PullOutcome {
    let first = ends.iter().find_map(|it| it.fault.clone());
    let standing = feed.collections.iter().find_map(|it| {
        let asked = ends.iter().find(|end| end.id == it.id);
        asked.map_or_else(|| it.fault.clone(), |end| end.fault.clone())
    });
    match (first, standing) {
        (Some(fault), _) if ends.iter().all(|it| it.fault.is_some()) => PullOutcome::Failed(fault),
        (_, Some(fault)) => PullOutcome::Partly(fault),
        (_, None) => PullOutcome::Done,
    }
}

/// One pull under way.
pub(super) struct Pull<'a> {
    pub(super) node: &'a Node,
    pub(super) options: &'a PullOptions,
    pub(super) claim: Uuid,
    pub(super) feed: &'a Feed,
    pub(super) pulled: Pulled,
    /// The collections that were asked for: whether all that they had is taken in, or what went wrong.
    ends: Vec<(&'a FeedCollection, Result<bool, FeedFault>)>,
}

impl<'a> Pull<'a> {
    fn new(node: &'a Node, options: &'a PullOptions, claim: Uuid, feed: &'a Feed) -> Self {
        Self { node, options, claim, feed, pulled: Pulled::default(), ends: Vec::new() }
    }

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
        let mut taker = Taker::new(node, feed, self.claim, self.options)?;
        let walked = self.walk(&mut taker, &mut *session, &root).await;
        self.pulled.rejections = taker.rejections;
        let faults = || self.ends.iter().filter_map(|(_, ended)| ended.as_ref().err());
        let have_all_failed = faults().count() == self.ends.len();
        if have_all_failed && faults().any(|it| it.code.may_have_moved()) {
            node.store().locate_feed(self.claim, None).await?;
        }
        walked
    }

    /// Asks for every collection that is due, each within its share.
    async fn walk(
        &mut self,
        taker: &mut Taker<'_>,
        session: &mut dyn FeedSession,
        root: &ApiRoot,
    ) -> Result<(), Trouble> {
        let (feed, now) = (self.feed, self.node.now());
        let is_due =
            |it: &&FeedCollection| self.options.all || it.next_run.is_none_or(|at| at <= now);
        let mut due: Vec<&FeedCollection> = feed.collections.iter().filter(is_due).collect();
        due.sort_by_key(|it| it.next_run);
        let until = Instant::now() + self.options.limits.time;
        self.pulled.complete = true;
        for (left, collection) in (1..=due.len()).rev().zip(due) {
            if !self.ends.is_empty() && Instant::now() >= until {
                self.pulled.complete = false;
                break;
            }
            let share = self.share(left, until);
            taker.begin(&collection.id);
            let ended = match self.collection(taker, session, root, collection, share).await {
                Ok(complete) => Ok(complete),
                Err(Trouble::Fault(fault)) if !fault.code.is_of_all() => Err(fault),
                Err(trouble) => return Err(trouble),
            };
            self.pulled.complete &= matches!(ended, Ok(true));
            self.ends.push((collection, ended));
        }
        Ok(())
    }

    /// The share of one of so many collections in what is left.
    fn share(&self, left: usize, until: Instant) -> Share {
        let limits = self.options.limits;
        let (parts, left_over) =
            (left.max(1) as u64, until.saturating_duration_since(Instant::now()));
        Share {
            pages: limits.pages.saturating_sub(self.pulled.pages).div_ceil(parts),
            objects: limits.objects.saturating_sub(self.pulled.objects).div_ceil(parts),
            until: Instant::now() + left_over / u32::try_from(parts).unwrap_or(u32::MAX),
        }
    }
}
