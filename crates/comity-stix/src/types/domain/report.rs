//! Report (section 4.16).

use crate::types::common;
use crate::types::make::{ANY_OBJECT, both, domain, may, needed};
use crate::types::model::{Kind, Shape, Type};
use crate::types::vocabulary::REPORT_TYPE;

pub(super) const TYPE: Type = domain(
    Shape {
        name: "report",
        section: "4.16.1",
        properties: &[
            common::name(),
            common::description(),
            may(
                "report_types",
                Kind::List(&Kind::Open(&REPORT_TYPE)),
                "its main subjects",
                "sus asuntos principales",
            ),
            needed("published", Kind::Timestamp, "when it was published", "cuándo se publicó"),
            needed(
                "object_refs",
                Kind::List(&ANY_OBJECT),
                "the objects it speaks of",
                "los objetos de que habla",
            ),
        ],
        rules: &[],
    },
    "4.16",
    both(
        "a finished account of a subject, with the objects it rests on",
        "un informe terminado sobre un asunto, con los objetos en que se apoya",
    ),
);
