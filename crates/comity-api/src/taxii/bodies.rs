//! Room for bodies. What clients have sent and what is being worked on has a bound over all of them together, so that neither
//! many who send at once nor many who send slowly take the memory; and nobody takes it all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::Fault;

/// Room is taken in pieces of so many bytes.
const PIECE: usize = 16 << 10;

/// The room for all bodies.
pub(crate) struct Bodies {
    all: Arc<Semaphore>,
    /// Pieces that one account may take.
    share: usize,
    shares: Mutex<BTreeMap<String, Arc<Semaphore>>>,
}

/// What one body takes of it, given back when this is dropped.
pub(crate) struct Room {
    all: Arc<Semaphore>,
    own: Arc<Semaphore>,
    taken: Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)>,
}

impl Bodies {
    /// Room for so many bytes, half of it for one account; but one body has room always.
    pub(super) fn new(bytes: usize, body: usize) -> Self {
        let (all, body) = (bytes.div_ceil(PIECE), body.div_ceil(PIECE));
        let share = (all / 2).max(body);
        let all = all.max(share).min(Semaphore::MAX_PERMITS);
        Self { all: Arc::new(Semaphore::new(all)), share: share.min(all), shares: Mutex::default() }
    }

    /// No room yet, for a body of this account.
    pub(crate) fn room(&self, account: &str) -> Room {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        // an account that sends nothing has its whole share
        shares.retain(|_, it| Arc::strong_count(it) > 1);
        let own = shares
            .entry(account.to_owned())
            .or_insert_with(|| Arc::new(Semaphore::new(self.share)));
        Room { all: Arc::clone(&self.all), own: Arc::clone(own), taken: None }
    }
}

impl Room {
    /// Sees to it that there is room for so many bytes, waiting for it as long as `patience`.
    pub(super) async fn hold(&mut self, bytes: usize, patience: Duration) -> Result<(), Fault> {
        let has = self.taken.as_ref().map_or(0, |(all, _)| all.num_permits());
        let more = bytes.div_ceil(PIECE).saturating_sub(has);
        if more == 0 {
            return Ok(());
        }
        let more = u32::try_from(more).map_err(|_| Fault::crowded())?;
        let until = Instant::now() + patience;
        let take = async |room: &Arc<Semaphore>| {
            let taken = timeout_at(until, Arc::clone(room).acquire_many_owned(more)).await;
            taken.ok().and_then(Result::ok).ok_or_else(Fault::crowded)
        };
        let own = take(&self.own).await?;
        let all = take(&self.all).await?;
        match &mut self.taken {
            None => self.taken = Some((all, own)),
            Some((had, had_own)) => {
                had.merge(all);
                had_own.merge(own);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn all_bodies_together_have_so_much_room_and_one_account_half_of_it() {
        let bodies = Bodies::new(8 * PIECE, PIECE);
        let (mut one, mut two) = (bodies.room("one"), bodies.room("one"));
        one.hold(3 * PIECE, SOON).await.unwrap();
        assert!(two.hold(2 * PIECE, SOON).await.is_err(), "beyond its half");
        two.hold(PIECE, SOON).await.unwrap();
        let mut other = bodies.room("other");
        other.hold(4 * PIECE, SOON).await.unwrap();
        assert!(bodies.room("third").hold(1, SOON).await.is_err(), "beyond all of it");
        drop(one);
        bodies.room("third").hold(3 * PIECE, SOON).await.unwrap();
        two.hold(PIECE, SOON).await.unwrap();
    }

    #[tokio::test]
    async fn one_body_as_long_as_may_be_has_room_always() {
        let bodies = Bodies::new(0, 5 * PIECE);
        bodies.room("one").hold(5 * PIECE, SOON).await.unwrap();
        bodies.room("one").hold(5 * PIECE, SOON).await.unwrap();
    }

    #[tokio::test]
    async fn who_waits_gets_what_is_given_back() {
        let bodies = Bodies::new(2 * PIECE, 2 * PIECE);
        let mut one = bodies.room("one");
        one.hold(2 * PIECE, SOON).await.unwrap();
        let mut other = bodies.room("other");
        let waiting = tokio::spawn(async move { other.hold(PIECE, Duration::from_secs(30)).await });
        tokio::time::sleep(SOON).await;
        drop(one);
        waiting.await.unwrap().unwrap();
    }
}
