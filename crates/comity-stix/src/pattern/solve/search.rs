//! Windows within each other and things that follow each other: a search.
//!
//! Each demand is for one observation, which lies somewhere in a span. Spans are narrowed by the candidates that are
//! left and by each other; a candidate outside them, or used up, is out. When no span is left to narrow, the starts of
//! the spans are times that keep all windows and orders, so a demand for each candidate makes a match.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Candidate;
use super::flow;
use super::shape::{DEMAND, Demand, Shape};
use super::time::{Span, Tick};
use crate::pattern::budget::{BudgetSpent, Meter};

/// Meets all demands of a shape.
pub(super) fn solve(
    shape: &Shape<'_>,
    number: &impl Fn(usize) -> u64,
    meter: &mut Meter,
) -> Result<Option<Vec<usize>>, BudgetSpent> {
    let single = singles(shape, meter)?;
    let open = Span { from: Tick::FIRST, until: Tick::LAST };
    let count = single.demands.len();
    let mut follower = vec![None; count];
    for (at, demand) in single.demands.iter().enumerate() {
        if let Some(follower) = demand.twin.and_then(|twin| follower.get_mut(twin)) {
            *follower = Some(at);
        }
    }
    let search = Search {
        shape: &single,
        number,
        follower,
        spans: vec![open; count],
        taken: vec![None; count],
        used: BTreeMap::new(),
        trail: Vec::new(),
    };
    search.run(meter)
}

/// The same shape with each demand for one observation.
fn singles<'n>(shape: &Shape<'n>, meter: &mut Meter) -> Result<Shape<'n>, BudgetSpent> {
    let mut starts = Vec::with_capacity(shape.demands.len() + 1);
    let mut demands: Vec<Demand<'n>> = Vec::new();
    for demand in &shape.demands {
        starts.push(demands.len());
        let twin = demand.twin.and_then(|twin| starts.get(twin).copied());
        for copy in 0..demand.count {
            meter.spend(DEMAND)?;
            let twin = if copy == 0 { twin } else { demands.len().checked_sub(1) };
            demands.push(Demand { candidates: demand.candidates, count: 1, twin });
        }
    }
    starts.push(demands.len());
    let place = |at: usize| starts.get(at).copied().unwrap_or_default();
    let range = |range: &Range<usize>| place(range.start)..place(range.end);
    Ok(Shape {
        windows: shape.windows.iter().map(|(of, width)| (range(of), *width)).collect(),
        orders: shape.orders.iter().map(|(a, b)| (range(a), range(b))).collect(),
        demands,
    })
}

struct Search<'s, 'n, N> {
    shape: &'s Shape<'n>,
    number: &'s N,
    /// By demand, the one whose twin it is.
    follower: Vec<Option<usize>>,
    spans: Vec<Span>,
    /// By demand, the place of the candidate taken.
    taken: Vec<Option<usize>>,
    used: BTreeMap<usize, u64>,
    /// Spans as they were, with their demands, to go back to.
    trail: Vec<(usize, Span)>,
}

/// A demand for which candidates are tried.
struct Frame {
    demand: usize,
    /// Places of candidates not tried yet, the next one last.
    options: Vec<usize>,
    /// How long the trail was before.
    mark: usize,
}

impl<N: Fn(usize) -> u64> Search<'_, '_, N> {
    fn run(mut self, meter: &mut Meter) -> Result<Option<Vec<usize>>, BudgetSpent> {
        let mut frames: Vec<Frame> = Vec::new();
        let mut sound = self.narrow(meter)? && self.enough(meter)?;
        loop {
            if sound {
                let Some(frame) = self.next_demand(meter)? else {
                    let used = self.used.iter().filter(|(_, count)| **count > 0);
                    return Ok(Some(used.map(|(observation, _)| *observation).collect()));
                };
                frames.push(frame);
            }
            loop {
                let Some(frame) = frames.last_mut() else { return Ok(None) };
                self.undo(frame.demand, frame.mark);
                if let Some(option) = frame.options.pop() {
                    self.take(frame.demand, option);
                    break;
                }
                frames.pop();
            }
            sound = self.narrow(meter)? && self.enough(meter)?;
        }
    }

    /// The demand with the fewest candidates left, and these.
    fn next_demand(&self, meter: &mut Meter) -> Result<Option<Frame>, BudgetSpent> {
        let mut best: Option<(usize, usize)> = None;
        for at in 0..self.taken.len() {
            if self.taken.get(at).is_some_and(Option::is_none) {
                meter.spend(self.demand(at).len())?;
                let count = self.left(at).count();
                if best.is_none_or(|(_, least)| count < least) {
                    best = Some((at, count));
                }
            }
        }
        Ok(best.map(|(demand, _)| {
            let mut options: Vec<usize> = self.left(demand).map(|(place, _)| place).collect();
            options.reverse();
            Frame { demand, options, mark: self.trail.len() }
        }))
    }

    fn take(&mut self, demand: usize, option: usize) {
        if let (Some(taken), Some(candidate)) = (
            self.taken.get_mut(demand),
            self.shape.demands.get(demand).and_then(|d| d.candidates.get(option)),
        ) {
            *taken = Some(option);
            *self.used.entry(candidate.observation).or_default() += 1;
        }
    }

    fn undo(&mut self, demand: usize, mark: usize) {
        for (at, span) in self.trail.drain(mark..).rev() {
            if let Some(now) = self.spans.get_mut(at) {
                *now = span;
            }
        }
        let taken = self.taken.get_mut(demand).and_then(Option::take);
        let candidate = taken.and_then(|place| self.demand(demand).get(place)).copied();
        if let Some(used) = candidate.and_then(|c| self.used.get_mut(&c.observation)) {
            *used -= 1;
        }
    }

    fn demand(&self, at: usize) -> &[Candidate] {
        self.shape.demands.get(at).map_or(&[], |demand| demand.candidates)
    }

    fn span(&self, at: usize) -> Span {
        self.spans.get(at).copied().unwrap_or(Span { from: Tick::LAST, until: Tick::FIRST })
    }

    /// The candidates a demand can still take; the one it took, once it has.
    fn left(&self, at: usize) -> impl Iterator<Item = (usize, &Candidate)> {
        let span = self.span(at);
        let taken = |at: usize| self.taken.get(at).copied().flatten();
        let own = taken(at);
        let demand = self.shape.demands.get(at);
        let least = demand.and_then(|demand| demand.twin).and_then(taken).unwrap_or_default();
        let follower = self.follower.get(at).copied().flatten();
        let most = follower.and_then(taken).unwrap_or(usize::MAX);
        self.demand(at).iter().enumerate().filter(move |(place, candidate)| {
            let is_free = || {
                let used = self.used.get(&candidate.observation).copied().unwrap_or_default();
                used < (self.number)(candidate.observation)
            };
            let fits = own
                .map_or_else(|| (least..=most).contains(place) && is_free(), |own| own == *place);
            fits && candidate.span.meets(&span)
        })
    }

    /// Narrows all spans as far as it goes; false when one has become empty.
    fn narrow(&mut self, meter: &mut Meter) -> Result<bool, BudgetSpent> {
        let mut changed = true;
        while changed {
            changed = false;
            for at in 0..self.spans.len() {
                meter.spend(1 + self.demand(at).len())?;
                let from = self.left(at).map(|(_, candidate)| candidate.span.from).min();
                let until = self.left(at).map(|(_, candidate)| candidate.span.until).max();
                let (Some(from), Some(until)) = (from, until) else { return Ok(false) };
                changed |= self.cut(at..at + 1, from, until);
            }
            for place in 0..self.shape.windows.len() {
                let Some((range, width)) = self.shape.windows.get(place).cloned() else { continue };
                meter.spend(range.len())?;
                let (latest, earliest) = (self.latest_start(&range), self.earliest_end(&range));
                changed |= self.cut(
                    range,
                    latest.less_than_before(width),
                    earliest.less_than_after(width),
                );
            }
            for place in 0..self.shape.orders.len() {
                let Some((before, after)) = self.shape.orders.get(place).cloned() else { continue };
                meter.spend(before.len() + after.len())?;
                let (latest, earliest) = (self.latest_start(&before), self.earliest_end(&after));
                changed |= self.cut(after, latest, Tick::LAST);
                changed |= self.cut(before, Tick::FIRST, earliest);
            }
            if self.spans.iter().any(Span::is_empty) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn latest_start(&self, range: &Range<usize>) -> Tick {
        range.clone().map(|at| self.span(at).from).max().unwrap_or(Tick::FIRST)
    }

    fn earliest_end(&self, range: &Range<usize>) -> Tick {
        range.clone().map(|at| self.span(at).until).min().unwrap_or(Tick::LAST)
    }

    fn cut(&mut self, range: Range<usize>, from: Tick, until: Tick) -> bool {
        let mut changed = false;
        for at in range {
            if let Some(span) = self.spans.get_mut(at)
                && (from > span.from || until < span.until)
            {
                self.trail.push((at, *span));
                *span = Span { from: span.from.max(from), until: span.until.min(until) };
                changed = true;
            }
        }
        changed
    }

    /// Whether there are enough observations for the demands that are left, times aside.
    fn enough(&self, meter: &mut Meter) -> Result<bool, BudgetSpent> {
        let mut demands = Vec::new();
        for at in 0..self.taken.len() {
            if self.taken.get(at).is_some_and(Option::is_none) {
                meter.spend(self.demand(at).len())?;
                demands.push(flow::Demand::new(1, self.left(at).map(|(_, candidate)| candidate)));
            }
        }
        let free = |observation: usize| {
            let used = self.used.get(&observation).copied().unwrap_or_default();
            (self.number)(observation).saturating_sub(used)
        };
        Ok(flow::assign(&demands, &free, meter)?.is_some())
    }
}
