//! The files to look at, standard input among them.

use std::fs::File;
use std::io::{self, Read, Stdin};
use std::path::{Path, PathBuf};

use comity_stix::reader::{RawObject, ReadError};
use comity_stix::{Code, Finding, Lang, Limits};
use serde::Serialize;

use crate::error::CliError;
use crate::files;
use crate::output::{on_one_line, short};

/// What stands for standard input among the names of files.
const STDIN: &str = "-";

/// The most that `--max-object-bytes` may ask for: what is held of an object several times over still fits into memory.
const MOST_BYTES: u64 = 256 << 20;

/// The most that `--max-depth` may ask for.
const DEEPEST: u64 = 1_000;

/// What one object may cost.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Bounds {
    /// Bytes of the largest object that is read, up to 256 MiB; a larger one is refused as too-large (else 1048576, which is what nodes exchange)
    #[arg(long, value_name = "N", default_value_t = Limits::default().object_bytes as u64, value_parser = clap::value_parser!(u64).range(1..=MOST_BYTES))]
    max_object_bytes: u64,
    /// How many objects and lists may be open within one another, up to 1,000; a deeper object is refused as too-deep (else 64, which is what nodes exchange)
    #[arg(long, value_name = "N", default_value_t = Limits::default().depth as u64, value_parser = clap::value_parser!(u64).range(1..=DEEPEST))]
    max_depth: u64,
}

impl Bounds {
    /// The limits. Larger objects may have longer strings and more properties, too.
    pub(super) fn limits(self) -> Limits {
        let usual = Limits::default();
        let whole = |number| usize::try_from(number).unwrap_or(usize::MAX);
        let object_bytes = whole(self.max_object_bytes);
        let times = object_bytes.div_ceil(usual.object_bytes);
        Limits {
            depth: whole(self.max_depth),
            object_bytes,
            properties: usual.properties.saturating_mul(times),
            string_bytes: usual.string_bytes.max(object_bytes),
        }
    }
}

/// A file that is open.
#[derive(Debug)]
pub(super) struct Input {
    /// Its name as it was given.
    pub(super) name: String,
    from: From,
}

#[derive(Debug)]
enum From {
    Stdin(Stdin),
    File(File),
}

impl Input {
    /// Opens files, all of them before any is read.
    pub(super) fn open(paths: &[PathBuf]) -> Result<Vec<Self>, CliError> {
        if paths.iter().filter(|path| path.as_os_str() == STDIN).count() > 1 {
            return Err(CliError::usage(
                "standard input can be read once; leave one `-`",
                "la entrada estándar puede leerse una vez; deje un solo `-`",
            ));
        }
        paths.iter().map(|path| Self::of(path)).collect()
    }

    fn of(path: &Path) -> Result<Self, CliError> {
        let name = files::name(path);
        if path.as_os_str() == STDIN {
            return Ok(Self { name, from: From::Stdin(io::stdin()) });
        }
        Ok(Self { name, from: From::File(files::open(path)?.0) })
    }
}

impl Input {
    /// The file once more, to read any part of it again; `None` of what goes by only once.
    pub(super) fn again(&self) -> Option<File> {
        match &self.from {
            From::File(file) if file.metadata().is_ok_and(|it| it.is_file()) => {
                file.try_clone().ok()
            }
            _ => None,
        }
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.from {
            From::Stdin(stdin) => stdin.read(buffer),
            From::File(file) => file.read(buffer),
        }
    }
}

/// Something in a file that is no object, or why the rest of the file could not be read.
#[derive(Debug, Serialize)]
pub(super) struct Refused {
    /// The line of the fault, from 1.
    pub(super) line: u64,
    /// Where the fault is, in bytes from the start of the file.
    pub(super) offset: u64,
    /// Where it is in the object, as a JSON pointer.
    pub(super) pointer: String,
    /// A stable word.
    pub(super) code: &'static str,
    /// Where the rule or the bound stands; null where the file could not be read.
    pub(super) section: Option<&'static str>,
    /// What is wrong and how to mend it.
    pub(super) message: String,
}

impl Refused {
    /// What the reader could not give.
    pub(super) fn reading(error: &ReadError, lang: Lang) -> Self {
        let message = error.message_in(lang);
        let (line, offset) = (error.line, error.offset);
        // No editor shows a byte that is no character, and the file may have one line only.
        let message = match lang {
            _ if error.code != Code::InvalidUtf8 => message,
            Lang::En => format!("{message} (at byte {offset} of the file, counted from 0)"),
            Lang::Es => format!("{message} (en el byte {offset} del archivo, contado desde 0)"),
        };
        let section = (error.code != Code::Unreadable).then(|| error.section());
        let (pointer, code) = (error.pointer.clone(), error.code.as_str());
        Self { line, offset, pointer, code, section, message }
    }

    /// What is wrong with an object.
    pub(super) fn finding(raw: &RawObject, finding: &Finding, lang: Lang) -> Self {
        let message = finding.message_in(lang);
        let (pointer, code) = (finding.pointer.clone(), finding.code.as_str());
        let offset = raw.offset + finding.offset as u64;
        let section = Some(finding.section);
        Self { line: line_of(raw, finding), offset, pointer, code, section, message }
    }

    /// The line for people.
    pub(super) fn said(&self, file: &str) -> String {
        let pointer = pointer(&self.pointer);
        format!("{}:{}: {pointer}{} [{}]", on_one_line(file), self.line, self.message, self.code)
    }
}

/// Whether something that was refused starts like an object at least, or stands where one should.
pub(super) fn is_something(error: &ReadError) -> bool {
    error.code != Code::UnexpectedContent
}

/// The line of a file in which a finding lies, from 1.
pub(super) fn line_of(raw: &RawObject, finding: &Finding) -> u64 {
    raw.line + newlines(raw.bytes.get(..finding.offset).unwrap_or_default())
}

/// How many lines end in these bytes.
pub(super) fn newlines(bytes: &[u8]) -> u64 {
    let lines = bytes.split(|byte| *byte == b'\n').count();
    lines.saturating_sub(1) as u64
}

/// A pointer for people, with what divides it from a message; nothing for the object itself.
pub(super) fn pointer(pointer: &str) -> String {
    if pointer.is_empty() {
        String::new()
    } else {
        format!("{}: ", on_one_line(&short(pointer, 200)))
    }
}
