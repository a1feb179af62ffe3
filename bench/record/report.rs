//! The table and the file of the bench.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use comity_testkit::Result;
use serde_json::{Value, json};

/// One figure.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) goal: Option<f64>,
    pub(crate) lower_is_better: bool,
    /// What it stands beside, and that one's figure.
    pub(crate) beside: Option<(&'static str, f64)>,
}

/// The figures, as they come.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Value>,
    table: String,
}

impl Report {
    /// Adds a figure.
    pub(crate) fn row(&mut self, row: Row) {
        let Row { name, value, unit, goal, lower_is_better, beside } = row;
        let goal_said = goal.map(|goal| format!("  goal {goal:.0}")).unwrap_or_default();
        let _ = writeln!(self.table, "{name:<76} {value:>12.3} {unit}{goal_said}");
        let ratio = beside.map(|(_, other)| value / other);
        if let Some(((name, other), ratio)) = beside.zip(ratio) {
            let _ = writeln!(self.table, "  beside {name}: {other:.0}, ratio {ratio:.2}");
        }
        self.rows.push(json!({
            "name": name, "value": value, "unit": unit, "beside": beside.map(|it| it.0),
            "beside_value": beside.map(|it| it.1), "ratio": ratio, "goal": goal,
            "lower_is_better": lower_is_better,
        }));
    }

    /// Prints the table and writes `bench/results/NAME.json`.
    pub(crate) fn finish(self, name: &str) -> Result<()> {
        print(&self.table)?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{name}.json"));
        std::fs::write(&file, serde_json::to_string_pretty(&json!({ "rows": self.rows }))?)?;
        print(&format!("written to bench/results/{name}.json\n"))
    }
}

/// So many in a second.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(crate) fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

pub(crate) fn print(text: &str) -> Result<()> {
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}
