//! The pages of the vocabularies and of the findings.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comity_stix::types::{self, Kind, Shape, Type, Vocabulary, common, vocabulary};
use comity_stix::{Code, Lang, Severity};

use super::markdown::{names, page, say, table, to_type};

/// The pages in a language, by their paths.
pub(super) fn pages(lang: Lang) -> BTreeMap<String, String> {
    [("vocabularies", vocabularies(lang)), ("findings", findings(lang))]
        .into_iter()
        .map(|(name, text)| (page(name, lang), text))
        .collect()
}

fn vocabularies(lang: Lang) -> String {
    let mut text = match lang {
        Lang::En => {
            "# Vocabularies\n\n\
             [All types](README.md#types) · *[En español](vocabularies.es.md)*\n\n\
             The lists of terms of section 10. Of a closed one, whose name ends in `-enum`, a value MUST be a term; of\n\
             an open one, in `-ov`, it SHOULD be one, and any other string in lower case with hyphens does.\n\n"
        }
        Lang::Es => {
            "# Vocabularios\n\n\
             [Todos los tipos](README.es.md#tipos) · *[In English](vocabularies.md)*\n\n\
             Las listas de términos de la sección 10. En una cerrada, cuyo nombre termina en `-enum`, el valor debe ser\n\
             uno de los términos (MUST); en una abierta, en `-ov`, conviene que lo sea (SHOULD), y se admite cualquier\n\
             otra cadena en minúsculas y con guiones.\n\n"
        }
    }
    .to_owned();
    for vocabulary in vocabulary::ALL {
        let section = say(lang, "Section", "Sección");
        write!(text, "## `{}`\n\n{section} {}.", vocabulary.name, vocabulary.section).unwrap();
        let mut used: Vec<String> = types::all()
            .filter(|type_| uses(type_, vocabulary))
            .map(|type_| to_type(type_.name, "types/", lang))
            .collect();
        if common::COMMON.properties.iter().any(|property| holds(&property.kind, vocabulary)) {
            let title = say(lang, "common properties", "propiedades comunes");
            used.insert(0, format!("[{title}](types/{})", page("common", lang)));
        }
        if !used.is_empty() {
            write!(text, " {}: {}.", say(lang, "Used by", "La usan"), used.join(", ")).unwrap();
        }
        write!(text, "\n\n{}\n\n", names(vocabulary.values.iter().copied())).unwrap();
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Whether some property of a type has terms of a vocabulary.
fn uses(type_: &Type, vocabulary: &Vocabulary) -> bool {
    let hashes = vocabulary.name == "hash-algorithm-ov";
    let shapes = type_.extensions.iter().map(|extension| extension.shape).chain([&type_.own]);
    shapes.into_iter().any(|shape| within(shape, vocabulary, hashes))
}

fn within(shape: &Shape, vocabulary: &Vocabulary, hashes: bool) -> bool {
    shape
        .properties
        .iter()
        .any(|property| holds(&property.kind, vocabulary) || hashes && has_hashes(&property.kind))
}

fn holds(kind: &Kind, vocabulary: &Vocabulary) -> bool {
    match kind {
        Kind::Enum(of) | Kind::Open(of) => of.name == vocabulary.name,
        Kind::List(inner) | Kind::Dictionary(inner) | Kind::Names(inner) => {
            holds(inner, vocabulary)
        }
        Kind::Either(kinds) => kinds.iter().any(|kind| holds(kind, vocabulary)),
        Kind::Object(shape) => within(shape, vocabulary, false),
        _ => false,
    }
}

fn has_hashes(kind: &Kind) -> bool {
    match kind {
        Kind::Hashes => true,
        Kind::List(inner) => has_hashes(inner),
        Kind::Object(shape) => {
            shape.name != "external-reference"
                && shape.properties.iter().any(|it| has_hashes(&it.kind))
        }
        _ => false,
    }
}

fn findings(lang: Lang) -> String {
    let mut text = match lang {
        Lang::En => {
            "# Findings\n\n\
             [Index](README.md) · *[En español](findings.es.md)*\n\n\
             Every rule that the check can find broken, by its stable name. Each finding also has the JSON pointer of\n\
             the value, its place in bytes, and the section of the standard that makes the rule. An object that breaks\n\
             a MUST is refused; a SHOULD is advice. The dots stand for what the finding quotes.\n\n"
        }
        Lang::Es => {
            "# Hallazgos\n\n\
             [Índice](README.es.md) · *[In English](findings.md)*\n\n\
             Todas las reglas cuyo incumplimiento puede encontrar la revisión, por su nombre estable. Cada hallazgo\n\
             lleva además el puntero JSON del valor, su lugar en bytes y la sección del estándar que establece la\n\
             regla. Un objeto que incumple un MUST se rechaza; un SHOULD es una recomendación. Los puntos suspensivos\n\
             están en lugar de lo que cita el hallazgo.\n\n"
        }
    }
    .to_owned();
    for severity in [Severity::Must, Severity::Should] {
        let title = match severity {
            Severity::Must => "MUST",
            Severity::Should => "SHOULD",
        };
        let rows: Vec<_> = Code::ALL
            .iter()
            .filter(|code| code.severity() == severity)
            .map(|code| vec![format!("`{}`", code.as_str()), code.message_pattern(lang)])
            .collect();
        let head = [say(lang, "code", "código"), say(lang, "message", "mensaje")];
        write!(text, "## {title}\n\n{}", table(&head, &rows)).unwrap();
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
