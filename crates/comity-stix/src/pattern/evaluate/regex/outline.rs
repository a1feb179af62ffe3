//! What a regular expression tells about itself without being compiled.

/// The outline of an expression. It is read with care: where something is not understood, nothing is claimed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// The longest run of characters that stands in everything that matches, of ASCII letters in one case or the other;
    /// empty where none is known.
    pub(super) literal: String,
}

impl Outline {
    pub(super) fn of(expression: &str) -> Self {
        let mut reading = Reading { rest: expression, ..Reading::default() };
        let mut inside = expression;
        if let Some(rest) = expression.strip_prefix(FOLDED) {
            (reading.rest, reading.is_folded, inside) = (rest, true, rest);
        }
        while reading.step() {}
        reading.end_run();
        // Other flags may turn letters into either case.
        let flags = has_flags(inside);
        let literal = if flags || reading.has_choice { String::new() } else { reading.longest };
        Self { literal }
    }
}

#[derive(Debug, Default)]
struct Reading<'a> {
    rest: &'a str,
    depth: usize,
    run: String,
    longest: String,
    has_choice: bool,
    is_folded: bool,
}

/// Letters of either case.
const FOLDED: &str = "(?i)";

impl Reading<'_> {
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        let mut taken = first.len_utf8();
        match first {
            '\\' => {
                let escaped = self.rest.chars().nth(1);
                taken += escaped.map_or(0, char::len_utf8);
                match escaped {
                    Some(c) if !c.is_alphanumeric() => self.literal(c),
                    // A class, an assertion, a code point, a group referred to: `\x41` reads on as `41`.
                    Some('x' | 'u' | 'U' | 'p' | 'P' | 'k' | 'g' | 'o' | 'N' | 'c' | 'Q' | 'K')
                    | None => {
                        self.has_choice = true;
                    }
                    Some(_) => self.end_run(),
                }
            }
            '[' => {
                taken = class(self.rest);
                self.end_run();
            }
            '(' => {
                self.end_run();
                self.depth += 1;
            }
            ')' => {
                self.end_run();
                self.depth = self.depth.saturating_sub(1);
            }
            '|' => {
                self.end_run();
                self.has_choice |= self.depth == 0;
            }
            '?' | '*' | '{' => {
                // What stands before may be missing.
                self.run.pop();
                self.end_run();
                if first == '{' {
                    let length = braces(self.rest);
                    self.has_choice |= length.is_none();
                    taken = length.unwrap_or(taken);
                }
            }
            '+' | '.' | '^' | '$' => self.end_run(),
            plain => self.literal(plain),
        }
        self.take(taken);
        true
    }

    fn take(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    fn literal(&mut self, character: char) {
        // A long s and the sign of kelvin are letters in another case too.
        if self.is_folded && (!character.is_ascii() || matches!(character, 'k' | 'K' | 's' | 'S')) {
            self.end_run();
        } else if self.depth == 0 {
            // What stands in a group may be repeated no times.
            self.run.push(character);
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.len() > self.longest.len() {
            self.longest = run;
        }
    }
}

/// How long the class in front is, brackets within included.
fn class(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut escaped = false;
    let mut first = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => {
                depth += 1;
                first = true;
                continue;
            }
            '^' if first => continue,
            ']' if !first => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        first = false;
    }
    text.len()
}

/// How long the repetition in front is; `None` of a brace that stands for something else.
fn braces(text: &str) -> Option<usize> {
    let (inside, _) = text.strip_prefix('{')?.split_once('}')?;
    let is_count = inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    is_count.then_some(inside.len() + 2)
}

/// Whether a group sets flags, such as `(?i)`. Names, references and conditions are taken for flags as well.
fn has_flags(expression: &str) -> bool {
    let plain = [":", "=", "!", "<=", "<!", ">"];
    groups(expression).any(|after| !plain.iter().any(|start| after.starts_with(start)))
}

/// What stands after each `(?`.
fn groups(expression: &str) -> impl Iterator<Item = &str> {
    expression.match_indices("(?").filter_map(|(at, group)| {
        let (before, after) = expression.split_at_checked(at)?;
        let backslashes = before.bytes().rev().take_while(|byte| *byte == b'\\').count();
        if backslashes % 2 == 0 { after.strip_prefix(group) } else { None }
    })
}
