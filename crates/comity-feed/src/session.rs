//! A conversation with one server.

use std::collections::BTreeSet;

use async_trait::async_trait;
use bytes::Bytes;
use comity_exchange::ports::{
    ApiRoot, FeedCode, FeedFault, FeedServer, FeedSession, PageAsk, PageEnd, TaxiiVersion,
};
use hyper::StatusCode;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::address::Address;
use crate::body::Body;
use crate::limits::FeedLimits;
use crate::media::{Wanted, accept, must_be};
use crate::request::{Asker, Query};
use crate::trust;

/// A conversation over HTTP.
#[derive(Debug)]
pub(crate) struct HttpSession {
    pub(crate) address: Address,
    pub(crate) collections: BTreeSet<String>,
    pub(crate) limits: FeedLimits,
    pub(crate) asker: Asker,
}

impl HttpSession {
    pub(crate) fn new(server: FeedServer, limits: FeedLimits) -> Result<Self, FeedFault> {
        let address = Address::parse(&server.url)?;
        let ca = server.ca.as_deref();
        // certificates that will never be looked at are wrong all the same
        let tls = if address.origin.tls || ca.is_some() { Some(trust::client(ca)?) } else { None };
        let tls = tls.filter(|_| address.origin.tls);
        let asker = Asker::new(address.origin.clone(), tls, server.login.as_ref(), limits)?;
        Ok(Self { address, collections: server.collections, limits, asker })
    }

    /// Asks for a document and reads it whole.
    pub(crate) async fn read_document(
        &mut self,
        address: &Address,
        version: TaxiiVersion,
        wanted: Wanted,
    ) -> Result<Vec<u8>, FeedFault> {
        let query = Query { accept: accept(version, wanted), filter: "", once: false, range: None };
        let response = self.asker.get(address, query).await?;
        let status = response.status();
        if status != StatusCode::OK {
            return Err(FeedFault::of(FeedCode::Status, status.as_u16()));
        }
        must_be(response.headers(), version, wanted)?;
        Body::of(response, self.limits.document_bytes, self.limits)?.whole().await
    }
}

#[async_trait]
impl FeedSession for HttpSession {
    async fn locate(&mut self) -> Result<ApiRoot, FeedFault> {
        let found = timeout(self.limits.locate, self.find()).await;
        counted(found.unwrap_or_else(|_| Err(FeedFault::new(FeedCode::Late))))
    }

    async fn page(
        &mut self,
        root: &ApiRoot,
        ask: &PageAsk,
        sink: mpsc::Sender<Bytes>,
    ) -> Result<PageEnd, FeedFault> {
        counted(self.ask_for(root, ask, sink).await)
    }
}

/// Counts what servers answered, by code.
fn counted<T>(answer: Result<T, FeedFault>) -> Result<T, FeedFault> {
    let code = answer.as_ref().map_or_else(|fault| fault.code.as_str(), |_| "done");
    metrics::counter!("comity_feed_requests_total", "code" => code).increment(1);
    answer
}
