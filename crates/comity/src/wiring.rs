//! Puts the ports of a node together.

use std::sync::Arc;

use comity_exchange::keys::Unlocked;
use comity_exchange::{ExchangeError, Node, Ports, partner};
use comity_link::{CourierLimits, HttpCourier, LinkIdentity, Partners};
use comity_stix::registry::Registry;
use comity_store::{
    FileBlobs, FileLastCheckpoints, FileSpool, FileTombstones, Options, SqliteStore,
};

use crate::clock::SystemClock;
use crate::config::Config;
use crate::data::Data;
use crate::disk;
use crate::entropy::SystemEntropy;
use crate::error::CliError;
use crate::extensions::Extensions;

/// The ports of the node in a data folder, its keys locked.
pub(crate) fn ports(data: &Data) -> Result<Ports, CliError> {
    let store = store(data)?;
    let extensions = Extensions::of_node(&data.extensions())?;
    ports_over(data, Arc::new(store), extensions.registry)
}

/// The store of the node in a data folder, which must be writable: even who only reads leaves a trace for the others.
pub(crate) fn store(data: &Data) -> Result<SqliteStore, CliError> {
    if !data.is_node() {
        return Err(CliError::NoNode(data.dir.clone()));
    }
    if let Some(path) = data.written().into_iter().find(|path| disk::is_read_only(path)) {
        return Err(CliError::ReadOnly(path));
    }
    let options = Options::new(Arc::new(SystemEntropy), Arc::new(SystemClock));
    let store = SqliteStore::open(&data.database(), options);
    Ok(store.map_err(ExchangeError::from)?)
}

/// The ports over a store that is open.
pub(crate) fn ports_over(
    data: &Data,
    store: Arc<SqliteStore>,
    registry: Arc<Registry>,
) -> Result<Ports, CliError> {
    Ok(Ports {
        store,
        blobs: Arc::new(FileBlobs::new(&data.blobs()).map_err(ExchangeError::from)?),
        spool: Arc::new(FileSpool::new(&data.spool()).map_err(ExchangeError::from)?),
        tombstones: Arc::new(FileTombstones::new(&data.tombstones())),
        last_checkpoints: Arc::new(last_checkpoints(data)?),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        keys: None,
        registry,
    })
}

/// What was signed last by the node in `data`.
fn last_checkpoints(data: &Data) -> Result<FileLastCheckpoints, CliError> {
    last_checkpoints_of(data, data)
}

/// What was signed last by the node in `data`, where the configuration in `configured` says; in the folder itself, where there
/// is no configuration or it says nothing of it.
pub(crate) fn last_checkpoints_of(
    data: &Data,
    configured: &Data,
) -> Result<FileLastCheckpoints, CliError> {
    let is_there = configured.config().is_file();
    let elsewhere =
        if is_there { Config::load(configured)?.storage.last_checkpoints } else { None };
    let path = elsewhere.map_or_else(|| data.last_checkpoints(), |it| data.dir.join(it));
    Ok(FileLastCheckpoints::new(&path))
}

/// With what the node proves itself on the link now.
pub(crate) fn link_identity(node: &Node, keys: &Unlocked) -> Result<LinkIdentity, CliError> {
    let own = partner::own(node)?;
    let link = keys.link(&own.descriptor, node.now());
    Ok(LinkIdentity::new(link.certificate().to_vec(), link.pkcs8().to_vec())?)
}

/// The courier over the link to the confirmed partners of a node.
pub(crate) async fn courier(
    node: &Node,
    keys: &Unlocked,
    limits: CourierLimits,
) -> Result<HttpCourier, CliError> {
    let identity = link_identity(node, keys)?;
    let partners = Partners::default();
    partners.refresh(node).await?;
    Ok(partners.courier(node, identity, Arc::new(SystemClock), limits))
}
