//! Keys that change while the node serves: taken up without a stop, and destroyed when their time has come.

use std::sync::Arc;
use std::time::Duration;

use comity_exchange::keys::Unlocked;
use comity_exchange::ports::Clock;
use comity_exchange::{Node, descriptor};
use comity_link::LinkSettings;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::commands::key::ServeFile;
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::{unlock, wiring};

/// How often to look for another process that changed the keys.
const LOOK: Duration = Duration::from_secs(1);
/// Looks between two at which what was not announced is, and keys whose time has come are destroyed if they were not in time.
const LOOKS_BETWEEN_CARE: u32 = 3_600;

/// Runs the link until `stopped`. When the node is to prove itself with another key, it closes its connections and begins
/// again on the same socket; what was under way goes on where it was.
pub(super) async fn link(
    node: &Node,
    clock: Arc<dyn Clock>,
    mut proves: watch::Receiver<Arc<Unlocked>>,
    listener: TcpListener,
    settings: &LinkSettings,
    mut stopped: watch::Receiver<bool>,
) -> Result<(), CliError> {
    let socket = listener.into_std().map_err(CliError::Runtime)?;
    loop {
        let keys = Arc::clone(&proves.borrow_and_update());
        let identity = wiring::link_identity(node, &keys)?;
        let copy = socket.try_clone().map_err(CliError::Runtime)?;
        let listener = TcpListener::from_std(copy).map_err(CliError::Runtime)?;
        let (stop, stopping) = watch::channel(false);
        let running = comity_link::run(
            node.clone(),
            Arc::clone(&clock),
            identity,
            listener,
            *settings,
            stopping,
        );
        let ending = async {
            let over = tokio::select! {
                _ = stopped.wait_for(|stop| *stop) => true,
                changed = proves.changed() => changed.is_err(),
            };
            stop.send_replace(true);
            over
        };
        let (ran, over) = tokio::join!(running, ending);
        ran?;
        if over {
            return Ok(());
        }
        tracing::info!("the node proves itself with another link key from now on");
    }
}

/// Follows the keys until `stopped`. Whenever the node is to prove itself on the link with another key, `proving` hears of
/// it.
pub(super) async fn follow(
    ctx: &Ctx,
    node: &Node,
    mut keys: Arc<Unlocked>,
    proving: watch::Sender<Arc<Unlocked>>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut looks = 0;
    let mut spki = own_link(node, &keys);
    let mut was_due = false;
    loop {
        let is_due = keys.has_to_forget(node.now());
        if looks == 0 || is_due && !was_due {
            care(ctx, node, &mut keys).await;
            looks = LOOKS_BETWEEN_CARE;
        }
        was_due = is_due;
        looks -= 1;
        match node.refresh().await {
            Ok(true) => match reload(ctx, node).await {
                Ok(Some(fresh)) => keys = fresh,
                Ok(None) => tell_to_restart(node).await,
                Err(error) => tracing::error!(%error, "the new keys cannot be read"),
            },
            Ok(false) => {}
            Err(error) => {
                tracing::error!(code = error.code(), %error, "the descriptor cannot be read");
            }
        }
        let now = own_link(node, &keys);
        if now != spki {
            proving.send_replace(Arc::clone(&keys));
            spki = now;
        }
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

fn own_link(node: &Node, keys: &Unlocked) -> Option<comity_model::Digest> {
    let own = comity_exchange::partner::own(node).ok()?;
    Some(*keys.link(&own.descriptor, node.now()).spki_sha256())
}

/// Opens the key file again as far as nobody has to be asked.
async fn reload(ctx: &Ctx, node: &Node) -> Result<Option<Arc<Unlocked>>, CliError> {
    let exercise = node.record().exercise;
    let Some(keys) = unlock::serve_keys_unasked(ctx, node.root(), exercise)? else {
        return Ok(None);
    };
    let keys = Arc::new(keys);
    let shared: Arc<dyn comity_exchange::ports::Keys> = Arc::<Unlocked>::clone(&keys);
    node.change_keys(shared);
    let line = node.journal("keys-taken-up", node.root(), json!({}));
    node.store().journal(vec![line]).await?;
    tracing::info!("the node goes on with new keys");
    Ok(Some(keys))
}

async fn tell_to_restart(node: &Node) {
    tracing::warn!(
        "the keys changed, and no passphrase opens them without asking; restart the node"
    );
    let line = node.journal("keys-need-restart", node.root(), json!({}));
    let _ = node.store().journal(vec![line]).await;
}

/// Announces what a crash left unannounced, and destroys keys whose time has come, where nobody has to be asked for a
/// passphrase.
async fn care(ctx: &Ctx, node: &Node, keys: &mut Arc<Unlocked>) {
    if let Err(error) = descriptor::announce(node, "node").await {
        tracing::error!(code = error.code(), %error, "a descriptor is not announced everywhere");
    }
    if !keys.has_to_forget(node.now()) {
        return;
    }
    match forget(ctx, node).await {
        Ok(None) => tell_to_restart(node).await,
        Ok(Some(fresh)) => *keys = fresh,
        Err(error) => tracing::warn!(%error, "earlier keys could not be destroyed now"),
    }
}

/// Destroys them in the file and in memory.
async fn forget(ctx: &Ctx, node: &Node) -> Result<Option<Arc<Unlocked>>, CliError> {
    let passphrase = unlock::given(ctx)?;
    if passphrase.is_none() && !node.record().exercise {
        return Ok(None);
    }
    ServeFile::hold(ctx, passphrase)?.forget(node).await?;
    reload(ctx, node).await
}
