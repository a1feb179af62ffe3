//! What a red line's condition may say.

use comity_policy::{Agreement, ErrorCode, Origin};
use proptest::prelude::*;

use crate::support::{FULL, altered, decide, errors, plain, south};

fn with(when: &str) -> String {
    let literal = serde_json::to_string(when).unwrap();
    altered("'resource.labels.contains(\"minor\")'", &literal)
}

#[track_caller]
fn refused(when: &str, code: ErrorCode) -> String {
    let found = errors(&with(when));
    let seen: Vec<_> = found.iter().map(|it| (it.field.as_str(), it.code)).collect();
    assert_eq!(seen, [("red_line[1].when", code)], "{when}: {found:?}");
    let message = found.first().unwrap().message.to_string();
    assert!(message.starts_with("red line 1: "), "{message}");
    message
}

#[test]
fn every_fact_can_be_asked_for() {
    for when in [
        "resource.kind == \"report\"",
        "resource.properties.contains(\"pattern\")",
        "[\"amber\", \"amber+strict\"].contains(resource.tlp.label) || resource.tlp.rank >= 2",
        "resource has pap && (resource.pap.label == \"red\" || resource.pap.rank > 1)",
        "resource has grade && resource.grade.reliability == \"E\"",
        "resource has grade.credibility && resource.grade.credibility == 5",
        "!(resource has grade)",
        "resource.from_partner",
        "resource.natural_person && !resource.revoked",
        "resource has age_days && resource.age_days > 365",
        "resource has country && resource.country like \"X*\"",
        "resource.labels.containsAny([\"a\", \"b\"]) && resource.labels.containsAll([\"c\"])",
        "resource.labels.isEmpty()",
        "if resource.revoked then context.purpose == \"trade\" else context.clause like \"*-south\"",
        "resource.consents.isEmpty() && resource.from_partner",
        "resource.revoked // for good\n",
    ] {
        let text = with(when);
        assert!(Agreement::parse(&text).is_ok(), "{when}: {:?}", Agreement::parse(&text));
    }
}

#[test]
fn a_condition_that_does_not_fit_the_facts_is_refused_with_what_cedar_says() {
    assert!(refused("resource.labelz.contains(\"minor\")", ErrorCode::WhenType).contains("labelz"));
    refused("resource.labels.contains(18)", ErrorCode::WhenType);
    refused("resource.age_days > 5", ErrorCode::WhenType);
    refused("resource.kind", ErrorCode::WhenType);
    refused("resource.kind == 5", ErrorCode::WhenType);
    refused("context.secret == 1", ErrorCode::WhenType);
}

#[test]
fn a_condition_that_is_no_expression_is_refused() {
    assert!(refused("", ErrorCode::WhenSyntax).contains("Cedar says"));
    refused("resource.labels.contains(", ErrorCode::WhenSyntax);
    refused("minor", ErrorCode::WhenSyntax);
    refused("true; permit(principal, action, resource)", ErrorCode::WhenSyntax);
}

#[test]
fn no_condition_can_end_its_policy_and_begin_another() {
    for when in [
        "false };\npermit (principal, action, resource) when { true",
        "false } unless { true",
        "false }; permit (principal, action, resource);//",
        "false //",
        "resource.labels.contains(\"minor\") //",
    ] {
        match Agreement::parse(&with(when)) {
            Ok(agreement) => {
                let engine = comity_policy::Engine::compile(&agreement).unwrap();
                let set: cedar_policy::PolicySet = engine.cedar_text().parse().unwrap();
                assert_eq!(set.num_of_policies(), engine.policies().count(), "{when}");
            }
            Err(found) => assert_eq!(found.first().unwrap().code, ErrorCode::WhenSyntax, "{when}"),
        }
    }
}

#[test]
fn what_could_fail_or_reach_beyond_the_object_is_not_in_the_language() {
    for when in [
        "resource.tlp.rank + 1 > 2",
        "resource.tlp.rank * 9223372036854775807 > 2",
        "-resource.tlp.rank < 0",
        "principal == principal",
        "action == action",
        "resource == resource",
        "resource is Comity::Holding",
        "resource in resource",
        "ip(resource.kind).isLoopback()",
        "decimal(resource.kind).lessThan(decimal(\"1.0\"))",
        "context.today < datetime(\"2026-01-01\")",
        "context.recipient == Comity::Party::\"x\"",
        "resource.hasTag(\"x\")",
        "{a: true}.a",
    ] {
        let code = errors(&with(when)).first().map(|it| it.code);
        assert_eq!(code, Some(ErrorCode::WhenOperator), "{when}");
    }
}

#[test]
fn a_condition_of_any_depth_is_read_or_refused_without_harm() {
    let nested = |open: &str, close: &str, count: usize| {
        format!("{}resource.revoked{}", open.repeat(count), close.repeat(count))
    };
    let deep = [
        nested("(", ")", 200),
        nested("(", ")", 2_000),
        nested("!(", ")", 120),
        nested("if true then ", " else false", 60),
        nested("if true then ", " else false", 300),
        nested("[", "]", 200),
        format!("resource{}", ".grade".repeat(250)),
        vec!["resource.revoked"; 80].join(" && "),
        vec!["resource.revoked"; 300].join(" || "),
        "!".repeat(300),
        "x".repeat(4_001),
        "x".repeat(300_000),
    ];
    for when in deep {
        let text = with(&when);
        let size = when.len();
        // the stack of a small thread is enough
        let small = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
        let thread = small.spawn(move || Agreement::parse(&text).map(drop).map_err(|it| it.len()));
        assert!(matches!(thread.unwrap().join(), Ok(Ok(()) | Err(1))), "{size}");
    }
}

#[test]
fn a_condition_too_deep_to_be_sure_of_is_refused() {
    let terms = |count: usize| vec!["resource.revoked"; count].join(" && ");
    assert!(Agreement::parse(&with(&terms(22))).is_ok());
    refused(&terms(31), ErrorCode::TooLarge);
    refused(&terms(60), ErrorCode::TooLarge);
}

#[test]
fn a_red_line_that_asks_for_everything_withholds_everything() {
    let text = with("true");
    assert!(!decide(&text, &plain(), &south()).releases());
}

#[test]
fn facts_no_red_line_asks_for_do_not_change_what_one_sees() {
    // `isEmpty` sees every label, not only those named elsewhere
    let text = with("resource.labels.isEmpty()");
    let mut facts = plain();
    assert!(!decide(&text, &facts, &south()).releases());
    facts.labels.insert("anything".to_owned());
    assert!(decide(&text, &facts, &south()).releases());
    // consents to others are seen where they are asked for
    let text = with("!resource.consents.isEmpty()");
    facts.origin = Origin::Own;
    facts.consents.insert(crate::support::root(9));
    assert!(!decide(&text, &facts, &south()).releases());
    assert!(decide(FULL, &facts, &south()).releases());
}

proptest! {
    #[test]
    fn no_condition_whatever_it_holds_does_harm(when in "[ -~]{0,80}") {
        let _ = Agreement::parse(&with(&when)).map_err(|it| it.len());
    }
}
