//! Texts that nobody honest wrote.

use comity_policy::{Agreement, ErrorCode, MAX_TEXT};
use proptest::prelude::*;

use crate::support::{FULL, altered, errors};

#[test]
fn what_a_signer_would_not_see_is_refused_even_in_a_comment() {
    for hidden in
        ['\u{202e}', '\u{200b}', '\u{2066}', '\u{feff}', '\u{e0041}', '\u{ad}', '\u{2028}']
    {
        let found = errors(&altered("# Every field", &format!("# Every{hidden} field")));
        let seen: Vec<_> = found.iter().map(|it| (it.line, it.code)).collect();
        assert_eq!(seen, [(1, ErrorCode::HiddenCharacter)], "U+{:04X}", u32::from(hidden));
    }
    for escaped in ["\\u202e", "\\u0007", "\\U000e0041", "\\u009b"] {
        let found = errors(&altered("Synthetic-drug", escaped));
        let seen: Vec<_> = found.iter().map(|it| (it.field.as_str(), it.code)).collect();
        assert_eq!(seen, [("agreement.title", ErrorCode::HiddenCharacter)], "{escaped}");
    }
    assert!(Agreement::parse(&altered("Synthetic-drug", "Drogas sintéticas, señal 数")).is_ok());
}

#[test]
fn a_text_that_is_too_long_is_refused_before_it_is_read() {
    let long = format!("{FULL}#{}", "x".repeat(MAX_TEXT));
    assert_eq!(errors(&long).first().map(|it| it.code), Some(ErrorCode::TooLarge));
    let title = altered("Synthetic-drug", &"x".repeat(300));
    assert_eq!(errors(&title).first().map(|it| it.code), Some(ErrorCode::TooLarge));
    let many = "[[red_line]]\ntext = \"t\"\nwhen = 'false'\n".repeat(257);
    let found = errors(&format!("{FULL}{many}"));
    assert_eq!(
        found.first().map(|it| (it.field.as_str(), it.code)),
        Some(("red_line", ErrorCode::TooLarge))
    );
}

#[test]
fn a_thousand_errors_are_not_a_thousand_lines_of_report() {
    let fields: Vec<String> = (0..1_000).map(|number| format!("x{number} = 1")).collect();
    let fields = fields.join("\n") + "\n";
    assert_eq!(errors(&altered("version = 3\n", &format!("version = 3\n{fields}"))).len(), 200);
}

#[test]
fn nesting_of_any_depth_does_no_harm() {
    let deep = [
        format!("a = {}{}", "[".repeat(50_000), "]".repeat(50_000)),
        format!("a = {}1{}", "{a=".repeat(50_000), "}".repeat(50_000)),
        format!("{}a = 1", "a.".repeat(50_000)),
        format!("[{}a]", "a.".repeat(50_000)),
    ];
    for text in deep {
        let small = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
        let refused = small.spawn(move || Agreement::parse(&text).is_err()).unwrap().join();
        assert!(matches!(refused, Ok(true)));
    }
}

#[test]
fn a_handle_or_an_id_can_not_carry_anything_else() {
    for hostile in ["u\\\"s", "../us", "us\\n", "", "us--x\\u0000"] {
        let text = altered("from = \"us\"", &format!("from = \"{hostile}\""));
        assert!(errors(&text).iter().any(|it| it.field == "clause[1].from"), "{hostile}");
        let text = altered("\"precursors-south\"", &format!("\"{hostile}\""));
        assert!(errors(&text).iter().any(|it| it.field == "clause[1].id"), "{hostile}");
    }
}

proptest! {
    #[test]
    fn no_text_whatever_it_holds_does_harm(text in any::<String>()) {
        prop_assert!(Agreement::parse(&text).is_err());
    }

    #[test]
    fn an_agreement_that_was_damaged_is_refused_or_still_says_what_it_says(
        at in 0..FULL.len(),
        cut in 0..8usize,
        with in "[ -~\\n]{0,4}",
    ) {
        prop_assume!(FULL.is_char_boundary(at) && FULL.is_char_boundary((at + cut).min(FULL.len())));
        let (head, tail) = FULL.split_at(at);
        let text = format!("{head}{with}{}", tail.get(cut..).unwrap_or_default());
        match Agreement::parse(&text) {
            Ok(agreement) => prop_assert_eq!(&*agreement.text, &text),
            Err(found) => {
                prop_assert!(!found.is_empty());
                let lines = u32::try_from(text.matches('\n').count()).unwrap() + 1;
                prop_assert!(found.iter().all(|it| (1..=lines).contains(&it.line)), "{:?}", found);
            }
        }
    }
}
