use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use comity_policy::ErrorCode;

use super::agreement::agreement_sentence;
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
        "approved",
        "call",
        "composed",
        "consumed",
        "contact",
        "countered",
        "declined",
        "declined-again",
        "delivered",
        "done",
        "held",
        "overdue",
        "letter",
        "meeting",
        "message",
        "other",
        "partial",
        "pouch",
        "put",
        "put-again",
        "receipted",
        "received",
        "refused",
        "repeated",
        "sealed",
        "sent",
        "settled",
        "settled-partial",
        "unanswered",
        "unknown",
        "version-conflict",
    ];
    let codes = codes_in(&files);
    assert!(codes.contains("payload-changed") && codes.contains("wrong-link-key"), "{codes:?}");
    let missing: Vec<&String> = codes
        .iter()
        .filter(|code| !words.contains(&code.as_str()))
        .filter(|code| sentence(code).is_none() && reason_sentence(code).is_none())
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
        assert!(reason_sentence(code.as_str()).is_some(), "{code}");
    }
    for code in ErrorCode::ALL {
        assert!(agreement_sentence(code.as_str()).is_some(), "{code}");
    }
}

#[test]
fn a_sentence_is_lower_case_and_has_no_full_stop() {
    let mut seen = BTreeSet::new();
    for (code, sentence) in SENTENCES.iter().chain(custody::SENTENCES) {
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
fn the_commonest_refusals_say_everything_in_spanish() {
    for code in WHOLE {
        let message = "the english words".to_owned();
        let error = CliError::from(ExchangeError::Refused { code, message });
        let said = of(&error);
        assert!(!said.contains("english") && !said.contains('('), "{code}: {said}");
        assert!(said.contains(';'), "`{code}` says what to do: {said}");
    }
    let error = ExchangeError::Refused { code: "over-limit", message: "5 of 4".to_owned() };
    assert!(of(&error.into()).ends_with("; detalle: 5 of 4"));
}

#[test]
fn what_the_system_says_of_a_file_is_said_in_spanish() {
    let path = std::env::temp_dir();
    let missing = std::fs::read(path.join("comity/there/is/no/such/file")).unwrap_err();
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
