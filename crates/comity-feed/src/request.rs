//! Requests: one at a time, on a connection that is kept while it lives.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use comity_exchange::ports::{FeedCode, FeedFault, Login};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HOST, HeaderMap, HeaderValue, LOCATION, RANGE,
    RETRY_AFTER, USER_AGENT,
};
use hyper::{Request, Response, StatusCode};
use jiff::fmt::rfc2822;
use rustls::ClientConfig;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::address::{Address, Origin};
use crate::connect::{Line, connect};
use crate::limits::FeedLimits;

/// What is said of who asks.
const AGENT: &str = concat!("comity/", env!("CARGO_PKG_VERSION"));

/// One host, and how it is asked.
#[derive(Debug)]
pub(crate) struct Asker {
    origin: Origin,
    tls: Option<Arc<ClientConfig>>,
    authorization: Option<HeaderValue>,
    limits: FeedLimits,
    line: Option<Line>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'a> {
    /// The media type.
    pub(crate) accept: &'static str,
    /// What stands behind the question mark.
    pub(crate) filter: &'a str,
    /// Whether it is sent once and no more, whatever becomes of it: what a server gives to go on with may be good once.
    pub(crate) once: bool,
    /// The range of items (TAXII 2.0 section 3.4).
    pub(crate) range: Option<&'a str>,
}

impl Asker {
    pub(crate) fn new(
        origin: Origin,
        tls: Option<Arc<ClientConfig>>,
        login: Option<&Login>,
        limits: FeedLimits,
    ) -> Result<Self, FeedFault> {
        let authorization = login.map(authorization).transpose()?;
        Ok(Self { origin, tls, authorization, limits, line: None })
    }

    /// Asks, follows where the same host points, and gives the answer if it is one.
    pub(crate) async fn get(
        &mut self,
        address: &Address,
        query: Query<'_>,
    ) -> Result<Response<Incoming>, FeedFault> {
        let mut address = address.clone();
        for _ in 0..=self.limits.redirects {
            let response = self.ask(&address, &query).await?;
            let status = response.status();
            let is_redirection = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
            if !is_redirection {
                return judged(response);
            }
            let there = response.headers().get(LOCATION).and_then(|it| it.to_str().ok());
            let there = there.unwrap_or_default();
            // a login goes to its own host alone, and what is asked for stays the same
            let (path, said) = there.split_once('?').unwrap_or((there, query.filter));
            let elsewhere = || FeedFault::of(FeedCode::Redirected, path);
            if said != query.filter {
                return Err(elsewhere());
            }
            address = address.join(path).ok().flatten().ok_or_else(elsewhere)?;
            self.line = None;
        }
        Err(FeedFault::of(FeedCode::Redirected, &address))
    }

    /// Sends one request; on a connection that ended while it lay idle once more on another.
    async fn ask(
        &mut self,
        address: &Address,
        query: &Query<'_>,
    ) -> Result<Response<Incoming>, FeedFault> {
        if let Some(mut line) = self.line.take()
            && timeout(self.limits.piece, line.requests.ready()).await.is_ok_and(|it| it.is_ok())
        {
            match self.send(line, address, query).await {
                Err(FeedFault { code: FeedCode::Cut, .. }) if !query.once => {}
                answer => return answer,
            }
        }
        let line = connect(&self.origin, self.tls.as_ref(), &self.limits).await?;
        self.send(line, address, query).await
    }

    async fn send(
        &mut self,
        mut line: Line,
        address: &Address,
        query: &Query<'_>,
    ) -> Result<Response<Incoming>, FeedFault> {
        let request = self.request(address, query)?;
        let late = |_| FeedFault::new(FeedCode::Late);
        let answer = timeout(self.limits.answer, line.requests.send_request(request)).await;
        let answer = answer.map_err(late)?.map_err(|error| of_answer(&error))?;
        self.line = Some(line);
        Ok(answer)
    }

    fn request(
        &self,
        address: &Address,
        query: &Query<'_>,
    ) -> Result<Request<Empty<Bytes>>, FeedFault> {
        let wrong = |error| FeedFault::of(FeedCode::Url, error);
        let mark = if query.filter.is_empty() { "" } else { "?" };
        let target = format!("{}{mark}{}", address.path, query.filter);
        let mut request = Request::get(target)
            .header(HOST, self.origin.to_string())
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, query.accept)
            .header(ACCEPT_ENCODING, "identity");
        if let Some(range) = query.range {
            request = request.header(RANGE, range);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        request.body(Empty::new()).map_err(wrong)
    }
}

fn authorization(login: &Login) -> Result<HeaderValue, FeedFault> {
    let text = match login {
        Login::Basic { username, password } => {
            let pair = Zeroizing::new(format!("{username}:{}", password.as_str()));
            Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
        }
        Login::Token(token) => Zeroizing::new(format!("Bearer {}", token.as_str())),
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| FeedFault::new(FeedCode::Login))?;
    value.set_sensitive(true);
    Ok(value)
}

/// An answer of which more is read, or what its status says.
fn judged(response: Response<Incoming>) -> Result<Response<Incoming>, FeedFault> {
    let status = response.status();
    let code = match status {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
            return Ok(response);
        }
        StatusCode::UNAUTHORIZED => FeedCode::Login,
        StatusCode::FORBIDDEN => FeedCode::Denied,
        StatusCode::NOT_FOUND | StatusCode::GONE => FeedCode::NotThere,
        StatusCode::NOT_ACCEPTABLE | StatusCode::UNSUPPORTED_MEDIA_TYPE => FeedCode::NotAcceptable,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => FeedCode::Busy,
        _ => FeedCode::Status,
    };
    let retry_after = retry_after(response.headers());
    Err(FeedFault { retry_after, ..FeedFault::of(code, status.as_u16()) })
}

/// How long the server asks to be left alone (RFC 9110 section 10.2.3): seconds, or a date beside the date of the answer.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|it| it.to_str().ok());
    let said = text(RETRY_AFTER)?;
    if let Ok(seconds) = said.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let parser = rfc2822::DateTimeParser::new();
    let at = |said| parser.parse_timestamp(said).ok();
    let pause = at(said)?.duration_since(at(text(hyper::header::DATE)?)?);
    Some(pause.try_into().unwrap_or(Duration::ZERO))
}

fn of_answer(error: &hyper::Error) -> FeedFault {
    let code = if error.is_parse() || error.is_parse_too_large() {
        FeedCode::Unreadable
    } else {
        FeedCode::Cut
    };
    FeedFault::of(code, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_in_two_ways_how_long_it_wants_to_be_left_alone() {
        let said = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            headers.insert("date", "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(said("120"), Some(Duration::from_mins(2)));
        assert_eq!(said("Sun, 06 Nov 1994 08:50:37 GMT"), Some(Duration::from_mins(1)));
        assert_eq!(said("Sun, 06 Nov 1994 08:48:37 GMT"), Some(Duration::ZERO));
        assert_eq!(said("soon"), None);
        assert_eq!(said("-5"), None);
    }

    #[test]
    fn a_login_is_not_in_what_is_printed_of_it() {
        let password = Zeroizing::new("hidden words".to_owned());
        let login = Login::Basic { username: "desk".to_owned(), password };
        let value = authorization(&login).unwrap();
        assert_eq!(value.as_bytes(), b"Basic ZGVzazpoaWRkZW4gd29yZHM=");
        assert!(!format!("{value:?} {login:?}").contains("ZGVza"));
        assert!(!format!("{value:?} {login:?}").contains("hidden"));
    }
}
