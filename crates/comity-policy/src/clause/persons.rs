//! Where the types of the standard and of the domain name natural persons.
//!
//! Certificates, paths of files and free text may name somebody too; nobody can tell by the property. `descriptions`
//! and `redact` are for those.

use crate::decision::Change;

/// Types of which an object may be about a natural person, so that the clause's `persons` decides about its properties.
/// An object of another type that is about one can't be given under a pseudonym: nobody knows where the name stands.
pub(crate) const ABOUT_PERSONS: [&str; 4] =
    ["email-addr", "identity", "threat-actor", "user-account"];

/// A translation (STIX 2.1 section 7.1) repeats what was taken out of the object that it translates.
pub(crate) const TRANSLATION: &str = "language-content";

/// One property that names somebody.
pub(crate) struct Named {
    pub(crate) stix_type: &'static str,
    pub(crate) property: &'static str,
    /// Only where the object is about a natural person.
    pub(crate) of_person: bool,
    /// What is done under a pseudonym.
    pub(crate) change: Change,
}

const fn of_person(stix_type: &'static str, property: &'static str, change: Change) -> Named {
    Named { stix_type, property, of_person: true, change }
}

const fn always(stix_type: &'static str, property: &'static str, change: Change) -> Named {
    Named { stix_type, property, of_person: false, change }
}

/// All of them (STIX 2.1 sections 4.5, 4.13, 4.15, 4.17, 6.5, 6.6 and 6.16). The domain's own types name people by
/// reference alone.
pub(crate) const NAMED: [Named; 23] = [
    of_person("identity", "name", Change::Pseudonym),
    of_person("identity", "description", Change::Remove),
    of_person("identity", "contact_information", Change::Remove),
    of_person("identity", "external_references", Change::Remove),
    of_person("threat-actor", "name", Change::Pseudonym),
    of_person("threat-actor", "aliases", Change::Pseudonym),
    of_person("threat-actor", "description", Change::Remove),
    of_person("threat-actor", "external_references", Change::Remove),
    of_person("user-account", "user_id", Change::Pseudonym),
    of_person("user-account", "account_login", Change::Pseudonym),
    of_person("user-account", "display_name", Change::Pseudonym),
    of_person("user-account", "credential", Change::Remove),
    of_person("user-account", "extensions.unix-account-ext.home_dir", Change::Remove),
    of_person("email-addr", "value", Change::Pseudonym),
    of_person("email-addr", "display_name", Change::Pseudonym),
    always("email-message", "additional_header_fields", Change::Remove),
    always("email-message", "received_lines", Change::Remove),
    always("email-message", "subject", Change::Remove),
    always("email-message", "body", Change::Remove),
    always("email-message", "body_multipart", Change::Remove),
    always("email-message", "raw_email_ref", Change::Remove),
    always("note", "authors", Change::Pseudonym),
    always("opinion", "authors", Change::Pseudonym),
];
