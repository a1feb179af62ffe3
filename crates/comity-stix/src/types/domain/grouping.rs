//! Grouping (section 4.4).

use crate::types::common;
use crate::types::make::{ANY_OBJECT, both, domain, needed};
use crate::types::model::{Kind, Shape, Type};
use crate::types::vocabulary::GROUPING_CONTEXT;

pub(super) const TYPE: Type = domain(
    Shape {
        name: "grouping",
        section: "4.4.1",
        properties: &[
            common::name(),
            common::description(),
            needed(
                "context",
                Kind::Open(&GROUPING_CONTEXT),
                "what its objects have in common",
                "lo que tienen en común sus objetos",
            ),
            needed(
                "object_refs",
                Kind::List(&ANY_OBJECT),
                "the objects it puts together",
                "los objetos que reúne",
            ),
        ],
        rules: &[],
    },
    "4.4",
    both(
        "objects that are looked at together, not yet a finished product",
        "objetos que se examinan juntos, sin ser todavía un producto terminado",
    ),
);
