//! Descriptors that are not in the files: a later one may revoke a key that signed.

use std::path::PathBuf;

use comity_exchange::partner::Partner;
use comity_model::PartyRoot;
use comity_pouch::descriptor::Verified;

use super::Pinned;
use crate::error::CliError;
use crate::files;

/// The longest descriptor file that is read: an envelope with a payload of 128 KiB.
pub(crate) const DESCRIPTOR_BYTES: u64 = 256 * 1024;

/// Reads descriptors. Each must be signed by the root that it carries, and that must be pinned: one of somebody else would
/// change nothing, and its reader would not know.
pub(super) fn read(paths: &[PathBuf], pinned: &[Pinned]) -> Result<Vec<Verified>, CliError> {
    let mut found = Vec::with_capacity(paths.len());
    for path in paths {
        let bytes = files::read_up_to(path, DESCRIPTOR_BYTES)?;
        let place = path.display().to_string();
        let verified = Partner::verified(&bytes, &place)?;
        let root = verified.descriptor.root;
        if !pinned.iter().any(|it| it.root == root) {
            return Err(not_pinned(&place, &root));
        }
        found.push(verified);
    }
    Ok(found)
}

/// A descriptor of a party that the reader did not name.
pub(crate) fn not_pinned(place: &str, root: &PartyRoot) -> CliError {
    CliError::usage(
        format!("`{place}` is the descriptor of `{root}`, which no `--root` names"),
        format!("`{place}` es el descriptor de `{root}`, que ningún `--root` nombra"),
    )
}
