//! Keys from fixed seeds, and all that they ever signed or sealed.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use comity_model::{Digest, Entropy};
use comity_pouch::approval::OfficerCertificate;
use comity_pouch::keys::{OfficerKey, RegistrarKey, RootKey};
use comity_pouch::{HybridSecret, SealIdentity};
use jiff::Timestamp;

/// Randomness that is the same in every run.
pub(crate) struct Seeded(u64, AtomicU64);

impl Seeded {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed, AtomicU64::new(0))
    }
}

impl Entropy for Seeded {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let count = self.1.fetch_add(1, Ordering::Relaxed);
            let block = Digest::of(format!("{}/{count}", self.0).as_bytes());
            for (to, from) in chunk.iter_mut().zip(block.as_bytes()) {
                *to = *from;
            }
        }
    }
}

pub(crate) static SIGNER: LazyLock<HybridSecret> =
    LazyLock::new(|| HybridSecret::generate(&Seeded::new(1)).expect("a key"));
pub(crate) static SEAL: LazyLock<SealIdentity> =
    LazyLock::new(|| SealIdentity::generate(&Seeded::new(2)).expect("a key"));
pub(crate) static ROOT: LazyLock<RootKey> =
    LazyLock::new(|| RootKey::generate(&Seeded::new(3)).expect("a key"));
pub(crate) static REGISTRAR: LazyLock<RegistrarKey> =
    LazyLock::new(|| RegistrarKey::generate(&Seeded::new(4)).expect("a key"));
pub(crate) static OFFICER: LazyLock<OfficerKey> =
    LazyLock::new(|| OfficerKey::generate(&Seeded::new(5)).expect("a key"));

/// The officer's certificate.
pub(crate) static CERTIFICATE: LazyLock<OfficerCertificate> = LazyLock::new(|| {
    let (from, until) = (at("2026-02-01T00:00:00Z"), at("2027-02-01T00:00:00Z"));
    OfficerCertificate::new(&OFFICER, "release desk", from, until)
});

/// What [`SIGNER`] signed, as statements.
pub(crate) const SIGNED: [&[u8]; 3] = [b"", b"{}", b"{\"v\":1,\"text\":\"\xc3\xa1 \\u0000\"}"];
/// What was sealed to [`SEAL`]: the envelope, the proof and one part.
pub(crate) const SEALED: [&[u8]; 3] = [b"{\"payload\":\"\"}", b"a proof\n", b"{\"index\":0}\n"];
/// The part's name.
pub(crate) const PART: &str = "manifest.jsonl";

/// The digest of the release that [`OFFICER`] approved.
pub(crate) fn release() -> Digest {
    Digest::of(b"{\"release\":1}")
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}
