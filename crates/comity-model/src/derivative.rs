//! Derivatives: what leaves in the place of an object that may not leave as it is (docs/protocol.md section 6).
//!
//! A derivative has an id that cannot be linked to the original's without the owner's secret, its references and
//! granular markings fit it, and it is valid STIX. Everything that is not taken out stays byte for byte as it was written.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::hmac;
use comity_stix::edit::{EditError, Edits};
use comity_stix::json::{Document, Kind, Value};
use comity_stix::{Checker, Finding, timestamp};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

mod common;
mod folded;
mod fragments;
mod given;
mod grams;
mod hidden;
mod instants;
mod kinds;
mod notations;
mod numbers;
mod places;
mod prose;
mod pseudonym;
mod references;
mod repair;
mod runs;
mod selectors;
mod times;
mod told;
mod traces;

pub use folded::fold;
pub use hidden::{Gathered, Hidden, Loss, TooMany};
pub use pseudonym::pseudonym;
pub use references::{Ids, requires, translated};
pub use told::Told;
pub use traces::{Said, Tracer};

use places::{Places, at_path, each_leaf};

/// One thing taken out of an object or coarsened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Change {
    /// The property's path, parts separated by full stops, lists transparent: `external_references.url`.
    pub property: String,
    /// What is done.
    pub how: How,
}

/// What is done to a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It goes, with everything in it.
    Remove,
    /// It goes, since a place is to be given by its code there. The same name elsewhere tells nothing more: it is of a
    /// precision that may be given.
    Coarsen,
    /// The timestamp is cut to midnight UTC of its day. In a list it is every element.
    ToDay,
    /// The text becomes a [`pseudonym`] in a form that its property takes; what has no such form goes. In a list it is
    /// every element.
    Pseudonym,
    /// It stays, but for the values that the release loses elsewhere: [`derive()`] says where there were some, and looks
    /// for them by [`Plan::hidden`].
    Mask,
}

/// What becomes of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Keep,
    /// It names the derivative instead.
    Rename(String),
    /// It goes: what it names is withheld.
    Drop,
}

/// How to derive.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// The derivative's id, from [`derived_id`].
    pub id: &'a str,
    /// The releasing party's identity.
    pub created_by: &'a str,
    /// When the first derivative of this original was made.
    pub created: Timestamp,
    /// When this one was.
    pub modified: Timestamp,
    /// The secret of the agreement, under which pseudonyms are made.
    pub secret: &'a [u8; 32],
    /// What is taken out.
    pub changes: &'a [Change],
    /// What becomes of each id that is named.
    pub fate: &'a dyn Fn(&str) -> Fate,
    /// The values that stand in no text of the release.
    pub hidden: Option<&'a Hidden>,
    /// What says whether the derivative is valid.
    pub checker: &'a Checker<'a>,
}

impl std::fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("id", &self.id)
            .field("changes", &self.changes)
            .finish_non_exhaustive()
    }
}

/// A derivative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The paths of texts in which a hidden value was replaced, in order, each with the numbers of the objects that lost what
    /// stood there ([`Loss::of`]).
    pub masked: BTreeMap<String, BTreeSet<u32>>,
}

/// Why there is no derivative.
#[derive(Debug, thiserror::Error)]
pub enum DeriveError {
    /// The original is not what was checked when it entered.
    #[error("the original cannot be read: {0}")]
    Original(Box<Finding>),
    /// An edit does not fit.
    #[error("the original cannot be edited: {0}")]
    Edit(#[from] EditError),
    /// The original's id, or one of an object that is withheld or derived, stands in a text and would go with it.
    #[error("the id `{0}` stands in a text of the object and would go with it; take the text out")]
    IdInText(String),
    /// A value that the release loses stands where it can't be edited: the JSON pointer.
    #[error(
        "a value that is redacted in this release or an earlier one stands at `{0}`, where it can't be replaced; take that out too"
    )]
    ValueRemains(String),
    /// Without what is taken out it is no STIX: the JSON pointer and the code of the rule.
    #[error("without what is taken out the object is not valid at `{pointer}`: {rule}")]
    Invalid {
        /// Where, as a JSON pointer into the derivative; empty for the object itself.
        pointer: String,
        /// The code of the broken rule.
        rule: &'static str,
    },
}

impl DeriveError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Original(_) => "original-unreadable",
            Self::Edit(_) => "original-not-editable",
            Self::IdInText(_) => "id-in-text",
            Self::ValueRemains(_) => "redacted-value-remains",
            Self::Invalid { .. } => "derivative-invalid",
        }
    }

    /// Where in the object, as a JSON pointer; `/` where no one place is to blame.
    pub fn place(&self) -> &str {
        match self {
            Self::ValueRemains(pointer) | Self::Invalid { pointer, .. } if !pointer.is_empty() => {
                pointer
            }
            _ => "/",
        }
    }
}

/// The id of the derivative of `original` under an agreement's secret: HMAC-SHA-256 cut to 16 bytes with the bits of
/// a version-4 UUID, for observables too, whose own ids would let a receiver guess their content.
pub fn derived_id(secret: &[u8; 32], original: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let tag = hmac::sign(&key, original.as_bytes());
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    let uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
    let stix_type = original.split_once("--").map_or(original, |(stix_type, _)| stix_type);
    format!("{stix_type}--{}", uuid.as_hyphenated())
}

/// The 32 bytes that open the commitment to an original under an agreement's secret: HMAC-SHA-256 over its bytes. Nobody
/// else can know them, and the owner can make them again for any version that is still held.
pub fn opening_of(secret: &[u8; 32], original: &[u8]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut context = hmac::Context::with_key(&key);
    context.update(b"comity/opening/v1\n");
    context.update(original);
    let mut opening = [0; 32];
    for (to, from) in opening.iter_mut().zip(context.sign().as_ref()) {
        *to = *from;
    }
    opening
}

/// Makes the derivative. It breaks no MUST of the standard: what is left of a list element or a property that cannot
/// be without what was taken out of it goes too, and where that does not help there is no derivative. A text of a list of
/// which nothing would be left but the gap goes, unless the object can't be without the list.
pub fn derive(original: &[u8], plan: &Plan<'_>) -> Result<Derived, DeriveError> {
    match derive_with(original, plan, Gaps::Go) {
        Err(DeriveError::Invalid { .. }) => derive_with(original, plan, Gaps::Stay),
        done => done,
    }
}

/// What becomes of a text in a list of which nothing is left but the gap.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gaps {
    Go,
    Stay,
}

fn derive_with(original: &[u8], plan: &Plan<'_>, gaps: Gaps) -> Result<Derived, DeriveError> {
    let mut edits =
        Edits::new(original).map_err(|finding| DeriveError::Original(Box::new(finding)))?;
    let document = edits.document().clone();
    let root = document.root();
    let mut places = Places::default();
    for change in plan.changes {
        at_path(root, &change.property, &mut |value| apply(change.how, value, plan, &mut places));
    }
    let mut ids = references::follow(&document, plan, &mut places);
    times::keep_order(root, &mut places);
    let masked = match plan.hidden.filter(|hidden| hidden.may_be_in(original)) {
        Some(hidden) => mask(&document, hidden, gaps, &mut places)?,
        None => BTreeMap::new(),
    };
    places.close(&document);
    selectors::follow(&document, &mut places);
    places.close(&document);
    places.note(&mut edits)?;

    edits.set("/id", quoted(plan.id).as_bytes())?;
    if root.child("created").is_some() {
        edits.set("/created", quoted(&timestamp::format(plan.created)).as_bytes())?;
        edits.set("/modified", quoted(&timestamp::format(plan.modified)).as_bytes())?;
        edits.set("/created_by_ref", quoted(plan.created_by).as_bytes())?;
    }
    let bytes = repair::valid(edits.finish(), plan.checker)?;
    if let Some(id) = root.child("id").and_then(|id| id.text()) {
        ids.insert(&id);
    }
    if let Some(id) = ids.first_in(&bytes) {
        return Err(DeriveError::IdInText(id));
    }
    match plan.hidden.and_then(|hidden| hidden.first_in(&bytes)) {
        Some(pointer) => Err(DeriveError::ValueRemains(pointer)),
        None => Ok(Derived { bytes, masked }),
    }
}

/// The derivative with another `modified`; nothing else in it changes.
pub fn with_modified(derivative: &[u8], modified: Timestamp) -> Result<Vec<u8>, DeriveError> {
    let mut edits =
        Edits::new(derivative).map_err(|finding| DeriveError::Original(Box::new(finding)))?;
    if edits.document().root().child("created").is_some() {
        edits.set("/modified", quoted(&timestamp::format(modified)).as_bytes())?;
    }
    Ok(edits.finish())
}

fn apply(how: How, value: Value<'_, '_>, plan: &Plan<'_>, places: &mut Places) {
    match how {
        How::Remove | How::Coarsen => {
            // a checksum of what is taken out would let the receiver guess it
            if matches!(value.key().as_deref(), Some("payload_bin" | "url"))
                && let Some(hashes) = value.parent().and_then(|around| around.child("hashes"))
            {
                places.remove(hashes);
            }
            places.remove(value);
        }
        How::ToDay => each_leaf(value, &mut |leaf| {
            if let Some(day) = leaf.text().and_then(|text| times::to_day(&text)) {
                places.replace(leaf, &day);
            }
        }),
        How::Pseudonym => each_leaf(value, &mut |leaf| {
            let name = leaf.text().map(|text| pseudonym(plan.secret, &text));
            match name.and_then(|name| pseudonym::in_form(&name, kinds::kind_of(leaf))) {
                Some(name) => places.replace(leaf, &name),
                None => places.remove(leaf),
            }
        }),
        How::Mask => {}
    }
}

/// Replaces hidden values in every text that is left, and gives the paths of those texts with whose values they were.
fn mask(
    document: &Document<'_>,
    hidden: &Hidden,
    gaps: Gaps,
    places: &mut Places,
) -> Result<BTreeMap<String, BTreeSet<u32>>, DeriveError> {
    let mut masked: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for value in document.values().filter(|value| matches!(value.kind(), Kind::Text)) {
        if !hidden.stands_in(value) || places.is_settled(value) {
            continue;
        }
        let Some(left) = hidden.replaced(value) else {
            return Err(DeriveError::ValueRemains(value.pointer()));
        };
        masked.entry(places::path_of(value)).or_default().extend(left.of);
        let in_list = value.parent().is_some_and(|around| around.kind() == Kind::List);
        if in_list && gaps == Gaps::Go && hidden::is_gap(&left.text) {
            places.remove(value);
        } else {
            places.replace(value, &left.text);
        }
    }
    Ok(masked)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests;
