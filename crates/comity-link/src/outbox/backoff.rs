//! How long to wait after failures.

use std::time::Duration;

use comity_model::Entropy;
use comity_model::entropy::fresh;

/// Pauses that grow with each failure in a row, with jitter over the whole of the growth: two nodes that failed together do
/// not come back together. The n-th pause lies between `least` and `least * 2^n`, and never above `most`.
#[derive(Debug, Clone)]
pub struct Backoff {
    least: Duration,
    most: Duration,
    failures: u32,
}

impl Backoff {
    /// Begins with no failure. A `most` below `least` counts as `least`.
    pub const fn new(least: Duration, most: Duration) -> Self {
        Self { least, most, failures: 0 }
    }

    /// The pause after one more failure.
    pub fn next_pause(&mut self, entropy: &dyn Entropy) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let factor = 2u32.checked_pow(self.failures).unwrap_or(u32::MAX);
        let ceiling = self.least.saturating_mul(factor).min(self.most).max(self.least);
        let span = ceiling.saturating_sub(self.least).as_nanos();
        let choices = u64::try_from(span).unwrap_or(u64::MAX).saturating_add(1);
        // The bias of the remainder is below one in 2^22 for an hour, which no partner can notice.
        let jitter = u64::from_le_bytes(fresh(entropy)) % choices;
        self.least + Duration::from_nanos(jitter)
    }

    /// Something succeeded.
    pub const fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same bytes again and again.
    struct Always(u64);

    impl Entropy for Always {
        fn fill(&self, out: &mut [u8]) {
            for (to, from) in out.iter_mut().zip(self.0.to_le_bytes().iter().cycle()) {
                *to = *from;
            }
        }
    }

    proptest! {
        #[test]
        fn a_pause_keeps_its_bounds_and_they_grow(
            least in 1u64..1_000,
            more in 0u64..100_000,
            draws in prop::collection::vec(any::<u64>(), 1..80),
        ) {
            let (least, most) = (Duration::from_millis(least), Duration::from_millis(least + more));
            let mut backoff = Backoff::new(least, most);
            for (n, draw) in draws.into_iter().enumerate() {
                let pause = backoff.next_pause(&Always(draw));
                let doubled = u32::try_from(n + 1).ok().and_then(|n| 2u32.checked_pow(n));
                let ceiling = least.saturating_mul(doubled.unwrap_or(u32::MAX)).min(most);
                prop_assert!(least <= pause && pause <= ceiling);
            }
            backoff.reset();
            prop_assert!(backoff.next_pause(&Always(u64::MAX)) <= least * 2);
        }

        #[test]
        fn any_bounds_are_safe(least in any::<u64>(), most in any::<u64>(), draw in any::<u64>()) {
            let (least, most) = (Duration::from_nanos(least), Duration::from_secs(most));
            let mut backoff = Backoff::new(least, most);
            for _ in 0..40 {
                let pause = backoff.next_pause(&Always(draw));
                prop_assert!(pause >= least && pause <= most.max(least));
            }
        }
    }

    #[test]
    fn the_jitter_covers_the_whole_range() {
        let (least, most) = (Duration::from_millis(200), Duration::from_mins(1));
        let grown = |draw| {
            let mut backoff = Backoff::new(least, most);
            (0..20).map(|_| backoff.next_pause(&Always(draw))).last().unwrap()
        };
        assert_eq!(grown(0), least);
        assert_eq!(grown(59_800_000_000), most);
    }
}
