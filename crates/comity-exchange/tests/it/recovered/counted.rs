//! What is counted and numbered after a loss is the same at both parties, and what stands comes first.

use comity_exchange::access::Reader;
use comity_exchange::audit::{Days, Pair as Counted, report};
use comity_exchange::ports::FolioSubject;
use comity_exchange::recall::{What, recall};
use comity_exchange::request::ask;
use comity_testkit::{CLAUSE, OTHER_CLAUSE, Party, Result, pair, pair_with};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

use super::epochs::proves;
use super::{recover, settle};
use crate::recalls::of;
use crate::requests::{terms, wish};
use crate::rollback::release;

/// What a party counts of what both have, from the day before to the day after.
async fn shared(party: &Party) -> Result<Vec<Counted>> {
    let today = party.node.now().to_zoned(TimeZone::UTC).date();
    let days = Days { from: today.checked_sub(1.day())?, until: today.checked_add(1.day())? };
    Ok(report(&party.node, days, None, &Reader::named("an auditor")).await?.report.shared)
}

async fn newest_folio(party: &Party) -> Result<comity_model::Folio> {
    let rows = party.node.store().releases(1).await?;
    Ok(rows.into_iter().next().ok_or("no release")?.record.folio)
}

/// Recalls the newest release of `from`.
async fn recall_newest(from: &Party) -> Result<()> {
    let name = newest_folio(from).await?.to_string();
    recall(&from.node, of(What::Release { name, objects: Vec::new() })).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_day_both_parties_report_the_same_and_nothing_that_was_answered_is_unanswered()
-> Result<()> {
    let mut pair = pair_with(&terms()).await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    ask(&pair.us.node, wish(&pair.mx)).await?;
    settle(&pair).await?;
    let backup = pair.us.backup()?;
    // the lost day
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 3).await?;
    ask(&pair.us.node, wish(&pair.mx)).await?;
    settle(&pair).await?;
    recall_newest(&pair.us).await?;
    settle(&pair).await?;
    pair.us.put_back(backup).await?;
    recover(&pair.us, &pair.mx).await?;
    settle(&pair).await?;
    release(&pair.us, &pair.mx, CLAUSE, 4).await?;
    release(&pair.us, &pair.mx, CLAUSE, 5).await?;
    ask(&pair.us.node, wish(&pair.mx)).await?;
    settle(&pair).await?;
    recall_newest(&pair.us).await?;
    settle(&pair).await?;

    let (us, mx) = (shared(&pair.us).await?, shared(&pair.mx).await?);
    assert_eq!(serde_json::to_string(&us)?, serde_json::to_string(&mx)?);
    let [counted] = us.as_slice() else { return Err("one agreement".into()) };
    for it in &counted.directions {
        for (kind, measures) in &it.counts["kinds"] {
            assert!(!measures.contains_key("unanswered"), "{kind}: {measures:?}");
        }
    }
    let own = counted.directions.iter().find(|it| it.from == pair.us.node.root());
    let own = own.ok_or("no direction")?;
    // one before the loss and two after it; what was forgotten is not counted
    assert_eq!(own.counts["kinds"]["release"]["statements"], 3);
    assert_eq!(own.counts["kinds"]["release"]["admitted"], 3);
    assert_eq!(own.counts["requests"]["urgent"]["put"], 2);
    assert_eq!(own.counts["recalls"]["all"]["put"], 1);
    assert_eq!(own.end.epoch, 2);
    let said: u64 = own.counts["kinds"].values().map(|it| it["statements"]).sum();
    assert_eq!(own.statements(), said);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folio_that_was_given_twice_names_what_stands() -> Result<()> {
    let mut pair = pair().await?;
    let last = pair.us.count("SELECT coalesce(max(last), 0) FROM folio_counter")?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    settle(&pair).await?;
    let folio = newest_folio(&pair.us).await?;
    pair.us.put_back(backup).await?;
    recover(&pair.us, &pair.mx).await?;
    // another program would not take care that no number is given twice
    pair.us.sql(&format!("UPDATE folio_counter SET last = {last}"))?;
    release(&pair.us, &pair.mx, CLAUSE, 2).await?;
    settle(&pair).await?;
    assert_eq!(newest_folio(&pair.us).await?, folio);
    let stands = pair.us.node.store().releases(1).await?;
    let stands = stands.first().and_then(|it| it.statement).ok_or("not sent")?;
    let found = pair.mx.node.store().by_folio(folio).await?;
    assert_eq!(found, Some(FolioSubject::Inbox(stands)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_party_answers_after_it_lost_its_whole_first_epoch_is_proved_by_itself() -> Result<()>
{
    let mut pair = pair().await?;
    let backup = pair.us.backup()?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    settle(&pair).await?;
    pair.us.put_back(backup).await?;
    let done = recover(&pair.us, &pair.mx).await?;
    assert!(done.iter().all(|it| (it.stands, it.epoch) == (0, 2)), "{done:?}");
    release(&pair.mx, &pair.us, OTHER_CLAUSE, 2).await?;
    settle(&pair).await?;
    let rows = pair.mx.node.store().releases(1).await?;
    let statement = rows.first().and_then(|it| it.statement).ok_or("not sent")?;
    proves(&pair, &pair.us, statement).await?;
    proves(&pair, &pair.mx, statement).await
}
