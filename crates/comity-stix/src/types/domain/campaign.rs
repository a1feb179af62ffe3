//! Campaign (section 4.2).

use crate::types::common;
use crate::types::make::{both, domain, may, must, relates};
use crate::types::model::{Choice, Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    relationships: &[
        relates("attributed-to", &["intrusion-set", "threat-actor"]),
        relates("compromises", &["infrastructure"]),
        relates("originates-from", &["location"]),
        relates("targets", &["identity", "location", "vulnerability"]),
        relates("uses", &["attack-pattern", "infrastructure", "malware", "tool"]),
    ],
    ..domain(
        Shape {
            name: "campaign",
            section: "4.2.1",
            properties: &[
                common::name(),
                common::description(),
                common::aliases(),
                common::first_seen(),
                common::last_seen(),
                may(
                    "objective",
                    Kind::Text,
                    "what those behind it want to reach with it",
                    "lo que quieren lograr con ella quienes la llevan a cabo",
                ),
            ],
            rules: &[must("4.2.1", Choice::Order("first_seen", "last_seen"))],
        },
        "4.2",
        both(
            "attacks on certain targets over some time, with one aim",
            "ataques contra ciertos objetivos durante un tiempo, con un mismo fin",
        ),
    )
};
