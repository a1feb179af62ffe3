//! The lists in the indexes: what stands around them is written by hand.

use std::fmt::Write as _;

use comity_stix::Lang;
use comity_stix::types::{self, Class};

use super::markdown::{capital, say, table, to_type};

const BEGIN: &str = "<!-- types: made from the tables -->\n";
const END: &str = "<!-- end of types -->";

/// An index with its list of types as the tables have it.
pub(super) fn filled(written: &str, lang: Lang) -> String {
    let (before, rest) = written.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    format!("{before}{BEGIN}\n{}{END}{after}", list(lang))
}

fn list(lang: Lang) -> String {
    let mut text = String::new();
    let classes =
        [Class::Domain, Class::Relationship, Class::Observable, Class::Meta, Class::Bundle];
    for class in classes {
        let rows: Vec<_> = types::all()
            .filter(|type_| type_.class == class)
            .map(|type_| {
                let name = to_type(type_.name, "types/", lang);
                vec![name, type_.about.text(lang).to_owned(), type_.section.to_owned()]
            })
            .collect();
        let head = match lang {
            Lang::En => ["type", "what it is", "section"],
            Lang::Es => ["tipo", "qué es", "sección"],
        };
        let title = match class {
            Class::Bundle => say(lang, "The bundle", "El paquete").to_owned(),
            class => capital(class.words().text(lang)),
        };
        write!(text, "### {title}\n\n{}", table(&head, &rows)).unwrap();
    }
    text
}
