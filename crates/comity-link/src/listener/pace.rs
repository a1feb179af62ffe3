//! Whether a body comes quickly enough.

use std::time::Duration;

use tokio::time::Instant;

use crate::LinkLimits;

/// Measures a body over windows, after a time of grace. Time is passed in.
#[derive(Debug)]
pub(super) struct Pace {
    window: Duration,
    least: u64,
    ends: Instant,
    asked: u64,
    came: u64,
}

/// The body brought less than it must.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooSlow;

impl Pace {
    /// Begins with the time of grace.
    pub(super) fn new(limits: &LinkLimits, now: Instant) -> Self {
        let least = u128::from(limits.rate) * limits.window.as_millis() / 1000;
        Self {
            window: limits.window,
            least: u64::try_from(least).unwrap_or(u64::MAX),
            ends: now + limits.grace,
            asked: 0,
            came: 0,
        }
    }

    /// When [`Pace::check`] must be asked again, whether something came or not.
    pub(super) const fn deadline(&self) -> Instant {
        self.ends
    }

    /// Takes note of bytes.
    pub(super) const fn came(&mut self, bytes: u64) {
        self.came = self.came.saturating_add(bytes);
    }

    /// Ends the window if its time is over, and begins the next one.
    pub(super) fn check(&mut self, now: Instant) -> Result<(), TooSlow> {
        if now < self.ends {
            return Ok(());
        }
        if self.came < self.asked {
            return Err(TooSlow);
        }
        (self.ends, self.asked, self.came) = (now + self.window, self.least, 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: fn() -> LinkLimits = LinkLimits::default;

    /// Sends `bytes` every `every` until the body is refused or `total` has passed; gives the time of refusal.
    fn refused_after(bytes: u64, every: Duration, total: Duration) -> Option<Duration> {
        let start = Instant::now();
        let mut pace = Pace::new(&LIMITS(), start);
        let mut passed = Duration::ZERO;
        while passed < total {
            passed += every;
            pace.came(bytes);
            if pace.check(start + passed).is_err() {
                return Some(passed);
            }
        }
        None
    }

    proptest! {
        #[test]
        fn who_keeps_the_rate_is_never_refused(more in 0..1u64 << 20) {
            let bytes = LIMITS().rate / 10 + 1 + more;
            prop_assert_eq!(refused_after(bytes, Duration::from_millis(100), Duration::from_mins(2)), None);
        }

        #[test]
        fn who_stays_below_it_is_refused_after_the_grace_and_one_window(bytes in 0..(16u64 << 10) / 10 - 1) {
            let refused = refused_after(bytes, Duration::from_millis(100), Duration::from_mins(2));
            let latest = LIMITS().grace + LIMITS().window;
            prop_assert!(refused.is_some_and(|at| at > LIMITS().grace && at <= latest));
        }
    }
}
