//! Types of objects as agreements and requests name them: a word that is mistyped would let nothing through and nobody
//! would see why.

use std::collections::BTreeSet;

use comity_model::{domain, told};
use comity_policy::Agreement;
use comity_stix::types;

use crate::error::{ExchangeError, Result};
use crate::node::Node;

/// Known types named in a message.
const NAMED: usize = 60;

/// Refuses types that this node cannot know, with `kind-unknown`, and a type that is named twice, with `bad-input`: known are
/// those of STIX 2.1, those of the extension definitions that the node holds, and whatever begins with `x-`, which says by
/// its name that it is somebody's own (STIX 2.1 section 11.2).
pub(crate) fn must_be_known<'a>(
    node: &Node,
    kinds: impl Iterator<Item = &'a str>,
    place: &str,
) -> Result<()> {
    let mut once = BTreeSet::new();
    for kind in kinds {
        if !once.insert(kind) {
            let message = told!("`{kind}` is named twice; name it once", kind);
            return Err(ExchangeError::input(place, message.named("kind-twice")));
        }
        if !is_known(node, kind) {
            let known: Vec<String> = known(node).into_iter().take(NAMED).collect();
            let shown: String = kind.chars().take(60).collect();
            let message = told!(
                "{place}: `{kind}` is no type that this node knows; name one of `{known}`, or add its extension definition to \
                 the node, or begin it with `x-` if it is the parties' own",
                place,
                kind = shown,
                known = known.join("`, `")
            );
            return Err(ExchangeError::refused("kind-unknown", message));
        }
    }
    Ok(())
}

/// The same of every clause of an agreement; each may name what the others do.
pub(crate) fn of_agreement(node: &Node, agreement: &Agreement) -> Result<()> {
    for clause in &agreement.clauses {
        let place = format!("clause `{}`", clause.id);
        must_be_known(node, clause.kinds.iter().map(String::as_str), &place)?;
    }
    Ok(())
}

fn is_known(node: &Node, kind: &str) -> bool {
    kind.starts_with("x-")
        || types::find(kind).is_some()
        || node.registry().custom_type(kind).is_some()
        || domain::registry().is_ok_and(|domain| domain.custom_type(kind).is_some())
}

fn known(node: &Node) -> BTreeSet<String> {
    let domain = domain::registry().unwrap_or_default();
    let custom = node.registry().types().chain(domain.types()).map(|it| it.name.clone());
    types::all().map(|it| it.name.to_owned()).chain(custom).collect()
}
