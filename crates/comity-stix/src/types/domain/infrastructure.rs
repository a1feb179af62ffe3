//! Infrastructure (section 4.8).

use crate::types::common;
use crate::types::make::{both, domain, may, must, relates};
use crate::types::model::{Choice, Class, Kind, Relationship, Shape, Targets, Type};
use crate::types::vocabulary::INFRASTRUCTURE_TYPE;

pub(super) const TYPE: Type = Type {
    relationships: &[
        relates(
            "communicates-with",
            &["infrastructure", "ipv4-addr", "ipv6-addr", "domain-name", "url"],
        ),
        Relationship {
            name: "consists-of",
            targets: Targets {
                types: &["infrastructure", "observed-data"],
                classes: &[Class::Observable],
                except: &[],
            },
        },
        relates("controls", &["infrastructure", "malware"]),
        relates("delivers", &["malware"]),
        relates("has", &["vulnerability"]),
        relates("hosts", &["tool", "malware"]),
        relates("located-at", &["location"]),
        relates("uses", &["infrastructure"]),
    ],
    ..domain(
        Shape {
            name: "infrastructure",
            section: "4.8.1",
            properties: &[
                common::name(),
                common::description(),
                may(
                    "infrastructure_types",
                    Kind::List(&Kind::Open(&INFRASTRUCTURE_TYPE)),
                    "what it serves for",
                    "para qué sirve",
                ),
                common::aliases(),
                common::kill_chain_phases(),
                common::first_seen(),
                common::last_seen(),
            ],
            rules: &[must("4.8.1", Choice::Order("first_seen", "last_seen"))],
        },
        "4.8",
        both(
            "systems and services that serve some purpose, an attack or its defence",
            "sistemas y servicios que sirven a un propósito, un ataque o su defensa",
        ),
    )
};
