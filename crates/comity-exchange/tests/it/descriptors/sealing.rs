//! What was sealed to a key that is destroyed is sealed again.

use std::sync::Arc;

use async_trait::async_trait;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::keys::Unlocked;
use comity_exchange::ports::{Courier, CourierError, OutgoingPouch, RemoteHead, RemotePouch};
use comity_model::descriptor::KeyUse;
use comity_model::{ChannelId, Digest, PartyRoot};
use comity_pouch::keys::Earlier;
use comity_testkit::{CLAUSE, LoopCourier, OldKeys, Result, indicators, pair, pump};

use super::{held, settled};

/// The partner does not answer.
struct Silent;

#[async_trait]
impl Courier for Silent {
    async fn head(&self, _: PartyRoot, _: ChannelId) -> Result<RemoteHead, CourierError> {
        Ok(RemoteHead { epoch: 1, next: 0, digest: None, cosigned: None, waiting: 0 })
    }

    async fn deliver(&self, _: PartyRoot, _: &OutgoingPouch) -> Result<(), CourierError> {
        Err(CourierError::Unreachable("nobody is there".to_owned()))
    }

    async fn status(&self, _: PartyRoot, _: Digest) -> Result<RemotePouch, CourierError> {
        Err(CourierError::Unreachable("nobody is there".to_owned()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pouch_that_was_kept_for_a_destroyed_key_is_sealed_again_to_the_new_one() -> Result<()> {
    const MANY: u64 = 400;
    let mut pair = pair().await?;
    pair.us.hold(&indicators(0..MANY)).await?;
    let what = comity_exchange::compose::Selection::Type("indicator".to_owned());
    let row = pair.us.release(&pair.mx, CLAUSE, what, 2).await?;
    let root = pair.mx.node.root();
    let sent = dispatch(&pair.us.node, &Silent, root, &mut DispatchState::default()).await;
    assert_eq!(sent.unwrap_err().code(), "unreachable");
    let kept = pair.us.node.store().outbound(row.digest).await?.ok_or("no statement")?.pouch;
    let kept = kept.ok_or("the pouch is not kept")?;

    pair.mx.rotate(&[KeyUse::Seal], OldKeys::Revoked).await?;
    let mut keys = pair.mx.serve_keys()?;
    keys.earlier = Earlier::none();
    pair.mx.node.change_keys(Arc::new(Unlocked::new(keys, root)));
    let courier = LoopCourier::new(&pair.mx, &pair.us);
    let us = pair.us.node.root();
    dispatch(&pair.mx.node, &courier, us, &mut DispatchState::default()).await?;
    pair.us.round().await?;
    assert_eq!(pair.us.node.store().parties().await?[0].serial, 2);

    pump(&pair.us, &pair.mx).await?;
    assert_eq!(held(&pair.mx).await?, MANY);
    assert!(pair.us.node.spool().open(&kept.digest).is_err(), "the old pouch is still there");
    settled(&pair).await
}
