//! One grant in an agreement.

pub(crate) mod persons;
pub(crate) mod places;
mod terms;

use std::collections::BTreeSet;
use std::fmt;

use comity_model::{Grade, Handle, Onward, Pap, Reliability, Tlp, UseCode};

pub use terms::{Descriptions, LabelTerms, OriginTerm, Persons};

/// One grant: which party may give which kinds of thing to which, under which limits (docs/protocol.md section 2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Clause {
    /// The name within the agreement: lower-case letters, digits and inner hyphens, up to 64.
    pub id: String,
    /// The party that gives.
    pub from: Handle,
    /// The party that receives.
    pub to: Handle,
    /// What the information may be given for; never empty.
    pub purposes: BTreeSet<String>,
    /// STIX type names that may be given; never empty.
    pub kinds: BTreeSet<String>,
    /// The most restrained label that may be given; never red.
    pub max_tlp: Tlp,
    /// The least grade; with one, ungraded objects are withheld. One that asks nothing of the source (`F3`) lets an ungraded
    /// object go if its `confidence` says that it is as credible (STIX 2.1 appendix A).
    pub min_grade: Option<Grade>,
    /// The most restrained PAP label that may be given; an object without one counts as `clear`. `None` for any.
    pub max_pap: Option<Pap>,
    /// Whole days since `modified`, or for what has none since this party took it in, after which an object is too
    /// old, 1 to 36,500. With it, objects of unknown age are withheld.
    pub max_age_days: Option<u32>,
    /// ISO 3166-1 alpha-2 codes, in capitals: an object that is about a place must be about one of them. Empty for
    /// any place.
    pub countries: BTreeSet<String>,
    /// Labels that an object must and must not have.
    pub labels: LabelTerms,
    /// Whose information may be given.
    pub origin: OriginTerm,
    /// What becomes of the names of natural persons.
    pub persons: Persons,
    /// What becomes of descriptions.
    pub descriptions: Descriptions,
    /// Properties removed before anything leaves, in the order of the text.
    pub redact: Vec<RedactPath>,
    /// How exact places and times may be.
    pub precision: Precision,
    /// To whom the receiver may pass it on.
    pub onward: Onward,
    /// What the receiver may do with it; never empty.
    pub use_codes: BTreeSet<UseCode>,
    /// Days from reception after which the receiver purges it, 1 to 36,500.
    pub retention_days: u32,
    /// Who must approve a release.
    pub approval: Approval,
    /// Whether the officer who composed a release may be among its approvers.
    pub composer_may_approve: bool,
    /// What the grant rests on, beside what the whole agreement rests on.
    pub legal_basis: Vec<String>,
}

impl Clause {
    /// How many officers must approve a release before it is sealed; none under a standing approval, which
    /// was signed beforehand.
    pub const fn approvers(&self) -> usize {
        match self.approval {
            Approval::Standing => 0,
            Approval::OnePerson => 1,
            Approval::TwoPerson => 2,
        }
    }

    /// Whether an object without a grade may go by its confidence: the clause asks for a grade, and of the source for
    /// nothing. Where it asks more, an unknown source counts against release.
    pub(crate) fn takes_confidence(&self) -> bool {
        self.min_grade.is_some_and(|floor| floor.reliability == Reliability::F)
    }

    /// The paths that are removed from objects of a type or given under a pseudonym, if such an object has them and is
    /// about a natural person. Nothing of descriptions and precision, which are not bound to a type.
    pub fn may_lose(&self, stix_type: &str) -> BTreeSet<&str> {
        let named = persons::NAMED
            .iter()
            .filter(|it| self.persons != Persons::Allow && it.stix_type == stix_type);
        let listed = self.redact.iter().filter(|it| it.stix_type == stix_type);
        named.map(|it| it.property).chain(listed.map(|it| it.property.as_str())).collect()
    }
}

/// A property of a type, as `location.street_address`. Lists are transparent: the path of a property of a
/// list's elements is written as if there was one element.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RedactPath {
    /// The STIX type.
    pub stix_type: String,
    /// The property within the object, its parts separated by full stops.
    pub property: String,
}

impl fmt::Display for RedactPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.stix_type, self.property)
    }
}

/// How exact places and times may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Precision {
    /// Of `location` objects, and of the texts of objects that are about one place; `None` for as exact as they are.
    pub location: Option<LocationPrecision>,
    /// Of timestamps other than `created` and `modified`; `None` for as exact as they are.
    pub time: Option<TimePrecision>,
}

/// How exact a place may be (docs/protocol.md section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocationPrecision {
    /// The country and nothing below it.
    Country,
    /// The state, province or department and nothing below it.
    Admin1,
}

impl LocationPrecision {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "country" => Some(Self::Country),
            "admin1" => Some(Self::Admin1),
            _ => None,
        }
    }
}

/// How exact a time may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimePrecision {
    /// The day, in UTC.
    Day,
}

impl TimePrecision {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        (text == "day").then_some(Self::Day)
    }
}

/// How many may have what is given under an onward rule: nobody more, the receiver's own units, or with the
/// originator's consent third parties too (docs/protocol.md section 3.10).
pub(crate) const fn breadth(onward: Onward) -> u8 {
    match onward {
        Onward::Never => 0,
        Onward::Units => 1,
        Onward::OriginatorConsent => 2,
    }
}

/// Who must approve a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Approval {
    /// A signed standing approval, within its ceiling and window.
    Standing,
    /// One officer.
    OnePerson,
    /// Two different officers.
    TwoPerson,
}

impl Approval {
    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::OnePerson => "one-person",
            Self::TwoPerson => "two-person",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Standing, Self::OnePerson, Self::TwoPerson]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}
