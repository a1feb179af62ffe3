mod names;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use comity_model::told;
use comity_policy::{Agreement, ErrorCode, ReasonCode};
use comity_pouch::keyfile::KeyFileError;

use super::agreement::{ERRORS, agreement_error};
use super::particulars;
use super::*;
use crate::demo::DemoError;

/// Every word in the sources of a library that stands where codes stand: behind `=>`, `code:` or `refused(`.
fn codes_in(files: &[&str]) -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let mut codes = BTreeSet::new();
    for file in files {
        for path in sources(&crates.join(file)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let text: Vec<&str> = text.split('"').collect();
            for pair in text.windows(2) {
                let before = pair[0].trim_end();
                let here = ["=>", "refused(", "code:", "let code ="];
                let is_code = here.iter().any(|end| before.ends_with(end));
                let kebab = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
                if is_code && !pair[1].is_empty() && pair[1].bytes().all(kebab) {
                    codes.insert(pair[1].to_owned());
                }
            }
        }
    }
    codes
}

fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).unwrap().map(|it| it.unwrap().path());
    entries.flat_map(|it| sources(&it)).collect()
}

#[test]
fn every_refusal_of_a_use_case_has_a_spanish_sentence() {
    let files = ["comity-exchange/src"];
    // What is no error: states and words of the domain, and what import and link answer with.
    let words = [
        "absent",
        "accepted",
        "admitted",
        "advice",
        "agreement",
        "approved",
        "audit",
        "call",
        "checkpoints",
        "collections",
        "composed",
        "consumed",
        "contact",
        "contacts",
        "content",
        "cosignature",
        "countered",
        "declined",
        "declined-again",
        "delivered",
        "descriptors",
        "done",
        "exported",
        "file",
        "held",
        "holdings",
        "inbox",
        "house",
        "letter",
        "matters",
        "meeting",
        "message",
        "opened",
        "other",
        "overdue",
        "partial",
        "pouch",
        "pouches",
        "printed",
        "proof",
        "put",
        "put-again",
        "receipt",
        "receipt-cosignature",
        "receipted",
        "received",
        "record",
        "refused",
        "releases",
        "repeated",
        "restored",
        "rolled-back",
        "sealed",
        "searched",
        "sent",
        "settled",
        "settled-partial",
        "statement",
        "statements",
        "unanswered",
        "units",
        "unknown",
        "version-conflict",
    ];
    let codes = codes_in(&files);
    assert!(codes.contains("payload-changed") && codes.contains("wrong-link-key"), "{codes:?}");
    let missing: Vec<&String> = codes
        .iter()
        .filter(|code| !words.contains(&code.as_str()))
        .filter(|code| sentence(code).is_none() && reasons::sentence(code).is_none())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_error_of_keys_and_signed_documents_has_a_spanish_sentence() {
    let files = [
        "comity-pouch/src/keyfile.rs",
        "comity-pouch/src/keys.rs",
        "comity-pouch/src/hybrid.rs",
        "comity-pouch/src/seal.rs",
        "comity-pouch/src/dsse.rs",
        "comity-pouch/src/descriptor.rs",
        "comity-pouch/src/approval.rs",
        "comity-link/src/tls.rs",
    ];
    let codes = codes_in(&files);
    assert!(codes.contains("wrong-passphrase") && codes.contains("link-identity"), "{codes:?}");
    let words = ["ed25519", "ml-dsa-65"];
    let missing: Vec<&String> = codes
        .iter()
        .filter(|code| !words.contains(&code.as_str()) && sentence(code).is_none())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_refusal_of_a_statement_speaks_both_languages() {
    for refusal in Refusal::ALL {
        assert!(sentence(refusal.code()).is_some(), "{refusal:?}");
        assert!(!refusal.english().is_empty());
    }
}

#[test]
fn every_reason_and_every_error_of_an_agreement_has_a_spanish_sentence() {
    for code in ReasonCode::ALL {
        assert!(reasons::sentence(code.as_str()).is_some(), "{code}");
    }
    for code in ErrorCode::ALL {
        assert!(ERRORS.iter().any(|(known, _)| *known == code.as_str()), "{code}");
    }
}

/// The words behind a mark in the sources of the libraries and of the commands, up to a quotation mark.
fn behind(mark: &str) -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let mut words = BTreeSet::new();
    for folder in ["comity-policy/src", "comity-exchange/src", "comity/src/commands"] {
        for path in sources(&crates.join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let found = text.split(mark).skip(1).filter_map(|it| it.split('"').next());
            words.extend(found.map(str::to_owned));
        }
    }
    words
}

#[test]
fn every_sentence_with_a_name_of_its_own_has_a_spanish_one() {
    let named = behind(".named(\"");
    assert!(named.contains("text-length") && named.contains("recall-asks-purge"));
    let all = || particulars::all().chain(ERRORS);
    for name in named {
        let known = all().any(|(known, _)| *known == name) || sentence(&name).is_some();
        assert!(known, "`{name}`");
    }
}

#[test]
fn every_particular_of_a_spanish_sentence_is_one_that_errors_carry() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let mut text = String::new();
    for folder in ["comity-policy/src", "comity-exchange/src", "comity/src/commands"] {
        for path in sources(&crates.join(folder)) {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
    for (key, sentence) in particulars::all().chain(ERRORS) {
        assert!(
            !sentence.ends_with('.') && !sentence.starts_with(char::is_uppercase),
            "{sentence}"
        );
        let names = sentence.split('{').skip(1).map(|it| it.split('}').next().unwrap());
        let plain = |it: &&str| it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        for name in names.filter(plain).filter(|it| *it != "place") {
            let carried = [format!("{{{name}}}"), format!(".with(\"{name}\"")];
            assert!(carried.iter().any(|it| text.contains(it)), "`{key}`: `{name}`");
        }
    }
}

#[test]
fn a_spanish_sentence_is_written_from_the_particulars_and_never_from_the_english_words() {
    let codes = codes_in(&["comity-exchange/src"]);
    let keys = particulars::all().map(|(key, _)| *key);
    for code in keys.chain(codes.iter().map(String::as_str)) {
        let code: &'static str = code.to_owned().leak();
        for message in [told!("the english words"), told!("the english words").named(code)] {
            for error in [
                ExchangeError::Refused { code, message: message.clone() },
                ExchangeError::Input { place: "--text".to_owned(), message },
            ] {
                let said = of(&error.into());
                let bare = !said.contains("english") && !said.contains("detalle");
                assert!(bare && !said.contains('{') && !said.is_empty(), "{code}: {said}");
            }
        }
    }
    let message =
        told!("there is no clause `{clause}`; it has `{known}`", clause = "c9", known = "c1");
    let error = ExchangeError::Refused { code: "clause-unknown", message };
    assert_eq!(of(&error.into()), "el acuerdo no tiene la cláusula `c9`; tiene `c1`");
    let message = told!("write a line of {most}", most = 80).named("line-length");
    let error = ExchangeError::Input { place: "--office".to_owned(), message };
    assert_eq!(of(&error.into()), "escriba en `--office` un renglón de 1 a 80 caracteres");
}

/// Texts that are wrong in one way each, and the words that the Spanish sentence must have.
const WRONG: &[(&str, &str, &str)] = &[
    ("title = ", "titel = ", "`titel`"),
    ("version = 3", "version = \"one\"", "número entero"),
    ("version = 3", "version = 0", "`0` está fuera"),
    ("language = \"comity-agreement/1\"", "language = \"other/9\"", "`other/9`"),
    ("purposes = [", "purposes = [\"Not One\", ", "`Not One`"),
    ("title = ", "title = = ", "no es TOML"),
];

#[test]
fn what_is_wrong_with_an_agreement_is_said_in_spanish_with_the_value_that_is_wrong() {
    let sound = include_str!("../../../../comity-policy/tests/data/full.toml");
    assert!(Agreement::parse(sound).is_ok());
    for (from, to, words) in WRONG {
        let wrong = sound.replacen(from, to, 1);
        assert_ne!(wrong, sound, "`{from}`");
        let errors = Agreement::parse(&wrong).unwrap_err();
        let said: Vec<String> =
            errors.iter().map(|it| agreement_error(it.code, &it.message)).collect();
        assert!(said.iter().any(|it| it.contains(words)), "`{words}` in {said:?}");
        for (error, said) in errors.iter().zip(&said) {
            assert!(!said.contains(error.message.as_str()), "{said}");
        }
        let place = "a.toml".to_owned();
        let whole = of(&ExchangeError::Agreement { place, errors: errors.clone() }.into());
        assert!(whole.contains(words) && !whole.contains(errors[0].message.as_str()), "{whole}");
    }
}

#[test]
fn a_sentence_is_lower_case_and_has_no_full_stop() {
    let mut seen = BTreeSet::new();
    for (code, sentence) in SENTENCES.iter().chain(custody::SENTENCES).chain(matters::SENTENCES) {
        assert!(seen.insert(code), "`{code}` twice");
        assert!(!sentence.ends_with('.'), "{sentence}");
        assert!(!sentence.chars().next().unwrap().is_uppercase(), "{sentence}");
    }
}

#[test]
fn everything_that_may_be_missing_is_missed_in_spanish_alone() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let (mut seen, mut constructed) = (BTreeSet::new(), 0);
    for folder in ["comity-exchange/src", "comity/src/commands"] {
        for path in sources(&crates.join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            for built in text.split("NotFound {").skip(1) {
                let fields = built.split('}').next().unwrap();
                let Some((_, after)) = fields.split_once("what: \"") else { continue };
                seen.insert(after.split('"').next().unwrap().to_owned());
                constructed += 1;
            }
        }
    }
    assert!(constructed > 8 && seen.contains("folio"), "{seen:?}");
    for what in &seen {
        let sentence = not_found::sentence(what, "x").unwrap_or_else(|| panic!("`{what}`"));
        assert!(sentence.contains("`x`") && sentence.contains("`comity "), "{sentence}");
    }
}

#[test]
fn what_the_system_says_of_a_file_is_said_in_spanish() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let missing = std::fs::read(path.join("there/is/no/such/file")).unwrap_err();
    let folder = std::fs::read(&path).unwrap_err();
    let full = std::io::Error::from_raw_os_error(28);
    for (error, said) in [
        (missing, "no existe"),
        (folder, "es una carpeta"),
        (full, "no queda espacio en el disco"),
        (std::io::ErrorKind::PermissionDenied.into(), "permiso denegado"),
    ] {
        let english = error.to_string();
        let sentence = of(&CliError::Read { path: path.clone(), error });
        assert!(sentence.ends_with(&format!("; detalle: {said}")), "{sentence}");
        assert!(!sentence.contains(&english), "{sentence}");
    }
    let denied = || std::io::Error::from(std::io::ErrorKind::PermissionDenied);
    let demo = DemoError::disk(&path, &denied());
    let key = KeyFileError::Io { path, error: denied() };
    for error in [CliError::from(demo), CliError::from(key)] {
        let sentence = of(&error);
        assert!(sentence.ends_with("permiso denegado"), "{sentence}");
    }
    let rare = std::io::Error::other("the words of a library");
    assert!(of(&CliError::Runtime(rare)).ends_with("; detalle: the words of a library"));
}
