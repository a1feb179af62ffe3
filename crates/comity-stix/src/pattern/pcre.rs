//! Regular expressions as PCRE writes them (section 9.6.1), put into the words of the engine that runs them.
//!
//! Both share most of their syntax and differ in small things: a bracket within a class, `\h`, `\<`, octal numbers,
//! the last line feed of a text. An expression is therefore read by the rules of PCRE2 (10.42, with UTF and UCP over
//! texts, with neither over octets), and what is written in its place means the same to both.

mod class;
mod escape;
mod group;

use std::collections::BTreeMap;

/// Why an expression cannot be put into other words; with the byte it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PcreFault {
    /// PCRE refuses it as well.
    Wrong(usize),
    /// PCRE runs it, and the engine has nothing like it.
    Foreign(usize),
}

/// An expression in the words of the engine, which has to be built with `DOTALL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Translated {
    /// For whatever does not end in a line feed.
    pub(super) plain: String,
    /// For what ends in one, where `$` and `\Z` also hold before it; `None` where there is neither.
    pub(super) before_line_feed: Option<String>,
}

type Read<T> = Result<T, PcreFault>;

/// Reads an expression over texts, or over octets.
pub(super) fn translate(expression: &str, is_binary: bool) -> Read<Translated> {
    let mut reader = Reader {
        text: expression,
        at: 0,
        is_binary,
        out: Out::default(),
        flags: Flags { dot_all: true, ..Flags::default() },
        open: Vec::new(),
        groups: 0,
        names: BTreeMap::new(),
        references: Vec::new(),
        can_repeat: false,
        calls: None,
        refers: false,
    };
    while reader.item()? {}
    reader.finish()
}

/// What is written: twice, as the end of a text may be in two places.
#[derive(Debug, Default)]
struct Out {
    plain: String,
    ended: String,
    has_end: bool,
}

impl Out {
    fn push(&mut self, text: &str) {
        self.plain.push_str(text);
        self.ended.push_str(text);
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "options of PCRE, each on or off")]
struct Flags {
    caseless: bool,
    many_lines: bool,
    dot_all: bool,
    extended: bool,
    /// Blanks within classes are left out as well.
    extended_more: bool,
    ungreedy: bool,
    no_capture: bool,
}

#[derive(Debug)]
struct Reader<'e> {
    text: &'e str,
    at: usize,
    is_binary: bool,
    out: Out,
    flags: Flags,
    /// The flags outside of each group that is open.
    open: Vec<Flags>,
    groups: usize,
    names: BTreeMap<&'e str, usize>,
    /// Groups that are referred to, and where.
    references: Vec<(usize, usize)>,
    /// Whether what was read last can be repeated.
    can_repeat: bool,
    /// Where a group is called, and whether one is referred to.
    calls: Option<usize>,
    refers: bool,
}

impl<'e> Reader<'e> {
    fn rest(&self) -> &'e str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take(&mut self, start: &str) -> bool {
        let comes = self.rest().starts_with(start);
        self.at += if comes { start.len() } else { 0 };
        comes
    }

    fn take_while(&mut self, most: usize, belongs: impl Fn(char) -> bool) -> &'e str {
        let rest = self.rest();
        let length: usize =
            rest.chars().take(most).take_while(|c| belongs(*c)).map(char::len_utf8).sum();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// All up to that mark, and past it.
    fn take_until(&mut self, mark: &str) -> Option<&'e str> {
        let (before, _) = self.rest().split_once(mark)?;
        self.at += before.len() + mark.len();
        Some(before)
    }

    fn wrong<T>(&self) -> Read<T> {
        Err(PcreFault::Wrong(self.at))
    }

    fn item(&mut self) -> Read<bool> {
        self.skip_comments()?;
        let start = self.at;
        let Some(next) = self.bump() else { return Ok(false) };
        match next {
            '\\' => self.escape(start)?,
            '[' => self.class(start)?,
            '(' => self.group(start)?,
            ')' => {
                self.flags = self.open.pop().ok_or(PcreFault::Wrong(start))?;
                self.atom(")");
            }
            '|' => self.assertion("|"),
            '*' => self.repeat(start, "*")?,
            '+' => self.repeat(start, "+")?,
            '?' => self.repeat(start, "?")?,
            '{' => match self.counts(start)? {
                Some(counts) => self.repeat(start, counts)?,
                None => self.character('{')?,
            },
            '.' if self.flags.dot_all => self.atom("."),
            '.' => self.atom("[^\\n]"),
            '^' if self.flags.many_lines => self.assertion("(?:\\A|(?m:^)(?!\\z))"),
            '^' => self.assertion("^"),
            '$' if self.flags.many_lines => self.assertion("(?m:$)"),
            '$' => self.end("$"),
            other => self.character(other)?,
        }
        Ok(true)
    }

    /// Comments in parentheses; with `x` also blanks and what follows a `#`.
    fn skip_comments(&mut self) -> Read<()> {
        loop {
            let start = self.at;
            if self.take("(?#") {
                self.take_until(")").ok_or(PcreFault::Wrong(self.text.len()))?;
            } else if self.flags.extended {
                self.take_while(usize::MAX, is_blank);
                if self.take("#") && self.take_until("\n").is_none() {
                    self.at = self.text.len();
                }
            }
            if self.at == start {
                return Ok(());
            }
        }
    }

    /// Something that takes characters and can be repeated.
    fn atom(&mut self, written: &str) {
        self.out.push(written);
        self.can_repeat = true;
    }

    /// Something that cannot.
    fn assertion(&mut self, written: &str) {
        self.out.push(written);
        self.can_repeat = false;
    }

    /// The end of the text, and before a line feed there.
    fn end(&mut self, plain: &str) {
        self.out.plain.push_str(plain);
        self.out.ended.push_str("(?=\\n?\\z)");
        self.out.has_end = true;
        self.can_repeat = false;
    }

    fn character(&mut self, character: char) -> Read<()> {
        let written = self.written(character, ".+*?()|[]{}^$\\")?;
        self.atom(&written);
        Ok(())
    }

    /// A character as the engine takes it for itself.
    fn written(&self, character: char, special: &str) -> Read<String> {
        Ok(match u32::from(character) {
            code @ 0x80..=0xff if self.is_binary => format!("\\x{code:02x}"),
            0x100.. if self.is_binary => return self.wrong(),
            _ if special.contains(character) => format!("\\{character}"),
            _ => character.into(),
        })
    }

    /// The counts of a repetition, as they are written; `None` of a brace that stands for itself.
    fn counts(&mut self, start: usize) -> Read<Option<&'e str>> {
        let after = self.at;
        let least = self.take_while(usize::MAX, |c| c.is_ascii_digit());
        let comma = self.take(",");
        let most = self.take_while(usize::MAX, |c| c.is_ascii_digit());
        if least.is_empty() || !self.take("}") {
            self.at = after;
            return Ok(None);
        }
        let count = |digits: &str| digits.parse::<u16>().map_err(|_| PcreFault::Wrong(start));
        let least = count(least)?;
        if comma && !most.is_empty() && count(most)? < least {
            return Err(PcreFault::Wrong(start));
        }
        Ok(self.text.get(start..self.at))
    }

    fn repeat(&mut self, start: usize, times: &str) -> Read<()> {
        if !self.can_repeat {
            return Err(PcreFault::Wrong(start));
        }
        self.skip_comments()?;
        let manner = match (self.take("+"), self.take("?")) {
            (true, true) => return Err(PcreFault::Wrong(self.at - 1)),
            (true, false) => "+",
            (false, lazy) if lazy != self.flags.ungreedy => "?",
            (false, _) => "",
        };
        self.assertion(times);
        self.assertion(manner);
        Ok(())
    }

    fn finish(self) -> Read<Translated> {
        if !self.open.is_empty() {
            return Err(PcreFault::Wrong(self.text.len()));
        }
        if let Some((_, at)) = self.references.iter().find(|(group, _)| *group > self.groups) {
            return Err(PcreFault::Wrong(*at));
        }
        // A call leaves to PCRE what the groups held before it.
        if let Some(at) = self.calls.filter(|_| self.refers) {
            return Err(PcreFault::Foreign(at));
        }
        let Out { plain, ended, has_end } = self.out;
        Ok(Translated { plain, before_line_feed: has_end.then_some(ended) })
    }
}

/// What `x` leaves out.
fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
    )
}

#[cfg(test)]
mod tests;
