//! `MATCHES` (section 9.6.1): regular expressions over texts and over octets.

mod outline;

use std::fmt;
use std::sync::OnceLock;

use fancy_regex::{BytesMode, Error, Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization as _;

use crate::pattern::budget::{BudgetSpent, Meter};
use crate::pattern::pcre::{Translated, translate};
use outline::Outline;

/// How often one evaluation may go back in an expression that needs it.
const BACKTRACKS: usize = 200_000;
/// Size of one compiled expression, in bytes and in instructions.
const SIZE: usize = 2 << 20;
/// What one expression may remember of the texts it went over, in bytes.
const CACHE: usize = 256 << 10;

/// A compiled regular expression, with `DOTALL` and without an anchor of its own. `$` is also before a line feed at
/// the very end, as PCRE has it.
#[derive(Clone)]
pub(crate) struct Expression {
    plain: Regex,
    /// For what ends in a line feed, where `$` makes a difference: how it is written, and compiled once needed.
    before_line_feed: Option<(Box<str>, OnceLock<Option<Regex>>)>,
    is_binary: bool,
    literal: String,
}

impl Expression {
    /// Compiles an expression over texts, or over octets for binary properties; there `\w` and its like know ASCII
    /// alone. `None` of one that does not compile, is too large, or holds code points that no octet is
    /// (section 9.6.4).
    pub(crate) fn new(constant: &str, is_binary: bool) -> Option<Self> {
        let normal: String = constant.nfc().collect();
        let Translated { plain: written, before_line_feed } = translate(&normal, is_binary).ok()?;
        let outline = Outline::of(&written);
        let before_line_feed =
            before_line_feed.map(|other| (other.into_boxed_str(), OnceLock::new()));
        let plain = compile(&written, is_binary)?;
        Some(Self { plain, before_line_feed, is_binary, literal: outline.literal })
    }

    /// Whether it is found anywhere in a text, which has to be normalised.
    pub(crate) fn matches_text(&self, text: &str, meter: &mut Meter) -> Result<bool, BudgetSpent> {
        meter.spend(1 + text.len())?;
        undecided(self.regex_for(text.as_bytes())?.is_match(text))
    }

    /// Whether it is found anywhere in octets.
    pub(crate) fn matches_bytes(
        &self,
        bytes: &[u8],
        meter: &mut Meter,
    ) -> Result<bool, BudgetSpent> {
        meter.spend(1 + bytes.len())?;
        undecided(self.regex_for(bytes)?.is_match(bytes))
    }

    /// Characters that stand one after the other in everything that matches, of ASCII letters in one case or the
    /// other; empty where none are known.
    pub(crate) fn literal(&self) -> &str {
        &self.literal
    }

    fn regex_for(&self, bytes: &[u8]) -> Result<&Regex, BudgetSpent> {
        match &self.before_line_feed {
            Some((written, other)) if bytes.last() == Some(&b'\n') => {
                let other = other.get_or_init(|| compile(written, self.is_binary));
                other.as_ref().ok_or(BudgetSpent)
            }
            _ => Ok(&self.plain),
        }
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.plain.as_str()).finish()
    }
}

/// An engine that gave up has not said no.
fn undecided(answer: Result<bool, Error>) -> Result<bool, BudgetSpent> {
    answer.map_err(|_| BudgetSpent)
}

fn compile(written: &str, is_binary: bool) -> Option<Regex> {
    RegexBuilder::new(written)
        .dot_matches_new_line(true)
        .bytes_mode(if is_binary { BytesMode::Ascii } else { BytesMode::Unicode })
        .backtrack_limit(BACKTRACKS)
        .delegate_size_limit(SIZE)
        .delegate_dfa_size_limit(CACHE)
        .max_prog_size(SIZE)
        .build()
        .ok()
}

#[cfg(test)]
mod tests;
