//! The system's clock: the one place that asks for it.

use comity_exchange::ports::Clock;
use jiff::Timestamp;

/// The time of the system. In test builds, as many seconds later as the file says that `COMITY_CLOCK_FILE` names.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that the others are given")]
    fn now(&self) -> Timestamp {
        moved(Timestamp::now())
    }
}

#[cfg(feature = "testkit")]
fn moved(now: Timestamp) -> Timestamp {
    let offset = || {
        let file = std::env::var_os("COMITY_CLOCK_FILE")?;
        std::fs::read_to_string(file).ok()?.trim().parse::<i64>().ok()
    };
    let seconds = jiff::SignedDuration::from_secs(offset().unwrap_or(0));
    now.checked_add(seconds).unwrap_or(now)
}

#[cfg(not(feature = "testkit"))]
const fn moved(now: Timestamp) -> Timestamp {
    now
}
