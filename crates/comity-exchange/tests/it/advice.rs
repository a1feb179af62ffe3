//! Advice and disputes: what may be said, what travels, and that nothing follows from it but the record.

use comity_exchange::ExchangeError;
use comity_exchange::advice::{Content, Open, answer, dispute, find, open};
use comity_exchange::compose::Selection;
use comity_exchange::matter::{Attachment, attached};
use comity_exchange::ports::OutboundRow;
use comity_model::matter::{AdviceAct, AdviceBody, AdviceTopic, Stage};
use comity_model::{Digest, MatterId, MatterKind};
use comity_testkit::{AgreementText, CLAUSE, Pair, Party, Result, amend, indicator, pair, pump};

use crate::requests::matter_of;
use crate::support::{Wire, journal};

fn text(text: &str) -> Content {
    Content { text: Some(text.to_owned()), attachments: Vec::new(), by: "an analyst".to_owned() }
}

async fn begin(
    from: &Party,
    to: &Party,
    act: AdviceAct,
    content: Content,
) -> std::result::Result<OutboundRow, ExchangeError> {
    let topic = AdviceTopic::ReferenceTable;
    open(&from.node, Open { to: to.node.root(), act, topic, content }).await
}

fn code<T>(result: std::result::Result<T, ExchangeError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "done")
}

/// Everything that a party holds, without what talking itself adds.
fn held(party: &Party) -> Result<Vec<u64>> {
    ["holding", "release", "agreement", "officer", "party", "provenance", "approval"]
        .into_iter()
        .map(|table| party.count(&format!("SELECT count(*) FROM {table}")))
        .collect()
}

async fn stages(pair: &Pair, id: &str) -> Result<[Stage; 2]> {
    Ok([find(&pair.us.node, id).await?.stage(), find(&pair.mx.node, id).await?.stage()])
}

#[tokio::test(flavor = "multi_thread")]
async fn support_is_asked_for_promised_given_and_adopted_and_only_the_record_changes() -> Result<()>
{
    let pair = pair().await?;
    let sealed = begin(&pair.us, &pair.mx, AdviceAct::Ask, text("The table of codes?")).await?;
    let id = matter_of(&pair.us, &sealed).await?.id.to_string();
    pump(&pair.us, &pair.mx).await?;
    let before = [held(&pair.us)?, held(&pair.mx)?];
    // it is not for the party that asked to accept, or to give
    for act in [AdviceAct::Accept, AdviceAct::Give] {
        assert_eq!(code(answer(&pair.us.node, &id, act, text("?")).await), "matter-not-yours");
    }
    answer(&pair.mx.node, &id, AdviceAct::Accept, Content::default()).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(stages(&pair, &id).await?, [Stage::Promised; 2]);
    let table = Attachment {
        name: "codes.csv".to_owned(),
        media_type: "text/csv".to_owned(),
        bytes: b"code,name\n2915.24,acetic anhydride\n".to_vec(),
    };
    let given = Content { attachments: vec![table.clone()], ..text("As asked.") };
    answer(&pair.mx.node, &id, AdviceAct::Give, given).await?;
    pump(&pair.us, &pair.mx).await?;
    for party in [&pair.us, &pair.mx] {
        let row = find(&party.node, &id).await?;
        let part = row.entries.last().and_then(|it| it.attachments.first()).ok_or("no file")?;
        let (head, bytes) = attached(&party.node, part).await?;
        assert_eq!((head.name, bytes), (table.name.clone(), table.bytes.clone()));
    }
    answer(&pair.us.node, &id, AdviceAct::Adopt, Content::default()).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(stages(&pair, &id).await?, [Stage::Adopted; 2]);
    assert_eq!([held(&pair.us)?, held(&pair.mx)?], before, "nothing else followed from it");
    let again = answer(&pair.us.node, &id, AdviceAct::Note, Content::default()).await;
    assert_eq!(code(again), "matter-closed");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_offered_is_given_by_the_party_that_offered_it() -> Result<()> {
    let pair = pair().await?;
    let sealed = begin(&pair.us, &pair.mx, AdviceAct::Offer, text("A course?")).await?;
    let id = matter_of(&pair.us, &sealed).await?.id.to_string();
    pump(&pair.us, &pair.mx).await?;
    answer(&pair.mx.node, &id, AdviceAct::Accept, Content::default()).await?;
    pump(&pair.us, &pair.mx).await?;
    let early = answer(&pair.mx.node, &id, AdviceAct::Give, text("?")).await;
    assert_eq!(code(early), "matter-not-yours");
    answer(&pair.us.node, &id, AdviceAct::Give, text("The course.")).await?;
    pump(&pair.us, &pair.mx).await?;
    answer(&pair.mx.node, &id, AdviceAct::Note, Content::default()).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(stages(&pair, &id).await?, [Stage::Noted; 2]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_does_not_travel_whatever_it_calls_itself() -> Result<()> {
    let pair = pair().await?;
    let programs: [&[u8]; 4] = [b"\x7fELF\x02", b"MZ\x90", b"#!/bin/sh\n", b"\0asm\x01"];
    for bytes in programs {
        let file = Attachment {
            name: "training.txt".to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: bytes.to_vec(),
        };
        let content = Content { attachments: vec![file], ..text("Read this") };
        let refused = begin(&pair.us, &pair.mx, AdviceAct::Give, content).await;
        assert_eq!(code(refused), "attachment-content");
    }
    assert_eq!(pair.us.count("SELECT count(*) FROM statement_out")?, 0);
    assert_eq!(journal(&pair.us.node, "statement-not-made").await?.len(), 4);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn support_needs_its_scope_on_both_sides_and_a_dispute_needs_none() -> Result<()> {
    let pair = pair().await?;
    let narrow = AgreementText { version: 2, ..AgreementText::default() }
        .toml(pair.us.node.root(), pair.mx.node.root())
        .replace(r#"["intelligence", "technical-support"]"#, r#"["intelligence"]"#);
    amend(&pair.us, &pair.mx, &narrow).await?;
    for act in [AdviceAct::Ask, AdviceAct::Offer, AdviceAct::Give] {
        assert_eq!(code(begin(&pair.us, &pair.mx, act, text("?")).await), "scope-not-granted");
    }
    pair.us.hold(&indicator(1)).await?;
    let all = Selection::Type("indicator".to_owned());
    let release = pair.us.release(&pair.mx, CLAUSE, all, 1).await?.digest.to_string();
    pump(&pair.us, &pair.mx).await?;
    let to = pair.us.node.root();
    let sealed = dispute(&pair.mx.node, to, &release, text("It is in litres.")).await?;
    pump(&pair.us, &pair.mx).await?;
    let id = matter_of(&pair.us, &sealed).await?.id.to_string();
    answer(&pair.us.node, &id, AdviceAct::Note, Content::default()).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(stages(&pair, &id).await?, [Stage::Noted; 2]);

    let mut wire = Wire::over(pair).await?;
    let stored = wire.mx().store().agreements().await?;
    wire.agreement = stored.last().ok_or("no agreement")?.reference;
    let channel = wire.channel();
    let said = wire.mx().store().record_statements(channel, 0, 100).await?;
    wire.before = said.iter().map(|payload| Digest::of(payload)).collect();
    let body = advice(AdviceAct::Offer, AdviceTopic::TrainingMaterial, None)?;
    let forge = wire.say(body, Some("a text"))?;
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "scope-not-granted").await
}

fn advice(act: AdviceAct, topic: AdviceTopic, about: Option<Digest>) -> Result<AdviceBody> {
    Ok(AdviceBody {
        advice: MatterId::new(MatterKind::Advice, uuid::Uuid::from_u128(3)),
        folio: "US-2026-000009".parse()?,
        act,
        topic,
        about,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_is_about_a_statement_that_crossed() -> Result<()> {
    let pair = pair().await?;
    let to = pair.us.node.root();
    let unknown = Digest::of(b"no statement").to_string();
    let refused = dispute(&pair.mx.node, to, &unknown, text("?")).await;
    assert_eq!(code(refused), "target-unknown");
    assert_eq!(journal(&pair.mx.node, "statement-not-made").await?.len(), 1);

    let mut wire = Wire::over(pair).await?;
    let cases = [
        (AdviceAct::Dispute, AdviceTopic::Dispute, Some(Digest::of(b"nothing")), "target-unknown"),
        (AdviceAct::Dispute, AdviceTopic::Dispute, None, "bad-body"),
        (AdviceAct::Dispute, AdviceTopic::Other, Some(Digest::of(b"nothing")), "bad-body"),
        // a dispute is no way around the scope
        (AdviceAct::Give, AdviceTopic::Dispute, None, "bad-body"),
        (AdviceAct::Ask, AdviceTopic::Dispute, None, "bad-body"),
        (AdviceAct::Note, AdviceTopic::Other, None, "matter-unknown"),
    ];
    for (act, topic, about, code) in cases {
        let forge = wire.say(advice(act, topic, about)?, Some("a text"))?;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, code).await?;
    }
    Ok(())
}
