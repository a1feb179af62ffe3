//! A release as composed: `release.json`, its manifest, and the commitment over its objects
//! (docs/protocol.md section 3).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::statement::{AgreementRef, Nonce, PartEntry, PayloadError};
use crate::{Digest, Folio, Grade, Grounds, Handling, PartyRoot, ReleaseId, json};

/// The name of the part that lists the objects.
pub const MANIFEST: &str = "manifest.jsonl";
/// The name of the part that holds the objects' exact bytes, each followed by a line feed.
pub const OBJECTS: &str = "objects.jsonl";

/// What an approval speaks of. Written once at compose and never changed; approvals sign the SHA-256 of its
/// exact bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRecord {
    /// 1.
    pub v: u32,
    /// The release.
    pub release: ReleaseId,
    /// Its number at the releasing party.
    pub folio: Folio,
    /// Under which version of which agreement.
    pub agreement: AgreementRef,
    /// The clause.
    pub clause: String,
    /// The purpose, one of the clause's.
    pub purpose: String,
    /// On what it rests and why it is given; a missing member is one without either list.
    #[serde(default)]
    pub grounds: Grounds,
    /// Who gives.
    pub from: PartyRoot,
    /// Who gets.
    pub to: PartyRoot,
    /// RFC 6962 root over the objects' commitments; it covers `objects.jsonl` byte for byte.
    pub root: Digest,
    /// Objects.
    pub objects: u64,
    /// Objects among them that are redacted derivatives.
    pub redacted: u64,
    /// The parts, in the order in which they travel.
    pub parts: Vec<PartEntry>,
    /// When it was composed.
    pub composed_at: Timestamp,
}

impl ReleaseRecord {
    /// Reads the text of `release.json`. Unknown and duplicate members are refused, and a list in the place of an object.
    pub fn parse(text: &str) -> Result<Self, PayloadError> {
        json::read(text).map_err(|why| PayloadError::Malformed(format!("in `release`: {why}")))
    }
}

/// One object of a release. `salt` is the last member: the line without it is what the commitment covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestLine {
    /// Counts from 0.
    pub index: u64,
    /// The object's STIX id.
    pub id: String,
    /// Its version: `modified`, or for an object without versions nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// Bytes of the object in `objects.jsonl`, the line feed after it not counted.
    pub size: u64,
    /// What binds the receiver.
    pub handling: Handling,
    /// Whose information it is.
    pub origin: PartyRoot,
    /// The grade given by the origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// The parties through whose hands it came, the origin first, the releasing party last.
    pub chain: Vec<PartyRoot>,
    /// For a derivative: SHA-256 over 32 random bytes that the owner keeps and the original's bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<Digest>,
    /// 32 random bytes.
    pub salt: Nonce,
}

/// A manifest line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the manifest: {reason}")]
pub struct ManifestError {
    /// Counts from 1.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
}

impl ManifestLine {
    /// The exact line, without a line feed.
    pub fn to_line(&self) -> Result<Vec<u8>, ManifestError> {
        serde_json::to_vec(self)
            .map_err(|error| ManifestError { line: self.index + 1, reason: error.to_string() })
    }

    /// Reads line number `line` (from 1), which must be the line of index `line - 1` and end with its salt.
    pub fn parse(bytes: &[u8], line: u64) -> Result<Self, ManifestError> {
        let bad = |reason: String| ManifestError { line, reason };
        let parsed = Self::read(bytes).map_err(bad)?;
        if parsed.index.checked_add(1) != Some(line) {
            return Err(bad(format!("its index is {}", parsed.index)));
        }
        Ok(parsed)
    }

    /// As [`ManifestLine::parse`], of a line whose number is only what it says itself.
    pub fn parse_alone(bytes: &[u8]) -> Result<Self, ManifestError> {
        Self::read(bytes).map_err(|reason| ManifestError { line: 1, reason })
    }

    fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        let parsed: Self = json::read(text)?;
        if without_salt(bytes).is_none() {
            return Err("`salt` is not its last member".to_owned());
        }
        Ok(parsed)
    }

    /// The commitment to one object: SHA-256 over salt, object and the digest of the line without its salt. It is
    /// the data of the object's leaf under the release's root.
    pub fn commitment_to(&self, line: &[u8], object: &[u8]) -> Result<Digest, ManifestError> {
        let head = without_salt(line).ok_or_else(|| ManifestError {
            line: self.index + 1,
            reason: "`salt` is not its last member".to_owned(),
        })?;
        let mut line_digest = crate::Digester::new();
        line_digest.update(head);
        line_digest.update(b"}");
        let mut digester = crate::Digester::new();
        digester.update(&self.salt.0);
        digester.update(object);
        digester.update(line_digest.finish().as_bytes());
        Ok(digester.finish())
    }
}

/// The line up to the comma before its last member, which must be exactly the salt.
fn without_salt(line: &[u8]) -> Option<&[u8]> {
    const BEFORE: &[u8] = b",\"salt\":\"";
    const SALT: usize = 44;
    let at = line.len().checked_sub(BEFORE.len() + SALT + 2)?;
    let (head, tail) = line.split_at_checked(at)?;
    let salt = tail.strip_prefix(BEFORE)?.strip_suffix(b"\"}")?;
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    (salt.len() == SALT && salt.iter().all(plain)).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Onward, Tlp, UseCode};

    fn line() -> ManifestLine {
        let root = PartyRoot::new(Digest::of(b"root"));
        ManifestLine {
            index: 4,
            id: "indicator--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".to_owned(),
            modified: Some("2026-03-01T10:00:00.000Z".to_owned()),
            size: 17,
            handling: Handling {
                tlp: Tlp::Amber,
                pap: None,
                use_codes: vec![UseCode::IntelligenceOnly],
                onward: Onward::Never,
                retention_days: 30,
                until: None,
            },
            origin: root,
            grade: "B2".parse().ok(),
            chain: vec![root],
            commitment: None,
            salt: Nonce([9; 32]),
        }
    }

    #[test]
    fn the_commitment_covers_object_line_and_salt() {
        let bytes = line().to_line().unwrap();
        assert_eq!(ManifestLine::parse(&bytes, 5).unwrap(), line());
        let commitment = line().commitment_to(&bytes, b"object").unwrap();
        assert_ne!(commitment, line().commitment_to(&bytes, b"objecT").unwrap());
        let salted = ManifestLine { salt: Nonce([8; 32]), ..line() };
        let other = salted.to_line().unwrap();
        assert_ne!(commitment, salted.commitment_to(&other, b"object").unwrap());
        let loosened = ManifestLine {
            handling: Handling { onward: Onward::Units, ..line().handling },
            ..line()
        };
        let other = loosened.to_line().unwrap();
        assert_ne!(commitment, loosened.commitment_to(&other, b"object").unwrap());
    }

    #[test]
    fn a_line_is_read_however_it_is_spaced_and_never_with_a_list_in_the_place_of_an_object() {
        let text = String::from_utf8(line().to_line().unwrap()).unwrap();
        let spaced = text.replace("\"handling\":{", "\"handling\": { ");
        assert_ne!(spaced, text);
        assert_eq!(ManifestLine::parse(spaced.as_bytes(), 5).unwrap(), line());
        let handling = serde_json::to_string(&line().handling).unwrap();
        let listed = r#"["amber",null,["intelligence-only"],"never",30,null]"#;
        assert!(serde_json::from_str::<Handling>(listed).is_ok(), "the reader itself takes it");
        let listed = text.replace(&handling, listed);
        assert_ne!(listed, text);
        assert!(ManifestLine::parse(listed.as_bytes(), 5).is_err());
    }

    #[test]
    fn a_line_out_of_order_or_with_anything_after_its_salt_is_refused() {
        let bytes = line().to_line().unwrap();
        assert!(ManifestLine::parse(&bytes, 4).is_err());
        let text = String::from_utf8(bytes).unwrap();
        assert!(ManifestLine::parse(text.replace("\"}", "\",\"x\":1}").as_bytes(), 5).is_err());
        assert!(ManifestLine::parse(text.replace("\"}", "\" }").as_bytes(), 5).is_err());
    }
}
