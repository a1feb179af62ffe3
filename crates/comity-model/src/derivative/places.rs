//! What is done where: the places of an object that go, and those that get another text.

use std::collections::{BTreeMap, BTreeSet};

use comity_stix::edit::{EditError, Edits};
use comity_stix::json::{Document, Kind, Value};

use super::quoted;

/// Places of one object, as JSON pointers.
#[derive(Debug, Default)]
pub(super) struct Places {
    removed: BTreeSet<String>,
    /// With the JSON text that stands there instead.
    replaced: BTreeMap<String, String>,
}

impl Places {
    /// The value goes, with everything in it.
    pub(super) fn remove(&mut self, value: Value<'_, '_>) {
        self.removed.insert(value.pointer());
    }

    /// A text stands there instead.
    pub(super) fn replace(&mut self, value: Value<'_, '_>, text: &str) {
        self.replaced.insert(value.pointer(), quoted(text));
    }

    /// Whether the value goes, by itself or with what it is in.
    pub(super) fn is_removed(&self, value: Value<'_, '_>) -> bool {
        let mut around = std::iter::successors(Some(value), Value::parent);
        !self.removed.is_empty() && around.any(|value| self.removed.contains(&value.pointer()))
    }

    /// Whether it is settled what becomes of the value.
    pub(super) fn is_settled(&self, value: Value<'_, '_>) -> bool {
        self.replaced.contains_key(&value.pointer()) || self.is_removed(value)
    }

    /// Whether another text stands there.
    pub(super) fn is_replaced(&self, value: Value<'_, '_>) -> bool {
        self.replaced.contains_key(&value.pointer())
    }

    /// The text that will stand at a value; `None` if it goes or has none.
    pub(super) fn text(&self, value: Value<'_, '_>) -> Option<String> {
        if self.is_removed(value) {
            return None;
        }
        match self.replaced.get(&value.pointer()) {
            Some(json) => serde_json::from_str(json).ok(),
            None => value.text().map(Into::into),
        }
    }

    /// Lists and objects of which nothing is left go too, and so on upwards: the standard knows no empty ones (sections
    /// 2.3 and 2.12).
    pub(super) fn close(&mut self, document: &Document<'_>) {
        let mut left: BTreeMap<String, usize> = BTreeMap::new();
        let mut open: Vec<String> = self.removed.iter().cloned().collect();
        while let Some(pointer) = open.pop() {
            let Some((around, _)) = pointer.rsplit_once('/').filter(|it| !it.0.is_empty()) else {
                continue;
            };
            let members = || document.find(around).map_or(0, |value| value.members().count());
            let left = left.entry(around.to_owned()).or_insert_with(members);
            *left = left.saturating_sub(1);
            if *left == 0 && self.removed.insert(around.to_owned()) {
                open.push(around.to_owned());
            }
        }
    }

    /// The elements that go, by the pointer of the list that they are in, in order.
    pub(super) fn elements(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut elements: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (list, index) in self.removed.iter().filter_map(|it| it.rsplit_once('/')) {
            if let Ok(index) = index.parse() {
                elements.entry(list).or_default().push(index);
            }
        }
        for indices in elements.values_mut() {
            indices.sort_unstable();
        }
        elements
    }

    /// Whether the value at a pointer goes, by itself or with what it is in.
    pub(super) fn is_gone(&self, pointer: &str) -> bool {
        let around = |pointer| str::rsplit_once(pointer, '/').map(|(around, _)| around);
        std::iter::successors(Some(pointer), |pointer| around(pointer))
            .any(|pointer| self.removed.contains(pointer))
    }

    /// Notes all of it as edits.
    pub(super) fn note(&self, edits: &mut Edits<'_>) -> Result<(), EditError> {
        for pointer in &self.removed {
            if pointer.rsplit_once('/').is_none_or(|(around, _)| !self.is_gone(around)) {
                edits.remove(pointer)?;
            }
        }
        for (pointer, json) in &self.replaced {
            if !self.is_gone(pointer) {
                edits.replace(pointer, json.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Calls `found` for every value at a path. Lists before the last part are looked into; the last part names its value
/// whole, list or not. Keys may have full stops in them.
pub(super) fn at_path<'d, 'a>(
    value: Value<'d, 'a>,
    path: &str,
    found: &mut dyn FnMut(Value<'d, 'a>),
) {
    for member in value.members() {
        let Some(key) = member.key() else {
            at_path(member, path, found);
            continue;
        };
        match path.strip_prefix(&*key) {
            Some("") => found(member),
            Some(rest) => {
                if let Some(rest) = rest.strip_prefix('.') {
                    at_path(member, rest, found);
                }
            }
            None => {}
        }
    }
}

/// Calls `found` for a value that is no list, or for every element of a list, lists within lists included.
pub(super) fn each_leaf<'d, 'a>(value: Value<'d, 'a>, found: &mut dyn FnMut(Value<'d, 'a>)) {
    if value.kind() == Kind::List {
        value.members().for_each(|element| each_leaf(element, found));
    } else {
        found(value);
    }
}

/// The dotted path of a value, lists transparent.
pub(super) fn path_of(value: Value<'_, '_>) -> String {
    let around = std::iter::successors(Some(value), Value::parent);
    let mut keys: Vec<_> = around.filter_map(|value| value.key()).collect();
    keys.reverse();
    keys.join(".")
}
