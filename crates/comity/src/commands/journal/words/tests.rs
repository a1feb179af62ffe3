use std::collections::BTreeSet;
use std::path::Path;

use comity_exchange::ports::DoubtKind;

use super::*;

#[test]
fn an_event_is_named_once_and_reads_as_words() {
    for pair in EVENTS.windows(2) {
        assert!(pair[0].0 < pair[1].0, "`{}` is out of order", pair[1].0);
    }
    assert!(EVENTS.iter().all(|(_, spanish)| !spanish.contains('-')));
    assert_eq!(event(Lang::Es, "release-sealed"), "entrega sellada");
    assert_eq!(event(Lang::En, "release-sealed"), "release-sealed");
    assert_eq!(event(Lang::Es, "something-new"), "something-new");
}

/// What writes a line takes its event as the first text that it is given.
const WRITERS: [&str; 5] = ["journal(", "journal_by(", "journalled(", "record_as(", "note(&node,"];

/// What stands behind an event in a pair.
const BESIDE: [&str; 4] = ["json!", "details", "by)", "Kind::"];

/// Whether a text of the source, with what stands before and behind it, is the event of a line.
fn is_event(before: &str, text: &str, behind: &str) -> bool {
    let is_word = |it: &str| it.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
    if text.len() < 6 || !is_word(text) {
        return false;
    }
    let (start, behind) = (before.trim_end(), behind.trim_start_matches([',', ' ', '\n']));
    let in_pair = start.ends_with('(') && BESIDE.iter().any(|it| behind.starts_with(it));
    let is_named = start.ends_with("event:") || start.ends_with("event =");
    // one of several, as in `let event = if ... { "a" } else { "b" };`
    let chosen = before.rsplit_once("let event = ").map(|(_, since)| since);
    let is_chosen = chosen.is_some_and(|since| !since.contains(';'));
    let is_given = WRITERS.iter().any(|writer| {
        let Some((name, given)) = before.rsplit_once(writer) else { return false };
        let name = name.chars().next_back();
        // the writer's own parenthesis is still open
        let is_open = given.matches('(').count() >= given.matches(')').count();
        let is_call = !name.is_some_and(|it| it.is_alphanumeric() || it == '_');
        is_call && is_open && !given.contains(['"', ';', '{'])
    });
    let has_dash = text.contains('-');
    is_given || (has_dash && (is_named || in_pair || is_chosen))
}

/// The texts of a source file, each with what stands before and behind it; comments and tests are left out.
fn texts(source: &str) -> Vec<(&str, &str, &str)> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(more) = source.get(at..).filter(|it| !it.is_empty()) {
        if more.starts_with("//") {
            at += more.find('\n').unwrap_or(more.len());
        } else if more.starts_with("'\"'") {
            at += 3;
        } else if let Some(inside) = more.strip_prefix('"') {
            let mut escaped = false;
            let end = inside.find(|it: char| {
                let ends = it == '"' && !escaped;
                escaped = it == '\\' && !escaped;
                ends
            });
            let end = end.unwrap_or(inside.len());
            let (text, behind) = inside.split_at(end);
            found.push((source.split_at(at).0, text, behind.trim_start_matches('"')));
            at += end + 2;
        } else {
            at += more.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

fn written(path: &Path, events: &mut BTreeSet<String>) {
    let name = path.file_name().unwrap_or_default();
    if path.is_dir() {
        if name != "tests" {
            let entries = std::fs::read_dir(path).unwrap().map(|it| it.unwrap().path());
            entries.for_each(|it| written(&it, events));
        }
    } else if path.extension().is_some_and(|it| it == "rs") && name != "tests.rs" {
        let source = std::fs::read_to_string(path).unwrap();
        for (before, text, behind) in texts(&source) {
            let near = before.char_indices().rev().nth(400).map_or(0, |(at, _)| at);
            if is_event(before.split_at(near).1, text, behind) {
                events.insert(text.to_owned());
            }
        }
    }
}

#[test]
fn every_event_that_is_journalled_has_a_word_in_spanish() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut events = BTreeSet::new();
    for entry in std::fs::read_dir(crates).unwrap() {
        written(&entry.unwrap().path().join("src"), &mut events);
    }
    // those that are made of a word
    let doubts = [DoubtKind::Restored, DoubtKind::PartnerAhead, DoubtKind::RolledBack];
    events.extend(doubts.map(|it| it.as_str().to_owned()));
    events.extend(["searched", "opened", "exported", "printed"].map(|it| format!("access-{it}")));
    let known = |event: &str| EVENTS.iter().any(|(word, _)| *word == event);
    for event in ["evidence-written", "account-enabled", "agreement-signed", "node-started"] {
        assert!(events.contains(event), "`{event}` is not found in the source");
    }
    assert!(events.len() > 100, "{events:?}");
    let missing: Vec<_> = events.iter().filter(|it| !known(it)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
