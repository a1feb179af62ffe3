//! Refusals on the wire: `application/problem+json` (RFC 9457) with a stable `code`.

use bytes::Bytes;
use comity_exchange::ports::BlobError;
use http_body_util::Full;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::service::LinkFault;
use crate::wire::{OFFSET, PROBLEM_JSON};

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    /// Where the sender goes on from.
    pub(crate) offset: Option<u64>,
    /// Whether the connection ends with it.
    pub(crate) close: bool,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), offset: None, close: false }
    }

    pub(crate) fn closing(self) -> Self {
        Self { close: true, ..self }
    }

    pub(crate) fn at(self, offset: u64) -> Self {
        Self { offset: Some(offset), ..self }
    }

    pub(crate) fn not_found() -> Self {
        let detail = "there is nothing here; docs/protocol.md section 5 names what there is";
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    pub(crate) fn wrong_offset(have: u64) -> Self {
        let detail = format!("the pouch is on the disk up to byte {have}; go on from there");
        Self::new(StatusCode::CONFLICT, "wrong-offset", detail).at(have)
    }

    pub(crate) fn wrong_digest() -> Self {
        let detail =
            "the bytes are not those that the digest names; send the pouch again from the start";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-digest", detail).at(0)
    }

    pub(crate) fn spool_full() -> Self {
        let detail = "the space for this partner's pouches is full; try again later";
        Self::new(StatusCode::INSUFFICIENT_STORAGE, "spool-full", detail)
    }

    /// What the partner hears of a failure of this node: that there is one.
    pub(crate) fn internal() -> Self {
        let detail = "this node could not do it; try again later";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "node-failed", detail)
    }

    pub(crate) fn response(&self) -> Response<Full<Bytes>> {
        let document = ProblemDocument {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.clone(),
        };
        let mut response = Response::new(Full::from(document.to_json()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(offset) = self.offset {
            headers.insert(OFFSET, HeaderValue::from(offset));
        }
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if self.close {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

impl From<BlobError> for Problem {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Offset { have, .. } => Self::wrong_offset(have),
            BlobError::Digest => Self::wrong_digest(),
            BlobError::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => {
                tracing::error!("the disk of the spool is full");
                Self::spool_full()
            }
            error => {
                tracing::error!(code = error.code(), "the spool failed: {error}");
                Self::internal()
            }
        }
    }
}

impl From<LinkFault> for Problem {
    fn from(fault: LinkFault) -> Self {
        match fault {
            LinkFault::Unknown => Self::not_found(),
            LinkFault::Busy => {
                let detail = "this node does not take anything now; try again later";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
            }
            LinkFault::Failed(_) => {
                tracing::error!(code = fault.code(), "a request on the link failed: {fault}");
                Self::internal()
            }
        }
    }
}

/// The document as it stands on the wire. `type` is `about:blank`: the meaning is in `code`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProblemDocument {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) detail: String,
}

impl ProblemDocument {
    fn to_json(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    /// The code in a partner's refusal, if it has the form of one.
    pub(crate) fn code_in(body: &[u8]) -> Option<String> {
        #[derive(Deserialize)]
        struct Coded {
            code: String,
        }
        let Coded { code } = serde_json::from_slice(body).ok()?;
        is_code(&code).then_some(code)
    }
}

/// Whether a text has the form of a code: 1 to 64 lower-case letters, digits and hyphens.
pub(crate) fn is_code(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partners_code_is_taken_only_in_the_shape_of_a_code() {
        let code = |text: &str| {
            ProblemDocument::code_in(
                serde_json::json!({"code": text, "x": 1}).to_string().as_bytes(),
            )
        };
        assert_eq!(code("wrong-digest").as_deref(), Some("wrong-digest"));
        for text in ["", "Wrong", "a b", "a\nb", "\u{1b}[31m", &"a".repeat(65)] {
            assert_eq!(code(text), None, "{text:?}");
        }
        assert_eq!(ProblemDocument::code_in(b"[]"), None);
    }

    #[test]
    fn a_failure_of_this_node_tells_the_partner_nothing_about_it() {
        let fault = LinkFault::Failed("/var/lib/comity is read-only".to_owned());
        assert_eq!(Problem::from(fault), Problem::internal());
        let disk = BlobError::Io(std::io::Error::other("/var/lib/comity/spool"));
        assert_eq!(Problem::from(disk), Problem::internal());
    }
}
