//! IPv6 address (section 6.9).

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
            name: "ipv6-addr",
            section: "6.9.1",
            properties: &[
                needed(
                    "value",
                    Kind::Ipv6,
                    "the address, or the network in CIDR notation",
                    "la dirección, o la red en notación CIDR",
                ),
                RESOLVES_TO,
                BELONGS_TO,
            ],
            rules: &[],
        },
        "6.9",
        both("one IPv6 address or a network of them", "una dirección IPv6 o una red de ellas"),
    )
};
