//! The tables in words, for pages, schemas and whoever shows a type to people. Names stand between backticks.

mod rules;

use std::fmt;

use super::make::LARGEST;
use super::model::{Both, Class, Kind, Targets};
use crate::finding::Lang;

impl Both {
    /// The text in one of the languages people read.
    pub const fn text(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Es => self.es,
        }
    }
}

impl Class {
    /// What its objects are called, in the plural.
    pub const fn words(self) -> Both {
        let (en, es) = match self {
            Self::Domain => ("domain objects", "objetos de dominio"),
            Self::Relationship => ("relationship objects", "objetos de relación"),
            Self::Observable => ("cyber-observable objects", "objetos ciberobservables"),
            Self::Meta => ("meta objects", "metaobjetos"),
            Self::Bundle => ("the bundle", "el paquete"),
        };
        Both { en, es }
    }

    /// Any object of it, for the end of a reference.
    const fn any(self) -> Both {
        let (en, es) = match self {
            Self::Domain => ("any domain object", "cualquier objeto de dominio"),
            Self::Relationship => ("any relationship object", "cualquier objeto de relación"),
            Self::Observable => ("any cyber-observable object", "cualquier objeto ciberobservable"),
            Self::Meta => ("any meta object", "cualquier metaobjeto"),
            Self::Bundle => ("any bundle", "cualquier paquete"),
        };
        Both { en, es }
    }
}

impl Targets {
    /// Where a reference may lead, in words: `` `identity` or `location` ``, `any domain object but not ...`.
    pub fn words(&self, lang: Lang) -> String {
        let every = [Class::Domain, Class::Relationship, Class::Observable, Class::Meta];
        let mut parts = quoted(self.types);
        if every.iter().all(|class| self.classes.contains(class)) {
            parts.push(lang.say("any STIX object", "cualquier objeto STIX").to_owned());
        } else {
            parts.extend(self.classes.iter().map(|class| class.any().text(lang).to_owned()));
        }
        let mut words = join(&parts, lang.or());
        if !self.except.is_empty() {
            words.push_str(lang.say(", but not ", ", pero no "));
            words.push_str(&join(&quoted(self.except), lang.or()));
        }
        words
    }
}

impl Kind {
    /// What a value of this kind is, in words: `string`, `list of strings`, `` one of `opinion-enum` ``; vocabularies,
    /// types and shapes by their names.
    pub fn words(&self, lang: Lang) -> String {
        self.said(lang, false)
    }

    /// The same of one value, or of many.
    fn said(&self, lang: Lang, many: bool) -> String {
        if let Some(words) = self.plain() {
            let [one, several, uno, varios] = words;
            let [en, es] = if many { [several, varios] } else { [one, uno] };
            return lang.say(en, es).to_owned();
        }
        let say = |one: [&'static str; 2], several: [&'static str; 2]| {
            let [en, es] = if many { several } else { one };
            lang.say(en, es)
        };
        match self {
            Self::Integer(least, most) => {
                let name = say(["integer", "entero"], ["integers", "enteros"]);
                format!("{name}{}", range(i128::from(*least), i128::from(*most), lang))
            }
            Self::Float(least, most) => {
                let name = say(["number", "número"], ["numbers", "números"]);
                if *least > f64::MIN && *most < f64::MAX {
                    format!("{name} {}", between(least, most, lang))
                } else {
                    name.to_owned()
                }
            }
            Self::Literal(values) => join(&quoted(values), lang.or()),
            Self::Enum(vocabulary) => {
                let of = say(["one of", "uno de"], ["terms of", "términos de"]);
                format!("{of} `{}`", vocabulary.name)
            }
            // Terms that stand beside the property itself, in no section of their own.
            Self::Open(vocabulary) if !vocabulary.section.starts_with("10.") => {
                let terms = join(&quoted(vocabulary.values), lang.or());
                format!("{} {terms}", lang.say("preferably", "de preferencia"))
            }
            Self::Open(vocabulary) => {
                let of = say(
                    ["preferably one of", "de preferencia uno de"],
                    ["terms, preferably of", "términos, de preferencia de"],
                );
                format!("{of} `{}`", vocabulary.name)
            }
            Self::Reference(targets) => {
                let to = say(["reference to", "referencia a"], ["references to", "referencias a"]);
                format!("{to} {}", targets.words(lang))
            }
            Self::List(element) => {
                let of = say(["list of", "lista de"], ["lists of", "listas de"]);
                format!("{of} {}", element.said(lang, true))
            }
            Self::Dictionary(Self::Any) | Self::Names(Self::Any) => {
                say(["dictionary", "diccionario"], ["dictionaries", "diccionarios"]).to_owned()
            }
            Self::Dictionary(value) => {
                let of = say(
                    ["dictionary of", "diccionario de"],
                    ["dictionaries of", "diccionarios de"],
                );
                format!("{of} {}", value.said(lang, true))
            }
            Self::Names(value) => {
                let of = say(
                    ["dictionary of", "diccionario de"],
                    ["dictionaries of", "diccionarios de"],
                );
                let by = lang.say("by name", "por nombre");
                format!("{of} {} {by}", value.said(lang, true))
            }
            Self::Ending(end) => {
                let ends = say(
                    ["string that ends in", "cadena que termina en"],
                    ["strings that end in", "cadenas que terminan en"],
                );
                format!("{ends} `{end}`")
            }
            Self::Object(shape) => format!("`{}`", shape.name),
            Self::Either(kinds) => {
                let kinds: Vec<String> = kinds.iter().map(|kind| kind.said(lang, many)).collect();
                join(&kinds, lang.or())
            }
            _ => String::new(),
        }
    }

    /// One of it and several in English, and the same in Spanish, of kinds that hold nothing that has a name.
    fn plain(&self) -> Option<[&'static str; 4]> {
        Some(match self {
            Self::TypeName => ["type name", "type names", "nombre de tipo", "nombres de tipo"],
            Self::SpecVersion => ["`2.1`"; 4],
            Self::Id => ["identifier", "identifiers", "identificador", "identificadores"],
            Self::Text => ["string", "strings", "cadena", "cadenas"],
            Self::LowerText => [
                "string in lower case",
                "strings in lower case",
                "cadena en minúsculas",
                "cadenas en minúsculas",
            ],
            Self::Term => [
                "term of a-z, 0-9 and hyphens",
                "terms of a-z, 0-9 and hyphens",
                "término de a-z, 0-9 y guiones",
                "términos de a-z, 0-9 y guiones",
            ],
            Self::Boolean => ["boolean", "booleans", "booleano", "booleanos"],
            Self::Timestamp => ["timestamp", "timestamps", "fecha y hora", "fechas y horas"],
            Self::FineTimestamp => [
                "timestamp to the millisecond or finer",
                "timestamps to the millisecond or finer",
                "fecha y hora al milisegundo o más fina",
                "fechas y horas al milisegundo o más finas",
            ],
            Self::SecondTimestamp => [
                "timestamp to the second",
                "timestamps to the second",
                "fecha y hora al segundo",
                "fechas y horas al segundo",
            ],
            Self::Binary => ["base64", "base64", "base64", "base64"],
            Self::Hex => [
                "hexadecimal digits",
                "hexadecimal digits",
                "dígitos hexadecimales",
                "dígitos hexadecimales",
            ],
            Self::Lang => {
                ["language code", "language codes", "código de idioma", "códigos de idioma"]
            }
            Self::Url => ["URL", "URLs", "URL", "URL"],
            Self::MediaType => ["media type", "media types", "tipo de medio", "tipos de medio"],
            Self::Charset => {
                ["character set", "character sets", "juego de caracteres", "juegos de caracteres"]
            }
            Self::Ipv4 => [
                "IPv4 address or network",
                "IPv4 addresses or networks",
                "dirección o red IPv4",
                "direcciones o redes IPv4",
            ],
            Self::Ipv6 => [
                "IPv6 address or network",
                "IPv6 addresses or networks",
                "dirección o red IPv6",
                "direcciones o redes IPv6",
            ],
            Self::Mac => ["MAC address", "MAC addresses", "dirección MAC", "direcciones MAC"],
            Self::DomainName => {
                ["domain name", "domain names", "nombre de dominio", "nombres de dominio"]
            }
            Self::EmailAddress => {
                ["email address", "email addresses", "dirección de correo", "direcciones de correo"]
            }
            Self::Cpe => ["CPE 2.3 name", "CPE 2.3 names", "nombre CPE 2.3", "nombres CPE 2.3"],
            Self::Country => ["country code", "country codes", "código de país", "códigos de país"],
            Self::Subdivision => [
                "code of a part of a country",
                "codes of parts of countries",
                "código de una subdivisión de un país",
                "códigos de subdivisiones de países",
            ],
            Self::Protocol => [
                "name of a protocol",
                "names of protocols",
                "nombre de un protocolo",
                "nombres de protocolos",
            ],
            Self::RegistryKey => [
                "registry key in full",
                "registry keys in full",
                "clave de registro completa",
                "claves de registro completas",
            ],
            Self::Hashes => [
                "hashes by algorithm",
                "hashes by algorithm",
                "resúmenes criptográficos por algoritmo",
                "resúmenes criptográficos por algoritmo",
            ],
            Self::Extensions => [
                "extensions by key",
                "extensions by key",
                "extensiones por clave",
                "extensiones por clave",
            ],
            Self::Selector => ["selector", "selectors", "selector", "selectores"],
            Self::Pattern => ["pattern", "patterns", "patrón", "patrones"],
            Self::Container => [
                "objects under keys of their own",
                "objects under keys of their own",
                "objetos bajo claves propias",
                "objetos bajo claves propias",
            ],
            Self::Marking => [
                "object, as `definition_type` says",
                "objects, as `definition_type` says",
                "objeto, según `definition_type`",
                "objetos, según `definition_type`",
            ],
            Self::Translations => [
                "texts by language and property",
                "texts by language and property",
                "textos por idioma y propiedad",
                "textos por idioma y propiedad",
            ],
            Self::Objects => {
                ["list of objects", "lists of objects", "lista de objetos", "listas de objetos"]
            }
            Self::Any => ["any value", "any values", "cualquier valor", "cualesquiera valores"],
            _ => return None,
        })
    }
}

/// The bounds of a whole number, as far as they are narrower than those of every whole number (section 2.10).
fn range(least: i128, most: i128, lang: Lang) -> String {
    let widest = i128::from(LARGEST);
    match (least > -widest, most < widest) {
        (true, true) => format!(" {}", between(least, most, lang)),
        (true, false) => format!(", {least} {}", lang.say("or more", "o más")),
        (false, true) => format!(", {most} {}", lang.say("or less", "o menos")),
        (false, false) => String::new(),
    }
}

fn between(least: impl fmt::Display, most: impl fmt::Display, lang: Lang) -> String {
    format!("{} {least} {} {most}", lang.say("from", "de"), lang.say("to", "a"))
}

impl Lang {
    const fn say(self, en: &'static str, es: &'static str) -> &'static str {
        match self {
            Self::En => en,
            Self::Es => es,
        }
    }

    const fn or(self) -> &'static str {
        self.say("or", "o")
    }

    const fn and(self) -> &'static str {
        self.say("and", "y")
    }
}

/// Names between backticks.
fn quoted(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

/// `a`, `a or b`, `a, b or c`.
fn join(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} {word} {last}", front.join(", ")),
    }
}
