//! Files that travel with a statement: data, never code.
//!
//! An attachment is a salted part (docs/protocol.md section 3.3): 32 bytes of salt, one line of JSON with its name and
//! media type, a line feed, and the file.

use comity_model::told;
use std::io::{Cursor, Read};
use std::sync::Arc;

use comity_model::entropy::fresh;
use comity_model::statement::{Binding, PartEntry};
use serde::{Deserialize, Serialize};

use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::parts::{self, PartSink, copy_salted};
use crate::ports::{BlobError, StoredPart};

/// The longest head line, in bytes.
const MAX_HEAD: u64 = 4 * 1024;

/// The media types that may travel, and the bytes with which their files begin; none where the type has no mark.
const MEDIA: [(&str, &[&[u8]]); 9] = [
    ("application/json", &[]),
    ("application/pdf", &[b"%PDF-"]),
    ("application/stix+json", &[]),
    ("image/jpeg", &[&[0xff, 0xd8, 0xff]]),
    ("image/png", &[&[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a]]),
    ("image/tiff", &[b"II*\0", b"MM\0*"]),
    ("text/csv", &[]),
    ("text/markdown", &[]),
    ("text/plain", &[]),
];

/// How programs begin, whatever the file calls itself: ELF, PE, Mach-O, a script's first line, Java, WebAssembly.
const CODE: [&[u8]; 8] = [
    b"\x7fELF",
    b"MZ",
    b"#!",
    &[0xfe, 0xed, 0xfa],
    &[0xcf, 0xfa, 0xed, 0xfe],
    &[0xce, 0xfa, 0xed, 0xfe],
    &[0xca, 0xfe, 0xba, 0xbe],
    b"\0asm",
];

/// A file to travel.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Its name, without folders: 1 to 200 characters.
    pub name: String,
    /// Its media type, one of those that may travel.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Attachment {
    /// The media type that goes with a file name's ending; `None` for those that may not travel.
    pub fn media_type_of(name: &str) -> Option<&'static str> {
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        Some(match ending.as_str() {
            "json" => "application/json",
            "pdf" => "application/pdf",
            "jpg" | "jpeg" => "image/jpeg",
            "png" => "image/png",
            "tif" | "tiff" => "image/tiff",
            "csv" => "text/csv",
            "md" => "text/markdown",
            "txt" => "text/plain",
            _ => return None,
        })
    }
}

/// What an attachment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
}

impl Attached {
    /// Whether name and type are such as may travel. A name is one line without folders.
    fn is_sound(&self) -> bool {
        let plain = |c: char| !c.is_control() && !matches!(c, '/' | '\\');
        let count = self.name.chars().count();
        (1..=200).contains(&count)
            && self.name.chars().all(plain)
            && !self.name.starts_with('.')
            && MEDIA.iter().any(|(known, _)| *known == self.media_type)
    }

    /// Whether the first bytes of the file are those of its type, and not those of a program.
    fn fits(&self, start: &[u8]) -> bool {
        let marks = MEDIA.iter().find(|(known, _)| *known == self.media_type).map(|it| it.1);
        let marked =
            marks.is_some_and(|all| all.is_empty() || all.iter().any(|it| start.starts_with(it)));
        marked && !CODE.iter().any(|it| start.starts_with(it))
    }
}

/// The name of the part of attachment `number`, from 1.
pub(super) fn part_name(number: usize) -> String {
    format!("attachment-{number:02}.salted")
}

/// Writes an attachment as a part under a fresh salt. `limit` is what the partner takes.
pub(super) async fn write(
    node: &Node,
    number: usize,
    file: Attachment,
    limit: u64,
) -> Result<(StoredPart, PartEntry)> {
    let head = Attached { name: file.name, media_type: file.media_type };
    let place = || format!("the attachment `{}`", head.name.escape_debug());
    if !head.is_sound() {
        let known: Vec<&str> = MEDIA.iter().map(|(name, _)| *name).collect();
        let message = told!(
            "give it a plain name and one of the media types that may travel: {known}",
            known = known.join(", ")
        );
        return Err(ExchangeError::input(
            place(),
            message.with("name", head.name.escape_debug()).named("attachment-form"),
        ));
    }
    if !head.fits(&file.bytes) {
        let message =
            "its content is not of its media type, or is a program; data travels, code never does";
        return Err(ExchangeError::refused(
            "attachment-content",
            told!("{place}: {message}", place = place(), message)
                .with("name", head.name.escape_debug()),
        ));
    }
    if file.bytes.len() as u64 > limit {
        let message = told!(
            "{place} is larger than the partner takes, {limit} bytes",
            place = place(),
            limit
        )
        .with("name", head.name.escape_debug());
        return Err(ExchangeError::refused("over-limit", message));
    }
    let mut line = serde_json::to_vec(&head).map_err(ExchangeError::damaged)?;
    line.push(b'\n');
    let salt: [u8; 32] = fresh(&**node.entropy());
    let blobs = Arc::clone(node.blobs());
    blocking(move || {
        let name = part_name(number);
        let size = (salt.len() + line.len() + file.bytes.len()) as u64;
        let mut sink = PartSink::new(&name, &blobs);
        let mut whole = Cursor::new(salt).chain(Cursor::new(line)).chain(Cursor::new(file.bytes));
        let commitment = copy_salted(&mut whole, size, &mut sink)?
            .ok_or_else(|| ExchangeError::damaged("an attachment"))?;
        let entry = PartEntry { name, size, bound_by: Binding::Commitment(commitment) };
        Ok((sink.finish()?, entry))
    })
    .await
}

/// Opens an attachment that is kept here: what it is, and its bytes.
pub async fn attached(node: &Node, part: &StoredPart) -> Result<(Attached, Vec<u8>)> {
    let (part, blobs) = (part.clone(), Arc::clone(node.blobs()));
    blocking(move || {
        let mut content = parts::open(&part, &*blobs)?;
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes).map_err(BlobError::from)?;
        let (_, rest) =
            bytes.split_at_checked(32).ok_or_else(|| ExchangeError::damaged("an attachment"))?;
        let mut halves = rest.splitn(2, |byte| *byte == b'\n');
        let (head, file) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        let head = serde_json::from_slice(head).map_err(ExchangeError::damaged)?;
        Ok((head, file.to_vec()))
    })
    .await
}

/// Whether a part that arrived and was kept is an attachment such as may travel.
pub(super) fn is_sound(part: &StoredPart, blobs: &dyn crate::ports::Blobs) -> Result<bool> {
    let content = parts::open(part, blobs)?;
    let mut start = Vec::new();
    content.take(32 + MAX_HEAD + 16).read_to_end(&mut start).map_err(BlobError::from)?;
    let Some((_, rest)) = start.split_at_checked(32) else { return Ok(false) };
    let mut halves = rest.splitn(2, |byte| *byte == b'\n');
    let (Some(head), Some(file)) = (halves.next(), halves.next()) else { return Ok(false) };
    let head = serde_json::from_slice::<Attached>(head);
    Ok(head.is_ok_and(|head| head.is_sound() && head.fits(file)))
}
