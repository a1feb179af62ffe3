//! A server of bytes that were there before: what HTTP alone costs on this machine, on the same stack.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use comity_testkit::Result;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::servers::TAXII;

/// Serves the files that `index.json` in `folder` names, each under its path and query, until the process is ended.
pub(crate) async fn serve(folder: &Path, address: SocketAddr) -> Result<()> {
    let index: Value = serde_json::from_slice(&std::fs::read(folder.join("index.json"))?)?;
    let mut pages = BTreeMap::new();
    for (target, file) in index.as_object().ok_or("the index is no object")? {
        let file = file.as_str().ok_or("the index names no file")?;
        pages.insert(target.clone(), Bytes::from(std::fs::read(folder.join(file))?));
    }
    let pages = Arc::new(pages);
    let listener = TcpListener::bind(address).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let pages = Arc::clone(&pages);
        tokio::spawn(async move {
            let answer = service_fn(move |request| {
                let answer = answer(&pages, &request);
                async { Ok::<_, Infallible>(answer) }
            });
            // whoever asked has gone
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}

fn answer(pages: &BTreeMap<String, Bytes>, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let target = request.uri().path_and_query().map(hyper::http::uri::PathAndQuery::as_str);
    let page = target.and_then(|target| pages.get(target)).cloned();
    let Some(page) = page else {
        let mut nothing = Response::new(Full::default());
        *nothing.status_mut() = StatusCode::NOT_FOUND;
        return nothing;
    };
    let mut answer = Response::new(Full::new(page));
    let media = hyper::header::HeaderValue::from_static(TAXII);
    answer.headers_mut().insert(hyper::header::CONTENT_TYPE, media);
    answer
}
