//! Note (section 4.13).

use crate::types::common;
use crate::types::make::{ANY_OBJECT, both, domain, may, needed};
use crate::types::model::{Kind, Shape, Type};

pub(super) const TYPE: Type = domain(
    Shape {
        name: "note",
        section: "4.13.1",
        properties: &[
            may("abstract", Kind::Text, "the gist of it", "lo esencial de ella"),
            needed("content", Kind::Text, "the remark itself", "la observación misma"),
            common::authors(),
            needed(
                "object_refs",
                Kind::List(&ANY_OBJECT),
                "the objects it is about",
                "los objetos de que trata",
            ),
        ],
        rules: &[],
    },
    "4.13",
    both("a remark that somebody adds to objects", "una observación que alguien añade a objetos"),
);
