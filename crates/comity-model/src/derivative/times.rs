//! Times by the day, and the order that they keep.

use comity_stix::json::Value;
use comity_stix::timestamp::Stamp;
use comity_stix::types::Choice;

use super::kinds;
use super::places::Places;

/// Midnight UTC of a timestamp's day; `None` of what is no timestamp.
pub(super) fn to_day(text: &str) -> Option<String> {
    Stamp::parse(text.to_owned()).ok()?;
    Some(format!("{}T00:00:00Z", text.get(..10)?))
}

/// The minute of a timestamp, since 1970; `None` of what is no timestamp.
pub(super) fn minute(text: &str) -> Option<i64> {
    let time = Stamp::parse(text.to_owned()).ok()?.time();
    Some(time.as_second().div_euclid(60))
}

/// Puts times in order that were cut to one day though the standard wants the second after the first (`valid_from` and
/// `valid_until`, `start_time` and `stop_time`): the second becomes midnight of the next day, so that no time that the
/// original covers is lost. Where only one of two was cut and the order suffers, the other is cut too.
pub(super) fn keep_order(root: Value<'_, '_>, places: &mut Places) {
    let Some(type_) = kinds::type_of(root) else { return };
    for rule in type_.own.rules {
        let (first, second, strict) = match rule.choice {
            Choice::Order(first, second) => (first, second, false),
            Choice::Later(first, second) => (first, second, true),
            _ => continue,
        };
        let (Some(first), Some(second)) = (root.child(first), root.child(second)) else { continue };
        if !places.is_replaced(first) && !places.is_replaced(second) {
            continue;
        }
        let (Some(before), Some(after)) = (places.text(first), places.text(second)) else {
            continue;
        };
        let (Ok(one), Ok(other)) = (Stamp::parse(&*before), Stamp::parse(&*after)) else {
            continue;
        };
        if one < other || !strict && one == other {
            continue;
        }
        let Some(day) = to_day(&before) else { continue };
        places.replace(first, &day);
        match next_day(&day) {
            Some(next) if strict => places.replace(second, &next),
            _ => places.replace(second, &day),
        }
    }
}

/// Midnight of the day after; `None` after the last day that there is.
fn next_day(midnight: &str) -> Option<String> {
    let date: jiff::civil::Date = midnight.get(..10)?.parse().ok()?;
    Some(format!("{}T00:00:00Z", date.tomorrow().ok()?))
}
