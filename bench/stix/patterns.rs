//! Patterns: one at a time, and many standing ones, over observations that arrive one by one.

use std::hint::black_box;

use comity_bench::figures::print;
use comity_bench::{corpus, peers};
use comity_stix::Limits;
use comity_stix::pattern::{
    Bare, Budget, Matcher, Observations, Pattern, PatternLimits, PatternSet,
};
use rstix::model::sdo::{ObservedData, SdoObject};
use rstix::{Bundle, StixObject};
use serde_json::Value;

use crate::objects::{RSTIX, as_float};
use crate::report::{Report, Row};
use crate::rounds::{Worker, turns};
use crate::{Effort, Result, scratch};

/// How many patterns stand at once.
const SIZES: [usize; 4] = [1, 100, 1_000, 10_000];

/// How many are compared with the peers, each alone.
const ALONE: usize = 100;

/// How many times the evaluations of the OASIS matcher are to be reached.
const GOAL: f64 = 100.0;

/// Measures single patterns beside the peers, and sets of them.
pub(crate) fn measure(report: &mut Report, effort: &Effort) -> Result<()> {
    let bundles = corpus::observations(effort.observations, 2, corpus::POOL);
    let texts = corpus::patterns(10_000, 3, corpus::POOL);
    let patterns: Vec<Pattern> = texts
        .iter()
        .map(|text| Pattern::parse(text, &PatternLimits::default()))
        .collect::<Result<_, _>>()?;
    let objects = bundles.iter().map(|bundle| objects_of(bundle)).collect::<Result<Vec<_>>>()?;
    let observations = objects.iter().map(|it| read(it)).collect::<Result<Vec<_>>>()?;
    print(&format!("\npatterns over {} observations\n", bundles.len()))?;
    let (alone, oasis) = alone(report, effort, &bundles, &texts, &patterns, &observations)?;
    sets(report, effort, (alone, oasis), &patterns, &objects, &observations)
}

/// The objects of a bundle, each by itself.
fn objects_of(bundle: &str) -> Result<Vec<String>> {
    let bundle: Value = serde_json::from_str(bundle)?;
    let objects = bundle.get("objects").and_then(Value::as_array).ok_or("no objects")?;
    Ok(objects.iter().map(Value::to_string).collect())
}

fn read(objects: &[String]) -> Result<Observations<'_>> {
    let bytes = objects.iter().map(String::as_bytes);
    Ok(Observations::of(bytes, Bare::Ignored, &Limits::default())?)
}

/// Each pattern alone, beside the peers. Gives how many observations match, each counted for each pattern, and the
/// evaluations a second of the OASIS matcher.
fn alone(
    report: &mut Report,
    effort: &Effort,
    bundles: &[String],
    texts: &[String],
    patterns: &[Pattern],
    observations: &[Observations<'_>],
) -> Result<(usize, f64)> {
    let budget = Budget::default();
    let matchers: Vec<Matcher> = patterns.iter().take(ALONE).map(Matcher::new).collect();
    let theirs: Vec<rstix::Pattern> = texts
        .iter()
        .take(ALONE)
        .map(|text| rstix::Pattern::parse(text))
        .collect::<Result<_, _>>()?;
    let parsed: Vec<Bundle> =
        bundles.iter().map(|bundle| rstix::parse_bundle(bundle)).collect::<Result<_, _>>()?;
    let observed: Vec<(&Bundle, &ObservedData)> = parsed
        .iter()
        .filter_map(|bundle| bundle.objects().iter().find_map(observed_data).map(|it| (bundle, it)))
        .collect();
    let mut matched = 0;
    let mut workers = [
        Worker::new("comity", || {
            matched = 0;
            for matcher in &matchers {
                for observation in observations {
                    let found = matcher.find(black_box(observation), &budget);
                    matched += usize::from(found.is_ok_and(|found| found.is_some()));
                }
            }
        }),
        Worker::new("rstix", || {
            for pattern in &theirs {
                for (bundle, observed) in &observed {
                    let _ = black_box(pattern.evaluate_observed_data(black_box(observed), bundle));
                }
            }
        }),
    ];
    let paces = turns(&mut workers, effort.rounds, effort.seconds);
    drop(workers);
    let evaluations = as_float(ALONE) * as_float(bundles.len());
    let paces: Vec<f64> = paces.into_iter().map(|pace| pace * evaluations).collect();
    let [ours, rstix] = paces.as_slice() else { return Err("each worker has a pace".into()) };

    let (file, lines) = (scratch("observations.jsonl"), scratch("patterns.txt"));
    std::fs::write(&file, bundles.join("\n"))?;
    let few: Vec<&str> = texts.iter().take(ALONE).map(String::as_str).collect();
    std::fs::write(&lines, few.join("\n"))?;
    let mut oasis = 0.0_f64;
    for (peer, how) in
        [("stix2-matcher", "one by one"), ("stix2-matcher-together", "all in one call")]
    {
        let seconds = effort.seconds * 3.0;
        let pace = peers::measure(peer, seconds, effort.rounds.min(3), &file, Some(&lines))?;
        let theirs = pace.items / pace.seconds;
        oasis = oasis.max(theirs);
        report.peer("stix2-matcher", &pace.version);
        report.row(&Row {
            name: "a pattern, an observation",
            value: *ours,
            unit: "evaluations/s",
            beside: Some((&format!("stix2-matcher {}, {how}", pace.version), theirs)),
            goal: Some(GOAL),
        })?;
    }
    report.row(&Row {
        name: "a pattern, an observation",
        value: *ours,
        unit: "evaluations/s",
        beside: Some((&format!("rstix {RSTIX}"), *rstix)),
        goal: None,
    })?;
    Ok((matched, oasis))
}

fn observed_data(object: &StixObject) -> Option<&ObservedData> {
    match object {
        StixObject::Sdo(SdoObject::ObservedData(observed)) => Some(observed),
        _ => None,
    }
}

/// More and more patterns at once.
fn sets(
    report: &mut Report,
    effort: &Effort,
    (alone, oasis): (usize, f64),
    patterns: &[Pattern],
    objects: &[Vec<String>],
    observations: &[Observations<'_>],
) -> Result<()> {
    let budget = Budget::default();
    let count = as_float(observations.len());
    // Observations a second with as many patterns as are measured alone.
    let mut base = None;
    for size in SIZES {
        let mut set = PatternSet::new();
        for (key, pattern) in patterns.iter().take(size).enumerate() {
            set.insert(key, pattern);
        }
        let found: usize =
            observations.iter().map(|one| set.find_all(one, &budget).matches.len()).sum();
        if size == ALONE && found != alone {
            return Err(format!("alone {alone} match, and in a set {found}").into());
        }
        let mut workers = [
            Worker::new("matched", || {
                for observation in observations {
                    black_box(set.find_all(black_box(observation), &budget));
                }
            }),
            Worker::new("read and matched", || {
                for objects in objects {
                    if let Ok(observation) = read(black_box(objects)) {
                        black_box(set.find_all(&observation, &budget));
                    }
                }
            }),
        ];
        let paces = turns(&mut workers, effort.rounds, effort.seconds);
        let [pace, with_reading] = paces.as_slice() else {
            return Err("each worker has a pace".into());
        };
        report.row(&Row {
            name: &format!("a set of {size}, {found} matches"),
            value: pace * count * as_float(size),
            unit: "evaluations/s",
            beside: Some(("stix2-matcher, the faster way", oasis)),
            goal: Some(GOAL),
        })?;
        let linear = base.map(|base: f64| base * as_float(ALONE) / as_float(size));
        report.row(&Row {
            name: &format!("a set of {size}"),
            value: pace * count,
            unit: "observations/s",
            beside: linear.map(|linear| ("if it grew as the patterns do", linear)),
            goal: linear.map(|_| 1.0),
        })?;
        report.row(&Row {
            name: &format!("a set of {size}, reading included"),
            value: with_reading * count,
            unit: "observations/s",
            beside: None,
            goal: None,
        })?;
        if size == ALONE {
            base = Some(pace * count);
        }
    }
    Ok(())
}
