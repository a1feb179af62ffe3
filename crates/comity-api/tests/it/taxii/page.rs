//! docs/taxii.md says of every statement of the standard which test holds it: those tests, and no others, are the suite.

use std::collections::BTreeSet;
use std::path::Path;

/// The top folder of the project.
const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// The folders and files of the suite.
const SUITE: [&str; 2] = ["crates/comity-api/tests/it/taxii", "crates/comity/tests/it/taxii"];

/// Every test of the suite that is named after a section: `s3_4_1_...`.
fn tests() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for folder in SUITE {
        let folder = Path::new(TOP).join(folder);
        let files = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path());
        for file in files.chain([folder.with_extension("rs")]) {
            let text = std::fs::read_to_string(file).unwrap();
            let named =
                text.lines().filter_map(|it| it.trim().split_once("fn ")?.1.split_once('('));
            all.extend(named.map(|it| it.0.to_owned()).filter(|it| is_of_a_section(it)));
        }
    }
    all
}

fn is_of_a_section(name: &str) -> bool {
    name.strip_prefix('s').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()))
}

#[test]
fn the_page_names_every_test_of_the_suite_and_no_other() {
    let page = std::fs::read_to_string(Path::new(TOP).join("docs/taxii.md")).unwrap();
    let named: BTreeSet<String> =
        page.split('`').filter(|it| is_of_a_section(it)).map(ToOwned::to_owned).collect();
    let there = tests();
    let lost: Vec<_> = named.difference(&there).collect();
    let unnamed: Vec<_> = there.difference(&named).collect();
    assert!(lost.is_empty() && unnamed.is_empty(), "not there: {lost:?}\nnot named: {unnamed:?}");
}

#[test]
fn every_row_of_the_page_has_a_test_or_says_why_not() {
    let page = std::fs::read_to_string(Path::new(TOP).join("docs/taxii.md")).unwrap();
    let tables = page.split("\n\n").filter(|it| it.starts_with("| section"));
    let rows: Vec<_> = tables.flat_map(|it| it.lines().skip(2)).collect();
    assert!(rows.len() > 80, "the table is gone");
    for row in &rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        assert_eq!(cells.len(), 4, "{row}");
        let (section, test) = (cells[0].trim_start_matches("| "), cells[3].trim_end_matches(" |"));
        let is_held = test.split('`').any(is_of_a_section);
        assert!(is_held || test.len() > 12, "{row}");
        assert!(section.split(['.', ' ']).next().is_some_and(|it| !it.is_empty()), "{row}");
    }
}
