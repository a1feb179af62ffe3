//! What holds for every input.

use std::sync::LazyLock;

use comity_pouch::{Envelope, HybridPublic, SealIdentity, SealRecipient};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{Entry, archive, opened, seal_raw, sealed};

/// A pouch of two pieces, to be spoilt.
static POUCH: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let long = vec![7; 66_000];
    sealed(&[("manifest.jsonl", b"{}\n"), ("objects.jsonl", &long)]).0
});

fn part_name() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9._-]{0,20}".prop_filter("taken", |name| comity_pouch::pouch::is_part_name(name))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_parts_come_back(
        parts in proptest::collection::btree_map(part_name(), vec(any::<u8>(), 0..3000), 0..16)
    ) {
        let list: Vec<_> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let (pouch, known) = sealed(&list);
        prop_assert_eq!(known.bytes, pouch.len() as u64);
        let got = opened(&pouch).unwrap().2;
        prop_assert_eq!(got, parts.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn any_bit_flipped_is_refused_before_the_end(at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut pouch = POUCH.clone();
        let at = at.index(pouch.len());
        pouch[at] ^= 1 << bit;
        prop_assert!(opened(&pouch).is_err());
    }

    #[test]
    fn any_bit_of_the_header_flipped_is_refused(at in 0..1900usize, bit in 0..8u8) {
        let mut pouch = POUCH.clone();
        pouch[at] ^= 1 << bit;
        prop_assert!(opened(&pouch).is_err());
    }

    #[test]
    fn no_bytes_make_the_reader_fall_over(bytes in vec(any::<u8>(), 0..4000)) {
        prop_assert!(opened(&bytes).is_err());
        prop_assert!(opened(&seal_raw(&bytes)).is_err());
        let with_magic = [b"age-encryption.org/v1\n", bytes.as_slice()].concat();
        prop_assert!(opened(&with_magic).is_err());
    }

    #[test]
    fn no_archive_but_the_one_for_its_content_is_read(
        at in any::<prop::sample::Index>(), byte in any::<u8>(), content in vec(any::<u8>(), 0..600)
    ) {
        let mut bytes = archive(&[Entry::file("a", &content)]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok((statement, proof, parts)) = opened(&seal_raw(&bytes)) {
            // Content may differ, for a pouch is what its sender sealed; its frame may not.
            let parts: Vec<_> = parts.iter().map(|(name, bytes)| Entry::file(name, bytes)).collect();
            let mut again = Entry::file("statement.dsse.json", &statement).bytes();
            again.extend(Entry::file("record.tlog-proof", &proof).bytes());
            again.extend(parts.iter().flat_map(Entry::bytes));
            again.extend([0; 1024]);
            prop_assert_eq!(again, bytes);
        }
    }

    #[test]
    fn no_header_field_makes_the_reader_fall_over(
        name in vec(any::<u8>(), 0..=100), size in vec(any::<u8>(), 0..=12), kind in any::<u8>(),
        link in vec(any::<u8>(), 0..=100), content in vec(any::<u8>(), 0..600)
    ) {
        let entry = Entry { name, size, kind, link, ..Entry::file("a", &content) };
        let _ = opened(&seal_raw(&archive(&[entry])));
    }

    #[test]
    fn no_text_makes_the_parsers_fall_over(text in any::<String>(), bytes in vec(any::<u8>(), 0..2000)) {
        prop_assert!(Envelope::parse(&bytes).is_err());
        prop_assert!(HybridPublic::from_bytes(&bytes).is_err() || bytes.len() == 1984);
        prop_assert!(text.parse::<SealRecipient>().is_err());
        prop_assert!(SealIdentity::from_text(&text).is_err());
    }

    #[test]
    fn any_envelope_reads_back(
        payload in vec(any::<u8>(), 0..2000), payload_type in "[!-~]{1,128}"
    ) {
        let envelope = Envelope::unsigned(&payload_type, payload).unwrap();
        prop_assert_eq!(Envelope::parse(&envelope.to_json()).unwrap(), envelope);
    }

    #[test]
    fn envelopes_cut_or_changed_never_make_the_parser_fall_over(
        at in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let envelope = Envelope::unsigned("application/json", b"{\"a\":[1,2,3]}".to_vec()).unwrap();
        let mut json = envelope.to_json();
        let at = at.index(json.len());
        prop_assert!(Envelope::parse(&json[..at]).is_err());
        json[at] = byte;
        if let Ok(parsed) = Envelope::parse(&json) {
            prop_assert_eq!(Envelope::parse(&parsed.to_json()).unwrap(), parsed);
        }
    }
}
