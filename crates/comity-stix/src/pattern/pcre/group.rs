//! What begins with a parenthesis.

use super::{Flags, PcreFault, Read, Reader};

impl<'e> Reader<'e> {
    /// Past the opening parenthesis.
    pub(super) fn group(&mut self, start: usize) -> Read<()> {
        let wrong = PcreFault::Wrong(start);
        if self.rest().starts_with('*') {
            return Err(PcreFault::Foreign(start));
        }
        if !self.take("?") {
            self.capture(None);
            return Ok(());
        }
        for plain in [":", ">", "=", "!", "<=", "<!"] {
            if self.take(plain) {
                self.enter(&format!("(?{plain}"));
                return Ok(());
            }
        }
        for (open, close) in [("<", ">"), ("'", "'"), ("P<", ">")] {
            if self.take(open) {
                let name = self.take_until(close).filter(|name| is_name(name)).ok_or(wrong)?;
                if self.names.contains_key(name) {
                    return Err(wrong);
                }
                self.capture(Some(name));
                return Ok(());
            }
        }
        if self.take("P=") {
            let name = self.take_until(")").ok_or(wrong)?;
            let group = self.named(name, start)?;
            self.back(group, start);
            return Ok(());
        }
        if self.take("&") || self.take("P>") {
            let name = self.take_until(")").ok_or(wrong)?;
            let group = self.named(name, start)?;
            self.call(group, start);
            return Ok(());
        }
        let mut ahead = self.rest().chars();
        match (ahead.next(), ahead.next()) {
            (Some('R'), _) => {
                self.take("R");
                if !self.take(")") {
                    return Err(wrong);
                }
                self.call(0, start);
            }
            (Some('0'..='9'), _) | (Some('+' | '-'), Some('0'..='9')) => {
                let number = self.take_until(")").ok_or(wrong)?;
                let group = self.numbered(number).ok_or(wrong)?;
                self.call(group, start);
            }
            (Some('('), _) => self.condition(start)?,
            (Some('|' | 'C'), _) => return Err(PcreFault::Foreign(start)),
            _ => self.options(start)?,
        }
        Ok(())
    }

    fn enter(&mut self, written: &str) {
        self.open.push(self.flags);
        self.assertion(written);
    }

    fn capture(&mut self, name: Option<&'e str>) {
        if name.is_none() && self.flags.no_capture {
            self.enter("(?:");
            return;
        }
        self.groups += 1;
        self.names.extend(name.map(|name| (name, self.groups)));
        self.enter("(");
    }

    /// `(?(1)yes|no)`.
    fn condition(&mut self, start: usize) -> Read<()> {
        self.take("(");
        let condition = self.take_until(")").ok_or(PcreFault::Wrong(start))?;
        let unwrapped = |open, close| condition.strip_prefix(open)?.strip_suffix(close);
        let group = match unwrapped("<", ">").or_else(|| unwrapped("'", "'")) {
            Some(name) => self.named(name, start)?,
            None => match self.numbered(condition) {
                Some(number) => number,
                None => return Err(PcreFault::Foreign(start)),
            },
        };
        self.references.push((group, start));
        self.refers = true;
        self.enter(&format!("(?({group})"));
        Ok(())
    }

    /// `(?i)` and `(?i:`.
    fn options(&mut self, start: usize) -> Read<()> {
        let outer = self.flags;
        let mut flags = outer;
        let mut on = true;
        if self.take("^") {
            flags = Flags { ungreedy: outer.ungreedy, ..Flags::default() };
        }
        loop {
            let at = self.at;
            match self.bump() {
                Some('i') => flags.caseless = on,
                Some('m') => flags.many_lines = on,
                Some('s') => flags.dot_all = on,
                Some('n') => flags.no_capture = on,
                Some('U') => flags.ungreedy = on,
                Some('x') => {
                    flags.extended = on;
                    flags.extended_more = on && self.take("x");
                }
                Some('J') => return Err(PcreFault::Foreign(start)),
                Some('-') if on => on = false,
                Some(')') => {
                    self.flags = flags;
                    self.assertion(match (outer.caseless, flags.caseless) {
                        (false, true) => "(?i)",
                        (true, false) => "(?-i)",
                        _ => "",
                    });
                    return Ok(());
                }
                Some(':') => {
                    self.enter(match (outer.caseless, flags.caseless) {
                        (false, true) => "(?i:",
                        (true, false) => "(?-i:",
                        _ => "(?:",
                    });
                    self.flags = flags;
                    return Ok(());
                }
                _ => return Err(PcreFault::Wrong(at)),
            }
        }
    }
}

/// Whether it can name a group.
fn is_name(name: &str) -> bool {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    !name.starts_with(|c: char| c.is_numeric())
        && (1..=32).contains(&name.len())
        && name.chars().all(is_word)
}
