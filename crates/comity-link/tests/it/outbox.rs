//! The worker of one partner.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use comity_exchange::ports::CourierError;
use comity_link::{Dispatch, DispatchError, Dispatched, WorkerPace, worker};
use comity_model::{Entropy, PartyRoot};
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use crate::support::{PATIENCE, party, until};

/// The longest jitter there is.
struct Longest;

impl Entropy for Longest {
    fn fill(&self, out: &mut [u8]) {
        out.fill(0xff);
    }
}

/// Says what it is told, call after call, and nothing is due after that.
#[derive(Default)]
struct Script {
    outcomes: Mutex<Vec<Result<Dispatched, CourierError>>>,
    calls: Mutex<Vec<Instant>>,
    hang: AtomicUsize,
}

impl Script {
    fn of(mut outcomes: Vec<Result<Dispatched, CourierError>>) -> Arc<Self> {
        outcomes.reverse();
        Arc::new(Self { outcomes: Mutex::new(outcomes), ..Self::default() })
    }

    fn calls(&self) -> usize {
        self.calls.lock().unwrap().len()
    }
}

#[async_trait]
impl Dispatch for Script {
    async fn dispatch(&self, partner: PartyRoot) -> Result<Dispatched, DispatchError> {
        assert_eq!(partner, party("mx"));
        self.calls.lock().unwrap().push(Instant::now());
        if self.hang.load(Ordering::SeqCst) > 0 {
            std::future::pending::<()>().await;
        }
        let next = self.outcomes.lock().unwrap().pop();
        Ok(next.unwrap_or_else(|| Ok(Dispatched::default()))?)
    }
}

const SLOW: WorkerPace = WorkerPace {
    poll: Duration::from_mins(1),
    least: Duration::from_millis(20),
    most: Duration::from_millis(40),
};

struct Running {
    wake: Arc<Notify>,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

fn start(script: &Arc<Script>, pace: WorkerPace) -> Running {
    let (stop, shutdown) = watch::channel(false);
    let wake = Arc::new(Notify::new());
    let work = worker(party("mx"), script.clone(), Arc::new(Longest), wake.clone(), pace, shutdown);
    Running { wake, stop, task: tokio::spawn(work) }
}

fn unreachable() -> Result<Dispatched, CourierError> {
    Err(CourierError::Unreachable("nobody answers".to_owned()))
}

#[tokio::test]
async fn what_is_due_is_sent_without_a_pause_and_then_the_worker_waits() {
    let more = Ok(Dispatched { sent: 10, more: true, wait: None });
    let script = Script::of(vec![more.clone(), more.clone(), more]);
    let running = start(&script, SLOW);
    until("three batches and one look", || script.calls() == 4).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(script.calls(), 4);
    running.wake.notify_one();
    until("it looks when it is woken", || script.calls() == 5).await;
}

#[tokio::test]
async fn the_worker_looks_again_by_itself() {
    let script = Script::of(vec![]);
    let _running = start(&script, WorkerPace { poll: Duration::from_millis(10), ..SLOW });
    until("it polls", || script.calls() >= 5).await;
}

#[tokio::test]
async fn a_wait_that_dispatch_names_takes_the_place_of_the_poll() {
    let soon = Dispatched { wait: Some(Duration::from_millis(10)), ..Dispatched::default() };
    let script = Script::of(vec![Ok(soon)]);
    let _running = start(&script, SLOW);
    until("it looks after the named time", || script.calls() == 2).await;
}

#[tokio::test]
async fn failures_are_tried_again_after_pauses_that_nobody_shortens() {
    let script = Script::of(vec![unreachable(), unreachable(), unreachable()]);
    let running = start(&script, SLOW);
    for _ in 0..20 {
        running.wake.notify_one();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    until("it has tried four times", || script.calls() >= 4).await;
    let calls = script.calls.lock().unwrap().clone();
    for (before, after) in calls.iter().zip(calls.iter().skip(1)).take(3) {
        assert!(after.duration_since(*before) >= SLOW.least, "{calls:?}");
    }
}

#[tokio::test]
async fn a_worker_ends_when_it_is_asked_even_in_the_middle_of_a_call() {
    let script = Script::of(vec![]);
    script.hang.store(1, Ordering::SeqCst);
    let running = start(&script, SLOW);
    until("it is in a call", || script.calls() == 1).await;
    running.stop.send(true).unwrap();
    timeout(PATIENCE, running.task).await.expect("it ends").unwrap();
}

#[tokio::test]
async fn a_worker_ends_when_nobody_is_left_to_ask_it() {
    let script = Script::of(vec![]);
    let Running { stop, task, wake: _ } = start(&script, SLOW);
    drop(stop);
    timeout(PATIENCE, task).await.expect("it ends").unwrap();
}
