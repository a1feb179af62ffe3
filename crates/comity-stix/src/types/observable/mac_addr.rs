//! MAC address (section 6.10).

use crate::types::make::{both, needed, observable};
use crate::types::model::{Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    contributing: &["value"],
    ..observable(
        Shape {
            name: "mac-addr",
            section: "6.10.1",
            properties: &[needed("value", Kind::Mac, "the address", "la dirección")],
            rules: &[],
        },
        "6.10",
        both(
            "the hardware address of one network interface",
            "la dirección física de una interfaz de red",
        ),
    )
};
