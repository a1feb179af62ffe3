//! The help of every command in both languages, as it was last looked at.

use std::fs;
use std::path::PathBuf;

use super::run::comity;

/// Where the pages are. With `COMITY_BLESS=1` the test writes them.
fn page(lang: &str, path: &[String]) -> PathBuf {
    let name = if path.is_empty() { "comity".to_owned() } else { path.join("-") };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/help");
    PathBuf::from(folder).join(lang).join(format!("{name}.txt"))
}

fn help(lang: &str, path: &[String]) -> String {
    let output = comity()
        .args(path)
        .args(["--help", "--lang", lang])
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    assert!(output.status.success(), "{path:?}");
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that a page lists under its heading.
fn commands(page: &str, heading: &str) -> Vec<String> {
    page.lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next().map(ToOwned::to_owned))
        .collect()
}

#[test]
fn the_help_of_every_command_is_the_one_that_was_looked_at() {
    let bless = std::env::var("COMITY_BLESS").is_ok_and(|it| it == "1");
    for (lang, heading) in [("en", "Commands:"), ("es", "Órdenes:")] {
        let mut open: Vec<Vec<String>> = vec![Vec::new()];
        let mut seen = 0;
        while let Some(path) = open.pop() {
            let text = help(lang, &path);
            let file = page(lang, &path);
            if bless {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(&file, &text).unwrap();
            }
            let known = fs::read_to_string(&file).unwrap_or_default();
            assert_eq!(
                known,
                text,
                "{} differs; look at it and run the test with COMITY_BLESS=1",
                file.display()
            );
            seen += 1;
            let below = commands(&text, heading);
            open.extend(below.into_iter().map(|name| [path.clone(), vec![name]].concat()));
        }
        assert!(seen > 40, "{seen}");
        let folder = page(lang, &[]);
        let files = fs::read_dir(folder.parent().unwrap()).unwrap().count();
        assert_eq!(files, seen, "a page of a command that is no more");
    }
}
