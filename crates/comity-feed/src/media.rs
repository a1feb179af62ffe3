//! Media types: what is asked for, and what is taken for an answer.

use comity_exchange::ports::{FeedCode, FeedFault, TaxiiVersion};
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

/// What kind of resource is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A discovery, an API root, a collection.
    Resource,
    /// Objects.
    Objects,
}

/// The media type to ask for (TAXII 2.1 section 1.6.8; TAXII 2.0 section 1.6.7).
pub(crate) const fn accept(version: TaxiiVersion, wanted: Wanted) -> &'static str {
    match (version, wanted) {
        (TaxiiVersion::V21, _) => "application/taxii+json;version=2.1",
        (TaxiiVersion::V20, Wanted::Resource) => "application/vnd.oasis.taxii+json; version=2.0",
        (TaxiiVersion::V20, Wanted::Objects) => "application/vnd.oasis.stix+json; version=2.0",
    }
}

/// Takes an answer for what was wanted: of the right media type, of the right version if it says one, and not packed.
pub(crate) fn must_be(
    headers: &HeaderMap,
    version: TaxiiVersion,
    wanted: Wanted,
) -> Result<(), FeedFault> {
    let packing = headers.get(CONTENT_ENCODING);
    if packing.is_some_and(|it| !it.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(FeedFault::new(FeedCode::Packed));
    }
    let said = headers.get(CONTENT_TYPE).map(|it| it.to_str().unwrap_or("?"));
    let said = said.unwrap_or_default();
    let other = || FeedFault::of(FeedCode::Media, said);
    let mut parts = said.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let fits = match (version, wanted) {
        (TaxiiVersion::V21, _) => essence == "application/taxii+json",
        (TaxiiVersion::V20, Wanted::Resource) => essence == "application/vnd.oasis.taxii+json",
        (TaxiiVersion::V20, Wanted::Objects) => {
            matches!(
                &*essence,
                "application/vnd.oasis.stix+json" | "application/vnd.oasis.taxii+json"
            )
        }
    };
    let mut versions = parts.filter_map(|it| {
        let (name, value) = it.split_once('=')?;
        name.trim().eq_ignore_ascii_case("version").then(|| value.trim().trim_matches('"'))
    });
    // the version of a bundle is that of STIX
    let is_bundle = essence == "application/vnd.oasis.stix+json";
    let is_version = versions.all(|it| is_bundle || it == version.as_str());
    if fits && is_version { Ok(()) } else { Err(other()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_of_the_version_that_was_asked_for_is_taken() {
        use TaxiiVersion::{V20, V21};
        use Wanted::{Objects, Resource};
        for (said, version, wanted, fits) in [
            ("application/taxii+json;version=2.1", V21, Objects, true),
            ("Application/TAXII+json; Version=\"2.1\"; charset=utf-8", V21, Resource, true),
            ("application/taxii+json", V21, Objects, true),
            ("application/taxii+json;version=2.0", V21, Objects, false),
            ("application/vnd.oasis.stix+json; version=2.0", V20, Objects, true),
            ("application/vnd.oasis.stix+json; version=2.1", V20, Objects, true),
            ("application/vnd.oasis.taxii+json; version=2.0", V20, Resource, true),
            ("application/vnd.oasis.taxii+json; version=2.0", V21, Resource, false),
            ("application/json", V21, Objects, false),
            ("text/html; charset=utf-8", V20, Resource, false),
            ("", V21, Objects, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, said.parse().unwrap());
            assert_eq!(must_be(&headers, version, wanted).is_ok(), fits, "{said}");
        }
        let mut packed = HeaderMap::new();
        packed.insert(CONTENT_TYPE, "application/taxii+json".parse().unwrap());
        packed.insert(CONTENT_ENCODING, "gzip".parse().unwrap());
        assert_eq!(must_be(&packed, V21, Objects).unwrap_err().code, FeedCode::Packed);
    }
}
