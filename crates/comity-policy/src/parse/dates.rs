//! Dates that TOML refuses before anybody can ask what they are for.

use jiff::civil::Date;

/// The one field and its word in which the language has dates.
const FIELDS: [(&str, &str); 2] =
    [("from", "agreement.in_force.from"), ("until", "agreement.in_force.until")];

/// The first date on the line of an offset that the calendar does not have, and its field; empty where that can't be told.
pub(super) fn impossible(text: &str, offset: usize) -> Option<(&'static str, &str)> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next()?;
    let code = line.split('#').next()?;
    let mut words = code.split(|it: char| !(it.is_ascii_alphanumeric() || "-_".contains(it)));
    let mut field = "";
    words.find_map(|word| {
        if let Some((_, known)) = FIELDS.iter().find(|(key, _)| *key == word) {
            field = known;
        }
        (is_dated(word) && word.parse::<Date>().is_err()).then_some((field, word))
    })
}

/// Whether a word has the form of a date: four digits, two and two.
fn is_dated(word: &str) -> bool {
    let mut parts = word.split('-');
    let mut is = |digits: usize| {
        let part = parts.next().unwrap_or_default();
        part.len() == digits && part.bytes().all(|it| it.is_ascii_digit())
    };
    is(4) && is(2) && is(2) && parts.next().is_none()
}
