//! Regular expressions of schemas: written for ECMA-262, run within bounds.

use fancy_regex::{Regex, RegexBuilder};

/// A compiled expression.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    regex: Regex,
    /// The expression as the schema writes it.
    pub(super) written: String,
}

/// Why an expression is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PatternFault {
    /// It is longer, or grows larger, than allowed.
    TooLarge,
    /// It is none.
    Syntax,
}

impl Pattern {
    /// Length of an expression, in bytes.
    const MOST_BYTES: usize = 2_000;
    /// Size of what it compiles to, in bytes.
    const MOST_COMPILED: usize = 1 << 19;
    /// Steps back in one search.
    const MOST_STEPS_BACK: usize = 50_000;

    /// Compiles an expression of the kind JSON Schema recommends (Core 2020-12 section 6.4).
    pub(super) fn compile(written: &str) -> Result<Self, PatternFault> {
        if written.len() > Self::MOST_BYTES {
            return Err(PatternFault::TooLarge);
        }
        let regex = RegexBuilder::new(&translated(written))
            .backtrack_limit(Self::MOST_STEPS_BACK)
            .delegate_size_limit(Self::MOST_COMPILED)
            .delegate_dfa_size_limit(Self::MOST_COMPILED)
            .build()
            .map_err(|_| PatternFault::Syntax)?;
        Ok(Self { regex, written: written.to_owned() })
    }

    /// Whether it matches somewhere in the text; `None` when that takes too long to tell.
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        self.regex.is_match(text).ok()
    }
}

/// The expression with what ECMA-262 and the engine read differently spelled out: digits and word
/// characters are ASCII, and in a class a bracket, `&` and `~` are themselves.
fn translated(written: &str) -> String {
    let mut result = String::with_capacity(written.len() + 16);
    let mut in_class = false;
    let mut characters = written.chars();
    while let Some(character) = characters.next() {
        match (character, in_class) {
            ('\\', _) => match (characters.next(), in_class) {
                (Some('d'), true) => result.push_str("0-9"),
                (Some('d'), false) => result.push_str("[0-9]"),
                (Some('D'), _) => result.push_str("[^0-9]"),
                (Some('w'), true) => result.push_str("A-Za-z0-9_"),
                (Some('w'), false) => result.push_str("[A-Za-z0-9_]"),
                (Some('W'), _) => result.push_str("[^A-Za-z0-9_]"),
                (Some('/'), _) => result.push('/'),
                (Some(other), _) => result.extend(['\\', other]),
                (None, _) => result.push('\\'),
            },
            ('[', false) => {
                in_class = true;
                result.push('[');
                let rest = characters.as_str();
                if let Some(after) = rest.strip_prefix('^') {
                    result.push('^');
                    characters = after.chars();
                }
            }
            (']', true) => {
                in_class = false;
                result.push(']');
            }
            ('[' | '&' | '~', true) => result.extend(['\\', character]),
            (other, _) => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{Pattern, PatternFault};

    #[test]
    fn an_expression_means_what_it_means_in_ecma_262() {
        for (expression, text, matches) in [
            (r"^\d+$", "123", true),
            (r"^\d+$", "١٢٣", false),
            (r"^\w$", "é", false),
            (r"^[\d\-x]+$", "1-x", true),
            (r"^[\d]$", "١", false),
            (r"^[\w]$", "é", false),
            (r"^[\W]$", "é", true),
            (r"^[^\d]$", "1", false),
            (r"^[\D]$", "a", true),
            (r"^[a[]+$", "a[", true),
            (r"^[a&&b~]+$", "a&~", true),
            (r"b", "abc", true),
            (r"^a\/b$", "a/b", true),
            (r"^(?!x-)[a-z-]+$", "x-foo", false),
            (r"^(?!x-)[a-z-]+$", "foo", true),
            (r"^\u00e9$", "é", true),
            ("a$", "a\n", false),
        ] {
            let compiled = Pattern::compile(expression).unwrap();
            assert_eq!(compiled.matches(text), Some(matches), "{expression} {text}");
        }
    }

    #[test]
    fn an_evil_expression_is_refused_or_given_up() {
        assert_eq!(Pattern::compile("(").unwrap_err(), PatternFault::Syntax);
        assert_eq!(Pattern::compile(&"a".repeat(3_000)).unwrap_err(), PatternFault::TooLarge);
        assert_eq!(Pattern::compile("((a{1000}){1000}){1000}").unwrap_err(), PatternFault::Syntax);
        let backtracking = Pattern::compile(r"^(?=(a+)+b)(a+)+\1$").unwrap();
        assert_ne!(backtracking.matches(&"a".repeat(5_000)), Some(true));
        let evil = Pattern::compile(r"^(a|a)*(?=b)\1$").unwrap();
        assert_ne!(evil.matches(&"a".repeat(100_000)), Some(true));
    }
}
