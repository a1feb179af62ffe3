//! The system's clock: the one place that asks for it. A training node may be ahead of it, so that what takes months can be
//! rehearsed; a live node never is.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

use comity_exchange::ports::Clock;
use jiff::{SignedDuration, Timestamp};

use crate::error::CliError;
use crate::files;

/// How far a training node may be ahead, in days.
pub(crate) const MOST_DAYS: u32 = 3_650;

const DAY: i64 = 86_400;
/// More bytes than any number of days has that may stand there.
const LONGEST: u64 = 32;

/// The file of the training node that this process has opened.
static AHEAD: OnceLock<PathBuf> = OnceLock::new();
/// What it said when it could be read last, in seconds.
static SECONDS: AtomicI64 = AtomicI64::new(0);

/// The time of the system, and of a training node as much later as its folder says. In test builds, as many seconds later
/// again as the file says that `COMITY_CLOCK_FILE` names.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl SystemClock {
    /// From now on this process lives in the time of a training node: that of the system and what the file says, which is
    /// looked at each time, since another process may put it on.
    ///
    /// # Errors
    ///
    /// The file is there and says no number of days.
    pub(crate) fn follow(file: PathBuf) -> Result<(), CliError> {
        SECONDS.store(i64::from(ahead(&file)?) * DAY, Ordering::Relaxed);
        // one process opens one node
        let _ = AHEAD.set(file);
        Ok(())
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that the others are given")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        let rehearsed = AHEAD.get().map_or(0, |file| {
            if let Ok(days) = ahead(file) {
                SECONDS.store(i64::from(days) * DAY, Ordering::Relaxed);
            }
            SECONDS.load(Ordering::Relaxed)
        });
        moved(now.checked_add(SignedDuration::from_secs(rehearsed)).unwrap_or(now))
    }
}

/// How many days a training node is ahead of the system's clock; 0 where its folder says nothing.
///
/// # Errors
///
/// The file is there and says no number of days up to [`MOST_DAYS`].
pub(crate) fn ahead(file: &Path) -> Result<u32, CliError> {
    if fs::symlink_metadata(file).is_err() {
        return Ok(0);
    }
    let bytes = files::read_up_to(file, LONGEST)?;
    let days = std::str::from_utf8(&bytes).ok().and_then(|it| it.trim().parse().ok());
    days.filter(|it| *it <= MOST_DAYS).ok_or_else(|| CliError::ExerciseClock(file.to_owned()))
}

#[cfg(feature = "testkit")]
fn moved(now: Timestamp) -> Timestamp {
    let offset = || {
        let file = std::env::var_os("COMITY_CLOCK_FILE")?;
        fs::read_to_string(file).ok()?.trim().parse::<i64>().ok()
    };
    let seconds = SignedDuration::from_secs(offset().unwrap_or(0));
    now.checked_add(seconds).unwrap_or(now)
}

#[cfg(not(feature = "testkit"))]
const fn moved(now: Timestamp) -> Timestamp {
    now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_how_many_days_or_is_named_as_one_that_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock");
        assert_eq!(ahead(&file).unwrap(), 0, "there is none");
        for (text, days) in [("0", 0), ("181\n", 181), ("3650", MOST_DAYS)] {
            fs::write(&file, text).unwrap();
            assert_eq!(ahead(&file).unwrap(), days, "{text}");
        }
        for text in ["", "-1", "3651", "1.5", "181 days", "99999999999999999999999999999999999"] {
            fs::write(&file, text).unwrap();
            assert!(ahead(&file).is_err(), "{text}");
        }
    }
}
