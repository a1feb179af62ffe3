//! Two versions of one object (section 3.6).

use std::borrow::Cow;

use super::plan::PLANS;
use crate::finding::{Code, Finding, Word};
use crate::head::Head;
use crate::json::{Document, Value, canonical};
use crate::limits::Limits;
use crate::types::Class;

/// The properties whose value counts as said where they are missing (section 3.2). A representation may leave them out,
/// and is still of the same version (section 3.6).
const DEFAULTS: &[(&str, &str)] =
    &[("revoked", "false"), ("defanged", "false"), ("lang", "\"en\""), ("spec_version", "\"2.1\"")];

/// Everything in which an object cannot be a version of the object that it was before, as findings about the new one:
/// another object, another `created` or creator, a `modified` that does not move on, other content at the same
/// `modified`, a version after the object was revoked, and any change of a marking definition, which has no versions
/// (section 7.2.1).
///
/// Observables without `modified` have no versions: they may say more or less at any time. Each object is taken to be
/// checked for itself; one that has no head gives the finding that says why, and nothing else is compared.
pub fn versions(old: &[u8], new: &[u8], limits: &Limits) -> Vec<Finding> {
    match compare(old, new, limits) {
        Ok(findings) => findings,
        Err(finding) => vec![finding],
    }
}

fn compare(old: &[u8], new: &[u8], limits: &Limits) -> Result<Vec<Finding>, Finding> {
    let (before, after) = (crate::head(old, limits)?, crate::head(new, limits)?);
    let (old, new) = (Document::parse(old, limits)?, Document::parse(new, limits)?);
    let root = new.root();
    if before.id != after.id {
        let words = [Word::said(&after.id), Word::said(&before.id)];
        return Ok(vec![at(root, "id", Code::VersionOther, "3.6", words)]);
    }
    let same = same_content(old.root(), root);
    if &*after.type_ == "marking-definition" {
        let said = || at(root, "", Code::VersionNone, "7.2.1", [Word::said(&after.type_)]);
        return Ok(if same { Vec::new() } else { vec![said()] });
    }
    let observable = PLANS.class(&after.type_) == Some(Class::Observable);
    if observable && before.modified.is_none() && after.modified.is_none() {
        return Ok(Vec::new());
    }
    Ok(of_one(&before, &after, root, same))
}

/// The rules between two versions of one object.
fn of_one(before: &Head<'_>, after: &Head<'_>, root: Value<'_, '_>, same: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    if before.created != after.created {
        let was = before.created.as_ref().map_or("", |created| created.written());
        findings.push(at(root, "created", Code::VersionCreated, "3.2", [Word::said(was)]));
    }
    if before.created_by_ref != after.created_by_ref {
        let was = before.created_by_ref.as_deref().unwrap_or_default();
        findings.push(at(root, "created_by_ref", Code::VersionCreator, "3.6", [Word::said(was)]));
    }
    let (Some(earlier), Some(later)) = (&before.modified, &after.modified) else { return findings };
    let was = || Word::said(earlier.written());
    if later < earlier {
        let words = [Word::said(later.written()), was()];
        findings.push(at(root, "modified", Code::VersionEarlier, "3.6", words));
    } else if later > earlier {
        if before.revoked {
            findings.push(at(root, "modified", Code::VersionRevoked, "3.6", [was()]));
        }
    } else if !same {
        findings.push(at(root, "modified", Code::VersionChanged, "3.6", [was()]));
    }
    findings
}

/// A finding about a property, or about the object where it lacks it.
fn at(
    root: Value<'_, '_>,
    name: &str,
    code: Code,
    section: &'static str,
    words: impl Into<Box<[Word]>>,
) -> Finding {
    let place = root.child(name).unwrap_or(root);
    Finding::new(code, section, place.pointer(), place.span().start, words)
}

/// Whether two objects have the same properties with the same values, however they are written. Where a value has no
/// canonical form its bytes are compared.
fn same_content(one: Value<'_, '_>, other: Value<'_, '_>) -> bool {
    one.raw() == other.raw() || content(one) == content(other)
}

fn content<'a>(object: Value<'_, 'a>) -> Cow<'a, str> {
    let stated = object.members().filter(|value| {
        let key = value.key().unwrap_or_default();
        !DEFAULTS.iter().any(|(name, default)| key == *name && value.raw() == *default)
    });
    let members = stated.map(|value| (value.key().unwrap_or_default(), value)).collect();
    let mut out = String::with_capacity(object.raw().len());
    match canonical::members(members, &mut out) {
        Some(()) => Cow::Owned(out),
        None => Cow::Borrowed(object.raw()),
    }
}
