//! Somebody changes this party's own database or disk between two steps: nothing leaves that was not approved.

use comity_exchange::approve::find_release;
use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::{PouchState, ReleaseRow};
use comity_exchange::seal::{seal, sign_pending};
use comity_testkit::{
    AgreementText, CLAUSE, LoopCourier, Pair, Result, indicator, indicators, pair, pair_with, pump,
};

/// A release of `objects` indicators, approved by as many officers.
async fn approved(pair: &Pair, objects: u64, officers: usize) -> Result<String> {
    pair.us.hold(&indicators(0..objects)).await?;
    let all = Selection::Type("indicator".to_owned());
    let composed = pair.us.compose(&pair.mx, CLAUSE, all).await?;
    let folio = composed.release.record.folio.to_string();
    for officer in pair.us.officers.iter().take(officers) {
        let row = find_release(&pair.us.node, &folio).await?;
        comity_exchange::approve::approve(&pair.us.node, &row, officer).await?;
    }
    Ok(folio)
}

async fn row(pair: &Pair, folio: &str) -> Result<ReleaseRow> {
    Ok(find_release(&pair.us.node, folio).await?)
}

async fn nothing_sealed(pair: &Pair) -> Result<()> {
    assert_eq!(pair.us.count("SELECT count(*) FROM statement_out")?, 0);
    pump(&pair.us, &pair.mx).await?;
    assert!(pair.mx.node.store().counts().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_a_release_record_edited_after_approval_is_not_sealed() -> Result<()> {
    let pair = pair().await?;
    let folio = approved(&pair, 2, 1).await?;
    let composed_at = "\"composed_at\":\"2026-03-01";
    pair.us.sql(&format!(
        "UPDATE release_bytes SET bytes = CAST(replace(CAST(bytes AS TEXT), '{composed_at}', '{}') AS BLOB)",
        composed_at.replace("03-01", "02-01")
    ))?;
    let refused = seal(&pair.us.node, &row(&pair, &folio).await?).await;
    assert_eq!(refused.unwrap_err().code(), "payload-changed");
    nothing_sealed(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_another_payload_does_not_go_under_an_approval() -> Result<()> {
    let pair = pair().await?;
    let folio = approved(&pair, 2, 1).await?;
    pair.us.hold(&indicator(7)).await?;
    let all = Selection::Type("indicator".to_owned());
    let other = pair.us.compose(&pair.mx, CLAUSE, all).await?.release.record;
    let own = row(&pair, &folio).await?.record;
    // the other release's record and parts under this one's names
    pair.us.sql(&format!(
        "UPDATE release_bytes SET bytes = (SELECT CAST(replace(replace(CAST(o.bytes AS TEXT), '{}', '{}'), '{}', '{}') AS BLOB)
           FROM release_bytes o WHERE o.release = 2) WHERE release = 1;
         DELETE FROM release_part WHERE owner = 1;
         INSERT INTO release_part SELECT 1, ordinal, name, size, blob, bytes FROM release_part WHERE owner = 2;",
        other.release, own.release, other.folio, own.folio
    ))?;
    let changed = row(&pair, &folio).await?;
    assert_eq!(changed.record.objects, 3, "the swap is as meant");
    assert_eq!(seal(&pair.us.node, &changed).await.unwrap_err().code(), "payload-changed");
    nothing_sealed(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_one_approval_written_twice_is_one_person() -> Result<()> {
    let terms = AgreementText { approval: "two-person".to_owned(), ..AgreementText::default() };
    let pair = pair_with(&terms).await?;
    let folio = approved(&pair, 2, 1).await?;
    pair.us.sql(
        "INSERT INTO approval (release, officer, name, certificate, approval, at)
           SELECT release, randomblob(16), name, certificate, approval, at FROM approval;
         UPDATE release SET state = 'approved';",
    )?;
    let twice = row(&pair, &folio).await?;
    assert_eq!(twice.approvals.len(), 2);
    assert_eq!(seal(&pair.us.node, &twice).await.unwrap_err().code(), "approval-missing");
    nothing_sealed(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_bytes_that_change_after_sealing_do_not_leave() -> Result<()> {
    let pair = pair().await?;
    // enough for a blob
    let folio = approved(&pair, 300, 1).await?;
    seal(&pair.us.node, &row(&pair, &folio).await?).await?;
    for file in std::fs::read_dir(pair.us.folder().join("blobs"))? {
        let path = file?.path();
        if path.is_file() {
            let text = std::fs::read_to_string(&path)?;
            std::fs::write(&path, text.replace("unusual route", "unusual houte"))?;
        }
    }
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let sent =
        dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut DispatchState::default()).await;
    assert_eq!(sent.unwrap_err().code(), "payload-changed");
    assert!(pair.mx.node.store().received(10).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_statement_that_changed_before_it_was_signed_is_never_signed() -> Result<()> {
    let pair = pair().await?;
    let folio = approved(&pair, 2, 1).await?;
    seal(&pair.us.node, &row(&pair, &folio).await?).await?;
    pair.us.sql(
        "UPDATE statement_out SET signed = 0; DELETE FROM envelope_out;
         UPDATE payload_out SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"epoch\":1', '\"epoch\":2') AS BLOB);",
    )?;
    assert_eq!(sign_pending(&pair.us.node).await.unwrap_err().code(), "damaged");
    assert_eq!(pair.us.count("SELECT count(*) FROM envelope_out")?, 0);
    let pouches = pair.mx.node.store().received(10).await?;
    assert!(pouches.iter().all(|pouch| pouch.state == PouchState::Unknown));
    Ok(())
}
