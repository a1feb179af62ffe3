//! `GET /healthz`: the process lives and answers. Nothing is looked at.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::api::Api;
use crate::language::Language;

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Alive {
    status: &'static str,
    title: &'static str,
    exercise: bool,
}

pub(crate) async fn answer(State(api): State<Api>, language: Language) -> Json<Alive> {
    let title = match language {
        Language::English => "The node is running",
        Language::Spanish => "El nodo está en funcionamiento",
    };
    Json(Alive { status: "alive", title, exercise: api.exercise() })
}
