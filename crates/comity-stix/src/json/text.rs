//! Strings as they are written: finding their end, and reading what they say.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::finding::Code;

/// A string of the document as it is written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Text<'a> {
    /// What stands between the quotes, escapes and all.
    pub(crate) raw: &'a str,
    /// Whether there are escapes in it.
    pub(crate) escaped: bool,
    /// Offset of the opening quote.
    pub(crate) at: usize,
}

impl<'a> Text<'a> {
    /// What the string says.
    pub(crate) fn decode(&self) -> Cow<'a, str> {
        if self.escaped { Cow::Owned(unescape(self.raw)) } else { Cow::Borrowed(self.raw) }
    }

    /// Offset after the closing quote.
    pub(crate) fn end(&self) -> usize {
        self.at + self.raw.len() + 2
    }
}

/// What went wrong in a string, and the offset of the byte to blame.
pub(crate) type TextFault = (Code, usize);

/// Offset of the quote that ends the string whose content starts at `from`, and whether there are
/// escapes before it.
pub(crate) fn end_of_string(bytes: &[u8], from: usize) -> Result<(usize, bool), TextFault> {
    let mut at = from;
    let mut escaped = false;
    loop {
        at += plain_run(bytes.get(at..).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => return Ok((at, escaped)),
            Some(b'\\') => {
                escaped = true;
                at = end_of_escape(bytes, at)?;
            }
            Some(_) => return Err((Code::ControlCharacter, at)),
            None => return Err((Code::JsonCut, bytes.len())),
        }
    }
}

/// How many bytes of white space go by. Indentation is mostly of spaces: eight are looked at together.
pub(crate) fn white_run(bytes: &[u8]) -> usize {
    let mut run = 0;
    let mut rest = bytes;
    loop {
        if let Some((b"        ", after)) = rest.split_first_chunk::<8>() {
            run += 8;
            rest = after;
        } else if let Some((b' ' | b'\n' | b'\t' | b'\r', after)) = rest.split_first() {
            run += 1;
            rest = after;
        } else {
            return run;
        }
    }
}

/// How many bytes go by before a quote, a backslash or a control character. Eight bytes are looked
/// at together: a byte under test has its high bit set in the word exactly when it is one of those,
/// up to the first such byte; beyond it the borrow may lie, and nobody looks there.
#[inline]
pub(crate) fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let mut run = 0;
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*block);
        let quote = word ^ (ONES * 0x22);
        let backslash = word ^ (ONES * 0x5c);
        let stops = ((word.wrapping_sub(ONES * 0x20) & !word)
            | (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash))
            & HIGHS;
        if stops != 0 {
            return run + (stops.trailing_zeros() / 8) as usize;
        }
        run += 8;
        rest = after;
    }
    run + rest.iter().take_while(|byte| !matches!(byte, 0..=0x1f | b'"' | b'\\')).count()
}

/// Offset after the escape whose backslash is at `at`; a surrogate pair counts as one escape.
fn end_of_escape(bytes: &[u8], at: usize) -> Result<usize, TextFault> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match unit(bytes, at)? {
            0xd800..=0xdbff => {
                let low =
                    matches!((bytes.get(at + 6), bytes.get(at + 7)), (Some(b'\\'), Some(b'u')))
                        .then(|| unit(bytes, at + 6))
                        .transpose()?;
                match low {
                    Some(0xdc00..=0xdfff) => Ok(at + 12),
                    _ => Err((Code::LoneSurrogate, at)),
                }
            }
            0xdc00..=0xdfff => Err((Code::LoneSurrogate, at)),
            _ => Ok(at + 6),
        },
        Some(_) => Err((Code::BadEscape, at)),
        None => Err((Code::JsonCut, bytes.len())),
    }
}

/// The UTF-16 unit of the `\uXXXX` that starts at `at`.
fn unit(bytes: &[u8], at: usize) -> Result<u16, TextFault> {
    let mut unit = 0;
    for offset in 2..6 {
        let Some(byte) = bytes.get(at + offset) else {
            return Err((Code::JsonCut, bytes.len()));
        };
        let Some(digit) = char::from(*byte).to_digit(16) else {
            return Err((Code::BadEscape, at));
        };
        unit = unit << 4 | digit;
    }
    u16::try_from(unit).map_err(|_| (Code::BadEscape, at))
}

/// What a raw string says. Escapes that break the rules are kept as they are written, so that this
/// may be asked about text that nobody has scanned yet.
pub(crate) fn unescape(raw: &str) -> String {
    let mut said = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\\') {
        said.push_str(before);
        let (character, length) = escape(after).unwrap_or(('\\', 0));
        said.push(character);
        rest = after.get(length..).unwrap_or_default();
    }
    said + rest
}

/// The character that an escape stands for, and its length, from the text after the backslash.
fn escape(after: &str) -> Option<(char, usize)> {
    let simple = match after.bytes().next()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let high = u32::from_str_radix(after.get(1..5)?, 16).ok()?;
            if let Some(character) = char::from_u32(high) {
                return Some((character, 5));
            }
            let low = u32::from_str_radix(after.get(5..11)?.strip_prefix("\\u")?, 16).ok()?;
            let units = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
            let character = char::decode_utf16(units).next()?.ok()?;
            return Some((character, 11));
        }
        _ => return None,
    };
    Some((simple, 1))
}

/// A string as JSON writes it, quotes included.
pub(crate) fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\0'..='\u{1f}' => {
                // Writing to a string cannot fail.
                let _ = write!(written, "\\u{:04x}", u32::from(character));
            }
            other => written.push(other),
        }
    }
    written.push('"');
    written
}
