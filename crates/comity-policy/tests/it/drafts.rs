//! What is refused of a text that is to be signed, and of days that there are not.

use comity_policy::{Agreement, ErrorCode};

use crate::support::{FULL, altered, errors};

#[test]
fn a_label_that_is_asked_for_and_excluded_is_refused_before_anybody_signs() {
    let text = altered("none = [\"sealed\"]", "none = [\"fentanyl\"]");
    let found = Agreement::parse_draft(&text).unwrap_err();
    let [error] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(error.code, ErrorCode::ContradictoryLabels);
    assert_eq!(error.field, "clause[3].labels");
    assert_eq!(error.message.fact("label"), Some("fentanyl"));
    let line = text.lines().position(|line| line.contains("none = [")).unwrap() + 1;
    assert_eq!(usize::try_from(error.line).unwrap(), line);
    // who signed it is bound by it
    assert!(Agreement::parse(&text).is_ok());
    assert_eq!(Agreement::parse_draft(FULL), Agreement::parse(FULL));
}

#[test]
fn a_day_that_the_calendar_does_not_have_is_named_with_its_line_and_field() {
    let days = [
        ("until = 2027-01-31", "until = 2027-02-29", "agreement.in_force.until"),
        ("until = 2027-01-31", "until = 2027-13-01", "agreement.in_force.until"),
        ("from = 2026-02-01", "from = 2026-02-30", "agreement.in_force.from"),
    ];
    for (from, to, field) in days {
        let text = altered(from, to);
        let found = errors(&text);
        let line = text.lines().position(|line| line.contains(to)).unwrap() + 1;
        let error = found.first().unwrap();
        assert_eq!((error.code, error.field.as_str()), (ErrorCode::BadDate, field), "{found:?}");
        assert_eq!(usize::try_from(error.line).unwrap(), line, "{found:?}");
        let day = to.split(' ').next_back().unwrap();
        assert_eq!(error.message.fact("value"), Some(day));
    }
    // what is no date stays what TOML says of it
    let text = altered("until = 2027-01-31", "until = 2027-1-3 # not 2027-02-30");
    assert_eq!(errors(&text).first().unwrap().code, ErrorCode::Syntax);
}
