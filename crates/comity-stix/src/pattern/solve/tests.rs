//! The solver against a reference that tries everything.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::limits::Limits;
use crate::pattern::ast::{
    Comparison, Constant, Expression, Number, ObjectPath, Observation, Operand, Operator,
    Qualifier, Step, Test,
};
use crate::pattern::{Bare, Budget, BudgetSpent, Matcher, Observations};
use crate::timestamp::Stamp;

/// Observed-data as far as the solver looks at it.
#[derive(Debug, Clone)]
pub(in crate::pattern) struct Seen {
    values: BTreeSet<char>,
    /// First and last second.
    when: Option<(i64, i64)>,
    number: usize,
}

fn stamp(second: i64) -> Stamp<'static> {
    Stamp::parse(format!("2026-01-31T08:00:{second:02}Z")).unwrap()
}

pub(in crate::pattern) fn objects(all: &[Seen]) -> Vec<String> {
    let object = |seen: &Seen| {
        let objects: Vec<_> = seen
            .values
            .iter()
            .map(|value| format!(r#""{value}":{{"type":"x-t","p":"{value}"}}"#))
            .collect();
        let when = seen.when.map_or(String::new(), |(first, last)| {
            let (first, last) = (stamp(first), stamp(last));
            format!(
                r#""first_observed":"{}","last_observed":"{}","#,
                first.written(),
                last.written()
            )
        });
        let (number, objects) = (seen.number, objects.join(","));
        format!(
            r#"{{"type":"observed-data",{when}"number_observed":{number},"objects":{{{objects}}}}}"#
        )
    };
    all.iter().map(object).collect()
}

fn leaf(value: char) -> Expression {
    Expression::Observation(Observation(Comparison::Test(Test {
        path: ObjectPath { object_type: "x-t".into(), steps: vec![Step::Property("p".into())] },
        negated: false,
        operator: Operator::Equal,
        operand: Operand::One(Constant::Text(value.into())),
    })))
}

pub(in crate::pattern) fn seen() -> impl Strategy<Value = Seen> {
    let values = proptest::collection::btree_set(proptest::char::range('a', 'c'), 1..=2);
    let when = prop_oneof![9 => (0_i64..6, 0_i64..3).prop_map(Some), 1 => Just(None)];
    (values, when, 1_usize..=2).prop_map(|(values, when, number)| {
        let when = when.map(|(first, length)| (first, first + length));
        Seen { values, when, number }
    })
}

pub(in crate::pattern) fn expression() -> impl Strategy<Value = Expression> {
    let leaf = proptest::char::range('a', 'c').prop_map(leaf);
    leaf.prop_recursive(3, 6, 2, |inner| {
        let parts = || proptest::collection::vec(inner.clone(), 2);
        let qualifier = prop_oneof![
            (2_u64..=3).prop_map(Qualifier::Repeats),
            (1_u32..5).prop_map(|width| Qualifier::Within(Number(width.to_string().into()))),
            (0_i64..6, 1_i64..4).prop_map(|(start, length)| Qualifier::StartStop(
                stamp(start),
                stamp(start + length)
            )),
        ];
        prop_oneof![
            2 => parts().prop_map(Expression::And),
            1 => parts().prop_map(Expression::Or),
            2 => parts().prop_map(Expression::FollowedBy),
            2 => (inner.clone(), qualifier)
                .prop_map(|(inner, qualifier)| Expression::Qualified(Box::new(inner), qualifier)),
        ]
    })
}

/// Instances taken, and bounds: the time of the first is at most so much after that of the second. `None` is the
/// start of all times. Times are counted in sixteenths of a second, "less than" is a sixteenth less.
#[derive(Debug, Clone, Default)]
struct Binding {
    taken: Vec<usize>,
    bounds: Vec<(Option<usize>, Option<usize>, i64)>,
}

const GRAIN: i64 = 16;
/// A bound that only asks for a time.
const SOME_TIME: i64 = 1 << 40;

/// Every binding there is, feasible or not.
fn bindings(expression: &Expression, instances: &[&Seen]) -> Vec<Binding> {
    match expression {
        Expression::Observation(Observation(Comparison::Test(test))) => {
            let Operand::One(Constant::Text(value)) = &test.operand else { panic!("a text") };
            let holds = |seen: &Seen| seen.values.contains(&value.chars().next().unwrap());
            let taken = (0..instances.len()).filter(|at| holds(instances[*at]));
            taken.map(|at| Binding { taken: vec![at], ..Binding::default() }).collect()
        }
        Expression::Observation(_) => panic!("one test"),
        Expression::Or(parts) => parts.iter().flat_map(|part| bindings(part, instances)).collect(),
        Expression::And(parts) => join(parts.iter(), instances, false),
        Expression::FollowedBy(parts) => join(parts.iter(), instances, true),
        Expression::Qualified(inner, Qualifier::Repeats(times)) => {
            join((0..*times).map(|_| &**inner), instances, false)
        }
        Expression::Qualified(inner, qualifier) => {
            let mut all = bindings(inner, instances);
            for binding in &mut all {
                for &one in &binding.taken {
                    match qualifier {
                        Qualifier::Within(width) => {
                            let width = width.0.parse::<i64>().unwrap() * GRAIN - 1;
                            binding.bounds.push((Some(one), None, SOME_TIME));
                            let others = binding.taken.iter().filter(|other| **other != one);
                            binding
                                .bounds
                                .extend(others.map(|other| (Some(one), Some(*other), width)));
                        }
                        Qualifier::StartStop(start, stop) => {
                            binding.bounds.push((None, Some(one), -second(start) * GRAIN));
                            binding.bounds.push((Some(one), None, second(stop) * GRAIN - 1));
                        }
                        Qualifier::Repeats(_) => {}
                    }
                }
            }
            all
        }
    }
}

fn second(stamp: &Stamp<'_>) -> i64 {
    stamp.written().get(17..19).unwrap().parse().unwrap()
}

fn join<'e>(
    parts: impl Iterator<Item = &'e Expression>,
    instances: &[&Seen],
    ordered: bool,
) -> Vec<Binding> {
    let mut all = vec![Binding::default()];
    for part in parts {
        let right = bindings(part, instances);
        let pairs = all.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
        all = pairs
            .filter(|(a, b)| a.taken.iter().all(|one| !b.taken.contains(one)))
            .map(|(a, b)| {
                let mut both = a.clone();
                both.taken.extend(&b.taken);
                both.bounds.extend(&b.bounds);
                if ordered {
                    let pairs = a
                        .taken
                        .iter()
                        .flat_map(|one| b.taken.iter().map(move |other| (one, other)));
                    both.bounds.extend(pairs.map(|(one, other)| (Some(*one), Some(*other), 0)));
                }
                both
            })
            .collect();
    }
    all
}

/// Whether the instances can be given times (Floyd and Warshall).
fn is_feasible(binding: &Binding, instances: &[&Seen]) -> bool {
    let count = instances.len() + 1;
    let mut far = vec![vec![i64::MAX / 4; count]; count];
    let place = |of: Option<usize>| of.map_or(0, |at| at + 1);
    let mut bounds = binding.bounds.clone();
    let bounded: BTreeSet<usize> =
        binding.bounds.iter().flat_map(|(a, b, _)| [*a, *b]).flatten().collect();
    for &at in &binding.taken {
        match instances[at].when {
            Some((first, last)) => {
                bounds.push((None, Some(at), -first * GRAIN));
                bounds.push((Some(at), None, last * GRAIN));
            }
            None if bounded.contains(&at) => return false,
            None => {}
        }
    }
    for (one, other, most) in bounds {
        let far = &mut far[place(other)][place(one)];
        *far = (*far).min(most);
    }
    for through in 0..count {
        for from in 0..count {
            for to in 0..count {
                far[from][to] = far[from][to].min(far[from][through] + far[through][to]);
            }
        }
    }
    (0..count).all(|at| far[at][at] >= 0)
}

fn reference(expression: &Expression, all: &[Seen]) -> bool {
    let instances: Vec<&Seen> =
        all.iter().flat_map(|seen| std::iter::repeat_n(seen, seen.number)).collect();
    bindings(expression, &instances).iter().any(|binding| is_feasible(binding, &instances))
}

fn found(expression: &Expression, all: &[Seen]) -> Result<Option<Vec<usize>>, BudgetSpent> {
    let objects = objects(all);
    let observations =
        Observations::of(objects.iter().map(String::as_bytes), Bare::Ignored, &Limits::default());
    let found = Matcher::of(expression).find(&observations.unwrap(), &Budget::default())?;
    Ok(found.map(|found| found.observations))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn a_match_is_found_exactly_when_one_exists(
        expression in expression(), all in proptest::collection::vec(seen(), 1..=4),
    ) {
        let found = found(&expression, &all).unwrap();
        prop_assert_eq!(found.is_some(), reference(&expression, &all));
        // What is given is a match by itself.
        if let Some(places) = found {
            let alone: Vec<Seen> = places.iter().map(|at| all[*at].clone()).collect();
            prop_assert!(reference(&expression, &alone));
        }
    }
}

fn at(values: &str, first: i64, last: i64, number: usize) -> Seen {
    Seen { values: values.chars().collect(), when: Some((first, last)), number }
}

fn qualified(inner: Expression, qualifier: Qualifier) -> Expression {
    Expression::Qualified(Box::new(inner), qualifier)
}

fn within(inner: Expression, seconds: &str) -> Expression {
    qualified(inner, Qualifier::Within(Number(seconds.to_owned().into())))
}

#[test]
fn one_choice_of_times_has_to_satisfy_all_qualifiers_together() {
    // `b` is within a second of `a` only at its start and within a second of `c` only at its end.
    let all = [at("a", 0, 0, 1), at("b", 0, 4, 1), at("c", 4, 4, 1)];
    let near = |one, other| within(Expression::And(vec![leaf(one), leaf(other)]), "1.5");
    assert!(found(&near('a', 'b'), &all).unwrap().is_some());
    assert!(found(&near('b', 'c'), &all).unwrap().is_some());
    let all_three = Expression::And(vec![leaf('a'), leaf('b'), leaf('c')]);
    assert_eq!(found(&within(all_three.clone(), "4"), &all), Ok(None));
    assert_eq!(found(&within(all_three, "4.000000000000000001"), &all), Ok(Some(vec![0, 1, 2])));
    let pairs = Expression::FollowedBy(vec![near('a', 'b'), leaf('c')]);
    assert_eq!(found(&within(pairs, "4"), &all), Ok(None));
}

#[test]
fn observations_are_exchanged_until_each_part_has_its_own() {
    let all = [at("ab", 0, 0, 1), at("abc", 0, 0, 1), at("a", 0, 0, 1)];
    let parts = Expression::And(vec![leaf('a'), leaf('b'), leaf('c')]);
    assert_eq!(found(&parts, &all), Ok(Some(vec![0, 1, 2])));
    assert_eq!(found(&parts, &all[..2]), Ok(None));
}

#[test]
fn a_thousand_observations_of_each_kind_that_never_come_near_are_ruled_out_at_once() {
    let mut all = Vec::new();
    for _ in 0..500 {
        all.push(at("a", 0, 2, 1));
        all.push(at("b", 20, 22, 1));
    }
    let pair = Expression::And(vec![leaf('a'), leaf('b')]);
    assert_eq!(found(&within(pair, "10"), &all), Ok(None));
    let back = Expression::FollowedBy(vec![leaf('b'), leaf('a')]);
    assert_eq!(found(&back, &all), Ok(None));
}

#[test]
fn what_could_only_follow_itself_is_ruled_out_at_once() {
    let mut all = vec![at("ab", 20, 20, 1)];
    for second in 0..3_000 {
        all.push(at("a", 21 + second % 30, 21 + second % 30, 1));
        all.push(at("b", second % 20, second % 20, 1));
    }
    let pair = Expression::FollowedBy(vec![leaf('a'), leaf('b')]);
    assert_eq!(found(&pair, &all), Ok(None));
}

#[test]
fn repetitions_by_the_million_are_counted_and_not_enumerated() {
    let all = [at("a", 0, 0, 999_999_999), at("a", 9, 9, 1)];
    let many = |times| qualified(leaf('a'), Qualifier::Repeats(times));
    assert_eq!(found(&many(1_000_000_000), &all), Ok(Some(vec![0, 1])));
    assert_eq!(found(&many(1_000_000_001), &all), Ok(None));
    assert_eq!(found(&within(many(1_000_000_000), "9"), &all), Ok(None));
    assert_eq!(found(&within(many(1_000_000_000), "10"), &all), Ok(Some(vec![0, 1])));
    assert_eq!(found(&qualified(many(u64::MAX), Qualifier::Repeats(u64::MAX)), &all), Ok(None));
}

#[test]
fn a_budget_that_is_gone_is_no_answer() {
    let all: Vec<_> = (0..60).map(|n| at("ab", n % 10, n % 10, 999_999)).collect();
    let pair = Expression::FollowedBy(vec![leaf('a'), leaf('b')]);
    let many = qualified(pair, Qualifier::Repeats(20_000_000));
    assert_eq!(found(&many, &all), Err(BudgetSpent));
}
