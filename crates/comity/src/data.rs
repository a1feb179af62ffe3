//! Where the parts of a node lie in its data folder.

use std::path::PathBuf;

use comity_model::OfficerId;
use comity_pouch::keyfile;
use comity_store::backup::Layout;

/// A node's data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Data {
    /// The folder itself.
    pub(crate) dir: PathBuf,
}

impl Data {
    /// The name of the configuration in the folder.
    pub(crate) const CONFIG: &'static str = "comity.toml";

    /// What of the folder belongs in a backup.
    pub(crate) const LAYOUT: Layout = Layout {
        database: "comity.db",
        blobs: "blobs",
        beside: &[Self::CONFIG, "extensions", "keys", "templates"],
        apart: &["tombstones.jsonl", "checkpoints.json"],
    };

    /// The node in `dir`.
    pub(crate) const fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The configuration.
    pub(crate) fn config(&self) -> PathBuf {
        self.dir.join(Self::CONFIG)
    }

    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        self.dir.join(Self::LAYOUT.database)
    }

    /// What a node that is open writes to: the folder, the database and the files that SQLite keeps beside it, the folders
    /// of parts and of pouches.
    pub(crate) fn written(&self) -> [PathBuf; 6] {
        let beside = |ending: &str| self.database().with_extension(format!("db-{ending}"));
        let (wal, shm) = (beside("wal"), beside("shm"));
        [self.dir.clone(), self.database(), wal, shm, self.blobs(), self.spool()]
    }

    /// Parts that are too large for a row.
    pub(crate) fn blobs(&self) -> PathBuf {
        self.dir.join(Self::LAYOUT.blobs)
    }

    /// Pouches on their way in and out.
    pub(crate) fn spool(&self) -> PathBuf {
        self.dir.join("spool")
    }

    /// What was purged. It belongs in no backup of the folder: put back, it would forget.
    pub(crate) fn tombstones(&self) -> PathBuf {
        self.dir.join("tombstones.jsonl")
    }

    /// What was signed last, where the configuration says nothing else. It belongs in no backup of the folder either: by it a
    /// node knows that it is on an old database.
    pub(crate) fn last_checkpoints(&self) -> PathBuf {
        self.dir.join("checkpoints.json")
    }

    /// How many days a training node is ahead of the system's clock, where it is.
    pub(crate) fn exercise_clock(&self) -> PathBuf {
        self.dir.join("exercise-clock")
    }

    /// The extensions that this node checks by, if somebody put any there.
    pub(crate) fn extensions(&self) -> PathBuf {
        self.dir.join("extensions")
    }

    /// The templates of reports that this node adds, if somebody put any there.
    pub(crate) fn contact_templates(&self) -> PathBuf {
        self.dir.join("templates").join("contact")
    }

    /// The folder of the keys.
    pub(crate) fn keys(&self) -> PathBuf {
        self.dir.join("keys")
    }

    /// The root key.
    pub(crate) fn root_key(&self) -> PathBuf {
        self.keys().join(keyfile::ROOT_FILE)
    }

    /// The registrar's key.
    pub(crate) fn registrar_key(&self) -> PathBuf {
        self.keys().join(keyfile::REGISTRAR_FILE)
    }

    /// The keys of the running node.
    pub(crate) fn serve_keys(&self) -> PathBuf {
        self.keys().join(keyfile::SERVE_FILE)
    }

    /// What whoever changes the keys of the running node holds alone.
    pub(crate) fn keys_lock(&self) -> PathBuf {
        self.keys().join(format!("{}.lock", keyfile::SERVE_FILE))
    }

    /// The folder of the officers' keys.
    pub(crate) fn officers(&self) -> PathBuf {
        self.keys().join(keyfile::OFFICERS_FOLDER)
    }

    /// An officer's key. It is named by the id, because a name may hold anything.
    pub(crate) fn officer_key(&self, officer: OfficerId) -> PathBuf {
        self.officers().join(format!("{officer}.key"))
    }

    /// Whether a node, or something of one, is there.
    pub(crate) fn is_node(&self) -> bool {
        self.database().exists() || self.config().exists()
    }
}
