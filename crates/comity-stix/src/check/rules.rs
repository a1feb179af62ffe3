//! What properties of one object demand of each other: the rules of the tables.

use super::plan::{Plan, PlannedRule, TypePlan, bit};
use super::walk::{Going, Seen, Walk};
use crate::finding::{Code, Word};
use crate::json::{Kind, Value};
use crate::timestamp::Stamp;
use crate::types::{Choice, Scalar, Strength};

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// What has to be there, and every rule of a shape.
    pub(super) fn demands(
        &mut self,
        object: Value<'d, 'a>,
        plan: &'static Plan,
        seen: &Seen,
    ) -> Going {
        let mut missing = plan.required & !seen.bits;
        if self.neighbours.is_some() {
            // In the container a key stands for the identifier (section 2.13).
            missing &= !plan.position("id").map_or(0, bit);
        }
        if missing != 0 {
            for name in plan.named(missing) {
                self.missing(object, name, plan.shape.section)?;
            }
        }
        plan.rules.iter().try_for_each(|rule| self.rule(object, plan, rule, seen))
    }

    fn rule(
        &mut self,
        object: Value<'d, 'a>,
        plan: &'static Plan,
        planned: &'static PlannedRule,
        seen: &Seen,
    ) -> Going {
        let rule = planned.rule;
        let section = rule.section;
        let mask = planned.masks.first().copied().unwrap_or_default();
        let first = || seen.at(self.document, planned.first);
        let second = || seen.at(self.document, planned.second);
        match rule.choice {
            Choice::SomeOf(groups) => {
                if planned.masks.iter().any(|group| seen.bits & group == *group) {
                    return Ok(());
                }
                let groups = groups.iter().map(|group| group.join(" + "));
                let names = groups.collect::<Vec<_>>().join(", ");
                let code = match plan.shape.name {
                    "external-reference" => Code::ExternalReferenceEmpty,
                    _ => softened(rule.strength, Code::MissingChoice),
                };
                self.say(object, code, section, [Word::said(&names)])
            }
            Choice::SomeBut(_) => {
                if seen.bits & mask != 0 || self.is_extended(object, plan, seen) {
                    return Ok(());
                }
                let names = plan.named(mask).collect::<Vec<_>>().join(", ");
                let code = softened(rule.strength, Code::MissingChoice);
                self.say(object, code, section, [Word::said(&names)])
            }
            Choice::OneOf(names) | Choice::AtMostOneOf(names) => {
                let count = (seen.bits & mask).count_ones();
                let none = count == 0 && matches!(rule.choice, Choice::OneOf(_));
                if count == 1 || count == 0 && !none {
                    return Ok(());
                }
                let code = match (plan.shape.name, none) {
                    ("granular-marking", _) => Code::GranularChoice,
                    (_, true) => softened(rule.strength, Code::MissingChoice),
                    (_, false) => Code::Excluded,
                };
                self.say(object, code, section, [Word::said(&names.join(", "))])
            }
            Choice::Needs(name, _) if first().is_some() => {
                self.needed(object, plan, mask & !seen.bits, name, planned)
            }
            Choice::NeedsWhen(name, scalar, _) if first().is_some_and(|v| has(v, scalar)) => {
                self.needed(object, plan, mask & !seen.bits, name, planned)
            }
            Choice::ForbidsWhen(name, scalar, _) if first().is_some_and(|v| has(v, scalar)) => {
                for forbidden in plan.named(mask & seen.bits) {
                    let value = seen.at(self.document, plan.position(forbidden)).unwrap_or(object);
                    let words = [Word::said(forbidden), Word::said(name), said(scalar)];
                    self.say(value, Code::Forbidden, section, words)?;
                }
                Ok(())
            }
            Choice::Implies(name, other, scalar) if first().is_some() => {
                let value = second();
                if value.is_some_and(|value| has(value, scalar)) {
                    return Ok(());
                }
                let words = [Word::said(name), Word::said(other), said(scalar)];
                self.say(value.unwrap_or(object), Code::Implied, section, words)
            }
            Choice::Order(before, after) | Choice::Later(before, after) => {
                let strict = matches!(rule.choice, Choice::Later(..));
                let (Some(one), Some(other)) = (first(), second()) else { return Ok(()) };
                if in_order(one, other, strict) {
                    return Ok(());
                }
                self.say(other, Code::TimeOrder, section, [Word::said(before), Word::said(after)])
            }
            Choice::Leads(name, type_) => {
                let Some(list) = first() else { return Ok(()) };
                if list.members().any(|value| self.leads_to(value).is_some_and(|t| t == type_)) {
                    return Ok(());
                }
                self.say(list, Code::LeadsNowhere, section, [Word::said(name), Word::said(type_)])
            }
            Choice::Extended(extension, name, text) => {
                let Some(extensions) = first() else { return Ok(()) };
                if extensions.child(extension).is_none() {
                    return Ok(());
                }
                let list = second();
                if list.is_some_and(|list| has(list, Scalar::Listed(text))) {
                    return Ok(());
                }
                let words = [Word::said(extension), Word::said(name), Word::said(text)];
                self.say(list.unwrap_or(object), Code::ExtensionNeeds, section, words)
            }
            Choice::LowerCaseWithHyphens(names) => names.iter().try_for_each(|name| {
                let Some(value) = seen.at(self.document, plan.position(name)) else {
                    return Ok(());
                };
                let Some(text) = value.text() else { return Ok(()) };
                self.lower_case_with_hyphens(value, &text, section)
            }),
            Choice::Special(special) => self.special(object, special, seen, section),
            _ => Ok(()),
        }
    }

    /// Whether the object has an extension of those that the standard defines for its type: they are properties of it
    /// too (section 6.13).
    fn is_extended(&self, object: Value<'d, 'a>, plan: &Plan, seen: &Seen) -> bool {
        if object.place() != self.object.place() || self.type_.extensions.is_empty() {
            return false;
        }
        let extensions = seen.at(self.document, plan.position("extensions"));
        let mut keys = extensions.into_iter().flat_map(|value| value.members());
        keys.any(|value| {
            let key = value.key().unwrap_or_default();
            self.type_.extensions.iter().any(|known| known.shape.name == key)
        })
    }

    fn needed(
        &mut self,
        object: Value<'d, 'a>,
        plan: &'static Plan,
        missing: u64,
        name: &'static str,
        planned: &'static PlannedRule,
    ) -> Going {
        let code = softened(planned.rule.strength, Code::NeededBeside);
        for other in plan.named(missing) {
            self.say(object, code, planned.rule.section, [Word::said(other), Word::said(name)])?;
        }
        Ok(())
    }

    /// `modified` is not before `created` (section 3.6.1).
    pub(super) fn order_of_versions(&mut self, seen: &Seen) -> Going {
        let type_: &TypePlan = self.type_;
        let created = seen.at(self.document, type_.created);
        let modified = seen.at(self.document, type_.modified);
        let (Some(created), Some(modified)) = (created, modified) else { return Ok(()) };
        if in_order(created, modified, false) || self.neighbours.is_some() {
            return Ok(());
        }
        let words = [Word::said(&created.text().unwrap_or_default())];
        self.say(modified, Code::ModifiedBeforeCreated, "3.6.1", words)
    }
}

/// The code of a rule that is missed a property: what is asked for, or what is advised.
fn softened(strength: Strength, code: Code) -> Code {
    match (strength, code) {
        (Strength::Must, _) => code,
        (Strength::Should, Code::NeededBeside) => Code::AdvisedBeside,
        (Strength::Should, _) => Code::Advised,
    }
}

/// Whether a value is the one a rule names.
fn has(value: Value<'_, '_>, scalar: Scalar) -> bool {
    match scalar {
        Scalar::Text(text) => value.text().is_some_and(|said| said == text),
        Scalar::Boolean(asked) => value.boolean() == Some(asked),
        Scalar::Listed(text) => value.members().any(|one| one.text().is_some_and(|t| t == text)),
    }
}

fn said(scalar: Scalar) -> Word {
    match scalar {
        Scalar::Text(text) | Scalar::Listed(text) => Word::said(text),
        Scalar::Boolean(boolean) => Word::said(if boolean { "true" } else { "false" }),
    }
}

/// Whether two timestamps or two numbers stand in order; of what is neither, nothing is asked here.
fn in_order(first: Value<'_, '_>, second: Value<'_, '_>, strict: bool) -> bool {
    if first.kind() == Kind::Number && second.kind() == Kind::Number {
        let number = |value: Value<'_, '_>| value.raw().parse::<f64>().unwrap_or_default();
        let (first, second) = (number(first), number(second));
        return if strict { first < second } else { first <= second };
    }
    let (Some(first), Some(second)) = (first.text(), second.text()) else { return true };
    let (Ok(first), Ok(second)) = (Stamp::parse(first), Stamp::parse(second)) else { return true };
    if strict { first < second } else { first <= second }
}
