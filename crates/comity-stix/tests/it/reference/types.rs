//! A page for each type, and one for what the types have in common.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comity_stix::Lang;
use comity_stix::types::{
    self, Class, Kind, Presence, Property, Relationship, Shape, Strength, Targets, Type, common,
};

use super::example::example;
use super::markdown::{capital, linked, names, page, say, sentence, table, to_type};

const SHARED: [&Shape; 3] =
    [&common::EXTERNAL_REFERENCE, &common::KILL_CHAIN_PHASE, &common::GRANULAR_MARKING];

/// The pages in a language, by their paths.
pub(super) fn pages(lang: Lang) -> BTreeMap<String, String> {
    let mut pages: BTreeMap<_, _> = types::all()
        .map(|type_| (format!("types/{}", page(type_.name, lang)), of_type(type_, lang)))
        .collect();
    pages.insert(format!("types/{}", page("common", lang)), of_common(lang));
    pages
}

/// The line above the text: where else to go.
fn top(title: &str, name: &str, lang: Lang) -> String {
    let (index, other) = match lang {
        Lang::En => ("[All types](../README.md#types)", format!("[En español]({name}.es.md)")),
        Lang::Es => {
            ("[Todos los tipos](../README.es.md#tipos)", format!("[In English]({name}.md)"))
        }
    };
    let common = match (name, lang) {
        ("common", _) => "",
        (_, Lang::En) => " · [common properties](common.md)",
        (_, Lang::Es) => " · [propiedades comunes](common.es.md)",
    };
    format!("# {title}\n\n{index}{common} · *{other}*\n\n")
}

fn of_type(type_: &Type, lang: Lang) -> String {
    let mut text = top(&format!("`{}`", type_.name), type_.name, lang);
    write!(text, "{}\n\n{}", sentence(type_.about.text(lang)), facts(type_, lang)).unwrap();
    write!(text, "## {}\n\n", say(lang, "Properties", "Propiedades")).unwrap();
    text.push_str(&properties(&type_.own, lang));
    text.push_str(&rules(&type_.own, "##", lang));
    let nested = nested(&type_.own);
    if !nested.is_empty() {
        write!(text, "## {}\n\n", say(lang, "Objects within it", "Objetos dentro de él")).unwrap();
        for shape in nested {
            text.push_str(&of_shape(shape, lang));
        }
    }
    if !type_.extensions.is_empty() {
        let title = say(lang, "Extensions of the standard", "Extensiones del estándar");
        write!(text, "## {title}\n\n").unwrap();
        for extension in type_.extensions {
            let about = sentence(extension.about.text(lang));
            let of_shape = of_shape(extension.shape, lang);
            let (head, rest) = of_shape.split_once("\n\n").unwrap();
            write!(text, "{head}\n\n{about} {rest}").unwrap();
            for shape in self::nested(extension.shape) {
                text.push_str(&self::of_shape(shape, lang));
            }
        }
    }
    text.push_str(&relationships(type_, lang));
    write!(text, "## {}\n\n", say(lang, "An example", "Un ejemplo")).unwrap();
    write!(text, "```json\n{}\n```\n", example(type_)).unwrap();
    text
}

/// What there is to say about a type in a few words.
fn facts(type_: &Type, lang: Lang) -> String {
    let class = match (type_.class, lang) {
        (Class::Domain, Lang::En) => "domain object (SDO)",
        (Class::Domain, Lang::Es) => "objeto de dominio (SDO)",
        (Class::Relationship, Lang::En) => "relationship object (SRO)",
        (Class::Relationship, Lang::Es) => "objeto de relación (SRO)",
        (Class::Observable, Lang::En) => "cyber-observable object (SCO)",
        (Class::Observable, Lang::Es) => "objeto ciberobservable (SCO)",
        (Class::Meta, Lang::En) => "meta object",
        (Class::Meta, Lang::Es) => "metaobjeto",
        (Class::Bundle, Lang::En) => "the bundle, which is no STIX object",
        (Class::Bundle, Lang::Es) => "el paquete, que no es un objeto STIX",
    };
    let required = |name: &str| type_.required.contains(&name);
    let unused = |name: &str| type_.unused.contains(&name);
    let optional = common::COMMON.properties.iter().map(|property| property.name);
    let optional: Vec<&str> = optional.filter(|name| !required(name) && !unused(name)).collect();
    let mut facts = vec![
        (say(lang, "class", "clase"), class.to_owned()),
        (say(lang, "section", "sección"), type_.section.to_owned()),
        (
            say(lang, "common properties, required", "propiedades comunes, obligatorias"),
            names(type_.required.iter().copied()),
        ),
        (say(lang, "optional", "opcionales"), names(optional)),
        (say(lang, "not used", "sin uso"), names(type_.unused.iter().copied())),
    ];
    if type_.class == Class::Observable {
        let computed = match (type_.contributing, lang) {
            ([], Lang::En) => "nothing: it is random".to_owned(),
            ([], Lang::Es) => "nada: es aleatorio".to_owned(),
            (properties, _) => names(properties.iter().copied()),
        };
        facts.push((say(lang, "identifier computed from", "identificador calculado de"), computed));
    }
    let rows: Vec<_> = facts
        .into_iter()
        .filter(|(_, fact)| !fact.is_empty())
        .map(|(name, fact)| vec![capital(name), fact])
        .collect();
    table(&["", ""], &rows)
}

/// The rows of a table of properties.
fn properties(shape: &Shape, lang: Lang) -> String {
    let presence = |property: &Property| match property.presence {
        Presence::Required => say(lang, "**required**", "**obligatoria**"),
        Presence::Optional => say(lang, "optional", "opcional"),
        Presence::Deprecated => say(lang, "deprecated", "en desuso"),
    };
    let head = match lang {
        Lang::En => ["property", "kind", "", "what it says"],
        Lang::Es => ["propiedad", "clase de valor", "", "qué dice"],
    };
    let rows: Vec<_> = shape
        .properties
        .iter()
        .map(|property| {
            vec![
                format!("`{}`", property.name),
                kind(&property.kind, lang),
                presence(property).to_owned(),
                property.about.text(lang).to_owned(),
            ]
        })
        .collect();
    table(&head, &rows)
}

/// A kind in words, with links.
fn kind(kind: &Kind, lang: Lang) -> String {
    linked(&kind.words(lang), lang, |name| {
        let shared = SHARED.iter().any(|shape| shape.name == name);
        let common = shared.then(|| format!("{}#{name}", page("common", lang)));
        common.or_else(|| shape_of(kind).filter(|it| *it == name).map(|name| format!("#{name}")))
    })
}

/// The shape that a kind is of, in the end.
fn shape_of(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Object(shape) => Some(shape.name),
        Kind::List(inner) | Kind::Dictionary(inner) | Kind::Names(inner) => shape_of(inner),
        Kind::Either(kinds) => kinds.iter().find_map(shape_of),
        _ => None,
    }
}

fn rules(shape: &Shape, level: &str, lang: Lang) -> String {
    if shape.rules.is_empty() {
        return String::new();
    }
    let mut text = format!("{level} {}\n\n", say(lang, "Rules", "Reglas"));
    for rule in shape.rules {
        let strength = match rule.strength {
            Strength::Must => say(lang, "MUST", "Obligatorio (MUST)"),
            Strength::Should => say(lang, "SHOULD", "Recomendado (SHOULD)"),
        };
        let section = say(lang, "section", "sección");
        writeln!(text, "- {strength}: {}; {section} {}", rule.choice.words(lang), rule.section)
            .unwrap();
    }
    text.push('\n');
    text
}

/// The shapes within a shape, but for those that many types share; each once, in the order they are met.
fn nested(shape: &Shape) -> Vec<&'static Shape> {
    let mut found: Vec<&'static Shape> = Vec::new();
    let mut open: Vec<&'static Kind> = Vec::new();
    let mut kinds: Vec<Kind> = shape.properties.iter().map(|property| property.kind).collect();
    kinds.reverse();
    let mut take = |kind: &Kind, open: &mut Vec<&'static Kind>| match kind {
        Kind::Object(inner)
            if !SHARED.iter().chain(&found).any(|known| known.name == inner.name) =>
        {
            found.push(inner);
            open.extend(inner.properties.iter().rev().map(|property| &property.kind));
        }
        Kind::List(inner) | Kind::Dictionary(inner) | Kind::Names(inner) => open.push(inner),
        Kind::Either(kinds) => open.extend(kinds.iter().rev()),
        _ => {}
    };
    while let Some(kind) = kinds.pop() {
        take(&kind, &mut open);
        while let Some(kind) = open.pop() {
            take(kind, &mut open);
        }
    }
    found
}

fn of_shape(shape: &Shape, lang: Lang) -> String {
    let section = say(lang, "Section", "Sección");
    let mut text = format!("### `{}`\n\n{section} {}.\n\n", shape.name, shape.section);
    text.push_str(&properties(shape, lang));
    text.push_str(&rules(shape, "####", lang));
    text
}

/// The relationships that start from a type and those that lead to it.
fn relationships(type_: &Type, lang: Lang) -> String {
    let mut text = String::new();
    let link = |words: String| linked(&words, lang, |_| None);
    let out: Vec<_> = type_
        .relationships
        .iter()
        .map(|one| vec![format!("`{}`", one.name), link(one.targets.words(lang))])
        .collect();
    let mut sources: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for source in types::all() {
        let leads = |one: &&Relationship| allows(&one.targets, type_);
        for one in source.relationships.iter().filter(leads) {
            sources.entry(one.name).or_default().push(to_type(source.name, "", lang));
        }
    }
    let into: Vec<_> = sources
        .into_iter()
        .map(|(name, from)| vec![format!("`{name}`"), from.join(", ")])
        .collect();
    if matches!(type_.class, Class::Domain | Class::Observable) {
        write!(text, "## {}\n\n", say(lang, "Relationships", "Relaciones")).unwrap();
        let alone = out.is_empty() && into.is_empty();
        let note = match (lang, alone) {
            (Lang::En, true) => {
                "Only those [of every type](common.md#relationships-of-every-type)."
            }
            (Lang::En, false) => {
                "Besides those [of every type](common.md#relationships-of-every-type):"
            }
            (Lang::Es, true) => {
                "Sólo las [de todos los tipos](common.es.md#relaciones-de-todos-los-tipos)."
            }
            (Lang::Es, false) => {
                "Además de las [de todos los tipos](common.es.md#relaciones-de-todos-los-tipos):"
            }
        };
        write!(text, "{note}\n\n").unwrap();
    }
    let from_here = [say(lang, "from here", "desde aquí"), say(lang, "to", "hacia")];
    let to_here = [say(lang, "to here", "hasta aquí"), say(lang, "from", "desde")];
    text.push_str(&table(&from_here, &out));
    text.push_str(&table(&to_here, &into));
    text
}

fn allows(targets: &Targets, type_: &Type) -> bool {
    let of_class = targets.classes.contains(&type_.class) && !targets.except.contains(&type_.name);
    of_class || targets.types.contains(&type_.name)
}

/// The page of what the types have in common.
fn of_common(lang: Lang) -> String {
    let mut text = top(say(lang, "Common properties", "Propiedades comunes"), "common", lang);
    text.push_str(match lang {
        Lang::En => {
            "What objects of every type may have (section 3.2). Which of these a type requires, and which it has no\n\
             use for, stands on its page.\n\n"
        }
        Lang::Es => {
            "Lo que pueden tener los objetos de todos los tipos (sección 3.2). Cuáles exige un tipo y cuáles no usa se\n\
             dice en su página.\n\n"
        }
    });
    let head = match lang {
        Lang::En => ["property", "kind", "what it says"],
        Lang::Es => ["propiedad", "clase de valor", "qué dice"],
    };
    let rows: Vec<_> = common::COMMON
        .properties
        .iter()
        .map(|property| {
            let about = property.about.text(lang).to_owned();
            vec![format!("`{}`", property.name), kind(&property.kind, lang), about]
        })
        .collect();
    text.push_str(&table(&head, &rows));
    write!(
        text,
        "{} {}.\n\n",
        say(
            lang,
            "Names that no property may have (section 3.8):",
            "Nombres que ninguna propiedad puede tener (sección 3.8):"
        ),
        names(common::RESERVED.iter().copied())
    )
    .unwrap();
    write!(text, "## {}\n\n", say(lang, "Objects within them", "Objetos dentro de ellas")).unwrap();
    for shape in SHARED {
        text.push_str(&of_shape(shape, lang));
    }
    text.push_str(match lang {
        Lang::En => {
            "## Relationships of every type\n\n\
             Between any two domain or cyber-observable objects (section 3.7): `related-to`. Between two of one type:\n\
             `derived-from`, `duplicate-of`.\n"
        }
        Lang::Es => {
            "## Relaciones de todos los tipos\n\n\
             Entre dos objetos de dominio o ciberobservables cualesquiera (sección 3.7): `related-to`. Entre dos del\n\
             mismo tipo: `derived-from`, `duplicate-of`.\n"
        }
    });
    text
}
