//! How the rules of the standard are written down: as tables.
//!
//! A type is a [`Type`]: its class says which common properties it needs, and `own` lists the
//! properties that are its own. The walk in `check/walk.rs` reads these and knows no type by name.

/// A type of object.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: &'static str,
    /// Where the standard lists its properties.
    pub(crate) section: &'static str,
    pub(crate) class: Class,
    /// Common properties it requires.
    pub(crate) required: &'static [&'static str],
    /// Common properties it does not use.
    pub(crate) unused: &'static [&'static str],
    /// Properties of its own whose values are held to the standard.
    pub(crate) own: &'static [Property],
    /// Own timestamps that follow each other.
    pub(crate) spans: &'static [TimeSpan],
}

/// What kind of object a type makes (section 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Domain, relationship and meta objects.
    Versioned,
    /// Cyber-observable objects.
    Observable,
    /// Of a type the standard does not know.
    Custom,
}

/// A property and what it may hold.
#[derive(Debug)]
pub(crate) struct Property {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    /// The section that rules its value.
    pub(crate) section: &'static str,
}

/// What a value has to be (section 2).
#[derive(Debug)]
pub(crate) enum Kind {
    /// The type of the object.
    TypeName,
    /// Exactly `2.1`.
    SpecVersion,
    /// The object's own identifier.
    Id,
    Text,
    /// A term of a-z, 0-9 and hyphen.
    Term,
    Boolean,
    /// A whole number between the two, both included.
    Integer(i64, i64),
    Timestamp,
    /// A timestamp to the millisecond or finer.
    FineTimestamp,
    /// A language code of RFC 5646.
    Lang,
    /// The identifier of an object of one of these types.
    Reference(&'static [&'static str]),
    /// The identifier of an object of any other type than these.
    ReferenceNot(&'static [&'static str]),
    List(&'static Self),
    Object(&'static Shape),
    Hashes,
    Extensions,
    Selector,
}

/// An object within an object.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) properties: &'static [Property],
    pub(crate) choice: Choice,
}

/// What the properties of a shape demand together.
#[derive(Debug)]
pub(crate) enum Choice {
    /// At least one of these (section 2.5.2).
    SomeOf(&'static [&'static str]),
    /// Exactly one of these (section 7.2.3).
    OneOf(&'static [&'static str]),
}

/// Two timestamps of which the second must not come before the first.
#[derive(Debug)]
pub(crate) struct TimeSpan {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    /// Whether they must not be equal either.
    pub(crate) strict: bool,
}

const fn needed(name: &'static str, kind: Kind, section: &'static str) -> Property {
    Property { name, kind, required: true, section }
}

const fn may(name: &'static str, kind: Kind, section: &'static str) -> Property {
    Property { name, kind, required: false, section }
}

/// The common properties (section 3.2). Whether they are required is for the type to say.
pub(crate) const COMMON: &[Property] = &[
    may("type", Kind::TypeName, "3.2"),
    may("spec_version", Kind::SpecVersion, "3.2"),
    may("id", Kind::Id, "2.9"),
    may("created_by_ref", Kind::Reference(&["identity"]), "3.2"),
    may("created", Kind::FineTimestamp, "3.2"),
    may("modified", Kind::FineTimestamp, "3.2"),
    may("revoked", Kind::Boolean, "3.2"),
    may("labels", Kind::List(&Kind::Text), "3.2"),
    may("confidence", Kind::Integer(0, 100), "3.2"),
    may("lang", Kind::Lang, "3.2"),
    may("external_references", Kind::List(&Kind::Object(&EXTERNAL_REFERENCE)), "2.5.1"),
    may("object_marking_refs", Kind::List(&Kind::Reference(&["marking-definition"])), "3.2"),
    may("granular_markings", Kind::List(&Kind::Object(&GRANULAR_MARKING)), "7.2.3"),
    may("defanged", Kind::Boolean, "3.2"),
    may("extensions", Kind::Extensions, "3.2"),
];

/// Names no property may have (section 3.8).
pub(crate) const RESERVED: &[&str] = &["severity", "username", "phone_number", "action"];

/// The values of `extension_type` (section 10.5).
pub(crate) const EXTENSION_TYPES: &[&str] =
    &["new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"];

const EXTERNAL_REFERENCE: Shape = Shape {
    properties: &[
        needed("source_name", Kind::Text, "2.5.1"),
        may("description", Kind::Text, "2.5.1"),
        may("url", Kind::Text, "2.5.1"),
        may("hashes", Kind::Hashes, "2.7"),
        may("external_id", Kind::Text, "2.5.1"),
    ],
    choice: Choice::SomeOf(&["description", "url", "external_id"]),
};

const GRANULAR_MARKING: Shape = Shape {
    properties: &[
        may("lang", Kind::Lang, "7.2.3"),
        may("marking_ref", Kind::Reference(&["marking-definition"]), "7.2.3"),
        needed("selectors", Kind::List(&Kind::Selector), "7.2.3"),
    ],
    choice: Choice::OneOf(&["lang", "marking_ref"]),
};

/// What a relationship cannot point to (section 5.1.2).
const NOT_RELATED: &[&str] =
    &["relationship", "sighting", "bundle", "language-content", "marking-definition"];

/// What is no domain object, and so cannot be sighted (section 5.2.1).
const NOT_SIGHTED: &[&str] = &[
    "relationship",
    "sighting",
    "bundle",
    "language-content",
    "marking-definition",
    "extension-definition",
    "artifact",
    "autonomous-system",
    "directory",
    "domain-name",
    "email-addr",
    "email-message",
    "file",
    "ipv4-addr",
    "ipv6-addr",
    "mac-addr",
    "mutex",
    "network-traffic",
    "process",
    "software",
    "url",
    "user-account",
    "windows-registry-key",
    "x509-certificate",
];

/// What a class of types requires of the common properties.
const VERSIONED: &[&str] = &["type", "spec_version", "id", "created", "modified"];
const OBSERVABLE: &[&str] = &["type", "id"];

const fn versioned(name: &'static str, section: &'static str) -> Type {
    let (required, own, spans) = (VERSIONED, &[], &[]);
    Type { name, section, class: Class::Versioned, required, unused: &["defanged"], own, spans }
}

const fn observable(name: &'static str, section: &'static str) -> Type {
    let (required, own, spans) = (OBSERVABLE, &[], &[]);
    let unused =
        &["created_by_ref", "revoked", "labels", "confidence", "lang", "external_references"];
    Type { name, section, class: Class::Observable, required, unused, own, spans }
}

/// A type the standard does not know (section 11.2.1).
pub(crate) const CUSTOM: Type =
    Type { class: Class::Custom, unused: &[], ..versioned("", "11.2.1") };

/// A cyber-observable type defined by an extension (section 7.3).
pub(crate) const CUSTOM_OBSERVABLE: Type = observable("", "7.3");

/// The types of the standard.
pub(crate) const TYPES: &[Type] = &[
    versioned("attack-pattern", "4.1.1"),
    versioned("campaign", "4.2.1"),
    versioned("course-of-action", "4.3.1"),
    versioned("grouping", "4.4.1"),
    versioned("identity", "4.5.1"),
    versioned("incident", "4.6.1"),
    versioned("indicator", "4.7.1"),
    versioned("infrastructure", "4.8.1"),
    versioned("intrusion-set", "4.9.1"),
    versioned("location", "4.10.1"),
    versioned("malware", "4.11.1"),
    versioned("malware-analysis", "4.12.1"),
    versioned("note", "4.13.1"),
    versioned("observed-data", "4.14.1"),
    versioned("opinion", "4.15.1"),
    versioned("report", "4.16.1"),
    versioned("threat-actor", "4.17.1"),
    versioned("tool", "4.18.1"),
    versioned("vulnerability", "4.19.1"),
    Type {
        own: &[
            needed("relationship_type", Kind::Term, "5.1.2"),
            may("description", Kind::Text, "5.1.2"),
            needed("source_ref", Kind::ReferenceNot(NOT_RELATED), "5.1.2"),
            needed("target_ref", Kind::ReferenceNot(NOT_RELATED), "5.1.2"),
            may("start_time", Kind::Timestamp, "5.1.2"),
            may("stop_time", Kind::Timestamp, "5.1.2"),
        ],
        spans: &[TimeSpan { first: "start_time", last: "stop_time", strict: true }],
        ..versioned("relationship", "5.1.2")
    },
    Type {
        own: &[
            may("description", Kind::Text, "5.2.1"),
            may("first_seen", Kind::Timestamp, "5.2.1"),
            may("last_seen", Kind::Timestamp, "5.2.1"),
            may("count", Kind::Integer(0, 999_999_999), "5.2.1"),
            needed("sighting_of_ref", Kind::ReferenceNot(NOT_SIGHTED), "5.2.1"),
            may("observed_data_refs", Kind::List(&Kind::Reference(&["observed-data"])), "5.2.1"),
            may(
                "where_sighted_refs",
                Kind::List(&Kind::Reference(&["identity", "location"])),
                "5.2.1",
            ),
            may("summary", Kind::Boolean, "5.2.1"),
        ],
        spans: &[TimeSpan { first: "first_seen", last: "last_seen", strict: false }],
        ..versioned("sighting", "5.2.1")
    },
    observable("artifact", "6.1.1"),
    observable("autonomous-system", "6.2.1"),
    observable("directory", "6.3.1"),
    observable("domain-name", "6.4.1"),
    observable("email-addr", "6.5.1"),
    observable("email-message", "6.6.1"),
    observable("file", "6.7.1"),
    observable("ipv4-addr", "6.8.1"),
    observable("ipv6-addr", "6.9.1"),
    observable("mac-addr", "6.10.1"),
    observable("mutex", "6.11.1"),
    observable("network-traffic", "6.12.1"),
    observable("process", "6.13.1"),
    observable("software", "6.14.1"),
    observable("url", "6.15.1"),
    observable("user-account", "6.16.1"),
    observable("windows-registry-key", "6.17.1"),
    observable("x509-certificate", "6.18.1"),
    Type { unused: &["lang", "defanged"], ..versioned("language-content", "7.1.1") },
    Type {
        required: &["type", "spec_version", "id", "created"],
        unused: &["modified", "revoked", "labels", "confidence", "lang", "defanged"],
        ..versioned("marking-definition", "7.2.1")
    },
    Type {
        required: &["type", "spec_version", "id", "created", "modified", "created_by_ref"],
        unused: &["confidence", "lang", "defanged", "extensions"],
        ..versioned("extension-definition", "7.3.1")
    },
];
