//! The commands that the pages name.

use std::collections::BTreeMap;
use std::process::Command;

use super::page::Page;

#[test]
fn every_command_and_option_that_a_page_names_is_in_the_help() {
    let mut helps = Helps::default();
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for page in Page::all() {
        for said in page.typed().concat().into_iter().chain(page.spans()) {
            let Some(typed) = said.strip_prefix("comity ") else { continue };
            looked_at += 1;
            if let Err(word) = helps.know(typed) {
                wrong.push(format!("{}: `{said}`: there is no `{word}`", page.path.display()));
            }
        }
    }
    assert!(looked_at > 40, "only {looked_at} commands were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_command_or_option_that_does_not_exist_is_noticed() {
    let mut helps = Helps::default();
    assert_eq!(helps.know("release show US-2026-000001 --data node-us"), Ok(()));
    assert_eq!(helps.know("release"), Ok(()));
    assert_eq!(helps.know("confirm mx"), Err("confirm".to_owned()));
    assert_eq!(helps.know("release forget US-2026-000001"), Err("forget".to_owned()));
    assert_eq!(helps.know("release show --verbose"), Err("--verbose".to_owned()));
}

/// The help of each command that was asked for, or that there is none.
#[derive(Default)]
struct Helps(BTreeMap<Vec<String>, Option<String>>);

impl Helps {
    /// Whether the program has the command and the options of a line, or the first word that it does not have.
    fn know(&mut self, typed: &str) -> Result<(), String> {
        let mut words = typed.split_whitespace().peekable();
        let mut path = Vec::new();
        let mut help = self.of(&path).expect("the program has help");
        while takes_command(&help) {
            let named = |word: &&str| word.chars().all(|it| it.is_ascii_lowercase() || it == '-');
            let Some(word) = words.next_if(|word| !word.starts_with('-') && named(word)) else {
                break;
            };
            path.push(word.to_owned());
            help = self.of(&path).ok_or(word)?;
        }
        let mut options = words.filter(|it| it.starts_with("--"));
        let option = |it: &str| it.split('=').next().unwrap_or_default().to_owned();
        let known = |it: &str| help.split_whitespace().any(|word| word == option(it));
        options.find(|it| !known(it)).map_or(Ok(()), |it| Err(option(it)))
    }

    fn of(&mut self, path: &[String]) -> Option<String> {
        self.0.entry(path.to_owned()).or_insert_with(|| ask(path)).clone()
    }
}

/// Whether a command has commands of its own.
fn takes_command(help: &str) -> bool {
    help.lines().any(|it| it.starts_with("Usage:") && it.ends_with("<COMMAND>"))
}

/// The help of a command, if there is such a command.
fn ask(path: &[String]) -> Option<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
    let output = command.args(path).args(["--help", "--lang", "en"]).output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}
