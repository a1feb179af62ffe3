//! Files that are to travel with a statement (docs/protocol.md section 3.3).

use std::io::Read as _;
use std::path::PathBuf;

use comity_exchange::matter::Attachment;

use crate::error::CliError;
use crate::files;

/// Bytes of the largest file that is read to travel. What the partner takes may be less, and is asked when it is said.
const LIMIT: u64 = 64 << 20;

/// Reads the files, each with the media type of its ending. One whose ending is of none that may travel is left for the use
/// case to refuse, which says which may.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Attachment>, CliError> {
    paths.iter().map(one).collect()
}

fn one(path: &PathBuf) -> Result<Attachment, CliError> {
    let (file, _) = files::open(path)?;
    let mut bytes = Vec::new();
    let read = file.take(LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(|error| CliError::Read { path: path.clone(), error })?;
    if bytes.len() as u64 > LIMIT {
        return Err(CliError::TooLarge { path: path.clone(), limit: LIMIT });
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let media_type = Attachment::media_type_of(&name).unwrap_or_default().to_owned();
    Ok(Attachment { name, media_type, bytes })
}
