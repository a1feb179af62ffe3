//! Texts as literals of Cedar.

use std::fmt::Write as _;

/// `text` as one string literal of Cedar, whatever it holds. Letters of any script stay as they are; quotes,
/// back-slashes, controls and what can't be seen are escaped.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(character),
            _ if character.is_alphanumeric() => out.push(character),
            _ => {
                // writing to a String can't fail
                let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
            }
        }
    }
    out.push('"');
    out
}

/// The texts as one set literal, in their order.
pub(crate) fn quote_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = texts.into_iter().map(quote).collect();
    format!("[{}]", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use cedar_policy::{
        Context, Entities, EntityUid, EvalResult, Expression, Request, eval_expression,
    };
    use proptest::prelude::*;

    use super::*;

    fn evaluate(expression: &str) -> Option<EvalResult> {
        let uid: EntityUid = "A::\"a\"".parse().ok()?;
        let request = Request::new(uid.clone(), uid.clone(), uid, Context::empty(), None).ok()?;
        eval_expression(&request, &Entities::empty(), &expression.parse::<Expression>().ok()?).ok()
    }

    proptest! {
        #[test]
        fn any_text_is_one_literal_that_means_itself(text in any::<String>()) {
            prop_assert_eq!(evaluate(&quote(&text)), Some(EvalResult::String(text)));
        }
    }

    #[test]
    fn a_quote_can_not_end_a_literal() {
        let hostile = "x\" || true || \"\\";
        assert_eq!(quote(hostile), r#""x\" || true || \"\\""#);
        assert_eq!(evaluate(&quote(hostile)), Some(EvalResult::String(hostile.to_owned())));
    }
}
