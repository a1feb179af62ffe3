//! Import: twice changes nothing, and what is rejected says where and why.

use comity_exchange::import::{ImportOptions, ImportReport, Lang, import};
use comity_testkit::{Party, Result, TestClock, indicator, indicators};

async fn party() -> Result<Party> {
    Party::new("us", &TestClock::at("2026-03-01T10:00:00Z".parse()?), false).await
}

async fn take(party: &Party, text: &str) -> Result<ImportReport> {
    graded(party, text, None).await
}

async fn graded(party: &Party, text: &str, grade: Option<&str>) -> Result<ImportReport> {
    let options = ImportOptions {
        source: "a file".to_owned(),
        grade: grade.map(str::parse).transpose()?,
        lang: Lang::En,
        by: "an analyst".to_owned(),
    };
    let file = std::io::Cursor::new(text.as_bytes().to_vec());
    Ok(import(&party.node, file, options, |_| {}).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_in_a_file_twice_changes_nothing() -> Result<()> {
    let party = party().await?;
    let file = indicators(0..2_500);
    let first = take(&party, &file).await?;
    assert_eq!((first.held.new, first.held.unchanged, first.rejected), (2_500, 0, 0));
    let before = party.node.store().counts().await?;
    let second = take(&party, &file).await?;
    assert_eq!((second.held.new, second.held.unchanged, second.rejected), (0, 2_500, 0));
    assert_eq!(party.node.store().counts().await?, before);
    assert_eq!(party.count("SELECT count(*) FROM holding")?, 2_500);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grade_for_what_is_held_already_is_not_given_and_that_is_said() -> Result<()> {
    let party = party().await?;
    assert_eq!(take(&party, &indicators(0..2)).await?.grades_kept, 0);
    assert_eq!(graded(&party, &indicators(2..4), Some("B2")).await?.grades_kept, 0, "they are new");
    assert_eq!(graded(&party, &indicators(0..4), Some("B2")).await?.grades_kept, 2);
    assert_eq!(graded(&party, &indicators(0..5), Some("C3")).await?.grades_kept, 4);
    assert_eq!(take(&party, &indicators(0..5)).await?.grades_kept, 0, "none was given");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn other_content_under_the_same_modified_is_named_and_the_old_stays() -> Result<()> {
    let party = party().await?;
    take(&party, &indicators(0..3)).await?;
    let changed = indicator(1).replace("unusual", "altered");
    let report = take(&party, &format!("{}\n{}\n{changed}\n", indicator(7), indicator(2))).await?;
    assert_eq!((report.held.new, report.held.unchanged, report.held.conflicts), (1, 1, 1));
    let [rejection] = &report.rejections[..] else { return Err("one rejection".into()) };
    let place = (rejection.line, rejection.pointer.as_str(), rejection.code.as_str());
    assert_eq!(place, (3, "/modified", "version-conflict"));
    let id = rejection.id.clone().ok_or("no id")?;
    let versions = party.node.store().holding_versions(id).await?;
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].bytes, indicator(1).into_bytes());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_modified_is_a_new_version_beside_the_old() -> Result<()> {
    let party = party().await?;
    take(&party, &indicator(1)).await?;
    let later = indicator(1)
        .replace(r#""modified":"2026-01-10"#, r#""modified":"2026-01-11"#)
        .replace("unusual", "usual");
    let report = take(&party, &later).await?;
    assert_eq!((report.held.new, report.rejected), (1, 0));
    let id = later.split('"').nth(11).ok_or("no id")?.to_owned();
    assert_eq!(party.node.store().holding_versions(id.clone()).await?.len(), 2);
    let newest = party.node.store().holding(id).await?.ok_or("not held")?;
    assert_eq!(newest.bytes, later.into_bytes());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_object_has_its_line_its_pointer_and_its_reason_and_stops_nothing() -> Result<()>
{
    let party = party().await?;
    let no_created = indicator(2).replace(r#""created":"2026-01-10T08:00:00.000Z","#, "");
    let bad_time =
        indicator(3).replace(r#""modified":"2026-01-10T08:00:00.000Z""#, r#""modified":"later""#);
    let file = format!("{}\n{no_created}\n{bad_time}\nnot json\n{}\n", indicator(1), indicator(4));
    let report = take(&party, &file).await?;
    assert_eq!((report.held.new, report.rejected), (2, 3));
    let places: Vec<(u64, &str)> =
        report.rejections.iter().map(|it| (it.line, it.pointer.as_str())).collect();
    assert_eq!(places, [(2, ""), (3, "/modified"), (4, "")]);
    for rejection in &report.rejections {
        assert!(!rejection.code.is_empty() && !rejection.message.is_empty());
    }
    assert_eq!(report.types.get("indicator"), Some(&2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_what_a_partner_released_does_not_become_own_by_importing_it() -> Result<()> {
    use comity_exchange::compose::Selection;
    let pair = comity_testkit::pair().await?;
    let object = indicator(7);
    pair.us.hold(&object).await?;
    let selection = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, comity_testkit::CLAUSE, selection, 1).await?;
    comity_testkit::pump(&pair.us, &pair.mx).await?;
    let before = pair.mx.node.store().counts().await?;
    let later = object.replace("\"modified\":\"2026", "\"modified\":\"2027");
    for again in [&object, &later] {
        let error = pair.mx.hold(again).await.err().ok_or("taken in as own")?.to_string();
        assert!(error.contains("partners-object"), "{error}");
    }
    assert_eq!(pair.mx.node.store().counts().await?, before);
    // each version in one file is refused on its line
    let both = format!("{object}\n{later}\n{}\n", indicator(8));
    let report = take(&pair.mx, &both).await?;
    assert_eq!((report.objects, report.held.new, report.rejected), (3, 1, 2));
    assert_eq!(report.rejections.iter().map(|it| it.line).collect::<Vec<_>>(), [1, 2]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_what_is_frozen_or_expired_does_not_become_own_by_importing_it() -> Result<()> {
    use comity_exchange::compose::Selection;
    use comity_exchange::legal_hold::{On, lay};
    let pair = comity_testkit::pair().await?;
    let (held, expired) = (indicator(7), indicator(8));
    pair.us.hold(&format!("{held}\n{expired}\n")).await?;
    let selection = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, comity_testkit::CLAUSE, selection, 2).await?;
    comity_testkit::pump(&pair.us, &pair.mx).await?;
    let id = held.split('"').nth(11).ok_or("no id")?.to_owned();
    let grounds = comity_model::Grounds::default();
    lay(&pair.mx.node, On::Object(id), "An order of a court", &grounds, "an analyst").await?;
    pair.clock.advance(jiff::SignedDuration::from_hours(24 * 40_000));
    for object in [held, expired] {
        let later = object.replace("\"modified\":\"2026", "\"modified\":\"2027");
        for again in [object, later] {
            let error = pair.mx.hold(&again).await.err().ok_or("taken in as own")?.to_string();
            assert!(error.contains("partners-object"), "{error}");
        }
    }
    assert_eq!(pair.mx.count("SELECT count(*) FROM holding")?, 2);
    Ok(())
}
