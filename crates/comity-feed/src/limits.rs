//! What an answer may cost.

use std::time::Duration;

/// Bounds on what is asked of one server. The defaults are those of docs/protocol.md section 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedLimits {
    /// To resolve a name, connect and shake hands, each.
    pub connect: Duration,
    /// From a request to the head of its answer.
    pub answer: Duration,
    /// That one answer's body is waited for, all pieces together.
    pub body: Duration,
    /// To find where the collections are, all requests together.
    pub locate: Duration,
    /// That one piece of a body is waited for.
    pub piece: Duration,
    /// Bytes a second, over all that was waited for, once that is as long as one piece may take.
    pub rate: u64,
    /// Bytes of a page.
    pub page_bytes: u64,
    /// Bytes of any other document, and of a page beside its objects.
    pub document_bytes: u64,
    /// Redirections on the same host.
    pub redirects: u32,
    /// API roots of one discovery that are looked at.
    pub roots: usize,
}

impl Default for FeedLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_mins(1),
            body: Duration::from_mins(2),
            locate: Duration::from_mins(1),
            piece: Duration::from_secs(20),
            rate: 1 << 10,
            page_bytes: 64 << 20,
            document_bytes: 256 << 10,
            redirects: 3,
            roots: 16,
        }
    }
}
