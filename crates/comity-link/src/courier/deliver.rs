//! Delivering a pouch: at once when it is small, else from the partner's offset on, range after range.

use std::io::{self, Read as _};

use bytes::Bytes;
use comity_exchange::ports::{CourierError, OutgoingPouch, PouchState};
use comity_model::{Digest, PartyRoot};
use hyper::{Method, StatusCode};
use tokio::task::{JoinHandle, spawn_blocking};

use super::HttpCourier;
use super::body::{Outgoing, Reader};
use super::pool::Answer;
use crate::wire::{ContentRange, OFFSET, Route, STATE};

/// How often the partner may name another offset than the one that follows before it is taken not to know.
const CORRECTIONS: usize = 4;

type Result<T> = std::result::Result<T, CourierError>;

pub(super) async fn deliver(
    courier: &HttpCourier,
    partner: PartyRoot,
    pouch: &OutgoingPouch,
) -> Result<()> {
    let small = pouch.bytes.is_some() && pouch.size <= courier.limits.small;
    let mut offset = 0;
    if !small {
        match offset_of(courier, partner, pouch).await? {
            Some(known) => offset = known,
            None => return Ok(()),
        }
    }
    for _ in 0..CORRECTIONS {
        match send_from(courier, partner, pouch, offset, small).await? {
            Sent::Whole => return Ok(()),
            Sent::GoOnFrom(other) => offset = other,
        }
    }
    Err(outside("it names one offset after the other"))
}

/// Where to go on from; `None` if the partner has it all.
async fn offset_of(
    courier: &HttpCourier,
    partner: PartyRoot,
    pouch: &OutgoingPouch,
) -> Result<Option<u64>> {
    let route = Route::Pouch(pouch.digest);
    let answer = courier.ask(partner, Method::HEAD, route, Outgoing::none()).await?;
    if answer.status != StatusCode::OK {
        return Err(answer.refusal());
    }
    let state = answer.headers.get(STATE).and_then(|state| state.to_str().ok());
    let has_it =
        [PouchState::Received, PouchState::Held, PouchState::Consumed, PouchState::Repeated];
    if has_it.iter().any(|known| state == Some(known.as_str())) {
        return Ok(None);
    }
    offset_in(&answer, pouch.size).map(Some)
}

enum Sent {
    Whole,
    GoOnFrom(u64),
}

async fn send_from(
    courier: &HttpCourier,
    partner: PartyRoot,
    pouch: &OutgoingPouch,
    offset: u64,
    small: bool,
) -> Result<Sent> {
    // With nothing left to send, the last byte again asks the partner to look at what it has and to answer.
    let mut at = offset.min(pouch.size.saturating_sub(1));
    let mut source = Source::open(courier, pouch, at).await?;
    let mut longest = if small { courier.limits.range } else { courier.limits.first };
    loop {
        let len = longest.min(pouch.size.saturating_sub(at));
        let empty = || CourierError::Local("a pouch has at least one byte".to_owned());
        let range = ContentRange::new(at, len, pouch.size).ok_or_else(empty)?;
        let (body, reading) = source.range(range)?;
        let answer = courier.ask(partner, Method::PUT, Route::Pouch(pouch.digest), body).await?;
        metrics::counter!("comity_courier_sent_bytes_total").increment(len);
        let end = at + len;
        match answer.status {
            StatusCode::ACCEPTED => return Ok(Sent::Whole),
            StatusCode::OK => match offset_in(&answer, pouch.size)? {
                next if next == end && end < pouch.size => at = end,
                other => return Ok(Sent::GoOnFrom(other)),
            },
            StatusCode::CONFLICT => return offset_in(&answer, pouch.size).map(Sent::GoOnFrom),
            _ => return Err(answer.refusal()),
        }
        source.take_back(reading).await?;
        longest = courier.limits.range;
    }
}

/// The offset in an answer, which must lie in the pouch.
fn offset_in(answer: &Answer, size: u64) -> Result<u64> {
    let offset = answer.number(OFFSET).filter(|offset| *offset <= size);
    offset.ok_or_else(|| outside("it names no offset in the pouch"))
}

fn outside(text: &str) -> CourierError {
    CourierError::Protocol(text.to_owned())
}

/// Where the bytes come from.
enum Source {
    Memory(Bytes),
    Spool(Option<Reader>),
}

impl Source {
    /// Opens the pouch at `at`.
    async fn open(courier: &HttpCourier, pouch: &OutgoingPouch, at: u64) -> Result<Self> {
        if let Some(bytes) = &pouch.bytes {
            if bytes.len() as u64 != pouch.size {
                return Err(CourierError::Local("the pouch has another size".to_owned()));
            }
            return Ok(Self::Memory(bytes.clone()));
        }
        let (spool, digest): (_, Digest) = (courier.spool.clone(), pouch.digest);
        let opening = spawn_blocking(move || {
            let mut reader = spool.open(&digest).map_err(|error| error.to_string())?;
            let skipped = io::copy(&mut reader.by_ref().take(at), &mut io::sink());
            match skipped {
                Ok(skipped) if skipped == at => Ok(reader),
                Ok(_) => Err("the pouch in the spool is cut".to_owned()),
                Err(error) => Err(format!("the disk failed: {error}")),
            }
        });
        let reader = opening.await.unwrap_or_else(|_| Err("the reader ended".to_owned()));
        reader.map(|reader| Self::Spool(Some(reader))).map_err(CourierError::Local)
    }

    fn range(&mut self, range: ContentRange) -> Result<(Outgoing, Option<JoinHandle<Reader>>)> {
        let short = || CourierError::Local("the pouch is shorter than it should be".to_owned());
        match self {
            Self::Memory(bytes) => {
                let first = usize::try_from(range.first()).map_err(|_| short())?;
                let len = usize::try_from(range.length()).map_err(|_| short())?;
                let end = first.checked_add(len).filter(|end| *end <= bytes.len());
                let piece = bytes.slice(first..end.ok_or_else(short)?);
                Ok((Outgoing::bytes(range, piece), None))
            }
            Self::Spool(reader) => {
                let (body, reading) = Outgoing::pieces(range, reader.take().ok_or_else(short)?);
                Ok((body, Some(reading)))
            }
        }
    }

    async fn take_back(&mut self, reading: Option<JoinHandle<Reader>>) -> Result<()> {
        if let (Self::Spool(slot), Some(reading)) = (self, reading) {
            let ended = |_| CourierError::Local("the reader ended".to_owned());
            *slot = Some(reading.await.map_err(ended)?);
        }
        Ok(())
    }
}
