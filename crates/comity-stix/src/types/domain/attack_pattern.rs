//! Attack pattern (section 4.1).

use crate::types::common;
use crate::types::make::{both, domain, must, relates};
use crate::types::model::{Choice, Shape, Special, Type};

pub(super) const TYPE: Type = Type {
    relationships: &[
        relates("delivers", &["malware"]),
        relates("targets", &["identity", "location", "vulnerability"]),
        relates("uses", &["malware", "tool"]),
    ],
    ..domain(
        Shape {
            name: "attack-pattern",
            section: "4.1.1",
            properties: &[
                common::name(),
                common::description(),
                common::aliases(),
                common::kill_chain_phases(),
            ],
            rules: &[must("4.1.1", Choice::Special(Special::CapecId))],
        },
        "4.1",
        both(
            "a way in which adversaries go about an attack",
            "una manera en que los adversarios atacan",
        ),
    )
};
