//! References follow what becomes of the objects that they name.

use std::collections::BTreeSet;

use comity_stix::Limits;
use comity_stix::json::{Document, Kind, Value};
use comity_stix::types::{Choice, Strength};

use super::places::Places;
use super::{Change, Fate, How, Plan, kinds};

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

/// References that the standard requires, by type (STIX 2.1 sections 4, 5 and 6), and those of the domain's own types.
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

/// What goes from a translation (STIX 2.1 section 7.1) because it goes from what is translated, or has a pseudonym
/// there: in every language.
pub fn translated(language_content: &[u8], target: &[Change]) -> Vec<Change> {
    let Ok(document) = Document::parse(language_content, &Limits::default()) else {
        return Vec::new();
    };
    let languages = document.root().child("contents");
    let keys = languages.iter().flat_map(Value::members).filter_map(|language| language.key());
    keys.flat_map(|language| {
        let gone = target.iter().filter(|it| !matches!(it.how, How::ToDay | How::Mask));
        gone.map(move |change| Change {
            property: format!("contents.{language}.{}", change.property),
            how: How::Remove,
        })
    })
    .collect()
}

/// Ids of objects that must not leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ids(BTreeSet<Vec<u8>>);

/// Bytes of a UUID in text.
const UUID: usize = 36;

impl Ids {
    /// Adds one; what is no id is left out.
    pub fn insert(&mut self, id: &str) {
        if let Some((_, uuid)) = id.split_once("--").filter(|(_, uuid)| uuid.len() == UUID) {
            self.0.insert(uuid.to_ascii_lowercase().into_bytes());
        }
    }

    /// The first of them whose UUID stands in an object behind two hyphens, in any case, escaped or not, whatever
    /// stands before; as it stands there.
    pub fn first_in(&self, object: &[u8]) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let written = self.first(object);
        if written.is_some() || !object.windows(2).any(|two| two == b"\\u") {
            return written;
        }
        let document = Document::parse(object, &Limits::default()).ok()?;
        let mut said = document.values().flat_map(|value| [value.key(), value.text()]).flatten();
        said.find_map(|text| self.first(text.as_bytes()))
    }

    fn first(&self, text: &[u8]) -> Option<String> {
        let mut ids = text.windows(UUID + 2).filter_map(|window| window.strip_prefix(b"--"));
        let found = ids.find(|uuid| self.0.contains(&uuid.to_ascii_lowercase()))?;
        Some(format!("--{}", String::from_utf8_lossy(found)))
    }
}

impl<'a> FromIterator<&'a String> for Ids {
    fn from_iter<T: IntoIterator<Item = &'a String>>(ids: T) -> Self {
        let mut all = Self::default();
        ids.into_iter().for_each(|id| all.insert(id));
        all
    }
}

/// Renames or drops what is named under any property whose name ends in `_ref` or `_refs`, and drops extensions whose
/// definition is withheld. Gives the ids that must not leave with the object.
pub(super) fn follow(document: &Document<'_>, plan: &Plan<'_>, places: &mut Places) -> Ids {
    let mut ids = Ids::default();
    for value in document.values() {
        if let Some(key) = value.key().filter(|key| key.contains("--"))
            && (plan.fate)(&key) != Fate::Keep
        {
            ids.insert(&key);
            if (plan.fate)(&key) == Fate::Drop {
                places.remove(value);
            }
        }
        let Some(text) = value.text().filter(|text| text.contains("--")) else { continue };
        let fate = (plan.fate)(&text);
        if fate != Fate::Keep {
            ids.insert(&text);
        }
        if !is_reference(value) {
            continue;
        }
        match fate {
            Fate::Keep => {}
            Fate::Rename(id) => {
                places.replace(value, &id);
                forget_version(document, value, places);
            }
            Fate::Drop => places.remove(value),
        }
    }
    needs(document, places);
    ids
}

/// A translation of a derivative does not say which version of the original it translates (STIX 2.1 section 7.1).
fn forget_version(document: &Document<'_>, reference: Value<'_, '_>, places: &mut Places) {
    if reference.key().as_deref() == Some("object_ref")
        && let Some(version) = document.root().child("object_modified")
    {
        places.remove(version);
    }
}

/// What the standard wants only together goes together: a longitude without its latitude, a precision without both.
fn needs(document: &Document<'_>, places: &mut Places) {
    let root = document.root();
    let Some(type_) = kinds::type_of(root) else { return };
    let is_gone = |places: &Places, name: &str| {
        root.child(name).is_some_and(|value| places.is_removed(value))
    };
    loop {
        let more = type_.own.rules.iter().find_map(|rule| {
            let Choice::Needs(name, others) = rule.choice else { return None };
            if rule.strength != Strength::Must {
                return None;
            }
            let value = root.child(name).filter(|value| !places.is_removed(*value))?;
            others.iter().any(|other| is_gone(places, other)).then_some(value)
        });
        match more {
            Some(value) => places.remove(value),
            None => return,
        }
    }
}

fn is_reference(value: Value<'_, '_>) -> bool {
    let key = value.key().or_else(|| value.parent().and_then(|parent| parent.key()));
    key.is_some_and(|key| key.ends_with("_ref") || key.ends_with("_refs"))
}
