//! What a red line's `when` may say.
//!
//! Cedar skips a policy whose evaluation fails, which for a red line would mean that it does not hold. So the
//! language leaves out everything that can fail: arithmetic, extension functions, entities, tags. What is left
//! and passes the strict validator always evaluates.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use cedar_policy::{Expression, Policy, PolicyId, PolicySet, ValidationMode, Validator};
use comity_model::told;
use comity_model::told::Told;
use serde_json::Value;

use crate::cedar::{Compiled, Rule, forbid, schema};
use crate::error::ErrorCode;

/// The longest expression, in bytes.
pub(crate) const MAX_LENGTH: usize = 4_000;

/// The most brackets open at once.
const MAX_BRACKETS: usize = 16;

/// The most operators and key words in one expression.
const MAX_MARKS: usize = 64;

/// The deepest tree. Cedar needs some 40 kB of stack a level without optimisation, and gives up on a policy when
/// the stack runs short; this leaves half of a thread's usual 2 MiB free.
const MAX_DEPTH: usize = 24;

/// The operators of comity-agreement/1 whose operands are expressions and nothing else, as Cedar's JSON form
/// names them. `Walk::operator` has the others.
const OPERATORS: [&str; 8] = ["==", "!=", "<", "<=", ">", ">=", "&&", "isEmpty"];

/// The attribute that is a number with many values.
const AGE: &str = "age_days";

/// An expression that passed.
pub(crate) struct Checked {
    /// Cedar proved it false of every object.
    pub(crate) never_applies: bool,
    /// What it reads.
    pub(crate) reads: Reads,
}

/// Why an expression is refused.
pub(crate) struct Fault {
    pub(crate) code: ErrorCode,
    pub(crate) message: Told,
}

/// What a set of expressions reads of an object. Two objects that agree in it can't be told apart by them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    /// Attributes of the holding.
    attributes: BTreeSet<String>,
    /// For an attribute that is a set of texts and read only by asking for certain members: those members.
    members: BTreeMap<String, BTreeSet<String>>,
    /// Whether the age is compared with numbers, and if so the ages at which an answer changes.
    ages: Option<BTreeSet<u32>>,
    /// Whether there is more than one way for the expressions to be true.
    alternatives: bool,
}

impl Reads {
    /// Whether the attribute is read at all.
    pub(crate) fn reads(&self, attribute: &str) -> bool {
        self.attributes.contains(attribute)
            || self.members.contains_key(attribute)
            || (attribute == AGE && self.ages.is_some())
    }

    /// The members of a set of texts that are asked for by name.
    pub(crate) fn asked(&self, attribute: &str) -> impl Iterator<Item = &str> {
        self.members.get(attribute).into_iter().flatten().map(String::as_str)
    }

    /// Whether a set of texts is read in another way than by asking for members.
    pub(crate) fn reads_whole(&self, attribute: &str) -> bool {
        self.attributes.contains(attribute)
    }

    /// Whether an expression can be true in more than one way, so that what it reads does not say why it is.
    pub(crate) const fn has_alternatives(&self) -> bool {
        self.alternatives
    }

    /// The age as far as the expressions can tell it, given that the answer of somebody else changes at `also`.
    pub(crate) fn visible_age(&self, age: Option<u32>, also: Option<u32>) -> Option<u32> {
        let age = age?;
        if self.attributes.contains(AGE) {
            return Some(age);
        }
        let cuts = self.ages.iter().flatten().copied().chain(also);
        if self.ages.is_none() && also.is_none() {
            return None;
        }
        Some(cuts.filter(|cut| *cut <= age).max().unwrap_or_default())
    }

    /// The part of a set of texts that the expressions can see.
    pub(crate) fn visible(&self, attribute: &str, set: &BTreeSet<String>) -> BTreeSet<String> {
        if self.attributes.contains(attribute) {
            return set.clone();
        }
        let asked = self.members.get(attribute);
        asked.map(|asked| asked.intersection(set).cloned().collect()).unwrap_or_default()
    }

    pub(crate) fn add_members<'a>(
        &mut self,
        attribute: &str,
        members: impl IntoIterator<Item = &'a str>,
    ) {
        let all = self.members.entry(attribute.to_owned()).or_default();
        all.extend(members.into_iter().map(str::to_owned));
    }

    pub(crate) fn add_attribute(&mut self, attribute: &str) {
        self.attributes.insert(attribute.to_owned());
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.attributes.extend(other.attributes);
        self.alternatives |= other.alternatives;
        if let Some(ages) = other.ages {
            self.ages.get_or_insert_default().extend(ages);
        }
        for (attribute, members) in other.members {
            self.members.entry(attribute).or_default().extend(members);
        }
    }
}

/// Whether `when` is an expression of the language that fits the schema.
pub(crate) fn check(when: &str) -> Result<Checked, Fault> {
    bound(when)?;
    let syntax = |message: String| Fault {
        code: ErrorCode::WhenSyntax,
        message: told!(
            "Cedar says: {found}; write one expression, as `resource.labels.contains(\"minor\")`",
            found = message
        ),
    };
    // alone first, so that what is put between the braces below is one expression and nothing else
    Expression::from_str(when).map_err(|error| syntax(error.to_string()))?;
    let (policy, json) = parsed(when).map_err(syntax)?;
    let mut reads = Reads::default();
    for body in json.pointer("/conditions").and_then(Value::as_array).into_iter().flatten() {
        Walk { reads: &mut reads, depth: 0 }
            .expression(body.get("body").unwrap_or(&Value::Null))?;
    }
    let never_applies = validate(policy)?;
    Ok(Checked { never_applies, reads })
}

/// The expression as Cedar parsed it, in Cedar's JSON form; `None` where it is none. What [`check`] refuses must not be
/// given.
pub(crate) fn tree(when: &str) -> Option<Value> {
    let (_, json) = parsed(when).ok()?;
    json.pointer("/conditions/0/body").cloned()
}

/// What an expression that passed reads, from its [`tree`].
pub(crate) fn reads(tree: &Value) -> Reads {
    let mut reads = Reads::default();
    // one that passed holds nothing that is refused
    let _ = Walk { reads: &mut reads, depth: 0 }.expression(tree);
    reads
}

/// The policy that forbids under the condition, and its JSON form.
fn parsed(when: &str) -> Result<(Policy, Value), String> {
    let Compiled { id, text, .. } = forbid("red-line".to_owned(), Rule::RedLine(0), "", when);
    let policy = Policy::parse(Some(PolicyId::new(id)), text).map_err(|error| error.to_string())?;
    let json = policy.to_json().map_err(|error| error.to_string())?;
    Ok((policy, json))
}

/// Refuses what is too large before Cedar's parser, which recurses, comes to it. Brackets within texts count too.
fn bound(when: &str) -> Result<(), Fault> {
    let mut open = 0usize;
    let mut deepest = 0usize;
    for byte in when.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let words = when.split(|it| !is_word(it)).filter(|word| matches!(*word, "if" | "has" | "like"));
    let signs =
        when.split(|it: char| !"&|!.=<>+-*".contains(it)).map(|sign| sign.len().div_ceil(2));
    let marks = words.count() + signs.sum::<usize>();
    if when.len() > MAX_LENGTH || deepest > MAX_BRACKETS || marks > MAX_MARKS {
        return Err(too_large());
    }
    Ok(())
}

fn too_large() -> Fault {
    Fault {
        code: ErrorCode::TooLarge,
        message: Told::from("the condition is too long; split it into several red lines")
            .named("condition-too-long"),
    }
}

fn validate(policy: Policy) -> Result<bool, Fault> {
    let fault = |message: String| Fault {
        code: ErrorCode::WhenType,
        message: told!("Cedar says: {found}; use what is known about an object", found = message),
    };
    let schema = schema().map_err(|error| fault(error.to_string()))?;
    let set = PolicySet::from_policies([policy]).map_err(|error| fault(error.to_string()))?;
    let result = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
    let errors: Vec<String> = result.validation_errors().map(ToString::to_string).collect();
    if !errors.is_empty() {
        return Err(fault(errors.join("; ")));
    }
    let impossible = |warning: &cedar_policy::ValidationWarning| {
        matches!(warning, cedar_policy::ValidationWarning::ImpossiblePolicy(_))
    };
    Ok(result.validation_warnings().any(impossible))
}

/// A walk through an expression in Cedar's JSON form.
struct Walk<'a> {
    reads: &'a mut Reads,
    depth: usize,
}

impl Walk<'_> {
    fn expression(&mut self, expression: &Value) -> Result<(), Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(too_large());
        }
        self.depth += 1;
        let mut entries = expression.as_object().into_iter().flatten();
        let result = match (entries.next(), entries.next()) {
            (Some((operator, operand)), None) => self.operator(operator, operand),
            _ => Err(not_allowed("this form")),
        };
        self.depth -= 1;
        result
    }

    fn operator(&mut self, operator: &str, operand: &Value) -> Result<(), Fault> {
        match operator {
            "Value" => literal(operand),
            "Var" => match operand.as_str() {
                Some("context") => Ok(()),
                // the whole of it, not one attribute: there is nothing to compare it with
                name => Err(not_allowed(name.unwrap_or("this form"))),
            },
            "." | "has" if is_resource(operand) => {
                let attribute = operand.get("attr").unwrap_or(&Value::Null);
                // `has a.b` lists the way down
                let attribute = attribute.get(0).unwrap_or(attribute).as_str();
                match attribute.ok_or_else(|| not_allowed("this form"))? {
                    AGE if operator == "has" => {
                        self.reads.ages.get_or_insert_default();
                    }
                    attribute => self.reads.add_attribute(attribute),
                }
                Ok(())
            }
            "<" | "<=" | ">" | ">=" | "==" | "!=" if let Some(age) = age_compared(operand) => {
                // below, at and above a number are all that a comparison can tell apart
                let cuts = [Some(age), age.checked_add(1)].into_iter().flatten();
                self.reads.ages.get_or_insert_default().extend(cuts);
                Ok(())
            }
            "||" | "if-then-else" => {
                self.reads.alternatives = true;
                self.every(operand)
            }
            "!" => {
                let inner = operand.get("arg").and_then(Value::as_object);
                let joins = |key: &String| matches!(key.as_str(), "&&" | "||" | "!");
                self.reads.alternatives |= inner.is_some_and(|inner| inner.keys().any(joins));
                self.every(operand)
            }
            "contains" | "containsAll" | "containsAny" => match members(operand) {
                Some((attribute, asked)) => {
                    self.reads.add_members(attribute, asked);
                    Ok(())
                }
                None => self.every(operand),
            },
            // what stands on the right is a pattern or a name
            "like" | "." | "has" => self.expression(operand.get("left").unwrap_or(&Value::Null)),
            "Set" => {
                operand.as_array().into_iter().flatten().try_for_each(|it| self.expression(it))
            }
            known if OPERATORS.contains(&known) => self.every(operand),
            other => Err(not_allowed(other)),
        }
    }

    fn every(&mut self, operand: &Value) -> Result<(), Fault> {
        operand.as_object().into_iter().flatten().try_for_each(|(_, it)| self.expression(it))
    }
}

fn not_allowed(what: &str) -> Fault {
    Fault {
        code: ErrorCode::WhenOperator,
        message: told!(
            "`{what}` is not allowed here; use `resource` and `context` with comparisons, `&&`, `||`, `!`, `has`, `like`, `if`, `contains`, `containsAll`, `containsAny` and `isEmpty`",
            what
        ),
    }
}

/// Texts, numbers and truth values; an entity or an extension value is an object here.
fn literal(value: &Value) -> Result<(), Fault> {
    match value {
        Value::Object(_) => Err(not_allowed("an entity")),
        Value::Array(elements) => elements.iter().try_for_each(literal),
        _ => Ok(()),
    }
}

/// The number that the age of the object is compared with.
fn age_compared(operand: &Value) -> Option<u32> {
    let is_age = |side: &Value| {
        let read = side.get(".").filter(|read| is_resource(read));
        read.and_then(|read| read.get("attr")).and_then(Value::as_str) == Some(AGE)
    };
    let (left, right) = (operand.get("left")?, operand.get("right")?);
    let number = if is_age(left) { right } else { Some(left).filter(|_| is_age(right))? };
    u32::try_from(number.get("Value")?.as_u64()?).ok()
}

fn is_resource(operand: &Value) -> bool {
    operand.pointer("/left/Var").and_then(Value::as_str) == Some("resource")
}

/// `resource.labels.contains("minor")` and the like: the attribute and the members asked for.
fn members(operand: &Value) -> Option<(&str, Vec<&str>)> {
    let receiver = operand.pointer("/left/.").filter(|receiver| is_resource(receiver))?;
    let attribute = receiver.get("attr")?.as_str()?;
    let right = operand.get("right")?;
    let text = |value: &'_ Value| value.get("Value").is_some_and(Value::is_string);
    let elements = match right.get("Set").and_then(Value::as_array) {
        Some(elements) => elements.iter().collect(),
        None => vec![right],
    };
    if !elements.iter().all(|it| text(it)) {
        return None;
    }
    Some((attribute, elements.into_iter().filter_map(|it| it.get("Value")?.as_str()).collect()))
}
