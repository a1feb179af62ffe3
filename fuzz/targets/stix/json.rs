//! The scanner, the reader and the editor.

use comity_stix::edit::{Edits, Emptied, each_string};
use comity_stix::json::{self, Document};
use comity_stix::reader::{Objects, RawObject, ReadError};
use comity_stix::{Code, Limits};
use serde::de::IgnoredAny;

/// What is valid JSON and refused all the same, each for a reason of its own.
const STRICTER: &[Code] = &[
    Code::TooLarge,
    Code::TooDeep,
    Code::TooManyProperties,
    Code::StringTooLong,
    Code::LoneSurrogate,
    Code::DuplicateKey,
];

/// What is taken is JSON, and what is refused is none or breaks a rule that is named; every value is found again by
/// its pointer, and raw values are JSON.
pub(crate) fn document(data: &[u8]) {
    let text = std::str::from_utf8(data);
    let theirs = text.is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    match Document::parse(data, &Limits::default()) {
        Ok(document) => {
            assert!(theirs, "taken, and no JSON");
            for value in document.values().take(64) {
                let found = document.find(&value.pointer()).expect("found by its own pointer");
                assert_eq!(found.span(), value.span());
                assert!(Document::parse(value.raw().as_bytes(), &Limits::default()).is_ok());
                let text = json::decode(value.raw().as_bytes());
                assert_eq!(text, value.text());
            }
        }
        Err(finding) => {
            assert!(finding.offset <= data.len());
            assert!(!theirs || STRICTER.contains(&finding.code), "{finding:?}");
        }
    }
}

/// Pointer, new value, object, on a line each: what was not edited stays byte for byte, what is edited says what was
/// put there, and the result is JSON.
pub(crate) fn edits(data: &[u8]) {
    let (pointer, rest) = super::two(data);
    let (value, object) = super::two(rest);
    let pointer = String::from_utf8_lossy(pointer);
    let Ok(edits) = Edits::new(object) else { return };
    assert_eq!(edits.clone().finish(), object);
    let larger = Limits { depth: 200, object_bytes: 1 << 22, ..Limits::default() };
    for emptied in [Emptied::Remove, Emptied::Keep] {
        let mut removed = edits.clone().emptied(emptied);
        if removed.remove(&pointer).is_ok() {
            let new = removed.finish();
            assert!(new.len() < object.len());
            Document::parse(&new, &larger).expect("what is left is JSON");
        }
    }
    let replace = |edits: &mut Edits<'_>| edits.replace(&pointer, value).is_ok();
    let set = |edits: &mut Edits<'_>| edits.set(&pointer, value).is_ok();
    for act in [&replace as &dyn Fn(&mut Edits<'_>) -> bool, &set] {
        let mut edits = edits.clone();
        if !act(&mut edits) {
            continue;
        }
        let new = edits.finish();
        let document = Document::parse(&new, &larger).expect("what was edited is JSON");
        let raw = document.find(&pointer).map(|found| found.raw().as_bytes());
        // The token `-` of a list has no value of its own (RFC 6901 section 4).
        let appended = raw.is_none() && pointer.ends_with("/-");
        assert!(appended || raw == Some(value.trim_ascii()), "{raw:?}");
    }
    let mut strings = 0;
    let each = |pointer: &str, raw: &[u8]| {
        strings += 1;
        if strings < 64 {
            let found = edits.document().find(pointer).expect("visited where it stands");
            assert_eq!(found.raw().as_bytes(), raw);
        }
    };
    each_string(object, each).expect("it was read before");
}

/// A source that gives a few bytes at a time.
struct Drip<'a>(&'a [u8], usize);

impl std::io::Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = self.1.min(buffer.len());
        let (mut now, later) = self.0.split_at(most.min(self.0.len()));
        self.0 = later;
        now.read(buffer)
    }
}

/// Objects come out byte for byte from where they stand, whichever way the bytes come in, and reading ends.
pub(crate) fn reader(data: &[u8]) {
    let limits = Limits { object_bytes: 2_048, ..Limits::default() };
    let read = |chunk: usize| -> Vec<Result<RawObject, ReadError>> {
        let items = Objects::new(Drip(data, chunk), limits).take(data.len() + 2);
        items.collect()
    };
    let items = read(usize::MAX);
    assert!(items.len() <= data.len() + 1, "no end");
    for object in items.iter().flatten() {
        let start = usize::try_from(object.offset).expect("within the input");
        let written = data.get(start..start + object.bytes.len());
        assert_eq!(written, Some(&*object.bytes));
        assert!(Document::parse(&object.bytes, &limits).is_ok());
    }
    for error in items.iter().filter_map(|item| item.as_ref().err()) {
        assert!(error.offset <= data.len() as u64 && error.line >= 1, "{error:?}");
    }
    for chunk in [1, 7] {
        assert_eq!(read(chunk), items);
    }
}
