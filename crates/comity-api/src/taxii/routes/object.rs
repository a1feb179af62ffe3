//! `GET` and `DELETE {api-root}/collections/{id}/objects/{object-id}/` (TAXII 2.1 sections 5.6 and 5.7).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use comity_exchange::ports::Versions;
use comity_exchange::posting;

use super::super::params::{Takes, is_id};
use super::super::{Fault, Taxii};
use super::objects::make;
use super::{Asked, Kind, page, raw};

pub(in super::super) async fn get(
    State(taxii): State<Taxii>,
    asked: Asked,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let params = asked.params(Takes::Object)?;
    let id = object_id(&id)?;
    page(&taxii, &asked, &name, (Kind::Objects, Some(&id)), &params, make).await
}

/// Takes an object, or those versions of it that the client sees, out of the collection. It stays held by this party.
pub(in super::super) async fn delete(
    State(taxii): State<Taxii>,
    asked: Asked,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let params = asked.params(Takes::Versions)?;
    let access = asked.may(&taxii, &name, (true, true)).await?;
    let id = object_id(&id)?;
    let versions = if params.has_versions { params.versions } else { Versions::All };
    if !params.is_spoken {
        return Err(Fault::not_found("there is no such object in the collection"));
    }
    let collection = &access.collection;
    let view = taxii.gate().view(&asked.visitor, collection.id).await?.number;
    let account = &asked.visitor.account.name;
    posting::remove(taxii.node(), collection, view, account, id, versions).await?;
    // the standard has no body here
    Ok(raw(StatusCode::OK, Vec::new()))
}

/// The object id in a path. What has not the form of one is no object that could be there.
pub(super) fn object_id(text: &str) -> Result<String, Fault> {
    if is_id(text) {
        return Ok(text.to_owned());
    }
    Err(Fault::not_found("there is no such object in the collection: this is no STIX id"))
}
