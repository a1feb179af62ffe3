//! What lies beside a file of evidence: the parts that travelled with the statement (docs/protocol.md section 3.3).

use std::io::{self, BufRead as _, BufReader, Read};

use comity_log::{Frontier, leaf_hash};
use comity_model::release::{MANIFEST, OBJECTS};
use comity_model::statement::{Binding, PartEntry, ReleaseBody};
use comity_model::{Digest, Digester, ManifestLine, ReleaseRecord};

use super::release::record_of;
use super::{Evidence, Statement, statement};
use crate::evidence::flaw::{Field, Flaw};
use crate::parts::copy_salted;

/// Bytes of the longest line of a manifest that is read.
const LINE: u64 = 64 * 1024;
/// Bytes of the longest object that is read (docs/protocol.md section 5.3).
const OBJECT: u64 = 1 << 20;

/// A part beside the file: its name and its bytes.
pub type Given<'a> = (&'a str, Box<dyn Read + 'a>);

/// Checks parts against a statement that [`check`](super::check) found signed: each must be one that the statement names,
/// of its size and bound as there; `objects.jsonl` needs `manifest.jsonl` beside it, and both must give the root. Gives
/// the names of the parts of the statement that were not given. Reads each part once and holds no more than one object.
///
/// # Errors
/// A [`Flaw`] in [`Field::Content`], whose message names the part.
pub fn check(evidence: &Evidence, given: Vec<Given<'_>>) -> Result<Vec<String>, Flaw> {
    let statement = statement::read(&evidence.statement, Field::Statement)?;
    let entries = &statement.payload.parts;
    let mut absent: Vec<String> = entries.iter().map(|it| it.name.clone()).collect();
    let (mut manifest, mut objects) = (None, None);
    for (name, content) in given {
        let entry = entries
            .iter()
            .find(|it| it.name == name)
            .ok_or_else(|| flaw("part-unknown", name, "the statement has no part of this name"))?;
        let before = absent.len();
        absent.retain(|it| it != name);
        if absent.len() == before {
            return Err(flaw("part-unknown", name, "it was given twice"));
        }
        match (entry.bound_by.clone(), name) {
            (Binding::Digest(_), MANIFEST) => manifest = Some((entry, content)),
            (Binding::Root, OBJECTS) => objects = Some((entry, content)),
            (Binding::Digest(bound), _) => must_be(digest_of(content, entry)?, bound, name)?,
            (Binding::Commitment(bound), _) => {
                let mut content = content;
                let found = copy_salted(&mut content, entry.size, &mut io::sink());
                let found = found.map_err(|error| flaw("part-unreadable", name, &error))?;
                must_be(found, bound, name)?;
            }
            (Binding::Root, _) => {
                return Err(flaw("part-unknown", name, "nothing in the statement binds it"));
            }
        }
    }
    match (manifest, objects) {
        (Some(manifest), Some(objects)) => whole(&record(&statement)?, manifest, objects)?,
        (Some((entry, content)), None) => {
            if let Binding::Digest(bound) = entry.bound_by {
                must_be(digest_of(content, entry)?, bound, MANIFEST)?;
            }
        }
        (None, Some(_)) => {
            let message = "the objects are bound through the manifest; give `manifest.jsonl` too";
            return Err(flaw("part-missing", OBJECTS, message));
        }
        (None, None) => {}
    }
    Ok(absent)
}

fn flaw(code: &'static str, part: &str, message: &(impl ToString + ?Sized)) -> Flaw {
    let part: String = part.chars().take(80).collect();
    Flaw::new(Field::Content, code, format!("`{part}`: {}", message.to_string()))
}

fn changed(part: &str) -> Flaw {
    flaw("part-changed", part, "it is not what the statement binds")
}

fn must_be(found: Option<Digest>, bound: Digest, part: &str) -> Result<(), Flaw> {
    if found == Some(bound) { Ok(()) } else { Err(changed(part)) }
}

/// The digest of a part of the size that its entry says.
fn digest_of(content: impl Read, entry: &PartEntry) -> Result<Option<Digest>, Flaw> {
    let mut reader = Counted::new(content, entry.size);
    io::copy(&mut reader, &mut io::sink())
        .map_err(|error| flaw("part-unreadable", &entry.name, &error))?;
    Ok(reader.finish())
}

fn record(statement: &Statement) -> Result<ReleaseRecord, Flaw> {
    let body: Option<ReleaseBody> = statement.payload.body().ok();
    body.and_then(|body| record_of(&body.release))
        .ok_or_else(|| flaw("part-unknown", OBJECTS, "the statement is no release"))
}

/// Manifest and objects side by side, up to the root.
fn whole(
    record: &ReleaseRecord,
    (manifest_entry, manifest): (&PartEntry, Box<dyn Read + '_>),
    (objects_entry, objects): (&PartEntry, Box<dyn Read + '_>),
) -> Result<(), Flaw> {
    let broken = |name: &'static str| move |error: io::Error| flaw("part-unreadable", name, &error);
    let mut lines = BufReader::new(Counted::new(manifest, manifest_entry.size));
    let mut objects = BufReader::new(Counted::new(objects, objects_entry.size));
    let (mut frontier, mut line, mut object) = (Frontier::new(), Vec::new(), Vec::new());
    for number in 1..=record.objects {
        line.clear();
        (&mut lines).take(LINE).read_until(b'\n', &mut line).map_err(broken(MANIFEST))?;
        if line.pop() != Some(b'\n') {
            return Err(changed(MANIFEST));
        }
        let parsed = ManifestLine::parse(&line, number).map_err(|_| changed(MANIFEST))?;
        if parsed.size > OBJECT {
            return Err(changed(OBJECTS));
        }
        object.clear();
        (&mut objects).take(parsed.size + 1).read_to_end(&mut object).map_err(broken(OBJECTS))?;
        if object.len() as u64 != parsed.size + 1 || object.pop() != Some(b'\n') {
            return Err(changed(OBJECTS));
        }
        let leaf = parsed.commitment_to(&line, &object).map_err(|_| changed(MANIFEST))?;
        frontier.append(leaf_hash(leaf.as_bytes()), |_, _, _| {}).map_err(|_| changed(OBJECTS))?;
    }
    io::copy(&mut lines, &mut io::sink()).map_err(broken(MANIFEST))?;
    io::copy(&mut objects, &mut io::sink()).map_err(broken(OBJECTS))?;
    let Binding::Digest(bound) = manifest_entry.bound_by else { return Err(changed(MANIFEST)) };
    must_be(lines.into_inner().finish(), bound, MANIFEST)?;
    let is_whole = objects.into_inner().finish().is_some();
    if is_whole && Digest::from_bytes(frontier.root()) == record.root {
        Ok(())
    } else {
        Err(changed(OBJECTS))
    }
}

/// Reads no more than one byte over the size that is due, and takes the digest on the way.
struct Counted<R> {
    inner: io::Take<R>,
    size: u64,
    digester: Digester,
    count: u64,
}

impl<R: Read> Counted<R> {
    fn new(inner: R, size: u64) -> Self {
        let inner = inner.take(size.saturating_add(1));
        Self { inner, size, digester: Digester::new(), count: 0 }
    }

    /// The digest, if it was of that size.
    fn finish(self) -> Option<Digest> {
        (self.count == self.size).then(|| self.digester.finish())
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.digester.update(buffer.get(..read).unwrap_or_default());
        self.count += read as u64;
        Ok(read)
    }
}
