//! Pouches, from outside and from inside.

use std::io::{Read, Write};

use comity_model::Digest;
use comity_pouch::pouch::outside;
use comity_pouch::{Limits, PouchError, PouchReader, PouchWriter};

use super::made::{PART, SEAL, SEALED};

/// The envelope, the proof, and the parts with their names.
type Content = (Vec<u8>, Vec<u8>, Vec<(String, Vec<u8>)>);

/// All of a pouch, once its end was checked.
fn opened(pouch: &[u8]) -> Result<Content, PouchError> {
    let limits = Limits::default();
    let mut reader = PouchReader::open(pouch, &[&SEAL], &limits)?;
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
    assert!(parts.len() <= limits.parts);
    Ok((statement, proof, parts))
}

/// A pouch: what is seen from outside fits the bytes, and what opens holds what was sealed.
pub(crate) fn pouch(data: &[u8]) -> bool {
    let seen = outside(data);
    if let Ok(seen) = &seen {
        assert!(seen.size == data.len() as u64 && seen.digest == Digest::of(data));
    }
    let Ok((statement, proof, parts)) = opened(data) else { return false };
    assert!(seen.is_ok_and(|it| it.is_pouch()), "it opens and has not the form of a pouch");
    let [part] = parts.as_slice() else { panic!("other parts than were sealed") };
    let found = [statement.as_slice(), proof.as_slice(), part.1.as_slice()];
    assert!(found == SEALED && part.0 == PART, "another content than was sealed");
    true
}

/// The archive inside of a pouch, sealed here: one that is taken is, byte for byte, the one that its entries have.
pub(crate) fn archive(data: &[u8]) -> bool {
    let recipient = SEAL.recipient();
    let recipients = || std::iter::once(&recipient as &dyn age::Recipient);
    let mut sealed = Vec::new();
    let encryptor = age::Encryptor::with_recipients(recipients()).expect("a recipient");
    let mut stream = encryptor.wrap_output(&mut sealed).expect("memory takes it");
    stream.write_all(data).expect("memory takes it");
    stream.finish().expect("memory takes it");
    let Ok((statement, proof, parts)) = opened(&sealed) else { return false };

    let mut again = Vec::new();
    let limits = Limits::default();
    let writer = PouchWriter::new(&mut again, &recipient, &statement, &proof, &limits);
    let mut writer = writer.expect("what is read can be written");
    for (name, bytes) in &parts {
        let size = bytes.len() as u64;
        writer.part(name, size, &mut bytes.as_slice()).expect("what is read can be written");
    }
    writer.finish().expect("what is read can be written");
    let decryptor = age::Decryptor::new(again.as_slice()).expect("an age file");
    let stream = decryptor.decrypt(std::iter::once(&*SEAL as &dyn age::Identity));
    let mut plain = Vec::new();
    stream.expect("it is ours").read_to_end(&mut plain).expect("it is whole");
    assert_eq!(plain, data, "two archives of the same entries");
    true
}
