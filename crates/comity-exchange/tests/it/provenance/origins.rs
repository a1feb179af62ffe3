//! What tells this party's own sources apart: who made an object, whom it quotes and which feed brought it, and never the file.

use std::collections::BTreeSet;

use comity_exchange::provenance::{Behind, Corroboration, How, Why, corroboration, views};
use comity_testkit::{OTHER_CLAUSE, Party, Result, indicator};

use super::{given, id, left, object, opinion, related, sighting, whose, wire};
use crate::support::line::id_of;

/// Takes objects in from a file of this name.
async fn file(party: &Party, name: &str, objects: &[String]) -> Result<()> {
    super::taken_in(party, name.to_owned(), objects).await
}

fn made_by(number: u32) -> String {
    format!(r#","created_by_ref":"{}""#, id("identity", number))
}

fn creator(number: u32) -> Behind {
    Behind::Creator { id: id("identity", number) }
}

fn named(name: &str) -> Behind {
    Behind::Named { name: name.to_owned() }
}

fn feed(name: &str) -> Behind {
    Behind::Feed { name: name.to_owned() }
}

/// A report that quotes something.
fn report(number: u32, references: &str) -> String {
    let members = format!(
        r#""name":"A seizure","published":"2026-02-01T00:00:00.000Z","object_refs":["{}"],"external_references":[{references}]"#,
        id_of(0)
    );
    object("report", number, &members)
}

fn groups(found: &Corroboration) -> BTreeSet<BTreeSet<Behind>> {
    whose(found)
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_files_are_no_origins() -> Result<()> {
    let wire = wire().await?;
    let (mx, x) = (&wire.pair.mx, id_of(0));
    file(mx, "one.json", &[indicator(0)]).await?;
    for (number, name) in [(1, "two.json"), (2, "three.json"), (3, "four.json")] {
        file(mx, name, &[sighting(number, &x, "")]).await?;
    }
    let found = corroboration(&mx.node, &x).await?;
    assert_eq!(groups(&found), [BTreeSet::from([Behind::Itself])].into());
    assert_eq!(found.origins[0].support.len(), 4, "all of it is shown");
    // what says that this party made it is no other origin either
    let own = mx.descriptor()?.identity;
    let own: serde_json::Value = serde_json::from_str(own.get())?;
    let made = format!(r#","created_by_ref":{}"#, own["id"]);
    file(mx, "five.json", &[sighting(4, &x, &made)]).await?;
    assert_eq!(corroboration(&mx.node, &x).await?.origins.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_a_press_report_that_was_saved_twice_is_one_origin() -> Result<()> {
    let wire = wire().await?;
    let mx = &wire.pair.mx;
    let first = r#"{"source_name":"A newspaper","url":"https://www.news.example/a?from=mail"}"#;
    let again = r#"{"source_name":"the press","url":"http://NEWS.example:80/a"}"#;
    let other = r#"{"source_name":"Another newspaper","description":"page 3"},{"source_name":"cve","external_id":"CVE-2026-0001"}"#;
    let (a, b, c) = (id("report", 1), id("report", 2), id("report", 3));
    file(mx, "a.json", &[report(1, first)]).await?;
    file(mx, "b.json", &[report(2, again), related(1, "duplicate-of", &b, &a)]).await?;
    let found = corroboration(&mx.node, &a).await?;
    assert_eq!(groups(&found), [[named("news.example")].into()].into());
    file(mx, "c.json", &[report(3, other), related(2, "duplicate-of", &c, &a)]).await?;
    let found = corroboration(&mx.node, &a).await?;
    let expected = [[named("another newspaper")].into(), BTreeSet::from([named("news.example")])];
    assert_eq!(groups(&found), expected.into());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn origins_that_share_a_creator_a_named_source_or_a_feed_are_one() -> Result<()> {
    let wire = wire().await?;
    let (mx, x) = (&wire.pair.mx, id_of(0));
    let seen = |number, maker| sighting(number, &x, &made_by(maker));
    file(mx, "feed/a", &[indicator(0)]).await?;
    // two whom a file names are two, and whoever a feed names is the feed's
    file(mx, "one.json", &[seen(1, 1), seen(2, 2)]).await?;
    file(mx, "feed/a", &[seen(3, 3), seen(4, 4)]).await?;
    let found = corroboration(&mx.node, &x).await?;
    let expected = [
        BTreeSet::from([feed("a"), creator(3), creator(4)]),
        [creator(1)].into(),
        [creator(2)].into(),
    ];
    assert_eq!(groups(&found), expected.into());
    // another feed that passes on what the first one had adds nothing, nor does a file
    file(mx, "feed/b", &[seen(5, 3)]).await?;
    file(mx, "two.json", &[seen(6, 4)]).await?;
    assert_eq!(corroboration(&mx.node, &x).await?.origins.len(), 3);
    // and one that both have joins them
    file(mx, "feed/b", &[seen(7, 1)]).await?;
    let found = corroboration(&mx.node, &x).await?;
    let joined = BTreeSet::from([feed("a"), feed("b"), creator(1), creator(3), creator(4)]);
    assert_eq!(groups(&found), [joined, [creator(2)].into()].into());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_a_partner_that_agrees_with_what_it_was_given_is_no_origin() -> Result<()> {
    let mut wire = wire().await?;
    let x = id_of(0);
    file(&wire.pair.mx, "one.json", &[indicator(0)]).await?;
    let (mx, us) = (&wire.pair.mx, &wire.pair.us);
    let ids = comity_exchange::compose::Selection::Ids(vec![x.clone()]);
    mx.release(us, OTHER_CLAUSE, ids, 1).await?;
    let partner = us.node.root();
    given(&mut wire, &[opinion(1, "strongly-agree", &x)], &[]).await?;
    let found = corroboration(wire.mx(), &x).await?;
    assert_eq!(groups(&found), [BTreeSet::from([Behind::Itself])].into());
    assert_eq!(left(&found), [(id("opinion", 1), Why::Assessment)].into(), "and it is shown");
    let said = views(wire.mx(), &x).await?;
    assert_eq!(said.parties[1].opinions[0].opinion.as_deref(), Some("strongly-agree"));
    // what it saw itself is
    given(&mut wire, &[sighting(2, &x, "")], &[]).await?;
    let found = corroboration(wire.mx(), &x).await?;
    let theirs: BTreeSet<Behind> = [Behind::Party { root: partner }].into();
    assert!(groups(&found).contains(&theirs), "{found:?}");
    assert_eq!(found.origins.len(), 2);
    assert!(found.origins.iter().flat_map(|it| &it.support).any(|it| it.how == How::Sighting));
    Ok(())
}
