//! Whatever is moved, doubled, left out or slipped in anywhere in a file, under a digest that was mended: nothing but the
//! original says what it says.

use comity_exchange::access::Reader;
use comity_exchange::audit::{self, Days, export};
use comity_exchange::evidence::equivocation::{self, Equivocation};
use comity_exchange::evidence::gather::{Wanted, evidence as evidence_of};
use comity_exchange::evidence::{self, Missing, check, document};
use comity_exchange::opening;
use comity_exchange::ports::PouchState;
use comity_model::{Digest, PartyRoot};
use comity_testkit::{AgreementText, Result, indicator, pair, pair_with};
use jiff::tz::TimeZone;
use miniz_oxide::deflate::compress_to_vec_zlib;
use proptest::prelude::*;
use serde_json::Value;

use super::twice::{note, proof, twice};
use super::{WHOLE, gathered, own, proven, release, roots, settle};
use crate::support::Wire;
use crate::support::edits::{self, Edit};

/// The file of a document under a digest that fits.
fn packed(format: &str, document: &Value) -> Vec<u8> {
    let body = compress_to_vec_zlib(document.to_string().as_bytes(), 0);
    [format!("{format} {}\n", Digest::of(&body).hex()).as_bytes(), &body].concat()
}

/// The document in a file, which comes out as it stands there.
fn opened(file: &[u8]) -> Result<Value> {
    let bytes = document(file).ok_or("no document")?;
    let value: Value = serde_json::from_slice(&bytes)?;
    assert_eq!(value.to_string().as_bytes(), bytes, "members keep their order");
    Ok(value)
}

/// Whether a file proves as much as evidence that lacks nothing.
fn proves_all(file: &[u8], roots: &[PartyRoot]) -> bool {
    check(file, roots, None).is_ok_and(|it| it.missing.is_empty())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_moved_doubled_or_left_out_the_evidence_is_none_or_says_what_it_lacks()
-> Result<()> {
    let terms = AgreementText { approval: "two-person".to_owned(), ..AgreementText::default() };
    let pair = pair_with(&terms).await?;
    let folio = release(&pair, 0..2, 2).await?;
    settle(&pair).await?;
    let whole = gathered(&pair.us, &folio, WHOLE).await?.file;
    let (roots, document) = (roots(&pair), opened(&whole)?);
    assert!(proves_all(&packed(evidence::FORMAT, &document), &roots));
    let all = edits::all(&document);
    assert!(all.len() > 100, "{}", all.len());
    let mut lacking = Vec::new();
    for edit in all {
        let Some(other) = edit.made(&document) else { continue };
        let Ok(found) = check(&packed(evidence::FORMAT, &other), &roots, None) else { continue };
        assert!(!found.missing.is_empty(), "{edit:?}");
        lacking.push((edit.to_string(), found.missing));
    }
    // these are files of their own: without the text of the agreement, or written before something had come
    let own: Vec<_> =
        lacking.iter().map(|(edit, missing)| (edit.as_str(), missing.as_slice())).collect();
    assert_eq!(
        own,
        [
            ("/agreement null", [Missing::Agreement].as_slice()),
            ("/receipt null", [Missing::Receipt].as_slice()),
        ]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn however_often_something_is_moved_nothing_but_the_original_proves_as_much() -> Result<()> {
    let (pair, file) = proven().await?;
    let (roots, document) = (roots(&pair), opened(&file)?);
    let all = edits::all(&document);
    let some = proptest::collection::vec(0..all.len(), 2..5);
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() };
    let ran = proptest::test_runner::TestRunner::new(config).run(&some, |chosen| {
        let edited = chosen
            .iter()
            .filter_map(|at| all.get(*at))
            .fold(document.clone(), |it, edit| edit.made(&it).unwrap_or(it));
        let proves = proves_all(&packed(evidence::FORMAT, &edited), &roots);
        prop_assert_eq!(proves, edited == document, "{:?}", chosen);
        Ok(())
    });
    Ok(ran.map_err(|error| error.to_string())?)
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_whoever_else_cannot_be_slipped_under_a_checkpoint() -> Result<()> {
    let (pair, file) = proven().await?;
    let (roots, document) = (roots(&pair), opened(&file)?);
    let strange = "\u{2014} example.org/somebody AAAAAAAAAAAAAAAA";
    for place in ["/proof", "/receipt/proof"] {
        let proof = document.pointer(place).and_then(Value::as_str).ok_or("no proof")?;
        let names = proof.lines().filter_map(|it| it.strip_prefix("\u{2014} ")?.split_once(' '));
        let own = names.map(|(name, _)| format!("\u{2014} {name} AAAAAAAAAAAAAAAA"));
        for line in std::iter::once(strange.to_owned()).chain(own) {
            let first = proof.lines().position(|it| it.starts_with('\u{2014}')).ok_or("no line")?;
            for at in first..=proof.lines().count() {
                let mut lines: Vec<&str> = proof.lines().collect();
                lines.insert(at, &line);
                let edit = Edit::text(place, lines.iter().flat_map(|it| [*it, "\n"]).collect());
                let other = edit.made(&document).ok_or("nothing changed")?;
                let flaw = check(&packed(evidence::FORMAT, &other), &roots, None);
                let flaw = flaw.err().ok_or_else(|| format!("{line} at {at} of {place}"))?;
                assert_eq!(flaw.code, "evidence-not-canonical", "{line} at {at} of {place}");
            }
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_partner_wrote_under_its_checkpoints_besides_does_not_go_into_evidence() -> Result<()>
{
    let mut wire = Wire::new().await?;
    let draft = wire.draft(&[indicator(1)])?;
    let release = wire.release(&draft, 1)?;
    let forged = wire.seal(&release)?;
    let plain = String::from_utf8(proof(&wire, 0, &[forged.digest])?)?;
    let (head, lines) = plain.split_at(plain.find('\u{2014}').ok_or("no line")?);
    let strange = "\u{2014} example.org/somebody AAAAAAAAAAAAAAAA\n";
    let turned: Vec<&str> = lines.split_inclusive('\n').rev().collect();
    let odd = [head, strange, &turned.concat()].concat();
    let to = wire.pair.mx.descriptor()?;
    let pouch = release.seal(forged.digest, forged.envelope, odd.into_bytes(), &to)?.pouch;
    assert_eq!(wire.put(&pouch).await?.state, PouchState::Consumed);
    let wanted = Wanted { agreement: true, partial: true };
    let by = "an analyst";
    let file = evidence_of(wire.mx(), &forged.digest.to_string(), wanted, by).await?.file;
    let roots = [wire.pair.us.node.root(), wire.mx().root()];
    assert_eq!(check(&file, &roots, None)?.statement, forged.digest);
    let kept = evidence::Evidence::parse(&file)?.proof;
    assert!(kept.starts_with(&plain), "{kept}");
    assert_eq!(kept.matches('\u{2014}').count(), 4, "two of the log, and two of who cosigned");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_moved_doubled_or_left_out_a_file_of_equivocation_convicts_nobody() -> Result<()>
{
    let (wire, one, other) = twice().await?;
    let us = wire.pair.us.node.root();
    let signed = |envelope: &[u8]| -> Result<_> {
        let envelope = comity_pouch::Envelope::parse(envelope)?;
        Ok(evidence::Signed::of(&envelope).ok_or("no text")?)
    };
    let descriptors = vec![own(&wire.pair.us)?];
    let two = [signed(&other.envelope)?, signed(&one.envelope)?];
    let notes = [note(&wire, 5, b"one")?, note(&wire, 5, b"other")?];
    for file in [
        Equivocation::of_statements(descriptors.clone(), two),
        Equivocation::of_checkpoints(descriptors, notes),
    ] {
        let document = opened(&file.to_bytes())?;
        equivocation::check(&packed(equivocation::FORMAT, &document), &[us])?;
        for edit in edits::all(&document) {
            let Some(other) = edit.made(&document) else { continue };
            let found = equivocation::check(&packed(equivocation::FORMAT, &other), &[us]);
            assert!(found.is_err(), "{edit:?}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_moved_doubled_or_left_out_a_report_does_not_hold() -> Result<()> {
    let (pair, _) = proven().await?;
    let us = pair.us.node.root();
    let day = pair.us.node.now().to_zoned(TimeZone::UTC).date();
    let days = Days { from: day, until: day };
    let (_, report) = export(&pair.us.node, days, None, &Reader::named("an auditor")).await?;
    let document: Value = serde_json::from_slice(&report)?;
    let file = |it: &Value| format!("{it}\n").into_bytes();
    audit::check(&file(&document), &[us])?;
    for edit in edits::all(&document) {
        let Some(other) = edit.made(&document) else { continue };
        assert!(audit::check(&file(&other), &[us]).is_err(), "{edit:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_moved_doubled_or_left_out_an_opening_does_not_hold() -> Result<()> {
    let pair = pair().await?;
    let us = pair.us.node.root();
    let opened = crate::opening::opened(&pair).await?.file;
    let document: Value = serde_json::from_slice(&opened)?;
    opening::check(&edits::mended(&document).ok_or("no opening")?, &[us])?;
    for edit in edits::all(&document) {
        let Some(other) = edit.made(&document) else { continue };
        let Some(other) = edits::mended(&other).filter(|it| *it != opened) else { continue };
        assert!(opening::check(&other, &[us]).is_err(), "{edit:?}");
    }
    Ok(())
}
