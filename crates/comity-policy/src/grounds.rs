//! The grounds of an act: its legal basis and its reasons, chosen from the lists that the agreement gives.

use std::collections::BTreeSet;
use std::fmt;

use comity_model::told::Told;
use serde::Serialize;

use crate::agreement::Agreement;

/// What one party does towards the other that needs grounds (docs/protocol.md section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Giving objects.
    Release,
    /// Declining a request.
    Refusal,
    /// Answering a request.
    Answer,
    /// Purging what was received.
    Purge,
    /// Asking for something back.
    Recall,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 5] =
        [Self::Release, Self::Refusal, Self::Answer, Self::Purge, Self::Recall];

    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Refusal => "refusal",
            Self::Answer => "answer",
            Self::Purge => "purge",
            Self::Recall => "recall",
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Act {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A reason that may be given for an act (`[[reason]]`, docs/protocol.md section 2.1). Statements carry the id; the
/// texts stand in the agreement that both signed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct GivenReason {
    /// The name within the agreement, in the form of a clause's id.
    pub id: String,
    /// What it may be given for; never empty.
    #[serde(rename = "for")]
    pub acts: BTreeSet<Act>,
    /// The text in English, at most 300 characters.
    pub en: String,
    /// The text in Spanish, at most 300 characters.
    pub es: String,
}

/// The grounds that were chosen for an act. Either list is empty only where the agreement has none to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ChosenGrounds {
    /// Legal bases, each as it stands in the agreement or the clause, in the order in which they were given.
    pub legal_basis: Vec<String>,
    /// Ids of reasons, in the order in which they were given.
    pub reasons: Vec<String>,
}

/// Why grounds can't be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroundsError {
    /// The agreement has several legal bases and none was named.
    #[error("no legal basis was named; name one of {}", list(.choices))]
    LegalBasisMissing {
        /// What there is to choose from.
        choices: Vec<String>,
    },
    /// A legal basis that neither the agreement nor the clause has.
    #[error("`{}` is no legal basis of the agreement or the clause; {}", shown(.given), advice(.choices, "a legal basis"))]
    LegalBasisUnknown {
        /// What was given.
        given: String,
        /// What there is to choose from.
        choices: Vec<String>,
    },
    /// The agreement has several reasons for the act and none was named.
    #[error("no reason for `{act}` was named; name one of {}", list(.choices))]
    ReasonMissing {
        /// The act.
        act: Act,
        /// The ids to choose from.
        choices: Vec<String>,
    },
    /// A reason that the agreement does not have for the act.
    #[error("`{}` is no reason that the agreement has for `{act}`; {}", shown(.given), advice(.choices, "a reason"))]
    ReasonUnknown {
        /// The act.
        act: Act,
        /// What was given.
        given: String,
        /// The ids to choose from.
        choices: Vec<String>,
    },
    /// The same legal basis or reason twice.
    #[error("`{}` is named twice; name it once", shown(.given))]
    Duplicate {
        /// What was given.
        given: String,
    },
}

impl GroundsError {
    /// The stable kebab-case name of the error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::LegalBasisMissing { .. } => "legal-basis-missing",
            Self::LegalBasisUnknown { .. } => "legal-basis-unknown",
            Self::ReasonMissing { .. } => "reason-missing",
            Self::ReasonUnknown { .. } => "reason-unknown",
            Self::Duplicate { .. } => "grounds-duplicate",
        }
    }

    /// The sentence and its particulars: `given` as it was given, `known` for what there is to choose from, `act`.
    pub fn told(&self) -> Told {
        let told = Told::from(self.to_string());
        let choose = |told: Told, choices: &[String]| {
            if choices.is_empty() { told } else { told.with("known", list(choices)) }
        };
        match self {
            Self::LegalBasisMissing { choices } => choose(told, choices),
            Self::LegalBasisUnknown { given, choices } => {
                choose(told.with("given", shown(given)), choices)
            }
            Self::ReasonMissing { act, choices } => choose(told.with("act", act), choices),
            Self::ReasonUnknown { act, given, choices } => {
                choose(told.with("act", act).with("given", shown(given)), choices)
            }
            Self::Duplicate { given } => told.with("given", shown(given)),
        }
    }
}

impl Agreement {
    /// The reasons that may be given for an act, in the order of the text.
    pub fn reasons_for(&self, act: Act) -> impl Iterator<Item = &GivenReason> {
        self.reasons.iter().filter(move |reason| reason.acts.contains(&act))
    }

    /// What an act under a clause may rest on: the agreement's legal bases, then the clause's own, none twice.
    pub fn legal_bases(&self, clause: Option<&str>) -> Vec<&str> {
        let own = clause.and_then(|id| self.clause(id)).map(|clause| &clause.legal_basis);
        let mut bases: Vec<&str> = Vec::new();
        for basis in self.legal_basis.iter().chain(own.into_iter().flatten()) {
            if !bases.contains(&basis.as_str()) {
                bases.push(basis);
            }
        }
        bases
    }

    /// The grounds of an act, checked against the lists of the agreement: legal bases of the agreement or of the clause,
    /// reasons by the ids of those that are for the act. Where none is given and there is exactly one, that one is
    /// taken; where there is none to choose from, none is required.
    pub fn choose_grounds(
        &self,
        act: Act,
        clause: Option<&str>,
        legal_basis: &[String],
        reasons: &[String],
    ) -> Result<ChosenGrounds, GroundsError> {
        let bases = self.legal_bases(clause);
        let ids: Vec<&str> = self.reasons_for(act).map(|reason| reason.id.as_str()).collect();
        let owned = |choices: &[&str]| choices.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let legal_basis = choose(&bases, legal_basis).map_err(|wrong| match wrong {
            Wrong::Missing => GroundsError::LegalBasisMissing { choices: owned(&bases) },
            Wrong::Unknown(given) => {
                GroundsError::LegalBasisUnknown { given, choices: owned(&bases) }
            }
            Wrong::Twice(given) => GroundsError::Duplicate { given },
        })?;
        let reasons = choose(&ids, reasons).map_err(|wrong| match wrong {
            Wrong::Missing => GroundsError::ReasonMissing { act, choices: owned(&ids) },
            Wrong::Unknown(given) => {
                GroundsError::ReasonUnknown { act, given, choices: owned(&ids) }
            }
            Wrong::Twice(given) => GroundsError::Duplicate { given },
        })?;
        Ok(ChosenGrounds { legal_basis, reasons })
    }
}

enum Wrong {
    Missing,
    Unknown(String),
    Twice(String),
}

fn choose(choices: &[&str], given: &[String]) -> Result<Vec<String>, Wrong> {
    match (given, choices) {
        ([], []) => return Ok(Vec::new()),
        ([], [only]) => return Ok(vec![(*only).to_owned()]),
        ([], _) => return Err(Wrong::Missing),
        _ => {}
    }
    let mut chosen: Vec<String> = Vec::with_capacity(given.len().min(choices.len()));
    for it in given {
        if !choices.contains(&it.as_str()) {
            return Err(Wrong::Unknown(it.clone()));
        }
        if chosen.contains(it) {
            return Err(Wrong::Twice(it.clone()));
        }
        chosen.push(it.clone());
    }
    Ok(chosen)
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

fn list(choices: &[String]) -> String {
    let quoted: Vec<String> = choices.iter().map(|it| format!("`{}`", shown(it))).collect();
    quoted.join(", ")
}

fn advice(choices: &[String], what: &str) -> String {
    if choices.is_empty() {
        format!("it has none to choose from, so leave it out or agree on {what} in an amendment")
    } else {
        format!("name one of {}", list(choices))
    }
}
