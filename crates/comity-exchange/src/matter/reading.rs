//! Reading the parts of a statement of a matter out of its pouch.

use std::io::Read as _;
use std::sync::Arc;

use comity_model::Refusal;
use comity_model::matter::{MAX_ATTACHMENTS, TextRule};
use comity_model::statement::{Binding, PartEntry, Payload};

use super::attachment::{is_sound, part_name};
use crate::dispatch::blocking;
use crate::error::Result;
use crate::node::Node;
use crate::partner;
use crate::parts::{PartSink, TEXT_LIMIT, copy_salted, read_salted};
use crate::ports::{StoredPart, TEXT};
use crate::verify::{OpenPouch, refuse_or_fail};

/// A text and the files that came with it.
type Parts = (Option<String>, Vec<StoredPart>);

/// Reads the text and the attachments that `rule` allows, and nothing else. Nothing of it is kept where it is refused.
pub(crate) async fn read(
    node: &Node,
    payload: &Payload,
    rule: TextRule,
    pouch: OpenPouch,
) -> Result<std::result::Result<Parts, Refusal>> {
    let entries = payload.parts.clone();
    if !announced(&entries, rule) {
        return Ok(Err(Refusal::PartDigest));
    }
    let limit = partner::own(node)?.descriptor.limits.artifact;
    let blobs = Arc::clone(node.blobs());
    blocking(move || {
        let mut pouch = pouch;
        let (mut text, mut attachments) = (None, Vec::new());
        for entry in &entries {
            let mut part = match pouch.next_part() {
                Ok(Some(part)) if part.name() == entry.name && part.size() == entry.size => part,
                Ok(_) => return Ok(Err(Refusal::PartDigest)),
                Err(error) => return refuse_or_fail(error),
            };
            if entry.name == TEXT {
                let mut bytes = Vec::new();
                if let Err(error) = part.read_to_end(&mut bytes) {
                    return refuse_or_fail(error.into());
                }
                match read_salted(entry, &bytes) {
                    Some(read) if !read.trim().is_empty() => text = Some(read),
                    _ => return Ok(Err(Refusal::PartDigest)),
                }
                continue;
            }
            if entry.size > limit {
                return Ok(Err(Refusal::OverLimit));
            }
            let mut sink = PartSink::new(&entry.name, &blobs);
            let found = match copy_salted(&mut part, entry.size, &mut sink) {
                Ok(found) => found,
                Err(crate::ports::BlobError::Io(error)) => return refuse_or_fail(error.into()),
                Err(error) => return Err(error.into()),
            };
            if found.map(Binding::Commitment).as_ref() != Some(&entry.bound_by) {
                return Ok(Err(Refusal::PartDigest));
            }
            let kept = sink.finish()?;
            if !is_sound(&kept, &*blobs)? {
                return Ok(Err(Refusal::BadBody));
            }
            attachments.push(kept);
        }
        match pouch.next_part() {
            Ok(None) => {}
            Ok(Some(_)) => return Ok(Err(Refusal::PartDigest)),
            Err(error) => return refuse_or_fail(error),
        }
        if let Err(error) = pouch.finish() {
            return refuse_or_fail(error);
        }
        Ok(Ok((text, attachments)))
    })
    .await
}

/// Whether the parts that a statement announces are those of its rule, in order.
fn announced(entries: &[PartEntry], rule: TextRule) -> bool {
    let is_text = |entry: &PartEntry| {
        entry.name == TEXT && entry.size > 32 && entry.size <= (TEXT_LIMIT + 32) as u64
    };
    let files = match (entries.split_first(), rule) {
        (None, TextRule::None | TextRule::Optional) => return true,
        (Some((text, rest)), TextRule::WithAttachments) if is_text(text) => rest,
        (Some((text, [])), TextRule::Optional | TextRule::Required) => return is_text(text),
        _ => return false,
    };
    files.len() <= MAX_ATTACHMENTS
        && files.iter().zip(1..).all(|(entry, number)| entry.name == part_name(number))
}
