//! From what somebody typed to a question that the text index understands.

/// Words looked at; the rest of a longer query is left out.
const MAX_WORDS: usize = 32;
/// Characters of a word looked at.
const MAX_WORD: usize = 100;

/// The FTS5 expression for "every word is the beginning of a word of the text". Each word is a quoted string, so that
/// no operator of the index's language is ever more than text. `None`: there is no word in it.
pub(super) fn expression(query: &str) -> Option<String> {
    let words: Vec<String> = query
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MAX_WORDS)
        .map(|word| {
            let inner: String = word.chars().take(MAX_WORD).collect();
            format!("\"{}\"*", inner.replace('"', "\"\""))
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::*;

    proptest! {
        #[test]
        fn no_query_is_ever_an_error_of_the_index(query in "\\PC{0,40}|[\"*()^:+\\- \u{0}a-zé]{0,40}") {
            let connection = Connection::open_in_memory().unwrap();
            connection.execute_batch("CREATE VIRTUAL TABLE t USING fts5(text)").unwrap();
            if let Some(expression) = expression(&query) {
                let found: Result<Vec<i64>, _> = connection
                    .prepare("SELECT rowid FROM t WHERE t MATCH ?1")
                    .unwrap()
                    .query_map([expression], |row| row.get(0))
                    .unwrap()
                    .collect();
                prop_assert!(found.is_ok(), "{found:?}");
            }
        }
    }

    #[test]
    fn a_query_without_a_word_has_no_expression() {
        assert_eq!(expression(" \" * -- () "), None);
    }
}
