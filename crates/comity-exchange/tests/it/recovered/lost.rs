//! Oversight is told what is lost: who looks through what is left must not take it for all there was.

use comity_exchange::access::Reader;
use comity_exchange::audit::{Days, Lost, Person, Report, lost, person, report, sample};
use comity_exchange::{ExchangeError, recovery};
use comity_testkit::{CLAUSE, Pair, Party, Result, pair};
use jiff::tz::TimeZone;
use serde_json::json;

use super::{agree, recover, settle};
use crate::rollback::release;

fn auditor() -> Reader {
    Reader { purpose: Some("complaint 14".to_owned()), ..Reader::named("an auditor") }
}

/// A pair of which `us` gave three, lost the last two of them and was put back; how many statements it has, and had.
async fn put_back(apart: bool) -> Result<(Pair, u64, u64)> {
    let mut pair = pair().await?;
    release(&pair.us, &pair.mx, CLAUSE, 1).await?;
    settle(&pair).await?;
    let backup = pair.us.backup()?;
    let here = said(&pair.us)?;
    for number in 2..4 {
        release(&pair.us, &pair.mx, CLAUSE, number).await?;
    }
    settle(&pair).await?;
    comity_exchange::journal::sign(&pair.us.node).await?;
    let before = said(&pair.us)?;
    if apart {
        pair.us.put_back(backup).await?;
    } else {
        pair.us.restore(backup).await?;
    }
    recovery::restored(&pair.us.node, json!({}), "an analyst").await?;
    Ok((pair, here, before))
}

fn said(party: &Party) -> Result<u64> {
    party.count("SELECT max(next) FROM channel_out")
}

/// What is told to whoever draws a sample, asks for a person, or writes a report: the same.
async fn told(party: &Party) -> Result<Lost> {
    let known = lost(&party.node, None).await?;
    let drawn = sample(&party.node, 3, Some("x".to_owned()), &auditor()).await?;
    assert_eq!(drawn.lost, known);
    assert_eq!(whole(party, None).await?.lost, known);
    Ok(known)
}

async fn whole(party: &Party, partner: Option<&str>) -> Result<Report> {
    let day = party.node.now().to_zoned(TimeZone::UTC).date();
    Ok(report(&party.node, Days { from: day, until: day }, partner, &auditor()).await?.report)
}

async fn nobody(party: &Party) -> Result<ExchangeError> {
    let found: std::result::Result<Person, _> =
        person(&party.node, "Nobody Atall", &auditor()).await;
    found.err().ok_or_else(|| "somebody".into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_put_back_says_which_statements_and_lines_it_lost() -> Result<()> {
    let (pair, here, before) = put_back(true).await?;
    let known = told(&pair.us).await?;
    let [it] = &known.statements[..] else { return Err(format!("{known:?}").into()) };
    assert_eq!((it.epoch, it.from, it.first, it.last), (1, pair.us.node.root(), here, before - 1));
    assert_eq!(known.unasked, [pair.mx.node.root()], "there may be more");
    let [lines] = &known.journal[..] else { return Err(format!("{known:?}").into()) };
    assert!(lines.line.is_some_and(|line| line < lines.signed), "{lines:?}");
    let error = nobody(&pair.us).await?;
    assert!(error.to_string().contains("lost"), "it cannot say that nobody ever was: {error}");
    // a report about one partner has nothing of the house
    let one = whole(&pair.us, Some("mx")).await?.lost;
    assert_eq!((one.statements, one.journal), (known.statements.clone(), Vec::new()));

    recover(&pair.us, &pair.mx).await?;
    settle(&pair).await?;
    agree(&pair).await?;
    let after = told(&pair.us).await?;
    assert_eq!((&after.statements, &after.journal), (&known.statements, &known.journal));
    assert_eq!(after.unasked, []);
    // whoever lost nothing says nothing
    assert_eq!(told(&pair.mx).await?, Lost::default());
    assert!(nobody(&pair.mx).await?.to_string().contains("holdings search"));
    assert!(!serde_json::to_string(&whole(&pair.mx, None).await?)?.contains("\"lost\""));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lost_its_whole_disk_learns_what_it_lost_from_its_partner() -> Result<()> {
    let (pair, here, before) = put_back(false).await?;
    let known = told(&pair.us).await?;
    assert_eq!(
        (known.statements, known.unasked),
        (Vec::new(), vec![pair.mx.node.root()]),
        "all it knows is that it was not told yet"
    );
    recover(&pair.us, &pair.mx).await?;
    settle(&pair).await?;
    let known = told(&pair.us).await?;
    let [it] = &known.statements[..] else { return Err(format!("{known:?}").into()) };
    assert_eq!((it.epoch, it.first, it.last), (1, here, before - 1));
    // without a line of the journal too: the record itself cites what was cosigned
    pair.us.sql("PRAGMA foreign_keys = OFF; DELETE FROM journal WHERE number > 5")?;
    let known = lost(&pair.us.node, None).await?;
    assert!(known.statements.iter().any(|it| it.first == here && it.last > here), "{known:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_at_one_place_of_two_epochs_is_told_apart_in_a_report() -> Result<()> {
    let (pair, _, _) = put_back(true).await?;
    recover(&pair.us, &pair.mx).await?;
    settle(&pair).await?;
    let ours = whole(&pair.us, Some("mx")).await?;
    let own = ours.shared.iter().flat_map(|it| &it.directions);
    let own = own.filter(|it| it.from == pair.us.node.root());
    let keys: Vec<(u32, u64)> =
        own.flat_map(|it| &it.keys).map(|it| (it.epoch, it.sequence)).collect();
    assert_eq!(keys, [(2, 0)], "the descriptor with which epoch 2 begins");
    assert_eq!(ours.shared, whole(&pair.mx, Some("us")).await?.shared);
    Ok(())
}
