//! What the standard asks of types that it does not know (sections 7.3.2 and 11.2.1): the common properties of their
//! class.

use super::make::{both, domain, observable};
use super::model::{Both, Class, Shape, Type};

const ABOUT: Both =
    both("a type that the standard does not know", "un tipo que el estándar no conoce");

/// Of no class that anybody has named.
pub(crate) const UNKNOWN: Type = Type { unused: &[], ..DOMAIN };

/// A new domain object.
pub(crate) const DOMAIN: Type = domain(shape("11.2.1"), "11.2", ABOUT);

/// A new relationship object.
pub(crate) const RELATIONSHIP: Type =
    Type { class: Class::Relationship, ..domain(shape("7.3.2"), "7.3", ABOUT) };

/// A new cyber-observable object.
pub(crate) const OBSERVABLE: Type = observable(shape("7.3.2"), "7.3", ABOUT);

const fn shape(section: &'static str) -> Shape {
    Shape { name: "", section, properties: &[], rules: &[] }
}
