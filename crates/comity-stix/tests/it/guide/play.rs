//! The commands of the guides, played by the library: what `comity stix check` and `comity stix match` say of files.

use std::collections::BTreeMap;

use comity_stix::pattern::{Bare, Budget, Matcher, Observations, Pattern};
use comity_stix::reader::{Objects, RawObject};
use comity_stix::registry::Registry;
use comity_stix::{Checker, Lang, Limits, Severity, UnknownKind};

/// The files of a page.
#[derive(Debug, Default)]
pub(super) struct Folder(BTreeMap<String, String>);

impl Folder {
    pub(super) fn put(&mut self, name: &str, lines: &[String]) {
        assert!(!name.is_empty(), "a file without a name: {lines:?}");
        self.0.insert(name.to_owned(), lines.join("\n"));
    }

    fn objects(&self, name: &str) -> Vec<RawObject> {
        let text = self.0.get(name).ok_or(name).unwrap();
        let objects = Objects::new(text.as_bytes(), Limits::default());
        objects.map(|object| object.unwrap()).collect()
    }

    fn registry(&self, folder: &str) -> Registry {
        let inside = format!("{folder}/");
        let files =
            self.0.iter().filter_map(|(name, text)| Some((name.strip_prefix(&inside)?, text)));
        Registry::load(files, &Limits::default()).unwrap()
    }
}

/// What the commands of a block say; the counts at their end are left out.
pub(super) fn played(commands: &[String], folder: &Folder, lang: Lang) -> Vec<String> {
    let mut said = Vec::new();
    for command in commands {
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["comity", "stix", "check", rest @ ..] => said.extend(check(rest, folder, lang)),
            ["comity", "stix", "match", "--pattern", pattern, files @ ..] => {
                said.push(matched(pattern, files, folder, lang));
            }
            other => assert_eq!(other, [""; 0], "nobody plays this"),
        }
    }
    said.push("...".to_owned());
    said
}

fn check(words: &[&str], folder: &Folder, lang: Lang) -> Vec<String> {
    let (registry, files) = match words {
        ["--extensions", extensions, files @ ..] => (folder.registry(extensions), files),
        files => (Registry::default(), files),
    };
    let limits = Limits::default();
    let checker = Checker::new(&limits).with_registry(&registry);
    let (mut findings, mut unknown) = (Vec::new(), [BTreeMap::new(), BTreeMap::new()]);
    for file in files {
        for raw in folder.objects(file) {
            let report = checker.check(&raw.bytes);
            let id = report.head.as_ref().map(|head| head.id.to_string()).unwrap();
            for finding in &report.findings {
                let before = raw.bytes.iter().take(finding.offset).filter(|byte| **byte == b'\n');
                let line = raw.line + before.count() as u64;
                let strength = match finding.severity {
                    Severity::Must => "MUST",
                    Severity::Should => "SHOULD",
                };
                let pointer = match finding.pointer.as_str() {
                    "" => String::new(),
                    pointer => format!("{pointer}: "),
                };
                let message = finding.message_in(lang);
                let section = match lang {
                    Lang::En => "section",
                    Lang::Es => "sección",
                };
                findings.push(format!(
                    "{file}:{line}: {strength} {id} {pointer}{message} [{}, {section} {}]",
                    finding.code.as_str(),
                    finding.section
                ));
            }
            for one in report.unknown {
                let [types, extensions] = &mut unknown;
                let names = match one.kind {
                    UnknownKind::Type => types,
                    UnknownKind::Extension => extensions,
                };
                *names.entry(one.name).or_insert(0) += 1;
            }
        }
    }
    let named = match lang {
        Lang::En => ["unknown type, not checked", "unknown extension, not checked"],
        Lang::Es => ["tipo desconocido, sin revisar", "extensión desconocida, sin revisar"],
    };
    if unknown.iter().any(|names| !names.is_empty()) && !findings.is_empty() {
        findings.push("...".to_owned());
    }
    for (kind, names) in named.into_iter().zip(unknown) {
        findings.extend(names.iter().map(|(name, count)| format!("{kind}: {name} ({count})")));
    }
    findings
}

fn matched(pattern: &str, files: &[&str], folder: &Folder, lang: Lang) -> String {
    let pattern: Pattern = pattern.parse().unwrap();
    let objects: Vec<RawObject> = files.iter().flat_map(|file| folder.objects(file)).collect();
    let objects = objects.iter().map(|object| object.bytes.as_slice());
    let observations = Observations::of(objects, Bare::Ignored, &Limits::default()).unwrap();
    let found = Matcher::new(&pattern).find(&observations, &Budget::default()).unwrap().unwrap();
    let ids = found.observations.iter().map(|at| observations.get(*at).unwrap().id().unwrap());
    let ids = ids.collect::<Vec<_>>().join(", ");
    match lang {
        Lang::En => format!("1: matched by {ids}"),
        Lang::Es => format!("1: coincide por {ids}"),
    }
}

/// The words of a command; double quotes keep words together.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in command.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
