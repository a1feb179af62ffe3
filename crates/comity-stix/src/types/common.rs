//! What objects of many types have: the common properties and the objects they hold.

use super::make::{both, may, must, needed, should, to};
use super::model::{Both, Choice, Kind, Property, Shape, Special};
use super::vocabulary::{ATTACK_MOTIVATION, ATTACK_RESOURCE_LEVEL};

/// The common properties (section 3.2). Whether one is required, or not in use, is for the type to say.
pub const COMMON: Shape = Shape {
    name: "common",
    section: "3.2",
    properties: &[
        may("type", Kind::TypeName, "the type of the object", "el tipo del objeto"),
        may(
            "spec_version",
            Kind::SpecVersion,
            "the version of STIX it is written in",
            "la versión de STIX en que está escrito",
        ),
        may("id", Kind::Id, "its identifier", "su identificador"),
        may("created_by_ref", to(&["identity"]), "who created it", "quién lo creó"),
        may("created", Kind::FineTimestamp, "when it was created", "cuándo se creó"),
        may(
            "modified",
            Kind::FineTimestamp,
            "when this version of it was made",
            "cuándo se hizo esta versión",
        ),
        may(
            "revoked",
            Kind::Boolean,
            "whether its creator has withdrawn it",
            "si quien lo creó lo ha retirado",
        ),
        may(
            "labels",
            Kind::List(&Kind::Text),
            "terms that describe it, chosen by its users",
            "términos que lo describen, elegidos por sus usuarios",
        ),
        may(
            "confidence",
            Kind::Integer(0, 100),
            "how sure its creator is of it, from 0 to 100",
            "qué tan seguro está de ello quien lo creó, de 0 a 100",
        ),
        may("lang", Kind::Lang, "the language of its texts", "el idioma de sus textos"),
        may(
            "external_references",
            Kind::List(&Kind::Object(&EXTERNAL_REFERENCE)),
            "where to read more outside STIX",
            "dónde leer más fuera de STIX",
        ),
        may(
            "object_marking_refs",
            Kind::List(&to(&["marking-definition"])),
            "the markings of the whole object",
            "las marcas de todo el objeto",
        ),
        may(
            "granular_markings",
            Kind::List(&Kind::Object(&GRANULAR_MARKING)),
            "the markings of single properties",
            "las marcas de propiedades sueltas",
        ),
        may(
            "defanged",
            Kind::Boolean,
            "whether its values were made harmless to click",
            "si sus valores se volvieron inofensivos al hacer clic",
        ),
        may(
            "extensions",
            Kind::Extensions,
            "what extensions add to it",
            "lo que le añaden las extensiones",
        ),
    ],
    rules: &[],
};

/// Names that no property may have (section 3.8).
pub const RESERVED: &[&str] = &["severity", "username", "phone_number", "action"];

/// What `name` says in most types.
pub(super) const NAME: Both = both("what it is called", "cómo se llama");

/// What `description` says in most types.
pub(super) const DESCRIPTION: Both =
    both("what there is to say about it", "lo que hay que decir de ello");

/// `name`, required.
pub(super) const fn name() -> Property {
    needed("name", Kind::Text, NAME.en, NAME.es)
}

/// `description`, optional.
pub(super) const fn description() -> Property {
    may("description", Kind::Text, DESCRIPTION.en, DESCRIPTION.es)
}

/// `aliases`.
pub(super) const fn aliases() -> Property {
    may("aliases", Kind::List(&Kind::Text), "other names for it", "otros nombres que se le dan")
}

/// `kill_chain_phases`.
pub(super) const fn kill_chain_phases() -> Property {
    may(
        "kill_chain_phases",
        Kind::List(&Kind::Object(&KILL_CHAIN_PHASE)),
        "the phases of kill chains it belongs to",
        "las fases de cadenas de ataque a las que pertenece",
    )
}

/// `first_seen`.
pub(super) const fn first_seen() -> Property {
    may("first_seen", Kind::Timestamp, "when it was first seen", "cuándo se vio por primera vez")
}

/// `last_seen`.
pub(super) const fn last_seen() -> Property {
    may("last_seen", Kind::Timestamp, "when it was last seen", "cuándo se vio por última vez")
}

/// `authors`.
pub(super) const fn authors() -> Property {
    may(
        "authors",
        Kind::List(&Kind::Text),
        "the persons who wrote it",
        "las personas que la escribieron",
    )
}

/// `goals`.
pub(super) const fn goals() -> Property {
    may("goals", Kind::List(&Kind::Text), "what it wants to reach", "lo que quiere lograr")
}

/// `resource_level`.
pub(super) const fn resource_level() -> Property {
    may(
        "resource_level",
        Kind::Open(&ATTACK_RESOURCE_LEVEL),
        "the means it has at its disposal",
        "los medios de que dispone",
    )
}

/// `primary_motivation`.
pub(super) const fn primary_motivation() -> Property {
    may(
        "primary_motivation",
        Kind::Open(&ATTACK_MOTIVATION),
        "what moves it above all",
        "lo que lo mueve ante todo",
    )
}

/// `secondary_motivations`.
pub(super) const fn secondary_motivations() -> Property {
    may(
        "secondary_motivations",
        Kind::List(&Kind::Open(&ATTACK_MOTIVATION)),
        "what else moves it",
        "qué más lo mueve",
    )
}

/// `external-reference` (section 2.5).
pub const EXTERNAL_REFERENCE: Shape = Shape {
    name: "external-reference",
    section: "2.5.1",
    properties: &[
        needed("source_name", Kind::Text, "the source it leads to", "la fuente a la que lleva"),
        description(),
        may("url", Kind::Url, "where it is", "dónde está"),
        may(
            "hashes",
            Kind::Hashes,
            "hashes of what is at the URL",
            "resúmenes de lo que hay en el URL",
        ),
        may("external_id", Kind::Text, "what the source calls it", "cómo lo llama la fuente"),
    ],
    rules: &[
        must("2.5.2", Choice::SomeOf(&[&["description"], &["url"], &["external_id"]])),
        should("2.5.1", Choice::Needs("url", &["hashes"])),
        should("4.19.1", Choice::Special(Special::ExternalIdForm)),
    ],
};

/// `kill-chain-phase` (section 2.11).
pub const KILL_CHAIN_PHASE: Shape = Shape {
    name: "kill-chain-phase",
    section: "2.11",
    properties: &[
        needed("kill_chain_name", Kind::Text, "the kill chain", "la cadena de ataque"),
        needed("phase_name", Kind::Text, "the phase in it", "la fase dentro de ella"),
    ],
    rules: &[should("2.11", Choice::LowerCaseWithHyphens(&["kill_chain_name", "phase_name"]))],
};

/// `granular-marking` (section 7.2.3).
pub const GRANULAR_MARKING: Shape = Shape {
    name: "granular-marking",
    section: "7.2.3",
    properties: &[
        may("lang", Kind::Lang, "the language of what is selected", "el idioma de lo seleccionado"),
        may("marking_ref", to(&["marking-definition"]), "the marking", "la marca"),
        needed(
            "selectors",
            Kind::List(&Kind::Selector),
            "the properties it is about",
            "las propiedades de que trata",
        ),
    ],
    rules: &[must("7.2.3", Choice::OneOf(&["lang", "marking_ref"]))],
};
