//! What is said about an agreement itself: the bodies of `agreement`, `suspension` and `termination` (docs/protocol.md
//! section 3.9).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Change;
use crate::matter::{Grounds, TextRule};
use crate::statement::{Kind, Payload, PayloadError};
use crate::{Digest, Folio, json};

/// The name of the one part of an `agreement` statement: the signed file, as JSON, bound by its digest.
pub const AGREEMENT_PART: &str = "agreement.dsse.json";

/// The most bytes of that part.
pub const MAX_AGREEMENT_PART: u64 = 1024 * 1024;

/// The most legal bases, or reasons, that one statement names.
const MAX_GROUNDS: usize = 64;
/// The most characters of one of them.
const MAX_GROUND: usize = 500;

/// An `agreement`: the text of a version, with the signatures that it has so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementBody {
    /// Its number at the party that says it.
    pub folio: Folio,
    /// The version, from 1, whose text travels with it. The statement itself cites the version that was active before.
    pub version: u32,
    /// The digest of the text.
    pub digest: Digest,
    /// Whether this version binds from here on. Both parties have signed it then.
    pub activate: bool,
}

/// What a suspension does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuspensionAct {
    /// The agreement rests from here on.
    Suspend,
    /// The suspension of the same party ends.
    Lift,
}

impl SuspensionAct {
    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Lift => "lift",
        }
    }
}

/// A `suspension`. What people have to say about it is a salted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuspensionBody {
    /// Its number at the party that says it.
    pub folio: Folio,
    /// What it does.
    pub act: SuspensionAct,
    /// On what it rests, and why.
    pub grounds: Grounds,
}

/// A `termination`. What people have to say about it is a salted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerminationBody {
    /// Its number at the party that says it.
    pub folio: Folio,
    /// On what it rests, and why.
    pub grounds: Grounds,
}

/// The body of a statement about the agreement itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConductBody {
    /// A text, or the switch to it.
    Agreement(AgreementBody),
    /// A suspension, or its end.
    Suspension(SuspensionBody),
    /// The end.
    Termination(TerminationBody),
}

impl From<AgreementBody> for ConductBody {
    fn from(body: AgreementBody) -> Self {
        Self::Agreement(body)
    }
}

impl From<SuspensionBody> for ConductBody {
    fn from(body: SuspensionBody) -> Self {
        Self::Suspension(body)
    }
}

impl From<TerminationBody> for ConductBody {
    fn from(body: TerminationBody) -> Self {
        Self::Termination(body)
    }
}

impl ConductBody {
    /// The kind of statement that has this body.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Agreement(_) => Kind::Agreement,
            Self::Suspension(_) => Kind::Suspension,
            Self::Termination(_) => Kind::Termination,
        }
    }

    /// Its number at the party that says it.
    pub const fn folio(&self) -> &Folio {
        match self {
            Self::Agreement(body) => &body.folio,
            Self::Suspension(body) => &body.folio,
            Self::Termination(body) => &body.folio,
        }
    }

    /// Gives it its number.
    pub fn set_folio(&mut self, folio: Folio) {
        match self {
            Self::Agreement(body) => body.folio = folio,
            Self::Suspension(body) => body.folio = folio,
            Self::Termination(body) => body.folio = folio,
        }
    }

    /// On what it rests and why; a text rests on its signatures alone.
    pub const fn grounds(&self) -> Option<&Grounds> {
        match self {
            Self::Agreement(_) => None,
            Self::Suspension(body) => Some(&body.grounds),
            Self::Termination(body) => Some(&body.grounds),
        }
    }

    /// What it changes.
    pub const fn change(&self) -> Change {
        match self {
            Self::Agreement(body) if body.activate => Change::Activated(body.version),
            Self::Agreement(body) => Change::Offered(body.version),
            Self::Suspension(body) => match body.act {
                SuspensionAct::Suspend => Change::Suspended,
                SuspensionAct::Lift => Change::Lifted,
            },
            Self::Termination(_) => Change::Terminated,
        }
    }

    /// Whether a salted text travels with it. The signed file of an `agreement` is no text in this sense.
    pub const fn text_rule(&self) -> TextRule {
        match self {
            Self::Agreement(_) => TextRule::None,
            Self::Suspension(_) | Self::Termination(_) => TextRule::Optional,
        }
    }

    /// As JSON text, the exact body of the statement.
    pub fn to_raw(&self) -> Result<Box<RawValue>, PayloadError> {
        let raw = match self {
            Self::Agreement(body) => serde_json::value::to_raw_value(body),
            Self::Suspension(body) => serde_json::value::to_raw_value(body),
            Self::Termination(body) => serde_json::value::to_raw_value(body),
        };
        raw.map_err(|error| PayloadError::Malformed(error.to_string()))
    }

    /// Reads the body of a kind; `None` for kinds that do not speak of the agreement itself. What can be judged without the
    /// record is judged: versions begin at 1, grounds are bounded.
    pub fn read(kind: Kind, body: &RawValue) -> Option<Result<Self, PayloadError>> {
        let text = body.get();
        let read = match kind {
            Kind::Agreement => json::read(text).map(Self::Agreement),
            Kind::Suspension => json::read(text).map(Self::Suspension),
            Kind::Termination => json::read(text).map(Self::Termination),
            _ => return None,
        };
        let malformed = |what: &str| PayloadError::Malformed(format!("in `body`: {what}"));
        Some(read.map_err(|error| malformed(&error)).and_then(|body| {
            if matches!(&body, Self::Agreement(AgreementBody { version: 0, .. })) {
                return Err(malformed("`version` begins at 1"));
            }
            let bounded = |all: &[String]| {
                all.len() <= MAX_GROUNDS
                    && all.iter().all(|it| (1..=MAX_GROUND).contains(&it.chars().count()))
            };
            let fits = |it: &Grounds| bounded(&it.legal_basis) && bounded(&it.reasons);
            if body.grounds().is_none_or(fits) {
                Ok(body)
            } else {
                Err(malformed("`grounds` are empty texts, too many or too long"))
            }
        }))
    }

    /// Reads the body of a payload whose kind speaks of the agreement itself.
    pub fn of(payload: &Payload) -> Option<Result<Self, PayloadError>> {
        Self::read(payload.known_kind()?, &payload.body)
    }
}
