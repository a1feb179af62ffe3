//! What a clause says of labels, origin, persons and descriptions.

use std::collections::BTreeSet;

/// Which labels an object must and must not have, exactly as they stand in `labels` (STIX 2.1 section 3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelTerms {
    /// The object must have one of these; empty where it need have none.
    pub any: BTreeSet<String>,
    /// The object may have none of these.
    pub none: BTreeSet<String>,
}

/// Whose information may be given. That a partner's needs the partner's consent holds beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OriginTerm {
    /// The giving party's own alone.
    Own,
    /// Also what a partner released to it.
    #[default]
    Any,
}

impl OriginTerm {
    /// Every word.
    pub const ALL: [Self; 2] = [Self::Own, Self::Any];

    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Any => "any",
        }
    }
}

/// What becomes of the names of natural persons (docs/protocol.md section 2.1), least generous first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Persons {
    /// An object about a natural person stays, and names in other objects are removed.
    Withhold,
    /// Names are replaced by pseudonyms, and what else points to the person is removed.
    Pseudonym,
    /// They go as they stand.
    #[default]
    Allow,
}

impl Persons {
    /// Every word, least generous first.
    pub const ALL: [Self; 3] = [Self::Withhold, Self::Pseudonym, Self::Allow];

    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withhold => "withhold",
            Self::Pseudonym => "pseudonym",
            Self::Allow => "allow",
        }
    }
}

/// What becomes of descriptions and of other free text (docs/protocol.md section 2.1), least generous first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Descriptions {
    /// They are removed; an object that is nothing without them stays.
    Withhold,
    /// They go as they stand.
    #[default]
    Allow,
}

impl Descriptions {
    /// Every word, least generous first.
    pub const ALL: [Self; 2] = [Self::Withhold, Self::Allow];

    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withhold => "withhold",
            Self::Allow => "allow",
        }
    }
}
