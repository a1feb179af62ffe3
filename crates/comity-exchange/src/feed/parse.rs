//! Reading a page as it comes: its objects are checked and gathered in batches.

use std::io::{self, Read};

use bytes::{Buf as _, Bytes};
use comity_model::{Digest, Holding};
use comity_stix::reader::{Objects, ReadError};
use comity_stix::registry::Registry;
use comity_stix::{Checker, Code, Limits};
use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::import::{self, ImportOptions, Rejection};
use crate::ports::{FeedCode, FeedFault};

/// Objects kept in one transaction. Who writes beside a pull waits for no more than that.
const BATCH: usize = 500;
/// Bytes of objects kept in one transaction, at the most, and one object more.
const BATCH_BYTES: usize = 1 << 20;
/// Objects of one page that are looked at.
const PAGE: u64 = 100_000;

/// By what an object is known again within one pull.
pub(super) type Mark = [u8; 16];

/// Objects that were read and checked.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) objects: u64,
    pub(super) holdings: Vec<Holding>,
    pub(super) rejected: Vec<Rejection>,
    pub(super) marks: Vec<Mark>,
    pub(super) bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.marks.len() >= BATCH || self.rejected.len() >= BATCH || self.bytes >= BATCH_BYTES
    }
}

/// What was read of a page.
pub(super) enum Parsed {
    /// Some of its objects.
    Batch(Batch),
    /// The page itself cannot be read further.
    Broken(FeedFault),
}

/// A page as it comes, for who reads it in a thread of its own.
pub(super) struct Pieces {
    pieces: mpsc::Receiver<Bytes>,
    piece: Bytes,
}

impl Pieces {
    /// Reads what comes there.
    pub(super) const fn of(pieces: mpsc::Receiver<Bytes>) -> Self {
        Self { pieces, piece: Bytes::new() }
    }
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

/// Reads a page to its end, or until nobody takes what is read. No batch is begun before the one before it is taken, so that
/// two of them are in memory at the most: one that is kept, and one that is read.
pub(super) fn parse(
    page: impl Read,
    options: &ImportOptions,
    registry: &Registry,
    at: Timestamp,
    to_store: &mpsc::Sender<Parsed>,
) {
    let (limits, runtime) = (Limits::default(), Handle::current());
    let checker = Checker::new(&limits).with_registry(registry);
    let mut objects = Objects::new(page, limits).of_envelope();
    let mut seen = 0;
    loop {
        let Ok(place) = runtime.block_on(to_store.reserve()) else { return };
        let mut batch = Batch::default();
        let ended = loop {
            let Some(next) = objects.next() else { break Some(None) };
            seen += 1;
            if seen > PAGE {
                let fault = FeedFault::of(FeedCode::TooLarge, format_args!("> {PAGE}"));
                break Some(Some(fault));
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
                    break Some(Some(unreadable(&error)));
                }
                Err(error) => batch.rejected.push(import::unread(&error, options.lang)),
            }
            batch.objects += 1;
            if batch.is_full() {
                break None;
            }
        };
        place.send(Parsed::Batch(batch));
        let Some(broken) = ended else { continue };
        if let Some(fault) = broken {
            let _ = to_store.blocking_send(Parsed::Broken(fault));
        }
        return;
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A page without end, of objects of 1 KiB, that counts what was read of it.
    struct Endless(Arc<AtomicUsize>, &'static [u8]);

    impl Read for Endless {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let mut read = 0;
            for to in into.iter_mut() {
                let (first, rest) = self.1.split_first().unwrap();
                *to = *first;
                self.1 = if rest.is_empty() { OBJECT } else { rest };
                read += 1;
            }
            self.0.fetch_add(read, Ordering::SeqCst);
            Ok(read)
        }
    }

    const OBJECT: &[u8] = b"{\"type\":\"indicator\",\"name\":\"                                                     \"},";

    #[tokio::test(flavor = "multi_thread")]
    async fn a_page_is_read_no_further_than_one_batch_ahead_of_what_is_kept() {
        let read = Arc::new(AtomicUsize::new(0));
        let (to_store, mut parsed) = mpsc::channel(1);
        let begin: &[u8] = b"{\"objects\":[";
        let page = Read::chain(begin, Endless(Arc::clone(&read), OBJECT));
        let options = ImportOptions {
            source: "feed/a".to_owned(),
            grade: None,
            lang: comity_stix::Lang::En,
            by: "node".to_owned(),
        };
        let parsing = tokio::task::spawn_blocking(move || {
            parse(page, &options, &Registry::default(), Timestamp::UNIX_EPOCH, &to_store);
        });
        // what the reader of objects has read beyond the object that it gave
        let ahead = 256 << 10;
        for taken in 1..=20 {
            let Some(Parsed::Batch(batch)) = parsed.recv().await else { panic!("it ended") };
            assert_eq!(batch.objects, 500);
            let most = (taken + 1) * BATCH * OBJECT.len() + ahead;
            assert!(read.load(Ordering::SeqCst) <= most, "{taken}");
        }
        drop(parsed);
        parsing.await.unwrap();
        let most = 22 * BATCH * OBJECT.len() + ahead;
        assert!(read.load(Ordering::SeqCst) <= most, "it ends when nobody takes what is read");
    }
}
