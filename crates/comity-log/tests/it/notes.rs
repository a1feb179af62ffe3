//! Signed notes and verifier keys as text.

use comity_log::cosign::{VerifyError, verify};
use comity_log::note::{
    KeyError, KeyType, LineError, MAX_NOTE_BYTES, MAX_SIGNATURES, NoteError, SignatureLine,
    SignedNote, VerifierKey,
};
use proptest::prelude::*;

/// The key and the note that C2SP signed-note gives as its example.
const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const LINE: &str = "— k AAAAAAE=";

fn parse(note: &str) -> Result<SignedNote, NoteError> {
    SignedNote::parse(note.as_bytes())
}

#[test]
fn the_standards_example_verifies_and_prints_unchanged() {
    let key: VerifierKey = KEY.parse().unwrap();
    assert_eq!(key.key_type(), KeyType::Ed25519);
    assert_eq!(key.to_string(), KEY);
    let note = parse(NOTE).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_string(), NOTE);
    let verified = verify(&note, &[key]).unwrap();
    assert_eq!(verified.len(), 1);
    assert_eq!(verified[0].name, "example.com/foo");
    assert_eq!(verified[0].id.to_string(), "530d903a");
    assert_eq!(verified[0].timestamp, None);
}

#[test]
fn an_altered_text_does_not_verify() {
    let note = parse(&NOTE.replace("example message", "exemple message")).unwrap();
    let refused = verify(&note, &[KEY.parse().unwrap()]).unwrap_err();
    assert!(matches!(refused, VerifyError::Invalid { .. }));
}

#[test]
fn the_last_empty_line_divides_text_and_signatures() {
    let note = parse(&format!("one\n\ntwo\n\n\n\n{LINE}\n")).unwrap();
    assert_eq!(note.text(), "one\n\ntwo\n\n\n");
    assert_eq!(parse(&format!("\n\n{LINE}\n")).unwrap().text(), "\n");
}

#[test]
fn each_departure_from_the_format_is_refused_by_name() {
    let line = |problem| NoteError::Line { number: 1, problem };
    let cases = [
        (String::new(), NoteError::Shape),
        (format!("text\n{LINE}\n"), NoteError::Shape),
        (format!("text\n\n{LINE}"), NoteError::Shape),
        ("text\n\n".to_owned(), NoteError::Unsigned),
        (format!("te\txt\n\n{LINE}\n"), NoteError::NotText),
        (format!("text\r\n\n{LINE}\n"), NoteError::NotText),
        ("text\n\n- k AAAAAAE=\n".to_owned(), line(LineError::Shape)),
        ("text\n\n— k\n".to_owned(), line(LineError::Shape)),
        ("text\n\n—  AAAAAAE=\n".to_owned(), line(LineError::Name)),
        ("text\n\n— a+b AAAAAAE=\n".to_owned(), line(LineError::Name)),
        ("text\n\n— a\u{2003}b AAAAAAE=\n".to_owned(), line(LineError::Name)),
        ("text\n\n— k  AAAAAAE=\n".to_owned(), line(LineError::Base64)),
        ("text\n\n— k AAAAAAE=  \n".to_owned(), line(LineError::Base64)),
        ("text\n\n— k AAAAAAE\n".to_owned(), line(LineError::Base64)),
        ("text\n\n— k AAAAAAF=\n".to_owned(), line(LineError::Base64)),
        ("text\n\n— k AAAAAA==\n".to_owned(), line(LineError::Base64)),
        (
            format!("text\n\n{LINE}\nmore\n"),
            NoteError::Line { number: 2, problem: LineError::Shape },
        ),
        (format!("{}\n\n{LINE}\n", "x".repeat(MAX_NOTE_BYTES)), NoteError::TooLarge),
    ];
    for (text, error) in cases {
        assert_eq!(parse(&text), Err(error), "{text:?}");
    }
    assert_eq!(SignedNote::parse(b"\xff\n\n"), Err(NoteError::NotText));
}

#[test]
fn sixteen_post_quantum_signatures_fit_and_a_flood_does_not() {
    let line: SignatureLine = format!("— {} {}", "w".repeat(60), "A".repeat(3240)).parse().unwrap();
    let note = SignedNote::new("text\n".to_owned(), vec![line.clone(); 16]).unwrap();
    assert_eq!(parse(&note.to_string()), Ok(note));
    let too_large = SignedNote::new("text\n".to_owned(), vec![line; 20]);
    assert_eq!(too_large, Err(NoteError::TooLarge));
    let lines = format!("{LINE}\n").repeat(MAX_SIGNATURES + 1);
    assert_eq!(parse(&format!("text\n\n{lines}")), Err(NoteError::TooManySignatures));
}

#[test]
fn a_note_as_large_as_allowed_is_read_back_and_one_byte_more_is_not_made() {
    let line: SignatureLine = LINE.parse().unwrap();
    let fits = MAX_NOTE_BYTES - LINE.len() - 3;
    let make = |length: usize| SignedNote::new("x".repeat(length) + "\n", vec![line.clone()]);
    let note = make(fits).unwrap();
    assert_eq!(note.to_string().len(), MAX_NOTE_BYTES);
    assert_eq!(parse(&note.to_string()), Ok(note));
    assert_eq!(make(fits + 1), Err(NoteError::TooLarge));
}

#[test]
fn a_signature_added_again_stands_once() {
    let note = parse(NOTE).unwrap();
    let same = note.clone().with_signatures(note.signatures().to_vec()).unwrap();
    assert_eq!(same, note);
    let more = note.with_signatures([LINE.parse().unwrap()]).unwrap();
    assert_eq!(more.to_string(), format!("{NOTE}{LINE}\n"));
}

#[test]
fn a_verifier_key_with_any_part_wrong_is_refused_by_name() {
    let long = format!("{}+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "n".repeat(256));
    let cases = [
        ("", KeyError::Shape),
        ("name+530d903a", KeyError::Shape),
        ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Name),
        ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Name),
        (&long, KeyError::Name),
        ("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Id),
        ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Id),
        ("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Id),
        ("example.com/foo+530d903a+", KeyError::Type),
        ("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Type),
        ("example.com/foo+530d903a+!", KeyError::Base64),
        ("example.com/foo+530d903a+AekyeRrm", KeyError::Length { expected: 32, found: 5 }),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<VerifierKey>(), Err(error), "{text:?}");
    }
}

fn line() -> impl Strategy<Value = SignatureLine> {
    ("[^\\s+\\x00-\\x20]{1,20}", any::<u32>(), prop::collection::vec(any::<u8>(), 1..90)).prop_map(
        |(name, id, signature)| {
            use base64::Engine as _;
            let bytes = [&id.to_be_bytes()[..], &signature].concat();
            let text = base64::engine::general_purpose::STANDARD.encode(bytes);
            format!("— {name} {text}").parse().unwrap()
        },
    )
}

proptest! {
    #[test]
    fn what_is_made_is_read_back(
        text in "[^\\x00-\\x09\\x0b-\\x1f]{0,60}\n{1,3}", lines in prop::collection::vec(line(), 1..6),
    ) {
        let note = SignedNote::new(text, lines).unwrap();
        prop_assert_eq!(parse(&note.to_string()), Ok(note));
    }

    #[test]
    fn any_bytes_are_a_note_that_prints_the_same_or_none(
        bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[a—+ \nA=]{0,40}",
    ) {
        let shaped = format!("text\n\n{text}\n{LINE}\n").into_bytes();
        for bytes in [bytes, text.into_bytes(), shaped] {
            if let Ok(note) = SignedNote::parse(&bytes) {
                prop_assert_eq!(note.to_string().into_bytes(), bytes);
            }
        }
    }

    #[test]
    fn a_note_with_one_byte_changed_is_refused_or_another_note(
        at in any::<prop::sample::Index>(), byte: u8,
    ) {
        let mut bytes = NOTE.as_bytes().to_vec();
        let at = at.index(bytes.len());
        if bytes[at] != byte {
            bytes[at] = byte;
            let key = KEY.parse().unwrap();
            let trusted = SignedNote::parse(&bytes).is_ok_and(|note| verify(&note, &[key]).is_ok());
            prop_assert!(!trusted);
        }
    }

    #[test]
    fn any_text_is_a_key_that_prints_the_same_or_none(text in "[ -~]{0,20}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]{0,50}") {
        if let Ok(key) = text.parse::<VerifierKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }
}
