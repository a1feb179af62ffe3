//! What holds of all agreements and all objects.

use std::collections::BTreeSet;

use comity_policy::{Agreement, Engine, ReasonCode};
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
