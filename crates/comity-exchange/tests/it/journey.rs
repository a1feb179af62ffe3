//! The way of a release from one node to the other.

use comity_exchange::compose::Selection;
use comity_exchange::ports::ReleaseState;
use comity_testkit::{CLAUSE, Result, indicators, pair, pump};

#[tokio::test(flavor = "multi_thread")]
async fn a_release_goes_through_is_receipted_and_settles() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&indicators(0..25)).await?;
    let sealed =
        pair.us.release(&pair.mx, CLAUSE, Selection::Type("indicator".to_owned()), 1).await?;
    assert_eq!(sealed.sequence, Some(0));
    pump(&pair.us, &pair.mx).await?;

    let releases = pair.us.node.store().releases(10).await?;
    let release = releases.first().ok_or("no release")?;
    assert_eq!(release.state, ReleaseState::Settled);
    assert_eq!(release.receipt.as_ref().map(|it| it.admitted), Some(25));
    let held = pair.mx.node.store().counts().await?;
    assert_eq!(held.iter().map(|it| it.objects).sum::<u64>(), 25);
    for (own, mirror) in [(&pair.us, &pair.mx), (&pair.mx, &pair.us)] {
        let channel = comity_model::ChannelId {
            agreement: release.record.agreement.id,
            epoch: 1,
            from: own.node.root(),
            to: mirror.node.root(),
        };
        let here = own.node.store().figures(channel).await?;
        let there = mirror.node.store().figures(channel).await?;
        assert_eq!(here.statements, 1);
        assert_eq!((here.statements, here.root), (there.statements, there.root));
    }
    Ok(())
}
