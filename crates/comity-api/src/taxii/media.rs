//! Content negotiation (TAXII 2.1 section 1.6.8, RFC 9110 section 12.5).

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderName};

use super::Fault;

/// The only form of answers.
pub(crate) const TAXII: &str = "application/taxii+json;version=2.1";
/// The only form of objects.
pub(crate) const STIX: &str = "application/stix+json;version=2.1";
/// Ranges of one field that are looked at.
const RANGES: usize = 64;

/// Whether the client takes the form of answers that there is. One that says nothing takes anything.
pub(crate) fn accepted(fields: &HeaderMap) -> Result<(), Fault> {
    if !fields.contains_key(ACCEPT) {
        return Ok(());
    }
    // the most telling range decides, whatever stands before it
    let best = ranges(fields, &ACCEPT).filter_map(|range| {
        let told = Media::parse(&range)?;
        let (precision, version) = match (told.kind.as_str(), told.sub.as_str()) {
            ("application", "taxii+json") => (2, told.parameter("version")),
            ("application", "*") => (1, None),
            ("*", "*") => (0, None),
            _ => return None,
        };
        let fits = version.is_none_or(|it| it == "2.1");
        let precision = if version.is_some() { 3 } else { precision };
        fits.then_some((precision, told.quality()))
    });
    match best.max_by_key(|(precision, _)| *precision) {
        Some((_, quality)) if quality > 0 => Ok(()),
        _ => Err(Fault::not_acceptable()),
    }
}

/// Whether the body of a request is in the form that is read here.
pub(crate) fn is_readable(fields: &HeaderMap) -> Result<(), Fault> {
    let mut all = fields.get_all(CONTENT_TYPE).iter();
    let only = all.next().filter(|_| all.next().is_none());
    let told = only.and_then(|it| it.to_str().ok()).and_then(Media::parse);
    let fits = told.is_some_and(|it| {
        (it.kind.as_str(), it.sub.as_str()) == ("application", "taxii+json")
            && it.parameter("version").is_none_or(|version| version == "2.1")
    });
    if fits { Ok(()) } else { Err(Fault::media()) }
}

/// How bodies may be packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// As they are.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

/// The best packing that the client takes.
pub(crate) fn coding(fields: &HeaderMap) -> Coding {
    let mut best = (0, Coding::Identity);
    for range in ranges(fields, &ACCEPT_ENCODING) {
        let (name, rest) = range.split_once(';').unwrap_or((&range, ""));
        let coding = match name.trim().to_ascii_lowercase().as_str() {
            "zstd" => Coding::Zstd,
            "gzip" | "x-gzip" => Coding::Gzip,
            _ => continue,
        };
        let quality = quality(rest.split(';'));
        let better = quality > best.0 || quality == best.0 && coding == Coding::Zstd;
        if quality > 0 && better {
            best = (quality, coding);
        }
    }
    best.1
}

fn ranges<'a>(fields: &'a HeaderMap, name: &'a HeaderName) -> impl Iterator<Item = String> + 'a {
    let all = fields.get_all(name).iter().filter_map(|it| it.to_str().ok());
    all.flat_map(|it| it.split(',')).take(RANGES).map(|it| it.trim().to_owned())
}

/// A media type or range.
struct Media {
    kind: String,
    sub: String,
    parameters: Vec<(String, String)>,
}

impl Media {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let (kind, sub) = parts.next()?.trim().split_once('/')?;
        let mut parameters = Vec::new();
        for part in parts.filter(|it| !it.trim().is_empty()) {
            let (name, value) = part.trim().split_once('=')?;
            let value =
                value.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(value);
            parameters.push((name.trim().to_ascii_lowercase(), value.to_owned()));
        }
        Some(Self { kind: kind.to_ascii_lowercase(), sub: sub.to_ascii_lowercase(), parameters })
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn quality(&self) -> u32 {
        self.parameter("q").map_or(1_000, thousandths)
    }
}

fn quality<'a>(mut parameters: impl Iterator<Item = &'a str>) -> u32 {
    parameters.find_map(|it| it.trim().strip_prefix("q=")).map_or(1_000, thousandths)
}

/// A weight in thousandths (RFC 9110 section 12.4.2); 0 if it is none.
fn thousandths(text: &str) -> u32 {
    match text.parse::<f32>() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1,000"
        )]
        Ok(weight) if (0.0..=1.0).contains(&weight) => (weight * 1_000.0) as u32,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn who_takes_taxii_of_this_version_is_answered() {
        for yes in [
            "application/taxii+json;version=2.1",
            "application/taxii+json; version=2.1",
            "application/taxii+json; version=\"2.1\"",
            "application/taxii+json",
            "APPLICATION/TAXII+JSON",
            "*/*",
            "application/*;q=0.1",
            "text/html, application/taxii+json;version=2.1;q=0.5",
            "application/taxii+json;version=2.0, application/taxii+json;version=2.1",
            "application/taxii+json;version=2.1, */*;q=0",
        ] {
            assert!(accepted(&with(ACCEPT, yes)).is_ok(), "{yes}");
        }
        for no in [
            "application/taxii+json;version=2.0",
            "application/taxii+json;version=3",
            "application/vnd.oasis.taxii+json;version=2.0",
            "application/json",
            "text/html",
            "",
            "application/taxii+json;version=2.1;q=0, */*",
            "*/*;q=0",
            "garbage",
        ] {
            assert!(accepted(&with(ACCEPT, no)).is_err(), "{no}");
        }
        assert!(accepted(&HeaderMap::new()).is_ok());
    }

    #[test]
    fn a_body_says_what_it_is() {
        for yes in ["application/taxii+json;version=2.1", "application/taxii+json"] {
            assert!(is_readable(&with(CONTENT_TYPE, yes)).is_ok(), "{yes}");
        }
        for no in
            ["application/taxii+json;version=2.0", "application/json", "application/stix+json"]
        {
            assert!(is_readable(&with(CONTENT_TYPE, no)).is_err(), "{no}");
        }
        assert!(is_readable(&HeaderMap::new()).is_err());
    }

    #[test]
    fn what_the_client_prefers_is_packed_so() {
        for (told, packed) in [
            ("gzip, deflate, br, zstd", Coding::Zstd),
            ("gzip", Coding::Gzip),
            ("gzip;q=1.0, zstd;q=0.5", Coding::Gzip),
            ("zstd;q=0, gzip;q=0", Coding::Identity),
            ("br", Coding::Identity),
        ] {
            assert_eq!(coding(&with(ACCEPT_ENCODING, told)), packed, "{told}");
        }
    }
}
