//! IPv4 address (section 6.8).

use crate::types::make::{both, needed, observable, relates};
use crate::types::model::{Kind, Shape, Type};
use crate::types::observable::{BELONGS_TO, RESOLVES_TO};

pub(super) const TYPE: Type = Type {
    relationships: &[
        relates("resolves-to", &["mac-addr"]),
        relates("belongs-to", &["autonomous-system"]),
    ],
    contributing: &["value"],
    ..observable(
        Shape {
            name: "ipv4-addr",
            section: "6.8.1",
            properties: &[
                needed(
                    "value",
                    Kind::Ipv4,
                    "the address, or the network in CIDR notation",
                    "la dirección, o la red en notación CIDR",
                ),
                RESOLVES_TO,
                BELONGS_TO,
            ],
            rules: &[],
        },
        "6.8",
        both("one IPv4 address or a network of them", "una dirección IPv4 o una red de ellas"),
    )
};
