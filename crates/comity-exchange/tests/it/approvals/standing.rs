//! What an officer approves beforehand goes without being seen again, within its ceiling and its time, and never sites or
//! natural persons.

use comity_exchange::approve::{approve, find_release};
use comity_exchange::compose::{ComposeRequest, Selection, compose};
use comity_exchange::ports::{OutboundRow, StandingRecord};
use comity_exchange::seal::seal;
use comity_exchange::standing::{self, Terms};
use comity_exchange::{ExchangeError, Result as Done};
use comity_model::statement::{Payload, ReleaseBody, SignedApproval};
use comity_model::{Grounds, StandingId};
use comity_pouch::approval::{OfficerCertificate, StandingApproval};
use comity_testkit::{AgreementText, CLAUSE, Pair, Result, amend, indicator, pair_with, pump};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::support::{Wire, journal};

mod through;

/// The extension definition of suspected laboratories.
const LABORATORY: &str = "extension-definition--b3e75a10-2c94-4d8f-8b16-5e0a9f4c7d23";

fn terms() -> AgreementText {
    AgreementText {
        approval: "standing".to_owned(),
        kinds:
            r#"["indicator", "identity", "location", "report", "note", "relationship", "sighting"]"#
                .to_owned(),
        clause: "precision = { location = \"admin1\" }\npersons = \"pseudonym\"".to_owned(),
        ..AgreementText::default()
    }
}

async fn standing_pair() -> Result<Pair> {
    pair_with(&terms()).await
}

async fn approve_beforehand(pair: &Pair, ceiling: u64, days: i64) -> Done<StandingRecord> {
    let until = pair.us.node.now() + SignedDuration::from_hours(24 * days);
    let terms = Terms { to: pair.mx.node.root(), clause: CLAUSE.to_owned(), ceiling, until };
    standing::sign(&pair.us.node, terms, &pair.us.officers[0]).await
}

fn id_of(object: &str) -> String {
    let object: serde_json::Value = serde_json::from_str(object).unwrap();
    object["id"].as_str().unwrap().to_owned()
}

/// Holds these objects, composes a release of them and sends it without anybody's approval.
async fn send(pair: &Pair, objects: &[String]) -> Done<OutboundRow> {
    send_by(pair, objects, "an analyst").await
}

async fn send_by(pair: &Pair, objects: &[String], by: &str) -> Done<OutboundRow> {
    pair.us.hold(&objects.join("\n")).await.unwrap();
    let request = ComposeRequest {
        to: pair.mx.node.root(),
        clause: CLAUSE.to_owned(),
        purpose: None,
        selection: Selection::Ids(objects.iter().map(|it| id_of(it)).collect()),
        grounds: Grounds::default(),
        by: by.to_owned(),
    };
    let composed = compose(&pair.us.node, request).await?;
    seal(&pair.us.node, &composed.release).await
}

fn some(numbers: std::ops::Range<u64>) -> Vec<String> {
    numbers.map(indicator).collect()
}

fn code<T: std::fmt::Debug>(done: Result<T, ExchangeError>) -> &'static str {
    done.unwrap_err().code()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_approved_beforehand_unless_an_officer_signed_it() -> Result<()> {
    let pair = standing_pair().await?;
    assert_eq!(code(send(&pair, &some(0..1)).await), "approval-missing");
    // one officer is enough then, as under `one-person`
    let release =
        pair.us.compose(&pair.mx, CLAUSE, Selection::Ids(vec![id_of(&indicator(0))])).await?;
    approve(&pair.us.node, &release.release, &pair.us.officers[1]).await?;
    let row = find_release(&pair.us.node, &release.release.record.folio.to_string()).await?;
    seal(&pair.us.node, &row).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_approved_beforehand_goes_and_the_partner_sees_by_whom() -> Result<()> {
    let pair = standing_pair().await?;
    let given = approve_beforehand(&pair, 10, 30).await?;
    let sealed = send(&pair, &some(0..3)).await?;
    pump(&pair.us, &pair.mx).await?;
    let row = pair.mx.node.store().inbox_row(sealed.digest).await?.ok_or("not taken in")?;
    assert_eq!((row.receipt.admitted, row.receipt.code), (3, None));
    let body: ReleaseBody = Payload::parse(&row.payload)?.body()?;
    assert_eq!(body.approvals.len(), 1);
    assert_eq!(body.approvals[0].approval, given.approval);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ceiling_is_of_one_day_and_nothing_passes_it() -> Result<()> {
    let pair = standing_pair().await?;
    let given = approve_beforehand(&pair, 5, 30).await?;
    assert_eq!(code(send(&pair, &some(0..6)).await), "ceiling-exceeded");
    send(&pair, &some(0..3)).await?;
    let over = send(&pair, &some(3..6)).await.unwrap_err();
    assert_eq!(over.code(), "ceiling-exceeded");
    assert!(over.to_string().contains("has 2 of its 5 left"), "{over}");
    send(&pair, &some(3..5)).await?;
    assert_eq!(standing::list(&pair.us.node).await?, [(given.clone(), 5)]);
    pair.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(standing::list(&pair.us.node).await?, [(given, 0)]);
    send(&pair, &some(3..6)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_releases_at_once_do_not_share_what_is_left() -> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 5, 30).await?;
    let (first, second) = (some(0..3), some(3..6));
    let (one, other) = tokio::join!(send(&pair, &first), send(&pair, &second));
    let refused: Vec<&str> =
        [one, other].into_iter().filter_map(Result::err).map(|it| it.code()).collect();
    assert_eq!(refused, ["ceiling-exceeded"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standing_approval_ends_with_its_window_its_revocation_and_its_agreement() -> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 1).await?;
    send(&pair, &some(0..1)).await?;
    pair.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(code(send(&pair, &some(1..2)).await), "approval-missing");

    let given = approve_beforehand(&pair, 100, 1).await?;
    send(&pair, &some(2..3)).await?;
    standing::revoke(&pair.us.node, given.id, "an analyst").await?;
    assert_eq!(code(send(&pair, &some(3..4)).await), "approval-missing");
    let twice = standing::revoke(&pair.us.node, given.id, "an analyst").await;
    assert_eq!(code(twice), "conflict");
    let unknown: StandingId = "standing--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse()?;
    assert_eq!(code(standing::revoke(&pair.us.node, unknown, "an analyst").await), "not-found");

    approve_beforehand(&pair, 100, 30).await?;
    send(&pair, &some(4..5)).await?;
    let next = AgreementText { version: 2, ..terms() };
    amend(&pair.us, &pair.mx, &next.toml(pair.us.node.root(), pair.mx.node.root())).await?;
    assert_eq!(code(send(&pair, &some(5..6)).await), "approval-missing");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sites_and_natural_persons_are_never_approved_beforehand() -> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 30).await?;
    let place = |uuid: u8| {
        format!(
            r#"{{"type":"location","spec_version":"2.1","id":"location--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b{uuid:02x}","created":"2026-01-10T08:00:00.000Z","modified":"2026-01-10T08:00:00.000Z","country":"MX","administrative_area":"Colima"}}"#
        )
    };
    let person = identity(1, "individual");
    let refused = send(&pair, &[indicator(0), person.clone()]).await.unwrap_err();
    assert_eq!(refused.code(), "standing-not-for-this");
    assert!(refused.to_string().contains(&id_of(&person)), "{refused}");
    send(&pair, &[identity(2, "organization")]).await?;

    send(&pair, &[place(3)]).await?;
    let laboratory = |uuid: u8, location: u8| {
        format!(
            r#"{{"type":"suspected-laboratory","spec_version":"2.1","id":"suspected-laboratory--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b{uuid:02x}","created":"2026-01-10T08:00:00.000Z","modified":"2026-01-10T08:00:00.000Z","location_ref":"{}","status":"reported","extensions":{{"{LABORATORY}":{{"extension_type":"new-sdo"}}}}}}"#,
            id_of(&place(location))
        )
    };
    pair.us.hold(&[laboratory(9, 4), place(4), place(5), place(6)].join("\n")).await?;
    assert_eq!(code(send(&pair, &[place(4)]).await), "standing-not-for-this");
    // nor the place that a relationship names with a laboratory
    let located = format!(
        r#"{{"type":"relationship","spec_version":"2.1","id":"relationship--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b10","created":"2026-01-10T08:00:00.000Z","modified":"2026-01-10T08:00:00.000Z","relationship_type":"located-at","source_ref":"{}","target_ref":"{}"}}"#,
        id_of(&laboratory(9, 4)),
        id_of(&place(5))
    );
    pair.us.hold(&located).await?;
    assert_eq!(code(send(&pair, &[place(5)]).await), "standing-not-for-this");
    send(&pair, &[place(6)]).await?;
    assert_eq!(journal(&pair.us.node, "release-not-sealed").await?.len(), 3);
    Ok(())
}

/// An object of this type, with a number for its id.
fn object(stix_type: &str, number: u8, more: &serde_json::Value) -> String {
    let mut object = serde_json::json!({
        "type": stix_type, "spec_version": "2.1",
        "id": format!("{stix_type}--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b{number:02x}"),
        "created": "2026-01-10T08:00:00.000Z", "modified": "2026-01-10T08:00:00.000Z",
    });
    let members = object.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    object.to_string()
}

fn identity(number: u8, class: &str) -> String {
    object("identity", number, &json!({ "name": format!("x{number}"), "identity_class": class }))
}

fn report(number: u8, names: &[&str]) -> String {
    let more = json!({ "name": "r", "published": "2026-01-10T08:00:00Z", "object_refs": names });
    object("report", number, &more)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_a_site_or_a_natural_person_is_never_approved_beforehand() -> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 30).await?;
    let (person, body) = (identity(1, "individual"), identity(2, "organization"));
    let exact =
        object("location", 3, &json!({ "country": "MX", "description": "19.0433, -104.3148" }));
    let wide = object("location", 4, &json!({ "country": "MX" }));
    pair.us.hold(&[person.as_str(), &body, &exact, &wide].join("\n")).await?;
    let laboratory = "suspected-laboratory--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2bff";
    let strange = "identity--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2bfe";
    let located = json!({ "relationship_type": "located-at", "source_ref": laboratory, "target_ref": id_of(&wide) });
    let seen = |places: &[&str], by: &str| {
        let sighted = id_of(&indicator(0));
        json!({ "sighting_of_ref": sighted, "where_sighted_refs": places, "created_by_ref": by })
    };
    let body_id = id_of(&body);
    let mut named: Vec<String> = vec![
        object("sighting", 0x19, &seen(&[&id_of(&exact)], &body_id)),
        report(0x10, &[&id_of(&person)]),
        report(0x11, &[&id_of(&exact)]),
        report(0x12, &[laboratory]),
        report(0x13, &[strange]),
        report(0x14, &["email-addr--6f2ba3a5-07d8-5d3a-9c28-5df5cb50a7a7"]),
        report(0x15, &["x-hideout--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2bfd"]),
        object("relationship", 0x16, &located),
        object(
            "note",
            0x17,
            &json!({ "content": "n", "created_by_ref": id_of(&person), "object_refs": [id_of(&indicator(0))] }),
        ),
    ];
    let custom = "extension-definition--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2bfc";
    let deep = json!({ "name": "r", "published": "2026-01-10T08:00:00Z", "object_refs": [id_of(&indicator(0))],
        "extensions": { custom: { "extension_type": "property-extension", "seen": [{ "by_ref": id_of(&person) }] } } });
    named.push(object("report", 0x18, &deep));
    let looks = json!({ "pattern": "[email-addr:value = 'a@x.example']", "pattern_type": "stix", "valid_from": "2026-01-10T08:00:00Z" });
    named.push(object("indicator", 0x1a, &looks));
    for it in named {
        let refused = send(&pair, &[indicator(0), it.clone()]).await.unwrap_err();
        assert_eq!(refused.code(), "standing-not-for-this", "{it}");
        assert!(refused.to_string().contains(&id_of(&it)), "{refused}");
    }
    for place in [&exact, &wide] {
        let it =
            object("location", 0x20, &json!({ "country": "MX", "created_by_ref": id_of(&person) }));
        assert_eq!(code(send(&pair, &[it, place.clone()]).await), "standing-not-for-this");
    }
    // what names neither goes, also beside what is known of both parties
    let own: serde_json::Value = serde_json::from_str(pair.us.descriptor()?.identity.get())?;
    let by_us = json!({ "content": "n", "created_by_ref": own["id"], "object_refs": [id_of(&indicator(0))] });
    send(&pair, &[report(0x30, &[&body_id, &id_of(&indicator(0))]), object("note", 0x31, &by_us)])
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_approved_beforehand_does_not_compose_unless_the_clause_says_so() -> Result<()> {
    let pair = standing_pair().await?;
    approve_beforehand(&pair, 100, 30).await?;
    let own = send_by(&pair, &some(0..1), "Officer-1").await;
    assert_eq!(code(own), "composer-may-not-approve");
    send_by(&pair, &some(0..1), "officer-2").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_approved_beforehand_is_not_signed() -> Result<()> {
    let pair = standing_pair().await?;
    assert_eq!(code(approve_beforehand(&pair, 100, 31).await), "standing-window");
    assert_eq!(code(approve_beforehand(&pair, 100, 0).await), "standing-window");
    assert_eq!(code(approve_beforehand(&pair, 0, 1).await), "standing-ceiling");
    approve_beforehand(&pair, 100, 2).await?;
    assert_eq!(code(approve_beforehand(&pair, 100, 30).await), "exists");
    pair.clock.advance(SignedDuration::from_hours(48));
    approve_beforehand(&pair, 100, 30).await?;
    assert_eq!(journal(&pair.us.node, "standing-not-signed").await?.len(), 3);

    let plain = pair_with(&AgreementText::default()).await?;
    assert_eq!(code(approve_beforehand(&plain, 100, 1).await), "standing-not-granted");
    Ok(())
}

/// A standing approval by an officer of the hostile partner, with what a test changes in it.
fn forged(wire: &Wire, change: impl FnOnce(&mut StandingApproval)) -> Result<SignedApproval> {
    let (us, at) = (&wire.pair.us, wire.mx().now());
    let officer = &us.officers[0];
    let day = SignedDuration::from_hours(24);
    let mut standing = StandingApproval {
        v: 1,
        id: "standing--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse()?,
        agreement: wire.agreement.digest,
        clause: CLAUSE.to_owned(),
        ceiling: 2,
        officer: officer.officer(),
        from: at - day,
        until: at + day,
    };
    change(&mut standing);
    let certificate = OfficerCertificate::new(officer, "release desk", at - day * 9, at + day * 9);
    Ok(SignedApproval {
        certificate: String::from_utf8(certificate.sign(&us.registrar)?.to_json())?,
        approval: String::from_utf8(standing.sign(officer)?.to_json())?,
    })
}

/// What becomes of a release of so many objects under a forged standing approval.
async fn taken(
    terms: &AgreementText,
    objects: &[String],
    change: impl FnOnce(&mut StandingApproval, Timestamp),
) -> Result<(Option<String>, u64)> {
    let mut wire = Wire::with(terms).await?;
    let now = wire.mx().now();
    let approval = forged(&wire, |it| change(it, now))?;
    let draft = wire.draft(objects)?;
    let forge = wire.release_with(&draft, vec![approval])?;
    let row = wire.send(&forge).await?;
    Ok((row.code, wire.objects().await?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partners_standing_approval_is_held_to_what_it_says() -> Result<()> {
    let (standing, two) = (terms(), some(0..2));
    assert_eq!(taken(&standing, &two, |_, _| ()).await?, (None, 2));
    let bad = (Some("approval-bad".to_owned()), 0);
    assert_eq!(taken(&standing, &some(0..3), |_, _| ()).await?, bad);
    assert_eq!(taken(&AgreementText::default(), &two, |_, _| ()).await?, bad);
    let digest = comity_model::Digest::of(b"another version");
    assert_eq!(taken(&standing, &two, |it, _| it.agreement = digest).await?, bad);
    assert_eq!(taken(&standing, &two, |it, _| it.clause = "north".to_owned()).await?, bad);
    let second = SignedDuration::from_secs(1);
    assert_eq!(taken(&standing, &two, |it, now| it.from = now + second).await?, bad);
    assert_eq!(taken(&standing, &two, |it, now| it.until = now).await?, bad);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_natural_person_under_a_partners_standing_approval_is_refused() -> Result<()> {
    let person = r#"{"type":"identity","spec_version":"2.1","id":"identity--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b01","created":"2026-01-10T08:00:00.000Z","modified":"2026-01-10T08:00:00.000Z","name":"x","identity_class":"individual"}"#;
    let taken = taken(&terms(), &[indicator(0), person.to_owned()], |_, _| ()).await?;
    assert_eq!(taken, (None, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_a_natural_person_or_a_site_under_a_partners_standing_approval_is_refused()
-> Result<()> {
    let (person, body) = (identity(1, "individual"), identity(2, "organization"));
    let exact = object("location", 3, &json!({ "country": "MX", "city": "x" }));
    // named before it comes, and by its type
    let named = [
        report(0x10, &[&id_of(&person)]),
        report(0x11, &["suspected-laboratory--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2bff"]),
        report(0x12, &[&id_of(&exact)]),
    ];
    let whole = |it: &mut StandingApproval, _| it.ceiling = 10;
    for it in named {
        let objects =
            [it, report(0x20, &[&id_of(&body)]), person.clone(), body.clone(), exact.clone()];
        assert_eq!(taken(&terms(), &objects, whole).await?, (None, 2));
    }
    // one that it holds
    let mut wire = Wire::with(&terms()).await?;
    wire.pair.mx.hold(&person).await?;
    let approval = forged(&wire, |_| ())?;
    let draft = wire.draft(&[indicator(0), report(0x10, &[&id_of(&person)])])?;
    let forge = wire.release_with(&draft, vec![approval])?;
    let before = wire.objects().await?;
    wire.send(&forge).await?;
    assert_eq!(wire.objects().await? - before, 1);
    Ok(())
}
