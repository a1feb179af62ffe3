//! What stands around the objects of a file: the bundle's own properties, picked out of the bytes as they go by.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use comity_stix::json::Document;
use comity_stix::reader::RawObject;
use comity_stix::{Checker, Finding, Limits};

use crate::commands::stix::input::newlines;

/// Bytes that a bundle may have beside its objects.
const MOST: usize = 256 << 10;

/// Bytes that may go by, beside those of the largest object, before it is known whether they are an object's: more than
/// what is read ahead of it.
const AHEAD: usize = 4 << 20;

/// A reader whose bytes are looked at on their way.
#[derive(Debug)]
pub(super) struct Watched<R> {
    inner: R,
    frame: Rc<RefCell<Frame>>,
}

/// What is known of a file without its objects.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// What went by and may be an object's.
    pending: VecDeque<u8>,
    /// Where in the file that starts.
    at: u64,
    /// The file up to there, an empty object standing for all objects in a row.
    kept: Vec<u8>,
    /// How much was kept when the last object ended, and the line it ended on.
    resumed: (usize, u64),
    /// Bytes that may be pending.
    most: usize,
    is_over: bool,
}

/// What came of a frame.
#[derive(Debug)]
pub(super) enum Framed {
    /// There is no bundle.
    None,
    /// There is one bundle: its identifier, and what is wrong with it, by line and offset in the file.
    Bundle(Option<String>, Vec<(u64, u64, Finding)>),
    /// There is something that cannot be told apart.
    Unclear,
}

impl<R: Read> Watched<R> {
    /// Reads from `inner`.
    pub(super) fn new(inner: R, limits: &Limits) -> (Self, Rc<RefCell<Frame>>) {
        let most = limits.object_bytes.saturating_add(AHEAD);
        let frame = Rc::new(RefCell::new(Frame { most, ..Frame::default() }));
        (Self { inner, frame: Rc::clone(&frame) }, frame)
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.frame.borrow_mut().passed(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

impl Frame {
    fn passed(&mut self, bytes: &[u8]) {
        if self.pending.len() + bytes.len() > self.most {
            self.give_up();
        }
        if !self.is_over {
            self.pending.extend(bytes);
        }
    }

    fn give_up(&mut self) {
        *self = Self { is_over: true, ..Self::default() };
    }

    /// An object was taken out.
    pub(super) fn object(&mut self, raw: &RawObject) {
        let Some(before) = raw.offset.checked_sub(self.at).and_then(|it| usize::try_from(it).ok())
        else {
            return self.give_up();
        };
        let end = before + raw.bytes.len();
        if self.is_over || end > self.pending.len() {
            return self.give_up();
        }
        let divides = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
        let is_next = self.resumed.0 > 0 && self.pending.iter().take(before).all(divides);
        if !is_next {
            self.kept.extend(self.pending.iter().take(before));
            self.kept.extend(b"{}");
        }
        self.pending.drain(..end);
        if self.kept.len() > MOST {
            return self.give_up();
        }
        self.at = raw.offset + raw.bytes.len() as u64;
        self.resumed = (self.kept.len(), raw.line + newlines(&raw.bytes));
    }

    /// The file, in which there is a bundle, is at its end.
    pub(super) fn end(&mut self, checker: &Checker<'_>, limits: &Limits) -> Framed {
        let mut file = std::mem::take(&mut self.kept);
        file.extend(std::mem::take(&mut self.pending));
        if self.is_over || file.len() > MOST {
            return Framed::Unclear;
        }
        let start = if file.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        let bytes = file.get(start..).unwrap_or_default();
        let Ok(document) = Document::parse(bytes, limits) else { return Framed::Unclear };
        let text = |name| document.root().child(name)?.text();
        if text("type").as_deref() != Some("bundle") {
            return Framed::None;
        }
        let report = checker.check_bundle(bytes);
        let placed = |finding: Finding| {
            let (line, offset) = self.place(&file, start + finding.offset);
            (line, offset, finding)
        };
        let findings = report.findings.into_iter().map(placed).collect();
        Framed::Bundle(text("id").map(std::borrow::Cow::into_owned), findings)
    }

    /// The line and the offset in the file of a byte of the frame.
    fn place(&self, frame: &[u8], offset: usize) -> (u64, u64) {
        let (resumed, line) = self.resumed;
        match offset.checked_sub(resumed) {
            Some(beyond) if resumed > 0 => {
                let between = frame.get(resumed..offset).unwrap_or_default();
                (line + newlines(between), self.at + beyond as u64)
            }
            _ => (1 + newlines(frame.get(..offset).unwrap_or_default()), offset as u64),
        }
    }
}
