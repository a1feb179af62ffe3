//! From words to a tree (sections 9.5 to 9.7). One word is looked at ahead; nothing is read twice.

mod comparison;
mod constant;

use std::ops::Range;

use super::ast::{Expression, Observation, Qualifier};
use super::error::{Expected, Fault, PatternCode};
use super::lexer::{Kind, Lexer, Mode, Token};
use super::number::NumberError;
use super::parsed::PatternLimits;
use crate::timestamp::Stamp;

/// What reading gives.
type Parsed<T> = Result<T, Fault>;

/// Levels that the stack is sure to hold, whatever the caller allows.
const DEEPEST: usize = 128;

/// Words that name no type, and no property without apostrophes in the standard's grammar file.
const RESERVED: [&str; 19] = [
    "AND",
    "EXISTS",
    "FOLLOWEDBY",
    "IN",
    "ISSUBSET",
    "ISSUPERSET",
    "LAST",
    "LIKE",
    "MATCHES",
    "NOT",
    "OR",
    "REPEATS",
    "SECONDS",
    "START",
    "STOP",
    "TIMES",
    "WITHIN",
    "false",
    "true",
];

/// Whether the language uses that word itself.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// Reads a whole pattern.
pub(super) fn parse(text: &str, limits: &PatternLimits) -> Parsed<Expression> {
    if text.len() > limits.bytes {
        let end = text.floor_char_boundary(limits.bytes);
        return Err(Fault::bound(PatternCode::TooLong, end..text.len(), limits.bytes));
    }
    let mut lexer = Lexer::new(text);
    let token = lexer.next(Mode::Plain)?;
    if token.kind == Kind::End {
        return Err(Fault::new(PatternCode::Empty, token.span));
    }
    let limits = PatternLimits { depth: limits.depth.min(DEEPEST), ..*limits };
    let mut parser = Parser { lexer, token, limits, depth: 0, comparisons: 0, expressions: 0 };
    let expression = parser.expression()?;
    match parser.token.kind {
        Kind::End => Ok(expression),
        _ => Err(parser.unexpected(Expected::ObservationEnd)),
    }
}

#[derive(Debug)]
struct Parser<'t> {
    lexer: Lexer<'t>,
    /// The word that comes next.
    token: Token<'t>,
    limits: PatternLimits,
    /// Brackets and parentheses that are open.
    depth: usize,
    comparisons: usize,
    expressions: usize,
}

impl Parser<'_> {
    /// Observations joined by `FOLLOWEDBY`, which binds least (section 9.5.3).
    fn expression(&mut self) -> Parsed<Expression> {
        let parts = self.joined("FOLLOWEDBY", Self::alternatives)?;
        Ok(join(parts, Expression::FollowedBy, |part| match part {
            Expression::FollowedBy(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    fn alternatives(&mut self) -> Parsed<Expression> {
        let parts = self.joined("OR", Self::conjunction)?;
        Ok(join(parts, Expression::Or, |part| match part {
            Expression::Or(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    fn conjunction(&mut self) -> Parsed<Expression> {
        let parts = self.joined("AND", Self::qualified)?;
        Ok(join(parts, Expression::And, |part| match part {
            Expression::And(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    /// An observation, or a group in parentheses, and its qualifiers.
    fn qualified(&mut self) -> Parsed<Expression> {
        let mut expression = match self.token.kind {
            Kind::Mark('[') => self.observation()?,
            Kind::Mark('(') => {
                self.open()?;
                let inner = self.expression()?;
                self.close(')', Expected::GroupEnd)?;
                inner
            }
            Kind::Word(word) if self.lexer.comes(':') => {
                return Err(self.fault(PatternCode::MissingBrackets, [word]));
            }
            _ => return Err(self.unexpected(Expected::Observation)),
        };
        let mut seen: [Option<&str>; 3] = [None; 3];
        loop {
            let start = self.token.span.start;
            let Some((keyword, qualifier)) = self.qualifier()? else {
                return Ok(expression);
            };
            if seen.contains(&Some(keyword)) {
                let span = start..start + keyword.len();
                return Err(Fault::saying(PatternCode::DuplicateQualifier, span, [keyword]));
            }
            if let Some(free) = seen.iter_mut().find(|slot| slot.is_none()) {
                *free = Some(keyword);
            }
            expression = Expression::Qualified(Box::new(expression), qualifier);
        }
    }

    fn observation(&mut self) -> Parsed<Expression> {
        self.open()?;
        let comparison = self.comparison()?.tree;
        self.close(']', Expected::BracketEnd)?;
        Ok(Expression::Observation(Observation(comparison)))
    }

    /// A qualifier, if one comes, and its keyword (section 9.5.1).
    fn qualifier(&mut self) -> Parsed<Option<(&'static str, Qualifier)>> {
        if self.take_word("WITHIN")? {
            let (seconds, span) = self.number()?;
            if !seconds.is_positive() {
                return Err(self.fault_at(PatternCode::NotPositive, span));
            }
            self.expect_word("SECONDS", Expected::Seconds)?;
            return Ok(Some(("WITHIN", Qualifier::Within(seconds))));
        }
        if self.take_word("REPEATS")? {
            let (times, span) = self.number()?;
            if !times.is_positive() {
                return Err(self.fault_at(PatternCode::NotPositive, span));
            }
            let Ok(times) = times.as_str().parse() else {
                return Err(self.fault_at(PatternCode::NotWhole, span));
            };
            self.expect_word("TIMES", Expected::Times)?;
            return Ok(Some(("REPEATS", Qualifier::Repeats(times))));
        }
        if self.take_word("START")? {
            let start = self.instant()?;
            self.expect_word("STOP", Expected::Stop)?;
            let stop = self.instant()?;
            return Ok(Some(("START", Qualifier::StartStop(start, stop))));
        }
        Ok(None)
    }

    fn number(&mut self) -> Parsed<(super::ast::Number, Range<usize>)> {
        let Kind::Number(written) = self.token.kind else {
            return Err(self.unexpected(Expected::Number));
        };
        let number = self.read_number(written)?;
        Ok((number, self.advance(Mode::Plain)?))
    }

    fn instant(&mut self) -> Parsed<Stamp<'static>> {
        match self.token.kind {
            Kind::Timestamp(written) => {
                let stamp = self.read_timestamp(written)?;
                self.advance(Mode::Plain)?;
                Ok(stamp)
            }
            Kind::Text(written) => Err(self.fault(PatternCode::PlainTimestamp, [written])),
            _ => Err(self.unexpected(Expected::Timestamp)),
        }
    }

    /// One or more parts with a keyword between.
    fn joined<T>(
        &mut self,
        keyword: &str,
        part: impl Fn(&mut Self) -> Parsed<T>,
    ) -> Parsed<(T, Vec<T>)> {
        let first = part(self)?;
        let mut rest = Vec::new();
        while self.take_word(keyword)? {
            rest.push(part(self)?);
        }
        Ok((first, rest))
    }

    /// Goes to the next word; gives the place of the one left behind.
    fn advance(&mut self, mode: Mode) -> Parsed<Range<usize>> {
        let next = self.lexer.next(mode)?;
        Ok(std::mem::replace(&mut self.token, next).span)
    }

    /// Past an opening bracket or parenthesis.
    fn open(&mut self) -> Parsed<()> {
        if self.depth >= self.limits.depth {
            let span = self.token.span.clone();
            return Err(Fault::bound(PatternCode::TooDeep, span, self.limits.depth));
        }
        self.depth += 1;
        self.advance(Mode::Plain).map(drop)
    }

    /// Past the bracket or parenthesis that closes the last one opened.
    fn close(&mut self, mark: char, expected: Expected) -> Parsed<()> {
        self.expect_mark(mark, expected, Mode::Plain)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn expect_mark(&mut self, mark: char, expected: Expected, mode: Mode) -> Parsed<()> {
        if self.token.kind != Kind::Mark(mark) {
            return Err(self.unexpected(expected));
        }
        self.advance(mode).map(drop)
    }

    /// Past a keyword, if it comes. Only where no name can stand: a keyword in other letters is an error.
    fn take_word(&mut self, keyword: &str) -> Parsed<bool> {
        match self.token.kind {
            Kind::Word(word) if word == keyword => self.advance(Mode::Plain).map(|_| true),
            Kind::Word(word) if word.eq_ignore_ascii_case(keyword) => {
                Err(self.fault(PatternCode::KeywordCase, [word, keyword]))
            }
            _ => Ok(false),
        }
    }

    fn expect_word(&mut self, keyword: &str, expected: Expected) -> Parsed<()> {
        if self.take_word(keyword)? { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// Something is wrong with the word that comes next.
    fn fault<'a>(&self, code: PatternCode, words: impl IntoIterator<Item = &'a str>) -> Fault {
        Fault::saying(code, self.token.span.clone(), words)
    }

    /// Something is wrong with what is written there.
    fn fault_at(&self, code: PatternCode, span: Range<usize>) -> Fault {
        let written = self.lexer.written(&span);
        Fault::saying(code, span, [written])
    }

    /// The word that comes next is not what has to come.
    fn unexpected(&self, expected: Expected) -> Fault {
        let span = self.token.span.clone();
        match self.token.kind {
            Kind::End => Fault::cut(span.end, expected),
            _ => Fault::unexpected(self.lexer.written(&span), span, expected),
        }
    }
}

impl From<NumberError> for PatternCode {
    fn from(error: NumberError) -> Self {
        match error {
            NumberError::Form => Self::NumberForm,
            NumberError::Plus => Self::PlusSign,
            NumberError::IntegerRange => Self::IntegerRange,
            NumberError::FloatRange => Self::FloatRange,
        }
    }
}

/// One tree of many parts; those joined by the same operator become one level, as the operator is associative.
fn join<T>(
    (first, rest): (T, Vec<T>),
    make: fn(Vec<T>) -> T,
    parts: fn(T) -> Result<Vec<T>, T>,
) -> T {
    if rest.is_empty() {
        return first;
    }
    let mut all = Vec::with_capacity(rest.len() + 1);
    for part in std::iter::once(first).chain(rest) {
        match parts(part) {
            Ok(inner) => all.extend(inner),
            Err(single) => all.push(single),
        }
    }
    make(all)
}
