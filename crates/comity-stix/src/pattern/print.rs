//! Patterns as text, in the canonical form that [`pattern`](crate::pattern) describes.

use std::fmt::{self, Display, Formatter, Write};
use std::mem::{Discriminant, discriminant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::ast::{
    Comparison, Constant, Expression, ObjectPath, Observation, Operand, Operator, Qualifier, Step,
    Test,
};
use super::parser::is_reserved;

/// How strongly the parts of an expression hold together (section 9.5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    FollowedBy,
    Or,
    And,
    Qualifier,
}

impl Expression {
    fn bond(&self) -> Bond {
        match self {
            Self::FollowedBy(_) => Bond::FollowedBy,
            Self::Or(_) => Bond::Or,
            Self::And(_) => Bond::And,
            Self::Observation(_) | Self::Qualified(..) => Bond::Qualifier,
        }
    }

    /// With parentheses where it would fall apart without.
    fn print_within(&self, bond: Bond, f: &mut Formatter<'_>) -> fmt::Result {
        if self.bond() < bond { write!(f, "({self})") } else { self.fmt(f) }
    }

    /// The kinds of qualifier at its end, as far as the next parenthesis.
    fn outer_qualifiers(&self) -> Vec<Discriminant<Qualifier>> {
        let Self::Qualified(part, qualifier) = self else {
            return Vec::new();
        };
        let kind = discriminant(qualifier);
        let mut kinds = part.outer_qualifiers();
        if kinds.contains(&kind) {
            kinds.clear();
        }
        kinds.push(kind);
        kinds
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Observation(observation) => observation.fmt(f),
            Self::And(parts) => join(parts, " AND ", f, |part, f| part.print_within(Bond::And, f)),
            Self::Or(parts) => join(parts, " OR ", f, |part, f| part.print_within(Bond::Or, f)),
            Self::FollowedBy(parts) => join(parts, " FOLLOWEDBY ", f, Display::fmt),
            Self::Qualified(part, qualifier) => {
                if part.outer_qualifiers().contains(&discriminant(qualifier)) {
                    // No expression has two of one kind (section 9.5.1).
                    write!(f, "({part})")?;
                } else {
                    part.print_within(Bond::Qualifier, f)?;
                }
                write!(f, " {qualifier}")
            }
        }
    }
}

impl Display for Observation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.0)
    }
}

impl Display for Qualifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(seconds) => write!(f, "WITHIN {seconds} SECONDS"),
            Self::Repeats(times) => write!(f, "REPEATS {times} TIMES"),
            Self::StartStop(start, stop) => {
                f.write_str("START ")?;
                print_timestamp(start.written(), f)?;
                f.write_str(" STOP ")?;
                print_timestamp(stop.written(), f)
            }
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Test(test) => test.fmt(f),
            Self::Or(parts) => join(parts, " OR ", f, Display::fmt),
            Self::And(parts) => join(parts, " AND ", f, |part, f| match part {
                Self::Or(_) => write!(f, "({part})"),
                Self::And(_) | Self::Test(_) => part.fmt(f),
            }),
        }
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { path, negated, operator, operand } = self;
        let not = if *negated { "NOT " } else { "" };
        match operand {
            Operand::None => write!(f, "{not}{operator} {path}"),
            Operand::One(constant) => write!(f, "{path} {not}{operator} {constant}"),
            Operand::Set(constants) => {
                write!(f, "{path} {not}{operator} (")?;
                join(constants, ", ", f, Display::fmt)?;
                f.write_char(')')
            }
        }
    }
}

impl Operator {
    /// How it is written (section 9.6.1).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::Less => "<",
            Self::GreaterOrEqual => ">=",
            Self::LessOrEqual => "<=",
            Self::In => "IN",
            Self::Like => "LIKE",
            Self::Matches => "MATCHES",
            Self::IsSubset => "ISSUBSET",
            Self::IsSuperset => "ISSUPERSET",
            Self::Exists => "EXISTS",
        }
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Display for Constant {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => print_text(text, f),
            Self::Boolean(value) => value.fmt(f),
            Self::Timestamp(stamp) => print_timestamp(stamp.written(), f),
            Self::Hex(octets) => {
                f.write_str("h'")?;
                octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
                f.write_char('\'')
            }
            Self::Binary(octets) => write!(f, "b'{}'", STANDARD.encode(octets)),
        }
    }
}

impl Display for ObjectPath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.object_type)?;
        let mut before = ':';
        for step in &self.steps {
            match step {
                Step::Property(name) => {
                    f.write_char(before)?;
                    print_name(name, f)?;
                }
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Any => f.write_str("[*]")?,
            }
            before = '.';
        }
        Ok(())
    }
}

fn join<T>(
    parts: &[T],
    between: &str,
    f: &mut Formatter<'_>,
    print: impl Fn(&T, &mut Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    parts.iter().enumerate().try_for_each(|(at, part)| {
        f.write_str(if at == 0 { "" } else { between })?;
        print(part, f)
    })
}

fn print_text(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('\'')?;
    for part in text.split_inclusive(['\'', '\\']) {
        let plain = part.trim_end_matches(['\'', '\\']);
        f.write_str(plain)?;
        part.chars().next_back().filter(|_| plain.len() < part.len()).map_or(
            Ok(()),
            |escaped| {
                f.write_char('\\')?;
                f.write_char(escaped)
            },
        )?;
    }
    f.write_char('\'')
}

/// Without what says nothing: zeros at the end of the fraction.
fn print_timestamp(written: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let shortest = match written.trim_end_matches('Z').split_once('.') {
        Some((seconds, fraction)) => match fraction.trim_end_matches('0') {
            "" => seconds.to_owned(),
            kept => format!("{seconds}.{kept}"),
        },
        None => written.trim_end_matches('Z').to_owned(),
    };
    write!(f, "t'{shortest}Z'")
}

/// In apostrophes where section 9.7 wants them, or where it could be taken for something else.
fn print_name(name: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let first = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if first && plain && !is_reserved(name) { f.write_str(name) } else { print_text(name, f) }
}
