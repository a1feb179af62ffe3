//! Types of objects as agreements and requests name them: a word that is mistyped would let nothing through and nobody
//! would see why.

use std::collections::BTreeSet;

use comity_model::told::Told;
use comity_model::{domain, told};
use comity_policy::{Agreement, AgreementWarning};
use comity_stix::registry::Registry;
use comity_stix::types;
use serde::Deserialize;
use toml::Spanned;

use crate::error::{ExchangeError, Result};
use crate::node::Node;

/// Characters of a type that a message repeats.
const SHOWN: usize = 60;

/// A type in a clause that a node cannot know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKind {
    /// The line of the agreement's text on which it stands, from 1.
    pub line: u32,
    /// Where it stands, as `clause[1].kinds`; clauses count from 1.
    pub field: String,
    /// What is wrong with it and what to write.
    pub message: Told,
}

impl UnknownKind {
    /// `kind-unknown`.
    pub const CODE: &'static str = "kind-unknown";
}

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
        if !is_known(node.registry(), kind) {
            return Err(ExchangeError::refused(UnknownKind::CODE, unknown(kind)));
        }
    }
    Ok(())
}

/// Refuses an agreement's text for the first type in it that this node cannot know, with `kind-unknown`.
pub(crate) fn of_agreement(node: &Node, text: &str, place: &str) -> Result<()> {
    let Some(first) = unknown_kinds(node.registry(), text).into_iter().next() else {
        return Ok(());
    };
    let UnknownKind { line, field, message } = first;
    let kind = message.fact("kind").unwrap_or_default();
    let message =
        told!("{place}, line {line}: {field}: {what}", place, line, field, what = message)
            .with("kind", kind)
            .named("kind-unknown-in-text");
    Err(ExchangeError::refused(UnknownKind::CODE, message))
}

/// Every type in the clauses of an agreement's text that is neither one of STIX 2.1, nor one of the extension definitions in
/// `registry`, nor begins with `x-`, in the order of the lines. None for a text that is no agreement.
pub fn unknown_kinds(registry: &Registry, text: &str) -> Vec<UnknownKind> {
    #[derive(Deserialize)]
    struct Clauses {
        clause: Vec<Kinds>,
    }
    #[derive(Deserialize)]
    struct Kinds {
        kinds: Vec<Spanned<String>>,
    }
    let Ok(Clauses { clause }) = toml::from_str(text) else { return Vec::new() };
    let mut found = Vec::new();
    for (Kinds { kinds }, number) in clause.iter().zip(1..) {
        for kind in kinds.iter().filter(|it| !is_known(registry, it.get_ref())) {
            let before = text.get(..kind.span().start).unwrap_or_default();
            let line = before.bytes().filter(|it| *it == b'\n').count() + 1;
            found.push(UnknownKind {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                field: field(number),
                message: unknown(kind.get_ref()),
            });
        }
    }
    found
}

/// The red lines of an agreement that name a type which this node cannot know: that is no error, since the type may come yet,
/// and mostly a mistyped word that holds nothing back.
pub fn unwritten(registry: &Registry, agreement: &Agreement) -> Vec<AgreementWarning> {
    let known: Vec<&str> = types::all().map(|it| it.name).chain(domain::TYPES).collect();
    agreement.unwritten_kinds(|kind| is_known(registry, kind), &known)
}

fn field(number: usize) -> String {
    format!("clause[{number}].kinds")
}

fn unknown(kind: &str) -> Told {
    let kind: String = kind.chars().take(SHOWN).collect();
    told!(
        "`{kind}` is no type that this node knows; `comity stix schema` lists those of the standard, another comes with its \
         extension definition, and the parties' own begins with `x-`",
        kind
    )
}

fn is_known(registry: &Registry, kind: &str) -> bool {
    kind.starts_with("x-")
        || types::find(kind).is_some()
        || registry.custom_type(kind).is_some()
        || domain::registry().is_ok_and(|domain| domain.custom_type(kind).is_some())
}
