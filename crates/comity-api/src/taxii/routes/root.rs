//! `GET {api-root}/` (TAXII 2.1 section 4.2).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::super::params::Takes;
use super::super::{Fault, Taxii, media};
use super::{Asked, resource};

#[derive(Serialize)]
struct Root<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    versions: [&'static str; 1],
    max_content_length: usize,
}

pub(in super::super) async fn get(
    State(taxii): State<Taxii>,
    asked: Asked,
) -> Result<Response, Fault> {
    asked.params(Takes::Nothing)?;
    let settings = taxii.settings();
    let root = Root {
        title: &settings.title,
        description: settings.description.as_deref(),
        versions: [media::TAXII],
        max_content_length: settings.body_bytes,
    };
    Ok(resource(StatusCode::OK, &root))
}
