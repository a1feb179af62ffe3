use comity_exchange::ports::{
    ComposeInput, DerivativeRecord, FolioSubject, PreviewLine, PreviewReason, ReleaseState, Store,
    Verdict,
};
use comity_model::{Digest, ReleaseId};
use uuid::Uuid;

use crate::support::{agreement, approval, at, composition, events, line, make_node, own, sealed};

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
