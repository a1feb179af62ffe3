//! The check: every broken rule of an object, not only the first.
//!
//! The bytes are taken apart once; then one walk holds each value against the tables of [`crate::types`]. What is left
//! to people, since no machine can decide it, stands in docs/stix/undecided.md.

mod container;
mod extensions;
pub(crate) mod forms;
mod identity;
mod names;
mod nearest;
mod observable;
mod pattern;
mod plan;
mod rules;
mod selectors;
mod special;
mod translations;
mod values;
mod versions;
mod walk;

use std::borrow::Cow;

use crate::finding::{Code, Finding, Findings, Severity};
use crate::head::{Head, OwnedHead};
use crate::json::{Document, Kind, Value};
use crate::limits::Limits;
use crate::registry::{CustomType, Registry};
use crate::types::Class;
pub(crate) use observable::identifier;
use plan::{PLANS, TypePlan};
use walk::Walk;

pub use versions::versions;

/// What a check found.
#[derive(Debug, Clone)]
pub struct Report {
    /// The head, where the object is sound enough to have one: what [`crate::head`] gives.
    pub head: Option<OwnedHead>,
    /// What is wrong, in the order it stands in the object. At most 1,000.
    pub findings: Vec<Finding>,
    /// Whether these are all; false of an object so broken that the rest was left out.
    pub complete: bool,
    /// What nobody here can check: it is kept as it is, and no finding.
    pub unknown: Vec<Unknown>,
}

/// Something in an object that neither the standard nor the registry knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Where it is, as a JSON pointer (RFC 6901): the extension under its key, or for a type the object.
    pub pointer: String,
    /// The type, or the key of the extension, as the sender wrote it: escape it before printing it to a terminal.
    pub name: String,
    /// What it is.
    pub kind: UnknownKind,
}

/// What can be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownKind {
    /// The type of the object.
    Type,
    /// An extension of it.
    Extension,
}

impl Report {
    /// Whether no MUST is broken.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Should)
    }

    fn of(finding: Finding) -> Self {
        Self { head: None, findings: vec![finding], complete: true, unknown: Vec::new() }
    }
}

/// Checks one object by the standard alone; [`Checker`] knows extensions too, and checks the frames of bundles.
pub fn check(bytes: &[u8], limits: &Limits) -> Report {
    Checker::new(limits).check(bytes)
}

/// Checks objects.
#[derive(Debug, Clone)]
pub struct Checker<'r> {
    limits: Limits,
    registry: Option<&'r Registry>,
}

impl<'r> Checker<'r> {
    /// Checks by the standard, within the limits.
    pub fn new(limits: &Limits) -> Self {
        Self { limits: *limits, registry: None }
    }

    /// The same, and by what a registry knows of custom types and extensions (section 7.3).
    #[must_use]
    pub fn with_registry(self, registry: &'r Registry) -> Self {
        Self { registry: Some(registry), ..self }
    }

    /// Checks one object: the rules of JSON and the limits, and everything that sections 2 to 7, 10 and 11 of the
    /// standard say of it. A text that is no JSON has one finding, the first breach; so has a bundle, whose objects
    /// are checked one by one.
    pub fn check(&self, bytes: &[u8]) -> Report {
        self.check_and_keep(bytes).0
    }

    /// The same, with the object as it was taken apart, for whoever reads more in it: nothing, where it is no JSON object or
    /// a bundle. Where keys stand twice, which is a finding, the first of each is found.
    pub fn check_and_keep<'a>(&self, bytes: &'a [u8]) -> (Report, Option<Document<'a>>) {
        let (document, duplicates) = match self.object(bytes) {
            Ok(parsed) => parsed,
            Err(finding) => return (Report::of(finding), None),
        };
        let root = document.root();
        let type_name = text(root, "type");
        if type_name == "bundle" {
            let at = root.span().start;
            let finding = Finding::new(Code::BundleAsObject, "8", String::new(), at, []);
            return (Report::of(finding), None);
        }
        // A head is of an object that is sound as JSON.
        let head = if duplicates.is_empty() { Head::of(&document) } else { None };
        let mut report = self.walk(&document, type_name, duplicates);
        report.head = head.map(Head::into_owned);
        (report, Some(document))
    }

    /// Checks the frame of a bundle (section 8): its own properties, and that its objects are objects. These are checked
    /// one by one, with [`Checker::check`]; a bundle that is too large to be held is read by
    /// [`crate::reader::Objects`]. The report has no head.
    pub fn check_bundle(&self, bytes: &[u8]) -> Report {
        let (document, duplicates) = match self.object(bytes) {
            Ok(parsed) => parsed,
            Err(finding) => return Report::of(finding),
        };
        let root = document.root();
        let type_name = text(root, "type");
        if type_name != "bundle" {
            let place = root.child("type").unwrap_or(root);
            let (pointer, at) = (place.pointer(), place.span().start);
            return Report::of(Finding::new(Code::NotABundle, "8.1", pointer, at, []));
        }
        self.walk(&document, type_name, duplicates)
    }

    /// Takes an object apart; beside it, the keys that stand twice.
    fn object<'a>(&self, bytes: &'a [u8]) -> Result<(Document<'a>, Vec<Finding>), Finding> {
        let (document, duplicates) = Document::parse_with_duplicates(bytes, &self.limits)?;
        let root = document.root();
        if root.kind() != Kind::Object {
            return Err(Finding::not_an_object(root.span().start));
        }
        Ok((document, duplicates))
    }

    fn walk<'a>(
        &self,
        document: &Document<'a>,
        type_name: Cow<'a, str>,
        duplicates: Vec<Finding>,
    ) -> Report {
        let root = document.root();
        let mut findings = Findings::default();
        let mut unknown = Vec::new();
        let custom = self.registry.and_then(|registry| registry.custom_type(&type_name));
        let type_ = type_of(root, &type_name, custom);
        if type_.type_.is_none() && custom.is_none() && !type_name.is_empty() {
            let name = type_name.clone().into_owned();
            unknown.push(Unknown { pointer: String::new(), name, kind: UnknownKind::Type });
        }
        let complete = duplicates
            .into_iter()
            .try_for_each(|finding| findings.push(finding))
            .and_then(|()| {
                let mut walk = Walk {
                    document,
                    object: root,
                    type_,
                    id: text(root, "id"),
                    type_name,
                    registry: self.registry,
                    custom,
                    defanged: root.child("defanged").and_then(|v| v.boolean()) == Some(true),
                    toplevel: None,
                    neighbours: None,
                    selectors: Vec::new(),
                    unknown: &mut unknown,
                    findings: &mut findings,
                };
                walk.object()
            })
            .is_ok();
        let mut findings = findings.into_vec();
        findings.sort_by_key(|finding| finding.offset);
        Report { head: None, findings, complete, unknown }
    }
}

fn text<'a>(object: Value<'_, 'a>, name: &str) -> Cow<'a, str> {
    object.child(name).and_then(|value| value.text()).unwrap_or_default()
}

/// The plan of a type: the standard's, or what the class asks for that the registry or an extension in the object gives.
fn type_of(object: Value<'_, '_>, name: &str, custom: Option<&CustomType>) -> &'static TypePlan {
    if let Some(known) = PLANS.find(name) {
        return known;
    }
    let class = custom.map(|custom| custom.class).or_else(|| {
        let extensions = object.child("extensions").into_iter().flat_map(|value| value.members());
        extensions.filter_map(|value| value.child("extension_type")?.text()).find_map(|type_| {
            match &*type_ {
                "new-sdo" => Some(Class::Domain),
                "new-sco" => Some(Class::Observable),
                "new-sro" => Some(Class::Relationship),
                _ => None,
            }
        })
    });
    PLANS.custom(class)
}

#[cfg(test)]
mod tests;
