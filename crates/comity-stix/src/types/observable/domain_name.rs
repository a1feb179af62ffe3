//! Domain name (section 6.4).

use crate::types::make::{both, may, needed, observable, relates, to};
use crate::types::model::{Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    relationships: &[relates("resolves-to", &["domain-name", "ipv4-addr", "ipv6-addr"])],
    contributing: &["value"],
    ..observable(
        Shape {
            name: "domain-name",
            section: "6.4.1",
            properties: &[
                needed("value", Kind::DomainName, "the name", "el nombre"),
                may(
                    "resolves_to_refs",
                    Kind::List(&to(&["ipv4-addr", "ipv6-addr", "domain-name"])),
                    "the addresses or other names it resolves to",
                    "las direcciones u otros nombres a los que resuelve",
                ),
            ],
            rules: &[],
        },
        "6.4",
        both("a name in the domain name system", "un nombre del sistema de nombres de dominio"),
    )
};
