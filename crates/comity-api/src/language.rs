//! Which of the two languages a reader prefers.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;

/// Languages that are looked at in a preference; browsers send a handful.
const RANGES: usize = 32;

/// The languages of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English, which is also the answer to no preference.
    #[default]
    English,
    /// The Spanish of Mexico's administration.
    Spanish,
}

impl Language {
    /// The language that an `Accept-Language` (RFC 9110 section 12.5.4) prefers among the two: the one with the higher
    /// weight, the first of equals. What cannot be read is passed over.
    pub fn preferred(field: &str) -> Self {
        let mut best = (Self::default(), 0);
        for range in field.split(',').take(RANGES) {
            let mut pieces = range.split(';').map(str::trim);
            let tag = pieces.next().unwrap_or_default();
            let weight = pieces.next().map_or(Some(1000), weight);
            if let (Some(language), Some(weight)) = (Self::of(tag), weight)
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The tag for `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es-MX",
        }
    }

    fn of(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("es") {
            Some(Self::Spanish)
        } else if primary.eq_ignore_ascii_case("en") || primary == "*" {
            Some(Self::English)
        } else {
            None
        }
    }
}

/// A weight in thousandths: `q=` and `0` to `1` with up to three decimals.
fn weight(text: &str) -> Option<u16> {
    let value = text.strip_prefix("q=").or_else(|| text.strip_prefix("Q="))?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let field = parts.headers.get(ACCEPT_LANGUAGE).and_then(|field| field.to_str().ok());
        Ok(field.map_or_else(Self::default, Self::preferred))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_reader_gets_the_language_with_the_higher_weight() {
        let cases = [
            ("", Language::English),
            ("es", Language::Spanish),
            ("es-MX,es;q=0.9,en;q=0.8", Language::Spanish),
            ("en-US,en;q=0.9,es;q=0.8", Language::English),
            ("en;q=0.2, ES-419;q=0.25", Language::Spanish),
            ("fr, de;q=0.9, es;q=0.1", Language::Spanish),
            ("fr", Language::English),
            ("*", Language::English),
            ("es;q=0", Language::English),
            ("es;q=0.0000, en;q=0.1", Language::English),
            ("es;q=2, en;q=0.1", Language::English),
            ("es;q=1.000", Language::Spanish),
            ("spanish", Language::English),
        ];
        for (field, language) in cases {
            assert_eq!(Language::preferred(field), language, "{field}");
        }
    }

    proptest! {
        #[test]
        fn any_field_has_an_answer(field in "\\PC{0,300}") {
            Language::preferred(&field);
        }

        #[test]
        fn the_heavier_of_two_wins(en in 0u16..=1000, es in 0u16..=1000) {
            let q = |n: u16| format!("{}.{:03}", n / 1000, n % 1000);
            let field = format!("en;q={},es-MX;q={}", q(en), q(es));
            let spanish = es > en;
            prop_assert_eq!(Language::preferred(&field) == Language::Spanish, spanish, "{}", field);
        }
    }
}
