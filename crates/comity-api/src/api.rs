//! The router: three resources, and what every answer carries.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, HeaderName, HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::Readiness;
use crate::language::Language;
use crate::problem::Problem;
use crate::readiness::Glance;
use crate::routes::{healthz, metrics, readyz};

/// Says on every answer of a training node that it is one.
const EXERCISE: HeaderName = HeaderName::from_static("comity-exercise");
/// Keeps other sites' pages from reading what a browser on this machine may fetch.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What the three resources tell of. Clones share it.
#[derive(Clone)]
pub struct Api {
    glance: Arc<Glance>,
    metrics: PrometheusHandle,
    exercise: bool,
}

impl Api {
    /// Tells of a node: its readiness, its metrics, and whether it is a training node.
    pub fn new(readiness: Arc<dyn Readiness>, metrics: PrometheusHandle, exercise: bool) -> Self {
        Self { glance: Arc::new(Glance::new(readiness)), metrics, exercise }
    }

    pub(crate) fn glance(&self) -> &Glance {
        &self.glance
    }

    pub(crate) const fn metrics(&self) -> &PrometheusHandle {
        &self.metrics
    }

    pub(crate) const fn exercise(&self) -> bool {
        self.exercise
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("exercise", &self.exercise).finish_non_exhaustive()
    }
}

/// The three resources and nothing else.
pub fn router(api: Api) -> Router {
    Router::new()
        .route("/healthz", get(healthz::answer))
        .route("/readyz", get(readyz::answer))
        .route("/metrics", get(metrics::answer))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(api.clone(), furnish))
        .with_state(api)
}

async fn not_found(State(api): State<Api>, language: Language) -> Response {
    Problem::not_found(language, api.exercise).into_response()
}

async fn method_not_allowed(State(api): State<Api>, language: Language) -> Response {
    Problem::method_not_allowed(language, api.exercise).into_response()
}

/// Counts the request and sets the fields that every answer has.
async fn furnish(
    State(api): State<Api>,
    language: Language,
    request: Request,
    next: Next,
) -> Response {
    let resource = match request.uri().path() {
        "/healthz" => "healthz",
        "/readyz" => "readyz",
        "/metrics" => "metrics",
        _ => "unknown",
    };
    let mut response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    ::metrics::counter!("comity_api_requests_total", "resource" => resource, "status" => status)
        .increment(1);
    let fields = response.headers_mut();
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    fields.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    fields.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    fields.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    fields.insert(VARY, HeaderValue::from_static("accept-language"));
    if api.exercise {
        fields.insert(EXERCISE, HeaderValue::from_static("true"));
    }
    response
}
