use std::collections::BTreeSet;

use comity_exchange::ports::{
    ComposeInput, DerivativeRecord, FolioSubject, LossQuery, LossRecord, Losses, MaskRecord,
    MaskedText, PreviewLine, PreviewReason, Received, ReleaseState, Store, Tombstone, Traces,
    Verdict, Why,
};
use comity_model::derivative::{Change, How};
use comity_model::{Digest, Holding, ReleaseId};
use uuid::Uuid;

use crate::support::{
    agreement, approval, at, composition, consumed, events, line, make_node, own, sealed,
    their_digest, theirs,
};

pub(crate) async fn folios_count_up_in_each_year(store: &dyn Store) {
    let homeless = store.compose(composition(1), vec![line("composed")]).await.unwrap_err();
    assert_eq!(homeless.code(), "not-found");
    make_node(store).await;
    let in_year = |year: &str| format!("{year}-07-01T00:00:00Z").parse().unwrap();
    let mut folios = vec![];
    for (number, year) in [(1, "2026"), (2, "2026"), (3, "2027"), (4, "2026")] {
        let input = ComposeInput { at: in_year(year), ..composition(number) };
        folios.push(store.compose(input, vec![]).await.unwrap().record.folio.to_string());
    }
    assert_eq!(folios, ["US-2026-000001", "US-2026-000002", "US-2027-000001", "US-2026-000003"]);
    let found = store.by_folio("US-2027-000001".parse().unwrap()).await.unwrap();
    assert_eq!(found, Some(FolioSubject::Release(ReleaseId::new(Uuid::from_u128(3)))));
    assert_eq!(store.by_folio("US-2027-000002".parse().unwrap()).await.unwrap(), None);
    assert!(events(store).await.is_empty());
}

pub(crate) async fn what_was_composed_is_read_back_exactly(store: &dyn Store) {
    make_node(store).await;
    let withheld = PreviewLine {
        id: "indicator--2".to_owned(),
        version: "v".to_owned(),
        stix_type: "indicator".to_owned(),
        name: None,
        verdict: Verdict::Withheld,
        redacted: vec![],
        reasons: vec![PreviewReason {
            code: "red-line".to_owned(),
            policy: "red-line:1".to_owned(),
            property: None,
            text: "Nothing about a natural person under 18".to_owned(),
        }],
        policies: vec!["red-line:1".to_owned()],
        source: None,
    };
    let held = own("held", 0, "text");
    store.hold(vec![held.clone()], vec![]).await.unwrap();
    let (id, version) = (held.id, held.version);
    let verdict = Verdict::Released;
    let released = PreviewLine { id, version, verdict, reasons: vec![], ..withheld.clone() };
    let preview = vec![withheld, released];
    let input = ComposeInput { preview: preview.clone(), ..composition(1) };
    let row = store.compose(input.clone(), vec![line("composed")]).await.unwrap();
    let id = row.record.release;
    assert_eq!(row.state, ReleaseState::Composed);
    assert_eq!(row.digest, Digest::of(&row.bytes));
    assert_eq!(
        serde_json::from_slice::<comity_model::ReleaseRecord>(&row.bytes).unwrap(),
        row.record
    );
    assert_eq!(row.parts, input.parts);
    assert_eq!(store.release(id).await.unwrap(), Some(row.clone()));
    assert_eq!(store.preview(id).await.unwrap(), preview);

    let again = store.compose(composition(1), vec![line("again")]).await.unwrap_err();
    assert_eq!(again.code(), "exists");
    let second = store.compose(composition(2), vec![]).await.unwrap();
    assert_eq!(second.record.folio.to_string(), "US-2026-000002");
    assert_eq!(store.releases(9).await.unwrap(), [second.clone(), row]);
    assert_eq!(store.releases(1).await.unwrap(), [second]);
    let unknown = ReleaseId::new(Uuid::from_u128(9));
    assert_eq!(store.release(unknown).await.unwrap(), None);
    assert_eq!(store.preview(unknown).await.unwrap_err().code(), "not-found");
    assert_eq!(events(store).await, ["composed"]);
}

pub(crate) async fn approvals_bind_to_the_digest_and_to_one_officer_each(store: &dyn Store) {
    make_node(store).await;
    let row = store.compose(composition(1), vec![]).await.unwrap();
    let id = row.record.release;
    let approve = |digest, officer, required| {
        store.approve(id, digest, approval(officer), required, vec![line("approved")])
    };
    let (composed, enough) = (ReleaseState::Composed, ReleaseState::Approved);

    let other = approve(Digest::of(b"other"), 1, 1).await.unwrap_err();
    assert_eq!(other.code(), "conflict");
    assert_eq!(approve(row.digest, 1, 2).await.unwrap(), composed);
    assert_eq!(approve(row.digest, 1, 1).await.unwrap_err().code(), "exists");
    assert_eq!(store.release(id).await.unwrap().unwrap().state, composed);
    assert_eq!(approve(row.digest, 2, 2).await.unwrap(), enough);
    assert_eq!(approve(row.digest, 3, 4).await.unwrap(), enough, "enough stays enough");
    let now = store.release(id).await.unwrap().unwrap();
    assert_eq!(now.state, enough);
    assert_eq!(now.approvals, [approval(1), approval(2), approval(3)]);

    let unknown = ReleaseId::new(Uuid::from_u128(9));
    let missing = store.approve(unknown, row.digest, approval(1), 1, vec![]).await;
    assert_eq!(missing.unwrap_err().code(), "not-found");
    let gone = sealed(store, 2).await;
    let id = store.releases(1).await.unwrap()[0].record.release;
    let digest = store.release(id).await.unwrap().unwrap().digest;
    let late = store.approve(id, digest, approval(5), 1, vec![]).await.unwrap_err();
    assert_eq!((late.code(), gone.sequence), ("conflict", Some(0)));
    assert_eq!(events(store).await, ["approved", "approved", "approved", "sealed"]);
}

pub(crate) async fn a_derivative_is_found_again_and_never_forked(store: &dyn Store) {
    make_node(store).await;
    let first = DerivativeRecord {
        agreement: agreement().id,
        original: "indicator--1".to_owned(),
        original_version: "v1".to_owned(),
        derived: "indicator--2".to_owned(),
        created: at(0),
        modified: at(0),
        content: Digest::of(b"one"),
        opening: [1; 32],
    };
    let compose = |number, derivative: &DerivativeRecord| {
        let derivatives = vec![derivative.clone()];
        store.compose(ComposeInput { derivatives, ..composition(number) }, vec![])
    };
    compose(1, &first).await.unwrap();
    let asked = || vec!["indicator--0".to_owned(), first.original.clone()];
    let find = || async { store.derivatives(agreement().id, asked()).await.unwrap() };
    assert_eq!(find().await, std::slice::from_ref(&first));

    // Another process composed meanwhile and did not know of the first one.
    let forked = DerivativeRecord { created: at(1), modified: at(1), ..first.clone() };
    assert_eq!(compose(2, &forked).await.unwrap_err().code(), "conflict");
    let same_time = DerivativeRecord { content: Digest::of(b"two"), ..first.clone() };
    assert_eq!(compose(2, &same_time).await.unwrap_err().code(), "conflict");

    let content = Digest::of(b"two");
    let second = DerivativeRecord { modified: at(2), content, opening: [2; 32], ..first.clone() };
    compose(2, &second).await.unwrap();
    assert_eq!(find().await, std::slice::from_ref(&second));
    for name in ["indicator--1", "indicator--2"] {
        let known = store.derivatives_known_as(vec![name.to_owned()]).await.unwrap();
        assert_eq!(known, [first.clone(), second.clone()], "{name}");
    }
    assert!(store.derivatives_known_as(vec!["indicator--0".to_owned()]).await.unwrap().is_empty());
    assert_eq!(compose(3, &first).await.unwrap_err().code(), "conflict");
    assert_eq!(store.releases(9).await.unwrap().len(), 2);
}

/// What an object loses, found by these digests, which names these.
fn loss(of: &Holding, traces: &[i64], names: &[&str]) -> LossRecord {
    LossRecord {
        agreement: agreement().id,
        original: of.id.clone(),
        version: of.version.clone(),
        digest: of.digest,
        changes: vec![Change { property: "name".to_owned(), how: How::Pseudonym }],
        traces: traces.iter().copied().collect(),
        names: names.iter().map(|&it| it.to_owned()).collect(),
    }
}

fn mask(object: &str, source: &Holding) -> MaskRecord {
    MaskRecord {
        agreement: agreement().id,
        object: object.to_owned(),
        property: "description".to_owned(),
        source: source.id.clone(),
        version: source.version.clone(),
    }
}

async fn lost(store: &dyn Store, objects: &[&str], named: &[&str], traces: Traces) -> Losses {
    let all = |ids: &[&str]| ids.iter().map(|&it| it.to_owned()).collect();
    let (objects, named) = (all(objects), all(named));
    let query = LossQuery { agreement: agreement().id, objects, named, traces };
    store.losses(query).await.unwrap()
}

fn none() -> Traces {
    Traces::Of(BTreeSet::new())
}

pub(crate) async fn what_was_lost_is_found_by_what_has_to_do_with_it(store: &dyn Store) {
    make_node(store).await;
    let here = agreement().id;
    assert_eq!(store.lasting_losses(here, 9).await.unwrap(), None);
    let (one, other) = (own("one", 0, "a text"), own("other", 0, "another"));
    let mut link = own("link", 0, "of both");
    link.stix_type = "relationship".to_owned();
    link.refs = vec![one.id.clone(), "tool--9".to_owned()];
    store.hold(vec![one.clone(), other.clone(), link], vec![]).await.unwrap();
    let losses = vec![loss(&one, &[7, -8], &["tool--1"]), loss(&other, &[], &[])];
    let masks = vec![mask("tool--2", &other)];
    let input = ComposeInput { losses: losses.clone(), masks, ..composition(1) };
    store.compose(input, vec![]).await.unwrap();
    // said twice it is kept once
    store.compose(ComposeInput { losses, ..composition(2) }, vec![]).await.unwrap();
    assert_eq!(store.lasting_losses(here, 9).await.unwrap(), Some(1));
    assert_eq!(store.lasting_losses(here, 0).await.unwrap(), Some(0));

    let related = |found: Losses| -> Vec<String> {
        assert!(found.lasting.is_empty() && found.gone.is_empty(), "{found:?}");
        found.related.into_iter().map(|it| it.original).collect()
    };
    let (one_id, other_id) = (one.id.as_str(), other.id.as_str());
    // itself, what names it, what it names, what a relationship names beside it, and what was masked in it
    assert_eq!(related(lost(store, &[one_id], &[], none()).await), [one_id]);
    assert_eq!(related(lost(store, &["tool--0"], &[one_id], none()).await), [one_id]);
    assert_eq!(related(lost(store, &["tool--1"], &[], none()).await), [one_id]);
    assert_eq!(related(lost(store, &["tool--9"], &[], none()).await), [one_id]);
    assert_eq!(related(lost(store, &["tool--2"], &[], none()).await), [other_id]);
    assert!(related(lost(store, &["tool--0"], &[], none()).await).is_empty());

    for traces in [Traces::All, Traces::Of(BTreeSet::from([5, -8]))] {
        let found = lost(store, &["tool--0"], &[], traces.clone()).await;
        assert!(found.related.is_empty());
        let known = found.lasting.into_iter().next().unwrap();
        assert_eq!((known.original.as_str(), known.bytes), (one_id, one.bytes.clone()));
        assert_eq!((known.digest, known.changes.len()), (one.digest, 1));
        // what is found for another reason is not given twice
        let found = lost(store, &[one_id], &[], traces).await;
        assert_eq!((found.related.len(), found.lasting.len()), (1, 0));
    }
    let found = lost(store, &["tool--0"], &[], Traces::Of(BTreeSet::from([5]))).await;
    assert!(found.lasting.is_empty());
    // a port in which everything arrives has to do with none of it
    let many: Vec<Holding> = (0..65).map(|at| own(&format!("many-{at}"), 0, "x")).collect();
    store.hold(many.clone(), vec![]).await.unwrap();
    let few = |count| many.iter().take(count).map(|it| loss(it, &[], &["location--1"])).collect();
    store.compose(ComposeInput { losses: few(64), ..composition(3) }, vec![]).await.unwrap();
    assert_eq!(related(lost(store, &["location--1"], &[], none()).await).len(), 64);
    store.compose(ComposeInput { losses: few(65), ..composition(4) }, vec![]).await.unwrap();
    assert!(related(lost(store, &["location--1"], &[], none()).await).is_empty());
    let another = comity_model::AgreementId::new(Uuid::from_u128(77));
    assert_eq!(store.lasting_losses(another, 9).await.unwrap(), None);
}

pub(crate) async fn what_was_lost_goes_with_the_last_copy_of_its_version(store: &dyn Store) {
    make_node(store).await;
    let (first, second) = (their_digest(0), their_digest(1));
    let given = theirs(first, "given", 0, "a text");
    let again = theirs(second, "given", 0, "a text");
    consumed(store, 0, vec![given.clone()]).await;
    consumed(store, 1, vec![again.clone()]).await;
    let losses = vec![loss(&given, &[7], &["tool--1"])];
    let input = ComposeInput { losses, masks: vec![mask("tool--2", &given)], ..composition(1) };
    store.compose(input, vec![]).await.unwrap();
    for (statement, left) in [(first, 1), (second, 0)] {
        let object = Received { statement, id: given.id.clone(), version: given.version.clone() };
        let tombstone = Tombstone { object, why: Why::Retention, at: at(9) };
        store.purge(vec![tombstone], vec![]).await.unwrap();
        let found = lost(store, &["tool--1", "tool--2"], &[], Traces::All).await;
        assert_eq!(found.related.len(), left);
        let count = store.lasting_losses(agreement().id, 9).await.unwrap();
        // that something was masked is known for ever, and nobody can look for it any more
        assert_eq!(count, Some(left as u64));
        let object = "tool--2".to_owned();
        let text = MaskedText { object, property: "description".to_owned() };
        assert_eq!(found.gone, if left == 0 { vec![text] } else { vec![] });
    }
}
