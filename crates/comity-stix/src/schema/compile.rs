//! From a document to nodes. Every schema that is reached becomes one node, whoever refers to it, so
//! references may go in circles; a list of what is still to do takes the place of recursion.

mod circles;
mod keywords;
mod references;

use std::collections::BTreeMap;

use super::error::{SchemaError, SchemaFault};
use super::node::{Node, NodeId, Rule};
use crate::json::{Document, Kind, Value};

/// Compiles every schema of a document; the root is the first node.
pub(super) fn compile(document: &Document<'_>) -> Result<Vec<Node>, SchemaError> {
    let mut compiler = Compiler {
        document,
        nodes: Vec::new(),
        known: BTreeMap::new(),
        waiting: Vec::new(),
        places: references::Places::of(document)?,
        patterns: 0,
    };
    compiler.schema(document.root())?;
    while let Some((id, value)) = compiler.waiting.pop() {
        let node = compiler.node(value)?;
        if let Some(slot) = compiler.nodes.get_mut(id) {
            *slot = node;
        }
    }
    circles::refuse(&compiler.nodes, document)?;
    Ok(compiler.nodes)
}

struct Compiler<'d, 'a> {
    document: &'d Document<'a>,
    nodes: Vec<Node>,
    /// The nodes of schemas, by their place in the document.
    known: BTreeMap<usize, NodeId>,
    waiting: Vec<(NodeId, Value<'d, 'a>)>,
    places: references::Places<'a>,
    patterns: usize,
}

impl<'d, 'a> Compiler<'d, 'a> {
    /// The node of a schema, now or later.
    fn schema(&mut self, value: Value<'d, 'a>) -> Result<NodeId, SchemaError> {
        if !matches!(value.kind(), Kind::Object | Kind::Boolean) {
            return Err(self.fault(value, SchemaFault::NotASchema, &[value.raw()]));
        }
        let next = self.nodes.len();
        let id = *self.known.entry(value.place()).or_insert(next);
        if id == next {
            self.nodes.push(Node::default());
            self.waiting.push((id, value));
        }
        Ok(id)
    }

    fn node(&mut self, value: Value<'d, 'a>) -> Result<Node, SchemaError> {
        let mut node = Node { pointer: value.pointer(), ..Node::default() };
        match value.boolean() {
            Some(true) => {}
            Some(false) => node.rules.push(Rule::Never),
            None => self.keywords(value, &mut node)?,
        }
        Ok(node)
    }

    fn fault(&self, value: Value<'_, '_>, fault: SchemaFault, words: &[&str]) -> SchemaError {
        let line = line(self.document, value.span().start);
        SchemaError::new(fault, value.pointer(), line, words)
    }
}

/// The line of an offset, counted from 1.
pub(super) fn line(document: &Document<'_>, offset: usize) -> usize {
    memchr::memchr_iter(b'\n', document.slice(0, offset).as_bytes()).count() + 1
}
