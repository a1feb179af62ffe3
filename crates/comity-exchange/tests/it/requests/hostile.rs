//! A partner that breaks the rules of requests on the wire: its statement uses its place, is receipted as refused, and
//! changes nothing.

use comity_exchange::compose::Selection;
use comity_exchange::request::ask;
use comity_model::matter::{
    AnswerBody, AnswerOutcome, ClarificationAct, ClarificationBody, Grounds, MatterBody,
    RequestBody, Urgency,
};
use comity_model::{Digest, MatterId, MatterKind};
use comity_testkit::{OTHER_CLAUSE, Result, indicator};

use super::{matter_of, terms, wish};
use crate::support::Wire;

const BASIS: &str = "Exchange of notes of 2026-01-30";

fn id(number: u128) -> MatterId {
    MatterId::new(MatterKind::Request, uuid::Uuid::from_u128(number))
}

fn request(number: u128) -> Result<RequestBody> {
    Ok(RequestBody {
        request: id(number),
        folio: "US-2026-000001".parse()?,
        urgency: Urgency::Urgent,
        hours: 4,
        purpose: "precursor-control".to_owned(),
        kinds: Vec::new(),
        legal_basis: vec![BASIS.to_owned()],
    })
}

fn answer(request: MatterId, reason: &str, releases: Vec<Digest>) -> Result<AnswerBody> {
    Ok(AnswerBody {
        request,
        folio: "US-2026-000002".parse()?,
        outcome: AnswerOutcome::Complete,
        releases,
        grounds: Grounds { legal_basis: vec![BASIS.to_owned()], reasons: vec![reason.to_owned()] },
    })
}

/// Sends it, and sees it refused with a code and without effect.
async fn refused(wire: &mut Wire, body: impl Into<MatterBody>, code: &str) -> Result<()> {
    let body = body.into();
    let before = wire.mx().store().matter(body.matter()).await?;
    let forge = wire.say(body.clone(), Some("a text"))?;
    let row = wire.send(&forge).await?;
    wire.consumed(&row, code).await?;
    assert_eq!(wire.mx().store().matter(body.matter()).await?, before, "{code}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_must_say_what_the_agreement_says() -> Result<()> {
    let mut wire = Wire::with(&terms()).await?;
    for hours in [3, 5, 8] {
        refused(&mut wire, RequestBody { hours, ..request(1)? }, "bad-body").await?;
    }
    let purpose = "public-health".to_owned();
    refused(&mut wire, RequestBody { purpose, ..request(1)? }, "purpose-not-granted").await?;
    for legal_basis in [vec![], vec!["Another note".to_owned()]] {
        refused(&mut wire, RequestBody { legal_basis, ..request(1)? }, "grounds-not-given").await?;
    }
    let forge = wire.say(request(1)?, Some("a text"))?;
    wire.send(&forge).await?;
    assert!(wire.mx().store().matter(id(1)).await?.is_some(), "an honest one is taken");
    refused(&mut wire, request(1)?, "matter-exists").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_answers_their_own_an_unknown_or_a_closed_request() -> Result<()> {
    let mut wire = Wire::with(&terms()).await?;
    refused(&mut wire, answer(id(9), "in-answer", vec![])?, "matter-unknown").await?;
    let forge = wire.say(request(1)?, Some("a text"))?;
    wire.send(&forge).await?;
    refused(&mut wire, answer(id(1), "in-answer", vec![])?, "matter-not-yours").await?;
    let folio: comity_model::Folio = "US-2026-000003".parse()?;
    let clarify = |request, act| ClarificationBody { request, folio: folio.clone(), act };
    refused(&mut wire, clarify(id(1), ClarificationAct::Reply), "matter-out-of-turn").await?;
    refused(&mut wire, clarify(id(1), ClarificationAct::Ask), "matter-not-yours").await?;

    let sealed = ask(wire.mx(), wish(&wire.pair.us)).await?;
    let theirs = matter_of(&wire.pair.mx, &sealed).await?.id;
    refused(&mut wire, clarify(theirs, ClarificationAct::Withdraw), "matter-not-yours").await?;
    let forge = wire.say(answer(theirs, "in-answer", vec![])?, Some("a text"))?;
    wire.send(&forge).await?;
    assert!(matter_of(&wire.pair.mx, &sealed).await?.stage().is_closed());
    refused(&mut wire, answer(theirs, "in-answer", vec![])?, "matter-closed").await?;
    refused(&mut wire, clarify(theirs, ClarificationAct::Ask), "matter-closed").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_cites_only_what_its_sender_gave_and_only_once() -> Result<()> {
    let mut wire = Wire::with(&terms()).await?;
    let mut asked = Vec::new();
    for _ in 0..2 {
        let sealed = ask(wire.mx(), wish(&wire.pair.us)).await?;
        asked.push(matter_of(&wire.pair.mx, &sealed).await?.id);
    }
    let [first, second] = asked[..] else { return Err("two requests".into()) };
    let nothing = Digest::of(b"no statement");
    refused(&mut wire, answer(first, "in-answer", vec![nothing])?, "target-unknown").await?;
    // what this party gave answers nothing that it asked
    wire.pair.mx.hold(&indicator(77)).await?;
    let all = Selection::Type("indicator".to_owned());
    let own = wire.pair.mx.release(&wire.pair.us, OTHER_CLAUSE, all, 1).await?.digest;
    refused(&mut wire, answer(first, "in-answer", vec![own])?, "target-unknown").await?;

    let draft = wire.draft(&[indicator(1)])?;
    let release = wire.release(&draft, 1)?;
    let given = wire.send(&release).await?.statement.ok_or("not consumed")?;
    refused(&mut wire, answer(first, "in-answer", vec![given, given])?, "bad-body").await?;
    let forge = wire.say(answer(first, "in-answer", vec![given])?, Some("a text"))?;
    let row = wire.send(&forge).await?;
    assert_eq!(row.code, None);
    refused(&mut wire, answer(second, "in-answer", vec![given])?, "release-cited").await
}
