//! Relationship objects (section 5).

use super::common;
use super::make::{both, domain, may, must, needed, should, to, to_class};
use super::model::{Choice, Class, Kind, Property, Shape, Special, Type};

/// In the order of the standard.
pub(super) const ALL: &[&Type] = &[&RELATIONSHIP, &SIGHTING];

/// What a relationship may join: domain objects and observables.
const END: Kind = to_class(&[Class::Domain, Class::Observable]);

const RELATIONSHIP: Type = Type {
    class: Class::Relationship,
    ..domain(
        Shape {
            name: "relationship",
            section: "5.1.2",
            properties: &[
                needed(
                    "relationship_type",
                    Kind::Term,
                    "how the one stands to the other",
                    "cómo se relaciona el uno con el otro",
                ),
                common::description(),
                needed("source_ref", END, "the object it starts from", "el objeto del que parte"),
                needed("target_ref", END, "the object it leads to", "el objeto al que lleva"),
                may("start_time", Kind::Timestamp, "from when on it holds", "desde cuándo existe"),
                may("stop_time", Kind::Timestamp, "until when it holds", "hasta cuándo existe"),
            ],
            rules: &[
                should("5.1.2", Choice::Special(Special::RelationshipEnds)),
                must("5.1.2", Choice::Later("start_time", "stop_time")),
            ],
        },
        "5.1",
        both(
            "a link that says how one object stands to another",
            "un vínculo que dice cómo se relaciona un objeto con otro",
        ),
    )
};

const SIGHTING_PROPERTIES: &[Property] = &[
    common::description(),
    common::first_seen(),
    common::last_seen(),
    may(
        "count",
        Kind::Integer(0, 999_999_999),
        "how many times it was seen; none is an answer too",
        "cuántas veces se vio; ninguna también es respuesta",
    ),
    needed("sighting_of_ref", to_class(&[Class::Domain]), "what was seen", "lo que se vio"),
    may(
        "observed_data_refs",
        Kind::List(&to(&["observed-data"])),
        "the raw observations behind it",
        "las observaciones en bruto que lo sustentan",
    ),
    may(
        "where_sighted_refs",
        Kind::List(&to(&["identity", "location"])),
        "who saw it, or where",
        "quién lo vio, o dónde",
    ),
    // The table gives its type as string; its description, and the `false` it has where it is missing, are a boolean's.
    may(
        "summary",
        Kind::Either(&[Kind::Boolean, Kind::Text]),
        "whether it sums up other sightings",
        "si resume otros avistamientos",
    ),
];

const SIGHTING: Type = Type {
    class: Class::Relationship,
    ..domain(
        Shape {
            name: "sighting",
            section: "5.2.1",
            properties: SIGHTING_PROPERTIES,
            rules: &[must("5.2.1", Choice::Order("first_seen", "last_seen"))],
        },
        "5.2",
        both(
            "that something known was seen: how often, where and by whom",
            "que algo conocido se vio: cuántas veces, dónde y quién lo vio",
        ),
    )
};
