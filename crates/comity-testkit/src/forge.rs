//! A hostile partner: statements and pouches that no honest node makes, signed with real keys.

use aws_lc_rs::hmac;
use comity_exchange::ports::TEXT;
use comity_log::checkpoint::Checkpoint;
use comity_log::cosign::NoteSigner;
use comity_log::note::SignedNote;
use comity_log::proof::TlogProof;
use comity_log::{Frontier, inclusion_proof, statement_leaf};
use comity_model::statement::{AgreementRef, Binding, PartEntry};
use comity_model::{ChannelId, Descriptor, Digest, PartyRoot};
use comity_pouch::dsse;
use comity_pouch::keys::ServeKeys;
use comity_pouch::{Limits, PouchWriter, SealRecipient};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::Result;

/// A statement to be forged. Every member can be set to what it should not be.
#[derive(Debug, Clone)]
pub struct Forge {
    /// The kind's word.
    pub kind: String,
    /// Who it claims to be from.
    pub from: PartyRoot,
    /// Who it is to.
    pub to: PartyRoot,
    /// The agreement it cites.
    pub agreement: AgreementRef,
    /// Its place.
    pub sequence: u64,
    /// The digests of the statements before it, from sequence 0; `previous` is the last one unless set.
    pub before: Vec<Digest>,
    /// What it says of the statement before, if not the truth.
    pub previous: Option<Digest>,
    /// When it says that it was issued.
    pub issued_at: Timestamp,
    /// What makes its id and nonce.
    pub seed: String,
    /// Its parts as it announces them.
    pub entries: Vec<PartEntry>,
    /// Its parts as they are.
    pub parts: Vec<(String, Vec<u8>)>,
    /// Its body.
    pub body: Value,
    /// More members of the payload.
    pub more: BTreeMap<String, Value>,
}

/// What was forged.
#[derive(Debug, Clone)]
pub struct Forged {
    /// The statement's digest.
    pub digest: Digest,
    /// The signed envelope.
    pub envelope: Vec<u8>,
    /// The log proof.
    pub proof: Vec<u8>,
    /// The sealed pouch.
    pub pouch: Vec<u8>,
    /// The pouch's digest.
    pub pouch_digest: Digest,
}

impl Forge {
    /// An honest first statement of a kind; make it dishonest by setting its members.
    pub fn new(
        kind: &str,
        from: PartyRoot,
        to: PartyRoot,
        agreement: AgreementRef,
        issued_at: Timestamp,
        seed: &str,
    ) -> Self {
        Self {
            kind: kind.to_owned(),
            from,
            to,
            agreement,
            sequence: 0,
            before: Vec::new(),
            previous: None,
            issued_at,
            seed: seed.to_owned(),
            entries: Vec::new(),
            parts: Vec::new(),
            body: json!({}),
            more: BTreeMap::new(),
        }
    }

    /// Gives it a text under a salt, as statements of matters carry theirs (docs/protocol.md section 3.3).
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        let salt = Digest::of(self.seed.as_bytes());
        let key = hmac::Key::new(hmac::HMAC_SHA256, salt.as_bytes());
        let tag = hmac::sign(&key, Digest::of(text.as_bytes()).as_bytes());
        let bound_by = tag.as_ref().try_into().map(Digest::from_bytes).map(Binding::Commitment);
        let part = [salt.as_bytes(), text.as_bytes()].concat();
        let size = part.len() as u64;
        let entry = bound_by.map(|bound_by| PartEntry { name: TEXT.to_owned(), size, bound_by });
        self.entries.extend(entry.ok());
        self.parts.push((TEXT.to_owned(), part));
        self
    }

    /// The exact payload.
    pub fn payload(&self) -> Result<Vec<u8>> {
        use base64::Engine as _;
        let seed = Digest::of(self.seed.as_bytes());
        let mut uuid = [0; 16];
        for (to, from) in uuid.iter_mut().zip(seed.as_bytes()) {
            *to = *from;
        }
        let uuid = uuid::Builder::from_random_bytes(uuid).into_uuid();
        let nonce = base64::engine::general_purpose::STANDARD.encode(seed.as_bytes());
        let previous = self.previous.or_else(|| self.before.last().copied());
        let mut payload = json!({
            "v": 1, "kind": self.kind, "id": format!("statement--{uuid}"), "nonce": nonce,
            "from": self.from, "to": self.to, "agreement": self.agreement, "epoch": 1,
            "sequence": self.sequence, "previous": previous, "issued_at": self.issued_at,
            "parts": self.entries, "body": self.body,
        });
        if let Some(members) = payload.as_object_mut() {
            members.extend(self.more.clone());
        }
        Ok(serde_json::to_vec(&payload)?)
    }

    /// Signs with `keys`, proves it in a log of the claimed statements before it, and seals it for `to`.
    pub fn forge(&self, keys: &ServeKeys, to: &Descriptor) -> Result<Forged> {
        let payload = self.payload()?;
        let digest = Digest::of(&payload);
        let envelope = dsse::sign(dsse::STATEMENT, payload, &keys.statement)?.to_json();
        let proof = self.proof(keys, digest)?;
        self.seal(digest, envelope, proof, to)
    }

    /// Seals any envelope with this forgery's parts.
    pub fn seal(
        &self,
        digest: Digest,
        envelope: Vec<u8>,
        proof: Vec<u8>,
        to: &Descriptor,
    ) -> Result<Forged> {
        let mut pouch = Vec::new();
        let recipient = recipient(to)?;
        let mut writer =
            PouchWriter::new(&mut pouch, &recipient, &envelope, &proof, &Limits::default())?;
        for (name, bytes) in &self.parts {
            writer.part(name, u64::try_from(bytes.len())?, &mut bytes.as_slice())?;
        }
        writer.finish()?;
        let pouch_digest = Digest::of(&pouch);
        Ok(Forged { digest, envelope, proof, pouch, pouch_digest })
    }

    /// The log proof of a statement with this digest at this place.
    pub fn proof(&self, keys: &ServeKeys, digest: Digest) -> Result<Vec<u8>> {
        let mut nodes = BTreeMap::new();
        let mut frontier = Frontier::new();
        let filler = |at: usize| Digest::of(format!("filler {at}").as_bytes());
        for at in 0..usize::try_from(self.sequence)? {
            let leaf = self.before.get(at).copied().unwrap_or_else(|| filler(at));
            frontier.append(statement_leaf(leaf.as_bytes()), |level, index, hash| {
                nodes.insert((level, index), hash);
            })?;
        }
        frontier.append(statement_leaf(digest.as_bytes()), |level, index, hash| {
            nodes.insert((level, index), hash);
        })?;
        let channel =
            ChannelId { agreement: self.agreement.id, epoch: 1, from: self.from, to: self.to };
        let checkpoint = Checkpoint::new(&channel.origin(), frontier.size(), frontier.root())?;
        let seconds = u64::try_from(self.issued_at.as_second())?;
        let lines = [
            NoteSigner::ed25519(&channel.origin(), keys.log.ed25519_seed())?
                .sign(&checkpoint, seconds)?,
            NoteSigner::ml_dsa_44(&channel.origin(), keys.log.ml_dsa_44_seed())?
                .sign(&checkpoint, seconds)?,
        ];
        let note = SignedNote::new(checkpoint.to_string(), lines.to_vec())?;
        let hashes = inclusion_proof(self.sequence, frontier.size(), &nodes)?;
        Ok(TlogProof::new(self.sequence, hashes, note)?.to_string().into_bytes())
    }
}

/// To whom pouches for a party are sealed.
pub(crate) fn recipient(to: &Descriptor) -> Result<SealRecipient> {
    use base64::Engine as _;
    use comity_model::descriptor::KeyUse;
    let entry = to.keys.iter().find(|key| key.purpose == KeyUse::Seal).ok_or("no sealing key")?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(&entry.public)?;
    Ok(SealRecipient::from_bytes(&bytes)?)
}
