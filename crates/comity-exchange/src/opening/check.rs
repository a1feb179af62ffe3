//! Checking an opened commitment: needs nothing but the file, and the roots that the reader trusts.

use comity_log::{leaf_hash, verify_inclusion};
use comity_model::descriptor::KeyUse;
use comity_model::opening::{Difference, Member, Opening, differences};
use comity_model::statement::{Kind, Payload, ReleaseBody};
use comity_model::{AgreementId, Digest, Folio, Handle, ManifestLine, PartyRoot, ReleaseRecord};
use comity_pouch::dsse::{self, Envelope};
use comity_pouch::{HybridPublic, descriptor, keys};
use comity_stix::Limits;
use jiff::Timestamp;

use crate::evidence::{Revocation, of_statement_key};

/// What an opening proves, if the root is the releasing party's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The party that signed: the digest over its root keys.
    pub from: PartyRoot,
    /// What it calls itself.
    pub handle: Handle,
    /// Its full name, as it gives it.
    pub name: String,
    /// Whether `from` is one of the roots that the reader trusts. Without it everything else says only that the file agrees
    /// with itself.
    pub pinned: bool,
    /// Whether the party says of itself that it is a training node.
    pub test: bool,
    /// Whether the key of the statement was taken back. An opening has no place in the record that would show what came first.
    pub revocation: Revocation,
    /// To whom it was released.
    pub to: PartyRoot,
    /// The release's number at the releasing party.
    pub folio: Folio,
    /// The agreement, and its version.
    pub agreement: (AgreementId, u32),
    /// The clause.
    pub clause: String,
    /// When the statement was sealed, by the clock of the releasing party.
    pub issued_at: Timestamp,
    /// The statement's digest.
    pub statement: Digest,
    /// The derivative's id.
    pub derivative: String,
    /// The original's id, and its `modified` where it has one.
    pub original: (String, Option<String>),
    /// In what the two differ.
    pub differences: Vec<Difference>,
}

/// The first thing in a file that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}`: {message}", .member.as_str())]
pub struct Flaw {
    /// The part of the file that is at fault.
    pub member: Member,
    /// A stable word for it.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

impl Flaw {
    fn new(member: Member, code: &'static str, message: impl Into<String>) -> Self {
        Self { member, code, message: message.into() }
    }
}

/// Checks a file: the form, the descriptor's root signature, both signatures of the statement, that the statement is a
/// release with this root, the path to it, the line, and the commitment. `roots` are those that the reader trusts; if
/// there are some and the file's is not among them, that is a flaw.
pub fn check(file: &[u8], roots: &[PartyRoot]) -> Result<Proof, Flaw> {
    check_beside(file, roots, &[])
}

/// As [`check`], with descriptors that are not in the file, such as a later one that revokes a key; those of others are passed
/// over.
pub fn check_beside(
    file: &[u8],
    roots: &[PartyRoot],
    descriptors: &[descriptor::Verified],
) -> Result<Proof, Flaw> {
    let opening = Opening::parse(file)
        .map_err(|error| Flaw::new(error.member(), error.code(), error.to_string()))?;
    let verified = signer(&opening)?;
    let party = &verified.descriptor;
    if !roots.is_empty() && !roots.contains(&party.root) {
        let message = format!("it is of the party `{}`, whose root is not pinned", party.root);
        return Err(Flaw::new(Member::Descriptor, "root-not-pinned", message));
    }
    let (payload, statement, record, key) = released(&opening, party)?;
    let at = Some(payload.issued_at);
    let revocation = of_statement_key(&verified, descriptors, &key, at)
        .map_err(|flaw| Flaw::new(Member::Descriptor, flaw.code, flaw.message))?;
    let line = sent(&opening, &record)?;
    let original = comity_stix::head(opening.original.as_bytes(), &Limits::default())
        .map_err(|error| Flaw::new(Member::Original, "not-stix", error.to_string()))?;
    let commitment = line.commitment.ok_or_else(|| {
        Flaw::new(
            Member::Line,
            "not-a-derivative",
            "it has no commitment: the object went as it is",
        )
    })?;
    if !opening.opens(&commitment) {
        let message = "the opening and the original do not give the commitment of the line";
        return Err(Flaw::new(Member::Opening, "commitment-differs", message));
    }
    let differences = differences(opening.original.as_bytes(), opening.derivative.as_bytes())
        .ok_or_else(|| Flaw::new(Member::Original, "not-stix", "it is no object"))?;
    Ok(Proof {
        from: party.root,
        handle: party.handle.clone(),
        name: party.name.clone(),
        pinned: !roots.is_empty(),
        test: party.test,
        revocation,
        to: payload.to,
        folio: record.folio,
        agreement: (record.agreement.id, record.agreement.version),
        clause: record.clause,
        issued_at: payload.issued_at,
        statement,
        derivative: line.id,
        original: (original.id.to_string(), original.modified.map(|it| it.written().to_owned())),
        differences,
    })
}

/// An envelope in its one form.
fn signed(text: &str, member: Member) -> Result<Envelope, Flaw> {
    let envelope = Envelope::parse(text.as_bytes())
        .map_err(|error| Flaw::new(member, error.code(), error.to_string()))?;
    if envelope.to_json() != text.as_bytes() || !envelope.is_in_order() {
        return Err(Flaw::new(member, "opening-rewritten", "it is not written in its one form"));
    }
    Ok(envelope)
}

/// Who signed: the descriptor, signed by the root that it carries.
fn signer(opening: &Opening) -> Result<descriptor::Verified, Flaw> {
    let envelope = signed(&opening.descriptor, Member::Descriptor)?;
    descriptor::verify(&envelope)
        .map_err(|error| Flaw::new(Member::Descriptor, error.code(), error.to_string()))
}

/// What was signed: a release of that party, by both halves of a statement key that was valid then, which is given too.
fn released(
    opening: &Opening,
    party: &comity_model::Descriptor,
) -> Result<(Payload, Digest, ReleaseRecord, HybridPublic), Flaw> {
    let bad = |code, message: String| Flaw::new(Member::Statement, code, message);
    let envelope = signed(&opening.statement, Member::Statement)?;
    let payload = Payload::parse(envelope.unverified_payload())
        .map_err(|error| bad(error.code(), error.to_string()))?;
    if payload.from != party.root {
        let message = format!("it is of the party `{}`, not of the descriptor's", payload.from);
        return Err(bad("another-party", message));
    }
    let mut last = None;
    let known = party.keys_for(KeyUse::Statement, payload.issued_at);
    let signer = known.filter_map(|entry| keys::hybrid_of(entry).ok()).find(|key| {
        last = envelope.verify(dsse::STATEMENT, key).err();
        last.is_none()
    });
    let signer = signer.ok_or_else(|| match last {
        Some(error) => bad(error.code(), error.to_string()),
        None => bad(
            "key-expired",
            "the descriptor has no statement key that was valid when it was sealed".to_owned(),
        ),
    })?;
    if payload.known_kind() != Some(Kind::Release) {
        return Err(bad("not-a-release", format!("it is of the kind `{}`", payload.kind)));
    }
    let body: ReleaseBody = payload.body().map_err(|error| bad(error.code(), error.to_string()))?;
    let record = ReleaseRecord::parse(&body.release)
        .map_err(|error| bad("bad-body", format!("its `release` cannot be read: {error}")))?;
    let same = record.v == 1
        && record.from == payload.from
        && record.to == payload.to
        && record.agreement == payload.agreement
        && record.parts == payload.parts;
    if !same {
        return Err(bad("bad-body", "its `release` does not fit the statement".to_owned()));
    }
    let digest = Digest::of(envelope.unverified_payload());
    Ok((payload, digest, record, signer))
}

/// What was sent: the object under its line and its path to the release's root.
fn sent(opening: &Opening, record: &ReleaseRecord) -> Result<ManifestLine, Flaw> {
    let bad = |message: String| Flaw::new(Member::Line, "bad-line", message);
    let bytes = opening.line.as_bytes();
    let line = ManifestLine::parse_alone(bytes).map_err(|error| bad(error.reason))?;
    let object = opening.derivative.as_bytes();
    let head = comity_stix::head(object, &Limits::default())
        .map_err(|error| Flaw::new(Member::Derivative, "not-stix", error.to_string()))?;
    if head.id != line.id.as_str() || line.size != object.len() as u64 {
        return Err(bad("it is of another object: id or size differ".to_owned()));
    }
    let leaf = line.commitment_to(bytes, object).map_err(|error| bad(error.to_string()))?;
    let path: Vec<[u8; 32]> = opening.path.iter().map(|hash| *hash.as_bytes()).collect();
    let (leaf, root) = (leaf_hash(leaf.as_bytes()), record.root.as_bytes());
    verify_inclusion(&leaf, line.index, record.objects, &path, root).map_err(|error| {
        let message = format!(
            "the derivative under its line is not in the release that was signed ({error})"
        );
        Flaw::new(Member::Derivative, "not-in-release", message)
    })?;
    Ok(line)
}
