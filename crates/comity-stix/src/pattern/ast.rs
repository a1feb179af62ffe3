//! What a pattern says, as a tree (section 9).

use std::borrow::Cow;

use crate::timestamp::Stamp;

/// An expression over observations (section 9.5): what a whole pattern is.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// One observation holds what stands in the brackets.
    Observation(Observation),
    /// All of these, by different observations. Two or more.
    And(Vec<Self>),
    /// Any of these. Two or more.
    Or(Vec<Self>),
    /// Each of these, and none before the one in front of it. Two or more.
    FollowedBy(Vec<Self>),
    /// What stands before, with a qualifier (section 9.5.1).
    Qualified(Box<Self>, Qualifier),
}

/// What stands in one pair of square brackets (section 9.5): comparisons about the objects of one observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation(pub Comparison);

/// A qualifier of an expression (section 9.5.1).
#[derive(Debug, Clone, PartialEq)]
pub enum Qualifier {
    /// All observations within that many seconds of each other; more than zero.
    Within(Number),
    /// That many times, by different observations; more than zero.
    Repeats(u64),
    /// Observed from the first timestamp on and before the second.
    StartStop(Stamp<'static>, Stamp<'static>),
}

/// Comparisons joined with boolean operators (section 9.6).
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// All of these. Two or more, all about one type of object.
    And(Vec<Self>),
    /// Any of these. Two or more.
    Or(Vec<Self>),
    /// A single comparison.
    Test(Test),
}

/// A single comparison (section 9.6).
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What is looked at.
    pub path: ObjectPath,
    /// Whether `NOT` stands before the operator.
    pub negated: bool,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub operand: Operand,
}

/// Comparison operators (section 9.6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `>=`
    GreaterOrEqual,
    /// `<=`
    LessOrEqual,
    /// `IN`
    In,
    /// `LIKE`
    Like,
    /// `MATCHES`
    Matches,
    /// `ISSUBSET`
    IsSubset,
    /// `ISSUPERSET`
    IsSuperset,
    /// `EXISTS`, which stands before its path
    Exists,
}

/// The right side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// Of `EXISTS`: nothing.
    None,
    /// One constant.
    One(Constant),
    /// Of `IN`: a set, which the grammar lets be empty.
    Set(Vec<Constant>),
}

/// A constant (section 9.2).
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// A number.
    Number(Number),
    /// `'text'`, with its escapes resolved.
    Text(String),
    /// `true` or `false`.
    Boolean(bool),
    /// `t'2014-01-13T07:03:17Z'`.
    Timestamp(Stamp<'static>),
    /// `h'ffc3'`, decoded.
    Hex(Vec<u8>),
    /// `b'ABI='`, decoded.
    Binary(Vec<u8>),
}

/// A number, integer or float (section 9.2), in one spelling of its digits. [`cmp_value`](Self::cmp_value) compares by
/// value and exactly: no integer is squeezed through a float.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(pub(crate) Cow<'static, str>);

/// What a comparison looks at (section 9.7): `file:hashes.'SHA-256'`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectPath {
    /// The type of object.
    pub object_type: String,
    /// How to get from the object to the value; the first is a property.
    pub steps: Vec<Step>,
}

/// A step of an object path (section 9.7).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A property, or the key of a dictionary. Of a reference: a property of the object referred to.
    Property(String),
    /// `[3]`: that element of a list, from 0.
    Index(u64),
    /// `[*]`: any element of a list.
    Any,
}
