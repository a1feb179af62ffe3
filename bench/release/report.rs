//! The table and the file of a bench.

use std::fmt::Write as _;
use std::time::Duration;

use comity_bench::figures::{self, print};
use comity_testkit::Result;
use serde_json::{Value, json};

/// X-Road's published sizing: 125 signed requests a minute a node.
const XROAD: f64 = 125.0 / 60.0;

/// One figure.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) goal: f64,
    pub(crate) beside_xroad: bool,
}

/// The figures of a bench, as they come.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Value>,
    table: String,
}

impl Report {
    /// How long one step took.
    pub(crate) fn step(&mut self, name: &str, time: Duration) {
        let seconds = time.as_secs_f64();
        let _ = writeln!(self.table, "  {name:<80} {seconds:>9.3} s");
        self.rows.push(json!({
            "name": name, "value": seconds, "unit": "s", "beside": null, "beside_value": null,
            "ratio": null, "goal": null, "lower_is_better": true,
        }));
    }

    /// A figure with its goal. One that is counted in messages stands beside X-Road's published sizing.
    pub(crate) fn row(&mut self, row: Row) {
        let Row { name, value, unit, goal, beside_xroad } = row;
        let beside = beside_xroad.then_some(XROAD);
        let ratio = beside.map(|beside| value / beside);
        let _ = writeln!(self.table, "{name:<82} {value:>9.0} {unit}  goal {goal:.0}");
        if let Some(ratio) = ratio {
            let _ = writeln!(
                self.table,
                "  beside X-Road's published sizing of 125 signed requests a minute: {ratio:.0} times"
            );
        }
        self.rows.push(json!({
            "name": name, "value": value, "unit": unit,
            "beside": beside.map(|_| "X-Road's published sizing, signed requests a second and node"),
            "beside_value": beside, "ratio": ratio, "goal": goal, "lower_is_better": false,
        }));
    }

    /// Prints the table and writes `bench/results/NAME.json`.
    pub(crate) fn finish(self, name: &str) -> Result<()> {
        print(&self.table)?;
        Ok(figures::write(name, &json!({ "rows": self.rows }))?)
    }
}
