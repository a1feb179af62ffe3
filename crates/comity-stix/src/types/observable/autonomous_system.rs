//! Autonomous system (section 6.2).

use crate::types::make::{WHOLE, both, may, needed, observable};
use crate::types::model::{Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    contributing: &["number"],
    ..observable(
        Shape {
            name: "autonomous-system",
            section: "6.2.1",
            properties: &[
                needed("number", WHOLE, "the number it was assigned", "el número que se le asignó"),
                may("name", Kind::Text, "what it is called", "cómo se llama"),
                may(
                    "rir",
                    Kind::Text,
                    "the regional registry that assigned the number",
                    "el registro regional que asignó el número",
                ),
            ],
            rules: &[],
        },
        "6.2",
        both(
            "networks under one administration and one routing policy",
            "redes bajo una sola administración y una sola política de enrutamiento",
        ),
    )
};
