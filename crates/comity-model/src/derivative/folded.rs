//! Text as it is compared: without regard to case, accents, invisible characters or kinds of white space.

use comity_stix::json::{Kind as Json, Value};
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// A text in the form in which texts are compared, and the way back to where it was written.
#[derive(Debug)]
pub(super) struct Folded {
    /// Lower case, compatibility characters taken apart, without accents; one blank for any white space.
    pub(super) text: String,
    /// For each character of it: where it begins there, and where what it came from begins in the text as written.
    origins: Vec<(usize, usize)>,
    /// Bytes of the text as written.
    written: usize,
}

impl Folded {
    /// Folds a text.
    pub(super) fn new(written: &str) -> Self {
        let mut folded = Self { text: String::new(), origins: Vec::new(), written: written.len() };
        for (at, character) in written.char_indices() {
            if character.is_ascii() {
                folded.push(character.to_ascii_lowercase(), at);
            } else if !is_invisible(character) {
                for lower in character.to_lowercase() {
                    decompose_compatible(lower, |part| folded.push(part, at));
                }
            }
        }
        folded
    }

    fn push(&mut self, character: char, at: usize) {
        let character = match character {
            white if white.is_whitespace() => ' ',
            'ς' => 'σ',
            other => other,
        };
        if character == ' ' && self.text.ends_with(' ') || canonical_combining_class(character) != 0
        {
            return;
        }
        self.origins.push((self.text.len(), at));
        self.text.push(character);
    }

    /// The range of the text as written that a range of the folded one came from: whole characters, with the accents
    /// and invisible characters that follow them.
    pub(super) fn written(&self, start: usize, end: usize) -> (usize, usize) {
        let at = |index: usize| self.origins.get(index).map_or(self.written, |origin| origin.1);
        let first = self.origins.partition_point(|origin| origin.0 <= start).saturating_sub(1);
        let last = self.origins.partition_point(|origin| origin.0 < end).saturating_sub(1);
        let after = self.origins.partition_point(|origin| origin.1 <= at(last));
        (at(first), at(after))
    }
}

/// A text as it is compared: in lower case, without accents and invisible characters, one blank for any white space.
pub fn fold(written: &str) -> String {
    let folded = Folded::new(written).text;
    match folded.trim() {
        trimmed if trimmed.len() == folded.len() => folded,
        trimmed => trimmed.to_owned(),
    }
}

/// What a value says that can be compared with texts: a string, or a number as it is written.
pub(super) fn said(value: Value<'_, '_>) -> Option<String> {
    match value.kind() {
        Json::Text => value.text().map(|text| fold(&text)),
        Json::Number => Some(value.raw().to_ascii_lowercase()),
        _ => None,
    }
}

/// Characters that nobody sees: soft hyphens, joiners, marks of direction.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_white_space_and_invisible_characters_make_no_difference() {
        for other in ["ANA  PÉREZ", "ana\u{a0}pe\u{301}rez", "A\u{200b}na\tPerez ", "Ana\n Pérez"]
        {
            assert_eq!(fold(other), "ana perez", "{other:?}");
        }
        assert_ne!(fold("Ana Peres"), "ana perez");
    }

    #[test]
    fn the_way_back_takes_whole_characters() {
        let written = "see Pe\u{301}re\u{ad}z, ﬁrst";
        let folded = Folded::new(written);
        let start = folded.text.find("perez").unwrap();
        let (from, to) = folded.written(start, start + 5);
        assert_eq!(written.get(from..to), Some("Pe\u{301}re\u{ad}z"));
        let start = folded.text.find("irst").unwrap();
        let (from, to) = folded.written(start, start + 4);
        assert_eq!(written.get(from..to), Some("ﬁrst"));
        let (from, to) = folded.written(0, folded.text.len());
        assert_eq!((from, to), (0, written.len()));
    }
}
