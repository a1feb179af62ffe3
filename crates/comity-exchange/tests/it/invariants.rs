//! The invariants of docs/architecture.md that no other module holds.

use std::collections::BTreeMap;

use comity_exchange::compose::{ComposeRequest, Selection, preview};
use comity_exchange::ports::{MatterQuery, PouchState, ReleaseState, Verdict};
use comity_exchange::propose::{Answer, ProposalRow, Put, answer, find_proposal, propose};
use comity_model::statement::{Decided, Kind, Payload, ProposalSubject};
use comity_model::{ChannelId, Digest, Grounds, Origin};
use comity_testkit::{
    AgreementText, CLAUSE, OTHER_CLAUSE, Pair, Party, Result, agree, indicator, indicators, pair,
    pump,
};
use serde_json::json;

use crate::support::Wire;

async fn proposals(party: &Party) -> Result<Vec<ProposalRow>> {
    let query = MatterQuery { limit: 10, ..MatterQuery::default() };
    Ok(party.node.store().matters(query).await?.iter().filter_map(ProposalRow::of).collect())
}

fn id_of(object: &str) -> Result<String> {
    Ok(object.split('"').nth(11).ok_or("no id")?.to_owned())
}

#[test]
fn closed_set_the_kinds_are_those_of_the_protocol() {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "release",
            "receipt",
            "recall",
            "recall-answer",
            "purge",
            "request",
            "clarification",
            "answer",
            "consent",
            "consent-answer",
            "proposal",
            "decision",
            "advice",
            "agreement",
            "descriptor",
            "suspension",
            "termination",
            "checkpoint",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_foothold_no_table_gives_a_partner_anything_to_log_in_with() -> Result<()> {
    let pair = pair().await?;
    let accounts =
        "s.name IN ('account', 'account_token', 'collection_grant', 'posting', 'posting_total',
        'told_version')";
    for word in ["user", "account", "session", "token", "role", "password", "login", "credential"] {
        let tables = format!(
            "SELECT count(*) FROM sqlite_schema s, pragma_table_info(s.name) c
             WHERE s.type = 'table' AND NOT {accounts} AND (s.name LIKE '%{word}%' OR c.name LIKE '%{word}%')"
        );
        assert_eq!(pair.mx.count(&tables)?, 0, "`{word}`");
    }
    // those that have accounts have no column in which a party could stand, and name no table that does
    for word in ["part", "root", "handle", "channel", "statement"] {
        let columns = format!(
            "SELECT count(*) FROM sqlite_schema s, pragma_table_info(s.name) c
             WHERE {accounts} AND c.name LIKE '%{word}%'"
        );
        assert_eq!(pair.mx.count(&columns)?, 0, "`{word}`");
    }
    let keys = format!(
        "SELECT count(*) FROM sqlite_schema s, pragma_foreign_key_list(s.name) f
         WHERE {accounts} AND f.\"table\" NOT IN ('account', 'collection', 'unit')"
    );
    assert_eq!(pair.mx.count(&keys)?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_foothold_what_a_partner_sends_changes_no_officer_no_party_and_no_agreement()
-> Result<()> {
    let mut wire = Wire::new().await?;
    let state = async |wire: &Wire| -> Result<String> {
        let store = wire.mx().store();
        let (parties, officers) = (store.parties().await?, store.officers().await?);
        Ok(format!(
            "{parties:?} {officers:?} {:?} {:?}",
            store.agreements().await?,
            store.node().await?
        ))
    };
    let before = state(&wire).await?;
    for kind in Kind::ALL.iter().filter(|kind| kind.is_sequenced()) {
        let mut forge = wire.forge(kind.as_str());
        forge.body = json!({ "role": "admin", "officer": "officer-3", "text": "..." });
        let row = wire.send(&forge).await?;
        assert_eq!(row.state, PouchState::Consumed);
    }
    assert_eq!(state(&wire).await?, before);
    Ok(())
}

#[test]
fn operations_unrepresentable_an_agreement_over_joint_operations_cannot_be_written() {
    let root = comity_model::PartyRoot::new(Digest::of(b"a party"));
    let other = comity_model::PartyRoot::new(Digest::of(b"another"));
    let text = AgreementText::default().toml(root, other);
    assert!(comity_exchange::agreement::read(&text, "agreement").is_ok());
    for scope in ["joint-operations", "operations", "enforcement"] {
        let wider = text.replace(r#""technical-support"]"#, &format!(r#""{scope}"]"#));
        assert_ne!(wider, text);
        assert!(comity_exchange::agreement::read(&wider, "agreement").is_err(), "{scope}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_unrepresentable_an_accepted_proposal_changes_nothing_but_the_record()
-> Result<()> {
    for decided in [Decided::Declined, Decided::Accepted] {
        let pair = pair().await?;
        let (us, mx) = (&pair.us, &pair.mx);
        let sealed = propose(
            &us.node,
            Put::new(
                mx.node.root(),
                ProposalSubject::JointOperation,
                "A joint operation at the port",
                "an analyst",
            ),
        )
        .await?;
        pump(us, mx).await?;
        let put = proposals(mx).await?;
        let [proposal] = &put[..] else { return Err("one proposal".into()) };
        assert_eq!(
            (proposal.text.as_str(), proposal.statement),
            ("A joint operation at the port", sealed.digest)
        );
        let tables = async |party: &Party| -> Result<BTreeMap<&'static str, String>> {
            let store = party.node.store();
            Ok(BTreeMap::from([
                ("holdings", format!("{:?}", store.counts().await?)),
                ("agreements", format!("{:?}", store.agreements().await?)),
                ("officers", format!("{:?}", store.officers().await?)),
                ("releases", format!("{:?}", store.releases(10).await?)),
            ]))
        };
        let before = (tables(us).await?, tables(mx).await?);
        let grounds = Answer {
            decided,
            text: "Command stays on its own soil".to_owned(),
            office: "legal office".to_owned(),
            legal_basis: vec!["Exchange of notes of 2026-01-30".to_owned()],
            reasons: Vec::new(),
            by: "officer-1".to_owned(),
        };
        answer(&mx.node, proposal, grounds.clone()).await?;
        pump(us, mx).await?;
        assert_eq!((tables(us).await?, tables(mx).await?), before);
        // it stays on the record of both, and stays decided
        for party in [us, mx] {
            let row = find_proposal(&party.node, &proposal.folio.to_string()).await?;
            let decision = row.decision.ok_or("not decided")?;
            assert_eq!((decision.body.decision, decision.text), (decided, grounds.text.clone()));
        }
        let again = proposals(mx).await?;
        let again = answer(&mx.node, &again[0], grounds).await;
        assert_eq!(again.map_err(|error| error.code()).err(), Some("matter-closed"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_not_the_one_committed_to_is_refused() -> Result<()> {
    let pair = pair().await?;
    let (us, mx) = (pair.us.node.clone(), pair.mx.node.root());
    let sealed = propose(&us, Put::new(mx, ProposalSubject::Other, "A text", "an analyst")).await?;
    let payload = Payload::parse(&sealed.payload)?;
    let mut wire = Wire::over(pair).await?;
    for at in [None, Some(3), Some(34)] {
        let mut forge = wire.forge("proposal");
        forge.entries.clone_from(&payload.parts);
        forge.body = serde_json::from_str(payload.body.get())?;
        let comity_exchange::ports::PartContent::Inline(mut bytes) =
            sealed.parts[0].content.clone()
        else {
            return Err("inline".into());
        };
        match at {
            None => bytes.clear(),
            Some(at) => bytes[at] ^= 1,
        }
        forge.parts = vec![("text.salted".to_owned(), bytes)];
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "part-digest").await?;
    }
    assert!(proposals(&wire.pair.mx).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_what_came_from_a_partner_goes_to_nobody_else() -> Result<()> {
    let pair = pair().await?;
    let third = Party::new("xx", &pair.clock, false).await?;
    let terms = AgreementText {
        id: "5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b12".to_owned(),
        parties: ["mx".to_owned(), "xx".to_owned()],
        ..AgreementText::default()
    };
    agree(&pair.mx, &third, &terms).await?;
    pair.us.hold(&indicators(0..2)).await?;
    let all = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, all.clone(), 1).await?;
    pump(&pair.us, &pair.mx).await?;
    pair.mx.hold(&indicator(9)).await?;
    let request = |to| ComposeRequest {
        to,
        clause: CLAUSE.to_owned(),
        purpose: None,
        selection: all.clone(),
        grounds: Grounds::default(),
        by: "an analyst".to_owned(),
    };
    let lines = preview(&pair.mx.node, request(third.node.root())).await?;
    assert_eq!(lines.len(), 3);
    for line in lines {
        let own = line.id == id_of(&indicator(9))?;
        let codes: Vec<&str> = line.reasons.iter().map(|reason| reason.code.as_str()).collect();
        assert_eq!(line.verdict == Verdict::Released, own);
        assert_eq!(codes.contains(&"third-party"), !own);
    }
    // nor back to the party that gave it: it has it
    let back = ComposeRequest { clause: OTHER_CLAUSE.to_owned(), ..request(pair.us.node.root()) };
    let lines = preview(&pair.mx.node, back).await?;
    assert_eq!(lines.iter().filter(|line| line.verdict == Verdict::Released).count(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn circularity_what_comes_back_to_its_origin_stays_its_own_and_is_one_source() -> Result<()> {
    let clock = comity_testkit::TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let (us, mx) = (Party::new("us", &clock, false).await?, Party::new("mx", &clock, false).await?);
    agree(&us, &mx, &AgreementText::default()).await?;
    // the origin is `mx`, which holds the object; its partner gives it back
    mx.hold(&indicator(1)).await?;
    let origin = mx.node.root();
    let mut wire = Wire::over(Pair { us, mx, clock }).await?;
    let mut draft = wire.draft(&[indicator(1)])?;
    let partner = wire.pair.us.node.root();
    draft.lines[0].origin = origin;
    draft.lines[0].chain = vec![origin, partner];
    draft.bind()?;
    let forge = wire.release(&draft, 1)?;
    let row = wire.send(&forge).await?;
    assert_eq!((row.state, row.code), (PouchState::Consumed, None));

    let store = wire.mx().store();
    let counts = store.counts().await?;
    let own: u64 = counts.iter().filter(|it| it.partner.is_none()).map(|it| it.objects).sum();
    let theirs: u64 = counts.iter().filter(|it| it.partner.is_some()).map(|it| it.objects).sum();
    assert_eq!((own, theirs), (1, 0), "one object, of this party");
    let held = store.holding(id_of(&indicator(1))?).await?.ok_or("not held")?;
    assert!(matches!(held.origin, Origin::Own { .. }) && held.chain.is_empty());
    // the copy that came back is kept as what it is: it names its originator
    let versions = store.holding_versions(id_of(&indicator(1))?).await?;
    let copies: Vec<_> = versions.iter().filter(|it| it.origin.partner().is_some()).collect();
    for copy in copies {
        assert_eq!(copy.chain, [origin, partner]);
        let Origin::Partner { originator, .. } = &copy.origin else { return Err("a copy".into()) };
        assert_eq!(*originator, origin);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_denied_every_refusal_and_every_release_has_its_leaf_in_the_record_of_both()
-> Result<()> {
    let mut wire = Wire::new().await?;
    let good = wire.release(&wire.draft(&[indicator(1)])?, 1)?;
    wire.send(&good).await?;
    let refused = wire.forge("query");
    wire.send(&refused).await?;
    let last = wire.release(&wire.draft(&[indicator(2)])?, 1)?;
    wire.send(&last).await?;
    let channel: ChannelId = wire.channel();
    let head = wire.mx().store().inbound_head(channel).await?;
    let mut frontier = comity_log::Frontier::new();
    for digest in &wire.before {
        frontier.append(comity_log::statement_leaf(digest.as_bytes()), |_, _, _| {})?;
    }
    assert_eq!(head.frontier, frontier.to_bytes());
    assert_eq!(head.cosigned.map(|(size, _)| size), Some(3), "cosigned whole");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_lost_what_came_before_the_agreement_was_complete_is_sent_again() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&indicators(0..2)).await?;
    let all = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, all, 1).await?;
    // the partner has not taken in the second signature yet
    pair.mx.sql("UPDATE agreement SET complete = 0")?;
    pump(&pair.us, &pair.mx).await?;
    let release = pair.us.node.store().releases(1).await?.first().cloned().ok_or("none")?;
    assert_eq!(release.state, ReleaseState::Delivered, "not consumed, so not answered");
    pair.mx.sql("UPDATE agreement SET complete = 1")?;
    pump(&pair.us, &pair.mx).await?;
    let release = pair.us.node.store().releases(1).await?.first().cloned().ok_or("none")?;
    assert_eq!(release.state, ReleaseState::Settled);
    Ok(())
}
