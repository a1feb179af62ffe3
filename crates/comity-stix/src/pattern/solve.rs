//! Which observations stand for which part of a pattern (sections 9.5.1 and 9.5.2).
//!
//! A plan with its candidates becomes an alternative without `OR` (a [`Shape`]): so many observations out of these
//! candidates, these within a window, those not before these. An alternative without times is a question of flow, with
//! one window around all of it a question of flow for each place of the window; both take polynomial time. The rest is
//! searched, with everything ruled out that the times and the numbers rule out.

mod flow;
mod search;
mod shape;
mod sweep;
mod time;

use super::budget::{BudgetSpent, Meter};
use super::evaluate::Match;
use super::evaluate::compile::Plan;
use super::observed::Observations;
use shape::{Node, Shape};
use time::{Span, Tick};

/// Finds a match of a plan. `found` gives the observations each condition of the pattern is true of, ascending.
pub(crate) fn solve<'f>(
    plan: &Plan,
    found: impl Fn(usize) -> &'f [usize],
    observations: &Observations<'_>,
    meter: &mut Meter,
) -> Result<Option<Match>, BudgetSpent> {
    let ground = Ground { found: &found, observations };
    let Some(node) = ground.node(plan, Limits::default(), meter)? else { return Ok(None) };
    let mut used = Vec::new();
    node.observations(&mut used);
    used.sort_unstable();
    used.dedup();
    let numbers = used.iter().filter_map(|at| Some(observations.get(*at)?.number_observed()));
    if node.least() > numbers.fold(0, u64::saturating_add) {
        return Ok(None);
    }
    let number = |at: usize| observations.get(at).map_or(0, |observed| observed.number_observed());
    let mut choices = Vec::new();
    loop {
        let shape = Shape::build(&node, &mut choices, meter)?;
        if let Some(observations) = shape.solve(&number, meter)? {
            return Ok(Some(Match { observations }));
        }
        if !shape::next(&mut choices) {
            return Ok(None);
        }
    }
}

/// One way to fill a part of a pattern with one observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// When it may have been; of an unknown time where nothing asks for it.
    span: Span,
    observation: usize,
}

/// What the qualifiers around a part ask of the times in it.
#[derive(Debug, Clone, Copy, Default)]
struct Limits {
    timed: bool,
    from: Option<i128>,
    until: Option<i128>,
}

struct Ground<'g, 'a, F> {
    found: &'g F,
    observations: &'g Observations<'a>,
}

impl<'f, F: Fn(usize) -> &'f [usize]> Ground<'_, '_, F> {
    /// A plan with its candidates, or `None` where there are too few to go on. `START` and `STOP` end up in the spans
    /// of the candidates.
    fn node(
        &self,
        plan: &Plan,
        limits: Limits,
        meter: &mut Meter,
    ) -> Result<Option<Node>, BudgetSpent> {
        meter.spend(1)?;
        let timed = Limits { timed: true, ..limits };
        Ok(match plan {
            Plan::One(condition) => {
                let which = (self.found)(*condition);
                meter.spend(which.len())?;
                let mut candidates: Vec<_> =
                    which.iter().filter_map(|at| self.candidate(*at, limits)).collect();
                candidates.sort_unstable();
                (!candidates.is_empty()).then_some(Node::Slot(candidates))
            }
            Plan::All(parts) => self.all(parts, limits, meter)?.map(Node::All),
            Plan::Sequence(parts) => self.all(parts, timed, meter)?.map(Node::Sequence),
            Plan::Any(parts) => {
                let mut nodes = Vec::new();
                for part in parts {
                    nodes.extend(self.node(part, limits, meter)?);
                }
                Node::any(nodes)
            }
            Plan::Repeat(part, count) => {
                self.node(part, limits, meter)?.map(|node| Node::repeat(node, *count))
            }
            Plan::Within(part, width) => {
                self.node(part, timed, meter)?.map(|node| Node::within(node, *width))
            }
            Plan::During(part, from, until) => {
                let from = limits.from.map_or(*from, |other| other.max(*from));
                let until = limits.until.map_or(*until, |other| other.min(*until));
                let within = Limits { timed: true, from: Some(from), until: Some(until) };
                self.node(part, within, meter)?
            }
        })
    }

    fn all(
        &self,
        parts: &[Plan],
        limits: Limits,
        meter: &mut Meter,
    ) -> Result<Option<Vec<Node>>, BudgetSpent> {
        let mut nodes = Vec::with_capacity(parts.len());
        for part in parts {
            let Some(node) = self.node(part, limits, meter)? else { return Ok(None) };
            nodes.push(node);
        }
        Ok(Some(nodes))
    }

    fn candidate(&self, observation: usize, limits: Limits) -> Option<Candidate> {
        let observed = self.observations.get(observation)?;
        let seen = observed.first_observed().zip(observed.last_observed());
        let span = match seen {
            Some((first, last)) => {
                let mut span = Span::closed(first.attoseconds(), last.attoseconds());
                span.from = limits.from.map_or(span.from, |from| span.from.max(Tick::at(from)));
                span.until =
                    limits.until.map_or(span.until, |until| span.until.min(Tick::before(until)));
                span
            }
            None if limits.timed => return None,
            None => Span::closed(0, 0),
        };
        (span.from <= span.until).then_some(Candidate { span, observation })
    }
}

#[cfg(test)]
pub(super) mod tests;
