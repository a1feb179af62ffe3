use proptest::prelude::*;
use serde_json::Value as Json;

use super::{Document, Kind, decode, encode};
use crate::finding::Code;
use crate::limits::Limits;

fn parse(bytes: &[u8]) -> Result<(), Code> {
    Document::parse(bytes, &Limits::default()).map(drop).map_err(|finding| finding.code)
}

/// What `serde_json` makes of it; invalid UTF-8 is refused first, since it lets that by.
fn by_serde(bytes: &[u8]) -> Option<Json> {
    serde_json::from_str(str::from_utf8(bytes).ok()?).ok()
}

#[test]
fn a_key_that_stands_twice_is_refused_however_it_is_written_and_wherever() {
    for text in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"\u0061":1,"a":2}"#,
        r#"[{"x":{"y":[0,{"é":1,"\u00e9":2}]}}]"#,
        r#"{"a\u0000b":1,"a\u0000b":2}"#,
        r#"{"":1,"":2}"#,
    ] {
        assert_eq!(parse(text.as_bytes()), Err(Code::DuplicateKey), "{text}");
    }
    for text in [r#"{"a":{"a":{"a":1}},"b":{"a":1}}"#, r#"{"a":1,"a\u0000":2,"A":3}"#] {
        assert_eq!(parse(text.as_bytes()), Ok(()), "{text}");
    }
}

#[test]
fn a_duplicate_is_found_among_thousands_of_keys_and_pointed_to() {
    for (first, second) in [(0, 10), (3, 4_000), (3_990, 3_999), (31, 32), (32, 33)] {
        let mut names: Vec<String> = (0..5_000).map(|n| format!("key_{n}")).collect();
        names[second] = names[first].clone();
        let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":0")).collect();
        let text = format!("{{\"outer\":{{{}}}}}", members.join(","));
        let finding = Document::parse(text.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(finding.code, Code::DuplicateKey);
        assert_eq!(finding.pointer, format!("/outer/key_{first}"));
        assert_eq!(finding.offset, text.rfind(&format!("\"key_{first}\"")).unwrap());
    }
}

#[test]
fn what_is_no_json_is_refused_with_its_reason() {
    for (text, code) in [
        (&b""[..], Code::JsonCut),
        (b"{", Code::JsonCut),
        (b"{\"a\"", Code::JsonCut),
        (b"\"a", Code::JsonCut),
        (b"\"a\\", Code::JsonCut),
        (b"\"\\u00", Code::JsonCut),
        (b"{\"a\":1,}", Code::JsonSyntax),
        (b"[1,]", Code::JsonSyntax),
        (b"[1 2]", Code::JsonSyntax),
        (b"{a:1}", Code::JsonSyntax),
        (b"[1}", Code::JsonSyntax),
        (b"nul", Code::JsonSyntax),
        (b"{} {}", Code::JsonSyntax),
        (b"\xef\xbb\xbf{}", Code::JsonSyntax),
        (b"NaN", Code::JsonSyntax),
        (b"01", Code::BadNumber),
        (b"-", Code::BadNumber),
        (b"1.", Code::BadNumber),
        (b"1e+", Code::BadNumber),
        (b".5", Code::JsonSyntax),
        (b"\"\n\"", Code::ControlCharacter),
        (b"\"\\x\"", Code::BadEscape),
        (b"\"\\u12g4\"", Code::BadEscape),
        (b"\"\\ud800\"", Code::LoneSurrogate),
        (b"\"\\udc00\"", Code::LoneSurrogate),
        (b"\"\\ud800\\ud800\"", Code::LoneSurrogate),
        (b"\"\\ud800x\"", Code::LoneSurrogate),
        (b"{\"a\":\"\xff\"}", Code::InvalidUtf8),
        (b"{\"a\":\"\xed\xa0\x80\"}", Code::InvalidUtf8),
    ] {
        assert_eq!(parse(text), Err(code), "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn each_limit_holds_to_the_last_unit() {
    let limits = Limits { depth: 3, object_bytes: 40, properties: 4, string_bytes: 5 };
    let code = |text: &str| Document::parse(text.as_bytes(), &limits).err().map(|f| f.code);
    assert_eq!(code("[[[1]]]"), None);
    assert_eq!(code("[[[[1]]]]"), Some(Code::TooDeep));
    assert_eq!(code(r#"{"a":1,"b":2,"c":[3]}"#), None);
    assert_eq!(code(r#"{"a":1,"b":2,"c":[3,4]}"#), Some(Code::TooManyProperties));
    assert_eq!(code(r#"["12345"]"#), None);
    assert_eq!(code(r#"["123456"]"#), Some(Code::StringTooLong));
    assert_eq!(code(r#"{"123456":1}"#), Some(Code::StringTooLong));
    assert_eq!(code(&format!("{:40}", 1)), None);
    assert_eq!(code(&format!("{:41}", 1)), Some(Code::TooLarge));
}

#[test]
fn a_million_brackets_cost_nothing_and_break_nothing() {
    let text = "[".repeat(1_000_000);
    assert_eq!(parse(text.as_bytes()), Err(Code::TooDeep));
    let limits = Limits { depth: usize::MAX, properties: usize::MAX, ..Limits::default() };
    let finding = Document::parse(text.as_bytes(), &limits).unwrap_err();
    assert_eq!(finding.code, Code::JsonCut);
}

#[test]
fn numbers_and_escapes_stay_as_they_were_written() {
    let text = r#"{"n":12345678901234567890123,"f":1.10E+02,"s":"\u0041\/ñ"}"#;
    let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(document.find("/n").unwrap().raw(), "12345678901234567890123");
    assert_eq!(document.find("/n").unwrap().integer(), None);
    assert_eq!(document.find("/f").unwrap().raw(), "1.10E+02");
    assert_eq!(document.find("/s").unwrap().raw(), r#""\u0041\/ñ""#);
    assert_eq!(document.find("/s").unwrap().text().unwrap(), "A/ñ");
}

#[test]
fn a_string_of_any_length_and_alignment_is_read_to_its_quote() {
    for length in 0..70 {
        for stop in ["\"", "\\\"x\"", "\\u00e9\""] {
            let text = format!("[\"{}{stop}]", "é".repeat(length / 2) + &"a".repeat(length % 2));
            let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
            let ours = document.find("/0").unwrap().text().unwrap().into_owned();
            assert_eq!(Json::String(ours), by_serde(text.as_bytes()).unwrap()[0]);
        }
    }
}

#[test]
fn white_space_of_any_length_and_kind_goes_by_and_nothing_else_does() {
    for length in 0..40 {
        for kind in [' ', '\n', '\t', '\r', '\u{a0}', '\u{b}'] {
            for at in 0..=length {
                let white = format!("{}{kind}{}", " ".repeat(at), " ".repeat(length - at));
                let text = format!("{{{white}\"a\"{white}:{white}[1{white},2]}}{white}");
                assert_eq!(parse(text.as_bytes()).is_ok(), kind.is_ascii_whitespace(), "{text:?}");
            }
        }
    }
}

/// JSON values of modest size.
pub(crate) fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1e300..1e300_f64).prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        "[a-z_]{1,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Json::from),
            prop::collection::vec(("[a-z~/]{0,6}|.{0,4}", inner), 0..8)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// The same value, taken from our document.
fn rebuild(value: super::Value<'_, '_>) -> Json {
    match value.kind() {
        Kind::Object => {
            let members = value.members().map(|m| (m.key().unwrap().into_owned(), rebuild(m)));
            Json::Object(members.collect())
        }
        Kind::List => value.members().map(rebuild).collect(),
        Kind::Text => Json::from(value.text().unwrap()),
        _ => serde_json::from_str(value.raw()).unwrap(),
    }
}

proptest! {
    #[test]
    fn every_json_text_is_read_as_serde_json_reads_it(json in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) };
        let text = text.unwrap();
        let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(rebuild(document.root()), by_serde(text.as_bytes()).unwrap());
        for value in document.values() {
            let found = document.find(&value.pointer()).unwrap();
            prop_assert_eq!(found.span(), value.span());
            prop_assert_eq!(text.get(value.span().range()), Some(value.raw()));
        }
    }

    #[test]
    fn a_damaged_text_is_taken_exactly_when_serde_json_takes_it(
        json in json(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&b"{}[]\",:\\\x00\x1f 0-e.u\xff\xc3tfn"[..])), 1..3),
    ) {
        let mut bytes = serde_json::to_vec(&json).unwrap();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        match parse(&bytes) {
            // serde_json keeps the last of two keys, and refuses numbers a double cannot hold.
            Err(Code::DuplicateKey) => {}
            Ok(()) => prop_assert!(by_serde(&bytes).is_some() || bytes.windows(2).any(|w| w.contains(&b'e'))),
            Err(_) => prop_assert_eq!(by_serde(&bytes), None),
        }
    }

    #[test]
    fn any_text_at_all_is_read_or_refused_as_serde_json_does(text in r#"[{}\[\]",:\\0-9a-fntu \n.+-]{0,24}"#) {
        match parse(text.as_bytes()) {
            Err(Code::DuplicateKey) => {}
            Ok(()) => prop_assert!(by_serde(text.as_bytes()).is_some() || text.contains('e')),
            Err(_) => prop_assert_eq!(by_serde(text.as_bytes()), None),
        }
    }

    #[test]
    fn a_string_encoded_says_the_same(text in any::<String>()) {
        let raw = encode(&text);
        prop_assert_eq!(decode(&raw).unwrap(), text.as_str());
        prop_assert_eq!(by_serde(&raw).unwrap(), Json::from(text));
    }

    #[test]
    fn decoding_hostile_bytes_gives_nothing_or_what_serde_json_says(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
        let ours = decode(&bytes).map(|text| Json::String(text.into_owned()));
        prop_assert_eq!(ours, by_serde(&bytes).filter(Json::is_string).filter(|_| bytes[0] == b'"' && bytes.ends_with(b"\"")));
    }
}
