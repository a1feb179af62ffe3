//! Throwaway parties with a node each.

use std::sync::Arc;

use comity_exchange::ports::{NodeRecord, Store};
use comity_exchange::{Node, agreement, approve, compose, import, partner, seal};
use comity_model::descriptor::{KeyUse, PartyLimits, ProtocolRange};
use comity_model::statement::Kind;
use comity_model::{Descriptor, Entropy, Grounds, Handle};
use comity_pouch::keys::{OfficerKey, RegistrarKey, RootKey, ServeKeys, public_keys};
use comity_store::{Options, SqliteStore};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::{AgreementText, Result, SeededEntropy, TestClock};

mod folder;
mod rotate;

pub use folder::{sql, tables};

use folder::DATABASE;
pub use rotate::OldKeys;

/// When tests begin.
const BEGIN: &str = "2026-03-01T10:00:00Z";

/// A party with its keys and its node in a folder that goes when it is dropped.
pub struct Party {
    /// The node.
    pub node: Node,
    /// Its root key.
    pub root_key: RootKey,
    /// Its registrar's key.
    pub registrar: RegistrarKey,
    /// Its officers' keys: `officer-1` and `officer-2`.
    pub officers: Vec<OfficerKey>,
    /// Its clock.
    pub clock: TestClock,
    handle: String,
    folder: TempDir,
    starts: u64,
    rotations: Vec<KeyUse>,
}

impl std::fmt::Debug for Party {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Party").field("handle", &self.handle).finish_non_exhaustive()
    }
}

impl Party {
    /// A party called `handle`.
    pub async fn new(handle: &str, clock: &TestClock, exercise: bool) -> Result<Self> {
        Self::at("127.0.0.1:1", handle, clock, exercise).await
    }

    /// A party called `handle` whose descriptor names the address of its link.
    pub async fn at(
        address: &str,
        handle: &str,
        clock: &TestClock,
        exercise: bool,
    ) -> Result<Self> {
        let address = address.to_owned();
        Self::with(handle, clock, |descriptor| {
            descriptor.urls = vec![address];
            descriptor.test = exercise;
        })
        .await
    }

    /// A party called `handle` whose descriptor a test changes before it is signed.
    pub async fn with(
        handle: &str,
        clock: &TestClock,
        change: impl FnOnce(&mut Descriptor) + Send,
    ) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let seeds = SeededEntropy::new(format!("{handle} keys"));
        let (root_key, registrar) = (RootKey::generate(&seeds)?, RegistrarKey::generate(&seeds)?);
        let serve = Self::serve_keys_of(handle)?;
        let (not_before, not_after) = validity()?;
        let identity = format!(
            r#"{{"type":"identity","spec_version":"2.1","id":"identity--{}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"{handle}","identity_class":"organization"}}"#,
            comity_model::entropy::fresh_uuid(&seeds)
        );
        let mut descriptor = Descriptor {
            v: 1,
            handle: handle.parse()?,
            name: format!("Authority {handle}"),
            identity: serde_json::value::RawValue::from_string(identity)?,
            serial: 1,
            issued_at: not_before,
            root: root_key.party(),
            keys: public_keys(&root_key, &registrar, &serve, not_before, not_after),
            urls: vec!["127.0.0.1:1".to_owned()],
            protocol: ProtocolRange { min: 1, max: 1 },
            kinds: Kind::SPOKEN.iter().map(|kind| kind.as_str().to_owned()).collect(),
            limits: PartyLimits::default(),
            test: false,
        };
        change(&mut descriptor);
        let envelope = comity_pouch::descriptor::sign(&descriptor, &root_key)?;
        let entropy = SeededEntropy::new(format!("{handle} beginning"));
        let store = SqliteStore::create(
            &folder.path().join(DATABASE),
            Options::new(Arc::new(entropy) as Arc<dyn Entropy>, Arc::new(clock.clone())),
        )?;
        let record = NodeRecord {
            handle: handle.parse::<Handle>()?,
            name: descriptor.name.clone(),
            root: root_key.party(),
            exercise: descriptor.test,
            descriptor: String::from_utf8(envelope.to_json())?,
            serial: descriptor.serial,
            created_at: not_before,
        };
        store.create_node(record, Vec::new()).await?;
        drop(store);
        let node = folder::open(folder.path(), handle, clock, 0, serve).await?;
        let mut officers = Vec::new();
        for name in ["officer-1", "officer-2"] {
            let key = OfficerKey::generate(&seeds)?;
            approve::register_officer(
                &node,
                &registrar,
                &key,
                name,
                "release desk",
                not_after,
                "an analyst",
            )
            .await?;
            officers.push(key);
        }
        Ok(Self {
            node,
            root_key,
            registrar,
            officers,
            clock: clock.clone(),
            handle: handle.to_owned(),
            folder,
            starts: 0,
            rotations: Vec::new(),
        })
    }

    /// The keys that the party called `handle` serves with. The same each time, so that a test can do with them what no
    /// honest node does.
    pub fn serve_keys_of(handle: &str) -> Result<ServeKeys> {
        let (not_before, not_after) = validity()?;
        let seeds = SeededEntropy::new(format!("{handle} serve keys"));
        Ok(ServeKeys::generate(&seeds, not_before, not_after)?)
    }

    /// This party's keys as they are now, for a test to do with what no honest node does.
    pub fn serve_keys(&self) -> Result<ServeKeys> {
        rotate::serve_keys(&self.handle, &self.rotations)
    }

    /// What this party says of itself.
    pub fn descriptor(&self) -> Result<Descriptor> {
        Ok(partner::own(&self.node)?.descriptor.clone())
    }

    /// Takes another party's descriptor in and confirms it.
    pub async fn confirm(&self, other: &Self) -> Result<()> {
        let descriptor = other.node.descriptor();
        partner::import_party(&self.node, descriptor.as_bytes(), "descriptor", None, "an analyst")
            .await?;
        partner::confirm_party(&self.node, &other.handle, "an analyst").await?;
        Ok(())
    }

    /// Takes objects in, as JSON lines; every one of them must be taken.
    pub async fn hold(&self, lines: &str) -> Result<()> {
        let options = import::ImportOptions {
            source: "test".to_owned(),
            grade: None,
            lang: import::Lang::En,
            by: "an analyst".to_owned(),
        };
        let file = std::io::Cursor::new(lines.as_bytes().to_vec());
        let report = import::import(&self.node, file, options, |_| {}).await?;
        if report.rejected > 0 {
            return Err(format!("rejected: {:?}", report.rejections).into());
        }
        Ok(())
    }

    /// Composes, approves as often as `approvals` says, and seals.
    pub async fn release(
        &self,
        to: &Self,
        clause: &str,
        selection: compose::Selection,
        approvals: usize,
    ) -> Result<comity_exchange::ports::OutboundRow> {
        let composed = self.compose(to, clause, selection).await?;
        for officer in self.officers.iter().take(approvals) {
            let row = approve::find_release(&self.node, &composed.release.record.folio.to_string())
                .await?;
            approve::approve(&self.node, &row, officer).await?;
        }
        let row =
            approve::find_release(&self.node, &composed.release.record.folio.to_string()).await?;
        Ok(seal::seal(&self.node, &row).await?)
    }

    /// Composes only.
    pub async fn compose(
        &self,
        to: &Self,
        clause: &str,
        selection: compose::Selection,
    ) -> Result<compose::Composed> {
        let request = compose::ComposeRequest {
            to: to.node.root(),
            clause: clause.to_owned(),
            purpose: None,
            selection,
            grounds: Grounds::default(),
            by: "an analyst".to_owned(),
        };
        Ok(compose::compose(&self.node, request).await?)
    }

    /// Takes in and answers what arrived.
    pub async fn round(&self) -> Result<u64> {
        let patience = std::time::Duration::from_mins(1);
        Ok(comity_exchange::worker::round(&self.node, patience).await?)
    }
}

fn validity() -> Result<(Timestamp, Timestamp)> {
    let begin: Timestamp = BEGIN.parse()?;
    let before = begin.checked_sub(SignedDuration::from_hours(24 * 365))?;
    Ok((before, begin.checked_add(SignedDuration::from_hours(24 * 730))?))
}

/// Two parties, `us` and `mx`, confirmed both ways, with an agreement that both signed.
#[derive(Debug)]
pub struct Pair {
    /// The first.
    pub us: Party,
    /// The second.
    pub mx: Party,
    /// Their common clock.
    pub clock: TestClock,
}

/// Has two parties confirm each other and sign an agreement of these terms.
pub async fn agree(us: &Party, mx: &Party, terms: &AgreementText) -> Result<()> {
    us.confirm(mx).await?;
    mx.confirm(us).await?;
    let text = terms.toml(us.node.root(), mx.node.root());
    sign(us, mx, &text).await
}

/// Has two parties sign a text.
pub async fn sign(us: &Party, mx: &Party, text: &str) -> Result<()> {
    let signed = agreement::sign(&us.node, text, "agreement", &us.root_key, "an analyst").await?;
    agreement::import(&mx.node, signed.envelope.as_bytes(), "agreement", "an analyst").await?;
    let both = agreement::sign(&mx.node, text, "agreement", &mx.root_key, "an analyst").await?;
    agreement::import(&us.node, both.envelope.as_bytes(), "agreement", "an analyst").await?;
    Ok(())
}

/// Has two parties sign a further version of their agreement, and the first activate it.
pub async fn amend(us: &Party, mx: &Party, text: &str) -> Result<()> {
    sign(us, mx, text).await?;
    let version = agreement::read(text, "agreement")?;
    agreement::activate(&us.node, version.id, version.version, "an analyst").await?;
    crate::pump(us, mx).await
}

/// Two parties with the usual agreement.
pub async fn pair() -> Result<Pair> {
    pair_with(&AgreementText::default()).await
}

/// Two parties with the usual agreement, whose descriptors name these addresses.
pub async fn pair_at(addresses: [String; 2]) -> Result<Pair> {
    make_pair(&AgreementText::default(), addresses).await
}

/// Two parties with an agreement of these terms.
pub async fn pair_with(terms: &AgreementText) -> Result<Pair> {
    make_pair(terms, ["127.0.0.1:1".to_owned(), "127.0.0.1:1".to_owned()]).await
}

async fn make_pair(terms: &AgreementText, addresses: [String; 2]) -> Result<Pair> {
    let clock = TestClock::at(BEGIN.parse()?);
    let [us_address, mx_address] = addresses;
    let us = Party::at(&us_address, "us", &clock, false).await?;
    let mx = Party::at(&mx_address, "mx", &clock, false).await?;
    agree(&us, &mx, terms).await?;
    Ok(Pair { us, mx, clock })
}
