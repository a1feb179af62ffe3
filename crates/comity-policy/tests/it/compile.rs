//! What an agreement compiles to.

use cedar_policy::{Effect, PolicySet};
use comity_policy::{Agreement, Engine, ReasonCode};

use crate::support::{FULL, altered, codes, full, plain, south};

#[test]
fn one_text_compiles_to_one_text_on_any_machine() {
    let compiled = Engine::compile(&full()).unwrap().cedar_text();
    assert_eq!(compiled, include_str!("../data/full.cedar"));
}

#[test]
fn the_order_of_a_list_does_not_change_what_is_compiled() {
    let reordered = altered(
        "[\"precursor-control\", \"public-health\"]",
        "[\"public-health\", \"precursor-control\"]",
    );
    let compiled =
        |text: &str| Engine::compile(&Agreement::parse(text).unwrap()).unwrap().cedar_text();
    assert_eq!(compiled(&reordered), compiled(FULL));
}

#[test]
fn another_engine_can_load_the_compiled_text() {
    let engine = Engine::compile(&full()).unwrap();
    let set: PolicySet = engine.cedar_text().parse().unwrap();
    assert_eq!(set.num_of_policies(), engine.policies().count());
    let ids: Vec<&str> = set.policies().filter_map(|it| it.annotation("id")).collect();
    assert!(engine.policies().all(|id| ids.contains(&id)));
    let permits = set.policies().filter(|it| it.effect() == Effect::Permit).count();
    assert_eq!(permits, full().clauses.len());
}

#[test]
fn a_red_line_s_text_is_a_note_whatever_it_holds() {
    for text in
        ["x\") permit(principal, action, resource); @a(\"", "\\", "\"\"\"", "a\nb", "};\n//"]
    {
        let literal = serde_json::to_string(text).unwrap();
        let agreement = altered("\"Nothing about a natural person under 18\"", &literal);
        let engine = Engine::compile(&Agreement::parse(&agreement).unwrap()).unwrap();
        let set: PolicySet = engine.cedar_text().parse().unwrap();
        assert_eq!(set.num_of_policies(), engine.policies().count());
        assert!(set.policies().any(|it| it.annotation("note") == Some(text)), "{text}");
        assert!(engine.decide(&plain(), &south()).releases());
    }
}

#[test]
fn what_is_asked_can_not_become_policy() {
    let engine = Engine::compile(&full()).unwrap();
    for hostile in ["\" || true || \"", "precursors-south\" || \"", "\u{0}", "\u{202e}"] {
        let clause = comity_policy::Question { clause: hostile, ..south() };
        assert_eq!(codes(&engine.decide(&plain(), &clause)), [ReasonCode::ClauseUnknown]);
        let purpose = comity_policy::Question { purpose: hostile, ..south() };
        assert_eq!(codes(&engine.decide(&plain(), &purpose)), [ReasonCode::ClausePurpose]);
        let mut facts = plain();
        facts.stix_type = hostile.to_owned();
        assert_eq!(codes(&engine.decide(&facts, &south())), [ReasonCode::ClauseKind]);
    }
}

#[test]
fn a_deep_condition_is_evaluated_on_the_stack_of_a_small_thread() {
    let deep = vec!["!resource.revoked"; 20].join(" && ");
    let text = altered("'resource.labels.contains(\"minor\")'", &format!("'{deep}'"));
    let engine = Engine::compile(&Agreement::parse(&text).unwrap()).unwrap();
    let small = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    let thread = small.spawn(move || codes(&engine.decide(&plain(), &south())));
    assert_eq!(thread.unwrap().join().unwrap(), [ReasonCode::RedLine]);
}

#[test]
fn a_red_line_that_can_not_be_evaluated_withholds_all_the_same() {
    // Cedar gives up on a policy where the stack is short, and then leaves it out
    let deep = vec!["!resource.revoked"; 20].join(" && ");
    let text = altered("'resource.labels.contains(\"minor\")'", &format!("'{deep}'"));
    let engine = std::sync::Arc::new(Engine::compile(&Agreement::parse(&text).unwrap()).unwrap());
    // from where Cedar gives up on everything to where it gives up on nothing
    for stack in (8..32).map(|it| it * 64 * 1024) {
        let shared = std::sync::Arc::clone(&engine);
        let short = std::thread::Builder::new().stack_size(stack);
        let decision =
            short.spawn(move || shared.decide(&plain(), &south())).unwrap().join().unwrap();
        let seen = codes(&decision);
        let given_up = !seen.is_empty() && seen.iter().all(|it| *it == ReasonCode::PolicyError);
        assert!(given_up || seen == [ReasonCode::RedLine], "{stack}: {seen:?}");
    }
    // and what was only given up on is not remembered
    assert_eq!(codes(&engine.decide(&plain(), &south())), [ReasonCode::RedLine]);
}
