//! Pouches from any bytes.

use std::io::Write as _;

use comity_model::Descriptor;
use comity_model::descriptor::KeyUse;
use comity_pouch::SealRecipient;
use comity_testkit::Result;

/// Seals any archive to a party, with stock age.
pub(crate) fn seal(archive: &[u8], to: &Descriptor) -> Result<Vec<u8>> {
    use base64::Engine as _;
    let entry = to.keys.iter().find(|key| key.purpose == KeyUse::Seal).ok_or("no sealing key")?;
    let public = base64::engine::general_purpose::STANDARD.decode(&entry.public)?;
    let recipient = SealRecipient::from_bytes(&public)?;
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let mut pouch = Vec::new();
    let mut stream = age::Encryptor::with_recipients(recipients)?.wrap_output(&mut pouch)?;
    stream.write_all(archive)?;
    stream.finish()?;
    Ok(pouch)
}

/// A ustar archive of these files. A size that is given is announced in the place of the true one.
pub(crate) fn archive(files: &[(&str, &[u8], Option<u64>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, bytes, announced) in files {
        let size = announced.unwrap_or(bytes.len() as u64);
        archive.extend_from_slice(&header(name, size));
        archive.extend_from_slice(bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// A header as an honest writer makes it (docs/protocol.md section 5.2).
fn header(name: &str, size: u64) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    for (at, text) in [(100, "0000600"), (108, "0000000"), (116, "0000000")] {
        put(at, text.as_bytes());
    }
    put(124, format!("{size:011o}").as_bytes());
    put(136, b"00000000000");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    put(329, b"0000000");
    put(337, b"0000000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}
