//! The reference in docs/stix: made from the tables, and the same as what is checked in.
//!
//! With `COMITY_BLESS=1` the tests write the pages; look at what changed before it is committed.

mod example;
mod index;
mod lists;
mod markdown;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use comity_stix::{Checker, Lang, Limits};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/stix");
const LANGS: [Lang; 2] = [Lang::En, Lang::Es];

/// Every page that is made in full, by its path below the folder.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for lang in LANGS {
        pages.extend(types::pages(lang));
        pages.extend(lists::pages(lang));
    }
    pages
}

fn bless() -> bool {
    std::env::var("COMITY_BLESS").is_ok_and(|it| it == "1")
}

fn same(path: &str, made: &str) {
    let file = Path::new(FOLDER).join(path);
    let mut known = fs::read_to_string(&file).unwrap_or_default();
    if bless() && known != made {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, made).unwrap();
        made.clone_into(&mut known);
    }
    // Equality alone would print both pages in full.
    assert!(known == made, "docs/stix/{path} differs: run this with COMITY_BLESS=1 and look at it");
}

#[test]
fn the_pages_say_what_the_tables_say() {
    for (path, made) in pages() {
        same(&path, &made);
    }
}

#[test]
fn nothing_is_wrong_with_the_example_of_a_page() {
    for (path, page) in pages() {
        let Some((_, rest)) = page.split_once("```json\n") else { continue };
        let example = rest.split_once("\n```").unwrap().0.as_bytes();
        let checker = Checker::new(&Limits::default());
        let report = if path.starts_with("types/bundle.") {
            checker.check_bundle(example)
        } else {
            checker.check(example)
        };
        assert_eq!(report.findings, [], "{path}");
    }
}

#[test]
fn the_indexes_list_every_type() {
    for lang in LANGS {
        let path = markdown::page("README", lang);
        let written = fs::read_to_string(Path::new(FOLDER).join(&path)).unwrap_or_default();
        same(&path, &index::filled(&written, lang));
    }
}

#[test]
fn no_page_is_left_of_a_type_that_is_no_more() {
    let made: BTreeSet<String> =
        pages().into_keys().filter_map(|path| Some(path.strip_prefix("types/")?.into())).collect();
    let there: BTreeSet<String> = fs::read_dir(Path::new(FOLDER).join("types"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, made);
}

#[test]
fn every_link_leads_to_a_page_and_a_heading() {
    let files = markdown_files(Path::new(FOLDER));
    assert!(files.len() > 90, "{}", files.len());
    let mut broken = Vec::new();
    let anchors: BTreeMap<&PathBuf, Vec<String>> =
        files.iter().map(|(path, text)| (path, markdown::anchors(text))).collect();
    for (path, text) in &files {
        for link in markdown::links(text).filter(|link| !link.contains("://")) {
            let (to, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = path.parent().unwrap().join(to);
            let target =
                if to.is_empty() { Some(path.clone()) } else { target.canonicalize().ok() };
            let found = target.is_some_and(|target| {
                let headings = anchors.get(&target);
                anchor.is_empty()
                    || headings.is_none_or(|headings| headings.iter().any(|it| it == anchor))
            });
            if !found {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_page_is_there_in_both_languages() {
    let names: BTreeSet<PathBuf> = markdown_files(Path::new(FOLDER)).into_keys().collect();
    for name in &names {
        let text = name.to_str().unwrap();
        let other = match text.strip_suffix(".es.md") {
            Some(stem) => format!("{stem}.md"),
            None => text.replace(".md", ".es.md"),
        };
        assert!(names.contains(Path::new(&other)), "{other} is missing");
    }
}

/// The pages of a folder and of the folders in it, with their texts.
fn markdown_files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path().canonicalize().unwrap();
        if path.is_dir() {
            files.extend(markdown_files(&path));
        } else if path.extension().is_some_and(|it| it == "md") {
            let text = fs::read_to_string(&path).unwrap();
            files.insert(path, text);
        }
    }
    files
}
