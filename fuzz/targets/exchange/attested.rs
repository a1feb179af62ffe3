//! Reports for an inspectorate, and opened commitments.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_exchange::{audit, opening};
use comity_model::opening::{Contents, Opening};
use serde_json::Value;

static REPORT: LazyLock<audit::Signed> = LazyLock::new(|| {
    let file = include_bytes!("../../corpus/audit/good-report");
    audit::check(file, &[]).expect("the seed is a report")
});
static OPENED: LazyLock<opening::Proof> = LazyLock::new(|| {
    let file = include_bytes!("../../corpus/opening/good-opening");
    opening::check(file, &[]).expect("the seed is an opening")
});

/// A file with a report: what verifies is the report that was signed, byte for byte, by who signed it.
pub(crate) fn audit(data: &[u8]) -> bool {
    let Ok(found) = audit::check(data, &[REPORT.signer.root]) else { return false };
    assert!(found.pinned && found.bytes == REPORT.bytes && found.report == REPORT.report);
    assert_eq!(found.signer.root, REPORT.signer.root);
    true
}

/// An opening, as it came and with its sums mended: it is written in one form, and what verifies opens the one commitment to
/// the one original.
pub(crate) fn opening(data: &[u8]) -> bool {
    if let Ok(opening) = Opening::parse(data) {
        assert_eq!(opening.to_bytes().as_deref(), Ok(data), "two files of the same");
    } else if let Some(mended) = mended(data) {
        proves(&mended);
    }
    proves(data)
}

fn proves(file: &[u8]) -> bool {
    let Ok(mut found) = opening::check(file, &[OPENED.from]) else { return false };
    assert!(found.pinned);
    found.pinned = OPENED.pinned;
    assert_eq!(found, *OPENED);
    true
}

/// The file of somebody who changed members and mends the sums.
fn mended(data: &[u8]) -> Option<Vec<u8>> {
    let whole: Value = serde_json::from_slice(data).ok()?;
    let text = |name: &str| whole.get(name)?.as_str().map(str::to_owned);
    let path = whole.get("path")?.as_array()?.iter();
    let contents = Contents {
        descriptor: text("descriptor")?,
        statement: text("statement")?,
        line: text("line")?,
        derivative: text("derivative")?,
        original: text("original")?,
        opening: STANDARD.decode(text("opening")?).ok()?.try_into().ok()?,
        path: path.map(|it| it.as_str()?.parse().ok()).collect::<Option<_>>()?,
    };
    Opening::new(contents).to_bytes().ok()
}
