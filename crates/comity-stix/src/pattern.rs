//! STIX Patterning (section 9): patterns as values, read, printed, evaluated, and matched by the thousand.
//!
//! ```
//! use comity_stix::pattern::Pattern;
//!
//! let pattern: Pattern = "[ (file:size=10.50) ]".parse()?;
//! assert_eq!(pattern.to_string(), "[file:size = 10.5]");
//!
//! let error = "[file:hashes.SHA-256 = 'ab']".parse::<Pattern>().unwrap_err();
//! assert_eq!((error.code(), error.column), ("pattern-unquoted-name", 14));
//! # Ok::<(), comity_stix::pattern::PatternError>(())
//! ```
//!
//! # What is read
//!
//! The language of STIX 2.1, whole, and no other: patterns of STIX 2.0 that differ are refused with a word about it.
//! A text is a pattern if every rule of section 9 holds that can be judged without the objects. Whitespace may
//! stand between any two words, and comments may not (section 9.4). What other readers let by and the standard does
//! not is refused: `==`, `<>`, a plus sign, keywords and hex digits in the wrong case. `STOP` may name the
//! instant of `START` or one before, and nothing matches then.
//!
//! # The canonical form
//!
//! A [`Pattern`] is printed in one spelling for all that mean the same, but for the order of its parts, which is kept:
//!
//! - one space between words; none inside brackets, parentheses and paths;
//! - parentheses only where the tree would change without them, so that `([a] AND ([b] AND [c]))` is
//!   `[a] AND [b] AND [c]`; a tree joins no more by the same operator on two levels either;
//! - numbers with a digit before the point and no zeros at the end of the fraction, but for the one that tells a float
//!   from an integer; no minus sign before zero;
//! - in text only `'` and `\` are escaped; base64 has no line feeds; the fraction of a timestamp has no zeros at its end,
//!   and a leap second stays one;
//! - property names stand in apostrophes where section 9.7 wants them, and where they are no plain word:
//!   other than letters, digits and underscore, a digit first, or a word of the language.
//!
//! What is printed reads back as an equal pattern.

pub mod ast;
mod budget;
mod error;
mod evaluate;
mod lexer;
mod number;
mod observed;
mod parsed;
mod parser;
mod pcre;
mod print;
mod regex;
mod set;
mod solve;
#[cfg(test)]
pub(crate) mod tests;
mod values;

pub use ast::{
    Comparison, Constant, Expression, Number, ObjectPath, Observation, Operand, Operator,
    Qualifier, Step, Test,
};
pub use budget::{Budget, BudgetSpent};
pub use error::{PatternCode, PatternError};
pub use evaluate::{Match, Matcher};
pub use number::NumberError;
pub use observed::{Bare, Observations, Observed, ObservedError};
pub use parsed::{Pattern, PatternLimits};
pub use set::{PatternSet, SetMatches};
