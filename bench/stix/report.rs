//! The table and the file of the bench.

use std::fmt::Write as _;

use comity_bench::figures::{self, digits, print};
use comity_bench::machine;
use serde_json::{Map, Value, json};

use crate::Result;

/// One figure of ours, beside one of a peer where there is one.
pub(crate) struct Row<'r> {
    pub(crate) name: &'r str,
    pub(crate) value: f64,
    pub(crate) unit: &'r str,
    pub(crate) beside: Option<(&'r str, f64)>,
    /// How many times the peer's figure ours is to be.
    pub(crate) goal: Option<f64>,
}

/// The figures, as they come.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Value>,
    peers: Map<String, Value>,
    notes: Vec<String>,
}

impl Report {
    /// One line of the table and one row of the file. It is printed when it is known: the whole takes a while.
    pub(crate) fn row(&mut self, row: &Row<'_>) -> Result<()> {
        let Row { name, value, unit, beside, goal } = *row;
        let ratio = beside.map(|(_, theirs)| value / theirs);
        let met = ratio.zip(goal).map(|(ratio, goal)| ratio >= goal);
        let mut line = format!("  {name:<34} {:>12} {unit:<14}", digits(value));
        if let (Some((peer, theirs)), Some(ratio)) = (beside, ratio) {
            let _ = write!(line, " {peer:<34} {:>10}  {:>9} x", digits(theirs), digits(ratio));
        }
        if let (Some(goal), Some(met)) = (goal, met) {
            let _ = write!(line, "  goal {goal} x: {}", if met { "met" } else { "NOT met" });
        }
        line.push('\n');
        self.rows.push(json!({
            "name": name, "value": value, "unit": unit, "beside": beside.map(|(peer, _)| peer),
            "beside_value": beside.map(|(_, theirs)| theirs), "ratio": ratio, "goal": goal,
            "met": met, "lower_is_better": false,
        }));
        Ok(print(&line)?)
    }

    /// The version of a peer.
    pub(crate) fn peer(&mut self, name: &str, version: &str) {
        self.peers.insert(name.to_owned(), json!(version));
    }

    /// Something to know about the figures.
    pub(crate) fn note(&mut self, text: &str) -> Result<()> {
        self.notes.push(text.to_owned());
        Ok(print(&format!("  ({text})\n"))?)
    }

    /// Writes `bench/results/NAME.json`.
    pub(crate) fn finish(self, name: &str) -> Result<()> {
        let all = json!({
            "machine": machine::facts(), "peers": self.peers, "notes": self.notes, "rows": self.rows,
        });
        print("\n")?;
        Ok(figures::write(name, &all)?)
    }
}
