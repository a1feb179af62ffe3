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
    let bless = std::env::var("COMITY_BLESS").is_ok_and(|it| it == "1");
    if bless && page.text() != made {
        fs::write(Path::new(FOLDER).join(name), made).unwrap();
    }
    assert!(
        bless || page.text() == made,
        "docs/stix/{name} shows something else: run this with COMITY_BLESS=1 and look at it:\n{made}"
    );
}

#[test]
fn the_guides_print_what_commands_and_patterns_say() {
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
            let made = if name.starts_with("patterns") { with_patterns(&made) } else { made };
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

/// A page whose rows of patterns say what becomes of them.
fn with_patterns(text: &str) -> String {
    let row = |line: &str| {
        let Some([pattern, _]) = blocks::row(line) else { return format!("{line}\n") };
        match pattern.parse::<Pattern>() {
            Ok(printed) => format!("| `{pattern}` | `{printed}` |\n"),
            Err(error) => format!("| `{pattern}` | `{}` |\n", error.code()),
        }
    };
    text.lines().map(row).collect::<Vec<_>>().concat()
}

#[test]
fn the_rows_of_patterns_are_looked_at() {
    for lang in [Lang::En, Lang::Es] {
        let (name, page) = guides(lang).swap_remove(1);
        let rows = page.text().lines().filter(|line| blocks::row(line).is_some()).count();
        assert!(name.starts_with("patterns") && rows > 7, "{name}: {rows}");
    }
}
