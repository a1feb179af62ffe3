//! `GET {api-root}/collections/{id}/manifest/` (TAXII 2.1 section 5.3).

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::super::pages::stamp;
use super::super::params::Takes;
use super::super::{Fault, Taxii, media};
use super::{Asked, Kind, Made, page};

#[derive(Serialize)]
struct Manifest {
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<Record>,
}

/// A manifest record (section 5.3.1.1).
#[derive(Serialize)]
struct Record {
    id: String,
    date_added: String,
    version: String,
    media_type: &'static str,
}

pub(in super::super) async fn get(
    State(taxii): State<Taxii>,
    asked: Asked,
    Path(name): Path<String>,
) -> Result<Response, Fault> {
    let params = asked.params(Takes::All)?;
    page(&taxii, &asked, &name, (Kind::Manifest, None), &params, |query, giver| async move {
        let found = giver.taxii().node().store().view_manifest(query).await?;
        let added: Vec<i64> = found.members.iter().map(|it| it.added).collect();
        let next = added.last().filter(|_| found.more).map(|last| giver.token(*last));
        let objects = found.members.into_iter().map(|it| Record {
            id: it.id,
            date_added: stamp(it.added),
            version: it.version,
            media_type: media::STIX,
        });
        let manifest =
            Manifest { more: found.more.then_some(true), next, objects: objects.collect() };
        let body = serde_json::to_vec(&manifest).unwrap_or_default();
        Ok(Made { body, added, more: found.more, until: found.until })
    })
    .await
}
