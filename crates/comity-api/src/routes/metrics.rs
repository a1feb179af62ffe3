//! `GET /metrics`: the node's metrics as Prometheus text, version 0.0.4.

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};

use crate::api::Api;

pub(crate) async fn answer(State(api): State<Api>) -> Response {
    let media = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    api.metrics().run_upkeep();
    ([(CONTENT_TYPE, media)], api.metrics().render()).into_response()
}
