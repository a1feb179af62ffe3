//! The places of a listener: how many connections may be open. Where all are taken, one more is let in all the same, and
//! whoever has lain idle the longest leaves: connections that ask for nothing keep nobody out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::pulse::Pulse;

/// Connections that were asked to leave and have not yet, at the most: so many more than there are places may be open.
const LEAVING: usize = 64;

/// The places of one listener. Clones share them.
#[derive(Clone)]
pub(super) struct Places(Arc<Inner>);

struct Inner {
    most: usize,
    taken: Mutex<Taken>,
    freed: Notify,
}

#[derive(Default)]
struct Taken {
    next: u64,
    pulses: BTreeMap<u64, Pulse>,
    /// How many gave up their place and are still open.
    leaving: usize,
}

/// A place that is taken until it is dropped.
pub(super) struct Place {
    places: Places,
    number: u64,
    /// The pulse of the connection that has it.
    pub(super) pulse: Pulse,
}

impl Places {
    pub(super) fn new(most: usize) -> Self {
        let (most, taken) = (most.max(1), Mutex::default());
        Self(Arc::new(Inner { most, taken, freed: Notify::new() }))
    }

    /// Takes a place for a connection that was opened now. Where all others are being answered, waits until one is free.
    pub(super) async fn take(&self) -> Place {
        let pulse = Pulse::new();
        loop {
            let freed = self.0.freed.notified();
            if let Some(number) = self.try_take(&pulse) {
                return Place { places: self.clone(), number, pulse };
            }
            freed.await;
        }
    }

    /// The number of a place for this pulse: a free one, or that of whoever has lain idle the longest.
    fn try_take(&self, pulse: &Pulse) -> Option<u64> {
        let mut taken = self.taken();
        if taken.pulses.len() >= self.0.most {
            let idle =
                taken.pulses.iter().filter_map(|(number, it)| Some((it.idle_since()?, *number)));
            let idlest = idle.min().filter(|_| taken.leaving < LEAVING);
            let pulse = idlest.and_then(|(_, number)| taken.pulses.remove(&number))?;
            pulse.leave();
            taken.leaving += 1;
        }
        taken.next += 1;
        let number = taken.next;
        taken.pulses.insert(number, pulse.clone());
        Some(number)
    }

    fn taken(&self) -> std::sync::MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        {
            let mut taken = self.places.taken();
            if taken.pulses.remove(&self.number).is_none() {
                taken.leaving -= 1;
            }
        }
        self.places.0.freed.notify_one();
    }
}
