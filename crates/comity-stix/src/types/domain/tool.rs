//! Tool (section 4.18).

use crate::types::common;
use crate::types::make::{both, domain, may, relates};
use crate::types::model::{Kind, Shape, Type};
use crate::types::vocabulary::TOOL_TYPE;

pub(super) const TYPE: Type = Type {
    relationships: &[
        relates("delivers", &["malware"]),
        relates("drops", &["malware"]),
        relates("has", &["vulnerability"]),
        relates("targets", &["identity", "infrastructure", "location", "vulnerability"]),
        relates("uses", &["infrastructure"]),
    ],
    ..domain(
        Shape {
            name: "tool",
            section: "4.18.1",
            properties: &[
                common::name(),
                common::description(),
                may(
                    "tool_types",
                    Kind::List(&Kind::Open(&TOOL_TYPE)),
                    "what kinds of tool it is",
                    "qué clases de herramienta es",
                ),
                common::aliases(),
                common::kill_chain_phases(),
                may("tool_version", Kind::Text, "its version", "su versión"),
            ],
            rules: &[],
        },
        "4.18",
        both(
            "legitimate software that attackers put to their use",
            "programas legítimos que los atacantes aprovechan",
        ),
    )
};
