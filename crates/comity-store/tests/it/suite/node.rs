use comity_exchange::ports::{AgreementRecord, FolioSubject, OfficerRecord, PartyRecord, Store};
use comity_model::statement::AgreementRef;
use comity_model::{AgreementId, Digest, OfficerId};
use uuid::Uuid;

use crate::support::{agreement, at, events, line, make_node, mx, node, root, us};

pub(crate) async fn a_node_is_made_once(store: &dyn Store) {
    assert_eq!(store.node().await.unwrap(), None);
    store.create_node(node(), vec![line("made")]).await.unwrap();
    assert_eq!(store.node().await.unwrap(), Some(node()));
    let again = store.create_node(node(), vec![line("made again")]).await.unwrap_err();
    assert_eq!(again.code(), "exists");
    assert_eq!(events(store).await, ["made"]);
}

fn party(name: &str, handle: &str, serial: u64) -> PartyRecord {
    PartyRecord {
        root: root(name),
        handle: handle.parse().unwrap(),
        descriptor: format!("descriptor {serial} of {name}"),
        serial,
        imported_at: at(1),
        confirmed_at: None,
    }
}

pub(crate) async fn a_partner_is_unconfirmed_until_somebody_confirms_it(store: &dyn Store) {
    let claimed = PartyRecord { confirmed_at: Some(at(0)), ..party("mx", "mx", 1) };
    store.put_party(claimed, vec![]).await.unwrap();
    assert_eq!(store.parties().await.unwrap(), [party("mx", "mx", 1)]);

    store.confirm_party(mx(), at(2), vec![line("confirmed")]).await.unwrap();
    store.confirm_party(mx(), at(3), vec![]).await.unwrap();
    assert_eq!(store.parties().await.unwrap()[0].confirmed_at, Some(at(2)));
    let unknown = store.confirm_party(root("ca"), at(2), vec![]).await.unwrap_err();
    assert_eq!(unknown.code(), "not-found");
}

pub(crate) async fn a_descriptor_is_replaced_only_by_a_later_one(store: &dyn Store) {
    store.put_party(party("mx", "mx", 2), vec![]).await.unwrap();
    store.confirm_party(mx(), at(2), vec![]).await.unwrap();
    let older = store.put_party(party("mx", "mx", 1), vec![line("older")]).await.unwrap_err();
    assert_eq!(older.code(), "conflict");
    let forked = PartyRecord { descriptor: "another".to_owned(), ..party("mx", "mx", 2) };
    assert_eq!(store.put_party(forked, vec![]).await.unwrap_err().code(), "conflict");
    store.put_party(party("mx", "mx", 2), vec![]).await.unwrap();
    store.put_party(party("mx", "mx", 3), vec![]).await.unwrap();
    let stored = PartyRecord { confirmed_at: Some(at(2)), ..party("mx", "mx", 3) };
    assert_eq!(store.parties().await.unwrap(), [stored]);
    assert!(events(store).await.is_empty());
}

pub(crate) async fn a_handle_belongs_to_one_party(store: &dyn Store) {
    make_node(store).await;
    store.put_party(party("mx", "mx", 1), vec![]).await.unwrap();
    for handle in ["mx", "us"] {
        let taken = store.put_party(party("ca", handle, 1), vec![]).await.unwrap_err();
        assert_eq!(taken.code(), "exists", "{handle}");
    }
    store.put_party(party("ca", "ca", 1), vec![]).await.unwrap();
    let handles: Vec<String> =
        store.parties().await.unwrap().iter().map(|it| it.handle.to_string()).collect();
    assert_eq!(handles, ["ca", "mx"]);
}

pub(crate) async fn an_officers_name_is_taken_once(store: &dyn Store) {
    let officer = |number: u128, name: &str| OfficerRecord {
        id: OfficerId::new(Uuid::from_u128(number)),
        name: name.to_owned(),
        office: "Precursor desk".to_owned(),
        certificate: "certificate".to_owned(),
        registered_at: at(0),
    };
    store.put_officer(officer(1, "officer-2"), vec![]).await.unwrap();
    store.put_officer(officer(2, "officer-1"), vec![]).await.unwrap();
    let taken = store.put_officer(officer(3, "officer-1"), vec![line("again")]).await.unwrap_err();
    assert_eq!(taken.code(), "exists");
    let all = store.officers().await.unwrap();
    assert_eq!(all, [officer(2, "officer-1"), officer(1, "officer-2")]);
    assert!(events(store).await.is_empty());
}

pub(crate) async fn the_text_of_an_agreement_that_both_signed_never_changes(store: &dyn Store) {
    let first = AgreementRecord {
        reference: agreement(),
        partner: mx(),
        text: "the text".to_owned(),
        envelope: "one signature".to_owned(),
        ours: false,
        complete: false,
        when_signed: false,
        stored_at: at(0),
        folio: None,
    };
    make_node(store).await;
    store.put_agreement(first.clone(), vec![]).await.unwrap();
    let both = AgreementRecord {
        envelope: "two signatures".to_owned(),
        ours: true,
        complete: true,
        stored_at: at(9),
        ..first.clone()
    };
    store.put_agreement(both.clone(), vec![]).await.unwrap();
    let folio = Some("US-2026-000001".parse().unwrap());
    let kept = AgreementRecord { stored_at: at(0), folio: folio.clone(), ..both };
    assert_eq!(store.agreements().await.unwrap(), std::slice::from_ref(&kept));

    store.put_agreement(first.clone(), vec![]).await.unwrap();
    assert_eq!(store.agreements().await.unwrap(), std::slice::from_ref(&kept));

    let reference = AgreementRef { digest: Digest::of(b"other"), ..agreement() };
    let other = AgreementRecord { reference, text: "another text".to_owned(), ..first.clone() };
    let refused = store.put_agreement(other, vec![line("other")]).await.unwrap_err();
    assert_eq!(refused.code(), "conflict");

    let reference = AgreementRef { version: 2, ..agreement() };
    let second = AgreementRecord { reference, partner: us(), ..first };
    store.put_agreement(second.clone(), vec![]).await.unwrap();
    let second = AgreementRecord { folio, ..second };
    assert_eq!(store.agreements().await.unwrap(), [kept, second]);
    assert!(events(store).await.is_empty());
}

pub(crate) async fn a_draft_gives_way_to_another_text_and_the_journal_says_which(
    store: &dyn Store,
) {
    let draft = AgreementRecord {
        reference: agreement(),
        partner: mx(),
        text: "the text".to_owned(),
        envelope: "one signature".to_owned(),
        ours: false,
        complete: false,
        when_signed: false,
        stored_at: at(0),
        folio: None,
    };
    make_node(store).await;
    store.put_agreement(draft.clone(), vec![line("drafted")]).await.unwrap();
    for complete in [false, true] {
        let before = store.agreements().await.unwrap().remove(0);
        let text = format!("another text, {complete}");
        let reference = AgreementRef { digest: Digest::of(text.as_bytes()), ..agreement() };
        let other =
            AgreementRecord { reference, text, complete, stored_at: at(5), ..draft.clone() };
        let kept = store.put_agreement(other.clone(), vec![line("replaced")]).await.unwrap();
        let other = AgreementRecord { folio: before.folio, ..other };
        assert_eq!(kept, other);
        assert_eq!(store.agreements().await.unwrap(), [other]);
        let last = store.journal_lines(0, 9).await.unwrap().pop().unwrap().entry;
        assert_eq!(last.event, "replaced");
        assert_eq!(last.details["replaces"], before.reference.digest.to_string());
    }
    let refused = store.put_agreement(draft, vec![line("again")]).await.unwrap_err();
    assert_eq!(refused.code(), "conflict");
    assert_eq!(events(store).await, ["drafted", "replaced", "replaced"]);
}

pub(crate) async fn an_agreement_is_numbered_once_for_all_its_versions(store: &dyn Store) {
    make_node(store).await;
    let record = |id: u128, version: u32| AgreementRecord {
        reference: AgreementRef {
            id: AgreementId::new(Uuid::from_u128(id)),
            version,
            digest: Digest::of(b"text"),
        },
        partner: mx(),
        text: "text".to_owned(),
        envelope: "one signature".to_owned(),
        ours: false,
        complete: false,
        when_signed: false,
        stored_at: at(0),
        folio: None,
    };
    let mut folios = Vec::new();
    for (id, version) in [(1, 1), (2, 1), (1, 2), (1, 1)] {
        let kept = store.put_agreement(record(id, version), vec![]).await.unwrap();
        let folio = kept.folio.unwrap();
        let found = store.by_folio(folio.clone()).await.unwrap();
        assert_eq!(found, Some(FolioSubject::Agreement(kept.reference.id)));
        folios.push(folio.to_string());
    }
    let [first, second] = ["US-2026-000001", "US-2026-000002"];
    assert_eq!(folios, [first, second, first, first]);
    let listed = store.agreements().await.unwrap();
    let listed: Vec<String> =
        listed.iter().map(|it| it.folio.clone().unwrap().to_string()).collect();
    assert_eq!(listed, [first, first, second]);
}
