//! Writing the parts of a release, and the derivatives in it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use comity_log::root_of;
use comity_model::derivative::{self, Fate, Plan};
use comity_model::descriptor::PartyLimits;
use comity_model::entropy::fresh;
use comity_model::release::{MANIFEST, OBJECTS};
use comity_model::statement::{Binding, Nonce, PartEntry};
use comity_model::{AgreementId, Digest, Digester, Entropy, Handling, ManifestLine};
use jiff::{SignedDuration, Timestamp};

use crate::decide::{Considered, Deliberation, follow, withhold};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::parts::PartSink;
use crate::ports::{BlobError, DerivativeRecord, StoredPart, Verdict};

/// Bytes of a pouch beside its parts, at the most: statement, proof, headers, and what sealing adds to 64 KiB of them.
const AROUND: u64 = 2 << 20;

/// Writes the parts of a release.
pub(super) struct Writer {
    pub(super) node: Node,
    /// The STIX identity that derivatives name as their creator.
    pub(super) created_by: String,
    /// The derivatives made before, by their original.
    pub(super) known: BTreeMap<String, DerivativeRecord>,
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
    pub(super) root: Digest,
    pub(super) objects: u64,
    pub(super) redacted: u64,
}

impl Writer {
    /// Writes what was decided, after withholding what cannot go.
    pub(super) fn write(&self, mut deliberation: Deliberation) -> Result<Written> {
        self.withhold_what_cannot_go(&mut deliberation);
        self.must_fit(&deliberation)?;
        let mut manifest = PartSink::new(MANIFEST, self.node.blobs());
        let mut objects = PartSink::new(OBJECTS, self.node.blobs());
        let (mut leaves, mut derivatives) = (Vec::new(), Vec::new());
        let (mut count, mut redacted) = (0, 0);
        let mut manifest_digest = Digester::new();
        for it in &deliberation.considered {
            let Some(handling) = &it.handling else { continue };
            let (bytes, record) = match it.verdict {
                Verdict::Withheld => continue,
                Verdict::Released => (Cow::Borrowed(&it.holding.bytes), None),
                Verdict::Redacted => {
                    let (bytes, record) = self.derive(it, &deliberation)?;
                    (Cow::Owned(bytes), Some(record))
                }
            };
            let line = self.line(count, it, handling, &bytes, record.as_ref())?;
            let text = line.to_line().map_err(ExchangeError::damaged)?;
            let commitment = line.commitment_to(&text, &bytes).map_err(ExchangeError::damaged)?;
            leaves.push(comity_log::leaf_hash(commitment.as_bytes()));
            for (sink, piece) in [(&mut manifest, &text), (&mut objects, &*bytes)] {
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
        let parts = vec![manifest.finish()?, objects.finish()?];
        let bytes = parts.iter().fold(AROUND, |sum, part| sum.saturating_add(part.size));
        if bytes > self.limits.pouch {
            let taken = self.limits.pouch;
            let message = format!(
                "the release has {bytes} bytes and the partner takes pouches of {taken}; compose several smaller ones"
            );
            return Err(ExchangeError::refused("over-limit", message));
        }
        let bindings = [Binding::Digest(manifest_digest.finish()), Binding::Root];
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
            considered: deliberation.considered,
            parts,
            entries,
            derivatives,
            root: Digest::from_bytes(root_of(leaves)),
            objects: count,
            redacted,
        })
    }

    /// Refuses more objects than the partner takes, before anything is written.
    fn must_fit(&self, deliberation: &Deliberation) -> Result<()> {
        let goes = deliberation.considered.iter().filter(|it| it.verdict != Verdict::Withheld);
        let (objects, taken) = (goes.count() as u64, self.limits.objects);
        if objects <= taken {
            return Ok(());
        }
        let message = format!(
            "the release has {objects} objects and the partner takes {taken}; compose several smaller ones"
        );
        Err(ExchangeError::refused("over-limit", message))
    }

    /// Withholds what is too large for the partner, and what would give away the id of an object that stays or goes as a
    /// derivative. Others may name what is withheld so, and are decided again, until nothing changes.
    fn withhold_what_cannot_go(&self, deliberation: &mut Deliberation) {
        loop {
            let hidden = hidden_ids(deliberation);
            let considered = deliberation.considered.iter().enumerate();
            let stays: Vec<_> = considered
                .filter(|(_, it)| it.verdict != Verdict::Withheld)
                .filter_map(|(index, it)| Some((index, self.stays(it, deliberation, &hidden)?)))
                .collect();
            if stays.is_empty() {
                return;
            }
            for (index, (code, text)) in stays {
                if let Some(it) = deliberation.considered.get_mut(index) {
                    deliberation.derived.remove(&it.holding.id);
                    deliberation.withheld.insert(it.holding.id.clone());
                    withhold(it, code, "/", text);
                }
            }
            follow(&self.secret, deliberation);
        }
    }

    /// Why an object stays though the agreement lets it go.
    fn stays(
        &self,
        it: &Considered,
        deliberation: &Deliberation,
        hidden: &BTreeSet<Vec<u8>>,
    ) -> Option<(&'static str, &'static str)> {
        let derived;
        let bytes = if it.verdict == Verdict::Redacted {
            derived = self.derive(it, deliberation).map(|(bytes, _)| bytes).unwrap_or_default();
            &derived
        } else {
            &it.holding.bytes
        };
        if bytes.len() as u64 > self.limits.object {
            Some(("over-limit", "it is larger than the partner takes"))
        } else if bytes.is_empty() || names_any(bytes, hidden) {
            Some(("original-id", "an original's id stands in its text and would go with it"))
        } else {
            None
        }
    }

    /// The derivative of one object. Its `modified` moves only when something else in it changed.
    fn derive(
        &self,
        it: &Considered,
        deliberation: &Deliberation,
    ) -> Result<(Vec<u8>, DerivativeRecord)> {
        let original = &it.holding.id;
        let derived = deliberation
            .derived
            .get(original)
            .ok_or_else(|| ExchangeError::damaged("the ids of derivatives"))?;
        let known = self.known.get(original);
        let created = known.map_or(self.now, |known| known.created);
        let fate = |id: &str| {
            if let Some(derived) = deliberation.derived.get(id) {
                Fate::Rename(derived.clone())
            } else if deliberation.withheld.contains(id) {
                Fate::Drop
            } else {
                Fate::Keep
            }
        };
        let plan = |modified| Plan {
            id: derived,
            created_by: &self.created_by,
            created,
            modified,
            secret: &self.secret,
            changes: &it.changes,
            fate: &fate,
        };
        let draft = derivative::derive(&it.holding.bytes, &plan(created))
            .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))?;
        let content = Digest::of(&draft);
        let modified = match known {
            Some(known) if known.content == content => known.modified,
            Some(known) => {
                let next = known.modified.checked_add(SignedDuration::from_millis(1));
                next.map_or(self.now, |next| next.max(self.now))
            }
            None => self.now,
        };
        let bytes = derivative::derive(&it.holding.bytes, &plan(modified))
            .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))?;
        let opening = match known {
            Some(known) if known.original_version == it.holding.version => known.opening,
            _ => fresh(&**self.node.entropy()),
        };
        let record = DerivativeRecord {
            agreement: self.agreement,
            original: original.clone(),
            original_version: it.holding.version.clone(),
            derived: derived.clone(),
            created,
            modified,
            content,
            opening,
        };
        Ok((bytes, record))
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
        let commitment = record.map(|record| {
            let mut digester = Digester::new();
            digester.update(&record.opening);
            digester.update(&it.holding.bytes);
            digester.finish()
        });
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

/// Bytes of a UUID in text.
const UUID: usize = 36;

/// The UUIDs of the ids that must not leave, in lower case.
fn hidden_ids(deliberation: &Deliberation) -> BTreeSet<Vec<u8>> {
    let ids = deliberation.derived.keys().chain(&deliberation.withheld);
    ids.filter_map(|id| id.split_once("--"))
        .map(|(_, uuid)| uuid.to_ascii_lowercase().into_bytes())
        .collect()
}

/// Whether one of these UUIDs stands in an object, as that of an id: after two hyphens.
fn names_any(object: &[u8], uuids: &BTreeSet<Vec<u8>>) -> bool {
    !uuids.is_empty()
        && object
            .windows(UUID + 2)
            .filter_map(|window| window.strip_prefix(b"--"))
            .any(|uuid| uuids.contains(&uuid.to_ascii_lowercase()))
}
