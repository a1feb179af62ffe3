//! Evidence: what a file proves to somebody who has no node, and what breaks it.

mod content;
mod edited;
mod forged;
mod moved;
mod revoked;
pub(crate) mod twice;

use comity_exchange::ExchangeError;
use comity_exchange::compose::Selection;
use comity_exchange::evidence::gather::{Gathered, Wanted, evidence, evidence_into};
use comity_exchange::evidence::{
    Evidence, Field, Known, Missing, Proof, Revocation, Signed, check, check_beside, contradictions,
};
use comity_exchange::ports::MatterQuery;
use comity_exchange::purge::sweep;
use comity_model::descriptor::KeyUse;
use comity_model::statement::{Kind, Outcome};
use comity_model::{Grounds, MatterKind, PartyRoot};
use comity_testkit::{
    AgreementText, CLAUSE, OldKeys, Pair, Party, Result, indicators, pair, pair_with, pump,
};
use jiff::SignedDuration;

pub(crate) const WHOLE: Wanted = Wanted { agreement: true, partial: false };
const PARTIAL: Wanted = Wanted { agreement: true, partial: true };

fn roots(pair: &Pair) -> [PartyRoot; 2] {
    [pair.us.node.root(), pair.mx.node.root()]
}

/// Releases `objects` to the partner, with so many approvals. Gives the folio.
async fn release(pair: &Pair, objects: std::ops::Range<u64>, approvals: usize) -> Result<String> {
    pair.us.hold(&indicators(objects)).await?;
    let all = Selection::Type("indicator".to_owned());
    pair.us.release(&pair.mx, CLAUSE, all, approvals).await?;
    let row = pair.us.node.store().releases(1).await?.remove(0);
    Ok(row.record.folio.to_string())
}

/// Lets both answer until all is settled and cosigned, receipts too.
async fn settle(pair: &Pair) -> Result<()> {
    for _ in 0..2 {
        pump(&pair.us, &pair.mx).await?;
        pair.clock.advance(SignedDuration::from_secs(61));
    }
    pump(&pair.us, &pair.mx).await
}

pub(crate) async fn gathered(party: &Party, name: &str, wanted: Wanted) -> Result<Gathered> {
    Ok(evidence(&party.node, name, wanted, "an analyst").await?)
}

/// A pair with a settled release, and the evidence of it.
pub(crate) async fn proven() -> Result<(Pair, Vec<u8>)> {
    let pair = pair().await?;
    let folio = release(&pair, 0..3, 1).await?;
    settle(&pair).await?;
    let file = gathered(&pair.us, &folio, WHOLE).await?.file;
    Ok((pair, file))
}

fn checked(pair: &Pair, file: &[u8]) -> Result<Proof> {
    Ok(check(file, &roots(pair), None)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_sees_who_gave_what_to_whom_under_what_and_that_it_was_taken_in() -> Result<()>
{
    let (pair, file) = proven().await?;
    let proof = checked(&pair, &file)?;
    assert!(proof.is_pinned() && proof.missing.is_empty());
    assert_eq!((proof.from.root, proof.to.root), roots(&pair).into());
    assert_eq!((proof.from.handle.as_str(), proof.to.handle.as_str()), ("us", "mx"));
    let said = proof.release.as_ref().ok_or("no release")?;
    assert_eq!((said.clause.as_str(), said.purpose.as_str()), (CLAUSE, "precursor-control"));
    assert_eq!((said.objects, said.approvals.len()), (3, 1));
    let approval = said.approvals.first().ok_or("no approval")?;
    assert_eq!(approval.office, "release desk");
    assert_eq!(approval.officer, pair.us.officers[0].officer());
    assert_eq!(proof.agreed.as_ref().map(|it| it.officers), Some(1));
    let receipt = proof.receipt.as_ref().ok_or("no receipt")?;
    assert_eq!((receipt.outcome, receipt.admitted, receipt.refused), (Outcome::Admitted, 3, 0));
    assert!(proof.place.cosigned_at.is_some() && receipt.place.cosigned_at.is_some());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_write_evidence_of_the_same() -> Result<()> {
    let (pair, file) = proven().await?;
    let ours = checked(&pair, &file)?;
    let theirs = gathered(&pair.mx, &ours.statement.to_string(), WHOLE).await?;
    let theirs = checked(&pair, &theirs.file)?;
    assert_eq!((theirs.statement, &theirs.release), (ours.statement, &ours.release));
    assert_eq!(theirs.receipt.map(|it| it.statement), ours.receipt.map(|it| it.statement));

    // a receipt is a statement too, and nothing answers it
    let receipt = checked(&pair, &file)?.receipt.ok_or("no receipt")?.statement;
    for party in [&pair.us, &pair.mx] {
        let of_receipt = gathered(party, &receipt.to_string(), WHOLE).await?;
        assert_eq!(of_receipt.kind, Kind::Receipt);
        assert!(checked(&pair, &of_receipt.file)?.missing.is_empty());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_of_the_content_leaves_the_evidence_as_it_was() -> Result<()> {
    let (pair, file) = proven().await?;
    let before = checked(&pair, &file)?;
    let statement = before.statement.to_string();
    // the time for which it may be kept is over
    pair.clock.advance(SignedDuration::from_hours(24 * 181));
    for party in [&pair.mx, &pair.us] {
        sweep(&party.node, &Grounds::default(), "node").await?;
    }
    assert_eq!(crate::retention::seen(&pair.mx.node).await?, 0);
    settle(&pair).await?;
    for party in [&pair.us, &pair.mx] {
        let again = gathered(party, &statement, WHOLE).await?.file;
        let again = checked(&pair, &again)?;
        assert!(again.missing.is_empty());
        assert_eq!(
            (again.release, again.place.sequence),
            (before.release.clone(), before.place.sequence)
        );
    }
    // and the purge is a statement like any other
    let query = MatterQuery { kind: Some(MatterKind::Purge), limit: 1, ..MatterQuery::default() };
    let purged = pair.mx.node.store().matters(query).await?;
    let purged = purged.first().and_then(|it| it.entries.first()).ok_or("nobody was told")?;
    let file = gathered(&pair.us, &purged.statement().to_string(), WHOLE).await?.file;
    assert_eq!(checked(&pair, &file)?.kind, Kind::Purge);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn before_settlement_evidence_is_refused_with_what_is_missing_unless_it_is_asked_for()
-> Result<()> {
    let pair = pair().await?;
    let folio = release(&pair, 0..2, 1).await?;
    let journal = pair.us.node.store().journal_lines(0, 1_000).await?.len();
    comity_exchange::seal::sign_pending(&pair.us.node).await?;
    let refused = evidence(&pair.us.node, &folio, WHOLE, "an analyst").await;
    assert_eq!(refused.err().ok_or("it was written")?.code(), "not-settled");
    let partial = gathered(&pair.us, &folio, PARTIAL).await?;
    assert_eq!(partial.missing, [Missing::Cosignature, Missing::Receipt]);
    let proof = checked(&pair, &partial.file)?;
    assert_eq!((proof.missing, proof.receipt), (partial.missing, None));

    pump(&pair.us, &pair.mx).await?;
    let settled = gathered(&pair.us, &folio, WHOLE).await?;
    assert_eq!(settled.missing, [Missing::ReceiptCosignature]);
    assert!(checked(&pair, &settled.file)?.is_whole());
    let lines = pair.us.node.store().journal_lines(0, 1_000).await?;
    let events = lines.iter().skip(journal).map(|it| it.entry.event.as_str());
    let about: Vec<&str> = events.filter(|it| it.starts_with("evidence-")).collect();
    assert_eq!(about, ["evidence-refused", "evidence-written", "evidence-written"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_does_not_say_written_of_a_file_that_was_not() -> Result<()> {
    let (pair, file) = proven().await?;
    let statement = checked(&pair, &file)?.statement.to_string();
    let lines = pair.us.node.store().journal_lines(0, 1_000).await?.len();
    let full = |_: &[u8]| {
        Err::<(), _>(ExchangeError::NotFound {
            what: "room",
            name: String::new(),
            advice: "make some",
        })
    };
    let refused = evidence_into(&pair.us.node, &statement, WHOLE, "an analyst", full).await;
    assert_eq!(refused.err().ok_or("it was written")?.code(), "not-found");
    let after = pair.us.node.store().journal_lines(0, 1_000).await?;
    let new: Vec<_> = after.iter().skip(lines).map(|it| &it.entry).collect();
    let [line] = new.as_slice() else { return Err(format!("{new:?}").into()) };
    assert_eq!(line.event, "evidence-refused");
    assert_eq!(line.details["code"], "file-not-kept");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_sent_or_is_not_there_has_no_evidence() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&indicators(0..1)).await?;
    let all = Selection::Type("indicator".to_owned());
    let folio = pair.us.compose(&pair.mx, CLAUSE, all).await?.release.record.folio.to_string();
    for (name, code) in [
        (folio.as_str(), "release-not-sent"),
        ("US-2026-000099", "not-found"),
        ("anything", "not-found"),
        (&format!("sha256:{}", "0".repeat(64)), "not-found"),
    ] {
        let refused = evidence(&pair.us.node, name, PARTIAL, "an analyst").await;
        assert_eq!(refused.err().ok_or("it was written")?.code(), code, "{name}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_agreement_the_clause_is_not_checked_until_its_file_is_beside() -> Result<()> {
    let (pair, file) = proven().await?;
    let statement = checked(&pair, &file)?.statement.to_string();
    let wanted = Wanted { agreement: false, partial: false };
    let without = gathered(&pair.us, &statement, wanted).await?.file;
    assert!(without.len() < file.len());
    let open = checked(&pair, &without)?;
    assert_eq!((&open.agreed, open.missing.as_slice()), (&None, [Missing::Agreement].as_slice()));
    assert!(!open.is_whole(), "whoever drops the agreement has whole evidence");
    let stored = pair.us.node.store().agreements().await?.remove(0);
    let beside = check(&without, &roots(&pair), Some(stored.envelope.as_bytes()))?;
    assert_eq!(beside.agreed, checked(&pair, &file)?.agreed);
    assert!(beside.is_whole());
    assert!(check(&without, &roots(&pair), Some(b"{}")).is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_roots_of_both_nothing_is_proved() -> Result<()> {
    let (pair, file) = proven().await?;
    assert!(!check(&file, &[], None)?.is_pinned());
    for known in [vec![pair.us.node.root()], vec![pair.mx.node.root()]] {
        let flaw = check(&file, &known, None).err().ok_or("one root will do")?;
        assert_eq!(flaw.code, "root-not-pinned");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_as_small_as_the_protocol_says_at_ten_million_leaves() -> Result<()> {
    for (approval, officers) in [("one-person", 1), ("two-person", 2)] {
        let terms = AgreementText { approval: approval.to_owned(), ..AgreementText::default() };
        let pair = pair_with(&terms).await?;
        let folio = release(&pair, 0..3, officers).await?;
        settle(&pair).await?;
        let file = gathered(&pair.us, &folio, WHOLE).await?.file;
        let mut evidence = Evidence::parse(&file)?;
        evidence.agreement = None;
        let with_descriptors = evidence.to_bytes().len() + hashes();
        evidence.descriptors.clear();
        let without = evidence.to_bytes().len() + hashes();
        eprintln!(
            "{approval}: {without} bytes, {with_descriptors} with descriptors, {} with the agreement",
            file.len() + hashes()
        );
        assert!(with_descriptors <= 96 * 1024, "{approval}: {with_descriptors}");
        assert!(without <= if officers == 1 { 32 } else { 48 } * 1024, "{approval}: {without}");
    }
    Ok(())
}

/// What the paths of two proofs of 24 hashes add, at the most.
const fn hashes() -> usize {
    2 * 24 * 45
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_that_cannot_both_be_are_named() -> Result<()> {
    let (pair, file) = proven().await?;
    let one = checked(&pair, &file)?;
    assert_eq!(contradictions(&[Some(&one), None, Some(&one)]), []);
    let mut other = one.clone();
    other.statement = comity_model::Digest::of(b"another");
    let found = contradictions(&[None, Some(&one), Some(&other)]);
    assert_eq!(found.iter().map(|it| it.files).collect::<Vec<_>>(), [(1, 2)]);
    let mut other = one.clone();
    other.place.root = comity_model::Digest::of(b"another");
    assert_eq!(contradictions(&[Some(&one), Some(&other)]).len(), 1);
    // what does not stand by itself convicts nobody
    let not_proved: [fn(&mut Proof); 4] = [
        |it| it.missing.push(Missing::Agreement),
        |it| it.revocation = Revocation::Open,
        |it| it.revocation = Revocation::After,
        |it| it.to.pinned = false,
    ];
    for change in not_proved {
        let mut other = other.clone();
        change(&mut other);
        assert_eq!(contradictions(&[Some(&one), Some(&other)]), []);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_before_its_keys_were_revoked_is_proved_for_ever_and_what_came_after_too()
-> Result<()> {
    let (mut pair, file) = proven().await?;
    let uses = [KeyUse::Statement, KeyUse::Log, KeyUse::Witness];
    pair.us.rotate(&uses, OldKeys::Revoked).await?;
    settle(&pair).await?;
    pair.mx.rotate(&uses, OldKeys::Revoked).await?;
    let later = release(&pair, 3..5, 1).await?;
    settle(&pair).await?;
    checked(&pair, &file)?;
    let first = checked(&pair, &file)?.statement.to_string();
    for name in [first, later] {
        let again = gathered(&pair.us, &name, WHOLE).await?;
        let proof = checked(&pair, &again.file)?;
        assert!(proof.is_whole(), "{name}");
        assert!(proof.is_proved(), "{name}: {:?}", proof.revocation);
        // the file itself says that keys were taken back, and so does one that is checked beside the newest descriptors
        let newest = [beside(&pair.us)?, beside(&pair.mx)?];
        let known = Known { roots: &roots(&pair), agreement: None, descriptors: &newest };
        let now = check_beside(&Evidence::parse(&again.file)?, &known)?;
        assert_eq!(now.revocation, proof.revocation, "{name}");
    }
    // the one that was written before rests on keys that were all taken back; who asks again gets one that does not
    let newest = [beside(&pair.us)?, beside(&pair.mx)?];
    let known = Known { roots: &roots(&pair), agreement: None, descriptors: &newest };
    assert!(check_beside(&Evidence::parse(&file)?, &known)?.revocation.is_open());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_revoked_proves_nothing_more_unless_a_cosigned_tree_holds_what_it_signed()
-> Result<()> {
    let (mut pair, file) = proven().await?;
    let mut evidence = Evidence::parse(&file)?;
    assert_eq!(checked(&pair, &file)?.revocation, Revocation::None);
    let ours = |it: &Signed, root| it.payload.contains(&format!("\"root\":\"{root}\""));
    let root = pair.us.node.root();
    let at = evidence.descriptors.iter().rposition(|it| ours(it, root)).ok_or("none of us")?;
    // the statement's key alone: the log holds what it signed
    pair.clock.advance(SignedDuration::from_secs(1));
    pair.us.rotate(&[KeyUse::Statement], OldKeys::Revoked).await?;
    evidence.descriptors.insert(at + 1, own(&pair.us)?);
    assert_eq!(checked(&pair, &evidence.to_bytes())?.revocation, Revocation::Later);
    // the log's too: nothing shows any of it
    pair.us.rotate(&[KeyUse::Log], OldKeys::Revoked).await?;
    let last = evidence.descriptors.iter().rposition(|it| ours(it, root)).ok_or("none")?;
    evidence.descriptors.insert(last + 1, own(&pair.us)?);
    assert_eq!(checked(&pair, &evidence.to_bytes())?.revocation, Revocation::Open);
    // and the next checkpoint, under the new key, holds it again
    settle(&pair).await?;
    release(&pair, 3..5, 1).await?;
    settle(&pair).await?;
    let name = checked(&pair, &file)?.statement.to_string();
    let again = gathered(&pair.us, &name, WHOLE).await?;
    let proof = checked(&pair, &again.file)?;
    assert_eq!((proof.revocation, again.revocation), (Revocation::Later, Revocation::Later));
    assert!(proof.is_proved());
    Ok(())
}

/// The newest descriptor of a party, as a file has it.
pub(crate) fn own(party: &Party) -> Result<Signed> {
    let envelope = comity_pouch::Envelope::parse(party.node.descriptor().as_bytes())?;
    Ok(Signed::of(&envelope).ok_or("no text")?)
}

/// The newest descriptor of a party, as its reader has it beside a file.
fn beside(party: &Party) -> Result<comity_pouch::descriptor::Verified> {
    Ok(comity_exchange::partner::Partner::verified(
        party.node.descriptor().as_bytes(),
        "its descriptor",
    )?)
}

#[tokio::test(flavor = "multi_thread")]
async fn descriptors_beside_a_file_count_as_if_they_stood_in_it() -> Result<()> {
    let (mut pair, file) = proven().await?;
    let (roots, whole) = (roots(&pair), Evidence::parse(&file)?);
    let judged = |evidence: &Evidence, descriptors: &[_]| {
        check_beside(evidence, &Known { roots: &roots, agreement: None, descriptors })
    };
    let strange = Party::new("cl", &pair.clock, false).await?;
    let first = vec![beside(&pair.us)?, beside(&pair.mx)?, beside(&strange)?];
    let proof = judged(&whole, &first)?;
    assert_eq!((proof.revocation, &proof.missing), (Revocation::None, &vec![]));
    let mut bare = whole.clone();
    bare.descriptors.clear();
    assert_eq!(judged(&bare, &first)?, proof);
    let flaw = judged(&bare, &first[..1]).err().ok_or("one party will do")?;
    assert_eq!(flaw.code, "descriptor-missing");

    pair.clock.advance(SignedDuration::from_secs(1));
    pair.us.rotate(&[KeyUse::Statement], OldKeys::Revoked).await?;
    let second = beside(&pair.us)?;
    assert_eq!(judged(&whole, std::slice::from_ref(&second))?.revocation, Revocation::Later);
    pair.us.rotate(&[KeyUse::Log], OldKeys::Revoked).await?;
    let third = [second, beside(&pair.us)?, beside(&pair.mx)?];
    assert_eq!(judged(&whole, &third)?.revocation, Revocation::Open);

    // two of one serial: somebody was shown another one
    let mut other = pair.us.descriptor()?;
    other.name.push_str(", or not");
    let envelope = comity_pouch::descriptor::sign(&other, &pair.us.root_key)?;
    let forked = comity_pouch::descriptor::verify(&envelope)?;
    let flaw = judged(&whole, &[third[1].clone(), forked]).err().ok_or("it verifies")?;
    assert_eq!((flaw.field, flaw.code), (Field::Descriptors, "descriptor-forked"));
    Ok(())
}
