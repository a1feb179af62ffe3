//! Threat actor (section 4.17).

use crate::types::common;
use crate::types::make::{both, domain, may, must, relates};
use crate::types::model::{Choice, Kind, Property, Shape, Type};
use crate::types::vocabulary::{
    ATTACK_MOTIVATION, THREAT_ACTOR_ROLE, THREAT_ACTOR_SOPHISTICATION, THREAT_ACTOR_TYPE,
};

const PROPERTIES: &[Property] = &[
    common::name(),
    common::description(),
    may(
        "threat_actor_types",
        Kind::List(&Kind::Open(&THREAT_ACTOR_TYPE)),
        "what kinds of actor it is",
        "qué clases de actor es",
    ),
    common::aliases(),
    common::first_seen(),
    common::last_seen(),
    may(
        "roles",
        Kind::List(&Kind::Open(&THREAT_ACTOR_ROLE)),
        "the parts it plays in what is done",
        "los papeles que desempeña en lo que se hace",
    ),
    common::goals(),
    may(
        "sophistication",
        Kind::Open(&THREAT_ACTOR_SOPHISTICATION),
        "how skilled it is",
        "qué tan capaz es",
    ),
    common::resource_level(),
    common::primary_motivation(),
    common::secondary_motivations(),
    may(
        "personal_motivations",
        Kind::List(&Kind::Open(&ATTACK_MOTIVATION)),
        "what moves the persons in it, whatever their organization wants",
        "lo que mueve a sus integrantes, quiera lo que quiera su organización",
    ),
];

pub(super) const TYPE: Type = Type {
    relationships: &[
        relates("attributed-to", &["identity"]),
        relates("compromises", &["infrastructure"]),
        relates("hosts", &["infrastructure"]),
        relates("owns", &["infrastructure"]),
        relates("impersonates", &["identity"]),
        relates("located-at", &["location"]),
        relates("targets", &["identity", "location", "vulnerability"]),
        relates("uses", &["attack-pattern", "infrastructure", "malware", "tool"]),
    ],
    ..domain(
        Shape {
            name: "threat-actor",
            section: "4.17.1",
            properties: PROPERTIES,
            rules: &[must("4.17.1", Choice::Order("first_seen", "last_seen"))],
        },
        "4.17",
        both(
            "those who mean harm: a person, a group or an organization",
            "quienes actúan con mala intención: una persona, un grupo o una organización",
        ),
    )
};
