//! Two nodes that have only a disk between them recover too.

use std::path::PathBuf;
use std::sync::Arc;

use comity_exchange::ports::{HandFile, ToCarry};
use comity_exchange::recovery::{self, Recovered, recover_by_hand};
use comity_testkit::{CLAUSE, OTHER_CLAUSE, Pair, Party, Result, TempDir, files_in, pair, tempdir};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{agree, put};
use crate::rollback::{release, seals_nothing};

/// Carries what waits in both directions until nothing waits any more.
async fn carry_all(pair: &Pair) -> Result<()> {
    for _ in 0..6 {
        for (from, to) in [(&pair.us, &pair.mx), (&pair.mx, &pair.us)] {
            let folder = tempdir()?;
            from.export(to, ToCarry::Unanswered, folder.path()).await?;
            to.import(&files_in(folder.path())?).await?;
        }
    }
    Ok(())
}

/// What a party writes for another that lost everything since a time.
async fn since(from: &Party, to: &Party, at: Timestamp) -> Result<(TempDir, Vec<PathBuf>)> {
    let folder = tempdir()?;
    from.export(to, ToCarry::Since(at), folder.path()).await?;
    let files = files_in(folder.path())?;
    Ok((folder, files))
}

async fn by_hand(from: &Party, to: &Party, files: &[PathBuf]) -> Result<Vec<Recovered>> {
    let carried =
        |path: &PathBuf| Arc::new(comity_testkit::CarriedFile(path.clone())) as Arc<dyn HandFile>;
    let files = files.iter().map(carried).collect();
    Ok(recover_by_hand(&from.node, files, to.node.root(), "an analyst").await?)
}

/// A pair that only couriers connect, and of which `us` lost a day. Gives when the day began.
async fn lost_day(apart: bool) -> Result<(Pair, Timestamp)> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 2).await?;
    carry_all(&pair).await?;
    pair.clock.advance(SignedDuration::from_mins(5));
    let began = pair.us.node.now();
    let backup = pair.us.backup()?;
    for number in 3..5 {
        release(&pair.us, &pair.mx, CLAUSE, number).await?;
        release(&pair.mx, &pair.us, OTHER_CLAUSE, 10 + number).await?;
        put(&pair.us, &pair.mx).await?;
        carry_all(&pair).await?;
    }
    if apart {
        pair.us.put_back(backup).await?;
    } else {
        pair.us.restore(backup).await?;
    }
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    Ok((pair, began))
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_lost_day_is_recovered_from_with_a_disk_alone() -> Result<()> {
    for (apart, imports_first) in [(true, true), (false, true), (false, false)] {
        let (pair, began) = lost_day(apart).await?;
        let code = if apart { "record-rolled-back" } else { "record-unchecked" };
        assert_eq!(seals_nothing(&pair.us, &pair.mx, 20).await?, code);
        let held = pair.mx.count("SELECT count(*) FROM holding")?;
        let (_folder, files) = since(&pair.mx, &pair.us, began).await?;
        if imports_first {
            pair.us.import(&files).await?;
            // taking in what the partner sent makes no node act
            assert_eq!(seals_nothing(&pair.us, &pair.mx, 21).await?, code);
            assert_eq!(pair.us.count("SELECT count(*) FROM epoch_end")?, 0);
        }
        let done = by_hand(&pair.us, &pair.mx, &files).await?;
        let [it] = done.as_slice() else { return Err("one channel".into()) };
        assert_eq!((it.channel.epoch, it.epoch, it.stands), (1, 2, it.here), "{it:?}");
        assert!(it.there > it.here, "{it:?}");
        pair.us.import(&files).await?;
        carry_all(&pair).await?;
        agree(&pair).await?;
        assert_eq!(pair.mx.count("SELECT count(*) FROM holding")?, held);
        assert_eq!(pair.us.count("SELECT count(*) FROM statement_in WHERE kind = 'release'")?, 3);
        let unsaid = pair.mx.node.store().unsaid(it.channel).await?;
        assert_eq!(unsaid.len() as u64, it.there - it.stands);
        release(&pair.us, &pair.mx, CLAUSE, 30).await?;
        release(&pair.mx, &pair.us, OTHER_CLAUSE, 31).await?;
        carry_all(&pair).await?;
        agree(&pair).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_files_show_no_loss_of_the_partners_and_what_it_lost_comes_by_file_too()
-> Result<()> {
    let (mut pair, began) = {
        let mut pair = pair().await?;
        release(&pair.us, &pair.mx, CLAUSE, 1).await?;
        release(&pair.mx, &pair.us, OTHER_CLAUSE, 10).await?;
        carry_all(&pair).await?;
        pair.clock.advance(SignedDuration::from_mins(5));
        let began = pair.us.node.now();
        let theirs = pair.mx.backup()?;
        release(&pair.us, &pair.mx, CLAUSE, 2).await?;
        carry_all(&pair).await?;
        let ours = pair.us.backup()?;
        release(&pair.us, &pair.mx, CLAUSE, 3).await?;
        carry_all(&pair).await?;
        // both lose data, `mx` more of it
        pair.us.restore(ours).await?;
        pair.mx.restore(theirs).await?;
        for party in [&pair.us, &pair.mx] {
            recovery::restored(&party.node, json!({}), "an analyst").await?;
        }
        (pair, began)
    };
    let all = || since(&pair.mx, &pair.us, Timestamp::UNIX_EPOCH);
    let (_theirs, files) = all().await?;
    let done = by_hand(&pair.us, &pair.mx, &files).await?;
    let [it] = done.as_slice() else { return Err("one channel".into()) };
    // its files show that it had so much; they cannot show that it lacks something that this party has
    assert!(it.epoch == 2 && !it.again && it.stands > it.there, "{it:?}");
    let (_ours, files) = since(&pair.us, &pair.mx, Timestamp::UNIX_EPOCH).await?;
    by_hand(&pair.mx, &pair.us, &files).await?;
    let (_ours, files) = since(&pair.us, &pair.mx, began).await?;
    pair.mx.import(&files).await?;
    let released = "SELECT count(*) FROM statement_in WHERE kind = 'release'";
    assert_eq!(pair.mx.count(released)?, 2, "what stands, from before its loss on");
    carry_all(&pair).await?;
    agree(&pair).await?;
    pair.us.restart().await?;
    assert!(recovery::not_taken_up(&pair.us.node, pair.mx.node.root()).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_cosignature_nothing_is_done() -> Result<()> {
    let (pair, began) = lost_day(true).await?;
    let (_folder, files) = since(&pair.mx, &pair.us, began).await?;
    // what the partner gave is no cosignature, and what is damaged, or the party's own, is passed over
    let mut bare = Vec::new();
    for path in &files {
        if by_hand(&pair.us, &pair.mx, std::slice::from_ref(path)).await.is_err() {
            bare.push(path.clone());
            assert_eq!(pair.us.count("SELECT count(*) FROM epoch_end")?, 0);
        } else {
            break;
        }
    }
    assert!(!bare.is_empty(), "a release comes before its receipt");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_is_not_confirmed_is_heard() -> Result<()> {
    let (pair, began) = lost_day(true).await?;
    let (_folder, files) = since(&pair.mx, &pair.us, began).await?;
    pair.us.sql("UPDATE party SET confirmed_at = NULL")?;
    let error = by_hand(&pair.us, &pair.mx, &files).await.unwrap_err();
    assert_eq!(error.downcast::<comity_exchange::ExchangeError>()?.code(), "unconfirmed-party");
    Ok(())
}
