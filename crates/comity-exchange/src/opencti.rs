//! What OpenCTI exports: STIX bundles with properties `x_opencti_*`, extensions and types of its own.
//!
//! Identifiers stay, and so do bytes. What has no place here is counted, by type and name, with what became of it:
//!
//! - what the standard lets stand is kept in the object, as it is, and nothing here reads it;
//! - an addition of OpenCTI that breaks a rule of the standard is cut out, and no other byte of the object changes;
//! - an object that breaks one elsewhere is refused, as in every other file;
//! - where a marking means a level of TLP or PAP and is none of the standard's definitions, the definition of that level is
//!   put beside it on every object that bears it, and no other byte changes; an object is refused if no such level is known.
//!   Whoever judges what may leave reads the standard's definitions alone.

mod clean;
mod levels;
mod survey;

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use crate::dispatch::blocking;
use crate::error::Result;
use crate::import::{ImportOptions, ImportReport, Progress, import};
use crate::node::Node;

use clean::Clean;
use levels::Levels;
pub use survey::{Became, Survey, Unplaced, What};

/// The definition of the properties that OpenCTI adds to every object.
const PROPERTIES: &str = "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba";
/// The definition of the observables that OpenCTI adds.
const OBSERVABLES: &str = "extension-definition--f93e2c80-4231-4f9a-af8b-95c9bd566a82";
/// The definition of what OpenCTI says of the provenance of an object.
const PROVENANCE: &str = "extension-definition--283daa2f-7739-5345-a110-19d73676f670";
/// The definitions of OpenCTI.
const DEFINITIONS: [&str; 3] = [PROPERTIES, OBSERVABLES, PROVENANCE];
/// How the properties begin that OpenCTI adds.
const PREFIX: &str = "x_opencti_";

/// Takes in a file that OpenCTI exported, as [`import`] does, and counts what has no place here. `markings` reads the same file:
/// it is gone through first, for markings may stand behind what bears them.
pub async fn import_opencti(
    node: &Node,
    markings: impl Read + Send + 'static,
    file: impl Read + Send + 'static,
    options: ImportOptions,
    progress: impl FnMut(Progress) + Send,
) -> Result<(ImportReport, Survey)> {
    let survey = Arc::new(Mutex::new(Survey::default()));
    let levels = blocking(move || Ok(Levels::of(markings))).await?;
    let (registry, lang) = (Arc::clone(node.registry()), options.lang);
    let clean = Clean::new(file, levels, registry, lang, Arc::clone(&survey));
    let mut report = import(node, clean, options, progress).await?;
    let mut survey = std::mem::take(&mut *survey.lock().unwrap_or_else(PoisonError::into_inner));
    report.objects += survey.rejected;
    report.rejected += std::mem::take(&mut survey.rejected);
    report.rejections.append(&mut survey.rejections);
    report.rejections.sort_by_key(|it| it.line);
    Ok((report, survey))
}
