//! Figures for people, and the file of them that a bench leaves.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

/// Prints a text at once, so that whoever watches a long bench sees how far it is.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Three digits that count, and every digit before the point.
pub fn digits(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// So many in a second.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// Writes `bench/results/NAME.json`, and says so.
pub fn write(name: &str, all: &Value) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    std::fs::create_dir_all(&folder)?;
    let text = format!("{all:#}");
    std::fs::write(folder.join(format!("{name}.json")), text)?;
    print(&format!("written to bench/results/{name}.json\n"))
}
