//! The vocabularies and enumerations of section 10.

use super::model::Vocabulary;

/// Every vocabulary, in the order of the standard.
pub const ALL: &[&Vocabulary] = &[&ATTACK_MOTIVATION];

/// Section 10.2.
pub const ATTACK_MOTIVATION: Vocabulary = Vocabulary {
    name: "attack-motivation-ov",
    section: "10.2",
    values: &[
        "accidental",
        "coercion",
        "dominance",
        "ideology",
        "notoriety",
        "organizational-gain",
        "personal-gain",
        "personal-satisfaction",
        "revenge",
        "unpredictable",
    ],
};
