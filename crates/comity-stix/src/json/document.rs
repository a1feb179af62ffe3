//! A document taken apart once and looked at as often as one likes.

use std::borrow::Cow;

use super::scan::{Container, Leaf, Path, Scalar, Sink, scan};
use super::text::unescape;
use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::pointer;

/// A stretch of bytes, from `start` up to but without `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

/// The kinds of JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object,
    /// A list.
    List,
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
}

/// A JSON text of which every value is known by its place in the bytes. The values lie in one list in
/// the order they are written: a container, then what is in it.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    text: &'a str,
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    kind: Kind,
    escaped: bool,
    key_escaped: bool,
    start: u32,
    end: u32,
    /// The key as written, between its quotes; empty at zero where there is none.
    key: (u32, u32),
    parent: u32,
    /// The first node after this one and all that is in it.
    next: u32,
    /// Place among the elements of a list.
    index: u32,
}

impl<'a> Document<'a> {
    /// Takes a JSON text apart (RFC 8259), within the limits. The first breach is given back.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, Finding> {
        let (document, mut duplicates) = Self::parse_with_duplicates(bytes, limits)?;
        if duplicates.is_empty() { Ok(document) } else { Err(duplicates.swap_remove(0)) }
    }

    /// Takes a JSON text apart although keys may stand twice; those are told beside, and by name the first of two
    /// is found. Any other breach of the grammar or of the limits is given back.
    pub fn parse_with_duplicates(
        bytes: &'a [u8],
        limits: &Limits,
    ) -> Result<(Self, Vec<Finding>), Finding> {
        // Offsets are kept in 32 bits.
        let object_bytes = limits.object_bytes.min(u32::MAX as usize);
        // A value takes some thirty bytes with its key; most objects are taken apart without growing the list.
        let nodes = Vec::with_capacity(bytes.len().min(object_bytes) / 32 + 1);
        let mut builder = Builder { nodes, ..Builder::default() };
        let text = scan(bytes, &Limits { object_bytes, ..*limits }, &mut builder)?;
        Ok((Self { text, nodes: builder.nodes }, builder.duplicates.into_vec()))
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_, 'a> {
        Value { document: self, at: 0 }
    }

    /// The value a JSON pointer (RFC 6901) names, if there is one. Of a key that stands twice the
    /// first is found.
    pub fn find(&self, pointer: &str) -> Option<Value<'_, 'a>> {
        let tokens = pointer::tokens(pointer)?;
        tokens.iter().try_fold(self.root(), |value, token| value.child(token))
    }

    /// Size of the text, in bytes.
    pub(crate) fn length(&self) -> usize {
        self.text.len()
    }

    /// What is written there.
    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The value of that place in [`Document::values`].
    pub(crate) fn at(&self, place: usize) -> Option<Value<'_, 'a>> {
        (place < self.nodes.len()).then_some(Value { document: self, at: place })
    }

    /// All values, each container before what is in it.
    pub fn values(&self) -> impl Iterator<Item = Value<'_, 'a>> {
        (0..self.nodes.len()).map(|at| Value { document: self, at })
    }
}

/// One value of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub struct Value<'d, 'a> {
    document: &'d Document<'a>,
    at: usize,
}

impl<'d, 'a> Value<'d, 'a> {
    /// What kind of value it is.
    pub fn kind(&self) -> Kind {
        self.node().map_or(Kind::Null, |node| node.kind)
    }

    /// Where it is written.
    pub fn span(&self) -> Span {
        self.node().map_or(Span { start: 0, end: 0 }, |n| Span {
            start: n.start as usize,
            end: n.end as usize,
        })
    }

    /// The value as it is written; a string with its quotes.
    pub fn raw(&self) -> &'a str {
        let Span { start, end } = self.span();
        self.document.text.get(start..end).unwrap_or_default()
    }

    /// What a string says; `None` of other values.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        let node = self.node().filter(|node| node.kind == Kind::Text)?;
        let content = self.raw().get(1..)?.strip_suffix('"')?;
        Some(if node.escaped { Cow::Owned(unescape(content)) } else { Cow::Borrowed(content) })
    }

    /// A whole number that is written without point or exponent and fits; `None` of other values.
    pub fn integer(&self) -> Option<i64> {
        (self.kind() == Kind::Number).then(|| self.raw().parse().ok()).flatten()
    }

    /// A boolean; `None` of other values.
    pub fn boolean(&self) -> Option<bool> {
        (self.kind() == Kind::Boolean).then(|| self.raw() == "true")
    }

    /// The key it stands under, where it is a property.
    pub fn key(&self) -> Option<Cow<'a, str>> {
        let node = self.node()?;
        let raw = self.document.text.get(self.key_span()?.range())?;
        let content = raw.get(1..)?.strip_suffix('"')?;
        Some(if node.key_escaped { Cow::Owned(unescape(content)) } else { Cow::Borrowed(content) })
    }

    /// Whether it stands under this key. Most keys have another length, so their text is not looked at.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let Some(node) = self.node() else { return false };
        let (start, end) = (node.key.0 as usize, node.key.1 as usize);
        if node.key_escaped {
            return self.key().is_some_and(|key| key == name);
        }
        end - start == name.len() + 2 && self.document.text.get(start + 1..end - 1) == Some(name)
    }

    /// Where its key is written, quotes included.
    pub fn key_span(&self) -> Option<Span> {
        let (start, end) = self.node()?.key;
        (end > 0).then_some(Span { start: start as usize, end: end as usize })
    }

    /// The container it is in; `None` of the root.
    pub fn parent(&self) -> Option<Self> {
        (self.at > 0).then(|| Value { at: self.node().map_or(0, |n| n.parent as usize), ..*self })
    }

    /// What is in it, in the order it is written: values of an object, elements of a list, nothing in
    /// the others.
    pub fn members(&self) -> Members<'d, 'a> {
        let end = self.node().map_or(0, |node| node.next as usize);
        Members { document: self.document, at: self.at + 1, end }
    }

    /// The property of that name, or the element of that index (RFC 6901 section 4).
    pub fn child(&self, token: &str) -> Option<Self> {
        match self.kind() {
            Kind::Object => self.members().find(|member| member.is_called(token)),
            Kind::List => self.members().nth(pointer::index(token)?),
            _ => None,
        }
    }

    /// The JSON pointer (RFC 6901) to it.
    pub fn pointer(&self) -> String {
        let mut pointer = String::with_capacity(64);
        let mut line = Vec::with_capacity(8);
        let mut value = *self;
        while let Some(parent) = value.parent() {
            line.push(value);
            value = parent;
        }
        for value in line.iter().rev() {
            value.push_token(&mut pointer);
        }
        pointer
    }

    /// Appends the last token of its pointer.
    pub(crate) fn push_token(&self, pointer: &mut String) {
        match self.key() {
            Some(key) => pointer::push(pointer, &key),
            None => pointer::push_index(pointer, self.node().map_or(0, |n| n.index as usize)),
        }
    }

    /// The value itself, and everything in it in the order it is written.
    pub(crate) fn and_within(self) -> impl Iterator<Item = Self> {
        (self.at..self.next_place()).map(move |at| Value { at, ..self })
    }

    /// Its place in [`Document::values`].
    pub(crate) fn place(&self) -> usize {
        self.at
    }

    /// The place after everything in it.
    pub(crate) fn next_place(&self) -> usize {
        self.node().map_or(self.at + 1, |node| node.next as usize)
    }

    fn node(&self) -> Option<&'d Node> {
        self.document.nodes.get(self.at)
    }
}

impl Span {
    /// The same as a range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// The values directly in a container; see [`Value::members`].
#[derive(Debug, Clone)]
pub struct Members<'d, 'a> {
    document: &'d Document<'a>,
    at: usize,
    end: usize,
}

impl<'d, 'a> Iterator for Members<'d, 'a> {
    type Item = Value<'d, 'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let value = Value { document: self.document, at: self.at };
        self.at = value.next_place();
        Some(value)
    }
}

/// Gathers the nodes.
#[derive(Debug, Default)]
struct Builder {
    nodes: Vec<Node>,
    open: Vec<u32>,
    duplicates: Findings,
}

impl Builder {
    fn add(&mut self, path: &Path<'_>, kind: Kind, escaped: bool, at: usize, end: usize) {
        let (mut key, mut key_escaped, mut index) = ((0, 0), false, 0);
        match path.top() {
            Some(frame) if frame.container == Container::Object => {
                key = (narrow(frame.key.at), narrow(frame.key.end()));
                key_escaped = frame.key.escaped;
            }
            Some(frame) => index = narrow(frame.index),
            None => {}
        }
        let parent = self.open.last().copied().unwrap_or_default();
        let next = narrow(self.nodes.len() + 1);
        let (start, end) = (narrow(at), narrow(end));
        self.nodes.push(Node { kind, escaped, key_escaped, start, end, key, parent, next, index });
    }
}

impl<'a> Sink<'a> for Builder {
    fn open(&mut self, path: &Path<'a>, container: Container, at: usize) -> Result<(), Finding> {
        let kind = match container {
            Container::Object => Kind::Object,
            Container::List => Kind::List,
        };
        self.add(path, kind, false, at, at);
        self.open.push(narrow(self.nodes.len() - 1));
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let next = narrow(self.nodes.len());
        let node = self.open.pop().and_then(|at| self.nodes.get_mut(at as usize));
        if let Some(node) = node {
            node.end = narrow(end);
            node.next = next;
        }
    }

    fn leaf(&mut self, path: &Path<'a>, leaf: &Leaf<'a>) -> Result<(), Finding> {
        let (kind, escaped) = match leaf.value {
            Scalar::Text(text) => (Kind::Text, text.escaped),
            Scalar::Number(_) => (Kind::Number, false),
            Scalar::Boolean(_) => (Kind::Boolean, false),
            Scalar::Null => (Kind::Null, false),
        };
        self.add(path, kind, escaped, leaf.at, leaf.end);
        Ok(())
    }

    fn duplicate(&mut self, finding: Finding) -> Result<(), Finding> {
        self.duplicates.push(finding)
    }
}

/// Offsets and counts are within 32 bits by the limit on the text.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
