//! Documents that fit their form and do not fit together.

use comity_exchange::evidence::{Evidence, Field, Flaw, Proof, Signed, check_document};
use comity_exchange::ports::Clock as _;
use comity_model::descriptor::KeyUse;
use comity_model::statement::{Payload, ReleaseBody};
use comity_pouch::{descriptor, dsse};
use comity_testkit::{AgreementText, Pair, Party, Result, pair_with};
use jiff::SignedDuration;

use super::{WHOLE, checked, gathered, proven, release, roots, settle};

fn judged(pair: &Pair, evidence: &Evidence) -> Result<Proof, Flaw> {
    check_document(evidence, &roots(pair), None)
}

fn flaw(pair: &Pair, evidence: &Evidence) -> Result<(Field, &'static str)> {
    let flaw = judged(pair, evidence).err().ok_or("it verifies")?;
    Ok((flaw.field, flaw.code))
}

/// Evidence of two releases of one pair.
async fn two() -> Result<(Pair, Evidence, Evidence)> {
    let (pair, first) = proven().await?;
    let folio = release(&pair, 3..5, 1).await?;
    settle(&pair).await?;
    let second = gathered(&pair.us, &folio, WHOLE).await?.file;
    checked(&pair, &second)?;
    Ok((pair, Evidence::parse(&first)?, Evidence::parse(&second)?))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_another_release_does_not_do_for_this_one() -> Result<()> {
    let (pair, first, second) = two().await?;
    let with = |change: &dyn Fn(&mut Evidence)| {
        let mut other = first.clone();
        change(&mut other);
        flaw(&pair, &other)
    };
    assert_eq!(
        with(&|it| it.receipt.clone_from(&second.receipt))?,
        (Field::Receipt, "receipt-of-another")
    );
    assert_eq!(with(&|it| it.proof.clone_from(&second.proof))?.0, Field::Proof);
    assert_eq!(with(&|it| it.statement.clone_from(&second.statement))?.0, Field::Proof);
    assert_eq!(
        with(&|it| {
            if let (Some(to), Some(from)) = (&mut it.receipt, &second.receipt) {
                to.proof.clone_from(&from.proof);
            }
        })?
        .0,
        Field::ReceiptProof
    );
    assert_eq!(
        with(&|it| it.receipt = Some(comity_exchange::evidence::Answer {
            statement: it.statement.clone(),
            proof: it.proof.clone()
        }))?,
        (Field::Receipt, "another-party")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_other_parties_does_not_do_for_these() -> Result<()> {
    let (pair, file) = proven().await?;
    let evidence = Evidence::parse(&file)?;
    let strange = Party::new("cl", &pair.clock, false).await?;
    let envelope = comity_pouch::Envelope::parse(strange.node.record().descriptor.as_bytes())?;
    let descriptor = Signed::of(&envelope).ok_or("no text")?;
    let mut more = evidence.clone();
    more.descriptors.push(descriptor.clone());
    assert_eq!(flaw(&pair, &more)?, (Field::Descriptors, "descriptor-strange"));
    let mut other = evidence.clone();
    other.descriptors[1] = descriptor;
    assert_eq!(flaw(&pair, &other)?, (Field::Descriptors, "descriptor-strange"));
    let mut fewer = evidence.clone();
    fewer.descriptors.remove(0);
    assert_eq!(flaw(&pair, &fewer)?, (Field::Descriptors, "descriptor-missing"));
    let mut twice = evidence.clone();
    twice.descriptors.push(evidence.descriptors[0].clone());
    assert_eq!(flaw(&pair, &twice)?, (Field::Descriptors, "descriptor-order"));

    let mut agreement = evidence.clone();
    if let Some(it) = &mut agreement.agreement {
        it.signatures.truncate(2);
    }
    assert_eq!(flaw(&pair, &agreement)?, (Field::Agreement, "signature-missing"));
    let terms = AgreementText { version: 2, ..AgreementText::default() };
    let text = terms.toml(pair.us.node.root(), pair.mx.node.root());
    let mut envelope = comity_pouch::Envelope::unsigned(dsse::AGREEMENT, text.into_bytes())?;
    envelope.add_signatures(pair.us.root_key.signer())?;
    envelope.add_signatures(pair.mx.root_key.signer())?;
    let mut agreement = evidence;
    agreement.agreement = Signed::of(&envelope);
    assert_eq!(flaw(&pair, &agreement)?, (Field::Agreement, "agreement-digest"));
    Ok(())
}

/// The evidence with a statement that its sender changed and signed anew; its place is that of the old one.
fn resealed(
    pair: &Pair,
    evidence: &Evidence,
    change: impl Fn(&mut Payload, &mut ReleaseBody) -> Result<()>,
) -> Result<Evidence> {
    let mut payload = Payload::parse(evidence.statement.payload.as_bytes())?;
    let mut body: ReleaseBody = payload.body()?;
    change(&mut payload, &mut body)?;
    payload.body = serde_json::value::to_raw_value(&body)?;
    let bytes = serde_json::to_vec(&payload)?;
    let envelope = dsse::sign(dsse::STATEMENT, bytes, &pair.us.serve_keys()?.statement)?;
    let mut other = evidence.clone();
    other.statement = Signed::of(&envelope).ok_or("no text")?;
    Ok(other)
}

#[tokio::test(flavor = "multi_thread")]
async fn approvals_that_are_missing_doubled_or_of_another_text_are_found() -> Result<()> {
    let terms = AgreementText { approval: "two-person".to_owned(), ..AgreementText::default() };
    let pair = pair_with(&terms).await?;
    let folio = release(&pair, 0..2, 2).await?;
    settle(&pair).await?;
    let evidence = Evidence::parse(&gathered(&pair.us, &folio, WHOLE).await?.file)?;
    judged(&pair, &evidence)?;
    let with = |change: &dyn Fn(&mut Payload, &mut ReleaseBody)| {
        flaw(
            &pair,
            &resealed(&pair, &evidence, |payload, body| {
                change(payload, body);
                Ok(())
            })?,
        )
    };
    let missing = (Field::Approvals, "approval-missing");
    assert_eq!(with(&|_, body| body.approvals.clear())?, missing);
    assert_eq!(with(&|_, body| body.approvals.truncate(1))?, missing);
    assert_eq!(with(&|_, body| body.approvals[1] = body.approvals[0].clone())?, missing);
    assert_eq!(
        with(&|_, body| body.approvals[1].approval = body.approvals[0].approval.clone())?.0,
        Field::Approvals
    );
    assert_eq!(
        with(&|_, body| body.release = body.release.replacen("2026-03-01", "2026-02-01", 1))?,
        (Field::Approvals, "approval-release")
    );
    assert_eq!(
        with(&|payload, _| payload.to = payload.from)?.0,
        Field::Statement,
        "nobody speaks to himself"
    );
    assert_eq!(with(&|payload, _| payload.parts.clear())?, (Field::Release, "bad-body"));
    let early = "2026-02-20T00:00:00Z".parse()?;
    assert_eq!(with(&|payload, _| payload.issued_at = early)?, (Field::Approvals, "approval-bad"));
    let later = with(&|payload, _| payload.issued_at = pair.clock.now())?;
    assert_eq!(later.0, Field::Proof, "another statement does not stand there");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_counts_only_while_its_descriptor_says_that_it_is_valid() -> Result<()> {
    let (pair, file) = proven().await?;
    let evidence = Evidence::parse(&file)?;
    let cases = [
        (KeyUse::Statement, &pair.us, Field::Statement),
        (KeyUse::Registrar, &pair.us, Field::Approvals),
        (KeyUse::Log, &pair.us, Field::Proof),
        (KeyUse::Witness, &pair.mx, Field::Proof),
        (KeyUse::Statement, &pair.mx, Field::Receipt),
        (KeyUse::Log, &pair.mx, Field::ReceiptProof),
        (KeyUse::Witness, &pair.us, Field::ReceiptProof),
    ];
    for (purpose, party, field) in cases {
        let mut own = party.descriptor()?;
        let over = own.keys[0].not_before.checked_add(SignedDuration::from_hours(1))?;
        for key in own.keys.iter_mut().filter(|it| it.purpose == purpose) {
            key.not_after = over;
        }
        let envelope = descriptor::sign(&own, &party.root_key)?;
        let mut other = evidence.clone();
        for signed in &mut other.descriptors {
            if signed.payload.contains(&format!("\"root\":\"{}\"", own.root)) {
                *signed = Signed::of(&envelope).ok_or("no text")?;
            }
        }
        assert_eq!(flaw(&pair, &other)?, (field, "key-expired"), "{purpose:?} of {}", own.handle);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_cosignature_is_none() -> Result<()> {
    let (pair, file) = proven().await?;
    let evidence = Evidence::parse(&file)?;
    let lines: Vec<&str> = evidence.proof.lines().collect();
    let signed = lines.iter().filter(|it| it.starts_with('\u{2014}')).count();
    assert_eq!(signed, 4, "two of the log, two of the witness");
    let first = lines.len() - 4;
    for left_out in 0..4 {
        let kept = lines.iter().enumerate().filter(|(at, _)| *at != first + left_out);
        let mut other = evidence.clone();
        other.proof = kept.flat_map(|(_, line)| [*line, "\n"]).collect();
        assert_eq!(flaw(&pair, &other)?.0, Field::Proof, "without line {left_out}");
    }
    let mut none = evidence.clone();
    none.proof = lines[..lines.len() - 2].iter().flat_map(|line| [*line, "\n"]).collect();
    assert!(!judged(&pair, &none)?.missing.is_empty());
    Ok(())
}
