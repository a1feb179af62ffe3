//! A party whose real keys the test holds, so that it can say over the real link what no honest node says.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use comity_exchange::ports::{Clock as _, Courier as _, OutgoingPouch, PouchState};
use comity_link::{CourierLimits, HttpCourier, LinkIdentity, Pins};
use comity_model::release::{MANIFEST, OBJECTS};
use comity_model::statement::{
    AgreementRef, Binding, Nonce, PartEntry, ReleaseBody, SignedApproval,
};
use comity_model::{AgreementId, Descriptor, Digest, ManifestLine, PartyRoot, ReleaseRecord};
use comity_pouch::SealRecipient;
use comity_pouch::approval::{Approval, OfficerCertificate};
use comity_pouch::dsse::Envelope;
use comity_pouch::keyfile::{self, KeyMaterial, Unlock};
use comity_pouch::keys::{OfficerKey, RegistrarKey, ServeKeys};
use comity_store::FileSpool;
use comity_testkit::{CLAUSE, Forge, Forged, SeededEntropy};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Key, Node, SystemClock, TwoNodes, until};

/// What became of a pouch, as its sender is told: the state and the code.
pub(crate) type Fate = (PouchState, Option<String>);

/// An object of a release, and the manifest line that an honest sender would write for it.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) id: String,
    pub(crate) modified: String,
    pub(crate) bytes: Vec<u8>,
}

impl Object {
    /// The indicator of this number, with `more` members at its end.
    pub(crate) fn indicator(number: u64, more: &str) -> Self {
        let text = comity_testkit::indicator(number);
        let whole: Value = serde_json::from_str(&text).unwrap();
        let member = |name: &str| whole[name].as_str().unwrap().to_owned();
        let bytes = format!("{}{more}}}", text.strip_suffix('}').unwrap()).into_bytes();
        Self { id: member("id"), modified: member("modified"), bytes }
    }
}

/// The party `from` as the test plays it towards the node `mx`.
pub(crate) struct Rival {
    /// Its root.
    pub(crate) root: PartyRoot,
    /// Everything its node would sign with.
    pub(crate) keys: ServeKeys,
    /// Its own descriptor.
    pub(crate) descriptor: Descriptor,
    /// The descriptor of `mx`.
    pub(crate) mx: Descriptor,
    /// The digests of the statements that `mx` consumed of it, in order.
    pub(crate) said: Vec<Digest>,
    agreement: AgreementRef,
    /// The agreement and the statements that are set aside while another agreement is cited.
    aside: Option<(AgreementRef, Vec<Digest>)>,
    registrar: RegistrarKey,
    courier: HttpCourier,
}

impl Rival {
    /// Plays `us`, whose own node must not serve meanwhile.
    pub(crate) fn of(nodes: &TwoNodes) -> Self {
        Self::playing(&nodes.us, &nodes.mx, nodes.agreement)
    }

    /// Plays the party of `node`.
    pub(crate) fn playing(node: &Node, mx: &Node, agreement: AgreementRef) -> Self {
        let keys: ServeKeys = key(&node.data().join("keys").join(keyfile::SERVE_FILE));
        let registrar = key(&node.data().join("keys").join(keyfile::REGISTRAR_FILE));
        let [descriptor, mx] = [node, mx].map(|node| {
            let file = std::fs::read(node.file(&format!("{}.descriptor", node.handle))).unwrap();
            let file = file.trim_ascii_end();
            comity_pouch::descriptor::verify(&Envelope::parse(file).unwrap()).unwrap().descriptor
        });
        let courier = courier(&keys, &descriptor, &mx, &node.data().join("spool"));
        Self {
            root: descriptor.root,
            keys,
            descriptor,
            mx,
            said: Vec::new(),
            agreement,
            aside: None,
            registrar,
            courier,
        }
    }

    /// From now on cites another agreement, as `comity agreement sign` answers it, from the first place of its channel; or
    /// again the one before, where it was. Gives the id of the one that was left or is cited again.
    pub(crate) fn cites(&mut self, signed: Option<&Value>) -> AgreementId {
        let member = |signed: &Value, name: &str| signed[name].as_str().unwrap().to_owned();
        if let Some(signed) = signed {
            let other = AgreementRef {
                id: member(signed, "id").parse().unwrap(),
                version: 1,
                digest: member(signed, "digest").parse().unwrap(),
            };
            let said = std::mem::take(&mut self.said);
            let left = std::mem::replace(&mut self.agreement, other);
            self.aside = Some((left, said));
            return left.id;
        }
        (self.agreement, self.said) = self.aside.take().unwrap();
        self.agreement.id
    }

    /// Its link key, for a client that says what it likes.
    pub(crate) fn link_key(&self) -> Key {
        let link = &self.keys.link;
        Key { certificate: link.certificate().to_vec(), pkcs8: link.pkcs8().to_vec() }
    }

    /// A statement of any kind at the next place, with an empty body.
    pub(crate) fn statement(&self, kind: &str, seed: &str) -> Forge {
        let now = SystemClock.now();
        let mut forge = Forge::new(kind, self.root, self.mx.root, self.agreement, now, seed);
        forge.sequence = self.said.len() as u64;
        forge.before.clone_from(&self.said);
        forge
    }

    /// A proposal at the next place, with nothing wrong in it.
    pub(crate) fn proposal(&self, seed: &str) -> Forge {
        let salt = *Digest::of(seed.as_bytes()).as_bytes();
        let text = format!("The proposal called {seed}");
        let key = hmac::Key::new(hmac::HMAC_SHA256, &salt);
        let tag = hmac::sign(&key, Digest::of(text.as_bytes()).as_bytes());
        let bound = Digest::from_bytes(tag.as_ref().try_into().unwrap());
        let part = [&salt[..], text.as_bytes()].concat();
        let mut forge = self.statement("proposal", seed);
        forge.entries = vec![PartEntry {
            name: "text.salted".to_owned(),
            size: part.len() as u64,
            bound_by: Binding::Commitment(bound),
        }];
        forge.parts = vec![("text.salted".to_owned(), part)];
        forge.body = json!({
            "proposal": format!("proposal--{}", uuid(seed)), "folio": "US-2026-000900",
            "subject": "other",
        });
        forge
    }

    /// A release at the next place, approved by an officer, with nothing wrong in it but what is wrong in its
    /// objects.
    pub(crate) fn release(&self, seed: &str, objects: &[Object]) -> Forge {
        self.release_announcing(seed, objects, |_| {})
    }

    /// The same, with its parts announced otherwise than they are.
    pub(crate) fn release_announcing(
        &self,
        seed: &str,
        objects: &[Object],
        announce: impl FnOnce(&mut [PartEntry]),
    ) -> Forge {
        let mut forge = self.statement("release", seed);
        let (mut manifest, mut content, mut leaves) = (Vec::new(), Vec::new(), Vec::new());
        for (index, object) in (0..).zip(objects) {
            let line = self.line(index, object);
            let text = line.to_line().unwrap();
            let commitment = line.commitment_to(&text, &object.bytes).unwrap();
            leaves.push(comity_log::leaf_hash(commitment.as_bytes()));
            manifest.extend([&text[..], b"\n"].concat());
            content.extend([&object.bytes[..], b"\n"].concat());
        }
        forge.entries = vec![
            PartEntry {
                name: MANIFEST.to_owned(),
                size: manifest.len() as u64,
                bound_by: Binding::Digest(Digest::of(&manifest)),
            },
            PartEntry {
                name: OBJECTS.to_owned(),
                size: content.len() as u64,
                bound_by: Binding::Root,
            },
        ];
        announce(&mut forge.entries);
        let record = ReleaseRecord {
            v: 1,
            release: format!("release--{}", uuid(seed)).parse().unwrap(),
            folio: "US-2026-000901".parse().unwrap(),
            agreement: self.agreement,
            clause: CLAUSE.to_owned(),
            purpose: "precursor-control".to_owned(),
            grounds: comity_testkit::grounds(),
            from: self.root,
            to: self.mx.root,
            root: Digest::from_bytes(comity_log::root_of(leaves)),
            objects: objects.len() as u64,
            redacted: 0,
            parts: forge.entries.clone(),
            composed_at: forge.issued_at,
        };
        forge.parts = vec![(MANIFEST.to_owned(), manifest), (OBJECTS.to_owned(), content)];
        let release = serde_json::to_string(&record).unwrap();
        let approvals = vec![self.approval(&release, seed, forge.issued_at)];
        forge.body = serde_json::to_value(ReleaseBody { release, approvals }).unwrap();
        forge
    }

    fn line(&self, index: u64, object: &Object) -> ManifestLine {
        let handling = json!({
            "tlp": "green", "use": ["intelligence-only"], "onward": "originator-consent",
            "retention_days": 180,
        });
        ManifestLine {
            index,
            id: object.id.clone(),
            modified: Some(object.modified.clone()),
            size: object.bytes.len() as u64,
            handling: serde_json::from_value(handling).unwrap(),
            origin: self.root,
            grade: None,
            chain: vec![self.root],
            commitment: None,
            salt: Nonce(*Digest::of(&object.bytes).as_bytes()),
        }
    }

    fn approval(&self, release: &str, seed: &str, at: Timestamp) -> SignedApproval {
        let officer = OfficerKey::generate(&SeededEntropy::new(seed)).unwrap();
        let until = at + SignedDuration::from_hours(1);
        let certificate = OfficerCertificate::new(&officer, "release desk", at, until);
        let certificate = certificate.sign(&self.registrar).unwrap();
        let approval = Approval::sign(Digest::of(release.as_bytes()), &officer, at).unwrap();
        let text = |envelope: &Envelope| String::from_utf8(envelope.to_json()).unwrap();
        SignedApproval { certificate: text(&certificate), approval: text(&approval) }
    }

    /// Signs a statement, proves it in a log and seals it for `mx`.
    pub(crate) fn forge(&self, forge: &Forge) -> Forged {
        forge.forge(&self.keys, &self.mx).unwrap()
    }

    /// Takes note that `mx` consumed a statement.
    pub(crate) fn went(&mut self, forged: &Forged) {
        self.said.push(forged.digest);
    }

    /// Delivers what was forged over the link and waits until `mx` has looked at it.
    pub(crate) async fn deliver(&self, forged: &Forged) -> Fate {
        self.deliver_bytes(forged.pouch.clone()).await
    }

    /// Delivers any bytes as a pouch and waits until `mx` has looked at them.
    pub(crate) async fn deliver_bytes(&self, pouch: Vec<u8>) -> Fate {
        let digest = Digest::of(&pouch);
        let size = pouch.len() as u64;
        let outgoing = OutgoingPouch { digest, size, bytes: Some(pouch.into()) };
        self.courier.deliver(self.mx.root, &outgoing).await.unwrap();
        self.fate(digest).await
    }

    /// What became of a pouch, once `mx` has looked at it.
    pub(crate) async fn fate(&self, digest: Digest) -> Fate {
        until("the pouch was looked at", async || {
            let status = self.courier.status(self.mx.root, digest).await.unwrap();
            (status.state != PouchState::Received).then_some((status.state, status.code))
        })
        .await
    }

    /// Whether its link key opens a connection to `mx` at all.
    pub(crate) async fn connects(&self) -> bool {
        self.courier.status(self.mx.root, Digest::of(b"nothing")).await.is_ok()
    }

    /// To whom pouches for `mx` are sealed.
    pub(crate) fn recipient(&self) -> SealRecipient {
        recipient(&self.mx)
    }
}

/// To whom pouches for a party are sealed.
pub(crate) fn recipient(descriptor: &Descriptor) -> SealRecipient {
    use comity_model::descriptor::KeyUse;
    let seal = descriptor.keys.iter().find(|key| key.purpose == KeyUse::Seal).unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(&seal.public).unwrap();
    SealRecipient::from_bytes(&bytes).unwrap()
}

fn key<K: KeyMaterial>(path: &Path) -> K {
    keyfile::read(path, Unlock::Unprotected).unwrap()
}

fn courier(keys: &ServeKeys, own: &Descriptor, mx: &Descriptor, spool: &Path) -> HttpCourier {
    let link = &keys.link;
    let identity = LinkIdentity::new(link.certificate().to_vec(), link.pkcs8().to_vec()).unwrap();
    let pins = Pins::new();
    pins.replace_with(own.test, [mx]);
    let book = BTreeMap::from([(mx.root, mx.urls.clone())]);
    HttpCourier::new(
        identity,
        pins,
        Arc::new(SystemClock),
        Arc::new(move |root: PartyRoot| book.get(&root).cloned()),
        Arc::new(FileSpool::new(spool).unwrap()),
        CourierLimits::default(),
    )
}

fn uuid(seed: &str) -> uuid::Uuid {
    let digest = Digest::of(seed.as_bytes());
    let bytes = digest.as_bytes().first_chunk::<16>().unwrap();
    uuid::Builder::from_random_bytes(*bytes).into_uuid()
}
