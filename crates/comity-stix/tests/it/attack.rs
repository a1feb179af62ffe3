//! MITRE ATT&CK as its makers publish it: read whole, and every finding accounted for.

use std::collections::BTreeMap;
use std::fs::File;

use comity_stix::reader::Objects;
use comity_stix::{Code, Limits, Severity, check, head};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/stix/");

/// What a bundle holds and what is said of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Account {
    objects: usize,
    references: usize,
    bytes: u64,
    findings: BTreeMap<(Code, &'static str), usize>,
}

/// Reads a bundle; `None` where it is not at hand.
fn read(name: &str) -> Option<Account> {
    let Ok(file) = File::open(format!("{FOLDER}{name}")) else {
        eprintln!("`{name}` is not at hand: left out");
        return None;
    };
    let mut account = Account::default();
    let mut objects = Objects::new(file, Limits::default());
    for object in objects.by_ref() {
        let object = object.unwrap();
        let head = head(&object.bytes, &Limits::default()).unwrap();
        account.objects += 1;
        account.references += head.refs.len();
        let report = check(&object.bytes, &Limits::default());
        assert!(report.complete);
        assert_eq!(report.head.unwrap(), head);
        for finding in report.findings {
            assert_eq!(finding.severity, finding.code.severity());
            *account.findings.entry((finding.code, finding.section)).or_default() += 1;
        }
    }
    account.bytes = objects.bytes_read();
    Some(account)
}

#[test]
fn every_finding_in_the_ics_bundle_is_accounted_for() {
    let Some(account) = read("ics-attack-18.1.json") else { return };
    let findings = BTreeMap::from([
        // Six assets have a custom property with an empty list: the one MUST that is broken.
        ((Code::EmptyList, "2.12"), 6),
        // References give a URL and no hash of what is there.
        ((Code::AdvisedBeside, "2.5.1"), 1_421),
        // Its own types and properties have the prefix and no extension definition; five of the properties are named
        // like references and hold an empty string.
        ((Code::CustomType, "11.2"), 250),
        ((Code::CustomProperty, "11.1"), 5_516),
        ((Code::CustomReferenceForm, "3.3"), 5),
        // The copyright is a marking of the old form.
        ((Code::Deprecated, "7.2.1"), 2),
        // A matrix is named by a word where techniques have numbers.
        ((Code::ExternalIdAdvised, "4.19.1"), 1),
        // `revoked-by` is ATT&CK's own.
        ((Code::RelationshipType, "5.1.2"), 2),
    ]);
    let (objects, references, bytes) = (1_826, 6_724, 3_491_940);
    assert_eq!(account, Account { objects, references, bytes, findings });
}

#[test]
fn every_finding_in_the_enterprise_bundle_is_accounted_for_and_none_is_a_must() {
    let Some(account) = read("enterprise-attack-15.0-stix21.json") else { return };
    assert!(account.findings.keys().all(|(code, _)| code.severity() == Severity::Should));
    let findings = BTreeMap::from([
        // As in the other bundle; `subtechnique-of` is ATT&CK's own.
        ((Code::AdvisedBeside, "2.5.1"), 27_213),
        ((Code::CustomType, "11.2"), 162),
        ((Code::CustomProperty, "11.1"), 62_010),
        ((Code::Deprecated, "7.2.1"), 2),
        ((Code::ExternalIdAdvised, "4.19.1"), 1),
        ((Code::RelationshipType, "5.1.2"), 1_324),
    ]);
    let (objects, references, bytes) = (19_981, 55_899, 26_257_664);
    assert_eq!(account, Account { objects, references, bytes, findings });
}
