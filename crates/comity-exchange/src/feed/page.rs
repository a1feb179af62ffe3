//! One page: its objects are checked as they come and kept in batches, each batch one transaction.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use comity_model::{Digest, Holding};
use comity_stix::reader::{Objects, ReadError};
use comity_stix::registry::Registry;
use comity_stix::{Checker, Code, Lang, Limits};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::pull::{PullOptions, Trouble};
use super::room::Room;
use crate::dispatch::blocking;
use crate::error::Result;
use crate::import::{self, ImportOptions, Rejection, whose};
use crate::node::Node;
use crate::ports::{
    ApiRoot, Feed, FeedCode, FeedFault, FeedRejection, FeedSession, FeedStep, PageAsk, PageEnd,
    WhyNotHeld,
};

/// Objects kept in one transaction.
const BATCH: usize = 1_000;
/// Bytes of objects kept in one transaction, at the most, and one object more.
const BATCH_BYTES: usize = 4 << 20;
/// Objects of one page that are looked at.
const PAGE: u64 = 100_000;
/// Pieces of a page that wait to be read.
const WAITING: usize = 8;
/// Rejected objects that are remembered of a page.
const REMEMBERED: usize = 20;

/// By what an object is known again within one pull.
type Mark = [u8; 16];

/// What takes in the pages of one feed in one pull.
pub(super) struct Taker<'a> {
    node: &'a Node,
    options: ImportOptions,
    feed: &'a Feed,
    claim: Uuid,
    room: Room,
    /// This party's own identity.
    own: String,
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

/// Objects that were read and checked.
#[derive(Default)]
struct Batch {
    objects: u64,
    holdings: Vec<Holding>,
    rejected: Vec<Rejection>,
    marks: Vec<Mark>,
    bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.marks.len() >= BATCH || self.rejected.len() >= BATCH || self.bytes >= BATCH_BYTES
    }
}

enum Parsed {
    Batch(Batch),
    /// The page itself cannot be read further.
    Broken(FeedFault),
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
        let room = pull.room.clone();
        Ok(Taker { node, options, feed, claim, room, own, seen, rejections })
    }

    /// Begins with another collection: what others brought is new in this one.
    pub(super) fn begin(&mut self) {
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
        let (to_store, parsed) = mpsc::channel(2);
        let (options, registry) = (self.options.clone(), Arc::clone(self.node.registry()));
        let at = self.node.now();
        let parsing = blocking(move || {
            parse(Pieces { pieces, piece: Bytes::new() }, &options, &registry, at, &to_store);
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
            let kept = self.node.store().hold_of_feed(self.claim, holdings, vec![line]).await?;
            let (held, not_held) = kept;
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

    fn reject(&mut self, rejection: Rejection, step: &mut FeedStep) {
        step.rejected += 1;
        if step.rejections.len() < REMEMBERED {
            step.rejections.push(FeedRejection {
                id: rejection.id.clone(),
                pointer: rejection.pointer.clone(),
                code: rejection.code.clone(),
            });
        }
        if self.rejections.len() < BATCH {
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

/// A page as it comes, for who reads it in a thread of its own.
struct Pieces {
    pieces: mpsc::Receiver<Bytes>,
    piece: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.piece = piece,
                None => return Ok(0),
            }
        }
        let read = self.piece.len().min(into.len());
        let (into, _) = into.split_at_mut(read);
        self.piece.copy_to_slice(into);
        Ok(read)
    }
}

fn parse(
    page: impl Read,
    options: &ImportOptions,
    registry: &Registry,
    at: Timestamp,
    to_store: &mpsc::Sender<Parsed>,
) {
    let limits = Limits::default();
    let checker = Checker::new(&limits).with_registry(registry);
    let mut objects = Objects::new(page, limits).of_envelope();
    let (mut batch, mut seen) = (Batch::default(), 0);
    let broken = loop {
        let Some(next) = objects.next() else { break None };
        seen += 1;
        if seen > PAGE {
            break Some(FeedFault::of(FeedCode::TooLarge, format_args!("> {PAGE}")));
        }
        match next {
            Ok(raw) => {
                batch.bytes += raw.bytes.len();
                batch.marks.push(mark(&raw.bytes));
                match import::checked(raw, &checker, options, at) {
                    // a feed is believed as this party grades it, whatever its objects say of themselves
                    Ok((_, holding, _)) => {
                        batch.holdings.push(Holding { grade: options.grade, ..holding });
                    }
                    Err(rejection) => batch.rejected.push(*rejection),
                }
            }
            Err(error) if objects.is_done() || error.code == Code::NotABundle => {
                break Some(unreadable(&error));
            }
            Err(error) => batch.rejected.push(import::unread(&error, options.lang)),
        }
        batch.objects += 1;
        let full = if batch.is_full() { std::mem::take(&mut batch) } else { continue };
        if to_store.blocking_send(Parsed::Batch(full)).is_err() {
            return;
        }
    };
    let rest = [Some(Parsed::Batch(batch)), broken.map(Parsed::Broken)];
    for parsed in rest.into_iter().flatten() {
        let _ = to_store.blocking_send(parsed);
    }
}

fn mark(bytes: &[u8]) -> Mark {
    let mut mark = Mark::default();
    for (to, from) in mark.iter_mut().zip(Digest::of(bytes).as_bytes()) {
        *to = *from;
    }
    mark
}

fn unreadable(error: &ReadError) -> FeedFault {
    FeedFault::of(FeedCode::Unreadable, format_args!("{}:{}", error.line, error.code.as_str()))
}
