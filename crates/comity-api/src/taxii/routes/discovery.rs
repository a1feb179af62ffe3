//! `GET /taxii2/` (TAXII 2.1 section 4.1).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::super::params::Takes;
use super::super::{Fault, ROOT, Taxii};
use super::{Asked, resource};

#[derive(Serialize)]
struct Discovery<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<&'a str>,
    default: &'static str,
    api_roots: [&'static str; 1],
}

pub(in super::super) async fn get(
    State(taxii): State<Taxii>,
    asked: Asked,
) -> Result<Response, Fault> {
    asked.params(Takes::Nothing)?;
    let settings = taxii.settings();
    let discovery = Discovery {
        title: &settings.title,
        description: settings.description.as_deref(),
        contact: settings.contact.as_deref(),
        default: ROOT,
        api_roots: [ROOT],
    };
    Ok(resource(StatusCode::OK, &discovery))
}
