//! Many patterns at once.
//!
//! Every pair of brackets needs some comparison to be true: of those joined with `AND` the one that is likely the
//! rarest, of those joined with `OR` each. These comparisons lie in an index by type of object, path and constant. An
//! observation is looked up in it once; only brackets of which a needed comparison was hit are evaluated, each
//! comparison once for all the patterns that make it, and only patterns with brackets that hold are looked at as wholes.

mod index;
mod probe;
mod shared;
mod slab;

use std::collections::{BTreeMap, BTreeSet};

use super::Pattern;
use super::budget::{Budget, BudgetSpent, Meter};
use super::evaluate::Match;
use super::evaluate::compile::Plan;
use super::evaluate::test::Condition;
use super::observed::{Observations, Observed};
use super::solve::solve;
use crate::json::Value;
use index::Index;
use shared::Tests;
use slab::Slab;

/// Patterns that stand together, each under a key.
///
/// ```
/// use comity_stix::Limits;
/// use comity_stix::pattern::{Bare, Budget, Observations, PatternSet};
///
/// let mut standing = PatternSet::new();
/// standing.insert("small", &"[file:size < 100]".parse()?);
/// standing.insert("named", &"[file:name LIKE '%.exe']".parse()?);
///
/// let objects: [&[u8]; 2] = [
///     br#"{"type":"file","id":"file--1","name":"a.exe"}"#,
///     br#"{"type":"observed-data","number_observed":1,"object_refs":["file--1"]}"#,
/// ];
/// let observations = Observations::of(objects, Bare::Ignored, &Limits::default())?;
/// let found = standing.find_all(&observations, &Budget::default());
/// assert_eq!(found.matches.len(), 1);
/// assert_eq!(found.matches[0].0, "named");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Cost
///
/// With *p* patterns, looking up a value takes time in *log p* for `=`, `IN`, `ISSUBSET`, `ISSUPERSET` and the beginning
/// of a `LIKE`; its length times *log p* for the inside of a `LIKE` and the literal part of a `MATCHES`; and in
/// proportion to the comparisons that are true for `<`, `<=`, `>` and `>=`. In proportion to the patterns that make
/// them, on every value at the path, are: `!=`, `NOT`, `EXISTS`, `true`, a `LIKE` that begins with a wildcard and has no
/// four characters in a row, a `MATCHES` without four in a row that are sure to be there, or with other flags than an
/// `(?i)` in front (after which `k` and `s` are not sure). So write beside
/// them, with `AND`, a comparison that is rarely true.
///
/// Memory is in proportion to the patterns; equal comparisons are kept once, in any number of patterns. While
/// observations are matched, it is in proportion to what is hit.
#[derive(Debug, Clone)]
pub struct PatternSet<K> {
    keys: BTreeMap<K, usize>,
    patterns: Slab<Standing<K>>,
    tests: Tests,
    index: Index,
}

/// What came of matching a set of patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetMatches<K> {
    /// The patterns that match, in the order of their keys.
    pub matches: Vec<(K, Match)>,
    /// The patterns whose budget was spent before the answer, in the order of their keys: they match or they don't.
    pub undecided: Vec<K>,
}

/// A place in a pattern: its number, and that of its brackets.
type Brackets = (usize, usize);

#[derive(Debug, Clone)]
struct Standing<K> {
    key: K,
    plan: Plan,
    conditions: Vec<Condition>,
    /// For each of the brackets, the comparisons of which one has to be true.
    needed: Vec<Vec<usize>>,
    /// All comparisons, once for each time they are made.
    made: Vec<usize>,
}

impl<K> Default for PatternSet<K> {
    fn default() -> Self {
        Self {
            keys: BTreeMap::new(),
            patterns: Slab::default(),
            tests: Tests::default(),
            index: Index::default(),
        }
    }
}

impl<K: Ord + Clone> PatternSet<K> {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a pattern; true if one stood under the key already, which is gone then.
    pub fn insert(&mut self, key: K, pattern: &Pattern) -> bool {
        let replaced = self.remove(&key);
        let mut made = Vec::new();
        let mut conditions = Vec::new();
        let tests = &mut self.tests;
        let plan = Plan::new(pattern.expression(), &mut conditions, &mut |test| {
            let at = tests.add(test)?;
            made.push(at);
            Some(at)
        });
        let Some(plan) = plan else {
            // A constant that turns out to be invalid: it matches nothing (section 9.4), and stands there doing so.
            for test in made {
                self.tests.release(test);
            }
            self.keys.insert(key, usize::MAX);
            return replaced;
        };
        let needed: Vec<_> = conditions.iter().map(|one| probe::needed(one, &self.tests)).collect();
        let standing = Standing { key: key.clone(), plan, conditions, needed, made };
        let at = self.patterns.insert(standing);
        self.keys.insert(key, at);
        let needed = self.patterns.get(at).map_or(&[][..], |standing| &standing.needed);
        for (brackets, tests) in needed.iter().enumerate() {
            for test in tests {
                if let Some(shared) = self.tests.get_mut(*test) {
                    if shared.wakes.is_empty() {
                        shared.probes = self.index.add(&shared.compiled, *test);
                    }
                    shared.wakes.insert((at, brackets));
                }
            }
        }
        replaced
    }

    /// Takes a pattern out; true if there was one under the key.
    pub fn remove(&mut self, key: &K) -> bool {
        let Some(at) = self.keys.remove(key) else { return false };
        let Some(standing) = self.patterns.remove(at) else { return true };
        for (brackets, tests) in standing.needed.iter().enumerate() {
            for test in tests {
                if let Some(shared) = self.tests.get_mut(*test)
                    && shared.wakes.remove(&(at, brackets))
                    && shared.wakes.is_empty()
                {
                    let probes = std::mem::take(&mut shared.probes);
                    self.index.remove(&shared.compiled, *test, &probes);
                }
            }
        }
        for test in standing.made {
            self.tests.release(test);
        }
        true
    }

    /// Whether a pattern stands under the key.
    pub fn contains(&self, key: &K) -> bool {
        self.keys.contains_key(key)
    }

    /// How many patterns there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys, in their order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.keys.keys()
    }

    /// Matches all patterns against the observations, each as [`Matcher`](super::Matcher) would alone and each with a
    /// budget of its own; looking up an observation has one as well. See above for what it costs.
    pub fn find_all(&self, observations: &Observations<'_>, budget: &Budget) -> SetMatches<K> {
        let mut work = Work { set: self, budget: *budget, patterns: BTreeMap::new() };
        for (index, observed) in observations.iter().enumerate() {
            work.observe(index, observed);
        }
        work.finish(observations)
    }
}

/// A set while it is matched.
struct Work<'s, K> {
    set: &'s PatternSet<K>,
    budget: Budget,
    /// The patterns that were touched.
    patterns: BTreeMap<usize, Touched>,
}

#[derive(Debug)]
struct Touched {
    /// For each of the brackets, the observations they are true of.
    found: Vec<Vec<usize>>,
    is_undecided: bool,
}

impl<K: Ord + Clone> Work<'_, K> {
    fn observe(&mut self, index: usize, observed: Observed<'_, '_>) {
        let mut meter = Meter::new(self.budget);
        for (type_, object) in observed.objects() {
            let Some(tests) = self.set.index.of_type(type_) else { continue };
            let mut hits = Vec::new();
            if tests.hits(observed, object, &mut hits, &mut meter).is_err() {
                // Any of them might have been hit.
                for (pattern, _) in self.woken(&tests.all()) {
                    if let Some(touched) = self.touch(pattern) {
                        touched.is_undecided = true;
                    }
                }
                continue;
            }
            hits.sort_unstable();
            hits.dedup();
            let mut known = BTreeMap::new();
            for (pattern, brackets) in self.woken(&hits) {
                self.evaluate(
                    (pattern, brackets),
                    index,
                    (observed, type_, object),
                    &hits,
                    &mut known,
                );
            }
        }
    }

    /// The brackets that need one of these comparisons.
    fn woken(&self, tests: &[usize]) -> BTreeSet<Brackets> {
        let shared = tests.iter().filter_map(|test| self.set.tests.get(*test));
        shared.flat_map(|shared| &shared.wakes).copied().collect()
    }

    fn touch(&mut self, pattern: usize) -> Option<&mut Touched> {
        let standing = self.set.patterns.get(pattern)?;
        Some(self.patterns.entry(pattern).or_insert_with(|| Touched {
            found: vec![Vec::new(); standing.conditions.len()],
            is_undecided: false,
        }))
    }

    /// Evaluates brackets from one object. `known` holds what comparisons said of the object already.
    fn evaluate<'o>(
        &mut self,
        (pattern, brackets): Brackets,
        index: usize,
        (observed, type_, object): (Observed<'o, '_>, &str, Value<'o, '_>),
        hits: &[usize],
        known: &mut BTreeMap<usize, bool>,
    ) {
        let set = self.set;
        let mut meter = Meter::new(self.budget);
        let condition =
            set.patterns.get(pattern).and_then(|standing| standing.conditions.get(brackets));
        let (Some(condition), Some(touched)) = (condition, self.touch(pattern)) else { return };
        let Some(found) = touched.found.get_mut(brackets) else { return };
        if touched.is_undecided || found.last() == Some(&index) {
            return;
        }
        let meter = &mut meter;
        let holds = condition.holds(&mut |test| {
            meter.spend(1)?;
            if let Some(known) = known.get(&test) {
                return Ok(*known);
            }
            let Some(shared) = set.tests.get(test) else { return Ok(false) };
            // What is in the index and was not hit is false.
            let can_be = shared.wakes.is_empty() || hits.binary_search(&test).is_ok();
            let holds = can_be
                && shared.compiled.path.object_type == type_
                && shared.compiled.holds(observed, object, meter)?;
            known.insert(test, holds);
            Ok(holds)
        });
        match holds {
            Ok(true) => found.push(index),
            Ok(false) => {}
            Err(BudgetSpent) => touched.is_undecided = true,
        }
    }

    fn finish(self, observations: &Observations<'_>) -> SetMatches<K> {
        let mut found = SetMatches { matches: Vec::new(), undecided: Vec::new() };
        for (pattern, touched) in self.patterns {
            let mut meter = Meter::for_all(self.budget, observations.len());
            let Some(standing) = self.set.patterns.get(pattern) else { continue };
            if !touched.is_undecided && touched.found.iter().all(Vec::is_empty) {
                continue;
            }
            let which = |at: usize| touched.found.get(at).map_or(&[][..], Vec::as_slice);
            let solved = if touched.is_undecided {
                Err(BudgetSpent)
            } else {
                solve(&standing.plan, which, observations, &mut meter)
            };
            match solved {
                Ok(Some(one)) => found.matches.push((standing.key.clone(), one)),
                Ok(None) => {}
                Err(BudgetSpent) => found.undecided.push(standing.key.clone()),
            }
        }
        found.matches.sort_by(|(a, _), (b, _)| a.cmp(b));
        found.undecided.sort();
        found
    }
}

#[cfg(test)]
mod tests;
