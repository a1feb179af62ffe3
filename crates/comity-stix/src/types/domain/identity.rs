//! Identity (section 4.5).

use crate::types::common;
use crate::types::make::{both, domain, may, relates};
use crate::types::model::{Kind, Shape, Type};
use crate::types::vocabulary::{IDENTITY_CLASS, INDUSTRY_SECTOR};

pub(super) const TYPE: Type = Type {
    relationships: &[relates("located-at", &["location"])],
    ..domain(
        Shape {
            name: "identity",
            section: "4.5.1",
            properties: &[
                common::name(),
                common::description(),
                may(
                    "roles",
                    Kind::List(&Kind::Text),
                    "what it does: its offices or functions",
                    "lo que hace: sus cargos o funciones",
                ),
                may(
                    "identity_class",
                    Kind::Open(&IDENTITY_CLASS),
                    "whether it is a person, an organization, a group or a class of them",
                    "si es una persona, una organización, un grupo o una clase de ellos",
                ),
                may(
                    "sectors",
                    Kind::List(&Kind::Open(&INDUSTRY_SECTOR)),
                    "the sectors it works in",
                    "los sectores en que trabaja",
                ),
                may(
                    "contact_information",
                    Kind::Text,
                    "how to reach it: telephone, email and the like",
                    "cómo comunicarse con ella: teléfono, correo y similares",
                ),
            ],
            rules: &[],
        },
        "4.5",
        both(
            "a person, an organization or a group, or a whole class of them",
            "una persona, una organización o un grupo, o toda una clase de ellos",
        ),
    )
};
