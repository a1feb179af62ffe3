//! Agreements to exchange under.

use comity_model::{Grounds, PartyRoot};

/// The clause by which the first party gives.
pub const CLAUSE: &str = "south";
/// The clause by which the second party gives.
pub const OTHER_CLAUSE: &str = "north";

/// On what the agreement rests.
pub const LEGAL_BASIS: &str = "Exchange of notes of 2026-01-30";

/// The grounds of an act under an agreement whose terms add no reasons.
pub fn grounds() -> Grounds {
    Grounds { legal_basis: vec![LEGAL_BASIS.to_owned()], reasons: Vec::new() }
}

/// The terms of an agreement that tests vary.
#[derive(Debug, Clone)]
pub struct AgreementText {
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// `one-person` or `two-person`.
    pub approval: String,
    /// More lines in each clause.
    pub clause: String,
    /// More lines at the end.
    pub more: String,
    /// Types that may be given.
    pub kinds: String,
    /// Properties that are taken out.
    pub redact: String,
    /// Version.
    pub version: u32,
    /// The UUID of its id.
    pub id: String,
    /// What the first party and the second are called.
    pub parties: [String; 2],
}

impl Default for AgreementText {
    fn default() -> Self {
        Self {
            from: "2026-02-01".to_owned(),
            until: "2027-01-31".to_owned(),
            approval: "one-person".to_owned(),
            clause: String::new(),
            more: String::new(),
            kinds: r#"["indicator", "identity", "location", "report", "note", "relationship"]"#
                .to_owned(),
            redact: r#"["identity.contact_information"]"#.to_owned(),
            version: 1,
            id: "5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".to_owned(),
            parties: ["us".to_owned(), "mx".to_owned()],
        }
    }
}

impl AgreementText {
    /// The TOML of an agreement between two parties.
    pub fn toml(&self, first_root: PartyRoot, second_root: PartyRoot) -> String {
        let [first, second] = &self.parties;
        let Self {
            from, until, approval, clause: in_clause, more, kinds, redact, version, id, ..
        } = self;
        let clause = |id: &str, from: &str, to: &str| {
            format!(
                r#"
[[clause]]
id = "{id}"
from = "{from}"
to = "{to}"
purposes = ["precursor-control"]
kinds = {kinds}
max_tlp = "amber+strict"
redact = {redact}
onward = "originator-consent"
use = ["intelligence-only"]
retention_days = 180
approval = "{approval}"
{in_clause}
"#
            )
        };
        format!(
            r#"[agreement]
id = "agreement--{id}"
version = {version}
title = "Synthetic-drug intelligence cooperation"
language = "comity-agreement/1"
scope = ["intelligence", "technical-support"]
legal_basis = ["{LEGAL_BASIS}"]
in_force = {{ from = {from}, until = {until} }}

[parties.{first}]
root = "{first_root}"

[parties.{second}]
root = "{second_root}"
{}{}
[[red_line]]
text = "Nothing about a natural person under 18"
when = 'resource.labels.contains("minor")'
{more}"#,
            clause(CLAUSE, first, second),
            clause(OTHER_CLAUSE, second, first),
        )
    }
}
