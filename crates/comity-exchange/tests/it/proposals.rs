//! Proposals: put, put again, countered, decided once, and followed by nothing but a draft that nobody signed.

use comity_exchange::matter::{Attachment, attached};
use comity_exchange::ports::OutboundRow;
use comity_exchange::propose::{
    Answer, Happened, ProposalRow, Put, What, answer, draft, find_proposal, history, propose,
};
use comity_exchange::{ExchangeError, agreement};
use comity_model::MatterId;
use comity_model::matter::{Decided, MAX_ATTACHMENTS, MatterBody, ProposalSubject};
use comity_model::statement::Payload;
use comity_testkit::{AgreementText, Pair, Party, Result, pair, pair_with, pump};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Wire, journal};

const BASIS: &str = "Exchange of notes of 2026-01-30";

fn id_of(sealed: &OutboundRow) -> Result<MatterId> {
    let body = MatterBody::of(&Payload::parse(&sealed.payload)?).ok_or("no matter")??;
    Ok(body.matter())
}

fn new(to: &Party, subject: ProposalSubject, text: &str) -> Put {
    Put::new(to.node.root(), subject, text, "an analyst")
}

fn ruling(decided: Decided) -> Answer {
    Answer {
        decided,
        text: "Command stays on its own soil".to_owned(),
        office: "legal office".to_owned(),
        legal_basis: Vec::new(),
        reasons: Vec::new(),
        by: "officer-1".to_owned(),
    }
}

/// Puts it, has it taken in, and gives its id.
async fn put(pair: &Pair, from: &Party, it: Put) -> Result<MatterId> {
    let sealed = propose(&from.node, it).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.clock.advance(SignedDuration::from_hours(24));
    id_of(&sealed)
}

/// Has the partner of whoever put it decide, and the decision taken in.
async fn decide(pair: &Pair, by: &Party, id: MatterId, decided: Decided) -> Result<()> {
    answer(&by.node, &row(by, id).await?, ruling(decided)).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.clock.advance(SignedDuration::from_hours(24));
    Ok(())
}

async fn row(party: &Party, id: MatterId) -> Result<ProposalRow> {
    Ok(find_proposal(&party.node, &id.to_string()).await?)
}

fn code<T>(result: Result<T, ExchangeError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "done")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_subject_is_the_same_on_both_sides_and_starts_from_any_of_its_proposals()
-> Result<()> {
    let pair = pair().await?;
    let (us, mx) = (&pair.us, &pair.mx);
    let subject = ProposalSubject::JointOperation;
    let first = put(&pair, us, new(mx, subject, "Together at the port")).await?;
    decide(&pair, mx, first, Decided::Declined).await?;
    let again = Put { again: Some(first), ..new(mx, subject, "Together, again") };
    let again = put(&pair, us, again).await?;
    let counter = ProposalSubject::TechnicalSupport;
    let counter = Put { in_reply_to: Some(again), ..new(us, counter, "A laboratory report") };
    let counter = put(&pair, mx, counter).await?;
    decide(&pair, mx, again, Decided::Declined).await?;
    decide(&pair, us, counter, Decided::Accepted).await?;
    let beside = put(&pair, us, new(mx, ProposalSubject::Other, "Something else")).await?;

    let expected = [
        (Happened::Put, first),
        (Happened::Declined, first),
        (Happened::PutAgain, again),
        (Happened::Countered, counter),
        (Happened::DeclinedAgain, again),
        (Happened::Accepted, counter),
    ];
    for party in [us, mx] {
        for from in [first, again, counter] {
            let told = history(&party.node, &row(party, from).await?).await?;
            let told: Vec<_> = told
                .iter()
                .filter_map(|it| match &it.what {
                    What::Proposal(happened, row) => Some((*happened, row.id)),
                    What::Contact(_) => None,
                })
                .collect();
            assert_eq!(told, expected);
        }
        let alone = history(&party.node, &row(party, beside).await?).await?;
        assert_eq!(alone.len(), 1, "what is not linked is another subject");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_decided_or_visibly_open_on_both_sides_for_the_same_time() -> Result<()> {
    let pair = pair().await?;
    let id = put(&pair, &pair.us, new(&pair.mx, ProposalSubject::Other, "A question")).await?;
    for party in [&pair.us, &pair.mx] {
        let open = row(party, id).await?.open_for(party.node.now());
        assert_eq!(open, Some(SignedDuration::from_hours(24)));
    }
    decide(&pair, &pair.mx, id, Decided::Declined).await?;
    for party in [&pair.us, &pair.mx] {
        assert_eq!(row(party, id).await?.open_for(party.node.now()), None);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proposal_may_not_refer_to_is_refused_journalled_and_changes_nothing() -> Result<()>
{
    let pair = pair().await?;
    let (us, mx) = (&pair.us, &pair.mx);
    let open = put(&pair, us, new(mx, ProposalSubject::Other, "Still open")).await?;
    let closed = put(&pair, us, new(mx, ProposalSubject::Amendment, "Closed")).await?;
    decide(&pair, mx, closed, Decided::Declined).await?;
    let nobodys: MatterId = "proposal--00000000-0000-4000-8000-000000000001".parse()?;
    let plain = || new(mx, ProposalSubject::Amendment, "A text");
    let wrong = [
        Put { again: Some(open), subject: ProposalSubject::Other, ..plain() },
        Put { again: Some(closed), subject: ProposalSubject::Other, ..plain() },
        Put { again: Some(nobodys), ..plain() },
        Put { in_reply_to: Some(closed), ..plain() },
        Put { in_reply_to: Some(nobodys), ..plain() },
    ];
    let mut refused = 0;
    for it in wrong {
        let before = us.tables()?;
        assert_eq!(code(propose(&us.node, it).await), "matter-unknown");
        refused += 1;
        assert_eq!(journal(&us.node, "statement-not-made").await?.len(), refused);
        assert_eq!(changed(&before, &us.tables()?), ["counter", "journal", "journal_head"]);
    }
    // the partner can't put this party's proposal again
    let theirs = Put { again: Some(closed), ..new(us, ProposalSubject::Amendment, "Ours now") };
    assert_eq!(code(propose(&mx.node, theirs).await), "matter-unknown");
    let unfounded = Put { legal_basis: vec!["A law of nobody".to_owned()], ..plain() };
    assert_eq!(code(propose(&us.node, unfounded).await), "legal-basis-unknown");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_needs_its_turn_and_its_grounds_and_refusals_are_journalled() -> Result<()> {
    let more = r#"
[[reason]]
id = "own-command"
for = ["refusal"]
en = "Command stays with the party on whose soil it is exercised"
es = "El mando corresponde a la parte en cuyo territorio se ejerce"

[[reason]]
id = "law"
for = ["refusal"]
en = "The law does not allow it"
es = "La ley no lo permite"
"#;
    let terms = AgreementText { more: more.to_owned(), ..AgreementText::default() };
    let pair = pair_with(&terms).await?;
    let (us, mx) = (&pair.us, &pair.mx);
    let id = put(&pair, us, new(mx, ProposalSubject::Other, "A question")).await?;
    let declined = || ruling(Decided::Declined);
    let with = |reason: &str| Answer { reasons: vec![reason.to_owned()], ..declined() };
    let other = Answer { legal_basis: vec!["A law of nobody".to_owned()], ..with("law") };
    assert_eq!(code(answer(&us.node, &row(us, id).await?, with("law")).await), "matter-not-yours");
    let open = row(mx, id).await?;
    assert_eq!(code(answer(&mx.node, &open, declined()).await), "reason-missing");
    assert_eq!(code(answer(&mx.node, &open, with("a-whim")).await), "reason-unknown");
    assert_eq!(code(answer(&mx.node, &open, other).await), "legal-basis-unknown");
    answer(&mx.node, &open, with("own-command")).await?;
    // the second is stopped whether or not it was read again
    assert_eq!(code(answer(&mx.node, &open, with("law")).await), "matter-closed");
    assert_eq!(code(answer(&mx.node, &row(mx, id).await?, with("law")).await), "matter-closed");
    pump(us, mx).await?;
    for party in [us, mx] {
        let decision = row(party, id).await?.decision.ok_or("not decided")?;
        assert_eq!(decision.body.reasons, ["own-command"]);
        assert_eq!(decision.body.legal_basis, [BASIS], "the only one there is");
    }
    assert_eq!(journal(&us.node, "statement-not-made").await?.len(), 1);
    assert_eq!(journal(&mx.node, "statement-not-made").await?.len(), 5);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_travel_with_a_proposal_and_programs_do_not() -> Result<()> {
    let pair = pair().await?;
    let file = |bytes: &[u8]| Attachment {
        name: "figures.csv".to_owned(),
        media_type: "text/csv".to_owned(),
        bytes: bytes.to_vec(),
    };
    let plain = || new(&pair.mx, ProposalSubject::Other, "With figures");
    let program = Put { attachments: vec![file(b"\x7fELF")], ..plain() };
    assert_eq!(code(propose(&pair.us.node, program).await), "attachment-content");
    let it = Put { attachments: vec![file(b"a,b\n1,2\n")], ..plain() };
    let id = put(&pair, &pair.us, it).await?;
    for party in [&pair.us, &pair.mx] {
        let row = row(party, id).await?;
        let [part] = &row.attachments[..] else { return Err("one file".into()) };
        let (head, bytes) = attached(&party.node, part).await?;
        assert_eq!((head.name.as_str(), &bytes[..]), ("figures.csv", &b"a,b\n1,2\n"[..]));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_as_many_files_as_may_travel_arrive_with_their_text() -> Result<()> {
    let pair = pair().await?;
    let file = |number: usize| Attachment {
        name: format!("{number}.csv"),
        media_type: "text/csv".to_owned(),
        bytes: format!("a,b\n1,{number}\n").into_bytes(),
    };
    let with = |files: usize| Put {
        attachments: (0..files).map(file).collect(),
        ..new(&pair.mx, ProposalSubject::Other, "With figures")
    };
    let id = put(&pair, &pair.us, with(MAX_ATTACHMENTS)).await?;
    for party in [&pair.us, &pair.mx] {
        assert_eq!(row(party, id).await?.attachments.len(), MAX_ATTACHMENTS);
    }
    let more = propose(&pair.us.node, with(MAX_ATTACHMENTS + 1)).await;
    assert_eq!(code(more), "bad-input");
    Ok(())
}

/// The tables whose rows differ.
fn changed(
    before: &std::collections::BTreeMap<String, Vec<String>>,
    after: &std::collections::BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let differs = |name: &&String| before.get(*name) != after.get(*name);
    after.keys().filter(differs).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_unrepresentable_an_accepted_proposal_touches_no_table_but_those_of_the_record()
-> Result<()> {
    for subject in ProposalSubject::ALL {
        let pair = pair().await?;
        let (us, mx) = (&pair.us, &pair.mx);
        let id = put(&pair, us, new(mx, subject, "What is proposed")).await?;
        let before = [us.tables()?, mx.tables()?];
        decide(&pair, mx, id, Decided::Accepted).await?;
        // record, transport and folios; nothing of holdings, agreements, officers, parties or releases
        let record = [
            "channel",
            "channel_in",
            "channel_out",
            "counter",
            "envelope_out",
            "folio_counter",
            "journal",
            "journal_head",
            "journal_actor",
            "matter",
            "matter_entry",
            "outbox",
            "payload_out",
            "pouch",
            "receipt_due",
            "statement_in",
            "statement_out",
            "statement_part",
            "tree_node",
        ];
        for (party, before) in [us, mx].into_iter().zip(before) {
            for table in changed(&before, &party.tables()?) {
                assert!(record.contains(&table.as_str()), "`{table}` changed");
            }
        }
        let before = mx.tables()?;
        let drafted = draft(&mx.node, &row(mx, id).await?, "officer-1").await;
        match subject {
            ProposalSubject::JointOperation => {
                assert_eq!(code(drafted), "operations-unrepresentable");
            }
            ProposalSubject::Other => assert_eq!(code(drafted), "nothing-to-draft"),
            ProposalSubject::Amendment | ProposalSubject::TechnicalSupport => {
                let drafted = drafted?;
                let read = agreement::read(&drafted.text, "draft")?;
                assert_eq!((read.version, read.id), (2, drafted.agreement));
                assert!(drafted.text.contains(&row(mx, id).await?.folio.to_string()));
                let now = mx.node.now();
                let standing = agreement::in_force(&mx.node, us.node.root(), now).await?;
                assert_eq!(standing.reference.version, 1, "nothing is in force by being drafted");
            }
        }
        assert_eq!(changed(&before, &mx.tables()?), ["counter", "journal", "journal_head"]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_accepted_proposal_leads_to_a_draft() -> Result<()> {
    let pair = pair().await?;
    let id = put(&pair, &pair.us, new(&pair.mx, ProposalSubject::Amendment, "More time")).await?;
    let mx = &pair.mx;
    let open = draft(&mx.node, &row(mx, id).await?, "officer-1").await;
    assert_eq!(code(open), "proposal-not-accepted");
    decide(&pair, mx, id, Decided::Declined).await?;
    let declined = draft(&mx.node, &row(mx, id).await?, "officer-1").await;
    assert_eq!(code(declined), "proposal-not-accepted");
    assert_eq!(journal(&mx.node, "amendment-not-drafted").await?.len(), 2);
    Ok(())
}

/// A proposal as a hostile partner puts it.
fn forged(number: u128, subject: &str, more: &Value) -> Value {
    let id = MatterId::new(comity_model::MatterKind::Proposal, uuid::Uuid::from_u128(number));
    let mut body = json!({ "proposal": id, "folio": "US-2026-000900", "subject": subject });
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_partner_cannot_refer_to_what_is_not_there_nor_decide_what_is_not_its_to_decide()
-> Result<()> {
    let mut wire = Wire::new().await?;
    let mx = &wire.pair.mx;
    // one of ours to them, open
    let ours = propose(&mx.node, new(&wire.pair.us, ProposalSubject::Other, "Ours")).await?;
    let ours_id = id_of(&ours)?;
    // one of theirs, open
    let mut forge = wire.forge("proposal").with_text("Theirs");
    forge.body = forged(1, "other", &json!({}));
    let row = wire.send(&forge).await?;
    assert_eq!(row.code, None);
    let theirs = row.statement.ok_or("no statement")?;
    let theirs_id = forge.body["proposal"].clone();

    for more in [
        json!({ "again": theirs_id }),       // not decided
        json!({ "again": ours_id }),         // not theirs
        json!({ "in_reply_to": theirs_id }), // their own
        json!({ "in_reply_to": "proposal--00000000-0000-4000-8000-0000000000aa" }),
    ] {
        let mut forge = wire.forge("proposal").with_text("A text");
        forge.body = forged(2, "other", &more);
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "matter-unknown").await?;
    }
    let decision = |proposal: &Value, statement: &Value, basis: &[&str]| {
        json!({ "proposal": proposal, "statement": statement, "folio": "US-2026-000901",
            "decision": "accepted", "office": "an office", "legal_basis": basis })
    };
    let (ours_id, ours) = (json!(ours_id), json!(ours.digest));
    for (body, code) in [
        (decision(&theirs_id, &json!(theirs), &[BASIS]), "matter-not-yours"),
        (decision(&ours_id, &json!(theirs), &[BASIS]), "matter-out-of-turn"),
        (decision(&ours_id, &ours, &[]), "grounds-not-given"),
        (decision(&ours_id, &ours, &["A law of nobody"]), "grounds-not-given"),
    ] {
        let mut forge = wire.forge("decision").with_text("Grounds");
        forge.body = body;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, code).await?;
    }
    let mut forge = wire.forge("decision").with_text("Grounds");
    forge.body = decision(&ours_id, &ours, &[BASIS]);
    assert_eq!(wire.send(&forge).await?.code, None);
    // decided once
    let mut forge = wire.forge("decision").with_text("Other grounds");
    forge.body = decision(&ours_id, &ours, &[BASIS]);
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "matter-closed").await
}
