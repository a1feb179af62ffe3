//! `GET {api-root}/status/{status-id}/` (TAXII 2.1 section 4.3).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use comity_exchange::posting;

use super::super::params::Takes;
use super::super::{Fault, Taxii};
use super::{Asked, raw};

pub(in super::super) async fn get(
    State(taxii): State<Taxii>,
    asked: Asked,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    asked.params(Takes::Nothing)?;
    let missing =
        || Fault::not_found("there is no such status; one is kept for a day, for who wrote");
    let id = id.parse().map_err(|_| missing())?;
    let found = posting::status(taxii.node(), id, &asked.visitor.account.name).await?;
    // a token that is limited to collections opens what was written into them alone
    let in_scope = |id| asked.visitor.collections.iter().any(|it| it.collection.id == id);
    let found = found.filter(|it| in_scope(it.collection));
    Ok(raw(StatusCode::OK, found.ok_or_else(missing)?.status.into_bytes()))
}
