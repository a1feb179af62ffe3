//! Releases made by hand, so that every byte of them can be wrong.

use comity_log::root_of;
use comity_model::release::{MANIFEST, OBJECTS};
use comity_model::statement::{Binding, Nonce, PartEntry, ReleaseBody, SignedApproval};
use comity_model::{
    Digest, Folio, Handling, ManifestLine, Onward, ReleaseId, ReleaseRecord, Tlp, UseCode,
};
use comity_pouch::approval::{Approval, OfficerCertificate};
use comity_pouch::keys::{OfficerKey, RegistrarKey};
use comity_testkit::{CLAUSE, Forge, Result};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Wire;

/// A release before it is approved.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) objects: Vec<Vec<u8>>,
    pub(crate) lines: Vec<ManifestLine>,
    pub(crate) record: ReleaseRecord,
    pub(crate) parts: Vec<(String, Vec<u8>)>,
}

impl Draft {
    /// Binds lines and objects as they are now.
    pub(crate) fn bind(&mut self) -> Result<()> {
        let (mut manifest, mut objects, mut leaves) = (Vec::new(), Vec::new(), Vec::new());
        for (line, object) in self.lines.iter().zip(&self.objects) {
            let text = line.to_line()?;
            let commitment = line.commitment_to(&text, object)?;
            leaves.push(comity_log::leaf_hash(commitment.as_bytes()));
            manifest.extend_from_slice(&text);
            manifest.push(b'\n');
            objects.extend_from_slice(object);
            objects.push(b'\n');
        }
        self.record.root = Digest::from_bytes(root_of(leaves));
        self.record.objects = self.lines.len() as u64;
        let entry = |name: &str, bytes: &Vec<u8>, bound_by| PartEntry {
            name: name.to_owned(),
            size: bytes.len() as u64,
            bound_by,
        };
        self.record.parts = vec![
            entry(MANIFEST, &manifest, Binding::Digest(Digest::of(&manifest))),
            entry(OBJECTS, &objects, Binding::Root),
        ];
        self.parts = vec![(MANIFEST.to_owned(), manifest), (OBJECTS.to_owned(), objects)];
        Ok(())
    }

    /// The exact text of `release.json`.
    pub(crate) fn text(&self) -> Result<String> {
        Ok(serde_json::to_string(&self.record)?)
    }
}

/// An approval by an officer whom `registrar` certified, for the release whose text has this digest.
pub(crate) fn approval(
    registrar: &RegistrarKey,
    officer: &OfficerKey,
    release: Digest,
    at: Timestamp,
) -> Result<SignedApproval> {
    let day = SignedDuration::from_hours(24);
    let certificate = OfficerCertificate::new(
        officer,
        "release desk",
        at.checked_sub(day)?,
        at.checked_add(day)?,
    );
    Ok(SignedApproval {
        certificate: String::from_utf8(certificate.sign(registrar)?.to_json())?,
        approval: String::from_utf8(Approval::sign(release, officer, at)?.to_json())?,
    })
}

impl Wire {
    /// An honest release of these objects; tests make it dishonest.
    pub(crate) fn draft(&self, objects: &[String]) -> Result<Draft> {
        let from = self.pair.us.node.root();
        let line = |(object, index): (&String, u64)| -> Result<ManifestLine> {
            let value: Value = serde_json::from_str(object)?;
            let text = |key: &str| value[key].as_str().map(ToOwned::to_owned);
            Ok(ManifestLine {
                index,
                id: text("id").ok_or("no id")?,
                modified: text("modified"),
                size: object.len() as u64,
                handling: Handling {
                    tlp: Tlp::Green,
                    pap: None,
                    use_codes: vec![UseCode::IntelligenceOnly],
                    onward: Onward::OriginatorConsent,
                    retention_days: 180,
                    until: None,
                },
                origin: from,
                grade: None,
                chain: vec![from],
                commitment: None,
                salt: Nonce(*Digest::of(object.as_bytes()).as_bytes()),
            })
        };
        let lines = objects.iter().zip(0..).map(line).collect::<Result<Vec<_>>>()?;
        let record = ReleaseRecord {
            v: 1,
            release: ReleaseId::new(uuid::Uuid::from_u128(7)),
            folio: Folio::new("us".parse()?, 2026, 1),
            agreement: self.agreement,
            clause: CLAUSE.to_owned(),
            purpose: "precursor-control".to_owned(),
            grounds: comity_testkit::grounds(),
            from,
            to: self.mx().root(),
            root: Digest::of(b""),
            objects: 0,
            redacted: 0,
            parts: Vec::new(),
            composed_at: self.mx().now(),
        };
        let objects = objects.iter().map(|it| it.clone().into_bytes()).collect();
        let mut draft = Draft { objects, lines, record, parts: Vec::new() };
        draft.bind()?;
        Ok(draft)
    }

    /// The next statement, with this release and as many approvals by officers of the partner.
    pub(crate) fn release(&mut self, draft: &Draft, approvals: usize) -> Result<Forge> {
        let digest = Digest::of(draft.text()?.as_bytes());
        let us = &self.pair.us;
        let at = self.mx().now();
        let officers = us.officers.iter().take(approvals);
        let given = officers
            .map(|officer| approval(&us.registrar, officer, digest, at))
            .collect::<Result<Vec<_>>>()?;
        self.release_with(draft, given)
    }

    /// The next statement, with this release and these approvals.
    pub(crate) fn release_with(
        &mut self,
        draft: &Draft,
        approvals: Vec<SignedApproval>,
    ) -> Result<Forge> {
        let body = ReleaseBody { release: draft.text()?, approvals };
        let mut forge = self.forge("release");
        forge.agreement = draft.record.agreement;
        forge.entries.clone_from(&draft.record.parts);
        forge.parts.clone_from(&draft.parts);
        forge.body = serde_json::to_value(body)?;
        Ok(forge)
    }
}
