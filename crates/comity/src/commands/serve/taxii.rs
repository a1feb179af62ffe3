//! TAXII while the node serves: its listener, and the collections that the configuration defines.

use std::path::Path;

use comity_api::{Taxii, TaxiiLimits, TaxiiSettings, TaxiiTls, serve_taxii};
use comity_exchange::collection::{self, NewCollection};
use comity_exchange::feed::Room;
use comity_exchange::{ExchangeError, Node};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::bind;
use crate::config::{CollectionConfig, TaxiiConfig, TlsFiles};
use crate::data::Data;
use crate::error::CliError;
use crate::files;

/// A listener that is bound and has not begun.
pub(super) struct Ready {
    listener: TcpListener,
    taxii: Taxii,
    tls: Option<TaxiiTls>,
    limits: TaxiiLimits,
}

/// Makes ready what the configuration asks for: its collections, and the listener, if it names one. What clients write has the
/// room that `disk` tells.
pub(super) async fn prepare(
    node: &Node,
    data: &Data,
    config: &TaxiiConfig,
    disk: Room,
) -> Result<Option<Ready>, CliError> {
    collections(node, &config.collections).await?;
    let Some(listen) = &config.listen else { return Ok(None) };
    let tls = config.tls.as_ref().map(|it| certificate(data, it)).transpose()?;
    let taxii = Taxii::new(node.clone(), settings(config, disk)).await?;
    let limits = TaxiiLimits { connections: config.connections, ..TaxiiLimits::default() };
    let listener = bind(listen).await?;
    tracing::info!(taxii = %listen, tls = tls.is_some(), "collections are served");
    Ok(Some(Ready { listener, taxii, tls, limits }))
}

/// Serves until `stopped`; where there is nothing to serve, at once done.
pub(super) async fn serve(ready: Option<Ready>, stopped: watch::Receiver<bool>) {
    if let Some(Ready { listener, taxii, tls, limits }) = ready {
        serve_taxii(listener, taxii, tls, limits, stopped).await;
    }
}

fn settings(config: &TaxiiConfig, disk: Room) -> TaxiiSettings {
    TaxiiSettings {
        title: config.title.clone(),
        description: config.description.clone(),
        contact: config.contact.clone(),
        body_bytes: config.body_mib << 20,
        page_objects: config.page_objects,
        disk: Some(disk),
        ..TaxiiSettings::default()
    }
}

fn certificate(data: &Data, named: &TlsFiles) -> Result<TaxiiTls, CliError> {
    let at = |path: &Path| data.dir.join(path);
    let key = at(&named.key);
    files::must_be_private(&key)?;
    let certificates = files::read(&at(&named.certificate))?;
    let key_text = zeroize::Zeroizing::new(files::read(&key)?);
    TaxiiTls::new(&certificates, &key_text)
        .map_err(|error| CliError::Certificate { path: at(&named.certificate), error })
}

/// Brings the collections of the configuration in. Those that are gone from it stay, and are said.
async fn collections(node: &Node, wanted: &[CollectionConfig]) -> Result<(), CliError> {
    let known = node.store().collections().await.map_err(ExchangeError::from)?;
    for wanted in wanted {
        let new = NewCollection {
            alias: wanted.alias.clone(),
            title: wanted.title.clone(),
            description: wanted.description.clone(),
            query: wanted.query.clone(),
            writable: wanted.writable,
            configured: true,
        };
        match known.iter().find(|it| it.alias == wanted.alias) {
            Some(known) => collection::change(node, known, new, "node").await?,
            None => collection::add(node, new, "node").await?,
        };
    }
    let is_gone = |alias: &str| !wanted.iter().any(|it| it.alias == alias);
    for gone in known.iter().filter(|it| it.configured && is_gone(&it.alias)) {
        tracing::warn!(
            collection = gone.alias,
            "the configuration no longer has a collection that it brought in; `comity collection remove` removes it"
        );
    }
    Ok(())
}
