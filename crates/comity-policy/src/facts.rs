//! What a decision needs to know about an object.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::{Grade, Handling, Pap, PartyRoot, Tlp};

/// Where a holding came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The deciding party's own work, its feeds included.
    Own,
    /// A release of this partner.
    Partner(PartyRoot),
}

impl From<&comity_model::Origin> for Origin {
    fn from(origin: &comity_model::Origin) -> Self {
        origin.partner().map_or(Self::Own, Self::Partner)
    }
}

/// What a decision needs to know about an object. What is not known counts against release: see each field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The STIX type, exactly as it stands in `type`.
    pub stix_type: String,
    /// The labels, exactly as they stand in `labels`.
    pub labels: BTreeSet<String>,
    /// The most restrained TLP label that holds for the object as a whole, of TLP 1 or 2. `None` where it
    /// carries none: it is then judged, and given, under the agreement's `default_tlp`.
    pub tlp: Option<Tlp>,
    /// The most restrained TLP label that granular markings put on a property, by its path, written as in
    /// [`Facts::properties`]. It counts unless the clause takes that property out.
    pub granular_tlp: BTreeMap<String, Tlp>,
    /// Whether a marking is on the object, or on something in it, whose definition is not known. It
    /// might be stricter than what is known, so the object is judged under `default_tlp` at least.
    pub unknown_markings: bool,
    /// The PAP label, where there is one.
    pub pap: Option<Pap>,
    /// The grade. `None` fails every clause with a `min_grade` that asks anything of the source.
    pub grade: Option<Grade>,
    /// The object's own `confidence` (STIX 2.1 section 3.2), 0 to 100. Without it the credibility of the grade is what its
    /// confidence is judged by, and without a grade it says by itself how credible the information is (appendix A).
    pub confidence: Option<u8>,
    /// Where the object came from.
    pub origin: Origin,
    /// Whether the object speaks of a natural person. Say `true` where it can't be told.
    pub natural_person: bool,
    /// Whether it is a revocation. Revocations are judged like any other version, so that the partner learns of them.
    pub revoked: bool,
    /// The path of every property in the object, parts separated by full stops, lists transparent
    /// (`external_references.url`). A path without the ones beneath it counts as if all were there; so does an
    /// empty set, since no object is without properties.
    pub properties: BTreeSet<String>,
    /// The paths of timestamps that say more than the day, `created` and `modified` apart.
    pub fine_times: BTreeSet<String>,
    /// Of a `location`, those of `administrative_area`, `country` and `region` that hold no code, so that anything may stand
    /// in them, a street too: under a `precision.location` they go.
    pub free_places: BTreeSet<String>,
    /// Whole days since `modified`, or for what has no `modified` since the node took it in. `None` fails every clause
    /// with a `max_age_days`.
    pub age_days: Option<u32>,
    /// ISO 3166-1 alpha-2 code of the country the object is about, in capitals.
    pub country: Option<String>,
    /// Parties to whom the origin partner consented, in a `consent-answer`, that this object may go.
    pub consents: BTreeSet<PartyRoot>,
    /// What binds this party, for what a partner released. It counts beside the object's own markings, the stricter of
    /// both, and goes on with the object.
    pub handling: Option<Handling>,
}

impl Facts {
    /// How confident the object says that it is, or failing that, how credible its grade says that it is.
    pub(crate) fn confidence(&self) -> Option<u8> {
        self.confidence.or_else(|| self.grade?.credibility.confidence())
    }

    /// An object of which nothing but its type and origin is known: it may speak of a natural person, and may
    /// have every property.
    pub fn new(stix_type: impl Into<String>, origin: Origin) -> Self {
        Self {
            stix_type: stix_type.into(),
            labels: BTreeSet::new(),
            tlp: None,
            granular_tlp: BTreeMap::new(),
            unknown_markings: false,
            pap: None,
            grade: None,
            confidence: None,
            origin,
            natural_person: true,
            revoked: false,
            properties: BTreeSet::new(),
            fine_times: BTreeSet::new(),
            free_places: BTreeSet::new(),
            age_days: None,
            country: None,
            consents: BTreeSet::new(),
            handling: None,
        }
    }
}
