//! What a comparison needs of a value, as something to look up; and which comparisons a pair of brackets needs.

use std::cmp::Ordering;

use super::shared::{Shared, Tests};
use crate::pattern::ast::Step;
use crate::pattern::evaluate::test::{Compiled, Condition, Predicate};
use crate::pattern::values::Key;
use crate::pattern::values::network::Network;

/// So many octets, one after the other, are looked up, capital letters of ASCII as small ones.
pub(super) const GRAM: usize = 4;

/// Octets that stand in a value.
pub(super) type Gram = [u8; GRAM];

/// A place in the index of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Probe {
    /// On a value equal to that.
    Equal(Key),
    /// On a value above that, or equal.
    Above(Key),
    /// On a value below that, or equal.
    Below(Key),
    /// On a network within that one.
    Within(Network),
    /// On a network around that one.
    Around(Network),
    /// On a text that starts so.
    Start(String),
    /// On a text that holds all of these; the index chooses one.
    Holds(Vec<Gram>),
    /// On any value.
    Value,
}

/// The probes of a comparison: it can be true only if one of them is hit. None if it can't be true.
pub(super) fn probes(test: &Compiled) -> Vec<Probe> {
    vec![match &test.predicate {
        Predicate::There if test.negated => return Vec::new(),
        _ if test.negated => Probe::Value,
        Predicate::There | Predicate::Unequal(_) => Probe::Value,
        Predicate::Never => return Vec::new(),
        Predicate::OneOf(keys) => return keys.iter().cloned().map(Probe::Equal).collect(),
        Predicate::Ordered(Ordering::Greater, _, key) => Probe::Above(key.clone()),
        Predicate::Ordered(_, _, key) => Probe::Below(key.clone()),
        Predicate::Subset(network) => Probe::Within(*network),
        Predicate::Superset(network) => Probe::Around(*network),
        Predicate::Like(like) => {
            let (start, grams) = (like.prefix(), grams(&like.literal()));
            match start.len() {
                0..GRAM if !grams.is_empty() => Probe::Holds(grams),
                0 => Probe::Value,
                _ => Probe::Start(start),
            }
        }
        Predicate::Matches(expression) => match grams(expression.literal()) {
            grams if grams.is_empty() => Probe::Value,
            grams => Probe::Holds(grams),
        },
    }]
}

fn grams(literal: &str) -> Vec<Gram> {
    // Of a long literal the beginning will do.
    literal.to_ascii_lowercase().as_bytes().array_windows().take(64).copied().collect()
}

/// The comparisons of which one has to be true for the condition to be: few, and rarely true.
pub(super) fn needed(condition: &Condition, tests: &Tests) -> Vec<usize> {
    let (_, mut needed) = choose(condition, tests);
    needed.sort_unstable();
    needed.dedup();
    needed
}

/// How often, in a sense, one of the comparisons will be hit, and which these are.
fn choose(condition: &Condition, tests: &Tests) -> (u64, Vec<usize>) {
    match condition {
        Condition::Test(at) => (tests.get(*at).map_or(0, cost), vec![*at]),
        Condition::All(parts) => {
            let all = parts.iter().map(|part| choose(part, tests));
            all.min_by_key(|(cost, _)| *cost).unwrap_or_default()
        }
        Condition::Any(parts) => parts.iter().map(|part| choose(part, tests)).fold(
            (0, Vec::new()),
            |(cost, mut needed), (more, others)| {
                needed.extend(others);
                (cost.saturating_add(more), needed)
            },
        ),
    }
}

/// How common values are that hit a comparison. Only the order of the numbers matters.
fn cost(shared: &Shared) -> u64 {
    // What wakes many already is better left alone.
    let crowd = 20 * shared.wakes.len() as u64;
    let compiled = &shared.compiled;
    let is_type =
        matches!(compiled.path.steps.last(), Some(Step::Property(name)) if name == "type");
    let one = |probe: &Probe| match probe {
        Probe::Equal(Key::Boolean(_)) => 50_000,
        Probe::Equal(Key::Text(_)) if is_type => 20_000,
        // Long values are seldom shared.
        Probe::Equal(Key::Text(text)) => 10 + 1_000 / (text.len() as u64 + 1),
        Probe::Equal(Key::Bytes(bytes)) => 10 + 1_000 / (bytes.len() as u64 + 1),
        Probe::Equal(Key::Number(number)) => 10 + 1_000 / (number.digits() as u64 + 1),
        Probe::Equal(Key::Time(_)) => 20,
        Probe::Within(network) => 20 + (1_000_000 >> (network.prefix().min(32) / 2)),
        Probe::Around(_) => 500,
        Probe::Start(start) => 50 + 5_000 / (start.len() as u64 + 1),
        Probe::Holds(grams) => 50 + 5_000 / (grams.len() as u64 + 1),
        Probe::Above(_) | Probe::Below(_) => 100_000,
        Probe::Value => 200_000,
    };
    probes(compiled).iter().map(one).fold(crowd, u64::saturating_add)
}
