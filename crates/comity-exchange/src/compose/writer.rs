//! Writing the parts of a release, and the derivatives in it.

use comity_model::told;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use comity_log::root_of;
use comity_model::derivative::Tracer;
use comity_model::descriptor::PartyLimits;
use comity_model::opening::commitment_of;
use comity_model::release::{MANIFEST, OBJECTS};
use comity_model::statement::{Binding, Nonce, PartEntry};
use comity_model::{AgreementId, Digest, Digester, Entropy, Handling, ManifestLine};
use jiff::Timestamp;

use crate::decide::{Considered, Deliberation};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::parts::PartSink;
use crate::ports::{BlobError, DerivativeRecord, LossRecord, MaskRecord, StoredPart, Verdict};

use super::past::{self, Past};

mod drafts;

use drafts::Drafted;

/// Bytes of a pouch beside its parts, at the most: statement, proof, headers, and what sealing adds to 64 KiB of them.
const AROUND: u64 = 2 << 20;

/// Writes the parts of a release.
pub(super) struct Writer {
    pub(super) node: Node,
    /// The STIX identity that derivatives name as their creator.
    pub(super) created_by: String,
    /// The derivatives made before, by their original.
    pub(super) known: BTreeMap<String, DerivativeRecord>,
    /// What earlier releases hid.
    pub(super) past: Past,
    pub(super) agreement: AgreementId,
    /// Under which derivatives get their ids.
    pub(super) secret: [u8; 32],
    /// What the partner takes.
    pub(super) limits: PartyLimits,
    pub(super) now: Timestamp,
}

/// What was written.
pub(super) struct Written {
    pub(super) considered: Vec<Considered>,
    pub(super) parts: Vec<StoredPart>,
    pub(super) entries: Vec<PartEntry>,
    pub(super) derivatives: Vec<DerivativeRecord>,
    pub(super) losses: Vec<LossRecord>,
    pub(super) masks: Vec<MaskRecord>,
    pub(super) root: Digest,
    pub(super) objects: u64,
    pub(super) redacted: u64,
}

/// What is written and not kept yet.
struct Laid<'a> {
    considered: Vec<Considered>,
    manifest: PartSink<'a>,
    manifest_digest: Digest,
    objects: PartSink<'a>,
    derivatives: Vec<DerivativeRecord>,
    losses: Vec<LossRecord>,
    masks: Vec<MaskRecord>,
    root: Digest,
    count: u64,
    redacted: u64,
}

impl Writer {
    /// What becomes of each object when what was decided is written, with the refusals of [`Writer::write`]; nothing of
    /// it is kept.
    pub(super) fn preview(&self, deliberation: Deliberation) -> Result<Vec<Considered>> {
        self.lay_out(deliberation).map(|laid| laid.considered)
    }

    /// Writes what was decided, after withholding what cannot go.
    pub(super) fn write(&self, deliberation: Deliberation) -> Result<Written> {
        let laid = self.lay_out(deliberation)?;
        let parts = vec![laid.manifest.finish()?, laid.objects.finish()?];
        let bindings = [Binding::Digest(laid.manifest_digest), Binding::Root];
        let entries = parts
            .iter()
            .zip(bindings)
            .map(|(part, bound_by)| PartEntry {
                name: part.name.clone(),
                size: part.size,
                bound_by,
            })
            .collect();
        Ok(Written {
            considered: laid.considered,
            parts,
            entries,
            derivatives: laid.derivatives,
            losses: laid.losses,
            masks: laid.masks,
            root: laid.root,
            objects: laid.count,
            redacted: laid.redacted,
        })
    }

    fn lay_out(&self, mut deliberation: Deliberation) -> Result<Laid<'_>> {
        let mut drafted = self.draft(&mut deliberation)?;
        let mut drafts = std::mem::take(&mut drafted.drafts);
        self.must_fit(&deliberation)?;
        let mut manifest = PartSink::new(MANIFEST, self.node.blobs());
        let mut objects = PartSink::new(OBJECTS, self.node.blobs());
        let (mut leaves, mut derivatives) = (Vec::new(), Vec::new());
        let (losses, masks) = self.remembered(&deliberation, &drafted);
        let (mut count, mut redacted, mut bytes) = (0, 0, AROUND);
        let mut manifest_digest = Digester::new();
        for (index, it) in deliberation.considered.iter().enumerate() {
            let Some(handling) = &it.handling else { continue };
            let (object, record) = match it.verdict {
                Verdict::Withheld => continue,
                Verdict::Released => (Cow::Borrowed(&it.holding.bytes), None),
                Verdict::Redacted => {
                    let draft = drafts
                        .remove(&index)
                        .ok_or_else(|| ExchangeError::damaged("a derivative"))?;
                    let (object, record) = self.finish(it, draft)?;
                    (Cow::Owned(object), Some(record))
                }
            };
            let line = self.line(count, it, handling, &object, record.as_ref())?;
            let text = line.to_line().map_err(ExchangeError::damaged)?;
            let commitment = line.commitment_to(&text, &object).map_err(ExchangeError::damaged)?;
            leaves.push(comity_log::leaf_hash(commitment.as_bytes()));
            for (sink, piece) in [(&mut manifest, &text), (&mut objects, &*object)] {
                bytes = bytes.saturating_add(piece.len() as u64).saturating_add(1);
                sink.write_all(piece).map_err(BlobError::from)?;
                sink.write_all(b"\n").map_err(BlobError::from)?;
            }
            manifest_digest.update(&text);
            manifest_digest.update(b"\n");
            count += 1;
            if let Some(record) = record {
                redacted += 1;
                if self.known.get(&record.original) != Some(&record) {
                    derivatives.push(record);
                }
            }
        }
        if bytes > self.limits.pouch {
            let taken = self.limits.pouch;
            let message = told!(
                "the release has {bytes} bytes and the partner takes pouches of {taken}; compose several smaller ones",
                bytes,
                taken
            );
            return Err(ExchangeError::refused("over-limit", message));
        }
        Ok(Laid {
            considered: deliberation.considered,
            manifest,
            manifest_digest: manifest_digest.finish(),
            objects,
            derivatives,
            losses,
            masks,
            root: Digest::from_bytes(root_of(leaves)),
            count,
            redacted,
        })
    }

    /// What the objects lose that go, or for which something is masked elsewhere, as far as it is not known; and where
    /// something is masked.
    fn remembered(
        &self,
        deliberation: &Deliberation,
        drafted: &Drafted,
    ) -> (Vec<LossRecord>, Vec<MaskRecord>) {
        let considered = &deliberation.considered;
        let (mut losses, mut masks) = (Vec::new(), Vec::new());
        for (index, texts) in &drafted.masked {
            let Some(it) = considered.get(*index) else { continue };
            for (property, of) in texts {
                let of = of.iter().filter_map(|of| drafted.sources.get(usize::try_from(*of).ok()?));
                masks.extend(of.map(|(source, version)| MaskRecord {
                    agreement: self.agreement,
                    object: it.holding.id.clone(),
                    property: property.clone(),
                    source: source.clone(),
                    version: version.clone(),
                }));
            }
        }
        let sources: BTreeSet<&str> = masks.iter().map(|it| it.source.as_str()).collect();
        let (tracer, known) = (Tracer::new(&self.secret), self.past.by_object());
        for (index, changes) in &drafted.changes {
            let Some(it) = considered.get(*index) else { continue };
            let id = it.holding.id.as_str();
            let counts = it.verdict != Verdict::Withheld || sources.contains(id);
            let mut known = known.get(id).into_iter().flatten();
            if counts && !known.any(|known| past::is_same(known, it, changes)) {
                losses.push(past::loss_of(self.agreement, &tracer, it, changes));
            }
        }
        (losses, masks)
    }

    /// Refuses more objects than the partner takes, before anything is written.
    fn must_fit(&self, deliberation: &Deliberation) -> Result<()> {
        let goes = deliberation.considered.iter().filter(|it| it.verdict != Verdict::Withheld);
        let (objects, taken) = (goes.count() as u64, self.limits.objects);
        if objects <= taken {
            return Ok(());
        }
        let message = told!(
            "the release has {objects} objects and the partner takes {taken}; compose several smaller ones",
            objects,
            taken
        );
        Err(ExchangeError::refused("over-limit", message))
    }

    fn line(
        &self,
        index: u64,
        it: &Considered,
        handling: &Handling,
        bytes: &[u8],
        record: Option<&DerivativeRecord>,
    ) -> Result<ManifestLine> {
        let own = self.node.root();
        let mut chain = it.holding.chain.clone();
        chain.push(own);
        let commitment = record.map(|record| commitment_of(&record.opening, &it.holding.bytes));
        let id = record.map_or(&it.holding.id, |record| &record.derived).clone();
        let modified = it.holding.modified.map(|_| {
            record.map_or_else(
                || it.holding.version.clone(),
                |record| comity_stix::timestamp::format(record.modified),
            )
        });
        let mut salt = [0; 32];
        self.node.entropy().fill(&mut salt);
        Ok(ManifestLine {
            index,
            id,
            modified,
            size: u64::try_from(bytes.len()).map_err(ExchangeError::damaged)?,
            handling: handling.clone(),
            origin: it.holding.chain.first().copied().unwrap_or(own),
            grade: it.holding.grade,
            chain,
            commitment,
            salt: Nonce(salt),
        })
    }
}
