//! Receipts, settlement and cosignatures.

use comity_exchange::compose::Selection;
use comity_exchange::ports::{PouchState, ReleaseState};
use comity_exchange::seal::seal;
use comity_model::statement::{CheckpointBody, Kind, Outcome, Payload, ReceiptBody, ReceiptEntry};
use comity_model::{ChannelId, Tlp};
use comity_testkit::{
    AgreementText, CLAUSE, Pair, Party, Result, indicator, indicators, pair, pair_with, pump,
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Wire, journal};

/// The channel from one party to the other.
async fn channel(from: &Party, to: &Party) -> Result<ChannelId> {
    let stored = from.node.store().agreements().await?;
    let agreement = stored.first().ok_or("no agreement")?.reference.id;
    Ok(ChannelId { agreement, epoch: 1, from: from.node.root(), to: to.node.root() })
}

/// What a party's receipts said, one after the other.
async fn receipts(reader: &Party) -> Result<Vec<ReceiptBody>> {
    let rows = reader.node.store().inbox(10_000, true).await?;
    let receipts = rows.iter().rev().filter(|row| row.kind == "receipt");
    receipts.map(|row| Ok(Payload::parse(&row.payload)?.body::<ReceiptBody>()?)).collect()
}

/// Both sides have the same log with the same figures, in both directions, and every release is settled.
pub(crate) async fn agree_on_everything(pair: &Pair) -> Result<()> {
    for (own, mirror) in [(&pair.us, &pair.mx), (&pair.mx, &pair.us)] {
        let channel = channel(own, mirror).await?;
        let here = own.node.store().figures(channel).await?;
        let there = mirror.node.store().figures(channel).await?;
        assert_eq!((here.statements, here.root), (there.statements, there.root));
        // receipts have no outcome with their sender
        let receipted = |it: &&comity_exchange::ports::KindCount| it.kind != "receipt";
        let kinds = |it: &comity_exchange::ports::ChannelFigures| {
            it.kinds.iter().filter(receipted).cloned().collect::<Vec<_>>()
        };
        assert_eq!(kinds(&here), kinds(&there));
        for release in own.node.store().releases(10_000).await? {
            let state = release.state;
            assert!(
                matches!(
                    state,
                    ReleaseState::Settled | ReleaseState::SettledPartial | ReleaseState::Refused
                ),
                "{} is {}",
                release.record.folio,
                state.as_str()
            );
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_fifteen_hundred_releases_are_answered_in_receipts_of_at_most_a_thousand()
-> Result<()> {
    let mut wire = Wire::new().await?;
    // all of them stand in one place, forged once: what is asked for is how they are answered
    let draft = wire.draft(&[indicator(1)])?;
    let forge = wire.release(&draft, 1)?;
    wire.send(&forge).await?;
    let channel = wire.channel();
    wire.pair.mx.sql(
        "WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM place WHERE at < 1500)
         INSERT INTO statement_in (digest, id, nonce, kind, channel, sequence, issued_at, at, receipt_json, outcome,
           admitted, refused, taken, payload, envelope)
         SELECT randomblob(32), randomblob(16), randomblob(32), kind, channel, place.at, issued_at, s.at,
           json_set(receipt_json, '$.sequence', place.at), outcome, 1, 0, 1, payload, envelope
         FROM statement_in s, place WHERE s.sequence = 0;
         INSERT INTO receipt_due SELECT channel, sequence FROM statement_in WHERE sequence > 0;
         UPDATE channel_in SET next = 1501",
    )?;
    let before = wire.mx().store().outbound_head(channel.reverse()).await?.next;
    wire.pair.mx.round().await?;
    let after = wire.mx().store().outbound_head(channel.reverse()).await?.next;
    assert_eq!((before, after), (1, 3));
    let rows = wire.mx().store().outbox(wire.pair.us.node.root(), 1, 10).await?;
    let mut sizes = Vec::new();
    let mut sequences = Vec::new();
    for row in rows {
        let body: ReceiptBody = Payload::parse(&row.payload)?.body()?;
        sizes.push(body.entries.len());
        sequences.extend(body.entries.iter().map(|entry| entry.sequence));
        assert!(row.envelope.is_some());
    }
    assert_eq!(sizes, [1_000, 500]);
    assert_eq!(sequences, (1..=1_500).collect::<Vec<u64>>());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_single_releases_are_each_settled_by_few_receipts() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&indicators(0..40)).await?;
    for number in 0..40 {
        let text = indicator(number);
        let id = text.split('"').nth(11).ok_or("no id")?.to_owned();
        pair.us.release(&pair.mx, CLAUSE, Selection::Ids(vec![id]), 1).await?;
    }
    pump(&pair.us, &pair.mx).await?;
    agree_on_everything(&pair).await?;
    let receipts = receipts(&pair.us).await?;
    assert_eq!(receipts.iter().map(|it| it.entries.len()).sum::<usize>(), 40);
    assert_eq!(receipts.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_object_holds_back_no_good_one_and_is_named_in_the_receipt() -> Result<()> {
    let mut wire = Wire::new().await?;
    let bad = indicator(2).replace(r#""spec_version":"2.1","#, "");
    let draft = wire.draft(&[indicator(1), bad, indicator(3)])?;
    let forge = wire.release(&draft, 1)?;
    let row = wire.send(&forge).await?;
    assert_eq!((row.state, row.code), (PouchState::Consumed, None));
    assert_eq!(wire.objects().await?, 2);
    let statement = row.statement.ok_or("no statement")?;
    let receipt = wire.mx().store().inbox_row(statement).await?.ok_or("not there")?.receipt;
    assert_eq!((receipt.outcome, receipt.admitted, receipt.refused), (Outcome::Partial, 2, 1));
    let [refused] = &receipt.objects[..] else { return Err("one refused object".into()) };
    assert_eq!(refused.index, 1);
    assert!(!refused.code.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_of_which_nothing_is_good_is_refused_object_by_object() -> Result<()> {
    let mut wire = Wire::new().await?;
    let bad = indicator(2).replace(r#""spec_version":"2.1","#, "");
    let forge = wire.release(&wire.draft(&[bad])?, 1)?;
    let row = wire.send(&forge).await?;
    let statement = row.statement.ok_or("no statement")?;
    let receipt = wire.mx().store().inbox_row(statement).await?.ok_or("not there")?.receipt;
    assert_eq!((receipt.outcome, receipt.admitted, receipt.refused), (Outcome::Refused, 0, 1));
    assert_eq!(wire.objects().await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_clause_does_not_let_through_is_refused_object_by_object() -> Result<()> {
    let mut wire = Wire::new().await?;
    let malware = indicator(1)
        .replace(r#""type":"indicator""#, r#""type":"malware","is_family":false"#)
        .replace("indicator--", "malware--");
    let mut draft = wire.draft(&[
        malware,
        indicator(2),
        indicator(3),
        indicator(4),
        indicator(5),
        indicator(6),
        indicator(7),
    ])?;
    draft.lines[1].handling.tlp = Tlp::Red;
    draft.lines[2].handling.retention_days = 181;
    draft.lines[3].id = draft.lines[4].id.clone();
    draft.lines[4].modified = None;
    draft.lines[5].origin = wire.mx().root();
    draft.lines[6].handling.tlp = Tlp::Clear;
    draft.bind()?;
    let forge = wire.release(&draft, 1)?;
    let row = wire.send(&forge).await?;
    let statement = row.statement.ok_or("no statement")?;
    let receipt = wire.mx().store().inbox_row(statement).await?.ok_or("not there")?.receipt;
    let refused: Vec<(u64, &str, &str)> = receipt
        .objects
        .iter()
        .map(|it| (it.index, it.code.as_str(), it.pointer.as_str()))
        .collect();
    assert_eq!(
        refused,
        [
            (0, "clause-kind", "/type"),
            (1, "clause-tlp", "/object_marking_refs"),
            (2, "clause-handling", ""),
            (3, "manifest-mismatch", "/id"),
            (4, "manifest-mismatch", "/modified"),
            (5, "manifest-mismatch", ""),
            (6, "clause-tlp", "/object_marking_refs"),
        ]
    );
    assert_eq!(wire.objects().await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_bad_objects_are_all_counted_and_the_first_thousand_named() -> Result<()> {
    let mut wire = Wire::new().await?;
    let bad: Vec<String> =
        (0..1_200).map(|at| indicator(at).replace(r#""spec_version":"2.1","#, "")).collect();
    let forge = wire.release(&wire.draft(&bad)?, 1)?;
    let row = wire.send(&forge).await?;
    let statement = row.statement.ok_or("no statement")?;
    let receipt = wire.mx().store().inbox_row(statement).await?.ok_or("not there")?.receipt;
    assert_eq!((receipt.refused, receipt.objects.len()), (1_200, 1_000));
    assert!(receipt.objects.iter().zip(0..).all(|(object, at)| object.index == at));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_bad_in_as_many_words_as_possible_do_not_make_a_receipt_that_cannot_be_sent()
-> Result<()> {
    let mut wire = Wire::new().await?;
    // each is broken at a pointer that is as long as can be, and begins with a control character
    let key = format!("\\u0001{}", "\u{1f4e6}".repeat(300));
    let bad: Vec<String> = (0..1_000)
        .map(|at| {
            indicator(at).replace(
                r#""name":"#,
                &format!(r#""external_references":[{{"source_name":"x","description":"y","{key}":null}}],"name":"#),
            )
        })
        .collect();
    for _ in 0..9 {
        let forge = wire.release(&wire.draft(&bad)?, 1)?;
        let forged = wire.seal(&forge)?;
        wire.pair.mx.put(&forged.pouch, None).await?;
        wire.before.push(forged.digest);
    }
    wire.pair.mx.round().await?;
    let rows = wire.mx().store().outbox(wire.pair.us.node.root(), 0, 100).await?;
    let mut answered = Vec::new();
    for row in rows {
        let body: ReceiptBody = Payload::parse(&row.payload)?.body()?;
        for entry in &body.entries {
            assert_eq!((entry.admitted, entry.refused), (0, 1_000));
            assert!(entry.objects.iter().all(|it| !it.pointer.contains('\u{1}')));
            assert_eq!(entry.objects.first().map(|it| it.pointer.chars().count()), Some(200));
            assert!(entry.objects.len() > 100, "a useful number of them is named");
            answered.push(entry.sequence);
        }
        assert!(
            row.envelope.ok_or("not signed")?.len() < 1 << 20,
            "larger than a statement may be"
        );
    }
    assert_eq!(answered, (0..9).collect::<Vec<u64>>());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_was_taken_in_part_is_settled_as_that() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&indicators(0..3)).await?;
    let all = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, all, 1).await?;
    // this receiver is stricter by one object: it says so in an honest receipt
    let wire = Wire::over(pair).await?;
    let row = wire.pair.us.node.store().outbox(wire.mx().root(), 0, 1).await?;
    let sent = row.first().ok_or("nothing sealed")?.clone();
    let keys = wire.pair.mx.serve_keys()?;
    let (us, mx) = (&wire.pair.us, &wire.pair.mx);
    let mut forge = comity_testkit::Forge::new(
        "receipt",
        mx.node.root(),
        us.node.root(),
        wire.agreement,
        mx.node.now(),
        "partial",
    );
    let cosigned = mx_cosigns(&wire, 1).await?;
    let entry = ReceiptEntry {
        sequence: 0,
        digest: sent.digest,
        received_at: mx.node.now(),
        outcome: Outcome::Partial,
        code: None,
        admitted: 2,
        refused: 1,
        objects: Vec::new(),
    };
    forge.body = serde_json::to_value(ReceiptBody {
        entries: vec![entry],
        cosigned: Some(cosigned),
        epoch: None,
    })?;
    let forged = forge.forge(&keys, &us.descriptor()?)?;
    us.put(&forged.pouch, Some(mx.node.root())).await?;
    us.round().await?;
    let release = us.node.store().releases(1).await?.first().cloned().ok_or("no release")?;
    assert_eq!(release.state, ReleaseState::SettledPartial);
    assert_eq!(release.receipt.map(|it| it.refused), Some(1));
    Ok(())
}

/// The checkpoint over the first `size` statements of the partner, cosigned by `mx`.
async fn mx_cosigns(wire: &Wire, size: u64) -> Result<String> {
    let head = wire.pair.us.node.store().outbound_head(wire.channel()).await?;
    let (found, note) = head.checkpoint.ok_or("no checkpoint")?;
    assert_eq!(found, size);
    Ok(wire.mx().keys()?.cosign(&note, &wire.pair.mx.descriptor()?, wire.mx().now())?)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_receipt_that_speaks_of_what_was_never_said_changes_nothing() -> Result<()>
{
    let pair = pair().await?;
    pair.us.hold(&indicators(0..1)).await?;
    let all = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, all, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    // mx said one thing to us: a receipt. `us` lies about it
    let (us, mx) = (&pair.us, &pair.mx);
    let said = mx.node.store().outbox(us.node.root(), 0, 1).await?;
    let receipt = said.first().ok_or("no receipt")?;
    let heard = mx.node.store().inbound_head(channel(us, mx).await?).await?;
    let entry = |sequence, digest| ReceiptEntry {
        sequence,
        digest,
        received_at: mx.node.now(),
        outcome: Outcome::Refused,
        code: Some("policy".to_owned()),
        admitted: 0,
        refused: 0,
        objects: Vec::new(),
    };
    let other = comity_model::Digest::of(b"never said");
    let lies = [
        vec![entry(0, other)],
        vec![entry(1, receipt.digest)],
        vec![entry(u64::MAX, receipt.digest)],
        // a receipt is never receipted
        vec![entry(0, receipt.digest)],
        vec![entry(0, other); 1_001],
    ];
    let mut wire = Wire::over(pair).await?;
    wire.before.push(heard.last.ok_or("nothing heard")?);
    let before = wire.look().await?;
    for entries in lies {
        let mut forge = wire.forge("receipt");
        forge.body = json!({ "entries": entries });
        let row = wire.send(&forge).await?;
        let line = wire
            .line("statement-consumed", row.statement.ok_or("none")?)
            .await?
            .ok_or("no line")?;
        assert_eq!(
            (row.state, line.entry.details["code"].as_str()),
            (PouchState::Consumed, Some("bad-body"))
        );
    }
    let after = wire.look().await?;
    assert_ne!(before, after, "the places are used");
    let row = wire.mx().store().outbound(said_digest(&wire).await?).await?.ok_or("gone")?;
    assert_eq!((row.receipt, row.settled_at), (None, None));
    Ok(())
}

async fn said_digest(wire: &Wire) -> Result<comity_model::Digest> {
    let said = wire.mx().store().outbox(wire.pair.us.node.root(), 0, 1).await?;
    Ok(said.first().ok_or("nothing said")?.digest)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_cosignature_over_another_tree_or_by_another_key_is_refused() -> Result<()>
{
    let pair = pair().await?;
    pair.us.hold(&indicators(0..1)).await?;
    let all = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, all, 1).await?;
    let wire = Wire::over(pair).await?;
    let (us, mx) = (&wire.pair.us, &wire.pair.mx);
    let head = us.node.store().outbound_head(wire.channel()).await?;
    let (_, note) = head.checkpoint.ok_or("no checkpoint")?;
    let good = mx.node.keys()?.cosign(&note, &mx.descriptor()?, mx.node.now())?;
    let own = us.node.keys()?.cosign(&note, &us.descriptor()?, mx.node.now())?;
    let half: Vec<&str> = good.lines().collect();
    let half = half[..half.len() - 1].join("\n") + "\n";
    let keys = us.serve_keys()?;
    // another history of the same length, signed by this party's own log key all the same
    let forked = comity_testkit::Forge::new(
        "release",
        us.node.root(),
        mx.node.root(),
        wire.agreement,
        mx.node.now(),
        "fork",
    );
    let proof = String::from_utf8(forked.proof(&keys, comity_model::Digest::of(b"fork"))?)?;
    let (_, forked) = proof.split_once("\n\n").ok_or("no note")?;
    let forked = mx.node.keys()?.cosign(forked, &mx.descriptor()?, mx.node.now())?;
    for (at, (note, code)) in [
        (own, "bad-body"),
        (half, "bad-body"),
        (forked, "record-proof"),
        ("x".to_owned(), "bad-body"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut forge = comity_testkit::Forge::new(
            "checkpoint",
            mx.node.root(),
            us.node.root(),
            wire.agreement,
            mx.node.now(),
            &format!("{at}"),
        );
        forge.more.insert("sequence".to_owned(), json!(null));
        forge.body = serde_json::to_value(CheckpointBody { cosigned: note })?;
        let pouch = forge.forge(&mx.serve_keys()?, &us.descriptor()?)?;
        us.put(&pouch.pouch, Some(mx.node.root())).await?;
        us.round().await?;
        let lines = journal(&us.node, "statement-consumed").await?;
        let line = lines.iter().find(|line| line.entry.subject == pouch.digest.to_string());
        assert_eq!(line.ok_or("no line")?.entry.details["code"], code);
        assert_eq!(us.node.store().outbound_head(wire.channel()).await?.cosigned, None);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_of_receipts_are_never_sent_and_a_checkpoint_ends_the_matter() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&indicators(0..3)).await?;
    let all = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, all, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let back = channel(&pair.mx, &pair.us).await?;
    assert_eq!(pair.mx.node.store().outbound_head(back).await?.cosigned, None, "not yet");
    pair.clock.advance(SignedDuration::from_secs(59));
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(pair.mx.node.store().outbound_head(back).await?.cosigned, None, "not yet");
    pair.clock.advance(SignedDuration::from_secs(1));
    pump(&pair.us, &pair.mx).await?;
    let cosigned = pair.mx.node.store().outbound_head(back).await?.cosigned;
    assert_eq!(cosigned.map(|(size, _)| size), Some(1), "the receipt is cosigned too");
    // nothing is said any more, however long it takes
    let said = |view: comity_exchange::ports::OutboxView| view.last;
    let before = said(pair.us.node.store().outbox_view(pair.mx.node.root()).await?)
        + said(pair.mx.node.store().outbox_view(pair.us.node.root()).await?);
    for _ in 0..5 {
        pair.clock.advance(SignedDuration::from_mins(10));
        pump(&pair.us, &pair.mx).await?;
    }
    let after = said(pair.us.node.store().outbox_view(pair.mx.node.root()).await?)
        + said(pair.mx.node.store().outbox_view(pair.us.node.root()).await?);
    assert_eq!((before, after), (3, 3), "a release, a receipt, a checkpoint");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_comes_in_two_pouches_is_taken_once() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&indicators(0..1)).await?;
    let all = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, all, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.clock.advance(SignedDuration::from_mins(1));
    pair.us.round().await?;
    let rows = pair.us.node.store().outbox(pair.mx.node.root(), 1, 10).await?;
    let [row] = &rows[..] else { return Err("one checkpoint".into()) };
    assert_eq!(row.kind, Kind::Checkpoint);
    let envelope = row.envelope.clone().ok_or("not signed")?;
    let wire = Wire::over(pair).await?;
    let forge = comity_testkit::Forge::new(
        "checkpoint",
        wire.channel().from,
        wire.channel().to,
        wire.agreement,
        wire.mx().now(),
        "x",
    );
    let mut states = Vec::new();
    for _ in 0..2 {
        let to = wire.pair.mx.descriptor()?;
        let pouch = forge.seal(row.digest, envelope.clone(), Vec::new(), &to)?.pouch;
        states.push(wire.put(&pouch).await?.state);
    }
    assert_eq!(states, [PouchState::Consumed, PouchState::Repeated]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_cross_after_the_agreement_has_ended() -> Result<()> {
    let terms = AgreementText { until: "2026-03-01".to_owned(), ..AgreementText::default() };
    let pair = pair_with(&terms).await?;
    pair.us.hold(&indicators(0..3)).await?;
    let all = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, all, 1).await?;
    pair.clock.advance(SignedDuration::from_hours(48));
    pump(&pair.us, &pair.mx).await?;
    agree_on_everything(&pair).await?;
    let release = pair.us.node.store().releases(1).await?.first().cloned().ok_or("none")?;
    assert_eq!(release.state, ReleaseState::Settled);
    assert_eq!(
        seal(&pair.us.node, &release).await.map_err(|it| it.code()).err(),
        Some("release-state")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_forked_log_is_not_cosigned_and_is_named_once() -> Result<()> {
    let mut wire = Wire::new().await?;
    let first = wire.release(&wire.draft(&[indicator(1)])?, 1)?;
    wire.send(&first).await?;
    let cosigned = wire.mx().store().inbound_head(wire.channel()).await?.cosigned;
    // `previous` is the truth, and the log that proves it has another history
    let mut forked = wire.release(&wire.draft(&[indicator(2)])?, 1)?;
    forked.previous = wire.before.last().copied();
    forked.before = vec![comity_model::Digest::of(b"another history")];
    let row = wire.send(&forked).await?;
    assert_eq!(row.state, PouchState::Consumed);
    for _ in 0..3 {
        wire.pair.clock.advance(SignedDuration::from_mins(2));
        wire.pair.mx.round().await?;
    }
    assert_eq!(wire.mx().store().inbound_head(wire.channel()).await?.cosigned, cosigned);
    let lines = journal(wire.mx(), "record-forked").await?;
    assert_eq!(lines.len(), 1, "the evidence stands in the journal once");
    assert!(
        lines[0].entry.details["note"].as_str().is_some_and(|note| note.starts_with("comity/"))
    );
    Ok(())
}
