//! The table and the file of the bench.

use std::fmt::Write as _;

use comity_bench::figures::{self, digits, print};
use comity_bench::machine;
use comity_testkit::Result;
use serde_json::{Map, Value, json};

use crate::servers::Server;

/// How much more a page may cost where there is a hundred times as much.
const GROWTH: f64 = 1.3;

/// The figures, as they come.
pub(crate) struct Report {
    objects: Value,
    rows: Vec<Value>,
    remarks: Vec<String>,
    peers: Map<String, Value>,
    /// Threads that wanted a processor before the bench began.
    load: Option<f64>,
}

impl Report {
    /// A report without figures. What else the machine does is looked at now.
    pub(crate) fn new() -> Self {
        let (rows, remarks, peers) = (Vec::new(), Vec::new(), Map::new());
        Self { objects: Value::Null, rows, remarks, peers, load: machine::load() }
    }

    /// Says what all servers hold.
    pub(crate) fn about(&mut self, name: &str, objects: usize) -> Result<()> {
        self.objects = json!({ "name": name, "objects": objects });
        Ok(print(&format!("{objects} objects, {name}\n"))?)
    }

    /// Names a server and its version.
    pub(crate) fn peer(&mut self, name: &str, version: &str) {
        self.peers.insert(name.to_owned(), json!(version));
    }

    /// Something that is no figure.
    pub(crate) fn remark(&mut self, text: &str) -> Result<()> {
        self.remarks.push(text.to_owned());
        Ok(print(&format!("{text}\n"))?)
    }

    /// A figure of each server, of which the first is compared with the others; more is better. The goals are ratios to
    /// others, by name.
    pub(crate) fn most(
        &mut self,
        name: &str,
        unit: &str,
        rates: &[(&str, f64)],
        goals: Option<&[(&str, f64)]>,
    ) -> Result<()> {
        let (own, others) = rates.split_first().ok_or("no figure")?;
        let mut line = format!("{name:<62} {:>9} {unit}", digits(own.1));
        let mut ratios = Map::new();
        let mut kept = Map::new();
        for (other, rate) in others {
            let ratio = own.1 / rate;
            let _ = write!(line, "; {} times {other} ({})", digits(ratio), digits(*rate));
            let goal = goals.into_iter().flatten().find(|(name, _)| name == other);
            if let Some((_, goal)) = goal {
                let met = if ratio >= *goal { "met" } else { "NOT met" };
                let _ = write!(line, ", goal {goal}: {met}");
                kept.insert((*other).to_owned(), json!({ "goal": goal, "met": ratio >= *goal }));
            }
            ratios.insert((*other).to_owned(), json!(ratio));
        }
        let figures: Map<_, _> =
            rates.iter().map(|(name, rate)| ((*name).to_owned(), json!(rate))).collect();
        self.rows.push(json!({
            "name": name, "unit": unit, "figures": figures, "ratios": ratios, "goals": kept,
        }));
        Ok(print(&format!("{line}\n"))?)
    }

    /// A figure of each server; less is better.
    pub(crate) fn least(&mut self, name: &str, unit: &str, figures: &[(&str, f64)]) {
        let told: Vec<_> = figures.iter().map(|(of, it)| format!("{of} {}", digits(*it))).collect();
        let figures: Map<_, _> =
            figures.iter().map(|(of, it)| ((*of).to_owned(), json!(it))).collect();
        self.rows.push(json!({ "name": name, "unit": unit, "figures": figures }));
        // a table that cannot be printed is in the file
        let _ = print(&format!("{name:<62} {unit}: {}\n", told.join(", ")));
    }

    /// The memory of each server.
    pub(crate) fn memory(&mut self, servers: &[&Server]) {
        let used = servers.iter().filter_map(|it| Some((it.name, it.memory()?)));
        let used: Vec<_> = used.collect();
        self.least("memory with its workers, every page having been read", "MiB", &used);
    }

    /// What a page costs where there is little and where there is much, in milliseconds.
    pub(crate) fn growth(&mut self, name: &str, few: f64, much: f64) -> Result<()> {
        let (growth, met) = (much / few, much / few <= GROWTH);
        self.rows.push(json!({
            "name": name, "unit": "ms", "figures": { "few": few, "many": much }, "growth": growth,
            "goal": GROWTH, "met": met,
        }));
        let met = if met { "met" } else { "NOT met" };
        let (few, much, growth) = (digits(few), digits(much), digits(growth));
        Ok(print(&format!(
            "{name:<76} {few} and {much} ms: {growth} times, goal {GROWTH}: {met}\n"
        ))?)
    }

    /// Writes `bench/results/NAME.json`.
    pub(crate) fn finish(self, name: &str) -> Result<()> {
        let load = json!({ "before": self.load, "after": machine::load() });
        let all = json!({
            "machine": machine::facts(), "load": load, "objects": self.objects, "servers": self.peers,
            "rows": self.rows, "remarks": self.remarks,
        });
        Ok(figures::write(name, &all)?)
    }
}
