//! `GET {api-root}/collections/{id}/objects/{object-id}/versions/` (TAXII 2.1 section 5.8).

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::super::params::Takes;
use super::super::{Fault, Taxii};
use super::object::object_id;
use super::{Asked, Kind, Made, page};

#[derive(Serialize)]
struct Versions {
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(rename = "versions", skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
}

pub(in super::super) async fn get(
    State(taxii): State<Taxii>,
    asked: Asked,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let params = asked.params(Takes::Pages)?;
    let id = object_id(&id)?;
    page(&taxii, &asked, &name, (Kind::Versions, Some(&id)), &params, |query, giver| async move {
        let found = giver.taxii().node().store().view_manifest(query).await?;
        let added: Vec<i64> = found.members.iter().map(|it| it.added).collect();
        let next = added.last().filter(|_| found.more).map(|last| giver.token(*last));
        let names = found.members.into_iter().map(|it| it.version).collect();
        let versions = Versions { more: found.more.then_some(true), next, names };
        let body = serde_json::to_vec(&versions).unwrap_or_default();
        Ok(Made { body, added, more: found.more, until: found.until })
    })
    .await
}
