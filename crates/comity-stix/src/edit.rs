//! Lossless edits: single values change, every other byte stays.
//!
//! Pointers always name places of the object as it was given. Edits are noted first and made together
//! by [`Edits::finish`]; where two touch the same value the later one counts.

mod splice;

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::json::{Document, Kind, Span, Value};
use crate::limits::Limits;
use crate::pointer;

/// What becomes of a list or an object from which everything was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Emptied {
    /// It is removed as well, and so on upwards, but for the object itself: STIX has no empty lists
    /// (section 2.12) and no empty dictionaries (section 2.3).
    #[default]
    Remove,
    /// It stays, empty.
    Keep,
}

/// Why an edit was not noted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The pointer is not one of RFC 6901.
    #[error("`{0}` is no JSON pointer: start it with a slash")]
    BadPointer(String),
    /// Nothing stands at the pointer.
    #[error("nothing stands at `{0}`: look the pointer up in the object first")]
    NotFound(String),
    /// The object itself cannot be removed.
    #[error("the object itself cannot be removed: leave it out where it is listed")]
    Root,
    /// The value around it is removed or replaced by an earlier edit.
    #[error("the value around `{0}` is already removed or replaced: edit it there")]
    Conflict(String),
    /// The new value is no JSON.
    #[error("the new value is no json ({0}): correct it")]
    InvalidValue(#[source] Box<Finding>),
}

impl EditError {
    /// A stable name in kebab case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadPointer(_) => "bad-pointer",
            Self::NotFound(_) => "not-found",
            Self::Root => "root",
            Self::Conflict(_) => "edit-conflict",
            Self::InvalidValue(_) => "invalid-value",
        }
    }
}

/// Edits to one object.
#[derive(Debug, Clone)]
pub struct Edits<'a> {
    document: Document<'a>,
    limits: Limits,
    emptied: Emptied,
    /// By the place of the value.
    changes: BTreeMap<usize, Change>,
    /// What is appended to a container, by its place: keys, or none for elements of a list.
    added: BTreeMap<usize, Vec<Member>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    Remove,
    Replace(String),
}

/// A property, or an element of a list without a key; its value as JSON.
type Member = (Option<String>, String);

impl<'a> Edits<'a> {
    /// Takes an object to edit, within the default [`Limits`]. Fails with the first breach of JSON.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Finding> {
        Self::with_limits(bytes, &Limits::default())
    }

    /// Takes an object to edit. The limits hold for it and for every value that is put in.
    pub fn with_limits(bytes: &'a [u8], limits: &Limits) -> Result<Self, Finding> {
        let document = Document::parse(bytes, limits)?;
        let (changes, added) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { document, limits: *limits, emptied: Emptied::default(), changes, added })
    }

    /// Says what becomes of containers that lose everything. [`Emptied::Remove`] unless said.
    #[must_use]
    pub fn emptied(mut self, emptied: Emptied) -> Self {
        self.emptied = emptied;
        self
    }

    /// The object as it was given, for looking up what to edit.
    pub fn document(&self) -> &Document<'a> {
        &self.document
    }

    /// Removes a property or a list element. What was already removed is removed.
    pub fn remove(&mut self, pointer: &str) -> Result<&mut Self, EditError> {
        let value = self.existing(pointer)?;
        let (place, next) = (value.place(), value.next_place());
        if place == 0 {
            return Err(EditError::Root);
        }
        match self.changed_around(value) {
            Some(Change::Remove) => return Ok(self),
            Some(Change::Replace(_)) => return Err(EditError::Conflict(pointer.to_owned())),
            None => {}
        }
        self.note(place, next, Change::Remove);
        Ok(self)
    }

    /// Puts a JSON text in the place of a value.
    pub fn replace(&mut self, pointer: &str, json: &[u8]) -> Result<&mut Self, EditError> {
        let json = self.sound(json)?;
        let value = self.existing(pointer)?;
        let (place, next) = (value.place(), value.next_place());
        if self.changed_around(value).is_some() {
            return Err(EditError::Conflict(pointer.to_owned()));
        }
        self.note(place, next, Change::Replace(json));
        Ok(self)
    }

    /// Puts a JSON text at a pointer: in the place of the value there, or as a new property behind the
    /// others of an object that exists. On a list the token `-` appends an element (RFC 6901 section
    /// 4).
    pub fn set(&mut self, pointer: &str, json: &[u8]) -> Result<&mut Self, EditError> {
        let bad = || EditError::BadPointer(pointer.to_owned());
        if self.document.find(pointer).is_some() {
            return self.replace(pointer, json);
        }
        let json = self.sound(json)?;
        let mut tokens = pointer::tokens(pointer).ok_or_else(bad)?;
        let token = tokens.pop().ok_or_else(bad)?.into_owned();
        let (front, _) = pointer.rsplit_once('/').ok_or_else(bad)?;
        let container = self.existing(front)?;
        let key = match container.kind() {
            Kind::Object => Some(token),
            Kind::List if token == "-" => None,
            _ => return Err(EditError::NotFound(pointer.to_owned())),
        };
        let place = container.place();
        if self.changes.contains_key(&place) || self.changed_around(container).is_some() {
            return Err(EditError::Conflict(pointer.to_owned()));
        }
        let added = self.added.entry(place).or_default();
        added.retain(|(other, _)| key.is_none() || *other != key);
        added.push((key, json));
        Ok(self)
    }

    /// The object with all edits made. Keys stay in their order, and numbers, escapes and white space
    /// stay as they were written; a new property is set as its neighbours are.
    pub fn finish(self) -> Vec<u8> {
        splice::finish(&self)
    }

    fn existing(&self, pointer: &str) -> Result<Value<'_, 'a>, EditError> {
        if pointer::tokens(pointer).is_none() {
            return Err(EditError::BadPointer(pointer.to_owned()));
        }
        self.document.find(pointer).ok_or_else(|| EditError::NotFound(pointer.to_owned()))
    }

    /// The JSON text of a value that is sound.
    fn sound(&self, json: &[u8]) -> Result<String, EditError> {
        let sound = Document::parse(json, &self.limits);
        let document = sound.map_err(|finding| EditError::InvalidValue(Box::new(finding)))?;
        Ok(document.root().raw().to_owned())
    }

    /// The change to the nearest container around a value, if any has changed.
    fn changed_around(&self, value: Value<'_, 'a>) -> Option<&Change> {
        std::iter::successors(value.parent(), Value::parent)
            .find_map(|container| self.changes.get(&container.place()))
    }

    /// Notes a change and forgets the earlier ones inside the value.
    fn note(&mut self, place: usize, next: usize, change: Change) {
        let inside: Vec<usize> = self.changes.range(place..next).map(|(place, _)| *place).collect();
        for place in inside {
            self.changes.remove(&place);
        }
        let inside: Vec<usize> = self.added.range(place..next).map(|(place, _)| *place).collect();
        for place in inside {
            self.added.remove(&place);
        }
        self.changes.insert(place, change);
    }
}

/// Where the value stands that a JSON pointer (RFC 6901) names; `None` when there is none, or when the
/// bytes are no JSON within the default [`Limits`].
pub fn find(bytes: &[u8], pointer: &str) -> Option<Span> {
    let document = Document::parse(bytes, &Limits::default()).ok()?;
    document.find(pointer).map(|value| value.span())
}

/// Calls `visit` with the pointer and the raw JSON, quotes included, of every string that is a value,
/// in the order they are written. [`crate::json::decode`] says what a raw string says. The bytes are
/// checked first, within the default [`Limits`]; a breach is given back and nothing is visited.
pub fn each_string(bytes: &[u8], mut visit: impl FnMut(&str, &[u8])) -> Result<(), Finding> {
    let document = Document::parse(bytes, &Limits::default())?;
    let mut pointer = String::new();
    // The containers around, each with the place after it and the length of its pointer.
    let mut around: Vec<(usize, usize)> = Vec::new();
    for value in document.values() {
        while around.last().is_some_and(|(next, _)| *next <= value.place()) {
            around.pop();
        }
        pointer.truncate(around.last().map_or(0, |(_, length)| *length));
        if value.parent().is_some() {
            value.push_token(&mut pointer);
        }
        match value.kind() {
            Kind::Text => visit(&pointer, value.raw().as_bytes()),
            Kind::Object | Kind::List => around.push((value.next_place(), pointer.len())),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
