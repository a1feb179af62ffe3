//! Alternatives of a pattern, free of `OR`.

use std::ops::Range;

use super::Candidate;
use super::{flow, search, sweep};
use crate::pattern::budget::{BudgetSpent, Meter};

/// A plan with its candidates. There is at least one for each part.
#[derive(Debug)]
pub(super) enum Node {
    /// One observation out of these, by time.
    Slot(Vec<Candidate>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Sequence(Vec<Self>),
    Repeat(Box<Self>, u64),
    Within(Box<Self>, i128),
}

/// What an alternative asks for.
#[derive(Debug, Default)]
pub(super) struct Shape<'n> {
    pub(super) demands: Vec<Demand<'n>>,
    /// Those demands are met within less than that time.
    pub(super) windows: Vec<(Range<usize>, i128)>,
    /// None of the second is met before one of the first.
    pub(super) orders: Vec<(Range<usize>, Range<usize>)>,
}

/// What a demand costs in steps, since it takes memory as well.
pub(super) const DEMAND: usize = 16;

/// So many different observations out of these candidates.
#[derive(Debug, Clone)]
pub(super) struct Demand<'n> {
    pub(super) candidates: &'n [Candidate],
    pub(super) count: u64,
    /// The demand this one can change places with: it takes no earlier candidate than that.
    pub(super) twin: Option<usize>,
}

/// For each `OR` in turn, which of its parts is taken, and of how many.
pub(super) type Choices = Vec<(usize, usize)>;

/// Moves on to the next alternative; false when there is none.
pub(super) fn next(choices: &mut Choices) -> bool {
    while let Some((taken, of)) = choices.pop() {
        if taken + 1 < of {
            choices.push((taken + 1, of));
            return true;
        }
    }
    false
}

impl Node {
    pub(super) fn any(nodes: Vec<Self>) -> Option<Self> {
        let mut merged = Vec::new();
        let mut others = Vec::new();
        for node in nodes {
            match node {
                Self::Slot(candidates) => merged.extend(candidates),
                other => others.push(other),
            }
        }
        if !merged.is_empty() {
            merged.sort_unstable();
            merged.dedup();
            others.insert(0, Self::Slot(merged));
        }
        if others.len() > 1 { Some(Self::Any(others)) } else { others.pop() }
    }

    pub(super) fn repeat(node: Self, times: u64) -> Self {
        match node {
            node if times == 1 => node,
            Self::Repeat(node, before) => Self::Repeat(node, before.saturating_mul(times)),
            node => Self::Repeat(Box::new(node), times),
        }
    }

    pub(super) fn within(node: Self, width: i128) -> Self {
        match node {
            // One observation is always near itself.
            Self::Slot(candidates) => Self::Slot(candidates),
            node => Self::Within(Box::new(node), width),
        }
    }

    /// Adds the observations of all candidates.
    pub(super) fn observations(&self, all: &mut Vec<usize>) {
        match self {
            Self::Slot(candidates) => all.extend(candidates.iter().map(|c| c.observation)),
            Self::All(parts) | Self::Any(parts) | Self::Sequence(parts) => {
                for part in parts {
                    part.observations(all);
                }
            }
            Self::Repeat(part, _) | Self::Within(part, _) => part.observations(all),
        }
    }

    /// How many observations it takes at least.
    pub(super) fn least(&self) -> u64 {
        match self {
            Self::Slot(_) => 1,
            Self::All(parts) | Self::Sequence(parts) => {
                parts.iter().map(Self::least).fold(0, u64::saturating_add)
            }
            Self::Any(parts) => parts.iter().map(Self::least).min().unwrap_or_default(),
            Self::Repeat(part, times) => part.least().saturating_mul(*times),
            Self::Within(part, _) => part.least(),
        }
    }

    /// Whether several times over is the same as so many more of each part: neither choice nor order in it.
    fn is_plain(&self) -> bool {
        match self {
            Self::Slot(_) => true,
            Self::All(parts) => parts.iter().all(Self::is_plain),
            Self::Repeat(part, _) => part.is_plain(),
            Self::Any(_) | Self::Sequence(_) | Self::Within(..) => false,
        }
    }
}

impl<'n> Shape<'n> {
    /// The alternative that takes these choices; those not made yet take the first part and are added.
    pub(super) fn build(
        node: &'n Node,
        choices: &mut Choices,
        meter: &mut Meter,
    ) -> Result<Self, BudgetSpent> {
        let mut shape = Self::default();
        shape.add(node, choices, &mut 0, meter)?;
        Ok(shape)
    }

    fn add(
        &mut self,
        node: &'n Node,
        choices: &mut Choices,
        made: &mut usize,
        meter: &mut Meter,
    ) -> Result<Range<usize>, BudgetSpent> {
        meter.spend(1)?;
        let start = self.demands.len();
        match node {
            Node::Slot(candidates) => {
                meter.spend(DEMAND)?;
                self.demands.push(Demand { candidates, count: 1, twin: None });
            }
            Node::All(parts) => {
                for part in parts {
                    self.add(part, choices, made, meter)?;
                }
            }
            Node::Any(parts) => {
                let taken = if let Some((taken, _)) = choices.get(*made) {
                    *taken
                } else {
                    choices.push((0, parts.len()));
                    0
                };
                *made += 1;
                if let Some(part) = parts.get(taken) {
                    self.add(part, choices, made, meter)?;
                }
            }
            Node::Sequence(parts) => {
                let mut before: Option<Range<usize>> = None;
                for part in parts {
                    let range = self.add(part, choices, made, meter)?;
                    self.orders.extend(before.map(|before| (before, range.clone())));
                    before = Some(range);
                }
            }
            Node::Repeat(part, times) if part.is_plain() => {
                let range = self.add(part, choices, made, meter)?;
                for demand in self.demands.iter_mut().skip(range.start) {
                    demand.count = demand.count.saturating_mul(*times);
                }
            }
            Node::Repeat(part, times) => {
                // Copies that made the same choices can change places.
                let mut before: Option<(usize, Choices)> = None;
                for _ in 0..*times {
                    let mark = *made;
                    let range = self.add(part, choices, made, meter)?;
                    let chosen = choices.get(mark..*made).unwrap_or_default().to_vec();
                    if let Some((twin, _)) = before.filter(|(_, others)| *others == chosen)
                        && let Some(first) = self.demands.get_mut(range.start)
                    {
                        first.twin = Some(twin);
                    }
                    before = Some((range.start, chosen));
                }
            }
            Node::Within(part, width) => {
                let range = self.add(part, choices, made, meter)?;
                if range.len() > 1 || self.demands.get(start).is_some_and(|demand| demand.count > 1)
                {
                    self.windows.push((range, *width));
                }
            }
        }
        Ok(start..self.demands.len())
    }

    /// Observations that meet the demands, ascending.
    pub(super) fn solve(
        &self,
        number: &impl Fn(usize) -> u64,
        meter: &mut Meter,
    ) -> Result<Option<Vec<usize>>, BudgetSpent> {
        match (self.windows.as_slice(), self.orders.as_slice()) {
            ([], []) => {
                let demands: Vec<_> =
                    self.demands.iter().map(|d| flow::Demand::new(d.count, d.candidates)).collect();
                flow::assign(&demands, number, meter)
            }
            ([(range, width)], []) if range.len() == self.demands.len() => {
                sweep::solve(&self.demands, *width, number, meter)
            }
            _ => search::solve(self, number, meter),
        }
    }
}
