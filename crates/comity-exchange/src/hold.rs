//! Hold: from an object's bytes to a holding. What people and policies ask about it is read off once, here.

use std::borrow::Cow;

use comity_model::Handling;
use comity_model::{Digest, Grade, Holding, Origin, PartyRoot, Tlp, domain};
use comity_stix::OwnedHead;
use comity_stix::json::{Document, Kind};
use jiff::Timestamp;

/// The most bytes of an object's text that a search looks through.
const SEARCH_TEXT: usize = 16 * 1024;

/// Where an object came from and what binds it.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// Its origin.
    pub origin: Origin,
    /// The hands it came through, the originator first.
    pub chain: Vec<PartyRoot>,
    /// What binds this party.
    pub handling: Option<Handling>,
    /// The grade given from outside the object. One inside it comes first.
    pub grade: Option<Grade>,
    /// When it entered.
    pub received_at: Timestamp,
}

/// What is read off an object for those who look for it.
#[derive(Debug, Clone)]
pub struct Gist {
    /// The grade that stands in it.
    grade: Option<Grade>,
    /// Its name, or what an observable is recognised by.
    name: Option<String>,
    /// What a search looks through.
    text: String,
}

impl Gist {
    /// Reads it off an object with this head.
    pub fn of(document: &Document<'_>, head: &OwnedHead) -> Self {
        let name = head.name.as_deref().map(ToOwned::to_owned);
        Self {
            grade: domain::grade_of(document),
            name: name.or_else(|| value_of_observable(document)),
            text: search_text(document),
        }
    }
}

/// Makes a holding of an object that was checked; `head` and `gist` were read off it.
pub fn hold(bytes: Vec<u8>, head: OwnedHead, gist: Gist, provenance: Provenance) -> Holding {
    let digest = Digest::of(&bytes);
    let markings = head.object_marking_refs.iter().chain(&head.granular_marking_refs);
    let tlp = markings.filter_map(|id| Tlp::of_id(id)).max();
    let modified = head.modified.as_ref().map(comity_stix::timestamp::Stamp::time);
    let version = head.modified.map_or_else(|| digest.to_string(), |it| it.written().to_owned());
    let mut refs: Vec<String> = head.refs.into_iter().map(Cow::into_owned).collect();
    for marking in head.object_marking_refs {
        if !refs.iter().any(|known| *known == marking) {
            refs.push(marking.into_owned());
        }
    }
    Holding {
        id: head.id.into_owned(),
        stix_type: head.type_.into_owned(),
        version,
        modified,
        digest,
        name: gist.name,
        text: gist.text,
        labels: head.labels.into_iter().map(Cow::into_owned).collect(),
        tlp,
        refs,
        revoked: head.revoked,
        grade: gist.grade.or(provenance.grade),
        origin: provenance.origin,
        chain: provenance.chain,
        handling: provenance.handling,
        received_at: provenance.received_at,
        bytes,
    }
}

/// What a search looks through: every text in the object that people wrote. Ids, timestamps and words of
/// vocabularies that only machines read are left out.
fn search_text(document: &Document<'_>) -> String {
    let mut text = String::new();
    for value in document.values().filter(|value| value.kind() == Kind::Text) {
        let key = nearest_key(value);
        let Some(key) = key.as_deref() else { continue };
        if is_for_machines(key) {
            continue;
        }
        let Some(words) = value.text() else { continue };
        if text.len() + words.len() > SEARCH_TEXT {
            break;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&words);
    }
    text
}

fn nearest_key<'a>(value: comity_stix::json::Value<'_, 'a>) -> Option<Cow<'a, str>> {
    std::iter::successors(Some(value), comity_stix::json::Value::parent).find_map(|it| it.key())
}

fn is_for_machines(key: &str) -> bool {
    key.ends_with("_ref")
        || key.ends_with("_refs")
        || matches!(
            key,
            "id" | "type"
                | "spec_version"
                | "created"
                | "modified"
                | "extension_type"
                | "valid_from"
                | "valid_until"
                | "pattern_type"
                | "selectors"
        )
}

/// What an observable is recognised by.
fn value_of_observable(document: &Document<'_>) -> Option<String> {
    ["value", "path", "subject", "display_name", "account_login", "key", "statement"]
        .into_iter()
        .find_map(|key| document.root().child(key)?.text().map(Cow::into_owned))
        .map(|text| text.chars().take(200).collect())
}
