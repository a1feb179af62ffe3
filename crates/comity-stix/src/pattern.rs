//! STIX Patterning (section 9): patterns as values, read, printed, evaluated, and matched by the thousand.

pub mod ast;

pub use ast::{
    Comparison, Constant, Expression, Number, ObjectPath, Observation, Operand, Operator,
    Qualifier, Step, Test,
};
