//! How often somebody may try something: buckets that fill up with time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One name among others, and how often a minute it may be taken from.
pub(super) type Rate = (String, f64);

/// Buckets by name. There are never more than `most` of them: with one more, the one that lay untouched the longest goes.
pub(super) struct Rates {
    most: usize,
    buckets: Mutex<BTreeMap<String, Bucket>>,
}

/// What may be taken, filling up with time.
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    pub(super) const fn new(most: usize) -> Self {
        Self { most, buckets: Mutex::new(BTreeMap::new()) }
    }

    /// Takes one from each of these, or from none of them; then it gives how many seconds there are until all have one.
    pub(super) fn take(&self, rates: &[Rate]) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let lacking = rates.iter().filter_map(|rate| {
            let left = self.bucket(&mut buckets, rate).left;
            (left < 1.0).then(|| ((1.0 - left) * 60.0 / rate.1).ceil())
        });
        if let Some(seconds) = lacking.reduce(f64::max) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 1 and 60"
            )]
            return Err((seconds as u64).max(1));
        }
        for rate in rates {
            self.bucket(&mut buckets, rate).left -= 1.0;
        }
        Ok(())
    }

    /// Gives back what was taken.
    pub(super) fn give_back(&self, rates: &[Rate]) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        for rate in rates {
            let bucket = self.bucket(&mut buckets, rate);
            bucket.left = (bucket.left + 1.0).min(rate.1);
        }
    }

    /// The bucket of that name, filled up to its most.
    fn bucket<'a>(
        &self,
        buckets: &'a mut BTreeMap<String, Bucket>,
        (name, most): &Rate,
    ) -> &'a mut Bucket {
        let now = Instant::now();
        if buckets.len() >= self.most && !buckets.contains_key(name) {
            // whatever lay for a minute is full again, as if it were new
            buckets.retain(|_, it| now.duration_since(it.at) < Duration::from_mins(1));
            while buckets.len() >= self.most {
                let oldest =
                    buckets.iter().min_by_key(|(_, it)| it.at).map(|(name, _)| name.clone());
                let Some(oldest) = oldest else { break };
                buckets.remove(&oldest);
            }
        }
        let bucket = buckets.entry(name.clone()).or_insert(Bucket { left: *most, at: now });
        let filled = now.duration_since(bucket.at).as_secs_f64() * most / 60.0;
        bucket.left = (bucket.left + filled).min(*most);
        bucket.at = now;
        bucket
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(name: &str, most: f64) -> Rate {
        (name.to_owned(), most)
    }

    #[test]
    fn what_one_limit_refuses_is_not_taken_from_the_other() {
        let rates = Rates::new(100);
        let (one, all) = (rate("one", 2.0), rate("all", 1.0));
        assert_eq!(rates.take(&[rate("other", 2.0), all.clone()]), Ok(()));
        for _ in 0..5 {
            assert!(rates.take(&[one.clone(), all.clone()]).is_err());
        }
        assert_eq!(rates.take(std::slice::from_ref(&one)), Ok(()), "nothing was taken of it");
        rates.give_back(&[rate("other", 2.0), all.clone()]);
        assert_eq!(rates.take(&[one, all]), Ok(()));
    }

    #[test]
    fn who_waits_as_long_as_told_may_go_on() {
        let rates = Rates::new(100);
        let fast = rate("fast", 60.0);
        for _ in 0..60 {
            assert_eq!(rates.take(std::slice::from_ref(&fast)), Ok(()));
        }
        assert_eq!(rates.take(&[fast]), Err(1));
    }

    #[test]
    fn there_are_never_more_than_so_many_and_the_last_are_kept() {
        let rates = Rates::new(10);
        for number in 0..1_000 {
            assert_eq!(rates.take(&[rate(&number.to_string(), 1.0)]), Ok(()));
            assert!(rates.buckets.lock().unwrap().len() <= 10);
        }
        assert!(rates.take(&[rate("999", 1.0)]).is_err());
    }
}
