//! The comparisons at the end of one path, by their constants.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::discriminant;

use crate::json::Value;
use crate::pattern::budget::{BudgetSpent, Meter};
use crate::pattern::evaluate::test::{address, with_normal};
use crate::pattern::set::probe::{GRAM, Gram, Probe};
use crate::pattern::values::network::Network;
use crate::pattern::values::{Datum, Encoding, Key, code_points};

/// Numbers of comparisons.
type Numbers = BTreeSet<usize>;

#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    equal: BTreeMap<Key, Numbers>,
    above: BTreeMap<Key, Numbers>,
    below: BTreeMap<Key, Numbers>,
    within: BTreeMap<Network, Numbers>,
    around: BTreeMap<Network, Numbers>,
    starts: BTreeMap<String, Numbers>,
    /// How many of the starts have that length, in bytes.
    lengths: BTreeMap<usize, usize>,
    grams: BTreeMap<Gram, Numbers>,
    any: Numbers,
}

impl Values {
    /// Adds a comparison; gives the place, where there was a choice the one that was chosen.
    pub(super) fn add(&mut self, probe: Probe, number: usize) -> Probe {
        let probe = match probe {
            Probe::Holds(grams) => {
                let crowd = |gram: &Gram| self.grams.get(gram).map_or(0, Numbers::len);
                let rarest = grams.into_iter().min_by_key(crowd);
                rarest.map_or(Probe::Value, |gram| Probe::Holds(vec![gram]))
            }
            other => other,
        };
        let numbers = match &probe {
            Probe::Equal(key) => self.equal.entry(key.clone()).or_default(),
            Probe::Above(key) => self.above.entry(key.clone()).or_default(),
            Probe::Below(key) => self.below.entry(key.clone()).or_default(),
            Probe::Within(network) => self.within.entry(*network).or_default(),
            Probe::Around(network) => self.around.entry(*network).or_default(),
            Probe::Start(start) => {
                let numbers = self.starts.entry(start.clone()).or_default();
                if numbers.is_empty() {
                    *self.lengths.entry(start.len()).or_default() += 1;
                }
                numbers
            }
            Probe::Holds(grams) => match grams.first() {
                Some(gram) => self.grams.entry(*gram).or_default(),
                None => &mut self.any,
            },
            Probe::Value => &mut self.any,
        };
        numbers.insert(number);
        probe
    }

    /// Takes a comparison out of its place.
    pub(super) fn remove(&mut self, probe: &Probe, number: usize) {
        match probe {
            Probe::Equal(key) => drop(take(&mut self.equal, key, number)),
            Probe::Above(key) => drop(take(&mut self.above, key, number)),
            Probe::Below(key) => drop(take(&mut self.below, key, number)),
            Probe::Within(network) => drop(take(&mut self.within, network, number)),
            Probe::Around(network) => drop(take(&mut self.around, network, number)),
            Probe::Start(start) => {
                if take(&mut self.starts, start, number).is_some()
                    && let Some(count) = self.lengths.get_mut(&start.len())
                {
                    *count -= 1;
                    if *count == 0 {
                        self.lengths.remove(&start.len());
                    }
                }
            }
            Probe::Holds(grams) => {
                for gram in grams {
                    take(&mut self.grams, gram, number);
                }
            }
            Probe::Value => drop(self.any.remove(&number)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.any.is_empty()
            && self.equal.is_empty()
            && self.above.is_empty()
            && self.below.is_empty()
            && self.within.is_empty()
            && self.around.is_empty()
            && self.starts.is_empty()
            && self.grams.is_empty()
    }

    pub(super) fn all(&self, all: &mut Vec<usize>) {
        all.extend(&self.any);
        all.extend(self.equal.values().flatten());
        all.extend(self.above.values().flatten());
        all.extend(self.below.values().flatten());
        all.extend(self.within.values().flatten());
        all.extend(self.around.values().flatten());
        all.extend(self.starts.values().flatten());
        all.extend(self.grams.values().flatten());
    }

    /// Adds the comparisons that a value hits.
    pub(super) fn hits(
        &self,
        value: Value<'_, '_>,
        encoding: Encoding,
        hits: &mut Vec<usize>,
        meter: &mut Meter,
    ) -> Result<(), BudgetSpent> {
        if self.is_empty() {
            return Ok(());
        }
        let before = hits.len();
        hits.extend(&self.any);
        if let Some(datum) = Datum::read(value, encoding) {
            meter.spend(1 + datum.size() / 16)?;
            self.of_keys(&datum, hits);
            self.of_network(&datum, hits);
            if !(self.starts.is_empty() && self.grams.is_empty()) {
                meter.spend(datum.size())?;
                match &datum {
                    Datum::Text(text) => with_normal(text, |text| self.of_text(text, hits)),
                    Datum::Bytes(bytes) => self.of_text(&code_points(bytes), hits),
                    _ => {}
                }
            }
        }
        meter.spend(hits.len() - before)
    }

    fn of_keys(&self, datum: &Datum<'_>, hits: &mut Vec<usize>) {
        if self.equal.is_empty() && self.above.is_empty() && self.below.is_empty() {
            return;
        }
        for key in datum.keys() {
            hits.extend(self.equal.get(&key).into_iter().flatten());
            let kind = discriminant(&key);
            let smaller = self.above.range(..=&key).rev();
            let smaller = smaller.take_while(|(other, _)| discriminant(*other) == kind);
            hits.extend(smaller.flat_map(|(_, numbers)| numbers));
            let larger = self.below.range(&key..);
            let larger = larger.take_while(|(other, _)| discriminant(*other) == kind);
            hits.extend(larger.flat_map(|(_, numbers)| numbers));
        }
    }

    fn of_network(&self, datum: &Datum<'_>, hits: &mut Vec<usize>) {
        if self.within.is_empty() && self.around.is_empty() {
            return;
        }
        let Some(network) = address(datum) else { return };
        for prefix in 0..=network.prefix() {
            hits.extend(self.within.get(&network.widened(prefix)).into_iter().flatten());
        }
        let (first, last) = network.ends();
        hits.extend(self.around.range(first..=last).flat_map(|(_, numbers)| numbers));
    }

    fn of_text(&self, text: &str, hits: &mut Vec<usize>) {
        for length in self.lengths.keys() {
            let start = text.get(..*length);
            hits.extend(start.and_then(|start| self.starts.get(start)).into_iter().flatten());
        }
        if !self.grams.is_empty() {
            for gram in text.to_ascii_lowercase().as_bytes().array_windows::<GRAM>() {
                hits.extend(self.grams.get(gram).into_iter().flatten());
            }
        }
    }
}

/// Takes a comparison out; gives what else was there if that is nothing.
fn take<Q: Ord>(from: &mut BTreeMap<Q, Numbers>, key: &Q, number: usize) -> Option<Numbers> {
    let numbers = from.get_mut(key)?;
    numbers.remove(&number);
    if numbers.is_empty() { from.remove(key) } else { None }
}
