//! When a feed is pulled again.

use std::time::Duration;

use comity_model::Entropy;
use comity_model::entropy::fresh;
use jiff::{SignedDuration, Timestamp};

use crate::ports::{CollectionEnd, Feed, FeedCode, FeedCollection, FeedFault};

/// After the first failure.
const FIRST: SignedDuration = SignedDuration::from_mins(1);
/// However many failures there were.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);
/// However long a server asks to be left alone.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// The pause after so many failures in a row: twice as long with each, up to six hours, of which the second half is drawn, so
/// that what failed together does not come back together. A server that asks for longer gets it, up to a day.
pub(super) fn pause(
    failures: u32,
    retry_after: Option<Duration>,
    entropy: &dyn Entropy,
) -> SignedDuration {
    let doubled = 2i32.checked_pow(failures.saturating_sub(1)).unwrap_or(i32::MAX);
    let whole = FIRST.checked_mul(doubled).unwrap_or(LONGEST).min(LONGEST);
    let half = whole / 2;
    let choices = u64::try_from(half.as_millis()).unwrap_or_default() + 1;
    let drawn = u64::from_le_bytes(fresh(entropy)) % choices;
    let pause = half + SignedDuration::from_millis(i64::try_from(drawn).unwrap_or_default());
    let asked = retry_after.map(|it| SignedDuration::try_from(it).unwrap_or(PATIENCE));
    asked.map_or(pause, |asked| pause.max(asked.min(PATIENCE)))
}

/// So long after a moment.
pub(super) fn after(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(now)
}

/// What became of a collection, and when it is asked for next: as the feed is, at once where more is there, in its turn, later and
/// later where something goes wrong.
pub(super) fn collection(
    feed: &Feed,
    collection: &FeedCollection,
    ended: Result<bool, FeedFault>,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> CollectionEnd {
    let (wait, fault) = match ended {
        Ok(true) => (feed.every, None),
        Ok(false) => (SignedDuration::ZERO, None),
        Err(fault) => {
            let failures = collection.failures.saturating_add(1);
            let pause = pause(failures, fault.retry_after, entropy);
            // who brings nothing of use is not asked more often than who does
            let least = if fault.code == FeedCode::Rejected { feed.every } else { pause };
            (pause.max(least), Some(fault))
        }
    };
    CollectionEnd { id: collection.id.clone(), next_run: after(now, wait), fault }
}

/// When the first of the collections is due, some of which were asked for now.
pub(super) fn soonest(feed: &Feed, ends: &[CollectionEnd], now: Timestamp) -> Timestamp {
    let due = feed.collections.iter().map(|it| {
        let asked = ends.iter().find(|end| end.id == it.id);
        asked.map_or(it.next_run, |end| Some(end.next_run)).unwrap_or(now)
    });
    due.min().unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Always(u64);

    impl Entropy for Always {
        fn fill(&self, out: &mut [u8]) {
            for (to, from) in out.iter_mut().zip(self.0.to_le_bytes()) {
                *to = from;
            }
        }
    }

    proptest! {
        #[test]
        fn a_pause_is_never_short_never_endless_and_what_the_server_asks_for_within_a_day(
            failures: u32, draw: u64, asked in prop::option::of(any::<u64>()),
        ) {
            let pause = pause(failures, asked.map(Duration::from_secs), &Always(draw));
            prop_assert!(pause >= FIRST / 2 && pause <= PATIENCE);
            if let Some(asked) = asked {
                let asked = i64::try_from(asked).map_or(PATIENCE, SignedDuration::from_secs);
                prop_assert!(pause >= asked.min(PATIENCE));
            } else {
                prop_assert!(pause <= LONGEST);
            }
        }
    }

    #[test]
    fn pauses_grow() {
        let at = |failures| pause(failures, None, &Always(0));
        assert_eq!([at(1), at(2), at(3)], [FIRST / 2, FIRST, FIRST * 2]);
        assert_eq!(at(40), LONGEST / 2);
    }
}
