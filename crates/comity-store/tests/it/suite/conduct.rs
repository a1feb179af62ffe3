use comity_exchange::ports::{
    AgreementRecord, FolioSubject, PublishEffect, SealEffect, SealInput, Store, StoreError,
};
use comity_model::Digest;
use comity_model::conduct::{
    AgreementBody, Change, ConductBody, Heard, SuspensionAct, SuspensionBody, TerminationBody,
};
use comity_model::matter::Grounds;
use comity_model::statement::{AgreementRef, Draft, Kind, Outcome};

use crate::support::{
    agreement, approved, arrival, arrived, at, draft, entry, inward, make_node, mx, outward,
    publication, seal_of, sealed, sealing,
};

fn suspension(act: SuspensionAct) -> ConductBody {
    let folio = "MX-2026-000009".parse().unwrap();
    SuspensionBody { folio, act, grounds: Grounds::default() }.into()
}

fn termination() -> ConductBody {
    let folio = "MX-2026-000010".parse().unwrap();
    TerminationBody { folio, grounds: Grounds::default() }.into()
}

fn version(version: u32) -> AgreementRef {
    AgreementRef { version, ..agreement() }
}

fn switch(to: u32) -> ConductBody {
    let folio = "MX-2026-000011".parse().unwrap();
    let digest = agreement().digest;
    AgreementBody { folio, version: to, digest, activate: true }.into()
}

/// What says something about the agreement; the store numbers it.
fn saying(number: u128, body: ConductBody) -> SealInput {
    let draft = draft(body.kind(), number, &());
    sealing(draft, SealEffect::Conduct { body, text: Some("said".to_owned()) })
}

async fn keep(store: &dyn Store, number: u32, complete: bool) {
    let record = AgreementRecord {
        reference: version(number),
        partner: mx(),
        text: "the text".to_owned(),
        envelope: "signatures".to_owned(),
        ours: true,
        complete,
        when_signed: false,
        stored_at: at(0),
        folio: None,
    };
    store.put_agreement(record, vec![]).await.unwrap();
}

async fn hear(store: &dyn Store, sequence: u64, body: ConductBody) -> Result<Digest, StoreError> {
    let pouch = arrived(store, &format!("about the agreement {sequence}")).await;
    let arrival = arrival(sequence, body.kind());
    let digest = arrival.digest;
    let effect = PublishEffect::Conduct { body, text_of: None, text: None };
    store.publish(publication(pouch, arrival, effect)).await.map(|()| digest)
}

async fn changes(store: &dyn Store) -> Vec<(bool, Change, Heard)> {
    let events = store.agreement_events(agreement().id).await.unwrap();
    events.iter().map(|it| (it.own, it.body.change(), it.heard)).collect()
}

pub(crate) async fn what_may_not_be_said_while_the_agreement_rests_is_not_sealed(
    store: &dyn Store,
) {
    make_node(store).await;
    let release = approved(store, 1).await;
    store.seal(saying(10, suspension(SuspensionAct::Suspend))).await.unwrap();
    let before = store.outbound_head(outward()).await.unwrap();
    let refused = store.seal(seal_of(&release, 1)).await.unwrap_err();
    assert_eq!(refused.code(), "agreement-suspended");
    let again = store.seal(saying(11, suspension(SuspensionAct::Suspend))).await.unwrap_err();
    assert_eq!(again.code(), "agreement-suspended");
    assert_eq!(store.outbound_head(outward()).await.unwrap(), before);
    assert_eq!(changes(store).await, [(true, Change::Suspended, Heard::NotYet)]);

    hear(store, 0, suspension(SuspensionAct::Suspend)).await.unwrap();
    let own = store.seal(saying(12, suspension(SuspensionAct::Lift))).await.unwrap();
    let refused = store.seal(seal_of(&release, 1)).await.unwrap_err();
    assert_eq!(refused.code(), "agreement-suspended", "the partner's still stands");
    hear(store, 1, suspension(SuspensionAct::Lift)).await.unwrap();
    let given = store.seal(seal_of(&release, 1)).await.unwrap();
    let events = store.agreement_events(agreement().id).await.unwrap();
    assert!(events.iter().all(|it| it.at <= given.sealed_at), "{events:?}");

    let own = store.outbound(own.digest).await.unwrap().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&own.payload).unwrap();
    let folio = said["body"]["folio"].as_str().unwrap().parse().unwrap();
    let subject = store.by_folio(folio).await.unwrap();
    assert_eq!(subject, Some(FolioSubject::Agreement(agreement().id)));
}

pub(crate) async fn nothing_is_issued_before_what_was_said_about_the_agreement(store: &dyn Store) {
    make_node(store).await;
    let pouch = arrived(store, "by a clock that is ahead").await;
    for (sequence, act) in [(0, SuspensionAct::Suspend), (1, SuspensionAct::Lift)] {
        let mut arrival = arrival(sequence, Kind::Suspension);
        arrival.issued_at = at(200);
        let effect = PublishEffect::Conduct { body: suspension(act), text_of: None, text: None };
        let pouch =
            if sequence == 0 { pouch } else { arrived(store, &format!("ahead {sequence}")).await };
        store.publish(publication(pouch, arrival, effect)).await.unwrap();
    }
    let given = sealed(store, 1).await;
    assert_eq!(given.sealed_at, at(200), "the draft was of an earlier time");
}

pub(crate) async fn a_partner_says_of_the_agreement_what_follows_from_its_own_words(
    store: &dyn Store,
) {
    make_node(store).await;
    store.seal(saying(10, suspension(SuspensionAct::Suspend))).await.unwrap();
    let refused = hear(store, 0, suspension(SuspensionAct::Lift)).await.unwrap_err();
    assert_eq!(refused.code(), "not-suspended", "the suspension is not the partner's");
    assert_eq!(store.inbound_head(inward()).await.unwrap().next, 0);
    hear(store, 0, termination()).await.unwrap();
    let after = hear(store, 1, suspension(SuspensionAct::Suspend)).await.unwrap_err();
    assert_eq!(after.code(), "agreement-ended");
    let own = store.seal(saying(11, suspension(SuspensionAct::Lift))).await.unwrap_err();
    assert_eq!(own.code(), "agreement-ended");
    let expected =
        [(true, Change::Suspended, Heard::NotYet), (false, Change::Terminated, Heard::Taken)];
    assert_eq!(changes(store).await, expected);
}

pub(crate) async fn a_version_is_cited_from_its_activation_until_the_next(store: &dyn Store) {
    make_node(store).await;
    keep(store, 1, true).await;
    keep(store, 2, false).await;
    let missing = store.seal(saying(10, switch(3))).await.unwrap_err();
    assert_eq!(missing.code(), "not-found");
    let unsigned = store.seal(saying(10, switch(2))).await.unwrap_err();
    assert_eq!(unsigned.code(), "agreement-unsigned");
    keep(store, 2, true).await;
    let early = Draft { agreement: version(2), ..draft(Kind::Suspension, 9, &()) };
    let body = suspension(SuspensionAct::Suspend);
    let early = sealing(early, SealEffect::Conduct { body, text: None });
    assert_eq!(store.seal(early.clone()).await.unwrap_err().code(), "conflict");

    sealed(store, 1).await;
    let said = store.seal(saying(10, switch(2))).await.unwrap();
    let release = approved(store, 2).await;
    assert_eq!(store.seal(seal_of(&release, 2)).await.unwrap_err().code(), "conflict");
    store.seal(early).await.unwrap();

    // the partner refused the switch: it counts for nothing
    let receipt = entry(said.sequence.unwrap(), said.digest, Outcome::Refused);
    let pouch = arrived(store, "receipt").await;
    let entries = vec![receipt];
    let effect = PublishEffect::Settle { channel: outward(), entries, cosigned: None };
    store.publish(publication(pouch, arrival(0, Kind::Receipt), effect)).await.unwrap();
    assert_eq!(changes(store).await[0], (true, Change::Activated(2), Heard::Refused));
    store.seal(saying(12, suspension(SuspensionAct::Lift))).await.unwrap();
    store.seal(seal_of(&release, 2)).await.unwrap();
}

pub(crate) async fn the_highest_version_that_a_channel_cited_is_remembered(store: &dyn Store) {
    make_node(store).await;
    assert_eq!(store.inbound_head(inward()).await.unwrap().cited, 0);
    for (sequence, cites, cited) in [(0, 1, 1), (1, 3, 3), (2, 0, 3), (3, 2, 3)] {
        let pouch = arrived(store, &format!("cites {sequence}")).await;
        let mut arrival = arrival(sequence, Kind::Request);
        arrival.version = cites;
        store.publish(publication(pouch, arrival, PublishEffect::Nothing)).await.unwrap();
        assert_eq!(store.inbound_head(inward()).await.unwrap().cited, cited, "{sequence}");
    }
}
