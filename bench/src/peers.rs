//! The peers that are written in Python, each in a process of its own.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// Why a peer said nothing.
#[derive(Debug)]
pub enum PeerError {
    /// `scripts/setup` was not run, or could not install the peers.
    Missing(PathBuf),
    /// The process could not be run or spoken to.
    Io(io::Error),
    /// The process ended badly; with what it said of that.
    Failed(String),
    /// The process said something that is no answer.
    Answer(String),
}

impl std::fmt::Display for PeerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(place) => {
                write!(f, "there is no `{}`; run `scripts/setup test` first", place.display())
            }
            Self::Io(error) => write!(f, "the peer could not be run: {error}"),
            Self::Failed(said) => write!(f, "the peer ended badly and said: {said}"),
            Self::Answer(said) => write!(f, "the peer gave an answer that is none: `{said}`"),
        }
    }
}

impl std::error::Error for PeerError {}

impl From<io::Error> for PeerError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What a peer holds of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether an object or a pattern is valid, or whether a pattern matches.
    pub yes: bool,
    /// Its reason, where it gives one.
    pub why: String,
}

/// Asks one peer about all cases, in one process: the verdicts stand in the order of the cases.
///
/// `peer` is a name that `bench/peers/judge.py` knows, and a case is what that program describes.
pub fn judge(peer: &str, cases: &[Value]) -> Result<Vec<Verdict>, PeerError> {
    let mut input = Vec::new();
    for case in cases {
        input.extend_from_slice(case.to_string().as_bytes());
        input.push(b'\n');
    }
    let output = run(PEERS, "judge.py", [peer], input)?;
    let verdicts: Vec<Verdict> = output.lines().skip(1).map(verdict).collect::<Result<_, _>>()?;
    if verdicts.len() == cases.len() {
        Ok(verdicts)
    } else {
        Err(PeerError::Answer(format!("{} verdicts on {} cases", verdicts.len(), cases.len())))
    }
}

fn verdict(line: &str) -> Result<Verdict, PeerError> {
    let none = || PeerError::Answer(line.to_owned());
    let answer: Value = serde_json::from_str(line).map_err(|_| none())?;
    let yes = answer.get("yes").and_then(Value::as_bool).ok_or_else(none)?;
    let why = answer.get("why").and_then(Value::as_str).ok_or_else(none)?.to_owned();
    Ok(Verdict { yes, why })
}

/// How fast a peer works, as `bench/peers/measure.py` measures it.
#[derive(Debug, Clone)]
pub struct Pace {
    /// The version of the peer.
    pub version: String,
    /// The version of Python.
    pub python: String,
    /// How many things it was through with in the middle round, by speed.
    pub items: f64,
    /// How many bytes these had.
    pub bytes: f64,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// Times a peer at its work on the lines of a file, in so many rounds of so many seconds at most. `peer` is a name that
/// `bench/peers/measure.py` knows; `patterns` is for the matcher alone.
pub fn measure(
    peer: &str,
    seconds: f64,
    rounds: u32,
    file: &Path,
    patterns: Option<&Path>,
) -> Result<Pace, PeerError> {
    let (seconds, rounds) = (seconds.to_string(), rounds.to_string());
    let words = [peer.as_ref(), seconds.as_ref(), rounds.as_ref(), file.as_os_str()];
    let words = words.into_iter().chain(patterns.map(Path::as_os_str));
    let environment = if peer == "evidence" { VERIFIER } else { PEERS };
    let output = run(environment, "measure.py", words, Vec::new())?;
    let none = || PeerError::Answer(output.clone());
    let answer: Value = serde_json::from_str(&output).map_err(|_| none())?;
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    let rounds = answer.get("rounds").and_then(Value::as_array).ok_or_else(none)?;
    let mut rounds: Vec<(f64, f64, f64)> = rounds
        .iter()
        .map(|round| {
            let number = |name: &str| round.get(name).and_then(Value::as_f64);
            Some((number("items")?, number("bytes")?, number("seconds")?))
        })
        .collect::<Option<_>>()
        .ok_or_else(none)?;
    rounds.sort_by(|one, other| (one.0 / one.2).total_cmp(&(other.0 / other.2)));
    let &(items, bytes, seconds) = rounds.get(rounds.len() / 2).ok_or_else(none)?;
    Ok(Pace {
        version: text("version").ok_or_else(none)?,
        python: text("python").ok_or_else(none)?,
        items,
        bytes,
        seconds,
    })
}

/// The environment of the peers that know STIX, under the folder in which all is built.
const PEERS: &str = "peers";
/// That of the independent check of evidence.
const VERIFIER: &str = "verify";

/// The Python of an environment.
fn python(environment: &str) -> Result<PathBuf, PeerError> {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."));
    let python = root.join(target).join(environment).join("bin/python");
    if python.exists() { Ok(python) } else { Err(PeerError::Missing(python)) }
}

fn run<I>(environment: &str, script: &str, words: I, input: Vec<u8>) -> Result<String, PeerError>
where
    I: IntoIterator<Item: AsRef<OsStr>>,
{
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(script);
    let mut child = Command::new(python(environment)?)
        // neither the caller's packages nor files left behind
        .args(["-I", "-B"])
        .arg(script)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    // Written from a thread: both ends would wait for each other once both pipes are full.
    let writer = child.stdin.take().map(|mut pipe| {
        std::thread::spawn(move || {
            // A peer that ends early says why on its own.
            let _ = pipe.write_all(&input);
        })
    });
    let output = child.wait_with_output()?;
    if let Some(writer) = writer {
        let _ = writer.join();
    }
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(PeerError::Failed(said.trim().to_owned()));
    }
    String::from_utf8(output.stdout).map_err(|_| PeerError::Answer("no UTF-8".to_owned()))
}
