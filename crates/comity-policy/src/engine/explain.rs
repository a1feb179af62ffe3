//! Why a prohibition keeps an object, in words. Why a clause does not permit it stands in `terms`.

use std::collections::BTreeSet;

use super::Engine;
use super::class::Class;
use crate::cedar::when::Reads;
use crate::cedar::{Compiled, Rule};
use crate::decision::{Reason, ReasonCode};
use crate::facts::Origin;

/// A policy, or the question itself, could not be evaluated.
pub(super) fn fault(policy: &str, message: &str) -> Reason {
    reason(
        ReasonCode::PolicyError,
        policy,
        None,
        format!("this could not be decided, so the object stays: {message}"),
    )
}

/// The reason that a `forbid` stands for; `None` for a `permit`.
pub(super) fn forbidden(engine: &Engine, class: &Class, policy: &Compiled) -> Option<Reason> {
    let agreement = &engine.agreement;
    let (code, property, text) = match policy.rule {
        Rule::NotBegun => (
            ReasonCode::AgreementNotBegun,
            None,
            format!("the agreement begins on {}", agreement.in_force.from),
        ),
        Rule::Ended => (
            ReasonCode::AgreementEnded,
            None,
            format!("the agreement ended on {}", agreement.in_force.until),
        ),
        Rule::Scope => (
            ReasonCode::AgreementScope,
            None,
            "the agreement's scope has no `intelligence`".to_owned(),
        ),
        Rule::ThirdParty => {
            (ReasonCode::ThirdParty, Some("origin".to_owned()), third_party(engine, class))
        }
        Rule::Onward => (
            ReasonCode::OnwardNever,
            Some("handling".to_owned()),
            "it was received under an onward rule that keeps it with this party, whoever consents"
                .to_owned(),
        ),
        Rule::TlpRed => (
            ReasonCode::TlpRed,
            Some(marked(class).to_owned()),
            "TLP:RED is for named persons and never crosses".to_owned(),
        ),
        Rule::RedLine(index) => (
            ReasonCode::RedLine,
            asked(engine.lines.get(index)?, class),
            agreement.red_lines.get(index)?.text.clone(),
        ),
        Rule::Clause(_) => return None,
    };
    Some(reason(code, &policy.id, property.as_deref(), text))
}

/// What in the object has the label that counts.
pub(super) fn marked(class: &Class) -> &str {
    class.tlp_on.as_deref().unwrap_or("object_marking_refs")
}

/// The property for whose sake a red line holds, where it can be told: a label or a property that it asks for and that
/// is there; else the one thing that it reads, or the first of several that must all be so.
fn asked(reads: &Reads, class: &Class) -> Option<String> {
    let present = |attribute, set: &BTreeSet<String>| {
        reads.asked(attribute).find(|it| set.contains(*it)).map(str::to_owned)
    };
    if let Some(property) = present("properties", &class.properties) {
        return Some(property);
    }
    let label = present("labels", &class.labels).map(|_| "labels");
    let person = match class.kind.as_str() {
        "identity" => "identity_class",
        "threat-actor" => "resource_level",
        _ => "type",
    };
    let known = [
        ("labels", "labels"),
        ("tlp", marked(class)),
        ("pap", class.pap_on),
        ("country", "country"),
        ("age_days", "modified"),
        ("natural_person", person),
        ("revoked", "revoked"),
        ("grade", "grade"),
        ("confidence", "confidence"),
        ("from_partner", "origin"),
        ("consents", "origin"),
        ("onward", "handling"),
        ("uses", "handling"),
        ("kind", "type"),
    ];
    let mut read = known.iter().filter(|(attribute, _)| reads.reads(attribute)).map(|(_, it)| *it);
    let first = label.or_else(|| read.next())?;
    let alone = read.all(|it| it == first);
    (label.is_some() || alone || !reads.has_alternatives()).then(|| first.to_owned())
}

fn third_party(engine: &Engine, class: &Class) -> String {
    let origin = match class.origin {
        Origin::Partner(root) => root,
        Origin::Own => class.from,
    };
    match engine.agreement.handle_of(&origin) {
        Some(handle) => {
            format!("it came from `{handle}`, whose consent for this recipient is not on record")
        }
        None => "it came from another partner, whose consent for this recipient is not on record"
            .to_owned(),
    }
}

pub(super) fn reason(
    code: ReasonCode,
    policy: &str,
    property: Option<&str>,
    text: String,
) -> Reason {
    Reason { code, policy: policy.to_owned(), property: property.map(str::to_owned), text }
}
