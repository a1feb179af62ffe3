//! Observations for demands where times play no part: a flow from demands to observations.

use std::collections::{BTreeMap, VecDeque};

use super::Candidate;
use crate::pattern::budget::{BudgetSpent, Meter};

/// So many different observations out of these.
#[derive(Debug)]
pub(super) struct Demand {
    count: u64,
    observations: Vec<usize>,
}

impl Demand {
    pub(super) fn new<'c>(count: u64, candidates: impl IntoIterator<Item = &'c Candidate>) -> Self {
        let mut observations: Vec<_> = candidates.into_iter().map(|c| c.observation).collect();
        observations.sort_unstable();
        observations.dedup();
        Self { count, observations }
    }
}

/// Meets all demands, no observation being taken more often than its number; gives the observations taken, ascending.
/// Where one demand is short, others make room along the shortest chain of exchanges.
pub(super) fn assign(
    demands: &[Demand],
    number: &impl Fn(usize) -> u64,
    meter: &mut Meter,
) -> Result<Option<Vec<usize>>, BudgetSpent> {
    let mut flow = Flow { demands, free: BTreeMap::new(), taken: BTreeMap::new() };
    for (at, demand) in demands.iter().enumerate() {
        meter.spend(demand.observations.len())?;
        let mut short = demand.count;
        for observation in &demand.observations {
            if short == 0 {
                break;
            }
            let free = flow.free.entry(*observation).or_insert_with(|| number(*observation));
            let part = short.min(*free);
            if part > 0 {
                *free -= part;
                short -= part;
                *flow.taken.entry(*observation).or_default().entry(at).or_default() += part;
            }
        }
        while short > 0 {
            let Some(part) = flow.make_room(at, short, number, meter)? else { return Ok(None) };
            short -= part;
        }
    }
    let taken = flow.taken.iter().filter(|(_, by)| by.values().any(|part| *part > 0));
    Ok(Some(taken.map(|(observation, _)| *observation).collect()))
}

struct Flow<'d> {
    demands: &'d [Demand],
    /// What is left of the observations looked at.
    free: BTreeMap<usize, u64>,
    /// By observation, how much of it each demand takes.
    taken: BTreeMap<usize, BTreeMap<usize, u64>>,
}

impl Flow<'_> {
    /// Gets the demand more, up to `wanted`, and says how much; `None` when there is no way.
    fn make_room(
        &mut self,
        demand: usize,
        wanted: u64,
        number: &impl Fn(usize) -> u64,
        meter: &mut Meter,
    ) -> Result<Option<u64>, BudgetSpent> {
        // Each observation was reached for a demand, each demand through an observation it would give up.
        let mut reached: BTreeMap<usize, usize> = BTreeMap::new();
        let mut through: BTreeMap<usize, usize> = BTreeMap::new();
        let mut queue = VecDeque::from([demand]);
        while let Some(at) = queue.pop_front() {
            let observations = self.demands.get(at).map_or(&[][..], |d| d.observations.as_slice());
            for observation in observations {
                meter.spend(1)?;
                if reached.contains_key(observation) {
                    continue;
                }
                reached.insert(*observation, at);
                if *self.free.entry(*observation).or_insert_with(|| number(*observation)) > 0 {
                    let part = self.exchange(demand, *observation, wanted, &reached, &through);
                    return Ok(Some(part));
                }
                for (other, part) in self.taken.get(observation).into_iter().flatten() {
                    if *part > 0 && *other != demand && !through.contains_key(other) {
                        through.insert(*other, *observation);
                        queue.push_back(*other);
                    }
                }
            }
        }
        Ok(None)
    }

    /// Goes back along a chain that ends in a free observation, first for the amount, then for the exchange.
    fn exchange(
        &mut self,
        demand: usize,
        free: usize,
        wanted: u64,
        reached: &BTreeMap<usize, usize>,
        through: &BTreeMap<usize, usize>,
    ) -> u64 {
        // Links: this demand takes that observation instead of the other.
        let mut links = Vec::new();
        let mut observation = free;
        while let Some(taker) = reached.get(&observation) {
            let given = if *taker == demand { None } else { through.get(taker).copied() };
            links.push((*taker, observation, given));
            let Some(given) = given else { break };
            observation = given;
        }
        let held = |taker: usize, given: usize| {
            self.taken.get(&given).and_then(|by| by.get(&taker)).copied().unwrap_or_default()
        };
        let least = links.iter().filter_map(|(taker, _, given)| Some(held(*taker, (*given)?)));
        let room = self.free.get(&free).copied().unwrap_or_default();
        let part = least.fold(wanted.min(room), u64::min);
        if let Some(room) = self.free.get_mut(&free) {
            *room -= part;
        }
        for (taker, observation, given) in links {
            *self.taken.entry(observation).or_default().entry(taker).or_default() += part;
            let held = given.and_then(|given| self.taken.get_mut(&given)?.get_mut(&taker));
            if let Some(held) = held {
                *held -= part;
            }
        }
        part
    }
}
