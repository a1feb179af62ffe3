//! Who received data about one person, and who looked: what oversight is told, and the habits it is shown.

use std::collections::BTreeSet;

use comity_exchange::ExchangeError;
use comity_exchange::access::{Area, Reader, Verb, accesses, record_access};
use comity_exchange::audit::{Days, Habit, Thresholds, patterns, person, report};
use comity_exchange::compose::Selection;
use comity_exchange::ports::AccessQuery;
use comity_exchange::unit::{Chosen, add, prepare};
use comity_model::UseCode;
use comity_testkit::{AgreementText, CLAUSE, Faults, Pair, Party, Result, indicators, pair_with};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::reciprocity::settle;
use crate::requests::terms;

const MARIA: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-0000000000a1";
const OTHER: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-0000000000a2";
const REPORT: &str = "report--5d0b6f1e-3c0e-4e59-8a52-0000000000a3";

fn auditor() -> Reader {
    Reader { purpose: Some("complaint 14".to_owned()), ..Reader::named("an auditor") }
}

/// Two carriers of whom one has contact data that stays, and a report that names her alone.
fn objects() -> String {
    let at = "2026-01-10T08:00:00.000Z";
    let carrier = |id: &str, name: &str, contact: serde_json::Value| {
        let mut it = json!({ "type": "identity", "spec_version": "2.1", "id": id, "created": at, "modified": at,
            "name": name, "identity_class": "organization" });
        if !contact.is_null() {
            it["contact_information"] = contact;
        }
        it
    };
    let report = json!({ "type": "report", "spec_version": "2.1", "id": REPORT, "created": at, "modified": at,
        "name": "A route", "report_types": ["indicator"], "published": "2026-01-10T08:00:00Z", "object_refs": [MARIA] });
    let other = carrier(OTHER, "Transportes Ordinarios", serde_json::Value::Null);
    format!("{}\n{other}\n{report}", carrier(MARIA, "Fletes Ñandú Élite", "tel 1".into()))
}

/// The carriers and the report released, and the report given to a unit.
async fn released() -> Result<Pair> {
    let pair = pair_with(&terms()).await?;
    pair.us.hold(&objects()).await?;
    let ids = [MARIA, OTHER, REPORT].map(str::to_owned).to_vec();
    pair.us.release(&pair.mx, CLAUSE, Selection::Ids(ids), 1).await?;
    settle(&pair, Faults::default()).await?;
    add(&pair.us.node, "customs", "Customs", UseCode::IntelligenceOnly, &pair.us.officers[0])
        .await?;
    let chosen = Chosen::Ids(vec![REPORT.to_owned()]);
    prepare(&pair.us.node, "customs", chosen, "x").await?.note(&pair.us.node).await?;
    Ok(pair)
}

async fn open(party: &Party, name: &str, id: &str) -> Result<()> {
    let access = Reader::named(name).access(&party.node, Verb::Opened, Area::Holdings, [id]);
    Ok(record_access(&party.node, &auditor().rules, &[access]).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_found_whatever_case_and_accents_and_all_that_went_is_told() -> Result<()> {
    let pair = released().await?;
    open(&pair.us, "analyst-7", MARIA).await?;
    let mut search =
        Reader::named("analyst-8").access(&pair.us.node, Verb::Searched, Area::Holdings, [OTHER]);
    search.words = Some("nandu".to_owned());
    record_access(&pair.us.node, &auditor().rules, &[search]).await?;
    open(&pair.us, "analyst-9", OTHER).await?;

    let by_name = person(&pair.us.node, "fletes  nandu ELITE", &auditor()).await?;
    assert_eq!(by_name.persons.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), [MARIA]);
    let [left] = &by_name.releases[..] else { return Err(format!("{by_name:?}").into()) };
    assert_eq!((left.to, left.clause.as_str()), (pair.mx.node.root(), CLAUSE));
    let ids: BTreeSet<&str> = left.objects.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, BTreeSet::from([MARIA, REPORT]), "the other carrier is not about her");
    let carrier = left.objects.iter().find(|it| it.id == MARIA).ok_or("the carrier")?;
    assert!(carrier.pseudonym && carrier.sent_as != MARIA);
    assert_eq!(carrier.redacted, ["contact_information"]);
    assert_eq!(by_name.units.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), [REPORT]);
    let looked: BTreeSet<&str> = by_name.accesses.iter().map(|it| it.actor.as_str()).collect();
    assert_eq!(
        looked,
        BTreeSet::from(["an auditor", "analyst-7", "analyst-8"]),
        "whoever looks for her is told too"
    );

    let by_id = person(&pair.us.node, MARIA, &auditor()).await?;
    assert_eq!((by_id.releases, by_id.units), (by_name.releases.clone(), by_name.units.clone()));
    let by_pseudonym = person(&pair.mx.node, &carrier.sent_as, &auditor()).await?;
    assert_eq!(by_pseudonym.received.len(), 2, "at the partner it came, under the pseudonym");
    assert!(by_pseudonym.received.iter().all(|it| it.from == pair.us.node.root()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_looked_up_without_a_purpose_or_without_a_line() -> Result<()> {
    let pair = released().await?;
    let refused = person(&pair.us.node, MARIA, &Reader::named("an auditor")).await;
    assert!(matches!(refused, Err(ExchangeError::Refused { code: "purpose-required", .. })));
    let unknown = person(&pair.us.node, "Nobody Atall", &auditor()).await;
    assert!(matches!(unknown, Err(ExchangeError::NotFound { .. })));
    let line = pair.us.node.store().journal_newest(1).await?.remove(0).entry;
    assert_eq!((line.event.as_str(), line.actor.as_str()), ("audit-person", "an auditor"));
    assert!(!line.details.to_string().contains("Atall"), "{line:?}");
    let seen = accesses(&pair.us.node, AccessQuery { limit: 1, ..AccessQuery::default() }).await?;
    assert_eq!(seen[0].words.text.as_deref(), Some("Nobody Atall"));
    Ok(())
}

fn rule<'a>(found: &'a [Habit], rule: &str) -> Vec<&'a Habit> {
    found.iter().filter(|it| it.rule == rule).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_much_that_serves_nothing_is_counted_and_who_works_on_a_release_is_not()
-> Result<()> {
    let pair = released().await?;
    pair.us.hold(&indicators(0..1)).await?;
    let unused = indicators(0..1).split('"').nth(11).ok_or("an id")?.to_owned();
    for _ in 0..5 {
        open(&pair.us, "analyst-7", &unused).await?;
        open(&pair.us, "analyst-8", MARIA).await?;
        pair.clock.advance(SignedDuration::from_hours(12));
    }
    let none = Thresholds { unpurposed: usize::MAX, ..Thresholds::default() };
    let found = patterns(&pair.us.node, none, &auditor()).await?;
    let [habit] = rule(&found, "opened-unused")[..] else {
        return Err(format!("{found:?}").into());
    };
    assert_eq!((habit.actor.as_deref(), habit.count), (Some("analyst-7"), 5));
    assert_eq!(habit.object.as_deref(), Some(unused.as_str()));
    let [habit] = rule(&found, "same-person")[..] else { return Err(format!("{found:?}").into()) };
    assert_eq!(
        (habit.actor.as_deref(), habit.count, habit.object.as_deref()),
        (Some("analyst-8"), 3, Some(MARIA))
    );
    let seldom = Thresholds { opened: 6, days: 4, ..none };
    let found = patterns(&pair.us.node, seldom, &auditor()).await?;
    assert!(rule(&found, "opened-unused").is_empty() && rule(&found, "same-person").is_empty());

    let search =
        Reader::named("analyst-9").access(&pair.us.node, Verb::Searched, Area::Holdings, [MARIA]);
    record_access(&pair.us.node, &auditor().rules, &[search.clone(), search]).await?;
    let found = patterns(&pair.us.node, Thresholds { unpurposed: 2, ..none }, &auditor()).await?;
    let [habit] = rule(&found, "no-purpose")[..] else { return Err(format!("{found:?}").into()) };
    assert_eq!((habit.actor.as_deref(), habit.count), (Some("analyst-9"), 2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_just_before_its_quota_renews_is_counted_and_one_at_noon_is_not() -> Result<()> {
    let more = format!("[[quota]]\nclause = \"{CLAUSE}\"\nobjects = 50\nper = \"day\"\n");
    let pair = pair_with(&AgreementText { more, ..AgreementText::default() }).await?;
    pair.us.hold(&indicators(0..1)).await?;
    let midnight =
        pair.us.node.now().to_zoned(TimeZone::UTC).tomorrow()?.start_of_day()?.timestamp();
    let select = || Selection::Type("indicator".to_owned());
    pair.clock.advance(midnight.duration_since(pair.us.node.now()) - SignedDuration::from_mins(30));
    pair.us.release(&pair.mx, CLAUSE, select(), 1).await?;
    pair.clock.advance(SignedDuration::from_hours(12));
    pair.us.release(&pair.mx, CLAUSE, select(), 1).await?;
    let found = patterns(&pair.us.node, Thresholds::default(), &auditor()).await?;
    let [habit] = rule(&found, "before-renewal")[..] else {
        return Err(format!("{found:?}").into());
    };
    assert_eq!(habit.count, 1);
    let found =
        patterns(&pair.us.node, Thresholds { minutes: 20, ..Thresholds::default() }, &auditor())
            .await?;
    assert!(rule(&found, "before-renewal").is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_does_not_count_who_looked_for_oversight_and_does_not_change_by_it() -> Result<()>
{
    let pair = released().await?;
    let day = pair.us.node.now().to_zoned(TimeZone::UTC).date();
    let days = Days { from: day, until: day };
    let before = report(&pair.us.node, days, None, &auditor()).await?;
    person(&pair.us.node, MARIA, &auditor()).await?;
    patterns(&pair.us.node, Thresholds::default(), &auditor()).await?;
    let list = auditor().access(&pair.us.node, Verb::Searched, Area::Audit, [0]);
    record_access(&pair.us.node, &auditor().rules, &[list]).await?;
    assert_eq!(report(&pair.us.node, days, None, &auditor()).await?.bytes, before.bytes);
    open(&pair.us, "analyst-7", MARIA).await?;
    let after = report(&pair.us.node, days, None, &auditor()).await?.report;
    let house = after.house.ok_or("a house")?;
    assert_eq!(house.counts["journal"]["access-opened"]["lines"], 1);
    Ok(())
}
