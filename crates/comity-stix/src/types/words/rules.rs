//! Rules in words. The object is `it`; MUST or SHOULD is for the rule to say.

use super::{join, quoted};
use crate::finding::Lang;
use crate::types::model::{Both, Choice, Scalar, Special};

impl Choice {
    /// The demand as a sentence without its stop, as a state that holds: `` it has `name` ``.
    pub fn words(&self, lang: Lang) -> String {
        let all = |names: &[&str]| join(&quoted(names), lang.and());
        let any = |names: &[&str]| join(&quoted(names), lang.or());
        match (self, lang) {
            (Self::SomeOf([names]), _) => format!("{} {}", has(lang), all(names)),
            (Self::SomeOf(groups), _) => {
                let with = lang.say(" with ", " con ");
                let groups: Vec<String> =
                    groups.iter().map(|names| quoted(names).join(with)).collect();
                let groups = join(&groups, lang.or());
                format!("{} {} {groups}", has(lang), lang.say("at least one of", "al menos una de"))
            }
            (Self::SomeBut([]), Lang::En) => "it has at least one of its properties".to_owned(),
            (Self::SomeBut([]), Lang::Es) => "tiene al menos una de sus propiedades".to_owned(),
            (Self::SomeBut(names), Lang::En) => {
                format!("it has at least one property besides {}", all(names))
            }
            (Self::SomeBut(names), Lang::Es) => {
                format!("tiene al menos una propiedad además de {}", all(names))
            }
            (Self::OneOf(names), Lang::En) => format!("it has exactly one of {}", all(names)),
            (Self::OneOf(names), Lang::Es) => format!("tiene una y sólo una de {}", all(names)),
            (Self::AtMostOneOf(names), Lang::En) => {
                format!("it has no more than one of {}", all(names))
            }
            (Self::AtMostOneOf(names), Lang::Es) => {
                format!("no tiene más de una de {}", all(names))
            }
            (Self::Needs(name, others), Lang::En) => {
                format!("where it has `{name}`, it has {} too", all(others))
            }
            (Self::Needs(name, others), Lang::Es) => {
                format!("si tiene `{name}`, también tiene {}", all(others))
            }
            (Self::NeedsWhen(name, value, others), Lang::En) => {
                format!("where {}, it has {}", is(name, value, lang), all(others))
            }
            (Self::NeedsWhen(name, value, others), Lang::Es) => {
                format!("si {}, tiene {}", is(name, value, lang), all(others))
            }
            (Self::ForbidsWhen(name, value, others), Lang::En) => {
                format!("where {}, it has no {}", is(name, value, lang), any(others))
            }
            (Self::ForbidsWhen(name, value, others), Lang::Es) => {
                format!("si {}, no tiene {}", is(name, value, lang), any(others))
            }
            (Self::Implies(name, other, value), Lang::En) => {
                format!("where it has `{name}`, {}", is(other, value, lang))
            }
            (Self::Implies(name, other, value), Lang::Es) => {
                format!("si tiene `{name}`, {}", is(other, value, lang))
            }
            (Self::Order(first, last), Lang::En) => format!("`{last}` is not before `{first}`"),
            (Self::Order(first, last), Lang::Es) => format!("`{last}` no es anterior a `{first}`"),
            (Self::Later(first, last), Lang::En) => format!("`{last}` is later than `{first}`"),
            (Self::Later(first, last), Lang::Es) => format!("`{last}` es posterior a `{first}`"),
            (Self::Leads(list, target), Lang::En) => {
                format!("`{list}` leads to at least one `{target}`")
            }
            (Self::Leads(list, target), Lang::Es) => {
                format!("`{list}` lleva al menos a un `{target}`")
            }
            (Self::Extended(extension, list, value), Lang::En) => {
                format!("where it has the extension `{extension}`, `{list}` has `{value}` in it")
            }
            (Self::Extended(extension, list, value), Lang::Es) => {
                format!("si tiene la extensión `{extension}`, `{list}` contiene `{value}`")
            }
            (Self::LowerCaseWithHyphens([name]), Lang::En) => {
                format!("`{name}` is in lower case, with hyphens between words")
            }
            (Self::LowerCaseWithHyphens([name]), Lang::Es) => {
                format!("`{name}` va en minúsculas, con guiones entre palabras")
            }
            (Self::LowerCaseWithHyphens(names), Lang::En) => {
                format!("{} are in lower case, with hyphens between words", all(names))
            }
            (Self::LowerCaseWithHyphens(names), Lang::Es) => {
                format!("{} van en minúsculas, con guiones entre palabras", all(names))
            }
            (Self::Special(special), _) => special.words().text(lang).to_owned(),
        }
    }
}

const fn has(lang: Lang) -> &'static str {
    lang.say("it has", "tiene")
}

/// That a property has a value.
fn is(name: &str, value: &Scalar, lang: Lang) -> String {
    let is = lang.say("is", "es");
    match value {
        Scalar::Text(text) => format!("`{name}` {is} `{text}`"),
        Scalar::Boolean(boolean) => format!("`{name}` {is} `{boolean}`"),
        Scalar::Listed(text) => match lang {
            Lang::En => format!("`{name}` has `{text}` in it"),
            Lang::Es => format!("`{name}` contiene `{text}`"),
        },
    }
}

impl Special {
    /// What the rule asks for, as a sentence without its stop.
    pub const fn words(self) -> Both {
        let (en, es) = match self {
            Self::ExternalIdForm => (
                "the `external_id` of a CVE, CAPEC or ATT&CK source is in that source's form",
                "el `external_id` de una fuente CVE, CAPEC o ATT&CK tiene la forma de esa fuente",
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
                "it says one thing, and a TLP marking is exactly one of the standard's",
                "dice una sola cosa, y una marca TLP es exactamente una de las del estándar",
            ),
            Self::RelationshipEnds => (
                "`relationship_type` is one that the standard knows between such objects",
                "`relationship_type` es uno que el estándar conoce entre tales objetos",
            ),
            Self::ObservedData => (
                "at least one of `object_refs` leads to a cyber-observable object",
                "al menos una de `object_refs` lleva a un objeto ciberobservable",
            ),
            Self::ExtensionProperties => (
                "`extension_properties` are names of properties, and none of the common or reserved ones",
                "`extension_properties` son nombres de propiedades, y ninguno de los comunes o reservados",
            ),
            Self::PatternTimes => (
                "`START` and `STOP` in `pattern` are not before `valid_from` and not after `valid_until`",
                "`START` y `STOP` en `pattern` no van antes de `valid_from` ni después de `valid_until`",
            ),
        };
        Both { en, es }
    }
}
