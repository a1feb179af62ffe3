//! Archives that no honest writer makes, inside real age files.

use std::io::Write as _;

use comity_pouch::SealRecipient;

/// A file in an archive as its header announces it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    /// The size field: 11 octal digits and a NUL, or what the test wants.
    pub(crate) size: Vec<u8>,
    pub(crate) kind: u8,
    pub(crate) link: Vec<u8>,
    pub(crate) content: Vec<u8>,
}

impl Entry {
    /// A file as an honest writer writes it.
    pub(crate) fn file(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.into(),
            size: format!("{:011o}\0", content.len()).into_bytes(),
            kind: b'0',
            link: Vec::new(),
            content: content.to_vec(),
        }
    }

    fn write(&self, archive: &mut Vec<u8>) {
        let mut header = [0_u8; 512];
        let fields: [(usize, &[u8]); 8] = [
            (0, &self.name),
            (100, b"0000600\x000000000\x000000000\0"),
            (124, &self.size),
            (136, b"00000000000\0        "),
            (156, &[self.kind]),
            (157, &self.link),
            (257, b"ustar\x0000"),
            (329, b"0000000\x000000000\0"),
        ];
        for (at, bytes) in fields {
            header[at..at + bytes.len()].copy_from_slice(bytes);
        }
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend(header);
        archive.extend(&self.content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
}

/// An archive of these files with an honest end.
pub(crate) fn archive(entries: &[Entry]) -> Vec<u8> {
    let mut archive = Vec::new();
    for entry in entries {
        entry.write(&mut archive);
    }
    archive.extend([0; 1024]);
    archive
}

/// An age file over any bytes.
pub(crate) fn seal(plain: &[u8], to: &SealRecipient) -> Vec<u8> {
    let mut out = Vec::new();
    let encryptor = age::Encryptor::with_recipients(std::iter::once(to as &dyn age::Recipient));
    let mut stream = encryptor.unwrap().wrap_output(&mut out).unwrap();
    stream.write_all(plain).unwrap();
    stream.finish().unwrap();
    out
}
