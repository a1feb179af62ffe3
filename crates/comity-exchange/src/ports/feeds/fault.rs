//! What can go wrong with a feed.

use std::fmt;
use std::time::Duration;

/// The most characters of what a server said that are kept.
const DETAIL: usize = 200;

/// What kind of thing went wrong with a feed. Other people's servers are at fault in most of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedCode {
    /// The URL is none that can be pulled from.
    Url,
    /// The URL is not one of https, and not of this machine.
    HttpsNeeded,
    /// No certificate can be read.
    Certificates,
    /// Nothing answers at the address.
    Unreachable,
    /// The certificate is not believed, or the handshake failed.
    Tls,
    /// There was no answer in time.
    Late,
    /// Bytes came more slowly than is waited for.
    Slow,
    /// The answer ended before its end.
    Cut,
    /// The login was not accepted (401).
    Login,
    /// The login may not read this (403), or the collection is not readable.
    Denied,
    /// It is not there (404).
    NotThere,
    /// The server speaks neither version (406, 415).
    NotAcceptable,
    /// The server asks to come back later (429, 503).
    Busy,
    /// Another status that is no answer.
    Status,
    /// The answer is of another media type.
    Media,
    /// The answer is packed, though plain bytes were asked for.
    Packed,
    /// The server points elsewhere.
    Redirected,
    /// The answer is larger than is read.
    TooLarge,
    /// The answer is not what the standard says.
    Unreadable,
    /// The range of the answer is not the one that was asked for (TAXII 2.0).
    Range,
    /// The API roots are on other hosts.
    Elsewhere,
    /// No API root has the collection.
    Collection,
    /// The next page is one that was had already.
    NextRepeats,
    /// Pages bring the same again and again, or nothing.
    PagesRepeat,
    /// The time of the last object is missing where it is needed, does not move or is to come.
    Position,
    /// Nothing of what it brings can be taken.
    Rejected,
    /// It holds as much as it may, or the collection its part.
    Full,
    /// The disk of this node has no room.
    NoRoom,
    /// Nobody takes the bytes any more.
    Stopped,
}

impl FeedCode {
    /// Every one.
    pub const ALL: [Self; 29] = [
        Self::Url,
        Self::HttpsNeeded,
        Self::Certificates,
        Self::Unreachable,
        Self::Tls,
        Self::Late,
        Self::Slow,
        Self::Cut,
        Self::Login,
        Self::Denied,
        Self::NotThere,
        Self::NotAcceptable,
        Self::Busy,
        Self::Status,
        Self::Media,
        Self::Packed,
        Self::Redirected,
        Self::TooLarge,
        Self::Unreadable,
        Self::Range,
        Self::Elsewhere,
        Self::Collection,
        Self::NextRepeats,
        Self::PagesRepeat,
        Self::Position,
        Self::Rejected,
        Self::Full,
        Self::NoRoom,
        Self::Stopped,
    ];

    /// A stable word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Url => "feed-url",
            Self::HttpsNeeded => "feed-https-needed",
            Self::Certificates => "feed-certificates",
            Self::Unreachable => "feed-unreachable",
            Self::Tls => "feed-tls",
            Self::Late => "feed-late",
            Self::Slow => "feed-slow",
            Self::Cut => "feed-cut",
            Self::Login => "feed-login",
            Self::Denied => "feed-denied",
            Self::NotThere => "feed-not-there",
            Self::NotAcceptable => "feed-not-acceptable",
            Self::Busy => "feed-busy",
            Self::Status => "feed-status",
            Self::Media => "feed-media",
            Self::Packed => "feed-packed",
            Self::Redirected => "feed-redirected",
            Self::TooLarge => "feed-too-large",
            Self::Unreadable => "feed-unreadable",
            Self::Range => "feed-range",
            Self::Elsewhere => "feed-elsewhere",
            Self::Collection => "feed-collection",
            Self::NextRepeats => "feed-next-repeats",
            Self::PagesRepeat => "feed-pages-repeat",
            Self::Position => "feed-position",
            Self::Rejected => "feed-rejected",
            Self::Full => "feed-full",
            Self::NoRoom => "feed-no-room",
            Self::Stopped => "feed-stopped",
        }
    }

    /// The one of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Whether what this party said is at fault, and not the server or the network.
    pub const fn is_ours(self) -> bool {
        matches!(
            self,
            Self::Url | Self::HttpsNeeded | Self::Certificates | Self::Full | Self::NoRoom
        )
    }

    /// Whether the other collections of the feed fare no better.
    pub const fn is_of_all(self) -> bool {
        matches!(self, Self::Unreachable | Self::Tls | Self::NoRoom | Self::Stopped)
    }

    /// Whether the server may have moved what is looked for.
    pub const fn may_have_moved(self) -> bool {
        matches!(
            self,
            Self::NotThere
                | Self::NotAcceptable
                | Self::Media
                | Self::Redirected
                | Self::Collection
        )
    }

    /// What happened and what to do, in English.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Url => {
                "this is no URL to pull from; write `https://HOST/`, or the URL of a discovery or an API root, without \
                 login, query or fragment"
            }
            Self::HttpsNeeded => {
                "a feed is pulled by https; plain http is for servers on this machine alone"
            }
            Self::Certificates => {
                "no authority's certificate can be read; name a PEM file with `--ca`, or install the system's"
            }
            Self::Unreachable => {
                "nothing answers at its address; check the URL, the name service and the firewall"
            }
            Self::Tls => {
                "its certificate is not believed or the handshake failed; name the authority's certificate with `--ca`"
            }
            Self::Late => "it did not answer in time; it is asked again later",
            Self::Slow => {
                "it sends more slowly than is waited for; ask its operator, it is asked again later"
            }
            Self::Cut => "its answer ended before its end; it is asked again later",
            Self::Login => {
                "it does not accept the login; remove the feed and add it with a valid one"
            }
            Self::Denied => "the login may not read this there; ask the server's operator",
            Self::NotThere => "it is not there; check the URL and the collection",
            Self::NotAcceptable => "it speaks neither TAXII 2.1 nor TAXII 2.0 there; check the URL",
            Self::Busy => "it asks to come back later",
            Self::Status => "it answered with an error; it is asked again later",
            Self::Media => {
                "its answer is of another media type than TAXII's; check the URL, a page to log in may stand there"
            }
            Self::Packed => {
                "its answer is packed though plain bytes were asked for; ask its operator"
            }
            Self::Redirected => {
                "it points to another address, and a login goes nowhere else; add the feed with that address if it is right"
            }
            Self::TooLarge => {
                "its answer is larger than is read; ask its operator for smaller pages"
            }
            Self::Unreadable => "its answer is not what the standard says; ask its operator",
            Self::Range => {
                "the range of its answer is not the one that was asked for; ask its operator"
            }
            Self::Elsewhere => {
                "its API roots are at other addresses; add the feed with the URL of the API root"
            }
            Self::Collection => {
                "no API root there has the collection, for this login; check its id and the login"
            }
            Self::NextRepeats => {
                "it points to a page that was had already; ask its operator, what came is held"
            }
            Self::PagesRepeat => {
                "it says that there is more and brings nothing new; ask its operator, what came is held"
            }
            Self::Position => {
                "it does not say in time order when objects were added; ask its operator, what came is held"
            }
            Self::Rejected => {
                "it brought objects and none of them can be taken; `comity feed show` says why, ask its operator, it is asked \
                 again later"
            }
            Self::Full => {
                "it holds as much as it may, or the collection its part, and what came is held; look at what it brings, and let it hold more with \
                 `comity feed limit`"
            }
            Self::NoRoom => {
                "the disk of this node has no room; make some, it goes on later (`comity doctor` says how much is needed)"
            }
            Self::Stopped => "the pull was stopped; it goes on later",
        }
    }
}

/// What went wrong with a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct FeedFault {
    /// What kind of thing.
    pub code: FeedCode,
    /// The particulars, of no language: a status, an address, what the system said. Up to 200 characters, none of them one
    /// that a terminal obeys.
    pub detail: Option<String>,
    /// How long the server asked to be left alone.
    pub retry_after: Option<Duration>,
}

impl FeedFault {
    /// Without particulars.
    pub const fn new(code: FeedCode) -> Self {
        Self { code, detail: None, retry_after: None }
    }

    /// With particulars, of which a beginning is kept.
    pub fn of(code: FeedCode, detail: impl fmt::Display) -> Self {
        let detail = detail.to_string();
        let plain = detail.chars().take(DETAIL).flat_map(char::escape_debug);
        let detail: String = plain.take(DETAIL).collect();
        Self { detail: Some(detail).filter(|it| !it.is_empty()), ..Self::new(code) }
    }
}

impl fmt::Display for FeedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.sentence())?;
        match &self.detail {
            Some(detail) => write!(f, " (`{detail}`)"),
            None => Ok(()),
        }
    }
}
