//! What cannot be without what was taken out of it goes too.

use std::collections::BTreeSet;

use comity_stix::edit::Edits;
use comity_stix::{Checker, Finding, Severity};

use super::places::Places;
use super::{DeriveError, selectors};

/// Times that something is taken out before it is given up.
const ROUNDS: usize = 8;

/// The derivative without what breaks a MUST of the standard. A marking never goes: it would loosen what binds the
/// receiver.
pub(super) fn valid(mut bytes: Vec<u8>, checker: &Checker<'_>) -> Result<Vec<u8>, DeriveError> {
    for _ in 0..ROUNDS {
        let report = checker.check(&bytes);
        let broken: Vec<&Finding> =
            report.findings.iter().filter(|it| it.severity == Severity::Must).collect();
        if let Some(finding) = broken.iter().find(|finding| !may_go(&finding.pointer)) {
            return Err(invalid(finding));
        }
        let Some(first) = broken.first() else { return Ok(bytes) };
        let first = invalid(first);
        let pointers: BTreeSet<&str> = broken.iter().map(|it| it.pointer.as_str()).collect();
        bytes = without(&bytes, &pointers)?.ok_or(first)?;
    }
    let report = checker.check(&bytes);
    match report.findings.iter().find(|it| it.severity == Severity::Must) {
        Some(finding) => Err(invalid(finding)),
        None => Ok(bytes),
    }
}

fn may_go(pointer: &str) -> bool {
    let top = pointer.split('/').nth(1).unwrap_or_default();
    !matches!(
        top,
        "" | "type"
            | "id"
            | "spec_version"
            | "created"
            | "modified"
            | "created_by_ref"
            | "revoked"
            | "object_marking_refs"
            | "granular_markings"
    )
}

/// The object without these values; `None` if there are none of them.
fn without(bytes: &[u8], pointers: &BTreeSet<&str>) -> Result<Option<Vec<u8>>, DeriveError> {
    let mut edits =
        Edits::new(bytes).map_err(|finding| DeriveError::Original(Box::new(finding)))?;
    let document = edits.document().clone();
    let mut places = Places::default();
    let found: Vec<_> = pointers.iter().filter_map(|pointer| document.find(pointer)).collect();
    if found.is_empty() {
        return Ok(None);
    }
    for value in found {
        places.remove(value);
    }
    places.close(&document);
    selectors::follow(&document, &mut places);
    places.close(&document);
    places.note(&mut edits)?;
    Ok(Some(edits.finish()))
}

fn invalid(finding: &Finding) -> DeriveError {
    DeriveError::Invalid { pointer: finding.pointer.clone(), rule: finding.code.as_str() }
}
