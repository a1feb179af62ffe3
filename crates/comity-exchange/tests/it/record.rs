//! The record and the journal: what is kept is what was signed, and what is not is named.

use comity_exchange::compose::Selection;
use comity_exchange::record::{self, Wrong, check, statement, view};
use comity_exchange::{ExchangeError, journal, recovery};
use comity_log::tiles::{Tile, TileKind, parse_bundle};
use comity_log::{statement_entry, verify_inclusion};
use comity_model::ChannelId;
use comity_testkit::{CLAUSE, Pair, Party, Result, indicator, pair, pump};

/// Two parties, of which `us` released three objects one by one, and everything is answered. `us` signed its journal.
async fn settled() -> Result<(Pair, ChannelId)> {
    let pair = pair().await?;
    let lines: String = (0..3).map(|number| indicator(number) + "\n").collect();
    pair.us.hold(&lines).await?;
    for number in 0..3 {
        let id = indicator(number).split('"').nth(11).ok_or("no id")?.to_owned();
        pair.us.release(&pair.mx, CLAUSE, Selection::Ids(vec![id]), 1).await?;
        pump(&pair.us, &pair.mx).await?;
    }
    journal::sign(&pair.us.node).await?;
    let channels = pair.us.node.store().channels().await?;
    let root = pair.us.node.root();
    let own = channels.into_iter().find(|it| it.from == root).ok_or("no channel")?;
    Ok((pair, own))
}

/// The envelope of the second statement with the signatures of the first, in hexadecimal digits.
async fn signed_by_another(pair: &Pair) -> Result<String> {
    let channels = pair.us.node.store().channels().await?;
    let own = channels.into_iter().find(|it| it.from == pair.us.node.root()).ok_or("no channel")?;
    let lines = pair.us.node.store().record_lines(own, 0, 2).await?;
    let mut envelopes = Vec::new();
    for line in &lines {
        let bytes = line.envelope.as_ref().ok_or("not signed")?;
        envelopes.push(serde_json::from_slice::<serde_json::Value>(bytes)?);
    }
    let signatures = envelopes[0]["signatures"].take();
    envelopes[1]["signatures"] = signatures;
    let bytes = serde_json::to_vec(&envelopes[1])?;
    Ok(bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

/// The code of what is wrong first, and its place.
async fn found(party: &Party) -> Result<Option<(bool, Wrong)>> {
    let fault = check(&party.node, None).await?.fault;
    Ok(fault.map(|it| (it.channel.is_some(), it.wrong)))
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_a_settled_exchange_is_proved_on_both_sides() -> Result<()> {
    let (pair, channel) = settled().await?;
    for party in [&pair.us, &pair.mx] {
        let checked = check(&party.node, None).await?;
        assert_eq!(checked.fault, None);
        let logs: Vec<_> = checked.logs.iter().map(|it| it.channel.is_some()).collect();
        assert_eq!(logs, [true, true, false]);
        let signed: Vec<_> = checked.logs.iter().map(|it| it.signatures).collect();
        assert_eq!(signed, [Some(3), Some(checked.logs[1].size), None]);
        let log = view(&party.node, channel).await?;
        assert_eq!((log.size, log.settled_to(), log.gap()), (3, 3, None));
        assert_eq!(log.cosigned.as_ref().map(|it| it.size), Some(3));
        for sequence in 0..3 {
            let shown = statement(&party.node, channel, sequence).await?;
            let proven = shown.proven.ok_or("no proof")?;
            assert_eq!((proven.fault, proven.cosigners.len(), proven.size), (None, 2, 3));
            assert!(shown.settled);
            let folio = shown.folio.ok_or("no folio")?;
            let again = record::by_folio(&party.node, channel, &folio).await?;
            assert_eq!(again.line.sequence, sequence);
        }
        let none = statement(&party.node, channel, 3).await.map(|_| ());
        assert!(matches!(none, Err(ExchangeError::NotFound { .. })));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_to_what_is_kept_is_named() -> Result<()> {
    let (pair, _) = settled().await?;
    let own = "(SELECT number FROM channel JOIN channel_out ON channel = number)";
    let theirs = "(SELECT number FROM channel JOIN channel_in ON channel = number)";
    let of = |place: &str, sequence: u64| {
        format!(
            "(SELECT number FROM statement_out WHERE channel = {place} AND sequence = {sequence})"
        )
    };
    let second = of(own, 1);
    let changes = [
        ("payload_out", format!("UPDATE payload_out SET bytes = CAST(bytes || x'20' AS BLOB) WHERE statement = {second}"), Wrong::Digest(1)),
        ("payload_out", format!("DELETE FROM payload_out WHERE statement = {second}"), Wrong::Missing(1)),
        ("payload_out", format!("DELETE FROM payload_out WHERE statement = {}", of(own, 2)), Wrong::Missing(2)),
        ("envelope_out", format!("DELETE FROM envelope_out WHERE statement = {second}"), Wrong::Envelope(1)),
        ("envelope_out", format!("UPDATE envelope_out SET bytes = (SELECT bytes FROM envelope_out WHERE statement = {}) WHERE statement = {second}", of(own, 0)), Wrong::Envelope(1)),
        ("envelope_out", format!("UPDATE envelope_out SET bytes = x'{}' WHERE statement = {second}", signed_by_another(&pair).await?), Wrong::Signer(1)),
        ("statement_out", format!("UPDATE statement_out SET receipt_json = NULL WHERE number = {second}"), Wrong::Settled(1)),
        ("statement_out", format!("UPDATE statement_out SET receipt_json = json_set(receipt_json, '$.sequence', 0) WHERE number = {second}"), Wrong::Receipt(1)),
        ("tree_node", format!("UPDATE tree_node SET hash = zeroblob(32) WHERE channel = {own} AND level = 1 AND place = 0"), Wrong::Node { level: 1, index: 0 }),
        ("tree_node", format!("DELETE FROM tree_node WHERE channel = {own} AND level = 0 AND place = 2"), Wrong::Node { level: 0, index: 2 }),
        ("channel_out", "UPDATE channel_out SET frontier = (SELECT frontier FROM channel_in)".to_owned(), Wrong::Edge),
        ("channel_out", "UPDATE channel_out SET checkpoint = replace(checkpoint, char(10) || '3' || char(10), char(10) || '2' || char(10))".to_owned(), Wrong::Signature(2)),
        ("channel_out", "UPDATE channel_out SET cosigned = checkpoint".to_owned(), Wrong::Cosignature(3)),
        ("statement_in", format!("UPDATE statement_in SET payload = CAST(payload || x'20' AS BLOB) WHERE channel = {theirs} AND sequence = 0"), Wrong::Digest(0)),
        ("journal", "UPDATE journal SET row = CAST(row || x'20' AS BLOB) WHERE number = 4".to_owned(), Wrong::Digest(4)),
        ("journal", "DELETE FROM journal WHERE number = 4".to_owned(), Wrong::Missing(4)),
        ("journal", "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)".to_owned(), Wrong::Missing(u64::MAX)),
        ("journal_head", "UPDATE journal_head SET checkpoint = replace(checkpoint, 'comity/journal', 'comity/journey')".to_owned(), Wrong::Signature(u64::MAX)),
        ("journal_head", "UPDATE journal_head SET size = 1, frontier = CAST(x'0000000000000001' || (SELECT leaf FROM journal WHERE number = 0) AS BLOB)".to_owned(), Wrong::Shorter(u64::MAX)),
    ];
    assert_eq!(found(&pair.us).await?, None);
    for (table, sql, wrong) in changes {
        pair.us.sql(&format!(
            "PRAGMA foreign_keys = OFF; CREATE TABLE aside AS SELECT * FROM {table}; {sql}"
        ))?;
        let (in_record, named) = found(&pair.us).await?.ok_or_else(|| format!("unseen: {sql}"))?;
        // The last row and the size of the journal are not known beforehand.
        match (wrong, named) {
            (Wrong::Missing(u64::MAX), Wrong::Missing(_))
            | (Wrong::Signature(u64::MAX), Wrong::Signature(_))
            | (Wrong::Shorter(u64::MAX), Wrong::Shorter(_)) => {}
            _ => assert_eq!(named, wrong, "{sql}"),
        }
        assert_eq!(in_record, !table.starts_with("journal"), "{sql}");
        pair.us.sql(&format!("PRAGMA foreign_keys = OFF; DELETE FROM {table}; INSERT INTO {table} SELECT * FROM aside; DROP TABLE aside"))?;
    }
    assert_eq!(found(&pair.us).await?, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_of_another_order_is_not_the_one_that_was_signed() -> Result<()> {
    let (pair, _) = settled().await?;
    let (size, _) = journal::sign(&pair.us.node).await?;
    pair.us.sql(
        "UPDATE journal SET number = -1 WHERE number = 1;
         UPDATE journal SET number = 1 WHERE number = 2;
         UPDATE journal SET number = 2 WHERE number = -1",
    )?;
    assert_eq!(found(&pair.us).await?, Some((false, Wrong::Root(size))));
    let again = journal::sign(&pair.us.node).await.map_err(|error| error.code());
    assert_eq!(again.map(|it| it.0), Err("journal-forked"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_are_the_leaves_of_the_cosigned_tree() -> Result<()> {
    let (pair, channel) = settled().await?;
    let (here, there) = (&pair.us.node, &pair.mx.node);
    let mine = record::exportable(here, channel).await?.ok_or("nothing to export")?;
    let theirs = record::exportable(there, channel).await?.ok_or("nothing to export")?;
    assert!(mine.cosigned && theirs.cosigned);
    assert_eq!((mine.signed.size, mine.signed.root), (3, theirs.signed.root));
    let hashes = Tile::new(TileKind::Hashes(0), 0, 3).ok_or("no tile")?;
    let entries = Tile::new(TileKind::Entries, 0, 3).ok_or("no tile")?;
    let tile = record::tile_bytes(here, channel, hashes).await?;
    assert_eq!(tile, record::tile_bytes(there, channel, hashes).await?);
    let bundle = record::bundle_bytes(here, channel, entries).await?;
    assert_eq!(bundle, record::bundle_bytes(there, channel, entries).await?);
    for (sequence, entry) in (0..).zip(parse_bundle(&bundle, 3)?) {
        let digest = statement(here, channel, sequence).await?.line.digest;
        assert_eq!(entry, statement_entry(digest.as_bytes()));
    }
    let larger = Tile::new(TileKind::Entries, 0, 4).ok_or("no tile")?;
    assert!(record::bundle_bytes(here, channel, larger).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_statement_is_a_gap_that_blocks_settlement() -> Result<()> {
    let (pair, channel) = settled().await?;
    pair.mx.sql(
        "INSERT INTO held (channel, sequence, digest, pouch)
         SELECT channel, 5, randomblob(32), (SELECT max(number) FROM pouch) FROM channel_in LIMIT 1",
    )?;
    let log = view(&pair.mx.node, channel).await?;
    assert_eq!((log.gap(), log.progress.held, log.settled_to()), (Some((3, 5)), 1, 3));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_of_the_journal_is_proved_under_its_signed_checkpoint() -> Result<()> {
    let (pair, _) = settled().await?;
    let node = &pair.us.node;
    let many = (0..600).map(|at| node.journal("counted", at, serde_json::json!({}))).collect();
    node.store().journal(many).await?;
    let unsigned = node.store().journal_head().await?.size - 1;
    let early = journal::prove(node, unsigned).await.map_err(|error| error.code());
    assert_eq!(early.map(|_| ()), Err("journal-unsigned"));
    let (size, signed) = journal::sign(node).await?;
    assert_eq!(size, unsigned + 1);
    // Nothing was written, so nothing is signed again.
    assert_eq!(journal::sign(node).await?, (size, signed));
    for number in [0, 1, 255, 256, 511, 512, unsigned] {
        let proven = journal::prove(node, number).await?;
        let root = *proven.proof.checkpoint().root();
        let leaf = journal::leaf_of(&proven.row);
        assert_eq!(proven.proof.checkpoint().origin(), journal::origin(node));
        assert_eq!(verify_inclusion(&leaf, number, size, proven.proof.hashes(), &root), Ok(()));
    }
    assert_eq!(found(&pair.us).await?, None);
    pair.us.sql("UPDATE journal_tile SET hash = zeroblob(32) WHERE place = 1")?;
    assert_eq!(found(&pair.us).await?, Some((false, Wrong::Node { level: 8, index: 1 })));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_erased_leaves_the_journal_whole() -> Result<()> {
    let (pair, _) = settled().await?;
    pair.us.sql("UPDATE journal_actor SET name = NULL")?;
    assert_eq!(found(&pair.us).await?, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_put_back_from_an_older_copy_is_not_signed_again() -> Result<()> {
    let (pair, _) = settled().await?;
    let node = &pair.us.node;
    let signed = node.store().journal_head().await?.size;
    pair.us.sql(
        "DELETE FROM journal WHERE number > 0;
         UPDATE journal_head SET size = 1, frontier = CAST(x'0000000000000001' || (SELECT leaf FROM journal WHERE number = 0) AS BLOB)",
    )?;
    let refused = journal::sign(node).await.map_err(|error| error.code());
    assert_eq!(refused.map(|_| ()), Err("journal-shorter"));
    assert_eq!(found(&pair.us).await?, Some((false, Wrong::Shorter(signed))));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_database_in_its_place_is_known_by_what_is_kept_apart() -> Result<()> {
    let (mut pair, _) = settled().await?;
    let older = pair.us.backup()?;
    let again = pair.us.backup()?;
    let many = (0..20).map(|at| pair.us.node.journal("counted", at, serde_json::json!({})));
    pair.us.node.store().journal(many.collect()).await?;
    let (signed, _) = journal::sign(&pair.us.node).await?;
    // nothing was said to anybody since: the channels are as they were, and the journal alone has lost lines
    pair.us.put_back(older).await?;
    assert_eq!(journal::behind(&pair.us.node).await?, Some(Wrong::Shorter(signed)));
    assert_eq!(found(&pair.us).await?, Some((false, Wrong::Shorter(signed))));
    let refused = journal::sign(&pair.us.node).await.map_err(|error| error.code());
    assert_eq!(refused.map(|_| ()), Err("journal-shorter"));
    // as many lines again do not make it the same
    let others = (0..40).map(|at| pair.us.node.journal("recounted", at, serde_json::json!({})));
    pair.us.node.store().journal(others.collect()).await?;
    assert_eq!(found(&pair.us).await?, Some((false, Wrong::Root(signed))));
    let refused = journal::sign(&pair.us.node).await.map_err(|error| error.code());
    assert_eq!(refused.map(|_| ()), Err("journal-forked"));
    // what is put back on purpose goes on, and says what there was
    pair.us.put_back(again).await?;
    recovery::restored(&pair.us.node, serde_json::json!({}), "an analyst").await?;
    let lines = crate::support::journal(&pair.us.node, "restored").await?;
    assert_eq!(lines[0].entry.details["journal_signed_before"]["size"], signed);
    journal::sign(&pair.us.node).await?;
    assert_eq!(found(&pair.us).await?, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_foothold_nothing_of_the_journal_crosses() -> Result<()> {
    let (pair, _) = settled().await?;
    journal::sign(&pair.mx.node).await?;
    for (own, other) in [(&pair.us, &pair.mx), (&pair.mx, &pair.us)] {
        let origin = journal::origin(&own.node);
        let mut leaves = Vec::new();
        for row in own.node.store().journal_rows(0, 1_000).await? {
            leaves.extend([row.leaf.to_vec(), row.salt]);
        }
        // What the other side has of this one: payloads, envelopes, checkpoints, in clear.
        for (table, rows) in other.tables()? {
            for row in rows {
                assert!(!row.contains(&origin), "{table}: {row}");
                let shown = leaves.iter().find(|it| row.contains(&format!("Blob({it:?})")));
                assert!(shown.is_none(), "{table}");
            }
        }
        for channel in own.node.store().channels().await? {
            assert_ne!(channel.origin(), origin);
        }
    }
    Ok(())
}
