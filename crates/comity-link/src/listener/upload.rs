//! Taking in a range of a pouch (docs/protocol.md section 5): everything that can be refused is refused before the body
//! is read, the body goes to the disk as it comes, and the last range is answered when the whole is durable.

use std::sync::Arc;
use std::time::Duration;

use comity_exchange::ports::{BlobError, Spool};
use comity_model::Digest;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::header::CONTENT_RANGE;
use hyper::{HeaderMap, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout, timeout_at};

use super::Listener;
use super::connection::Peer;
use super::desk::{Claim, Desk};
use super::pace::Pace;
use crate::problem::Problem;
use crate::wire::ContentRange;

/// Bytes that go to the disk at a time; what one upload needs of memory.
const CHUNK: usize = 1 << 20;
/// Bytes of a refused body that are read and thrown away, so that the sender hears the refusal before the line is cut.
const LINGER_BYTES: u64 = 1 << 20;
/// How long that may take.
const LINGER_TIME: Duration = Duration::from_secs(2);

/// What an upload came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// The pouch of so many bytes is whole and durable.
    Whole(u64),
    /// The next range begins here.
    Partly(u64),
}

/// Takes in one range.
pub(super) async fn put(
    shared: &Arc<Listener>,
    peer: &Peer,
    pouch: Digest,
    headers: &HeaderMap,
    body: Incoming,
) -> Result<Stored, Problem> {
    let range = announced(shared, headers, &body);
    let (shared, peer) = (Arc::clone(shared), peer.clone());
    // A task of its own: when the connection is cut, what had come still goes to the disk.
    let task = tokio::spawn(async move {
        let mut intake = Intake { pace: Pace::new(&shared.limits, Instant::now()), body };
        let stored = match range {
            Ok(range) => take_in(&shared, &peer, pouch, range, &mut intake).await,
            Err(problem) => Err(problem),
        };
        let unread = !intake.body.is_end_stream();
        if unread && !stored.as_ref().is_err_and(|problem| problem.close) {
            tokio::spawn(intake.linger());
        }
        stored
    });
    task.await.unwrap_or_else(|_| Err(Problem::internal()))
}

/// Reads what the header announces, and refuses what is too much.
fn announced(
    shared: &Listener,
    headers: &HeaderMap,
    body: &Incoming,
) -> Result<ContentRange, Problem> {
    let mut ranges = headers.get_all(CONTENT_RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else {
        return Err(Problem::malformed("the request must have one header `Content-Range`"));
    };
    let range = ContentRange::parse(range.to_str().unwrap_or_default())
        .map_err(|error| Problem::malformed(error.to_string()))?;
    let limit = shared.service.pouch_limit();
    if range.total() > limit {
        let detail =
            format!("this node takes pouches of up to {limit} bytes; send less in one release");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail));
    }
    if range.length() > shared.limits.range {
        let detail =
            format!("a range has at most {} bytes; send shorter ranges", shared.limits.range);
        return Err(Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range-too-long", detail));
    }
    match body.size_hint().exact() {
        Some(length) if length == range.length() => Ok(range),
        Some(_) => Err(Problem::malformed("`Content-Length` is not the length of the range")),
        None => {
            let detail = "the request must have a header `Content-Length`";
            Err(Problem::new(StatusCode::LENGTH_REQUIRED, "length-required", detail).closing())
        }
    }
}

async fn take_in(
    shared: &Listener,
    peer: &Peer,
    pouch: Digest,
    range: ContentRange,
    intake: &mut Intake,
) -> Result<Stored, Problem> {
    let upload = Upload::begin(shared, peer, pouch, range)?;
    let missing = upload.run(Upload::missing).await?;
    let end = if missing {
        upload.receive(intake).await?;
        range.first() + range.length()
    } else {
        // The answer to the last range was lost; here it is again.
        range.total()
    };
    if end < range.total() {
        return Ok(Stored::Partly(end));
    }
    upload.run(Upload::finish).await?;
    shared.service.received(peer.party, pouch, range.total()).await?;
    metrics::counter!("comity_link_pouches_received_total").increment(1);
    Ok(Stored::Whole(range.total()))
}

/// One range on its way to the disk. While it lives, nobody else writes its pouch.
struct Upload {
    spool: Arc<dyn Spool>,
    desk: Arc<Desk>,
    pouch: Digest,
    range: ContentRange,
    room: u64,
    _claim: Claim,
    _bulk: Option<OwnedSemaphorePermit>,
}

impl Upload {
    fn begin(
        shared: &Listener,
        peer: &Peer,
        pouch: Digest,
        range: ContentRange,
    ) -> Result<Arc<Self>, Problem> {
        let busy = |code, detail| Problem::new(StatusCode::TOO_MANY_REQUESTS, code, detail);
        let claim = peer.desk.claim(pouch).ok_or_else(|| {
            busy(
                "pouch-busy",
                "another request writes this pouch; ask for its offset when it has ended",
            )
        })?;
        let quota = shared.service.pouch_limit().saturating_mul(2);
        let (bulk, room) = if range.total() <= shared.limits.small {
            (None, quota)
        } else {
            let turn = peer.desk.bulk().ok_or_else(|| {
                busy(
                    "bulk-busy",
                    "a large pouch of this partner is under way; send one after the other",
                )
            })?;
            (Some(turn), quota.saturating_sub(shared.limits.reserve))
        };
        Ok(Arc::new(Self {
            spool: shared.service.spool(peer.party),
            desk: Arc::clone(&peer.desk),
            pouch,
            range,
            room,
            _claim: claim,
            _bulk: bulk,
        }))
    }

    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let own = Arc::clone(self);
        blocking(move || work(&own)).await
    }

    /// Whether bytes of the pouch are missing; if so, the range must begin with the first of them and the rest must fit.
    fn missing(&self) -> Result<bool, Problem> {
        let (have, total) = (self.spool.offset(&self.pouch)?, self.range.total());
        self.desk.holds(self.pouch, have);
        let Some(missing) = total.checked_sub(have) else {
            // Before, more bytes came than the pouch now is said to have: one of the two was not this pouch.
            self.spool.remove(&self.pouch)?;
            return Err(Problem::wrong_digest());
        };
        if missing == 0 {
            return Ok(false);
        }
        if have != self.range.first() {
            return Err(Problem::wrong_offset(have));
        }
        if !self.desk.fits(missing, self.room, |pouch| Ok(self.spool.offset(pouch)?))? {
            return Err(Problem::spool_full());
        }
        Ok(true)
    }

    async fn receive(self: &Arc<Self>, intake: &mut Intake) -> Result<(), Problem> {
        let mut at = self.range.first();
        let end = at + self.range.length();
        while at < end {
            let mut chunk = Vec::new();
            let came = intake.fill(&mut chunk, end - at).await;
            let len = chunk.len() as u64;
            if len > 0 {
                self.run(move |upload| upload.append(at, &chunk)).await?;
                at += len;
            }
            came?;
        }
        Ok(())
    }

    fn append(&self, at: u64, bytes: &[u8]) -> Result<(), Problem> {
        self.spool.append(&self.pouch, at, bytes)?;
        self.desk.holds(self.pouch, at.saturating_add(bytes.len() as u64));
        metrics::counter!("comity_link_received_bytes_total").increment(bytes.len() as u64);
        Ok(())
    }

    fn finish(&self) -> Result<(), Problem> {
        match self.spool.finish(&self.pouch, self.range.total()) {
            Err(BlobError::Digest) => {
                self.spool.remove(&self.pouch)?;
                Err(Problem::wrong_digest())
            }
            done => Ok(done?),
        }
    }
}

/// A body with its pace.
struct Intake {
    body: Incoming,
    pace: Pace,
}

impl Intake {
    /// Fills `chunk` with [`CHUNK`] bytes, or with the `left` that are still to come. What came before an error stays
    /// in `chunk`.
    async fn fill(&mut self, chunk: &mut Vec<u8>, left: u64) -> Result<(), Problem> {
        let want = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        while chunk.len() < want {
            let frame = timeout_at(self.pace.deadline(), self.body.frame()).await;
            if let Ok(frame) = frame {
                let cut = || Problem::malformed("the body ended before its end").closing();
                let frame = frame.and_then(Result::ok).ok_or_else(cut)?;
                let bytes = frame.into_data().map_err(|_| cut())?;
                self.pace.came(bytes.len() as u64);
                chunk.extend_from_slice(&bytes);
            }
            self.pace.check(Instant::now()).map_err(|_| {
                let detail = "the body came too slowly; ask for the offset and go on from there";
                Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", detail).closing()
            })?;
        }
        Ok(())
    }

    /// Reads a little more of a body that nobody wants.
    async fn linger(mut self) {
        let drain = async {
            let mut left = LINGER_BYTES;
            while let Some(Ok(frame)) = self.body.frame().await {
                let len = frame.data_ref().map_or(0, bytes::Bytes::len) as u64;
                let Some(rest) = left.checked_sub(len) else { break };
                left = rest;
            }
        };
        // However it ends, the body is dropped and the connection with it.
        let _ = timeout(LINGER_TIME, drain).await;
    }
}

/// Runs work that waits for the disk.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Problem::internal()))
}
