//! Why an object stays, in words.
//!
//! Cedar says which policies forbid; of a clause that did not permit it says nothing. So each term of the
//! clause is checked again here, natively, and both must agree.

use super::Engine;
use super::class::Class;
use crate::cedar::{Compiled, PLACE, Rule};
use crate::clause::Clause;
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
        Rule::ThirdParty => (ReasonCode::ThirdParty, None, third_party(engine, class)),
        Rule::TlpRed => (
            ReasonCode::TlpRed,
            Some(marked(class)),
            "TLP:RED is for named persons and never crosses".to_owned(),
        ),
        Rule::RedLine(index) => {
            (ReasonCode::RedLine, None, agreement.red_lines.get(index)?.text.clone())
        }
        Rule::Clause(_) => return None,
    };
    Some(reason(code, &policy.id, property, text))
}

/// What in the object has the label that counts.
fn marked(class: &Class) -> &str {
    class.tlp_on.as_deref().unwrap_or("object_marking_refs")
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

/// Every term of the clause that the object or the question does not meet, in the order of the terms.
pub(super) fn failing_terms(engine: &Engine, class: &Class) -> Vec<Reason> {
    let policy = format!("clause:{}", class.clause);
    let named = engine.agreement.clauses.iter().zip(&engine.directions);
    let Some((clause, direction)) = named.into_iter().find(|(clause, _)| clause.id == class.clause)
    else {
        let text = format!("the agreement has no clause `{}`", class.clause);
        return vec![reason(ReasonCode::ClauseUnknown, &policy, None, text)];
    };
    let mut out = Vec::new();
    let mut fails = |code, property, text| out.push(reason(code, &policy, property, text));

    if direction.from != class.from {
        let text = format!("under clause `{}` only `{}` gives", clause.id, clause.from);
        fails(ReasonCode::ClauseDirection, None, text);
    }
    if !clause.purposes.contains(&class.purpose) {
        let text = format!("`{}` is not a purpose of clause `{}`", class.purpose, clause.id);
        fails(ReasonCode::ClausePurpose, None, text);
    }
    if !clause.kinds.contains(&class.kind) {
        let text = format!("clause `{}` releases no `{}`", clause.id, class.kind);
        fails(ReasonCode::ClauseKind, Some("type"), text);
    }
    if class.tlp > clause.max_tlp {
        let text = format!(
            "`{}` is more than clause `{}` allows, `{}`",
            class.tlp, clause.id, clause.max_tlp
        );
        fails(ReasonCode::ClauseTlp, Some(marked(class)), text);
    }
    if let Some(text) = grade(clause, class) {
        fails(ReasonCode::ClauseGrade, None, text);
    }
    let placeless = PLACE.iter().all(|property| !class.properties.contains(*property));
    if clause.precision.location.is_some() && class.kind == "location" && placeless {
        let text =
            format!("at the precision of clause `{}` nothing is left of the place", clause.id);
        fails(ReasonCode::ClausePrecision, Some("country"), text);
    }
    out
}

fn grade(clause: &Clause, class: &Class) -> Option<String> {
    let floor = clause.min_grade?;
    match class.grade {
        None => Some(format!("it has no grade and clause `{}` asks for `{floor}`", clause.id)),
        Some(grade) if !grade.0.meets(floor) => Some(format!(
            "its grade `{}` is less than clause `{}` asks for, `{floor}`",
            grade.0, clause.id
        )),
        Some(_) => None,
    }
}

fn reason(code: ReasonCode, policy: &str, property: Option<&str>, text: String) -> Reason {
    Reason { code, policy: policy.to_owned(), property: property.map(str::to_owned), text }
}
