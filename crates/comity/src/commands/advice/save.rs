//! The files that came with advice, written where people want them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use comity_exchange::access::{Area, Verb};
use comity_exchange::advice::find;
use comity_exchange::matter::attached;
use serde::Serialize;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::files;
use crate::looks::Looks;
use crate::output::Reply;

/// The longest name of a file that is written, in bytes.
const MAX_NAME: usize = 120;

#[derive(Serialize)]
struct Saved {
    files: Vec<PathBuf>,
}

/// Runs the command. Nothing is written where a file of one of the names is there already.
pub(super) async fn run(
    ctx: &Ctx,
    looks: &Looks,
    advice: &str,
    out: &Path,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let row = find(&node, advice).await?;
    let (mut taken, mut found) = (BTreeSet::new(), Vec::new());
    for part in row.entries.iter().flat_map(|it| &it.attachments) {
        let (head, bytes) = attached(&node, part).await?;
        found.push((out.join(unused(&safe(&head.name), &mut taken)), bytes));
    }
    if let Some((path, _)) = found.iter().find(|(path, _)| path.symlink_metadata().is_ok()) {
        return Err(CliError::Exists(path.clone()));
    }
    looks.note(ctx, &node, Verb::Exported, Area::Matters, [row.id]).await?;
    fs::create_dir_all(out).map_err(|error| CliError::Write { path: out.to_owned(), error })?;
    for (path, bytes) in &found {
        files::write_private(path, bytes)?;
    }
    let body = Saved { files: found.into_iter().map(|(path, _)| path).collect() };
    let text = if body.files.is_empty() {
        ctx.say("No file came with it.", "No la acompaña ningún archivo.").to_owned()
    } else {
        let names: Vec<String> = body.files.iter().map(|it| files::name(it)).collect();
        format!("{}\n{}", ctx.say("Written:", "Se escribió:"), names.join("\n"))
    };
    ctx.reply(&body, text)
}

/// A name that no file system and no shell takes for anything else: letters, digits, inner dots, hyphens and underscores.
/// The ending stays.
fn safe(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let mapped: String = name.chars().map(plain).collect();
    let trimmed = mapped.trim_matches(['.', '-', '_']);
    let (stem, ending) = trimmed.rsplit_once('.').unwrap_or((trimmed, "bin"));
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).take(5).collect();
    let mut stem: String = stem.to_owned();
    while stem.len() + ending.len() + 1 > MAX_NAME {
        stem.pop();
    }
    let stem = if stem.is_empty() { "file" } else { &stem };
    format!("{stem}.{ending}")
}

/// The name, numbered where an earlier file has it; capital letters make no difference.
fn unused(name: &str, taken: &mut BTreeSet<String>) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let numbered = |number: u32| {
        if number == 1 { name.to_owned() } else { format!("{stem}-{number}.{ending}") }
    };
    let free = (1..=u32::MAX).map(numbered).find(|it| !taken.contains(&it.to_lowercase()));
    let free = free.unwrap_or_else(|| name.to_owned());
    taken.insert(free.to_lowercase());
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_the_folder_or_hides_or_looks_like_an_option() {
        let cases = [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd.txt", "etc_passwd.txt"),
            ("..\\x.csv", "x.csv"),
            (".bashrc.txt", "bashrc.txt"),
            ("-rf.txt", "rf.txt"),
            ("a b;$(c)\u{202e}.md", "a_b___c__.md"),
            ("dictamen químico.pdf", "dictamen_químico.pdf"),
            ("...", "file.bin"),
            ("x", "x.bin"),
        ];
        for (given, expected) in cases {
            assert_eq!(safe(given), expected, "{given}");
        }
        assert!(safe(&"ñ".repeat(200)).len() <= MAX_NAME);
    }

    #[test]
    fn two_files_of_one_name_are_both_kept() {
        let mut taken = BTreeSet::new();
        let names = ["a.csv", "A.csv", "a.csv"].map(|name| unused(name, &mut taken));
        assert_eq!(names, ["a.csv", "A-2.csv", "a-3.csv"]);
    }
}
