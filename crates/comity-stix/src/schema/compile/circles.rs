//! References that would never get anywhere.

use super::line;
use crate::json::Document;
use crate::schema::error::{SchemaError, SchemaFault};
use crate::schema::node::Node;

/// How many schemas may look at one value, one within the other.
const LONGEST: usize = 32;

/// Refuses schemas that come back to themselves at the same value, and chains too long to follow.
///
/// Nodes are taken away as soon as nobody refers to them; what is left over refers in circles.
pub(super) fn refuse(nodes: &[Node], document: &Document<'_>) -> Result<(), SchemaError> {
    let mut referred = vec![0_usize; nodes.len()];
    for target in nodes.iter().flat_map(Node::in_place) {
        if let Some(count) = referred.get_mut(target) {
            *count += 1;
        }
    }
    let mut heights = vec![1_usize; nodes.len()];
    let mut free: Vec<usize> =
        referred.iter().enumerate().filter(|(_, count)| **count == 0).map(|(id, _)| id).collect();
    while let Some((id, node)) = free.pop().and_then(|id| Some((id, nodes.get(id)?))) {
        let height = heights.get(id).copied().unwrap_or_default();
        if height > LONGEST {
            let longest = LONGEST.to_string();
            return Err(fault(node, document, SchemaFault::ReferenceChain, &[&longest]));
        }
        for target in node.in_place() {
            if let Some(other) = heights.get_mut(target) {
                *other = (*other).max(height + 1);
            }
            if let Some(count) = referred.get_mut(target) {
                *count -= 1;
                if *count == 0 {
                    free.push(target);
                }
            }
        }
    }
    let left = referred.iter().position(|count| *count > 0).and_then(|id| nodes.get(id));
    left.map_or(Ok(()), |node| Err(fault(node, document, SchemaFault::ReferenceLoop, &[])))
}

fn fault(node: &Node, document: &Document<'_>, fault: SchemaFault, words: &[&str]) -> SchemaError {
    let at = document.find(&node.pointer).map_or(0, |value| value.span().start);
    SchemaError::new(fault, node.pointer.clone(), line(document, at), words)
}
