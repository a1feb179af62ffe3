//! Contacts outside the system: entered, linked, reported in time, and never crossing.

use comity_exchange::ExchangeError;
use comity_exchange::compose::Selection;
use comity_exchange::contact::{
    NewContact, Subject, Template, add, due, find, find_subject, link, record, report,
};
use comity_exchange::ports::{ContactKind, ContactQuery, Reported};
use comity_exchange::propose::{Put, What, find_proposal, history, propose};
use comity_model::matter::{MatterBody, ProposalSubject};
use comity_model::statement::Payload;
use comity_testkit::{CLAUSE, Pair, Party, Result, indicators, pair, pump};
use jiff::{SignedDuration, Timestamp};

use crate::support::journal;

const SECRET: &str = "They asked for a liaison at the port, and were told no";

const TEMPLATE: &str = r#"
name = "xx"
language = "es"
title = "Informe"
recipients = ["Secretaría"]
confirmed = false
clock = { days = 3, starts_at = ["contact", "exchange"] }
[[section]]
heading = "Hecho"
text = "{folio}: {kind}, {date} {time}, {partner_name}; vence {due}"
[[section]]
heading = "Dicho"
of = ["contact"]
text = "{our_office} / {their_office} / {authorised_by} / {authorisation} / {proposals}: {said}"
[[section]]
heading = "Intercambiado"
of = ["exchange"]
text = "{direction}, {objects} objetos: {text}"
"#;

fn new(with: &Party, at: Timestamp) -> NewContact {
    NewContact {
        partner: with.node.root(),
        kind: ContactKind::Meeting,
        at,
        offset: jiff::tz::Offset::UTC,
        our_office: "liaison office".to_owned(),
        their_office: "embassy".to_owned(),
        subject: "Joint operation".to_owned(),
        said: SECRET.to_owned(),
        authorised_by: "high-level group/2026-17".to_owned(),
        proposal: None,
        by: "officer-1".to_owned(),
    }
}

fn code<T>(result: Result<T, ExchangeError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "done")
}

async fn put(pair: &Pair) -> Result<comity_model::MatterId> {
    let put =
        Put::new(pair.mx.node.root(), ProposalSubject::JointOperation, "Together", "an analyst");
    let sealed = propose(&pair.us.node, put).await?;
    pump(&pair.us, &pair.mx).await?;
    let body = MatterBody::of(&Payload::parse(&sealed.payload)?).ok_or("no matter")??;
    Ok(body.matter())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_kept_in_its_node_linked_and_told_in_the_history_of_its_proposal() -> Result<()>
{
    let pair = pair().await?;
    let (us, mx) = (&pair.us, &pair.mx);
    let proposal = put(&pair).await?;
    pair.clock.advance(SignedDuration::from_hours(2));
    let at = mx.node.now() - SignedDuration::from_hours(1);
    let row = add(&mx.node, new(us, at)).await?;
    assert_eq!(row.folio.to_string(), "MX-2026-000002", "from the counter of everything else");
    let proposal = find_proposal(&mx.node, &proposal.to_string()).await?;
    link(&mx.node, &row, &proposal, "officer-1").await?;
    assert_eq!(
        code(
            link(&mx.node, &find(&mx.node, &row.folio.to_string()).await?, &proposal, "officer-1")
                .await
        ),
        "contact-linked"
    );

    let told = history(&mx.node, &proposal).await?;
    let words: Vec<&str> = told.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(words, ["put", "contact"]);
    assert!(matches!(&told[1].what, What::Contact(it) if it.contact.said == SECRET));

    // nothing of it leaves, and the partner's node knows nothing
    pump(us, mx).await?;
    let said = "SELECT count(*) FROM statement_out WHERE kind NOT IN ('receipt', 'checkpoint')";
    assert_eq!(mx.count(said)?, 0, "a contact is no statement");
    let (here, there) = (format!("{:?}", mx.tables()?), format!("{:?}", us.tables()?));
    assert!(here.contains(SECRET) && !there.contains(SECRET) && !there.contains("embassy"));
    let theirs = find_proposal(&us.node, &proposal.folio.to_string()).await?;
    assert_eq!(history(&us.node, &theirs).await?.len(), 1);
    for line in mx.node.store().journal_lines(0, 1_000).await? {
        assert!(!format!("{line:?}").contains("liaison"), "{line:?}");
    }
    assert_eq!(journal(&mx.node, "contact-added").await?.len(), 1);
    assert_eq!(journal(&mx.node, "contact-refused").await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_lacks_something_is_refused_and_none_is_kept() -> Result<()> {
    let pair = pair().await?;
    let (us, mx) = (&pair.us, &pair.mx);
    let now = mx.node.now();
    let good = || new(us, now);
    let wrong = [
        NewContact { at: now + SignedDuration::from_secs(1), ..good() },
        NewContact { our_office: String::new(), ..good() },
        NewContact { their_office: "x".repeat(81), ..good() },
        NewContact { subject: "two\nlines".to_owned(), ..good() },
        NewContact { said: " \n".to_owned(), ..good() },
        NewContact { said: "x".repeat(64 * 1024 + 1), ..good() },
        NewContact { authorised_by: "no reference".to_owned(), ..good() },
        NewContact { authorised_by: "/2026-17".to_owned(), ..good() },
    ];
    for it in wrong {
        assert_eq!(code(add(&mx.node, it).await), "bad-input");
    }
    assert!(
        mx.node
            .store()
            .contacts(ContactQuery { limit: 1, ..ContactQuery::default() })
            .await?
            .is_empty()
    );
    assert_eq!(code(find(&mx.node, "MX-2026-000404").await), "not-found");
    assert_eq!(code(find(&mx.node, "nonsense").await), "bad-input");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_linked_to_proposals_of_its_own_partner_alone() -> Result<()> {
    let pair = pair().await?;
    let third = Party::new("xx", &pair.clock, false).await?;
    pair.mx.confirm(&third).await?;
    let proposal = find_proposal(&pair.mx.node, &put(&pair).await?.to_string()).await?;
    let row = add(&pair.mx.node, new(&third, pair.mx.node.now())).await?;
    let linked = link(&pair.mx.node, &row, &proposal, "officer-1").await;
    assert_eq!(code(linked), "contact-other-party");
    let at = pair.mx.node.now();
    let at_once = NewContact { proposal: Some(proposal.id), ..new(&third, at) };
    assert_eq!(code(add(&pair.mx.node, at_once).await), "contact-other-party");
    assert_eq!(journal(&pair.mx.node, "contact-refused").await?.len(), 2);
    let ours = NewContact { proposal: Some(proposal.id), ..new(&pair.us, at) };
    assert_eq!(add(&pair.mx.node, ours).await?.links, [proposal.id]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_of_a_report_starts_at_each_contact_and_exchange_and_ends_with_the_report()
-> Result<()> {
    let pair = pair().await?;
    let (us, mx) = (&pair.us, &pair.mx);
    let template = Template::parse(TEMPLATE)?;
    let only = std::slice::from_ref(&template);
    assert!(due(&mx.node, only, 100).await?.is_empty());
    let start = mx.node.now();
    let contact = add(&mx.node, new(us, start)).await?;
    pair.clock.advance(SignedDuration::from_hours(1));
    us.hold(&indicators(0..2)).await?;
    let sealed = us.release(mx, CLAUSE, Selection::Type("indicator".to_owned()), 1).await?;
    pump(us, mx).await?;
    pair.clock.advance(SignedDuration::from_hours(1));
    let proposal = put(&pair).await?;

    let all = due(&mx.node, only, 100).await?;
    let hours: Vec<i64> = all.iter().map(|it| it.due.duration_since(start).as_hours()).collect();
    assert_eq!(hours, [72, 73, 74], "receipts and checkpoints start nothing");
    assert_eq!(all[0].on, Reported::Contact(contact.contact.id));
    assert_eq!(all[1].on, Reported::Statement(sealed.digest));
    // what a party gives starts its own clock too
    assert_eq!(due(&us.node, only, 100).await?.len(), 2);

    pair.clock.advance(SignedDuration::from_hours(70));
    let now = mx.node.now();
    assert!(all.iter().all(|it| !it.overdue(now)), "due at the very hour is in time");
    pair.clock.advance(SignedDuration::from_secs(1));
    let now = mx.node.now();
    assert_eq!(all.iter().filter(|it| it.overdue(now)).count(), 1);

    let folio = find_proposal(&mx.node, &proposal.to_string()).await?.folio;
    for (name, expected) in [
        (contact.folio.to_string(), SECRET),
        (sealed.digest.to_string(), "recibida, 2 objetos: No lleva texto."),
        (folio.to_string(), "recibida, - objetos: Together"),
    ] {
        let subject = find_subject(&mx.node, &name).await?;
        let written = report(&mx.node, &subject, &template).await?;
        assert!(written.text.contains(expected), "{}", written.text);
        assert!(written.text.contains("Authority us"), "{}", written.text);
        assert!(written.text.contains("por confirmarse por un abogado"), "{}", written.text);
        record(&mx.node, &subject, &template, &written, "officer-1").await?;
        let again = report(&mx.node, &subject, &template).await?;
        assert!(again.written.is_some());
        let twice = record(&mx.node, &subject, &template, &again, "officer-1").await;
        assert_eq!(code(twice), "report-written");
    }
    assert!(due(&mx.node, only, 100).await?.is_empty());
    let lines = journal(&mx.node, "report-written").await?;
    let late: Vec<bool> =
        lines.iter().map(|it| it.entry.details["late"].as_bool().unwrap_or_default()).collect();
    assert_eq!(late, [true, false, false]);
    assert_eq!(journal(&mx.node, "report-refused").await?.len(), 3);
    let row = find(&mx.node, &contact.folio.to_string()).await?;
    assert_eq!((row.reports.len(), row.reports[0].by.as_str()), (1, "officer-1"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_whose_clock_starts_at_contacts_leaves_exchanges_alone() -> Result<()> {
    let pair = pair().await?;
    put(&pair).await?;
    let contacts = TEMPLATE.replace(r#"["contact", "exchange"] }"#, r#"["contact"] }"#);
    let none = TEMPLATE.replace("clock = ", "# clock = ");
    for text in [contacts, none] {
        let template = Template::parse(&text)?;
        assert!(due(&pair.mx.node, std::slice::from_ref(&template), 100).await?.is_empty());
        let subject = find_subject(&pair.mx.node, "US-2026-000002").await?;
        assert!(matches!(subject, Subject::Statement(_)));
        assert_eq!(report(&pair.mx.node, &subject, &template).await?.due, None);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_was_not_exchanged_and_starts_no_clock() -> Result<()> {
    let mut wire = crate::support::Wire::new().await?;
    let forge = wire.forge("proposal");
    let row = wire.send(&forge).await?;
    assert_eq!(row.code.as_deref(), Some("bad-body"));
    let template = Template::parse(TEMPLATE)?;
    assert!(due(wire.mx(), &[template], 100).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_with_a_party_without_an_agreement_can_be_reported() -> Result<()> {
    let pair = pair().await?;
    let third = Party::new("xx", &pair.clock, false).await?;
    pair.mx.confirm(&third).await?;
    let row = add(&pair.mx.node, new(&third, pair.mx.node.now())).await?;
    let subject = find_subject(&pair.mx.node, &row.contact.id.to_string()).await?;
    let text = report(&pair.mx.node, &subject, &Template::parse(TEMPLATE)?).await?.text;
    assert!(text.contains("Authority xx") && text.contains("/ -: "), "{text}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_tells_the_day_by_the_clock_with_which_the_contact_was_entered() -> Result<()> {
    let pair = pair().await?;
    let template = Template::parse(TEMPLATE)?;
    let at: Timestamp = "2026-02-20T23:30:00-06:00".parse()?;
    for (offset, told, due) in [
        (jiff::tz::offset(-6), "2026-02-20 23:30 -06:00", "2026-02-23, 23:30 -06:00"),
        (jiff::tz::Offset::UTC, "2026-02-21 05:30 UTC", "2026-02-24, 05:30 UTC"),
    ] {
        let row = add(&pair.mx.node, NewContact { offset, ..new(&pair.us, at) }).await?;
        let kept = find_subject(&pair.mx.node, &row.folio.to_string()).await?;
        let text = report(&pair.mx.node, &kept, &template).await?.text;
        assert!(text.contains(told) && text.contains(&format!("vence {due}")), "{text}");
    }
    Ok(())
}
