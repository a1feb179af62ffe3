//! Partners: importing and confirming them, and their keys as a step of a release needs them.

use comity_model::told;
use comity_model::told::Told;
use std::sync::Arc;

use comity_log::cosign::Verified;
use comity_log::note::{KeyType, VerifierKey};
use comity_log::{journal_origin, witness_name};
use comity_model::descriptor::{KeyAlg, KeyEntry, KeyUse};
use comity_model::statement::Kind;
use comity_model::{ChannelId, Descriptor, Digest, Handle, PartyRoot};
use comity_pouch::descriptor::key_id;
use comity_pouch::dsse::Envelope;
use comity_pouch::keys::hybrid_of;
use comity_pouch::{HybridPublic, SealRecipient, descriptor, words};
use jiff::Timestamp;
use serde_json::json;

use crate::account;
use crate::error::{ExchangeError, Result, journalled};
use crate::node::Node;
use crate::ports::{DescriptorRow, PartyRecord};

/// A party whose descriptor was verified: this node's partner, or this node itself.
#[derive(Debug, Clone)]
pub struct Partner {
    /// What the descriptor says.
    pub descriptor: Descriptor,
}

impl Partner {
    /// Reads and verifies a descriptor from its signed envelope. That it speaks for the party it names,
    /// people decide.
    pub fn read(envelope: &[u8], place: &str) -> Result<(Self, Digest)> {
        let verified = Self::verified(envelope, place)?;
        Ok((Self { descriptor: verified.descriptor }, verified.digest))
    }

    /// As [`Partner::read`], with the root key that signed.
    pub fn verified(envelope: &[u8], place: &str) -> Result<descriptor::Verified> {
        let envelope = Envelope::parse(envelope)
            .map_err(|error| ExchangeError::unreadable(place, error.code(), &error))?;
        descriptor::verify(&envelope)
            .map_err(|error| ExchangeError::unreadable(place, error.code(), &error))
    }

    /// The party.
    pub const fn root(&self) -> PartyRoot {
        self.descriptor.root
    }

    /// The root key: verifies agreements.
    pub fn root_key(&self) -> Result<HybridPublic> {
        self.hybrid(KeyUse::Root, None)
    }

    /// The registrar's key at `at`: verifies officers' certificates.
    pub fn registrar_key(&self, at: Timestamp) -> Result<HybridPublic> {
        self.hybrid(KeyUse::Registrar, Some(at))
    }

    /// Whether the descriptor was made after another one, of a lower serial (docs/protocol.md section 1.4).
    pub fn is_after(&self, before: &Self) -> bool {
        before.descriptor.issued_at < self.descriptor.issued_at
    }

    /// The statement key with which the party signs at `at`: of several that are valid, the newest.
    pub fn statement_key(&self, at: Timestamp) -> Result<HybridPublic> {
        self.hybrid(KeyUse::Statement, Some(at))
    }

    /// The statement keys that are valid at `at`, the newest first.
    pub fn statement_keys(&self, at: Timestamp) -> Vec<HybridPublic> {
        let keys = self.descriptor.newest_for(KeyUse::Statement, at).into_iter();
        keys.filter_map(|key| hybrid_of(key).ok()).collect()
    }

    /// To whom pouches for the party are sealed at `at`: the newest of its sealing keys that are valid.
    pub fn recipient(&self, at: Timestamp) -> Result<SealRecipient> {
        let entry = self
            .descriptor
            .newest_for(KeyUse::Seal, at)
            .into_iter()
            .find(|entry| entry.alg == KeyAlg::MlKem768X25519)
            .ok_or_else(|| self.no_key("sealing"))?;
        let bytes = from_base64(&entry.public).ok_or_else(|| self.no_key("sealing"))?;
        SealRecipient::from_bytes(&bytes).map_err(|_| self.no_key("sealing"))
    }

    /// The keys that may sign checkpoints of the party's log of `channel` over a statement that was issued at `issued_at`,
    /// seen at `seen_at`: those that are valid at some moment between the two. A checkpoint is signed after what it covers.
    pub fn log_keys(
        &self,
        channel: &ChannelId,
        issued_at: Timestamp,
        seen_at: Timestamp,
    ) -> Vec<VerifierKey> {
        let valid =
            |key: &KeyEntry| key.not_before <= seen_at.max(issued_at) && issued_at < key.not_after;
        self.note_keys(KeyUse::Log, &channel.origin(), KeyType::Ed25519, valid)
    }

    /// The keys that signed checkpoints of the party's log of `channel`, now or earlier.
    pub fn log_keys_ever(&self, channel: &ChannelId) -> Vec<VerifierKey> {
        self.note_keys(KeyUse::Log, &channel.origin(), KeyType::Ed25519, |_| true)
    }

    /// The keys with which the party signed the log of this origin, now or earlier, where it is a channel in which it speaks;
    /// with which it cosigned it, where it is spoken to; none where it is another party's log.
    pub fn keys_in(&self, origin: &str) -> Vec<VerifierKey> {
        self.keys_in_that(origin, |_| true)
    }

    /// Of [`Self::keys_in`] those that the party took back: `later`, a descriptor of it that it made while their time was not
    /// over, leaves them out. A signature does not say when it was made but by the word of who has the key.
    pub fn taken_back_in(&self, origin: &str, later: &Self) -> Vec<VerifierKey> {
        let (before, after) = (&self.descriptor, &later.descriptor);
        if before.root != after.root || after.serial <= before.serial {
            return Vec::new();
        }
        let is_listed = |key: &KeyEntry| {
            let same = |it: &KeyEntry| {
                (it.purpose, it.alg, &it.public) == (key.purpose, key.alg, &key.public)
            };
            after.keys.iter().any(same)
        };
        self.keys_in_that(origin, |key| after.issued_at < key.not_after && !is_listed(key))
    }

    fn keys_in_that(&self, origin: &str, valid: impl Fn(&KeyEntry) -> bool) -> Vec<VerifierKey> {
        let pieces: Vec<&str> = origin.split('/').collect();
        let ["comity", _, _, from, to] = pieces.as_slice() else { return Vec::new() };
        let short = self.descriptor.root.short();
        if short == **from {
            self.note_keys(KeyUse::Log, origin, KeyType::Ed25519, valid)
        } else if short == **to {
            let name = witness_name(self.descriptor.root.digest().as_bytes());
            self.note_keys(KeyUse::Witness, &name, KeyType::CosignatureEd25519, valid)
        } else {
            Vec::new()
        }
    }

    /// The keys that signed checkpoints of the party's own journal, which no partner sees, now or earlier.
    pub fn journal_keys_ever(&self) -> Vec<VerifierKey> {
        let origin = journal_origin(self.descriptor.root.digest().as_bytes());
        self.note_keys(KeyUse::Log, &origin, KeyType::Ed25519, |_| true)
    }

    /// The keys with which the party cosigned, now or earlier.
    pub fn witness_keys_ever(&self) -> Vec<VerifierKey> {
        let name = witness_name(self.descriptor.root.digest().as_bytes());
        self.note_keys(KeyUse::Witness, &name, KeyType::CosignatureEd25519, |_| true)
    }

    /// The keys with which the party cosigns at `at`.
    pub fn witness_keys(&self, at: Timestamp) -> Vec<VerifierKey> {
        let name = witness_name(self.descriptor.root.digest().as_bytes());
        let valid = |key: &KeyEntry| key.is_valid(at);
        self.note_keys(KeyUse::Witness, &name, KeyType::CosignatureEd25519, valid)
    }

    /// Refuses a kind that the party does not take.
    pub fn must_understand(&self, kind: Kind) -> Result<()> {
        if self.descriptor.understands(kind) {
            return Ok(());
        }
        let handle = &self.descriptor.handle;
        let message = told!(
            "`{handle}` does not take statements of the kind `{kind}`; its descriptor lists those it takes",
            handle,
            kind
        );
        Err(ExchangeError::refused("kind-not-taken", message))
    }

    fn hybrid(&self, purpose: KeyUse, at: Option<Timestamp>) -> Result<HybridPublic> {
        let found = match at {
            Some(at) => self.descriptor.newest_for(purpose, at).into_iter().next(),
            None => self.descriptor.keys.iter().find(|key| key.purpose == purpose),
        };
        found.and_then(|key| hybrid_of(key).ok()).ok_or_else(|| self.no_key("signing"))
    }

    fn note_keys(
        &self,
        purpose: KeyUse,
        name: &str,
        ed25519: KeyType,
        valid: impl Fn(&KeyEntry) -> bool,
    ) -> Vec<VerifierKey> {
        let keys = self.descriptor.keys.iter().filter(|key| key.purpose == purpose && valid(key));
        keys.filter_map(|key| {
            let kind = match key.alg {
                KeyAlg::Ed25519 => ed25519,
                KeyAlg::MlDsa44 => KeyType::CosignatureMlDsa44,
                _ => return None,
            };
            VerifierKey::new(name, kind, &from_base64(&key.public)?).ok()
        })
        .collect()
    }

    fn no_key(&self, what: &str) -> ExchangeError {
        let handle = &self.descriptor.handle;
        let message = told!(
            "`{handle}` has no valid {what} key; import its newest descriptor with `comity party import`",
            handle,
            what
        );
        ExchangeError::refused("key-expired", message)
    }
}

/// Whether a note was signed by a key of each type that `keys` has: one of two algorithms alone is half a signature.
pub(crate) fn signed_by_each(keys: &[VerifierKey], found: &[Verified]) -> bool {
    let by = |key: &VerifierKey| found.iter().any(|it| it.key_type == key.key_type());
    !keys.is_empty() && keys.iter().all(by)
}

/// What a person compares before confirming a party.
#[derive(Debug, Clone)]
pub struct Fingerprint {
    /// The root.
    pub root: PartyRoot,
    /// Twelve groups of five digits.
    pub digits: Vec<String>,
    /// Twelve English words.
    pub english: Vec<String>,
    /// Twelve Spanish words.
    pub spanish: Vec<String>,
}

impl Fingerprint {
    /// The fingerprint of a root.
    pub fn of(root: PartyRoot) -> Self {
        let digest = root.digest();
        Self {
            root,
            digits: words::digits(digest).to_vec(),
            english: words::words(digest, words::Tongue::English).to_vec(),
            spanish: words::words(digest, words::Tongue::Spanish).to_vec(),
        }
    }
}

/// Takes a partner's descriptor in. It stays unconfirmed: nothing is accepted from it yet. `handle` overrides
/// the nickname that the descriptor proposes; `by` is who imports, for the journal. Refused with `account-has-handle` and
/// `account-has-link-key` where an open account would belong to it.
pub async fn import_party(
    node: &Node,
    envelope: &[u8],
    place: &str,
    handle: Option<Handle>,
    by: &str,
) -> Result<(Partner, Fingerprint)> {
    let (partner, _) = Partner::read(envelope, place)?;
    let descriptor = &partner.descriptor;
    if descriptor.root == node.root() {
        let message = "this is this node's own descriptor; import the partner's".to_owned();
        return Err(ExchangeError::refused("own-descriptor", message));
    }
    must_be_same_kind(node, descriptor)?;
    must_speak_the_same(node, descriptor)?;
    let handle = handle.unwrap_or_else(|| descriptor.handle.clone());
    if handle == node.record().handle {
        let message = told!(
            "`{handle}` is this node's own handle; give the partner another with `--handle`",
            handle
        );
        return Err(ExchangeError::refused("handle-taken", message));
    }
    must_follow(node, &partner).await?;
    let free = account::none_may_be_of(node, &handle, std::slice::from_ref(&partner)).await;
    let details = json!({ "handle": handle, "serial": descriptor.serial });
    journalled(node, free, by, "party-not-imported", descriptor.root, details).await?;
    let record = PartyRecord {
        root: descriptor.root,
        handle: handle.clone(),
        descriptor: String::from_utf8_lossy(envelope).into_owned(),
        serial: descriptor.serial,
        imported_at: node.now(),
        confirmed_at: None,
    };
    let details = json!({ "handle": handle, "serial": descriptor.serial });
    let journal = vec![node.journal_by(by, "party-imported", descriptor.root, details)];
    node.store().put_party(record, journal).await?;
    let fingerprint = Fingerprint::of(partner.root());
    Ok((partner, fingerprint))
}

/// The first key of a descriptor that the one before does not list, and an earlier one does: it was over, or taken back, and does
/// not come again. `known` are those that are here, by serial.
pub(crate) fn listed_again(next: &Descriptor, known: &[Partner]) -> Option<String> {
    let mut earlier =
        known.iter().map(|it| &it.descriptor).filter(|it| it.serial < next.serial).rev();
    let before = earlier.next()?;
    let has = |it: &Descriptor, key: &KeyEntry| {
        it.keys.iter().any(|one| one.purpose == key.purpose && one.public == key.public)
    };
    let earlier: Vec<&Descriptor> = earlier.collect();
    let is_again = |key: &&KeyEntry| !has(before, key) && earlier.iter().any(|it| has(it, key));
    next.keys.iter().find(is_again).map(key_id)
}

/// Descriptors that are kept here, read.
pub(crate) fn kept(rows: &[DescriptorRow]) -> Result<Vec<Partner>> {
    let read = |row: &DescriptorRow| Partner::read(row.envelope.as_bytes(), "a kept descriptor");
    rows.iter().map(|row| Ok(read(row)?.0)).collect()
}

/// A descriptor of a higher serial was made after those of lower ones that are known here, and lists no key again.
async fn must_follow(node: &Node, next: &Partner) -> Result<()> {
    let known = kept(&node.store().descriptors(next.root()).await?)?;
    if let Some(key) = listed_again(&next.descriptor, &known) {
        let message = told!(
            "the descriptor lists the key `{key}` again, which one before it had left out; ask the partner to make it with a new key",
            key
        );
        return Err(ExchangeError::refused("descriptor-key-again", message));
    }
    for known in known {
        if known.descriptor.serial < next.descriptor.serial && !next.is_after(&known) {
            let message = told!(
                "the descriptor {serial} says that it was made before the one with the serial {before}; ask the partner to make it again",
                serial = next.descriptor.serial,
                before = known.descriptor.serial
            );
            return Err(ExchangeError::refused("descriptor-time", message));
        }
    }
    Ok(())
}

/// Training and live nodes do not know each other (docs/protocol.md section 1).
fn must_be_same_kind(node: &Node, descriptor: &Descriptor) -> Result<()> {
    if descriptor.test == node.record().exercise {
        return Ok(());
    }
    let message = if descriptor.test {
        Told::from(
            "the descriptor is of a training node and this is a live one; they do not exchange",
        )
        .named("training-with-live")
    } else {
        Told::from(
            "the descriptor is of a live node and this is a training one; they do not exchange",
        )
        .named("live-with-training")
    };
    Err(ExchangeError::refused("exercise-mismatch", message))
}

/// Two parties need a version of the protocol that both speak (docs/protocol.md section 1).
fn must_speak_the_same(node: &Node, descriptor: &Descriptor) -> Result<()> {
    let (own, theirs) = (own(node)?.descriptor.protocol, descriptor.protocol);
    if own.common(theirs).is_some() {
        return Ok(());
    }
    let message = told!(
        "the party speaks versions {least} to {most} of the protocol and this node {own_least} to {own_most}; one of the two must be updated",
        least = theirs.min,
        most = theirs.max,
        own_least = own.min,
        own_most = own.max
    );
    Err(ExchangeError::refused("protocol-version", message))
}

/// Confirms a partner whose fingerprint a person compared. Refused with `account-has-handle` and `account-has-link-key` where
/// an open account would belong to it.
pub async fn confirm_party(node: &Node, who: &str, by: &str) -> Result<PartyRecord> {
    let record = find_party(node, who).await?;
    let known = account::descriptors_of(node, &record).await?;
    let free = account::none_may_be_of(node, &record.handle, &known).await;
    let details = json!({ "handle": record.handle });
    journalled(node, free, by, "party-not-confirmed", record.root, details).await?;
    let details = json!({ "handle": record.handle });
    let journal = vec![node.journal_by(by, "party-confirmed", record.root, details)];
    node.store().confirm_party(record.root, node.now(), journal).await?;
    Ok(record)
}

/// Writes into the journal that `by` was given another fingerprint than the one of this partner. Nothing else changes: a
/// partner that was confirmed before stays so.
pub async fn not_confirmed(node: &Node, record: &PartyRecord, by: &str) -> Result<()> {
    let details = json!({ "handle": record.handle });
    let journal = vec![node.journal_by(by, "party-not-confirmed", record.root, details)];
    Ok(node.store().journal(journal).await?)
}

/// The signed descriptor of a party that this node ever had, its own too, with this serial; without one the newest.
///
/// # Errors
/// `NotFound` where there is none with it.
pub async fn descriptor_of(node: &Node, root: PartyRoot, serial: Option<u64>) -> Result<String> {
    let mut known = node.store().descriptors(root).await?;
    known.retain(|it| serial.is_none_or(|serial| serial == it.serial));
    known.pop().map(|it| it.envelope).ok_or_else(|| ExchangeError::NotFound {
        what: "descriptor",
        name: serial.map_or_else(|| root.to_string(), |it| it.to_string()),
        advice: "`comity party list` shows the newest serial of each partner, `comity key list` that of this node; those before \
                 it count down to 1",
    })
}

/// The partner with a handle or a root.
pub async fn find_party(node: &Node, who: &str) -> Result<PartyRecord> {
    let parties = node.store().parties().await?;
    parties
        .into_iter()
        .find(|party| party.handle.as_str() == who || party.root.to_string() == who)
        .ok_or_else(|| ExchangeError::no_party(who))
}

/// A confirmed partner with its keys.
pub async fn confirmed(node: &Node, root: PartyRoot) -> Result<(PartyRecord, Arc<Partner>)> {
    let parties = node.store().parties().await?;
    let record = parties
        .into_iter()
        .find(|party| party.root == root)
        .ok_or_else(|| ExchangeError::no_root(root))?;
    if record.confirmed_at.is_none() {
        let handle = &record.handle;
        let message = told!(
            "`{handle}` is not confirmed; compare its fingerprint and run `comity party confirm {handle}`",
            handle
        );
        return Err(ExchangeError::refused("unconfirmed-party", message));
    }
    let partner = keys_of(node, &record)?;
    Ok((record, partner))
}

/// The keys of a partner, whether confirmed or not.
pub fn keys_of(node: &Node, record: &PartyRecord) -> Result<Arc<Partner>> {
    let descriptor = record.descriptor.as_str();
    node.partner_of(descriptor, || {
        Partner::read(descriptor.as_bytes(), "the stored descriptor")
            .map(|(partner, _)| partner)
            .map_err(ExchangeError::damaged)
    })
}

/// This node's own newest descriptor and public keys.
pub fn own(node: &Node) -> Result<Arc<Partner>> {
    let descriptor = node.descriptor();
    node.partner_of(&descriptor, || {
        Partner::read(descriptor.as_bytes(), "this node's descriptor")
            .map(|(partner, _)| partner)
            .map_err(ExchangeError::damaged)
    })
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}
