//! The guides in docs/stix, played in an empty folder: the files they show are written, the commands given.

use std::path::Path;
use std::process::Command;

use super::page::Page;

const GUIDES: [&str; 3] = ["custom-types", "patterns", "markings"];

#[test]
fn the_guides_to_stix_print_what_the_program_says() {
    for (end, lang) in [("md", "en"), ("es.md", "es")] {
        let played = GUIDES.map(|name| play(&format!("docs/stix/{name}.{end}"), lang));
        assert!(played.iter().all(|commands| *commands > 0), "{played:?}");
    }
}

/// Plays a guide, and gives how many commands are in it.
fn play(name: &str, lang: &str) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let blocks = Page::read(name).blocks();
    let mut commands = 0;
    for (at, (head, lines)) in blocks.iter().enumerate() {
        if let Some(file) = head.strip_prefix("json ") {
            let file = folder.path().join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, lines.join("\n")).unwrap();
        }
        if head != "sh" {
            continue;
        }
        let below = blocks.get(at + 1).filter(|(head, _)| head == "text");
        let shown = below.map_or(&[][..], |(_, lines)| lines.as_slice());
        let said: Vec<String> = lines.iter().flat_map(|it| run(it, folder.path(), lang)).collect();
        for line in shown.iter().filter(|line| *line != "...") {
            assert!(said.contains(line), "{name}: `{line}` is not said by {lines:?}: {said:#?}");
        }
        let found = |said: &[String]| {
            let lines = said.iter();
            lines.filter(|line| line.contains(": MUST ") || line.contains(": SHOULD ")).count()
        };
        assert_eq!(found(&said), found(shown), "{name}: {lines:?}: {said:#?}");
        commands += lines.len();
    }
    commands
}

/// What a command prints; it must fail if it finds a MUST broken, and only then.
fn run(line: &str, folder: &Path, lang: &str) -> Vec<String> {
    let program = env!("CARGO_BIN_EXE_comity");
    let line = line.replacen("comity", program, 1);
    let mut command = Command::new("sh");
    command.arg("-c").arg(&line).current_dir(folder).env("COMITY_LANG", lang);
    let output = command.env_remove("COMITY_DATA").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<String> = said.lines().map(str::to_owned).collect();
    let refused = lines.iter().any(|line| line.contains(": MUST "));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(i32::from(refused)), "`{line}`: {said}{errors}");
    lines
}
