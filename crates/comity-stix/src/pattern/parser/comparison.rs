//! What stands in square brackets (sections 9.6 and 9.7).

use std::collections::BTreeSet;

use super::{Expected, Fault, Kind, Mode, Parsed, Parser, PatternCode, is_reserved, join};
use crate::pattern::ast::{Comparison, Constant, ObjectPath, Operand, Operator, Step, Test};
use crate::pattern::lexer::unescape;

/// A comparison, the types of object that can satisfy it, and where it starts.
#[derive(Debug)]
pub(super) struct Typed<'t> {
    pub(super) tree: Comparison,
    types: BTreeSet<&'t str>,
    start: usize,
    end: usize,
}

impl<'t> Parser<'t> {
    /// Comparisons joined by `OR`, which binds less than `AND` (section 9.5.3).
    pub(super) fn comparison(&mut self) -> Parsed<Typed<'t>> {
        let (mut first, rest) = self.joined("OR", Self::comparisons_together)?;
        let mut trees = Vec::with_capacity(rest.len());
        for part in rest {
            first.types.extend(part.types);
            first.end = part.end;
            trees.push(part.tree);
        }
        first.tree = join((first.tree, trees), Comparison::Or, |part| match part {
            Comparison::Or(parts) => Ok(parts),
            other => Err(other),
        });
        Ok(first)
    }

    /// Comparisons joined by `AND`: one object has to satisfy them all (section 9.5).
    fn comparisons_together(&mut self) -> Parsed<Typed<'t>> {
        let (mut first, rest) = self.joined("AND", Self::one_comparison)?;
        let mut trees = Vec::with_capacity(rest.len());
        for part in rest {
            let common: BTreeSet<_> = first.types.intersection(&part.types).copied().collect();
            if common.is_empty() {
                let words = [list(&part.types), list(&first.types)];
                let span = part.start..part.end;
                let words = words.iter().map(String::as_str);
                return Err(Fault::saying(PatternCode::NoCommonType, span, words));
            }
            first.types = common;
            first.end = part.end;
            trees.push(part.tree);
        }
        first.tree = join((first.tree, trees), Comparison::And, |part| match part {
            Comparison::And(parts) => Ok(parts),
            other => Err(other),
        });
        Ok(first)
    }

    /// A single comparison, or a group in parentheses.
    fn one_comparison(&mut self) -> Parsed<Typed<'t>> {
        let start = self.token.span.start;
        if self.token.kind == Kind::Mark('(') {
            self.open()?;
            let inner = self.comparison()?;
            let end = self.token.span.end;
            self.close(')', Expected::ComparisonGroupEnd)?;
            return Ok(Typed { start, end, ..inner });
        }
        self.comparisons += 1;
        if self.comparisons > self.limits.comparisons {
            return Err(self.too_many_comparisons());
        }
        let Kind::Word(word) = self.token.kind else {
            return Err(self.unexpected(Expected::Comparison));
        };
        let (test, object_type, end) = if self.lexer.comes(':') {
            self.test(word)?
        } else if self.take_word("EXISTS")? {
            self.exists(false)?
        } else if self.take_word("NOT")? {
            if !self.take_word("EXISTS")? {
                let not = start..start + "NOT".len();
                return Err(Fault::new(PatternCode::MisplacedNot, not));
            }
            self.exists(true)?
        } else {
            self.advance(Mode::Step)?;
            return Err(self.unexpected(Expected::Colon));
        };
        Ok(Typed { tree: Comparison::Test(test), types: [object_type].into(), start, end })
    }

    pub(super) fn too_many_comparisons(&self) -> Fault {
        let span = self.token.span.clone();
        Fault::bound(PatternCode::TooManyComparisons, span, self.limits.comparisons)
    }

    fn exists(&mut self, negated: bool) -> Parsed<(Test, &'t str, usize)> {
        let Kind::Word(object_type) = self.token.kind else {
            return Err(self.unexpected(Expected::Path));
        };
        let (path, end) = self.path(object_type)?;
        let test = Test { path, negated, operator: Operator::Exists, operand: Operand::None };
        Ok((test, object_type, end))
    }

    fn test(&mut self, object_type: &'t str) -> Parsed<(Test, &'t str, usize)> {
        let (path, _) = self.path(object_type)?;
        let negated = self.take_word("NOT")?;
        let operator = self.operator()?;
        let (operand, end) = match operator {
            Operator::In => self.set()?,
            Operator::Like | Operator::Matches | Operator::IsSubset | Operator::IsSuperset => {
                let Kind::Text(raw) = self.token.kind else {
                    return Err(self.unexpected(Expected::Text));
                };
                let text = unescape(raw);
                match operator {
                    Operator::Matches => self.check_expression(raw, &text, &path)?,
                    Operator::IsSubset | Operator::IsSuperset => {
                        self.check_network(&text, &path)?;
                    }
                    _ => {}
                }
                (Operand::One(Constant::Text(text)), self.advance(Mode::Plain)?.end)
            }
            _ => {
                let (constant, span) = self.constant()?;
                (Operand::One(constant), span.end)
            }
        };
        Ok((Test { path, negated, operator, operand }, object_type, end))
    }

    fn operator(&mut self) -> Parsed<Operator> {
        if let Kind::Operator(operator) = self.token.kind {
            self.advance(Mode::Plain)?;
            return Ok(operator);
        }
        let words = [
            Operator::In,
            Operator::Like,
            Operator::Matches,
            Operator::IsSubset,
            Operator::IsSuperset,
        ];
        for operator in words {
            if self.take_word(operator.as_str())? {
                return Ok(operator);
            }
        }
        Err(self.unexpected(Expected::Operator))
    }

    /// A path, whose first word comes next, and where it ends (section 9.7).
    fn path(&mut self, object_type: &str) -> Parsed<(ObjectPath, usize)> {
        if is_reserved(object_type) {
            return Err(self.unexpected(Expected::Comparison));
        }
        self.advance(Mode::Step)?;
        self.expect_mark(':', Expected::Colon, Mode::Name)?;
        let (first, mut end) = self.property()?;
        let mut steps = vec![first];
        loop {
            let at = self.token.span.clone();
            let (step, step_end) = match self.token.kind {
                Kind::Mark('.') => {
                    self.advance(Mode::Name)?;
                    self.property()?
                }
                Kind::Mark('[') => {
                    self.advance(Mode::Plain)?;
                    self.index()?
                }
                _ => return Ok((ObjectPath { object_type: object_type.to_owned(), steps }, end)),
            };
            if steps.len() >= self.limits.depth {
                return Err(Fault::bound(PatternCode::TooDeep, at, self.limits.depth));
            }
            steps.push(step);
            end = step_end;
        }
    }

    fn property(&mut self) -> Parsed<(Step, usize)> {
        let name = match self.token.kind {
            Kind::Word(word) => {
                if !word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                    return Err(self.fault(PatternCode::UnquotedName, [word]));
                }
                word.to_owned()
            }
            Kind::Text("") => return Err(self.fault(PatternCode::EmptyName, [])),
            Kind::Text(raw) => unescape(raw),
            _ => return Err(self.unexpected(Expected::Property)),
        };
        Ok((Step::Property(name), self.advance(Mode::Step)?.end))
    }

    /// What stands in the brackets of a list, and the closing one (section 9.7.2).
    fn index(&mut self) -> Parsed<(Step, usize)> {
        let step = match self.token.kind {
            Kind::Mark('*') => Step::Any,
            Kind::Number(written) => {
                let plain = written == "0" || !written.starts_with(['0', '+']);
                match written.parse() {
                    Ok(index) if plain => Step::Index(index),
                    _ => return Err(self.fault(PatternCode::IndexForm, [written])),
                }
            }
            _ => return Err(self.unexpected(Expected::Index)),
        };
        self.advance(Mode::Plain)?;
        let end = self.token.span.end;
        self.expect_mark(']', Expected::IndexEnd, Mode::Step)?;
        Ok((step, end))
    }
}

/// The types for a message: the first ones are enough to see what is meant.
fn list(types: &BTreeSet<&str>) -> String {
    types.iter().take(3).copied().collect::<Vec<_>>().join(", ")
}
