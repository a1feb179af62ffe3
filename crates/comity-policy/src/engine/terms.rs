//! Why a clause does not permit an object, in words.
//!
//! Cedar says which policies forbid; of a clause that did not permit it says nothing. So each term of the clause is
//! checked again here, natively, and both must agree.

use comity_model::Credibility;

use super::Engine;
use super::class::Class;
use super::explain::{marked, reason};
use crate::cedar::{PLACE, SPEECH, least_confidence};
use crate::clause::persons::{ABOUT_PERSONS, TRANSLATION};
use crate::clause::{Clause, Descriptions, OriginTerm, Persons};
use crate::decision::{Reason, ReasonCode};
use crate::facts::Origin;

/// What fails: the code, the property, the words.
type Failing = (ReasonCode, Option<&'static str>, String);

/// Every term of the clause that the object or the question does not meet, in the order of the terms.
pub(super) fn failing(engine: &Engine, class: &Class) -> Vec<Reason> {
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
    let checks = [grade, pap, age, country, labels, origin, persons, descriptions, uses, precision];
    for (code, property, text) in checks.iter().filter_map(|check| check(clause, class)) {
        fails(code, property, text);
    }
    out
}

fn grade(clause: &Clause, class: &Class) -> Option<Failing> {
    let floor = clause.min_grade?;
    let credibility = class.confidence.and_then(Credibility::of_confidence);
    let text = match class.grade {
        None if clause.takes_confidence() && credibility.is_some() => {
            if credibility <= Some(floor.credibility) {
                return None;
            }
            let least = least_confidence(floor.credibility);
            let text = format!(
                "it has no grade, and its confidence is less than clause `{}` asks for then, {least}",
                clause.id
            );
            return Some((ReasonCode::ClauseGrade, Some("confidence"), text));
        }
        None => format!("it has no grade and clause `{}` asks for `{floor}`", clause.id),
        Some(grade) if !grade.0.meets(floor) => format!(
            "its grade `{}` is less than clause `{}` asks for, `{floor}`",
            grade.0, clause.id
        ),
        Some(_) => return None,
    };
    Some((ReasonCode::ClauseGrade, Some("grade"), text))
}

fn pap(clause: &Clause, class: &Class) -> Option<Failing> {
    let (most, label) = (clause.max_pap?, class.pap?);
    (label > most).then(|| {
        let text = format!(
            "PAP:{} is more than clause `{}` allows, PAP:{}",
            label.as_str().to_uppercase(),
            clause.id,
            most.as_str().to_uppercase()
        );
        (ReasonCode::ClausePap, Some(class.pap_on), text)
    })
}

fn age(clause: &Clause, class: &Class) -> Option<Failing> {
    let oldest = clause.max_age_days?;
    let text = match class.age_days {
        Some(age) if age <= oldest => return None,
        Some(_) => format!("it is older than clause `{}` allows, {oldest} days", clause.id),
        None => {
            format!("its age is not known and clause `{}` allows {oldest} days at most", clause.id)
        }
    };
    Some((ReasonCode::ClauseAge, Some("modified"), text))
}

fn country(clause: &Clause, class: &Class) -> Option<Failing> {
    if clause.countries.is_empty() {
        return None;
    }
    let text = match &class.country {
        Some(country) if clause.countries.contains(country) => return None,
        Some(country) => {
            let shown: String = country.chars().take(60).collect();
            format!("clause `{}` gives nothing about `{shown}`", clause.id)
        }
        None if class.kind == "location" => format!(
            "it does not say in which country it lies, and clause `{}` gives certain ones only",
            clause.id
        ),
        None => return None,
    };
    Some((ReasonCode::ClauseCountry, Some("country"), text))
}

fn labels(clause: &Clause, class: &Class) -> Option<Failing> {
    let terms = &clause.labels;
    let text = if let Some(label) = terms.none.intersection(&class.labels).next() {
        format!("clause `{}` gives nothing with the label `{label}`", clause.id)
    } else if !terms.any.is_empty() && terms.any.is_disjoint(&class.labels) {
        let any: Vec<&str> = terms.any.iter().map(String::as_str).collect();
        format!(
            "clause `{}` gives only what has a label of {}",
            clause.id,
            crate::agreement::listed(&any)
        )
    } else {
        return None;
    };
    Some((ReasonCode::ClauseLabels, Some("labels"), text))
}

fn origin(clause: &Clause, class: &Class) -> Option<Failing> {
    let foreign = clause.origin == OriginTerm::Own && matches!(class.origin, Origin::Partner(_));
    foreign.then(|| {
        let text =
            format!("clause `{}` is for `{}`'s own information alone", clause.id, clause.from);
        (ReasonCode::ClauseOrigin, Some("origin"), text)
    })
}

fn persons(clause: &Clause, class: &Class) -> Option<Failing> {
    let id = &clause.id;
    let known = ABOUT_PERSONS.contains(&class.kind.as_str());
    let (property, text) = match clause.persons {
        Persons::Allow => return None,
        _ if class.kind == TRANSLATION => (
            "contents",
            format!(
                "clause `{id}` does not give names of persons, which a translation would repeat"
            ),
        ),
        Persons::Withhold if class.natural_person => (
            "type",
            format!("it is about a natural person, or may be, and clause `{id}` withholds those"),
        ),
        Persons::Pseudonym if class.natural_person && !known => (
            "type",
            format!(
                "it is about a natural person and clause `{id}` asks for a pseudonym, but where a `{}` has the name is not known",
                class.kind
            ),
        ),
        Persons::Withhold | Persons::Pseudonym => return None,
    };
    Some((ReasonCode::ClausePersons, Some(property), text))
}

fn descriptions(clause: &Clause, class: &Class) -> Option<Failing> {
    let (_, property) = SPEECH.iter().find(|(kind, _)| *kind == class.kind)?;
    (clause.descriptions == Descriptions::Withhold).then(|| {
        let text = format!(
            "clause `{}` withholds descriptions, and a `{}` is nothing without its text",
            clause.id, class.kind
        );
        (ReasonCode::ClauseDescriptions, Some(*property), text)
    })
}

fn uses(clause: &Clause, class: &Class) -> Option<Failing> {
    let bound = class.bound.as_ref()?;
    bound.uses.is_disjoint(&clause.use_codes).then(|| {
        let text = format!(
            "it was received for other uses than those for which clause `{}` gives",
            clause.id
        );
        (ReasonCode::ClauseUse, Some("handling"), text)
    })
}

fn precision(clause: &Clause, class: &Class) -> Option<Failing> {
    if clause.precision.location.is_some() && class.kind == TRANSLATION {
        let text = format!(
            "clause `{}` does not give places as exactly as they are, which a translation would repeat",
            clause.id
        );
        return Some((ReasonCode::ClausePrecision, Some("contents"), text));
    }
    let placeless = PLACE.iter().all(|property| !class.properties.contains(*property));
    (clause.precision.location.is_some() && class.kind == "location" && placeless).then(|| {
        let text =
            format!("at the precision of clause `{}` nothing is left of the place", clause.id);
        (ReasonCode::ClausePrecision, Some("country"), text)
    })
}
