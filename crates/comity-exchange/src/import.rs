//! Import: this party's own objects enter, from bundles and JSON lines of any size.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use comity_model::{Grade, Holding, Origin};
pub use comity_stix::Lang;
use comity_stix::id::StixId;
use comity_stix::json::Document;
use comity_stix::reader::{Objects, RawObject, ReadError};
use comity_stix::registry::Registry;
use comity_stix::timestamp::Stamp;
use comity_stix::{Checker, Code, Limits, Report, Severity};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use tokio::sync::mpsc;

use crate::error::{ExchangeError, Result};
use crate::hold::{Gist, Provenance, hold};
use crate::node::Node;
use crate::ports::{HoldSummary, HoldingQuery};

pub(crate) mod whose;

use whose::{not_kept, of_a_partner, of_partners};

/// Objects kept in one transaction, at the most.
const BATCH: usize = 1_000;
/// Bytes of objects kept in one transaction, at the most.
const BATCH_BYTES: usize = 4 << 20;
/// Rejected objects that are reported one by one; beyond them they are only counted.
const REPORTED: usize = 10_000;

/// How to import.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// What the source is called: the file's name.
    pub source: String,
    /// The grade of objects that carry none.
    pub grade: Option<Grade>,
    /// The language of the reasons.
    pub lang: Lang,
    /// Who imports.
    pub by: String,
}

/// What became of a file.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportReport {
    /// Objects seen.
    pub objects: u64,
    /// What became of those that are valid.
    pub held: HoldSummary,
    /// Objects that were held already and keep their grade, or have none, where another was given: a version is graded once, when
    /// it enters.
    pub grades_kept: u64,
    /// Valid objects by type.
    pub types: BTreeMap<String, u64>,
    /// Objects rejected, all of them counted.
    pub rejected: u64,
    /// The rejected objects, up to 10,000 of them.
    pub rejections: Vec<Rejection>,
    /// Broken SHOULDs among the valid ones.
    pub warnings: u64,
}

/// Why one object was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// The line where the object begins, from 1.
    pub line: u64,
    /// Its id, where it can be told.
    pub id: Option<String>,
    /// Where in the object, as a JSON pointer.
    pub pointer: String,
    /// A stable word.
    pub code: String,
    /// What is wrong and how to mend it.
    pub message: String,
    /// Its version as TAXII 2.1 section 4.3.1 has it: `modified`, else `created`, where it can be told.
    #[serde(skip)]
    pub(crate) version: Option<String>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Bytes read.
    pub bytes: u64,
    /// Objects seen.
    pub objects: u64,
}

enum Parsed {
    /// Holdings, and the line where each begins.
    Batch(Batch, Progress),
    Rejected(Box<Rejection>),
    Done {
        objects: u64,
        warnings: u64,
    },
}

#[derive(Default)]
struct Batch {
    holdings: Vec<Holding>,
    lines: Vec<u64>,
    bytes: usize,
}

impl Batch {
    fn push(&mut self, line: u64, holding: Holding) {
        self.bytes += holding.bytes.len();
        self.holdings.push(holding);
        self.lines.push(line);
    }

    fn is_full(&self) -> bool {
        self.holdings.len() >= BATCH || self.bytes >= BATCH_BYTES
    }

    /// The last line of each object.
    fn by_id(&self) -> BTreeMap<String, u64> {
        let ids = self.holdings.iter().map(|holding| holding.id.clone());
        ids.zip(self.lines.iter().copied()).collect()
    }
}

/// Takes in one file. Every batch is one transaction; a rejected object stops nothing. Taking in the same file twice
/// changes nothing.
pub async fn import(
    node: &Node,
    file: impl Read + Send + 'static,
    options: ImportOptions,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<ImportReport> {
    let mut report = ImportReport::default();
    let (to_store, mut parsed) = mpsc::channel(2);
    let received_at = node.now();
    let (source, by, lang) = (options.source.clone(), options.by.clone(), options.lang);
    let graded = options.grade.is_some();
    let registry = Arc::clone(node.registry());
    let parser = tokio::task::spawn_blocking(move || {
        parse(file, &options, &registry, received_at, &to_store);
    });
    while let Some(next) = parsed.recv().await {
        match next {
            Parsed::Batch(batch, so_far) => {
                let lines = batch.by_id();
                let partners = of_partners(node, &batch.holdings).await?;
                let partners: BTreeMap<_, _> = partners.into_iter().collect();
                let found = batch.lines.into_iter().zip(batch.holdings);
                let (theirs, ours): (Vec<_>, Vec<_>) =
                    found.partition(|(_, it)| partners.contains_key(&it.id));
                for (line, holding) in theirs {
                    let party = partners.get(&holding.id).copied().flatten();
                    reject(&mut report, of_a_partner(holding.id, party, line, lang));
                }
                let batch: Vec<Holding> = ours.into_iter().map(|(_, it)| it).collect();
                for holding in &batch {
                    *report.types.entry(holding.stix_type.clone()).or_default() += 1;
                }
                let details = json!({ "source": source, "objects": batch.len() });
                let journal = vec![node.journal_by(&by, "imported", &source, details)];
                let given = if graded { grades(&batch) } else { BTreeMap::new() };
                let (held, not_held) = node.store().hold(batch, journal).await?;
                if held.unchanged > 0 && graded {
                    report.grades_kept += grades_kept(node, given).await?;
                }
                report.held.new += held.new;
                report.held.unchanged += held.unchanged;
                report.held.conflicts += held.conflicts;
                for it in not_held {
                    let line = lines.get(&it.id).copied().unwrap_or_default();
                    reject(&mut report, not_kept(it, line, lang));
                }
                progress(so_far);
            }
            Parsed::Rejected(rejection) => reject(&mut report, *rejection),
            Parsed::Done { objects, warnings } => {
                report.objects = objects;
                report.warnings = warnings;
            }
        }
    }
    parser.await.map_err(|error| ExchangeError::unreadable(&source, "import-stopped", &error))?;
    Ok(report)
}

/// The grade of each version of a batch, by id.
fn grades(batch: &[Holding]) -> BTreeMap<String, (String, Option<Grade>)> {
    batch.iter().map(|it| (it.id.clone(), (it.version.clone(), it.grade))).collect()
}

/// How many of these versions readers get with another grade than was given.
async fn grades_kept(node: &Node, given: BTreeMap<String, (String, Option<Grade>)>) -> Result<u64> {
    let query = HoldingQuery {
        ids: Some(given.keys().cloned().collect()),
        partner: Some(None),
        limit: u32::try_from(given.len()).unwrap_or(u32::MAX),
        ..HoldingQuery::default()
    };
    let held = node.store().holdings(query).await?.holdings;
    let differs = |it: &&Holding| {
        given.get(&it.id).is_some_and(|(version, grade)| {
            *version == it.version && grade.is_some() && *grade != it.grade
        })
    };
    Ok(held.iter().filter(differs).count() as u64)
}

fn reject(report: &mut ImportReport, rejection: Rejection) {
    report.rejected += 1;
    if report.rejections.len() < REPORTED {
        report.rejections.push(rejection);
    }
}

/// What could not be read as an object.
pub(crate) fn unread(error: &ReadError, lang: Lang) -> Rejection {
    Rejection {
        line: error.line,
        id: None,
        pointer: error.pointer.clone(),
        code: error.code.as_str().to_owned(),
        message: error.message_in(lang),
        version: None,
    }
}

/// Checks one object and makes this party's own holding of it; with its line, and how many SHOULDs it breaks.
pub(crate) fn checked(
    raw: RawObject,
    checker: &Checker<'_>,
    options: &ImportOptions,
    received_at: Timestamp,
) -> std::result::Result<(u64, Holding, u64), Box<Rejection>> {
    let (report, document) = checker.check_and_keep(&raw.bytes);
    let broken = report.findings.iter().find(|it| it.severity == Severity::Must);
    let is_sound = broken.is_none() && report.head.is_some();
    let named = match &document {
        Some(document) if !is_sound => Named::of(document, &report),
        _ => Named::default(),
    };
    match (report.head.zip(document), broken) {
        (Some((head, document)), None) => {
            let provenance = Provenance {
                origin: Origin::Own { source: options.source.clone() },
                chain: Vec::new(),
                handling: None,
                grade: options.grade,
                received_at,
            };
            let gist = Gist::of(&document, &head);
            let holding = hold(raw.bytes, head, gist, provenance);
            Ok((raw.line, holding, report.findings.len() as u64))
        }
        (_, broken) => Err(Box::new(Rejection {
            line: raw.line,
            version: named.version,
            id: named.id,
            pointer: broken.map(|it| it.pointer.clone()).unwrap_or_default(),
            code: broken.map_or("unreadable", |it| it.code.as_str()).to_owned(),
            message: broken.map(|it| it.message_in(options.lang)).unwrap_or_default(),
        })),
    }
}

/// What a broken object is called.
#[derive(Default)]
struct Named {
    id: Option<String>,
    version: Option<String>,
}

impl Named {
    /// What is sound of its name and its version, whatever is wrong beside them. Where keys stand twice nothing is told.
    fn of(document: &Document<'_>, report: &Report) -> Self {
        if report.findings.iter().any(|it| it.code == Code::DuplicateKey) {
            return Self::default();
        }
        let text = |name: &str| document.root().child(name).and_then(|it| it.text());
        let stamp = |name: &str| Stamp::parse(text(name)?).ok().map(|it| it.written().to_owned());
        let id = text("id").and_then(|it| StixId::parse(&it).ok());
        let has_modified = document.root().child("modified").is_some();
        let version = stamp(if has_modified { "modified" } else { "created" });
        Self { id: id.map(|it| it.as_str().to_owned()), version }
    }
}

fn parse(
    file: impl Read,
    options: &ImportOptions,
    registry: &Registry,
    received_at: Timestamp,
    to_store: &mpsc::Sender<Parsed>,
) {
    let limits = Limits::default();
    let checker = Checker::new(&limits).with_registry(registry);
    let mut objects = Objects::new(file, limits);
    let mut batch = Batch::default();
    let (mut seen, mut warnings) = (0, 0);
    while let Some(next) = objects.next() {
        seen += 1;
        let rejection = match next {
            Err(error) => Some(unread(&error, options.lang)),
            Ok(raw) => match checked(raw, &checker, options, received_at) {
                Ok((line, holding, found)) => {
                    warnings += found;
                    batch.push(line, holding);
                    None
                }
                Err(rejection) => Some(*rejection),
            },
        };
        if let Some(rejection) = rejection
            && to_store.blocking_send(Parsed::Rejected(Box::new(rejection))).is_err()
        {
            return;
        }
        if batch.is_full() {
            let progress = Progress { bytes: objects.bytes_read(), objects: seen };
            let full = std::mem::take(&mut batch);
            if to_store.blocking_send(Parsed::Batch(full, progress)).is_err() {
                return;
            }
        }
    }
    let progress = Progress { bytes: objects.bytes_read(), objects: seen };
    if to_store.blocking_send(Parsed::Batch(batch, progress)).is_ok() {
        let _ = to_store.blocking_send(Parsed::Done { objects: seen, warnings });
    }
}
