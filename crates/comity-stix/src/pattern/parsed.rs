//! A whole pattern.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::ast::{Comparison, Expression, ObjectPath, Observation, Test};
use super::error::PatternError;
use super::parser;

/// Bounds on a pattern, checked before work is done or memory taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatternLimits {
    /// Size of the text, in bytes.
    pub bytes: usize,
    /// How many brackets and parentheses may be open at once, and how many steps a path may have. Never more than 128.
    pub depth: usize,
    /// How many comparisons a pattern may make; each element of a set is one.
    pub comparisons: usize,
    /// How many regular expressions a pattern may have; to read one costs more than to read anything else.
    pub expressions: usize,
    /// Size of one regular expression, in bytes.
    pub expression_bytes: usize,
}

impl Default for PatternLimits {
    fn default() -> Self {
        Self {
            bytes: 1 << 20,
            depth: 64,
            comparisons: 10_000,
            expressions: 100,
            expression_bytes: 4_096,
        }
    }
}

/// A pattern of STIX 2.1 that was read and found good: every rule of section 9 that can be judged without the
/// objects holds.
///
/// It is printed in its canonical form, described in [`pattern`](crate::pattern), and two patterns with the same
/// canonical form are equal.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    expression: Expression,
}

impl Pattern {
    /// Reads a pattern (section 9). A text that breaks a rule is refused whole, with the first place that does.
    pub fn parse(text: &str, limits: &PatternLimits) -> Result<Self, PatternError> {
        match parser::parse(text, limits) {
            Ok(expression) => Ok(Self { expression }),
            Err(fault) => Err(fault.locate(text)),
        }
    }

    /// What the pattern says.
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The types of object that the pattern asks about, each once.
    pub fn object_types(&self) -> BTreeSet<&str> {
        self.paths().map(|path| path.object_type.as_str()).collect()
    }

    /// What the pattern looks at, comparison by comparison, in the order they are written.
    pub fn paths(&self) -> impl Iterator<Item = &ObjectPath> {
        self.expression.observations().flat_map(|part| part.0.tests()).map(|test| &test.path)
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::parse(text, &PatternLimits::default())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}

impl Expression {
    /// The bracketed parts, in the order they are written.
    pub fn observations(&self) -> impl Iterator<Item = &Observation> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            loop {
                match waiting.pop()? {
                    Self::Observation(observation) => return Some(observation),
                    Self::And(parts) | Self::Or(parts) | Self::FollowedBy(parts) => {
                        waiting.extend(parts.iter().rev());
                    }
                    Self::Qualified(part, _) => waiting.push(part),
                }
            }
        })
    }
}

impl Comparison {
    /// The single comparisons, in the order they are written.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            loop {
                match waiting.pop()? {
                    Self::Test(test) => return Some(test),
                    Self::And(parts) | Self::Or(parts) => waiting.extend(parts.iter().rev()),
                }
            }
        })
    }
}
