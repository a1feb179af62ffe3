//! Observations: what patterns are evaluated against (sections 4.14, 9.1 and 9.5).

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::json::{Document, Kind, Value};
use crate::limits::Limits;
use crate::timestamp::Stamp;
use crate::types::{self, Class};

/// What becomes of observables that no observed-data holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bare {
    /// They were not observed and match nothing, as section 9.4 has it.
    #[default]
    Ignored,
    /// Each is one observation, seen once, at no time that is known, and its references may be followed to any
    /// object given. Whatever asks for a time (`WITHIN`, `START` and `STOP`, `FOLLOWEDBY`) is false of it.
    Observed,
}

/// Observed-data with the objects they hold, ready to be matched.
///
/// Every object is looked at in the bytes it came in. Of two objects with one identifier the one `modified` last
/// counts, or the one given last where that does not tell.
#[derive(Debug, Clone)]
pub struct Observations<'a> {
    documents: Vec<Document<'a>>,
    by_id: BTreeMap<Cow<'a, str>, Place>,
    entries: Vec<Entry<'a>>,
}

/// Why objects can't be taken as observations: the breach of JSON or of a limit in one of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("object {}: {}", index + 1, finding.message())]
pub struct ObservedError {
    /// The place of the object among those given, from 0.
    pub index: usize,
    /// What is wrong with it, and where.
    pub finding: Finding,
}

impl ObservedError {
    /// A stable name in kebab case.
    pub fn code(&self) -> &'static str {
        self.finding.code.as_str()
    }
}

/// One observed-data, or one bare observable.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'o, 'a> {
    of: &'o Observations<'a>,
    entry: &'o Entry<'a>,
}

/// A value by its document and its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    document: usize,
    node: usize,
}

#[derive(Debug, Clone)]
struct Entry<'a> {
    id: Option<Cow<'a, str>>,
    seen: Option<(Stamp<'a>, Stamp<'a>)>,
    number: u64,
    objects: Vec<(Cow<'a, str>, Place)>,
    names: Names<'a>,
}

/// Which objects a reference may name (section 9.7.4).
#[derive(Debug, Clone)]
enum Names<'a> {
    Listed(BTreeMap<Cow<'a, str>, Place>),
    All,
}

impl<'a> Observations<'a> {
    /// Takes objects as exact bytes; to take bundles and files apart there is [`crate::reader::Objects`]. What is
    /// neither observed-data nor held by one is passed over. Rules beyond those of JSON are for [`crate::check`]:
    /// a time that is missing or no timestamp, or ends before it begins, is no time here, and a `number_observed`
    /// that is missing or outside 1 to 999,999,999 is 1 (section 4.14.1).
    pub fn of(
        objects: impl IntoIterator<Item = &'a [u8]>,
        bare: Bare,
        limits: &Limits,
    ) -> Result<Self, ObservedError> {
        let parse = |(index, bytes)| {
            Document::parse(bytes, limits).map_err(|finding| ObservedError { index, finding })
        };
        let documents =
            objects.into_iter().enumerate().map(parse).collect::<Result<Vec<_>, _>>()?;
        let mut observations = Self { documents, by_id: BTreeMap::new(), entries: Vec::new() };
        observations.name();
        observations.gather(bare);
        Ok(observations)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The one at that index, from 0, in the order they were given.
    pub fn get(&self, index: usize) -> Option<Observed<'_, 'a>> {
        self.entries.get(index).map(|entry| Observed { of: self, entry })
    }

    /// All of them, in the order they were given.
    pub fn iter(&self) -> impl Iterator<Item = Observed<'_, 'a>> {
        self.entries.iter().map(|entry| Observed { of: self, entry })
    }

    /// Finds out which objects go by their identifiers.
    fn name(&mut self) {
        for (document, parsed) in self.documents.iter().enumerate() {
            let root = parsed.root();
            let Some(id) = root.child("id").and_then(|id| id.text()) else { continue };
            let newer = |before: &Place| {
                let before = self.documents.get(before.document).map(Document::root);
                before.and_then(modified) <= modified(root)
            };
            if self.by_id.get(&id).is_none_or(newer) {
                self.by_id.insert(id, Place { document, node: 0 });
            }
        }
    }

    fn gather(&mut self, bare: Bare) {
        let mut held = vec![false; self.documents.len()];
        let mut entries = BTreeMap::new();
        for (document, root) in self.current() {
            if type_of(root).as_deref() == Some("observed-data") {
                let entry = self.observed_data(document, root);
                for (_, place) in &entry.objects {
                    if let Some(held) = held.get_mut(place.document) {
                        *held = true;
                    }
                }
                entries.insert(document, entry);
            }
        }
        if bare == Bare::Observed {
            for (document, root) in self.current() {
                let Some(type_) = type_of(root) else { continue };
                if held.get(document) == Some(&false) && is_observable(&type_, root) {
                    let entry = Entry {
                        id: root.child("id").and_then(|id| id.text()),
                        seen: None,
                        number: 1,
                        objects: vec![(type_, Place { document, node: 0 })],
                        names: Names::All,
                    };
                    entries.insert(document, entry);
                }
            }
        }
        self.entries = entries.into_values().collect();
    }

    /// The objects that no other with the same identifier stands in for.
    fn current(&self) -> impl Iterator<Item = (usize, Value<'_, 'a>)> {
        self.documents.iter().map(Document::root).enumerate().filter(|(document, root)| {
            let id = root.child("id").and_then(|id| id.text());
            id.and_then(|id| self.by_id.get(&id)).is_none_or(|place| place.document == *document)
        })
    }

    fn observed_data(&self, document: usize, root: Value<'_, 'a>) -> Entry<'a> {
        let mut names = BTreeMap::new();
        let container = root.child("objects").filter(|objects| objects.kind() == Kind::Object);
        for object in container.iter().flat_map(Value::members) {
            if let Some(key) = object.key() {
                names.insert(key, Place { document, node: object.place() });
            }
        }
        for reference in root.child("object_refs").iter().flat_map(Value::members) {
            let found = reference.text().and_then(|id| self.by_id.get_key_value(&id));
            if let Some((id, place)) = found {
                names.insert(id.clone(), *place);
            }
        }
        let objects = names.values().filter_map(|place| {
            let object = self.value(*place)?;
            let type_ = type_of(object)?;
            // Relationships stand in `object_refs` as well (section 4.14.1). What is of a type that the standard does not
            // know was put there as something observed, and can be looked for.
            let observed = types::find(&type_).is_none_or(|known| known.class == Class::Observable);
            observed.then_some((type_, *place))
        });
        Entry {
            objects: objects.collect(),
            id: root.child("id").and_then(|id| id.text()),
            seen: seen(root),
            number: number(root),
            names: Names::Listed(names),
        }
    }

    fn value(&self, place: Place) -> Option<Value<'_, 'a>> {
        self.documents.get(place.document)?.at(place.node)
    }
}

impl<'o, 'a> Observed<'o, 'a> {
    /// Its `id`; observed-data without one can be matched all the same.
    pub fn id(&self) -> Option<&'o str> {
        self.entry.id.as_deref()
    }

    /// `first_observed`, where the time is known.
    pub fn first_observed(&self) -> Option<&'o Stamp<'a>> {
        self.entry.seen.as_ref().map(|(first, _)| first)
    }

    /// `last_observed`, where the time is known.
    pub fn last_observed(&self) -> Option<&'o Stamp<'a>> {
        self.entry.seen.as_ref().map(|(_, last)| last)
    }

    /// How many observations it stands for (section 9.1): `number_observed`.
    pub fn number_observed(&self) -> u64 {
        self.entry.number
    }

    /// The objects a comparison may start from, with their types.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (&'o str, Value<'o, 'a>)> {
        let of = self.of;
        let found = move |(type_, place): &'o (Cow<'a, str>, Place)| {
            Some((type_.as_ref(), of.value(*place)?))
        };
        self.entry.objects.iter().filter_map(found)
    }

    /// The object a reference names, if it may be followed (section 9.7.4).
    pub(crate) fn resolve(&self, reference: &str) -> Option<(Place, Value<'o, 'a>)> {
        let names = match &self.entry.names {
            Names::Listed(names) => names,
            Names::All => &self.of.by_id,
        };
        let place = *names.get(reference)?;
        Some((place, self.of.value(place)?))
    }
}

/// Whether an object is an observable: of a type that the tables have as one, or of one they don't know and not a
/// versioned object, which is `created` and `modified` and says its `spec_version` (section 3.2).
fn is_observable(type_: &str, object: Value<'_, '_>) -> bool {
    match types::find(type_) {
        Some(known) => known.class == Class::Observable,
        None => {
            ["created", "modified", "spec_version"].iter().any(|name| object.child(name).is_none())
        }
    }
}

fn type_of<'a>(object: Value<'_, 'a>) -> Option<Cow<'a, str>> {
    object.child("type")?.text()
}

fn modified<'a>(object: Value<'_, 'a>) -> Option<Stamp<'a>> {
    time(object, "modified")
}

fn time<'a>(object: Value<'_, 'a>, name: &str) -> Option<Stamp<'a>> {
    Stamp::parse(object.child(name)?.text()?).ok()
}

fn seen<'a>(root: Value<'_, 'a>) -> Option<(Stamp<'a>, Stamp<'a>)> {
    let (first, last) = (time(root, "first_observed")?, time(root, "last_observed")?);
    (first <= last).then_some((first, last))
}

fn number(root: Value<'_, '_>) -> u64 {
    let number = root.child("number_observed").and_then(|number| number.integer());
    number
        .and_then(|n| u64::try_from(n).ok())
        .filter(|n| (1..=999_999_999).contains(n))
        .unwrap_or(1)
}

#[cfg(test)]
mod tests;
