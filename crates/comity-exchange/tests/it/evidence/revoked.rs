//! Keys that were taken back: what a thief signs with them is worth nothing, and what was there before stands.

use comity_exchange::evidence::{Evidence, Known, Proof, Revocation, check_beside};
use comity_model::Descriptor;
use comity_model::descriptor::KeyUse;
use comity_pouch::descriptor::{Verified, sign, verify};
use comity_testkit::{Pair, Party, Result};
use jiff::{SignedDuration, Timestamp};

use super::{proven, roots};

/// The next descriptor of a party, made at `at`, with its keys changed.
fn next(party: &Party, at: Timestamp, change: impl FnOnce(&mut Descriptor)) -> Result<Verified> {
    let mut next = party.descriptor()?;
    next.serial += 1;
    next.issued_at = at;
    change(&mut next);
    Ok(verify(&sign(&next, &party.root_key)?)?)
}

/// One that leaves out the keys of these uses.
fn revoking(party: &Party, uses: &[KeyUse], at: Timestamp) -> Result<Verified> {
    next(party, at, |it| it.keys.retain(|key| !uses.contains(&key.purpose)))
}

fn judged(pair: &Pair, file: &[u8], descriptors: &[Verified]) -> Result<Proof> {
    let known = Known { roots: &roots(pair), agreement: None, descriptors };
    Ok(check_beside(&Evidence::parse(file)?, &known)?)
}

/// A pair, its file, when the statement was sealed, and when its sender cosigned the receipt.
async fn settled() -> Result<(Pair, Vec<u8>, Timestamp, Timestamp)> {
    let (pair, file) = proven().await?;
    let proof = judged(&pair, &file, &[])?;
    let cosigned = proof.receipt.and_then(|it| it.place.cosigned_at).ok_or("not cosigned")?;
    assert!(proof.issued_at < cosigned);
    Ok((pair, file, proof.issued_at, cosigned))
}

const SECOND: SignedDuration = SignedDuration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stolen_key_signs_after_its_revocation_is_not_proved_by_who_gains_from_it()
-> Result<()> {
    let (pair, file, sealed, cosigned) = settled().await?;
    let (us, mx) = (&pair.us, &pair.mx);
    let of = |party: &Party, uses: &[KeyUse], at: Timestamp| {
        let later = [revoking(party, uses, at)?];
        Ok::<_, comity_testkit::Error>(judged(&pair, &file, &later)?.revocation)
    };
    // a thief of the node has the log's key with the statement's, and dates as it likes; the receiver cosigned all of it, and
    // that changes nothing; nor that the speaker cosigned a tree with a receipt for it, since what is refused stands there too
    let node = [KeyUse::Statement, KeyUse::Log];
    for uses in [&node[..], &node[1..]] {
        for party in [us, mx] {
            assert_eq!(of(party, uses, sealed - SECOND)?, Revocation::After, "{uses:?}");
            assert_eq!(of(party, uses, cosigned + SECOND)?, Revocation::Open, "{uses:?}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_log_holds_under_keys_that_stand_stands_whatever_its_party_dates_back() -> Result<()>
{
    let (pair, file, sealed, cosigned) = settled().await?;
    let cases = [
        (&pair.us, KeyUse::Statement),
        (&pair.us, KeyUse::Registrar),
        (&pair.mx, KeyUse::Statement),
        // nothing rests on a cosignature where the logs and the receipt stand
        (&pair.us, KeyUse::Witness),
        (&pair.mx, KeyUse::Witness),
    ];
    for (party, taken) in cases {
        for at in [sealed - SECOND, cosigned, cosigned + SECOND] {
            let proof = judged(&pair, &file, &[revoking(party, &[taken], at)?])?;
            assert_eq!(
                (proof.revocation, proof.is_proved()),
                (Revocation::Later, true),
                "{taken:?}"
            );
        }
    }
    // without a receipt the receiver's cosignature is all that binds it
    let mut bare = Evidence::parse(&file)?;
    bare.receipt = None;
    let theirs = revoking(&pair.mx, &[KeyUse::Witness], cosigned + SECOND)?;
    let proof = judged(&pair, &bare.to_bytes(), &[theirs])?;
    assert_eq!((proof.revocation, proof.is_whole()), (Revocation::Open, false));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_taken_back_is_not_made_good_by_a_later_descriptor_or_by_a_missing_one()
-> Result<()> {
    let (pair, file, sealed, cosigned) = settled().await?;
    let node = [KeyUse::Statement, KeyUse::Log];
    let taken = revoking(&pair.us, &node, cosigned + SECOND)?;
    let of = |later: &[Verified]| {
        Ok::<_, comity_testkit::Error>(judged(&pair, &file, later)?.revocation)
    };
    // listed again by the next one
    let again = next(&pair.us, cosigned + SECOND + SECOND, |it| it.serial += 1)?;
    assert_eq!(of(&[taken.clone(), again])?, Revocation::Open);
    // one that was made when the key's time was over, without the one between that may have taken it back, or was a rotation
    let over = pair.us.descriptor()?.keys.iter().map(|it| it.not_after).max().ok_or("no keys")?;
    let late = next(&pair.us, over + SECOND, |it| {
        it.serial += 1;
        it.keys.retain(|key| !node.contains(&key.purpose));
    })?;
    assert_eq!(of(&[taken, late.clone()])?, Revocation::Open);
    assert_eq!(of(std::slice::from_ref(&late))?, Revocation::Open);
    let between = next(&pair.us, sealed, |_| {})?;
    assert_eq!(of(&[between, late])?, Revocation::None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_whose_time_was_over_expired_and_was_not_taken_back() -> Result<()> {
    let (pair, file, sealed, cosigned) = settled().await?;
    let end = cosigned + SECOND;
    let ends = |it: &mut Descriptor| {
        for key in it.keys.iter_mut().filter(|it| it.purpose == KeyUse::Statement) {
            key.not_after = end;
        }
    };
    // rotated in time, and left out by a descriptor that was made when the time was over and brings no other key
    let rotated = next(&pair.us, sealed - SECOND, ends)?;
    let without = |at: Timestamp| {
        next(&pair.us, at, |it| {
            it.serial += 1;
            it.keys.retain(|key| key.purpose != KeyUse::Statement);
        })
    };
    let judged = |at| {
        Ok::<_, comity_testkit::Error>(
            judged(&pair, &file, &[rotated.clone(), without(at)?])?.revocation,
        )
    };
    assert_eq!(judged(end)?, Revocation::None);
    assert_eq!(judged(sealed)?, Revocation::Later);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn descriptors_of_a_party_were_made_one_after_the_other() -> Result<()> {
    let (pair, file, ..) = settled().await?;
    let own = pair.us.descriptor()?.issued_at;
    for (at, holds) in [(own - SECOND, false), (own, false), (own + SECOND, true)] {
        let later = next(&pair.us, at, |_| {})?;
        let known = Known { roots: &roots(&pair), agreement: None, descriptors: &[later] };
        let code = check_beside(&Evidence::parse(&file)?, &known).err().map(|it| it.code);
        assert_eq!(code, (!holds).then_some("descriptor-order"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_beside_a_file_that_has_its_own_is_the_same_or_refused() -> Result<()> {
    let (pair, file, ..) = settled().await?;
    let evidence = Evidence::parse(&file)?;
    let inside =
        evidence.agreement.as_ref().ok_or("none")?.envelope(comity_pouch::dsse::AGREEMENT)?;
    let mut other = comity_pouch::Envelope::unsigned(
        comity_pouch::dsse::AGREEMENT,
        [inside.unverified_payload(), b"\n"].concat(),
    )?;
    other.add_signatures(pair.us.root_key.signer())?;
    for (beside, code) in [(inside, None), (other, Some("agreement-differs"))] {
        let agreement = beside.to_json();
        let roots = roots(&pair);
        let known = Known { roots: &roots, agreement: Some(&agreement), descriptors: &[] };
        assert_eq!(check_beside(&evidence, &known).err().map(|it| it.code), code);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opening_and_a_report_under_a_key_that_was_taken_back_bind_nobody() -> Result<()> {
    use comity_exchange::access::Reader;
    use comity_exchange::audit::{self, Days};
    use comity_exchange::opening;

    let pair = comity_testkit::pair().await?;
    let us = [pair.us.node.root()];
    let opened = crate::opening::opened(&pair).await?.file;
    let day = pair.us.node.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let days = Days { from: day, until: day };
    let (_, report) =
        audit::export(&pair.us.node, days, None, &Reader::named("an auditor")).await?;
    let at = opening::check(&opened, &us)?.issued_at;
    let stolen = [KeyUse::Statement];
    let cases = [
        (revoking(&pair.us, &[KeyUse::Log], at)?, Revocation::None, Revocation::None),
        (revoking(&pair.us, &stolen, at + SECOND)?, Revocation::Open, Revocation::Open),
        // a report has no time of its own
        (revoking(&pair.us, &stolen, at - SECOND)?, Revocation::After, Revocation::Open),
        (revoking(&pair.mx, &stolen, at - SECOND)?, Revocation::None, Revocation::None),
    ];
    for (later, of_opening, of_report) in cases {
        let later = [later];
        assert_eq!(opening::check_beside(&opened, &us, &later)?.revocation, of_opening);
        assert_eq!(audit::check_beside(&report, &us, &later)?.revocation, of_report);
    }
    let forked = next(&pair.us, at, |it| it.serial = 1)?;
    let flaw = opening::check_beside(&opened, &us, std::slice::from_ref(&forked))
        .err()
        .ok_or("it holds")?;
    assert_eq!(flaw.code, "descriptor-forked");
    let flaw = audit::check_beside(&report, &us, &[forked]).err().ok_or("it holds")?;
    assert_eq!((flaw.member, flaw.code), ("descriptor", "descriptor-forked"));
    Ok(())
}
