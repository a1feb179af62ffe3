//! What is known of every object of one type that a clause would give, and what a condition is of all of them.
//!
//! Three values: true of all, false of all, or not known. What is not known stays so, so that no warning is wrong; a
//! condition that is true for another reason than its parts goes without one.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde_json::Value;

use crate::agreement::Scope;
use crate::cedar::{RELEASE_SCOPE, rank, reliability_rank};
use crate::clause::{Clause, OriginTerm, Persons};

/// A clause and one of its types.
pub(super) struct Known<'a> {
    pub(super) clause: &'a Clause,
    pub(super) kind: &'a str,
}

impl Known<'_> {
    /// What a condition, in Cedar's JSON form, is of every object that the clause would give; `None` where it depends.
    pub(super) fn truth(&self, tree: &Value) -> Option<bool> {
        let (operator, operand) = tree.as_object()?.iter().next()?;
        let side = |name: &str| operand.get(name);
        let truth = |name: &str| self.truth(side(name)?);
        match operator.as_str() {
            "Value" => operand.as_bool(),
            "." => self.fact(attribute(operand)?),
            "has" => self.has(attribute(operand)?),
            "!" => Some(!truth("arg")?),
            "&&" => match (truth("left"), truth("right")) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            "||" => match (truth("left"), truth("right")) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            "if-then-else" => match truth("if") {
                Some(true) => truth("then"),
                Some(false) => truth("else"),
                None => truth("then").filter(|it| truth("else") == Some(*it)),
            },
            "==" => self.equal(side("left")?, side("right")?),
            "!=" => Some(!self.equal(side("left")?, side("right")?)?),
            "<" => self.below(side("left")?, side("right")?),
            ">" => self.below(side("right")?, side("left")?),
            "<=" => Some(!self.below(side("right")?, side("left")?)?),
            ">=" => Some(!self.below(side("left")?, side("right")?)?),
            "contains" | "containsAny" | "containsAll" => {
                self.members(operator, side("left")?, side("right")?)
            }
            "isEmpty" => {
                let labels = is_labels(side("arg")?) && !self.clause.labels.any.is_empty();
                labels.then_some(false)
            }
            _ => None,
        }
    }

    fn fact(&self, name: &str) -> Option<bool> {
        let never = match name {
            "natural_person" => self.clause.persons == Persons::Withhold,
            "from_partner" => self.clause.origin == OriginTerm::Own,
            _ => false,
        };
        never.then_some(false)
    }

    fn has(&self, name: &str) -> Option<bool> {
        let always = match name {
            "grade" => self.clause.min_grade.is_some() && !self.clause.takes_confidence(),
            "age_days" => self.clause.max_age_days.is_some(),
            "country" => !self.clause.countries.is_empty() && self.kind == "location",
            _ => false,
        };
        always.then_some(true)
    }

    /// The texts that an expression can be, where they are few and known.
    fn texts(&self, tree: &Value) -> Option<BTreeSet<String>> {
        if let Some(text) = tree.get("Value").and_then(Value::as_str) {
            return Some(BTreeSet::from([text.to_owned()]));
        }
        let read = tree.get(".")?;
        let name = read.get("attr")?.as_str()?;
        match (read.pointer("/left/Var")?.as_str()?, name) {
            ("resource", "kind") => Some(BTreeSet::from([self.kind.to_owned()])),
            ("resource", "country") if !self.clause.countries.is_empty() => {
                Some(self.clause.countries.clone())
            }
            ("context", "clause") => Some(BTreeSet::from([self.clause.id.clone()])),
            ("context", "purpose") => Some(self.clause.purposes.clone()),
            ("context", "scope") => {
                let scope: Scope = RELEASE_SCOPE;
                Some(BTreeSet::from([scope.as_str().to_owned()]))
            }
            _ => None,
        }
    }

    fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        if let (Some(left), Some(right)) = (self.texts(left), self.texts(right)) {
            return if left.is_disjoint(&right) {
                Some(false)
            } else {
                (left.len() == 1 && left == right).then_some(true)
            };
        }
        if let (Some(left), Some(right)) = (self.range(left), self.range(right)) {
            return if left.end() < right.start() || right.end() < left.start() {
                Some(false)
            } else {
                (left.start() == left.end() && left == right).then_some(true)
            };
        }
        (self.truth(left)? == self.truth(right)?).into()
    }

    /// Between which numbers an expression lies.
    fn range(&self, tree: &Value) -> Option<RangeInclusive<i64>> {
        if let Some(number) = tree.get("Value").and_then(Value::as_i64) {
            return Some(number..=number);
        }
        let read = tree.get(".")?;
        let name = read.get("attr")?.as_str()?;
        if attribute(read) == Some("age_days") {
            return Some(0..=self.clause.max_age_days?.into());
        }
        let grade = self.clause.min_grade;
        match (attribute(read.get("left")?.get(".")?)?, name) {
            ("tlp", "rank") => Some(0..=rank(self.clause.max_tlp)),
            ("pap", "rank") => Some(0..=self.clause.max_pap? as i64),
            ("grade", "reliability_rank") => Some(1..=reliability_rank(grade?.reliability)),
            ("grade", "credibility") => Some(1..=grade?.credibility.digit().into()),
            _ => None,
        }
    }

    fn below(&self, left: &Value, right: &Value) -> Option<bool> {
        let (left, right) = (self.range(left)?, self.range(right)?);
        if left.end() < right.start() {
            Some(true)
        } else {
            (left.start() >= right.end()).then_some(false)
        }
    }

    fn members(&self, operator: &str, set: &Value, asked: &Value) -> Option<bool> {
        let terms = &self.clause.labels;
        if is_labels(set) {
            let asked = literals(asked)?;
            let has = |label: &String| {
                if terms.none.contains(label) {
                    Some(false)
                } else {
                    (terms.any.len() == 1 && terms.any.contains(label)).then_some(true)
                }
            };
            return if operator == "containsAll" {
                let known: Vec<_> = asked.iter().map(has).collect();
                if known.contains(&Some(false)) {
                    Some(false)
                } else {
                    known.iter().all(|it| *it == Some(true)).then_some(true)
                }
            } else if asked.is_subset(&terms.none) {
                Some(false)
            } else {
                (!terms.any.is_empty() && terms.any.is_subset(&asked)).then_some(true)
            };
        }
        let (set, asked) = (literals(set)?, self.texts(asked)?);
        if operator == "contains" && asked.is_subset(&set) {
            Some(true)
        } else {
            (operator == "contains" && asked.is_disjoint(&set)).then_some(false)
        }
    }
}

fn is_labels(tree: &Value) -> bool {
    tree.get(".").and_then(attribute) == Some("labels")
}

/// The attribute of the holding that is read.
fn attribute(read: &Value) -> Option<&str> {
    (read.pointer("/left/Var")?.as_str()? == "resource").then_some(())?;
    let attribute = read.get("attr")?;
    attribute.as_str().or_else(|| match attribute.as_array()?.as_slice() {
        [only] => only.as_str(),
        _ => None,
    })
}

/// A literal set of texts, or one text.
fn literals(tree: &Value) -> Option<BTreeSet<String>> {
    let text = |value: &Value| value.get("Value")?.as_str().map(str::to_owned);
    match tree.get("Set") {
        Some(set) => set.as_array()?.iter().map(text).collect(),
        None => text(tree).map(|text| BTreeSet::from([text])),
    }
}
