//! By what the origins behind an object are told apart (docs/protocol.md section 7, origins).

use std::collections::BTreeSet;

use comity_model::{Bringer, Holding, Origin, PartyRoot};
use serde::{Deserialize, Serialize};

/// Catalogues that references name, and nobody's reports (STIX 2.1 section 2.5.2).
const CATALOGUES: [&str; 3] = ["cve", "cwe", "capec"];
/// Bytes of a name of a source that are looked at.
const NAME: usize = 256;

/// By what an origin is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Behind {
    /// This party itself: it made the object, or nothing says who did.
    Itself,
    /// The creator whom an object of this party's own names.
    Creator {
        /// The STIX id of the identity.
        id: String,
    },
    /// A source that an object of this party's own quotes: a publisher, or the host where it stands.
    Named {
        /// Its name, in lower case.
        name: String,
    },
    /// A feed of this party.
    Feed {
        /// Its name here.
        name: String,
    },
    /// Another party, for all that it said first.
    Party {
        /// Its root.
        root: PartyRoot,
    },
}

/// What is read of an object; the rest is not looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Says {
    created_by_ref: Option<String>,
    external_references: Vec<Reference>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reference {
    source_name: String,
    url: Option<String>,
}

impl Behind {
    /// All by which the origin of a holding is known; `own` is the id of this party's identity. The file that an object came in
    /// is none: whoever saves a report twice has one report.
    pub(super) fn of(holding: &Holding, own: &str) -> BTreeSet<Self> {
        let source = match &holding.origin {
            Origin::Partner { originator, .. } => {
                return BTreeSet::from([Self::Party { root: *originator }]);
            }
            Origin::Own { source } => source,
        };
        let mut known = BTreeSet::new();
        if let Bringer::Feed(name) = Bringer::of(source) {
            known.insert(Self::Feed { name: name.to_owned() });
        }
        let says = serde_json::from_slice::<Says>(&holding.bytes).unwrap_or_default();
        let creator = says.created_by_ref.filter(|id| id != own);
        known.extend(creator.map(|id| Self::Creator { id }));
        let quoted = says.external_references.iter().filter_map(Reference::source);
        known.extend(quoted.map(|name| Self::Named { name }));
        if known.is_empty() {
            known.insert(Self::Itself);
        }
        known
    }
}

impl Reference {
    /// Who says what is referred to: the host of the address, else the name; `None` for an entry of a catalogue.
    fn source(&self) -> Option<String> {
        let name = self.source_name.trim().to_lowercase();
        if CATALOGUES.contains(&name.as_str()) || name.starts_with("mitre-") {
            return None;
        }
        let host = self.url.as_deref().and_then(host);
        let name: String = host.unwrap_or(name).chars().take(NAME).collect();
        (!name.is_empty()).then_some(name)
    }
}

/// The host of an address as RFC 3986 section 3.2 has it, in lower case and without `www.`.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.trim().split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(literal) => literal.split_once(']')?.0,
        None => host.split_once(':').map_or(host, |(host, _)| host),
    };
    let host = host.trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_is_one_source_however_its_address_is_written() {
        for url in [
            "https://news.example/a",
            "http://WWW.news.example.:8080?x=1",
            "https://user:word@news.example#there",
            " https://www.news.example ",
        ] {
            assert_eq!(host(url).as_deref(), Some("news.example"), "{url}");
        }
        assert_eq!(host("https://[2001:db8::1]:443/a").as_deref(), Some("2001:db8::1"));
        for none in ["", "news.example", "https://", "https:///a", "https://[2001:db8::1", "://:"] {
            assert_eq!(host(none), None, "{none}");
        }
    }

    #[test]
    fn an_entry_of_a_catalogue_names_no_source() {
        let named = |name: &str| Reference { source_name: name.to_owned(), url: None }.source();
        assert_eq!(named("CVE"), None);
        assert_eq!(named("mitre-attack"), None);
        assert_eq!(named(" A Newspaper "), Some("a newspaper".to_owned()));
        assert_eq!(named(" "), None);
    }
}
