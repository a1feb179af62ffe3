//! Addresses: where a request goes, and whether that is still the same host.

use std::fmt;
use std::net::IpAddr;

use comity_exchange::ports::{FeedCode, FeedFault};
use hyper::Uri;
use hyper::http::uri::Scheme;

/// Bytes of a URL, at the most.
const LONGEST: usize = 2_048;

/// A host, by which protocol and at which port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Whether TLS is spoken.
    pub(crate) tls: bool,
    /// A name or an address, without brackets.
    pub(crate) host: String,
    /// The port.
    pub(crate) port: u16,
}

/// A URL without login, query and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Where.
    pub(crate) origin: Origin,
    /// What, beginning with a slash and ending with one.
    pub(crate) path: String,
}

/// The host that a URL names, in lower case.
pub fn host_of(url: &str) -> Result<String, FeedFault> {
    Ok(Address::parse(url)?.origin.host)
}

impl Origin {
    /// Whether it is this machine as far as its name says.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.ip().is_some_and(|it| it.is_loopback())
    }

    /// The address that it names.
    pub(crate) fn ip(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

impl fmt::Display for Origin {
    /// As it stands in `Host`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        match (self.tls, self.port) {
            (true, 443) | (false, 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.origin.tls { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.origin, self.path)
    }
}

impl Address {
    /// Reads a URL. `feed-url` if it is none, `feed-https-needed` if it is one of plain http and not of this machine.
    pub(crate) fn parse(url: &str) -> Result<Self, FeedFault> {
        let wrong = || FeedFault::of(FeedCode::Url, url);
        if url.len() > LONGEST || url.contains(['#', '?', '\\']) {
            return Err(wrong());
        }
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let authority = uri.authority().ok_or_else(wrong)?;
        let tls = match uri.scheme() {
            Some(it) if *it == Scheme::HTTPS => true,
            Some(it) if *it == Scheme::HTTP => false,
            _ => return Err(wrong()),
        };
        if authority.as_str().contains('@') {
            // what stands there may be a password, and is not repeated
            return Err(FeedFault::new(FeedCode::Url));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let port = match authority.port() {
            Some(port) => port.as_u16(),
            // a port that is none is not told from one that is not there
            None if authority.as_str().len() > authority.host().len() => return Err(wrong()),
            None if tls => 443,
            None => 80,
        };
        let origin = Origin { tls, host: host.to_ascii_lowercase(), port };
        if origin.host.is_empty() || origin.port == 0 {
            return Err(wrong());
        }
        if !tls && !origin.is_loopback() {
            return Err(FeedFault::of(FeedCode::HttpsNeeded, url));
        }
        let path = uri.path().to_owned();
        if path.split('/').any(|it| matches!(it, "." | "..")) {
            return Err(wrong());
        }
        Ok(Self { origin, path: slashed(path) })
    }

    /// What a server of this address means by a URL or by a path: on the same host, or `None` for another.
    pub(crate) fn join(&self, reference: &str) -> Result<Option<Self>, FeedFault> {
        let is_path = reference.starts_with('/') && !reference.starts_with("//");
        let whole = if is_path {
            let here = Self { origin: self.origin.clone(), path: String::new() };
            format!("{here}{reference}")
        } else {
            reference.to_owned()
        };
        match Self::parse(&whole) {
            Ok(address) => Ok(Some(address).filter(|it| it.origin == self.origin)),
            Err(FeedFault { code: FeedCode::HttpsNeeded, .. }) => Ok(None),
            Err(_) => Err(FeedFault::of(FeedCode::Unreadable, reference)),
        }
    }

    /// Something below this address; `below` is a path without a slash at its beginning.
    pub(crate) fn below(&self, below: &str) -> Self {
        Self { origin: self.origin.clone(), path: format!("{}{below}", self.path) }
    }
}

fn slashed(path: String) -> String {
    if path.ends_with('/') { path } else { path + "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(url: &str) -> &'static str {
        Address::parse(url).unwrap_err().code.as_str()
    }

    #[test]
    fn https_anywhere_and_http_on_this_machine_are_addresses() {
        for (url, shown) in [
            ("https://feeds.example", "https://feeds.example/"),
            ("https://Feeds.Example:443/Root", "https://feeds.example/Root/"),
            ("https://feeds.example:8443/a/b/", "https://feeds.example:8443/a/b/"),
            ("http://127.0.0.1:5000/taxii2/", "http://127.0.0.1:5000/taxii2/"),
            ("http://localhost/", "http://localhost/"),
            ("http://[::1]:80/x", "http://[::1]/x/"),
        ] {
            assert_eq!(Address::parse(url).unwrap().to_string(), shown, "{url}");
        }
        assert_eq!(code("http://feeds.example/"), "feed-https-needed");
        assert_eq!(code("http://127.0.0.1.feeds.example/"), "feed-https-needed");
        for wrong in [
            "",
            "feeds.example",
            "ftp://feeds.example/",
            "https://",
            "https://feeds.example/?a=b",
            "https://feeds.example/#a",
            "https://feeds.example:0/",
            "https://feeds.example:99999/",
            "https://feeds.example/../x",
            "https://feeds.example\\@other.example/",
        ] {
            assert_eq!(code(wrong), "feed-url", "{wrong}");
        }
    }

    #[test]
    fn a_password_in_a_url_is_refused_and_not_repeated() {
        let fault = Address::parse("https://desk:hidden@feeds.example/").unwrap_err();
        assert_eq!(fault.code, FeedCode::Url);
        assert!(!format!("{fault:?} {fault}").contains("hidden"));
    }

    #[test]
    fn a_reference_stays_on_the_host_or_is_none() {
        let here = Address::parse("https://feeds.example/taxii2/").unwrap();
        let there = |reference: &str| here.join(reference).unwrap().map(|it| it.path);
        assert_eq!(there("/api1/").as_deref(), Some("/api1/"));
        assert_eq!(there("https://feeds.example/api1").as_deref(), Some("/api1/"));
        for other in [
            "https://other.example/api1/",
            "http://feeds.example/api1/",
            "https://feeds.example:444/api1/",
            "http://127.0.0.1/",
        ] {
            assert_eq!(there(other), None, "{other}");
        }
        for wrong in ["//other.example/", "api1/", "../api1/", "/a/../b"] {
            assert_eq!(here.join(wrong).unwrap_err().code, FeedCode::Unreadable, "{wrong}");
        }
    }
}
