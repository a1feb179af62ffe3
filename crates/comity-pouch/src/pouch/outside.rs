//! What a pouch shows to somebody who cannot open it: its size, its digest, and the form of its age header.

use std::io::{self, BufReader, Read};

use comity_model::{Digest, Digester};

use super::PouchError;
use super::reader::read_header;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;
/// Bytes of the nonce before the sealed content.
const NONCE: u64 = 16;
/// Bytes of one sealed piece, and of the tag at its end.
const PIECE: u64 = 64 * 1024 + TAG;
const TAG: u64 = 16;
/// Characters of a full line in a stanza's body.
const COLUMNS: usize = 64;

/// What can be seen of a pouch from outside (docs/protocol.md section 5.1). It says nothing about what is in it, and not
/// whether it was altered: only who can open it learns that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// The types of its recipients, in order, without those that stand there for exercise (`-grease`). A pouch has exactly
    /// one, `mlkem768x25519`.
    pub recipients: Vec<String>,
    /// Whether the length is one that sealed content can have: a file cut in the last bytes of a piece has not.
    pub whole: bool,
}

impl Outside {
    /// Whether it has the form of a pouch: one recipient of the one type, and a length that fits.
    pub fn is_pouch(&self) -> bool {
        self.whole && self.recipients.iter().map(String::as_str).eq(["mlkem768x25519"])
    }
}

/// Reads a file to its end, in the memory of a few pieces. [`PouchError::NotAPouch`] where it is no age v1 file with a
/// header of at most 8 KiB, [`PouchError::Truncated`] where it ends in its header.
pub fn outside(file: impl Read) -> Result<Outside, PouchError> {
    let mut source = BufReader::new(file);
    let header = read_header(&mut source)?;
    let recipients = recipients(&header).ok_or(PouchError::NotAPouch)?;
    let mut digester = Digester::new();
    digester.update(&header);
    let (mut content, mut chunk) = (0_u64, vec![0; CHUNK]);
    loop {
        match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(got) => {
                digester.update(chunk.get(..got).unwrap_or_default());
                content = content.saturating_add(got as u64);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let size = content.saturating_add(header.len() as u64);
    Ok(Outside { size, digest: digester.finish(), recipients, whole: is_whole(content) })
}

/// Whether a nonce and pieces can have this length: only the last piece may be shorter, and only a lone one may be empty.
const fn is_whole(content: u64) -> bool {
    let Some(pieces) = content.checked_sub(NONCE) else { return false };
    let last = pieces % PIECE;
    pieces > 0 && (last == 0 || last > TAG || pieces == TAG)
}

/// The types of the stanzas of an age header, which begins and ends as it must.
fn recipients(header: &[u8]) -> Option<Vec<String>> {
    let text = std::str::from_utf8(header).ok()?;
    let mut lines = text.lines().skip(1).peekable();
    let mut found = Vec::new();
    while let Some(stanza) = lines.next_if(|line| !line.starts_with("--- ")) {
        let mut words = stanza.strip_prefix("-> ")?.split(' ');
        let tag = words.next()?;
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_graphic());
        if !is_word(tag) || !words.all(is_word) {
            return None;
        }
        if !tag.ends_with("-grease") {
            found.push(tag.to_owned());
        }
        // a body ends with the first line that is not full, which may be empty
        loop {
            let line = lines.next()?;
            let is_body = line.bytes().all(|it| it.is_ascii_alphanumeric() || b"+/".contains(&it));
            if !is_body || line.len() > COLUMNS {
                return None;
            }
            if line.len() < COLUMNS {
                break;
            }
        }
    }
    (!found.is_empty()).then_some(found)
}
