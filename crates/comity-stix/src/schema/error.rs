//! Why a schema is refused.

use std::fmt;

use crate::finding::{Code, Finding, Lang, Word, fill};

/// What is wrong with a schema, and where. The message says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    /// Where in the schema's document, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// The line it stands in, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: SchemaFault,
    words: Vec<String>,
}

/// What can be wrong with a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaFault {
    /// The text is no JSON, or passes the limits.
    Json(Box<Finding>),
    /// A schema is neither an object nor a boolean.
    NotASchema,
    /// `$schema` names a dialect that is not read.
    Dialect,
    /// A keyword that JSON Schema does not have.
    UnknownKeyword,
    /// A keyword that JSON Schema has and that is not supported.
    UnsupportedKeyword,
    /// A keyword has a value it cannot have.
    KeywordValue,
    /// A `$ref` leads nowhere in the document.
    ReferenceTarget,
    /// A `$ref` leaves the document.
    ReferenceOutside,
    /// References lead in a circle without going deeper into the value.
    ReferenceLoop,
    /// Too many schemas look at the same value one within the other.
    ReferenceChain,
    /// An anchor stands twice.
    AnchorTwice,
    /// A regular expression that cannot be read.
    Pattern,
    /// A regular expression that is too large, or one of too many.
    PatternTooLarge,
    /// A format that is not known.
    Format,
}

impl SchemaFault {
    /// A stable name in kebab case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(finding) => finding.code.as_str(),
            Self::NotASchema => "schema-not-a-schema",
            Self::Dialect => "schema-dialect",
            Self::UnknownKeyword => "schema-unknown-keyword",
            Self::UnsupportedKeyword => "schema-unsupported-keyword",
            Self::KeywordValue => "schema-keyword-value",
            Self::ReferenceTarget => "schema-reference-target",
            Self::ReferenceOutside => "schema-reference-outside",
            Self::ReferenceLoop => "schema-reference-loop",
            Self::ReferenceChain => "schema-reference-chain",
            Self::AnchorTwice => "schema-anchor-twice",
            Self::Pattern => "schema-bad-pattern",
            Self::PatternTooLarge => "schema-pattern-too-large",
            Self::Format => "schema-unknown-format",
        }
    }

    fn template(&self) -> (&'static str, &'static str) {
        match self {
            Self::Json(_) => ("", ""),
            Self::NotASchema => (
                "`{0}` is no schema: write an object, or true or false",
                "`{0}` no es un esquema: escriba un objeto, o true o false",
            ),
            Self::Dialect => (
                "`{0}` is no dialect that is read here: write `https://json-schema.org/draft/2020-12/schema` or leave `$schema` out",
                "`{0}` no es un dialecto que se lea aquí: escriba `https://json-schema.org/draft/2020-12/schema` u omita `$schema`",
            ),
            Self::UnknownKeyword => (
                "there is no keyword `{0}` in JSON Schema: correct its name, or let it start with x- if it is a note of your own",
                "no hay una palabra clave `{0}` en JSON Schema: corrija su nombre o haga que empiece con x- si es una nota propia",
            ),
            Self::UnsupportedKeyword => (
                "the keyword `{0}` is not supported and cannot be left unchecked: say the same with others",
                "la palabra clave `{0}` no está soportada y no puede quedar sin revisar: exprese lo mismo con otras",
            ),
            Self::KeywordValue => (
                "`{0}` cannot have this value: write {1}",
                "`{0}` no puede tener este valor: escriba {1}",
            ),
            Self::ReferenceTarget => (
                "`{0}` leads to nothing in this document: correct it or add what it names",
                "`{0}` no lleva a nada en este documento: corríjalo o agregue lo que nombra",
            ),
            Self::ReferenceOutside => (
                "`{0}` leads out of this document: copy what it names into `$defs`, or refer to a kind of the standard: {1}",
                "`{0}` lleva fuera de este documento: copie lo que nombra en `$defs` o refiérase a un tipo de valor del estándar: {1}",
            ),
            Self::ReferenceLoop => (
                "this schema comes back to itself without going into the value: take one reference out of the circle",
                "este esquema vuelve a sí mismo sin entrar en el valor: quite una referencia del círculo",
            ),
            Self::ReferenceChain => (
                "more than {0} schemas look at the same value one within the other here: put them together",
                "aquí más de {0} esquemas revisan el mismo valor uno dentro de otro: júntelos",
            ),
            Self::AnchorTwice => (
                "the anchor `{0}` stands twice: give one another name",
                "el ancla `{0}` aparece dos veces: dé otro nombre a una",
            ),
            Self::Pattern => (
                "`{0}` is no regular expression that can be run here: correct or simplify it",
                "`{0}` no es una expresión regular que pueda ejecutarse aquí: corríjala o simplifíquela",
            ),
            Self::PatternTooLarge => (
                "this regular expression is too large, or one too many ({0} are allowed): shorten it or use `enum`",
                "esta expresión regular es demasiado grande o una de más (se permiten {0}): acórtela o use `enum`",
            ),
            Self::Format => (
                "`{0}` is no format that can be checked: use {1}",
                "`{0}` no es un formato que pueda revisarse: use {1}",
            ),
        }
    }
}

impl SchemaError {
    pub(super) fn new(fault: SchemaFault, pointer: String, line: usize, words: &[&str]) -> Self {
        let safe = |word: &&str| match Word::said(word) {
            Word::Said(safe) => safe,
            _ => String::new(),
        };
        Self { pointer, line, fault, words: words.iter().map(safe).collect() }
    }

    /// Of a text that is no JSON.
    pub(super) fn json(finding: Finding, line: usize) -> Self {
        let pointer = finding.pointer.clone();
        Self { pointer, line, fault: SchemaFault::Json(Box::new(finding)), words: Vec::new() }
    }

    /// The stable name of the fault, in kebab case.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// The message in one of the languages people read; it says how to mend the schema.
    pub fn message_in(&self, lang: Lang) -> String {
        if let SchemaFault::Json(finding) = &self.fault {
            return finding.message_in(lang);
        }
        let (english, spanish) = self.fault.template();
        let template = match lang {
            Lang::En => english,
            Lang::Es => spanish,
        };
        fill(template, |number| self.words.get(number).map_or("", String::as_str))
    }

    /// The message in English.
    pub fn message(&self) -> String {
        self.message_in(Lang::En)
    }

    /// Whether the document itself could not be read, and why.
    pub fn json_code(&self) -> Option<Code> {
        match &self.fault {
            SchemaFault::Json(finding) => Some(finding.code),
            _ => None,
        }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for SchemaError {}
