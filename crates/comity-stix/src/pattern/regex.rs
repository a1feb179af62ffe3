//! Whether a regular expression can be read (section 9.6.1), at a cost that is bounded beforehand.

use fancy_regex::{BytesMode, CompileError, Error, Expr, RegexBuilder};

use super::pcre::{PcreFault, translate};

/// Why it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RegexFault {
    /// It is wrong from that byte on.
    At(usize),
    /// PCRE has what begins there, and the engine has nothing like it.
    Foreign(usize),
    /// It would take too much memory.
    TooLarge,
}

/// Reads an expression as it will be run: with `DOTALL`, over texts or over octets.
pub(super) fn check(expression: &str, is_binary: bool) -> Result<(), RegexFault> {
    /// Bytes of what one expression is compiled to.
    const MEMORY: usize = 1 << 20;
    const INSTRUCTIONS: usize = 20_000;
    let translated = translate(expression, is_binary)?;
    // `$` that holds before a line feed is the longer one.
    let written = translated.before_line_feed.unwrap_or(translated.plain);
    let tree = Expr::parse_tree(&written).map_err(RegexFault::from)?;
    // The compiler multiplies lengths without looking for an overflow.
    if longest(&tree.expr) > u64::from(u32::MAX) {
        return Err(RegexFault::TooLarge);
    }
    RegexBuilder::new(&written)
        .dot_matches_new_line(true)
        .bytes_mode(if is_binary { BytesMode::Ascii } else { BytesMode::Unicode })
        .delegate_size_limit(MEMORY)
        .max_prog_size(INSTRUCTIONS)
        .build()
        .map(drop)
        .map_err(RegexFault::from)
}

/// A length that no part of the expression can need more than: repetitions multiplied out, and each reference to a
/// group taken for the whole expression.
fn longest(expression: &Expr) -> u64 {
    let mut length: u64 = 1;
    let mut references = 0;
    let mut waiting = vec![(expression, 1_u64)];
    while let Some((part, times)) = waiting.pop() {
        let (own, repeated) = match part {
            &Expr::Repeat { lo, hi, .. } => (0, if hi == usize::MAX { lo } else { lo.max(hi) }),
            Expr::Literal { val, .. } => (val.len(), 1),
            Expr::LiteralBytes { bytes } => (bytes.len(), 1),
            Expr::Backref { .. }
            | Expr::BackrefWithRelativeRecursionLevel { .. }
            | Expr::SubroutineCall(_) => {
                references += 1;
                (1, 1)
            }
            _ => (1, 1),
        };
        let count = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        length = length.saturating_add(times.saturating_mul(count(own)));
        let times = times.saturating_mul(count(repeated).max(1));
        waiting.extend(part.children_iter().map(|child| (child, times)));
    }
    length.saturating_pow(references + 1)
}

impl From<PcreFault> for RegexFault {
    fn from(fault: PcreFault) -> Self {
        match fault {
            PcreFault::Wrong(at) => Self::At(at),
            PcreFault::Foreign(at) => Self::Foreign(at),
        }
    }
}

/// What the translation let by is good for PCRE.
impl From<Error> for RegexFault {
    fn from(error: Error) -> Self {
        match error {
            Error::CompileError(error) => match *error {
                CompileError::PatternTooComplex | CompileError::NeverEndingRecursion => {
                    Self::TooLarge
                }
                CompileError::InnerError(error) if error.size_limit().is_some() => Self::TooLarge,
                _ => Self::Foreign(0),
            },
            _ => Self::Foreign(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{RegexFault, check};

    #[test]
    fn expressions_of_daily_use_are_read() {
        for expression in [
            "",
            ".+\\@example\\.com$",
            "^[a-f0-9]{64}$",
            "(?i)^C:\\\\Windows\\\\.{1,255}\\.exe$",
            "(?<!un)signed(?=\\s)",
            "(a|b)\\1(\\w{2,8})-\\2",
            "\\xd4\\xc3\\xb2\\xa1",
            "(?>a+)b++",
            "(?<year>\\d{4})-(?<month>\\d\\d)\\k<month>",
            "(\\((?:[^()]|\\g<1>)*\\))",
        ] {
            assert_eq!(check(expression, false), Ok(()), "{expression}");
        }
    }

    #[test]
    fn what_multiplies_out_is_refused_before_it_is_compiled() {
        let nested = format!("{}{}", "(".repeat(40), "(?=a)b){4}".repeat(40));
        let doubled: String = std::iter::once("(aa)".to_owned())
            .chain((1..70).map(|group| format!("(\\{group}\\{group})")))
            .collect();
        let called: String = std::iter::once("(?<a0>aa)".to_owned())
            .chain((1..70).map(|n| format!("(?<a{n}>\\g<a{}>{{99}})", n - 1)))
            .collect();
        for expression in
            [&nested, &doubled, &called, "(?:\\w{1000}){1000}", "(?:(?:a{65535}){65535}){65535}"]
        {
            assert_eq!(check(expression, false), Err(RegexFault::TooLarge), "{expression}");
        }
    }

    #[test]
    fn the_longest_expression_of_one_thing_is_read_or_refused_quietly() {
        for part in [
            "(", "[", "(?:", "(?=", "(?i)", "{2}", "?", "+", "|", "\\1", "\\w", "(a)", "[a]",
            "[^a]", "(?#)", "\\Q",
        ] {
            for ends in [["", ""], ["a", ""], ["", ")"], ["", "]"]] {
                let body = part.repeat(4_000 / part.len());
                let _ = check(&format!("{}{body}{}", ends[0], ends[1].repeat(1_000)), false);
            }
        }
    }

    #[test]
    fn a_fault_is_found_where_it_stands() {
        for (expression, fault) in [
            ("a(b", RegexFault::At(3)),
            ("ab\\", RegexFault::At(3)),
            ("a(?<!b+)\\9", RegexFault::At(8)),
            ("a[z-a]", RegexFault::At(2)),
            ("a(?|b|c)", RegexFault::Foreign(1)),
        ] {
            assert_eq!(check(expression, false), Err(fault), "{expression}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn any_expression_is_read_or_refused_quietly(
            parts in proptest::collection::vec(
                proptest::sample::select(&[
                    "(", ")", "(?:", "(?=", "(?<!", "(?>", "(?<n>", "(?i)", "(?x)", "[", "]", "[^", "a", "-", "z", ".",
                    "*", "+", "?", "{2}", "{999}", "{4294967295}", "{18446744073709551615}", "{3,}", "|", "^", "$",
                    "\\", "\\1", "\\2", "\\g<1>", "\\g<n>", "\\k<n>", "\\k<-1>", "\\w", "\\b", "\\K", "\\G", "\\Q",
                    "\\E", "\\p{L}", "\\x41", "\\x{10ffff}", "(?(1)", "(?~", "(*FAIL)", "(*", "(?R)", "(?#", "ñ", "#",
                ][..]),
                0..14,
            ),
        ) {
            let _ = check(&parts.concat(), parts.len() % 2 == 0);
        }
    }
}
