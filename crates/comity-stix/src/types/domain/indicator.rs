//! Indicator (section 4.7).

use crate::types::common;
use crate::types::make::{both, domain, may, must, needed, relates, should};
use crate::types::model::{Choice, Kind, Shape, Special, Type};
use crate::types::vocabulary::{INDICATOR_TYPE, PATTERN_TYPE};

pub(super) const TYPE: Type = Type {
    relationships: &[
        relates(
            "indicates",
            &[
                "attack-pattern",
                "campaign",
                "infrastructure",
                "intrusion-set",
                "malware",
                "threat-actor",
                "tool",
            ],
        ),
        relates("based-on", &["observed-data"]),
    ],
    ..domain(
        Shape {
            name: "indicator",
            section: "4.7.1",
            properties: &[
                may("name", Kind::Text, common::NAME.en, common::NAME.es),
                common::description(),
                may(
                    "indicator_types",
                    Kind::List(&Kind::Open(&INDICATOR_TYPE)),
                    "what it points to",
                    "aquello a lo que apunta",
                ),
                needed(
                    "pattern",
                    Kind::Pattern,
                    "the pattern that finds it",
                    "el patrón que lo detecta",
                ),
                needed(
                    "pattern_type",
                    Kind::Open(&PATTERN_TYPE),
                    "the language of the pattern",
                    "el lenguaje del patrón",
                ),
                may(
                    "pattern_version",
                    Kind::Text,
                    "the version of that language",
                    "la versión de ese lenguaje",
                ),
                needed(
                    "valid_from",
                    Kind::Timestamp,
                    "from when on it holds",
                    "desde cuándo tiene validez",
                ),
                may(
                    "valid_until",
                    Kind::Timestamp,
                    "when it ceases to hold",
                    "cuándo deja de tener validez",
                ),
                common::kill_chain_phases(),
            ],
            rules: &[
                should("4.7.1", Choice::SomeOf(&[&["name"]])),
                should("4.7.1", Choice::SomeOf(&[&["description"]])),
                must("4.7.1", Choice::Later("valid_from", "valid_until")),
                should("9.5.1", Choice::Special(Special::PatternTimes)),
            ],
        },
        "4.7",
        both(
            "a pattern that gives suspicious activity away where it is found",
            "un patrón que delata actividad sospechosa allí donde se encuentra",
        ),
    )
};
