//! Which agreement, and which of its versions, the words on a command line name.

use std::path::Path;

use comity_exchange::agreement;
use comity_exchange::ports::AgreementRecord;
use comity_exchange::{ExchangeError, Node};
use comity_model::AgreementId;
use comity_model::told::Told;

use crate::error::CliError;

/// The newest version of the agreement with a folio or an id. Who names a file is told what to name.
pub(super) async fn newest(node: &Node, name: &str) -> Result<AgreementRecord, CliError> {
    match agreement::find(node, name).await {
        Ok((newest, _)) => Ok(newest),
        Err(ExchangeError::Input { place, .. }) if Path::new(name).exists() => {
            let message = "this is a file; name the agreement by the folio or id that `comity agreement list` shows, \
                           once `comity agreement sign` has signed it";
            let message = Told::from(message).named("file-not-agreement");
            Err(ExchangeError::Input { place, message }.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// The name before `@`, and the version behind it if there is one: `MX-2026-000001@2`.
pub(super) fn with_version(name: &str) -> Result<(&str, Option<u32>), CliError> {
    let Some((id, version)) = name.rsplit_once('@') else { return Ok((name, None)) };
    let version = version.parse().map_err(|_| {
        let message = "write a version after `@`, as `MX-2026-000001@2`";
        let message = Told::from(message).named("version-after-at");
        ExchangeError::Input { place: name.to_owned(), message }
    })?;
    Ok((id, Some(version)))
}

/// A version that an agreement does not have here.
pub(super) fn no_version(id: AgreementId, version: u32) -> CliError {
    let advice = "`comity agreement show` lists the versions that are here";
    ExchangeError::NotFound { what: "version", name: format!("{id}@{version}"), advice }.into()
}
