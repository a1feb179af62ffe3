//! Both parties lose data, and the direction goes on all the same.

use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::ToCarry;
use comity_exchange::recovery;
use comity_testkit::{CLAUSE, LoopCourier, OTHER_CLAUSE, Result, TempDir, files_in, pair, tempdir};
use jiff::SignedDuration;
use serde_json::json;

use super::{agree, both_lost, recover, settle};
use crate::rollback::release;
use crate::support::journal;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_where_both_lose_data_the_direction_goes_on() -> Result<()> {
    let pair = both_lost(async |_| Ok(())).await?;
    let waiting = recovery::not_taken_up(&pair.us.node, pair.mx.node.root()).await?;
    assert_eq!(waiting.iter().map(|it| it.epoch).collect::<Vec<_>>(), [2], "the state is named");
    recover(&pair.mx, &pair.us).await?;
    let done = recover(&pair.us, &pair.mx).await?;
    let [it] = done.as_slice() else { return Err("one channel".into()) };
    assert!(it.again && it.epoch == 2, "it is the partner that lost something: {it:?}");
    settle(&pair).await?;
    agree(&pair).await?;
    // what stands came again, and what nobody has is named where it was cosigned
    assert_eq!(pair.mx.count("SELECT count(*) FROM statement_in WHERE kind = 'release'")?, 2);
    let lost = journal(&pair.mx.node, "mirror-lost").await?;
    let [line] = lost.as_slice() else { return Err("named once".into()) };
    let details = &line.entry.details;
    assert!(details["cosigned"].as_u64() > details["here"].as_u64(), "{details}");
    assert!(recovery::not_taken_up(&pair.us.node, pair.mx.node.root()).await?.is_empty());
    release(&pair.us, &pair.mx, CLAUSE, 20).await?;
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 21).await?;
    settle(&pair).await?;
    agree(&pair).await?;
    let again = recover(&pair.us, &pair.mx).await?;
    assert!(again.iter().all(|it| it.epoch == 2 && !it.again), "nothing to do: {again:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_serving_node_sends_what_stands_again() -> Result<()> {
    let pair = both_lost(async |_| Ok(())).await?;
    recover(&pair.mx, &pair.us).await?;
    let (courier, root) = (LoopCourier::new(&pair.us, &pair.mx), pair.mx.node.root());
    // first contact has been, and what stands was lost on the way after it
    let mut state = DispatchState::default();
    dispatch(&pair.us.node, &courier, root, &mut state).await?;
    pair.mx.sql("DELETE FROM pouch WHERE state = 'received'")?;
    for _ in 0..8 {
        pair.clock.advance(SignedDuration::from_secs(301));
        dispatch(&pair.us.node, &courier, root, &mut state).await?;
        pair.mx.round().await?;
    }
    assert_eq!(pair.mx.count("SELECT count(*) FROM statement_in WHERE kind = 'release'")?, 2);
    settle(&pair).await?;
    agree(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_courier_brings_again_what_stands_of_an_epoch_that_ended() -> Result<()> {
    let pair = both_lost(async |_| Ok(())).await?;
    recover(&pair.mx, &pair.us).await?;
    let folder: TempDir = tempdir()?;
    let since = ToCarry::Since(jiff::Timestamp::UNIX_EPOCH);
    pair.us.export(&pair.mx, since, folder.path()).await?;
    pair.mx.import(&files_in(folder.path())?).await?;
    assert_eq!(pair.mx.count("SELECT count(*) FROM statement_in WHERE kind = 'release'")?, 2);
    let epoch_2 = "SELECT count(*) FROM statement_in s JOIN channel c ON c.number = s.channel WHERE c.epoch = 2";
    assert!(pair.mx.count(epoch_2)? > 0, "the new epoch is taken up");
    settle(&pair).await?;
    agree(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_partner_winds_back_what_it_cosigned_itself() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    settle(&pair).await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 3).await?;
    settle(&pair).await?;
    pair.us.restore(backup).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    let cosigned = pair.us.count("SELECT max(cosigned_size) FROM channel_out")?;
    assert!(cosigned > 0);
    // its database is another one by now: it says a later epoch, of which nobody opened anything, and that it has nothing
    pair.mx.sql(
        "INSERT INTO epoch_end (channel, size, at)
         SELECT number, 0, '2026-01-01T00:00:00Z' FROM channel c JOIN channel_in i ON i.channel = c.number",
    )?;
    pair.mx.sql("UPDATE channel_in SET next = 0, last = NULL")?;
    let done = recover(&pair.us, &pair.mx).await?;
    let [it] = done.as_slice() else { return Err("one channel".into()) };
    assert_eq!((it.epoch, it.there), (3, 0), "{it:?}");
    assert!(it.stands >= cosigned, "{it:?}");
    Ok(())
}
