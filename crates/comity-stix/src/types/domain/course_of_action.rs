//! Course of action (section 4.3).

use crate::types::common;
use crate::types::make::{both, domain, relates};
use crate::types::model::{Shape, Type};

/// The standard also lists `action`, and reserves it: it must not be there (section 3.8), so it is no property here.
pub(super) const TYPE: Type = Type {
    relationships: &[
        relates("investigates", &["indicator"]),
        relates("mitigates", &["attack-pattern", "indicator", "malware", "tool", "vulnerability"]),
        relates("remediates", &["malware", "vulnerability"]),
    ],
    ..domain(
        Shape {
            name: "course-of-action",
            section: "4.3.1",
            properties: &[common::name(), common::description()],
            rules: &[],
        },
        "4.3",
        both(
            "what to do against an attack, beforehand or in answer to it",
            "qué hacer frente a un ataque, antes de él o en respuesta",
        ),
    )
};
