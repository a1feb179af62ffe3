//! Recalls beside open ones: what may follow, and what a correction must have to do with what it corrects.

use comity_exchange::compose::Selection;
use comity_exchange::recall::{AnswerAct, Recall, RecallState, What, all, recall, state};
use comity_model::Digest;
use comity_model::matter::{RecallAction, RecallBody};
use comity_testkit::{CLAUSE, Pair, Result, indicator, pair, pump};

use super::hostile::{asking, given};
use super::{answered, heard, newest, newest_of, of, recalled, release};
use crate::retention::{id, released};
use crate::support::Wire;

/// A later version of an indicator.
fn later(number: u64) -> String {
    indicator(number).replace(r#""modified":"2026-01-10"#, r#""modified":"2026-02-10"#)
}

/// `us` releases a later version of an indicator, and `mx` has it.
async fn corrected(pair: &Pair, number: u64) -> Result<Digest> {
    pair.us.hold(&later(number)).await?;
    let sealed = pair.us.release(&pair.mx, CLAUSE, Selection::Ids(vec![id(number)]), 1).await?;
    pump(&pair.us, &pair.mx).await?;
    Ok(sealed.digest)
}

fn by(action: RecallAction, wrong: &Digest, right: &Digest) -> Recall {
    Recall { action, replacements: vec![right.to_string()], ..of(release(wrong, &[])) }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_for_a_correction_can_still_be_recalled_for_good() -> Result<()> {
    let pair = pair().await?;
    let wrong = released(&pair, 0..2).await?;
    let right = corrected(&pair, 0).await?;
    recall(&pair.us.node, by(RecallAction::Correct, &wrong, &right)).await?;
    pump(&pair.us, &pair.mx).await?;
    let correction = newest(&pair.mx.node).await?;
    let purge = recalled(&pair, release(&wrong, &[])).await?;
    assert_ne!(purge.id, correction.id);
    for again in [of(release(&wrong, &[])), by(RecallAction::Replace, &wrong, &right)] {
        let refused = recall(&pair.us.node, again).await.unwrap_err();
        assert_eq!(refused.code(), "recall-open");
        let folio = purge.opening().ok_or("no opening")?.folio.to_string();
        assert!(refused.to_string().contains(&folio), "{refused}");
    }
    answered(&pair.mx, &purge, AnswerAct::Purge).await?;
    assert_eq!(heard(&pair).await?.purged, 2);
    // the weaker one is answered for itself: there is nothing left to correct
    answered(&pair.mx, &correction, AnswerAct::Replace).await?;
    pump(&pair.us, &pair.mx).await?;
    let there = newest_of(&pair.us.node, correction.id).await?;
    assert_eq!(state(&there, pair.us.node.now()), RecallState::Done);
    assert!(pair.mx.node.store().holding(id(0)).await?.is_some(), "the corrected version stays");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_of_an_object_says_which_releases_an_open_one_names_already() -> Result<()> {
    let pair = pair().await?;
    let first = released(&pair, 0..1).await?;
    let arrived = recalled(&pair, release(&first, &[])).await?;
    let second = corrected(&pair, 0).await?;
    let sent = recall(&pair.us.node, of(What::Original(id(0)))).await?;
    assert_eq!(sent.sealed.len(), 1);
    let open: Vec<_> = sent.open.iter().map(|it| (it.release, it.recall.id)).collect();
    assert_eq!(open, [(first, arrived.id)], "it is passed over and said");
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(comity_exchange::recall::body(&newest(&pair.mx.node).await?)?.release, second);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_of_an_object_asks_for_a_purge_where_a_correction_is_open() -> Result<()> {
    let pair = pair().await?;
    let wrong = released(&pair, 0..1).await?;
    let right = corrected(&pair, 0).await?;
    recall(&pair.us.node, by(RecallAction::Correct, &wrong, &right)).await?;
    let sent = recall(&pair.us.node, of(What::Original(id(0)))).await?;
    assert_eq!((sent.sealed.len(), sent.open.len()), (2, 0));
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(all(&pair.mx.node, 9).await?.len(), 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_has_an_object_of_what_it_corrects_in_a_later_version() -> Result<()> {
    let pair = pair().await?;
    let wrong = released(&pair, 0..2).await?;
    let other = released(&pair, 5..6).await?;
    let same = released(&pair, 0..1).await?;
    let right = corrected(&pair, 0).await?;
    for right in [other, same] {
        let refused = recall(&pair.us.node, by(RecallAction::Correct, &wrong, &right)).await;
        assert_eq!(refused.unwrap_err().code(), "replacement-missing");
    }
    let earlier = recall(&pair.us.node, by(RecallAction::Correct, &right, &wrong)).await;
    assert_eq!(earlier.unwrap_err().code(), "replacement-missing", "an older version is none");
    // of the objects that are recalled, and not of others in the same release
    let unmet = Recall { what: release(&wrong, &[1]), ..by(RecallAction::Correct, &wrong, &right) };
    assert_eq!(recall(&pair.us.node, unmet).await.unwrap_err().code(), "replacement-missing");
    assert!(all(&pair.us.node, 9).await?.is_empty());
    recall(&pair.us.node, by(RecallAction::Correct, &wrong, &right)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_by_what_has_nothing_to_do_with_it_has_no_effect() -> Result<()> {
    let mut wire = Wire::new().await?;
    let wrong = given(&mut wire, 0..2).await?;
    let other = given(&mut wire, 5..6).await?;
    let draft = wire.draft(&[later(0)])?;
    let forge = wire.release(&draft, 1)?;
    let right = wire.seal(&forge)?.digest;
    assert_eq!(wire.send(&forge).await?.code, None);
    let correcting = |number, objects: &[u64], right| -> Result<RecallBody> {
        let (action, replacement) = (RecallAction::Correct, Some(right));
        Ok(RecallBody { action, replacement, ..asking(number, wrong, objects)? })
    };
    for (number, objects, by, expected) in [
        (1, &[][..], other, Some("target-unknown")),
        (2, &[1], right, Some("target-unknown")),
        (3, &[], right, None),
    ] {
        let forge = wire.say(correcting(number, objects, by)?, None)?;
        assert_eq!(wire.send(&forge).await?.code.as_deref(), expected, "{number}");
    }
    // a purge asks for more than the correction that is open, and nothing asks for more than a purge
    let forge = wire.say(asking(5, wrong, &[])?, None)?;
    assert_eq!(wire.send(&forge).await?.code, None);
    let forge = wire.say(correcting(6, &[], right)?, None)?;
    assert_eq!(wire.send(&forge).await?.code.as_deref(), Some("recall-open"));
    Ok(())
}
