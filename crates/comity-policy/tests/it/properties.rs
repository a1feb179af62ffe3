//! What holds of all agreements and all objects.

use std::collections::BTreeSet;

use comity_policy::{Agreement, Engine, Question, ReasonCode, WarningCode};
use proptest::prelude::*;

use crate::naive::{asked, facts, terms};

fn engine(text: &str) -> Engine {
    Engine::compile(&Agreement::parse(text).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_engine_decides_as_a_naive_reading_of_the_terms_does(
        terms in terms(),
        cases in proptest::collection::vec((facts(), asked()), 1..24),
    ) {
        let engine = engine(&terms.text());
        for (facts, asked) in &cases {
            let decision = engine.decide(facts, &asked.question());
            let seen: BTreeSet<_> =
                decision.reasons().iter().map(|it| (it.code, it.policy.clone())).collect();
            prop_assert_eq!(&seen, &terms.reasons(facts, asked));
            prop_assert_eq!(decision.releases(), seen.is_empty());
            let handling = terms.handling(facts, asked).filter(|_| seen.is_empty());
            prop_assert_eq!(&decision.handling, &handling);
            // asked again, from memory: the same
            prop_assert_eq!(decision, engine.decide(facts, &asked.question()));
        }
    }

    /// A warning that a red line forbids all of a clause is never wrong.
    #[test]
    fn what_a_warning_says_can_not_go_does_not_go(
        terms in terms(),
        cases in proptest::collection::vec((facts(), asked()), 1..24),
    ) {
        let agreement = Agreement::parse(&terms.text()).unwrap();
        let engine = Engine::compile(&agreement).unwrap();
        let warned: Vec<String> = agreement.warnings().into_iter()
            .filter(|it| it.code == WarningCode::ClauseReleasesNothing
                || (it.code == WarningCode::ClauseUnderRedLine && it.message.contains("everything")))
            .map(|it| it.message)
            .collect();
        for clause in &agreement.clauses {
            if !warned.iter().any(|it| it.starts_with(&format!("clause `{}` ", clause.id))) {
                continue;
            }
            for (facts, asked) in &cases {
                let question = Question { clause: &clause.id, ..asked.question() };
                prop_assert!(!engine.decide(facts, &question).releases(), "{:?}", warned);
            }
        }
    }

    #[test]
    fn no_clause_overrides_a_red_line(
        terms in terms(),
        cases in proptest::collection::vec((facts(), asked()), 1..24),
    ) {
        let engine = engine(&terms.text());
        for (facts, asked) in &cases {
            let decision = engine.decide(facts, &asked.question());
            let crossed = terms.crossed(facts, asked);
            let named: Vec<_> = decision.reasons().iter()
                .filter(|it| it.code == ReasonCode::RedLine)
                .map(|it| it.policy.clone())
                .collect();
            prop_assert_eq!(&named, &crossed);
            prop_assert!(crossed.is_empty() || !decision.releases());
        }
    }
}
