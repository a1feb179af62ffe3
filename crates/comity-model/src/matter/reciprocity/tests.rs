use super::*;

#[test]
fn half_of_the_answers_took_at_most_the_median() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[7]), Some(7));
    assert_eq!(median(&[1, 9]), Some(1));
    assert_eq!(median(&[1, 2, 9]), Some(2));
    assert_eq!(median(&[1, 2, 3, 9]), Some(2));
}

fn party(name: &str) -> PartyRoot {
    PartyRoot::new(Digest::of(name.as_bytes()))
}

fn at(hour: i8) -> Timestamp {
    format!("2026-03-01T{hour:02}:00:00Z").parse().unwrap()
}

fn said(name: &str, hour: i8, body: MatterBody) -> Recorded {
    Recorded {
        digest: Digest::of(name.as_bytes()),
        at: at(hour),
        fact: Fact::Matter(Box::new(body)),
    }
}

fn receipt(of: &str, hour: i8, outcome: Outcome) -> Recorded {
    let entry = ReceiptEntry {
        sequence: 0,
        digest: Digest::of(of.as_bytes()),
        received_at: at(hour),
        outcome,
        code: None,
        admitted: 0,
        refused: 0,
        objects: vec![],
    };
    let digest = Digest::of(format!("receipt of {of}").as_bytes());
    Recorded { digest, at: at(hour), fact: Fact::Receipt(vec![entry]) }
}

fn request(number: u128) -> MatterBody {
    MatterBody::Request(crate::matter::RequestBody {
        request: MatterId::new(crate::MatterKind::Request, uuid::Uuid::from_u128(number)),
        folio: "US-2026-000001".parse().unwrap(),
        urgency: Urgency::Urgent,
        hours: 8,
        purpose: "precursor-control".to_owned(),
        kinds: vec![],
        legal_basis: vec![],
    })
}

fn answer(number: u128) -> MatterBody {
    MatterBody::Answer(crate::matter::AnswerBody {
        request: MatterId::new(crate::MatterKind::Request, uuid::Uuid::from_u128(number)),
        folio: "MX-2026-000001".parse().unwrap(),
        outcome: crate::matter::AnswerOutcome::Complete,
        releases: vec![],
        grounds: crate::matter::Grounds::default(),
    })
}

/// The urgent requests of `us`.
fn urgent(ours: &[Recorded], theirs: &[Recorded]) -> Requests {
    let (us, mx) = (party("us"), party("mx"));
    let out = Channel { from: us, to: mx, said: ours };
    let back = Channel { from: mx, to: us, said: theirs };
    let [asked, _] = figures(out, back, &Period::default());
    asked.requests["urgent"].clone()
}

#[test]
fn what_the_other_party_refused_was_not_said() {
    let taken = receipt("ask", 2, Outcome::Admitted);
    let ours = [said("ask", 1, request(1)), said("bad", 1, request(2))];
    let theirs = [taken.clone(), receipt("bad", 2, Outcome::Refused), said("say", 5, answer(1))];
    let found = urgent(&ours, &theirs);
    assert_eq!((found.put, found.complete, found.in_time), (1, 1, 1));
    assert_eq!((found.median_minutes, found.longest_minutes), (Some(180), Some(180)));
    // the answer was refused: the request is as open as it was
    let ours = [said("ask", 1, request(1)), receipt("say", 6, Outcome::Refused)];
    let found = urgent(&ours, &[taken, said("say", 5, answer(1))]);
    assert_eq!((found.put, found.complete, found.open), (1, 0, 1));
}

#[test]
fn clocks_are_read_when_the_record_was_last_written() {
    let ours = [said("ask", 1, request(1))];
    for (hour, overdue) in [(10, 0), (11, 1)] {
        let theirs =
            [receipt("ask", 2, Outcome::Admitted), receipt("other", hour, Outcome::Admitted)];
        let found = urgent(&ours, &theirs);
        assert_eq!((found.put, found.overdue, found.open), (1, overdue, 1 - overdue));
    }
    let late = [receipt("ask", 2, Outcome::Admitted), said("say", 11, answer(1))];
    assert_eq!((urgent(&ours, &late).late, urgent(&ours, &late).in_time), (1, 0));
}
