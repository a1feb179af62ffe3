//! What objects name, and what that names, to its end: whether a site or a natural person is among it (docs/protocol.md
//! section 3.6).

use std::collections::{BTreeMap, BTreeSet};

use comity_stix::marking::Marking;

use super::seen::{ByType, OF_SITES, PLACE, SITE, by_type, held, is_one};
use crate::error::Result;
use crate::node::Node;

/// Objects read from the store at a time.
const PAGE: usize = 1_000;
/// Objects beyond those that are asked about that are looked at.
const MOST: usize = 100_000;
/// Steps from one object to the next that are followed.
const STEPS: usize = 64;

/// What becomes of what is named and is not held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// It counts as a site or a natural person, unless its type says that it is neither.
    MayBeOne,
    /// Somebody else judges it.
    IsNone,
}

/// Who names whom, as far as it was looked at. Each object is looked at once, so that objects that name each other in a ring
/// come to an end.
pub(crate) struct Named {
    /// Identities that everybody knows who knows the parties.
    harmless: BTreeSet<String>,
    /// A number for every id.
    numbers: BTreeMap<String, usize>,
    /// By the number of an object, those that name it.
    namers: Vec<Vec<usize>>,
    /// Sites, natural persons, and what can't be judged.
    ones: Vec<usize>,
    /// Ids to look for in the store, each once.
    open: Vec<String>,
    asked: BTreeSet<usize>,
}

impl Named {
    /// Of nothing yet.
    pub(crate) const fn new(harmless: BTreeSet<String>) -> Self {
        Self {
            harmless,
            numbers: BTreeMap::new(),
            namers: Vec::new(),
            ones: Vec::new(),
            open: Vec::new(),
            asked: BTreeSet::new(),
        }
    }

    /// Asks the store for an object, once.
    pub(crate) fn ask(&mut self, id: &str) {
        let number = self.number(id);
        if self.asked.insert(number) {
            self.open.push(id.to_owned());
        }
    }

    /// Adds an object, and asks for what it names.
    pub(crate) fn add<'a>(
        &mut self,
        id: &str,
        refs: impl Iterator<Item = &'a str> + Clone,
        bytes: &[u8],
    ) {
        let number = self.number(id);
        if may_be_one(id) && is_one(bytes) {
            self.ones.push(number);
        }
        let stix_type = id.split_once("--").map_or(id, |(stix_type, _)| stix_type);
        let of_a_site = stix_type == SITE
            || (OF_SITES.contains(&stix_type) && refs.clone().any(|it| is_of(it, SITE)));
        for named in refs {
            if self.harmless.contains(named) || Marking::of_id(named).is_some() {
                continue;
            }
            let to = self.number(named);
            if let Some(namers) = self.namers.get_mut(to) {
                namers.push(number);
            }
            if by_type(named) == ByType::One || (of_a_site && is_of(named, PLACE)) {
                self.ones.push(to);
            } else {
                self.ask(named);
            }
        }
    }

    /// An object has to do with another as if it named it.
    pub(crate) fn leads(&mut self, from: &str, to: &str) {
        let (from, number) = (self.number(from), self.number(to));
        if let Some(namers) = self.namers.get_mut(number) {
            namers.push(from);
        }
        self.ask(to);
    }

    /// Follows what was asked for through what is held. What is beyond [`MOST`] and [`STEPS`] counts as one.
    pub(crate) async fn follow(&mut self, node: &Node, absent: Absent) -> Result<()> {
        let mut left = self.numbers.len().saturating_add(MOST);
        for _ in 0..=STEPS {
            let open = std::mem::take(&mut self.open);
            if open.is_empty() {
                return Ok(());
            }
            for page in open.chunks(PAGE) {
                left = left.saturating_sub(page.len());
                if left == 0 {
                    for id in page {
                        self.counts(id);
                    }
                    continue;
                }
                let mut missing: BTreeSet<&String> = page.iter().collect();
                for it in held(node, page).await? {
                    missing.remove(&it.id);
                    self.add(&it.id, it.refs.iter().map(String::as_str), &it.bytes);
                }
                let may_be = |id: &&&String| by_type(id) != ByType::Neither;
                if absent == Absent::MayBeOne {
                    missing.iter().filter(may_be).for_each(|id| self.counts(id));
                }
            }
        }
        for id in std::mem::take(&mut self.open) {
            self.counts(&id);
        }
        Ok(())
    }

    /// An object is one, or can't be judged.
    pub(crate) fn counts(&mut self, id: &str) {
        let number = self.number(id);
        self.ones.push(number);
    }

    /// The places among all of it.
    pub(crate) fn places(&self) -> Vec<String> {
        self.numbers.keys().filter(|id| is_of(id, PLACE)).cloned().collect()
    }

    /// Every object that is one, or that names one, itself or through others.
    pub(crate) fn found(self) -> BTreeSet<String> {
        let mut found = vec![false; self.namers.len()];
        let mut open = self.ones;
        while let Some(number) = open.pop() {
            match found.get_mut(number) {
                Some(known) if !*known => *known = true,
                _ => continue,
            }
            open.extend(self.namers.get(number).into_iter().flatten());
        }
        let numbers = self.numbers.into_iter();
        let found = numbers.filter(|(_, number)| found.get(*number).is_some_and(|it| *it));
        found.map(|(id, _)| id).collect()
    }

    fn number(&mut self, id: &str) -> usize {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = self.namers.len();
        self.numbers.insert(id.to_owned(), number);
        self.namers.push(Vec::new());
        number
    }
}

/// Whether an object has to be read to know that it is neither a site nor about a person.
fn may_be_one(id: &str) -> bool {
    by_type(id) != ByType::Neither
        || ["indicator", "note", "opinion"].iter().any(|it| is_of(id, it))
}

fn is_of(id: &str, stix_type: &str) -> bool {
    id.strip_prefix(stix_type).is_some_and(|rest| rest.starts_with("--"))
}
