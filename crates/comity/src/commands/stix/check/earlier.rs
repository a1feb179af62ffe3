//! The versions of an object that stood in the file before.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt as _;

use comity_stix::reader::RawObject;
use comity_stix::timestamp::Stamp;
use comity_stix::{Finding, Limits, OwnedHead, versions};

/// Objects that are remembered; the versions of those beyond them are not compared.
const MOST: usize = 250_000;

/// Bytes of objects that are held where the file cannot be read a second time.
const HELD: usize = 32 << 20;

/// The objects of one file so far, by identifier.
#[derive(Debug)]
pub(super) struct Earlier {
    limits: Limits,
    file: Option<File>,
    seen: BTreeMap<String, Vec<Seen>>,
    count: usize,
    held: usize,
    /// Whether all objects so far could be compared.
    pub(super) is_whole: bool,
}

/// One version of an object.
#[derive(Debug)]
struct Seen {
    modified: Option<Stamp<'static>>,
    line: u64,
    offset: u64,
    length: usize,
    /// The bytes, where they cannot be read again.
    bytes: Option<Box<[u8]>>,
}

/// Something that cannot be between two versions.
#[derive(Debug)]
pub(super) struct Clash {
    /// What, about the later of the two.
    pub(super) finding: Finding,
    /// The line and the offset at which the later one starts, if it is not the one at hand.
    pub(super) later: Option<(u64, u64)>,
    /// The line on which the earlier one starts.
    pub(super) earlier: u64,
}

impl Earlier {
    /// Of a file; `file` if it can be read a second time.
    pub(super) fn new(file: Option<File>, limits: Limits) -> Self {
        Self { limits, file, seen: BTreeMap::new(), count: 0, held: 0, is_whole: true }
    }

    /// Takes the next object and holds it against the versions next to it.
    pub(super) fn object(&mut self, raw: &RawObject, head: &OwnedHead) -> Vec<Clash> {
        let known = self.seen.get(&*head.id).map(Vec::as_slice).unwrap_or_default();
        let place = known.partition_point(|it| it.modified <= head.modified);
        let before = place.checked_sub(1).and_then(|it| known.get(it));
        let mut clashes = Vec::new();
        for (other, is_later) in [(before, false), (known.get(place), true)] {
            let Some(other) = other else { continue };
            let Some(bytes) = self.bytes(other) else {
                self.is_whole = false;
                continue;
            };
            let (old, new) = if is_later { (&*raw.bytes, &*bytes) } else { (&*bytes, &*raw.bytes) };
            let later = is_later.then_some((other.line, other.offset));
            let earlier = if is_later { raw.line } else { other.line };
            let found = versions(old, new, &self.limits);
            clashes.extend(found.into_iter().map(|finding| Clash { finding, later, earlier }));
        }
        self.remember(raw, head, place);
        clashes
    }

    fn remember(&mut self, raw: &RawObject, head: &OwnedHead, place: usize) {
        let needed = if self.file.is_some() { 0 } else { raw.bytes.len() };
        if self.count >= MOST || self.held + needed > HELD {
            self.is_whole = false;
            return;
        }
        self.count += 1;
        self.held += needed;
        let bytes = self.file.is_none().then(|| raw.bytes.clone().into_boxed_slice());
        let (modified, line, offset) = (head.modified.clone(), raw.line, raw.offset);
        let seen = Seen { modified, line, offset, length: raw.bytes.len(), bytes };
        self.seen.entry(head.id.clone().into_owned()).or_default().insert(place, seen);
    }

    fn bytes(&self, seen: &Seen) -> Option<Vec<u8>> {
        if let Some(bytes) = &seen.bytes {
            return Some(bytes.to_vec());
        }
        let mut bytes = vec![0; seen.length];
        self.file.as_ref()?.read_exact_at(&mut bytes, seen.offset).ok()?;
        Some(bytes)
    }
}
