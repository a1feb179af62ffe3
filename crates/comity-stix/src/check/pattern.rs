//! Patterns in indicators: their grammar, and their times against those of the indicator (sections 4.7.1, 9.5.1).

use super::walk::{Going, Walk};
use crate::finding::{Code, Lang, Word};
use crate::json::Value;
use crate::pattern::{Expression, Pattern, PatternLimits, Qualifier};
use crate::timestamp::Stamp;

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// A pattern, where it says to be one of STIX (section 4.7.1).
    pub(super) fn pattern(&mut self, value: Value<'d, 'a>, text: &str) -> Going {
        let language = value.parent().and_then(|object| object.child("pattern_type")?.text());
        if language.is_none_or(|language| language != "stix") {
            return Ok(());
        }
        let Err(error) = Pattern::parse(text, &PatternLimits::default()) else { return Ok(()) };
        let words = Word::Both(error.message_in(Lang::En), error.message_in(Lang::Es));
        let (code, section) = if error.code.is_bound() {
            (Code::PatternUnsupported, error.section)
        } else {
            (Code::PatternSyntax, "9")
        };
        self.say(value, code, section, [words])
    }

    /// `START` is not before `valid_from`, and `STOP` not after `valid_until` (section 9.5.1). Each is told of once.
    pub(super) fn pattern_times(&mut self, object: Value<'d, 'a>, section: &'static str) -> Going {
        let Some(pattern) = object.child("pattern") else { return Ok(()) };
        let Some(text) = pattern.text().filter(|text| text.contains("START")) else {
            return Ok(());
        };
        if object.child("pattern_type").and_then(|language| language.text()).as_deref()
            != Some("stix")
        {
            return Ok(());
        }
        // A pattern that cannot be read is told of elsewhere.
        let Ok(parsed) = Pattern::parse(&text, &PatternLimits::default()) else { return Ok(()) };
        let times = spans(parsed.expression());
        let first = times.iter().map(|(start, _)| *start).min();
        let last = times.iter().map(|(_, stop)| *stop).max();
        let limit = |name: &str| Stamp::parse(object.child(name)?.text()?).ok();
        let (from, until) = (limit("valid_from"), limit("valid_until"));
        let sides = [
            ("START", first, "valid_from", &from, first < from.as_ref()),
            ("STOP", last, "valid_until", &until, last > until.as_ref()),
        ];
        for (keyword, asked, name, holds, beyond) in sides {
            let (Some(asked), Some(holds)) = (asked, holds) else { continue };
            if beyond {
                let asked = format!("{keyword} t'{}'", asked.written());
                let words = [Word::said(&asked), Word::said(name), Word::said(holds.written())];
                self.say(pattern, Code::PatternTime, section, words)?;
            }
        }
        Ok(())
    }
}

/// The times of all `START` and `STOP` qualifiers of an expression.
fn spans(expression: &Expression) -> Vec<(&Stamp<'static>, &Stamp<'static>)> {
    let mut spans = Vec::new();
    let mut waiting = vec![expression];
    while let Some(part) = waiting.pop() {
        match part {
            Expression::Observation(_) => {}
            Expression::And(parts) | Expression::Or(parts) | Expression::FollowedBy(parts) => {
                waiting.extend(parts);
            }
            Expression::Qualified(part, qualifier) => {
                if let Qualifier::StartStop(start, stop) = qualifier {
                    spans.push((start, stop));
                }
                waiting.push(part);
            }
        }
    }
    spans
}
