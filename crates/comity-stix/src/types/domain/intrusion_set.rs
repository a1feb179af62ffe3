//! Intrusion set (section 4.9).

use crate::types::common;
use crate::types::make::{both, domain, must, relates};
use crate::types::model::{Choice, Shape, Type};

pub(super) const TYPE: Type = Type {
    relationships: &[
        relates("attributed-to", &["threat-actor"]),
        relates("compromises", &["infrastructure"]),
        relates("hosts", &["infrastructure"]),
        relates("owns", &["infrastructure"]),
        relates("originates-from", &["location"]),
        relates("targets", &["identity", "location", "vulnerability"]),
        relates("uses", &["attack-pattern", "infrastructure", "malware", "tool"]),
    ],
    ..domain(
        Shape {
            name: "intrusion-set",
            section: "4.9.1",
            properties: &[
                common::name(),
                common::description(),
                common::aliases(),
                common::first_seen(),
                common::last_seen(),
                common::goals(),
                common::resource_level(),
                common::primary_motivation(),
                common::secondary_motivations(),
            ],
            rules: &[must("4.9.1", Choice::Order("first_seen", "last_seen"))],
        },
        "4.9",
        both(
            "behaviour and means taken to be of one hand, known or not",
            "conductas y medios que se atribuyen a una misma mano, conocida o no",
        ),
    )
};
