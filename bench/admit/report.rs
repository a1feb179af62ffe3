//! The table and the file of the bench.

use std::fmt::Write as _;

use comity_bench::figures::{self, print};
use comity_bench::machine;
use comity_testkit::Result;
use serde_json::{Value, json};

/// The figures, as they come.
pub(crate) struct Report {
    rows: Vec<Value>,
    /// Threads that wanted a processor before the bench began.
    load: Option<f64>,
}

impl Report {
    /// A report without figures. What else the machine does is looked at now.
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), load: machine::load() }
    }

    /// Adds a figure, and prints it. For a peer's figure `ours` is what stands beside it, and which part of the peer's ours is
    /// to reach.
    pub(crate) fn row(
        &mut self,
        name: &str,
        value: f64,
        unit: &str,
        ours: Option<(f64, Option<f64>)>,
    ) -> Result<()> {
        let mut line = format!("{name:<64} {value:>10.1} {unit:<10}");
        let (ratio, goal) = (ours.map(|(ours, _)| ours / value), ours.and_then(|(_, goal)| goal));
        if let Some(ratio) = ratio {
            let _ = write!(line, " ours is {ratio:.2} of it");
        }
        let met = ratio.zip(goal).map(|(ratio, goal)| ratio >= goal);
        if let Some((goal, met)) = goal.zip(met) {
            let _ = write!(line, ", goal {goal}: {}", if met { "met" } else { "NOT met" });
        }
        self.rows.push(json!({
            "name": name.trim(), "value": value, "unit": unit, "ratio": ratio, "goal": goal, "met": met,
        }));
        Ok(print(&format!("{}\n", line.trim_end()))?)
    }

    /// Writes `bench/results/NAME.json`.
    pub(crate) fn finish(self, name: &str) -> Result<()> {
        let load = json!({ "before": self.load, "after": machine::load() });
        let all = json!({ "machine": machine::facts(), "load": load, "rows": self.rows });
        Ok(figures::write(name, &all)?)
    }
}
