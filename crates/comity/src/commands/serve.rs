//! `comity serve`: the node runs. It hears partners, sends what is sealed and answers what arrives.

use std::sync::Arc;
use std::time::Duration;

use comity_api::{Api, ApiLimits};
use comity_exchange::ports::Clock;
use comity_exchange::{Node, feed, worker};
use comity_feed::HttpFeeds;
use comity_link::{LinkSettings, WorkerPace};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::clock::SystemClock;
use crate::config::{Address, Config, Format, LogConfig};
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::output::Reply;
use crate::syslog;
use crate::wiring;

mod keys;
pub(crate) mod parent;
mod readiness;
mod sweep;
mod taxii;

/// Nothing beyond the global options.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs until SIGTERM or SIGINT; with `COMITY_STOP_WITH_PARENT=1` in the environment, no longer than what started it.
pub(crate) async fn run(ctx: &Ctx, _: Args) -> Result<Reply, CliError> {
    parent::stop_with_it().map_err(CliError::Runtime)?;
    let config = Config::load(&ctx.data)?;
    start_log(config.log);
    let metrics = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| CliError::Runtime(std::io::Error::other(error)))?;
    let (node, keys) = ctx.unlocked().await?;
    sweep::sweep(&ctx.data, &node)?;
    let link = bind(&config.link.listen).await?;
    let api = bind(&config.api.listen).await?;
    let room = crate::commands::feed::room(&ctx.data, config.storage.least_free_mib);
    let collections = taxii::prepare(&node, &ctx.data, &config.taxii, room.clone()).await?;
    wiring::link_identity(&node, &keys)?;
    let (stop, stopped) = watch::channel(false);

    let exercise = node.record().exercise;
    let details = json!({ "version": env!("CARGO_PKG_VERSION"), "exercise": exercise });
    note(&node, "node-started", details).await?;
    tracing::info!(
        handle = %node.record().handle,
        link = %config.link.listen,
        api = %config.api.listen,
        exercise,
        "the node runs"
    );
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let readiness = readiness::NodeReadiness::new(
        node.clone(),
        ctx.data.clone(),
        config.storage.least_free_mib,
    );
    let listening = comity_api::serve(
        api,
        Api::new(Arc::new(readiness), metrics, exercise),
        ApiLimits::default(),
        stopped.clone(),
    );
    let (proving, proves) = watch::channel(Arc::clone(&keys));
    let settings = settings(&config, &node)?;
    let linking = keys::link(&node, clock, proves, link, &settings, stopped.clone());
    let following = Box::pin(keys::follow(ctx, &node, keys, proving, stopped.clone()));
    let taking_in = worker::inbound(
        node.clone(),
        Duration::from_secs(config.outbox.checkpoint_after_s),
        until_stopped(stopped.clone()),
    );
    let viewing = Box::pin(worker::views(node.clone(), until_stopped(stopped.clone())));
    let matching = Box::pin(worker::patterns(node.clone(), until_stopped(stopped.clone())));
    let publishing = Box::pin(taxii::serve(collections, stopped.clone()));
    let feeding = Box::pin(feed::serve(
        node.clone(),
        Arc::new(HttpFeeds::default()),
        room,
        until_stopped(stopped.clone()),
    ));
    let sweeping = Box::pin(worker::sweeps(node.clone(), until_stopped(stopped.clone())));
    let keep = config.access.keep_words();
    let forgetting = Box::pin(worker::forgets(node.clone(), keep, until_stopped(stopped.clone())));
    let signing = Box::pin(worker::journals(node.clone(), until_stopped(stopped.clone())));
    let logging = Box::pin(log_journal(&config, &node, stopped));
    let signals = async {
        let result = wait_for_signal().await;
        let _ = stop.send(true);
        result
    };
    let work = Box::pin(async {
        tokio::join!(taking_in, viewing, feeding, matching, sweeping, forgetting, signing, logging)
    });
    let ((), linked, (), (), _, signalled) =
        tokio::join!(listening, linking, publishing, following, work, signals);
    linked?;
    signalled.map_err(CliError::Runtime)?;
    note(&node, "node-stopped", json!({})).await?;
    tracing::info!("the node has stopped");
    Ok(Reply::silent())
}

/// Writes into the journal that the node began or ended.
async fn note(node: &Node, event: &str, details: serde_json::Value) -> Result<(), CliError> {
    let entry = node.journal(event, node.root(), details);
    Ok(node.store().journal(vec![entry]).await.map_err(comity_exchange::ExchangeError::from)?)
}

fn settings(config: &Config, node: &Node) -> Result<LinkSettings, CliError> {
    let outbox = config.outbox;
    let own = comity_exchange::partner::own(node)?;
    let pace = WorkerPace {
        poll: Duration::from_millis(outbox.poll_ms),
        least: Duration::from_millis(outbox.least_pause_ms),
        most: Duration::from_secs(outbox.most_pause_s),
    };
    let pouch_limit = own.descriptor.limits.pouch;
    Ok(LinkSettings { pace, pouch_limit, ..LinkSettings::default() })
}

async fn bind(address: &Address) -> Result<TcpListener, CliError> {
    TcpListener::bind(address.as_str())
        .await
        .map_err(|error| CliError::Listen { address: address.to_string(), error })
}

/// Waits for the request to stop: SIGTERM from the system, SIGINT from a keyboard.
async fn wait_for_signal() -> std::io::Result<()> {
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Sends the journal to the syslog, where one is configured.
async fn log_journal(config: &Config, node: &Node, stopped: watch::Receiver<bool>) {
    if let Some(target) = config.journal.syslog.clone() {
        syslog::run(node.clone(), target, until_stopped(stopped)).await;
    }
}

async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Starts the log on standard error. `RUST_LOG` narrows or widens what the configuration says.
fn start_log(config: LogConfig) {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(config.level.as_str()));
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // a log that is there already stays
    let _ = match config.format {
        Format::Json => log.json().try_init(),
        Format::Text => log.with_ansi(false).try_init(),
    };
}
