//! Why an extension is not taken.

use std::fmt;

use crate::finding::{Finding, Lang, Word, fill};
use crate::schema::{Schema, SchemaError};

/// What is wrong with a definition or its schema, and where. The message says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryError {
    /// The file, where one was named.
    pub file: Option<String>,
    /// Whether the pointer leads into the schema rather than the definition.
    pub in_schema: bool,
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong.
    pub fault: RegistryFault,
    words: Vec<String>,
}

/// What can be wrong with an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryFault {
    /// The definition breaks a MUST of the standard; the first such finding.
    Definition(Box<Finding>),
    /// The schema cannot be used.
    Schema(Box<SchemaError>),
    /// The object is no extension definition, or names no extension type.
    NotADefinition,
    /// The definition is revoked.
    Revoked,
    /// A definition of this id is already known.
    AlreadyKnown,
    /// The definition is not newer than the one that is known.
    Older,
    /// A kind of extension has no schema.
    PartMissing,
    /// A schema is for a kind of extension that the definition does not name.
    PartUnlisted,
    /// The schema of a new type does not say which.
    TypeMissing,
    /// The name of a new type breaks the rules for names.
    TypeName,
    /// A new type has a name of the standard.
    StandardType,
    /// Another schema already makes a type of this name.
    TypeTaken,
    /// A new type has no properties of its own.
    NoProperties,
    /// The name of a property breaks the rules for names.
    PropertyName,
    /// The schema does not let a property stand that the standard asks for.
    CommonRefused,
    /// An identifier cannot be computed from this property.
    IdContributing,
    /// There is a schema and no definition.
    LonelySchema,
}

impl RegistryFault {
    /// A stable name in kebab case; that of the finding or of the schema's fault where there is one.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Definition(finding) => finding.code.as_str(),
            Self::Schema(error) => error.code(),
            Self::NotADefinition => "extension-not-a-definition",
            Self::Revoked => "extension-revoked",
            Self::AlreadyKnown => "extension-already-known",
            Self::Older => "extension-older",
            Self::PartMissing => "extension-part-missing",
            Self::PartUnlisted => "extension-part-unlisted",
            Self::TypeMissing => "extension-type-unnamed",
            Self::TypeName => "extension-type-name",
            Self::StandardType => "extension-standard-type",
            Self::TypeTaken => "extension-type-taken",
            Self::NoProperties => "extension-no-properties",
            Self::PropertyName => "extension-property-name",
            Self::CommonRefused => "extension-common-refused",
            Self::IdContributing => "extension-id-contributing",
            Self::LonelySchema => "extension-lonely-schema",
        }
    }

    fn template(&self) -> (&'static str, &'static str) {
        match self {
            Self::Definition(_) | Self::Schema(_) => ("", ""),
            Self::NotADefinition => (
                "this is no extension definition (type `{0}`): give an `extension-definition` object with its `extension_types`",
                "esto no es una definición de extensión (tipo `{0}`): entregue un objeto `extension-definition` con sus `extension_types`",
            ),
            Self::Revoked => (
                "the definition is revoked: ask its creator for the one that takes its place",
                "la definición está revocada: pida a quien la creó la que la sustituye",
            ),
            Self::AlreadyKnown => (
                "`{0}` is already known in version `{1}`: remove one, or replace it explicitly",
                "`{0}` ya se conoce en la versión `{1}`: elimine una o sustitúyala de forma explícita",
            ),
            Self::Older => (
                "modified `{0}` is not later than `{1}`, which is known: give a newer version",
                "la modificación `{0}` no es posterior a `{1}`, que ya se conoce: entregue una versión más nueva",
            ),
            Self::PartMissing => (
                "the schema has no part for `{0}`: name one so in `$defs`",
                "el esquema no tiene una parte para `{0}`: nombre así una en `$defs`",
            ),
            Self::PartUnlisted => (
                "the definition does not name `{0}` among its `extension_types`: add it there or remove this part",
                "la definición no nombra `{0}` entre sus `extension_types`: agréguelo ahí o elimine esta parte",
            ),
            Self::TypeMissing => (
                "the schema of a `{0}` has to say its type: write `\"type\": {\"const\": \"...\"}` among the properties",
                "el esquema de un `{0}` debe decir su tipo: escriba `\"type\": {\"const\": \"...\"}` entre las propiedades",
            ),
            Self::TypeName => (
                "`{0}` is no type name: use 3 to 250 of a-z, 0-9 and single hyphens, a letter first",
                "`{0}` no es un nombre de tipo: use de 3 a 250 caracteres a-z, 0-9 y guiones sencillos, con una letra al inicio",
            ),
            Self::StandardType => (
                "`{0}` is a type of the standard, which no extension may define anew: choose another name",
                "`{0}` es un tipo del estándar, que ninguna extensión puede redefinir: elija otro nombre",
            ),
            Self::TypeTaken => (
                "the type `{0}` is already made by `{1}`: choose another name or leave one of the two out",
                "el tipo `{0}` ya lo crea `{1}`: elija otro nombre u omita una de las dos",
            ),
            Self::NoProperties => (
                "the type `{0}` has no property of its own: add at least one",
                "el tipo `{0}` no tiene ninguna propiedad propia: agregue al menos una",
            ),
            Self::PropertyName => (
                "`{0}` is no name for a property: use 3 to 250 of a-z, 0-9 and underscore, a letter first",
                "`{0}` no es un nombre de propiedad: use de 3 a 250 caracteres a-z, 0-9 y guion bajo, con una letra al inicio",
            ),
            Self::CommonRefused => (
                "the schema does not let `{0}` stand, which the standard asks for: add it to the properties, or take in `{\"$ref\": \"stix:core\"}` and write `unevaluatedProperties` in place of `additionalProperties`",
                "el esquema no permite `{0}`, que el estándar pide: agréguela a las propiedades, o incluya `{\"$ref\": \"stix:core\"}` y escriba `unevaluatedProperties` en lugar de `additionalProperties`",
            ),
            Self::IdContributing => (
                "an identifier cannot be computed from `{0}`: name properties of a new observable's schema",
                "un identificador no puede calcularse a partir de `{0}`: nombre propiedades del esquema de un observable nuevo",
            ),
            Self::LonelySchema => (
                "there is no definition for this schema: put it beside it as `{0}`",
                "no hay definición para este esquema: póngala junto a él como `{0}`",
            ),
        }
    }
}

impl RegistryError {
    /// In the definition.
    pub(super) fn at(pointer: &str, fault: RegistryFault, words: &[&str]) -> Self {
        let words = words.iter().map(|word| safe(word)).collect();
        Self { file: None, in_schema: false, pointer: pointer.to_owned(), fault, words }
    }

    /// In the schema, at the place of one of its parts.
    pub(super) fn in_schema(part: &Schema, fault: RegistryFault, words: &[&str]) -> Self {
        Self { in_schema: true, ..Self::at(part.pointer(), fault, words) }
    }

    /// The definition breaks the standard.
    pub(super) fn definition(finding: Finding) -> Self {
        let pointer = finding.pointer.clone();
        Self::at(&pointer, RegistryFault::Definition(Box::new(finding)), &[])
    }

    /// The schema cannot be used; it was given beside the definition or stands in it.
    pub(super) fn schema(error: SchemaError, beside: bool) -> Self {
        let pointer = if beside { error.pointer.clone() } else { "/schema".to_owned() };
        let fault = RegistryFault::Schema(Box::new(error));
        Self { in_schema: beside, ..Self::at(&pointer, fault, &[]) }
    }

    pub(super) fn of_file(self, file: String) -> Self {
        Self { file: Some(file), ..self }
    }

    /// The stable name of the fault, in kebab case.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// The message in one of the languages people read: file and place, what is wrong, what to do.
    pub fn message_in(&self, lang: Lang) -> String {
        let place = self.place();
        let said = match &self.fault {
            RegistryFault::Definition(finding) => finding.message_in(lang),
            RegistryFault::Schema(error) => error.message_in(lang),
            fault => {
                let (english, spanish) = fault.template();
                let template = match lang {
                    Lang::En => english,
                    Lang::Es => spanish,
                };
                fill(template, |number| self.words.get(number).map_or("", String::as_str))
            }
        };
        if place.is_empty() { said } else { format!("{place}: {said}") }
    }

    /// File, line and pointer, as far as they are known.
    fn place(&self) -> String {
        let line = match &self.fault {
            RegistryFault::Schema(error) => format!(":{}", error.line),
            _ => String::new(),
        };
        let inner = match &self.fault {
            RegistryFault::Schema(error) if !self.in_schema => error.pointer.as_str(),
            _ => "",
        };
        let pointer = safe(&format!("{}{}", self.pointer, inner));
        match &self.file {
            Some(file) if pointer.is_empty() => format!("`{}{line}`", safe(file)),
            Some(file) => format!("`{}{line}` (`{pointer}`)", safe(file)),
            None if pointer.is_empty() => String::new(),
            None => format!("`{pointer}`"),
        }
    }
}

/// A word from outside, cut and escaped.
fn safe(word: &str) -> String {
    match Word::said(word) {
        Word::Said(safe) => safe,
        _ => String::new(),
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message_in(Lang::En))
    }
}

impl std::error::Error for RegistryError {}
