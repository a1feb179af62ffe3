//! Opinion (section 4.15).

use crate::types::common;
use crate::types::make::{ANY_OBJECT, both, domain, may, needed};
use crate::types::model::{Kind, Shape, Type};
use crate::types::vocabulary::OPINION;

pub(super) const TYPE: Type = domain(
    Shape {
        name: "opinion",
        section: "4.15.1",
        properties: &[
            may("explanation", Kind::Text, "the reasons for it", "sus razones"),
            common::authors(),
            needed(
                "opinion",
                Kind::Enum(&OPINION),
                "how far they agree",
                "qué tan de acuerdo están",
            ),
            needed(
                "object_refs",
                Kind::List(&ANY_OBJECT),
                "the objects it judges",
                "los objetos que juzga",
            ),
        ],
        rules: &[],
    },
    "4.15",
    both(
        "how far somebody agrees with what objects say",
        "qué tan de acuerdo está alguien con lo que dicen unos objetos",
    ),
);
