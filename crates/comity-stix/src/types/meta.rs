//! Meta objects (section 7) and the bundle (section 8).

use super::common;
use super::make::{ANY_OBJECT, both, deprecated, domain, may, must, needed, should};
use super::model::{Choice, Class, Kind, Scalar, Shape, Special, Type, Vocabulary};
use super::vocabulary::EXTENSION_TYPE;

/// In the order of the standard.
pub(super) const ALL: &[&Type] =
    &[&LANGUAGE_CONTENT, &MARKING_DEFINITION, &EXTENSION_DEFINITION, &BUNDLE];

const LANGUAGE_CONTENT: Type = Type {
    class: Class::Meta,
    unused: &["lang", "defanged"],
    ..domain(
        Shape {
            name: "language-content",
            section: "7.1.1",
            properties: &[
                needed(
                    "object_ref",
                    ANY_OBJECT,
                    "the object whose texts it translates",
                    "el objeto cuyos textos traduce",
                ),
                may(
                    "object_modified",
                    Kind::Timestamp,
                    "the version of that object, by its `modified`",
                    "la versión de ese objeto, por su `modified`",
                ),
                needed(
                    "contents",
                    Kind::Translations,
                    "the texts, by language and property",
                    "los textos, por idioma y propiedad",
                ),
            ],
            rules: &[],
        },
        "7.1",
        both(
            "the texts of an object in other languages",
            "los textos de un objeto en otros idiomas",
        ),
    )
};

/// The types of marking that the standard defines; it has no section of its own for them (section 7.2.1).
const DEFINITION_TYPE: Vocabulary =
    Vocabulary { name: "definition-type", section: "7.2.1", values: &["statement", "tlp"] };

const MARKING_DEFINITION: Type = Type {
    class: Class::Meta,
    required: &["type", "spec_version", "id", "created"],
    unused: &["modified", "revoked", "labels", "confidence", "lang", "defanged"],
    ..domain(
        Shape {
            name: "marking-definition",
            section: "7.2.1",
            properties: &[
                may("name", Kind::Text, common::NAME.en, common::NAME.es),
                deprecated(
                    "definition_type",
                    Kind::Open(&DEFINITION_TYPE),
                    "the kind of marking it is",
                    "la clase de marca que es",
                ),
                deprecated("definition", Kind::Marking, "what it says", "lo que dice"),
            ],
            rules: &[
                must(
                    "7.2.1",
                    Choice::SomeOf(&[&["extensions"], &["definition_type", "definition"]]),
                ),
                must("7.2.1", Choice::Special(Special::MarkingDefinition)),
            ],
        },
        "7.2.1",
        both(
            "a marking: how what bears it may be used and passed on",
            "una marca de manejo: cómo puede usarse y transmitirse lo que la lleva",
        ),
    )
};

const TOP_LEVEL: Scalar = Scalar::Listed("toplevel-property-extension");

const EXTENSION_DEFINITION: Type = Type {
    class: Class::Meta,
    required: &["type", "spec_version", "id", "created", "modified", "created_by_ref"],
    unused: &["confidence", "lang", "defanged", "extensions"],
    ..domain(
        Shape {
            name: "extension-definition",
            section: "7.3.1",
            properties: &[
                common::name(),
                common::description(),
                needed(
                    "schema",
                    Kind::Text,
                    "its schema, or where to find it",
                    "su esquema, o dónde encontrarlo",
                ),
                needed("version", Kind::Text, "its version", "su versión"),
                needed(
                    "extension_types",
                    Kind::List(&Kind::Enum(&EXTENSION_TYPE)),
                    "what kinds of things it adds",
                    "qué clases de cosas añade",
                ),
                may(
                    "extension_properties",
                    Kind::List(&Kind::Text),
                    "the properties it adds at the top of objects",
                    "las propiedades que añade en el primer nivel de los objetos",
                ),
            ],
            rules: &[
                should("7.3.1", Choice::SomeOf(&[&["description"]])),
                should(
                    "7.3.1",
                    Choice::NeedsWhen("extension_types", TOP_LEVEL, &["extension_properties"]),
                ),
                must(
                    "7.3.1",
                    Choice::Implies("extension_properties", "extension_types", TOP_LEVEL),
                ),
                must("7.3", Choice::Special(Special::ExtensionProperties)),
            ],
        },
        "7.3",
        both(
            "what an extension adds to STIX, and where its schema is",
            "lo que una extensión añade a STIX y dónde está su esquema",
        ),
    )
};

const BUNDLE: Type = Type {
    class: Class::Bundle,
    required: &["type", "id"],
    unused: &[
        "spec_version",
        "created_by_ref",
        "created",
        "modified",
        "revoked",
        "labels",
        "confidence",
        "lang",
        "external_references",
        "object_marking_refs",
        "granular_markings",
        "defanged",
        "extensions",
    ],
    ..domain(
        Shape {
            name: "bundle",
            section: "8.1",
            properties: &[may(
                "objects",
                Kind::Objects,
                "the objects it carries",
                "los objetos que lleva",
            )],
            rules: &[],
        },
        "8",
        both(
            "objects that travel together and mean nothing by it",
            "objetos que viajan juntos, sin que eso signifique nada",
        ),
    )
};
