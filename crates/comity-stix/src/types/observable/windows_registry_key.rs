//! Windows registry key (section 6.17).

use crate::types::make::{WHOLE, both, may, must, observable, to};
use crate::types::model::{Choice, Kind, Shape, Type};
use crate::types::vocabulary;

/// A value under a key (section 6.17.2). The default value has an empty name.
const VALUE: Shape = Shape {
    name: "windows-registry-value-type",
    section: "6.17.2",
    properties: &[
        may(
            "name",
            Kind::Text,
            "its name, empty for the default value",
            "su nombre, vacío para el valor predeterminado",
        ),
        may("data", Kind::Text, "what it holds", "lo que contiene"),
        may(
            "data_type",
            Kind::Enum(&vocabulary::WINDOWS_REGISTRY_DATATYPE),
            "the type of what it holds",
            "el tipo de lo que contiene",
        ),
    ],
    rules: &[must("6.17.2", Choice::SomeBut(&[]))],
};

pub(super) const TYPE: Type = Type {
    // `values` contributes whole: each value with all its properties (section 6.17.1).
    contributing: &["key", "values"],
    ..observable(
        Shape {
            name: "windows-registry-key",
            section: "6.17.1",
            properties: &[
                may(
                    "key",
                    Kind::RegistryKey,
                    "its full path, from the hive on",
                    "su ruta completa, desde la sección raíz",
                ),
                may(
                    "values",
                    Kind::List(&Kind::Object(&VALUE)),
                    "the values under it",
                    "los valores que contiene",
                ),
                may(
                    "modified_time",
                    Kind::Timestamp,
                    "when it was last changed",
                    "cuándo se modificó por última vez",
                ),
                may(
                    "creator_user_ref",
                    to(&["user-account"]),
                    "the account that created it",
                    "la cuenta que la creó",
                ),
                may(
                    "number_of_subkeys",
                    WHOLE,
                    "how many keys are right below it",
                    "cuántas claves hay directamente debajo",
                ),
            ],
            rules: &[must("6.17", Choice::SomeBut(&[]))],
        },
        "6.17",
        both("a key of the Windows registry", "una clave del registro de Windows"),
    )
};
