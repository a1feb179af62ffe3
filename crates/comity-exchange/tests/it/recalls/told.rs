//! Which units a recall names: all that have the object, whichever release brought it to them.

use comity_exchange::ExchangeError;
use comity_exchange::recall::{AnswerAct, notices};
use comity_exchange::unit::{Chosen, add, prepare};
use comity_model::UseCode;
use comity_model::matter::RecallOutcome;
use comity_testkit::{CLAUSE, Pair, Party, Result, indicator, pair, pump};

use super::{answered, heard, recalled, release};
use crate::retention::{id, released};

async fn unit(party: &Party, name: &str) -> Result<()> {
    let officer = &party.officers[0];
    add(&party.node, name, "A national body", UseCode::IntelligenceOnly, officer).await?;
    Ok(())
}

async fn gives(party: &Party, unit: &str, chosen: Chosen) -> Result<(), ExchangeError> {
    prepare(&party.node, unit, chosen, "officer-1").await?.note(&party.node).await
}

async fn named(pair: &Pair, recall: &comity_exchange::ports::MatterRow) -> Result<Vec<String>> {
    let found = notices(&pair.mx.node, recall).await?;
    Ok(found.into_iter().map(|it| it.unit.name).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_was_given_one_release_is_told_although_another_brought_the_same() -> Result<()>
{
    let pair = pair().await?;
    let first = released(&pair, 0..2).await?;
    let second = released(&pair, 0..2).await?;
    for name in ["customs", "press"] {
        unit(&pair.mx, name).await?;
    }
    gives(&pair.mx, "customs", Chosen::Release(first)).await?;
    pair.mx.hold(&indicator(9)).await?;
    gives(&pair.mx, "press", Chosen::Ids(vec![id(9)])).await?;
    for (count, sealed) in (0..).zip([first, second]) {
        let arrived = recalled(&pair, release(&sealed, &[])).await?;
        assert_eq!(named(&pair, &arrived).await?, ["customs"], "{count}");
        answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
        let said = heard(&pair).await?;
        assert_eq!((said.outcome, said.units, said.told), (RecallOutcome::Partial, 1, 0));
        // what was purged since is still what the unit was given
        assert_eq!(named(&pair, &arrived).await?, ["customs"], "{count}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_release_a_unit_is_given_what_is_left_and_the_rest_is_named() -> Result<()> {
    let pair = pair().await?;
    let sealed = released(&pair, 0..3).await?;
    unit(&pair.mx, "customs").await?;
    let arrived = recalled(&pair, release(&sealed, &[1])).await?;
    let whole = || prepare(&pair.mx.node, "customs", Chosen::Release(sealed), "officer-1");
    assert_eq!(whole().await.unwrap_err().code(), "frozen", "what is frozen may come back");
    answered(&pair.mx, &arrived, AnswerAct::Purge).await?;
    let prepared = whole().await?;
    assert_eq!((prepared.bundle.objects.len(), &prepared.gone), (2, &vec![id(1)]));
    let named = prepare(&pair.mx.node, "customs", Chosen::Ids(vec![id(0), id(1)]), "officer-1");
    assert_eq!(named.await.unwrap_err().code(), "not-found", "what was named is given or refused");
    // what was purged from one release and is here from another is not given as that of the first
    released(&pair, 1..2).await?;
    assert_eq!(whole().await?.gone, [id(1)]);
    let all = recalled(&pair, release(&sealed, &[])).await?;
    answered(&pair.mx, &all, AnswerAct::Purge).await?;
    assert_eq!(whole().await.unwrap_err().code(), "not-found", "nothing is left");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_has_another_version_is_told_when_one_version_is_recalled() -> Result<()> {
    let pair = pair().await?;
    let first = released(&pair, 0..1).await?;
    let newer = indicator(0).replace(r#""modified":"2026-01-10"#, r#""modified":"2026-02-10"#);
    pair.us.hold(&newer).await?;
    let ids = comity_exchange::compose::Selection::Ids(vec![id(0)]);
    pair.us.release(&pair.mx, CLAUSE, ids, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    unit(&pair.mx, "customs").await?;
    gives(&pair.mx, "customs", Chosen::Ids(vec![id(0)])).await?;
    let arrived = recalled(&pair, release(&first, &[0])).await?;
    assert_eq!(named(&pair, &arrived).await?, ["customs"]);
    Ok(())
}
