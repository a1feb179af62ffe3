//! The spool: `incoming/<64 digits>.part` while a pouch arrives, `incoming/<64 digits>.pouch` once it is whole, and
//! `outgoing/<64 digits>.pouch` for those made here.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use comity_exchange::ports::{BlobError, BlobWriter, Spool};
use comity_model::{Digest, Digester};
use jiff::Timestamp;

use super::temporary::{EXTENSION, Temporary};
use super::{make_folder, open_named, remove_if_there, size_of, sweep_folder, sync_folder};

/// The extension of pouches that are still arriving.
const PART: &str = "part";
/// Bytes read at a time to check a pouch.
const CHUNK: usize = 256 * 1024;
/// Locks over which the incoming pouches are spread.
const LOCKS: usize = 64;

/// Pouches on their way in or out, each a file named by its SHA-256 (docs/protocol.md section 5).
///
/// Ranges are on the disk for certain only after [`Spool::finish`]. A range that a power cut spoiled makes the pouch
/// differ from its digest: it is thrown away whole, and sent again.
#[derive(Debug, Clone)]
pub struct FileSpool {
    incoming: PathBuf,
    outgoing: PathBuf,
    /// Ranges of one pouch are written one after the other. Two processes that write to one pouch spoil it, and
    /// `finish` sees that.
    locks: Arc<[Mutex<()>]>,
}

impl FileSpool {
    /// Uses `folder`, and makes it if it is not there.
    pub fn new(folder: &Path) -> Result<Self, BlobError> {
        let (incoming, outgoing) = (folder.join("incoming"), folder.join("outgoing"));
        make_folder(&incoming)?;
        make_folder(&outgoing)?;
        let locks = (0..LOCKS).map(|_| Mutex::new(())).collect();
        Ok(Self { incoming, outgoing, locks })
    }

    /// Deletes pouches that stopped arriving, and what writers left behind that died, as far as it was last written
    /// before `before`, and counts it.
    pub fn sweep(&self, before: Timestamp) -> Result<u64, BlobError> {
        let parts = sweep_folder(&self.incoming, PART, before)?;
        Ok(parts + sweep_folder(&self.outgoing, EXTENSION, before)?)
    }

    fn part(&self, pouch: &Digest) -> PathBuf {
        self.incoming.join(format!("{}.{PART}", pouch.hex()))
    }

    fn whole(&self, pouch: &Digest) -> PathBuf {
        self.incoming.join(format!("{}.pouch", pouch.hex()))
    }

    fn made(&self, pouch: &Digest) -> PathBuf {
        self.outgoing.join(format!("{}.pouch", pouch.hex()))
    }

    /// Does something to an incoming pouch while nobody else in this process does.
    fn alone<T>(&self, pouch: &Digest, work: impl FnOnce() -> T) -> T {
        let [first, ..] = *pouch.as_bytes();
        let lock = self.locks.get(usize::from(first) % LOCKS);
        let _guard = lock.map(|it| it.lock().unwrap_or_else(PoisonError::into_inner));
        work()
    }

    fn append_alone(&self, pouch: &Digest, given: u64, bytes: &[u8]) -> Result<(), BlobError> {
        if let Some(have) = size_of(&self.whole(pouch))? {
            return match (given == have, bytes.is_empty()) {
                (true, true) => Ok(()),
                // More than the bytes that the digest names.
                (true, false) => Err(BlobError::Digest),
                (false, _) => Err(BlobError::Offset { given, have }),
            };
        }
        let path = self.part(pouch);
        let have = size_of(&path)?.unwrap_or(0);
        if given != have {
            return Err(BlobError::Offset { given, have });
        }
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        if let Err(error) = file.write_all_at(bytes, given) {
            // A full disk leaves half a range; the next one begins where this one began.
            file.set_len(given)?;
            return Err(error.into());
        }
        Ok(())
    }

    fn finish_alone(&self, pouch: &Digest, size: u64) -> Result<(), BlobError> {
        if let Some(have) = size_of(&self.whole(pouch))? {
            return if have == size { Ok(()) } else { Err(BlobError::Digest) };
        }
        let path = self.part(pouch);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound && size > 0 => {
                return Err(BlobError::Offset { given: size, have: 0 });
            }
            Err(error) => return Err(error.into()),
        };
        let have = file.metadata()?.len();
        if have < size {
            return Err(BlobError::Offset { given: size, have });
        }
        if have > size || digest_of(&file)? != *pouch {
            remove_if_there(&path)?;
            return Err(BlobError::Digest);
        }
        file.sync_all()?;
        std::fs::rename(&path, self.whole(pouch))?;
        Ok(sync_folder(&self.incoming)?)
    }
}

/// The digest of what the disk holds.
pub(super) fn digest_of(mut file: &File) -> Result<Digest, BlobError> {
    let mut digester = Digester::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(digester.finish());
        }
        digester.update(chunk.get(..read).unwrap_or_default());
    }
}

impl Spool for FileSpool {
    fn offset(&self, pouch: &Digest) -> Result<u64, BlobError> {
        match size_of(&self.whole(pouch))? {
            Some(size) => Ok(size),
            None => Ok(size_of(&self.part(pouch))?.unwrap_or(0)),
        }
    }

    fn append(&self, pouch: &Digest, offset: u64, bytes: &[u8]) -> Result<(), BlobError> {
        self.alone(pouch, || self.append_alone(pouch, offset, bytes))
    }

    fn finish(&self, pouch: &Digest, size: u64) -> Result<(), BlobError> {
        self.alone(pouch, || self.finish_alone(pouch, size))
    }

    fn open(&self, pouch: &Digest) -> Result<Box<dyn Read + Send>, BlobError> {
        match open_named(&self.whole(pouch), pouch) {
            Err(BlobError::Missing(_)) => Ok(Box::new(open_named(&self.made(pouch), pouch)?)),
            found => Ok(Box::new(found?)),
        }
    }

    fn remove(&self, pouch: &Digest) -> Result<(), BlobError> {
        self.alone(pouch, || {
            remove_if_there(&self.part(pouch))?;
            remove_if_there(&self.whole(pouch))?;
            remove_if_there(&self.made(pouch))
        })
    }

    fn used(&self) -> Result<u64, BlobError> {
        let mut used = 0;
        for entry in std::fs::read_dir(&self.incoming)? {
            match entry?.metadata() {
                Ok(metadata) => used += metadata.len(),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(used)
    }

    fn create(&self) -> Result<Box<dyn BlobWriter>, BlobError> {
        Ok(Box::new(Temporary::create(&self.outgoing, ".pouch")?))
    }
}
