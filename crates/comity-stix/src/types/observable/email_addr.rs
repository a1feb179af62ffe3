//! Email address (section 6.5).

use crate::types::make::{both, may, needed, observable, to};
use crate::types::model::{Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    contributing: &["value"],
    ..observable(
        Shape {
            name: "email-addr",
            section: "6.5.1",
            properties: &[
                needed(
                    "value",
                    Kind::EmailAddress,
                    "the address, without the name beside it",
                    "la dirección, sin el nombre que la acompaña",
                ),
                may(
                    "display_name",
                    Kind::Text,
                    "the name that mail programs show for it",
                    "el nombre con que la muestran los programas de correo",
                ),
                may(
                    "belongs_to_ref",
                    to(&["user-account"]),
                    "the account it belongs to",
                    "la cuenta a la que pertenece",
                ),
            ],
            rules: &[],
        },
        "6.5",
        both("a single email address", "una sola dirección de correo electrónico"),
    )
};
