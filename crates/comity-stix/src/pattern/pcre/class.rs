//! Classes of characters: `[a-z]`.

use super::{PcreFault, Read, Reader};

/// A part of a class.
enum Part {
    One(char),
    Many(String),
}

/// Characters that mean something within a class of the engine.
const SPECIAL: &str = "\\[]^-&~";

impl Reader<'_> {
    /// Past the opening bracket.
    pub(super) fn class(&mut self, start: usize) -> Read<()> {
        self.at = start;
        if self.posix()?.is_some() {
            return Err(PcreFault::Wrong(start));
        }
        self.at = start + 1;
        if self.rest().starts_with("[:<:]]") || self.rest().starts_with("[:>:]]") {
            return Err(PcreFault::Foreign(start));
        }
        let mut written = String::from("[");
        while self.take("\\E") {}
        if self.take("^") {
            written.push('^');
        }
        let mut is_first = true;
        let mut is_quoted = false;
        loop {
            let at = self.at;
            let Some(part) = self.part(&mut is_quoted, is_first)? else { break };
            is_first = false;
            let after = self.at;
            let mut quoted = is_quoted;
            let ranges = !is_quoted && self.take("-");
            let end = if ranges { self.part(&mut quoted, false)? } else { None };
            match (part, end) {
                (Part::One(low), Some(Part::One(high))) if low <= high => {
                    written.push_str(&self.written(low, SPECIAL)?);
                    written.push('-');
                    written.push_str(&self.written(high, SPECIAL)?);
                    is_quoted = quoted;
                }
                (_, Some(_)) => return Err(PcreFault::Wrong(at)),
                (part, None) => {
                    // A hyphen before the closing bracket stands for itself.
                    self.at = after;
                    match part {
                        Part::One(one) => written.push_str(&self.written(one, SPECIAL)?),
                        Part::Many(many) => written.push_str(&many),
                    }
                }
            }
        }
        written.push(']');
        self.atom(&written);
        Ok(())
    }

    /// The next part; `None` at the closing bracket.
    fn part(&mut self, is_quoted: &mut bool, is_first: bool) -> Read<Option<Part>> {
        loop {
            if self.take("\\E") {
                *is_quoted = false;
            } else if !*is_quoted && self.take("\\Q") {
                *is_quoted = true;
            } else if *is_quoted
                || !self.flags.extended_more
                || self.take_while(1, |c| matches!(c, ' ' | '\t')).is_empty()
            {
                break;
            }
        }
        let start = self.at;
        let Some(next) = self.peek() else { return self.wrong() };
        if *is_quoted {
            self.bump();
            return Ok(Some(Part::One(next)));
        }
        if next == '['
            && let Some(posix) = self.posix()?
        {
            return Ok(Some(Part::Many(posix)));
        }
        self.bump();
        Ok(Some(match next {
            ']' if !is_first => return Ok(None),
            '\\' => {
                let letter = self.bump().ok_or(PcreFault::Wrong(self.text.len()))?;
                match letter {
                    'b' => Part::One('\u{8}'),
                    '8' | '9' => Part::One(letter),
                    _ => match self.set(start, letter)? {
                        Some(set) => Part::Many(set),
                        None => Part::One(self.code(start, letter)?),
                    },
                }
            }
            other => Part::One(other),
        }))
    }

    /// `[:alpha:]` and its like, if one comes.
    fn posix(&mut self) -> Read<Option<String>> {
        let start = self.at;
        let Some(mark) = [":", ".", "="]
            .into_iter()
            .find(|mark| self.rest().strip_prefix('[').is_some_and(|rest| rest.starts_with(mark)))
        else {
            return Ok(None);
        };
        self.at += 2;
        let not = if self.take("^") { "^" } else { "" };
        let name = self.take_while(usize::MAX, |c| c.is_ascii_alphanumeric());
        if !(self.take(mark) && self.take("]")) {
            self.at = start;
            return Ok(None);
        }
        let set = match name {
            _ if mark != ":" => return Err(PcreFault::Wrong(start)),
            "alpha" | "lower" | "upper" | "alnum" | "space" | "blank" | "cntrl" | "digit"
            | "word" | "xdigit" | "graph" | "print" | "punct" | "ascii"
                if self.is_binary =>
            {
                return Ok(Some(format!("[:{not}{name}:]")));
            }
            "alpha" => "\\p{L}",
            "lower" => "\\p{Ll}",
            "upper" => "\\p{Lu}",
            "alnum" => "\\p{L}\\p{N}",
            "space" => "\\s",
            "blank" => "\\t\\p{Zs}\u{180e}",
            "cntrl" => "\\p{Cc}",
            "digit" => "\\d",
            "word" => "\\w",
            "xdigit" => "0-9A-Fa-f",
            "graph" => "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}",
            "print" => "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Zs}",
            "punct" => "\\p{P}$+<=>`|\\^\\~",
            "ascii" => "\\x00-\\x7f",
            _ => return Err(PcreFault::Wrong(start)),
        };
        Ok(Some(format!("[{not}{set}]")))
    }
}
