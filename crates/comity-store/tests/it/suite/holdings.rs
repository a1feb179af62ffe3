use comity_exchange::ports::{
    HoldSummary, HoldingQuery, NotHeld, PublishEffect, PublishInput, Received, Store, Tombstone,
    Why, WhyNotHeld,
};
use comity_model::statement::Kind;
use comity_model::{Holding, Origin};

use crate::support::{
    arrival, arrived, at, consumed, events, id, line, mx, own, publication, root, their_digest,
    their_release, theirs,
};

fn names(holdings: &[Holding]) -> Vec<&str> {
    holdings.iter().filter_map(|it| it.name.as_deref()).collect()
}

async fn search(store: &dyn Store, words: &str) -> Vec<String> {
    let query =
        HoldingQuery { search: Some(words.to_owned()), limit: 100, ..HoldingQuery::default() };
    let page = store.holdings(query).await.unwrap();
    names(&page.holdings).into_iter().map(ToOwned::to_owned).collect()
}

async fn all(store: &dyn Store) -> Vec<Holding> {
    let query = HoldingQuery { limit: 100, ..HoldingQuery::default() };
    store.holdings(query).await.unwrap().holdings
}

pub(crate) async fn an_import_repeated_changes_nothing(store: &dyn Store) {
    let batch = vec![own("a", 0, "drums"), own("b", 0, "tanks")];
    let (first, conflicts) = store.hold(batch.clone(), vec![line("held")]).await.unwrap();
    assert_eq!(first, HoldSummary { new: 2, unchanged: 0, conflicts: 0 });
    assert!(conflicts.is_empty());
    let (second, _) = store.hold(batch.clone(), vec![]).await.unwrap();
    assert_eq!(second, HoldSummary { new: 0, unchanged: 2, conflicts: 0 });
    assert_eq!(all(store).await, batch);
    assert_eq!(search(store, "drums").await, ["a"]);
    assert_eq!(events(store).await, ["held"]);
}

pub(crate) async fn a_version_is_never_overwritten(store: &dyn Store) {
    let kept = own("a", 0, "drums");
    store.hold(vec![kept.clone()], vec![]).await.unwrap();
    let batch = vec![own("a", 0, "tanks"), own("b", 0, "x"), own("b", 0, "y")];
    let (summary, conflicts) = store.hold(batch, vec![]).await.unwrap();
    assert_eq!(summary, HoldSummary { new: 1, unchanged: 0, conflicts: 2 });
    assert!(conflicts.iter().all(|it| it.why == WhyNotHeld::Conflict), "{conflicts:?}");
    assert_eq!(conflicts.into_iter().map(|it| it.id).collect::<Vec<_>>(), [id("a"), id("b")]);
    assert_eq!(store.holding(id("a")).await.unwrap(), Some(kept));
    assert!(search(store, "tanks").await.is_empty());
}

pub(crate) async fn a_later_version_is_kept_from_who_brought_the_first_or_from_the_house(
    store: &dyn Store,
) {
    let from = |source: &str, minute| Holding {
        origin: Origin::Own { source: source.to_owned() },
        ..own("a", minute, source)
    };
    let mut kept = Vec::new();
    for (source, minute, whose) in [
        ("feed/x", 0, None),
        ("feed/y", 1, Some("feed/x")),
        ("taxii/x", 1, Some("feed/x")),
        ("feed/x", 2, None),
        ("a file", 3, None),
        ("feed/x", 4, Some("a file")),
        ("taxii/x", 5, Some("a file")),
        ("pattern x", 6, None),
    ] {
        let (_, others) = store.hold(vec![from(source, minute)], vec![]).await.unwrap();
        let refused = |source: &str| {
            let why = WhyNotHeld::Anothers { source: source.to_owned() };
            NotHeld { id: id("a"), why }
        };
        assert_eq!(others, whose.map(refused).into_iter().collect::<Vec<_>>(), "{source} {minute}");
        if whose.is_none() {
            kept.push(from(source, minute));
        }
    }
    assert_eq!(store.holding_versions(id("a")).await.unwrap(), kept);
    let (again, others) = store
        .hold(
            vec![Holding {
                origin: Origin::Own { source: "feed/y".to_owned() },
                ..kept[0].clone()
            }],
            vec![],
        )
        .await
        .unwrap();
    assert_eq!(
        (again.unchanged, others.len()),
        (1, 0),
        "whoever repeats what is held is not at fault"
    );
}

pub(crate) async fn readers_get_the_newest_version_whatever_came_first(store: &dyn Store) {
    for minute in [2, 3, 1] {
        store.hold(vec![own("a", minute, &format!("text{minute}"))], vec![]).await.unwrap();
    }
    let newest = own("a", 3, "text3");
    assert_eq!(store.holding(id("a")).await.unwrap(), Some(newest.clone()));
    assert_eq!(all(store).await, [newest]);
    let versions = store.holding_versions(id("a")).await.unwrap();
    let texts: Vec<&str> = versions.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["text1", "text2", "text3"]);
    assert!(search(store, "text2").await.is_empty());
    assert_eq!(store.holding(id("b")).await.unwrap(), None);

    // Times are compared as times, however they are written.
    let mut written = own("b", 0, "early");
    written.version = "2026-03-01T00:00:00Z".to_owned();
    let mut later = own("b", 0, "late");
    later.version = "2026-03-01T00:00:00.5Z".to_owned();
    later.modified = later.version.parse().ok();
    store.hold(vec![later, written], vec![]).await.unwrap();
    assert_eq!(store.holding(id("b")).await.unwrap().unwrap().text, "late");
}

pub(crate) async fn an_object_that_comes_back_never_replaces_the_original(store: &dyn Store) {
    let mine = own("a", 0, "mine");
    store.hold(vec![mine.clone()], vec![]).await.unwrap();
    let back = theirs(their_digest(0), "a", 0, "mine");
    consumed(store, 0, vec![back.clone()]).await;
    assert_eq!(store.holding(id("a")).await.unwrap(), Some(mine.clone()));
    assert_eq!(store.holding_versions(id("a")).await.unwrap(), [mine.clone(), back]);

    // The other way round: held after the partner's copy came.
    let copy = theirs(their_digest(1), "b", 0, "copy");
    consumed(store, 1, vec![copy.clone()]).await;
    assert_eq!(store.holding(id("b")).await.unwrap(), Some(copy));
    let (summary, _) = store.hold(vec![own("b", 0, "copy")], vec![]).await.unwrap();
    assert_eq!(summary.new, 1);
    assert_eq!(store.holding(id("b")).await.unwrap(), Some(own("b", 0, "copy")));

    // A later version of the partner's is another matter.
    consumed(store, 2, vec![theirs(their_digest(2), "a", 1, "changed")]).await;
    assert_eq!(store.holding(id("a")).await.unwrap().unwrap().text, "changed");

    // The same object released twice stands under the terms of each release.
    consumed(store, 3, vec![theirs(their_digest(3), "a", 1, "changed")]).await;
    let origins: Vec<Origin> =
        store.holding_versions(id("a")).await.unwrap().into_iter().map(|it| it.origin).collect();
    assert_eq!(origins.len(), 4);
    assert_eq!(origins[3], theirs(their_digest(3), "a", 1, "").origin);
}

pub(crate) async fn one_instant_is_one_version_however_it_is_written(store: &dyn Store) {
    let as_written =
        |version: &str, text: &str| Holding { version: version.to_owned(), ..own("a", 0, text) };
    let forms =
        ["2026-03-01T00:00:00.000Z", "2026-03-01T00:00:00.000000Z", "2026-03-01T00:00:00.0Z"];
    let first = as_written(forms[0], "first");
    store.hold(vec![first.clone()], vec![]).await.unwrap();
    for form in &forms[1..] {
        let other = as_written(form, "other");
        let (summary, others) = store.hold(vec![other], vec![]).await.unwrap();
        assert_eq!((summary.new, summary.conflicts), (0, 1), "{form}");
        assert_eq!(others, [NotHeld { id: id("a"), why: WhyNotHeld::Conflict }]);
    }
    let (again, _) = store.hold(vec![first.clone()], vec![]).await.unwrap();
    assert_eq!(again.unchanged, 1);
    assert_eq!(store.holding_versions(id("a")).await.unwrap(), [first]);

    // what a partner released is kept as it was released: what it said first stands, under the terms of its last release
    let said = |sequence: u64, version: &str, text: &str| Holding {
        version: version.to_owned(),
        ..theirs(their_digest(sequence), "b", 0, text)
    };
    consumed(store, 0, vec![said(0, forms[0], "first")]).await;
    consumed(store, 1, vec![said(1, forms[1], "other")]).await;
    consumed(store, 2, vec![said(2, forms[0], "other")]).await;
    assert_eq!(store.holding(id("b")).await.unwrap(), Some(said(0, forms[0], "first")));
    consumed(store, 3, vec![said(3, forms[0], "first")]).await;
    assert_eq!(store.holding(id("b")).await.unwrap(), Some(said(3, forms[0], "first")));
    assert_eq!(store.holding_versions(id("b")).await.unwrap().len(), 4);
}

pub(crate) async fn pages_follow_each_other_without_a_gap_or_a_double(store: &dyn Store) {
    let expected: Vec<String> = (0..25).map(|number| format!("object {number}")).collect();
    let batch = expected.iter().map(|name| own(name, 0, "x")).collect();
    store.hold(batch, vec![]).await.unwrap();
    let (mut found, mut after, mut sizes) = (vec![], None, vec![]);
    loop {
        let query = HoldingQuery { after, limit: 10, ..HoldingQuery::default() };
        let page = store.holdings(query).await.unwrap();
        sizes.push(page.holdings.len());
        found.extend(page.holdings.into_iter().filter_map(|it| it.name));
        let Some(next) = page.next else { break };
        after = Some(next);
        // An object that changes meanwhile moves to the end and is seen again, newer.
        if sizes.len() == 1 {
            store.hold(vec![own("object 3", 1, "y")], vec![]).await.unwrap();
        }
    }
    assert_eq!(sizes, [10, 10, 6]);
    assert_eq!(found[..25], expected);
    assert_eq!(found[25], "object 3");
    let beyond = HoldingQuery { after: Some(u64::MAX), limit: 10, ..HoldingQuery::default() };
    assert!(store.holdings(beyond).await.unwrap().holdings.is_empty());
}

pub(crate) async fn every_condition_of_a_query_holds(store: &dyn Store) {
    let mut report = own("r", 0, "drums");
    report.stix_type = "report".to_owned();
    store.hold(vec![own("a", 0, "drums"), report, own("b", 0, "tanks")], vec![]).await.unwrap();
    consumed(store, 0, vec![theirs(their_digest(0), "c", 0, "drums")]).await;
    let find = |query: HoldingQuery| async move {
        let page = store.holdings(HoldingQuery { limit: 9, ..query }).await.unwrap();
        names(&page.holdings).join(" ")
    };
    let query = HoldingQuery::default;
    let drums = || Some("drums".to_owned());
    let indicator = || Some("indicator".to_owned());
    assert_eq!(find(HoldingQuery { stix_type: indicator(), ..query() }).await, "a b c");
    assert_eq!(find(HoldingQuery { partner: Some(None), ..query() }).await, "a r b");
    assert_eq!(find(HoldingQuery { partner: Some(Some(mx())), ..query() }).await, "c");
    assert_eq!(find(HoldingQuery { partner: Some(Some(root("ca"))), ..query() }).await, "");
    let ids = Some(vec![id("c"), id("a"), id("none")]);
    assert_eq!(find(HoldingQuery { ids: ids.clone(), ..query() }).await, "a c");
    assert_eq!(find(HoldingQuery { ids: Some(vec![]), ..query() }).await, "");
    assert_eq!(find(HoldingQuery { search: drums(), ..query() }).await, "a r c");
    let every = HoldingQuery {
        stix_type: indicator(),
        search: drums(),
        ids,
        about: None,
        partner: Some(None),
        after: None,
        limit: 0,
        naming: None,
    };
    assert_eq!(find(every.clone()).await, "a");
    assert!(store.holdings(every).await.unwrap().holdings.is_empty());
}

pub(crate) async fn what_speaks_of_an_object_is_found_by_its_id(store: &dyn Store) {
    let speaks = |name: &str, stix_type: &str, of: &[&str]| {
        let mut holding = own(name, 0, "x");
        holding.stix_type = stix_type.to_owned();
        holding.refs = of.iter().map(|it| id(it)).collect();
        holding
    };
    let batch = vec![
        own("a", 0, "x"),
        speaks("seen", "sighting", &["a", "b"]),
        speaks("linked", "relationship", &["b", "a"]),
        speaks("reported", "report", &["a"]),
        speaks("alone", "note", &[]),
    ];
    store.hold(batch, vec![]).await.unwrap();
    let find = |about: &'static [&'static str]| async move {
        let about = Some(about.iter().map(|it| id(it)).collect());
        let query = HoldingQuery { about, limit: 9, ..HoldingQuery::default() };
        names(&store.holdings(query).await.unwrap().holdings).join(" ")
    };
    assert_eq!(find(&["a"]).await, "seen linked");
    assert_eq!(find(&["a", "b"]).await, "seen linked");
    assert_eq!(find(&["c"]).await, "");
    assert_eq!(find(&[]).await, "");

    // what is staged is not found until it is published, and not once it was refused
    let statement = their_digest(0);
    let mut staged = theirs(statement, "opinion", 0, "x");
    staged.stix_type = "opinion".to_owned();
    staged.refs = vec![id("c")];
    store.stage(statement, vec![staged]).await.unwrap();
    assert_eq!(find(&["c"]).await, "");
    let pouch = arrived(store, "pouch").await;
    let refused = publication(pouch, arrival(0, Kind::Release), PublishEffect::Nothing);
    store.publish(refused).await.unwrap();
    assert_eq!(find(&["c"]).await, "");
    let mut again = theirs(their_digest(1), "opinion", 0, "x");
    again.stix_type = "opinion".to_owned();
    again.refs = vec![id("c")];
    consumed(store, 1, vec![again]).await;
    assert_eq!(find(&["c"]).await, "opinion");
}

pub(crate) async fn a_word_is_found_by_its_beginning_whatever_its_case_and_accents(
    store: &dyn Store,
) {
    let batch = vec![
        own("a", 0, "Embarque de METILAMINA en Manzanillo"),
        own("b", 0, "Sustancia química, 40 tambores"),
        own("c", 0, "año 2026: fenil-2-propanona"),
    ];
    store.hold(batch, vec![]).await.unwrap();
    for (words, found) in [
        ("metil", "a"),
        ("manza EMBARQUE", "a"),
        ("quimica", "b"),
        ("QUÍM tamb", "b"),
        ("ano", "c"),
        ("fenil-2-prop", "c"),
        ("químico", ""),
        ("metil tambores", ""),
        ("tilamina", ""),
        ("  ", "a b c"),
    ] {
        assert_eq!(search(store, words).await.join(" "), found, "{words}");
    }
}

pub(crate) async fn operators_in_a_search_are_text(store: &dyn Store) {
    let batch =
        vec![own("a", 0, "drums OR tanks NEAR port"), own("b", 0, "drums"), own("c", 0, "tanks")];
    store.hold(batch, vec![]).await.unwrap();
    for (words, found) in [
        ("drums OR tanks", "a"),
        ("drums NOT tanks", ""),
        ("NEAR(drums tanks)", ""),
        ("text:drums", ""),
        ("\"drums", "a b"),
        ("drums\"", "a b"),
        ("dru*", "a b"),
        ("^drums", "a b"),
        ("-drums", "a b"),
        ("(drums)", "a b"),
        ("drums\0tanks", "a"),
        ("\" * ( ) -- ;", ""),
        ("') OR 1=1 --", ""),
    ] {
        assert_eq!(search(store, words).await.join(" "), found, "{words}");
    }
    assert!(search(store, &"x\" ".repeat(100_000)).await.is_empty());
}

pub(crate) async fn what_is_staged_is_seen_by_nobody_until_it_is_published(store: &dyn Store) {
    let statement = their_digest(0);
    let staged = vec![theirs(statement, "a", 0, "drums"), theirs(statement, "b", 0, "drums")];
    store.hold(vec![own("b", 1, "mine")], vec![]).await.unwrap();
    store.stage(statement, staged.clone()).await.unwrap();
    assert_eq!(store.holding(id("a")).await.unwrap(), None);
    assert!(store.holding_versions(id("a")).await.unwrap().is_empty());
    assert_eq!(store.holding_versions(id("b")).await.unwrap().len(), 1);
    assert!(search(store, "drums").await.is_empty());
    assert_eq!(names(&all(store).await), ["b"]);
    store.hold(vec![own("b", 2, "mine")], vec![]).await.unwrap();
    assert_eq!(store.counts().await.unwrap()[0].versions, 2);

    consumed(store, 0, vec![theirs(statement, "c", 0, "drums")]).await;
    assert_eq!(search(store, "drums").await, ["a", "c"]);
    assert_eq!(store.holding(id("a")).await.unwrap(), Some(staged[0].clone()));
    assert_eq!(store.holding(id("b")).await.unwrap(), Some(own("b", 2, "mine")));
    assert_eq!(store.holding_versions(id("b")).await.unwrap().len(), 3);
    assert_eq!(store.counts().await.unwrap()[0].versions, 3);
    let late = store.stage(statement, vec![theirs(statement, "d", 0, "x")]).await.unwrap_err();
    assert_eq!(late.code(), "conflict");
}

pub(crate) async fn third_party_whose_an_object_is_follows_from_what_readers_get(
    store: &dyn Store,
) {
    let given = their_digest(0);
    consumed(store, 0, ["given", "both"].map(|it| theirs(given, it, 0, "x")).to_vec()).await;
    store.hold(vec![own("both", 1, "mine"), own("mine", 0, "x")], vec![]).await.unwrap();
    let statement = their_digest(1);
    let over = theirs(statement, "purged", 0, "x");
    consumed(store, 1, vec![over.clone()]).await;
    let object = Received { statement, id: over.id, version: over.version };
    store.purge(vec![Tombstone { object, why: Why::Retention, at: at(9) }], vec![]).await.unwrap();
    let next = their_digest(2);
    store.stage(next, vec![theirs(next, "staged", 0, "x")]).await.unwrap();

    let names = ["given", "both", "mine", "purged", "staged", "nobody's"];
    let found = store.of_partners(names.map(id).to_vec()).await.unwrap();
    let theirs = [("given", Some(mx())), ("purged", None), ("staged", Some(mx()))];
    assert_eq!(found, theirs.map(|(name, party)| (id(name), party)));
}

pub(crate) async fn two_versions_in_one_release_are_counted_and_the_later_is_read(
    store: &dyn Store,
) {
    let statement = their_digest(0);
    let batch = [(1, "later"), (0, "earlier")].map(|(at, text)| theirs(statement, "a", at, text));
    store.stage(statement, batch.to_vec()).await.unwrap();
    store.stage(statement, vec![theirs(statement, "b", 0, "x")]).await.unwrap();
    consumed(store, 0, vec![theirs(statement, "b", 1, "y")]).await;
    let counts = store.counts().await.unwrap();
    assert_eq!(counts.iter().map(|it| (it.objects, it.versions)).collect::<Vec<_>>(), [(2, 4)]);
    assert_eq!(store.holding(id("a")).await.unwrap().unwrap().text, "later");
    assert_eq!(store.holding(id("b")).await.unwrap().unwrap().text, "y");
}

pub(crate) async fn what_was_staged_for_a_refused_statement_is_gone(store: &dyn Store) {
    let statement = their_digest(0);
    let pouch = arrived(store, "pouch").await;
    store.stage(statement, vec![theirs(statement, "a", 0, "drums")]).await.unwrap();
    let other = their_digest(1);
    store.stage(other, vec![theirs(other, "b", 0, "drums")]).await.unwrap();
    let refused = publication(pouch, arrival(0, Kind::Release), PublishEffect::Nothing);
    store.publish(refused).await.unwrap();
    consumed(store, 1, vec![]).await;
    assert_eq!(search(store, "drums").await, ["b"]);
    assert_eq!(store.holding(id("a")).await.unwrap(), None);
}

pub(crate) async fn staging_again_after_a_crash_keeps_one_of_each(store: &dyn Store) {
    let statement = their_digest(0);
    let batch = |names: &[&str]| names.iter().map(|it| theirs(statement, it, 0, "drums")).collect();
    store.stage(statement, batch(&["a", "b"])).await.unwrap();
    store.stage(statement, batch(&["a", "b", "b", "c"])).await.unwrap();
    consumed(store, 0, batch(&["c", "d"])).await;
    assert_eq!(search(store, "drums").await, ["a", "b", "c", "d"]);
    assert_eq!(store.holding_versions(id("a")).await.unwrap().len(), 1);
}

pub(crate) async fn an_object_published_late_is_on_a_later_page(store: &dyn Store) {
    let statement = their_digest(0);
    store.stage(statement, vec![theirs(statement, "early", 0, "x")]).await.unwrap();
    store.hold(vec![own("a", 0, "x"), own("b", 0, "x")], vec![]).await.unwrap();
    let query = HoldingQuery { limit: 1, ..HoldingQuery::default() };
    let page = store.holdings(query.clone()).await.unwrap();
    assert_eq!(names(&page.holdings), ["a"]);
    consumed(store, 0, vec![]).await;
    let rest = HoldingQuery { after: page.next, limit: 9, ..query };
    assert_eq!(names(&store.holdings(rest).await.unwrap().holdings), ["b", "early"]);
}

pub(crate) async fn counts_count_each_object_once(store: &dyn Store) {
    let mut report = own("r", 0, "x");
    report.stix_type = "report".to_owned();
    let batch = vec![own("a", 0, "x"), own("a", 1, "y"), own("b", 0, "x"), report];
    store.hold(batch, vec![]).await.unwrap();
    consumed(store, 0, vec![theirs(their_digest(0), "c", 0, "x")]).await;
    let counts: Vec<_> = store
        .counts()
        .await
        .unwrap()
        .into_iter()
        .map(|it| (it.stix_type, it.partner, it.objects, it.versions))
        .collect();
    let indicator = || "indicator".to_owned();
    let expected = [
        (indicator(), None, 2, 3),
        (indicator(), Some(mx()), 1, 1),
        ("report".to_owned(), None, 1, 1),
    ];
    assert_eq!(counts, expected);
}

pub(crate) async fn one_partys_objects_are_not_taken_for_anothers(store: &dyn Store) {
    let statement = their_digest(0);
    let foreign = store.hold(vec![theirs(statement, "a", 0, "x")], vec![]).await.unwrap_err();
    assert_eq!(foreign.code(), "misuse");
    for wrong in [own("a", 0, "x"), theirs(their_digest(1), "a", 0, "x")] {
        let staged = store.stage(statement, vec![wrong.clone()]).await.unwrap_err();
        assert_eq!(staged.code(), "misuse");
        let pouch = arrived(store, "pouch").await;
        let effect = their_release(1);
        let input = publication(pouch, arrival(0, Kind::Release), effect);
        let input = PublishInput { holdings: vec![wrong], at: at(30), ..input };
        assert_eq!(store.publish(input).await.unwrap_err().code(), "misuse");
    }
    assert!(all(store).await.is_empty());
    assert_eq!(store.inbound_head(crate::support::inward()).await.unwrap().next, 0);
}
