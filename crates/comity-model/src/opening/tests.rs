use proptest::prelude::*;

use super::*;

fn sample() -> Opening {
    Opening::new(Contents {
        descriptor: r#"{"payload":"a"}"#.to_owned(),
        statement: r#"{"payload":"b"}"#.to_owned(),
        line: r#"{"index":0}"#.to_owned(),
        derivative: r#"{"type":"note"}"#.to_owned(),
        original: "{\"type\":\"note\",\"content\":\"ñ\"}".to_owned(),
        opening: [7; 32],
        path: vec![Digest::of(b"x")],
    })
}

#[test]
fn a_file_comes_back_and_is_recognised_by_its_beginning() {
    let bytes = sample().to_bytes().unwrap();
    assert!(bytes.starts_with(BEGINNING));
    assert_eq!(Opening::parse(&bytes).unwrap(), sample());
    let commitment = commitment_of(&[7; 32], sample().original.as_bytes());
    assert!(sample().opens(&commitment) && !sample().opens(&Digest::of(b"")));
}

#[test]
fn one_byte_changed_anywhere_is_noticed() {
    let bytes = sample().to_bytes().unwrap();
    for at in 0..bytes.len() {
        for flip in [1, 4, 0x20] {
            let mut other = bytes.clone();
            other[at] ^= flip;
            assert!(Opening::parse(&other).is_err(), "byte {at} with {flip}");
        }
        let mut other = bytes.clone();
        other.insert(at, b' ');
        assert!(Opening::parse(&other).is_err(), "a blank at {at}");
        other.drain(at..);
        assert!(Opening::parse(&other).is_err(), "cut at {at}");
    }
}

#[test]
fn a_damaged_member_is_named() {
    let mut damaged = sample();
    damaged.original = damaged.original.replace("ñ", "n");
    let error = Opening::parse(&damaged.to_bytes().unwrap()).unwrap_err();
    assert_eq!((error.code(), error.member()), ("opening-damaged", Member::Original));
    let mut damaged = sample();
    damaged.path.push(Digest::of(b"y"));
    let error = Opening::parse(&damaged.to_bytes().unwrap()).unwrap_err();
    assert_eq!(error.member(), Member::Path);
}

#[test]
fn what_passes_the_limits_is_refused_before_it_is_believed() {
    let mut long = sample();
    long.line = "x".repeat(TEXT_LIMIT + 1);
    let error = Opening::parse(&long.to_bytes().unwrap()).unwrap_err();
    assert_eq!(error, OpeningError::TooLarge(Member::Line));
    let mut long = sample();
    long.path = vec![Digest::of(b"x"); PATH_LIMIT + 1];
    let error = Opening::parse(&long.to_bytes().unwrap()).unwrap_err();
    assert_eq!(error, OpeningError::TooLarge(Member::Path));
    let error = Opening::parse(&vec![b' '; FILE_LIMIT + 1]).unwrap_err();
    assert_eq!(error, OpeningError::TooLarge(Member::File));
}

#[test]
fn a_secret_does_not_show_in_debug() {
    assert!(!format!("{:?}", sample()).contains("note"));
}

#[test]
fn what_differs_is_named_by_property() {
    let one = br#"{"type":"note","a":"x","b":{"c":1,"d":2},"l":[1,2],"s":"\u0041"}"#;
    let two = br#"{"type":"note","b":{"c":1,"d":3},"l":[1],"s":"A","z":true}"#;
    let found = differences(one, two).unwrap();
    let said: Vec<(&str, Differs)> =
        found.iter().map(|it| (it.property.as_str(), it.how)).collect();
    assert_eq!(
        said,
        [
            ("/a", Differs::Removed),
            ("/b/d", Differs::Changed),
            ("/l", Differs::Changed),
            ("/z", Differs::Added)
        ]
    );
    assert_eq!(differences(b"[]", two), None);
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Opening::parse(&bytes);
        let mut begun = BEGINNING.to_vec();
        begun.extend(bytes);
        prop_assert!(Opening::parse(&begun).is_err());
    }
}
