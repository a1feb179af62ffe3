//! A folder of pouches that is carried by hand: `NNNNNN-<64 digits>.pouch`, in the order in which they were written.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use comity_exchange::ports::{BlobError, BlobWriter, HandFile, Satchel};
use comity_model::Digest;

use super::spool::digest_of;
use super::temporary::{EXTENSION, Temporary};
use super::{make_folder, open_named};

/// Numbers of files are below this.
const LAST: u64 = 1 << 53;

/// The extension of a pouch.
const POUCH: &str = "pouch";

/// A folder that somebody carries to a partner (docs/protocol.md section 5.8). A pouch in it is whole: it gets its name
/// when its bytes are durable.
#[derive(Debug)]
pub struct FileSatchel {
    folder: PathBuf,
    /// The files that were there, by the digest that their names promise.
    there: BTreeMap<Digest, Vec<PathBuf>>,
    last: AtomicU64,
}

impl FileSatchel {
    /// Uses `folder`, and makes it if it is not there. What an export that was interrupted left half written is deleted:
    /// one export at a time writes into a folder.
    pub fn new(folder: &Path) -> Result<Self, BlobError> {
        make_folder(folder)?;
        let (mut there, mut last) = (BTreeMap::<_, Vec<_>>::new(), 0);
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if let Some((number, digest)) = read_name(name) {
                last = last.max(number.unwrap_or(0));
                there.entry(digest).or_default().push(path);
            } else if is_half_written(name) {
                super::remove_if_there(&path)?;
            }
        }
        Ok(Self { folder: folder.to_owned(), there, last: AtomicU64::new(last) })
    }
}

impl Satchel for FileSatchel {
    fn has(&self, pouch: &Digest, size: u64) -> Result<bool, BlobError> {
        let mut is_there = false;
        for path in self.there.get(pouch).into_iter().flatten() {
            let file = open_named(path, pouch)?;
            if file.metadata()?.len() == size && digest_of(&file)? == *pouch {
                is_there = true;
            } else {
                // it would be carried along and refused; another is written in its place
                super::remove_if_there(path)?;
            }
        }
        Ok(is_there)
    }

    fn create(&self) -> Result<Box<dyn BlobWriter>, BlobError> {
        let number = self.last.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        Ok(Box::new(Temporary::named(&self.folder, format!("{number:06}-"), ".pouch")?))
    }
}

/// A file that somebody brought. What its name promises is 64 digits, with a number before them or without, and `.pouch`.
#[derive(Debug, Clone)]
pub struct CarriedFile(pub PathBuf);

impl HandFile for CarriedFile {
    fn name(&self) -> String {
        self.0.display().to_string()
    }

    fn promised(&self) -> Option<Digest> {
        let name = self.0.file_name()?.to_str()?;
        read_name(name).map(|(_, digest)| digest)
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let file = File::open(&self.0)?;
        // a pipe or a device gives other bytes at the second reading, or none for ever
        if !file.metadata()?.is_file() {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        Ok(Box::new(file))
    }
}

fn read_name(name: &str) -> Option<(Option<u64>, Digest)> {
    let stem = name.strip_suffix(POUCH)?.strip_suffix('.')?;
    let (number, digits) = match stem.split_once('-') {
        // as many as a writer ever counts to, and no sign
        Some((number, digits)) if number.bytes().all(|it| it.is_ascii_digit()) => {
            (Some(number.parse().ok().filter(|it| *it < LAST)?), digits)
        }
        Some(_) => return None,
        None => (None, stem),
    };
    Some((number, Digest::from_hex(digits).ok()?))
}

/// Whether a name is one that [`Temporary`] gives.
fn is_half_written(name: &str) -> bool {
    let stem = name.strip_suffix(EXTENSION).and_then(|stem| stem.strip_suffix('.'));
    let numbers = stem.and_then(|stem| stem.split_once('-'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    numbers.is_some_and(|(process, count)| is_number(process) && is_number(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_promises_a_digest_or_nothing() {
        let digest = Digest::of(b"a pouch");
        let hex = digest.hex();
        assert_eq!(read_name(&format!("000012-{hex}.pouch")), Some((Some(12), digest)));
        assert_eq!(read_name(&format!("{hex}.pouch")), Some((None, digest)));
        for name in [
            hex.clone(),
            format!("x-{hex}.pouch"),
            format!("+1-{hex}.pouch"),
            format!("{}-{hex}.pouch", u64::MAX),
            "12-34.pouch".to_owned(),
        ] {
            assert_eq!(read_name(&name), None, "{name}");
        }
    }

    #[test]
    fn only_what_a_writer_left_is_taken_for_half_written() {
        assert!(is_half_written("4711-3.tmp"));
        for name in ["4711.tmp", "-.tmp", "report-3.tmp", "4711-3.pouch", ".tmp"] {
            assert!(!is_half_written(name), "{name}");
        }
    }
}
