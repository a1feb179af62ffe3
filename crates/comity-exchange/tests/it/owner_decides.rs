//! Nothing leaves without its owner's decision, and a decision is about exact bytes.

use comity_exchange::agreement;
use comity_exchange::approve::{approve, find_release};
use comity_exchange::compose::{ComposeRequest, Composed, Selection, compose};
use comity_exchange::ports::{PartContent, ReleaseRow, ReleaseState};
use comity_exchange::seal::seal;
use comity_model::Grounds;
use comity_testkit::{
    AgreementText, CLAUSE, Pair, Party, Result, indicators, pair, pair_with, pump, sign,
};
use jiff::SignedDuration;

fn all() -> Selection {
    Selection::Type("indicator".to_owned())
}

async fn composed(pair: &Pair, objects: u64) -> Result<Composed> {
    pair.us.hold(&indicators(0..objects)).await?;
    pair.us.compose(&pair.mx, CLAUSE, all()).await
}

async fn row(party: &Party, composed: &Composed) -> Result<ReleaseRow> {
    Ok(find_release(&party.node, &composed.release.record.folio.to_string()).await?)
}

/// The code with which something was refused.
fn code<T: std::fmt::Debug>(done: comity_exchange::Result<T>) -> &'static str {
    done.unwrap_err().code()
}

/// Nothing left the node, and nothing is waiting to.
async fn nothing_left(pair: &Pair) -> Result<()> {
    pump(&pair.us, &pair.mx).await?;
    let view = pair.us.node.store().outbox_view(pair.mx.node.root()).await?;
    assert_eq!(view.last, 0);
    assert!(pair.mx.node.store().counts().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_nothing_leaves_without_approval() -> Result<()> {
    let pair = pair().await?;
    let composed = composed(&pair, 3).await?;
    assert_eq!(code(seal(&pair.us.node, &composed.release).await), "approval-missing");
    nothing_left(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_two_people_are_two_people() -> Result<()> {
    let terms = AgreementText { approval: "two-person".to_owned(), ..AgreementText::default() };
    let pair = pair_with(&terms).await?;
    let composed = composed(&pair, 3).await?;
    let [first, second] = &pair.us.officers[..] else { return Err("two officers".into()) };
    let state = approve(&pair.us.node, &row(&pair.us, &composed).await?, first).await?;
    assert_eq!(state, ReleaseState::Composed);
    let half = row(&pair.us, &composed).await?;
    assert_eq!(code(approve(&pair.us.node, &half, first).await), "approved-before");
    assert_eq!(code(seal(&pair.us.node, &half).await), "approval-missing");
    // also where the row was read before the first approval
    let again = approve(&pair.us.node, &composed.release, first).await;
    assert_eq!(code(again), "exists");
    nothing_left(&pair).await?;
    approve(&pair.us.node, &half, second).await?;
    seal(&pair.us.node, &row(&pair.us, &composed).await?).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(row(&pair.us, &composed).await?.state, ReleaseState::Settled);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_who_composed_does_not_approve_where_the_clause_forbids_it() -> Result<()> {
    let forbidden = "composer_may_approve = false".to_owned();
    let pair = pair_with(&AgreementText { clause: forbidden, ..AgreementText::default() }).await?;
    pair.us.hold(&indicators(0..1)).await?;
    let request = ComposeRequest {
        to: pair.mx.node.root(),
        clause: CLAUSE.to_owned(),
        purpose: None,
        selection: all(),
        grounds: Grounds::default(),
        by: "officer-1".to_owned(),
    };
    let composed = compose(&pair.us.node, request).await?;
    let [first, second] = &pair.us.officers[..] else { return Err("two officers".into()) };
    let own = approve(&pair.us.node, &composed.release, first).await;
    assert_eq!(code(own), "composer-may-not-approve");
    approve(&pair.us.node, &composed.release, second).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_an_officer_of_another_party_approves_nothing() -> Result<()> {
    let pair = pair().await?;
    let composed = composed(&pair, 1).await?;
    let foreign = approve(&pair.us.node, &composed.release, &pair.mx.officers[0]).await;
    assert_eq!(code(foreign), "not-found");
    nothing_left(&pair).await
}

/// Changes one byte of a part behind the node's back.
fn tamper(party: &Party, release: &ReleaseRow, name: &str) -> Result<()> {
    let part = release.parts.iter().find(|part| part.name == name).ok_or("no such part")?;
    match &part.content {
        PartContent::Inline(_) => party.sql(&format!(
            "UPDATE release_part SET bytes = CAST(substr(bytes, 1, 40) || x'01' || substr(bytes, 42) AS BLOB)
             WHERE name = '{name}'"
        )),
        PartContent::Blob(digest) => {
            let mut folders = vec![party.folder().join("blobs")];
            while let Some(folder) = folders.pop() {
                for entry in std::fs::read_dir(folder)? {
                    let path = entry?.path();
                    if path.is_dir() {
                        folders.push(path);
                    } else if path.to_string_lossy().contains(&digest.hex()) {
                        let mut bytes = std::fs::read(&path)?;
                        bytes[40] ^= 1;
                        let mut permissions = std::fs::metadata(&path)?.permissions();
                        #[expect(clippy::permissions_set_readonly_false, reason = "a test's file")]
                        permissions.set_readonly(false);
                        std::fs::set_permissions(&path, permissions)?;
                        std::fs::write(&path, bytes)?;
                        return Ok(());
                    }
                }
            }
            Err("the blob is not in the folder".into())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_one_byte_changed_after_approval_and_nothing_leaves() -> Result<()> {
    // small parts stand in rows, large ones in files
    for (objects, is_blob) in [(3, false), (250, true)] {
        for name in ["manifest.jsonl", "objects.jsonl"] {
            let pair = pair().await?;
            let composed = composed(&pair, objects).await?;
            let approved = &composed.release;
            let blobs = |part: &&comity_exchange::ports::StoredPart| {
                matches!(part.content, PartContent::Blob(_))
            };
            assert_eq!(approved.parts.iter().filter(blobs).count() == 2, is_blob);
            approve(&pair.us.node, approved, &pair.us.officers[0]).await?;
            tamper(&pair.us, approved, name)?;
            let changed = row(&pair.us, &composed).await?;
            assert_eq!(code(seal(&pair.us.node, &changed).await), "payload-changed");
            let second = approve(&pair.us.node, &changed, &pair.us.officers[1]).await;
            assert_eq!(code(second), "payload-changed");
            nothing_left(&pair).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_bytes_added_to_a_part_after_approval_leave_nowhere() -> Result<()> {
    let pair = pair().await?;
    let composed = composed(&pair, 3).await?;
    approve(&pair.us.node, &composed.release, &pair.us.officers[0]).await?;
    for name in ["manifest.jsonl", "objects.jsonl"] {
        pair.us.sql(&format!(
            "UPDATE release_part SET bytes = CAST(bytes || x'7b7d0a' AS BLOB) WHERE name = '{name}'"
        ))?;
        let changed = row(&pair.us, &composed).await?;
        assert_eq!(code(seal(&pair.us.node, &changed).await), "payload-changed");
        pair.us.sql(&format!(
            "UPDATE release_part SET bytes = substr(bytes, 1, length(bytes) - 3) WHERE name = '{name}'"
        ))?;
    }
    seal(&pair.us.node, &row(&pair.us, &composed).await?).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_an_approval_is_of_one_release_record() -> Result<()> {
    let pair = pair().await?;
    let composed = composed(&pair, 3).await?;
    approve(&pair.us.node, &composed.release, &pair.us.officers[0]).await?;
    let mut other = row(&pair.us, &composed).await?;
    // the same record in other bytes, its digest changed with them: it is not the one that was approved
    other.bytes.insert(1, b' ');
    other.digest = comity_model::Digest::of(&other.bytes);
    assert_eq!(code(seal(&pair.us.node, &other).await), "approval-release");
    nothing_left(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_a_new_version_of_the_agreement_asks_for_a_new_decision() -> Result<()> {
    let pair = pair().await?;
    let composed = composed(&pair, 3).await?;
    approve(&pair.us.node, &composed.release, &pair.us.officers[0]).await?;
    let terms = AgreementText { version: 2, ..AgreementText::default() };
    let text = terms.toml(pair.us.node.root(), pair.mx.node.root());
    sign(&pair.us, &pair.mx, &text).await?;
    let id = composed.release.record.agreement.id;
    agreement::activate(&pair.mx.node, id, 2, "an analyst").await?;
    pump(&pair.us, &pair.mx).await?;
    let approved = row(&pair.us, &composed).await?;
    assert_eq!(code(seal(&pair.us.node, &approved).await), "agreement-changed");
    assert!(pair.mx.node.store().counts().await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_nothing_is_sealed_after_the_agreement_ended() -> Result<()> {
    let terms = AgreementText { until: "2026-03-01".to_owned(), ..AgreementText::default() };
    let pair = pair_with(&terms).await?;
    let composed = composed(&pair, 3).await?;
    approve(&pair.us.node, &composed.release, &pair.us.officers[0]).await?;
    pair.clock.advance(SignedDuration::from_hours(24));
    let approved = row(&pair.us, &composed).await?;
    assert_eq!(code(seal(&pair.us.node, &approved).await), "agreement-ended");
    nothing_left(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_sealed_once() -> Result<()> {
    let pair = pair().await?;
    let composed = composed(&pair, 3).await?;
    approve(&pair.us.node, &composed.release, &pair.us.officers[0]).await?;
    let approved = row(&pair.us, &composed).await?;
    seal(&pair.us.node, &approved).await?;
    assert_eq!(code(seal(&pair.us.node, &approved).await), "conflict");
    let sealed = row(&pair.us, &composed).await?;
    assert_eq!(code(seal(&pair.us.node, &sealed).await), "release-state");
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(pair.mx.node.store().inbox(10, false).await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_the_partner_could_not_take_is_refused_at_compose() -> Result<()> {
    let clock = comity_testkit::TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let us = Party::new("us", &clock, false).await?;
    let mx = Party::with("mx", &clock, |descriptor| {
        descriptor.limits.pouch = (2 << 20) + 2_000;
        descriptor.limits.objects = 5;
    })
    .await?;
    comity_testkit::agree(&us, &mx, &AgreementText::default()).await?;
    us.hold(&indicators(0..6)).await?;
    let request = |selection| ComposeRequest {
        to: mx.node.root(),
        clause: CLAUSE.to_owned(),
        purpose: None,
        selection,
        grounds: Grounds::default(),
        by: "an analyst".to_owned(),
    };
    assert_eq!(code(compose(&us.node, request(all())).await), "over-limit");
    let ids = indicators(0..5);
    let ids = ids.lines().filter_map(|line| line.split('"').nth(11).map(ToOwned::to_owned));
    let five: Vec<String> = ids.collect();
    assert_eq!(code(compose(&us.node, request(Selection::Ids(five.clone()))).await), "over-limit");
    let one = Selection::Ids(five.into_iter().take(1).collect());
    assert_eq!(compose(&us.node, request(one)).await?.release.record.objects, 1);
    Ok(())
}
