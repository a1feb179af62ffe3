//! What follows a backslash.

use super::{PcreFault, Read, Reader};

/// Blanks of one line, and what separates lines, as ranges of a class.
const BLANKS: [&str; 2] =
    ["\\t \\xa0", "\\t \u{a0}\u{1680}\u{180e}\u{2000}-\u{200a}\u{202f}\u{205f}\u{3000}"];
const LINES: [&str; 2] = ["\\n-\\r\\x85", "\\n-\\r\u{85}\u{2028}\u{2029}"];

impl Reader<'_> {
    /// Outside a class, past the backslash.
    pub(super) fn escape(&mut self, start: usize) -> Read<()> {
        let Some(letter) = self.bump() else { return Err(PcreFault::Wrong(start + 1)) };
        match letter {
            'Q' => {
                let quoted = self.take_until("\\E").unwrap_or_else(|| {
                    let rest = self.rest();
                    self.at = self.text.len();
                    rest
                });
                quoted.chars().try_for_each(|character| self.character(character))?;
            }
            'E' => {}
            'A' | 'G' => self.assertion("\\A"),
            'z' => self.assertion("\\z"),
            'Z' => self.end("\\z"),
            'b' => self.assertion("\\b"),
            'B' => self.assertion("\\B"),
            // Where a match begins makes no difference to whether there is one.
            'K' => self.assertion(""),
            'R' => self.atom(if self.is_binary {
                "(?>\\r\\n|[\\n-\\r\\x85])"
            } else {
                "(?>\\r\\n|[\\n-\\r\u{85}\u{2028}\u{2029}])"
            }),
            'N' if !self.rest().starts_with("{U+") => self.atom("[^\\n]"),
            'X' | 'C' => return Err(PcreFault::Foreign(start)),
            'g' | 'k' => self.reference(start, letter)?,
            '1'..='9' => {
                let after = self.at;
                let digits = self.take_while(9, |c| c.is_ascii_digit());
                let number = format!("{letter}{digits}").parse().unwrap_or(usize::MAX);
                if number < 10 || letter > '7' || number <= self.groups {
                    self.back(number, start);
                } else {
                    self.at = after;
                    let character = self.code(start, letter)?;
                    self.character(character)?;
                }
            }
            _ => {
                if let Some(set) = self.set(start, letter)? {
                    self.atom(&set);
                } else {
                    let character = self.code(start, letter)?;
                    self.character(character)?;
                }
            }
        }
        Ok(())
    }

    /// The set of characters that a letter stands for, in a class and outside.
    pub(super) fn set(&mut self, start: usize, letter: char) -> Read<Option<String>> {
        let text = usize::from(!self.is_binary);
        let pick = |sets: [&'static str; 2]| sets.get(text).copied().unwrap_or_default();
        Ok(Some(match letter {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => format!("\\{letter}"),
            'h' => format!("[{}]", pick(BLANKS)),
            'H' => format!("[^{}]", pick(BLANKS)),
            'v' => format!("[{}]", pick(LINES)),
            'V' => format!("[^{}]", pick(LINES)),
            'p' | 'P' => self.property(start, letter == 'P')?,
            _ => return Ok(None),
        }))
    }

    fn property(&mut self, start: usize, mut negated: bool) -> Read<String> {
        if self.is_binary {
            return Err(PcreFault::Foreign(start));
        }
        let name = if self.take("{") {
            negated ^= self.take("^");
            self.take_until("}").ok_or(PcreFault::Wrong(start))?
        } else {
            self.take_while(1, |c| c.is_ascii_alphabetic())
        };
        let not = if negated { "^" } else { "" };
        let name = match name {
            "L&" => "LC",
            "Xan" => return Ok(format!("[{not}\\p{{L}}\\p{{N}}]")),
            "Xwd" => return Ok(format!("[{not}\\p{{L}}\\p{{N}}_]")),
            "Xsp" | "Xps" => return Ok(format!("[{not}\\s]")),
            name if !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric() || "_ -".contains(c)) =>
            {
                name
            }
            _ => return Err(PcreFault::Wrong(start)),
        };
        Ok(format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' }))
    }

    /// The one character that a letter, or a number, stands for.
    pub(super) fn code(&mut self, start: usize, letter: char) -> Read<char> {
        let wrong = PcreFault::Wrong(start);
        let (digits, radix) = match letter {
            'a' => return Ok('\u{7}'),
            'e' => return Ok('\u{1b}'),
            'f' => return Ok('\u{c}'),
            'n' => return Ok('\n'),
            'r' => return Ok('\r'),
            't' => return Ok('\t'),
            'c' => {
                let next = self.bump().filter(|c| matches!(c, ' '..='~')).ok_or(wrong)?;
                let code = u32::from(next.to_ascii_uppercase()) ^ 0x40;
                return char::from_u32(code).ok_or(wrong);
            }
            'N' if !self.is_binary && self.take("{U+") => (self.take_until("}").ok_or(wrong)?, 16),
            'o' if self.take("{") => (self.take_until("}").ok_or(wrong)?, 8),
            'x' if self.take("{") => (self.take_until("}").ok_or(wrong)?, 16),
            'x' => match self.take_while(2, |c| c.is_ascii_hexdigit()) {
                "" => return Ok('\0'),
                digits => (digits, 16),
            },
            '0'..='7' => {
                self.at -= 1;
                (self.take_while(3, |c| c.is_digit(8)), 8)
            }
            other if !other.is_ascii_alphanumeric() => return Ok(other),
            _ => return Err(wrong),
        };
        let is_plain = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        let code = u32::from_str_radix(digits, radix).ok().filter(|_| is_plain);
        let code = code.filter(|code| !self.is_binary || *code < 0x100);
        code.and_then(char::from_u32).ok_or(wrong)
    }

    /// `\g` and `\k`, which refer to a group or call it.
    fn reference(&mut self, start: usize, letter: char) -> Read<()> {
        let wrong = PcreFault::Wrong(start);
        let (close, calls) = match self.peek() {
            Some('{') => ("}", false),
            Some('<') => (">", letter == 'g'),
            Some('\'') => ("'", letter == 'g'),
            _ if letter == 'g' => {
                let begin = self.at;
                let _ = self.take("-") || self.take("+");
                self.take_while(9, |c| c.is_ascii_digit());
                let written = self.text.get(begin..self.at).unwrap_or_default();
                let number = self.numbered(written).ok_or(wrong)?;
                self.back(number, start);
                return Ok(());
            }
            _ => return Err(wrong),
        };
        self.bump();
        let name = self.take_until(close).ok_or(wrong)?;
        let numbered = if letter == 'g' { self.numbered(name) } else { None };
        let number = match numbered {
            Some(number) => number,
            None => self.named(name, start)?,
        };
        if calls {
            self.call(number, start);
        } else {
            self.back(number, start);
        }
        Ok(())
    }

    /// The group of a number, which may be counted from here.
    pub(super) fn numbered(&self, written: &str) -> Option<usize> {
        let number = |digits: &str| {
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
        };
        if let Some(back) = written.strip_prefix('-') {
            let back: usize = number(back)?;
            return (self.groups + 1).checked_sub(back).filter(|n| *n > 0 && back > 0);
        }
        match written.strip_prefix('+') {
            Some(on) => Some(self.groups + number(on)?),
            None => number(written),
        }
    }

    /// The group of a name. One that is defined further on is not looked for.
    pub(super) fn named(&self, name: &str, start: usize) -> Read<usize> {
        let is_later =
            |open: &str, close: &str| self.text.contains(&format!("(?{open}{name}{close}"));
        match self.names.get(name) {
            Some(number) => Ok(*number),
            None if is_later("<", ">") || is_later("P<", ">") || is_later("'", "'") => {
                Err(PcreFault::Foreign(start))
            }
            None => Err(PcreFault::Wrong(start)),
        }
    }

    /// What a group held.
    pub(super) fn back(&mut self, group: usize, start: usize) {
        self.references.push((group, start));
        self.refers = true;
        self.atom(&format!("(?:\\{group})"));
    }

    /// A group once more.
    pub(super) fn call(&mut self, group: usize, start: usize) {
        self.references.push((group, start));
        self.calls = self.calls.or(Some(start));
        self.atom(&format!("(?:\\g<{group}>)"));
    }
}
