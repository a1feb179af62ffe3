//! The example data: where it is, the story and the agreement's template.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Deserialize;

use super::failure::{DemoError, Result};

const STORY: &str = "story.json";
const TABLE: &str = "agreement.test.toml";
const TEMPLATE: &str = "agreement.template.toml";
/// Larger than any of the small files here should ever be.
const LIMIT: u64 = 1 << 20;

/// The example data, found and read.
#[derive(Debug)]
pub(super) struct Examples {
    /// What is released, and what becomes of it.
    pub(super) story: Story,
    template: String,
    folder: PathBuf,
}

/// `story.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Story {
    /// The clause of the dossier.
    pub(super) clause: String,
    /// Its purpose.
    pub(super) purpose: String,
    /// What passes.
    pub(super) passes: Vec<String>,
    /// What is redacted.
    pub(super) redacted: Vec<String>,
    /// What is withheld.
    pub(super) withheld: Vec<String>,
    /// What the other side gives in return.
    pub(super) answer: Answer,
}

/// What the other side gives in return.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    /// Its clause.
    pub(super) clause: String,
    /// Its purpose.
    pub(super) purpose: String,
    /// The objects.
    pub(super) ids: Vec<String>,
}

/// What the template leaves open.
#[derive(Debug)]
pub(super) struct Blanks<'a> {
    pub(super) id: &'a str,
    pub(super) from: Date,
    pub(super) until: Date,
    pub(super) us_root: &'a str,
    pub(super) mx_root: &'a str,
}

impl Examples {
    /// Finds the data: in `named`; else in `./examples`; else beside the program, as in the folder it was built in.
    pub(super) fn find(named: Option<&Path>, program: &Path) -> Result<Self> {
        let here = Path::new("examples");
        let folder = match named {
            Some(named) => named.to_owned(),
            None if here.join(STORY).is_file() => here.to_owned(),
            None => program
                .ancestors()
                .map(|above| above.join("examples"))
                .find(|examples| examples.join(STORY).is_file())
                .unwrap_or_else(|| here.to_owned()),
        };
        let missing = || DemoError::NoExamples(folder.join(STORY));
        let folder = std::path::absolute(&folder).map_err(|_| missing())?;
        let path = folder.join(STORY);
        let story = serde_json::from_str(&read(&path)?)
            .map_err(|error| DemoError::BadExamples { path, message: error.to_string() })?;
        let examples = Self { story, template: read(&folder.join(TEMPLATE))?, folder };
        for path in examples.of_us().iter().chain(&examples.of_mx()) {
            if !path.is_file() {
                return Err(DemoError::NoExamples(path.clone()));
            }
        }
        Ok(examples)
    }

    /// The files of `us`, in the order in which they are imported.
    pub(super) fn of_us(&self) -> [PathBuf; 2] {
        [self.folder.join("us/holdings.jsonl"), self.folder.join("us/bundle.json")]
    }

    /// The files of `mx`.
    pub(super) fn of_mx(&self) -> [PathBuf; 1] {
        [self.folder.join("mx/holdings.jsonl")]
    }

    /// The parties' own table of what the agreement should decide.
    pub(super) fn table(&self) -> PathBuf {
        self.folder.join(TABLE)
    }

    /// The agreement's text.
    pub(super) fn agreement(&self, blanks: &Blanks<'_>) -> String {
        let (from, until) = (blanks.from.to_string(), blanks.until.to_string());
        [
            ("{id}", blanks.id),
            ("{from}", &from),
            ("{until}", &until),
            ("{us_root}", blanks.us_root),
            ("{mx_root}", blanks.mx_root),
        ]
        .into_iter()
        .fold(self.template.clone(), |text, (blank, value)| text.replace(blank, value))
    }

    /// A text as the agreement's, whose scope asks for joint operations.
    pub(super) fn with_joint_operations(&self, agreement: &str) -> Result<String> {
        let line = agreement.lines().find(|line| line.starts_with("scope ")).ok_or_else(|| {
            let message = "it has no line that begins with `scope`".to_owned();
            DemoError::BadExamples { path: self.folder.join(TEMPLATE), message }
        })?;
        Ok(agreement.replacen(line, r#"scope = ["intelligence", "joint-operations"]"#, 1))
    }

    /// The first legal basis that an agreement names.
    pub(super) fn legal_basis(&self, agreement: &str) -> Result<String> {
        let first = self.text(agreement)?.agreement.legal_basis.into_iter().next();
        first.ok_or_else(|| self.bad("it names no legal basis"))
    }

    /// How many days what goes under a clause may be kept.
    pub(super) fn retention(&self, agreement: &str, clause: &str) -> Result<u32> {
        let found = self.text(agreement)?.clause.into_iter().find(|it| it.id == clause);
        let days = found.map(|it| it.retention_days);
        days.ok_or_else(|| self.bad(format!("it has no clause `{clause}`")))
    }

    fn text(&self, agreement: &str) -> Result<Text> {
        toml::from_str(agreement).map_err(|error| self.bad(error.to_string()))
    }

    fn bad(&self, message: impl Into<String>) -> DemoError {
        DemoError::BadExamples { path: self.folder.join(TEMPLATE), message: message.into() }
    }
}

/// What is read of an agreement's text here; the rest is the nodes' affair.
#[derive(Deserialize)]
struct Text {
    agreement: Preamble,
    clause: Vec<Clause>,
}

#[derive(Deserialize)]
struct Clause {
    id: String,
    retention_days: u32,
}

#[derive(Deserialize)]
struct Preamble {
    legal_basis: Vec<String>,
}

fn read(path: &Path) -> Result<String> {
    let size = std::fs::metadata(path).map_err(|_| DemoError::NoExamples(path.to_owned()))?.len();
    if size > LIMIT {
        let message = format!("it has {size} bytes, more than {LIMIT}");
        return Err(DemoError::BadExamples { path: path.to_owned(), message });
    }
    std::fs::read_to_string(path).map_err(|_| DemoError::NoExamples(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

    fn agreement(examples: &Examples) -> String {
        examples.agreement(&Blanks {
            id: "agreement--1",
            from: Date::constant(2026, 2, 1),
            until: Date::constant(2027, 1, 31),
            us_root: "sha256:aa",
            mx_root: "sha256:bb",
        })
    }

    #[test]
    fn the_template_has_no_blank_that_the_demonstration_leaves_open() {
        let examples = Examples::find(Some(Path::new(EXAMPLES)), Path::new("/")).unwrap();
        let text = agreement(&examples);
        assert!(text.contains("in_force = { from = 2026-02-01, until = 2027-01-31 }"));
        assert!(!text.contains("{us_root}") && !text.contains("{id}"));
        let parsed: toml::Table = toml::from_str(&text).unwrap();
        assert_eq!(parsed["parties"]["mx"]["root"].as_str(), Some("sha256:bb"));
        assert!(!examples.legal_basis(&text).unwrap().is_empty());
    }

    #[test]
    fn the_worse_text_differs_in_its_scope_alone() {
        let examples = Examples::find(Some(Path::new(EXAMPLES)), Path::new("/")).unwrap();
        let text = agreement(&examples);
        let worse = examples.with_joint_operations(&text).unwrap();
        let differ = text.lines().zip(worse.lines()).filter(|(one, other)| one != other);
        let lines: Vec<_> = differ.map(|(_, other)| other).collect();
        assert_eq!(lines, [r#"scope = ["intelligence", "joint-operations"]"#]);
    }

    #[test]
    fn the_data_is_found_from_the_program_and_what_is_missing_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let near = Examples::find(Some(folder.path()), Path::new("/")).unwrap_err();
        assert!(near.to_string().contains("story.json"), "{near}");

        let examples = folder.path().join("examples");
        std::fs::create_dir(&examples).unwrap();
        for name in [STORY, TEMPLATE] {
            std::fs::copy(Path::new(EXAMPLES).join(name), examples.join(name)).unwrap();
        }
        let program = folder.path().join("target/demo/comity");
        let far = Examples::find(None, &program).unwrap_err();
        assert!(far.to_string().contains("us/holdings.jsonl"), "{far}");
    }
}
