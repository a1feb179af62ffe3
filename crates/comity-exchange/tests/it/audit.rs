//! Reports for an inspectorate: what both parties count, and what is signed.

use comity_exchange::ExchangeError;
use comity_exchange::access::Reader;
use comity_exchange::audit::{
    Days, FORMAT, Report, Sample, SeedFrom, Thresholds, check, export, patterns, report, sample,
};
use comity_exchange::compose::Selection;
use comity_exchange::request::ask;
use comity_model::Digest;
use comity_testkit::{CLAUSE, Faults, Pair, Party, Result, indicator, indicators, pair_with};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};

use crate::reciprocity::settle;
use crate::requests::{terms, wish};

fn auditor() -> Reader {
    Reader::named("an auditor")
}

fn another() -> Reader {
    Reader::named("another")
}

fn today(party: &Party) -> Date {
    party.node.now().to_zoned(TimeZone::UTC).date()
}

fn on(day: Date) -> Days {
    Days { from: day, until: day }
}

async fn all(party: &Party, days: Days) -> Result<Report> {
    Ok(report(&party.node, days, None, &auditor()).await?.report)
}

/// A pair with a release, a request and their receipts, all cosigned; the day of it.
async fn busy() -> Result<(Pair, Date)> {
    let pair = pair_with(&terms()).await?;
    let day = today(&pair.us);
    pair.us.hold(&indicators(1..4)).await?;
    let indicators = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, indicators, 1).await?;
    ask(&pair.us.node, wish(&pair.mx)).await?;
    settle(&pair, Faults::default()).await?;
    Ok((pair, day))
}

fn count(report: &Report, by: &Party, path: [&str; 3]) -> Option<u64> {
    let directions = report.shared.iter().flat_map(|it| &it.directions);
    let mut own = directions.filter(|it| it.from == by.node.root());
    own.find_map(|it| it.counts.get(path[0])?.get(path[1])?.get(path[2]).copied())
}

#[tokio::test(flavor = "multi_thread")]
async fn both_parties_count_the_same_and_the_same_record_gives_the_same_bytes() -> Result<()> {
    let (pair, day) = busy().await?;
    let us = report(&pair.us.node, on(day), Some("mx"), &auditor()).await?;
    let mx = report(&pair.mx.node, on(day), Some("us"), &auditor()).await?;
    assert_eq!(
        serde_json::to_string(&us.report.shared)?,
        serde_json::to_string(&mx.report.shared)?
    );
    assert_eq!(count(&us.report, &pair.us, ["kinds", "release", "admitted"]), Some(1));
    assert_eq!(count(&us.report, &pair.us, ["clauses", CLAUSE, "objects"]), Some(3));
    assert_eq!(count(&us.report, &pair.us, ["clauses", CLAUSE, "objects_admitted"]), Some(3));
    assert_eq!(count(&us.report, &pair.us, ["requests", "urgent", "put"]), Some(1));
    let officer = pair.us.officers[0].officer().to_string();
    assert_eq!(count(&us.report, &pair.us, ["approvals", &officer, "releases"]), Some(1));
    assert!(us.report.waiting.is_empty() && us.report.house.is_none());

    let whole = report(&pair.us.node, on(day), None, &auditor()).await?;
    assert_eq!(whole.report.shared, us.report.shared, "the only partner");
    assert!(
        whole
            .report
            .house
            .as_ref()
            .is_some_and(|it| it.counts["journal"].contains_key("release-sealed"))
    );
    let (written, file) = export(&pair.us.node, on(day), None, &auditor()).await?;
    pair.clock.advance(SignedDuration::from_hours(3));
    let (again, _) = export(&pair.us.node, on(day), None, &another()).await?;
    assert_eq!((&written.bytes, &whole.bytes), (&again.bytes, &whole.bytes));
    assert_eq!(check(&file, &[pair.us.node.root()])?.report, written.report);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_that_is_over_keeps_its_counts_and_a_clock_that_ran_out_is_overdue() -> Result<()>
{
    let (pair, day) = busy().await?;
    let next = day.checked_add(1.day())?;
    pair.clock.advance(SignedDuration::from_hours(25));
    pair.us.hold(&indicator(9)).await?;
    let indicators = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, indicators, 1).await?;
    settle(&pair, Faults::default()).await?;
    let first = all(&pair.us, on(day)).await?;
    assert_eq!(count(&first, &pair.us, ["kinds", "release", "statements"]), Some(1));
    assert_eq!(count(&first, &pair.us, ["requests", "urgent", "overdue"]), Some(1));
    pair.clock.advance(SignedDuration::from_hours(30));
    ask(&pair.us.node, wish(&pair.mx)).await?;
    settle(&pair, Faults::default()).await?;
    assert_eq!(all(&pair.us, on(day)).await?.shared, first.shared);
    let second = all(&pair.us, on(next)).await?;
    assert_eq!(count(&second, &pair.us, ["kinds", "release", "statements"]), Some(1));
    for (before, after) in first.shared[0].directions.iter().zip(&second.shared[0].directions) {
        assert_eq!(before.end, after.begin, "one day ends where the next begins");
    }
    let both = Days { from: day, until: next };
    let both = all(&pair.us, both).await?;
    assert_eq!(count(&both, &pair.us, ["kinds", "release", "statements"]), Some(2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_receiver_has_not_cosigned_is_told_and_not_counted() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let day = today(&pair.us);
    ask(&pair.us.node, wish(&pair.mx)).await?;
    let found = all(&pair.us, on(day)).await?;
    assert_eq!(count(&found, &pair.us, ["kinds", "request", "statements"]), None);
    assert_eq!(found.waiting.values().sum::<u64>(), 1);
    let empty = found.shared[0].directions.iter().all(|it| it.end.size == 0);
    assert!(empty);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_that_ends_before_it_begins_is_refused_and_only_the_journal_says_so() -> Result<()>
{
    let pair = pair_with(&terms()).await?;
    let day = today(&pair.us);
    let days = Days { from: day, until: day.checked_sub(1.day())? };
    let before = pair.us.tables()?;
    let refused = export(&pair.us.node, days, None, &auditor()).await;
    assert!(matches!(refused, Err(ExchangeError::Refused { code: "audit-period", .. })));
    let lines = pair.us.node.store().journal_newest(1).await?;
    let entry = &lines[0].entry;
    assert_eq!((entry.event.as_str(), entry.actor.as_str()), ("audit-refused", "an auditor"));
    assert_eq!(entry.details["code"], "audit-period");
    let after = pair.us.tables()?;
    let changed = after.iter().filter(|(name, rows)| before.get(*name) != Some(*rows));
    let changed: Vec<&String> = changed.map(|it| it.0).collect();
    let of_the_journal = |it: &&String| it.starts_with("journal") || *it == "counter";
    assert!(changed.iter().all(of_the_journal), "{changed:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_report_never_verifies() -> Result<()> {
    let (pair, day) = busy().await?;
    let root = pair.us.node.root();
    let (written, file) = export(&pair.us.node, on(day), None, &auditor()).await?;
    assert!(file.starts_with(format!("{{\"format\":\"{FORMAT}\"").as_bytes()));
    let signed = check(&file, &[root])?;
    assert_eq!((signed.pinned, Digest::of(&signed.bytes)), (true, written.digest()));
    assert!(!check(&file, &[])?.pinned);
    let stranger = check(&file, &[pair.mx.node.root()]).err().ok_or("a stranger's")?;
    assert_eq!(stranger.code, "root-not-pinned");
    // every byte of the beginning and the end, and a sample of the rest
    let places = (0..64).chain((64..file.len()).step_by(97)).chain(file.len() - 8..file.len());
    for place in places {
        let mut edited = file.clone();
        edited[place] ^= 1;
        assert!(check(&edited, &[root]).is_err(), "byte {place}");
        assert!(check(&file[..place], &[root]).is_err(), "cut at {place}");
    }
    let text = String::from_utf8(file)?;
    assert!(check(format!("{text} ").as_bytes(), &[root]).is_err());
    assert!(check(text.replace("\"v\":1", "\"v\": 1").as_bytes(), &[root]).is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_who_approves_within_seconds_is_counted_and_one_who_reads_is_not() -> Result<()>
{
    let (pair, _) = busy().await?;
    let thresholds = |seconds| Thresholds { seconds, night: (0, 0), ..Thresholds::default() };
    let found = patterns(&pair.us.node, thresholds(5), &auditor()).await?;
    let quick: Vec<_> = found.iter().filter(|it| it.rule == "quick-approval").collect();
    assert_eq!(quick.len(), 1, "{found:?}");
    assert_eq!((quick[0].count, &quick[0].officers[..]), (1, &[pair.us.officers[0].officer()][..]));
    let found = patterns(&pair.us.node, thresholds(-1), &auditor()).await?;
    assert!(found.iter().all(|it| it.rule != "quick-approval"), "{found:?}");
    let found =
        patterns(&pair.us.node, Thresholds { night: (0, 24), ..thresholds(0) }, &auditor()).await?;
    assert!(found.iter().any(|it| it.rule == "at-night"), "{found:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_is_made_again_by_its_seed_and_without_one_hangs_on_what_partners_said() -> Result<()>
{
    let (pair, _) = busy().await?;
    let one = sample(&pair.us.node, 1, None, &auditor()).await?;
    assert_eq!((one.among, one.drawn.len()), (2, 1));
    assert_eq!(one.seed_from, SeedFrom::PartnersLogs);
    let again = sample(&pair.us.node, 1, Some(one.seed.clone()), &another()).await?;
    assert_eq!(again, Sample { seed_from: SeedFrom::Given, ..one.clone() });
    // whatever this node makes of its own log decides nothing
    let own = "UPDATE channel_out SET cosigned_size = NULL, cosigned = NULL";
    pair.us.sql(own)?;
    assert_eq!(sample(&pair.us.node, 1, None, &auditor()).await?, one);
    let all = sample(&pair.us.node, 9, Some(one.seed.clone()), &another()).await?;
    assert_eq!((all.drawn.len(), &all.drawn[0]), (2, &one.drawn[0]));
    // where nothing else is cosigned it is said that the seed is of this node's own log
    let (other, _) = busy().await?;
    other.us.sql("UPDATE channel_in SET cosigned_size = NULL, cosigned = NULL")?;
    let steered = sample(&other.us.node, 1, None, &auditor()).await?;
    assert_eq!(steered.seed_from, SeedFrom::OwnLogs);
    let fresh = pair_with(&terms()).await?;
    let refused = sample(&fresh.us.node, 1, None, &auditor()).await;
    assert!(matches!(refused, Err(ExchangeError::Refused { code: "nothing-cosigned", .. })));
    Ok(())
}
