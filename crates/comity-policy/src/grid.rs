//! Conditions of red lines, tried on every object that they can tell apart.
//!
//! A condition reads few things of an object and compares them with what stands in it, so a finite set of objects shows
//! all that it can say: each value that it names, one beside them, and every step of the scales. What is computed here is
//! said of agreements beforehand, in warnings and comparisons; what a release is decided by is Cedar alone.

mod object;
mod truth;

use std::cell::Cell;
use std::collections::BTreeSet;

use serde_json::Value;

pub(crate) use self::object::Object;
use self::object::{Setting, is_combined, named_by, settings};
use crate::cedar::when;
use crate::clause::Clause;

/// Objects tried at the most for one question.
const MOST: usize = 20_000;

/// Objects tried at the most for all questions about an agreement.
const ALL: usize = 1_000_000;

/// The condition of one red line, as parsed.
pub(crate) struct Condition {
    tree: Value,
    reads: when::Reads,
    /// Attributes of the context.
    context: BTreeSet<String>,
    texts: BTreeSet<String>,
    numbers: BTreeSet<i64>,
    /// Whether there may be objects that it tells apart and that are not tried.
    open: bool,
}

impl Condition {
    /// The condition of a red line; `None` where it is none, which no agreement that was read has.
    pub(crate) fn of(when: &str) -> Option<Self> {
        let tree = when::tree(when)?;
        let mut condition = Self {
            reads: when::reads(&tree),
            context: BTreeSet::new(),
            texts: BTreeSet::new(),
            numbers: BTreeSet::new(),
            open: false,
            tree: Value::Null,
        };
        condition.collect(&tree);
        condition.tree = tree;
        Some(condition)
    }

    fn collect(&mut self, tree: &Value) {
        match tree {
            Value::Array(all) => all.iter().for_each(|it| self.collect(it)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    match (name.as_str(), value) {
                        ("Value", Value::String(text)) => {
                            self.texts.insert(text.clone());
                        }
                        ("Value", Value::Number(number)) => self.numbers.extend(number.as_i64()),
                        (".", _)
                            if value.pointer("/left/Var").is_some_and(|it| it == "context") =>
                        {
                            let name = value.get("attr").and_then(Value::as_str);
                            self.context.extend(name.map(str::to_owned));
                        }
                        ("like", _) => {
                            self.open = true;
                            self.texts.extend(likenesses(value));
                        }
                        _ => {}
                    }
                    self.collect(value);
                }
            }
            _ => {}
        }
    }

    /// Whether it is true of an object; `None` where that can't be told.
    pub(crate) fn holds(&self, object: &Object) -> Option<bool> {
        truth::holds(&self.tree, object)
    }

    /// Whether it reads an attribute of the object.
    pub(crate) fn reads(&self, attribute: &str) -> bool {
        self.reads.reads(attribute)
    }

    /// Whether it reads the name of the clause.
    pub(crate) fn reads_clause(&self) -> bool {
        self.context.contains("clause")
    }

    /// The literal texts that it compares with an attribute of a variable: with `context.clause`, `resource.kind`.
    pub(crate) fn compared(&self, variable: &str, attribute: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        beside(&self.tree, (variable, attribute), &mut names);
        names
    }
}

/// Texts that a pattern matches, and that one may match together with others.
fn likenesses(like: &Value) -> Vec<String> {
    let pattern = like.get("pattern").and_then(Value::as_array);
    let with = |wild: &str| {
        let part = |it: &Value| match it.get("Literal").and_then(Value::as_str) {
            Some(literal) => literal.to_owned(),
            None => wild.to_owned(),
        };
        pattern.into_iter().flatten().map(part).collect::<String>()
    };
    vec![with(""), with("x")]
}

/// Literal texts that stand on the other side of an attribute of a variable.
fn beside(tree: &Value, read: (&str, &str), names: &mut BTreeSet<String>) {
    let is_it = |side: &Value| {
        side.pointer("/./left/Var").is_some_and(|it| it == read.0)
            && side.pointer("/./attr").is_some_and(|it| it == read.1)
    };
    match tree {
        Value::Array(all) => all.iter().for_each(|it| beside(it, read, names)),
        Value::Object(fields) => {
            for (operator, operand) in fields {
                if let (Some(left), Some(right)) = (operand.get("left"), operand.get("right")) {
                    let other = match operator.as_str() {
                        "==" | "!=" if is_it(left) => Some(right),
                        "==" | "!=" | "contains" if is_it(right) => Some(left),
                        _ => None,
                    };
                    let listed = other.map(|it| it.get("Set").unwrap_or(it));
                    let literals = listed.map(|it| match it.as_array() {
                        Some(all) => all.iter().collect(),
                        None => vec![it],
                    });
                    let text = |it: &Value| it.get("Value")?.as_str().map(str::to_owned);
                    names.extend(literals.into_iter().flatten().filter_map(text));
                }
                beside(operand, read, names);
            }
        }
        _ => {}
    }
}

/// A context in which objects are tried: the clause and the purposes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) clause: String,
    pub(crate) purposes: BTreeSet<String>,
}

/// What was found.
pub(crate) enum Found {
    /// An object of which it is so.
    One(Box<Object>),
    /// There is none.
    None,
    /// None was found among those that were tried, and there may be others.
    Unknown,
}

/// A search among objects, which ends after so many.
pub(crate) struct Grid {
    left: Cell<usize>,
}

impl Grid {
    pub(crate) const fn new() -> Self {
        Self { left: Cell::new(ALL) }
    }

    /// Looks for an object in one place of which something is so, among all that the conditions can tell apart.
    pub(crate) fn any(
        &self,
        conditions: &[&Condition],
        place: &Place,
        is_so: impl FnMut(&Object) -> Option<bool>,
    ) -> Found {
        let mut place = place.clone();
        if conditions.iter().any(|it| it.context.contains("purpose")) {
            place.purposes.extend(conditions.iter().flat_map(|it| it.texts.iter().cloned()));
        } else {
            place.purposes = place.purposes.into_iter().take(1).collect();
        }
        let combined = ["labels", "properties"].iter().all(|it| is_combined(conditions, it));
        let open = !combined || conditions.iter().any(|it| it.open);
        self.look(&Object::at(&place.clause), &settings(conditions, &place), open, is_so)
    }

    /// Looks among the objects that a clause speaks of by its own terms, and in which the condition sees a difference.
    pub(crate) fn of_clause(
        &self,
        condition: &Condition,
        clause: &Clause,
        is_so: impl FnMut(&Object) -> Option<bool>,
    ) -> Found {
        self.look(&Object::at(&clause.id), &named_by(condition, clause), condition.open, is_so)
    }

    fn look(
        &self,
        object: &Object,
        dimensions: &[Vec<Setting>],
        open: bool,
        mut is_so: impl FnMut(&Object) -> Option<bool>,
    ) -> Found {
        let all = dimensions.iter().try_fold(1usize, |all, it| all.checked_mul(it.len()));
        let tried = all.unwrap_or(MOST).min(MOST).min(self.left.get());
        self.left.set(self.left.get().saturating_sub(tried));
        let mut untold = open || all != Some(tried);
        for number in 0..tried {
            let (mut object, mut rest) = (object.clone(), number);
            for dimension in dimensions {
                let values = dimension.len().max(1);
                if let Some(setting) = dimension.get(rest % values) {
                    setting.apply(&mut object);
                }
                rest /= values;
            }
            match is_so(&object) {
                Some(true) => return Found::One(Box::new(object)),
                Some(false) => {}
                None => untold = true,
            }
        }
        if untold { Found::Unknown } else { Found::None }
    }
}

#[cfg(test)]
mod tests;
