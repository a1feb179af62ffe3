//! Following: everything that becomes visible is looked at once by every pattern, in the order in which it did, whichever
//! process of this node admitted it; and by a pattern that came later too, in batches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use comity_model::{Digest, Holding};
use comity_stix::Limits;
use comity_stix::pattern::{Bare, Budget, Expression, Matcher, Observations, Pattern, PatternSet};
use serde_json::json;

use super::look::{Look, last_that_fit, read};
use super::sight::sighting;
use super::{Known, LIMITS, State, known, pattern_of};
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::{PatternPlace, PatternRow, PatternWork, Sighted, StoreError};

/// Objects that became visible, followed in one transaction.
const FOLLOWED: u32 = 2_000;
/// Observed-data looked at in one transaction.
const LOOKED: u32 = 50;
/// Observed-data that is put together to match one pattern, at the most.
const TOGETHER: u32 = 256;
/// What matching one pattern against one look may take: some milliseconds.
const BUDGET: Budget = Budget::steps(1_000_000);
/// Steps after which the indicators are read again even if no pattern came or went: one may have been revoked, or frozen.
const STEPS: u32 = 20;
/// Times that others may change what is looked at, before they get time to finish.
const CONFLICTS: u32 = 3;

/// Follows what becomes visible, and keeps the compiled patterns between its steps.
#[derive(Debug, Default)]
pub struct Follower {
    compiled: Option<Arc<Compiled>>,
    steps: u32,
    conflicts: u32,
}

/// Follows until nothing is left to do.
pub async fn catch_up(node: &Node) -> Result<()> {
    let mut follower = Follower::default();
    while follower.step(node).await? {}
    Ok(())
}

impl Follower {
    /// One step: one transaction. Gives whether there was anything to do; then call it again. Several processes may follow at
    /// once, and do nothing twice.
    pub async fn step(&mut self, node: &Node) -> Result<bool> {
        match self.go(node).await {
            Err(ExchangeError::Store(StoreError::Conflict(_))) => {
                self.compiled = None;
                self.conflicts += 1;
                Ok(!self.conflicts.is_multiple_of(CONFLICTS))
            }
            done => {
                self.conflicts = 0;
                done
            }
        }
    }

    async fn go(&mut self, node: &Node) -> Result<bool> {
        let place = node.store().pattern_place().await?;
        let compiled = self.compiled(node, place.generation).await?;
        if compiled.patterns.is_empty() {
            return Ok(false);
        }
        if place.followed < place.entered {
            return Ok(node.store().queue_observed(FOLLOWED).await?);
        }
        let due = node.store().observed_due(LOOKED).await?;
        if !due.is_empty() {
            let ids: Vec<String> = due.iter().map(|(id, _)| id.clone()).collect();
            let all = compiled.patterns.keys().copied().collect();
            let mut work = look(node, &compiled, place, &ids, &all).await?;
            work.due = due;
            node.store().pattern_work(work).await?;
            return Ok(true);
        }
        look_back(node, &compiled, place).await
    }

    /// The compiled patterns, made again where any of them came, went or changed its state.
    async fn compiled(&mut self, node: &Node, generation: u64) -> Result<Arc<Compiled>> {
        self.steps = self.steps.wrapping_add(1);
        if let Some(compiled) = &self.compiled
            && compiled.generation == generation
            && !self.steps.is_multiple_of(STEPS)
        {
            return Ok(Arc::clone(compiled));
        }
        let known = known(node, node.store().patterns().await?).await?;
        let basis = basis(&known);
        let compiled = match self.compiled.take() {
            Some(same) if same.generation == generation && same.basis == basis => same,
            _ => blocking(move || Ok(Arc::new(Compiled::new(generation, basis, known)))).await?,
        };
        self.compiled = Some(Arc::clone(&compiled));
        Ok(compiled)
    }
}

/// Patterns look at what was there before them: those that are furthest behind first, as far as the next ones are.
async fn look_back(node: &Node, compiled: &Arc<Compiled>, place: PatternPlace) -> Result<bool> {
    // how far they are changes with every step
    let rows = node.store().patterns().await?;
    let mut behind: Vec<&PatternRow> = rows
        .iter()
        .filter(|row| row.looked < row.goal && compiled.patterns.contains_key(&row.number))
        .collect();
    let Some(least) = behind.iter().map(|row| row.looked).min() else { return Ok(false) };
    let ends = behind.iter().flat_map(|row| [row.looked, row.goal]);
    let until = ends.filter(|end| *end > least).min().unwrap_or(least);
    behind.retain(|row| row.looked == least);
    let (ids, next) = node.store().observed_between(least, until, LOOKED).await?;
    let numbers = behind.iter().map(|row| row.number).collect();
    let mut work = look(node, compiled, place, &ids, &numbers).await?;
    work.looked = numbers.into_iter().map(|number| (number, least, next)).collect();
    node.store().pattern_work(work).await?;
    Ok(true)
}

/// One of the brackets of a pattern.
type Bracket = (u64, usize);

/// The patterns that stand.
#[derive(Debug)]
struct Compiled {
    generation: u64,
    basis: Digest,
    /// Every bracket of every pattern, as a pattern of its own.
    set: PatternSet<Bracket>,
    patterns: BTreeMap<u64, One>,
}

/// A pattern that stands.
#[derive(Debug)]
struct One {
    row: PatternRow,
    indicator: Holding,
    /// Of a pattern that more than one observed-data may match together: the whole of it.
    whole: Option<Matcher>,
}

/// What decides which patterns stand.
fn basis(known: &[Known]) -> Digest {
    let each = known.iter().map(|it| (it.row.number, &it.row.record.indicator, it.state));
    Digest::of(format!("{:?}", each.collect::<Vec<_>>()).as_bytes())
}

impl Compiled {
    fn new(generation: u64, basis: Digest, known: Vec<Known>) -> Self {
        let (mut set, mut patterns) = (PatternSet::new(), BTreeMap::new());
        for Known { row, state, indicator } in known {
            let Some(indicator) = indicator.filter(|_| state == State::Stands) else { continue };
            let Some(pattern) = pattern_of(&indicator) else { continue };
            let expression = pattern.expression();
            let is_one = matches!(expression, Expression::Observation(_));
            for (bracket, part) in expression.observations().enumerate() {
                let part = Expression::Observation(part.clone()).to_string();
                if let Ok(part) = Pattern::parse(&part, &LIMITS) {
                    set.insert((row.number, bracket), &part);
                }
            }
            let whole = (!is_one).then(|| Matcher::new(&pattern));
            patterns.insert(row.number, One { row, indicator, whole });
        }
        Self { generation, basis, set, patterns }
    }
}

/// What was found so far.
struct Finding<'a> {
    node: &'a Node,
    compiled: &'a Arc<Compiled>,
    work: PatternWork,
    /// Sightings by pattern: those that are holdings, and those apart.
    made: BTreeMap<u64, (u64, u64)>,
}

/// Matches observed-data against some of the patterns.
async fn look(
    node: &Node,
    compiled: &Arc<Compiled>,
    place: PatternPlace,
    ids: &[String],
    numbers: &BTreeSet<u64>,
) -> Result<PatternWork> {
    let work = PatternWork {
        generation: compiled.generation,
        followed: place.followed,
        at: node.now(),
        ..PatternWork::default()
    };
    let mut finding = Finding { node, compiled, work, made: BTreeMap::new() };
    let sighted: BTreeSet<(u64, String)> =
        node.store().sighted(ids.to_vec()).await?.into_iter().collect();
    let mut waiting: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for look in read(node, ids).await? {
        let (look, hit, undecided) = hits(compiled, look).await?;
        let id = &look.observed.id;
        let is_new =
            |number: &u64| numbers.contains(number) && !sighted.contains(&(*number, id.clone()));
        finding.work.undecided.extend(undecided.into_iter().filter(is_new));
        for number in hit.into_iter().filter(is_new) {
            match compiled.patterns.get(&number) {
                Some(one) if one.whole.is_some() => {
                    waiting.entry(number).or_default().push(id.clone());
                }
                Some(one) => finding.sight(one, &[&look])?,
                None => {}
            }
        }
        finding.work.parts.push((look.observed.id, look.named));
    }
    for (number, ids) in waiting {
        if let Some(one) = compiled.patterns.get(&number) {
            finding.together(one, ids).await?;
        }
    }
    Ok(finding.finish())
}

/// The patterns of which a bracket is true of observed-data, and those of which that could not be told.
async fn hits(
    compiled: &Arc<Compiled>,
    look: Look,
) -> Result<(Look, BTreeSet<u64>, BTreeSet<u64>)> {
    let compiled = Arc::clone(compiled);
    blocking(move || {
        let objects = look.rows().map(|it| it.bytes.as_slice());
        let observations = Observations::of(objects, Bare::Ignored, &Limits::default())
            .map_err(ExchangeError::damaged)?;
        let found = compiled.set.find_all(&observations, &BUDGET);
        let hit: BTreeSet<u64> = found.matches.iter().map(|((number, _), _)| *number).collect();
        let mut undecided: BTreeSet<u64> = if look.is_cut {
            compiled.patterns.keys().copied().collect()
        } else {
            found.undecided.iter().map(|(number, _)| *number).collect()
        };
        undecided.retain(|number| !hit.contains(number));
        Ok((look, hit, undecided))
    })
    .await
}

impl Finding<'_> {
    fn sight(&mut self, one: &One, looks: &[&Look]) -> Result<()> {
        let sighting = sighting(self.node, &one.row, &one.indicator, looks)?;
        let made = self.made.entry(one.row.number).or_default();
        match sighting.sighted {
            Sighted::Own(_) => made.0 += 1,
            Sighted::Apart { .. } => made.1 += 1,
        }
        self.work.sightings.push(sighting);
        Ok(())
    }

    /// Matches a pattern against observed-data of which a part of it is true: `ids`, and what waited for the rest.
    async fn together(&mut self, one: &One, ids: Vec<String>) -> Result<()> {
        let number = one.row.number;
        let mut open = self.node.store().pattern_hits(number, TOGETHER).await?;
        open.retain(|id| !ids.contains(id));
        open.extend(ids.iter().cloned());
        let most = usize::try_from(TOGETHER).unwrap_or(usize::MAX);
        let from = open.len().saturating_sub(most);
        let mut looks = last_that_fit(read(self.node, &open.split_off(from)).await?);
        self.work.hits.extend(ids.into_iter().map(|id| (number, id)));
        let compiled = Arc::clone(self.compiled);
        let is_own = one.indicator.origin.partner().is_none();
        let (found, is_undecided) = blocking(move || {
            let mut found = Vec::new();
            let Some(whole) = compiled.patterns.get(&number).and_then(|one| one.whole.as_ref())
            else {
                return Ok((found, false));
            };
            let mut is_decided = true;
            if is_own {
                // what this party's own match alone owes nothing to what partners released
                let (mut own, others): (Vec<_>, _) = looks.into_iter().partition(Look::is_own);
                is_decided &= take(whole, &mut own, &mut found)?;
                own.extend(others);
                looks = own;
            }
            is_decided &= take(whole, &mut looks, &mut found)?;
            Ok((found, !is_decided))
        })
        .await?;
        for looks in found {
            self.sight(one, &looks.iter().collect::<Vec<_>>())?;
        }
        if is_undecided {
            self.work.undecided.push(number);
        }
        Ok(())
    }

    fn finish(self) -> PatternWork {
        let mut work = self.work;
        for (number, (own, apart)) in self.made {
            if let Some(one) = self.compiled.patterns.get(&number) {
                let details = json!({ "sightings": own, "apart": apart });
                let name = &one.row.record.name;
                work.journal.push(self.node.journal("pattern-sighted", name, details));
            }
        }
        work
    }
}

/// Takes matches out of `looks` until there is none; whether that could be told.
fn take(whole: &Matcher, looks: &mut Vec<Look>, found: &mut Vec<Vec<Look>>) -> Result<bool> {
    loop {
        let observed = looks.iter().map(|look| look.observed.bytes.as_slice());
        let parts = looks.iter().flat_map(|look| &look.parts).map(|it| it.bytes.as_slice());
        let observations =
            Observations::of(observed.chain(parts), Bare::Ignored, &Limits::default())
                .map_err(ExchangeError::damaged)?;
        let which: BTreeSet<usize> = match whole.find(&observations, &BUDGET) {
            Ok(Some(matched)) => matched.observations.into_iter().collect(),
            Ok(None) => return Ok(true),
            Err(_) => return Ok(false),
        };
        if which.is_empty() {
            return Ok(true);
        }
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for (index, look) in std::mem::take(looks).into_iter().enumerate() {
            if which.contains(&index) { taken.push(look) } else { left.push(look) }
        }
        found.push(taken);
        *looks = left;
    }
}
