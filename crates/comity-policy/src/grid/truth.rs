//! What a condition is of one object. `None` is what can't be told.

use std::collections::BTreeSet;

use serde_json::Value;

use super::object::Object;
use crate::cedar::{RELEASE_SCOPE, rank, reliability_rank};

/// A value of an expression.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    Truth(bool),
    Number(i64),
    Text(String),
    /// The recipient, the only party that an object is tried with.
    Recipient,
    Set(BTreeSet<Self>),
}

/// Whether a condition, in Cedar's JSON form, is true of an object.
pub(super) fn holds(tree: &Value, object: &Object) -> Option<bool> {
    match term(tree, object)? {
        Term::Truth(truth) => Some(truth),
        _ => None,
    }
}

fn term(tree: &Value, object: &Object) -> Option<Term> {
    let (operator, operand) = tree.as_object()?.iter().next()?;
    let side = |name: &str| operand.get(name);
    let read = |name: &str| term(side(name)?, object);
    let truth = |name: &str| holds(side(name)?, object);
    let both = || Some((read("left")?, read("right")?));
    let numbers = || match both()? {
        (Term::Number(left), Term::Number(right)) => Some((left, right)),
        _ => None,
    };
    let sets = || match both()? {
        (Term::Set(left), Term::Set(right)) => Some((left, right)),
        _ => None,
    };
    let found = match operator.as_str() {
        "Value" => return literal(operand),
        "Set" => {
            let members: Option<BTreeSet<Term>> =
                operand.as_array()?.iter().map(|it| term(it, object)).collect();
            return members.map(Term::Set);
        }
        "." => return attribute(operand, object),
        "has" => has(operand, object)?,
        "!" => !truth("arg")?,
        "&&" => truth("left")? && truth("right")?,
        "||" => truth("left")? || truth("right")?,
        "if-then-else" => {
            let way = if truth("if")? { "then" } else { "else" };
            return read(way);
        }
        "==" => {
            let (left, right) = both()?;
            left == right
        }
        "!=" => {
            let (left, right) = both()?;
            left != right
        }
        "<" => numbers().map(|(left, right)| left < right)?,
        "<=" => numbers().map(|(left, right)| left <= right)?,
        ">" => numbers().map(|(left, right)| left > right)?,
        ">=" => numbers().map(|(left, right)| left >= right)?,
        "contains" => match both()? {
            (Term::Set(set), asked) => set.contains(&asked),
            _ => return None,
        },
        "containsAll" => sets().map(|(set, asked)| asked.is_subset(&set))?,
        "containsAny" => sets().map(|(set, asked)| !asked.is_disjoint(&set))?,
        "isEmpty" => match read("arg")? {
            Term::Set(set) => set.is_empty(),
            _ => return None,
        },
        "like" => match read("left")? {
            Term::Text(text) => is_like(&text, side("pattern")?.as_array()?),
            _ => return None,
        },
        _ => return None,
    };
    Some(Term::Truth(found))
}

fn literal(value: &Value) -> Option<Term> {
    match value {
        Value::Bool(truth) => Some(Term::Truth(*truth)),
        Value::Number(number) => number.as_i64().map(Term::Number),
        Value::String(text) => Some(Term::Text(text.clone())),
        _ => None,
    }
}

fn text(text: impl Into<String>) -> Term {
    Term::Text(text.into())
}

fn texts<'a>(all: impl IntoIterator<Item = &'a str>) -> Term {
    Term::Set(all.into_iter().map(text).collect())
}

/// `resource.x`, `context.x`, `resource.x.y`.
fn attribute(read: &Value, object: &Object) -> Option<Term> {
    let name = read.get("attr")?.as_str()?;
    if let Some(record) = read.pointer("/left/.") {
        return member(record.get("attr")?.as_str()?, name, object);
    }
    Some(match (read.pointer("/left/Var")?.as_str()?, name) {
        ("context", "clause") => text(&object.clause),
        ("context", "purpose") => text(&object.purpose),
        ("context", "scope") => text(RELEASE_SCOPE.as_str()),
        ("context", "recipient") => Term::Recipient,
        ("resource", "kind") => text(&object.kind),
        ("resource", "labels") => texts(object.labels.iter().map(String::as_str)),
        ("resource", "properties") => texts(object.properties.iter().map(String::as_str)),
        ("resource", "from_partner") => Term::Truth(object.from_partner),
        ("resource", "natural_person") => Term::Truth(object.natural_person),
        ("resource", "revoked") => Term::Truth(object.revoked),
        ("resource", "consents") => {
            Term::Set(object.consented.then_some(Term::Recipient).into_iter().collect())
        }
        ("resource", "confidence") => Term::Number(object.confidence()?.into()),
        ("resource", "age_days") => Term::Number(object.age_days?.into()),
        ("resource", "country") => text(object.country.clone()?),
        ("resource", "onward") => text(object.onward?.as_str()),
        ("resource", "uses") => texts(object.uses.as_ref()?.iter().map(|it| it.as_str())),
        _ => return None,
    })
}

fn member(record: &str, name: &str, object: &Object) -> Option<Term> {
    Some(match (record, name) {
        ("tlp", "label") => text(object.tlp.as_str()),
        ("tlp", "rank") => Term::Number(rank(object.tlp)),
        ("pap", "label") => text(object.pap?.as_str()),
        ("pap", "rank") => Term::Number(object.pap? as i64),
        ("grade", "reliability") => text(format!("{:?}", object.grade?.reliability)),
        ("grade", "reliability_rank") => Term::Number(reliability_rank(object.grade?.reliability)),
        ("grade", "credibility") => Term::Number(object.grade?.credibility.digit().into()),
        _ => return None,
    })
}

/// `resource has x`, `resource has x.y`. What is not optional is always there.
fn has(asked: &Value, object: &Object) -> Option<bool> {
    let attribute = asked.get("attr")?;
    let name = attribute.get(0).unwrap_or(attribute).as_str()?;
    (asked.pointer("/left/Var")?.as_str()? == "resource").then_some(())?;
    Some(match name {
        "pap" => object.pap.is_some(),
        "grade" => object.grade.is_some(),
        "onward" => object.onward.is_some(),
        "uses" => object.uses.is_some(),
        "confidence" => object.confidence().is_some(),
        "age_days" => object.age_days.is_some(),
        "country" => object.country.is_some(),
        _ => true,
    })
}

/// Whether a text is like a pattern of literals and wildcards.
fn is_like(text: &str, pattern: &[Value]) -> bool {
    // where a match could go on: after so many elements, at each of these rests of the text
    let mut rests: BTreeSet<&str> = BTreeSet::from([text]);
    for element in pattern {
        let literal = element.get("Literal").and_then(Value::as_str);
        rests = rests.into_iter().flat_map(|rest| after(rest, literal)).collect();
    }
    rests.contains("")
}

/// What may be left of a text after a literal, or after a wildcard.
fn after<'a>(text: &'a str, literal: Option<&str>) -> Vec<&'a str> {
    literal.map_or_else(
        || {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.filter_map(|at| text.get(at..)).collect()
        },
        |literal| text.strip_prefix(literal).into_iter().collect(),
    )
}
