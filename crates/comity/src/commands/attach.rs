//! Files that are to travel with a statement (docs/protocol.md section 3.3).

use std::path::{Path, PathBuf};

use comity_exchange::ExchangeError;
use comity_exchange::matter::Attachment;
use comity_model::told::Told;

use crate::error::CliError;
use crate::files;

/// Bytes of the largest file that is read to travel. What the partner takes may be less, and is asked when it is said.
const LIMIT: u64 = 64 << 20;

/// Reads the files, each with the media type of its ending.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Attachment>, CliError> {
    paths.iter().map(|path| one(path)).collect()
}

fn one(path: &Path) -> Result<Attachment, CliError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let media_type = Attachment::media_type_of(&name).ok_or_else(|| {
        let message = "files with this ending do not travel; give a csv, jpg, json, md, pdf, png, tif or txt file";
        ExchangeError::Input { place: files::name(path), message: Told::from(message).named("attachment-ending") }
    })?;
    let bytes = files::read_up_to(path, LIMIT)?;
    Ok(Attachment { name, media_type: media_type.to_owned(), bytes })
}
