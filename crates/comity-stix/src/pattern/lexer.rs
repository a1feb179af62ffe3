//! The words of a pattern (sections 9.2, 9.4 and 9.7), taken one by one as the parser asks for them.

use std::ops::Range;

use super::ast::Operator;
use super::error::{Fault, PatternCode};

/// A word and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind<'t>,
    pub(super) span: Range<usize>,
}

/// What a word is. Constants are still as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// A keyword, a type of object or a property.
    Word(&'t str),
    /// What starts as a number does.
    Number(&'t str),
    /// What stands between apostrophes.
    Text(&'t str),
    /// The same, with a `t` in front.
    Timestamp(&'t str),
    /// The same, with an `h` in front.
    Hex(&'t str),
    /// The same, with a `b` in front.
    Binary(&'t str),
    /// An operator that is no word.
    Operator(Operator),
    /// One of `[](),:.*`
    Mark(char),
    /// There is nothing more.
    End,
}

/// What the next word may be: the same characters mean different things in a path and outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Anything outside a path.
    Plain,
    /// A name in a path, which may begin with a digit.
    Name,
    /// What follows a name in a path: a point is no start of a number.
    Step,
}

/// Reads words from a text. It looks at every character a bounded number of times.
#[derive(Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// What is written there.
    pub(super) fn written(&self, span: &Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// Whether that character comes next, after whitespace.
    pub(super) fn comes(&self, mark: char) -> bool {
        let mut ahead = Self { ..*self };
        ahead.skip_blanks();
        ahead.rest().starts_with(mark)
    }

    /// The next word.
    pub(super) fn next(&mut self, mode: Mode) -> Result<Token<'t>, Fault> {
        self.skip_blanks();
        let start = self.at;
        let mut characters = self.rest().chars();
        let Some(first) = characters.next() else {
            return Ok(Token { kind: Kind::End, span: start..start });
        };
        let second = characters.next();
        let kind = match first {
            '\'' => Kind::Text(self.quoted(start)?),
            '.' if mode == Mode::Step => self.mark(first),
            _ if mode == Mode::Name && (first.is_alphanumeric() || first == '_') => {
                Kind::Word(self.take(|c| c.is_alphanumeric() || matches!(c, '_' | '-')))
            }
            'a'..='z' | 'A'..='Z' | '_' => self.word(start)?,
            '0'..='9' => Kind::Number(self.number()),
            '-' | '+' if second.is_some_and(|c| c.is_ascii_digit() || c == '.') => {
                Kind::Number(self.number())
            }
            '.' if second.is_some_and(|c| c.is_ascii_digit()) => Kind::Number(self.number()),
            '[' | ']' | '(' | ')' | ',' | ':' | '.' | '*' => self.mark(first),
            '=' | '!' | '<' | '>' | '&' | '|' => self.operator(first, second)?,
            '"' | '`' | '‘' | '’' | '“' | '”' | '´' | '«' | '»' => {
                return Err(self.fault(PatternCode::QuotationMarks, first));
            }
            '/' if matches!(second, Some('*' | '/')) => return Err(self.comment()),
            _ => return Err(self.fault(PatternCode::UnexpectedCharacter, first)),
        };
        Ok(Token { kind, span: start..self.at })
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn mark(&mut self, mark: char) -> Kind<'t> {
        self.at += mark.len_utf8();
        Kind::Mark(mark)
    }

    /// Everything from here on that belongs to it.
    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|character| !belongs(character)).unwrap_or(rest.len());
        let taken = rest.get(..end).unwrap_or_default();
        self.at += taken.len();
        taken
    }

    fn fault(&self, code: PatternCode, character: char) -> Fault {
        let span = self.at..self.at + character.len_utf8();
        Fault::saying(code, span.clone(), [self.written(&span)])
    }

    /// Whitespace is every character with that property, and nothing else separates words (section 9.4).
    fn skip_blanks(&mut self) {
        self.take(char::is_whitespace);
    }

    /// A comment as other languages have it, to its end.
    fn comment(&self) -> Fault {
        let rest = self.rest();
        let length = if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            rest.find(['\r', '\n'])
        };
        Fault::new(PatternCode::Comment, self.at..self.at + length.unwrap_or(rest.len()))
    }

    /// A word, or a constant with a letter before its apostrophe.
    fn word(&mut self, start: usize) -> Result<Kind<'t>, Fault> {
        let word = self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        let constant = match word {
            "t" => Kind::Timestamp,
            "h" => Kind::Hex,
            "b" => Kind::Binary,
            _ => return Ok(Kind::Word(word)),
        };
        if self.rest().starts_with('\'') {
            Ok(constant(self.quoted(start)?))
        } else {
            Ok(Kind::Word(word))
        }
    }

    /// All that belongs to a number or looks as if it should; the parser judges it.
    fn number(&mut self) -> &'t str {
        let start = self.at;
        self.take(|c| matches!(c, '+' | '-'));
        loop {
            let part = self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
            let exponent = part.ends_with(['e', 'E']);
            if !exponent || !self.rest().starts_with(['+', '-']) {
                break;
            }
            self.at += 1;
        }
        self.written(&(start..self.at))
    }

    fn operator(&mut self, first: char, second: Option<char>) -> Result<Kind<'t>, Fault> {
        let (kind, length) = match (first, second) {
            ('=', Some('=')) => return Err(self.foreign("=")),
            ('<', Some('>')) => return Err(self.foreign("!=")),
            ('&', _) => return Err(self.foreign("AND")),
            ('|', _) => return Err(self.foreign("OR")),
            ('!', Some('=')) => (Operator::NotEqual, 2),
            ('<', Some('=')) => (Operator::LessOrEqual, 2),
            ('>', Some('=')) => (Operator::GreaterOrEqual, 2),
            ('=', _) => (Operator::Equal, 1),
            ('<', _) => (Operator::Less, 1),
            ('>', _) => (Operator::Greater, 1),
            _ => return Err(self.foreign("NOT")),
        };
        self.at += length;
        Ok(Kind::Operator(kind))
    }

    /// An operator that other languages have, and how it is written here.
    fn foreign(&self, ours: &str) -> Fault {
        let rest = self.rest();
        let end = rest.find(|c| !matches!(c, '=' | '<' | '>' | '&' | '|' | '!'));
        let theirs = rest.get(..end.unwrap_or(rest.len()).min(2)).unwrap_or_default();
        let span = self.at..self.at + theirs.len();
        Fault::saying(PatternCode::ForeignOperator, span, [theirs, ours])
    }

    /// What stands between the apostrophe here and the one that ends it; escapes are checked and left as they are.
    fn quoted(&mut self, start: usize) -> Result<&'t str, Fault> {
        let begin = self.at + 1;
        let inner = self.text.get(begin..).unwrap_or_default();
        let mut characters = inner.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\'' => {
                    self.at = begin + at + 1;
                    return Ok(self.written(&(begin..begin + at)));
                }
                '\\' => match characters.next() {
                    Some((_, '\'' | '\\')) => {}
                    Some((_, other)) => {
                        let span = begin + at..begin + at + 1 + other.len_utf8();
                        let words = [self.written(&span)];
                        return Err(Fault::saying(PatternCode::BadEscape, span, words));
                    }
                    None => break,
                },
                _ => {}
            }
        }
        Err(Fault::new(PatternCode::UnendedText, start..begin))
    }
}

/// A text with its escapes resolved (section 9.2). The lexer let only good ones by.
pub(super) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        text.push(if character == '\\' { characters.next().unwrap_or('\\') } else { character });
    }
    text
}
