//! Objects one by one out of files of any size, in constant memory.
//!
//! [`Objects`] tells by itself what it is given:
//!
//! - a bundle (section 8), its properties in any order;
//! - one object;
//! - a JSON list of objects;
//! - JSON lines: an object a line, blank lines allowed. The first object says so by ending on the line
//!   it started on, with nothing else behind it.
//!
//! Several of these in one file are read one after the other. A byte order mark at the very start is
//! passed over. No more is kept in memory than one object up to its limit and one buffer, even of a
//! line that never ends.

mod framing;
mod source;

use std::io::Read;

use crate::finding::{Code, Finding, Lang};
use crate::json::scan::{Container, Leaf, Path, Scalar, Sink, scan};
use crate::limits::Limits;
use framing::{Framing, Step};
use source::{Kept, Position, Source};

/// An object as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawObject {
    /// Its exact bytes, from brace to brace; one JSON object within the limits, and free of duplicate keys unless
    /// [`Objects::keeping_duplicates`] lets them by.
    pub bytes: Vec<u8>,
    /// The line it starts on, from 1.
    pub line: u64,
    /// Where it starts, in bytes from the start of the file.
    pub offset: u64,
    /// Its place among the objects of the file, from 0; those that are refused count too.
    pub index: u64,
}

/// Why an object could not be given, or why reading ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ReadError {
    /// The line of the fault, from 1.
    pub line: u64,
    /// Where the fault is, in bytes from the start of the file.
    pub offset: u64,
    /// Where it is within the object, as a JSON pointer (RFC 6901); see [`Finding::pointer`].
    pub pointer: String,
    /// What kind of fault; [`Code::Unreadable`] blames the disk and not the content.
    pub code: Code,
    /// What to do about it, in English.
    pub message: String,
    finding: Box<Finding>,
}

impl ReadError {
    /// What the rule or the bound that was broken stands in, as [`Finding::section`] says it.
    pub fn section(&self) -> &'static str {
        self.finding.section
    }

    /// The message in one of the languages people read.
    pub fn message_in(&self, lang: Lang) -> String {
        self.finding.message_in(lang)
    }

    fn new(finding: Finding, line: u64, offset: u64) -> Self {
        let (pointer, message) = (finding.pointer.clone(), finding.message());
        Self { line, offset, pointer, code: finding.code, message, finding: Box::new(finding) }
    }
}

/// The objects of a file, in their order.
///
/// An object that is too large or malformed is an error, and the iteration goes on behind it as long
/// as it can be told where that is: at the next line of JSON lines, behind the closing brace elsewhere.
/// Where it cannot, or when the source fails, the error is the last item.
#[derive(Debug)]
pub struct Objects<R> {
    framing: Framing<R>,
    limits: Limits,
    keeps_duplicates: bool,
    index: u64,
    done: bool,
}

impl<R: Read> Objects<R> {
    /// Reads from `reader`, which needs no buffer of its own. The limits hold for each object.
    pub fn new(reader: R, limits: Limits) -> Self {
        let framing = Framing::new(Source::new(reader, limits.object_bytes));
        Self { framing, limits, keeps_duplicates: false, index: 0, done: false }
    }

    /// The same, but an object in which a key stands twice is given like any other, so that
    /// [`crate::Checker::check`] can name that beside all else that is wrong with it. Nothing else may take such
    /// an object in: readers differ in which of the two values they see. A bundle whose own `type` or `objects`
    /// stands twice ends the reading all the same.
    #[must_use]
    pub fn keeping_duplicates(self) -> Self {
        Self { keeps_duplicates: true, ..self }
    }

    /// The same of one envelope (TAXII 2.1 section 3.7), or of one bundle, and nothing else: an object that stands alone, a
    /// list and lines are refused. An envelope without objects gives none.
    #[must_use]
    pub fn of_envelope(self) -> Self {
        Self { framing: self.framing.of_envelope(), ..self }
    }

    /// Whether reading ended, at the end or where it could not go on.
    pub const fn is_done(&self) -> bool {
        self.done
    }

    /// How many bytes were read through so far, for showing progress.
    pub fn bytes_read(&self) -> u64 {
        self.framing.position().offset
    }

    /// Whether there was a bundle in what was read so far, or a list of objects that can only be a bundle's.
    pub fn has_bundle(&self) -> bool {
        self.framing.has_bundle()
    }

    #[cfg(test)]
    fn memory(&self) -> usize {
        self.framing.memory()
    }

    fn object(&mut self, kept: Kept, start: Position) -> Result<RawObject, ReadError> {
        let index = self.index;
        self.index += 1;
        let at = |finding| ReadError::new(finding, start.line, start.offset);
        let Kept::Whole(bytes) = kept else {
            return Err(at(Finding::too_large(self.limits.object_bytes)));
        };
        let mut seen = Outline { keeps_duplicates: self.keeps_duplicates, is_bundle: false };
        let sound = scan(&bytes, &self.limits, &mut seen).and_then(|_| seen.no_bundle());
        sound.map_err(|finding| {
            let before = bytes.get(..finding.offset).unwrap_or_default();
            let line = start.line + memchr::memchr_iter(b'\n', before).count() as u64;
            let offset = start.offset + finding.offset as u64;
            ReadError::new(finding, line, offset)
        })?;
        Ok(RawObject { bytes, line: start.line, offset: start.offset, index })
    }
}

impl<R: Read> Iterator for Objects<R> {
    type Item = Result<RawObject, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.framing.next() {
            Ok(Step::Object(kept, start)) => Some(self.object(kept, start)),
            Ok(Step::Refused(code, at)) => {
                self.index += 1;
                let finding = Finding::new(code, "8", String::new(), 0, []);
                Some(Err(ReadError::new(finding, at.line, at.offset)))
            }
            Ok(Step::End) => {
                self.done = true;
                None
            }
            Err((finding, at)) => {
                self.done = true;
                Some(Err(ReadError::new(*finding, at.line, at.offset)))
            }
        }
    }
}

/// Makes sure of an object and sees whether it is a bundle.
#[derive(Debug)]
struct Outline {
    keeps_duplicates: bool,
    is_bundle: bool,
}

impl Outline {
    fn no_bundle(&self) -> Result<(), Finding> {
        if self.is_bundle {
            return Err(Finding::new(Code::BundleAsObject, "8", String::new(), 0, []));
        }
        Ok(())
    }
}

impl<'a> Sink<'a> for Outline {
    fn open(&mut self, path: &Path<'a>, container: Container, at: usize) -> Result<(), Finding> {
        let sound = path.depth() > 0 || container == Container::Object;
        if sound { Ok(()) } else { Err(Finding::not_an_object(at)) }
    }

    fn close(&mut self, _end: usize) {}

    fn leaf(&mut self, path: &Path<'a>, leaf: &Leaf<'a>) -> Result<(), Finding> {
        match (path.depth(), leaf.value) {
            (0, _) => return Err(Finding::not_an_object(leaf.at)),
            (1, Scalar::Text(text)) if path.root_key_is("type") => {
                self.is_bundle = text.decode() == "bundle";
            }
            _ => {}
        }
        Ok(())
    }

    fn duplicate(&mut self, finding: Finding) -> Result<(), Finding> {
        if self.keeps_duplicates { Ok(()) } else { Err(finding) }
    }
}

#[cfg(test)]
mod tests;
