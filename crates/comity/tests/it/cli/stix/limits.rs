use serde_json::json;

use super::*;

/// An indicator in which lists stand within each other, so many of them.
fn nested(levels: usize) -> String {
    let (open, close) = ("[".repeat(levels), "]".repeat(levels));
    indicator(1, 40).replace("\"pattern\":", &format!("\"x_deep\":{open}{close},\"pattern\":"))
}

#[test]
fn an_object_beyond_a_limit_is_read_by_those_who_raise_it() {
    let place = Place::new();
    let [seen, mut url] = observed(1, "https://example.com/");
    url.insert_str(1, &format!("\"x_note\":\"{}\",", "n".repeat(3 << 20)));
    lines(&place, "in.jsonl", [indicator(1, 40), url, seen]);
    for (line, code) in [
        ("check in.jsonl", 1),
        ("check in.jsonl --max-object-bytes 4000000", 0),
        ("head in.jsonl", 1),
        ("head in.jsonl --max-object-bytes 4000000", 0),
        ("match --pattern [url:value='https://example.com/'] in.jsonl", 1),
        (
            "match --pattern [url:value='https://example.com/'] in.jsonl --max-object-bytes 4000000",
            0,
        ),
    ] {
        let ran = place.run(&format!("stix {line}"));
        assert_eq!(ran.code, code, "{line}: {} {}", ran.stdout, ran.stderr);
    }
    assert_eq!(place.run("stix check in.jsonl --max-object-bytes 100").code, 1);
    let [seen, url] = observed(1, "https://example.com/1");
    lines(&place, "seen.jsonl", [seen, url]);
    lines(&place, "patterns.jsonl", [indicator(1, 2 << 20)]);
    let line = "stix match --patterns patterns.jsonl seen.jsonl";
    assert_eq!(place.refused(line, 1), "too-large");
    assert_eq!(place.run(&format!("{line} --max-object-bytes 4000000")).code, 0);
    for wrong in ["--max-object-bytes 0", "--max-object-bytes 999999999999", "--max-depth 1001"] {
        assert_eq!(place.refused(&format!("stix check in.jsonl {wrong}"), 2), "usage", "{wrong}");
    }
}

#[test]
fn a_limit_is_shown_as_one_and_not_as_a_rule_of_the_standard() {
    let place = Place::new();
    lines(&place, "in.jsonl", [nested(100), indicator(2, 2 << 20)]);
    let ran = place.run("stix check in.jsonl");
    for (number, code) in [(1, "too-deep"), (2, "too-large")] {
        let start = format!("in.jsonl:{number}: LIMIT ");
        let line = ran.stdout.lines().find(|it| it.starts_with(&start)).unwrap();
        assert!(line.ends_with(&format!("[{code}, docs/protocol.md 5]")), "{line}");
    }
    assert!(place.run("stix check in.jsonl --lang es").stdout.contains("in.jsonl:2: LÍMITE "));
    let report = place.run("stix check in.jsonl --json").document(1);
    assert_eq!(report["findings"][1]["section"], "docs/protocol.md 5", "{report}");
}

#[test]
fn the_deepest_object_that_may_be_asked_for_exhausts_no_stack() {
    let place = Place::new();
    let other = nested(990).replace("Indicator 1", "Another");
    lines(&place, "in.jsonl", [nested(990), other]);
    let report = place.run("stix check in.jsonl --max-depth 1000 --json").document(1);
    assert_eq!((&report["unread"], &report["objects"]), (&json!(0), &json!(2)), "{report}");
    assert_eq!(place.run("stix head in.jsonl --max-depth 1000").code, 0);
}
