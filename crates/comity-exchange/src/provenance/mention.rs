//! What a relationship, a sighting, an opinion or a note says of an object.

use std::collections::BTreeSet;

use comity_model::Holding;
use serde::Deserialize;

/// What is read of such an object; the rest is not looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    relationship_type: String,
    source_ref: String,
    target_ref: String,
    sighting_of_ref: String,
    object_refs: Vec<String>,
    count: Option<u64>,
    summary: bool,
    opinion: String,
    explanation: Option<String>,
    #[serde(rename = "abstract")]
    summary_text: Option<String>,
    content: Option<String>,
}

/// What one object says of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mention {
    /// The other object is the same thing (STIX 2.1 section 3.7, `duplicate-of`).
    Duplicate {
        /// The other object.
        other: String,
    },
    /// This other object was made from it (STIX 2.1 section 3.7, `derived-from`).
    Derivative {
        /// The object that was made.
        made: String,
    },
    /// It was made from this other object.
    Basis {
        /// The object from which.
        from: String,
    },
    /// It was seen.
    Sighting {
        /// How often, where that is said; 0: it was looked for and not seen.
        count: Option<u64>,
        /// Whether this sums up other sightings and is no observation itself.
        summary: bool,
    },
    /// What somebody thinks of it.
    Opinion {
        /// The word of STIX for it, as `strongly-disagree`.
        opinion: String,
        /// Why.
        text: Option<String>,
    },
    /// What somebody remarks on it.
    Note {
        /// The remark.
        text: Option<String>,
    },
    /// Something that is neither for nor against it.
    Nothing,
}

impl Mention {
    /// What `holding` says of the object with these ids.
    pub(super) fn of(holding: &Holding, ids: &BTreeSet<String>) -> Self {
        let Ok(said) = serde_json::from_slice::<Said>(&holding.bytes) else {
            return Self::Nothing;
        };
        let speaks_of_it = said.object_refs.iter().any(|id| ids.contains(id));
        let (from, to) = (ids.contains(&said.source_ref), ids.contains(&said.target_ref));
        match (holding.stix_type.as_str(), said.relationship_type.as_str()) {
            ("relationship", "duplicate-of") if from && !to => {
                Self::Duplicate { other: said.target_ref }
            }
            ("relationship", "duplicate-of") if to && !from => {
                Self::Duplicate { other: said.source_ref }
            }
            ("relationship", "derived-from") if to && !from => {
                Self::Derivative { made: said.source_ref }
            }
            ("relationship", "derived-from") if from && !to => {
                Self::Basis { from: said.target_ref }
            }
            ("sighting", _) if ids.contains(&said.sighting_of_ref) => {
                Self::Sighting { count: said.count, summary: said.summary }
            }
            ("opinion", _) if speaks_of_it => {
                Self::Opinion { opinion: said.opinion, text: said.explanation }
            }
            ("note", _) if speaks_of_it => Self::Note { text: said.summary_text.or(said.content) },
            _ => Self::Nothing,
        }
    }
}
