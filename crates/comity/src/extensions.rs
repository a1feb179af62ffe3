//! The extensions that somebody trusts: those of the domain, which every node knows, and folders of definitions and
//! schemas, read whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use comity_model::domain::FILES;
use comity_stix::Limits;
use comity_stix::json::Document;
use comity_stix::registry::{CustomType, Registry, RegistryError};

use crate::error::CliError;
use crate::files;
use crate::lang::Lang;

/// Before the names of the domain's own files; no file's name can start so.
const DOMAIN: &str = "/comity/";

/// Files of one folder.
const MOST: usize = 2_000;

/// Errors that are told of a folder; beyond them they are only counted.
const TOLD: usize = 10;

/// What the domain and folders of extensions hold: `NAME.json` is an extension definition (section 7.3.1 of STIX 2.1), and
/// `NAME.schema.json` beside it the schema of what it defines. A definition in a folder stands in for the domain's own
/// of the same id.
#[derive(Debug, Clone)]
pub(crate) struct Extensions {
    /// What objects are held against.
    pub(crate) registry: Arc<Registry>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Extensions {
    /// Reads folders, all of which must be there.
    pub(crate) fn of(folders: &[PathBuf]) -> Result<Self, CliError> {
        let mut files = BTreeMap::new();
        for folder in folders {
            read(folder, &mut files)?;
        }
        let theirs: BTreeSet<String> = files.values().filter_map(|bytes| id(bytes)).collect();
        for (name, bytes) in FILES.iter().filter(|(name, _)| !name.ends_with(".schema.json")) {
            if id(bytes).is_none_or(|id| theirs.contains(&id)) {
                continue;
            }
            let schema = format!("{}.schema.json", name.trim_end_matches(".json"));
            let beside = FILES.iter().find(|(name, _)| *name == schema);
            for (name, bytes) in beside.into_iter().chain([&(*name, *bytes)]) {
                files.insert(format!("{DOMAIN}{name}"), bytes.to_vec());
            }
        }
        let named = files.iter().map(|(name, bytes)| (name.as_str(), bytes));
        let registry = Registry::load(named, &Limits::default()).map_err(CliError::Extensions)?;
        Ok(Self { registry: Arc::new(registry), files })
    }

    /// Reads a node's own folder, if it has one.
    pub(crate) fn of_node(folder: &Path) -> Result<Self, CliError> {
        let folders = folder.is_dir().then(|| folder.to_owned());
        Self::of(folders.as_slice())
    }

    /// The document with the schema of a custom type, as its makers wrote it.
    pub(crate) fn schema(&self, custom: &CustomType) -> Option<String> {
        let limits = Limits::default();
        let (name, definition) = self.files.iter().find_map(|(name, bytes)| {
            let document = Document::parse(bytes, &limits).ok()?;
            (document.root().child("id")?.text()? == custom.extension).then_some((name, document))
        })?;
        let beside = format!("{}.schema.json", name.strip_suffix(".json")?);
        match self.files.get(&beside) {
            Some(schema) => String::from_utf8(schema.clone()).ok(),
            None => Some(definition.root().child("schema")?.text()?.into_owned()),
        }
    }
}

/// The id of the object that a file holds.
fn id(bytes: &[u8]) -> Option<String> {
    let document = Document::parse(bytes, &Limits::default()).ok()?;
    Some(document.root().child("id")?.text()?.into_owned())
}

fn read(folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), CliError> {
    let failed = |error| CliError::Read { path: folder.to_owned(), error };
    for (count, entry) in fs::read_dir(folder).map_err(failed)?.enumerate() {
        let path = entry.map_err(failed)?.path();
        if count >= MOST {
            return Err(CliError::TooManyFiles { path: folder.to_owned(), most: MOST });
        }
        if path.extension().is_some_and(|it| it == "json") {
            let bytes = files::read(&path)?;
            files.insert(files::name(&path), bytes);
        }
    }
    Ok(())
}

/// The errors of folders, a line each.
pub(crate) fn said(errors: &[RegistryError], lang: Lang) -> String {
    let mut lines: Vec<String> =
        errors.iter().take(TOLD).map(|it| it.message_in(lang.stix())).collect();
    let more = errors.len().saturating_sub(TOLD);
    if more > 0 {
        lines.push(format!("... +{more}"));
    }
    lines.join("\n")
}
