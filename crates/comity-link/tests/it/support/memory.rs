//! A spool and a service in memory, which note what was asked of them.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use comity_exchange::ports::{BlobError, BlobWriter, PouchState, RemoteHead, RemotePouch, Spool};
use comity_link::{LinkFault, LinkService};
use comity_model::{AgreementId, Digest, PartyRoot};

/// A spool that can be told to fail.
#[derive(Default)]
pub(crate) struct MemorySpool {
    pouches: Mutex<BTreeMap<Digest, Vec<u8>>>,
    /// Bytes taken in, counted each time that they came.
    pub(crate) appended: AtomicU64,
    /// The write that goes past this many bytes of a pouch fails, once.
    pub(crate) fail_past: Mutex<Option<u64>>,
}

impl MemorySpool {
    pub(crate) fn put(&self, bytes: &[u8]) {
        self.pouches.lock().unwrap().insert(Digest::of(bytes), bytes.to_vec());
    }

    pub(crate) fn bytes(&self, pouch: &Digest) -> Option<Vec<u8>> {
        self.pouches.lock().unwrap().get(pouch).cloned()
    }

    pub(crate) fn appended(&self) -> u64 {
        self.appended.load(Ordering::SeqCst)
    }
}

impl Spool for MemorySpool {
    fn offset(&self, pouch: &Digest) -> Result<u64, BlobError> {
        Ok(self.bytes(pouch).map_or(0, |bytes| bytes.len() as u64))
    }

    fn append(&self, pouch: &Digest, offset: u64, bytes: &[u8]) -> Result<(), BlobError> {
        let mut pouches = self.pouches.lock().unwrap();
        let held = pouches.entry(*pouch).or_default();
        let have = held.len() as u64;
        if have != offset {
            return Err(BlobError::Offset { given: offset, have });
        }
        let mut fail = self.fail_past.lock().unwrap();
        if fail.is_some_and(|past| have + bytes.len() as u64 > past) {
            *fail = None;
            return Err(io::Error::other("the disk is gone").into());
        }
        held.extend_from_slice(bytes);
        self.appended.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        Ok(())
    }

    fn finish(&self, pouch: &Digest, size: u64) -> Result<(), BlobError> {
        let bytes = self.bytes(pouch).ok_or(BlobError::Missing(*pouch))?;
        let whole = bytes.len() as u64 == size && Digest::of(&bytes) == *pouch;
        whole.then_some(()).ok_or(BlobError::Digest)
    }

    fn open(&self, pouch: &Digest) -> Result<Box<dyn Read + Send>, BlobError> {
        let bytes = self.bytes(pouch).ok_or(BlobError::Missing(*pouch))?;
        Ok(Box::new(io::Cursor::new(bytes)))
    }

    fn remove(&self, pouch: &Digest) -> Result<(), BlobError> {
        self.pouches.lock().unwrap().remove(pouch);
        Ok(())
    }

    fn used(&self) -> Result<u64, BlobError> {
        Ok(self.pouches.lock().unwrap().values().map(|bytes| bytes.len() as u64).sum())
    }

    fn create(&self) -> Result<Box<dyn BlobWriter>, BlobError> {
        Ok(Box::new(Never))
    }
}

struct Never;

impl Write for Never {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl BlobWriter for Never {
    fn commit(self: Box<Self>) -> Result<(Digest, u64), BlobError> {
        Err(io::Error::from(io::ErrorKind::Unsupported).into())
    }
}

/// What stands behind the listener in the tests.
pub(crate) struct Service {
    pub(crate) spool: Arc<MemorySpool>,
    pub(crate) limit: u64,
    /// Pouches received, in order.
    pub(crate) received: Mutex<Vec<(PartyRoot, Digest, u64)>>,
    /// Heads, by the party that asks.
    pub(crate) heads: Mutex<BTreeMap<(PartyRoot, AgreementId, u32), RemoteHead>>,
    /// Reports of strangers.
    pub(crate) strangers: Mutex<Vec<u64>>,
    /// What became of every pouch that was received.
    pub(crate) status: Mutex<RemotePouch>,
    /// What the next `received` fails with.
    pub(crate) fault: Mutex<Option<LinkFault>>,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            spool: Arc::default(),
            limit: 8 << 30,
            received: Mutex::default(),
            heads: Mutex::default(),
            strangers: Mutex::default(),
            status: Mutex::new(RemotePouch {
                state: PouchState::Refused,
                code: Some("not-for-us".to_owned()),
            }),
            fault: Mutex::default(),
        }
    }
}

impl Service {
    pub(crate) fn received(&self) -> Vec<(PartyRoot, Digest, u64)> {
        self.received.lock().unwrap().clone()
    }
}

#[async_trait]
impl LinkService for Service {
    async fn received(&self, from: PartyRoot, pouch: Digest, size: u64) -> Result<(), LinkFault> {
        if let Some(fault) = self.fault.lock().unwrap().take() {
            return Err(fault);
        }
        self.received.lock().unwrap().push((from, pouch, size));
        Ok(())
    }

    async fn status(&self, from: PartyRoot, pouch: Digest) -> Result<RemotePouch, LinkFault> {
        let known =
            self.received().iter().any(|(party, digest, _)| (*party, *digest) == (from, pouch));
        known.then(|| self.status.lock().unwrap().clone()).ok_or(LinkFault::Unknown)
    }

    async fn head(
        &self,
        from: PartyRoot,
        agreement: AgreementId,
        epoch: u32,
    ) -> Result<RemoteHead, LinkFault> {
        let heads = self.heads.lock().unwrap();
        heads.get(&(from, agreement, epoch)).cloned().ok_or(LinkFault::Unknown)
    }

    fn spool(&self, _from: PartyRoot) -> Arc<dyn Spool> {
        self.spool.clone()
    }

    fn pouch_limit(&self) -> u64 {
        self.limit
    }

    async fn stranger(&self, count: u64) {
        self.strangers.lock().unwrap().push(count);
    }
}
