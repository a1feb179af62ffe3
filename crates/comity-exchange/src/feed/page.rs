//! One page: its objects are checked as they come and kept in batches, each batch one transaction.

use std::collections::BTreeSet;
use std::sync::Arc;

use comity_model::Holding;
use comity_stix::Lang;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::parse::{self, Batch, Mark, Parsed, Pieces};
use super::pull::{PullOptions, Trouble};
use super::room::Room;
use crate::dispatch::blocking;
use crate::error::Result;
use crate::import::{ImportOptions, Rejection, whose};
use crate::node::Node;
use crate::ports::{
    ApiRoot, Feed, FeedCode, FeedFault, FeedRejection, FeedSession, FeedStep, PageAsk, PageEnd,
    WhyNotHeld,
};

/// Pieces of a page that wait to be read.
const WAITING: usize = 4;
/// Rejected objects that are remembered of a page.
const REMEMBERED: usize = 20;
/// Rejected objects of a pull that are told of one by one.
const TOLD: usize = 1_000;
/// Characters of what a rejected object says of itself that are kept.
const SAID: usize = 200;

/// What takes in the pages of one feed in one pull.
pub(super) struct Taker<'a> {
    node: &'a Node,
    options: ImportOptions,
    feed: &'a Feed,
    claim: Uuid,
    room: Room,
    /// This party's own identity.
    own: String,
    /// The collection that is asked for.
    collection: String,
    seen: BTreeSet<Mark>,
    /// The first of the rejected objects.
    pub(super) rejections: Vec<Rejection>,
}

/// A page that was taken in.
pub(super) struct Page {
    pub(super) step: FeedStep,
    /// Whether it brought something that no earlier page of the collection had in this pull.
    pub(super) has_news: bool,
    pub(super) end: PageEnd,
}

impl<'a> Taker<'a> {
    pub(super) fn new(
        node: &'a Node,
        feed: &'a Feed,
        claim: Uuid,
        pull: &PullOptions,
    ) -> Result<Self> {
        let options = ImportOptions {
            source: format!("feed/{}", feed.name),
            grade: Some(feed.grade),
            lang: pull.lang,
            by: pull.by.clone(),
        };
        let own = whose::own_identity(node)?;
        let (seen, rejections) = (BTreeSet::new(), Vec::new());
        let (room, collection) = (pull.room.clone(), String::new());
        Ok(Taker { node, options, feed, claim, room, own, collection, seen, rejections })
    }

    /// Begins with another collection: what others brought is new in this one.
    pub(super) fn begin(&mut self, collection: &str) {
        collection.clone_into(&mut self.collection);
        self.seen.clear();
    }

    /// Asks for a page and takes in what it brings. What was kept of a page that fails stays kept: taking it in again changes
    /// nothing.
    pub(super) async fn page(
        &mut self,
        session: &mut dyn FeedSession,
        root: &ApiRoot,
        ask: &PageAsk,
    ) -> Result<Page, Trouble> {
        let (sink, pieces) = mpsc::channel(WAITING);
        let (to_store, parsed) = mpsc::channel(1);
        let (options, registry) = (self.options.clone(), Arc::clone(self.node.registry()));
        let at = self.node.now();
        let parsing = blocking(move || {
            parse::parse(Pieces::of(pieces), &options, &registry, at, &to_store);
            Ok(())
        });
        let (mut step, mut has_news) = (FeedStep::default(), false);
        let keeping = async {
            // gone with this, so that what cannot be kept is not read on
            let mut parsed = parsed;
            let mut broken = None;
            while let Some(next) = parsed.recv().await {
                match next {
                    Parsed::Batch(batch) => has_news |= self.keep(batch, &mut step).await?,
                    Parsed::Broken(fault) => broken = Some(fault),
                }
            }
            Ok::<_, Trouble>(broken)
        };
        let asking = session.page(root, ask, sink);
        let (asked, kept, read) = tokio::join!(asking, keeping, parsing);
        let broken = kept?;
        read?;
        let fault = match (asked, broken) {
            (Ok(end), None) => return Ok(Page { step, has_news, end }),
            // the source ended because nobody read on; why, the reader knows
            (Err(asked), Some(broken)) if asked.code == FeedCode::Stopped => broken,
            (Err(fault), _) | (Ok(_), Some(fault)) => fault,
        };
        Err(fault.into())
    }

    /// Keeps a batch and says whether something in it was not seen in this collection before.
    async fn keep(&mut self, batch: Batch, step: &mut FeedStep) -> Result<bool, Trouble> {
        let Batch { objects, mut holdings, rejected, marks, bytes } = batch;
        let _place = self.room.place().await;
        self.room.must_hold(bytes)?;
        step.objects += objects;
        for rejection in rejected {
            self.reject(rejection, step);
        }
        for (id, party) in whose::of_partners(self.node, &holdings).await? {
            holdings.retain(|it| it.id != id);
            self.reject(whose::of_a_partner(id, party, 0, self.options.lang), step);
        }
        let is_made = |it: &Holding| self.is_by_this_party(it);
        for id in whose::of_this_party(self.node, &holdings, is_made).await? {
            holdings.retain(|it| it.id != id);
            self.reject(own_work(id, self.options.lang), step);
        }
        if !holdings.is_empty() {
            let details = json!({ "source": self.options.source, "objects": holdings.len() });
            let line =
                self.node.journal_by(&self.options.by, "feed-taken", &self.feed.name, details);
            let (store, collection) = (self.node.store(), self.collection.clone());
            let (held, not_held) =
                store.hold_of_feed(self.claim, collection, holdings, vec![line]).await?;
            step.new += held.new;
            let mut is_full = false;
            for it in not_held {
                match it.why {
                    WhyNotHeld::Full => is_full = true,
                    _ => self.reject(whose::not_kept(it, 0, self.options.lang), step),
                }
            }
            if is_full {
                return Err(FeedFault::new(FeedCode::Full).into());
            }
        }
        let before = self.seen.len();
        self.seen.extend(marks);
        Ok(self.seen.len() > before)
    }

    fn reject(&mut self, mut rejection: Rejection, step: &mut FeedStep) {
        step.rejected += 1;
        for said in rejection.id.iter_mut().chain([&mut rejection.pointer, &mut rejection.message])
        {
            shorten(said);
        }
        if step.rejections.len() < REMEMBERED {
            step.rejections.push(FeedRejection {
                id: rejection.id.clone(),
                pointer: rejection.pointer.clone(),
                code: rejection.code.clone(),
            });
        }
        if self.rejections.len() < TOLD {
            self.rejections.push(rejection);
        }
    }

    fn is_by_this_party(&self, holding: &Holding) -> bool {
        #[derive(Deserialize)]
        struct Made {
            created_by_ref: Option<String>,
        }
        let maker = || {
            let made = serde_json::from_slice::<Made>(&holding.bytes).ok()?;
            made.created_by_ref
        };
        holding.id == self.own
            || (holding.refs.contains(&self.own) && maker().is_some_and(|it| it == self.own))
    }
}

fn own_work(id: String, lang: Lang) -> Rejection {
    let message = match lang {
        Lang::En => format!("`{id}` is this party's own work, and no feed changes it"),
        Lang::Es => format!("`{id}` lo elaboró esta parte, y ninguna fuente lo cambia"),
    };
    let (pointer, code) = ("/id".to_owned(), "own-object".to_owned());
    Rejection { line: 0, id: Some(id), version: None, pointer, code, message }
}

/// Cuts what a stranger wrote.
fn shorten(said: &mut String) {
    if let Some((end, _)) = said.char_indices().nth(SAID) {
        said.truncate(end);
    }
}
