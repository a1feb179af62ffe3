//! MITRE ATT&CK as its makers publish it.

use std::fs::File;

use comity_stix::reader::Objects;
use comity_stix::{Code, Limits, Severity, check, head};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/stix/");

fn open(name: &str) -> Option<File> {
    let file = File::open(format!("{FOLDER}{name}")).ok();
    if file.is_none() {
        eprintln!("`{name}` is not at hand: left out");
    }
    file
}

#[test]
fn the_ics_bundle_is_read_in_full_and_its_faults_are_the_known_ones() {
    let Some(file) = open("ics-attack-18.1.json") else { return };
    let mut objects = Objects::new(file, Limits::default());
    let mut count = 0;
    let mut broken = Vec::new();
    for object in objects.by_ref() {
        let object = object.unwrap();
        let report = check(&object.bytes, &Limits::default());
        assert!(report.head.is_some());
        let must = report.findings.into_iter().filter(|f| f.severity == Severity::Must);
        broken.extend(must.map(|finding| finding.code));
        count += 1;
    }
    // Six assets have a custom property with an empty list (section 2.12).
    assert_eq!((count, broken), (1_826, vec![Code::EmptyList; 6]));
    assert_eq!(objects.bytes_read(), 3_491_940);
}

#[test]
fn the_enterprise_bundle_is_read_in_full_and_breaks_no_must() {
    let Some(file) = open("enterprise-attack-15.0-stix21.json") else { return };
    let mut refs = 0;
    let mut count = 0;
    for object in Objects::new(file, Limits::default()) {
        let object = object.unwrap();
        let head = head(&object.bytes, &Limits::default()).unwrap();
        refs += head.refs.len();
        let report = check(&object.bytes, &Limits::default());
        assert!(report.is_valid() && report.complete, "{:?}", report.findings);
        assert_eq!(report.head.unwrap(), head);
        count += 1;
    }
    assert_eq!((count, refs), (19_981, 55_899));
}
