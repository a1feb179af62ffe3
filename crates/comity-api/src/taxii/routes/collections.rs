//! `GET {api-root}/collections/` and `GET {api-root}/collections/{id}/` (TAXII 2.1 sections 5.1 and 5.2).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

use super::super::gate::Access;
use super::super::params::Takes;
use super::super::{Fault, Taxii, media};
use super::{Asked, resource};

/// The collections that somebody may know of; without any the list is left out, as the standard says of empty lists.
#[derive(Serialize)]
struct Collections<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    collections: Vec<Collection<'a>>,
}

#[derive(Serialize)]
struct Collection<'a> {
    id: Uuid,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    alias: &'a str,
    can_read: bool,
    can_write: bool,
    media_types: [&'static str; 1],
}

impl<'a> From<&'a Access> for Collection<'a> {
    fn from(access: &'a Access) -> Self {
        Self {
            id: access.collection.id,
            title: &access.collection.title,
            description: access.collection.description.as_deref(),
            alias: &access.collection.alias,
            can_read: access.read,
            can_write: access.write,
            media_types: [media::STIX],
        }
    }
}

pub(in super::super) async fn all(State(_): State<Taxii>, asked: Asked) -> Result<Response, Fault> {
    asked.params(Takes::Nothing)?;
    let collections = asked.visitor.collections.iter().map(Collection::from).collect();
    Ok(resource(StatusCode::OK, &Collections { collections }))
}

pub(in super::super) async fn one(
    State(_): State<Taxii>,
    asked: Asked,
    Path(name): Path<String>,
) -> Result<Response, Fault> {
    asked.params(Takes::Nothing)?;
    Ok(resource(StatusCode::OK, &Collection::from(asked.access(&name)?)))
}
