//! What was said before a loss and what is said after it are proved alike, and what was open goes on.

use comity_exchange::evidence::check as check_file;
use comity_exchange::evidence::gather::{Wanted, evidence};
use comity_exchange::matter::find;
use comity_exchange::ports::MatterRow;
use comity_exchange::record::{check, exportable};
use comity_exchange::request::{answer, ask};
use comity_exchange::{partner, recovery};
use comity_model::descriptor::KeyUse;
use comity_model::matter::{AnswerOutcome, Stage};
use comity_model::statement::AgreementRef;
use comity_model::{ChannelId, Digest, MatterKind};
use comity_pouch::descriptor::sign;
use comity_testkit::{CLAUSE, OTHER_CLAUSE, OldKeys, Pair, Party, Result, pair, pair_with, pump};
use jiff::SignedDuration;
use serde_json::json;

use super::{agree, put, recover, settle};
use crate::requests::{matter_of, reply, terms, wish};
use crate::rollback::release;

const WHOLE: Wanted = Wanted { agreement: true, partial: false };

/// The statement of the newest release of a party.
async fn newest(party: &Party) -> Result<Digest> {
    let rows = party.node.store().releases(1).await?;
    Ok(rows.first().and_then(|it| it.statement).ok_or("not sent")?)
}

/// The evidence that a party writes about a statement is whole, and proved to who knows the two roots.
pub(super) async fn proves(pair: &Pair, party: &Party, statement: Digest) -> Result<()> {
    let file = evidence(&party.node, &statement.to_string(), WHOLE, "an analyst").await?.file;
    let roots = [pair.us.node.root(), pair.mx.node.root()];
    let proof = check_file(&file, &roots, None)?;
    assert_eq!(proof.statement, statement);
    assert!(proof.is_pinned() && proof.missing.is_empty(), "{:?}", proof.missing);
    assert!(proof.place.cosigned_at.is_some());
    Ok(())
}

async fn agreement(party: &Party) -> Result<AgreementRef> {
    let all = party.node.store().agreements().await?;
    Ok(all.first().ok_or("no agreement")?.reference)
}

async fn request(party: &Party, id: &str) -> Result<MatterRow> {
    Ok(find(&party.node, id, &[MatterKind::Request]).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_epoch_is_proved_checked_and_exported() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    settle(&pair).await?;
    let first = newest(&pair.us).await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    settle(&pair).await?;
    let lost = newest(&pair.us).await?;
    pair.us.restore(backup).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    recover(&pair.us, &pair.mx).await?;
    release(&pair.us, &pair.mx, CLAUSE, 3).await?;
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 4).await?;
    settle(&pair).await?;
    let second = newest(&pair.us).await?;
    let theirs = newest(&pair.mx).await?;
    for party in [&pair.us, &pair.mx] {
        for statement in [first, second, theirs] {
            proves(&pair, party, statement).await?;
        }
    }
    // what its sender forgot, it cannot prove; who took it in still can
    let name = lost.to_string();
    let unknown = evidence(&pair.us.node, &name, WHOLE, "an analyst").await.map(|_| ());
    assert_eq!(unknown.map_err(|error| error.code()), Err("not-found"));
    proves(&pair, &pair.mx, lost).await?;

    let id = agreement(&pair.us).await?.id;
    let (us, mx) = (pair.us.node.root(), pair.mx.node.root());
    for party in [&pair.us, &pair.mx] {
        let checked = check(&party.node, None).await?;
        assert_eq!(checked.fault, None);
        let logs: Vec<ChannelId> = checked.logs.iter().filter_map(|it| it.channel).collect();
        for epoch in [1, 2] {
            let channel = ChannelId { agreement: id, epoch, from: us, to: mx };
            assert!(logs.contains(&channel), "epoch {epoch} of {party:?}");
            let exported = exportable(&party.node, channel).await?.ok_or("nothing to export")?;
            assert!(exported.cosigned);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_open_goes_on_and_what_only_the_lost_day_had_is_named() -> Result<()> {
    let mut pair = pair_with(&terms()).await?;
    // two requests before the backup; the partner's is answered in the day that is lost
    let ours = ask(&pair.us.node, wish(&pair.mx)).await?;
    let theirs = ask(&pair.mx.node, wish(&pair.us)).await?;
    settle(&pair).await?;
    let ours = matter_of(&pair.us, &ours).await?.id.to_string();
    let theirs = matter_of(&pair.mx, &theirs).await?.id.to_string();
    let clock = request(&pair.mx, &theirs).await?.clock().ok_or("no clock")?;
    let backup = pair.us.backup()?;
    let declined = || reply(AnswerOutcome::NothingFound, &[], "not-held");
    answer(&pair.us.node, &theirs, declined()).await?;
    put(&pair.us, &pair.mx).await?;
    settle(&pair).await?;
    assert_eq!(request(&pair.mx, &theirs).await?.stage(), Stage::NothingFound);
    pair.us.restore(backup).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    let channel = recover(&pair.us, &pair.mx).await?.first().ok_or("no channel")?.channel;
    settle(&pair).await?;
    agree(&pair).await?;

    // named where it was taken in: the answer, the proposal, and nothing that stands
    let unsaid = pair.mx.node.store().unsaid(channel).await?;
    let kinds: Vec<&str> = unsaid.iter().map(|it| it.kind.as_str()).collect();
    assert!(kinds.contains(&"answer") && kinds.contains(&"proposal"), "{kinds:?}");
    assert!(!kinds.contains(&"request"), "{kinds:?}");
    // the answer is owed again, by the same clock, and ends it
    for party in [&pair.us, &pair.mx] {
        let row = request(party, &theirs).await?;
        assert_eq!((row.stage(), row.clock()), (Stage::Open, Some(clock)));
    }
    pair.clock.advance(SignedDuration::from_hours(5));
    assert!(clock.overdue(pair.us.node.now()));
    answer(&pair.us.node, &theirs, declined()).await?;
    // and the other request, which both remember, is answered as if nothing had happened
    answer(&pair.mx.node, &ours, declined()).await?;
    settle(&pair).await?;
    for (party, id) in [(&pair.us, &theirs), (&pair.mx, &theirs), (&pair.us, &ours)] {
        assert_eq!(request(party, id).await?.stage(), Stage::NothingFound);
    }
    agree(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_were_revoked_in_the_lost_day_are_replaced_by_a_file() -> Result<()> {
    const SIGNING: [KeyUse; 3] = [KeyUse::Statement, KeyUse::Log, KeyUse::Witness];
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    settle(&pair).await?;
    let first = newest(&pair.us).await?;
    let backup = pair.us.backup()?;
    pair.us.rotate(&SIGNING, OldKeys::Revoked).await?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    settle(&pair).await?;
    let lost = newest(&pair.us).await?;
    assert_eq!(pair.mx.node.store().parties().await?[0].serial, 2);
    pair.us.restore(backup).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;

    // the partner has descriptor 2 of this party, of which this party knows nothing: the next one passes over it
    let mut next = pair.us.rotated(&SIGNING, OldKeys::Lost)?;
    assert_eq!(next.serial, 2);
    next.serial = 3;
    let envelope = String::from_utf8(sign(&next, &pair.us.root_key)?.to_json())?;
    let file =
        comity_exchange::descriptor::Next { envelope: &envelope, by_file: true, changed: &[] };
    comity_exchange::descriptor::renew(&pair.us.node, file, "an analyst").await?;
    let by = "an analyst";
    partner::import_party(&pair.mx.node, envelope.as_bytes(), "file", None, by).await?;
    recover(&pair.us, &pair.mx).await?;
    release(&pair.us, &pair.mx, CLAUSE, 3).await?;
    settle(&pair).await?;
    agree(&pair).await?;
    let second = newest(&pair.us).await?;
    for party in [&pair.us, &pair.mx] {
        proves(&pair, party, first).await?;
        proves(&pair, party, second).await?;
        assert_eq!(check(&party.node, None).await?.fault, None);
    }
    proves(&pair, &pair.mx, lost).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_whose_opening_was_lost_too_is_passed_over() -> Result<()> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    settle(&pair).await?;
    let (backup, again) = (pair.us.backup()?, pair.us.backup()?);
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    settle(&pair).await?;
    pair.us.put_back(backup).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    assert_eq!(recover(&pair.us, &pair.mx).await?[0].epoch, 2);
    // it is lost once more, before anything of the new epoch has left; that it was signed is known apart
    pair.us.put_back(again).await?;
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    let done = recover(&pair.us, &pair.mx).await?;
    assert_eq!(
        (done[0].channel.epoch, done[0].epoch),
        (1, 3),
        "nothing is signed twice at one place"
    );
    release(&pair.us, &pair.mx, CLAUSE, 3).await?;
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 4).await?;
    settle(&pair).await?;
    agree(&pair).await?;
    let statement = newest(&pair.us).await?;
    proves(&pair, &pair.us, statement).await?;
    pump(&pair.us, &pair.mx).await
}
