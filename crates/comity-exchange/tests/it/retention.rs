//! What a partner released is kept as long as its terms say, and not a day longer.

use std::path::Path;

use comity_exchange::Node;
use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::legal_hold::{On, lay, lift};
use comity_exchange::ports::{HoldingQuery, MatterQuery, MatterRow};
use comity_exchange::purge::sweep;
use comity_model::matter::{MatterBody, PurgeBody, PurgedRelease, Stage};
use comity_model::{Digest, Grounds, MatterKind};
use comity_testkit::{
    AgreementText, CLAUSE, LEGAL_BASIS, LoopCourier, Pair, Party, Result, TestClock, indicator,
    indicators, pair, pump, sign,
};
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::support::journal;

/// A day more than the clause lets anything be kept.
const TERM: SignedDuration = SignedDuration::from_hours(24 * 181);
const HALF: SignedDuration = SignedDuration::from_hours(24 * 100);

/// The id of the indicator of a number.
pub(crate) fn id(number: u64) -> String {
    let object: serde_json::Value = serde_json::from_str(&indicator(number)).unwrap_or_default();
    object["id"].as_str().unwrap_or_default().to_owned()
}

/// `us` releases these indicators, and `mx` has them.
pub(crate) async fn released(pair: &Pair, numbers: std::ops::Range<u64>) -> Result<Digest> {
    pair.us.hold(&indicators(numbers.clone())).await?;
    let ids = Selection::Ids(numbers.map(id).collect());
    let sealed = pair.us.release(&pair.mx, CLAUSE, ids, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    Ok(sealed.digest)
}

/// The ids that readers of a node see, whatever way they look.
pub(crate) async fn seen(node: &Node) -> Result<usize> {
    let all = HoldingQuery { limit: 1_000, ..HoldingQuery::default() };
    let listed = node.store().holdings(all.clone()).await?.holdings;
    let found = HoldingQuery { search: Some("consignment".to_owned()), ..all.clone() };
    let found = node.store().holdings(found).await?.holdings;
    let counted: u64 = node.store().counts().await?.iter().map(|it| it.objects).sum();
    for holding in &listed {
        assert!(node.store().holding(holding.id.clone()).await?.is_some());
        assert!(!node.store().holding_versions(holding.id.clone()).await?.is_empty());
    }
    assert_eq!((listed.len(), listed.len() as u64), (found.len(), counted));
    Ok(listed.len())
}

/// Whether any file under a folder holds these bytes, tombstones apart.
pub(crate) fn on_disk(folder: &Path, bytes: &[u8]) -> Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if on_disk(&path, bytes)? {
                return Ok(true);
            }
        } else if path.file_name().is_none_or(|it| it != "tombstones.jsonl")
            && std::fs::read(&path)?.windows(bytes.len()).any(|it| it == bytes)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn purges(node: &Node) -> Result<Vec<MatterRow>> {
    let query = MatterQuery { kind: Some(MatterKind::Purge), limit: 100, ..MatterQuery::default() };
    Ok(node.store().matters(query).await?)
}

fn said(matter: &MatterRow, number: usize) -> Option<&PurgeBody> {
    match matter.entries.get(number)?.body() {
        MatterBody::Purge(body) => Some(body),
        _ => None,
    }
}

async fn swept(party: &Party) -> Result<comity_exchange::purge::Swept> {
    Ok(sweep(&party.node, &Grounds::default(), "node").await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_expired_is_seen_by_nobody_and_is_purged_from_the_disk() -> Result<()> {
    let pair = pair().await?;
    let release = released(&pair, 0..20).await?;
    let secret = b"shop-7.example";
    assert_eq!((seen(&pair.mx.node).await?, on_disk(pair.mx.folder(), secret)?), (20, true));
    assert_eq!(swept(&pair.mx).await?.purged, 0, "its time has not come");

    pair.clock.advance(TERM);
    assert_eq!(seen(&pair.mx.node).await?, 0, "before anything swept");
    let gone = swept(&pair.mx).await?;
    assert_eq!((gone.purged, gone.told), (20, 1));
    assert!(!on_disk(pair.mx.folder(), secret)?, "a byte of it is left");
    for (table, left) in [
        ("holding", 0),
        ("newest", 0),
        ("term", 0),
        ("provenance", 0),
        ("source", 0),
        ("frozen", 0),
        ("doomed", 0),
        ("purge_due", 0),
        ("tombstone", 20),
        ("statement_in", 1),
    ] {
        assert_eq!(pair.mx.count(&format!("SELECT count(*) FROM {table}"))?, left, "{table}");
    }
    assert_eq!(seen(&pair.us.node).await?, 20, "its owner's own stay");

    pump(&pair.us, &pair.mx).await?;
    for node in [&pair.us.node, &pair.mx.node] {
        let matters = purges(node).await?;
        assert_eq!(matters.len(), 1);
        assert_eq!(matters[0].stage(), Stage::Purged);
        let body = said(&matters[0], 0).ok_or("no body")?;
        assert_eq!(body.releases, [PurgedRelease { release, purged: 20, held: 0, remaining: 0 }]);
        assert_eq!(body.grounds.legal_basis, ["Exchange of notes of 2026-01-30"]);
    }
    assert_eq!(swept(&pair.mx).await?, comity_exchange::purge::Swept::default(), "told once");
    assert_eq!(journal(&pair.mx.node, "objects-purged").await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_release_keeps_the_term_under_which_it_was_given() -> Result<()> {
    let pair = pair().await?;
    let first = released(&pair, 0..2).await?;
    pair.clock.advance(HALF);
    released(&pair, 1..3).await?;
    pair.clock.advance(HALF);
    assert_eq!(swept(&pair.mx).await?.purged, 2);
    assert_eq!(seen(&pair.mx.node).await?, 2, "what was given again is still here");
    assert!(pair.mx.node.store().holding(id(0)).await?.is_none());
    let row = pair.mx.node.store().holding(id(1)).await?.ok_or("gone")?;
    assert_ne!(row.origin.statement(), Some(first));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_legal_hold_stops_the_purge_and_the_owner_is_told_held_and_never_purged() -> Result<()> {
    let pair = pair().await?;
    let release = released(&pair, 0..3).await?;
    let grounds = Grounds::default();
    let hold = lay(&pair.mx.node, On::Object(id(1)), "An order of a court", &grounds, "an analyst")
        .await?;
    assert_eq!((hold.number, hold.rows), (1, 1));
    assert_eq!(seen(&pair.mx.node).await?, 2, "what is held is read by nobody");
    assert_eq!(pair.mx.node.store().frozen(id(1)).await?[0].holds, [1]);
    assert_eq!(swept(&pair.mx).await?.told, 0, "nobody is told before its time");

    pair.clock.advance(TERM);
    assert_eq!(swept(&pair.mx).await?.purged, 2);
    assert!(on_disk(pair.mx.folder(), b"shop-1.example")?);
    pump(&pair.us, &pair.mx).await?;
    let told = |held, purged| PurgedRelease { release, purged, held, remaining: 0 };
    let matters = purges(&pair.us.node).await?;
    assert_eq!((matters.len(), matters[0].stage()), (1, Stage::Held));
    assert_eq!(said(&matters[0], 0).ok_or("no body")?.releases, [told(1, 2)]);
    assert_eq!(swept(&pair.mx).await?.told, 0, "told once");

    lift(&pair.mx.node, hold.number, "an analyst").await?;
    assert_eq!(swept(&pair.mx).await?.purged, 1);
    assert!(!on_disk(pair.mx.folder(), b"shop-1.example")?);
    pump(&pair.us, &pair.mx).await?;
    let matters = purges(&pair.us.node).await?;
    assert_eq!((matters.len(), matters[0].stage()), (1, Stage::Purged), "the same matter");
    assert_eq!(said(&matters[0], 1).ok_or("no body")?.releases, [told(0, 1)]);
    assert_eq!(lift(&pair.mx.node, 1, "an analyst").await.unwrap_err().code(), "not-found");
    let nothing = lay(&pair.mx.node, On::Object(id(9)), "An order", &grounds, "an analyst").await;
    assert_eq!(nothing.unwrap_err().code(), "not-found");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_is_lifted_in_time_gives_the_object_back_to_its_readers() -> Result<()> {
    let pair = pair().await?;
    let release = released(&pair, 0..3).await?;
    let hold =
        lay(&pair.mx.node, On::Release(release), "An order", &Grounds::default(), "an analyst")
            .await?;
    assert_eq!((hold.rows, seen(&pair.mx.node).await?), (3, 0));
    lift(&pair.mx.node, hold.number, "an analyst").await?;
    assert_eq!(seen(&pair.mx.node).await?, 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_put_back_from_a_backup_purges_again_before_it_serves() -> Result<()> {
    let mut pair = pair().await?;
    released(&pair, 0..5).await?;
    let backup = pair.mx.backup()?;
    pair.clock.advance(TERM);
    assert_eq!(swept(&pair.mx).await?.purged, 5);
    pair.clock.advance(-TERM);

    // the database alone is put back; its clock would let everything be seen
    drop(pair.mx.node.clone());
    for name in ["comity.db", "comity.db-wal", "comity.db-shm"] {
        let _ = std::fs::remove_file(pair.mx.folder().join(name));
    }
    std::fs::copy(backup.path().join("comity.db"), pair.mx.folder().join("comity.db"))?;
    pair.mx.restart().await?;
    assert_eq!(seen(&pair.mx.node).await?, 0);
    assert_eq!(pair.mx.count("SELECT count(*) FROM holding")?, 0);
    assert!(!on_disk(pair.mx.folder(), b"shop-3.example")?);
    let lines = journal(&pair.mx.node, "purge-repeated").await?;
    assert_eq!(lines.len(), 1, "and the journal says so");
    pair.mx.restart().await?;
    assert_eq!(journal(&pair.mx.node, "purge-repeated").await?.len(), 1, "once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_purged_does_not_come_back_with_the_pouch_that_brought_it() -> Result<()> {
    let mut pair = pair().await?;
    let backup = pair.mx.backup()?;
    released(&pair, 0..5).await?;
    pair.clock.advance(TERM);
    assert_eq!(swept(&pair.mx).await?.purged, 5);
    // everything that was heard is lost; only the tombstones are left
    let stones = std::fs::read(pair.mx.folder().join("tombstones.jsonl"))?;
    std::fs::write(backup.path().join("tombstones.jsonl"), stones)?;
    pair.mx.restore(backup).await?;
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let mut state = DispatchState::default();
    for _ in 0..4 {
        dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut state).await?;
        pair.mx.round().await?;
        pair.clock.advance(SignedDuration::from_secs(30));
    }
    assert_eq!(pair.mx.count("SELECT count(*) FROM statement_in WHERE kind = 'release'")?, 1);
    assert_eq!(pair.mx.count("SELECT count(*) FROM holding")?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_tombstone_is_not_believed_and_is_written_again() -> Result<()> {
    let mut pair = pair().await?;
    released(&pair, 0..2).await?;
    std::fs::write(pair.mx.folder().join("tombstones.jsonl"), b"{\"object\":{\"state")?;
    pair.mx.restart().await?;
    assert_eq!(seen(&pair.mx.node).await?, 2);
    pair.clock.advance(TERM);
    assert_eq!(swept(&pair.mx).await?.purged, 2);
    let text = std::fs::read_to_string(pair.mx.folder().join("tombstones.jsonl"))?;
    assert_eq!(text.lines().count(), 2);
    pair.mx.restart().await?;
    Ok(())
}

/// One thing that happens to what `mx` holds.
#[derive(Debug, Clone)]
enum Step {
    Release(u64),
    Days(i64),
    Sweep,
    Hold(u64),
    Lift(u64),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..4_u64).prop_map(Step::Release),
        (1..120_i64).prop_map(Step::Days),
        Just(Step::Sweep),
        (0..4_u64).prop_map(Step::Hold),
        (1..4_u64).prop_map(Step::Lift),
        Just(Step::Restart),
    ]
}

async fn play(steps: Vec<Step>) -> Result<()> {
    let mut pair = pair().await?;
    let mut days = 0;
    for step in steps {
        match step {
            Step::Release(number) => {
                released(&pair, number..number + 1).await?;
            }
            // the agreement lasts 330 days from the start of the test
            Step::Days(more) if days + more < 300 => {
                days += more;
                pair.clock.advance(SignedDuration::from_hours(24 * more));
            }
            Step::Days(_) => {}
            Step::Sweep => {
                swept(&pair.mx).await?;
            }
            Step::Hold(number) => {
                let on = On::Object(id(number));
                let _ = lay(&pair.mx.node, on, "An order", &Grounds::default(), "officer-1").await;
            }
            Step::Lift(number) => {
                let _ = lift(&pair.mx.node, number, "officer-1").await;
            }
            Step::Restart => pair.mx.restart().await?,
        }
        seen(&pair.mx.node).await?;
    }
    swept(&pair.mx).await?;
    // no row of the object is left but of releases that did not purge it
    let both = "SELECT count(*) FROM tombstone t JOIN source s ON s.statement = t.statement
                JOIN holding h ON h.source = s.number AND h.id = t.id AND h.version = t.version";
    assert_eq!(pair.mx.count(both)?, 0);
    for number in 0..4 {
        let rows =
            pair.mx.count(&format!("SELECT count(*) FROM holding WHERE id = '{}'", id(number)))?;
        let text = format!("shop-{number}.example");
        assert_eq!(on_disk(pair.mx.folder(), text.as_bytes())?, rows > 0, "{text}");
    }
    let orphans =
        "SELECT (SELECT count(*) FROM newest WHERE position NOT IN (SELECT position FROM holding))
      + (SELECT count(*) FROM frozen WHERE position NOT IN (SELECT position FROM holding))
      + (SELECT count(*) FROM term WHERE provenance NOT IN (SELECT provenance FROM holding))
      + (SELECT count(*) FROM purge_due WHERE untold > 0)";
    assert_eq!(pair.mx.count(orphans)?, 0);
    Ok(())
}

#[test]
fn after_any_sequence_what_was_purged_is_found_by_no_reader_and_in_no_table() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config =
        ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(steps in proptest::collection::vec(step(), 1..14))| {
        let done = runtime.block_on(play(steps));
        prop_assert!(done.is_ok(), "{:?}", done);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_legal_hold_rests_on_the_grounds_of_every_agreement_its_objects_came_under() -> Result<()>
{
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let us = Party::new("us", &clock, false).await?;
    let mx = Party::new("mx", &clock, false).await?;
    let ca = Party::new("ca", &clock, false).await?;
    let bases = ["The law of one", "The law of the other"];
    for ((party, basis), number) in [&us, &ca].into_iter().zip(bases).zip(1..) {
        party.confirm(&mx).await?;
        mx.confirm(party).await?;
        let terms = AgreementText {
            id: format!("5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2c{number:02}"),
            parties: [party.node.record().handle.to_string(), "mx".to_owned()],
            ..AgreementText::default()
        };
        let text = terms.toml(party.node.root(), mx.node.root()).replace(LEGAL_BASIS, basis);
        sign(party, &mx, &text).await?;
        party.hold(&indicator(1)).await?;
        party.release(&mx, CLAUSE, Selection::Ids(vec![id(1)]), 1).await?;
        pump(party, &mx).await?;
    }
    let named = |bases: &[&str]| Grounds {
        legal_basis: bases.iter().map(ToString::to_string).collect(),
        reasons: Vec::new(),
    };
    let on = || On::Object(id(1));
    let strange = lay(&mx.node, on(), "An order", &named(&["No law"]), "an analyst").await;
    assert_eq!(strange.unwrap_err().code(), "legal-basis-unknown");
    let hold = lay(&mx.node, on(), "An order", &named(&bases[1..]), "an analyst").await?;
    let mut kept = hold.laid.grounds.legal_basis;
    kept.sort();
    assert_eq!(kept, bases);

    clock.advance(TERM);
    assert_eq!(swept(&mx).await?.told, 2);
    for (party, basis) in [&us, &ca].into_iter().zip(bases) {
        pump(party, &mx).await?;
        let told = purges(&party.node).await?;
        let body = said(&told[0], 0).ok_or("nothing said")?;
        assert_eq!(body.grounds.legal_basis, [basis], "each is told of its own agreement's");
    }
    Ok(())
}
