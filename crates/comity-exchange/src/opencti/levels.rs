//! Markings that mean a level of TLP or PAP without being a definition of the standard.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use comity_stix::json::{Document, Value};
use comity_stix::marking::{Definition, Family, Marking, Pap, Tlp, canonical};
use comity_stix::reader::Objects;
use comity_stix::{Limits, OwnedHead};

/// OpenCTI's own definition of TLP:AMBER+STRICT, which its exports may name and not hold.
const AMBER_STRICT: &str = "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37";
/// Markings that are remembered, at the most; a file with more has its other markings read by the standard alone.
const MOST: usize = 10_000;

/// The markings of a file that mean a level, by id: the standard's definition of the level, if it has one.
#[derive(Debug, Default)]
pub(super) struct Levels(BTreeMap<String, Option<&'static str>>);

impl Levels {
    /// Goes through a file. What cannot be read in it is passed over here.
    pub(super) fn of(file: impl Read) -> Self {
        let limits = Limits::default();
        let mut levels = BTreeMap::new();
        levels.insert(AMBER_STRICT.to_owned(), fixed("TLP:AMBER+STRICT"));
        for raw in Objects::new(file, limits).flatten() {
            if levels.len() >= MOST {
                break;
            }
            if let Some((id, level)) = Document::parse(&raw.bytes, &limits).ok().and_then(meant) {
                levels.insert(id, level);
            }
        }
        Self(levels)
    }

    /// The definitions to put beside the markings of an object. `None` where one of them means a level that the standard does
    /// not have.
    pub(super) fn beside(&self, head: Option<&OwnedHead>) -> Option<Vec<&'static str>> {
        let Some(head) = head else { return Some(Vec::new()) };
        let borne = head.object_marking_refs.iter().chain(&head.granular_marking_refs);
        let known = borne.filter_map(|id| self.0.get(id.as_ref()).copied());
        let mut added: BTreeSet<&'static str> = known.collect::<Option<_>>()?;
        added.retain(|id| !head.object_marking_refs.iter().any(|own| own == id));
        Some(added.into_iter().collect())
    }
}

/// A marking definition that means a level of its own form: its id, and the standard's definition of that level.
#[expect(clippy::needless_pass_by_value, reason = "it is read once, where it was parsed")]
fn meant(document: Document<'_>) -> Option<(String, Option<&'static str>)> {
    let root = document.root();
    let text = |name: &str| root.child(name)?.text().map(std::borrow::Cow::into_owned);
    let id = text("id")?;
    if text("type")? != "marking-definition" || canonical(&id).is_some() {
        return None;
    }
    let kind = text("definition_type").unwrap_or_default().to_ascii_uppercase();
    let definition = root.child("definition");
    let members = definition.iter().flat_map(Value::members).filter_map(|it| it.text());
    // the level stands in the name, in the definition, or with the protocol in its key
    let words: Vec<String> = text("name").into_iter().chain(members.map(Into::into)).collect();
    let protocol = ["TLP", "PAP"].into_iter().find(|protocol| {
        kind == *protocol
            || words.iter().any(|it| it.to_ascii_uppercase().starts_with(&format!("{protocol}:")))
    })?;
    let marking = Marking::read(&document).unwrap_or_default();
    if (protocol == "TLP" && marking.tlp.is_some()) || (protocol == "PAP" && marking.pap.is_some())
    {
        return None;
    }
    let labels = words.iter().map(|word| {
        let word = word.to_ascii_uppercase();
        if word.starts_with(protocol) { word } else { format!("{protocol}:{word}") }
    });
    Some((id, labels.into_iter().find_map(|label| fixed(&label))))
}

/// The standard's definition of a label: of TLP 2.0, or of PAP.
fn fixed(label: &str) -> Option<&'static str> {
    let (tlp, pap) = (Tlp::from_label(label), Pap::from_label(label));
    let is_it = |it: &&Definition| match it.family {
        Family::Tlp2 => tlp.is_some() && it.tlp() == tlp,
        Family::Pap => pap.is_some() && it.pap() == pap,
        Family::Tlp1 => false,
    };
    Definition::ALL.iter().find(is_it).map(|it| it.id)
}
