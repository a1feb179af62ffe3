//! Checks the STIX files it is given, and says what is wrong and how to mend it:
//! `cargo run -p comity-stix --example check -- FILE...`

use std::fs::File;
use std::io::{self, BufReader, Write as _};
use std::process::ExitCode;

use comity_stix::reader::Objects;
use comity_stix::{Checker, Limits};

fn main() -> io::Result<ExitCode> {
    let limits = Limits::default();
    let checker = Checker::new(&limits);
    let mut out = io::stdout().lock();
    let mut valid = true;
    for path in std::env::args_os().skip(1) {
        let path = std::path::PathBuf::from(path);
        for object in Objects::new(BufReader::new(File::open(&path)?), limits) {
            let object = match object {
                Ok(object) => object,
                Err(error) => {
                    valid = false;
                    writeln!(out, "{}:{}: {}", path.display(), error.line, error.message)?;
                    continue;
                }
            };
            let report = checker.check(&object.bytes);
            valid &= report.is_valid();
            for finding in report.findings {
                // What a sender wrote does not reach the terminal raw.
                let pointer = finding.pointer.escape_debug();
                writeln!(out, "{}:{}: {pointer}: {finding}", path.display(), object.line)?;
            }
        }
    }
    Ok(if valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
