//! Software (section 6.14).

use crate::types::common;
use crate::types::make::{both, may, observable};
use crate::types::model::{Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    contributing: &["name", "cpe", "swid", "vendor", "version"],
    ..observable(
        Shape {
            name: "software",
            section: "6.14.1",
            properties: &[
                common::name(),
                may(
                    "cpe",
                    Kind::Cpe,
                    "its name in the Common Platform Enumeration",
                    "su nombre en la Common Platform Enumeration",
                ),
                may(
                    "swid",
                    Kind::Text,
                    "its software identification tag",
                    "su etiqueta de identificación de software",
                ),
                may(
                    "languages",
                    Kind::List(&Kind::Lang),
                    "the languages it comes in",
                    "los idiomas en que está disponible",
                ),
                may("vendor", Kind::Text, "who makes it", "quién lo fabrica"),
                may("version", Kind::Text, "which version it is", "qué versión es"),
            ],
            rules: &[],
        },
        "6.14",
        both("a piece of software or a product", "un programa o producto de software"),
    )
};
