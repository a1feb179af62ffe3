//! From an object to the values a path names (section 9.7).

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::json::{Kind, Value};
use crate::pattern::ast::Step;
use crate::pattern::budget::{BudgetSpent, Meter};
use crate::pattern::observed::{Observed, Place};

/// A value on the way, the steps still to take, and whether the property it stands under holds references.
type Way<'o, 'a, 's> = (Value<'o, 'a>, &'s [Step], bool);

/// Calls `found` with every value at the end of the path, until it breaks. A step that can't be taken ends its
/// way: there is no value there.
pub(crate) fn visit<'o, 'a>(
    observed: Observed<'o, 'a>,
    object: Value<'o, 'a>,
    steps: &[Step],
    meter: &mut Meter,
    mut found: impl FnMut(Value<'o, 'a>, &mut Meter) -> Result<ControlFlow<()>, BudgetSpent>,
) -> Result<(), BudgetSpent> {
    let mut ways: Vec<Way<'o, 'a, '_>> = vec![(object, steps, false)];
    let mut been = Been::new();
    while let Some((value, steps, is_reference)) = ways.pop() {
        meter.spend(1)?;
        let Some((step, rest)) = steps.split_first() else {
            if found(value, meter)?.is_break() {
                return Ok(());
            }
            continue;
        };
        match step {
            Step::Property(name) => {
                let holder = way_on(observed, value, is_reference, rest.len(), &mut been);
                let Some(holder) = holder else { continue };
                meter
                    .spend(holder.members().take_while(|member| !is_named(member, name)).count())?;
                let member = holder.members().find(|member| is_named(member, name));
                ways.extend(member.map(|member| (member, rest, holds_references(name))));
            }
            Step::Index(index) if value.kind() == Kind::List => {
                let Ok(index) = usize::try_from(*index) else { continue };
                meter.spend(value.members().take(index).count())?;
                ways.extend(
                    value.members().nth(index).map(|element| (element, rest, is_reference)),
                );
            }
            Step::Any if value.kind() == Kind::List => {
                let before = ways.len();
                ways.extend(value.members().map(|element| (element, rest, is_reference)));
                meter.spend(ways.len() - before)?;
            }
            Step::Index(_) | Step::Any => {}
        }
    }
    Ok(())
}

/// Objects that references led to, each with the point of the way from where it goes on.
pub(crate) type Been = BTreeSet<(Place, usize)>;

/// The object whose property comes next: the value itself, or what it refers to (section 9.7.4). What was gone through
/// from this point before is not gone through again: it would give the same, and references may run in circles.
pub(crate) fn way_on<'o, 'a>(
    observed: Observed<'o, 'a>,
    value: Value<'o, 'a>,
    is_reference: bool,
    point: usize,
    been: &mut Been,
) -> Option<Value<'o, 'a>> {
    match value.kind() {
        Kind::Object => Some(value),
        Kind::Text if is_reference => {
            let (place, object) = observed.resolve(&value.text()?)?;
            been.insert((place, point)).then_some(object)
        }
        _ => None,
    }
}

/// Whether a property of that name holds identifiers of other objects (section 3.1).
pub(crate) fn holds_references(name: &str) -> bool {
    name.ends_with("_ref") || name.ends_with("_refs")
}

fn is_named(member: &Value<'_, '_>, name: &str) -> bool {
    member.key().is_some_and(|key| key == name)
}
