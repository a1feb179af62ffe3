//! `LIKE` (section 9.6.1): `%` is any number of characters, `_` is any one.

use unicode_normalization::UnicodeNormalization as _;

use crate::pattern::budget::{BudgetSpent, Meter};

/// A compiled `LIKE`: what stands between the `%`, normalised.
#[derive(Debug, Clone)]
pub(crate) struct Like {
    pieces: Vec<Vec<Option<char>>>,
}

impl Like {
    /// There is no malformed one. The constant is normalised first, as the section has it.
    pub(crate) fn new(constant: &str) -> Self {
        let normal: String = constant.nfc().collect();
        let piece = |piece: &str| piece.chars().map(|c| (c != '_').then_some(c)).collect();
        Self { pieces: normal.split('%').map(piece).collect() }
    }

    /// Whether a text, normalised as well, is like that from its first to its last character.
    pub(crate) fn matches(&self, text: &str, meter: &mut Meter) -> Result<bool, BudgetSpent> {
        meter.spend(text.len())?;
        let text: Vec<char> = text.chars().collect();
        let (Some((first, middle)), Some(last)) = (self.pieces.split_first(), self.pieces.last())
        else {
            return Ok(false);
        };
        let Some((_, mut rest)) =
            text.split_at_checked(first.len()).filter(|(t, _)| fits(first, t))
        else {
            return Ok(false);
        };
        let Some((_, middle)) = middle.split_last() else { return Ok(rest.is_empty()) };
        for piece in middle {
            // The first place is as good as any: what follows has the more room.
            let Some(found) = find(piece, rest, meter)? else { return Ok(false) };
            rest = rest.get(found + piece.len()..).unwrap_or_default();
        }
        let end = rest.len().checked_sub(last.len()).and_then(|at| rest.get(at..));
        Ok(end.is_some_and(|end| fits(last, end)))
    }

    /// What every text that matches begins with.
    pub(crate) fn prefix(&self) -> String {
        self.pieces.first().into_iter().flatten().map_while(|c| *c).collect()
    }

    /// The longest run of characters that stands in every text that matches.
    pub(crate) fn literal(&self) -> String {
        let runs = self.pieces.iter().flat_map(|piece| piece.split(Option::is_none));
        let longest = runs.max_by_key(|run| run.len());
        longest.into_iter().flatten().filter_map(|c| *c).collect()
    }
}

fn fits(piece: &[Option<char>], text: &[char]) -> bool {
    let fit = |(wanted, given): (&Option<char>, &char)| wanted.is_none_or(|c| c == *given);
    piece.len() == text.len() && piece.iter().zip(text).all(fit)
}

fn find(
    piece: &[Option<char>],
    text: &[char],
    meter: &mut Meter,
) -> Result<Option<usize>, BudgetSpent> {
    if piece.is_empty() {
        return Ok(Some(0));
    }
    for (at, window) in text.windows(piece.len()).enumerate() {
        meter.spend(1 + piece.len() / 8)?;
        if fits(piece, window) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::Like;
    use crate::pattern::budget::{Budget, Meter};
    use fancy_regex::{RegexBuilder, escape};
    use proptest::prelude::*;

    fn like(pattern: &str, text: &str) -> bool {
        Like::new(pattern).matches(text, &mut Meter::new(Budget::default())).unwrap()
    }

    #[test]
    fn wildcards_mean_what_they_mean_in_sql() {
        for (pattern, text, expected) in [
            ("he%", "hello", true),
            ("he__o", "hello", true),
            ("he__o", "helo", false),
            ("%", "", true),
            ("", "", true),
            ("", "a", false),
            ("_", "", false),
            ("a%a", "a", false),
            ("a%a", "aa", true),
            ("%a%b%", "xaxbx", true),
            ("%a%b%", "xbxax", false),
            ("%\n%", "a\nb", true),
            ("hel", "hello", false),
            ("ello", "hello", false),
        ] {
            assert_eq!(like(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn every_match_begins_with_the_prefix_and_holds_the_literal() {
        assert_eq!(Like::new("ab_cde%f").prefix(), "ab");
        assert_eq!(Like::new("ab_cde%f").literal(), "cde");
        assert_eq!(Like::new("%_%").literal(), "");
    }

    proptest! {
        #[test]
        fn like_is_what_the_regular_expression_says(pattern in "[ab%_]{0,8}", text in "[ab\n]{0,10}") {
            let expression = escape(&pattern).replace('%', ".*").replace('_', ".");
            let regex = RegexBuilder::new(&format!("^{expression}\\z")).dot_matches_new_line(true).build().unwrap();
            prop_assert_eq!(like(&pattern, &text), regex.is_match(text.as_str()).unwrap());
        }
    }
}
