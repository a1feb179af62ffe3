use super::*;

fn draft(kind: Kind) -> Draft {
    let root = |byte| PartyRoot::new(Digest::of(&[byte]));
    let uuid = uuid::Uuid::from_u128(1);
    let channel =
        ChannelId { agreement: AgreementId::new(uuid), epoch: 1, from: root(1), to: root(2) };
    Draft {
        kind,
        id: StatementId::new(uuid),
        nonce: Nonce([7; 32]),
        channel,
        agreement: AgreementRef { id: channel.agreement, version: 1, digest: Digest::of(b"text") },
        issued_at: "2026-03-01T10:00:00Z".parse().unwrap(),
        parts: vec![],
        body: RawValue::from_string(r#"{"cosigned":"note"}"#.to_owned()).unwrap(),
    }
}

#[test]
fn what_was_sealed_reads_back() {
    let sealed = draft(Kind::Release).seal(Some((3, Some(Digest::of(b"before"))))).unwrap();
    let payload = Payload::parse(&sealed.bytes).unwrap();
    assert_eq!(payload.known_kind(), Some(Kind::Release));
    assert_eq!(payload.sequence, Some(3));
    assert_eq!(payload.channel(), draft(Kind::Release).channel);
    assert_eq!(Digest::of(&sealed.bytes), sealed.digest);
}

#[test]
fn closed_set_an_unknown_kind_can_be_named_and_nothing_more() {
    let sealed = draft(Kind::Release).seal(Some((0, None))).unwrap();
    for word in ["query", "command", "task", "login", "run", "match-query", "Release", ""] {
        let text = String::from_utf8(sealed.bytes.clone()).unwrap();
        let text = text.replace(r#""kind":"release""#, &format!(r#""kind":"{word}""#));
        let payload = Payload::parse(text.as_bytes()).unwrap();
        assert_eq!(payload.kind, word);
        assert_eq!(payload.known_kind(), None);
    }
    assert_eq!(Kind::ALL.len(), 18);
    for kind in Kind::ALL {
        assert_eq!(Kind::from_word(kind.as_str()), Some(*kind));
    }
}

#[test]
fn unknown_and_duplicate_members_are_refused() {
    let sealed = draft(Kind::Release).seal(Some((0, None))).unwrap();
    let text = String::from_utf8(sealed.bytes).unwrap();
    for (from, to) in [
        (r#""epoch":1"#, r#""epoch":1,"run":"x""#),
        (r#""epoch":1"#, r#""epoch":1,"epoch":2"#),
        (r#""epoch":1"#, r#""epoch":1,"\u0065poch":2"#),
        (r#""epoch":1,"#, ""),
        (r#""v":1"#, r#""v":2"#),
    ] {
        assert!(text.contains(from));
        assert!(Payload::parse(text.replace(from, to).as_bytes()).is_err(), "{to}");
    }
}

#[test]
fn a_place_must_fit_the_kind() {
    assert!(draft(Kind::Checkpoint).seal(Some((0, None))).is_err());
    assert!(draft(Kind::Release).seal(None).is_err());
    let alone = draft(Kind::Checkpoint).seal(None).unwrap();
    let payload = Payload::parse(&alone.bytes).unwrap();
    assert_eq!(payload.body::<CheckpointBody>().unwrap().cosigned, "note");
    let first = draft(Kind::Release).seal(Some((0, Some(Digest::of(b"x"))))).unwrap();
    assert_eq!(Payload::parse(&first.bytes).unwrap_err(), PayloadError::Place);
    let later = draft(Kind::Release).seal(Some((1, None))).unwrap();
    assert_eq!(Payload::parse(&later.bytes).unwrap_err(), PayloadError::Place);
}

#[test]
fn a_list_in_the_place_of_an_object_is_refused_at_any_depth() {
    let sealed = draft(Kind::Checkpoint).seal(None).unwrap();
    let text = String::from_utf8(sealed.bytes).unwrap();
    let digest = Digest::of(b"text");
    let uuid = "00000000-0000-0000-0000-000000000001";
    let object = format!(r#"{{"id":"agreement--{uuid}","version":1,"digest":"{digest}"}}"#);
    let list = format!(r#"["agreement--{uuid}",1,"{digest}"]"#);
    assert!(text.contains(&object) && Payload::parse(text.as_bytes()).is_ok());
    let nested = text.replace(&object, &list);
    assert!(matches!(Payload::parse(nested.as_bytes()), Err(PayloadError::Malformed(_))));

    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let members: Vec<_> = value.as_object().unwrap().values().collect();
    let whole = serde_json::to_string(&members).unwrap();
    assert!(matches!(Payload::parse(whole.as_bytes()), Err(PayloadError::Malformed(_))));

    let body = text.replace(r#"{"cosigned":"note"}"#, r#"["note"]"#);
    let payload = Payload::parse(body.as_bytes()).unwrap();
    assert!(payload.body::<CheckpointBody>().is_err());
}
