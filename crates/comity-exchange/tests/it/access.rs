//! Who looked at what: in the journal for good, and what people typed only for a time.

use comity_exchange::access::{Area, Reader, Rules, Verb, accesses, forget, record_access};
use comity_exchange::compose::Selection;
use comity_exchange::ports::AccessQuery;
use comity_exchange::{ExchangeError, journal, record};
use comity_testkit::{CLAUSE, Faults, Party, Result, indicators, pair_with};
use jiff::SignedDuration;

use crate::reciprocity::settle;
use crate::requests::terms;

const TYPED: &str = "Quetzalcóatl Wolpertinger";

fn analyst() -> Reader {
    Reader { purpose: Some("matter seven".to_owned()), ..Reader::named("analyst-7") }
}

fn all() -> AccessQuery {
    AccessQuery { limit: 100, ..AccessQuery::default() }
}

/// Whether any file of a party's folder has these bytes.
fn has(party: &Party, text: &str) -> Result<bool> {
    let mut folders = vec![party.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path)?.windows(text.len()).any(|it| it == text.as_bytes()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

async fn search(party: &Party, reader: &Reader) -> Result<(), ExchangeError> {
    let mut access = reader.access(&party.node, Verb::Searched, Area::Holdings, ["identity--1"]);
    access.words = Some(TYPED.to_owned());
    record_access(&party.node, &reader.rules, &[access]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_can_be_erased_and_the_journal_stays_whole() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let us = &pair.us;
    search(us, &analyst()).await?;
    let seen = accesses(&us.node, all()).await?;
    assert_eq!(
        (seen[0].actor.as_str(), seen[0].verb, seen[0].found),
        ("analyst-7", Verb::Searched, 1)
    );
    assert_eq!(seen[0].words.text.as_deref(), Some(TYPED));
    assert_eq!(seen[0].purpose.text.as_deref(), Some("matter seven"));
    let rows = us.node.store().journal_rows(seen[0].number, 1).await?;
    let row = String::from_utf8(rows[0].row.clone())?;
    assert!(
        row.contains("identity--1") && !row.contains("Wolpertinger") && !row.contains("seven"),
        "{row}"
    );
    let (size, _) = journal::sign(&us.node).await?;

    assert_eq!(forget(&us.node, SignedDuration::from_hours(1)).await?, 0, "it is kept for a time");
    pair.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(forget(&us.node, SignedDuration::from_hours(1)).await?, 2);
    assert!(!has(us, "Wolpertinger")?, "it is in no file any more");
    let seen = accesses(&us.node, all()).await?;
    assert!(seen[0].words.given && seen[0].words.text.is_none() && seen[0].purpose.given);
    assert_eq!(seen[0].ids, ["identity--1"]);
    let checked = record::check(&us.node, None).await?;
    assert_eq!(checked.fault, None);
    let journal = checked.logs.iter().find(|it| it.channel.is_none()).ok_or("the journal")?;
    assert_eq!(journal.checkpoint, Some(size));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_was_changed_behind_the_nodes_back_is_damage() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    search(&pair.us, &analyst()).await?;
    pair.us.sql("UPDATE access_text SET text = 'another' WHERE part = 'words'")?;
    let changed = accesses(&pair.us.node, all()).await;
    assert!(matches!(changed, Err(ExchangeError::Damaged(_))), "{changed:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_purpose_that_is_required_there_is_a_refusal_and_no_access() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let us = &pair.us;
    let rules = Rules { purpose_required: true, purposes: vec!["oversight".to_owned()] };
    for (purpose, code) in [(None, "purpose-required"), (Some("gossip"), "purpose-unknown")] {
        let purpose = purpose.map(str::to_owned);
        let reader = Reader { purpose, rules: rules.clone(), ..Reader::named("analyst-7") };
        let refused = search(us, &reader).await.unwrap_err();
        assert_eq!(refused.code(), code);
        let line = us.node.store().journal_newest(1).await?.remove(0).entry;
        assert_eq!((line.event.as_str(), line.actor.as_str()), ("access-refused", "analyst-7"));
        assert_eq!(line.details["code"], code);
    }
    assert!(accesses(&us.node, all()).await?.is_empty());
    assert!(!has(us, "gossip")? && !has(us, "Wolpertinger")?, "what was typed is not kept");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_written_whole_and_found_by_actor_object_and_day() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let node = &pair.us.node;
    let begin = node.now();
    let by =
        |name: &str, id: &str| Reader::named(name).access(node, Verb::Opened, Area::Inbox, [id]);
    record_access(node, &Rules::default(), &[by("unit-1", "report--1"), by("unit-2", "report--2")])
        .await?;
    pair.clock.advance(SignedDuration::from_hours(48));
    record_access(node, &Rules::default(), &[by("unit-1", "report--2")]).await?;
    let count = async |query: AccessQuery| -> Result<usize> {
        Ok(accesses(node, AccessQuery { limit: 100, ..query }).await?.len())
    };
    assert_eq!(count(AccessQuery::default()).await?, 3);
    assert_eq!(count(AccessQuery { actor: Some("unit-1".to_owned()), ..all() }).await?, 2);
    let ids = Some(vec!["report--2".to_owned()]);
    assert_eq!(count(AccessQuery { ids, ..all() }).await?, 2);
    let since = Some(begin + SignedDuration::from_hours(1));
    assert_eq!(count(AccessQuery { since, ..all() }).await?, 1);
    // More than a line names stands in several lines, none of it lost.
    let many: Vec<String> = (0..2_500).map(|it| format!("report--{it}")).collect();
    let access = Reader::named("x").access(node, Verb::Searched, Area::Holdings, many);
    record_access(node, &Rules::default(), &[access]).await?;
    let seen = accesses(node, AccessQuery { actor: Some("x".to_owned()), ..all() }).await?;
    assert_eq!(seen.iter().map(|it| it.ids.len()).sum::<usize>(), 2_500);
    assert!(seen.iter().all(|it| it.found == 2_500));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_foothold_nothing_of_who_looked_crosses() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    pair.us.hold(&indicators(0..2)).await?;
    search(&pair.us, &analyst()).await?;
    let indicators = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, indicators, 1).await?;
    settle(&pair, Faults::default()).await?;
    for text in ["analyst-7", "Wolpertinger", "matter seven"] {
        assert!(has(&pair.us, text)?, "{text} stands here");
        assert!(!has(&pair.mx, text)?, "{text} crossed");
    }
    Ok(())
}
