//! Statements that are surely the sender's next word and are refused all the same: they use their place, a receipt says
//! why, nothing else changes, and the channel goes on.

use comity_exchange::ports::PouchState;
use comity_model::statement::Kind;
use comity_model::{Digest, OfficerId};
use comity_pouch::keys::OfficerKey;
use comity_testkit::{AgreementText, Forge, Result, SeededEntropy, indicator};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::draft::approval;
use crate::support::{Wire, raw};

#[tokio::test(flavor = "multi_thread")]
async fn closed_set_a_kind_outside_it_is_refused_and_the_channel_goes_on() -> Result<()> {
    let mut wire = Wire::new().await?;
    for kind in ["query", "command", "task", "login", "match-query", "RELEASE", ""] {
        let forge = wire.forge(kind);
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "unknown-kind").await?;
    }
    Ok(())
}

#[test]
fn closed_set_every_kind_of_it_is_spoken() {
    let unspoken: Vec<_> = Kind::ALL.iter().filter(|kind| !Kind::SPOKEN.contains(kind)).collect();
    assert!(unspoken.is_empty(), "{unspoken:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_of_its_kind_is_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    for kind in ["release", "proposal", "decision"] {
        for body in [json!({}), json!([]), json!({ "release": 1, "approvals": [] })] {
            let mut forge = wire.forge(kind);
            forge.body = body;
            let row = wire.send(&forge).await?;
            wire.consumed(&row, "bad-body").await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_record_that_contradicts_its_statement_is_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    let honest = wire.draft(&[indicator(1)])?;
    let mut others = vec![honest.clone(), honest.clone(), honest.clone(), honest.clone()];
    others[0].record.from = wire.mx().root();
    others[1].record.to = wire.pair.us.node.root();
    others[2].record.v = 2;
    others[3].record.parts.pop();
    for draft in others {
        let mut forge = wire.release(&draft, 1)?;
        forge.entries.clone_from(&honest.record.parts);
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "bad-body").await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clause_of_the_other_direction_or_of_no_agreement_grants_nothing() -> Result<()> {
    let mut wire = Wire::new().await?;
    for clause in ["nowhere", comity_testkit::OTHER_CLAUSE] {
        let mut draft = wire.draft(&[indicator(1)])?;
        clause.clone_into(&mut draft.record.clause);
        let forge = wire.release(&draft, 1)?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "clause-unknown").await?;
    }
    let mut draft = wire.draft(&[indicator(1)])?;
    "public-health".clone_into(&mut draft.record.purpose);
    let forge = wire.release(&draft, 1)?;
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "purpose-not-granted").await
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_too_few_approvals_are_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    let draft = wire.draft(&[indicator(1)])?;
    let forge = wire.release(&draft, 0)?;
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "approval-missing").await?;

    let terms = AgreementText { approval: "two-person".to_owned(), ..AgreementText::default() };
    let mut wire = Wire::with(&terms).await?;
    let draft = wire.draft(&[indicator(1)])?;
    let forge = wire.release(&draft, 1)?;
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "approval-missing").await?;
    // the same officer twice is one officer
    let (us, digest) = (&wire.pair.us, Digest::of(draft.text()?.as_bytes()));
    let now = wire.mx().now();
    let twice = [0, 1].map(|_| approval(&us.registrar, &us.officers[0], digest, now));
    let twice = twice.into_iter().collect::<Result<Vec<_>>>()?;
    let forge = wire.release_with(&draft, twice)?;
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "approval-missing").await
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_an_approval_that_is_not_of_this_release_is_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    let draft = wire.draft(&[indicator(1)])?;
    let (us, mx) = (&wire.pair.us, &wire.pair.mx);
    let (digest, now) = (Digest::of(draft.text()?.as_bytes()), mx.node.now());
    let later = now.checked_add(SignedDuration::from_secs(1))?;
    let stranger = OfficerKey::generate(&SeededEntropy::new("a stranger"))?;
    let good = approval(&us.registrar, &us.officers[0], digest, now)?;
    let other = approval(&us.registrar, &us.officers[1], digest, now)?;
    let mut swapped = good.clone();
    swapped.certificate = other.certificate;
    let mut broken = good.clone();
    "{}".clone_into(&mut broken.approval);
    let bad = [
        vec![approval(&us.registrar, &us.officers[0], Digest::of(b"another release"), now)?],
        vec![approval(&mx.registrar, &us.officers[0], digest, now)?],
        vec![approval(&mx.registrar, &stranger, digest, now)?],
        vec![approval(&us.registrar, &us.officers[0], digest, later)?],
        vec![swapped],
        // one good approval does not cover for a bad one
        vec![good.clone(), broken],
        vec![good; 17],
    ];
    for approvals in bad {
        let forge = wire.release_with(&draft, approvals)?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "approval-bad").await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_crosses_and_no_name_does() -> Result<()> {
    let wire = Wire::new().await?;
    let officers = wire.pair.us.node.store().officers().await?;
    assert_eq!(officers.len(), 2);
    for officer in officers {
        assert!(!officer.certificate.contains(&officer.name));
        assert_ne!(officer.id.to_string().parse::<OfficerId>().ok(), None);
    }
    Ok(())
}

/// A release with two objects, changed after it was bound.
fn bent(wire: &mut Wire, change: impl FnOnce(&mut Forge)) -> Result<Forge> {
    let draft = wire.draft(&[indicator(1), indicator(2)])?;
    let mut forge = wire.release(&draft, 1)?;
    change(&mut forge);
    Ok(forge)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_not_the_one_bound_refuses_all_of_a_release() -> Result<()> {
    let mut wire = Wire::new().await?;
    let forges = [
        bent(&mut wire, |forge| forge.parts[0].1[20] ^= 1)?,
        bent(&mut wire, |forge| *forge.parts[1].1.iter_mut().rev().nth(90).unwrap() ^= 1)?,
        bent(&mut wire, |forge| forge.parts.push(("more.jsonl".to_owned(), vec![b'\n'])))?,
        bent(&mut wire, |forge| drop(forge.parts.pop()))?,
        bent(&mut wire, |forge| forge.parts.clear())?,
        bent(&mut wire, |forge| forge.parts.reverse())?,
        bent(&mut wire, |forge| forge.parts[1].1.push(b'\n'))?,
        bent(&mut wire, |forge| forge.parts[1].1.truncate(100))?,
    ];
    for (at, mut forge) in forges.into_iter().enumerate() {
        let place = wire.before.len();
        forge.sequence = place as u64;
        forge.before.clone_from(&wire.before);
        let row = wire.send(&forge).await?;
        assert_eq!(wire.before.len(), place + 1, "change {at}");
        wire.consumed(&row, "part-digest").await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_does_not_describe_the_objects_refuses_all() -> Result<()> {
    let mut wire = Wire::new().await?;
    let mut sizes = wire.draft(&[indicator(1), indicator(2)])?;
    sizes.lines[0].size += 1;
    sizes.lines[1].size -= 1;
    let mut count = wire.draft(&[indicator(1), indicator(2)])?;
    count.record.objects = 3;
    let mut order = wire.draft(&[indicator(1), indicator(2)])?;
    order.lines[1].index = 0;
    sizes.bind()?;
    order.bind()?;
    let mut root = wire.draft(&[indicator(1)])?;
    root.record.root = Digest::of(b"another root");
    for draft in [sizes, count, order, root] {
        let forge = wire.release(&draft, 1)?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "part-digest").await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_over_the_limits_is_refused() -> Result<()> {
    let mut wire = Wire::new().await?;
    for objects in [0, 100_001, u64::MAX] {
        let mut draft = wire.draft(&[indicator(1)])?;
        draft.record.objects = objects;
        let forge = wire.release(&draft, 1)?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "over-limit").await?;
    }
    let vast = indicator(1).replace("unusual", &"unusual ".repeat(1 << 17));
    assert!(vast.len() > 1 << 20);
    let draft = wire.draft(&[vast])?;
    let forge = wire.release(&draft, 1)?;
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "over-limit").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_announces_gigabytes_is_refused_unread() -> Result<()> {
    let mut wire = Wire::new().await?;
    let mut draft = wire.draft(&[indicator(1)])?;
    draft.record.parts[0].size = 8 << 30;
    let forge = wire.release(&draft, 1)?;
    let forged = wire.seal(&forge)?;
    let vast = raw::archive(&[
        ("statement.dsse.json", &forged.envelope, None),
        ("record.tlog-proof", &forged.proof, None),
        ("manifest.jsonl", b"{}", Some((8 << 30) - 1)),
    ]);
    let row = wire.put(&raw::seal(&vast, &wire.pair.mx.descriptor()?)?).await?;
    wire.before.push(forged.digest);
    wire.consumed(&row, "too-large").await
}

#[tokio::test(flavor = "multi_thread")]
async fn time_does_not_go_back_in_a_channel() -> Result<()> {
    let mut wire = Wire::new().await?;
    let draft = wire.draft(&[indicator(1)])?;
    let first = wire.release(&draft, 1)?;
    wire.send(&first).await?;
    let mut earlier = wire.release(&wire.draft(&[indicator(2)])?, 1)?;
    earlier.issued_at = earlier.issued_at.checked_sub(SignedDuration::from_millis(1))?;
    let row = wire.send(&earlier).await?;
    wire.consumed(&row, "issued-backwards").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_said_again_at_another_place_has_no_effect() -> Result<()> {
    let mut wire = Wire::new().await?;
    let first = wire.release(&wire.draft(&[indicator(1)])?, 1)?;
    wire.send(&first).await?;
    let mut again = wire.release(&wire.draft(&[indicator(2)])?, 1)?;
    again.seed = first.seed;
    let row = wire.send(&again).await?;
    wire.consumed(&row, "replay").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_before_an_agreement_begins_or_after_it_ended() -> Result<()> {
    for (from, until, code) in [
        ("2026-03-02", "2027-01-31", "agreement-not-begun"),
        ("2026-01-01", "2026-02-28", "agreement-ended"),
    ] {
        let terms = AgreementText {
            from: from.to_owned(),
            until: until.to_owned(),
            ..AgreementText::default()
        };
        let mut wire = Wire::with(&terms).await?;
        let forge = wire.release(&wire.draft(&[indicator(1)])?, 1)?;
        let row = wire.send(&forge).await?;
        assert_eq!((row.state, row.code.as_deref()), (PouchState::Consumed, Some(code)));
        assert_eq!((wire.objects().await?, wire.before.len()), (0, 1));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_long_after_the_end_is_refused_though_it_was_issued_in_time() -> Result<()> {
    let terms = AgreementText { until: "2026-03-01".to_owned(), ..AgreementText::default() };
    let mut wire = Wire::with(&terms).await?;
    let (first, late) = (wire.draft(&[indicator(1)])?, wire.draft(&[indicator(2)])?);
    let first = wire.release(&first, 1)?;
    wire.pair.clock.advance(SignedDuration::from_hours(24 * 30));
    let row = wire.send(&first).await?;
    assert_eq!((row.state, row.code), (PouchState::Consumed, None), "30 days after the end");
    let mut late = wire.release(&late, 1)?;
    late.issued_at = first.issued_at;
    wire.pair.clock.advance(SignedDuration::from_hours(24));
    let row = wire.send(&late).await?;
    assert_eq!(row.code.as_deref(), Some("agreement-ended"));
    assert_eq!(wire.objects().await?, 1);
    Ok(())
}
