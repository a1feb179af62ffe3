//! Each order that something be kept is a legal hold of its own, and what two keep is kept until both are lifted.

use comity_exchange::legal_hold::{On, beside, lay, lift};
use comity_exchange::ports::LegalHold;
use comity_model::Grounds;
use comity_testkit::{Party, Result, pair};

use crate::retention::{id, released, seen};

async fn holds(party: &Party, on: On) -> Result<LegalHold> {
    Ok(lay(&party.node, on, "An order", &Grounds::default(), "officer-1").await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_names_those_that_keep_some_of_the_same_when_it_is_laid_and_when_it_is_lifted()
-> Result<()> {
    let pair = pair().await?;
    let mx = &pair.mx;
    let first = released(&pair, 0..2).await?;
    let second = released(&pair, 5..6).await?;
    let mut laid = Vec::new();
    for on in [On::Object(id(0)), On::Object(id(0)), On::Release(first), On::Object(id(1))] {
        laid.push(holds(mx, on).await?);
    }
    laid.push(holds(mx, On::Release(second)).await?);
    let numbers: Vec<u64> = laid.iter().map(|it| it.number).collect();
    let [a, b, whole, c, other] = numbers[..] else { return Err("five".into()) };
    for (hold, expected) in
        laid.iter().zip([vec![b, whole], vec![a, whole], vec![a, b, c], vec![whole], vec![]])
    {
        assert_eq!(beside(&mx.node, hold).await?, expected, "{hold:?}");
    }
    assert_eq!(seen(&mx.node).await?, 0);
    assert_eq!(lift(&mx.node, a, "officer-1").await?, [b, whole]);
    assert_eq!(lift(&mx.node, whole, "officer-1").await?, [b, c]);
    assert_eq!(seen(&mx.node).await?, 0, "each is kept by one still");
    assert!(lift(&mx.node, b, "officer-1").await?.is_empty());
    assert!(lift(&mx.node, c, "officer-1").await?.is_empty());
    assert!(lift(&mx.node, other, "officer-1").await?.is_empty());
    assert_eq!(seen(&mx.node).await?, 3);
    Ok(())
}
