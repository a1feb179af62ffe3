//! Constants (section 9.2), and what operators ask of theirs (section 9.6.1).

use std::mem::discriminant;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Expected, Fault, Kind, Mode, Parsed, Parser, PatternCode};
use crate::pattern::ast::{Constant, Number, ObjectPath, Operand, Step};
use crate::pattern::lexer::unescape;
use crate::pattern::regex::{self, RegexFault};
use crate::pattern::values::Encoding;
use crate::timestamp::{Stamp, TimestampError};

impl Parser<'_> {
    /// Any constant, and where it stands.
    pub(super) fn constant(&mut self) -> Parsed<(Constant, Range<usize>)> {
        let constant = match self.token.kind {
            Kind::Number(written) => Constant::Number(self.read_number(written)?),
            Kind::Text(raw) => Constant::Text(unescape(raw)),
            Kind::Timestamp(raw) => Constant::Timestamp(self.read_timestamp(raw)?),
            Kind::Hex(raw) => Constant::Hex(self.read_hex(raw)?),
            Kind::Binary(raw) => Constant::Binary(self.read_binary(raw)?),
            Kind::Word(word) => Constant::Boolean(self.read_boolean(word)?),
            Kind::Operator(_) | Kind::Mark(_) | Kind::End => {
                return Err(self.unexpected(Expected::Constant));
            }
        };
        Ok((constant, self.advance(Mode::Plain)?))
    }

    /// The set of `IN`, all of one kind, and where it ends. An integer and a float are of one kind: both are
    /// numbers, which compare by value.
    pub(super) fn set(&mut self) -> Parsed<(Operand, usize)> {
        self.expect_mark('(', Expected::Set, Mode::Plain)?;
        let mut constants: Vec<Constant> = Vec::new();
        while constants.is_empty() && self.token.kind != Kind::Mark(')')
            || !constants.is_empty() && self.token.kind == Kind::Mark(',')
        {
            if !constants.is_empty() {
                self.advance(Mode::Plain)?;
                self.comparisons += 1;
                if self.comparisons > self.limits.comparisons {
                    return Err(self.too_many_comparisons());
                }
            }
            let (constant, span) = self.constant()?;
            if constants.first().is_some_and(|one| discriminant(one) != discriminant(&constant)) {
                return Err(self.fault_at(PatternCode::MixedSet, span));
            }
            constants.push(constant);
        }
        let end = self.token.span.end;
        self.expect_mark(')', Expected::SetEnd, Mode::Plain)?;
        Ok((Operand::Set(constants), end))
    }

    pub(super) fn read_number(&self, written: &str) -> Parsed<Number> {
        Number::parse(written).map_err(|error| self.fault(error.into(), [written]))
    }

    pub(super) fn read_timestamp(&self, raw: &str) -> Parsed<Stamp<'static>> {
        Stamp::parse(raw.to_owned()).map_err(|error| {
            let code = match error {
                TimestampError::Form => PatternCode::TimestampForm,
                TimestampError::NoSuchTime => PatternCode::TimestampNoSuchTime,
            };
            self.fault(code, [raw])
        })
    }

    fn read_boolean(&self, word: &str) -> Parsed<bool> {
        match word {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(["true", "false"]
                .into_iter()
                .find(|keyword| word.eq_ignore_ascii_case(keyword))
                .map_or_else(
                    || self.fault(PatternCode::UnquotedText, [word]),
                    |keyword| self.fault(PatternCode::KeywordCase, [word, keyword]),
                )),
        }
    }

    fn read_hex(&self, raw: &str) -> Parsed<Vec<u8>> {
        let (pairs, odd) = raw.as_bytes().as_chunks::<2>();
        if !raw.bytes().all(|b| b.is_ascii_hexdigit()) || !odd.is_empty() {
            return Err(self.fault(PatternCode::HexForm, [raw]));
        }
        if raw.bytes().any(|b| b.is_ascii_uppercase()) {
            let lower = raw.to_ascii_lowercase();
            return Err(self.fault(PatternCode::HexUppercase, [lower.as_str()]));
        }
        let value = |digit: u8| if digit > b'9' { digit - b'a' + 10 } else { digit - b'0' };
        Ok(pairs.iter().map(|&[high, low]| value(high) << 4 | value(low)).collect())
    }

    /// Line feeds in base64 are passed over (section 9.2).
    fn read_binary(&self, raw: &str) -> Parsed<Vec<u8>> {
        STANDARD
            .decode(raw.replace('\n', ""))
            .map_err(|_| self.fault(PatternCode::BinaryForm, [raw]))
    }

    /// That a regular expression can be read, at a bounded cost; the error points into it.
    pub(super) fn check_expression(
        &mut self,
        raw: &str,
        text: &str,
        path: &ObjectPath,
    ) -> Parsed<()> {
        self.expressions += 1;
        let span = self.token.span.clone();
        if self.expressions > self.limits.expressions {
            let most = self.limits.expressions;
            return Err(Fault::bound(PatternCode::TooManyExpressions, span, most));
        }
        if text.len() > self.limits.expression_bytes {
            return Err(Fault::new(PatternCode::ExpressionTooLarge, span));
        }
        let from = |position| {
            let at = span.start + 1 + raw_position(raw, position);
            at..span.end.saturating_sub(1).max(at)
        };
        // Text that is no octets matches none (section 9.6.4), and is read all the same.
        let is_binary = Encoding::of(path).is_binary() && text.chars().all(|c| c < '\u{100}');
        match regex::check(text, is_binary) {
            Ok(()) => Ok(()),
            Err(RegexFault::At(position)) => {
                Err(Fault::new(PatternCode::BadExpression, from(position)))
            }
            Err(RegexFault::Foreign(position)) => {
                Err(Fault::new(PatternCode::Unsupported, from(position)))
            }
            Err(RegexFault::TooLarge) => Err(Fault::new(PatternCode::ExpressionTooLarge, span)),
        }
    }

    /// That the operand of a set operator is an address or network (sections 6.8 and 6.9) of the kind the path
    /// names, and of either where the path does not tell.
    pub(super) fn check_network(&self, text: &str, path: &ObjectPath) -> Parsed<()> {
        let value = matches!(path.steps.as_slice(), [Step::Property(name)] if name == "value");
        let (good, kind, example) = match path.object_type.as_str() {
            "ipv4-addr" if value => (is_ipv4(text), "IPv4", "198.51.100.0/24"),
            "ipv6-addr" if value => (is_ipv6(text), "IPv6", "2001:db8::/32"),
            _ => (is_ipv4(text) || is_ipv6(text), "IP", "198.51.100.0/24"),
        };
        if good { Ok(()) } else { Err(self.fault(PatternCode::BadAddress, [text, kind, example])) }
    }
}

/// Where that byte of a text stands in its spelling with escapes.
fn raw_position(raw: &str, position: usize) -> usize {
    let mut left = position;
    let mut at = 0;
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        if left == 0 {
            break;
        }
        let escaped = if character == '\\' { characters.next() } else { None };
        at += character.len_utf8() + escaped.map_or(0, char::len_utf8);
        left = left.saturating_sub(escaped.unwrap_or(character).len_utf8());
    }
    at
}

fn is_ipv4(text: &str) -> bool {
    is_network(text, 32, |address| address.parse::<Ipv4Addr>().is_ok())
}

fn is_ipv6(text: &str) -> bool {
    is_network(text, 128, |address| address.parse::<Ipv6Addr>().is_ok())
}

/// An address, or one with a length of prefix behind a slash. Bits behind the prefix may be set.
fn is_network(text: &str, bits: u8, is_address: impl Fn(&str) -> bool) -> bool {
    let Some((address, prefix)) = text.split_once('/') else {
        return is_address(text);
    };
    let plain = prefix == "0" || !prefix.starts_with(['0', '+']);
    plain && prefix.parse().is_ok_and(|length: u8| length <= bits) && is_address(address)
}
