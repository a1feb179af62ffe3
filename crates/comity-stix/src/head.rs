//! Heads: what a store and a policy need to know of an object, scanned once.

mod document;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::finding::{Code, Finding, Thing, Word};
use crate::id;
use crate::json::scan::{Container, Leaf, Path, Scalar, Sink, scan};
use crate::json::text::Text;
use crate::limits::Limits;
use crate::pointer;
use crate::timestamp::Stamp;

/// The common properties of an object (section 3.2) and all that it refers to. Texts are borrowed
/// from the object's bytes unless they are written with escapes.
///
/// A head that exists holds: the identifier has its form and names the object's type, timestamps are
/// timestamps, and each property here has the JSON type of the standard. The rules beyond that, such
/// as which of them a type requires, are for [`crate::check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head<'a> {
    /// `id`.
    pub id: Cow<'a, str>,
    /// `type`; the same as the type in the identifier.
    pub type_: Cow<'a, str>,
    /// `spec_version`, whatever it says.
    pub spec_version: Option<Cow<'a, str>>,
    /// `created`.
    pub created: Option<Stamp<'a>>,
    /// `modified`.
    pub modified: Option<Stamp<'a>>,
    /// `revoked`; false where it is missing (section 3.2).
    pub revoked: bool,
    /// `created_by_ref`.
    pub created_by_ref: Option<Cow<'a, str>>,
    /// `object_marking_refs`, as written, each once.
    pub object_marking_refs: Vec<Cow<'a, str>>,
    /// `marking_ref` of the granular markings, each once. They stand among `refs` too.
    pub granular_marking_refs: Vec<Cow<'a, str>>,
    /// Every identifier under a property whose name ends in `_ref` or `_refs`, at any depth and inside
    /// extensions, in the order of their first appearance, each once. `object_marking_refs` and the
    /// object's own identifier are not among them.
    pub refs: Vec<Cow<'a, str>>,
    /// `labels`.
    pub labels: Vec<Cow<'a, str>>,
    /// The keys of `extensions`: identifiers of extension definitions, or predefined names.
    pub extensions: Vec<Cow<'a, str>>,
    /// `confidence`, from 0 to 100.
    pub confidence: Option<u8>,
    /// `lang`.
    pub lang: Option<Cow<'a, str>>,
    /// `name`, where it is a string. It is a common name and no common property.
    pub name: Option<Cow<'a, str>>,
}

/// A head that outlives the bytes it was scanned from.
pub type OwnedHead = Head<'static>;

/// Scans an object's head in one pass over the bytes, building no tree.
///
/// The JSON is checked in full: UTF-8, grammar (RFC 8259), keys that stand twice at any level, and the
/// [`Limits`]. The first breach is given back as a finding that points to it. A bundle is no STIX
/// object (section 8) and has no head.
pub fn head<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Head<'a>, Finding> {
    let mut reading = Reading::default();
    scan(bytes, limits, &mut reading)?;
    reading.finish()
}

impl Head<'_> {
    /// The same, owning its texts.
    pub fn into_owned(self) -> OwnedHead {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let all = |texts: Vec<Cow<'_, str>>| texts.into_iter().map(own).collect();
        Head {
            id: own(self.id),
            type_: own(self.type_),
            spec_version: self.spec_version.map(own),
            created: self.created.map(Stamp::into_owned),
            modified: self.modified.map(Stamp::into_owned),
            revoked: self.revoked,
            created_by_ref: self.created_by_ref.map(own),
            object_marking_refs: all(self.object_marking_refs),
            granular_marking_refs: all(self.granular_marking_refs),
            refs: all(self.refs),
            labels: all(self.labels),
            extensions: all(self.extensions),
            confidence: self.confidence,
            lang: self.lang.map(own),
            name: self.name.map(own),
        }
    }
}

/// A head while it is being read.
#[derive(Debug, Default)]
struct Reading<'a> {
    id: Option<Text<'a>>,
    type_: Option<Text<'a>>,
    spec_version: Option<Cow<'a, str>>,
    created: Option<Stamp<'a>>,
    modified: Option<Stamp<'a>>,
    revoked: bool,
    created_by_ref: Option<Cow<'a, str>>,
    object_marking_refs: Vec<Cow<'a, str>>,
    granular_marking_refs: Vec<Cow<'a, str>>,
    refs: Vec<Cow<'a, str>>,
    labels: Vec<Cow<'a, str>>,
    extensions: Vec<Cow<'a, str>>,
    confidence: Option<u8>,
    lang: Option<Cow<'a, str>>,
    name: Option<Cow<'a, str>>,
}

impl<'a> Reading<'a> {
    fn finish(self) -> Result<Head<'a>, Finding> {
        let type_ = self.type_.ok_or_else(|| missing("type"))?.decode();
        let id = self.id.ok_or_else(|| missing("id"))?;
        let (text, at) = (id.decode(), id.at);
        if type_ == "bundle" {
            return Err(Finding::new(Code::BundleAsObject, "8", String::new(), 0, []));
        }
        if !id::is_type_name(&type_) {
            return Err(wrong(Code::TypeName, "type", self.type_.map_or(0, |t| t.at), &type_));
        }
        match id::split(&text) {
            Some((prefix, _)) if prefix == type_ => {}
            Some(_) => return Err(wrong(Code::IdType, "id", at, &type_)),
            None => return Err(wrong(Code::IdForm, "id", at, &text)),
        }
        let mut refs = once(self.refs);
        refs.retain(|reference| *reference != text);
        Ok(Head {
            id: text,
            type_,
            spec_version: self.spec_version,
            created: self.created,
            modified: self.modified,
            revoked: self.revoked,
            created_by_ref: self.created_by_ref,
            object_marking_refs: once(self.object_marking_refs),
            granular_marking_refs: once(self.granular_marking_refs),
            refs,
            labels: self.labels,
            extensions: self.extensions,
            confidence: self.confidence,
            lang: self.lang,
            name: self.name,
        })
    }

    /// A property of the object itself that is no container.
    fn property(&mut self, path: &Path<'a>, key: &str, leaf: &Leaf<'a>) -> Result<(), Finding> {
        let expected = match (key, leaf.value) {
            ("id", Scalar::Text(text)) => {
                self.id = Some(text);
                return Ok(());
            }
            ("type", Scalar::Text(text)) => {
                self.type_ = Some(text);
                return Ok(());
            }
            ("spec_version", Scalar::Text(text)) => {
                self.spec_version = Some(text.decode());
                return Ok(());
            }
            ("created", Scalar::Text(text)) => {
                self.created = Some(stamp(path, text)?);
                return Ok(());
            }
            ("modified", Scalar::Text(text)) => {
                self.modified = Some(stamp(path, text)?);
                return Ok(());
            }
            ("created_by_ref", Scalar::Text(text)) => {
                let reference = reference(path, text)?;
                self.refs.push(reference.clone());
                self.created_by_ref = Some(reference);
                return Ok(());
            }
            ("lang", Scalar::Text(text)) => {
                self.lang = Some(text.decode());
                return Ok(());
            }
            ("name", Scalar::Text(text)) => {
                self.name = Some(text.decode());
                return Ok(());
            }
            ("revoked", Scalar::Boolean(revoked)) => {
                self.revoked = revoked;
                return Ok(());
            }
            ("confidence", Scalar::Number(written)) if is_whole(written) => {
                self.confidence = Some(confidence(path, written, leaf.at)?);
                return Ok(());
            }
            (_, Scalar::Text(text)) if refers(key) && expected(key).is_none() => {
                self.refer(text);
                return Ok(());
            }
            _ => expected(key),
        };
        expected.map_or(Ok(()), |expected| Err(mistyped(path, key, leaf.at, expected)))
    }

    /// An element of a list that is a property of the object itself.
    fn element(&mut self, path: &Path<'a>, key: &str, leaf: &Leaf<'a>) -> Result<(), Finding> {
        match (key, leaf.value) {
            ("object_marking_refs", Scalar::Text(text)) => {
                self.object_marking_refs.push(reference(path, text)?);
            }
            ("labels", Scalar::Text(text)) => self.labels.push(text.decode()),
            ("object_marking_refs" | "labels", _) => {
                return Err(mistyped(path, key, leaf.at, Thing::Text));
            }
            (_, Scalar::Text(text)) if refers(key) => self.refer(text),
            _ => {}
        }
        Ok(())
    }

    /// Something further inside.
    fn inside(&mut self, path: &Path<'a>, key: Text<'a>, leaf: &Leaf<'a>) {
        let Scalar::Text(text) = leaf.value else { return };
        let key = key.decode();
        if !refers(&key) {
            return;
        }
        if key == "marking_ref" && path.root_key_is("granular_markings") {
            self.granular_marking_refs.extend(identifier(text));
        }
        self.refer(text);
    }

    fn refer(&mut self, text: Text<'a>) {
        self.refs.extend(identifier(text));
    }
}

impl<'a> Sink<'a> for Reading<'a> {
    fn open(&mut self, path: &Path<'a>, container: Container, at: usize) -> Result<(), Finding> {
        let Some(top) = path.top() else {
            let object = container == Container::Object;
            return if object { Ok(()) } else { Err(Finding::not_an_object(at)) };
        };
        if path.depth() == 1 {
            let key = top.key.decode();
            let expected = expected(&key);
            let found = match container {
                Container::Object => Thing::Object,
                Container::List => Thing::List,
            };
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                return Err(mistyped(path, &key, at, expected));
            }
        } else if path.depth() == 2 {
            if top.container == Container::Object && path.root_key_is("extensions") {
                self.extensions.push(top.key.decode());
            }
            if top.container == Container::List
                && (path.root_key_is("labels") || path.root_key_is("object_marking_refs"))
            {
                return Err(mistyped(path, &top.key.decode(), at, Thing::Text));
            }
        }
        Ok(())
    }

    fn close(&mut self, _end: usize) {}

    #[inline]
    fn leaf(&mut self, path: &Path<'a>, leaf: &Leaf<'a>) -> Result<(), Finding> {
        let Some(top) = path.top() else { return Err(Finding::not_an_object(leaf.at)) };
        match (path.depth(), top.container) {
            (1, _) if top.key.escaped => self.property(path, &top.key.decode(), leaf),
            (1, _) => self.property(path, top.key.raw, leaf),
            (2, Container::List) => self.element(path, &top.key.decode(), leaf),
            _ => {
                self.inside(path, top.key, leaf);
                Ok(())
            }
        }
    }
}

/// The JSON type of a common property, where it has one.
fn expected(key: &str) -> Option<Thing> {
    Some(match key {
        "id" | "type" | "spec_version" | "created" | "modified" | "created_by_ref" | "lang" => {
            Thing::Text
        }
        "revoked" => Thing::Boolean,
        "confidence" => Thing::Integer,
        "labels" | "object_marking_refs" | "granular_markings" | "external_references" => {
            Thing::List
        }
        "extensions" => Thing::Object,
        _ => return None,
    })
}

/// Whether a property's name says that it holds references (section 3.1).
fn refers(key: &str) -> bool {
    key.strip_suffix('s').unwrap_or(key).ends_with("_ref")
}

fn identifier(text: Text<'_>) -> Option<Cow<'_, str>> {
    let text = text.decode();
    let good = id::split(&text).is_some();
    good.then_some(text)
}

fn reference<'a>(path: &Path<'a>, text: Text<'a>) -> Result<Cow<'a, str>, Finding> {
    identifier(text).ok_or_else(|| {
        let words = [Word::said(&text.decode())];
        Finding::new(Code::ReferenceForm, "3.3", path.pointer(), text.at, words)
    })
}

fn stamp<'a>(path: &Path<'a>, text: Text<'a>) -> Result<Stamp<'a>, Finding> {
    Stamp::parse(text.decode()).map_err(|_| {
        let words = [Word::said(&text.decode())];
        Finding::new(Code::TimestampForm, "2.16.1", path.pointer(), text.at, words)
    })
}

fn is_whole(written: &str) -> bool {
    written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn confidence(path: &Path<'_>, written: &str, at: usize) -> Result<u8, Finding> {
    written.parse().ok().filter(|confidence| *confidence <= 100).ok_or_else(|| {
        let words = [Word::said(written), Word::said("0..100")];
        Finding::new(Code::OutOfRange, "3.2", path.pointer(), at, words)
    })
}

#[cold]
fn mistyped(path: &Path<'_>, key: &str, at: usize, expected: Thing) -> Finding {
    Finding::wrong_type("3.2", path.pointer(), at, key, expected)
}

#[cold]
fn missing(name: &str) -> Finding {
    Finding::new(Code::MissingProperty, "3.2", String::new(), 0, [Word::said(name)])
}

#[cold]
fn wrong(code: Code, property: &str, at: usize, said: &str) -> Finding {
    let mut pointer = String::new();
    pointer::push(&mut pointer, property);
    Finding::new(code, "2.9", pointer, at, [Word::said(said)])
}

/// Leaves the first of those that are equal.
fn once(mut texts: Vec<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    /// Up to this many are compared with each other; more are sorted.
    const FEW: usize = 16;
    if texts.len() < 2 {
        return texts;
    }
    if texts.len() > FEW {
        let mut seen = BTreeSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        return texts;
    }
    let mut kept: Vec<Cow<'_, str>> = Vec::with_capacity(texts.len());
    for text in texts {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
