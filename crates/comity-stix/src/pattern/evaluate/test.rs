//! A single comparison (section 9.6), compiled, and what joins several of one observation.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::kind::goes_with;
use super::like::Like;
use super::path::visit;
use super::regex::Expression;
use crate::json::Value;
use crate::pattern::ast::{Constant, ObjectPath, Operand, Operator, Test};
use crate::pattern::budget::{BudgetSpent, Meter};
use crate::pattern::observed::Observed;
use crate::pattern::values::network::Network;
use crate::pattern::values::{Datum, Encoding, Key, code_points};

/// A comparison that can be made.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    pub(crate) path: ObjectPath,
    pub(crate) encoding: Encoding,
    /// `NOT`: the comparison as a whole is turned round (section 9.6.1).
    pub(crate) negated: bool,
    pub(crate) predicate: Predicate,
}

/// What is asked of a value.
#[derive(Debug, Clone)]
pub(crate) enum Predicate {
    /// `EXISTS`: that it is there.
    There,
    /// A constant that no value can be equal to.
    Never,
    /// `=`, and `IN` one constant or several, sorted.
    OneOf(Vec<Key>),
    /// `!=`; `None` where the constant can't be compared with such values at all.
    Unequal(Option<Key>),
    /// `<`, `<=`, `>`, `>=`: which way, and whether equal will do.
    Ordered(Ordering, bool, Key),
    /// `LIKE`.
    Like(Like),
    /// `MATCHES`.
    Matches(Box<Expression>),
    /// `ISSUBSET`.
    Subset(Network),
    /// `ISSUPERSET`.
    Superset(Network),
}

impl Compiled {
    /// `None` of a comparison whose constant is invalid, such as an expression that does not compile: a pattern with
    /// one matches nothing (section 9.4).
    pub(crate) fn new(test: &Test) -> Option<Self> {
        let encoding = Encoding::of(&test.path);
        let predicate = Predicate::new(test, encoding)?;
        Some(Self { path: test.path.clone(), encoding, negated: test.negated, predicate })
    }

    /// Whether an object passes. A path that leads nowhere fails the comparison, with `NOT` as well (section 9.6);
    /// of several values that `[*]` gives, one is enough (section 9.7.2). That goes for `NOT EXISTS` too: the rule holds regardless of operators, so
    /// that it is false whether the property is there or not.
    pub(crate) fn holds<'o>(
        &self,
        observed: Observed<'o, '_>,
        object: Value<'o, '_>,
        meter: &mut Meter,
    ) -> Result<bool, BudgetSpent> {
        let (mut any, mut passed) = (false, false);
        visit(observed, object, &self.path.steps, meter, |value, meter| {
            if matches!(self.predicate, Predicate::There) {
                (any, passed) = (true, true);
            } else if let Some(datum) = Datum::read(value, self.encoding) {
                any = true;
                passed = self.predicate.accepts(&datum, meter)?;
            }
            Ok(if passed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(any && passed != self.negated)
    }
}

impl Predicate {
    fn new(comparison: &Test, encoding: Encoding) -> Option<Self> {
        let key = |constant: &Constant| {
            goes_with(&comparison.path, constant).then(|| Key::of(constant, encoding)).flatten()
        };
        Some(match (comparison.operator, &comparison.operand) {
            (Operator::Exists, Operand::None) => Self::There,
            (Operator::In, Operand::Set(constants)) => {
                let mut keys: Vec<Key> = constants.iter().filter_map(key).collect();
                keys.sort_unstable();
                keys.dedup();
                Self::OneOf(keys)
            }
            (Operator::Equal, Operand::One(constant)) => {
                Self::OneOf(key(constant).into_iter().collect())
            }
            (Operator::NotEqual, Operand::One(constant)) => Self::Unequal(key(constant)),
            (operator, Operand::One(Constant::Text(text))) if operator > Operator::In => {
                Self::of_text(operator, text, encoding)?
            }
            (operator, Operand::One(constant)) => {
                let (way, or_equal) = match operator {
                    Operator::Greater => (Ordering::Greater, false),
                    Operator::GreaterOrEqual => (Ordering::Greater, true),
                    Operator::Less => (Ordering::Less, false),
                    Operator::LessOrEqual => (Ordering::Less, true),
                    _ => return None,
                };
                match key(constant) {
                    // Truth has no order (section 9.6.1: numerically or lexically).
                    None | Some(Key::Boolean(_)) => Self::Never,
                    Some(key) => Self::Ordered(way, or_equal, key),
                }
            }
            _ => return None,
        })
    }

    fn of_text(operator: Operator, text: &str, encoding: Encoding) -> Option<Self> {
        Some(match operator {
            Operator::Like => Self::Like(Like::new(text)),
            Operator::Matches if encoding.is_binary() && !all_octets(text) => Self::Never,
            Operator::Matches => {
                Self::Matches(Box::new(Expression::new(text, encoding.is_binary())?))
            }
            Operator::IsSubset => Self::Subset(Network::parse(text)?),
            Operator::IsSuperset => Self::Superset(Network::parse(text)?),
            _ => return None,
        })
    }

    /// Whether a value passes. What can't be compared does not, but for `!=` (section 9.6.1).
    pub(crate) fn accepts(
        &self,
        datum: &Datum<'_>,
        meter: &mut Meter,
    ) -> Result<bool, BudgetSpent> {
        meter.spend(1 + datum.size() / 16)?;
        Ok(match self {
            Self::There => true,
            Self::Never => false,
            Self::OneOf(keys) => match keys.as_slice() {
                [key] => datum.compare(key) == Some(Ordering::Equal),
                keys => datum.keys().any(|key| keys.binary_search(&key).is_ok()),
            },
            Self::Unequal(key) => {
                key.as_ref().is_none_or(|key| datum.compare(key) != Some(Ordering::Equal))
            }
            Self::Ordered(way, or_equal, key) => datum
                .compare(key)
                .is_some_and(|order| order == *way || *or_equal && order == Ordering::Equal),
            Self::Like(like) => match datum {
                Datum::Text(text) => with_normal(text, |text| like.matches(text, meter))?,
                Datum::Bytes(bytes) => like.matches(&code_points(bytes), meter)?,
                _ => false,
            },
            Self::Matches(expression) => match datum {
                Datum::Text(text) => {
                    with_normal(text, |text| expression.matches_text(text, meter))?
                }
                Datum::Bytes(bytes) => expression.matches_bytes(bytes, meter)?,
                _ => false,
            },
            Self::Subset(network) => address(datum).is_some_and(|value| network.contains(&value)),
            Self::Superset(network) => address(datum).is_some_and(|value| value.contains(network)),
        })
    }
}

/// Comparisons of one pair of brackets (section 9.6), by their places in a list of comparisons.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Test(usize),
}

impl Condition {
    /// Whether it is true, given what each comparison says.
    pub(crate) fn holds(
        &self,
        test: &mut impl FnMut(usize) -> Result<bool, BudgetSpent>,
    ) -> Result<bool, BudgetSpent> {
        match self {
            Self::Test(at) => test(*at),
            Self::All(parts) => {
                for part in parts {
                    if !part.holds(test)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Any(parts) => {
                for part in parts {
                    if part.holds(test)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }
}

fn all_octets(text: &str) -> bool {
    text.nfc().all(|character| u32::from(character) < 0x100)
}

/// Texts are normalised before `LIKE` and `MATCHES` look at them (section 9.6.2).
pub(crate) fn with_normal<T>(text: &str, look: impl FnOnce(&str) -> T) -> T {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        look(text)
    } else {
        look(&text.nfc().collect::<String>())
    }
}

/// The network a value names.
pub(crate) fn address(datum: &Datum<'_>) -> Option<Network> {
    match datum {
        Datum::Text(text) => Network::parse(text),
        _ => None,
    }
}
