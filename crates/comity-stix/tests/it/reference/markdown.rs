//! Markdown, written and read.

use comity_stix::Lang;
use comity_stix::types;

/// The file of a page in a language.
pub(super) fn page(name: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{name}.md"),
        Lang::Es => format!("{name}.es.md"),
    }
}

/// One of two texts.
pub(super) fn say(lang: Lang, en: &'static str, es: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Es => es,
    }
}

/// A half sentence as a whole one.
pub(super) fn sentence(half: &str) -> String {
    format!("{}.", capital(half))
}

/// A text that starts with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(characters).collect()
}

/// Names between backticks, after each other.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A table; nothing where it would have no rows.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    if rows.is_empty() {
        return String::new();
    }
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let rule = vec!["---".to_owned(); head.len()];
    let rows = rows.iter().map(|row| line(row)).collect::<String>();
    format!("{}{}{rows}\n", line(&head), line(&rule))
}

/// A link to a type, from a page that lies where `folder` says relative to `types/`.
pub(super) fn to_type(name: &str, folder: &str, lang: Lang) -> String {
    format!("[`{name}`]({folder}{})", page(name, lang))
}

/// A text of the tables with links on the types, the vocabularies and, as `shape` says, the shapes it names.
pub(super) fn linked(text: &str, lang: Lang, shape: impl Fn(&str) -> Option<String>) -> String {
    let mut linked = String::new();
    for (at, part) in text.split('`').enumerate() {
        let named = if let Some(to) = shape(part) {
            format!("[`{part}`]({to})")
        } else if types::vocabulary::find(part).is_some() {
            format!("[`{part}`](../{}#{part})", page("vocabularies", lang))
        } else if types::find(part).is_some() {
            to_type(part, "", lang)
        } else {
            format!("`{part}`")
        };
        linked.push_str(if at % 2 == 1 { &named } else { part });
    }
    linked
}

/// The lines outside blocks of code.
fn outside(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    })
}

/// Where the links of a page lead.
pub(super) fn links(text: &str) -> impl Iterator<Item = &str> {
    outside(text)
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| rest.split_once(')').map(|(to, _)| to))
}

/// The names by which the headings of a page can be linked to, as the forges make them.
pub(super) fn anchors(text: &str) -> Vec<String> {
    let headings = outside(text).filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let kept = heading
            .trim_start_matches('#')
            .trim()
            .chars()
            .filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
        kept.flat_map(char::to_lowercase).map(|it| if it == ' ' { '-' } else { it }).collect()
    };
    headings.map(anchor).collect()
}
