//! Framing: where one object ends and the next one starts.

use std::io::{self, Read};

use super::source::{End, Kept, Position, Source};
use crate::finding::{Code, Finding, Word};
use crate::json::text::unescape;

/// What comes next in a file.
#[derive(Debug)]
pub(super) enum Step {
    /// Something that starts like an object, and where.
    Object(Kept, Position),
    /// Something that is passed over.
    Refused(Code, Position),
    End,
}

/// The end of all reading.
pub(super) type Fatal = (Box<Finding>, Position);

#[derive(Debug)]
pub(super) struct Framing<R> {
    source: Source<R>,
    state: State,
    /// Whether each line is an object.
    lines: bool,
    has_bundle: bool,
    /// Whether there is one envelope, or a bundle, and nothing else.
    envelope: bool,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Outside of everything.
    Start,
    /// In a list of objects, of a bundle or on its own.
    List { of: Option<Bundle>, place: Place },
    /// In a bundle, behind its list.
    Tail(Bundle),
}

/// Where in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind the bracket.
    Front,
    /// Behind a comma.
    Comma,
    /// Behind an element.
    Element,
}

/// What is known of a bundle, or of an object that may be one.
#[derive(Debug, Clone, Copy)]
struct Bundle {
    start: Position,
    /// Whether `type` is `bundle`; unknown until it comes.
    named: Option<bool>,
    /// Whether the list of objects came already.
    listed: bool,
}

/// How reading the properties of a possible bundle ended.
enum Outer {
    /// At its list of objects.
    List(Bundle),
    Closed(Bundle),
    Cut,
    File,
}

impl<R: Read> Framing<R> {
    pub(super) fn new(source: Source<R>) -> Self {
        Self { source, state: State::Start, lines: false, has_bundle: false, envelope: false }
    }

    /// Reads one envelope and nothing else.
    pub(super) fn of_envelope(self) -> Self {
        Self { envelope: true, ..self }
    }

    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.source.memory()
    }

    /// Whether a bundle came by, or a list of objects that can only be a bundle's.
    pub(super) const fn has_bundle(&self) -> bool {
        self.has_bundle
    }

    pub(super) fn position(&self) -> Position {
        self.source.position()
    }

    /// The next object, or what is wrong with the place it should be in.
    pub(super) fn next(&mut self) -> Result<Step, Fatal> {
        loop {
            let step = match self.state {
                State::Start => self.start()?,
                State::List { of, place } => self.list(of, place)?,
                State::Tail(bundle) => self.tail(bundle)?,
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    fn start(&mut self) -> Result<Option<Step>, Fatal> {
        if self.position().offset == 0 {
            self.byte_order_mark()?;
        }
        self.white()?;
        let start = self.position();
        match self.peek()? {
            None => Ok(Some(Step::End)),
            Some(_) if self.lines => {
                self.source.keep();
                self.read(Source::rest_of_line)?;
                Ok(Some(Step::Object(trimmed(self.source.kept()), start)))
            }
            Some(b'[') if !self.envelope => {
                self.source.take(1);
                self.state = State::List { of: None, place: Place::Front };
                Ok(None)
            }
            Some(b'{') if !self.envelope || !self.has_bundle => self.object_or_bundle(start),
            next => Err(self.fatal(Code::UnexpectedContent, word(next))),
        }
    }

    fn object_or_bundle(&mut self, start: Position) -> Result<Option<Step>, Fatal> {
        self.source.keep();
        self.source.take(1);
        let bundle = Bundle { start, named: None, listed: false };
        match self.outer(bundle, Place::Front)? {
            Outer::List(bundle) => {
                self.state = State::List { of: Some(bundle), place: Place::Front };
                Ok(None)
            }
            Outer::Closed(Bundle { named: Some(true), .. }) => Ok(None),
            Outer::Closed(bundle) if self.envelope => {
                self.source.kept();
                self.has_bundle = true;
                Ok(bundle.named.map(|_| Step::Refused(Code::NotABundle, start)))
            }
            Outer::Closed(_) => {
                let kept = self.source.kept();
                self.read(|source| source.pass(|byte| matches!(byte, b' ' | b'\t' | b'\r')))?;
                let one_line = self.position().line == start.line;
                self.lines = one_line && matches!(self.peek()?, None | Some(b'\n'));
                Ok(Some(Step::Object(kept, start)))
            }
            Outer::Cut => {
                self.source.kept();
                self.lines = true;
                Ok(Some(Step::Refused(Code::JsonCut, start)))
            }
            Outer::File => Err(cut(start)),
        }
    }

    /// The properties of what may be a bundle, from `place` on.
    fn outer(&mut self, mut bundle: Bundle, mut place: Place) -> Result<Outer, Fatal> {
        let first = bundle.start.line;
        loop {
            self.white()?;
            match (self.peek()?, place) {
                (None, _) => return Ok(Outer::File),
                (Some(b'}'), Place::Front | Place::Element) => {
                    self.source.take(1);
                    return Ok(Outer::Closed(bundle));
                }
                (Some(b','), Place::Element) => {
                    self.source.take(1);
                    place = Place::Comma;
                    continue;
                }
                (Some(b'"'), Place::Front | Place::Comma) => {}
                _ => return self.astray(bundle),
            }
            let (key, end) = self.string(first)?;
            if end != End::Closed {
                return Ok(unclosed(end));
            }
            self.white()?;
            if self.peek()? != Some(b':') {
                return self.astray(bundle);
            }
            self.source.take(1);
            self.white()?;
            let value = self.peek()?;
            let end = match (&*key, value) {
                ("type", Some(b'"')) => {
                    let at = self.position();
                    let (named, end) = self.string(first)?;
                    if bundle.named == Some(true) {
                        return Err(twice("type", at));
                    }
                    // Of an object that says its type twice, the scan will tell.
                    bundle.named = Some(bundle.named != Some(false) && named == "bundle");
                    if bundle.named == Some(true) {
                        self.has_bundle = true;
                        self.source.kept();
                    }
                    end
                }
                ("objects", Some(b'[')) if bundle.named != Some(false) => {
                    if bundle.listed {
                        return Err(twice("objects", self.position()));
                    }
                    self.has_bundle = true;
                    self.source.kept();
                    self.source.take(1);
                    return Ok(Outer::List(Bundle { listed: true, ..bundle }));
                }
                ("objects", _) if bundle.named == Some(true) || self.envelope => {
                    return Err(self.fatal(Code::UnexpectedContent, word(value)));
                }
                _ => self.read(|source| source.value(first))?,
            };
            if end != End::Closed {
                return Ok(unclosed(end));
            }
            place = Place::Element;
        }
    }

    /// The grammar is broken. In a bundle that is the end; of an object the rest is passed over, and
    /// the scan will tell what is wrong with it.
    fn astray(&mut self, bundle: Bundle) -> Result<Outer, Fatal> {
        let next = self.peek()?;
        if bundle.named == Some(true) || bundle.listed {
            return Err(self.fatal(Code::JsonSyntax, word(next)));
        }
        let line = self.position().line;
        if next == Some(b'{') && self.source.at_line_start() && line == bundle.start.line + 1 {
            return Ok(Outer::Cut);
        }
        match self.read(|source| source.balanced(bundle.start.line, 1))? {
            End::Closed => Ok(Outer::Closed(bundle)),
            end => Ok(unclosed(end)),
        }
    }

    fn list(&mut self, of: Option<Bundle>, place: Place) -> Result<Option<Step>, Fatal> {
        self.white()?;
        let start = self.position();
        match (self.peek()?, place) {
            (Some(b'{'), Place::Front | Place::Comma) => {
                self.state = State::List { of, place: Place::Element };
                self.source.keep();
                match self.read(|source| source.value(NO_LINE))? {
                    End::Closed => Ok(Some(Step::Object(self.source.kept(), start))),
                    _ => Err(cut(start)),
                }
            }
            (Some(b']'), Place::Front | Place::Element) => {
                self.source.take(1);
                self.state = of.map_or(State::Start, State::Tail);
                Ok(None)
            }
            (Some(b','), Place::Element) => {
                self.source.take(1);
                self.state = State::List { of, place: Place::Comma };
                Ok(None)
            }
            (Some(b'"' | b'[' | b'-' | b'0'..=b'9' | b'a'..=b'z'), Place::Front | Place::Comma) => {
                self.state = State::List { of, place: Place::Element };
                match self.read(|source| source.value(NO_LINE))? {
                    End::Closed => Ok(Some(Step::Refused(Code::NotAnObject, start))),
                    _ => Err(cut(start)),
                }
            }
            (None, _) => Err(cut(start)),
            (next, _) => Err(self.fatal(Code::JsonSyntax, word(next))),
        }
    }

    fn tail(&mut self, bundle: Bundle) -> Result<Option<Step>, Fatal> {
        match self.outer(bundle, Place::Element)? {
            Outer::List(bundle) => Err(twice("objects", bundle.start)),
            Outer::Closed(bundle) => {
                self.state = State::Start;
                let unnamed = match bundle.named {
                    Some(bundle) => !bundle,
                    None => !self.envelope,
                };
                Ok(unnamed.then_some(Step::Refused(Code::NotABundle, bundle.start)))
            }
            Outer::Cut | Outer::File => Err(cut(self.position())),
        }
    }

    fn byte_order_mark(&mut self) -> Result<(), Fatal> {
        for byte in [0xef, 0xbb, 0xbf] {
            if self.peek()? != Some(byte) {
                break;
            }
            self.source.take(1);
        }
        Ok(())
    }

    /// A string that may be a name worth knowing.
    fn string(&mut self, first: u64) -> Result<(String, End), Fatal> {
        /// Enough for every name of interest with all its letters written as escapes.
        const MOST: usize = 64;
        let mut raw = Vec::new();
        let end = self.read(|source| source.string(first, &mut raw, MOST))?;
        Ok((unescape(&String::from_utf8_lossy(&raw)), end))
    }

    fn white(&mut self) -> Result<(), Fatal> {
        self.read(Source::white)
    }

    fn peek(&mut self) -> Result<Option<u8>, Fatal> {
        self.read(Source::peek)
    }

    fn read<T>(&mut self, step: impl FnOnce(&mut Source<R>) -> io::Result<T>) -> Result<T, Fatal> {
        step(&mut self.source)
            .map_err(|error| self.fatal(Code::Unreadable, [Word::said(&error.to_string())]))
    }

    fn fatal<const N: usize>(&self, code: Code, words: [Word; N]) -> Fatal {
        (Box::new(Finding::new(code, "8", String::new(), 0, words)), self.position())
    }
}

/// No line: within lists nothing is cut by the end of one.
const NO_LINE: u64 = u64::MAX;

fn word(byte: Option<u8>) -> [Word; 1] {
    let ascii = byte.filter(u8::is_ascii).map(char::from);
    [Word::said(&ascii.unwrap_or(char::REPLACEMENT_CHARACTER).to_string())]
}

fn unclosed(end: End) -> Outer {
    if end == End::Cut { Outer::Cut } else { Outer::File }
}

fn cut(at: Position) -> Fatal {
    (Box::new(Finding::new(Code::JsonCut, "RFC 8259", String::new(), 0, [])), at)
}

fn twice(key: &str, at: Position) -> Fatal {
    let finding = Finding::new(Code::DuplicateKey, "RFC 8259", String::new(), 0, [Word::said(key)]);
    (Box::new(finding), at)
}

fn trimmed(kept: Kept) -> Kept {
    match kept {
        Kept::Whole(mut bytes) => {
            let white = bytes.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
            bytes.truncate(bytes.len() - white);
            Kept::Whole(bytes)
        }
        too_large @ Kept::TooLarge => too_large,
    }
}
