//! Who did what stands in the journal, and a person's name only where it can be erased.

use comity_exchange::approve::{approve, find_release, register_officer};
use comity_exchange::compose::{ComposeRequest, Selection, compose};
use comity_exchange::import::{ImportOptions, Lang, import};
use comity_exchange::partner;
use comity_exchange::ports::JournalEntry;
use comity_model::Grounds;
use comity_pouch::keys::OfficerKey;
use comity_testkit::{CLAUSE, Pair, Result, SeededEntropy, indicators, pair};

async fn journal(pair: &Pair) -> Result<Vec<JournalEntry>> {
    let lines = pair.us.node.store().journal_lines(0, 1_000).await?;
    Ok(lines.into_iter().map(|it| it.entry).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_officers_name_is_in_what_the_journal_can_never_give_up() -> Result<()> {
    const NAME: &str = "officer-with-a-name";
    let pair = pair().await?;
    let node = &pair.us.node;
    let key = OfficerKey::generate(&SeededEntropy::new("a key"))?;
    let until = node.now().checked_add(jiff::SignedDuration::from_hours(24))?;
    register_officer(node, &pair.us.registrar, &key, NAME, "release desk", until, NAME).await?;
    let options = ImportOptions {
        source: "test".to_owned(),
        grade: None,
        lang: Lang::En,
        by: NAME.to_owned(),
    };
    let file = std::io::Cursor::new(indicators(0..3).into_bytes());
    import(node, file, options, |_| {}).await?;
    let request = ComposeRequest {
        to: pair.mx.node.root(),
        clause: CLAUSE.to_owned(),
        purpose: None,
        selection: Selection::Type("indicator".to_owned()),
        grounds: Grounds::default(),
        by: "officer-1".to_owned(),
    };
    let composed = compose(node, request).await?;
    let row = find_release(node, &composed.release.record.folio.to_string()).await?;
    approve(node, &row, &key).await?;

    let journal = journal(&pair).await?;
    let by_name: Vec<&str> =
        journal.iter().filter(|it| it.actor == NAME).map(|it| it.event.as_str()).collect();
    assert_eq!(by_name, ["officer-registered", "imported", "release-approved"]);
    for JournalEntry { event, subject, details, .. } in &journal {
        for name in [NAME, "officer-1", "officer-2", "an analyst"] {
            assert!(!details.to_string().contains(name), "{event}: {details}");
            assert!(!subject.contains(name), "{event}: {subject}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_do_is_written_under_their_name_and_not_the_nodes() -> Result<()> {
    let pair = pair().await?;
    let journal = journal(&pair).await?;
    for event in [
        "officer-registered",
        "party-imported",
        "party-confirmed",
        "agreement-signed",
        "agreement-imported",
    ] {
        let mut lines = journal.iter().filter(|it| it.event == event).peekable();
        assert!(lines.peek().is_some(), "{event}");
        assert!(lines.all(|it| it.actor == "an analyst"), "{event}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fingerprint_that_differed_is_remembered_and_changes_nothing() -> Result<()> {
    let pair = pair().await?;
    let node = &pair.us.node;
    let before = node.store().parties().await?;
    partner::not_confirmed(node, &before[0], "an analyst").await?;
    let last = journal(&pair).await?.pop().ok_or("no line")?;
    assert_eq!((&*last.event, &*last.actor), ("party-not-confirmed", "an analyst"));
    assert_eq!(last.subject, before[0].root.to_string());
    assert_eq!(node.store().parties().await?, before);
    Ok(())
}
