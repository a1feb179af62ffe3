//! Vocabularies of those who act, of those who suffer it, and of where they are.

use super::list;
use crate::types::model::Vocabulary;

/// What moves an actor (section 10.2).
pub const ATTACK_MOTIVATION: Vocabulary = list(
    "attack-motivation-ov",
    "10.2",
    &[
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
);

/// What an actor has at its disposal (section 10.3).
pub const ATTACK_RESOURCE_LEVEL: Vocabulary = list(
    "attack-resource-level-ov",
    "10.3",
    &["individual", "club", "contest", "team", "organization", "government"],
);

/// What an identity stands for (section 10.8).
pub const IDENTITY_CLASS: Vocabulary = list(
    "identity-class-ov",
    "10.8",
    &["individual", "group", "system", "organization", "class", "unknown"],
);

/// Sectors of the economy and of the state (section 10.11).
pub const INDUSTRY_SECTOR: Vocabulary = list(
    "industry-sector-ov",
    "10.11",
    &[
        "agriculture",
        "aerospace",
        "automotive",
        "chemical",
        "commercial",
        "communications",
        "construction",
        "defense",
        "education",
        "energy",
        "entertainment",
        "financial-services",
        "government",
        "emergency-services",
        "government-local",
        "government-national",
        "government-public-services",
        "government-regional",
        "healthcare",
        "hospitality-leisure",
        "infrastructure",
        "dams",
        "nuclear",
        "water",
        "insurance",
        "legal",
        "manufacturing",
        "mining",
        "non-profit",
        "pharmaceuticals",
        "retail",
        "technology",
        "telecommunications",
        "transportation",
        "utilities",
    ],
);

/// Regions of the world, after the United Nations (section 10.21).
pub const REGION: Vocabulary = list(
    "region-ov",
    "10.21",
    &[
        "africa",
        "eastern-africa",
        "middle-africa",
        "northern-africa",
        "southern-africa",
        "western-africa",
        "americas",
        "caribbean",
        "central-america",
        "latin-america-caribbean",
        "northern-america",
        "south-america",
        "asia",
        "central-asia",
        "eastern-asia",
        "southern-asia",
        "south-eastern-asia",
        "western-asia",
        "europe",
        "eastern-europe",
        "northern-europe",
        "southern-europe",
        "western-europe",
        "oceania",
        "antarctica",
        "australia-new-zealand",
        "melanesia",
        "micronesia",
        "polynesia",
    ],
);

/// Kinds of threat actors (section 10.23).
pub const THREAT_ACTOR_TYPE: Vocabulary = list(
    "threat-actor-type-ov",
    "10.23",
    &[
        "activist",
        "competitor",
        "crime-syndicate",
        "criminal",
        "hacker",
        "insider-accidental",
        "insider-disgruntled",
        "nation-state",
        "private-sector",
        "sensationalist",
        "spy",
        "terrorist",
        "unknown",
    ],
);

/// What a threat actor does among others (section 10.24).
pub const THREAT_ACTOR_ROLE: Vocabulary = list(
    "threat-actor-role-ov",
    "10.24",
    &[
        "agent",
        "director",
        "independent",
        "infrastructure-architect",
        "infrastructure-operator",
        "malware-author",
        "sponsor",
    ],
);

/// How skilled a threat actor is (section 10.25).
pub const THREAT_ACTOR_SOPHISTICATION: Vocabulary = list(
    "threat-actor-sophistication-ov",
    "10.25",
    &["none", "minimal", "intermediate", "advanced", "expert", "innovator", "strategic"],
);
