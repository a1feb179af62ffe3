//! Units: what an officer granted, for which use, and what goes to none.

use comity_exchange::ExchangeError;
use comity_exchange::compose::Selection;
use comity_exchange::consent::{Ask, AskFor, ConsentRow, ask, find_consent};
use comity_exchange::descriptor::{Next, renew};
use comity_exchange::legal_hold::{On, lay};
use comity_exchange::ports::MatterQuery;
use comity_exchange::unit::{Chosen, Prepared, add, grant, granted, prepare};
use comity_model::descriptor::KeyUse;
use comity_model::matter::{ConsentDecision, Sought, Stage};
use comity_model::{Grounds, MatterKind, UseCode};
use comity_pouch::descriptor::sign;
use comity_pouch::keys::OfficerKey;
use comity_testkit::{CLAUSE, Party, Result, SeededEntropy, indicator, pair, pump};
use jiff::SignedDuration;

use crate::support::journal;
use crate::support::line::{CONTROL, Line, id_of, release, say};

fn code<T>(done: Result<T, ExchangeError>) -> Option<&'static str> {
    done.err().map(|error| error.code())
}

async fn gives(party: &Party, unit: &str, number: u64) -> Result<Prepared, ExchangeError> {
    let chosen = Chosen::Ids(vec![id_of(number)]);
    prepare(&party.node, unit, chosen, "an analyst").await
}

/// A laboratory that works for a court, and customs that do not.
async fn units(party: &Party) -> Result<()> {
    let officer = &party.officers[0];
    add(&party.node, "lab", "A laboratory", UseCode::Judicial, officer).await?;
    add(&party.node, "customs", "Customs", UseCode::IntelligenceOnly, officer).await?;
    Ok(())
}

/// `from` asks `to` whether its units may use an object before a court, and gives the request as `to` sees it.
pub(crate) async fn asks(from: &Party, to: &Party, number: u64) -> Result<ConsentRow> {
    let sought = AskFor::Use(UseCode::Judicial);
    let (objects, by) = (vec![id_of(number)], "an analyst".to_owned());
    ask(&from.node, Ask { objects, agreement: None, sought, text: None, by }).await?;
    pump(from, to).await?;
    let query = MatterQuery { kind: Some(MatterKind::Consent), limit: 1, ..MatterQuery::default() };
    let rows = to.node.store().matters(query).await?;
    Ok(rows.first().and_then(ConsentRow::of).ok_or("no request arrived")?)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_to_inform_goes_to_no_court_until_its_owner_consents() -> Result<()> {
    let line = Line::given(0..3).await?;
    let (us, mx) = (&line.us, &line.mx);
    units(mx).await?;
    mx.hold(&indicator(9)).await?;
    assert_eq!(gives(mx, "lab", 9).await?.bundle.objects.len(), 1, "its own are its own");
    assert_eq!(gives(mx, "customs", 0).await?.bundle.handling.len(), 1);
    let refused = gives(mx, "lab", 0).await.unwrap_err();
    assert_eq!(refused.code(), "use-not-granted");
    assert!(refused.to_string().contains("`use = intelligence-only`"), "{refused}");
    assert_eq!(journal(&mx.node, "statement-not-made").await?.len(), 1);

    let asked = asks(mx, us, 0).await?;
    assert_eq!(asked.body.sought, Sought::Use(UseCode::Judicial));
    assert_eq!(code(gives(mx, "lab", 0).await), Some("use-not-granted"), "asking opens nothing");
    say(us, &asked, ConsentDecision::Granted, None).await?;
    pump(us, mx).await?;
    assert_eq!(gives(mx, "lab", 0).await?.bundle.objects.len(), 1);
    assert_eq!(code(gives(mx, "lab", 1).await), Some("use-not-granted"), "of this object alone");

    say(us, &asked, ConsentDecision::Withdrawn, None).await?;
    pump(us, mx).await?;
    let seen = find_consent(&mx.node, &asked.folio.to_string()).await?;
    assert_eq!(seen.stage, Stage::Withdrawn);
    assert_eq!(code(gives(mx, "lab", 0).await), Some("use-not-granted"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wider_use_that_was_denied_or_has_ended_is_none() -> Result<()> {
    let line = Line::given(0..3).await?;
    units(&line.mx).await?;
    let denied = asks(&line.mx, &line.us, 0).await?;
    say(&line.us, &denied, ConsentDecision::Denied, None).await?;
    let ends = asks(&line.mx, &line.us, 1).await?;
    let until = "2026-03-02T10:00:00Z".parse()?;
    say(&line.us, &ends, ConsentDecision::Granted, Some(until)).await?;
    pump(&line.us, &line.mx).await?;
    assert_eq!(code(gives(&line.mx, "lab", 0).await), Some("use-not-granted"));
    line.wait(until.checked_sub(SignedDuration::from_secs(1))?);
    gives(&line.mx, "lab", 1).await?;
    line.wait(until);
    assert_eq!(code(gives(&line.mx, "lab", 1).await), Some("use-not-granted"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_nobody_widens_the_use_of_what_another_party_gave_it() -> Result<()> {
    let (line, _) = Line::consented(None).await?;
    release(&line.mx, &line.xx, CONTROL, Selection::Ids(vec![id_of(0)])).await?;
    units(&line.xx).await?;
    let asked = asks(&line.xx, &line.mx, 0).await?;
    let early = say(&line.mx, &asked, ConsentDecision::Granted, None).await;
    assert_eq!(code(early), Some("originator-consent"));
    let back = asks(&line.mx, &line.us, 0).await?;
    say(&line.us, &back, ConsentDecision::Granted, None).await?;
    pump(&line.us, &line.mx).await?;
    say(&line.mx, &asked, ConsentDecision::Granted, None).await?;
    pump(&line.mx, &line.xx).await?;
    gives(&line.xx, "lab", 0).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_given_nothing_that_no_officer_granted() -> Result<()> {
    let pair = pair().await?;
    let party = &pair.mx;
    party.hold(&indicator(1)).await?;
    let stranger = OfficerKey::generate(&SeededEntropy::new("a stranger"))?;
    let refused = add(&party.node, "lab", "A laboratory", UseCode::Judicial, &stranger).await;
    assert_eq!(code(refused), Some("not-found"));
    units(party).await?;
    // as an earlier version of the software left it
    party
        .sql("UPDATE unit SET certificate = NULL, grant_envelope = NULL WHERE name = 'customs'")?;
    assert_eq!(code(gives(party, "customs", 1).await), Some("unit-not-granted"));
    // and as somebody with the database alone would have it
    party.sql(
        "UPDATE unit SET certificate = l.certificate, grant_envelope = l.grant_envelope
         FROM unit l WHERE l.name = 'lab' AND unit.name = 'customs'",
    )?;
    assert_eq!(code(gives(party, "customs", 1).await), Some("unit-not-granted"));

    let officer = &party.officers[1];
    let signed = grant(&party.node, "customs", UseCode::Judicial, officer).await?;
    assert_eq!((signed.use_code, signed.officer), (UseCode::Judicial, officer.officer()));
    let kept = party.node.store().units().await?;
    assert_eq!(granted(&party.node, &kept[0]).await?, signed);
    gives(party, "customs", 1).await?;
    assert_eq!(
        code(grant(&party.node, "press", UseCode::Judicial, officer).await),
        Some("not-found")
    );
    assert_eq!(journal(&party.node, "unit-granted").await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_stays_good_after_the_registrar_that_certified_its_officer_has_another_key()
-> Result<()> {
    let pair = pair().await?;
    let party = &pair.mx;
    party.hold(&indicator(1)).await?;
    units(party).await?;
    pair.clock.advance(SignedDuration::from_hours(1));
    // the next descriptor has the registrar's key of somebody else
    let mut next = party.descriptor()?;
    let theirs = pair.us.descriptor()?;
    next.serial += 1;
    next.issued_at = party.node.now();
    next.keys.retain(|it| it.purpose != KeyUse::Registrar);
    next.keys.extend(theirs.keys.into_iter().filter(|it| it.purpose == KeyUse::Registrar));
    let envelope = String::from_utf8(sign(&next, &party.root_key)?.to_json())?;
    let next = Next { envelope: &envelope, by_file: true, changed: &[] };
    renew(&party.node, next, "an analyst").await?;
    gives(party, "customs", 1).await?;
    // what is signed from now on hangs on the new one, which never certified this officer
    let officer = &party.officers[0];
    let signed = grant(&party.node, "customs", UseCode::Judicial, officer).await;
    assert_eq!(code(signed), Some("officer-signature"));
    let refused = journal(&party.node, "statement-not-made").await?;
    assert_eq!(refused.len(), 1, "{refused:?}");
    // and when the key that certified it is over, the grant still stands
    pair.clock.advance(SignedDuration::from_hours(24 * 731));
    assert_eq!(granted(&party.node, &party.node.store().units().await?[0]).await?.unit, "customs");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pap_red_goes_to_no_unit() -> Result<()> {
    let pair = pair().await?;
    units(&pair.mx).await?;
    let red = indicator(1).replacen('{', r#"{"labels":["PAP:RED"],"#, 1);
    let amber = indicator(2).replacen('{', r#"{"labels":["PAP:AMBER"],"#, 1);
    pair.us.hold(&format!("{red}\n{amber}\n")).await?;
    let ids = Selection::Ids(vec![id_of(1), id_of(2)]);
    pair.us.release(&pair.mx, CLAUSE, ids, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(code(gives(&pair.mx, "customs", 1).await), Some("pap-red"));
    let bundle = gives(&pair.mx, "customs", 2).await?.bundle;
    let handling = serde_json::to_value(&bundle)?["x_comity_handling"][0].clone();
    assert_eq!(handling["pap"], "amber", "who gets it knows");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_noted_of_a_bundle_that_is_not_handed_over() -> Result<()> {
    let line = Line::given(0..2).await?;
    units(&line.mx).await?;
    let prepared = gives(&line.mx, "customs", 0).await?;
    assert_eq!(line.mx.count("SELECT count(*) FROM given")?, 0);
    assert_eq!(journal(&line.mx.node, "unit-given").await?.len(), 0);
    // somebody lays a legal hold between the two
    let grounds = Grounds::default();
    lay(&line.mx.node, On::Object(id_of(0)), "An order", &grounds, "an analyst").await?;
    assert_eq!(code(prepared.note(&line.mx.node).await), Some("conflict"));
    assert_eq!(line.mx.count("SELECT count(*) FROM given")?, 0);
    gives(&line.mx, "customs", 1).await?.note(&line.mx.node).await?;
    assert_eq!(line.mx.count("SELECT count(*) FROM given")?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_names_nothing_held_and_a_hold_on_nothing_are_journalled() -> Result<()> {
    let pair = pair().await?;
    let sought = AskFor::Use(UseCode::Judicial);
    let (objects, by) = (vec![id_of(5)], "an analyst".to_owned());
    let refused =
        ask(&pair.mx.node, Ask { objects, agreement: None, sought, text: None, by }).await;
    assert_eq!(code(refused), Some("not-found"));
    assert_eq!(journal(&pair.mx.node, "consent-not-asked").await?.len(), 1);
    pair.mx.hold(&indicator(1)).await?;
    let sought = AskFor::Use(UseCode::Judicial);
    let (objects, by) = (vec![id_of(1)], "an analyst".to_owned());
    let own = ask(&pair.mx.node, Ask { objects, agreement: None, sought, text: None, by }).await;
    assert_eq!(code(own), Some("own-object"));

    let grounds = Grounds::default();
    let hold = lay(&pair.mx.node, On::Object(id_of(5)), "An order", &grounds, "an analyst").await;
    assert_eq!(code(hold), Some("not-found"));
    let lines = journal(&pair.mx.node, "legal-hold-not-laid").await?;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].entry.details["code"], "not-found");
    Ok(())
}
