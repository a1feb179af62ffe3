//! The object vectors recorded from the OASIS validator's own tests.

use std::collections::BTreeSet;

use comity_stix::reader::Objects;
use comity_stix::{Checker, Code, Finding, Limits, Severity};
use serde_json::Value as Json;

const VECTORS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors/stix-objects/vectors.json");

/// A code, the section that is broken, and the cases in which it alone makes the difference.
type Difference = (Code, &'static str, &'static [usize]);

/// Refused here and let by there.
const REFUSED: &[Difference] = &[
    // `created_by_ref` has to name an identity; theirs lets any identifier by.
    (Code::ReferenceType, "3.2", &[32, 33, 35, 36, 37, 39, 40, 41, 43, 44, 45, 48, 49, 50]),
    // What observed data refers to is observables and relationship objects, not an attack pattern and a campaign.
    (Code::ObservedNothing, "4.14.1", &[117]),
    // A UUID of 35 characters is none.
    (Code::ReferenceForm, "3.3", &[94, 95, 96, 97, 98, 99, 100]),
    // The bits that pad the last byte of base64 are zero (RFC 4648 section 3.5).
    (Code::BinaryForm, "2.1", &[105, 140]),
    // The definition of TLP:GREEN with other content, where no other instance may be.
    (Code::MarkingFixed, "7.2.1.4", &[84]),
    // Objects of STIX 2.0 in a bundle; theirs reads them as if they were of 2.1.
    (Code::SpecVersion, "3.2", &[169, 170]),
    (Code::MissingProperty, "4.5.1", &[171]),
];

/// Advised against here and not there.
const ADVISED: &[Difference] = &[
    // The version 5 UUID is not the one that the properties give; theirs does not compute it.
    (
        Code::IdDeterministic,
        "2.9",
        &[59, 60, 63, 64, 101, 102, 109, 110, 123, 134, 136, 143, 145, 149],
    ),
];

/// Advised against there and not here, with why.
const UNADVISED: &[usize] = &[
    // The same object twice in a bundle: no rule of the text is against saying a thing twice (section 3.6).
    9,
];

fn findings(text: &str) -> Vec<Finding> {
    let checker = Checker::new(&Limits::default());
    let objects = Objects::new(text.as_bytes(), Limits::default());
    let mut found: Vec<Finding> =
        objects.flat_map(|object| checker.check(&object.unwrap().bytes).findings).collect();
    if text.contains("\"type\":\"bundle\"") {
        found.extend(checker.check_bundle(text.as_bytes()).findings);
    }
    found
}

#[test]
fn the_verdicts_are_those_of_the_oasis_validator_but_for_the_listed_ones() {
    let Ok(text) = std::fs::read(VECTORS) else {
        eprintln!("the object vectors are not at hand: left out");
        return;
    };
    let file: Json = serde_json::from_slice(&text).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 186);
    for (at, vector) in vectors.iter().enumerate() {
        let found = findings(&vector["object"].to_string());
        let must: Vec<&Finding> = found.iter().filter(|f| f.severity == Severity::Must).collect();
        let theirs = |name: &str| vector[name].as_bool().unwrap();
        let listed = |list: &[Difference]| {
            list.iter()
                .find(|(_, _, cases)| cases.contains(&at))
                .map(|(code, section, _)| (*code, *section))
        };
        if let Some(expected) = listed(REFUSED) {
            assert!(theirs("must_valid"), "{at} is no difference");
            assert!(must.iter().any(|f| (f.code, f.section) == expected), "{at} {found:?}");
            continue;
        }
        let valid = theirs("must_valid");
        assert_eq!(must.is_empty(), valid, "{at} {} {must:?}", vector["must_errors"]);
        if let Some(expected) = listed(ADVISED) {
            assert!(theirs("strict_valid"), "{at} is no difference");
            let only: BTreeSet<_> = found.iter().map(|f| (f.code, f.section)).collect();
            assert_eq!(only, BTreeSet::from([expected]), "{at}");
            continue;
        }
        let clean = theirs("strict_valid") || UNADVISED.contains(&at);
        assert_eq!(found.is_empty(), clean, "{at} {} {found:?}", vector["strict_errors"]);
    }
}
