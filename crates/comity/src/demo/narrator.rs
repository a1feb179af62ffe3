//! How the demonstration is told: one line a step with its time, and a bar while it lasts.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde::Serialize;
use serde_json::Value;

use super::steps::Step;
use crate::lang::Lang;
use crate::output;

/// What a step has to tell.
#[derive(Debug)]
pub(super) struct Told {
    /// The line.
    pub(super) line: String,
    /// What it shows below.
    pub(super) details: Vec<String>,
    /// The same for programs.
    pub(super) facts: Value,
}

/// A step that was played.
#[derive(Debug, Serialize)]
pub(super) struct Played {
    name: &'static str,
    ok: bool,
    ms: u64,
    facts: Value,
}

/// Tells the steps as they end.
#[derive(Debug)]
pub(super) struct Narrator {
    lang: Lang,
    /// Whether lines are printed; a program waits for its document instead.
    aloud: bool,
    bar: ProgressBar,
    began: Instant,
    played: Vec<Played>,
}

impl Narrator {
    pub(super) fn new(lang: Lang, aloud: bool) -> Self {
        let bar = ProgressBar::new(Step::ALL.len() as u64).with_finish(ProgressFinish::AndClear);
        // nothing is drawn where stderr is no terminal
        if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:22} {pos}/{len}  {msg}") {
            bar.set_style(style);
        }
        Self { lang, aloud, bar, began: Instant::now(), played: Vec::new() }
    }

    /// A line that belongs to no step.
    pub(super) fn say(&self, line: &str) {
        if self.aloud {
            self.bar.suspend(|| output::line(line));
        }
    }

    /// A step begins.
    pub(super) fn begin(&mut self, step: Step) {
        self.bar.set_message(step.title(self.lang));
        self.bar.enable_steady_tick(Duration::from_millis(100));
        self.began = Instant::now();
    }

    /// The step that began has ended well, or it has not.
    pub(super) fn end(&mut self, step: Step, told: Told, ok: bool) {
        let took = self.began.elapsed();
        self.bar.inc(1);
        let number = self.played.len() + 1;
        self.say(&format!("{number:>2}  {}  ({:.1} s)", told.line, took.as_secs_f64()));
        for detail in &told.details {
            self.say(&format!("      {detail}"));
        }
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.played.push(Played { name: step.name(), ok, ms, facts: told.facts });
    }

    /// No more steps.
    pub(super) fn finish(self) -> Vec<Played> {
        self.played
    }
}
