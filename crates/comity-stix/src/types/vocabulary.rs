//! The vocabularies and enumerations of section 10.

mod domain;
mod observable;
mod people;

use super::model::Vocabulary;

pub use domain::{
    GROUPING_CONTEXT, IMPLEMENTATION_LANGUAGE, INDICATOR_TYPE, INFRASTRUCTURE_TYPE,
    MALWARE_CAPABILITIES, MALWARE_RESULT, MALWARE_TYPE, OPINION, PATTERN_TYPE,
    PROCESSOR_ARCHITECTURE, REPORT_TYPE, TOOL_TYPE,
};
pub use observable::{
    ACCOUNT_TYPE, ENCRYPTION_ALGORITHM, EXTENSION_TYPE, HASH_ALGORITHM,
    NETWORK_SOCKET_ADDRESS_FAMILY, NETWORK_SOCKET_TYPE, WINDOWS_INTEGRITY_LEVEL,
    WINDOWS_PEBINARY_TYPE, WINDOWS_REGISTRY_DATATYPE, WINDOWS_SERVICE_START_TYPE,
    WINDOWS_SERVICE_STATUS, WINDOWS_SERVICE_TYPE,
};
pub use people::{
    ATTACK_MOTIVATION, ATTACK_RESOURCE_LEVEL, IDENTITY_CLASS, INDUSTRY_SECTOR, REGION,
    THREAT_ACTOR_ROLE, THREAT_ACTOR_SOPHISTICATION, THREAT_ACTOR_TYPE,
};

/// Every vocabulary, in the order of the standard.
pub const ALL: &[&Vocabulary] = &[
    &ACCOUNT_TYPE,
    &ATTACK_MOTIVATION,
    &ATTACK_RESOURCE_LEVEL,
    &ENCRYPTION_ALGORITHM,
    &EXTENSION_TYPE,
    &GROUPING_CONTEXT,
    &HASH_ALGORITHM,
    &IDENTITY_CLASS,
    &IMPLEMENTATION_LANGUAGE,
    &INDICATOR_TYPE,
    &INDUSTRY_SECTOR,
    &INFRASTRUCTURE_TYPE,
    &MALWARE_CAPABILITIES,
    &MALWARE_RESULT,
    &MALWARE_TYPE,
    &NETWORK_SOCKET_ADDRESS_FAMILY,
    &NETWORK_SOCKET_TYPE,
    &OPINION,
    &PATTERN_TYPE,
    &PROCESSOR_ARCHITECTURE,
    &REGION,
    &REPORT_TYPE,
    &THREAT_ACTOR_TYPE,
    &THREAT_ACTOR_ROLE,
    &THREAT_ACTOR_SOPHISTICATION,
    &TOOL_TYPE,
    &WINDOWS_INTEGRITY_LEVEL,
    &WINDOWS_PEBINARY_TYPE,
    &WINDOWS_REGISTRY_DATATYPE,
    &WINDOWS_SERVICE_START_TYPE,
    &WINDOWS_SERVICE_TYPE,
    &WINDOWS_SERVICE_STATUS,
];

/// The vocabulary of a name: `malware-type-ov`.
pub fn find(name: &str) -> Option<&'static Vocabulary> {
    ALL.iter().copied().find(|vocabulary| vocabulary.name == name)
}

/// A vocabulary, in one breath.
const fn list(
    name: &'static str,
    section: &'static str,
    values: &'static [&'static str],
) -> Vocabulary {
    Vocabulary { name, section, values }
}
