//! Pouches there and back.

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::rc::Rc;

use comity_model::{Digest, Refusal};
use comity_pouch::pouch::is_part_name;
use comity_pouch::{Limits, PouchError, PouchReader, PouchWriter};

use crate::support::{
    OTHER_SEAL, PROOF, SEAL, STATEMENT, opened, opened_within, seal_raw, seal_to, sealed,
};

#[test]
fn what_goes_in_comes_out() {
    let long = vec![7; 200_000];
    let parts: &[(&str, &[u8])] =
        &[("manifest.jsonl", b"{}\n"), ("objects.jsonl", &long), ("empty", b"")];
    let (pouch, known) = sealed(parts);
    assert_eq!(known.bytes, pouch.len() as u64);
    assert_eq!(known.digest, Digest::of(&pouch));
    let (statement, proof, got) = opened(&pouch).unwrap();
    assert_eq!((statement.as_slice(), proof.as_slice()), (STATEMENT, PROOF));
    let got: Vec<_> = got.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    assert_eq!(got, parts);
}

#[test]
fn the_same_content_sealed_twice_is_two_files() {
    assert_ne!(sealed(&[]).1.digest, sealed(&[]).1.digest);
}

#[test]
fn a_pouch_opens_with_whichever_of_our_keys_it_was_sealed_to() {
    let (pouch, _) = sealed(&[]);
    let limits = Limits::default();
    assert!(PouchReader::open(pouch.as_slice(), &[&OTHER_SEAL, &SEAL], &limits).is_ok());
}

#[test]
fn a_pouch_for_somebody_else_stays_shut() {
    let (pouch, _) = sealed(&[("a", b"secret")]);
    let error =
        PouchReader::open(pouch.as_slice(), &[&OTHER_SEAL], &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "cannot-open");
    assert_eq!(error.refusal(), Some(Refusal::CannotOpen));
    let error = PouchReader::open(pouch.as_slice(), &[], &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "cannot-open");
}

#[test]
fn a_pouch_for_two_is_refused_though_our_key_is_one_of_them() {
    let (ours, theirs) = (SEAL.recipient(), OTHER_SEAL.recipient());
    let pouch = seal_to(&crate::support::archive(&[]), &[&ours, &theirs]);
    assert_eq!(opened(&pouch).unwrap_err().code(), "not-a-pouch");
}

#[test]
fn what_is_no_age_file_is_refused_after_little_reading() {
    let endless = |begin: &'static [u8], more: &'static [u8]| {
        let read = Rc::new(Cell::new(0));
        let source = begin.chain(Repeat { bytes: more, read: Rc::clone(&read) });
        let error = PouchReader::open(source, &[&SEAL], &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "not-a-pouch");
        assert!(read.get() <= 64 * 1024, "{} bytes read", read.get());
    };
    endless(b"", b"PK\x03\x04");
    endless(b"age-encryption.org/v2\n", b"x");
    endless(b"age-encryption.org/v1\n", b"-> a b\n\n");
    endless(b"age-encryption.org/v1\n-> ", b"x");
    assert_eq!(opened(b"-----BEGIN AGE ENCRYPTED FILE-----\n").unwrap_err().code(), "not-a-pouch");
}

#[test]
fn a_pouch_cut_anywhere_is_refused_whole() {
    let long = vec![7; 70_000];
    let (pouch, _) = sealed(&[("objects.jsonl", &long)]);
    let cuts = (0..pouch.len()).step_by(1009).chain(pouch.len() - 20..pouch.len());
    for cut in cuts {
        let error = opened(&pouch[..cut]).unwrap_err();
        assert_eq!(error.refusal(), Some(Refusal::Truncated), "cut at {cut}: {error}");
        assert!(["truncated", "damaged"].contains(&error.code()), "cut at {cut}: {error}");
    }
    assert_eq!(opened(b"").unwrap_err().code(), "truncated");
}

#[test]
fn bytes_behind_a_pouch_are_refused() {
    // With the longer one the archive fills one piece of 64 KiB to the last byte.
    let content = vec![0; 65_536 - 4 * 512 - 512 - 1024];
    for size in [10, content.len()] {
        let (mut pouch, _) = sealed(&[("a", &content[..size])]);
        assert!(opened(&pouch).is_ok());
        pouch.push(0);
        assert!(opened(&pouch).is_err(), "{size}");
    }
}

#[test]
fn the_statement_can_be_refused_before_the_rest_is_read() {
    let long = vec![7; 4 << 20];
    let (pouch, _) = sealed(&[("objects.jsonl", &long)]);
    let read = Rc::new(Cell::new(0));
    let source = Counted { inner: pouch.as_slice(), count: Rc::clone(&read) };
    let reader = PouchReader::open(source, &[&SEAL], &Limits::default()).unwrap();
    assert_eq!(reader.statement(), STATEMENT);
    assert!(read.get() < 128 * 1024, "{} bytes read", read.get());
}

#[test]
fn a_part_that_nobody_reads_is_checked_all_the_same() {
    let long = vec![7; 300_000];
    let (pouch, _) = sealed(&[("a", &long), ("b", b"2")]);
    let limits = Limits::default();
    let mut reader = PouchReader::open(pouch.as_slice(), &[&SEAL], &limits).unwrap();
    assert_eq!(reader.next_part().unwrap().unwrap().name(), "a");
    assert_eq!(reader.next_part().unwrap().unwrap().name(), "b");
    reader.finish().unwrap();
    let mut bad = pouch;
    bad[100_000] ^= 1;
    let reader = PouchReader::open(bad.as_slice(), &[&SEAL], &limits).unwrap();
    assert_eq!(reader.finish().unwrap_err().code(), "damaged");
}

#[test]
fn a_refused_pouch_stays_refused() {
    let long = vec![7; 300_000];
    let (mut pouch, _) = sealed(&[("a", &long), ("b", b"2")]);
    pouch[100_000] ^= 1;
    let mut reader = PouchReader::open(pouch.as_slice(), &[&SEAL], &Limits::default()).unwrap();
    let mut part = reader.next_part().unwrap().unwrap();
    let error = PouchError::from(part.read_to_end(&mut Vec::new()).unwrap_err());
    assert_eq!(error.code(), "damaged");
    assert_eq!(reader.next_part().unwrap_err().code(), "already-refused");
    assert_eq!(reader.finish().unwrap_err().code(), "already-refused");
}

#[test]
fn limits_bind_who_reads() {
    let (pouch, _) = sealed(&[("a", b"12345"), ("b", b"12345")]);
    let code = |limits: Limits| opened_within(&pouch, &limits).unwrap_err().code();
    let limits = Limits::default();
    assert_eq!(code(Limits { statement: 10, ..limits }), "too-large");
    assert_eq!(code(Limits { proof: 7, ..limits }), "too-large");
    assert_eq!(code(Limits { part: 4, ..limits }), "too-large");
    assert_eq!(code(Limits { parts: 1, ..limits }), "too-many-parts");
    let whole = pouch.len() as u64;
    assert_eq!(code(Limits { pouch: whole - 1, ..limits }), "pouch-too-large");
    assert!(opened_within(&pouch, &Limits { pouch: whole, part: 5, parts: 2, ..limits }).is_ok());
}

#[test]
fn limits_bind_who_writes() {
    let to = SEAL.recipient();
    let limits = Limits::default();
    let begin = |limits: &Limits| PouchWriter::new(io::sink(), &to, STATEMENT, PROOF, limits);
    assert_eq!(begin(&Limits { statement: 10, ..limits }).unwrap_err().code(), "over-limit");
    assert_eq!(begin(&Limits { proof: 1, ..limits }).unwrap_err().code(), "over-limit");
    let mut writer = begin(&Limits { part: 4, ..limits }).unwrap();
    assert_eq!(writer.part("a", 5, &mut &b"12345"[..]).unwrap_err().code(), "over-limit");
    let mut writer = begin(&Limits { parts: 1, ..limits }).unwrap();
    writer.part("a", 1, &mut &b"1"[..]).unwrap();
    assert_eq!(writer.part("b", 1, &mut &b"1"[..]).unwrap_err().code(), "over-limit");
    let mut writer = begin(&Limits { pouch: 100_000, ..limits }).unwrap();
    let long = vec![0; 200_000];
    let error = writer.part("a", 200_000, &mut long.as_slice()).unwrap_err();
    assert_eq!(error.code(), "over-limit");
    assert_eq!(error.refusal(), None);
}

#[test]
fn a_part_of_another_size_than_announced_spoils_the_pouch() {
    let to = SEAL.recipient();
    for announced in [4, 6] {
        let mut out = Vec::new();
        let limits = Limits::default();
        let mut writer = PouchWriter::new(&mut out, &to, STATEMENT, PROOF, &limits).unwrap();
        let error = writer.part("a", announced, &mut &b"12345"[..]).unwrap_err();
        assert_eq!(error.code(), "part-size");
        assert_eq!(writer.finish().unwrap_err().code(), "already-refused");
        assert!(opened(&out).is_err());
    }
}

#[test]
fn names_of_parts_are_few_and_plain() {
    let long = "n".repeat(99);
    for good in ["manifest.jsonl", "0", "a-b_c.d", &long] {
        assert!(is_part_name(good), "{good}");
    }
    let longer = "n".repeat(100);
    for bad in ["", ".a", "..", "a/b", "/a", "A", "ñ", "a b", "a\0", "statement.dsse.json", &longer]
    {
        assert!(!is_part_name(bad), "{bad}");
        let to = SEAL.recipient();
        let mut writer = PouchWriter::new(io::sink(), &to, b"", b"", &Limits::default()).unwrap();
        assert_eq!(writer.part(bad, 0, &mut io::empty()).unwrap_err().code(), "part-name");
    }
    let mut writer =
        PouchWriter::new(io::sink(), &SEAL.recipient(), b"", b"", &Limits::default()).unwrap();
    writer.part("a", 0, &mut io::empty()).unwrap();
    assert_eq!(writer.part("a", 0, &mut io::empty()).unwrap_err().code(), "part-repeated");
}

#[test]
fn a_failing_disk_is_nobody_elses_fault() {
    let (pouch, _) = sealed(&[]);
    let source = pouch[..2000].chain(Broken);
    let error = PouchReader::open(source, &[&SEAL], &Limits::default()).unwrap_err();
    assert_eq!((error.code(), error.refusal()), ("io", None));
    let to = SEAL.recipient();
    let mut writer =
        PouchWriter::new(io::sink(), &to, STATEMENT, PROOF, &Limits::default()).unwrap();
    assert_eq!(writer.part("a", 5, &mut Broken).unwrap_err().code(), "io");
    let error = PouchWriter::new(Broken, &to, STATEMENT, PROOF, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "io");
}

#[test]
fn a_large_pouch_streams_through_a_small_buffer_both_ways() {
    const SIZE: u64 = 64 << 20;
    const SLACK: u64 = 256 * 1024;
    let (taken, given) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let mut out = Lagging { taken: Rc::clone(&taken), given: Rc::clone(&given), kept: Vec::new() };
    let to = SEAL.recipient();
    let mut writer = PouchWriter::new(&mut out, &to, STATEMENT, PROOF, &Limits::default()).unwrap();
    let mut content = Counted { inner: io::repeat(7).take(SIZE), count: taken };
    writer.part("large", SIZE, &mut content).unwrap();
    writer.finish().unwrap();

    let read = Rc::new(Cell::new(0));
    let source = Counted { inner: out.kept.as_slice(), count: Rc::clone(&read) };
    let mut reader = PouchReader::open(source, &[&SEAL], &Limits::default()).unwrap();
    let mut part = reader.next_part().unwrap().unwrap();
    let (mut buffer, mut total) = ([0; 4096], 0u64);
    loop {
        let got = part.read(&mut buffer).unwrap();
        if got == 0 {
            break;
        }
        total += got as u64;
        assert!(read.get() <= total + SLACK, "read ahead: {} of {total}", read.get());
    }
    assert_eq!(total, SIZE);
    reader.finish().unwrap();
}

#[test]
fn an_empty_proof_is_a_proof_entry_all_the_same() {
    let to = SEAL.recipient();
    let mut out = Vec::new();
    PouchWriter::new(&mut out, &to, STATEMENT, b"", &Limits::default()).unwrap().finish().unwrap();
    assert_eq!(opened(&out).unwrap(), (STATEMENT.to_vec(), Vec::new(), Vec::new()));
}

#[test]
fn an_archive_that_a_stock_tar_would_take_for_empty_is_refused() {
    assert_eq!(opened(&seal_raw(&[0; 1024])).unwrap_err().code(), "archive-no-end");
    assert_eq!(opened(&seal_raw(&[])).unwrap_err().code(), "archive-no-end");
}

#[test]
fn errors_and_debug_forms_show_no_content() {
    let (pouch, _) = sealed(&[("a", b"secret")]);
    let reader = PouchReader::open(pouch.as_slice(), &[&SEAL], &Limits::default()).unwrap();
    assert_eq!(format!("{reader:?}"), "PouchReader { parts: {}, .. }");
}

/// Counts what is read through it.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.count.set(self.count.get() + got as u64);
        Ok(got)
    }
}

/// Keeps what is written, which must follow closely on what was taken in.
struct Lagging {
    taken: Rc<Cell<u64>>,
    given: Rc<Cell<u64>>,
    kept: Vec<u8>,
}

impl Write for Lagging {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.given.set(self.given.get() + bytes.len() as u64);
        self.kept.extend_from_slice(bytes);
        assert!(self.taken.get() <= self.given.get() + 256 * 1024, "held back");
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The same bytes for ever.
struct Repeat {
    bytes: &'static [u8],
    read: Rc<Cell<u64>>,
}

impl Read for Repeat {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for (to, from) in buffer.iter_mut().zip(self.bytes.iter().cycle()) {
            *to = *from;
        }
        self.read.set(self.read.get() + buffer.len() as u64);
        Ok(buffer.len())
    }
}

/// A disk that fails.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::from(io::ErrorKind::StorageFull))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
