//! Values and constants by what they are, not by how they are written (sections 9.2, 9.6.2 to 9.6.4).

pub(crate) mod decimal;
pub(crate) mod network;

use std::borrow::Cow;
use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ast::{Constant, ObjectPath, Step};
use crate::json::{Kind, Value};
use crate::timestamp::Stamp;
use decimal::Decimal;

/// How a property writes its values (section 9.6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Encoding {
    /// As JSON has them.
    Plain,
    /// `_hex`: octets, two digits each.
    Hex,
    /// `_bin`: octets in base64.
    Base64,
}

impl Encoding {
    /// Of the values at the end of a path, by the name of its last property.
    pub(crate) fn of(path: &ObjectPath) -> Self {
        let name = path.steps.iter().rev().find_map(|step| match step {
            Step::Property(name) => Some(name.as_str()),
            Step::Index(_) | Step::Any => None,
        });
        name.map_or(Self::Plain, Self::of_name)
    }

    /// Of the values of a property.
    pub(crate) fn of_name(name: &str) -> Self {
        match name {
            name if name.ends_with("_hex") => Self::Hex,
            name if name.ends_with("_bin") => Self::Base64,
            _ => Self::Plain,
        }
    }

    pub(crate) fn is_binary(self) -> bool {
        self != Self::Plain
    }
}

/// A value of an object in its native format (section 9.6.4).
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Datum<'a> {
    Boolean(bool),
    Number(Decimal),
    Text(Cow<'a, str>),
    Bytes(Vec<u8>),
    /// A list, an object or null, which compare with no constant.
    Other,
}

impl<'a> Datum<'a> {
    /// Reads a value. `None` of octets that can't be decoded: they are as good as not there (section 9.6).
    pub(crate) fn read(value: Value<'_, 'a>, encoding: Encoding) -> Option<Self> {
        Some(match value.kind() {
            Kind::Boolean => Self::Boolean(value.raw() == "true"),
            Kind::Number => Self::Number(Decimal::parse(value.raw())?),
            Kind::Text => {
                let text = value.text()?;
                match encoding {
                    Encoding::Plain => Self::Text(text),
                    Encoding::Hex => Self::Bytes(from_hex(&text)?),
                    Encoding::Base64 => Self::Bytes(STANDARD.decode(text.as_bytes()).ok()?),
                }
            }
            Kind::Object | Kind::List | Kind::Null => Self::Other,
        })
    }

    /// How the value stands to a constant; `None` where their types don't go together (section 9.2).
    pub(crate) fn compare(&self, key: &Key) -> Option<Ordering> {
        match (self, key) {
            (Self::Boolean(value), Key::Boolean(key)) => Some(value.cmp(key)),
            (Self::Number(value), Key::Number(key)) => Some(value.cmp(key)),
            (Self::Text(value), Key::Text(key)) => Some(value.as_ref().cmp(key)),
            (Self::Text(value), Key::Time(key)) => {
                Some(Stamp::parse(value.as_ref()).ok()?.cmp(key))
            }
            (Self::Text(value), Key::Bytes(key)) => Some(octets(value)?.cmp(key)),
            (Self::Bytes(value), Key::Bytes(key)) => Some(value.cmp(key)),
            _ => None,
        }
    }

    /// The keys that are equal to this value; no more than three.
    pub(crate) fn keys(&self) -> impl Iterator<Item = Key> {
        let mut keys = [None, None, None];
        match self {
            Self::Boolean(value) => keys = [Some(Key::Boolean(*value)), None, None],
            Self::Number(value) => keys = [Some(Key::Number(value.clone())), None, None],
            Self::Bytes(value) => keys = [Some(Key::Bytes(value.clone())), None, None],
            Self::Text(value) => {
                let time = Stamp::parse(value.as_ref()).ok();
                keys = [
                    Some(Key::Text(value.as_ref().to_owned())),
                    time.map(|time| Key::Time(time.into_owned())),
                    octets(value).map(Key::Bytes),
                ];
            }
            Self::Other => {}
        }
        keys.into_iter().flatten()
    }

    /// Size for the budget, in characters or octets.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            _ => 0,
        }
    }
}

/// A constant ready to be compared and ordered. Constants of different kinds stand apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Boolean(bool),
    Number(Decimal),
    Text(String),
    Bytes(Vec<u8>),
    Time(Stamp<'static>),
}

impl Key {
    /// A constant as it is compared with values written so. `None` of a text with code points from U+0100 on beside
    /// octets: nothing is equal to it (section 9.6.4).
    pub(crate) fn of(constant: &Constant, encoding: Encoding) -> Option<Self> {
        Some(match constant {
            Constant::Boolean(value) => Self::Boolean(*value),
            Constant::Number(number) => Self::Number(Decimal::parse(&number.0)?),
            Constant::Text(text) if encoding.is_binary() => Self::Bytes(octets(text)?),
            Constant::Text(text) => Self::Text(text.clone()),
            Constant::Timestamp(stamp) => Self::Time(stamp.clone()),
            Constant::Hex(bytes) | Constant::Binary(bytes) => Self::Bytes(bytes.clone()),
        })
    }
}

/// A text as octets, one for each code point; `None` where one is U+0100 or more (section 9.2).
pub(crate) fn octets(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
}

/// Octets as a text, one code point for each (section 9.2).
pub(crate) fn code_points(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

#[cfg(test)]
mod tests;
