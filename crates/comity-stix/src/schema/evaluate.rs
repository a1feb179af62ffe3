//! Holding a value against a schema: every breach is said, and the work is bounded.

mod branches;
mod collections;
mod unevaluated;

use super::SECTION;
use super::node::{Bound, Node, NodeId, Rule, Types};
use super::number::Decimal;
use super::pattern::Pattern;
use super::{equal, node};
use crate::finding::{Code, Finding, Severity, Thing, Word};
use crate::json::{self, Value};

/// One go over a value.
pub(super) struct Run<'s, 'd, 'a> {
    nodes: &'s [Node],
    breaches: Vec<Breach<'d, 'a>>,
    /// Whether only the verdict is wanted: nothing is noted, and the first breach ends it.
    quiet: bool,
    /// Nodes open at once.
    depth: usize,
    /// Steps that are left; none when the schema asks too much.
    steps: u64,
}

/// A rule that was not kept, before it is put into words.
#[derive(Debug, Clone)]
struct Breach<'d, 'a> {
    value: Value<'d, 'a>,
    at_key: bool,
    code: Code,
    section: &'static str,
    words: Vec<Word>,
}

impl<'s, 'd, 'a> Run<'s, 'd, 'a> {
    /// Breaches that are noted of one value.
    const MOST_BREACHES: usize = 1_000;
    /// Nodes open at once: the levels of the value times the references between two of them.
    const MOST_DEPTH: usize = 400;
    /// Steps that any schema may take.
    const STEPS: u64 = 200_000;
    /// Steps more for each byte of the value.
    const STEPS_A_BYTE: u64 = 16;

    pub(super) fn new(nodes: &'s [Node], value: Value<'_, '_>) -> Self {
        let size = value.span().range().len() as u64;
        let steps = Self::STEPS + Self::STEPS_A_BYTE * size;
        Self { nodes, breaches: Vec::new(), quiet: false, depth: 0, steps }
    }

    /// Everything in which the value breaks the schema of that node.
    pub(super) fn findings(mut self, node: NodeId, value: Value<'d, 'a>) -> Vec<Finding> {
        self.node(node, value);
        if self.steps == 0 {
            let at = value.span().start;
            return vec![Finding::new(Code::SchemaTooCostly, SECTION, value.pointer(), at, [])];
        }
        self.breaches.into_iter().map(Breach::into_finding).collect()
    }

    /// Holds a value against a node; true when every MUST is kept.
    fn node(&mut self, id: NodeId, value: Value<'d, 'a>) -> bool {
        if !self.spend(1) {
            return false;
        }
        let Some(node) = self.nodes.get(id) else { return true };
        if self.depth >= Self::MOST_DEPTH {
            self.steps = 0;
            return false;
        }
        self.depth += 1;
        let mut fits = true;
        for rule in &node.rules {
            fits &= self.rule(node, rule, value);
            if !fits && self.quiet {
                break;
            }
        }
        self.depth -= 1;
        fits
    }

    fn rule(&mut self, node: &'s Node, rule: &'s Rule, value: Value<'d, 'a>) -> bool {
        match rule {
            Rule::Never => self.breach(value, Code::SchemaNothing, SECTION, [name(value)]),
            Rule::Types(types) => self.types(*types, value),
            Rule::Allowed(allowed) => self.allowed(allowed, value),
            Rule::Least(bound) => self.bound(bound, true, value),
            Rule::Most(bound) => self.bound(bound, false, value),
            Rule::MultipleOf(divisor) => {
                if value.kind() != json::Kind::Number || divisor.divides(&self.number(value)) {
                    return true;
                }
                let words = [Word::said(value.raw()), Word::said(&divisor.written)];
                self.breach(value, Code::SchemaMultiple, SECTION, words)
            }
            Rule::MinLength(least) => {
                self.length(value, |length| length < *least, Code::SchemaTooShort, *least)
            }
            Rule::MaxLength(most) => {
                self.length(value, |length| length > *most, Code::SchemaTooLong, *most)
            }
            Rule::Pattern(pattern) => self.pattern(pattern, value),
            Rule::Format(format) => {
                let Some(text) = value.text() else { return true };
                if !self.spend(text.len() as u64 / 16) || format.holds(&text) {
                    return true;
                }
                let (name, example) = format.shown();
                let words = [Word::said(&text), Word::said(name), Word::said(example)];
                self.breach(value, Code::SchemaFormat, SECTION, words)
            }
            Rule::Kind(kind) => self.spend(value.raw().len() as u64 / 16) && self.kind(kind, value),
            Rule::ReferenceTypes(types) => self.reference_types(types, value),
            Rule::Properties(properties) => self.properties(properties, value),
            Rule::PropertyNames(node) => self.property_names(*node, value),
            Rule::Required(names) => self.required(names, value),
            Rule::DependentRequired(dependent) => self.dependent_required(dependent, value),
            Rule::DependentSchemas(dependent) => self.dependent_schemas(dependent, value),
            Rule::Count(kind, many) => self.count(*kind, *many, value),
            Rule::Items { first, rest } => self.items(first, *rest, value),
            Rule::Contains { node, least, most } => self.contains(*node, *least, *most, value),
            Rule::Unique => self.unique(value),
            Rule::All(nodes) => self.all(nodes, value),
            Rule::Any(nodes) => self.any(nodes, value),
            Rule::One(nodes) => self.one(nodes, value),
            Rule::Not(node) => self.not(*node, value),
            Rule::If { test, then, otherwise } => {
                let branch = if self.quietly(*test, value) { then } else { otherwise };
                branch.is_none_or(|branch| self.node(branch, value))
            }
            Rule::Ref(node) => self.node(*node, value),
            Rule::UnevaluatedProperties(rest) => self.unevaluated_properties(node, *rest, value),
            Rule::UnevaluatedItems(rest) => self.unevaluated_items(node, *rest, value),
        }
    }

    fn types(&mut self, types: Types, value: Value<'d, 'a>) -> bool {
        if types.hold(value.kind(), || Decimal::of(value.raw()).is_whole()) {
            return true;
        }
        let things: Vec<Thing> = types.things().collect();
        self.breach(value, Code::WrongType, SECTION, [name(value), Word::Either(things.into())])
    }

    fn allowed(&mut self, allowed: &node::Allowed, value: Value<'d, 'a>) -> bool {
        let size = value.raw().len();
        let fits = match value.text() {
            Some(text) => allowed.texts.contains(&*text),
            None if allowed.others.is_empty() => false,
            None => {
                self.spend(size as u64 / 4) && allowed.others.contains(&equal::canonical(value))
            }
        };
        if fits {
            return true;
        }
        let said = value.text().unwrap_or_else(|| value.raw().into());
        let words = [Word::said(&said), Word::Said(allowed.shown.clone())];
        self.breach(value, Code::SchemaValue, SECTION, words)
    }

    fn bound(&mut self, bound: &Bound, least: bool, value: Value<'d, 'a>) -> bool {
        if value.kind() != json::Kind::Number {
            return true;
        }
        let number = self.number(value);
        let order = if least { number.cmp(&bound.number) } else { bound.number.cmp(&number) };
        if order.is_gt() || order.is_eq() && !bound.exclusive {
            return true;
        }
        let sign = match (least, bound.exclusive) {
            (true, false) => ">=",
            (true, true) => ">",
            (false, false) => "<=",
            (false, true) => "<",
        };
        let range = Word::said(&format!("{sign} {}", bound.written));
        self.breach(value, Code::OutOfRange, SECTION, [Word::said(value.raw()), range])
    }

    fn number(&mut self, value: Value<'d, 'a>) -> Decimal {
        self.spend(value.raw().len() as u64 / 16);
        Decimal::of(value.raw())
    }

    /// Lengths count the characters of Unicode.
    fn length(
        &mut self,
        value: Value<'d, 'a>,
        bad: impl Fn(u64) -> bool,
        code: Code,
        bound: u64,
    ) -> bool {
        let Some(text) = value.text() else { return true };
        if !self.spend(text.len() as u64 / 16) {
            return false;
        }
        let length = text.chars().count() as u64;
        if !bad(length) {
            return true;
        }
        self.breach(value, code, SECTION, [Word::number(length), Word::number(bound)])
    }

    fn pattern(&mut self, pattern: &Pattern, value: Value<'d, 'a>) -> bool {
        let Some(text) = value.text() else { return true };
        if self.search(pattern, &text) {
            return true;
        }
        let words = [Word::said(&text), Word::said(&pattern.written)];
        self.breach(value, Code::SchemaPattern, SECTION, words)
    }

    /// Whether a pattern matches; one that takes too long ends the whole go.
    fn search(&mut self, pattern: &Pattern, text: &str) -> bool {
        if !self.spend(4 + text.len() as u64 / 4) {
            return false;
        }
        pattern.matches(text).unwrap_or_else(|| {
            self.steps = 0;
            false
        })
    }

    /// The verdict alone.
    fn quietly(&mut self, node: NodeId, value: Value<'d, 'a>) -> bool {
        let before = std::mem::replace(&mut self.quiet, true);
        let fits = self.node(node, value);
        self.quiet = before;
        fits
    }

    /// Takes that many steps; false when there are none left.
    fn spend(&mut self, steps: u64) -> bool {
        self.steps = self.steps.saturating_sub(steps);
        self.steps > 0
    }

    /// Notes a breach; true when it is no more than advice that was not taken.
    pub(super) fn breach(
        &mut self,
        value: Value<'d, 'a>,
        code: Code,
        section: &'static str,
        words: impl Into<Vec<Word>>,
    ) -> bool {
        if !self.quiet && self.breaches.len() < Self::MOST_BREACHES {
            let words = words.into();
            self.breaches.push(Breach { value, at_key: false, code, section, words });
        }
        code.severity() == Severity::Should
    }

    /// The same of the key of a value.
    fn breach_of_key(
        &mut self,
        value: Value<'d, 'a>,
        code: Code,
        words: impl Into<Vec<Word>>,
    ) -> bool {
        let noted = self.breaches.len();
        let fits = self.breach(value, code, SECTION, words);
        if let Some(breach) = self.breaches.get_mut(noted) {
            breach.at_key = true;
        }
        fits
    }
}

impl Breach<'_, '_> {
    fn into_finding(self) -> Finding {
        let span = self.value.key_span().filter(|_| self.at_key);
        let at = span.unwrap_or_else(|| self.value.span()).start;
        Finding::new(self.code, self.section, self.value.pointer(), at, self.words)
    }
}

/// What people call a value: its property, or that of the list it stands in.
pub(super) fn name(value: Value<'_, '_>) -> Word {
    let key = std::iter::successors(Some(value), Value::parent).find_map(|value| value.key());
    Word::said(&key.unwrap_or_else(|| "/".into()))
}
