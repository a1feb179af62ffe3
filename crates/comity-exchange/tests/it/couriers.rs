//! Whatever a courier does and whenever a node stops, every release takes effect exactly once and in order.

use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::ReleaseState;
use comity_testkit::{
    CLAUSE, Faults, LoopCourier, OTHER_CLAUSE, Pair, Party, Result, indicator, pair, pump,
};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::receipts::agree_on_everything;
use crate::support::journal;

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The first party, or the second, releases an object.
    Release(bool),
    /// It sends what it has.
    Send(bool),
    /// It takes in and answers.
    TakeIn(bool),
    /// Its process stops and starts again.
    Restart(bool),
    /// Time passes, in seconds.
    Wait(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => any::<bool>().prop_map(Step::Release),
        4 => any::<bool>().prop_map(Step::Send),
        4 => any::<bool>().prop_map(Step::TakeIn),
        1 => any::<bool>().prop_map(Step::Restart),
        2 => (1..90u8).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 20..60)
}

fn faults() -> impl Strategy<Value = Faults> {
    (0..5u64, 0..5u64, 0..4u64, 0..5u64).prop_map(|(lose, lie, double, swap)| Faults {
        lose,
        lie,
        double,
        swap,
    })
}

async fn release(from: &Party, to: &Party, clause: &str, number: u64) -> Result<()> {
    let text = indicator(number);
    from.hold(&text).await?;
    let id = text.split('"').nth(11).ok_or("no id")?.to_owned();
    from.release(to, clause, Selection::Ids(vec![id]), 1).await?;
    Ok(())
}

/// Both parties, each with its worker and the courier that it gives its pouches to.
struct Scene {
    pair: Pair,
    faults: [Faults; 2],
    workers: [(LoopCourier, DispatchState); 2],
    released: u64,
}

impl Scene {
    async fn new(faults: [Faults; 2]) -> Result<Self> {
        let pair = pair().await?;
        let workers = Self::workers(&pair, faults);
        Ok(Self { pair, faults, workers, released: 0 })
    }

    fn workers(pair: &Pair, [there, back]: [Faults; 2]) -> [(LoopCourier, DispatchState); 2] {
        [
            (LoopCourier::with(&pair.us, &pair.mx, there), DispatchState::default()),
            (LoopCourier::with(&pair.mx, &pair.us, back), DispatchState::default()),
        ]
    }

    async fn take(&mut self, step: Step) -> Result<()> {
        let sides = |second: bool| {
            let Pair { us, mx, .. } = &self.pair;
            if second { (mx, us, OTHER_CLAUSE) } else { (us, mx, CLAUSE) }
        };
        match step {
            Step::Release(second) => {
                let (from, to, clause) = sides(second);
                release(from, to, clause, self.released).await?;
                self.released += 1;
            }
            Step::Send(second) => {
                let (from, to) = (sides(second).0.node.clone(), sides(second).1.node.root());
                let (courier, state) = &mut self.workers[usize::from(second)];
                match dispatch(&from, courier, to, state).await {
                    Ok(_) => {}
                    // what a lying courier says
                    Err(error) if error.code() == "unreachable" => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Step::TakeIn(second) => {
                sides(second).0.round().await?;
            }
            Step::Restart(second) => {
                if second { &mut self.pair.mx } else { &mut self.pair.us }.restart().await?;
                self.workers = Self::workers(&self.pair, self.faults);
            }
            Step::Wait(seconds) => {
                self.pair.clock.advance(SignedDuration::from_secs(seconds.into()));
            }
        }
        Ok(())
    }

    /// From here on the couriers do their work. One more release each way closes what a lost checkpoint left open.
    async fn settle(mut self) -> Result<()> {
        for second in [false, true] {
            self.take(Step::Release(second)).await?;
        }
        self.faults = [Faults::default(); 2];
        self.workers = Self::workers(&self.pair, self.faults);
        for _ in 0..12 {
            for step in
                [Step::Send(false), Step::TakeIn(true), Step::Send(true), Step::TakeIn(false)]
            {
                self.take(step).await?;
            }
            self.take(Step::Wait(90)).await?;
        }
        pump(&self.pair.us, &self.pair.mx).await?;
        agree_on_everything(&self.pair).await?;
        let mut delivered = 0;
        for (from, to) in [(&self.pair.us, &self.pair.mx), (&self.pair.mx, &self.pair.us)] {
            let mut sent = Vec::new();
            for release in from.node.store().releases(1_000).await?.iter().rev() {
                assert_eq!(release.state, ReleaseState::Settled);
                sent.push(release.statement.ok_or("no statement")?);
            }
            let mut inbox = to.node.store().inbox(1_000, false).await?;
            inbox.reverse();
            let took: Vec<_> = inbox.iter().map(|row| row.digest).collect();
            assert_eq!(sent, took, "exactly once and in order");
            let refused = journal(&to.node, "pouch-refused").await?;
            assert!(refused.is_empty(), "an honest partner is refused nothing");
            assert_eq!(to.node.spool().used()?, 0, "no pouch is left on the disk");
            delivered += took.len() as u64;
        }
        assert_eq!(delivered, self.released);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_whatever_couriers_do_and_whenever_nodes_stop() -> Result<()> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for _ in 0..10 {
        let case =
            (faults(), faults(), steps()).new_tree(&mut runner).map_err(|it| it.to_string())?;
        let (there, back, steps) = case.current();
        let told = format!("{there:?} {back:?} {steps:?}");
        let scene = async {
            let mut scene = Scene::new([there, back]).await?;
            for step in steps {
                scene.take(step).await?;
            }
            scene.settle().await
        };
        scene.await.map_err(|error| format!("{error}, after {told}"))?;
    }
    Ok(())
}
