//! The numbered sections of the standard's own text, and the tables in them.

use std::collections::BTreeMap;

use super::standard::{numbered, plain, spans};

/// The lines of each numbered section up to the next, by its number.
pub(super) fn sections(text: &str) -> BTreeMap<String, Vec<&str>> {
    let mut sections: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut number = String::new();
    for line in text.lines() {
        if let Some(found) = numbered(line) {
            number = found;
        }
        sections.entry(number.clone()).or_default().push(line);
    }
    sections
}

/// The bold names in the cell below a header: `Required Common Properties`.
pub(super) fn named(lines: &[&str], header: &str) -> Option<String> {
    let below = lines.iter().skip_while(|line| !line.contains(header));
    let cell = below.copied().find(|line| line.contains("<td>"))?;
    let names = spans(cell, "<strong>", "</strong>");
    Some(names.iter().map(|name| name.trim()).collect::<Vec<_>>().join(" "))
}

/// The relationships that start from a type: their names, each with its targets, in order.
pub(super) fn relationships(lines: &[&str]) -> Vec<(String, String)> {
    let cells: Vec<String> = lines
        .iter()
        .skip_while(|line| !line.contains("Relationship Type"))
        .take_while(|line| !line.contains("Reverse Relationships"))
        .map(|line| line.trim())
        .filter(|line| line.starts_with("<td>"))
        .map(|line| plain(line).trim().replace(',', ""))
        .collect();
    let mut found = Vec::new();
    // Source, names, targets, description; a dash where there are none.
    for row in cells.chunks(4).filter(|row| row[0] != "—") {
        found.extend(row[1].split(' ').map(|name| (name.to_owned(), row[2].clone())));
    }
    found
}

/// The name and the terms of the vocabulary that a section lists.
pub(super) fn vocabulary(lines: &[&str]) -> (String, Vec<String>) {
    let name = lines.iter().find(|line| line.contains(" Name:**")).unwrap();
    let name = spans(name, "<span class=\"stixtype\">", "</span>").concat();
    let mut terms: Vec<String> = Vec::new();
    for line in lines.iter().skip_while(|line| !line.contains(" Value</span>")) {
        let (term, literal) = (plain(line), spans(line, "<span class=\"stixliteral\">", "</span>"));
        // A cell that is a literal and nothing else; one term stands in its table twice.
        if literal == [term.trim()] && !terms.contains(&literal[0]) {
            terms.extend(literal);
        }
    }
    (name, terms)
}
