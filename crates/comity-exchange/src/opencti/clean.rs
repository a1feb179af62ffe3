//! A file of OpenCTI, read as it is and given on as what can enter: a list of objects, each on the line where it stood.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use comity_stix::edit::Edits;
use comity_stix::json::encode;
use comity_stix::reader::{Objects, RawObject};
use comity_stix::registry::Registry;
use comity_stix::{Checker, Lang, Limits, Report, Severity};

use super::levels::Levels;
use super::survey::{Became, Survey, is_addition};
use crate::import::{Rejection, unread};

/// Times that something is cut out of an object until it is valid: what is cut may uncover something else.
const CUTS: usize = 3;
/// Empty lines given on at a time.
const LINES: usize = 64 << 10;

/// Reads a file object by object and gives on what can enter.
pub(super) struct Clean<R> {
    objects: Objects<R>,
    levels: Levels,
    limits: Limits,
    registry: Arc<Registry>,
    lang: Lang,
    survey: Arc<Mutex<Survey>>,
    /// What was made and not given on.
    ready: VecDeque<u8>,
    /// An object that waits until its line is reached.
    waiting: Option<(u64, Vec<u8>)>,
    /// The line that was reached.
    line: u64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Begins,
    First,
    Next,
    Ended,
}

impl<R: Read> Clean<R> {
    pub(super) fn new(
        file: R,
        levels: Levels,
        registry: Arc<Registry>,
        lang: Lang,
        survey: Arc<Mutex<Survey>>,
    ) -> Self {
        let limits = Limits::default();
        Self {
            objects: Objects::new(file, limits),
            levels,
            limits,
            registry,
            lang,
            survey,
            ready: VecDeque::new(),
            waiting: None,
            line: 1,
            state: State::Begins,
        }
    }

    /// Makes the next piece.
    fn advance(&mut self) {
        if self.state == State::Begins {
            self.ready.push_back(b'[');
            self.state = State::First;
            return;
        }
        let Some((line, bytes)) = self.waiting.take().or_else(|| self.next_object()) else {
            self.ready.push_back(b']');
            self.state = State::Ended;
            self.survey.lock().unwrap_or_else(PoisonError::into_inner).list();
            return;
        };
        let ahead = usize::try_from(line.saturating_sub(self.line)).unwrap_or(usize::MAX);
        if ahead > 0 {
            let lines = ahead.min(LINES);
            self.ready.extend(std::iter::repeat_n(b'\n', lines));
            self.line += lines as u64;
            self.waiting = Some((line, bytes));
            return;
        }
        if self.state == State::Next {
            self.ready.push_back(b',');
        }
        self.state = State::Next;
        self.line += bytes.split(|it| *it == b'\n').skip(1).count() as u64;
        self.ready.extend(bytes);
    }

    /// The next object that can enter, or that is refused where every other file's would be.
    fn next_object(&mut self) -> Option<(u64, Vec<u8>)> {
        loop {
            match self.objects.next()? {
                Ok(raw) => {
                    if let Some(given) = self.look_at(raw) {
                        return Some(given);
                    }
                }
                Err(error) => {
                    let rejection = unread(&error, self.lang);
                    self.survey.lock().unwrap_or_else(PoisonError::into_inner).reject(rejection);
                }
            }
        }
    }

    fn look_at(&self, raw: RawObject) -> Option<(u64, Vec<u8>)> {
        let checker = Checker::new(&self.limits).with_registry(&self.registry);
        let report = checker.check(&raw.bytes);
        let mut survey = self.survey.lock().unwrap_or_else(PoisonError::into_inner);
        let cut = if is_valid(&report) {
            Some((raw.bytes.clone(), Vec::new()))
        } else {
            cut(&raw.bytes, &report, &checker, &self.limits)
        };
        let Some((bytes, removed)) = cut else {
            survey.count(&raw.bytes, &report, &[], Became::Refused);
            return Some((raw.line, raw.bytes));
        };
        let added = self.levels.beside(report.head.as_ref());
        let marked = added.and_then(|added| Some((marked(bytes, &added, &self.limits)?, added)));
        let Some((bytes, added)) = marked else {
            survey.count(&raw.bytes, &report, &[], Became::Refused);
            let id = report.head.map(|head| head.id.to_string());
            survey.reject(unmarked(&raw, id, self.lang));
            return None;
        };
        survey.count(&raw.bytes, &report, &removed, Became::Kept);
        if !added.is_empty() {
            survey.mark(report.head.as_ref(), &added);
        }
        if removed.is_empty() && added.is_empty() {
            survey.as_written += 1;
        } else {
            survey.changed += 1;
        }
        Some((raw.line, bytes))
    }
}

impl<R: Read> Read for Clean<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && self.state != State::Ended {
            self.advance();
        }
        self.ready.read(buffer)
    }
}

fn is_valid(report: &Report) -> bool {
    report.complete && !report.findings.iter().any(|it| it.severity == Severity::Must)
}

/// Cuts out what breaks a rule, if all of it is in additions of OpenCTI: what is left, and the pointers to what is gone.
fn cut(
    bytes: &[u8],
    report: &Report,
    checker: &Checker<'_>,
    limits: &Limits,
) -> Option<(Vec<u8>, Vec<String>)> {
    let (mut bytes, mut removed) = (bytes.to_vec(), Vec::new());
    let mut report = report.clone();
    for _ in 0..CUTS {
        let broken = report.findings.iter().filter(|it| it.severity == Severity::Must);
        let mut pointers: Vec<String> = broken.map(|it| it.pointer.clone()).collect();
        pointers.sort();
        pointers.dedup();
        let mut edits = Edits::with_limits(&bytes, limits).ok()?;
        if !pointers.iter().all(|it| is_addition(edits.document().root(), it)) {
            return None;
        }
        for pointer in &pointers {
            // what stands in something that goes goes with it
            let _ = edits.remove(pointer);
        }
        removed.append(&mut pointers);
        bytes = edits.finish();
        report = checker.check(&bytes);
        if is_valid(&report) {
            return Some((bytes, removed));
        }
    }
    None
}

/// The object with these markings added to its own, and every other byte as it was.
fn marked(bytes: Vec<u8>, added: &[&str], limits: &Limits) -> Option<Vec<u8>> {
    if added.is_empty() {
        return Some(bytes);
    }
    let mut edits = Edits::with_limits(&bytes, limits).ok()?;
    let has_list = edits.document().root().child("object_marking_refs").is_some();
    if has_list {
        for id in added {
            edits.set("/object_marking_refs/-", &encode(id)).ok()?;
        }
    } else {
        let list: Vec<String> = added.iter().map(|id| format!("\"{id}\"")).collect();
        edits.set("/object_marking_refs", format!("[{}]", list.join(",")).as_bytes()).ok()?;
    }
    Some(edits.finish())
}

fn unmarked(raw: &RawObject, id: Option<String>, lang: Lang) -> Rejection {
    let message = match lang {
        Lang::En => {
            "it bears a marking that means a level of TLP or PAP which the standard does not have; mark it with one of \
             the fixed definitions"
        }
        Lang::Es => {
            "lleva una marca que indica un nivel de TLP o PAP que la norma no tiene; márquelo con una de las definiciones \
             fijas"
        }
    };
    Rejection {
        line: raw.line,
        id,
        pointer: "/object_marking_refs".to_owned(),
        code: "marking-not-read".to_owned(),
        message: message.to_owned(),
        version: None,
    }
}
