//! The term that somebody probably meant.

/// Of these terms, the one with the fewest letters to change (Levenshtein's distance); capitals and underscores count as
/// what terms are written with. Empty when there are no terms.
pub(super) fn term<'v>(text: &str, terms: &[&'v str]) -> &'v str {
    /// No term is longer by much; the rest of a hostile text is not looked at.
    const LONGEST: usize = 48;
    let plain = |character: char| match character {
        '_' | ' ' => '-',
        other => other.to_ascii_lowercase(),
    };
    let text: Vec<char> = text.chars().take(LONGEST).map(plain).collect();
    let mut row = Vec::with_capacity(LONGEST);
    let nearest = terms.iter().min_by_key(|term| {
        row.clear();
        row.extend(0..=text.len());
        for (at, other) in term.chars().map(plain).enumerate() {
            let mut diagonal = at;
            let mut left = at + 1;
            if let Some(first) = row.first_mut() {
                *first = left;
            }
            for (cell, character) in row.iter_mut().skip(1).zip(&text) {
                let changed = diagonal + usize::from(*character != other);
                diagonal = *cell;
                left = changed.min(left + 1).min(*cell + 1);
                *cell = left;
            }
        }
        row.last().copied().unwrap_or_default()
    });
    nearest.copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::term;

    #[test]
    fn the_term_with_the_fewest_changes_is_named() {
        let terms = ["trojan", "ransomware", "remote-access-trojan", "worm"];
        for (text, expected) in [
            ("Trojan", "trojan"),
            ("ransom-ware", "ransomware"),
            ("remote access trojan", "remote-access-trojan"),
            ("wrm", "worm"),
            ("worms", "worm"),
        ] {
            assert_eq!(term(text, &terms), expected, "{text}");
        }
        assert_eq!(term("x", &[]), "");
    }
}
