//! Pages: envelopes made by copying what the store holds, and kept in memory as long as they are true.
//!
//! A page is kept with the state of its view. One behind which more follows stays true as long as nothing but new members
//! came; the last one as long as nothing came; and none longer than its first member that leaves by itself.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use comity_exchange::ports::ViewState;
use comity_model::Digest;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;

use super::media::{self, Coding};

/// When the first object of an answer was added (section 3.2).
const FIRST: HeaderName = HeaderName::from_static("x-taxii-date-added-first");
/// When the last one was.
const LAST: HeaderName = HeaderName::from_static("x-taxii-date-added-last");
/// Bodies smaller than this are not packed.
const WORTH_PACKING: usize = 1_024;
/// What keeping a page costs beside its bytes.
const OVERHEAD: usize = 512;

/// An answer, and how long it is true.
#[derive(Debug)]
pub(crate) struct Page {
    body: Bytes,
    /// When each of its members was added, in microseconds since 1970.
    pub(crate) added: Vec<i64>,
    /// The first and the last of them as a client is told: a page without members has the time after which it was asked for, so
    /// that whoever goes on from there misses nothing.
    told: (i64, i64),
    gzip: OnceLock<Bytes>,
    zstd: OnceLock<Bytes>,
    state: ViewState,
    more: bool,
    until: Option<i64>,
}

impl Page {
    /// A page of what was added after `after`.
    pub(crate) fn new(
        body: Vec<u8>,
        after: i64,
        added: Vec<i64>,
        state: ViewState,
        more: bool,
        until: Option<i64>,
    ) -> Self {
        let (body, gzip, zstd) = (Bytes::from(body), OnceLock::new(), OnceLock::new());
        let told = added.first().copied().zip(added.last().copied());
        let told = told.unwrap_or_else(|| (after.max(0), after.max(0)));
        Self { body, added, told, gzip, zstd, state, more, until }
    }

    fn is_true(&self, state: &ViewState, now: i64) -> bool {
        self.state.revision == state.revision
            && (self.more || self.state.last == state.last)
            && self.until.is_none_or(|until| until > now)
    }

    fn size(&self) -> usize {
        let packed = |it: &OnceLock<Bytes>| it.get().map_or(0, Bytes::len);
        let members = self.added.len() * size_of::<i64>();
        self.body.len() + packed(&self.gzip) + packed(&self.zstd) + members + OVERHEAD
    }

    /// The answer, packed as the client likes it; packed once, where that may take its time.
    pub(crate) async fn answer(self: Arc<Self>, coding: Coding) -> Response {
        let packs = coding != Coding::Identity && self.body.len() >= WORTH_PACKING;
        if !packs {
            return self.packed(Coding::Identity);
        }
        let page = Arc::clone(&self);
        let packed = tokio::task::spawn_blocking(move || page.packed(coding)).await;
        packed.unwrap_or_else(|_| self.packed(Coding::Identity))
    }

    fn packed(&self, coding: Coding) -> Response {
        let (body, name) = match coding {
            Coding::Identity => (self.body.clone(), None),
            Coding::Gzip => (self.gzip.get_or_init(|| gzip(&self.body)).clone(), Some("gzip")),
            Coding::Zstd => (self.zstd.get_or_init(|| zstd(&self.body)).clone(), Some("zstd")),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = StatusCode::OK;
        let fields = response.headers_mut();
        fields.insert(CONTENT_TYPE, HeaderValue::from_static(media::TAXII));
        if let Some(name) = name {
            fields.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        for (name, at) in [(FIRST, self.told.0), (LAST, self.told.1)] {
            if let Ok(value) = HeaderValue::from_str(&stamp(at)) {
                fields.insert(name, value);
            }
        }
        response
    }
}

/// A time as TAXII writes it, with microseconds (section 2).
pub(crate) fn stamp(micros: i64) -> String {
    let at = Timestamp::from_microsecond(micros).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

fn gzip(body: &[u8]) -> Bytes {
    let mut packer = GzEncoder::new(Vec::new(), Compression::new(5));
    // a vector takes everything
    let _ = packer.write_all(body);
    Bytes::from(packer.finish().unwrap_or_default())
}

fn zstd(body: &[u8]) -> Bytes {
    Bytes::from(zstd::bulk::compress(body, 3).unwrap_or_default())
}

/// The pages that are kept, the least used going first.
pub(crate) struct Pages {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    pages: BTreeMap<Digest, (u64, usize, Arc<Page>)>,
    by_use: BTreeMap<u64, Digest>,
    bytes: usize,
    clock: u64,
}

impl Pages {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, kept: Mutex::default() }
    }

    /// The page of this name, if it is kept and true at `now`, in milliseconds since 1970.
    pub(crate) fn find(&self, name: &Digest, state: &ViewState, now: i64) -> Option<Arc<Page>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (used, _, page) = kept.pages.get(name)?;
        let (used, page) = (*used, Arc::clone(page));
        if !page.is_true(state, now) {
            kept.remove(name);
            return None;
        }
        kept.clock += 1;
        let clock = kept.clock;
        kept.by_use.remove(&used);
        kept.by_use.insert(clock, *name);
        if let Some((used, _, _)) = kept.pages.get_mut(name) {
            *used = clock;
        }
        Some(page)
    }

    /// Keeps a page.
    pub(crate) fn keep(&self, name: Digest, page: &Arc<Page>) {
        // room for both packings is taken from the start
        let size = page.size() + page.body.len() / 2;
        if size > self.most / 4 {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&name);
        while kept.bytes + size > self.most {
            let Some((_, oldest)) = kept.by_use.pop_first() else { break };
            kept.remove(&oldest);
        }
        kept.clock += 1;
        let clock = kept.clock;
        kept.by_use.insert(clock, name);
        kept.bytes += size;
        kept.pages.insert(name, (clock, size, Arc::clone(page)));
    }
}

impl Kept {
    fn remove(&mut self, name: &Digest) {
        if let Some((used, size, _)) = self.pages.remove(name) {
            self.by_use.remove(&used);
            self.bytes -= size;
        }
    }
}
