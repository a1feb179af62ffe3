use std::io::{self, Read};

use proptest::prelude::*;

use super::{Code, Objects, RawObject};
use crate::Limits;

/// A reader that gives as many bytes at a time as it is told.
struct Drip<'a> {
    rest: &'a [u8],
    sizes: std::iter::Cycle<std::vec::IntoIter<usize>>,
}

impl<'a> Drip<'a> {
    fn new(rest: &'a [u8], sizes: Vec<usize>) -> Self {
        Self { rest, sizes: sizes.into_iter().cycle() }
    }
}

impl Read for Drip<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes.next().unwrap_or(1).min(into.len());
        let (now, rest) = self.rest.split_at(size.min(self.rest.len()));
        into[..now.len()].copy_from_slice(now);
        self.rest = rest;
        Ok(now.len())
    }
}

/// What came out: the objects' texts, or code and line of what was refused.
fn read(text: &[u8], limits: Limits) -> Vec<Result<String, (Code, u64)>> {
    let one_by_one: Vec<_> = Objects::new(Drip::new(text, vec![1]), limits).collect();
    let at_once: Vec<_> = Objects::new(text, limits).collect();
    assert_eq!(one_by_one, at_once, "chunks make no difference");
    let told = |item: Result<RawObject, super::ReadError>| match item {
        Ok(object) => {
            let start = usize::try_from(object.offset).unwrap();
            assert!(text[start..].starts_with(&object.bytes), "the offset is that of the bytes");
            let line = text[..start].split(|byte| *byte == b'\n').count() as u64;
            assert_eq!(line, object.line);
            Ok(String::from_utf8(object.bytes).unwrap())
        }
        Err(error) => Err((error.code, error.line)),
    };
    at_once.into_iter().map(told).collect()
}

fn objects(text: &str) -> Vec<Result<String, (Code, u64)>> {
    read(text.as_bytes(), Limits::default())
}

fn good(texts: &[&str]) -> Vec<Result<String, (Code, u64)>> {
    texts.iter().map(|text| Ok((*text).to_owned())).collect()
}

#[test]
fn each_framing_is_told_by_itself() {
    let (a, b) = (r#"{"type":"x-a","s":"}{]\""}"#, r#"{"type":"x-b","in":[{"c":[]}]}"#);
    for text in [
        format!(r#"{{"type":"bundle","id":"x","objects":[{a},{b}]}}"#),
        format!(
            "\u{feff} {{ \"objects\" : [ {a} , {b} ] ,\n \"x\":[{{}}], \"\\u0074ype\" : \"b\\u0075ndle\" }}\n"
        ),
        format!(r#"{{"id":"x","type":"bundle","x":{{"objects":[1]}},"\u006fbjects":[{a},{b}]}}"#),
        format!("[{a},{b}]"),
        format!(" [\n{a},\n{b}\n]\n"),
        format!("{a}\n{b}"),
        format!("\n\n{a} \r\n\r\n  {b}\r\n\n"),
        format!("{a} {b}"),
        format!("{a}[{b}]"),
        format!(r#"{{"type":"bundle","objects":[{a}]}}{{"type":"bundle","objects":[{b}]}}"#),
    ] {
        assert_eq!(objects(&text), good(&[a, b]), "{text}");
    }
    let pretty = "{\n  \"type\": \"x-a\",\n  \"objects\": {\n\"0\": 1 }\n}";
    assert_eq!(objects(pretty), good(&[pretty]));
    assert_eq!(objects(&format!("{pretty}\n{a}\n")), good(&[pretty, a]));
    assert_eq!(objects(a), good(&[a]));
}

#[test]
fn an_empty_file_or_bundle_holds_nothing_and_is_no_error() {
    for text in
        ["", " \n\n ", "[]", "[ \n]", r#"{"type":"bundle","objects":[]}"#, r#"{"type":"bundle"}"#]
    {
        assert_eq!(objects(text), [], "{text}");
    }
}

#[test]
fn a_bad_line_is_told_by_its_number_and_the_others_are_given() {
    let text = "{\"a\":1}\n{\"a\":1\n\n{\"a\":1,\"a\":2}\nhello\n{\"a\":\"\u{1}\"}\n{\"b\":2}{\"c\":3}\n{\"d\":4}";
    let expected = [
        Ok("{\"a\":1}".to_owned()),
        Err((Code::JsonCut, 2)),
        Err((Code::DuplicateKey, 4)),
        Err((Code::JsonSyntax, 5)),
        Err((Code::ControlCharacter, 6)),
        Err((Code::JsonSyntax, 7)),
        Ok("{\"d\":4}".to_owned()),
    ];
    assert_eq!(objects(text), expected);
}

#[test]
fn a_first_line_that_is_cut_does_not_take_the_next_with_it() {
    for cut in ["{\"a\":\"x", "{\"a\":1", "{\"a\":{\"b\":2}", "{\"a\":1,", "{\"a\":[1"] {
        let text = format!("{cut}\n{{\"b\":1}}\n{{\"c\":1}}\n");
        let found = objects(&text);
        assert_eq!(found[0], Err((Code::JsonCut, 1)), "{cut}");
        assert_eq!(found[1..], good(&["{\"b\":1}", "{\"c\":1}"]), "{cut}");
    }
}

#[test]
fn a_bad_object_in_a_bundle_is_told_and_the_others_are_given() {
    let text = "{\"type\":\"bundle\",\"objects\":[\n{\"a\":1},\n{\"a\" 1},\n7,\n\"x\", [{}],\n{\n\"b\":1,\n\"b\":2},\n{\"type\":\"bundle\"},\n{\"c\":1}]}";
    let expected = [
        Ok("{\"a\":1}".to_owned()),
        Err((Code::JsonSyntax, 3)),
        Err((Code::NotAnObject, 4)),
        Err((Code::NotAnObject, 5)),
        Err((Code::NotAnObject, 5)),
        Err((Code::DuplicateKey, 8)),
        Err((Code::BundleAsObject, 9)),
        Ok("{\"c\":1}".to_owned()),
    ];
    assert_eq!(objects(text), expected);
}

#[test]
fn a_line_that_starts_with_a_brace_ends_nothing_but_a_first_line_that_was_cut() {
    let text = "{\"type\":\"bundle\",\"objects\":[{\"a\" 1\n{}},\n{\"b\":1}]}";
    assert_eq!(objects(text), [Err((Code::JsonSyntax, 1)), Ok("{\"b\":1}".to_owned())]);
    let text = "{\"a\" 1\n2\n{}}\n{\"b\":1}\n";
    assert_eq!(objects(text), [Err((Code::JsonSyntax, 1)), Ok("{\"b\":1}".to_owned())]);
}

#[test]
fn an_error_points_into_the_object_and_into_the_file() {
    let text = "[{\"a\":1},\n  {\"b\":{\"c\":\n[1,{\"d\":1,\"d\":2}]}}]";
    let error = Objects::new(text.as_bytes(), Limits::default()).find_map(Result::err).unwrap();
    assert_eq!((error.line, error.pointer.as_str()), (3, "/b/c/1/d"));
    assert_eq!(error.offset, text.rfind("\"d\"").unwrap() as u64);
    assert!(error.message_in(crate::Lang::Es).contains("dos veces"));
}

#[test]
fn an_object_of_too_many_bytes_is_passed_over_whatever_it_stands_in() {
    let limits = Limits { object_bytes: 30, ..Limits::default() };
    let big = format!("{{\"a\":\"{}\"}}", "x".repeat(200_000));
    let fits = format!("{{\"a\":\"{}\"}}", "x".repeat(22));
    assert_eq!(fits.len(), 30);
    for text in [
        format!(
            "{{\"type\":\"bundle\",\"note\":\"{}\",\"objects\":[{big},{fits}]}}",
            "y".repeat(100)
        ),
        format!("[{big},{fits}]"),
        format!("{big}\n{fits}\n"),
        format!("{big}{fits}"),
    ] {
        assert_eq!(read(text.as_bytes(), limits), [Err((Code::TooLarge, 1)), Ok(fits.clone())]);
    }
    let lines = format!("{fits}\n{big}\n{fits}\n");
    assert_eq!(read(lines.as_bytes(), limits)[1], Err((Code::TooLarge, 2)));
}

#[test]
fn a_file_that_ends_too_soon_says_so_after_the_objects_before() {
    for text in [
        "[{\"a\":1},{\"b\":",
        "[{\"a\":1}",
        "[{\"a\":1},",
        "{\"type\":\"bundle\",\"objects\":[{\"a\":1}",
        "{\"type\":\"bundle\",\"objects\":[{\"a\":1}]",
        "{\"type\":\"bundle\",\"objects\":[{\"a\":1}],\"x\":\"",
    ] {
        let found = objects(text);
        assert_eq!(found[0], Ok("{\"a\":1}".to_owned()), "{text}");
        assert_eq!(found[1..], [Err((Code::JsonCut, 1))], "{text}");
    }
}

#[test]
fn what_is_no_stix_at_all_ends_at_once() {
    for (text, code) in [
        ("hello", Code::UnexpectedContent),
        ("\"x\"", Code::UnexpectedContent),
        ("\u{fffd}", Code::UnexpectedContent),
        ("[{} {}]", Code::JsonSyntax),
        ("[}", Code::JsonSyntax),
        ("{\"type\":\"bundle\",\"objects\":7}", Code::UnexpectedContent),
        ("{\"type\":\"bundle\",\"type\":\"bundle\"}", Code::DuplicateKey),
        ("{\"type\":\"bundle\",,}", Code::JsonSyntax),
        ("{\"type\":\"bundle\",\"objects\":[],\"objects\":[]}", Code::DuplicateKey),
    ] {
        assert_eq!(objects(text).last().unwrap().as_ref().unwrap_err().0, code, "{text}");
    }
}

#[test]
fn an_object_that_says_its_type_twice_does_not_become_a_bundle() {
    let found =
        objects("{\"type\":\"x-a\",\"type\":\"bundle\",\"objects\":[{\"a\":1}]}\n{\"b\":1}");
    assert_eq!(found, [Err((Code::DuplicateKey, 1)), Ok("{\"b\":1}".to_owned())]);
}

#[test]
fn a_list_of_objects_in_something_that_is_no_bundle_is_told() {
    let found = objects("{\"objects\":[{\"a\":1}],\"type\":\"report\"}");
    assert_eq!(found, [Ok("{\"a\":1}".to_owned()), Err((Code::NotABundle, 1))]);
    let custom = "{\"type\":\"x-list\",\"objects\":[{\"a\":1}]}";
    assert_eq!(objects(custom), good(&[custom]));
}

#[test]
fn a_failing_disk_is_not_blamed_on_the_content() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("bad sector"))
        }
    }
    let text: &[u8] = b"{\"a\":1}\n{\"b\"";
    let found: Vec<_> = Objects::new(text.chain(Failing), Limits::default()).collect();
    assert!(found[0].is_ok());
    assert_eq!(found[1].as_ref().unwrap_err().code, Code::Unreadable);
    assert_eq!(found.len(), 2);
}

/// Gives so many bytes of one line and counts them.
struct Endless {
    front: &'static [u8],
    left: u64,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.front.is_empty() {
            return self.front.read(into);
        }
        let size = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        into[..size].fill(b'x');
        self.left -= size as u64;
        Ok(size)
    }
}

#[test]
fn a_line_that_never_ends_takes_no_more_memory_than_its_limit() {
    const MANY: u64 = 200_000_000;
    let limits = Limits::default();
    for front in
        ["{\"a\":\"", "[\"", "[{\"a\":\"", "{\"type\":\"bundle\",\"objects\":[{\"", "{}\n", "{\""]
    {
        let mut objects = Objects::new(Endless { front: front.as_bytes(), left: MANY }, limits);
        let mut most = 0;
        while let Some(item) = objects.next() {
            most = most.max(objects.memory());
            assert!(item.is_err() || front.ends_with('\n'));
        }
        assert!(objects.bytes_read() >= MANY, "{front}");
        assert!(most <= 2 * limits.object_bytes + 100_000, "{most}");
    }
}

proptest! {
    #[test]
    fn what_was_written_comes_back_whatever_the_framing_and_the_chunks(
        texts in prop::collection::vec(crate::json::tests::json(), 1..6),
        framing in 0..5,
        sizes in prop::collection::vec(1_usize..50, 1..5),
        pretty in any::<bool>(),
    ) {
        let texts: Vec<String> = texts
            .into_iter()
            .map(|json| {
                let object = serde_json::json!({ "id": "x", "value": json });
                let pretty = pretty && framing < 3;
                if pretty { serde_json::to_string_pretty(&object) } else { serde_json::to_string(&object) }.unwrap()
            })
            .collect();
        let file = match framing {
            0 => format!("{{\"type\":\"bundle\",\"objects\":[{}]}}", texts.join(",")),
            1 => format!("{{\"objects\":[{}] , \"id\":\"a\",\"type\":\"bundle\"}}", texts.join(" ,\n")),
            2 => format!("[{}]", texts.join("\n,")),
            3 => texts.join("\n"),
            _ => texts.join("\r\n\r\n") + "\n",
        };
        let mut objects = Objects::new(Drip::new(file.as_bytes(), sizes), Limits::default());
        for (index, text) in texts.iter().enumerate() {
            let object = objects.next().unwrap().unwrap();
            prop_assert_eq!(&object.bytes, text.as_bytes());
            prop_assert_eq!(object.index, index as u64);
            let start = usize::try_from(object.offset).unwrap();
            prop_assert_eq!(&file.as_bytes()[start..start + text.len()], text.as_bytes());
        }
        prop_assert!(objects.next().is_none());
        prop_assert_eq!(objects.bytes_read(), file.len() as u64);
    }

    #[test]
    fn hostile_bytes_never_hang_and_never_give_what_is_no_object(
        bytes in prop::collection::vec(prop::sample::select(&b"{}[]\",:\\\n ax1\xff"[..]), 0..60),
        front in prop::sample::select(&["", "{\"type\":\"bundle\",\"objects\":[", "[", "{\"a\":1}\n"][..]),
        sizes in prop::collection::vec(1_usize..9, 1..4),
    ) {
        let text: Vec<u8> = front.bytes().chain(bytes).collect();
        let dripped: Vec<_> = Objects::new(Drip::new(&text, sizes), Limits::default()).take(1_000).collect();
        prop_assert!(dripped.len() <= text.len() + 1);
        for object in dripped.iter().flatten() {
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&object.bytes).unwrap().is_object());
        }
        let at_once: Vec<_> = Objects::new(&text[..], Limits::default()).collect();
        prop_assert_eq!(dripped, at_once);
    }
}

#[test]
fn an_object_with_a_key_twice_is_given_only_to_those_who_ask_for_it() {
    let (twice, good) = (r#"{"type":"x-a","a":{"b":1,"b":2}}"#, r#"{"type":"x-b"}"#);
    let cut = r#"{"type":"x-a","a":1,"a":}"#;
    let text = format!("{twice}\n{cut}\n{good}\n");
    let codes = |objects: Objects<&[u8]>| -> Vec<Result<Vec<u8>, Code>> {
        objects.map(|it| it.map(|it| it.bytes).map_err(|it| it.code)).collect()
    };
    let given = |text: &str| Ok(text.as_bytes().to_vec());
    let usual = codes(Objects::new(text.as_bytes(), Limits::default()));
    assert_eq!(usual, [Err(Code::DuplicateKey), Err(Code::DuplicateKey), given(good)]);
    let keeping = Objects::new(text.as_bytes(), Limits::default()).keeping_duplicates();
    assert_eq!(codes(keeping), [given(twice), Err(Code::JsonSyntax), given(good)]);
    let bundle = format!(r#"{{"type":"bundle","type":"bundle","objects":[{good}]}}"#);
    let keeping = Objects::new(bundle.as_bytes(), Limits::default()).keeping_duplicates();
    assert_eq!(codes(keeping), [Err(Code::DuplicateKey)]);
}

#[test]
fn it_is_known_whether_there_was_a_bundle() {
    let object = r#"{"type":"x-a","objects":{"0":1}}"#;
    for (text, expected) in [
        (String::new(), false),
        (object.to_owned(), false),
        (format!("[{object}]"), false),
        (format!(r#"{{"type":"bundle","objects":[{object}]}}"#), true),
        (format!(r#"{{"objects":[{object}],"type":"bundle"}}"#), true),
        (r#"{"type":"bundle"}"#.to_owned(), true),
    ] {
        let mut objects = Objects::new(text.as_bytes(), Limits::default());
        assert!(objects.by_ref().all(|it| it.is_ok()), "{text}");
        assert_eq!(objects.has_bundle(), expected, "{text}");
    }
}

#[test]
fn an_envelope_is_read_whole_and_nothing_beside_it() {
    let read = |text: &str| {
        let objects = Objects::new(text.as_bytes(), Limits::default()).of_envelope();
        let (mut count, mut codes) = (0, Vec::new());
        for next in objects {
            match next {
                Ok(_) => count += 1,
                Err(error) => codes.push(error.code),
            }
        }
        (count, codes)
    };
    for (text, count) in [
        ("{}", 0),
        (r#"{"objects":[]}"#, 0),
        (r#"{"more":false,"objects":[{"a":1},{"b":2}]}"#, 2),
        (r#"{"objects":[{"a":1}],"more":false}"#, 1),
        (r#"{"type":"bundle","id":"x","objects":[{"a":1}]}"#, 1),
        (r#"{"objects":[{"a":1}],"type":"bundle"}"#, 1),
    ] {
        assert_eq!(read(text), (count, vec![]), "{text}");
    }
    for text in [
        r#"{"type":"indicator","id":"x"}"#,
        r#"{"objects":[{"a":1}],"type":"indicator"}"#,
        r#"[{"a":1}]"#,
        r#"{"objects":[{"a":1}]}{"objects":[{"a":1}]}"#,
        r#"{"objects":[{"a":1}]} x"#,
        r#"{"objects":[{"a":1}],"objects":[{"a":1}]}"#,
        r#"{"objects":[{"a":1}"#,
        "{} {}",
        "7",
        r#"{"objects":{"a":1}}"#,
    ] {
        assert_ne!(read(text).1, vec![], "{text}");
    }
}
