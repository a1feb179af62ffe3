//! Legal bases and reasons, chosen from the agreement's lists; clocks and periods that everybody counts alike.

use comity_policy::{Act, Agreement, ChosenGrounds, ErrorCode, GroundsError, Urgency, WarningCode};
use proptest::prelude::*;

use crate::support::{FULL, altered, errors, full};

const NOTES: &str = "Exchange of notes of 2026-01-30";
const HEALTH: &str = "Ley General de Salud, artículo 7";

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn choose(
    text: &str,
    act: Act,
    clause: Option<&str>,
    bases: &[&str],
    reasons: &[&str],
) -> Result<ChosenGrounds, GroundsError> {
    let agreement = Agreement::parse(text).unwrap();
    agreement.choose_grounds(act, clause, &owned(bases), &owned(reasons))
}

fn chosen(bases: &[&str], reasons: &[&str]) -> ChosenGrounds {
    ChosenGrounds { legal_basis: owned(bases), reasons: owned(reasons) }
}

#[test]
fn the_only_ground_there_is_need_not_be_named() {
    let south = Some("precursors-south");
    let expected = chosen(&[NOTES], &["open-inquiry"]);
    assert_eq!(choose(FULL, Act::Release, south, &[], &[]), Ok(expected.clone()));
    assert_eq!(choose(FULL, Act::Release, south, &[NOTES], &["open-inquiry"]), Ok(expected));
}

#[test]
fn of_several_grounds_one_must_be_named_and_the_error_lists_them() {
    let north = Some("overdoses-north");
    let error = choose(FULL, Act::Release, north, &[], &[]).unwrap_err();
    assert_eq!(error.code(), "legal-basis-missing");
    assert!(error.to_string().contains(NOTES) && error.to_string().contains(HEALTH), "{error}");
    let error = choose(FULL, Act::Refusal, north, &[HEALTH], &[]).unwrap_err();
    assert_eq!(error.code(), "reason-missing");
    assert!(error.to_string().contains("`statute`, `source-at-risk`"), "{error}");
    assert_eq!(
        choose(FULL, Act::Refusal, north, &[HEALTH], &["source-at-risk", "statute"]),
        Ok(chosen(&[HEALTH], &["source-at-risk", "statute"]))
    );
}

#[test]
fn a_ground_of_another_clause_or_for_another_act_is_refused() {
    let south = Some("precursors-south");
    let code = |result: Result<ChosenGrounds, GroundsError>| result.unwrap_err().code();
    assert_eq!(code(choose(FULL, Act::Release, south, &[HEALTH], &[])), "legal-basis-unknown");
    assert_eq!(code(choose(FULL, Act::Release, None, &[HEALTH], &[])), "legal-basis-unknown");
    assert_eq!(code(choose(FULL, Act::Release, south, &[], &["statute"])), "reason-unknown");
    assert_eq!(code(choose(FULL, Act::Purge, None, &[], &["none"])), "reason-unknown");
    let twice = ["statute", "statute"];
    assert_eq!(code(choose(FULL, Act::Refusal, None, &[], &twice)), "grounds-duplicate");
}

#[test]
fn where_there_is_nothing_to_choose_from_nothing_is_required_and_a_warning_says_so() {
    let start = FULL.find("[[reason]]").unwrap();
    let end = FULL.find("[[red_line]]").unwrap();
    let bare = format!("{}{}", FULL.get(..start).unwrap(), FULL.get(end..).unwrap())
        .replace(&format!("legal_basis = [\"{NOTES}\"]"), "legal_basis = []");
    let south = Some("precursors-south");
    assert_eq!(choose(&bare, Act::Release, south, &[], &[]), Ok(ChosenGrounds::default()));
    let error = choose(&bare, Act::Release, south, &[NOTES], &[]).unwrap_err();
    assert_eq!(error.code(), "legal-basis-unknown");
    let warnings = Agreement::parse(&bare).unwrap().warnings();
    let message = |code| warnings.iter().find(|it| it.code == code).unwrap().message.clone();
    let bases = message(WarningCode::NoLegalBasis);
    assert!(bases.contains("`precursors-south`") && !bases.contains("`overdoses-north`"));
    assert!(message(WarningCode::NoReasons).contains("`release`, `refusal`, `answer`, `purge`"));
    assert_eq!(full().warnings(), []);
}

#[test]
fn each_field_of_a_reason_is_checked() {
    use ErrorCode as E;
    let long = format!("\"{}\"", "ñ".repeat(301));
    let cases = [
        ("id = \"statute\"", "id = \"Statute\"", "reason[2].id", E::BadReasonId),
        ("id = \"statute\"", "id = \"open-inquiry\"", "reason[2].id", E::DuplicateReason),
        ("\"refusal\", \"purge\"", "\"raid\", \"purge\"", "reason[2].for[1]", E::BadAct),
        ("\"refusal\", \"purge\"", "\"purge\", \"purge\"", "reason[2].for[2]", E::DuplicateValue),
        ("for = [\"refusal\"]", "for = []", "reason[3].for", E::EmptyList),
        ("\"Lo exige una ley del titular\"", "\" \"", "reason[2].es", E::EmptyText),
        ("\"Lo exige una ley del titular\"", &long, "reason[2].es", E::TooLarge),
        ("es = \"Lo exige", "fr = \"Lo exige", "reason[2].fr", E::UnknownField),
    ];
    for (from, to, field, code) in cases {
        let found = errors(&altered(from, to));
        assert!(found.iter().any(|it| it.field == field && it.code == code), "{to}: {found:?}");
    }
    let fits = altered("\"Lo exige una ley del titular\"", &format!("\"{}\"", "ñ".repeat(300)));
    assert!(Agreement::parse(&fits).is_ok());
}

#[test]
fn a_request_has_the_agreement_s_hours_or_those_of_the_language() {
    let agreement = full();
    assert_eq!(agreement.answer_hours(Urgency::Urgent), 8);
    assert_eq!(agreement.answer_hours(Urgency::Priority), 72);
    assert_eq!(agreement.answer_hours(Urgency::Routine), 72);
    let silent = altered("[[answer_time]]\nurgency = \"routine\"\nhours = 72\n", "");
    assert_eq!(Agreement::parse(&silent).unwrap().answer_hours(Urgency::Routine), 168);
}

#[test]
fn a_quota_counts_from_midnight_or_from_the_first_of_the_month_in_utc() {
    let start = |text: &str, now: &str| {
        let agreement = Agreement::parse(text).unwrap();
        let quota = agreement.quotas_of("precursors-south").next().unwrap().clone();
        quota.period_start(now.parse().unwrap()).to_string()
    };
    assert_eq!(start(FULL, "2026-03-31T23:59:59.999Z"), "2026-03-31T00:00:00Z");
    assert_eq!(start(FULL, "2026-03-31T00:00:00Z"), "2026-03-31T00:00:00Z");
    // the last evening of March in Mexico is April in UTC
    let month = altered("per = \"day\"", "per = \"month\"");
    assert_eq!(start(&month, "2026-03-31T20:00:00-06:00"), "2026-04-01T00:00:00Z");
    assert_eq!(full().quotas_of("overdoses-north").count(), 0);
}

proptest! {
    #[test]
    fn a_period_begins_at_or_before_every_moment_in_it_and_once(seconds in -60_000_000_000i64..250_000_000_000) {
        let now = jiff::Timestamp::from_second(seconds).unwrap();
        for (per, most) in [("day", 24), ("month", 31 * 24)] {
            let agreement = Agreement::parse(&altered("per = \"day\"", &format!("per = \"{per}\""))).unwrap();
            let quota = agreement.quotas.first().unwrap();
            let start = quota.period_start(now);
            prop_assert!(start <= now);
            prop_assert_eq!(quota.period_start(start), start);
            prop_assert!(now.duration_since(start).as_hours() < most);
        }
    }
}
