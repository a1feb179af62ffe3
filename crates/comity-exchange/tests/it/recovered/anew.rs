//! A partner that lost its mirror and its keys too, and one that lost everything while nobody spoke.

use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::DoubtKind;
use comity_exchange::recovery::{self, recover_anew};
use comity_exchange::{ExchangeError, partner};
use comity_model::descriptor::KeyUse;
use comity_pouch::descriptor::sign;
use comity_testkit::{CLAUSE, LoopCourier, OTHER_CLAUSE, OldKeys, Pair, Result, pair};
use jiff::SignedDuration;
use serde_json::json;

use super::{agree, both_lost, recover, settle};
use crate::rollback::release;
use crate::support::journal;

/// `us` opened epoch 2, which cites what `mx` cosigned with keys that it lost afterwards, with its mirror and with the
/// descriptor that had them.
async fn keys_lost() -> Result<Pair> {
    let mut pair = both_lost(async |pair| {
        pair.mx.rotate(&[KeyUse::Witness], OldKeys::Revoked).await?;
        settle(pair).await
    })
    .await?;
    let mut next = pair.mx.rotated(&[KeyUse::Witness], OldKeys::Lost)?;
    next.serial = 3;
    let envelope = String::from_utf8(sign(&next, &pair.mx.root_key)?.to_json())?;
    let file =
        comity_exchange::descriptor::Next { envelope: &envelope, by_file: true, changed: &[] };
    let by = "an analyst";
    comity_exchange::descriptor::renew(&pair.mx.node, file, by).await?;
    partner::import_party(&pair.us.node, envelope.as_bytes(), "file", None, by).await?;
    recover(&pair.mx, &pair.us).await?;
    settle(&pair).await?;
    Ok(pair)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_partner_that_lost_its_keys_too_takes_up_one_more_epoch() -> Result<()> {
    let pair = keys_lost().await?;
    let root = pair.mx.node.root();
    let waiting = recovery::not_taken_up(&pair.us.node, root).await?;
    assert_eq!(waiting.iter().map(|it| it.epoch).collect::<Vec<_>>(), [2], "it is refused");
    let stuck = pair.mx.node.store().refusals().await?;
    assert!(stuck.iter().any(|it| it.code == "epoch-not-continued"), "{stuck:?}");
    // asking again changes nothing
    assert!(recover(&pair.us, &pair.mx).await?.iter().all(|it| it.epoch == 2));
    settle(&pair).await?;
    assert_eq!(recovery::not_taken_up(&pair.us.node, root).await?.len(), 1);
    // what is said in the epoch that is not taken up counts as not said
    release(&pair.us, &pair.mx, CLAUSE, 10).await?;

    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let done = recover_anew(&pair.us.node, &courier, root, "an analyst").await?;
    let [it] = done.as_slice() else { return Err("one channel".into()) };
    assert_eq!((it.channel.epoch, it.epoch), (2, 3), "{it:?}");
    let opened = journal(&pair.us.node, "epoch-opened").await?;
    assert_eq!(opened.last().map(|it| it.entry.actor.as_str()), Some("an analyst"));
    settle(&pair).await?;
    assert!(recovery::not_taken_up(&pair.us.node, root).await?.is_empty());
    agree(&pair).await?;
    let released = "SELECT count(*) FROM statement_in WHERE kind = 'release'";
    assert_eq!(pair.mx.count(released)?, 2, "what stands came again, and nothing else");
    release(&pair.us, &pair.mx, CLAUSE, 20).await?;
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 21).await?;
    settle(&pair).await?;
    agree(&pair).await?;
    assert_eq!(pair.mx.count(released)?, 3);
    assert_eq!(pair.mx.node.store().refusals().await?.iter().filter(|it| it.is_all).count(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_epoch_is_opened_anew_where_the_last_one_goes_on() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    settle(&pair).await?;
    let root = pair.mx.node.root();
    let code = async |pair: &Pair| {
        let courier = LoopCourier::new(&pair.us, &pair.mx);
        let refused = recover_anew(&pair.us.node, &courier, root, "an analyst").await;
        refused.map_err(|error: ExchangeError| error.code())
    };
    assert_eq!(code(&pair).await, Err("epoch-taken-up"), "the first epoch is nobody's to open");
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    settle(&pair).await?;
    pair.us.restore(backup).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    assert_eq!(code(&pair).await, Err(DoubtKind::Restored.code()), "what was lost comes first");
    recover(&pair.us, &pair.mx).await?;
    settle(&pair).await?;
    assert_eq!(code(&pair).await, Err("epoch-taken-up"));
    assert_eq!(pair.us.count("SELECT count(*) FROM epoch_end")?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_an_idle_partner_that_lost_its_data_gets_it_again_within_a_day() -> Result<()>
{
    let mut pair = pair().await?;
    let empty = pair.mx.backup()?;
    let (courier, root) = (LoopCourier::new(&pair.us, &pair.mx), pair.mx.node.root());
    let mut state = DispatchState::default();
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    dispatch(&pair.us.node, &courier, root, &mut state).await?;
    settle(&pair).await?;
    // everything is cosigned, and nobody has anything to say
    pair.mx.restore(empty).await?;
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let released = "SELECT count(*) FROM statement_in WHERE kind = 'release'";
    for hours in [1, 22] {
        pair.clock.advance(SignedDuration::from_hours(hours));
        dispatch(&pair.us.node, &courier, root, &mut state).await?;
        pair.mx.round().await?;
        assert_eq!(pair.mx.count(released)?, 0, "it is not asked all the time");
    }
    pair.clock.advance(SignedDuration::from_hours(2));
    dispatch(&pair.us.node, &courier, root, &mut state).await?;
    pair.mx.round().await?;
    assert_eq!(pair.mx.count(released)?, 1);
    Ok(())
}
