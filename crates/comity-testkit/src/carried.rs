//! Pouches carried by hand between nodes in one process.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use comity_exchange::courier::{self, Export, Exported, Import, Imported, Unwatched};
use comity_exchange::ports::{HandFile, ToCarry};
use comity_store::{CarriedFile, FileSatchel};

use crate::{Party, Result};

/// The files in a folder, by name.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?;
    let mut files = entries.map(|it| Ok(it?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

impl Party {
    /// Writes what waits for another party into a folder.
    pub async fn export(&self, to: &Self, which: ToCarry, folder: &Path) -> Result<Exported> {
        let satchel = Arc::new(FileSatchel::new(folder)?);
        let to = to.node.root();
        let by = "an analyst".to_owned();
        let export = Export { to, which, satchel, by, watch: Arc::new(Unwatched) };
        Ok(courier::export(&self.node, export).await?)
    }

    /// Takes in files in this order.
    pub async fn import(&self, files: &[PathBuf]) -> Result<Imported> {
        let carried = |path: &PathBuf| Arc::new(CarriedFile(path.clone())) as Arc<dyn HandFile>;
        let import = Import {
            files: files.iter().map(carried).collect(),
            free: Arc::new(|| Ok(u64::MAX)),
            by: "an analyst".to_owned(),
            watch: Arc::new(Unwatched),
        };
        Ok(courier::import(&self.node, import).await?)
    }
}
