//! What is kept of postings.

use comity_exchange::ports::{Posting, StatusBound};
use comity_testkit::{Result, pair};
use uuid::Uuid;

use super::{collected, post};
use crate::support::journal;

#[tokio::test(flavor = "multi_thread")]
async fn a_status_tells_of_a_thousand_failures_and_counts_them_all() -> Result<()> {
    let pair = pair().await?;
    let mx = &pair.mx;
    collected(mx, "inbox", None).await?;
    let posting = post(mx, "inbox", &vec!["0".to_owned(); 10_000]).await?;
    assert!(posting.status.len() < 300 << 10, "{}", posting.status.len());
    let status: serde_json::Value = serde_json::from_str(&posting.status)?;
    let told = status["failures"].as_array().ok_or("failures")?;
    assert_eq!((&status["failure_count"], told.len()), (&10_000.into(), 1_000));
    assert_eq!(status["total_count"], 10_000);
    let lines = journal(&mx.node, "objects-not-posted").await?;
    let [line] = lines.as_slice() else { return Err("one line".into()) };
    assert_eq!(
        (&line.entry.details["refused"], &line.entry.details["account"]),
        (&10_000.into(), &"desk".into())
    );
    assert!(post(mx, "inbox", &[]).await.is_err());
    let lines = journal(&mx.node, "objects-not-posted").await?;
    assert_eq!(lines.last().ok_or("a line")?.entry.details["code"], "bad-input");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_account_the_newest_statuses_are_kept() -> Result<()> {
    let pair = pair().await?;
    let store = pair.mx.node.store();
    let at = pair.mx.node.now();
    let posting = |number: u128, account: &str, bytes: usize| Posting {
        id: Uuid::from_u128(number),
        collection: Uuid::nil(),
        account: account.to_owned(),
        at: at + jiff::SignedDuration::from_secs(i64::try_from(number).unwrap()),
        status: " ".repeat(bytes),
    };
    let kept = StatusBound { statuses: 3, bytes: 100 };
    store.put_posting(posting(1, "other", 99), at, kept).await?;
    let mut put = Vec::new();
    for (number, bytes) in [(2, 10), (3, 10), (4, 10), (5, 10), (6, 80), (7, 500)] {
        store.put_posting(posting(number, "desk", bytes), at, kept).await?;
        let mut left = Vec::new();
        for number in 1..8 {
            if store.posting(Uuid::from_u128(number)).await?.is_some() {
                left.push(number);
            }
        }
        put.push(left);
    }
    let expected: [&[u128]; 6] =
        [&[1, 2], &[1, 2, 3], &[1, 2, 3, 4], &[1, 3, 4, 5], &[1, 4, 5, 6], &[1, 7]];
    assert_eq!(put, expected);
    Ok(())
}
