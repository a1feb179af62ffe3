use super::*;

fn party(name: &str) -> PartyRoot {
    PartyRoot::new(Digest::of(name.as_bytes()))
}

fn folio() -> Folio {
    "US-2026-000001".parse().unwrap()
}

fn id(kind: MatterKind) -> MatterId {
    MatterId::new(kind, uuid::Uuid::from_u128(7))
}

fn request() -> MatterBody {
    MatterBody::Request(RequestBody {
        request: id(MatterKind::Request),
        folio: folio(),
        urgency: Urgency::Urgent,
        hours: 8,
        purpose: "precursor-control".to_owned(),
        kinds: vec![],
        legal_basis: vec![],
    })
}

fn answer(outcome: AnswerOutcome) -> MatterBody {
    MatterBody::Answer(AnswerBody {
        request: id(MatterKind::Request),
        folio: folio(),
        outcome,
        releases: vec![],
        grounds: Grounds::default(),
    })
}

fn clarify(act: ClarificationAct) -> MatterBody {
    MatterBody::Clarification(ClarificationBody {
        request: id(MatterKind::Request),
        folio: folio(),
        act,
    })
}

fn advice(act: AdviceAct) -> MatterBody {
    MatterBody::Advice(AdviceBody {
        advice: id(MatterKind::Advice),
        folio: folio(),
        act,
        topic: AdviceTopic::LaboratoryReport,
        about: None,
    })
}

/// Says everything in order, `us` and `mx` by name; the last error, or the stage.
fn play(said: &[(&str, MatterBody)]) -> Result<Stage, MatterError> {
    let mut entries: Vec<Entry> = Vec::new();
    for (number, (who, body)) in (0_u8..).zip(said) {
        let (from, to) = (party(who), party(if *who == "us" { "mx" } else { "us" }));
        accepts(&entries, from, body)?;
        let at: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let at = at + SignedDuration::from_hours(i64::from(number));
        entries.push(Entry {
            from,
            to,
            statement: Digest::of(&[number]),
            at,
            received_at: Some(at),
            body: body.clone(),
        });
    }
    Ok(stage(&entries).unwrap())
}

#[test]
fn a_request_is_clarified_answered_in_part_and_closed_once() {
    let opened = ("us", request());
    let partial = ("mx", answer(AnswerOutcome::Partial));
    let ask = ("mx", clarify(ClarificationAct::Ask));
    let reply = ("us", clarify(ClarificationAct::Reply));
    let whole = ("mx", answer(AnswerOutcome::Complete));
    let story = [opened.clone(), partial, ask.clone(), reply.clone(), whole.clone()];
    assert_eq!(play(&story[..2]), Ok(Stage::Partial));
    assert_eq!(play(&story[..3]), Ok(Stage::ClarificationAsked));
    assert_eq!(play(&story[..4]), Ok(Stage::Partial));
    assert_eq!(play(&story), Ok(Stage::Answered));
    let again = [opened.clone(), whole.clone(), whole.clone()];
    assert_eq!(play(&again), Err(MatterError::Closed));
    let own = [opened.clone(), ("us", answer(AnswerOutcome::Complete))];
    assert_eq!(play(&own), Err(MatterError::NotYours));
    assert_eq!(play(&[whole]), Err(MatterError::Unknown));
    assert_eq!(play(&[opened.clone(), reply]), Err(MatterError::OutOfTurn));
    assert_eq!(play(&[opened.clone(), opened]), Err(MatterError::Exists));
}

#[test]
fn a_question_back_is_answered_once_also_after_a_partial_answer() {
    let opened = ("us", request());
    let ask = ("mx", clarify(ClarificationAct::Ask));
    let partial = ("mx", answer(AnswerOutcome::Partial));
    let reply = ("us", clarify(ClarificationAct::Reply));
    let story = [opened.clone(), ask, partial.clone(), reply.clone(), reply];
    assert_eq!(play(&story[..3]), Ok(Stage::ClarificationAsked), "the question stands");
    assert_eq!(play(&story[..4]), Ok(Stage::Partial));
    assert_eq!(play(&story), Err(MatterError::OutOfTurn));
    let whole = ("mx", answer(AnswerOutcome::Complete));
    assert_eq!(play(&[&story[..3], &[whole]].concat()), Ok(Stage::Answered));
}

#[test]
fn a_purge_asks_for_more_than_a_correction_and_nothing_for_more_than_a_purge() {
    use RecallAction::{Correct, Purge, Replace};
    for asked in [Purge, Correct, Replace] {
        assert!(Purge.covers(asked));
    }
    assert!(!Correct.covers(Purge) && !Replace.covers(Purge));
    assert!(Correct.covers(Replace) && Replace.covers(Correct));
}

#[test]
fn a_correction_has_an_object_in_another_version_that_is_not_earlier() {
    let first = ("a", "2026-01-01T00:00:00Z");
    let later = ("a", "2026-01-01T00:00:00.001Z");
    let same = ("a", "2026-01-01T00:00:00.000Z");
    let unversioned = [("b", "sha256:01"), ("b", "sha256:02")];
    assert!(corrects([first], [("c", "x"), later]));
    assert!(!corrects([later], [first]));
    assert!(!corrects([first], [same]), "one instant is one version");
    assert!(!corrects([first], [("c", later.1)]));
    assert!(!corrects([first], []) && !corrects([], [later]));
    assert!(corrects([unversioned[0]], [unversioned[1]]));
    assert!(!corrects([unversioned[0]], [unversioned[0]]));
    // each object against itself, whatever stands around it
    assert!(!corrects([first, ("b", "x")], [first, ("c", "y")]));
    assert!(corrects([("a", "2026-03-01T00:00:00Z"), ("b", "x")], [first, ("b", "y")]));
}

#[test]
fn advice_is_asked_for_promised_given_and_answered() {
    let say = |who, act| (who, advice(act));
    let asked = [
        say("us", AdviceAct::Ask),
        say("mx", AdviceAct::Accept),
        say("mx", AdviceAct::Give),
        say("us", AdviceAct::Adopt),
    ];
    assert_eq!(play(&asked), Ok(Stage::Adopted));
    let offered = [
        say("us", AdviceAct::Offer),
        say("mx", AdviceAct::Accept),
        say("us", AdviceAct::Give),
        say("mx", AdviceAct::Note),
    ];
    assert_eq!(play(&offered), Ok(Stage::Noted));
    let unwanted = [say("us", AdviceAct::Offer), say("mx", AdviceAct::Decline)];
    assert_eq!(play(&unwanted), Ok(Stage::Declined));
    let forced = [say("us", AdviceAct::Offer), say("us", AdviceAct::Give)];
    assert_eq!(play(&forced), Err(MatterError::NotYours));
    let turned = [say("us", AdviceAct::Offer), say("mx", AdviceAct::Give)];
    assert_eq!(play(&turned), Err(MatterError::OutOfTurn));
    assert_eq!(play(&[say("us", AdviceAct::Adopt)]), Err(MatterError::Unknown));
}

#[test]
fn nothing_is_noted_or_adopted_before_it_is_given() {
    use AdviceAct::{Accept, Adopt, Ask, Decline, Dispute, Give, Note, Offer};
    let last = |before: &[(&'static str, AdviceAct)], who, act| {
        let said = before.iter().copied().chain([(who, act)]);
        play(&said.map(|(who, act)| (who, advice(act))).collect::<Vec<_>>()).is_ok()
    };
    // what may follow what, as docs/protocol.md section 3.15 has it
    for (before, who, may) in [
        (&[("us", Ask)][..], "mx", &[Accept, Give, Decline][..]),
        (&[("us", Offer)], "mx", &[Accept, Decline]),
        (&[("us", Ask), ("mx", Accept)], "mx", &[Give, Decline]),
        (&[("us", Give)], "mx", &[Note, Adopt, Decline]),
        (&[("us", Dispute)], "mx", &[Note, Adopt, Decline]),
    ] {
        for act in [Accept, Decline, Give, Note, Adopt] {
            assert_eq!(last(before, who, act), may.contains(&act), "{before:?} {act:?}");
        }
    }
}

#[test]
fn the_clock_runs_from_reception_to_the_answer_that_closes() {
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let entry = |from, to, body, issued: &str, received: Option<&str>| Entry {
        from: party(from),
        to: party(to),
        statement: Digest::of(b"x"),
        at: at(issued),
        received_at: received.map(at),
        body,
    };
    let opening = entry("us", "mx", request(), "2026-03-01T10:00:00Z", None);
    assert_eq!(clock(std::slice::from_ref(&opening)), None);
    let opening = Entry { received_at: Some(at("2026-03-01T11:00:00Z")), ..opening };
    let partial = answer(AnswerOutcome::Partial);
    let partial = entry("mx", "us", partial, "2026-03-01T12:00:00Z", None);
    let running = clock(&[opening.clone(), partial.clone()]).unwrap();
    assert_eq!(running.due, at("2026-03-01T19:00:00Z"));
    assert_eq!(running.answered, None);
    assert!(!running.overdue(at("2026-03-01T19:00:00Z")));
    assert!(running.overdue(at("2026-03-01T19:00:01Z")));
    let late = entry("mx", "us", answer(AnswerOutcome::Refused), "2026-03-01T20:00:00Z", None);
    let closed = clock(&[opening, partial, late]).unwrap();
    assert_eq!(closed.answered, Some(at("2026-03-01T20:00:00Z")));
    assert!(closed.overdue(at("2026-03-01T12:00:00Z")));
}

#[test]
fn a_body_reads_back_and_one_that_contradicts_itself_does_not() {
    for body in [request(), answer(AnswerOutcome::Refused), advice(AdviceAct::Give)] {
        let raw = body.to_raw().unwrap();
        assert_eq!(MatterBody::read(body.kind(), &raw).unwrap().unwrap(), body);
    }
    let bad = |kind: Kind, body: &MatterBody, from: &str, to: &str| {
        let text = body.to_raw().unwrap().get().replace(from, to);
        assert!(text.contains(to), "{text}");
        let raw = RawValue::from_string(text).unwrap();
        MatterBody::read(kind, &raw).unwrap().is_err()
    };
    assert!(bad(Kind::Request, &request(), "request--", "proposal--"));
    assert!(bad(Kind::Request, &request(), "\"hours\":8", "\"hours\":0"));
    assert!(bad(Kind::Request, &request(), "precursor-control", "Precursor control"));
    let refused = answer(AnswerOutcome::Refused);
    let releases = format!("\"refused\",\"releases\":[\"{}\"]", Digest::of(b"r"));
    assert!(bad(Kind::Answer, &refused, "\"refused\"", &releases));
    assert!(bad(Kind::Advice, &advice(AdviceAct::Give), "\"give\"", "\"dispute\""));
    assert!(MatterBody::read(Kind::Release, &request().to_raw().unwrap()).is_none());
}
