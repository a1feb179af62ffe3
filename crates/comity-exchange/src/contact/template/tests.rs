use super::*;

const GOOD: &str = r#"name = "xx"
language = "en"
title = "Report"
recipients = ["An office"]
confirmed = false
clock = { days = 3, starts_at = ["contact", "exchange"] }

[[section]]
heading = "What"
text = """
{kind} on {date}
with {partner_name}."""

[[section]]
heading = "Said in {subject}"
of = ["contact"]
text = "{said}"
"#;

fn wrong(from: &str, to: &str) -> (usize, Option<&'static str>, String) {
    let text = GOOD.replacen(from, to, 1);
    assert_ne!(text, GOOD);
    let error = Template::parse(&text).unwrap_err();
    (error.line, error.field, error.message)
}

#[test]
fn a_template_is_filled_with_values_that_are_never_read_again() {
    let template = Template::parse(GOOD).unwrap();
    let value = |name: Placeholder| match name {
        Placeholder::Said => "{folio} }{".to_owned(),
        name => format!("<{}>", name.word()),
    };
    let text = template.fill(About::Contact, value);
    assert_eq!(
        text,
        "# Report\n\nTo: An office\n\nThe wording of this template is to be confirmed by a lawyer.\n\n## What\n\n<kind> on \
         <date>\nwith <partner_name>.\n\n## Said in <subject>\n\n{folio} }{\n"
    );
    let text = template.fill(About::Exchange, value);
    assert!(!text.contains("Said"), "{text}");
    let confirmed = Template::parse(&GOOD.replace("false", "true")).unwrap();
    assert!(!confirmed.fill(About::Contact, value).contains("lawyer"));
}

#[test]
fn what_is_wrong_in_a_template_is_named_by_line_and_field() {
    let (line, field, message) = wrong("{date}", "{day}");
    assert_eq!((line, field), (11, Some("text")));
    assert!(message.contains("`day`") && message.contains("reported_at"), "{message}");
    let (line, field, message) = wrong("{partner_name}", "{said}");
    assert_eq!((line, field), (12, Some("text")));
    assert!(message.contains("an exchange"), "{message}");
    assert_eq!(wrong("{subject}", "{subject").1, Some("heading"));
    assert_eq!((wrong("{said}", "}").0, wrong("{said}", "}").1), (17, Some("text")));
    let (line, _, message) = wrong("confirmed", "konfirmed");
    assert_eq!(line, 5);
    assert!(message.contains("konfirmed"), "{message}");
    assert_eq!(wrong("\"en\"", "\"fr\"").0, 2);
    assert_eq!(wrong("\"xx\"", "\"X X\"").1, Some("name"));
    assert_eq!(wrong("[\"An office\"]", "[]").1, Some("recipients"));
    assert_eq!(wrong("days = 3", "days = 3, hours = 1").1, Some("clock"));
    assert_eq!(wrong("days = 3", "days = 0").1, Some("clock"));
    assert_eq!(wrong("days = 3", "days = 4294967295").1, Some("clock"));
    assert_eq!(wrong("\"contact\", \"exchange\"]", "]").1, Some("clock"));
    assert!(Template::parse(&format!("{GOOD}#{}", "x".repeat(MAX_BYTES))).is_err());
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_template_or_an_error_with_a_line_of_it(text in "\\PC{0,200}", at in 0_usize..400) {
        let (before, after) = GOOD.split_at_checked(at).unwrap_or((GOOD, ""));
        let mixed = format!("{before}{text}{after}");
        if let Err(error) = Template::parse(&mixed) {
            assert!((1..=mixed.matches('\n').count() + 1).contains(&error.line), "{error}");
        }
    }
}
