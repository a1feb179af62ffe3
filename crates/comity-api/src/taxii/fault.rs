//! What a request gets that is not answered: the error message of TAXII 2.1 section 3.6.1.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use comity_exchange::ExchangeError;
use comity_exchange::ports::StoreError;
use serde::Serialize;

use super::media;

/// Why a request is not answered.
#[derive(Debug)]
pub(crate) struct Fault {
    status: StatusCode,
    title: &'static str,
    description: String,
    code: &'static str,
    fields: Vec<(HeaderName, HeaderValue)>,
    /// Whether the client was let in.
    is_to_known: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    title: &'a str,
    description: &'a str,
    error_code: &'a str,
    http_status: &'a str,
}

impl Fault {
    fn new(
        status: StatusCode,
        title: &'static str,
        code: &'static str,
        description: impl Into<String>,
    ) -> Self {
        let (description, fields) = (description.into(), Vec::new());
        Self { status, title, description, code, fields, is_to_known: false }
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.fields.push((name, value));
        self
    }

    /// 400: something in the request has not its form.
    pub(crate) fn bad(code: &'static str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Bad request", code, description)
    }

    /// 400: the path is no text.
    pub(crate) fn path() -> Self {
        Self::bad("bad-path", "the path is not UTF-8 once it is decoded")
    }

    /// 401: the client needs to say who it is.
    pub(crate) fn unknown_client() -> Self {
        let text = "say who you are: user name and password (Basic), or a token (Bearer)";
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "unauthorized", text)
            .with(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"comity\", charset=\"UTF-8\""),
            )
            .with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"comity\""))
    }

    /// 403: the client may not do this here, and knows that here is something.
    pub(crate) fn forbidden(description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", "forbidden", description)
    }

    /// 404: there is nothing, or nothing that the client may know of.
    pub(crate) fn not_found(description: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", "not-found", description)
    }

    /// 405. The router says in `Allow` which methods there are.
    pub(crate) fn method() -> Self {
        let text = "the resource has no such method";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", "method", text)
    }

    /// 406: the client takes no form that there is.
    pub(crate) fn not_acceptable() -> Self {
        let text = "accept `application/taxii+json;version=2.1`";
        Self::new(StatusCode::NOT_ACCEPTABLE, "Not acceptable", "not-acceptable", text)
    }

    /// 408: the rest of a body did not come.
    pub(crate) fn slow() -> Self {
        let text = "the rest of the body did not come in time; send it again";
        Self::new(StatusCode::REQUEST_TIMEOUT, "Request timeout", "slow-body", text)
    }

    /// 413: the body is too large.
    pub(crate) fn too_large(most: usize) -> Self {
        let text =
            format!("a body has {most} bytes at the most; post the objects in several requests");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Payload too large", "too-large", text)
    }

    /// 415: the body is in no form that is read here.
    pub(crate) fn media() -> Self {
        let text = "send `Content-Type: application/taxii+json;version=2.1`";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", "media-type", text)
    }

    /// 422: the body has the right form and cannot be processed.
    pub(crate) fn unprocessable(code: &'static str, description: impl Into<String>) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::new(status, "Unprocessable entity", code, description)
    }

    /// 429: too many requests; try again in so many seconds.
    pub(crate) fn too_many(seconds: u64) -> Self {
        let text = format!("too many requests; try again in {seconds} s");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests", "too-many", text)
            .with(RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// 429: what other requests send takes all the room that there is.
    pub(crate) fn crowded() -> Self {
        let text = "too much is being sent at one time; send the body again in 5 s";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests", "too-much-sent", text)
            .with(RETRY_AFTER, HeaderValue::from_static("5"))
    }

    /// 503: the disk of the node has no room for what a client writes.
    pub(crate) fn no_room() -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let text = "the node's disk is full; nothing was taken, send the objects again later";
        Self::new(status, "Service unavailable", "no-room", text)
            .with(RETRY_AFTER, HeaderValue::from_static("60"))
    }

    /// 503: the node itself cannot answer now.
    pub(crate) fn unavailable() -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let text = "the node cannot answer now; try again in a while";
        Self::new(status, "Service unavailable", "unavailable", text)
            .with(RETRY_AFTER, HeaderValue::from_static("5"))
    }
}

impl Fault {
    /// The same for a client that was let in.
    pub(crate) fn for_known(self) -> Self {
        Self { is_to_known: true, ..self }
    }

    /// Whether what a client still sends is read, so that it sees this: where it was let in, and does not dawdle.
    pub(crate) fn is_to_be_seen(&self) -> bool {
        self.is_to_known && self.status != StatusCode::REQUEST_TIMEOUT
    }
}

impl From<ExchangeError> for Fault {
    /// Only what is wrong with the node itself is of the 500 series, and a client is told no more of it.
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::NotFound { .. } | ExchangeError::Store(StoreError::Missing(_)) => {
                Self::not_found("there is no such resource")
            }
            ExchangeError::Refused { code, message } => {
                Self::new(StatusCode::FORBIDDEN, "Forbidden", code, message.to_string())
            }
            ExchangeError::Input { place, message } => {
                Self::unprocessable("bad-input", format!("{place}: {message}"))
            }
            error => {
                tracing::error!(code = error.code(), %error, "a request could not be answered");
                Self::unavailable()
            }
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        ExchangeError::from(error).into()
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = self.status.as_str().to_owned();
        let message = Message {
            title: self.title,
            description: &self.description,
            error_code: self.code,
            http_status: &status,
        };
        let body = serde_json::to_vec(&message).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let fields = response.headers_mut();
        fields.insert(CONTENT_TYPE, HeaderValue::from_static(media::TAXII));
        for (name, value) in self.fields {
            fields.append(name, value);
        }
        response
    }
}
