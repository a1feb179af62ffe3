//! From the tree of a pattern to what is carried out.

use super::test::Condition;
use crate::pattern::ast::{Comparison, Expression, Qualifier, Test};
use crate::pattern::values::decimal::Decimal;

/// Which observations have to be there, and when (section 9.5).
#[derive(Debug, Clone)]
pub(crate) enum Plan {
    /// One observation that the condition of that place is true of.
    One(usize),
    All(Vec<Self>),
    Any(Vec<Self>),
    Sequence(Vec<Self>),
    Repeat(Box<Self>, u64),
    /// Within that many attoseconds.
    Within(Box<Self>, i128),
    /// From the first instant on and before the second, in attoseconds since 1970.
    During(Box<Self>, i128, i128),
}

/// Gives each comparison a place in the list of comparisons; `None` where it is invalid.
pub(crate) type AddTest<'t> = &'t mut dyn FnMut(&Test) -> Option<usize>;

impl Plan {
    /// The plan of an expression. Conditions are added to their list, comparisons where `add` has them.
    pub(crate) fn new(
        expression: &Expression,
        conditions: &mut Vec<Condition>,
        add: AddTest<'_>,
    ) -> Option<Self> {
        let mut all = |parts: &[Expression]| -> Option<Vec<Self>> {
            parts.iter().map(|part| Self::new(part, conditions, add)).collect()
        };
        Some(match expression {
            Expression::And(parts) => Self::All(all(parts)?),
            Expression::Or(parts) => Self::Any(all(parts)?),
            Expression::FollowedBy(parts) => Self::Sequence(all(parts)?),
            Expression::Observation(observation) => {
                let condition = condition(&observation.0, add)?;
                conditions.push(condition);
                Self::One(conditions.len() - 1)
            }
            Expression::Qualified(inner, qualifier) => {
                let inner = Box::new(Self::new(inner, conditions, add)?);
                match qualifier {
                    Qualifier::Repeats(times) => Self::Repeat(inner, *times),
                    Qualifier::Within(seconds) => {
                        let width = Decimal::parse(&seconds.0)?.scaled(18).max(1);
                        Self::Within(inner, width)
                    }
                    Qualifier::StartStop(start, stop) => {
                        Self::During(inner, start.attoseconds(), stop.attoseconds())
                    }
                }
            }
        })
    }
}

fn condition(comparison: &Comparison, add: AddTest<'_>) -> Option<Condition> {
    let mut all = |parts: &[Comparison]| -> Option<Vec<Condition>> {
        parts.iter().map(|part| condition(part, add)).collect()
    };
    Some(match comparison {
        Comparison::And(parts) => Condition::All(all(parts)?),
        Comparison::Or(parts) => Condition::Any(all(parts)?),
        Comparison::Test(test) => Condition::Test(add(test)?),
    })
}
