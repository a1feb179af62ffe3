//! The tables in words, for pages and schemas.

use super::model::{Both, Choice, Class, Kind, Scalar, Special, Targets};
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
}

impl Targets {
    /// In words: `identity`, or `any domain object but x`.
    pub fn words(&self, lang: Lang) -> String {
        let quoted =
            |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let mut parts = quoted(self.types);
        parts.extend(self.classes.iter().map(|class| class.words().text(lang).to_owned()));
        let mut words = join(&parts, lang.or());
        if !self.except.is_empty() {
            words.push_str(match lang {
                Lang::En => ", but not ",
                Lang::Es => ", pero no ",
            });
            words.push_str(&join(&quoted(self.except), lang.or()));
        }
        words
    }
}

impl Kind {
    /// What a value of this kind is, in words; vocabularies and objects by their names.
    pub fn words(&self, lang: Lang) -> String {
        let (en, es) = match self {
            Self::TypeName => ("type name", "nombre de tipo"),
            Self::SpecVersion => ("`2.1`", "`2.1`"),
            Self::Id => ("identifier", "identificador"),
            Self::Text | Self::Words => ("string", "cadena"),
            Self::LowerText => ("string in lower case", "cadena en minúsculas"),
            Self::Term => ("term", "término"),
            Self::Boolean => ("boolean", "booleano"),
            Self::Timestamp => ("timestamp", "marca de tiempo"),
            Self::FineTimestamp => {
                ("timestamp, to the millisecond", "marca de tiempo, al milisegundo")
            }
            Self::SecondTimestamp => ("timestamp, to the second", "marca de tiempo, al segundo"),
            Self::Binary => ("binary", "binario"),
            Self::Hex => ("hexadecimal", "hexadecimal"),
            Self::Lang => ("language code", "código de idioma"),
            Self::Url => ("URL", "URL"),
            Self::MediaType => ("media type", "tipo de medio"),
            Self::Charset => ("character set", "juego de caracteres"),
            Self::Ipv4 => ("IPv4 address or network", "dirección o red IPv4"),
            Self::Ipv6 => ("IPv6 address or network", "dirección o red IPv6"),
            Self::Mac => ("MAC address", "dirección MAC"),
            Self::DomainName => ("domain name", "nombre de dominio"),
            Self::EmailAddress => ("email address", "dirección de correo"),
            Self::Cpe => ("CPE name", "nombre CPE"),
            Self::Country => ("country code", "código de país"),
            Self::Subdivision => {
                ("code of a part of a country", "código de subdivisión de un país")
            }
            Self::Protocol => ("protocol name", "nombre de protocolo"),
            Self::RegistryKey => ("registry key", "clave de registro"),
            Self::Hashes => ("hashes", "resúmenes criptográficos"),
            Self::Extensions => ("extensions", "extensiones"),
            Self::Selector => ("selector", "selector"),
            Self::Pattern => ("pattern", "patrón"),
            Self::Container => ("observable container", "contenedor de observables"),
            Self::Marking => ("marking", "marca"),
            Self::Translations => ("translations", "traducciones"),
            Self::Objects => ("list of objects", "lista de objetos"),
            Self::Any => ("any value", "cualquier valor"),
            other => return other.composed(lang),
        };
        Both { en, es }.text(lang).to_owned()
    }

    fn composed(&self, lang: Lang) -> String {
        let say = |en: &'static str, es: &'static str| Both { en, es }.text(lang);
        match self {
            Self::Integer(least, most) => format!("{} {least}..{most}", say("integer", "entero")),
            Self::Float(least, most) if *least > f64::MIN || *most < f64::MAX => {
                format!("{} {least}..{most}", say("number", "número"))
            }
            Self::Float(..) => say("number", "número").to_owned(),
            Self::Literal(values) => {
                let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
                join(&quoted, lang.or())
            }
            Self::Enum(vocabulary) => format!("[`{0}`](../vocabularies.md#{0})", vocabulary.name),
            // Terms that stand beside the property itself, in no section of their own.
            Self::Open(vocabulary) if !vocabulary.section.starts_with("10.") => {
                let terms: Vec<String> =
                    vocabulary.values.iter().map(|term| format!("`{term}`")).collect();
                format!("{} {}", say("preferably", "de preferencia"), join(&terms, lang.or()))
            }
            Self::Open(vocabulary) => {
                let open = say("open vocabulary", "vocabulario abierto");
                format!("{open} [`{0}`](../vocabularies.md#{0})", vocabulary.name)
            }
            Self::Reference(targets) => {
                format!("{} {}", say("reference to", "referencia a"), targets.words(lang))
            }
            Self::List(element) => {
                format!("{} {}", say("list of", "lista de"), element.words(lang))
            }
            Self::Dictionary(value) => {
                format!("{} {}", say("dictionary of", "diccionario de"), value.words(lang))
            }
            Self::Names(value) => format!(
                "{} {}",
                say("dictionary by names of", "diccionario por nombres de"),
                value.words(lang)
            ),
            Self::Ending(end) => {
                format!("{} `{end}`", say("string that ends in", "cadena que termina en"))
            }
            Self::Object(shape) => format!("[`{0}`](#{0})", shape.name),
            Self::Either(kinds) => {
                let kinds: Vec<String> = kinds.iter().map(|kind| kind.words(lang)).collect();
                join(&kinds, lang.or())
            }
            _ => String::new(),
        }
    }
}

impl Choice {
    /// The demand as a sentence without its stop; MUST or SHOULD is for the rule to say.
    pub fn words(&self, lang: Lang) -> String {
        let quoted =
            |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let all = |names: &[&str]| join(&quoted(names), lang.and());
        let any = |names: &[&str]| join(&quoted(names), lang.or());
        let is = |name: &str, value: &Scalar| match (value, lang) {
            (Scalar::Text(text), Lang::En) => format!("`{name}` is `{text}`"),
            (Scalar::Text(text), Lang::Es) => format!("`{name}` es `{text}`"),
            (Scalar::Boolean(boolean), Lang::En) => format!("`{name}` is `{boolean}`"),
            (Scalar::Boolean(boolean), Lang::Es) => format!("`{name}` es `{boolean}`"),
            (Scalar::Listed(text), Lang::En) => format!("`{name}` has `{text}` in it"),
            (Scalar::Listed(text), Lang::Es) => {
                format!("`{name}` tiene `{text}` entre sus valores")
            }
        };
        match (self, lang) {
            (Self::SomeOf([names]), Lang::En) => format!("{} is there", all(names)),
            (Self::SomeOf([names]), Lang::Es) => format!("está {}", all(names)),
            (Self::SomeOf(groups), _) => {
                let groups: Vec<String> = groups.iter().map(|names| all(names)).collect();
                let groups = join(&groups, lang.or());
                match lang {
                    Lang::En => format!("at least one is there of {groups}"),
                    Lang::Es => format!("está al menos uno de {groups}"),
                }
            }
            (Self::SomeBut([]), Lang::En) => "at least one of its properties is there".to_owned(),
            (Self::SomeBut([]), Lang::Es) => "está al menos una de sus propiedades".to_owned(),
            (Self::SomeBut(names), Lang::En) => {
                format!("at least one property is there besides {}", all(names))
            }
            (Self::SomeBut(names), Lang::Es) => {
                format!("está al menos una propiedad además de {}", all(names))
            }
            (Self::OneOf(names), Lang::En) => format!("exactly one is there of {}", any(names)),
            (Self::OneOf(names), Lang::Es) => format!("está exactamente uno de {}", any(names)),
            (Self::AtMostOneOf(names), Lang::En) => {
                format!("no more than one is there of {}", any(names))
            }
            (Self::AtMostOneOf(names), Lang::Es) => format!("no está más de uno de {}", any(names)),
            (Self::Needs(name, others), Lang::En) => {
                format!("with `{name}` there is {}", all(others))
            }
            (Self::Needs(name, others), Lang::Es) => {
                format!("junto a `{name}` está {}", all(others))
            }
            (Self::NeedsWhen(name, value, others), Lang::En) => {
                format!("where {} there is {}", is(name, value), all(others))
            }
            (Self::NeedsWhen(name, value, others), Lang::Es) => {
                format!("donde {} está {}", is(name, value), all(others))
            }
            (Self::ForbidsWhen(name, value, others), Lang::En) => {
                format!("where {} there is no {}", is(name, value), any(others))
            }
            (Self::ForbidsWhen(name, value, others), Lang::Es) => {
                format!("donde {} no está {}", is(name, value), any(others))
            }
            (Self::Implies(name, other, value), Lang::En) => {
                format!("with `{name}`, {}", is(other, value))
            }
            (Self::Implies(name, other, value), Lang::Es) => {
                format!("junto a `{name}`, {}", is(other, value))
            }
            (Self::Order(first, last), Lang::En) => format!("`{last}` is not before `{first}`"),
            (Self::Order(first, last), Lang::Es) => format!("`{last}` no es anterior a `{first}`"),
            (Self::Later(first, last), Lang::En) => format!("`{last}` is later than `{first}`"),
            (Self::Later(first, last), Lang::Es) => format!("`{last}` es posterior a `{first}`"),
            (Self::Leads(list, target), Lang::En) => format!("`{list}` leads to some `{target}`"),
            (Self::Leads(list, target), Lang::Es) => format!("`{list}` lleva a algún `{target}`"),
            (Self::Extended(extension, list, value), Lang::En) => {
                format!("with the extension `{extension}`, `{value}` is among `{list}`")
            }
            (Self::Extended(extension, list, value), Lang::Es) => {
                format!("con la extensión `{extension}`, `{value}` está entre `{list}`")
            }
            (Self::LowerCaseWithHyphens(names), Lang::En) => {
                format!("{} is lower case, with hyphens between words", all(names))
            }
            (Self::LowerCaseWithHyphens(names), Lang::Es) => {
                format!("{} va en minúsculas, con guiones entre palabras", all(names))
            }
            (Self::Special(special), _) => special.words().text(lang).to_owned(),
        }
    }
}

impl Special {
    /// What the rule asks for.
    pub const fn words(self) -> Both {
        let (en, es) = match self {
            Self::ExternalIdForm => (
                "the `external_id` of a CVE, CAPEC or ATT&CK source has its form",
                "el `external_id` de una fuente CVE, CAPEC o ATT&CK tiene su forma",
            ),
            Self::CapecId => (
                "a reference to CAPEC has the source `capec` and an id like `CAPEC-163`",
                "una referencia a CAPEC tiene la fuente `capec` y un id como `CAPEC-163`",
            ),
            Self::CveId => (
                "a reference to CVE has the source `cve` and an id like `CVE-2016-1234`",
                "una referencia a CVE tiene la fuente `cve` y un id como `CVE-2016-1234`",
            ),
            Self::MarkingDefinition => (
                "it says one thing, and what TLP says it says in the exact words of the standard",
                "dice una sola cosa, y lo que dice TLP lo dice con las palabras exactas del estándar",
            ),
            Self::RelationshipEnds => (
                "the type of relationship is one that the standard knows between such objects",
                "el tipo de relación es uno que el estándar conoce entre tales objetos",
            ),
            Self::ObservedData => (
                "at least one of `object_refs` leads to an observable",
                "al menos una de las `object_refs` lleva a un observable",
            ),
        };
        Both { en, es }
    }
}

impl Lang {
    const fn or(self) -> &'static str {
        match self {
            Self::En => "or",
            Self::Es => "o",
        }
    }

    const fn and(self) -> &'static str {
        match self {
            Self::En => "and",
            Self::Es => "y",
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
fn join(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} {word} {last}", front.join(", ")),
    }
}
