//! The table lists expressions, texts and what PCRE2 10.42 says of them, with `DOTALL`; over texts also with UTF and
//! UCP.

use crate::pattern::budget::{Budget, Meter};
use crate::pattern::evaluate::regex::Expression;
use crate::pattern::regex::{RegexFault, check};

/// What this program says in the words of the table.
fn verdict(kind: &str, expression: &str, text: &str) -> &'static str {
    let is_binary = kind == "octets";
    match check(expression, is_binary) {
        Err(RegexFault::At(_)) => return "wrong",
        Err(RegexFault::Foreign(_)) => return "foreign",
        Err(RegexFault::TooLarge) => return "too large",
        Ok(()) => {}
    }
    let Some(compiled) = Expression::new(expression, is_binary) else { return "lost" };
    let mut meter = Meter::new(Budget::default());
    let octets: Vec<u8> = text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let found = if is_binary {
        compiled.matches_bytes(&octets, &mut meter)
    } else {
        compiled.matches_text(text, &mut meter)
    };
    let literal = compiled.literal().to_ascii_lowercase();
    match found {
        Ok(true) if !is_binary && !text.to_ascii_lowercase().contains(&literal) => "bad literal",
        Ok(true) => "yes",
        Ok(false) => "no",
        Err(_) => "undecided",
    }
}

#[test]
fn every_expression_says_what_pcre_says() {
    let table = include_str!("tests/table.jsonl");
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in table.lines() {
        let row: [String; 4] = serde_json::from_str(line).unwrap();
        let [kind, expression, text, expected] = row.each_ref().map(String::as_str);
        count += 1;
        let ours = verdict(kind, expression, text);
        if ours != expected {
            wrong.push(format!("{line} {ours}"));
        }
    }
    assert!(count > 60);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn literals_are_found_in_what_is_translated() {
    for (expression, literal) in [
        ("\\x41\\x42C", "ABC"),
        ("\\Qa.b\\E<c>", "a.b<c>"),
        ("(?s)\\<abc\\>", "<abc>"),
        ("(?x) a b c # d", "abc"),
        ("a[[:digit:]]\\/bcd", "/bcd"),
    ] {
        assert_eq!(Expression::new(expression, false).unwrap().literal(), literal, "{expression}");
    }
}
