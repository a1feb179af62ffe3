//! Translations, against the tables of what they translate (section 7.1.1).

use super::forms::lang;
use super::plan::{Node, PLANS, Plan};
use super::values::expected;
use super::walk::{Going, Walk, Within};
use crate::finding::{Code, Thing, Word};
use crate::json::{self, Value};
use crate::types::Kind;

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// Translations by language, then by property (section 7.1.1).
    pub(super) fn translations(&mut self, value: Value<'d, 'a>, within: Within) -> Going {
        let target = value.parent().and_then(|object| self.leads_to(object.child("object_ref")?));
        let plan = target.and_then(|type_| PLANS.find(&type_)).map(|type_| &type_.plan);
        let mut any = false;
        for member in value.members() {
            any = true;
            let key = member.key().unwrap_or_default();
            if !lang::is_tag(&key) {
                self.say_key(member, Code::LangForm, "7.1.1", [Word::said(&key)])?;
            }
            if member.kind() != json::Kind::Object {
                let words = [Word::said(&key), Thing::Object.into()];
                self.say(member, Code::WrongType, within.section, words)?;
                continue;
            }
            self.free(member)?;
            if let Some(plan) = plan {
                self.mirrors(member, plan)?;
            }
        }
        if any { Ok(()) } else { self.say(value, Code::EmptyObject, "2.3", []) }
    }

    /// Properties of an object in another language. What cannot be translated, and what is no property there, readers
    /// leave out; so does the check.
    fn mirrors(&mut self, value: Value<'d, 'a>, plan: &'static Plan) -> Going {
        for member in value.members() {
            let key = member.key().unwrap_or_default();
            let Some(field) = plan.position(&key).and_then(|at| plan.fields.get(at)) else {
                continue;
            };
            self.mirrored(member, &field.node, field.name)?;
        }
        Ok(())
    }

    /// A string for a string, a list for a list, an object for an object. An element of a list that nobody translated is
    /// an empty string.
    fn mirrored(&mut self, value: Value<'d, 'a>, node: &'static Node, name: &str) -> Going {
        if !has_texts(node) || value.kind() == json::Kind::Null {
            return Ok(());
        }
        let (thing, kind) = expected(node);
        if value.kind() != kind {
            let words = [Word::said(name), thing.into()];
            return self.say(value, Code::WrongType, "7.1.1", words);
        }
        match node {
            Node::Object(plan) => self.mirrors(value, plan),
            Node::Dictionary(of, _) => {
                value.members().try_for_each(|member| self.mirrored(member, of, name))
            }
            Node::List(of) => value
                .members()
                .filter(|member| member.text().is_none_or(|text| !text.is_empty()))
                .try_for_each(|member| self.mirrored(member, of, name)),
            _ => Ok(()),
        }
    }
}

/// Whether there is something in it that people read in their language.
fn has_texts(node: &Node) -> bool {
    match node {
        Node::Plain(kind) => matches!(kind, Kind::Text),
        Node::List(of) | Node::Dictionary(of, _) => has_texts(of),
        Node::Object(plan) => plan.fields.iter().any(|field| has_texts(&field.node)),
        Node::Either(_) => false,
    }
}
