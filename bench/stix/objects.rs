//! Full validation, and heads.

use std::collections::BTreeSet;
use std::fs::File;
use std::hint::black_box;
use std::path::Path;

use comity_bench::figures::print;
use comity_bench::{corpus, peers};
use comity_stix::reader::Objects;
use comity_stix::{Limits, check, head};
use rstix::Validator;
use rstix::model::ParseOptions;

use crate::report::{Report, Row};
use crate::rounds::{Worker, turns};
use crate::{Effort, Result, scratch};

/// The version of rstix that the workspace is locked to.
pub(crate) const RSTIX: &str = "0.23.0";

/// Objects, one line of JSON each.
struct Corpus {
    name: String,
    lines: Vec<String>,
}

impl Corpus {
    fn bytes(&self) -> usize {
        self.lines.iter().map(String::len).sum()
    }

    /// In another order, the same each time, so that a peer that gets no further than a part meets all kinds.
    fn mixed(name: &str, lines: Vec<String>) -> Self {
        const STEP: usize = 7_919;
        let count = lines.len();
        let mut lines: Vec<(usize, String)> =
            lines.into_iter().enumerate().map(|(at, line)| (at * STEP % count, line)).collect();
        lines.sort();
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        Self { name: name.to_owned(), lines }
    }
}

/// Measures each corpus there is.
pub(crate) fn measure(report: &mut Report, effort: &Effort) -> Result<()> {
    let mut corpora = vec![Corpus::mixed("made", corpus::objects(effort.objects, 1))];
    for (name, file) in [
        ("ATT&CK for ICS 18.1", "ics-attack-18.1.json"),
        ("ATT&CK enterprise 15.0", "enterprise-attack-15.0-stix21.json"),
    ] {
        match attack(file) {
            Some(lines) => corpora.push(Corpus::mixed(name, lines?)),
            None => report.note(&format!("{name} is not at hand: left out"))?,
        }
    }
    for corpus in &corpora {
        print(&format!(
            "\n{}: {} objects, {} bytes each\n",
            corpus.name,
            corpus.lines.len(),
            corpus.bytes() / corpus.lines.len().max(1)
        ))?;
        validation_and_heads(report, effort, corpus)?;
    }
    Ok(())
}

/// The objects of a bundle of the shared folder, each on one line, where there is one.
fn attack(file: &str) -> Option<Result<Vec<String>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/stix");
    let file = File::open(folder.join(file)).ok()?;
    let mut ids = BTreeSet::new();
    let line = |object: comity_stix::reader::RawObject| {
        // A line break in JSON is space between its parts, never a part of a text.
        Ok(String::from_utf8(object.bytes)?.replace(['\n', '\r'], " "))
    };
    let objects = Objects::new(file, Limits::default());
    Some(
        objects
            .map(|object| line(object?))
            .filter(|line| {
                line.as_ref().map_or(true, |line| {
                    head(line.as_bytes(), &Limits::default())
                        .is_ok_and(|head| ids.insert(head.id.into_owned()))
                })
            })
            .collect(),
    )
}

fn validation_and_heads(report: &mut Report, effort: &Effort, corpus: &Corpus) -> Result<()> {
    let lines = &corpus.lines;
    let limits = Limits::default();
    let options = ParseOptions { allow_custom: true, ..ParseOptions::default() };
    let mut validator = Validator::builder().with_parse_options(options);
    for phase in Validator::producer_strict().phases() {
        validator = validator.with_phase(*phase);
    }
    let validator = validator.build();
    let bundles: Vec<String> = lines.iter().map(|line| bundle_of(line)).collect();
    let whole = bundle_of(&lines.join(","));
    let mut workers = [
        Worker::new("comity check", || {
            for line in lines {
                black_box(check(black_box(line.as_bytes()), &limits));
            }
        }),
        Worker::new("comity head", || {
            for line in lines {
                let _ = black_box(head(black_box(line.as_bytes()), &limits));
            }
        }),
        Worker::new("serde_json to Value", || {
            for line in lines {
                let _ = black_box(serde_json::from_slice::<serde_json::Value>(black_box(
                    line.as_bytes(),
                )));
            }
        }),
        Worker::new("rstix, an object a call", || {
            for bundle in &bundles {
                black_box(validator.validate_json_str(black_box(bundle)));
            }
        }),
        Worker::new("rstix, all in one bundle", || {
            black_box(validator.validate_json_str(black_box(&whole)));
        }),
    ];
    let paces = turns(&mut workers, effort.rounds, effort.seconds);
    let names: Vec<String> = workers.iter().map(|worker| worker.name.clone()).collect();
    let [check_pace, head_pace, value_pace, one_pace, whole_pace] = paces.as_slice() else {
        return Err("each worker has a pace".into());
    };
    // What cannot be read as a whole would be done quickly and count as fast.
    let readable = rstix::Bundle::parse_with_options(&whole, validator.parse_options()).is_ok();
    let (rstix, rstix_pace) = if readable && whole_pace > one_pace {
        (names.get(4), whole_pace)
    } else {
        (names.get(3), one_pace)
    };
    let rstix = format!("{} {RSTIX}", rstix.map_or("rstix", String::as_str));
    report.peer("rstix", RSTIX);

    let file = scratch("objects.jsonl");
    std::fs::write(&file, lines.join("\n"))?;
    let count = as_float(lines.len());
    let megabytes = as_float(corpus.bytes()) / 1e6;
    let mut row = |name: &str, value: f64, unit: &str, beside: (&str, f64), goal: f64| {
        report.row(&Row { name, value, unit, beside: Some(beside), goal: Some(goal) })
    };
    let mut versions = Vec::new();
    let mut samples = Vec::new();
    for (peer, what, goal) in [("stix2", "parse", 50.0), ("stix2-validator", "validation", 500.0)] {
        let pace = peers::measure(peer, effort.seconds * 3.0, effort.rounds.min(3), &file, None)?;
        let theirs = pace.items / pace.seconds;
        let beside = format!("{peer} {} {what}", pace.version);
        row("full validation", check_pace * count, "objects/s", (&beside, theirs), goal)?;
        samples.push(format!("{peer}: {} objects a round", pace.items));
        versions.push((peer, pace.version));
        versions.push(("Python", pace.python));
    }
    row("full validation", check_pace * count, "objects/s", (&rstix, rstix_pace * count), 4.0)?;
    let beside = ("serde_json to Value", value_pace * megabytes);
    row("full validation", check_pace * megabytes, "MB/s", beside, 0.5)?;
    row("heads", head_pace * megabytes, "MB/s", beside, 2.0)?;
    for (peer, version) in versions {
        report.peer(peer, &version);
    }
    report.note(&format!("of the slow ones a part was timed: {}", samples.join(", ")))
}

fn bundle_of(objects: &str) -> String {
    format!(
        r#"{{"type":"bundle","id":"bundle--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11","objects":[{objects}]}}"#
    )
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(crate) fn as_float(count: usize) -> f64 {
    count as f64
}
