//! Short words for writing tables.

use super::model::{
    Both, Choice, Class, Extension, Kind, Presence, Property, Relationship, Rule, Shape, Strength,
    Targets, Type,
};

/// The same in English and in Spanish.
pub(super) const fn both(en: &'static str, es: &'static str) -> Both {
    Both { en, es }
}

/// A property that has to be there.
pub(super) const fn needed(
    name: &'static str,
    kind: Kind,
    en: &'static str,
    es: &'static str,
) -> Property {
    Property { name, kind, presence: Presence::Required, about: both(en, es) }
}

/// A property that may be there.
pub(super) const fn may(
    name: &'static str,
    kind: Kind,
    en: &'static str,
    es: &'static str,
) -> Property {
    Property { name, kind, presence: Presence::Optional, about: both(en, es) }
}

/// A property that the standard advises against.
pub(super) const fn deprecated(
    name: &'static str,
    kind: Kind,
    en: &'static str,
    es: &'static str,
) -> Property {
    Property { name, kind, presence: Presence::Deprecated, about: both(en, es) }
}

/// A MUST between properties.
pub(super) const fn must(section: &'static str, choice: Choice) -> Rule {
    Rule { choice, strength: Strength::Must, section }
}

/// A SHOULD between properties.
pub(super) const fn should(section: &'static str, choice: Choice) -> Rule {
    Rule { choice, strength: Strength::Should, section }
}

/// A reference to objects of these types.
pub(super) const fn to(types: &'static [&'static str]) -> Kind {
    Kind::Reference(Targets { types, classes: &[], except: &[] })
}

/// A reference to objects of these classes.
pub(super) const fn to_class(classes: &'static [Class]) -> Kind {
    Kind::Reference(Targets { types: &[], classes, except: &[] })
}

/// A reference to any STIX object (section 1.2: all but the bundle).
pub(super) const ANY_OBJECT: Kind =
    to_class(&[Class::Domain, Class::Relationship, Class::Observable, Class::Meta]);

/// A relationship from the type in whose table it stands.
pub(super) const fn relates(name: &'static str, types: &'static [&'static str]) -> Relationship {
    Relationship { name, targets: Targets { types, classes: &[], except: &[] } }
}

/// An extension that the standard defines, with what it says.
pub(super) const fn extension(
    shape: &'static Shape,
    en: &'static str,
    es: &'static str,
) -> Extension {
    Extension { shape, about: both(en, es) }
}

/// A whole number from 0 to the largest that every reader keeps exact (section 2.10).
pub(super) const COUNT: Kind = Kind::Integer(0, LARGEST);

/// A whole number of either sign (section 2.10).
pub(super) const WHOLE: Kind = Kind::Integer(-LARGEST, LARGEST);

/// A number of either sign (section 2.6).
pub(super) const NUMBER: Kind = Kind::Float(f64::MIN, f64::MAX);

/// 2^53 - 1 (section 2.10).
pub(crate) const LARGEST: i64 = 9_007_199_254_740_991;

/// A domain object: what it requires and does not use of the common properties.
pub(super) const fn domain(own: Shape, section: &'static str, about: Both) -> Type {
    Type {
        name: own.name,
        section,
        class: Class::Domain,
        about,
        required: &["type", "spec_version", "id", "created", "modified"],
        unused: &["defanged"],
        own,
        relationships: &[],
        contributing: &[],
        extensions: &[],
    }
}

/// A cyber-observable object: the same.
pub(super) const fn observable(own: Shape, section: &'static str, about: Both) -> Type {
    Type {
        class: Class::Observable,
        required: &["type", "id"],
        unused: &[
            "created_by_ref",
            "created",
            "modified",
            "revoked",
            "labels",
            "confidence",
            "lang",
            "external_references",
        ],
        ..domain(own, section, about)
    }
}
