//! What can be wrong with an agreement, and with compiling one.

use std::fmt;

use comity_model::Lang;
use comity_model::told::Told;
use serde::Serialize;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant),+
        }

        impl $name {
            /// Every code of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name: kebab-case, also the key of its translation.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use codes;

codes!(
    /// Why a line of an agreement is refused.
    ErrorCode {
        /// The text is no TOML.
        Syntax = "syntax",
        /// The text, a list or a value is longer than the language allows.
        TooLarge = "too-large",
        /// A character that can't be seen or that changes the reading direction.
        HiddenCharacter = "hidden-character",
        /// A field that the language does not have.
        UnknownField = "unknown-field",
        /// A field that the language demands.
        MissingField = "missing-field",
        /// A value of another TOML type than the field takes.
        WrongType = "wrong-type",
        /// A text that is empty where something must be said.
        EmptyText = "empty-text",
        /// The same value twice in one list.
        DuplicateValue = "duplicate-value",
        /// A list that must name something is empty.
        EmptyList = "empty-list",
        /// Not `comity-agreement/1`.
        UnknownLanguage = "unknown-language",
        /// The scope names joint operations or something of their kind.
        OperationsUnrepresentable = "operations-unrepresentable",
        /// Another scope than `intelligence` and `technical-support`.
        UnknownScope = "unknown-scope",
        /// Not an agreement id.
        BadId = "bad-id",
        /// A number outside its range.
        OutOfRange = "out-of-range",
        /// Not a date of the calendar.
        BadDate = "bad-date",
        /// The period ends before it begins.
        PeriodReversed = "period-reversed",
        /// Not a word for the moment from which a version binds.
        BadBinds = "bad-binds",
        /// Not exactly two parties.
        NotTwoParties = "not-two-parties",
        /// Both parties have the same root.
        SameRoot = "same-root",
        /// Not a party's handle.
        BadHandle = "bad-handle",
        /// Not a party's root.
        BadRoot = "bad-root",
        /// A clause names a party that the agreement does not have.
        UnknownParty = "unknown-party",
        /// A clause goes from a party to itself.
        SameParty = "same-party",
        /// No clause at all.
        NoClause = "no-clause",
        /// Two clauses with one id.
        DuplicateClause = "duplicate-clause",
        /// A quota names a clause that the agreement does not have.
        UnknownClause = "unknown-clause",
        /// Not a clause's id.
        BadClauseId = "bad-clause-id",
        /// Not a purpose.
        BadPurpose = "bad-purpose",
        /// Not a STIX type name.
        BadKind = "bad-kind",
        /// Not a TLP label.
        BadTlp = "bad-tlp",
        /// TLP:RED is for named persons and never crosses between parties.
        TlpRed = "tlp-red",
        /// Not a grade.
        BadGrade = "bad-grade",
        /// Not a property of a type, as `location.street_address`.
        BadRedactPath = "bad-redact-path",
        /// A redaction of a type that the clause does not release.
        RedactKind = "redact-kind",
        /// A redaction of a property without which there is no object.
        RedactRequired = "redact-required",
        /// Not a PAP label.
        BadPap = "bad-pap",
        /// Not the code of a country.
        BadCountry = "bad-country",
        /// A label that an object must have and must not have.
        ContradictoryLabels = "contradictory-labels",
        /// Not a word for the origin of what may be given.
        BadOrigin = "bad-origin",
        /// Not a word for what becomes of the names of persons.
        BadPersons = "bad-persons",
        /// Not a word for what becomes of descriptions.
        BadDescriptions = "bad-descriptions",
        /// Not a precision.
        BadPrecision = "bad-precision",
        /// Not an onward rule.
        BadOnward = "bad-onward",
        /// Not a use.
        BadUse = "bad-use",
        /// Not a way to approve.
        BadApproval = "bad-approval",
        /// Not an urgency.
        BadUrgency = "bad-urgency",
        /// Two answer times for one urgency, or two quotas for one clause and period.
        DuplicateRule = "duplicate-rule",
        /// Not an act that a reason can be for.
        BadAct = "bad-act",
        /// Not a reason's id.
        BadReasonId = "bad-reason-id",
        /// Two reasons with one id.
        DuplicateReason = "duplicate-reason",
        /// A standing approval for what an officer must see each time: a site, or a natural person.
        StandingApproval = "standing-approval",
        /// Not a period of a quota.
        BadPeriod = "bad-period",
        /// A red line's condition is not an expression of Cedar.
        WhenSyntax = "when-syntax",
        /// A red line's condition uses what the language does not allow.
        WhenOperator = "when-operator",
        /// A red line's condition does not fit what is known about an object.
        WhenType = "when-type",
    }
);

codes!(
    /// What is legal in an agreement and probably not meant.
    WarningCode {
        /// All clauses go one way.
        OneWay = "one-way",
        /// A red line that no object can meet.
        RedLineNeverApplies = "red-line-never-applies",
        /// A red line names a clause that the agreement does not have.
        RedLineUnknownClause = "red-line-unknown-clause",
        /// A red line names a country by what is no code of one.
        RedLineUnknownCountry = "red-line-unknown-country",
        /// A red line names a type that nobody knows.
        RedLineUnknownKind = "red-line-unknown-kind",
        /// The scope lets no clause give anything.
        ScopeGivesNothing = "scope-gives-nothing",
        /// A red line forbids what a clause would give: all of a type, or something that the clause speaks of.
        ClauseUnderRedLine = "clause-under-red-line",
        /// Two clauses give the same under different terms.
        ClausesOverlap = "clauses-overlap",
        /// A clause can give nothing, by its own terms.
        ClauseReleasesNothing = "clause-releases-nothing",
        /// There is no legal basis to choose from.
        NoLegalBasis = "no-legal-basis",
        /// There is an act for which there is no reason to choose from.
        NoReasons = "no-reasons",
    }
);

/// One error in the text of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
#[error("line {line}: {field}: {message}")]
pub struct AgreementError {
    /// The line, from 1.
    pub line: u32,
    /// The field, as `clause[2].max_tlp`. Lists count from 1, as policy ids do. Empty when the text is no TOML.
    pub field: String,
    /// What kind of error it is.
    pub code: ErrorCode,
    /// What is wrong and what to do, in English, and the particulars that it is made of.
    pub message: Told,
}

impl AgreementError {
    /// The stable kebab-case name of the error.
    pub const fn code(&self) -> &'static str {
        self.code.as_str()
    }
}

/// Something legal in an agreement that is probably not meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgreementWarning {
    /// What kind of warning it is.
    pub code: WarningCode,
    /// What was seen and what to do, in English.
    pub message: String,
    /// The same in Spanish.
    pub es: String,
}

impl AgreementWarning {
    /// What was seen and what to do, in a language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.message,
            Lang::Es => &self.es,
        }
    }
}

impl fmt::Display for AgreementWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Why an agreement did not compile. Every agreement that [`Agreement::parse`](crate::Agreement::parse)
/// returned compiles, so this speaks of one that was altered afterwards, or of a fault of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The agreement has other than two parties, or a clause names a party it does not have.
    #[error("the agreement was altered after it was read; read it again from its signed text")]
    Altered,
    /// Cedar refused a policy or the schema.
    #[error(
        "policy `{policy}` does not compile: {message}; read the agreement again from its signed text"
    )]
    Cedar {
        /// The policy's id, as `red-line:1`, or `schema`.
        policy: String,
        /// What Cedar said.
        message: String,
    },
}

impl EngineError {
    /// The stable kebab-case name of the error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Altered => "agreement-altered",
            Self::Cedar { .. } => "policy-compile",
        }
    }
}
