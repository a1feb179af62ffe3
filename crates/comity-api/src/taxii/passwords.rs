//! Whether a password is right, and how often somebody may try.
//!
//! Verifying one takes tens of milliseconds and 19 MiB on purpose. So one that was right is remembered for some minutes, requests
//! that show the same one at the same time wait for one verification, and a network has one turn at a time. Tries are counted
//! for each name and network. What was right from a network within the last days is no try: whoever guesses there, at that
//! name or at others, shuts it out no more than whoever guesses elsewhere.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_exchange::account;
use comity_model::Digest;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

use super::rates::{Rate, Rates};

/// How long a password that was right is let in without being verified.
const REMEMBERED: Duration = Duration::from_mins(5);
/// How long it is verified again without being a try.
const KNOWN: Duration = Duration::from_hours(72);
/// Passwords that are remembered at the most; the oldest goes.
const PASSWORDS: usize = 4_096;
/// Passwords verified at the same time, but for one that is known.
const HASHERS: usize = 2;
/// Attempts at one name's password that may fail from one network within a minute, before the next has to wait.
const FAILURES: f64 = 20.0;
/// Those at all names together before they are slowed down: behind a proxy many share an address.
const ALL_FAILURES: f64 = 120.0;
/// What then lies between two of them at the least.
const PACE: Duration = Duration::from_millis(250);
/// How many of them may wait for that.
const WAITING: usize = 32;
/// The seconds after which one more may come.
const AGAIN: u64 = 8;
/// Networks and names that are watched at the most.
pub(super) const WATCHED: usize = 16_384;
/// The hash of no password: what an unknown name is compared with takes as long as what a known one is.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Y29taXR5LW5vYm9keS1hdC1hbGw$v2K8mV7bR8Z0h9k0p3y9cQm5b1m0cQe0V6f3m8mF0cE";

/// A name and a password that somebody showed.
#[derive(Clone)]
pub(super) struct Shown {
    /// The network that it came from.
    pub(super) from: String,
    /// The name, as it may be written down.
    pub(super) name: String,
    pub(super) password: String,
    /// The hash of the account of that name, if there is one with a password.
    pub(super) hash: Option<String>,
}

/// What was right, what is being verified, and what may be tried.
pub(super) struct Passwords {
    key: String,
    remembered: Duration,
    /// When each was verified, by network, account and password under a keyed hash.
    right: Mutex<BTreeMap<Digest, Instant>>,
    /// What is being verified; there are no more than requests.
    flights: Mutex<BTreeMap<Digest, Weak<OnceCell<bool>>>>,
    tries: Rates,
    networks: Mutex<BTreeMap<String, Arc<Network>>>,
    hashers: Arc<Semaphore>,
    /// The turn of what was right before.
    known: Arc<Semaphore>,
}

/// The turn of a network, and the places before it of those that have to be slow.
struct Network {
    turn: Arc<Semaphore>,
    slow: Arc<Semaphore>,
}

/// What is held while a password is verified.
struct Turn {
    _network: Option<(Arc<Network>, OwnedSemaphorePermit)>,
    _hasher: OwnedSemaphorePermit,
}

impl Passwords {
    /// None yet; `key` is secret and fresh.
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self {
            key: STANDARD.encode(key),
            remembered: REMEMBERED,
            right: Mutex::default(),
            flights: Mutex::default(),
            tries: Rates::new(WATCHED),
            networks: Mutex::default(),
            hashers: Arc::new(Semaphore::new(HASHERS)),
            known: Arc::new(Semaphore::new(1)),
        }
    }

    /// Whether the password is the account's; or the seconds until it may be tried.
    pub(super) async fn fit(self: &Arc<Self>, shown: Shown) -> Result<bool, u64> {
        let trace = self.trace(&shown);
        if self.was_right(&trace, self.remembered) {
            return Ok(true);
        }
        let flight = {
            let mut flights = locked(&self.flights);
            flights.retain(|_, it| it.strong_count() > 0);
            let running = flights.get(&trace).and_then(Weak::upgrade);
            running.unwrap_or_else(|| {
                let flight = Arc::default();
                flights.insert(trace, Arc::downgrade(&flight));
                flight
            })
        };
        let verified = flight.get_or_try_init(async || {
            // what was begun goes on, also where nobody waits for it any more: it may have been right
            let (this, shown) = (Arc::clone(self), shown.clone());
            let verifying = tokio::spawn(async move { this.verify(shown, trace).await });
            verifying.await.unwrap_or(Ok(false))
        });
        verified.await.copied()
    }

    async fn verify(&self, shown: Shown, trace: Digest) -> Result<bool, u64> {
        if self.was_right(&trace, self.remembered) {
            return Ok(true);
        }
        if self.was_right(&trace, KNOWN) {
            let Ok(hasher) = Arc::clone(&self.known).acquire_owned().await else {
                return Ok(false);
            };
            return Ok(self.compare(shown, trace, Turn { _network: None, _hasher: hasher }).await);
        }
        // an attempt is counted before it is looked at, however many come at once, and given back where it was right; one that
        // is not looked at is counted nowhere
        let at_name: Rate = (format!("password {} {}", shown.from, shown.name), FAILURES);
        let at_all: Rate = (format!("passwords {}", shown.from), ALL_FAILURES);
        self.tries.take(std::slice::from_ref(&at_name))?;
        let is_slow = self.tries.take(std::slice::from_ref(&at_all)).is_err();
        let Some(turn) = self.turn(&shown.from, is_slow).await else {
            self.tries.give_back(&[at_name]);
            return Err(AGAIN);
        };
        let fits = self.compare(shown, trace, turn).await;
        if fits {
            self.tries.give_back(&[at_name]);
            if !is_slow {
                self.tries.give_back(&[at_all]);
            }
        }
        Ok(fits)
    }

    /// Waits for the turn of a network and for one of all; none where too many of the network wait.
    async fn turn(&self, from: &str, is_slow: bool) -> Option<Turn> {
        let network = {
            let mut networks = locked(&self.networks);
            networks.retain(|_, it| Arc::strong_count(it) > 1);
            let network = networks.entry(from.to_owned()).or_insert_with(|| {
                let (turn, slow) = (Semaphore::new(1), Semaphore::new(WAITING));
                Arc::new(Network { turn: Arc::new(turn), slow: Arc::new(slow) })
            });
            Arc::clone(network)
        };
        let place =
            if is_slow { Some(Arc::clone(&network.slow).try_acquire_owned().ok()?) } else { None };
        let own = Arc::clone(&network.turn).acquire_owned().await.ok()?;
        if place.is_some() {
            sleep(PACE).await;
        }
        let hasher = Arc::clone(&self.hashers).acquire_owned().await.ok()?;
        Some(Turn { _network: Some((network, own)), _hasher: hasher })
    }

    async fn compare(&self, shown: Shown, trace: Digest, turn: Turn) -> bool {
        let is_known = shown.hash.is_some();
        let hash = shown.hash.unwrap_or_else(|| NOBODY.to_owned());
        let compare = move || {
            // the turn lasts as long as this takes its memory
            let _turn = turn;
            account::password_fits(&hash, shown.password.as_bytes())
        };
        let fits = tokio::task::spawn_blocking(compare).await.unwrap_or(false) && is_known;
        if fits {
            self.remember(trace);
        }
        fits
    }

    fn remember(&self, trace: Digest) {
        let mut right = locked(&self.right);
        right.retain(|_, since| since.elapsed() < KNOWN);
        while right.len() >= PASSWORDS && !right.contains_key(&trace) {
            let oldest = right.iter().min_by_key(|(_, since)| **since).map(|(trace, _)| *trace);
            let Some(oldest) = oldest else { break };
            right.remove(&oldest);
        }
        right.insert(trace, Instant::now());
    }

    fn was_right(&self, trace: &Digest, within: Duration) -> bool {
        locked(&self.right).get(trace).is_some_and(|since| since.elapsed() < within)
    }

    fn trace(&self, shown: &Shown) -> Digest {
        let Shown { from, name, password, hash } = shown;
        let hash = hash.as_deref().unwrap_or("none");
        Digest::of(format!("{}\n{from}\n{name}\n{hash}\n{password}", self.key).as_bytes())
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHasher as _;
    use argon2::password_hash::phc::PasswordHash;
    use argon2::{Algorithm, Argon2, Params, Version};
    use tokio::task::JoinSet;

    use super::*;

    /// The password `right`, at the least cost: what is tested here is not how long it takes.
    fn hash() -> String {
        let cheap = Params::new(8, 1, 1, None).unwrap();
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap);
        let hash: PasswordHash = cheap.hash_password_with_salt(b"right", &[7; 16]).unwrap();
        hash.to_string()
    }

    fn shown(from: &str, name: &str, password: &str) -> Shown {
        let [from, name, password] = [from, name, password].map(ToOwned::to_owned);
        Shown { from, name, password, hash: Some(hash()) }
    }

    fn passwords(remembered: Duration) -> Arc<Passwords> {
        Arc::new(Passwords { remembered, ..Passwords::new(&[7; 32]) })
    }

    /// What comes of it, asked for beside others.
    fn fit(
        passwords: &Arc<Passwords>,
        shown: Shown,
    ) -> impl Future<Output = Result<bool, u64>> + use<> {
        let passwords = Arc::clone(passwords);
        async move { passwords.fit(shown).await }
    }

    /// Nothing new is verified until one of these is dropped.
    async fn busy(passwords: &Passwords) -> Vec<OwnedSemaphorePermit> {
        let mut held = Vec::new();
        for _ in 0..HASHERS {
            held.push(Arc::clone(&passwords.hashers).acquire_owned().await.unwrap());
        }
        held
    }

    /// Until so many requests wait for so many verifications.
    async fn waits(passwords: &Passwords, requests: usize, verifications: usize) {
        let waiting = || {
            let flights = locked(&passwords.flights);
            (flights.values().map(Weak::strong_count).sum(), flights.len())
        };
        let waited = async {
            while waiting() != (requests, verifications) {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_mins(1), waited).await;
        assert!(waited.is_ok(), "{:?} wait for verifications", waiting());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn requests_that_show_the_same_wrong_password_at_once_are_one_try() {
        let passwords = passwords(REMEMBERED);
        let (held, mut asking) = (busy(&passwords).await, JoinSet::new());
        for _ in 0..60 {
            asking.spawn(fit(&passwords, shown("here", "desk", "wrong")));
        }
        waits(&passwords, 60, 1).await;
        drop(held);
        assert!(asking.join_all().await.into_iter().all(|it| it == Ok(false)));
        // nothing is left of it, and it is a try again
        for number in 0..10 {
            let guess = shown("here", "desk", &format!("wrong {number}"));
            assert_eq!(passwords.fit(guess).await, Ok(false), "{number}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_two_passwords_shown_at_once_each_is_judged_by_itself() {
        let passwords = passwords(REMEMBERED);
        for (one, other) in [("right", "wrong"), ("wrong again", "right again")] {
            let held = busy(&passwords).await;
            let one_fits = tokio::spawn(fit(&passwords, shown("here", "desk", one)));
            waits(&passwords, 1, 1).await;
            let other_fits = tokio::spawn(fit(&passwords, shown("here", "desk", other)));
            waits(&passwords, 2, 2).await;
            drop(held);
            assert_eq!(one_fits.await.unwrap(), Ok(one == "right"), "{one}");
            assert_eq!(other_fits.await.unwrap(), Ok(other == "right"), "{other}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_shows_the_right_password_many_times_at_once_is_let_in_each_time() {
        for remembered in [REMEMBERED, Duration::ZERO] {
            let passwords = passwords(remembered);
            for _ in 0..2 {
                let mut asking = JoinSet::new();
                for _ in 0..200 {
                    asking.spawn(fit(&passwords, shown("here", "desk", "right")));
                }
                assert!(asking.join_all().await.into_iter().all(|it| it == Ok(true)));
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_right_here_is_let_in_however_many_guess_and_elsewhere_it_is_a_try() {
        let passwords = passwords(Duration::ZERO);
        assert_eq!(passwords.fit(shown("here", "desk", "right")).await, Ok(true));
        for from in ["here", "there"] {
            let mut refused = 0;
            for number in 0..40 {
                let guess = passwords.fit(shown(from, "desk", &format!("wrong {number}"))).await;
                refused += usize::from(guess.is_err());
                assert_ne!(guess, Ok(true));
            }
            assert!(refused >= 15, "{refused}");
        }
        assert_eq!(passwords.fit(shown("here", "desk", "right")).await, Ok(true));
        assert!(passwords.fit(shown("there", "desk", "right")).await.is_err(), "right is not told");
        let changed = Shown { hash: None, ..shown("here", "desk", "right") };
        assert!(passwords.fit(changed).await.is_err(), "it is right no more");
        assert_eq!(passwords.fit(shown("there", "other", "right")).await, Ok(true));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_guesses_at_every_name_is_slowed_down_and_others_of_the_network_get_in() {
        let passwords = passwords(REMEMBERED);
        for number in 0..130 {
            let name = format!("name-{number}");
            assert!(passwords.fit(shown("here", &name, "wrong")).await.is_ok(), "{number}");
        }
        let mut guessing = JoinSet::new();
        for number in 0..4 {
            let passwords = Arc::clone(&passwords);
            guessing.spawn(async move {
                for round in 0.. {
                    let name = format!("thread-{number}-{round}");
                    let _ = passwords.fit(shown("here", &name, "wrong")).await;
                }
            });
        }
        sleep(PACE).await;
        let fits = passwords.fit(shown("here", "desk", "right"));
        let fit = tokio::time::timeout(PACE * 20, fits).await.expect("its turn comes");
        assert_eq!(fit, Ok(true));
        guessing.abort_all();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_asks_from_elsewhere_waits_for_one_of_each_network_and_no_more() {
        let passwords = passwords(REMEMBERED);
        let (mut held, mut waiting) = (busy(&passwords).await, JoinSet::new());
        for number in 0..50 {
            let guess = Shown { hash: None, ..shown("there", &format!("name-{number}"), "wrong") };
            waiting.spawn(fit(&passwords, guess));
        }
        waits(&passwords, 50, 50).await;
        let other = tokio::spawn(fit(&passwords, shown("here", "desk", "right")));
        waits(&passwords, 51, 51).await;
        held.pop();
        assert_eq!(other.await.unwrap(), Ok(true));
        assert!(waiting.len() >= 40, "most of the others still wait: {}", waiting.len());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_password_takes_its_turn_until_it_is_verified_also_where_nobody_waits_any_more() {
        let passwords = passwords(REMEMBERED);
        let guess = Shown { hash: None, ..shown("here", "desk", "a guess") };
        // the client hangs up once it is being verified
        let gone = tokio::time::timeout(Duration::from_millis(3), passwords.fit(guess)).await;
        assert!(gone.is_err(), "verifying takes longer");
        assert_eq!(passwords.hashers.available_permits(), HASHERS - 1, "its memory is still taken");
        let waited = async {
            while passwords.hashers.available_permits() < HASHERS {
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), waited).await.unwrap();
    }
}
