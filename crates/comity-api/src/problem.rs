//! Refusals: `application/problem+json` (RFC 9457) with a stable `code`; the title in the reader's language.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::Check;
use crate::language::Language;

/// Why there is no other answer.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: &'static str,
    exercise: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checks: Vec<Check>,
}

impl Problem {
    pub(crate) fn not_found(language: Language, exercise: bool) -> Self {
        let (title, detail) = match language {
            Language::English => {
                ("Not found", "there is nothing here; ask for /healthz, /readyz or /metrics")
            }
            Language::Spanish => {
                ("No encontrado", "aquí no hay nada; consulte /healthz, /readyz o /metrics")
            }
        };
        Self::new(StatusCode::NOT_FOUND, "not-found", (title, detail), exercise)
    }

    pub(crate) fn method_not_allowed(language: Language, exercise: bool) -> Self {
        let words = match language {
            Language::English => ("Method not allowed", "this can only be read; use GET"),
            Language::Spanish => ("Método no permitido", "esto solo puede consultarse; use GET"),
        };
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", words, exercise)
    }

    /// Some of `checks` failed.
    pub(crate) fn not_ready(language: Language, exercise: bool, checks: Vec<Check>) -> Self {
        let words = match language {
            Language::English => {
                ("Not ready", "a check failed; run `comity doctor` on the node to see why")
            }
            Language::Spanish => (
                "No está listo",
                "falló una verificación; ejecute `comity doctor` en el nodo para ver la causa",
            ),
        };
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", words, exercise);
        Self { checks, ..problem }
    }

    fn new(
        status: StatusCode,
        code: &'static str,
        (title, detail): (&'static str, &'static str),
        exercise: bool,
    ) -> Self {
        let (kind, status, checks) = ("about:blank", status.as_u16(), Vec::new());
        Self { kind, title, status, code, detail, exercise, checks }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let media = HeaderValue::from_static("application/problem+json");
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(CONTENT_TYPE, media)], body).into_response()
    }
}
