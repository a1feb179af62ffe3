//! Patterns of every shape the language has, in the normal form that reading gives.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::pattern::{
    Comparison, Constant, Expression, Number, ObjectPath, Observation, Operand, Operator,
    Qualifier, Step, Test,
};
use crate::timestamp::Stamp;

const TYPES: [&str; 5] = ["file", "ipv4-addr", "x-parcel", "network-traffic", "a_b"];

/// A whole pattern as a tree: at most four observations on a level, three levels of operators and qualifiers.
pub(crate) fn expression() -> BoxedStrategy<Expression> {
    let leaf = comparison().prop_map(|parts| Expression::Observation(Observation(parts)));
    leaf.prop_recursive(3, 12, 4, |inner| {
        let several = vec(inner.clone(), 2..4);
        prop_oneof![
            several.clone().prop_map(|parts| Expression::And(flat(parts, |part| match part {
                Expression::And(inner) => Ok(inner),
                other => Err(other),
            }))),
            several.clone().prop_map(|parts| Expression::Or(flat(parts, |part| match part {
                Expression::Or(inner) => Ok(inner),
                other => Err(other),
            }))),
            several.prop_map(|parts| Expression::FollowedBy(flat(parts, |part| match part {
                Expression::FollowedBy(inner) => Ok(inner),
                other => Err(other),
            }))),
            (inner, qualifier())
                .prop_map(|(part, qualifier)| Expression::Qualified(Box::new(part), qualifier)),
        ]
    })
    .boxed()
}

/// What stands in one pair of brackets: of one type, or alternatives of several.
pub(crate) fn comparison() -> BoxedStrategy<Comparison> {
    let of_one_type = select(&TYPES[..]).prop_flat_map(comparison_about).boxed();
    prop_oneof![
        3 => of_one_type.clone(),
        1 => vec(of_one_type, 2..4).prop_map(|parts| Comparison::Or(flat(parts, split_or))),
    ]
    .boxed()
}

fn comparison_about(object_type: &'static str) -> BoxedStrategy<Comparison> {
    test(object_type)
        .prop_map(Comparison::Test)
        .prop_recursive(3, 8, 3, |inner| {
            let several = vec(inner, 2..4);
            prop_oneof![
                several.clone().prop_map(|parts| Comparison::And(flat(parts, |part| match part {
                    Comparison::And(inner) => Ok(inner),
                    other => Err(other),
                }))),
                several.prop_map(|parts| Comparison::Or(flat(parts, split_or))),
            ]
        })
        .boxed()
}

fn split_or(part: Comparison) -> Result<Vec<Comparison>, Comparison> {
    match part {
        Comparison::Or(inner) => Ok(inner),
        other => Err(other),
    }
}

/// Parts that are joined by the same operator become parts of the whole.
fn flat<T>(parts: Vec<T>, split: fn(T) -> Result<Vec<T>, T>) -> Vec<T> {
    parts.into_iter().flat_map(|part| split(part).unwrap_or_else(|single| vec![single])).collect()
}

/// A single comparison about that type.
pub(crate) fn test(object_type: &'static str) -> BoxedStrategy<Test> {
    let operation = prop_oneof![
        (select(&[Operator::Equal, Operator::NotEqual][..]), constant())
            .prop_map(|(operator, constant)| (operator, Operand::One(constant))),
        (
            select(
                &[
                    Operator::Greater,
                    Operator::Less,
                    Operator::GreaterOrEqual,
                    Operator::LessOrEqual
                ][..]
            ),
            constant().prop_filter("ordered", |constant| !matches!(constant, Constant::Boolean(_)))
        )
            .prop_map(|(operator, constant)| (operator, Operand::One(constant))),
        set().prop_map(|constants| (Operator::In, Operand::Set(constants))),
        text().prop_map(|text| (Operator::Like, Operand::One(Constant::Text(text)))),
        select(&["", "^a.*z$", r"\d{4}", r"C:\\x", "it's", "(?i)ñ+", "(a)\\1"][..])
            .prop_map(|text| (Operator::Matches, Operand::One(Constant::Text(text.into())))),
        (select(&[Operator::IsSubset, Operator::IsSuperset][..]), any::<[u8; 4]>(), 0..=32)
            .prop_map(|(operator, octets, bits)| {
                let network = format!("{}/{bits}", std::net::Ipv4Addr::from(octets));
                (operator, Operand::One(Constant::Text(network)))
            }),
        Just((Operator::Exists, Operand::None)),
    ];
    (path(object_type), any::<bool>(), operation)
        .prop_map(|(path, negated, (operator, operand))| Test { path, negated, operator, operand })
        .boxed()
}

/// A path from that type.
pub(crate) fn path(object_type: &'static str) -> impl Strategy<Value = ObjectPath> {
    let further = prop_oneof![
        3 => property(),
        1 => any::<u64>().prop_map(Step::Index),
        1 => Just(Step::Any),
    ];
    (property(), vec(further, 0..4)).prop_map(move |(first, further)| ObjectPath {
        object_type: object_type.to_owned(),
        steps: std::iter::once(first).chain(further).collect(),
    })
}

fn property() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => "[a-zA-Z_][a-zA-Z0-9_]{0,8}",
        1 => select(&["SHA-256", "true", "AND", "LAST", "5", "t", "has.dot", "value"][..])
            .prop_map(str::to_owned),
        1 => "\\PC{1,6}",
    ]
    .prop_map(Step::Property)
}

fn set() -> impl Strategy<Value = Vec<Constant>> {
    prop_oneof![
        vec(number().prop_map(Constant::Number), 0..4),
        vec(text().prop_map(Constant::Text), 0..4),
        vec(any::<bool>().prop_map(Constant::Boolean), 0..3),
        vec(stamp().prop_map(Constant::Timestamp), 0..3),
        vec(octets().prop_map(Constant::Hex), 0..3),
        vec(octets().prop_map(Constant::Binary), 0..3),
    ]
}

/// A constant of any kind.
pub(crate) fn constant() -> impl Strategy<Value = Constant> {
    prop_oneof![
        number().prop_map(Constant::Number),
        text().prop_map(Constant::Text),
        any::<bool>().prop_map(Constant::Boolean),
        stamp().prop_map(Constant::Timestamp),
        octets().prop_map(Constant::Hex),
        octets().prop_map(Constant::Binary),
    ]
}

/// A number of the language, integer or float.
pub(crate) fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(|n| n.to_string()),
        "-?(0|[1-9][0-9]{0,30})?\\.[0-9]{1,30}",
    ]
    .prop_map(|written| Number::parse(&written).unwrap())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z%_]{0,8}", ".{0,8}", "['\\\\\n ]{0,6}"]
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..6)
}

fn stamp() -> impl Strategy<Value = Stamp<'static>> {
    (0_u16..=9999, 1_u8..=12, 1_u8..=28, 0_u8..24, 0_u8..60, 0_u8..60, "(\\.[0-9]{1,12})?")
        .prop_map(|(year, month, day, hour, minute, second, fraction)| {
            let written = format!(
                "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"
            );
            Stamp::parse(written).unwrap()
        })
}

fn qualifier() -> impl Strategy<Value = Qualifier> {
    prop_oneof![
        number().prop_filter("positive", Number::is_positive).prop_map(Qualifier::Within),
        (1..=9_007_199_254_740_991_u64).prop_map(Qualifier::Repeats),
        (stamp(), stamp()).prop_map(|(one, other)| {
            let (start, stop) = if one <= other { (one, other) } else { (other, one) };
            Qualifier::StartStop(start, stop)
        }),
    ]
}
