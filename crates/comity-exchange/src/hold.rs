//! Hold: from an object's bytes to a holding. What people and policies ask about it is read off once, here.

use comity_model::Handling;
use comity_model::{Digest, Grade, Holding, Origin, PartyRoot, Tlp, domain};
use comity_stix::json::{Document, Kind};
use comity_stix::{Limits, OwnedHead};
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

/// Makes a holding of an object that was checked. `head` is its head.
pub fn hold(bytes: Vec<u8>, head: &OwnedHead, provenance: Provenance) -> Holding {
    let digest = Digest::of(&bytes);
    let document = Document::parse(&bytes, &Limits::default()).ok();
    let inner_grade = document.as_ref().and_then(domain::grade_of);
    let text = document.as_ref().map(search_text).unwrap_or_default();
    let name = head
        .name
        .as_deref()
        .map(ToOwned::to_owned)
        .or_else(|| document.as_ref().and_then(value_of_observable));
    drop(document);
    let markings = head.object_marking_refs.iter().chain(&head.granular_marking_refs);
    let tlp = markings.filter_map(|id| Tlp::of_id(id)).max();
    let modified = head.modified.as_ref().map(comity_stix::timestamp::Stamp::time);
    let mut refs: Vec<String> = head.refs.iter().map(ToString::to_string).collect();
    for marking in &head.object_marking_refs {
        if !refs.iter().any(|known| known == marking) {
            refs.push(marking.to_string());
        }
    }
    Holding {
        id: head.id.to_string(),
        stix_type: head.type_.to_string(),
        version: head
            .modified
            .as_ref()
            .map_or_else(|| digest.to_string(), |it| it.written().to_owned()),
        modified,
        digest,
        name,
        text,
        labels: head.labels.iter().map(ToString::to_string).collect(),
        tlp,
        refs,
        revoked: head.revoked,
        grade: inner_grade.or(provenance.grade),
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

fn nearest_key<'a>(value: comity_stix::json::Value<'_, 'a>) -> Option<std::borrow::Cow<'a, str>> {
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
        .find_map(|key| document.root().child(key)?.text().map(std::borrow::Cow::into_owned))
        .map(|text| text.chars().take(200).collect())
}
