//! The guides in docs/stix: every file in them is read, every command played, every program compiled.
//!
//! With `COMITY_BLESS=1` the tests write what the commands say, and the codes of refused patterns, into the pages.

mod blocks;
mod library;
mod play;

use std::fs;
use std::path::Path;

use comity_stix::Lang;
use comity_stix::pattern::Pattern;

use blocks::{Block, Page};
use play::{Folder, played};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/stix");
const GUIDES: [&str; 3] = ["custom-types", "patterns", "markings"];

/// Every guide in a language.
fn guides(lang: Lang) -> Vec<(String, Page)> {
    let end = match lang {
        Lang::En => "md",
        Lang::Es => "es.md",
    };
    let names = GUIDES.iter().map(|name| format!("{name}.{end}"));
    names.map(|name| (name.clone(), Page::read(&Path::new(FOLDER).join(name)))).collect()
}

fn same(name: &str, page: &Page, made: &str) {
    if std::env::var("COMITY_BLESS").is_ok_and(|it| it == "1") {
        fs::write(Path::new(FOLDER).join(name), made).unwrap();
    }
    assert!(
        page.text() == made || std::env::var("COMITY_BLESS").is_ok(),
        "docs/stix/{name} shows something else: run this with COMITY_BLESS=1 and look at it:\n{made}"
    );
}

#[test]
fn the_commands_of_the_guides_say_what_is_printed_below_them() {
    for lang in [Lang::En, Lang::Es] {
        for (name, page) in guides(lang) {
            let mut folder = Folder::default();
            let made = page.rewritten(|block, before| match (block.language.as_str(), before) {
                ("json", _) => {
                    folder.put(&block.title, &block.lines);
                    None
                }
                ("text", Some(command)) if command.language == "sh" => {
                    Some(played(&command.lines, &folder, lang))
                }
                ("sh", _) => {
                    played(&block.lines, &folder, lang);
                    None
                }
                _ => None,
            });
            same(&name, &page, &made);
        }
    }
}

#[test]
fn a_command_without_anything_below_it_finds_nothing_wrong() {
    let mut silent = 0;
    for (name, page) in guides(Lang::En) {
        let mut folder = Folder::default();
        let blocks = page.blocks();
        for (at, block) in blocks.iter().enumerate() {
            if block.language == "json" {
                folder.put(&block.title, &block.lines);
            }
            let answered = blocks.get(at + 1).is_some_and(|next| next.language == "text");
            if block.language == "sh" && !answered {
                let said = played(&block.lines, &folder, Lang::En);
                assert_eq!(said, ["..."], "{name}: {:?}", block.lines);
                silent += 1;
            }
        }
    }
    assert!(silent >= 3, "{silent}");
}

#[test]
fn both_languages_show_the_same_files_and_programs() {
    let shown = |lang| {
        let blocks = guides(lang).into_iter().flat_map(|(_, page)| page.blocks());
        blocks.filter(|block| block.language != "text").collect::<Vec<Block>>()
    };
    let english = shown(Lang::En);
    assert!(english.len() > 15, "{}", english.len());
    assert_eq!(english, shown(Lang::Es));
}

#[test]
fn every_program_in_a_guide_is_one_that_is_compiled_and_run() {
    let source = include_str!("guide/library.rs");
    let compiled: Vec<&str> = source.lines().map(str::trim).collect();
    for (name, page) in guides(Lang::En) {
        for block in page.blocks().into_iter().filter(|block| block.language == "rust") {
            let lines: Vec<&str> = block.lines.iter().map(|line| line.trim()).collect();
            let found = compiled.windows(lines.len()).any(|window| window == lines);
            assert!(found, "{name}: not in tests/it/guide/library.rs: {lines:#?}");
        }
    }
}

#[test]
fn patterns_are_printed_and_refused_as_the_tables_say() {
    for lang in [Lang::En, Lang::Es] {
        let (name, page) = guides(lang).swap_remove(1);
        let mut rows = 0;
        let made: Vec<String> = page
            .text()
            .lines()
            .map(|line| {
                let Some([pattern, shown]) = blocks::row(line) else { return line.to_owned() };
                rows += 1;
                let said = match pattern.parse::<Pattern>() {
                    Ok(pattern) => pattern.to_string(),
                    Err(error) => error.code().to_owned(),
                };
                let whole = format!("| `{pattern}` | `{shown}` |");
                assert_eq!(whole, line, "{name}");
                format!("| `{pattern}` | `{said}` |")
            })
            .collect();
        assert!(rows > 7, "{name}: {rows}");
        same(&name, &page, &(made.join("\n") + "\n"));
    }
}
