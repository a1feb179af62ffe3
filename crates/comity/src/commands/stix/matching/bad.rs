//! A pattern that cannot be read, shown with the place.

use comity_stix::pattern::PatternError;

use crate::commands::stix::section;
use crate::lang::Lang;
use crate::output::on_one_line;

/// Characters that are shown of the pattern's line, before the place and behind it.
const AROUND: usize = 50;

/// A pattern that cannot be read.
#[derive(Debug)]
pub(crate) struct BadPattern {
    /// Where it was given: an option, or a file and what in it.
    place: String,
    /// Lines before the pattern in its file, where it is one of the file's lines.
    before: u64,
    error: PatternError,
    excerpt: String,
}

impl BadPattern {
    /// The error that `text` has, which was given at `place` behind so many lines.
    pub(crate) fn new(place: String, before: u64, text: &str, error: PatternError) -> Self {
        let excerpt = excerpt(text, error.line, error.column);
        Self { place, before, error, excerpt }
    }

    /// The stable name of the rule.
    pub(crate) fn code(&self) -> &'static str {
        self.error.code()
    }

    /// What is wrong, where, and by which rule.
    pub(crate) fn said(&self, lang: Lang) -> String {
        let Self { place, before, error, .. } = self;
        let (line, column) = (before + error.line as u64, error.column);
        let message = error.message_in(lang.stix());
        let rule = section(lang, error.section);
        match lang {
            Lang::En => format!("{place}, line {line}, column {column}: {message} [{rule}]"),
            Lang::Es => format!("{place}, línea {line}, columna {column}: {message} [{rule}]"),
        }
    }

    /// The line with a caret under the place.
    pub(crate) fn excerpt(&self) -> &str {
        &self.excerpt
    }
}

fn excerpt(text: &str, line: usize, column: usize) -> String {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let at = column.saturating_sub(1);
    let from = at.saturating_sub(AROUND);
    let shown = |from, most| {
        let cut: String = line.chars().skip(from).take(most).collect();
        on_one_line(&cut)
    };
    let before = shown(from, at - from);
    let behind = shown(at, AROUND);
    let start = if from > 0 { "..." } else { "" };
    let end = if line.chars().count() > at + AROUND { "..." } else { "" };
    let indent = " ".repeat(start.len() + before.chars().count());
    format!("  {start}{before}{behind}{end}\n  {indent}^")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place_however_the_line_is_shown() {
        assert_eq!(excerpt("[a:b = 1 x]", 1, 10), "  [a:b = 1 x]\n           ^");
        assert_eq!(excerpt("one\ntwo\u{1b}!", 2, 5), "  two\\u{1b}!\n           ^");
        assert_eq!(excerpt("", 1, 1), "  \n  ^");
        let long = format!("{}!{}", "a".repeat(200), "b".repeat(200));
        let shown = excerpt(&long, 1, 201);
        let (line, caret) = shown.split_once('\n').unwrap();
        assert_eq!(line.find('!'), caret.find('^'));
        assert!(line.chars().count() < 120, "{line}");
    }
}
