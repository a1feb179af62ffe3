//! Runs the program.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What the environment of whoever runs the tests could say to the program.
const FOREIGN: [&str; 11] = [
    "COLUMNS",
    "COMITY_CLOCK_FILE",
    "COMITY_DATA",
    "COMITY_LANG",
    "COMITY_PASSPHRASE_FILE",
    "CREDENTIALS_DIRECTORY",
    "LC_ALL",
    "LC_MESSAGES",
    "LOGNAME",
    "RUST_BACKTRACE",
    "USER",
];

/// The program with an environment of its own and nobody at its standard input.
pub(crate) fn comity() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
    for name in FOREIGN {
        command.env_remove(name);
    }
    command.env("LANG", "C").stdin(Stdio::null());
    command
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it ended by itself"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The one JSON document on standard output, with this exit code.
    pub(crate) fn document(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.stdout.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A folder with data folders of nodes, which goes when it is dropped.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Runs a command line, split at spaces; `_` in a word stands for a space. Files are named relative to the place.
    pub(crate) fn run(&self, line: &str) -> Ran {
        let words = line.split_whitespace().map(|word| word.replace('_', " "));
        comity().args(words).current_dir(self.0.path()).output().unwrap().into()
    }

    /// The same with something on standard input. What the program does not read of it does not matter.
    pub(crate) fn run_on(&self, input: &[u8], line: &str) -> Ran {
        let words = line.split_whitespace().map(|word| word.replace('_', " "));
        let mut command = comity();
        command.args(words).current_dir(self.0.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let _ = stdin.write_all(input);
            });
            child.wait_with_output().unwrap().into()
        })
    }

    /// The JSON document of a command that is done.
    pub(crate) fn ok(&self, line: &str) -> Value {
        self.run(&format!("{line} --json")).document(0)
    }

    /// The code of the error of a command that exits with `code`.
    pub(crate) fn refused(&self, line: &str, code: i32) -> String {
        let document = self.run(&format!("{line} --json")).document(code);
        document["error"]["code"].as_str().unwrap_or_else(|| panic!("{document}")).to_owned()
    }

    /// Makes a training node whose keys are open.
    pub(crate) fn node(&self, handle: &str) -> Value {
        self.ok(&format!(
            "init --handle {handle} --name Authority_{handle} --exercise --no-passphrase --data {handle}"
        ))
    }

    /// `us` and `mx` with an agreement in force, and three officers at `us`.
    pub(crate) fn pair() -> Self {
        let place = Self::new();
        for handle in ["us", "mx"] {
            place.node(handle);
            place.ok(&format!("party export --out {handle}.descriptor --data {handle}"));
        }
        for (here, there) in [("us", "mx"), ("mx", "us")] {
            place.ok(&format!("party import {there}.descriptor --data {here}"));
            place.ok(&format!("party confirm {there} --yes --data {here}"));
        }
        place.ok("agreement new --with mx --out agreement.toml --data us");
        place.ok("agreement sign agreement.toml --data us");
        place.ok("agreement sign agreement.toml --data mx");
        place.ok("agreement import agreement.us.agreement --data mx");
        place.ok("agreement import agreement.mx.agreement --data us");
        for officer in ["officer-1", "officer-2", "officer-3"] {
            place.ok(&format!(
                "officer add {officer} --office release_desk --no-passphrase --data us"
            ));
        }
        place
    }
}

/// The file of the example holdings of `us`.
pub(crate) fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/us/holdings.jsonl")
}

/// A file with a line for each object.
pub(crate) fn lines(place: &Place, name: &str, objects: impl IntoIterator<Item = String>) {
    let mut file = std::fs::File::create(place.path(name)).unwrap();
    for object in objects {
        writeln!(file, "{object}").unwrap();
    }
}

/// An indicator of this number, with a description of so many bytes.
pub(crate) fn indicator(number: u32, description: usize) -> String {
    let text: String = "anhydride drum shipment ".chars().cycle().take(description).collect();
    format!(
        r#"{{"type":"indicator","spec_version":"2.1","id":"indicator--5d0b6f1e-3c0e-4e59-8a52-{number:012x}","created":"2026-03-01T10:00:00.000Z","modified":"2026-03-01T10:00:00.000Z","name":"Indicator {number}","description":"{text}","pattern":"[url:value = 'https://example.com/{number}']","pattern_type":"stix","valid_from":"2026-03-01T10:00:00Z"}}"#
    )
}
