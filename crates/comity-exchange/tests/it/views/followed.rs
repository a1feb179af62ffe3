//! What is written is in every view at once that had followed all that was there before, and in the others when they follow.

use comity_exchange::view;
use comity_testkit::{Party, Result, indicator, pair};
use uuid::Uuid;

use super::{HOUSE, collected, everything, id_of, post, seen};

/// Whether what is visible now is in a view, and which of the first ten indicators are, without following.
async fn stands(party: &Party, collection: Uuid) -> Result<(bool, Vec<u64>)> {
    let store = party.node.store();
    let row = store.open_view(collection, HOUSE).await?;
    let is_current = store.view_state(row.number).await?.is_current;
    let members = store.view_manifest(everything(row.number)).await?.members;
    let is_in = |number: &u64| members.iter().any(|it| it.id == id_of(*number));
    Ok((is_current, (0..10).filter(is_in).collect()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_in_views_that_followed_what_was_before() -> Result<()> {
    let pair = pair().await?;
    let mx = &pair.mx;
    mx.hold(&indicator(0)).await?;
    let (all, inbox) =
        (collected(mx, "all", Some("all")).await?, collected(mx, "inbox", None).await?);
    let others = collected(mx, "others", Some("type=malware")).await?;
    for collection in [all, inbox, others] {
        seen(mx, collection, HOUSE).await?;
    }
    post(mx, "inbox", &[indicator(1), indicator(2)]).await?;
    assert_eq!(stands(mx, all).await?, (true, vec![0, 1, 2]));
    assert_eq!(stands(mx, inbox).await?, (true, vec![1, 2]));
    assert_eq!(stands(mx, others).await?, (true, vec![]));
    assert!(!view::follow(&mx.node).await?, "nothing is left to follow");
    // who follows afterwards puts nothing there once more
    assert_eq!(seen(mx, all, HOUSE).await?, [0, 1, 2]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_hides_nothing_from_views_that_are_behind() -> Result<()> {
    let pair = pair().await?;
    let mx = &pair.mx;
    let (all, inbox) =
        (collected(mx, "all", Some("all")).await?, collected(mx, "inbox", None).await?);
    seen(mx, all, HOUSE).await?;
    seen(mx, inbox, HOUSE).await?;
    // held, and not followed yet
    mx.hold(&indicator(0)).await?;
    post(mx, "inbox", &[indicator(1)]).await?;
    assert_eq!(stands(mx, inbox).await?, (false, vec![1]), "its own collection has it at once");
    assert_eq!(stands(mx, all).await?, (false, vec![]));
    view::catch_up(&mx.node).await?;
    assert_eq!(stands(mx, all).await?, (true, vec![0, 1]));
    assert_eq!(stands(mx, inbox).await?, (true, vec![1]));
    // what was there before, and is put into the collection now, enters no view's past
    mx.hold(&indicator(2)).await?;
    post(mx, "inbox", &[indicator(2), indicator(3)]).await?;
    view::catch_up(&mx.node).await?;
    assert_eq!(stands(mx, all).await?, (true, vec![0, 1, 2, 3]));
    Ok(())
}
