//! What was decided about an object, and why.

use std::fmt;

use comity_model::Handling;
use serde::Serialize;

use crate::clause::Precision;
use crate::error::codes;

/// What was decided about one object under one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// Released, redacted or withheld.
    pub outcome: Outcome,
    /// What binds the receiver; `None` for what is withheld.
    pub handling: Option<Handling>,
    /// The clause's precision. Its removals and roundings stand in the outcome already.
    pub precision: Precision,
    /// The ids of the policies that determined Cedar's verdict, in the order of [`Engine::policies`]. Empty
    /// where nothing was forbidden and no clause permitted: the [`Reason`]s then name the clause that failed.
    ///
    /// [`Engine::policies`]: crate::Engine::policies
    pub determining: Vec<String>,
}

impl Decision {
    /// Whether anything of the object may leave.
    pub const fn releases(&self) -> bool {
        !matches!(self.outcome, Outcome::Withhold(_))
    }

    /// Why the object is withheld; empty for what is released.
    pub fn reasons(&self) -> &[Reason] {
        match &self.outcome {
            Outcome::Withhold(reasons) => reasons,
            Outcome::Release | Outcome::Redact(_) => &[],
        }
    }
}

/// Released, redacted or withheld. In JSON: `"release"`, `{"redact": [...]}` or `{"withhold": [...]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It goes as it is.
    Release,
    /// It goes as a derivative (docs/protocol.md section 6) with these changes; never empty.
    Redact(Vec<Redaction>),
    /// It stays; never without a reason. Built-in rules come first, then red lines, then the clause's terms.
    Withhold(Vec<Reason>),
}

/// One change to be made before an object leaves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Redaction {
    /// The property's path within the object, parts separated by full stops, lists transparent.
    pub property: String,
    /// What is to be done.
    pub change: Change,
    /// Which term of the clause asks for it.
    pub term: RedactionTerm,
}

/// What is done to a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is removed, with everything beneath it.
    Remove,
    /// The timestamp is cut to midnight UTC of its day.
    ToDay,
    /// The text is replaced by a pseudonym that is stable under one agreement.
    Pseudonym,
}

/// The term of a clause that asks for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RedactionTerm {
    /// `redact`.
    Redact,
    /// `precision.location`.
    PrecisionLocation,
    /// `precision.time`.
    PrecisionTime,
    /// `persons`.
    Persons,
    /// `descriptions`.
    Descriptions,
}

impl Serialize for RedactionTerm {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl RedactionTerm {
    /// The term as it is written in a clause.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Redact => "redact",
            Self::PrecisionLocation => "precision.location",
            Self::PrecisionTime => "precision.time",
            Self::Persons => "persons",
            Self::Descriptions => "descriptions",
        }
    }
}

/// One reason why an object stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Reason {
    /// What kind of reason it is; also the key of its translation.
    pub code: ReasonCode,
    /// The id of the policy that forbids or that does not permit: `clause:precursors-south`, `red-line:1`,
    /// `built-in:third-party`.
    pub policy: String,
    /// The property of the object that the reason is about; or `origin`, `grade` or `handling` where it is about what
    /// the node keeps beside the object. `None` only where the reason is about the question or the agreement, or a red
    /// line that asks for neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// The reason in English; for a red line, its text in the agreement.
    pub text: String,
}

codes!(
    /// Why an object stays.
    ReasonCode {
        /// The agreement does not bind yet.
        AgreementNotBegun = "agreement-not-begun",
        /// The agreement binds no more.
        AgreementEnded = "agreement-ended",
        /// The agreement's scope has no `intelligence`.
        AgreementScope = "agreement-scope",
        /// It came from a partner, whose consent for this recipient is not on record.
        ThirdParty = "third-party",
        /// It was received under an onward rule that keeps it with this party, whoever consents.
        OnwardNever = "onward-never",
        /// TLP:RED never crosses between parties.
        TlpRed = "tlp-red",
        /// A red line.
        RedLine = "red-line",
        /// The agreement has no such clause.
        ClauseUnknown = "clause-unknown",
        /// The clause is the other party's to give under.
        ClauseDirection = "clause-direction",
        /// The purpose is not among the clause's.
        ClausePurpose = "clause-purpose",
        /// The type is not among the clause's.
        ClauseKind = "clause-kind",
        /// The label is more restrained than the clause allows.
        ClauseTlp = "clause-tlp",
        /// The grade is missing or less than the clause asks for.
        ClauseGrade = "clause-grade",
        /// The PAP label is more restrained than the clause allows.
        ClausePap = "clause-pap",
        /// It is older than the clause allows, or of unknown age.
        ClauseAge = "clause-age",
        /// It is about a place outside the clause's countries.
        ClauseCountry = "clause-country",
        /// It lacks a label that the clause asks for, or has one that the clause excludes.
        ClauseLabels = "clause-labels",
        /// It is not the giving party's own, and the clause is for that alone.
        ClauseOrigin = "clause-origin",
        /// It is about a natural person, or repeats what names one, and the clause withholds that.
        ClausePersons = "clause-persons",
        /// It is nothing without its text, and the clause withholds descriptions.
        ClauseDescriptions = "clause-descriptions",
        /// It was received for other uses than those of the clause.
        ClauseUse = "clause-use",
        /// At the precision that the clause allows, nothing would be left of the place.
        ClausePrecision = "clause-precision",
        /// A policy could not be evaluated; the object stays to be safe.
        PolicyError = "policy-error",
    }
);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text, self.policy)
    }
}
