//! Findings: what is wrong with an object, where, by which rule, and how to mend it.

mod code;
mod texts;

use std::fmt;

pub use code::{Code, Severity};

use crate::types::{Class, Targets};
pub(crate) use texts::fill;

/// A language that messages can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Spanish, as Mexico's administration writes it.
    Es,
}

/// One broken rule in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule, as a stable name.
    pub code: Code,
    /// The value concerned, as a JSON pointer (RFC 6901) into the object; empty for the object
    /// itself. A property that is missing is pointed to by the object that lacks it. It holds the
    /// property names as the sender chose them: escape it before printing it to a terminal.
    pub pointer: String,
    /// Where that value, or the offending byte, starts: bytes from the start of the object.
    pub offset: usize,
    /// The section of the standard that holds the rule, or `RFC 8259` or `docs/protocol.md 5` where
    /// the rule is not the standard's.
    pub section: &'static str,
    /// Whether the standard says MUST or SHOULD.
    pub severity: Severity,
    words: Box<[Word]>,
}

/// What fills the gaps of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Words of the sender or of the standard, the same in every language.
    Said(String),
    /// A thing of ours, named in the reader's language.
    Thing(Thing),
    /// One of several things of ours.
    Either(Box<[Thing]>),
    /// Words of ours in English and in Spanish.
    Both(String, String),
}

/// Things that messages name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    Text,
    Boolean,
    Integer,
    Number,
    List,
    Object,
    Null,
}

impl Word {
    /// A word that came from outside: cut to a readable length, with everything escaped that could
    /// move a cursor or turn the direction of writing.
    pub(crate) fn said(text: &str) -> Self {
        Self::Said(Self::quote(text))
    }

    /// The text of [`Word::said`].
    pub(crate) fn quote(text: &str) -> String {
        const LONGEST: usize = 80;
        if text.len() <= LONGEST && text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'`') {
            return text.to_owned();
        }
        let mut safe = String::new();
        for (count, character) in text.chars().enumerate() {
            if count == LONGEST {
                safe.push('…');
                break;
            }
            let hidden = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
            if character.is_control() || hidden || character == '`' {
                safe.extend(character.escape_unicode());
            } else {
                safe.push(character);
            }
        }
        safe
    }

    /// The objects that a reference may lead to.
    pub(crate) fn targets(targets: &Targets) -> Self {
        let types = targets.types.iter().map(|name| ((*name).to_owned(), (*name).to_owned()));
        let classes = targets.classes.iter().map(|class| {
            let (english, spanish) = match class {
                Class::Domain => ("a domain object", "un objeto de dominio"),
                Class::Relationship => ("a relationship object", "un objeto de relación"),
                Class::Observable => ("an observable", "un observable"),
                Class::Meta => ("a meta object", "un metaobjeto"),
                Class::Bundle => ("a bundle", "un bundle"),
            };
            (english.to_owned(), spanish.to_owned())
        });
        let (english, spanish): (Vec<_>, Vec<_>) = types.chain(classes).unzip();
        Self::Both(english.join(", "), spanish.join(", "))
    }

    /// Words after each other, and a sign when there are more of them.
    pub(crate) fn list(words: &[Self], more: bool) -> String {
        let said = words.iter().filter_map(|word| match word {
            Self::Said(text) => Some(text.as_str()),
            _ => None,
        });
        said.chain(more.then_some("…")).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn number(number: impl fmt::Display) -> Self {
        Self::Said(number.to_string())
    }
}

impl From<Thing> for Word {
    fn from(thing: Thing) -> Self {
        Self::Thing(thing)
    }
}

impl Finding {
    pub(crate) fn new(
        code: Code,
        section: &'static str,
        pointer: String,
        offset: usize,
        words: impl Into<Box<[Word]>>,
    ) -> Self {
        Self { code, pointer, offset, section, severity: code.severity(), words: words.into() }
    }

    /// The message in English; it says how to mend the object. What it quotes is cut and escaped. It is put together
    /// when it is asked for.
    pub fn message(&self) -> String {
        self.message_in(Lang::En)
    }

    /// The same in one of the languages people read.
    pub fn message_in(&self, lang: Lang) -> String {
        texts::message(self.code, &self.words, lang)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Finding {}

/// Findings about one object, bounded so that a hostile object cannot turn a megabyte into a flood.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    pointer_bytes: usize,
}

impl Findings {
    const MOST: usize = 1_000;
    const MOST_POINTER_BYTES: usize = 1 << 20;

    /// Takes one more finding, or gives it back when there are too many.
    pub(crate) fn push(&mut self, finding: Finding) -> Result<(), Finding> {
        let pointer_bytes = self.pointer_bytes + finding.pointer.len();
        if self.list.len() >= Self::MOST
            || pointer_bytes > Self::MOST_POINTER_BYTES && !self.list.is_empty()
        {
            return Err(finding);
        }
        self.pointer_bytes = pointer_bytes;
        self.list.push(finding);
        Ok(())
    }

    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Finding, Lang, Word};

    #[test]
    fn a_hostile_name_cannot_move_the_cursor_of_who_reads_the_message() {
        let evil = format!("\u{1b}[2J`\u{202e}{}", "x".repeat(5_000));
        let finding =
            Finding::new(Code::DuplicateKey, "2.3", String::new(), 0, [Word::said(&evil)]);
        for lang in [Lang::En, Lang::Es] {
            let message = finding.message_in(lang);
            assert!(!message.chars().any(char::is_control), "{message}");
            assert!(!message.contains('\u{202e}'), "{message}");
            assert!(message.len() < 300, "{}", message.len());
        }
    }

    #[test]
    fn every_code_has_its_own_name_and_a_message_in_both_languages() {
        let mut names = std::collections::BTreeSet::new();
        for code in Code::ALL {
            let name = code.as_str();
            assert!(names.insert(name), "`{name}` twice");
            assert!(
                name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{name}"
            );
            let words = [Word::said("one"), Word::said("two")];
            let finding = Finding::new(*code, "3.2", String::new(), 0, words);
            let (en, es) = (finding.message_in(Lang::En), finding.message_in(Lang::Es));
            assert_ne!(en, es, "{name}");
            for text in [en, es] {
                assert!(!text.contains('{') && !text.ends_with('.'), "{name}: {text}");
                assert!(!text.chars().next().unwrap().is_uppercase(), "{name}: {text}");
            }
        }
    }
}
