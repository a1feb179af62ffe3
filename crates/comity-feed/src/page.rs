//! Pages of objects (TAXII 2.1 sections 3.4, 3.5 and 5.4; TAXII 2.0 sections 3.4 and 5.4).

use std::fmt::Write as _;

use bytes::Bytes;
use comity_exchange::ports::{ApiRoot, FeedCode, FeedFault, Next, PageAsk, PageEnd, TaxiiVersion};
use hyper::header::{CONTENT_RANGE, HeaderMap};
use hyper::{Response, StatusCode, body::Incoming};
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::address::Address;
use crate::body::Body;
use crate::frame::Frame;
use crate::media::{Wanted, accept, must_be};
use crate::request::Query;
use crate::session::HttpSession;

/// When the last object of a page was added (TAXII 2.1 section 3.2).
const LAST: &str = "x-taxii-date-added-last";
/// Bytes of what a server gives to go on with, at the most.
const TOKEN: usize = 2_048;
/// What a range counts in (TAXII 2.0 section 3.4.1).
const ITEMS: &str = "items";
/// An envelope and a bundle of nothing.
const NOTHING: &[u8] = b"{}";

impl HttpSession {
    /// Asks for a page and hands on its bytes.
    pub(crate) async fn ask_for(
        &mut self,
        root: &ApiRoot,
        ask: &PageAsk,
        sink: mpsc::Sender<Bytes>,
    ) -> Result<PageEnd, FeedFault> {
        let address = Address::parse(&root.url)?;
        if address.origin != self.address.origin {
            return Err(FeedFault::of(FeedCode::Elsewhere, &root.url));
        }
        let address = address.below(&format!("collections/{}/objects/", ask.collection));
        let accept = accept(root.version, Wanted::Objects);
        match root.version {
            TaxiiVersion::V21 => {
                let filter = query_of(ask, true);
                let query =
                    Query { accept, filter: &filter, once: ask.next.is_some(), range: None };
                let response = self.asker.get(&address, query).await?;
                if response.status() != StatusCode::OK {
                    return Err(FeedFault::of(FeedCode::Status, response.status().as_u16()));
                }
                let last = last(response.headers())?;
                let said = self.hand_on(response, root.version, sink).await?.read()?;
                let next = match (said.more, said.next) {
                    (false, _) => Next::End,
                    (true, Some(next)) if next.len() > TOKEN => {
                        return Err(FeedFault::of(FeedCode::TooLarge, next));
                    }
                    (true, Some(next)) if !next.is_empty() => Next::Token(next),
                    (true, _) => Next::After,
                };
                Ok(PageEnd { last, next })
            }
            TaxiiVersion::V20 => {
                let first = ask.next.as_deref().map_or(Some(0), |it| it.parse().ok());
                let first: u64 = first.ok_or_else(|| FeedFault::new(FeedCode::Range))?;
                let until = first.saturating_add(u64::from(ask.limit.max(1)) - 1);
                let range = format!("{ITEMS} {first}-{until}");
                let filter = query_of(ask, false);
                let query = Query { accept, filter: &filter, once: false, range: Some(&range) };
                let response = self.asker.get(&address, query).await?;
                if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
                    hand(&sink, Bytes::from_static(NOTHING)).await?;
                    return Ok(PageEnd { last: None, next: Next::End });
                }
                let (last, next) = (last(response.headers())?, after(&response, first, until)?);
                self.hand_on(response, root.version, sink).await?;
                Ok(PageEnd { last, next })
            }
        }
    }

    /// Hands on the body of an answer and gives what stands beside its objects.
    async fn hand_on(
        &self,
        response: Response<Incoming>,
        version: TaxiiVersion,
        sink: mpsc::Sender<Bytes>,
    ) -> Result<Frame, FeedFault> {
        must_be(response.headers(), version, Wanted::Objects)?;
        let mut frame = Frame::new(self.limits.document_bytes);
        let mut body = Body::of(response, self.limits.page_bytes, self.limits)?;
        while let Some(piece) = body.piece().await? {
            frame.pass(&piece)?;
            hand(&sink, piece).await?;
        }
        Ok(frame)
    }
}

async fn hand(sink: &mpsc::Sender<Bytes>, piece: Bytes) -> Result<(), FeedFault> {
    sink.send(piece).await.map_err(|_| FeedFault::new(FeedCode::Stopped))
}

/// What stands behind the question mark. What a server gave to go on with is given back as it was.
fn query_of(ask: &PageAsk, has_pages: bool) -> String {
    let mut query = String::new();
    if let Some(after) = ask.added_after {
        let _ = write!(query, "added_after={after:.6}&");
    }
    if has_pages {
        let _ = write!(query, "limit={}&", ask.limit);
        if let Some(next) = &ask.next {
            query.push_str("next=");
            for byte in next.bytes() {
                match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                        query.push(char::from(byte));
                    }
                    _ => {
                        let _ = write!(query, "%{byte:02X}");
                    }
                }
            }
        }
    }
    query.truncate(query.trim_end_matches('&').len());
    query
}

fn last(headers: &HeaderMap) -> Result<Option<Timestamp>, FeedFault> {
    let Some(said) = headers.get(LAST) else { return Ok(None) };
    let said = said.to_str().unwrap_or("?");
    let wrong = |_| FeedFault::of(FeedCode::Position, said);
    said.parse().map(Some).map_err(wrong)
}

/// What comes after a range (TAXII 2.0 section 3.4.2). A whole answer has nothing behind it.
fn after(response: &Response<Incoming>, first: u64, until: u64) -> Result<Next, FeedFault> {
    if response.status() != StatusCode::PARTIAL_CONTENT {
        return Ok(Next::End);
    }
    let said = response.headers().get(CONTENT_RANGE).and_then(|it| it.to_str().ok());
    next_of(said.unwrap_or_default(), first, until)
}

fn next_of(said: &str, first: u64, until: u64) -> Result<Next, FeedFault> {
    let wrong = || FeedFault::of(FeedCode::Range, said);
    let range = said.trim().strip_prefix(ITEMS).ok_or_else(wrong)?;
    let (range, total) = range.trim().split_once('/').ok_or_else(wrong)?;
    let (from, to) = range.split_once('-').ok_or_else(wrong)?;
    let number = |it: &str| it.trim().parse::<u64>().map_err(|_| wrong());
    let (from, to) = (number(from)?, number(to)?);
    if from != first || to < from || to > until {
        return Err(wrong());
    }
    let behind = to.saturating_add(1);
    let is_over = total.trim() != "*" && behind >= number(total)?;
    Ok(if is_over { Next::End } else { Next::Token(behind.to_string()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_gave_to_go_on_with_comes_back_as_it_was() {
        let ask = PageAsk {
            collection: "c".to_owned(),
            added_after: Some("2026-03-01T10:00:00.0000005Z".parse().unwrap()),
            next: Some("a&limit=9 \u{e9}/=+".to_owned()),
            limit: 100,
        };
        assert_eq!(
            query_of(&ask, true),
            "added_after=2026-03-01T10:00:00.000000Z&limit=100&next=a%26limit%3D9%20%C3%A9%2F%3D%2B"
        );
        assert_eq!(query_of(&ask, false), "added_after=2026-03-01T10:00:00.000000Z");
        let all = PageAsk { added_after: None, next: None, ..ask };
        assert_eq!(query_of(&all, true), "limit=100");
        assert_eq!(query_of(&all, false), "");
    }

    #[test]
    fn a_range_that_is_not_the_one_asked_for_is_refused() {
        let token = |it: &str| Ok(Next::Token(it.to_owned()));
        assert_eq!(next_of("items 0-9/20", 0, 9), token("10"));
        assert_eq!(next_of("items 0-4/20", 0, 9), token("5"));
        assert_eq!(next_of("items 10-19/20", 10, 19), Ok(Next::End));
        assert_eq!(next_of("items 0-9/*", 0, 9), token("10"));
        for wrong in [
            "",
            "items",
            "bytes 0-9/20",
            "items 1-9/20",
            "items 0-10/20",
            "items 9-0/20",
            "items 0-9",
            "items */20",
            "items 0-9/x",
            "items 0-99999999999999999999999/5",
        ] {
            assert_eq!(next_of(wrong, 0, 9).unwrap_err().code, FeedCode::Range, "{wrong}");
        }
        let far = format!("items {0}-{0}/*", u64::MAX);
        assert_eq!(next_of(&far, u64::MAX, u64::MAX), token(&u64::MAX.to_string()));
    }
}
