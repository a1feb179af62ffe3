//! The file of a report: the report as it was signed, with the two signatures and the descriptor of the party beside it
//! (docs/protocol.md section 9.5).

use comity_model::PartyRoot;
use comity_model::descriptor::KeyUse;
use comity_model::{Descriptor, told};
use comity_pouch::descriptor::{self, Verified};
use comity_pouch::dsse::{self, Envelope};
use comity_pouch::{HybridPublic, keys};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::report::{Report, VERSION};
use crate::error::{ExchangeError, Result};
use crate::evidence::{Revocation, of_statement_key};
use crate::node::Node;
use crate::partner;

/// How a file begins, after `{"format":"`.
pub const FORMAT: &str = "comity-audit/1";

/// Bytes of the longest file: a report, a descriptor and two signatures.
pub const FILE_LIMIT: usize = dsse::PAYLOAD_LIMIT + dsse::ENVELOPE_LIMIT;

/// The file. It is written in one form, so that no byte of it can be another.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    /// The exact bytes that are signed.
    report: Box<RawValue>,
    signatures: Vec<Signature>,
    /// The descriptor's envelope, as text.
    descriptor: String,
}

/// A signature over the DSSE encoding of the report.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: String,
}

/// The first thing in a file that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Flaw {
    /// The member of the file that is at fault: `file`, `report`, `signatures` or `descriptor`.
    pub member: &'static str,
    /// A stable word for it.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

impl Flaw {
    fn new(member: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { member, code, message: message.into() }
    }
}

/// A report whose signatures hold.
#[derive(Debug, Clone)]
pub struct Signed {
    /// What it says. That the counts are those of the record, its signer says.
    pub report: Report,
    /// The exact bytes of it.
    pub bytes: Vec<u8>,
    /// Who signed.
    pub signer: Descriptor,
    /// Whether the reader trusts the signer's root. Without it everything else says only that the file agrees with itself.
    pub pinned: bool,
    /// Whether the key that signed was taken back. A report has no place in the record that would show what came first.
    pub revocation: Revocation,
}

/// Signs the bytes of a report.
pub(super) fn sign(node: &Node, report: &[u8]) -> Result<Vec<u8>> {
    if report.len() > dsse::PAYLOAD_LIMIT {
        let message = told!(
            "the report is longer than {limit} bytes; take a shorter period, or one partner with --partner",
            limit = dsse::PAYLOAD_LIMIT
        );
        return Err(ExchangeError::refused("audit-too-large", message));
    }
    let own = partner::own(node)?;
    let signed = node.keys()?.sign_audit(report, &own.descriptor, node.now())?;
    let envelope = Envelope::parse(&signed).map_err(ExchangeError::damaged)?.in_order();
    let text = std::str::from_utf8(report).map_err(ExchangeError::damaged)?;
    let file = File {
        format: FORMAT.to_owned(),
        report: RawValue::from_string(text.to_owned()).map_err(ExchangeError::damaged)?,
        signatures: envelope
            .signatures()
            .iter()
            .map(|it| Signature { keyid: it.key_id().to_owned(), sig: to_base64(it.bytes()) })
            .collect(),
        descriptor: node.descriptor().to_string(),
    };
    bytes_of(&file).map_err(ExchangeError::damaged)
}

fn bytes_of(file: &File) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(file)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Checks a file: its form, the descriptor's root signature, both signatures of one of its statement keys over the exact bytes
/// of the report, and that the report is that party's. `roots` are those that the reader trusts; if there are some and the
/// file's is not among them, that is a flaw.
pub fn check(file: &[u8], roots: &[PartyRoot]) -> Result<Signed, Flaw> {
    check_beside(file, roots, &[])
}

/// As [`check`], with descriptors that are not in the file, such as a later one that revokes a key; those of others are passed
/// over.
pub fn check_beside(
    file: &[u8],
    roots: &[PartyRoot],
    descriptors: &[Verified],
) -> Result<Signed, Flaw> {
    if file.len() > FILE_LIMIT {
        return Err(Flaw::new("file", "audit-too-large", "it is longer than any such file"));
    }
    let malformed = |why: &dyn std::fmt::Display| {
        Flaw::new("file", "audit-malformed", format!("it is no report of this format: {why}"))
    };
    let read: File = serde_json::from_slice(file).map_err(|error| malformed(&error))?;
    if read.format != FORMAT {
        return Err(malformed(&"its `format` is another"));
    }
    if bytes_of(&read).ok().as_deref() != Some(file) {
        let message = "it is not written as the format demands; ask for it again";
        return Err(Flaw::new("file", "audit-rewritten", message));
    }
    let own = signer(&read.descriptor)?;
    let signer = &own.descriptor;
    if !roots.is_empty() && !roots.contains(&signer.root) {
        let message = format!("it is of the party `{}`, whose root is not pinned", signer.root);
        return Err(Flaw::new("descriptor", "root-not-pinned", message));
    }
    let key = verify(&read, signer)?;
    let revocation = of_statement_key(&own, descriptors, &key, None)
        .map_err(|flaw| Flaw::new("descriptor", flaw.code, flaw.message))?;
    let bytes = read.report.get().as_bytes().to_vec();
    let report: Report = serde_json::from_slice(&bytes)
        .map_err(|error| Flaw::new("report", "audit-malformed", error.to_string()))?;
    if report.v != VERSION {
        return Err(Flaw::new("report", "audit-malformed", format!("version {}", report.v)));
    }
    if report.by != signer.root {
        let message = format!("it is of the party `{}`, not of its signer", report.by);
        return Err(Flaw::new("report", "another-party", message));
    }
    let pinned = !roots.is_empty();
    Ok(Signed { report, bytes, signer: own.descriptor, pinned, revocation })
}

fn signer(text: &str) -> Result<Verified, Flaw> {
    let bad = |code, message: String| Flaw::new("descriptor", code, message);
    let envelope =
        Envelope::parse(text.as_bytes()).map_err(|error| bad(error.code(), error.to_string()))?;
    if envelope.to_json() != text.as_bytes() || !envelope.is_in_order() {
        return Err(bad("audit-rewritten", "it is not written in its one form".to_owned()));
    }
    descriptor::verify(&envelope).map_err(|error| bad(error.code(), error.to_string()))
}

/// Gives the key that signed.
fn verify(file: &File, signer: &Descriptor) -> Result<HybridPublic, Flaw> {
    let bad = |code, message: &str| Flaw::new("signatures", code, message);
    let mut signatures = Vec::with_capacity(file.signatures.len().min(dsse::SIGNATURES_LIMIT));
    for it in &file.signatures {
        let bytes = from_base64(&it.sig)
            .ok_or_else(|| bad("audit-malformed", "a signature is no canonical base64"))?;
        signatures.push((it.keyid.clone(), bytes));
    }
    let payload = file.report.get().as_bytes().to_vec();
    let envelope = Envelope::assemble(dsse::AUDIT, payload, signatures)
        .map_err(|error| bad(error.code(), &error.to_string()))?;
    if !envelope.is_in_order() {
        return Err(bad("audit-rewritten", "they do not stand by their key ids"));
    }
    let listed = signer.keys.iter().filter(|it| it.purpose == KeyUse::Statement);
    let mut last = None;
    for key in listed.filter_map(|it| keys::hybrid_of(it).ok()) {
        match envelope.verify(dsse::AUDIT, &key) {
            Ok(_) => return Ok(key),
            Err(error) => last = Some(error),
        }
    }
    Err(match last {
        Some(error) => bad(error.code(), &error.to_string()),
        None => bad("signature-unknown", "the descriptor has no statement key"),
    })
}

fn to_base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}
