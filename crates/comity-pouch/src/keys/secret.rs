//! Secrets that a running node keeps for itself, such as what it shows to other people's servers: AES-256-GCM under a key of
//! the node's master, bound to the one use that it is for.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use comity_model::Entropy;
use comity_model::entropy::fresh;
use zeroize::Zeroizing;

use super::ServeKeys;

/// What the key for this is derived from, beside the master.
const LABEL: &[u8] = b"comity/secret/v1";

/// Why a secret was not sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It could not be sealed.
    #[error("a secret could not be sealed")]
    Sealing,
    /// It was sealed by another node, for another use, or was changed since.
    #[error("a secret was sealed by another node, for another use, or was changed since")]
    Opening,
}

impl ServeKeys {
    /// Seals a secret for the use that `context` names: a nonce of 12 bytes, the ciphertext, a tag of 16 bytes.
    pub fn keep(
        &self,
        entropy: &dyn Entropy,
        context: &[u8],
        secret: &[u8],
    ) -> Result<Vec<u8>, SecretError> {
        let nonce: [u8; NONCE_LEN] = fresh(entropy);
        let mut text = secret.to_vec();
        let key = self.secret_key().ok_or(SecretError::Sealing)?;
        let sealed = key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(context),
            &mut text,
        );
        sealed.map_err(|_| SecretError::Sealing)?;
        Ok([nonce.as_slice(), &text].concat())
    }

    /// Opens what [`ServeKeys::keep`] sealed for the same use.
    pub fn reveal(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SecretError::Opening)?;
        let mut text = Zeroizing::new(text.to_vec());
        let key = self.secret_key().ok_or(SecretError::Opening)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = key.open_in_place(nonce, Aad::from(context), &mut text);
        let length = opened.map_err(|_| SecretError::Opening)?.len();
        text.truncate(length);
        Ok(text)
    }

    fn secret_key(&self) -> Option<LessSafeKey> {
        let master = hmac::Key::new(hmac::HMAC_SHA256, self.master().as_ref());
        let key = hmac::sign(&master, LABEL);
        Some(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_ref()).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts.
    struct Counting(std::sync::atomic::AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, out: &mut [u8]) {
            out.fill_with(|| self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    #[test]
    fn a_secret_opens_for_its_own_use_in_its_own_node_and_unchanged() {
        let entropy = Counting(7.into());
        let [keys, other] = [(); 2].map(|()| {
            let (from, to) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
            ServeKeys::generate(&entropy, from.parse().unwrap(), to.parse().unwrap()).unwrap()
        });
        let sealed = keys.keep(&entropy, b"feed/one", b"hidden words").unwrap();
        assert!(!sealed.windows(6).any(|it| it == b"hidden"));
        assert_eq!(keys.reveal(b"feed/one", &sealed).unwrap().as_slice(), b"hidden words");
        assert_eq!(keys.reveal(b"feed/two", &sealed), Err(SecretError::Opening));
        assert_eq!(other.reveal(b"feed/one", &sealed), Err(SecretError::Opening));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(keys.reveal(b"feed/one", &changed), Err(SecretError::Opening), "{place}");
        }
        assert_eq!(keys.reveal(b"feed/one", &sealed[..11]), Err(SecretError::Opening));
        assert_ne!(keys.keep(&entropy, b"feed/one", b"hidden words").unwrap(), sealed);
    }
}
