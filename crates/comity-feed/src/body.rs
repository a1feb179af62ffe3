//! Bodies: read piece by piece, never longer and never more slowly than is waited for.

use std::time::Duration;

use bytes::Bytes;
use comity_exchange::ports::{FeedCode, FeedFault};
use http_body_util::BodyExt as _;
use hyper::Response;
use hyper::body::{Body as _, Incoming};
use tokio::time::{Instant, timeout};

use crate::limits::FeedLimits;

/// A body that is being read.
#[derive(Debug)]
pub(crate) struct Body {
    incoming: Incoming,
    limits: FeedLimits,
    most: u64,
    read: u64,
    waited: Duration,
}

impl Body {
    /// The body of an answer, up to `most` bytes. `feed-too-large` if it says that it is longer.
    pub(crate) fn of(
        response: Response<Incoming>,
        most: u64,
        limits: FeedLimits,
    ) -> Result<Self, FeedFault> {
        let incoming = response.into_body();
        if incoming.size_hint().lower() > most {
            return Err(too_large(most));
        }
        Ok(Self { incoming, limits, most, read: 0, waited: Duration::ZERO })
    }

    /// The next piece; `None` at the end. Only the time spent waiting for the server counts against it.
    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, FeedFault> {
        loop {
            let begin = Instant::now();
            let frame = timeout(self.limits.piece, self.incoming.frame()).await;
            self.waited += begin.elapsed();
            let frame = match frame {
                Err(_) => return Err(FeedFault::new(FeedCode::Slow)),
                Ok(None) => return Ok(None),
                Ok(Some(Err(error))) => return Err(FeedFault::of(FeedCode::Cut, error)),
                Ok(Some(Ok(frame))) => frame,
            };
            // what stands behind a body adds nothing to it
            let Ok(piece) = frame.into_data() else { continue };
            self.read += piece.len() as u64;
            if self.read > self.most {
                return Err(too_large(self.most));
            }
            self.must_be_brisk()?;
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
    }

    fn must_be_brisk(&self) -> Result<(), FeedFault> {
        let whole = self.waited.as_millis();
        let least = u128::from(self.limits.rate) * whole / 1_000;
        let is_slow = self.waited > self.limits.piece && u128::from(self.read) < least;
        if is_slow || self.waited > self.limits.body {
            return Err(FeedFault::new(FeedCode::Slow));
        }
        Ok(())
    }

    /// All of it.
    pub(crate) async fn whole(mut self) -> Result<Vec<u8>, FeedFault> {
        let mut whole = Vec::new();
        while let Some(piece) = self.piece().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }
}

fn too_large(most: u64) -> FeedFault {
    FeedFault::of(FeedCode::TooLarge, format_args!("> {most}"))
}
