//! The client that pulls feeds: TAXII 2.1 and 2.0, from servers that nobody here trusts.
//!
//! [`HttpFeeds`] is the port `FeedSource` over HTTP/1.1 and TLS. Every answer is bounded before it is read: its size, its time,
//! how slowly it may come, how often it may point elsewhere. Bodies are handed on as they come and never gathered; a login goes
//! to the host that it is for and to no other. What an answer's objects are worth is judged behind the port.

mod address;
mod body;
mod connect;
mod documents;
mod frame;
mod limits;
mod locate;
mod media;
mod page;
mod request;
mod session;
mod trust;

use comity_exchange::ports::{FeedFault, FeedServer, FeedSession, FeedSource};

pub use address::host_of;
pub use limits::FeedLimits;

use session::HttpSession;

/// Asks TAXII servers over HTTP.
#[derive(Debug, Clone, Default)]
pub struct HttpFeeds {
    limits: FeedLimits,
}

impl HttpFeeds {
    /// With these limits.
    pub const fn new(limits: FeedLimits) -> Self {
        Self { limits }
    }
}

impl FeedSource for HttpFeeds {
    fn open(&self, server: FeedServer) -> Result<Box<dyn FeedSession>, FeedFault> {
        Ok(Box::new(HttpSession::new(server, self.limits)?))
    }
}
