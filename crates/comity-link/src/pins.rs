//! Who holds which link key.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_model::descriptor::{KeyAlg, KeyUse};
use comity_model::{Descriptor, Digest, PartyRoot};
use jiff::Timestamp;

/// A link key of a party and the time in which it counts (docs/protocol.md section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pin {
    /// SHA-256 of the certificate's `SubjectPublicKeyInfo`.
    pub spki: Digest,
    /// Whose it is.
    pub party: PartyRoot,
    /// Valid from, inclusive.
    pub not_before: Timestamp,
    /// Valid until, exclusive.
    pub not_after: Timestamp,
}

/// The link keys of `descriptor`, in its order. Entries that are not a digest of a key are left out: they can match
/// no certificate.
pub fn link_pins(descriptor: &Descriptor) -> Vec<Pin> {
    let pin = |key: &comity_model::descriptor::KeyEntry| {
        let spki: [u8; 32] = STANDARD.decode(&key.public).ok()?.try_into().ok()?;
        Some(Pin {
            spki: Digest::from_bytes(spki),
            party: descriptor.root,
            not_before: key.not_before,
            not_after: key.not_after,
        })
    };
    let link = |key: &&comity_model::descriptor::KeyEntry| {
        key.purpose == KeyUse::Link && key.alg == KeyAlg::SpkiSha256
    };
    descriptor.keys.iter().filter(link).filter_map(pin).collect()
}

/// The link keys of all confirmed parties. Clones share one set; both ends of the link look at it in every handshake
/// and the listener at every request, so a replaced set holds at once, on open connections too.
#[derive(Clone, Default)]
pub struct Pins(Arc<RwLock<BTreeMap<Digest, Vec<Pin>>>>);

impl Pins {
    /// An empty set, which lets nobody in.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the set by the link keys of `parties`: the confirmed ones, the longest known first. Those that are not
    /// of this node's kind (`exercise`) are left out: training and live nodes do not speak to each other. A key that
    /// two parties claim stays with the first, so that nobody can push a partner out by claiming its key; the claims that
    /// were left out are given back, for the journal.
    pub fn replace_with<'a>(
        &self,
        exercise: bool,
        parties: impl IntoIterator<Item = &'a Descriptor>,
    ) -> Vec<Pin> {
        let own_kind = parties.into_iter().filter(|descriptor| descriptor.test == exercise);
        self.replace(own_kind.flat_map(link_pins))
    }

    /// Replaces the set. See [`Pins::replace_with`] for what is given back.
    pub fn replace(&self, pins: impl IntoIterator<Item = Pin>) -> Vec<Pin> {
        let mut set: BTreeMap<Digest, Vec<Pin>> = BTreeMap::new();
        let mut contested = Vec::new();
        for pin in pins {
            let holders = set.entry(pin.spki).or_default();
            if holders.iter().any(|holder| holder.party != pin.party) {
                contested.push(pin);
            } else {
                holders.push(pin);
            }
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = set;
        contested
    }

    /// The party that holds the key with this digest at `at`.
    pub fn party(&self, spki: &Digest, at: Timestamp) -> Option<PartyRoot> {
        let set = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let valid = |pin: &&Pin| pin.not_before <= at && at < pin.not_after;
        set.get(spki)?.iter().find(valid).map(|pin| pin.party)
    }
}

impl fmt::Debug for Pins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = self.0.read().unwrap_or_else(PoisonError::into_inner);
        write!(f, "Pins({} keys)", set.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(name: &str) -> PartyRoot {
        PartyRoot::new(Digest::of(name.as_bytes()))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn pin(key: &str, holder: &str, from: i64, until: i64) -> Pin {
        let spki = Digest::of(key.as_bytes());
        Pin { spki, party: party(holder), not_before: at(from), not_after: at(until) }
    }

    #[test]
    fn a_key_counts_from_its_first_instant_to_before_its_last() {
        let pins = Pins::new();
        assert!(pins.replace([pin("k", "us", 10, 20), pin("k", "us", 30, 40)]).is_empty());
        let holder = |second| pins.party(&Digest::of(b"k"), at(second));
        assert_eq!([9, 20, 29, 40].map(holder), [None; 4]);
        assert_eq!([10, 19, 30, 39].map(holder), [Some(party("us")); 4]);
    }

    #[test]
    fn nobody_takes_a_partners_key_by_claiming_it() {
        let pins = Pins::new();
        let claim = pin("k", "mallory", 0, 100);
        assert_eq!(pins.replace([pin("k", "us", 10, 20), claim]), [claim]);
        assert_eq!(pins.party(&Digest::of(b"k"), at(15)), Some(party("us")));
        assert_eq!(pins.party(&Digest::of(b"k"), at(50)), None);
    }

    #[test]
    fn a_replaced_set_forgets_the_keys_that_it_does_not_have() {
        let pins = Pins::new();
        let shared = pins.clone();
        pins.replace([pin("old", "us", 0, 100)]);
        pins.replace([pin("new", "us", 0, 100)]);
        assert_eq!(shared.party(&Digest::of(b"old"), at(5)), None);
        assert_eq!(shared.party(&Digest::of(b"new"), at(5)), Some(party("us")));
    }

    fn descriptor(name: &str, test: bool, keys: &serde_json::Value) -> Descriptor {
        let document = serde_json::json!({
            "v": 1, "handle": name, "name": name, "identity": {}, "serial": 1, "issued_at": "1970-01-01T00:00:00Z", "root": party(name),
            "keys": keys, "urls": [], "protocol": {"min": 1, "max": 1}, "kinds": [],
            "limits": {"pouch": 1, "objects": 1, "object": 1, "artifact": 1}, "test": test,
        });
        serde_json::from_str(&document.to_string()).unwrap()
    }

    #[test]
    fn only_link_keys_of_nodes_of_this_kind_are_pinned() {
        let key = |purpose: &str, alg: &str, public: &str| {
            let window = ("1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z");
            serde_json::json!({"use": purpose, "alg": alg, "public": public,
                "not_before": window.0, "not_after": window.1})
        };
        let digest = |text: &str| STANDARD.encode(Digest::of(text.as_bytes()).as_bytes());
        let live = descriptor(
            "us",
            false,
            &serde_json::json!([
                key("link", "spki-sha256", &digest("link")),
                key("seal", "spki-sha256", &digest("seal")),
                key("link", "ed25519", &digest("other")),
                key("link", "spki-sha256", "c2hvcnQ="),
            ]),
        );
        let training = descriptor(
            "mx",
            true,
            &serde_json::json!([key("link", "spki-sha256", &digest("exercise"))]),
        );
        let pins = Pins::new();
        assert!(pins.replace_with(false, [&live, &training]).is_empty());
        let holder = |text: &str| pins.party(&Digest::of(text.as_bytes()), at(5));
        assert_eq!(holder("link"), Some(party("us")));
        assert_eq!(["seal", "other", "exercise"].map(holder), [None; 3]);
    }
}
