//! Standing patterns see everything that is admitted, once, and what they make of it binds like what it was made of.

use std::collections::BTreeSet;

use comity_exchange::compose::Selection;
use comity_exchange::pattern::{
    Follower, From, MOST, NewPattern, Sighting, Standing, State, add, catch_up, find, list, remove,
    sightings,
};
use comity_exchange::ports::HoldingQuery;
use comity_exchange::provenance::corroboration;
use comity_exchange::purge::{self, sweep};
use comity_exchange::recall::{Answer, AnswerAct, What, all, answer, recall};
use comity_exchange::{ExchangeError, Node};
use comity_model::domain::GRADE;
use comity_model::{Grounds, Handling, Holding, Onward, Tlp};
use comity_stix::{Checker, Limits, Severity};
use comity_testkit::{AgreementText, CLAUSE, Pair, Party, Result, TestClock, pair_with, pump};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::recalls::of;
use crate::retention::on_disk;
use crate::support::journal;

mod together;

const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
const AMBER: &str = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";

fn uuid(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

fn domain(number: u64) -> String {
    let id = format!("domain-name--{}", uuid(number));
    let object = json!({
        "type": "domain-name", "spec_version": "2.1", "id": id, "value": format!("shop-{number}.example"),
    });
    format!("{object}\n")
}

fn observed_id(number: u64) -> String {
    format!("observed-data--{}", uuid(number))
}

/// Observed-data that names the domain of the same number, seen at that second of the hour.
fn observed(number: u64) -> Value {
    let at = format!("2026-01-10T08:{:02}:{:02}Z", number / 60 % 60, number % 60);
    json!({
        "type": "observed-data", "spec_version": "2.1", "id": observed_id(number),
        "created": "2026-01-10T09:00:00.000Z", "modified": "2026-01-10T09:00:00.000Z",
        "first_observed": at, "last_observed": at, "number_observed": 2,
        "object_refs": [format!("domain-name--{}", uuid(number))], "object_marking_refs": [GREEN],
    })
}

fn line(object: &Value) -> String {
    format!("{object}\n")
}

/// The pattern of a domain.
fn shop(number: u64) -> String {
    format!("[domain-name:value = 'shop-{number}.example']")
}

fn of_text(name: &str, text: &str) -> NewPattern {
    NewPattern { name: name.to_owned(), from: From::Text(text.to_owned()), grade: None, note: None }
}

async fn stand(node: &Node, name: &str, text: &str) -> Result<Standing> {
    Ok(add(node, of_text(name, text), "an analyst").await?)
}

async fn seen(node: &Node, name: &str) -> Result<Vec<Sighting>> {
    let found = find(node, name).await?;
    Ok(sightings(node, &found.row, 1_000).await?)
}

async fn held(node: &Node) -> Result<Vec<Holding>> {
    let query = HoldingQuery {
        stix_type: Some("sighting".to_owned()),
        limit: 1_000,
        ..HoldingQuery::default()
    };
    Ok(node.store().holdings(query).await?.holdings)
}

async fn alone() -> Result<(Party, TestClock)> {
    let clock = TestClock::at("2026-02-10T10:00:00Z".parse()?);
    Ok((Party::new("us", &clock, false).await?, clock))
}

/// Two parties between which observed-data goes.
async fn observers() -> Result<Pair> {
    let kinds = r#"["indicator", "observed-data", "domain-name", "sighting"]"#.to_owned();
    let redact = "[]".to_owned();
    pair_with(&AgreementText { kinds, redact, ..AgreementText::default() }).await
}

/// `us` releases what it observed under these numbers, and `mx` has it.
async fn released(pair: &Pair, numbers: &[u64]) -> Result<()> {
    let lines = |number: &u64| domain(*number) + &line(&observed(*number));
    pair.us.hold(&numbers.iter().map(lines).collect::<String>()).await?;
    let both = |number: &u64| [observed_id(*number), format!("domain-name--{}", uuid(*number))];
    let ids = Selection::Ids(numbers.iter().flat_map(both).collect());
    pair.us.release(&pair.mx, CLAUSE, ids, 1).await?;
    pump(&pair.us, &pair.mx).await
}

/// What a sighting says, which must be valid STIX.
fn said(bytes: &[u8]) -> Value {
    let limits = Limits::default();
    let report = Checker::new(&limits).check(bytes);
    let broken: Vec<_> =
        report.findings.iter().filter(|it| it.severity == Severity::Must).collect();
    assert!(broken.is_empty(), "{broken:?}");
    serde_json::from_slice(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_observed_becomes_one_sighting_whichever_of_its_objects_came_first() -> Result<()>
{
    let (us, clock) = alone().await?;
    let node = &us.node;
    let standing = stand(node, "shop", &shop(1)).await?;
    assert_eq!((standing.state, standing.foreign), (State::Stands, false));
    us.hold(&line(&observed(1))).await?;
    catch_up(node).await?;
    assert_eq!(seen(node, "shop").await?.len(), 0, "nothing says yet what was observed");
    clock.advance(SignedDuration::from_secs(5));
    us.hold(&(domain(1) + &domain(2) + &line(&observed(2)))).await?;
    for _ in 0..3 {
        catch_up(node).await?;
        let found = seen(node, "shop").await?;
        let [sighting] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(sighting.handling, None);
        let said = said(&sighting.bytes);
        assert_eq!(said["sighting_of_ref"], standing.row.record.indicator.id.as_str());
        assert_eq!(said["observed_data_refs"], json!([observed_id(1)]));
        assert_eq!(
            (&said["count"], &said["first_seen"]),
            (&json!(2), &json!("2026-01-10T08:00:01Z"))
        );
        assert_eq!(held(node).await?.len(), 1, "it is held like any other object");
        us.hold(&(domain(1) + &line(&observed(1)))).await?;
    }
    let indicator = node.store().holding(standing.row.record.indicator.id.clone()).await?;
    let indicator = said(&indicator.ok_or("no indicator")?.bytes);
    assert_eq!(
        (&indicator["pattern"], &indicator["pattern_type"]),
        (&json!(shop(1)), &json!("stix"))
    );
    let lines = journal(node, "pattern-sighted").await?;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].entry.details, json!({ "sightings": 1, "apart": 0 }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_that_comes_later_looks_at_what_is_held_and_two_that_follow_at_once_see_it_once()
-> Result<()> {
    let (us, _) = alone().await?;
    let node = &us.node;
    let lines: String = (0..130).map(|it| domain(it) + &line(&observed(it))).collect();
    us.hold(&lines).await?;
    stand(node, "any", "[domain-name:value LIKE 'shop-%']").await?;
    catch_up(node).await?;
    assert_eq!(held(node).await?.len(), 130);
    stand(node, "seven", "[domain-name:value MATCHES '^shop-7[0-9]']").await?;
    us.hold(&(domain(700) + &line(&observed(700)))).await?;
    let (mut one, mut other) = (Follower::default(), Follower::default());
    let follow = async |follower: &mut Follower| -> Result<()> {
        for _ in 0..200 {
            follower.step(node).await?;
        }
        Ok(())
    };
    let (first, second) = tokio::join!(follow(&mut one), follow(&mut other));
    first?;
    second?;
    catch_up(node).await?;
    let (any, seven) = (seen(node, "any").await?, seen(node, "seven").await?);
    assert_eq!((any.len(), seven.len()), (131, 11));
    let ids: BTreeSet<&str> = any.iter().chain(&seven).map(|it| it.id.as_str()).collect();
    assert_eq!((ids.len(), held(node).await?.len()), (142, 142));
    let figures = list(node).await?;
    assert!(figures.iter().all(|it| it.row.looked == it.row.goal && it.row.undecided == 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sighting_is_marked_and_graded_like_the_strictest_and_the_worst_of_what_it_rests_on()
-> Result<()> {
    let (us, _) = alone().await?;
    let node = &us.node;
    let new = NewPattern { grade: Some("B1".parse()?), ..of_text("shop", &shop(1)) };
    add(node, new, "an analyst").await?;
    let statement = format!("marking-definition--{}", uuid(99));
    let definition = json!({
        "type": "marking-definition", "spec_version": "2.1", "id": statement, "created": "2026-01-01T00:00:00.000Z",
        "definition_type": "statement", "definition": { "statement": "for the desk" },
    });
    let mut object = observed(1);
    object["object_marking_refs"] = json!([GREEN, statement]);
    object["granular_markings"] =
        json!([{ "marking_ref": AMBER, "selectors": ["number_observed"] }]);
    object["labels"] = json!(["minor", "PAP:AMBER"]);
    us.hold(&(line(&definition) + &domain(1) + &line(&object))).await?;
    catch_up(node).await?;
    let found = held(node).await?;
    let [sighting] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((sighting.tlp, sighting.grade), (Some(Tlp::Amber), None));
    let object = said(&sighting.bytes);
    let markings: BTreeSet<&str> = object["object_marking_refs"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(markings.contains(AMBER) && markings.contains(statement.as_str()), "{markings:?}");
    assert!(!markings.contains(GREEN) && markings.len() == 3, "and PAP: {markings:?}");
    assert_eq!(object["labels"], json!(["PAP:AMBER", "minor"]), "a red line holds for it too");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_writes_has_the_confidence_of_its_grade_by_appendix_a() -> Result<()> {
    let (us, _) = alone().await?;
    let node = &us.node;
    // the table "Admiralty Credibility"; what cannot be judged has none
    let table =
        [(1, Some(90)), (2, Some(70)), (3, Some(50)), (4, Some(30)), (5, Some(10)), (6, None)];
    for (digit, _) in table {
        let name = format!("shop-{digit}");
        let grade = Some(format!("B{digit}").parse()?);
        add(node, NewPattern { grade, ..of_text(&name, &shop(digit)) }, "an analyst").await?;
        let mut object = observed(digit);
        object["extensions"] = json!({ GRADE: { "extension_type": "property-extension",
            "source_reliability": "A", "information_credibility": "1" } });
        us.hold(&(domain(digit) + &line(&object))).await?;
    }
    catch_up(node).await?;
    for (digit, confidence) in table {
        let [sighting] = seen(node, &format!("shop-{digit}")).await?.try_into().unwrap();
        let sighting = said(&sighting.bytes);
        let indicator = sighting["sighting_of_ref"].as_str().unwrap().to_owned();
        let indicator = node.store().holding(indicator).await?.ok_or("no indicator")?;
        for object in [sighting, said(&indicator.bytes)] {
            assert_eq!(
                object.get("confidence"),
                confidence.map(|it| json!(it)).as_ref(),
                "{object}"
            );
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_a_sighting_of_what_a_partner_released_is_no_holding_and_binds_like_it()
-> Result<()> {
    let pair = observers().await?;
    let node = &pair.mx.node;
    stand(node, "shop", &shop(1)).await?;
    released(&pair, &[1]).await?;
    let before = node.store().counts().await?;
    catch_up(node).await?;
    let found = seen(node, "shop").await?;
    let [sighting] = found.as_slice() else { panic!("{found:?}") };
    let handling: &Handling = sighting.handling.as_ref().ok_or("no terms")?;
    assert_eq!((handling.onward, handling.retention_days), (Onward::Never, 180));
    let source = node.store().holding(observed_id(1)).await?.ok_or("not admitted")?;
    let terms = source.handling.ok_or("no terms")?;
    assert_eq!(handling.until, Some(terms.keep_until(source.received_at)));
    assert_eq!((terms.tlp, handling.tlp), (Tlp::Green, Tlp::Amber), "the domain came as amber");
    assert_eq!(said(&sighting.bytes)["observed_data_refs"], json!([observed_id(1)]));
    // no way that leads out knows it
    assert_eq!(node.store().counts().await?, before);
    assert!(node.store().holding(sighting.id.clone()).await?.is_none());
    let composed = pair
        .mx
        .compose(&pair.us, comity_testkit::OTHER_CLAUSE, Selection::Ids(vec![sighting.id.clone()]))
        .await;
    assert!(composed.is_err());
    let figures = find(node, "shop").await?.figures;
    assert_eq!((figures.own, figures.apart), (0, 1));
    let lines = journal(node, "pattern-sighted").await?;
    assert_eq!(lines[0].entry.details, json!({ "sightings": 0, "apart": 1 }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_a_match_is_no_second_source() -> Result<()> {
    let pair = observers().await?;
    let node = &pair.mx.node;
    let standing = stand(node, "shop", "[domain-name:value LIKE 'shop-%']").await?;
    released(&pair, &[1]).await?;
    pair.mx.hold(&(domain(2) + &line(&observed(2)))).await?;
    pair.mx.hold(&(domain(3) + &line(&observed(3)))).await?;
    catch_up(node).await?;
    assert_eq!((seen(node, "shop").await?.len(), held(node).await?.len()), (3, 2));
    // this party, which has the indicator and what was observed; not the partner, and no match
    let found = corroboration(node, &standing.row.record.indicator.id).await?;
    assert_eq!(found.origins.len(), 1, "{:?}", found.origins);
    let of_partner = corroboration(node, &observed_id(1)).await?;
    assert_eq!(of_partner.origins.len(), 1, "{:?}", of_partner.origins);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_expires_takes_the_sighting_with_it_to_the_last_byte() -> Result<()> {
    let pair = observers().await?;
    let node = &pair.mx.node;
    stand(node, "shop", &shop(1)).await?;
    released(&pair, &[1]).await?;
    catch_up(node).await?;
    let id = seen(node, "shop").await?.pop().ok_or("no sighting")?.id;
    pair.clock.advance(SignedDuration::from_hours(24 * 181));
    assert_eq!(seen(node, "shop").await?.len(), 0, "before anything swept");
    assert_eq!(sweep(node, &Grounds::default(), "node").await?.purged, 2);
    catch_up(node).await?;
    assert!(!on_disk(pair.mx.folder(), id.as_bytes())?);
    for table in ["pattern_sighting", "pattern_input", "pattern_hit", "pattern_part", "pattern_due"]
    {
        assert_eq!(pair.mx.count(&format!("SELECT count(*) FROM {table}"))?, 0, "{table}");
    }
    pump(&pair.us, &pair.mx).await?;
    let told = purge::all(&pair.us.node, 10).await?.len();
    assert_eq!(told, 1, "the owner is told of its objects, and of no more");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recalled_hides_the_sighting_at_once_and_takes_it_when_it_goes() -> Result<()> {
    let pair = observers().await?;
    let node = &pair.mx.node;
    stand(node, "shop", "[domain-name:value LIKE 'shop-%']").await?;
    released(&pair, &[1]).await?;
    released(&pair, &[2]).await?;
    catch_up(node).await?;
    assert_eq!(seen(node, "shop").await?.len(), 2);
    let name = format!("domain-name--{}", uuid(1));
    let what = What::Original(name);
    recall(&pair.us.node, of(what)).await?;
    pump(&pair.us, &pair.mx).await?;
    catch_up(node).await?;
    assert_eq!(seen(node, "shop").await?.len(), 1, "what it rests on is frozen");
    let matter = all(node, 1).await?.pop().ok_or("no recall")?;
    let given = Answer {
        act: AnswerAct::Purge,
        grounds: Grounds::default(),
        text: None,
        by: "officer-1".to_owned(),
    };
    answer(node, &matter.id.to_string(), given).await?;
    catch_up(node).await?;
    assert_eq!(pair.mx.count("SELECT count(*) FROM pattern_sighting")?, 1);
    assert_eq!(seen(node, "shop").await?.len(), 1, "the other stays");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partners_indicator_stands_only_where_somebody_says_so_and_in_the_version_that_was_read()
-> Result<()> {
    let pair = observers().await?;
    let node = &pair.mx.node;
    let indicator = |pattern: &str, modified: &str| {
        json!({
            "type": "indicator", "spec_version": "2.1", "id": format!("indicator--{}", uuid(50)),
            "created": "2026-01-10T08:00:00.000Z", "modified": modified, "pattern": pattern, "pattern_type": "stix",
            "valid_from": "2026-01-10T08:00:00Z", "object_marking_refs": [GREEN],
        })
    };
    let give = async |object: &Value| -> Result<()> {
        pair.us.hold(&line(object)).await?;
        let id = object["id"].as_str().unwrap_or_default().to_owned();
        pair.us.release(&pair.mx, CLAUSE, Selection::Ids(vec![id]), 1).await?;
        pump(&pair.us, &pair.mx).await
    };
    give(&indicator(&shop(1), "2026-01-10T08:00:00.000Z")).await?;
    pair.mx.hold(&(domain(1) + &domain(2) + &line(&observed(1)) + &line(&observed(2)))).await?;
    catch_up(node).await?;
    assert_eq!((list(node).await?.len(), held(node).await?.len()), (0, 0));

    let id = format!("indicator--{}", uuid(50));
    let new = NewPattern { from: From::Indicator(id.clone()), ..of_text("theirs", "") };
    assert!(add(node, new, "an analyst").await?.foreign);
    give(&indicator("[domain-name:value LIKE 'shop-%']", "2026-01-11T08:00:00.000Z")).await?;
    catch_up(node).await?;
    let found = seen(node, "theirs").await?;
    assert_eq!(found.len(), 1, "the new version changes nothing here");
    assert!(found[0].handling.is_some(), "it rests on the partner's indicator");
    assert_eq!(find(node, "theirs").await?.text, Some(shop(1)));

    pair.clock.advance(SignedDuration::from_hours(24 * 181));
    assert_eq!(find(node, "theirs").await?.state, State::Hidden);
    sweep(node, &Grounds::default(), "node").await?;
    catch_up(node).await?;
    assert_eq!(list(node).await?.len(), 0, "the pattern was the partner's words");
    assert_eq!(pair.mx.count("SELECT count(*) FROM pattern_sighting")?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_indicator_that_is_revoked_is_matched_no_more() -> Result<()> {
    let (us, _) = alone().await?;
    let node = &us.node;
    let standing = stand(node, "shop", &shop(1)).await?;
    let id = standing.row.record.indicator.id;
    let held_one = node.store().holding(id).await?.ok_or("no indicator")?;
    let mut object: Value = serde_json::from_slice(&held_one.bytes)?;
    object["modified"] = json!("2026-02-20T10:00:00.000Z");
    object["revoked"] = json!(true);
    us.hold(&line(&object)).await?;
    us.hold(&(domain(1) + &line(&observed(1)))).await?;
    catch_up(node).await?;
    assert_eq!(find(node, "shop").await?.state, State::Revoked);
    assert_eq!(held(node).await?.len(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_pattern_and_what_is_too_much_stands_nowhere() -> Result<()> {
    let (us, _) = alone().await?;
    let node = &us.node;
    let code =
        async |new: NewPattern| add(node, new, "an analyst").await.map_err(|it| it.code()).err();
    let long = format!("[a:b IN ({})]", vec!["1"; 1_001].join(","));
    for (new, expected) in [
        (of_text("Shop", &shop(1)), "bad-input"),
        (of_text("shop", "[a:b"), "bad-input"),
        (of_text("shop", &long), "bad-input"),
        (of_text("shop", &"[a:b = 1] OR ".repeat(6_000)), "bad-input"),
        (NewPattern { note: Some("a\nb".to_owned()), ..of_text("shop", &shop(1)) }, "bad-input"),
        (NewPattern { from: From::Indicator(observed_id(1)), ..of_text("shop", "") }, "not-found"),
    ] {
        assert_eq!(code(new).await, Some(expected));
    }
    let yara = json!({
        "type": "indicator", "spec_version": "2.1", "id": format!("indicator--{}", uuid(3)),
        "created": "2026-01-10T08:00:00.000Z", "modified": "2026-01-10T08:00:00.000Z", "pattern": "rule a {}",
        "pattern_type": "yara", "valid_from": "2026-01-10T08:00:00Z",
    });
    let mut over = yara.clone();
    over["id"] = json!(format!("indicator--{}", uuid(4)));
    over["pattern"] = json!(shop(1));
    over["pattern_type"] = json!("stix");
    over["valid_until"] = json!("2026-01-11T08:00:00Z");
    us.hold(&(line(&yara) + &line(&over))).await?;
    for (object, expected) in [(&yara, "no-stix-pattern"), (&over, "indicator-over")] {
        let id = object["id"].as_str().unwrap_or_default().to_owned();
        let new = NewPattern { from: From::Indicator(id), ..of_text("shop", "") };
        assert_eq!(code(new).await, Some(expected));
    }
    assert_eq!(journal(node, "pattern-not-added").await?.len(), 2);
    assert_eq!(list(node).await?.len(), 0);
    assert_eq!(find(node, "shop").await.map_err(|it| it.code()).err(), Some("not-found"));

    stand(node, "shop", &shop(1)).await?;
    assert_eq!(code(of_text("shop", &shop(2))).await, Some("exists"));
    for number in 1..MOST {
        stand(node, &format!("shop-{number}"), &shop(number as u64)).await?;
    }
    assert_eq!(code(of_text("one-more", &shop(2))).await, Some("patterns-full"));
    remove(node, "shop", "an analyst").await?;
    stand(node, "one-more", &shop(2)).await?;
    let gone = remove(node, "shop", "an analyst").await;
    assert!(matches!(gone, Err(ExchangeError::NotFound { .. })));
    Ok(())
}
