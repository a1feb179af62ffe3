//! Quotas: no more objects go under a clause in a day or a month than both parties agreed, whoever seals and however.

use comity_exchange::approve::{approve, find_release};
use comity_exchange::compose::{Composed, Selection};
use comity_exchange::ports::{OutboundRow, ReleaseRow};
use comity_exchange::seal::seal;
use comity_exchange::{Node, Result as Done};
use comity_testkit::{AgreementText, CLAUSE, Pair, Result, amend, indicators, pair_with};
use jiff::SignedDuration;

fn terms(objects: u32, per: &str) -> AgreementText {
    let more = format!("[[quota]]\nclause = \"{CLAUSE}\"\nobjects = {objects}\nper = \"{per}\"\n");
    AgreementText { more, ..AgreementText::default() }
}

/// A release of so many objects, approved and not sealed.
async fn approved(pair: &Pair, objects: u64) -> Result<(ReleaseRow, Composed)> {
    approved_under(pair, CLAUSE, objects).await
}

async fn approved_under(pair: &Pair, clause: &str, objects: u64) -> Result<(ReleaseRow, Composed)> {
    let node = &pair.us.node;
    let ids: Vec<String> = indicators(0..objects)
        .lines()
        .filter_map(|line| line.split('"').nth(11).map(ToOwned::to_owned))
        .collect();
    let composed = pair.us.compose(&pair.mx, clause, Selection::Ids(ids)).await?;
    approve(node, &composed.release, &pair.us.officers[0]).await?;
    let row = find_release(node, &composed.release.record.folio.to_string()).await?;
    Ok((row, composed))
}

async fn send(pair: &Pair, objects: u64) -> Result<Done<OutboundRow>> {
    let (row, _) = approved(pair, objects).await?;
    Ok(seal(&pair.us.node, &row).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_is_used_up_and_renews() -> Result<()> {
    let pair = pair_with(&terms(5, "day")).await?;
    pair.us.hold(&indicators(0..9)).await?;
    let (row, composed) = approved(&pair, 3).await?;
    assert_eq!((composed.quotas[0].used, composed.quotas[0].left()), (0, 5));
    seal(&pair.us.node, &row).await?;
    let (row, composed) = approved(&pair, 3).await?;
    assert_eq!((composed.quotas[0].used, composed.quotas[0].left()), (3, 2));
    let over = seal(&pair.us.node, &row).await.unwrap_err();
    assert_eq!(over.code(), "quota-exceeded");
    for particular in ["5 a day", "`south`", "2 left", "2026-03-02T00:00:00Z"] {
        assert!(over.to_string().contains(particular), "{over}");
    }
    send(&pair, 2).await??;
    assert_eq!(send(&pair, 1).await?.unwrap_err().code(), "quota-exceeded");
    pair.clock.advance(SignedDuration::from_hours(14));
    seal(&pair.us.node, &row).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_a_month_of_the_calendar() -> Result<()> {
    let pair = pair_with(&terms(5, "month")).await?;
    pair.us.hold(&indicators(0..9)).await?;
    send(&pair, 5).await??;
    pair.clock.advance(SignedDuration::from_hours(24 * 30));
    let over = send(&pair, 1).await?.unwrap_err();
    assert!(over.to_string().contains("2026-04-01T00:00:00Z"), "{over}");
    pair.clock.advance(SignedDuration::from_hours(24));
    send(&pair, 5).await??;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_does_not_begin_the_count_again() -> Result<()> {
    let pair = pair_with(&terms(5, "day")).await?;
    pair.us.hold(&indicators(0..9)).await?;
    send(&pair, 4).await??;
    let next = AgreementText { version: 2, ..terms(6, "day") };
    amend(&pair.us, &pair.mx, &next.toml(pair.us.node.root(), pair.mx.node.root())).await?;
    assert_eq!(send(&pair, 3).await?.unwrap_err().code(), "quota-exceeded");
    send(&pair, 2).await??;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_clause_keeps_its_count() -> Result<()> {
    let pair = pair_with(&terms(5, "day")).await?;
    pair.us.hold(&indicators(0..9)).await?;
    send(&pair, 4).await??;
    let (us, mx) = (pair.us.node.root(), pair.mx.node.root());
    let text = |version, name: &str| {
        let quoted = format!("\"{name}\"");
        let next = AgreementText { version, ..terms(5, "day") };
        next.toml(us, mx).replace(&format!("\"{CLAUSE}\""), &quoted)
    };
    amend(&pair.us, &pair.mx, &text(2, "renamed")).await?;
    let under = async |clause: &str, count: u64| -> Result<Done<OutboundRow>> {
        let (row, composed) = approved_under(&pair, clause, count).await?;
        assert_eq!(composed.quotas.len(), 1, "{clause}");
        Ok(seal(&pair.us.node, &row).await)
    };
    assert_eq!(under("renamed", 2).await?.unwrap_err().code(), "quota-exceeded");
    under("renamed", 1).await??;
    // a second name and the first one again change nothing either
    amend(&pair.us, &pair.mx, &text(3, "named-again")).await?;
    assert_eq!(under("named-again", 1).await?.unwrap_err().code(), "quota-exceeded");
    amend(&pair.us, &pair.mx, &text(4, CLAUSE)).await?;
    assert_eq!(under(CLAUSE, 1).await?.unwrap_err().code(), "quota-exceeded");
    pair.clock.advance(SignedDuration::from_hours(14));
    under(CLAUSE, 5).await??;
    Ok(())
}

/// Terms with a second clause of the first party, `wide`, which has a quota of its own.
fn two(version: u32, days: u32) -> AgreementText {
    let quota =
        |clause: &str| format!("[[quota]]\nclause = \"{clause}\"\nobjects = 5\nper = \"day\"\n");
    let wide = format!(
        "[[clause]]\nid = \"wide\"\nfrom = \"us\"\nto = \"mx\"\npurposes = [\"precursor-control\"]\n\
         kinds = [\"indicator\"]\nmax_tlp = \"amber\"\nonward = \"never\"\nuse = [\"intelligence-only\"]\n\
         retention_days = {days}\napproval = \"one-person\"\n"
    );
    let more = [quota(CLAUSE), quota("wide"), wide].concat();
    AgreementText { version, more, ..AgreementText::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clauses_that_change_names_take_their_counts_along() -> Result<()> {
    let swapped = |text: &str| {
        let (south, wide) = (format!("id = \"{CLAUSE}\""), "id = \"wide\"");
        text.replace(&south, "id = \"\"").replace(wide, &south).replace("id = \"\"", wide)
    };
    // also where a term changes on the way
    for (days, swap, left) in [(30, true, 0), (31, true, 0), (31, false, 5)] {
        let pair = pair_with(&two(1, 30)).await?;
        let (us, mx) = (pair.us.node.root(), pair.mx.node.root());
        pair.us.hold(&indicators(0..9)).await?;
        send(&pair, 5).await??;
        let next = two(2, days).toml(us, mx);
        let next = if swap { swapped(&next) } else { next };
        amend(&pair.us, &pair.mx, &next).await?;
        let (row, composed) = approved_under(&pair, "wide", 1).await?;
        assert_eq!(composed.quotas[0].left(), left, "{days} {swap}");
        let refused = seal(&pair.us.node, &row).await.err().map(|error| error.code());
        assert_eq!(refused, (left == 0).then_some("quota-exceeded"), "{days} {swap}");
    }
    Ok(())
}

/// Seals on a node, and gives the code where that is refused.
async fn code(node: &Node, row: &ReleaseRow) -> Option<&'static str> {
    seal(node, row).await.err().map(|error| error.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_seal_at_once_do_not_pass_a_quota() -> Result<()> {
    let mut pair = pair_with(&terms(10, "day")).await?;
    pair.us.hold(&indicators(0..9)).await?;
    let other = pair.us.beside().await?;
    let mut rows = Vec::new();
    for _ in 0..8 {
        rows.push(approved(&pair, 3).await?.0);
    }
    let mut tasks = tokio::task::JoinSet::new();
    for (number, row) in rows.into_iter().enumerate() {
        let node = if number % 2 == 0 { pair.us.node.clone() } else { other.clone() };
        tasks.spawn(async move { code(&node, &row).await });
    }
    let codes = tasks.join_all().await;
    assert_eq!(codes.iter().filter(|it| it.is_none()).count(), 3);
    assert_eq!(codes.iter().filter(|it| **it == Some("quota-exceeded")).count(), 5);
    let sealed = pair.us.count("SELECT count(*) FROM release WHERE statement IS NOT NULL")?;
    assert_eq!(sealed, 3);
    Ok(())
}
