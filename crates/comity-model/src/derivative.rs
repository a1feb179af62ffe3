//! Derivatives: what leaves in the place of an object that may not leave as it is (docs/protocol.md section 6).
//!
//! A derivative has an id that cannot be linked to the original's without the owner's secret, and its references and
//! granular markings fit it. Everything that is not taken out stays byte for byte as it was written.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::hmac;
use comity_stix::edit::{EditError, Edits};
use comity_stix::json::{Document, Kind, Value};
use comity_stix::timestamp;
use comity_stix::{Finding, Limits};
use jiff::Timestamp;

mod kinds;
mod pseudonym;
mod selectors;

pub use pseudonym::pseudonym;

/// One thing taken out of an object or coarsened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The property's path, parts separated by full stops, lists transparent: `external_references.url`.
    pub property: String,
    /// What is done.
    pub how: How,
}

/// What is done to a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It goes, with everything in it.
    Remove,
    /// The timestamp is cut to midnight UTC of its day.
    ToDay,
    /// The text becomes a [`pseudonym`] in a form that its property takes; what has no such form goes. In a list it is
    /// every element.
    Pseudonym,
}

/// What becomes of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Keep,
    /// It names the derivative instead.
    Rename(String),
    /// It goes: what it names is withheld.
    Drop,
}

/// How to derive.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// The derivative's id, from [`derived_id`].
    pub id: &'a str,
    /// The releasing party's identity.
    pub created_by: &'a str,
    /// When the first derivative of this original was made.
    pub created: Timestamp,
    /// When this one was.
    pub modified: Timestamp,
    /// The secret of the agreement, under which pseudonyms are made.
    pub secret: &'a [u8; 32],
    /// What is taken out.
    pub changes: &'a [Change],
    /// What becomes of each id that is named.
    pub fate: &'a dyn Fn(&str) -> Fate,
}

impl std::fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("id", &self.id)
            .field("changes", &self.changes)
            .finish_non_exhaustive()
    }
}

/// Why there is no derivative.
#[derive(Debug, thiserror::Error)]
pub enum DeriveError {
    /// The original is not what was checked when it entered.
    #[error("the original cannot be read: {0}")]
    Original(Box<Finding>),
    /// An edit does not fit.
    #[error("the original cannot be edited: {0}")]
    Edit(#[from] EditError),
    /// The original's id, or one of an object that is withheld or derived, stands in a text and would go with it.
    #[error("the id `{0}` stands in a text of the object and would go with it; take the text out")]
    IdInText(String),
}

impl DeriveError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Original(_) => "original-unreadable",
            Self::Edit(_) => "original-not-editable",
            Self::IdInText(_) => "id-in-text",
        }
    }
}

/// The id of the derivative of `original` under an agreement's secret: HMAC-SHA-256 cut to 16 bytes with the bits of
/// a version-4 UUID, for observables too, whose own ids would let a receiver guess their content.
pub fn derived_id(secret: &[u8; 32], original: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let tag = hmac::sign(&key, original.as_bytes());
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    let uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
    let stix_type = original.split_once("--").map_or(original, |(stix_type, _)| stix_type);
    format!("{stix_type}--{}", uuid.as_hyphenated())
}

/// Makes the derivative.
pub fn derive(original: &[u8], plan: &Plan<'_>) -> Result<Vec<u8>, DeriveError> {
    let mut edits =
        Edits::new(original).map_err(|finding| DeriveError::Original(Box::new(finding)))?;
    let document = edits.document().clone();
    let root = document.root();
    let mut removed = BTreeSet::new();
    let mut replaced: BTreeMap<String, String> = BTreeMap::new();
    let mut hidden = BTreeSet::new();
    for change in plan.changes {
        let path: Vec<&str> = change.property.split('.').collect();
        at_path(root, &path, &mut |value| match change.how {
            How::Remove => {
                removed.insert(value.pointer());
            }
            How::ToDay => each_leaf(value, &mut |leaf| {
                if let Some(day) = leaf.text().and_then(|text| to_day(&text)) {
                    replaced.insert(leaf.pointer(), quoted(&day));
                }
            }),
            How::Pseudonym => each_leaf(value, &mut |leaf| {
                let name = leaf.text().map(|text| pseudonym(plan.secret, &text));
                match name.and_then(|name| pseudonym::in_form(&name, kinds::kind_of(leaf))) {
                    Some(name) => replaced.insert(leaf.pointer(), quoted(&name)).is_none(),
                    None => removed.insert(leaf.pointer()),
                };
            }),
        });
    }
    follow_references(&document, plan, &mut removed, &mut replaced, &mut hidden);
    selectors::follow(&document, &mut removed, &mut replaced);

    for pointer in &removed {
        match edits.remove(pointer) {
            // its container went with the last of its elements
            Ok(_) | Err(EditError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for (pointer, json) in &replaced {
        if !removed.iter().any(|gone| within(pointer, gone)) {
            edits.replace(pointer, json.as_bytes())?;
        }
    }
    edits.set("/id", quoted(plan.id).as_bytes())?;
    if root.child("created").is_some() {
        edits.set("/created", quoted(&timestamp::format(plan.created)).as_bytes())?;
        edits.set("/modified", quoted(&timestamp::format(plan.modified)).as_bytes())?;
        edits.set("/created_by_ref", quoted(plan.created_by).as_bytes())?;
    }
    let bytes = edits.finish();
    if let Some(id) = root.child("id").and_then(|id| id.text()) {
        hidden.insert(id.into_owned());
    }
    match hidden.into_iter().find(|id| memchr_find(&bytes, id.as_bytes())) {
        Some(id) => Err(DeriveError::IdInText(id)),
        None => Ok(bytes),
    }
}

/// The property for whose sake an object cannot be without a reference to something withheld: a required reference, a
/// required list of which nothing would be left, or a marking. `None` if it can.
pub fn requires(object: &[u8], withheld: impl Fn(&str) -> bool) -> Option<String> {
    let document = Document::parse(object, &Limits::default()).ok()?;
    let root = document.root();
    let stix_type = root.child("type").and_then(|value| value.text())?;
    let is_withheld = |value: Value<'_, '_>| value.text().is_some_and(|id| withheld(&id));
    if root.child("object_marking_refs").is_some_and(|list| list.members().any(is_withheld)) {
        return Some("/object_marking_refs".to_owned());
    }
    if let Some(markings) = root.child("granular_markings")
        && markings.members().any(|it| it.child("marking_ref").is_some_and(is_withheld))
    {
        return Some("/granular_markings".to_owned());
    }
    let required =
        REQUIRED.iter().filter(|(of, _)| *of == stix_type).map(|(_, property)| *property);
    required
        .filter_map(|property| Some((property, root.child(property)?)))
        .find(|(_, value)| match value.kind() {
            Kind::List => value.members().all(is_withheld),
            _ => is_withheld(*value),
        })
        .map(|(property, _)| format!("/{property}"))
}

/// References that the standard requires, by type (STIX 2.1 sections 4, 5 and 6).
const REQUIRED: [(&str, &str); 13] = [
    ("grouping", "object_refs"),
    ("malware-analysis", "analysis_sco_refs"),
    ("note", "object_refs"),
    ("observed-data", "object_refs"),
    ("opinion", "object_refs"),
    ("report", "object_refs"),
    ("relationship", "source_ref"),
    ("relationship", "target_ref"),
    ("sighting", "sighting_of_ref"),
    ("language-content", "object_ref"),
    ("suspected-laboratory", "location_ref"),
    ("overdose-alert", "area_ref"),
    ("consignment", "port_of_discharge_ref"),
];

/// Renames or drops what is named under any property whose name ends in `_ref` or `_refs`.
fn follow_references(
    document: &Document<'_>,
    plan: &Plan<'_>,
    removed: &mut BTreeSet<String>,
    replaced: &mut BTreeMap<String, String>,
    hidden: &mut BTreeSet<String>,
) {
    for value in document.values().filter(|value| value.kind() == Kind::Text) {
        let Some(text) = value.text().filter(|text| text.contains("--")) else { continue };
        let fate = (plan.fate)(&text);
        if fate != Fate::Keep {
            hidden.insert(text.clone().into_owned());
        }
        if !is_reference(value) {
            continue;
        }
        match fate {
            Fate::Keep => {}
            Fate::Rename(id) => {
                replaced.insert(value.pointer(), quoted(&id));
            }
            Fate::Drop => {
                removed.insert(value.pointer());
            }
        }
    }
}

fn is_reference(value: Value<'_, '_>) -> bool {
    let key = value.key().or_else(|| value.parent().and_then(|parent| parent.key()));
    key.is_some_and(|key| key.ends_with("_ref") || key.ends_with("_refs"))
}

/// Calls `found` for every value at a path. Lists before the last part are looked into; the last part names its value
/// whole, list or not.
fn at_path<'d, 'a>(value: Value<'d, 'a>, path: &[&str], found: &mut dyn FnMut(Value<'d, 'a>)) {
    match path.split_first() {
        None => found(value),
        Some(_) if value.kind() == Kind::List => {
            for element in value.members() {
                at_path(element, path, found);
            }
        }
        Some((key, rest)) => {
            if let Some(child) = value.child(key) {
                at_path(child, rest, found);
            }
        }
    }
}

/// Calls `found` for a value that is no list, or for every element of a list, lists within lists included.
fn each_leaf<'d, 'a>(value: Value<'d, 'a>, found: &mut dyn FnMut(Value<'d, 'a>)) {
    if value.kind() == Kind::List {
        value.members().for_each(|element| each_leaf(element, found));
    } else {
        found(value);
    }
}

/// Whether the value at `pointer` is, or is in, the one at `container`.
fn within(pointer: &str, container: &str) -> bool {
    pointer.strip_prefix(container).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn to_day(text: &str) -> Option<String> {
    timestamp::Stamp::parse(text.to_owned()).ok()?;
    Some(format!("{}T00:00:00Z", text.get(..10)?))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn memchr_find(haystack: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests;
