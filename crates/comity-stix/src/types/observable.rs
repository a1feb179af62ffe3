//! Cyber-observable objects (section 6).
//!
//! `contributing` names the properties of the row "ID Contributing Properties" in the order of the standard; how the
//! value of `hashes` is cut down to one of them (sections 6.1.1, 6.7.1, 6.18.1) is the same for every type and stands
//! with the computation of identifiers. Where anything else is out of the ordinary the type's file says so.

mod artifact;
mod autonomous_system;
mod directory;
mod domain_name;
mod email_addr;
mod email_message;
mod file;
mod ipv4_addr;
mod ipv6_addr;
mod mac_addr;
mod mutex;
mod network_traffic;
mod process;
mod software;
mod url;
mod user_account;
mod windows_registry_key;
mod x509_certificate;

use super::make::{may, to};
use super::model::{Kind, Property, Type};

/// `resolves_to_refs` of both kinds of addresses (sections 6.8.1 and 6.9.1).
const RESOLVES_TO: Property = may(
    "resolves_to_refs",
    Kind::List(&to(&["mac-addr"])),
    "the hardware addresses it resolves to",
    "las direcciones físicas a las que resuelve",
);

/// `belongs_to_refs` of both kinds of addresses (sections 6.8.1 and 6.9.1).
const BELONGS_TO: Property = may(
    "belongs_to_refs",
    Kind::List(&to(&["autonomous-system"])),
    "the autonomous systems it belongs to",
    "los sistemas autónomos a los que pertenece",
);

/// In the order of the standard.
pub(super) const ALL: &[&Type] = &[
    &artifact::TYPE,
    &autonomous_system::TYPE,
    &directory::TYPE,
    &domain_name::TYPE,
    &email_addr::TYPE,
    &email_message::TYPE,
    &file::TYPE,
    &ipv4_addr::TYPE,
    &ipv6_addr::TYPE,
    &mac_addr::TYPE,
    &mutex::TYPE,
    &network_traffic::TYPE,
    &process::TYPE,
    &software::TYPE,
    &url::TYPE,
    &user_account::TYPE,
    &windows_registry_key::TYPE,
    &x509_certificate::TYPE,
];
