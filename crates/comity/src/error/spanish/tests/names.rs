//! What somebody typed is said back in Spanish wherever it is in English.

use super::*;

/// A sentence as it stands in the sources.
struct Sentence {
    file: PathBuf,
    english: String,
    /// The name of the sentence, or its code.
    key: String,
}

/// Every sentence with particulars in the sources of the use cases and of the commands whose code, or whose name, stands
/// beside it.
fn sentences() -> Vec<Sentence> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let mut found = Vec::new();
    for folder in ["comity-exchange/src", "comity/src/commands"] {
        for file in sources(&crates.join(folder)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let pieces: Vec<&str> = text.split("told!(").collect();
            for pair in pieces.windows(2) {
                let [before, after] = pair else { continue };
                let Some((english, after)) = literal(after) else { continue };
                // a name that is chosen while it runs is in none of the lists here
                let chosen = |(_, name): (&str, &str)| !name.trim_start().starts_with('"');
                if after.split_once(".named(").is_some_and(chosen) {
                    continue;
                }
                let refused = before.trim_end().strip_suffix(',').and_then(|it| {
                    let (_, code) = it.strip_suffix('"')?.rsplit_once("refused(")?;
                    code.trim().strip_prefix('"').filter(|code| !code.contains('"'))
                });
                let behind = |mark: &str| {
                    let (between, rest) = after.split_once(mark)?;
                    let (key, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
                    Some((between.len(), key))
                };
                let near = behind(".named(").into_iter().chain(behind("refused("));
                let near = near.min_by_key(|(at, _)| *at).map(|(_, key)| key);
                if let Some(key) = refused.or(near) {
                    found.push(Sentence { file: file.clone(), english, key: key.to_owned() });
                }
            }
        }
    }
    found
}

/// The text of a literal at the start of a source, and the source behind it.
fn literal(source: &str) -> Option<(String, &str)> {
    let mut rest = source.trim_start().strip_prefix('"')?;
    let mut text = String::new();
    while let Some((part, after)) = rest.split_once('"') {
        text.push_str(part);
        rest = after;
        if !part.ends_with('\\') {
            return Some((text.split("\\\n").map(str::trim_start).collect(), rest));
        }
        text.push('"');
    }
    None
}

/// The particulars that a text has, all of them or those in backticks alone.
fn particulars_in(text: &str, is_quoted: bool) -> BTreeSet<&str> {
    let marks = if is_quoted { ["`{", "}`"] } else { ["{", "}"] };
    let names = text.split(marks[0]).skip(1).filter_map(|it| it.split_once(marks[1]));
    let plain = |it: &&str| it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
    names.map(|(name, _)| name).filter(plain).collect()
}

#[test]
fn what_stands_in_backticks_in_english_stands_in_the_spanish_sentence_too() {
    let all = sentences();
    assert!(all.len() > 80, "{}", all.len());
    let mut lost = Vec::new();
    for Sentence { file, english, key } in &all {
        let key: &'static str = key.clone().leak();
        let facts = particulars_in(english, false).into_iter();
        let facts = facts.chain(["place"]);
        let facts = facts.map(|name| (&*name.to_owned().leak(), format!("<{name}>"))).collect();
        let message = Told::new("the english words".to_owned(), facts);
        let said = of(&ExchangeError::Refused { code: key, message }.into());
        for name in particulars_in(english, true) {
            if !said.contains(&format!("<{name}>")) {
                lost.push(format!("{}: `{key}` without `{name}`: {said}", file.display()));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn what_was_purged_is_named_as_it_was_asked_for() {
    for (message, said) in [
        (told!("{folio}", folio = "US-2026-000001"), "el contenido de la entrega US-2026-000001"),
        (told!("{statement}", statement = "sha256:ab"), "el contenido de la declaración sha256:ab"),
    ] {
        let error = ExchangeError::Refused { code: "parts-purged", message };
        assert_eq!(
            of(&error.into()),
            format!("{said} se purgó; lo que se envió ya no puede mostrarse")
        );
    }
}
