//! Blobs and pouches in files.

use std::io::{Read as _, Write as _};

use comity_exchange::ports::{BlobError, BlobWriter, Blobs, Spool};
use comity_model::Digest;
use comity_store::{FileBlobs, FileSpool};
use jiff::Timestamp;
use tempfile::TempDir;

fn files(folder: &TempDir) -> usize {
    fn count(path: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(path).unwrap().map(|it| it.unwrap().path());
        entries.map(|it| if it.is_dir() { count(&it) } else { 1 }).sum()
    }
    count(folder.path())
}

fn written(mut writer: Box<dyn BlobWriter>, bytes: &[u8]) -> (Digest, u64) {
    for piece in bytes.chunks(1_000) {
        writer.write_all(piece).unwrap();
    }
    writer.commit().unwrap()
}

fn read(mut from: Box<dyn std::io::Read + Send>) -> Vec<u8> {
    let mut bytes = vec![];
    from.read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_blob_is_named_by_its_bytes_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = FileBlobs::new(folder.path()).unwrap();
    let bytes: Vec<u8> = (0..600_000_u32).map(|it| it.to_le_bytes()[0]).collect();
    let (digest, size) = written(blobs.create().unwrap(), &bytes);
    assert_eq!((digest, size), (Digest::of(&bytes), 600_000));
    assert_eq!(read(blobs.open(&digest).unwrap()), bytes);
    assert_eq!(written(blobs.create().unwrap(), &bytes), (digest, size));
    assert_eq!(files(&folder), 1);

    blobs.delete(&digest).unwrap();
    blobs.delete(&digest).unwrap();
    assert!(matches!(blobs.open(&digest), Err(BlobError::Missing(it)) if it == digest));
    let (empty, size) = written(blobs.create().unwrap(), b"");
    assert_eq!((empty, size), (Digest::of(b""), 0));
}

#[test]
fn a_blob_that_is_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = FileBlobs::new(folder.path()).unwrap();
    let mut writer = blobs.create().unwrap();
    writer.write_all(b"half").unwrap();
    assert_eq!(files(&folder), 1);
    drop(writer);
    assert_eq!(files(&folder), 0);
}

#[test]
fn only_what_is_old_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    let (blobs, spool) =
        (FileBlobs::new(folder.path()).unwrap(), FileSpool::new(folder.path()).unwrap());
    let (kept, _) = written(blobs.create().unwrap(), b"kept");
    let whole = Digest::of(b"whole");
    spool.append(&whole, 0, b"whole").unwrap();
    spool.finish(&whole, 5).unwrap();
    spool.append(&Digest::of(b"part"), 0, b"pa").unwrap();
    let (a, b) = (blobs.create().unwrap(), spool.create().unwrap());
    assert_eq!(blobs.sweep(Timestamp::UNIX_EPOCH).unwrap(), 0);
    assert_eq!(spool.sweep(Timestamp::UNIX_EPOCH).unwrap(), 0);
    assert_eq!(files(&folder), 5);
    let later = Timestamp::from_second(9_000_000_000).unwrap();
    assert_eq!(blobs.sweep(later).unwrap(), 1);
    assert_eq!(spool.sweep(later).unwrap(), 2);
    assert_eq!(files(&folder), 2);
    assert_eq!(read(blobs.open(&kept).unwrap()), b"kept");
    assert_eq!(read(spool.open(&whole).unwrap()), b"whole");
    drop((a, b));
}

#[test]
fn a_pouch_arrives_in_ranges_each_where_the_last_ended() {
    let folder = tempfile::tempdir().unwrap();
    let spool = FileSpool::new(folder.path()).unwrap();
    let pouch = Digest::of(b"a whole pouch");
    assert_eq!(spool.offset(&pouch).unwrap(), 0);
    spool.append(&pouch, 0, b"a whole").unwrap();
    for given in [0, 6, 8, u64::MAX] {
        let wrong = spool.append(&pouch, given, b"x").unwrap_err();
        assert!(
            matches!(wrong, BlobError::Offset { given: it, have: 7 } if it == given),
            "{wrong}"
        );
    }
    let early = spool.finish(&pouch, 13).unwrap_err();
    assert!(matches!(early, BlobError::Offset { given: 13, have: 7 }));
    assert!(matches!(spool.open(&pouch), Err(BlobError::Missing(_))));

    // A spool opened anew, as after a restart, goes on from there.
    let spool = FileSpool::new(folder.path()).unwrap();
    assert_eq!((spool.offset(&pouch).unwrap(), spool.used().unwrap()), (7, 7));
    spool.append(&pouch, 7, b" pouch").unwrap();
    spool.finish(&pouch, 13).unwrap();
    spool.finish(&pouch, 13).unwrap();
    assert_eq!(read(spool.open(&pouch).unwrap()), b"a whole pouch");
    assert_eq!((spool.offset(&pouch).unwrap(), spool.used().unwrap()), (13, 13));

    spool.append(&pouch, 13, b"").unwrap();
    assert!(matches!(spool.append(&pouch, 13, b"more"), Err(BlobError::Digest)));
    assert!(matches!(spool.append(&pouch, 0, b"a"), Err(BlobError::Offset { have: 13, .. })));
    assert!(matches!(spool.finish(&pouch, 12), Err(BlobError::Digest)));
    assert_eq!(read(spool.open(&pouch).unwrap()), b"a whole pouch");
    spool.remove(&pouch).unwrap();
    spool.remove(&pouch).unwrap();
    assert_eq!(files(&folder), 0);
}

#[test]
fn a_pouch_that_is_not_its_digest_is_thrown_away_whole() {
    let folder = tempfile::tempdir().unwrap();
    let spool = FileSpool::new(folder.path()).unwrap();
    let pouch = Digest::of(b"the pouch");
    for (bytes, size) in [(b"The pouch".as_slice(), 9), (b"the pouch and more".as_slice(), 9)] {
        spool.append(&pouch, 0, bytes).unwrap();
        assert!(matches!(spool.finish(&pouch, size), Err(BlobError::Digest)));
        assert_eq!((spool.offset(&pouch).unwrap(), files(&folder)), (0, 0));
    }
    spool.append(&pouch, 0, b"the pouch").unwrap();
    spool.finish(&pouch, 9).unwrap();
}

#[test]
fn outgoing_pouches_open_like_incoming_ones_and_take_no_room_from_them() {
    let folder = tempfile::tempdir().unwrap();
    let spool = FileSpool::new(folder.path()).unwrap();
    let (digest, size) = written(spool.create().unwrap(), b"outgoing");
    assert_eq!((size, spool.used().unwrap(), spool.offset(&digest).unwrap()), (8, 0, 0));
    assert_eq!(read(spool.open(&digest).unwrap()), b"outgoing");
    spool.remove(&digest).unwrap();
    assert!(matches!(spool.open(&digest), Err(BlobError::Missing(_))));
}
