//! URL (section 6.15).

use crate::types::make::{both, needed, observable};
use crate::types::model::{Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    contributing: &["value"],
    ..observable(
        Shape {
            name: "url",
            section: "6.15.1",
            properties: &[needed("value", Kind::Url, "the URL", "el URL")],
            rules: &[],
        },
        "6.15",
        both("a uniform resource locator", "un localizador uniforme de recursos"),
    )
};
