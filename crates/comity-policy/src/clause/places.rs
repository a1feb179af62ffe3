//! Where the types of the standard and of the domain name places, and what of it a clause's `precision.location` leaves.
//!
//! Of a `location` that is said by what stays, since anybody may add a property that names a street, and where that holds
//! a code, since any text may stand in it ([`crate::Facts::free_places`]). Other types refer to
//! places by id; those that are about one place repeat its name in their texts. Any text may name a place, and nobody can
//! tell by the property: `descriptions` and `redact` are for those.

use comity_model::domain;

use super::LocationPrecision;

/// The type of a place (STIX 2.1 section 4.10).
const LOCATION: &str = "location";

/// What a `location` keeps at every precision: what every object may have (STIX 2.1 section 3.2), apart from the
/// references to what others say of it, and what is no more exact than its country.
const KEPT: [&str; 15] = [
    "confidence",
    "country",
    "created",
    "created_by_ref",
    "extensions",
    "granular_markings",
    "id",
    "labels",
    "lang",
    "modified",
    "object_marking_refs",
    "region",
    "revoked",
    "spec_version",
    "type",
];

/// Types of the domain that are about one place.
const SITES: [&str; 2] = ["overdose-alert", "suspected-laboratory"];

/// The texts in which these repeat its name.
const TEXTS: [&str; 3] = ["description", "external_references", "name"];

/// What the standard lets a `location` have that is more exact than its country, `administrative_area` apart.
const EXACT: [&str; 9] = [
    "city",
    "description",
    "external_references",
    "latitude",
    "longitude",
    "name",
    "postal_code",
    "precision",
    "street_address",
];

const SUBDIVISION: &str = "administrative_area";

impl LocationPrecision {
    /// Whether nothing is left at a path of an object of a type, its parts separated by full stops.
    pub fn takes_out(self, stix_type: &str, path: &str) -> bool {
        self.above(stix_type, path).is_some()
    }

    /// The path that is removed and that this path is or stands beneath.
    pub(crate) fn above<'a>(self, stix_type: &str, path: &'a str) -> Option<&'a str> {
        let mut parts = path.splitn(3, '.');
        let (first, second) = (parts.next()?, parts.next());
        if SITES.contains(&stix_type) {
            return TEXTS.contains(&first).then_some(first);
        }
        let kept = KEPT.contains(&first) || (self == Self::Admin1 && first == SUBDIVISION);
        match second {
            _ if stix_type != LOCATION => None,
            _ if !kept => Some(first),
            // an extension may say anything of the place; the grade is of what is said
            Some(extension) if first == "extensions" && extension != domain::GRADE => {
                path.get(..first.len() + 1 + extension.len())
            }
            _ => None,
        }
    }

    /// What is removed from an object of a type of which nothing more is known.
    pub(crate) fn known(self, stix_type: &str) -> impl Iterator<Item = &'static str> + use<> {
        let (location, site) = (stix_type == LOCATION, SITES.contains(&stix_type));
        let exact = EXACT.into_iter().filter(move |_| location);
        let area = (location && self == Self::Country).then_some(SUBDIVISION);
        exact.chain(area).chain(TEXTS.into_iter().filter(move |_| site))
    }
}

/// Whether objects of a type may lose something to a precision.
pub(crate) fn names_places(stix_type: &str) -> bool {
    stix_type == LOCATION || SITES.contains(&stix_type)
}
