//! Whether observations match a pattern, and which of them make the match (section 9).

pub(crate) mod compile;
mod kind;
pub(crate) mod like;
pub(crate) mod path;
pub(crate) mod regex;
pub(crate) mod test;

use super::budget::{Budget, BudgetSpent, Meter};
use super::observed::{Observations, Observed};
use super::solve::solve;
use super::{Expression, Pattern};
use compile::Plan;
use test::{Compiled, Condition};

/// A pattern ready to be evaluated: its regular expressions are compiled, its constants decoded.
///
/// What the text leaves to the reader is read so:
///
/// - Observed-data stands for `number_observed` observations (section 9.1), each at a time of its own between
///   `first_observed` and `last_observed`. It can stand for as many parts of a match, and no more: `[a] AND [b]`
///   needs two observations (section 9.5), which may be one observed-data that was seen twice.
/// - A match is there when each observation that takes part can be given a time within its bounds such that all
///   qualifiers and all `FOLLOWEDBY` hold together. `WITHIN 5 SECONDS` is less than five (section 9.5.1).
/// - A path that leads nowhere makes its comparison false, with `NOT` as well (section 9.6): `regardless of the
///   operators`, so that `NOT EXISTS` is never true.
/// - `NOT` turns the whole comparison round (section 9.6.1): `a[*] NOT = 'b'` is true when there are elements and
///   none is `'b'`; `a[*] != 'b'` when one of them is not.
/// - A property whose name ends in `_bin` or `_hex` is octets (section 9.6.4). Octets that can't be decoded can't be
///   obtained, and are as good as not there.
/// - A list or an object compares with no constant; so does null.
/// - A string is compared with a timestamp constant as a timestamp, if it is one; of a property of the standard, if it is
///   a timestamp by the tables, and with nothing else then (section 9.2).
#[derive(Debug, Clone)]
pub struct Matcher {
    /// `None` of a pattern that holds an invalid constant and matches nothing (section 9.4).
    plan: Option<Plan>,
    conditions: Vec<Condition>,
    tests: Vec<Compiled>,
}

/// Observations that match a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Which observations it takes, as indices into [`Observations`], ascending, each once. There are others at
    /// times; these are one way to match.
    pub observations: Vec<usize>,
}

impl Matcher {
    /// Compiles a pattern.
    pub fn new(pattern: &Pattern) -> Self {
        Self::of(pattern.expression())
    }

    pub(crate) fn of(expression: &Expression) -> Self {
        let mut tests = Vec::new();
        let mut conditions = Vec::new();
        let plan = Plan::new(expression, &mut conditions, &mut |test| {
            tests.push(Compiled::new(test)?);
            Some(tests.len() - 1)
        });
        Self { plan, conditions, tests }
    }

    /// Finds observations that match, if there are any.
    ///
    /// A pattern of one pair of brackets takes time in proportion to the observations; so do those joined with `AND`,
    /// `OR` and `REPEATS`, but for the work of telling observations apart. With `WITHIN` and `FOLLOWEDBY` over many
    /// observations that nearly match, the time may grow fast: then the budget ends it.
    pub fn find(
        &self,
        observations: &Observations<'_>,
        budget: &Budget,
    ) -> Result<Option<Match>, BudgetSpent> {
        let Some(plan) = &self.plan else { return Ok(None) };
        let mut found = Vec::with_capacity(self.conditions.len());
        for condition in &self.conditions {
            let mut which = Vec::new();
            for (index, observed) in observations.iter().enumerate() {
                if self.any_object(condition, observed, &mut Meter::new(*budget))? {
                    which.push(index);
                }
            }
            found.push(which);
        }
        let mut meter = Meter::for_all(*budget, observations.len());
        solve(
            plan,
            |condition| found.get(condition).map_or(&[], Vec::as_slice),
            observations,
            &mut meter,
        )
    }

    /// Whether one of its objects is as the brackets say (section 9.5).
    fn any_object(
        &self,
        condition: &Condition,
        observed: Observed<'_, '_>,
        meter: &mut Meter,
    ) -> Result<bool, BudgetSpent> {
        for (type_, object) in observed.objects() {
            meter.spend(1)?;
            let holds = condition.holds(&mut |at| match self.tests.get(at) {
                Some(test) if test.path.object_type == type_ => test.holds(observed, object, meter),
                _ => Ok(false),
            })?;
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests;
