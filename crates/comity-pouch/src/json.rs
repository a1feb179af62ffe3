//! Strict JSON and base64, shared by everything here that is signed or kept.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads one JSON object of at most `limit` bytes and nothing after it. `T` refuses unknown keys;
/// repeated keys, lists in place of objects and invalid UTF-8 are refused here. The message says what
/// is wrong and where, and never repeats a value.
pub(crate) fn object<'a, T: Deserialize<'a>>(bytes: &'a [u8], limit: usize) -> Result<T, String> {
    if bytes.len() > limit {
        return Err(format!("longer than {limit} bytes"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    match serde_json::from_str::<Object<T>>(text) {
        Ok(Object(value)) => Ok(value),
        Err(error) => Err(place(&error)),
    }
}

/// What kind of mistake, and where: the parser's own text may quote the input.
fn place(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "cut short",
        serde_json::error::Category::Syntax => "not JSON",
        serde_json::error::Category::Data => {
            "a key that is missing, unknown, repeated or of another kind"
        }
        serde_json::error::Category::Io => "unreadable",
    };
    format!("{what} at line {} column {}", error.line(), error.column())
}

/// A value that must be written as a JSON object: derived readers would take a list as well.
#[derive(serde::Serialize)]
#[serde(transparent)]
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Only<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Only<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(Only(PhantomData))
    }
}

/// Padded base64 (RFC 4648 section 4).
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of padded, canonical base64 that stand for at most `limit` bytes, else nothing.
pub(crate) fn from_base64(text: &str, limit: usize) -> Option<Vec<u8>> {
    (text.len() <= limit.div_ceil(3).checked_mul(4)?)
        .then(|| STANDARD.decode(text).ok())
        .flatten()
        .filter(|bytes| bytes.len() <= limit)
}

/// As [`from_base64`], in either alphabet, as DSSE v1 asks of those who verify. Never both in one text.
pub(crate) fn from_either_base64(text: &str, limit: usize) -> Option<Vec<u8>> {
    if text.contains(['-', '_']) {
        (text.len() <= limit.div_ceil(3).checked_mul(4)?)
            .then(|| URL_SAFE.decode(text).ok())
            .flatten()
            .filter(|bytes| bytes.len() <= limit)
    } else {
        from_base64(text, limit)
    }
}

/// A text that borrows where it can.
pub(crate) type Text<'a> = Cow<'a, str>;
