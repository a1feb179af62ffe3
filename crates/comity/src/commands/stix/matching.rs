//! `comity stix match`: which patterns match what was observed, and by which observations.

use std::path::PathBuf;

use comity_stix::Limits;
use comity_stix::pattern::{Bare, Budget, Observations, PatternSet};
use comity_stix::reader::{Objects, RawObject};
use serde::Serialize;

use super::input::{Bounds, Input, Refused};
use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::output::{Reply, note};
use patterns::{Patterns, Standing};

mod bad;
mod patterns;
mod said;

pub(crate) use bad::BadPattern;

/// Bytes of objects that are held to be matched.
const MOST_BYTES: u64 = 256 << 20;

/// Refusals that the JSON document lists; beyond them they are only counted.
const LISTED: usize = 1_000;

/// What to match with what.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// STIX 2.1 bundles, lists, objects or JSON lines with observed-data, `-` for standard input; exits with 1 when no pattern matches
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The pattern; one that cannot be read exits with 2
    #[arg(
        long,
        value_name = "PATTERN",
        required_unless_present = "patterns",
        conflicts_with = "patterns"
    )]
    pattern: Option<String>,
    /// A file of patterns, one a line (a line that begins with # is none), or of STIX indicators
    #[arg(long, value_name = "FILE")]
    patterns: Option<PathBuf>,
    /// Take each observable that no observed-data holds as one observation at no known time; WITHIN, START, STOP and FOLLOWEDBY are false of it
    #[arg(long)]
    bare: bool,
    #[command(flatten)]
    bounds: Bounds,
}

/// What matched.
#[derive(Serialize)]
struct Body {
    /// Whether any pattern matched; null if none did and one was not decided.
    matched: Option<bool>,
    observations: usize,
    objects: usize,
    patterns: Vec<Verdict>,
    /// Indicators with patterns in another language, or with none.
    skipped: u64,
    /// What could not be taken for an object and was not looked at, all of it counted.
    refused: u64,
    refusals: Vec<Refusal>,
}

#[derive(Serialize)]
struct Refusal {
    file: String,
    #[serde(flatten)]
    refused: Refused,
}

/// What one pattern came to.
#[derive(Serialize)]
struct Verdict {
    #[serde(flatten)]
    standing: Standing,
    /// Null when the question was not decided within its budget.
    matched: Option<bool>,
    /// The observations that make the match, by identifier; null for one that has none.
    by: Vec<Option<String>>,
}

/// Runs the command.
pub(super) fn run(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    let paths: Vec<PathBuf> = args.patterns.iter().chain(&args.files).cloned().collect();
    let mut inputs = Input::open(&paths)?.into_iter();
    let limits = args.bounds.limits();
    let Patterns { standing, skipped } = match (&args.pattern, &args.patterns) {
        (Some(pattern), _) => Patterns::given(pattern)?,
        (None, Some(path)) => Patterns::of_file(path, inputs.next(), limits)?,
        (None, None) => Patterns::default(),
    };
    let objects = read(ctx, limits, inputs)?;
    let bare = if args.bare { Bare::Observed } else { Bare::Ignored };
    let bytes = objects.objects.iter().map(|it| it.bytes.as_slice());
    let observations = Observations::of(bytes, bare, &limits)
        .map_err(|error| CliError::Runtime(std::io::Error::other(error)))?;
    let patterns = verdicts(standing, &observations);
    let mut body = Body {
        matched: None,
        observations: observations.len(),
        objects: objects.objects.len(),
        patterns,
        skipped,
        refused: objects.refused,
        refusals: objects.refusals,
    };
    body.matched = any(&body.patterns);
    let exit = if body.matched == Some(true) { Exit::Done } else { Exit::Refused };
    let text = said::text(ctx, &body);
    Ok(ctx.reply(&body, text)?.with_exit(exit))
}

fn any(verdicts: &[Verdict]) -> Option<bool> {
    let any = |matched| verdicts.iter().any(|it| it.matched == matched);
    if any(Some(true)) {
        Some(true)
    } else if any(None) {
        None
    } else {
        Some(false)
    }
}

/// What each pattern comes to, all of them matched together.
fn verdicts(standing: Vec<Standing>, observations: &Observations<'_>) -> Vec<Verdict> {
    let mut set = PatternSet::new();
    for (index, it) in standing.iter().enumerate() {
        set.insert(index, &it.pattern);
    }
    let found = set.find_all(observations, &Budget::default());
    let mut verdicts: Vec<Verdict> = standing
        .into_iter()
        .map(|standing| Verdict { standing, matched: Some(false), by: Vec::new() })
        .collect();
    let id = |index| Some(observations.get(index)?.id()?.to_owned());
    for (index, found) in found.matches {
        if let Some(verdict) = verdicts.get_mut(index) {
            verdict.matched = Some(true);
            verdict.by = found.observations.into_iter().map(id).collect();
        }
    }
    for index in found.undecided {
        if let Some(verdict) = verdicts.get_mut(index) {
            verdict.matched = None;
        }
    }
    verdicts
}

/// What stands in the files.
#[derive(Default)]
struct Read {
    objects: Vec<RawObject>,
    refused: u64,
    refusals: Vec<Refusal>,
}

fn read(ctx: &Ctx, limits: Limits, inputs: impl Iterator<Item = Input>) -> Result<Read, CliError> {
    let mut read = Read::default();
    let mut bytes = 0;
    for input in inputs {
        let file = input.name.clone();
        for next in Objects::new(input, limits) {
            match next {
                Ok(raw) => {
                    bytes += raw.bytes.len() as u64;
                    if bytes > MOST_BYTES {
                        return Err(CliError::TooLarge { path: file.into(), limit: MOST_BYTES });
                    }
                    read.objects.push(raw);
                }
                Err(error) => {
                    let refused = Refused::reading(&error, ctx.lang.stix());
                    note(ctx, &refused.said(&file));
                    read.refused += 1;
                    if read.refusals.len() < LISTED {
                        read.refusals.push(Refusal { file: file.clone(), refused });
                    }
                }
            }
        }
    }
    Ok(read)
}
