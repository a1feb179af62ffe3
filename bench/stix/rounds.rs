//! Rounds: several doing the same work in turn, so that what else the machine does meets all of them.

use std::time::Duration;

use comity_bench::machine::processor;

/// One who does the work, once over everything.
pub(crate) struct Worker<'w> {
    pub(crate) name: String,
    pub(crate) work: Box<dyn FnMut() + 'w>,
}

impl<'w> Worker<'w> {
    pub(crate) fn new(name: impl Into<String>, work: impl FnMut() + 'w) -> Self {
        Self { name: name.into(), work: Box::new(work) }
    }
}

/// How often each is through with everything in a second of one core, in the order of the workers: in each round all
/// do it in turn, over and over for at least so many seconds, and of the rounds the middle one is taken. What is counted
/// is the processor's time for this process, which has one thread: the machine may do other things meanwhile.
pub(crate) fn turns(workers: &mut [Worker<'_>], rounds: u32, seconds: f64) -> Vec<f64> {
    let least = Duration::from_secs_f64(seconds);
    let mut paces: Vec<Vec<f64>> = workers.iter().map(|_| Vec::new()).collect();
    for worker in &mut *workers {
        (worker.work)();
    }
    for _ in 0..rounds {
        for (worker, paces) in workers.iter_mut().zip(&mut paces) {
            let begun = processor();
            let mut times = 0_u32;
            while times == 0 || processor().saturating_sub(begun) < least {
                (worker.work)();
                times += 1;
            }
            paces.push(f64::from(times) / processor().saturating_sub(begun).as_secs_f64());
        }
    }
    paces
        .into_iter()
        .map(|mut paces| {
            paces.sort_by(f64::total_cmp);
            paces.get(paces.len() / 2).copied().unwrap_or_default()
        })
        .collect()
}
