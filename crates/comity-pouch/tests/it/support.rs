//! Keys from fixed seeds, pouches from parts, and archives that no honest writer makes.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use comity_model::{Digest, Entropy};
use comity_pouch::keys::{RegistrarKey, RootKey, ServeKeys};
use comity_pouch::pouch::{PROOF_NAME, STATEMENT_NAME};
use comity_pouch::{
    HybridSecret, Limits, PouchError, PouchReader, PouchWriter, SealIdentity, SealRecipient, Sealed,
};
use jiff::Timestamp;

/// Randomness that is the same in every run.
pub(crate) struct Seeded {
    seed: u64,
    count: AtomicU64,
}

impl Seeded {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed, count: AtomicU64::new(0) }
    }
}

impl Entropy for Seeded {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let count = self.count.fetch_add(1, Ordering::Relaxed);
            let block = Digest::of(format!("{}/{count}", self.seed).as_bytes());
            chunk.copy_from_slice(&block.as_bytes()[..chunk.len()]);
        }
    }
}

pub(crate) static ALICE: LazyLock<HybridSecret> =
    LazyLock::new(|| HybridSecret::generate(&Seeded::new(1)).unwrap());
pub(crate) static BOB: LazyLock<HybridSecret> =
    LazyLock::new(|| HybridSecret::generate(&Seeded::new(2)).unwrap());
pub(crate) static SEAL: LazyLock<SealIdentity> =
    LazyLock::new(|| SealIdentity::generate(&Seeded::new(3)).unwrap());
pub(crate) static OTHER_SEAL: LazyLock<SealIdentity> =
    LazyLock::new(|| SealIdentity::generate(&Seeded::new(4)).unwrap());
pub(crate) static ROOT: LazyLock<RootKey> =
    LazyLock::new(|| RootKey::generate(&Seeded::new(5)).unwrap());
pub(crate) static REGISTRAR: LazyLock<RegistrarKey> =
    LazyLock::new(|| RegistrarKey::generate(&Seeded::new(6)).unwrap());
pub(crate) static SERVE: LazyLock<ServeKeys> = LazyLock::new(|| {
    ServeKeys::generate(&Seeded::new(7), at("2026-02-01T00:00:00Z"), at("2028-02-01T00:00:00Z"))
        .unwrap()
});

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A file among the published vectors, or nothing where they are not installed.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors")).join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("the published vectors are not here; left out: {}", path.display());
    None
}

pub(crate) const STATEMENT: &[u8] = br#"{"payload":"e30=","payloadType":"t","signatures":[]}"#;
pub(crate) const PROOF: &[u8] = b"a proof\n";

/// Seals a pouch of small parts.
pub(crate) fn sealed(parts: &[(&str, &[u8])]) -> (Vec<u8>, Sealed) {
    let mut out = Vec::new();
    let limits = Limits::default();
    let to = SEAL.recipient();
    let mut writer = PouchWriter::new(&mut out, &to, STATEMENT, PROOF, &limits).unwrap();
    for (name, bytes) in parts {
        writer.part(name, bytes.len() as u64, &mut &**bytes).unwrap();
    }
    let sealed = writer.finish().unwrap();
    (out, sealed)
}

/// Everything in a pouch, once its end has been checked.
pub(crate) type Content = (Vec<u8>, Vec<u8>, Vec<(String, Vec<u8>)>);

/// Opens a pouch with the usual key and reads all of it.
pub(crate) fn opened(pouch: &[u8]) -> Result<Content, PouchError> {
    opened_within(pouch, &Limits::default())
}

pub(crate) fn opened_within(pouch: &[u8], limits: &Limits) -> Result<Content, PouchError> {
    let mut reader = PouchReader::open(pouch, &[&SEAL], limits)?;
    let statement = reader.statement().to_vec();
    let proof = reader.proof()?.to_vec();
    let mut parts = Vec::new();
    while let Some(mut part) = reader.next_part()? {
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)?;
        assert_eq!(part.size(), bytes.len() as u64);
        parts.push((part.name().to_owned(), bytes));
    }
    reader.finish()?;
    Ok((statement, proof, parts))
}

/// Seals any bytes, an archive or not, to the usual key.
pub(crate) fn seal_raw(plain: &[u8]) -> Vec<u8> {
    seal_to(plain, &[&SEAL.recipient()])
}

pub(crate) fn seal_to(plain: &[u8], recipients: &[&SealRecipient]) -> Vec<u8> {
    let recipients = recipients.iter().map(|it| *it as &dyn age::Recipient);
    let mut out = Vec::new();
    let mut stream =
        age::Encryptor::with_recipients(recipients).unwrap().wrap_output(&mut out).unwrap();
    stream.write_all(plain).unwrap();
    stream.finish().unwrap();
    out
}

/// A tar entry with every field open to abuse.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) size: Vec<u8>,
    pub(crate) kind: u8,
    pub(crate) link: Vec<u8>,
    pub(crate) magic: [u8; 8],
    pub(crate) prefix: Vec<u8>,
    pub(crate) mode: [u8; 8],
    pub(crate) content: Vec<u8>,
}

impl Entry {
    pub(crate) fn file(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.into(),
            size: format!("{:011o}\0", content.len()).into_bytes(),
            kind: b'0',
            link: Vec::new(),
            magic: *b"ustar\x0000",
            prefix: Vec::new(),
            mode: *b"0000600\0",
            content: content.to_vec(),
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut block = [0u8; 512];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &self.name);
        put(100, &self.mode);
        put(108, b"0000000\x000000000\0");
        put(124, &self.size);
        put(136, b"00000000000\0        ");
        put(156, &[self.kind]);
        put(157, &self.link);
        put(257, &self.magic);
        put(329, b"0000000\x000000000\0");
        put(345, &self.prefix);
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let mut bytes = block.to_vec();
        bytes.extend_from_slice(&self.content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    }
}

/// An archive with the two fixed entries, then `entries`, then an honest end.
pub(crate) fn archive(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Entry::file(STATEMENT_NAME, STATEMENT).bytes();
    bytes.extend(Entry::file(PROOF_NAME, PROOF).bytes());
    bytes.extend(entries.iter().flat_map(Entry::bytes));
    bytes.extend([0; 1024]);
    bytes
}
