//! The check: every broken rule of an object, not only the first.

mod forms;
mod general;
mod selectors;
mod tables;
mod walk;

use crate::finding::{Code, Finding, Findings, Severity};
use crate::head::{OwnedHead, head};
use crate::json::{Document, Kind};
use crate::limits::Limits;

/// What a check found.
#[derive(Debug, Clone)]
pub struct Report {
    /// The head, where the object is sound enough to have one.
    pub head: Option<OwnedHead>,
    /// What is wrong, in the order it stands in the object. At most 1,000.
    pub findings: Vec<Finding>,
    /// Whether these are all; false of an object so broken that the rest was left out.
    pub complete: bool,
}

impl Report {
    /// Whether no MUST is broken.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Should)
    }
}

/// Checks one object: the rules of JSON and the limits, and what the standard says of names (section
/// 3.1), common properties (3.2), identifiers (2.9), references (3.3), timestamps (2.16), external
/// references (2.5), granular markings (7.2.3), extensions and customisation (11). A text that is no
/// JSON has one finding, the first breach.
pub fn check(bytes: &[u8], limits: &Limits) -> Report {
    let (document, duplicates) = match Document::parse_with_duplicates(bytes, limits) {
        Ok(parsed) => parsed,
        Err(finding) => return Report { head: None, findings: vec![finding], complete: true },
    };
    let mut findings = Findings::default();
    let complete = duplicates
        .into_iter()
        .try_for_each(|finding| findings.push(finding))
        .and_then(|()| every_rule(&document, &mut findings))
        .is_ok();
    let mut findings = findings.into_vec();
    findings.sort_by_key(|finding| finding.offset);
    let head = head(bytes, limits).ok().map(crate::Head::into_owned);
    Report { head, findings, complete }
}

/// Stops with an error when there are too many findings.
fn every_rule(document: &Document<'_>, findings: &mut Findings) -> Result<(), Finding> {
    let root = document.root();
    if root.kind() != Kind::Object {
        return findings.push(Finding::not_an_object(root.span().start));
    }
    let is_bundle =
        root.child("type").and_then(|value| value.text()).is_some_and(|t| t == "bundle");
    if is_bundle {
        let at = root.span().start;
        return findings.push(Finding::new(Code::BundleAsObject, "8", String::new(), at, []));
    }
    let references = walk::walk(document, findings)?;
    general::walk(document, &references, findings)
}

#[cfg(test)]
mod tests;
