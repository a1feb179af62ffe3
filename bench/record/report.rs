//! The table and the file of the bench.

use std::fmt::Write as _;

use comity_bench::figures::{self, digits, print};
use comity_bench::machine;
use comity_testkit::Result;
use serde_json::{Map, Value, json};

/// One figure.
#[derive(Default)]
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
pub(crate) struct Report {
    rows: Vec<Value>,
    peers: Map<String, Value>,
    /// Threads that wanted a processor before the bench began.
    load: Option<f64>,
}

impl Report {
    /// A report without figures. What else the machine does is looked at now.
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), peers: Map::new(), load: machine::load() }
    }

    /// Adds a figure, and prints it: the whole takes a while.
    pub(crate) fn row(&mut self, row: Row) -> Result<()> {
        let Row { name, value, unit, goal, lower_is_better, beside } = row;
        let met = goal.map(|goal| if lower_is_better { value <= goal } else { value >= goal });
        let mut line = format!("{name:<76} {:>11} {unit}", digits(value));
        if let Some((goal, met)) = goal.zip(met) {
            let _ = write!(line, "  goal {goal}: {}", if met { "met" } else { "NOT met" });
        }
        line.push('\n');
        let ratio = beside.map(|(_, other)| value / other);
        if let Some(((name, other), ratio)) = beside.zip(ratio) {
            let _ = writeln!(line, "  beside {name}: {}, ratio {}", digits(other), digits(ratio));
        }
        self.rows.push(json!({
            "name": name, "value": value, "unit": unit, "beside": beside.map(|it| it.0),
            "beside_value": beside.map(|it| it.1), "ratio": ratio, "goal": goal, "met": met,
            "lower_is_better": lower_is_better,
        }));
        Ok(print(&line)?)
    }

    /// The version of a peer.
    pub(crate) fn peer(&mut self, name: &str, version: &str) {
        self.peers.insert(name.to_owned(), json!(version));
    }

    /// Writes `bench/results/NAME.json`.
    pub(crate) fn finish(self, name: &str) -> Result<()> {
        let load = json!({ "before": self.load, "after": machine::load() });
        let all = json!({
            "machine": machine::facts(), "load": load, "peers": self.peers, "rows": self.rows,
        });
        Ok(figures::write(name, &all)?)
    }
}
