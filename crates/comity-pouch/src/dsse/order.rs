//! The one order of signatures, for files that have one form.

use super::Envelope;

impl Envelope {
    /// This envelope with its signatures by the bytes of their key ids. Nothing signs their order, so a file of which every
    /// byte is to count has this one (docs/protocol.md section 9).
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.signatures.sort_by(|one, other| one.key_id.cmp(&other.key_id));
        self
    }

    /// Whether the signatures stand by the bytes of their key ids, and no key's twice.
    pub fn is_in_order(&self) -> bool {
        self.signatures.is_sorted_by(|one, other| one.key_id < other.key_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(ids: &[&str]) -> Envelope {
        let signatures = ids.iter().map(|it| ((*it).to_owned(), vec![1]));
        Envelope::assemble(super::super::STATEMENT, b"{}".to_vec(), signatures).unwrap()
    }

    #[test]
    fn signatures_have_one_order_and_none_stands_twice() {
        for (ids, ordered) in [
            (&["ed25519:a", "ml-dsa-65:b"][..], true),
            (&["ml-dsa-65:b", "ed25519:a"], false),
            (&["ed25519:a", "ed25519:a"], false),
            (&["ed25519:a"], true),
            (&[], true),
        ] {
            assert_eq!(envelope(ids).is_in_order(), ordered, "{ids:?}");
        }
        let sorted = envelope(&["ml-dsa-65:b", "ed25519:c", "ed25519:a"]).in_order();
        assert_eq!(sorted, envelope(&["ed25519:a", "ed25519:c", "ml-dsa-65:b"]));
        assert!(!envelope(&["ed25519:a", "ed25519:a"]).in_order().is_in_order());
    }
}
