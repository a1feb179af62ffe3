//! What is fuzzed of files of other programs, in the tests of `comity-exchange` alone: what such a file has enters a node.
//!
//! The promise: whatever comes, the import ends, and every object of the file is held, or was there, or is listed as refused.

use std::io::Cursor;
use std::sync::LazyLock;

use comity_exchange::import::{ImportOptions, ImportReport, Lang};
use comity_exchange::opencti::{Survey, import_opencti};
use comity_stix::Limits;
use comity_stix::reader::Objects;
use comity_testkit::{Party, TestClock};
use tokio::runtime::Runtime;

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[("opencti", opencti)];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}

/// A node that goes on through all inputs.
struct Open {
    runtime: Runtime,
    party: Party,
}

static OPEN: LazyLock<Open> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("threads can be made");
    let clock = TestClock::at("2026-02-10T10:00:00Z".parse().expect("a moment"));
    let party = runtime.block_on(Party::new("us", &clock, false)).expect("a node can be made");
    Open { runtime, party }
});

/// What an object of the node is held as.
pub(crate) fn held(id: &str) -> Option<Vec<u8>> {
    let store = OPEN.party.node.store();
    let found = OPEN.runtime.block_on(store.holding(id.to_owned()));
    found.expect("the store can be read").map(|it| it.bytes)
}

/// Takes a file in. Each object that a reader finds in it is told of once.
pub(crate) fn taken(file: &[u8]) -> (ImportReport, Survey) {
    let read = || Cursor::new(file.to_vec());
    let options = ImportOptions {
        source: "opencti".to_owned(),
        grade: None,
        lang: Lang::En,
        by: "an analyst".to_owned(),
    };
    let import = import_opencti(&OPEN.party.node, read(), read(), options, |_| {});
    let (report, survey) = OPEN.runtime.block_on(import).expect("a file stops no import");
    let found = Objects::new(read(), Limits::default()).count() as u64;
    assert_eq!(report.objects, found, "{report:?}");
    let told = report.held.new + report.held.unchanged + report.rejected;
    assert_eq!(told, found, "{report:?}");
    assert_eq!(report.rejections.len() as u64, report.rejected, "{report:?}");
    assert!(survey.as_written + survey.changed <= found, "{survey:?}");
    (report, survey)
}

/// A file of OpenCTI: it is good if nothing of it is refused.
fn opencti(data: &[u8]) -> bool {
    let (report, _) = taken(data);
    report.objects > 0 && report.rejected == 0
}
