use std::any::TypeId;
use std::path::PathBuf;

use clap::{Arg, Command, CommandFactory as _};

use super::*;

/// Every command with its path, the program itself first.
fn walk(command: &Command, path: &[&str], found: &mut Vec<(String, Command)>) {
    found.push((path.join(" "), command.clone()));
    for sub in command.get_subcommands() {
        walk(sub, &[path, &[sub.get_name()]].concat(), found);
    }
}

fn commands() -> Vec<(String, Command)> {
    let mut found = Vec::new();
    let mut root = Cli::command();
    root.build();
    walk(&root, &[], &mut found);
    assert!(found.len() > 40, "{}", found.len());
    found
}

fn keys(path: &str, command: &Command) -> Vec<(String, Arg)> {
    let arguments = command.get_arguments().cloned();
    arguments.map(|arg| (help::key_of(&arg, path), arg)).collect()
}

#[test]
fn every_command_and_every_option_is_explained_in_both_languages() {
    for (path, command) in commands() {
        assert!(command.get_about().is_some(), "`{path}` has no text");
        assert!(spanish::text(&path).is_some(), "`{path}` has no Spanish text");
        for (key, arg) in keys(&path, &command) {
            assert!(arg.get_help().is_some(), "`{key}` has no text");
            assert!(spanish::text(&key).is_some(), "`{key}` has no Spanish text");
        }
    }
}

#[test]
fn no_spanish_text_is_left_over_and_none_is_english() {
    let mut known = Vec::new();
    for (path, command) in commands() {
        for (key, arg) in keys(&path, &command) {
            let english = arg.get_help().unwrap().to_string();
            assert_ne!(Some(english.as_str()), spanish::text(&key), "`{key}`");
            known.push(key);
        }
        known.push(path);
    }
    for (key, text) in spanish::texts() {
        assert!(known.iter().any(|it| it == key), "`{key}` is no command and no option");
        assert!(!text.ends_with('.'), "{text}");
    }
}

#[test]
fn every_example_is_a_command_line_that_is_read_in_either_language() {
    for lang in [Lang::En, Lang::Es] {
        for (path, _) in commands() {
            let example = examples::of(&path, lang);
            let example = example.unwrap_or_else(|| panic!("`{path}` has no example"));
            for line in example.lines() {
                let words: Vec<OsString> = words(line).into_iter().map(OsString::from).collect();
                let starts: Vec<&str> = path.split_whitespace().collect();
                let named = words.iter().skip(1).take(starts.len());
                assert!(path.is_empty() || named.eq(starts.iter()), "`{line}` is not of `{path}`");
                parse(words, lang).unwrap_or_else(|shown| panic!("`{line}`: {shown:?}"));
            }
        }
    }
    for (path, _) in examples::EXAMPLES {
        assert!(commands().iter().any(|(known, _)| known == path), "`{path}` is no command");
    }
}

#[test]
fn no_text_of_an_example_is_left_in_english_in_the_spanish_help() {
    // Names, patterns and paths that are the same in both languages.
    let same = [
        "Manzanillo",
        "[url:value = 'https://example.com/x']",
        "[domain-name:value = 'drums.example']",
    ];
    for (path, english) in examples::EXAMPLES {
        let spanish = examples::of(path, Lang::Es).unwrap();
        for text in english.split('"').skip(1).step_by(2).filter(|it| !same.contains(it)) {
            assert!(!spanish.contains(&format!("\"{text}\"")), "`{path}`: {spanish}");
        }
    }
    for (english, spanish) in examples::SPANISH {
        let used = examples::EXAMPLES.iter().any(|(_, it)| it.contains(english));
        assert!(used && english != spanish, "`{english}` is in no example");
    }
}

/// Splits as a shell does that knows spaces and double quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words
}

#[test]
fn help_has_no_english_of_claps_own_in_spanish() {
    for (path, _) in commands() {
        let mut words: Vec<OsString> = vec!["comity".into()];
        words.extend(path.split_whitespace().map(OsString::from));
        words.push("--help".into());
        let Err(Shown::Help(text)) = parse(words, Lang::Es) else { panic!("`{path}`") };
        for english in [
            "Usage",
            "Options",
            "Commands:",
            "Arguments",
            "[default",
            "[env",
            "[possible",
            "<FILE>",
            "Example:",
        ] {
            assert!(!text.contains(english), "`{path}` says `{english}`:\n{text}");
        }
        assert!(text.contains("Uso: comity") && text.contains("Ejemplo:"), "{text}");
    }
}

fn wrong(line: &str, lang: Lang) -> (&'static str, String) {
    match parse(line.split(' ').map(OsString::from).collect(), lang) {
        Err(Shown::Wrong(error)) => (error.code(), error.in_lang(lang)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_wrong_with_a_command_line_is_said_in_the_readers_language() {
    let cases = [
        ("comity stauts", "`status`", "`status`"),
        ("comity status --jsn", "`--json`", "`--json`"),
        ("comity holdings list --limit 0", "`0` cannot be the value", "`0` no puede ser el valor"),
        (
            "comity init --handle UPPER --name x",
            "`UPPER` cannot be the value",
            "`UPPER` no puede ser el valor",
        ),
        ("comity release send", "missing: <ID>", "falta: <ID>"),
        (
            "comity proposal put --to mx --text a --subject war",
            "joint-operation",
            "joint-operation",
        ),
        ("comity holdings list --own --from mx", "exclude each other", "se excluyen"),
    ];
    for (line, english, spanish) in cases {
        let (code, text) = wrong(line, Lang::En);
        assert_eq!(code, "usage");
        assert!(text.contains(english), "{line}: {text}");
        let (_, text) = wrong(line, Lang::Es);
        assert!(text.contains(spanish), "{line}: {text}");
    }
}

/// Values whose text is taken as it is, or that have a list of what may be written.
fn is_plain(arg: &Arg) -> bool {
    let parser = arg.get_value_parser();
    let plain = [
        TypeId::of::<String>(),
        TypeId::of::<PathBuf>(),
        TypeId::of::<OsString>(),
        TypeId::of::<bool>(),
    ];
    !arg.get_action().takes_values()
        || plain.iter().any(|it| parser.type_id() == *it)
        || !arg.get_possible_values().is_empty()
}

#[test]
fn every_value_that_is_no_plain_text_has_a_form_to_be_named_where_it_is_wrong() {
    for (path, command) in commands() {
        for (key, arg) in keys(&path, &command) {
            let name = arg.get_value_names().and_then(|it| it.first()).map_or("", |it| it);
            let known = is_plain(&arg) || wrong::form::is_known(name);
            assert!(known, "`{key}` has a value `{name}` with a parser, and no form");
        }
    }
}

#[test]
fn a_value_in_the_wrong_form_is_answered_with_the_right_one_and_not_with_a_parsers_words() {
    let contact = "comity contact add --with us --kind call --our-office a --their-office b --subject c --said d \
                   --authorised-by e/f";
    let day = "como `2026-02-01`";
    let moment = "como `2026-02-01T10:00:00-06:00`";
    let cases = [
        (format!("{contact} --at ayer"), moment),
        (format!("{contact} --at 2026-02-01"), moment),
        ("comity pouch export --to mx -o c --since ayer".to_owned(), moment),
        ("comity consent answer MX-2026-000001 --grant --until ayer".to_owned(), moment),
        ("comity agreement new --with mx --from ayer".to_owned(), day),
        ("comity request figures --agreement MX-2026-000001 --until 2026-02-30".to_owned(), day),
        ("comity audit export --from ayer --until 2026-02-01 -o r.json".to_owned(), day),
        ("comity holdings list --limit 0".to_owned(), "un número entero de 1 a 1000"),
        ("comity holdings list --limit mil".to_owned(), "escriba un número entero"),
        ("comity import a.json --grade Z9".to_owned(), "como `B2`"),
        ("comity init --name a --handle MX".to_owned(), "como `mx`"),
        ("comity init --name a --handle mx --url x".to_owned(), "como `192.0.2.1:7443`"),
        ("comity verify f --root mx=1".to_owned(), "64 dígitos hexadecimales"),
        ("comity release standing revoke x".to_owned(), "el identificador completo"),
    ];
    for (line, form) in cases {
        let (_, spanish) = wrong(&line, Lang::Es);
        assert!(spanish.contains(form), "{line}: {spanish}");
        let (_, english) = wrong(&line, Lang::En);
        for words in
            ["failed to", "invalid", "expected", "is not in", "write a letter", " (", "digit found"]
        {
            assert!(!spanish.contains(words), "{line}: {spanish}");
            assert!(words == "write a letter" || !english.contains(words), "{line}: {english}");
        }
    }
}

#[test]
fn objects_are_selected_in_exactly_one_way() {
    let base = "comity release preview --to mx --clause c";
    assert_eq!(wrong(base, Lang::En).0, "usage");
    assert_eq!(wrong(&format!("{base} --type a --search b"), Lang::En).0, "usage");
    let lines = ["--type a", "--search b", "--object a b --object c"];
    for selection in lines {
        let line = format!("{base} {selection}");
        assert!(parse(line.split(' ').map(OsString::from).collect(), Lang::En).is_ok(), "{line}");
    }
}
