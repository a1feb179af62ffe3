//! What is kept of postings.

use comity_exchange::ports::{Posting, StatusBound};
use comity_testkit::{Result, indicator, pair};
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
async fn each_of_many_objects_is_told_of_at_its_own_place_however_many_check_them() -> Result<()> {
    let pair = pair().await?;
    let mx = &pair.mx;
    collected(mx, "inbox", None).await?;
    let is_broken = |number: &u64| number.is_multiple_of(7);
    let objects: Vec<String> = (0..600)
        .map(|number| {
            let object = indicator(number);
            if is_broken(&number) { object.replace("pattern_type", "pattern_kind") } else { object }
        })
        .collect();
    let posting = post(mx, "inbox", &objects).await?;
    let status: serde_json::Value = serde_json::from_str(&posting.status)?;
    let of = |list: &str, key: &str| -> Vec<String> {
        let details = status[list].as_array().cloned().unwrap_or_default();
        details.iter().map(|it| it[key].as_str().unwrap_or_default().to_owned()).collect()
    };
    let told = of("failures", "message");
    let broken: Vec<u64> = (0..600).filter(is_broken).collect();
    assert_eq!(told.len(), broken.len());
    for (message, number) in told.iter().zip(&broken) {
        assert!(message.starts_with(&format!("/objects/{number}:")), "{number}: {message}");
    }
    let sound: Vec<&String> = objects
        .iter()
        .zip(0u64..)
        .filter(|(_, number)| !is_broken(number))
        .map(|(object, _)| object)
        .collect();
    let taken = of("successes", "id");
    assert_eq!(taken.len(), sound.len());
    for (id, object) in taken.iter().zip(sound) {
        assert!(object.contains(id.as_str()), "{id}");
    }
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
