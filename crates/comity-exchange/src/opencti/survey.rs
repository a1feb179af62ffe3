//! What has no place here, counted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use comity_stix::json::{Document, Kind, Value};
use comity_stix::marking::canonical;
use comity_stix::{Code, Limits, OwnedHead, Report, UnknownKind};
use serde::Serialize;

use super::{DEFINITIONS, PREFIX};
use crate::import::Rejection;

/// Names that are counted one by one, at the most; the rest is counted together.
const NAMES: usize = 10_000;
/// Characters of a name that are kept.
const NAME: usize = 120;
/// Rejected objects that are reported one by one.
const REPORTED: usize = 10_000;

/// What has no place here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A type of object that neither the standard nor this node knows.
    Type,
    /// A property that the standard does not know.
    Property,
    /// A property in an extension that this node does not know.
    Extension,
    /// A file in the object.
    File,
    /// A marking that means a level of TLP or PAP and is no definition of the standard, by that level.
    Marking,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Became {
    /// It is kept in the object, and nothing here reads it.
    Kept,
    /// It was cut out of the object.
    CutOut,
    /// It is kept in the object, and the standard's definition stands beside it.
    Added,
    /// The object was refused.
    Refused,
}

/// Something that has no place here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unplaced {
    /// The type of the objects.
    #[serde(rename = "type")]
    pub stix_type: String,
    /// What it is.
    pub what: What,
    /// Its name: a path of properties, an extension and a property in it, or the name of a marking. Lists have no indices.
    pub name: String,
    /// What became of it.
    pub became: Became,
    /// Objects that have it.
    pub objects: u64,
}

/// What was found in a file of OpenCTI.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Survey {
    /// Objects that entered as they stand, byte for byte.
    pub as_written: u64,
    /// Objects of which something was cut out, or to whose markings one was added; the rest of their bytes, identifiers too, is
    /// as it was.
    pub changed: u64,
    /// What has no place here, by type, kind and name.
    pub unplaced: Vec<Unplaced>,
    /// Objects with something that is not listed, because too many names were.
    pub unlisted: u64,
    /// Objects rejected before the import saw them.
    #[serde(skip)]
    pub(super) rejected: u64,
    /// The first of them.
    #[serde(skip)]
    pub(super) rejections: Vec<Rejection>,
    #[serde(skip)]
    counts: BTreeMap<(String, What, String, Became), u64>,
}

impl Survey {
    pub(super) fn reject(&mut self, rejection: Rejection) {
        self.rejected += 1;
        if self.rejections.len() < REPORTED {
            self.rejections.push(rejection);
        }
    }

    /// Counts what an object has that has no place here. `report` is what the checker says of it, `removed` are the pointers
    /// to what is cut out.
    pub(super) fn count(
        &mut self,
        bytes: &[u8],
        report: &Report,
        removed: &[String],
        became: Became,
    ) {
        let Ok(document) = Document::parse(bytes, &Limits::default()) else { return };
        let root = document.root();
        let stix_type = root.child("type").and_then(|it| it.text()).unwrap_or_default();
        let mut found = Vec::new();
        for unknown in report.unknown.iter().filter(|it| it.kind == UnknownKind::Type) {
            found.push((What::Type, unknown.name.clone(), became));
        }
        for finding in report.findings.iter().filter(|it| it.code == Code::CustomProperty) {
            if let Some(value) = document.find(&finding.pointer) {
                found.extend(of_property(value, removed, became));
            }
        }
        additions(root, &mut |value| found.extend(of_property(value, removed, became)));
        let extensions = root.child("extensions");
        for unknown in report.unknown.iter().filter(|it| it.kind == UnknownKind::Extension) {
            let Some(extension) = extensions.and_then(|it| it.child(&unknown.name)) else {
                continue;
            };
            for member in extension.members() {
                let key = member.key().unwrap_or(Cow::Borrowed(""));
                let name = format!("{} {key}", unknown.name);
                found.extend(of_value(member, (What::Extension, name), removed, became));
            }
        }
        found.sort();
        found.dedup();
        for (what, name, became) in found {
            self.add(&stix_type, what, &name, became);
        }
    }

    /// Counts the definitions that were put beside an object's own.
    pub(super) fn mark(&mut self, head: Option<&OwnedHead>, added: &[&str]) {
        let stix_type = head.map(|it| it.type_.as_ref()).unwrap_or_default();
        for id in added {
            let name = canonical(id).map_or(*id, |it| it.name);
            self.add(stix_type, What::Marking, name, Became::Added);
        }
    }

    fn add(&mut self, stix_type: &str, what: What, name: &str, became: Became) {
        let short = |text: &str| text.chars().take(NAME).collect::<String>();
        let key = (short(stix_type), what, short(name), became);
        if self.counts.len() >= NAMES && !self.counts.contains_key(&key) {
            self.unlisted += 1;
            return;
        }
        *self.counts.entry(key).or_default() += 1;
    }

    /// Lists what was counted.
    pub(super) fn list(&mut self) {
        let counts = std::mem::take(&mut self.counts);
        self.unplaced = counts
            .into_iter()
            .map(|((stix_type, what, name, became), objects)| Unplaced {
                stix_type,
                what,
                name,
                became,
                objects,
            })
            .collect();
    }
}

/// What is listed of an object: what it is, its name, and what became of it.
type Found = (What, String, Became);

fn of_property(value: Value<'_, '_>, removed: &[String], became: Became) -> Vec<Found> {
    let name = path_of(value);
    let has_files = value.members().any(|file| file.child("data").is_some());
    let what =
        if name.ends_with("x_opencti_files") && has_files { What::File } else { What::Property };
    of_value(value, (what, name), removed, became)
}

/// What became of a value of an object, and what was cut out of its inside.
fn of_value(
    value: Value<'_, '_>,
    (what, name): (What, String),
    removed: &[String],
    became: Became,
) -> Vec<Found> {
    let pointer = value.pointer();
    let is_removed = removed.iter().any(|it| below(it, &pointer).is_some());
    let fate = if is_removed { Became::CutOut } else { became };
    let mut found = vec![(what, name.clone(), fate)];
    for inside in removed.iter().filter_map(|it| below(&pointer, it)).filter(|_| !is_removed) {
        let is_index = |step: &&str| step.bytes().all(|it| it.is_ascii_digit());
        let names = inside.split('/').filter(|step| !is_index(step));
        let path: Vec<&str> = std::iter::once(name.as_str()).chain(names).collect();
        found.push((what, path.join("."), Became::CutOut));
    }
    found
}

/// The rest of a pointer to something that is, or stands in, what `whole` points to.
fn below<'p>(whole: &str, pointer: &'p str) -> Option<&'p str> {
    pointer.strip_prefix(whole).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The names on the way to a value, without indices.
fn path_of(value: Value<'_, '_>) -> String {
    let mut names: Vec<_> = std::iter::successors(Some(value), Value::parent)
        .filter_map(|it| it.key().map(Cow::into_owned))
        .collect();
    names.reverse();
    names.join(".")
}

/// Visits every property that OpenCTI adds: of the object, and of the objects in its lists.
fn additions<'d, 'a>(root: Value<'d, 'a>, visit: &mut impl FnMut(Value<'d, 'a>)) {
    for member in root.members() {
        if member.key().is_some_and(|key| key.starts_with(PREFIX)) {
            visit(member);
        } else if member.kind() == Kind::List {
            for element in member.members().filter(|it| it.kind() == Kind::Object) {
                additions(element, visit);
            }
        }
    }
}

/// Whether what stands at a pointer is an addition of OpenCTI, or in one.
pub(super) fn is_addition(root: Value<'_, '_>, pointer: &str) -> bool {
    let within = |part: Value<'_, '_>| below(&part.pointer(), pointer).is_some();
    let mut is_in = false;
    additions(root, &mut |part| is_in |= within(part));
    let extensions = root.child("extensions");
    is_in || DEFINITIONS.iter().any(|id| extensions.and_then(|it| it.child(id)).is_some_and(within))
}
