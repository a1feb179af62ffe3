//! Observed data (section 4.14).

use crate::types::make::{both, deprecated, domain, may, must, needed, to_class};
use crate::types::model::{Choice, Class, Kind, Shape, Special, Type};

pub(super) const TYPE: Type = domain(
    Shape {
        name: "observed-data",
        section: "4.14.1",
        properties: &[
            needed(
                "first_observed",
                Kind::Timestamp,
                "when it began to be seen",
                "cuándo empezó a verse",
            ),
            needed(
                "last_observed",
                Kind::Timestamp,
                "when it ceased to be seen",
                "cuándo dejó de verse",
            ),
            needed(
                "number_observed",
                Kind::Integer(1, 999_999_999),
                "how many times it was seen",
                "cuántas veces se vio",
            ),
            deprecated(
                "objects",
                Kind::Container,
                "what was seen, written inside the object itself",
                "lo que se vio, escrito dentro del objeto mismo",
            ),
            may(
                "object_refs",
                Kind::List(&to_class(&[Class::Observable, Class::Relationship])),
                "what was seen, and how its parts relate",
                "lo que se vio y cómo se relacionan sus partes",
            ),
        ],
        rules: &[
            must("4.14", Choice::OneOf(&["objects", "object_refs"])),
            must("4.14.1", Choice::Order("first_observed", "last_observed")),
            must("4.14.1", Choice::Special(Special::ObservedData)),
        ],
    },
    "4.14",
    both(
        "what was seen, when and how often, with no judgement on it",
        "lo que se vio, cuándo y cuántas veces, sin juicio alguno",
    ),
);
