//! `GET /readyz`: whether the node can work; `503` when one of its checks fails.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use crate::Check;
use crate::api::Api;
use crate::language::Language;
use crate::problem::Problem;

#[derive(Debug, Serialize)]
struct Ready {
    status: &'static str,
    title: &'static str,
    exercise: bool,
    checks: Vec<Check>,
}

pub(crate) async fn answer(State(api): State<Api>, language: Language) -> Response {
    let checks = api.glance().checks().await;
    if checks.iter().any(|check| check.fault.is_some()) {
        return Problem::not_ready(language, api.exercise(), checks).into_response();
    }
    let title = match language {
        Language::English => "The node is ready",
        Language::Spanish => "El nodo está listo",
    };
    Json(Ready { status: "ready", title, exercise: api.exercise(), checks }).into_response()
}
