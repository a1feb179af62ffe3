//! IPv6 address (section 6.9).

use crate::types::make::{both, may, needed, observable, relates, to};
use crate::types::model::{Kind, Shape, Type};

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
                may(
                    "resolves_to_refs",
                    Kind::List(&to(&["mac-addr"])),
                    "the hardware addresses it resolves to",
                    "las direcciones físicas a las que resuelve",
                ),
                may(
                    "belongs_to_refs",
                    Kind::List(&to(&["autonomous-system"])),
                    "the autonomous systems it belongs to",
                    "los sistemas autónomos a los que pertenece",
                ),
            ],
            rules: &[],
        },
        "6.9",
        both("one IPv6 address or a network of them", "una dirección IPv6 o una red de ellas"),
    )
};
