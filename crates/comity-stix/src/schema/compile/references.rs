//! Where references lead: pointers, anchors and the kinds of the standard.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Compiler, line};
use crate::json::{Document, Kind, Value};
use crate::pointer;
use crate::schema::error::{SchemaError, SchemaFault};
use crate::schema::kinds;
use crate::schema::node::Rule;

/// Where things are in a schema's document.
pub(super) struct Places<'a> {
    /// The members of containers, by the place of the container and their key or index.
    members: BTreeMap<(usize, Cow<'a, str>), usize>,
    /// `$anchor`.
    anchors: BTreeMap<Cow<'a, str>, usize>,
    /// `$id` of the document.
    id: Option<Cow<'a, str>>,
}

impl<'a> Places<'a> {
    pub(super) fn of(document: &Document<'a>) -> Result<Self, SchemaError> {
        let mut members = BTreeMap::new();
        let mut anchors = BTreeMap::new();
        let mut indices: BTreeMap<usize, usize> = BTreeMap::new();
        for value in document.values().skip(1) {
            let Some(parent) = value.parent().map(|parent| parent.place()) else { continue };
            let token = value.key().unwrap_or_else(|| {
                let index = indices.entry(parent).or_default();
                *index += 1;
                (*index - 1).to_string().into()
            });
            let anchor = if token == "$anchor" { value.text() } else { None };
            members.insert((parent, token), value.place());
            if let Some(anchor) = anchor
                && anchors.insert(anchor.clone(), parent).is_some()
            {
                let line = line(document, value.span().start);
                let fault = SchemaFault::AnchorTwice;
                return Err(SchemaError::new(fault, value.pointer(), line, &[&anchor]));
            }
        }
        let id = document.root().child("$id").and_then(|id| id.text());
        Ok(Self { members, anchors, id })
    }

    fn find(&self, fragment: &str) -> Option<usize> {
        if fragment.is_empty() || fragment.starts_with('/') {
            let tokens = pointer::tokens(fragment)?;
            return tokens.iter().try_fold(0, |place, token| {
                self.members.get(&(place, Cow::Borrowed(&**token))).copied()
            });
        }
        self.anchors.get(fragment).copied()
    }
}

impl<'d, 'a> Compiler<'d, 'a> {
    /// The rule of a `$ref`.
    pub(super) fn reference(&mut self, value: Value<'d, 'a>) -> Result<Rule, SchemaError> {
        let Some(written) = value.text() else {
            return Err(self.fault(value, SchemaFault::KeywordValue, &["$ref", "\"#/$defs/...\""]));
        };
        if let Some(kind) = kinds::Kind::referred(&written) {
            return Ok(Rule::Kind(kind));
        }
        let (base, fragment) = written.split_once('#').unwrap_or((&written, ""));
        let own = self.places.id.as_deref().map(|id| id.trim_end_matches('#'));
        if !base.is_empty() && own != Some(base) {
            let kinds = kinds::Kind::names().map(|name| format!("stix:{name}"));
            let kinds = kinds.collect::<Vec<_>>().join(" ");
            return Err(self.fault(value, SchemaFault::ReferenceOutside, &[&written, &kinds]));
        }
        let place = percent_decoded(fragment).and_then(|fragment| self.places.find(&fragment));
        let target = place.and_then(|place| self.document.at(place));
        match target.filter(|target| matches!(target.kind(), Kind::Object | Kind::Boolean)) {
            Some(target) => Ok(Rule::Ref(self.schema(target)?)),
            None => Err(self.fault(value, SchemaFault::ReferenceTarget, &[&written])),
        }
    }
}

/// RFC 3986 section 2.1.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? << 4 | digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
