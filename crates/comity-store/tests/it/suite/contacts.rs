use comity_exchange::ports::{
    Contact, ContactKind, ContactQuery, FolioSubject, ReportRow, Reported, Store, Unreported,
    UnreportedQuery,
};
use comity_model::{ContactId, Digest, MatterId, MatterKind};
use uuid::Uuid;

use crate::support::{at, events, line, make_node, mx, root};

fn contact(number: u128) -> Contact {
    Contact {
        id: ContactId::new(Uuid::from_u128(number)),
        partner: mx(),
        kind: ContactKind::Call,
        at: at(0),
        offset: jiff::tz::offset(-6),
        our_office: "liaison office".to_owned(),
        their_office: "embassy".to_owned(),
        subject: "A port".to_owned(),
        said: "Nothing new".to_owned(),
        authorised_by: "legal office".to_owned(),
        authorisation: "2026-17".to_owned(),
        recorded_at: at(1),
    }
}

pub(crate) async fn a_contact_is_numbered_and_reads_back_as_it_was_entered(store: &dyn Store) {
    make_node(store).await;
    let kept = store.add_contact(contact(1), vec![], vec![line("added")]).await.unwrap();
    assert_eq!(kept.contact, contact(1));
    assert_eq!(store.contact(contact(1).id).await.unwrap(), Some(kept.clone()));
    let found = store.by_folio(kept.folio.clone()).await.unwrap();
    assert_eq!(found, Some(FolioSubject::Contact(contact(1).id)));
    let again = store.add_contact(contact(1), vec![], vec![line("again")]).await.unwrap_err();
    assert_eq!(again.code(), "exists");
    let unknown = MatterId::new(MatterKind::Proposal, Uuid::from_u128(9));
    let loose = store.add_contact(contact(2), vec![unknown], vec![line("loose")]).await;
    assert_eq!(loose.unwrap_err().code(), "not-found");
    let tied = store.link_contact(contact(1).id, unknown, vec![line("tied")]).await.unwrap_err();
    assert_eq!(tied.code(), "not-found");
    let other = Contact { partner: root("xx"), ..contact(3) };
    store.add_contact(other.clone(), vec![], vec![]).await.unwrap();
    let query = ContactQuery { limit: 10, ..ContactQuery::default() };
    let all = store.contacts(query).await.unwrap();
    let ids: Vec<ContactId> = all.iter().map(|it| it.contact.id).collect();
    assert_eq!(ids, [other.id, contact(1).id], "newest first, and nothing of what failed");
    let theirs = ContactQuery { partner: Some(mx()), ..query };
    assert_eq!(store.contacts(theirs).await.unwrap().len(), 1);
    assert_eq!(events(store).await, ["added"]);
}

pub(crate) async fn a_report_is_written_once_by_each_template(store: &dyn Store) {
    make_node(store).await;
    store.add_contact(contact(1), vec![], vec![]).await.unwrap();
    let on = Reported::Contact(contact(1).id);
    let query = |template: &str, contacts| UnreportedQuery {
        template: template.to_owned(),
        contacts,
        kinds: vec![],
        limit: 10,
    };
    let report = |template: &str| ReportRow {
        on,
        template: template.to_owned(),
        at: at(2),
        by: "officer-1".to_owned(),
        digest: Digest::of(b"report"),
    };
    let open = [Unreported { on, at: at(0) }];
    assert_eq!(store.unreported(query("mx", true)).await.unwrap(), open);
    assert!(store.unreported(query("mx", false)).await.unwrap().is_empty());
    store.report(report("mx"), vec![line("reported")]).await.unwrap();
    assert!(store.unreported(query("mx", true)).await.unwrap().is_empty());
    assert_eq!(store.unreported(query("general", true)).await.unwrap(), open);
    let twice = store.report(report("mx"), vec![line("twice")]).await.unwrap_err();
    assert_eq!(twice.code(), "exists");
    store.report(report("general"), vec![]).await.unwrap();
    assert_eq!(store.reports(on).await.unwrap(), [report("mx"), report("general")]);
    assert_eq!(events(store).await, ["reported"]);
}
