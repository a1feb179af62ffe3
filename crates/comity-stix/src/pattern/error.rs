//! What is wrong with the text of a pattern: where, by which rule, and how to mend it.

mod code;
mod texts;

use std::fmt;
use std::ops::Range;

pub use code::PatternCode;

use crate::finding::{Lang, Word};

/// Why a text is no pattern. The first thing that is wrong is reported; a pattern is refused whole (section 9.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Which rule, as a stable name.
    pub code: PatternCode,
    /// What is meant: bytes from the start of the text. Empty, and at the end, where something is missing there.
    pub span: Range<usize>,
    /// The line the span starts in, from 1. Lines end with a line feed.
    pub line: usize,
    /// The character of that line the span starts with, from 1.
    pub column: usize,
    /// The section of the standard that holds the rule, or `docs/protocol.md 5` where it is a bound of this node.
    pub section: &'static str,
    /// The message in English; it says how to mend the pattern. What it quotes is cut and escaped.
    pub message: String,
    words: Box<[Gap]>,
}

/// What fills the gaps of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Words of the pattern or of the language, the same for every reader.
    Said(Word),
    /// What should have stood there, named in the reader's language.
    Expected(Expected),
}

/// What can be expected at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Observation,
    ObservationEnd,
    GroupEnd,
    Comparison,
    BracketEnd,
    ComparisonGroupEnd,
    Colon,
    Property,
    Index,
    IndexEnd,
    Operator,
    Constant,
    Text,
    Set,
    SetEnd,
    Number,
    Timestamp,
    Path,
    Seconds,
    Times,
    Stop,
}

impl Expected {
    /// The section that says what stands there.
    fn section(self) -> &'static str {
        match self {
            Self::Observation | Self::ObservationEnd | Self::GroupEnd | Self::BracketEnd => "9.5",
            Self::Number | Self::Timestamp | Self::Seconds | Self::Times | Self::Stop => "9.5.1",
            Self::Comparison | Self::ComparisonGroupEnd => "9.6",
            Self::Operator | Self::Text | Self::Set | Self::SetEnd => "9.6.1",
            Self::Colon | Self::Property | Self::Path => "9.7",
            Self::Index | Self::IndexEnd => "9.7.2",
            Self::Constant => "9.2",
        }
    }
}

/// What is wrong, before its place is counted out.
#[derive(Debug)]
pub(crate) struct Fault {
    code: PatternCode,
    span: Range<usize>,
    words: Box<[Gap]>,
}

impl Fault {
    pub(crate) fn new(code: PatternCode, span: Range<usize>) -> Self {
        Self { code, span, words: Box::default() }
    }

    /// With words that the message quotes, in the order of its gaps.
    pub(crate) fn saying<'a>(
        code: PatternCode,
        span: Range<usize>,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let words = words.into_iter().map(|word| Gap::Said(Word::said(word))).collect();
        Self { code, span, words }
    }

    /// With a number that the message names.
    pub(crate) fn bound(code: PatternCode, span: Range<usize>, bound: usize) -> Self {
        Self { code, span, words: [Gap::Said(Word::number(bound))].into() }
    }

    /// Something else stands where this was expected.
    pub(crate) fn unexpected(found: &str, span: Range<usize>, expected: Expected) -> Self {
        let words = [Gap::Said(Word::said(found)), Gap::Expected(expected)];
        Self { code: PatternCode::Unexpected, span, words: words.into() }
    }

    /// The text ends where this was expected.
    pub(crate) fn cut(end: usize, expected: Expected) -> Self {
        Self { code: PatternCode::Cut, span: end..end, words: [Gap::Expected(expected)].into() }
    }

    /// The error, with line and column in the text it is about.
    pub(crate) fn locate(self, text: &str) -> PatternError {
        let Self { code, span, words } = self;
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&character| character != '\n').count() + 1;
        let message = texts::message(code, &words, Lang::En);
        let section = words.iter().find_map(|word| match word {
            Gap::Expected(expected) => Some(expected.section()),
            Gap::Said(_) => None,
        });
        let section = section.unwrap_or_else(|| code.section());
        PatternError { code, span, line, column, section, message, words }
    }
}

impl PatternError {
    /// The stable name of the rule, in kebab case.
    pub fn code(&self) -> &'static str {
        self.code.as_str()
    }

    /// The message in one of the languages people read; it says how to mend the pattern.
    pub fn message_in(&self, lang: Lang) -> String {
        texts::message(self.code, &self.words, lang)
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for PatternError {}
