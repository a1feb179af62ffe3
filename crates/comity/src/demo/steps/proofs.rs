//! The end: each release is written as a file of evidence, both nodes stop, and somebody who has neither verifies the
//! files. Whatever byte of one is changed, it is caught.

use comity_exchange::evidence::{Evidence, Signed};
use serde_json::json;

use super::pick;
use crate::demo::answers::{AllVerified, Written};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

/// The file about the first release as its receiver writes it.
const RECEIVED: &str = "received.comity-proof";
/// How many copies with one byte changed are verified, at places from the beginning to the end.
const CHANGED: usize = 24;
/// How many copies are changed inside each of the texts of the document, at places from its beginning to its end.
const INSIDE: usize = 3;
/// What stands before the digest in the first line: with another word there it is no file of evidence at all.
const WORD: usize = "comity-proof/1 ".len();

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let files = written(stage).await?;
    stage.stop().await?;
    tokio::try_join!(
        stage.us.ask(["record", "check"]).done(),
        stage.mx.ask(["record", "check"]).done(),
    )?;
    let roots = [format!("us={}", stage.us.root), format!("mx={}", stage.mx.root)];
    let verify = |files: &[String]| {
        let pinned = roots.iter().flat_map(|it| ["--root", it]);
        stage.outside(&["verify"]).args(files).args(pinned)
    };
    let proved: AllVerified = verify(&files).json().await?;
    let mut copies = changed(stage, &files)?;
    let outside = copies.len();
    copies.extend(changed_inside(stage, &files)?);
    let inside = copies.len().saturating_sub(outside);
    let broken: AllVerified = verify(&copies).refused().json().await?;
    let caught = broken.files.iter().filter(|it| it.verdict == "does-not-hold").count();
    let holds = proved.files.iter().filter(|it| it.verdict == "proved").count();
    if holds != files.len() || caught != copies.len() {
        return Err(DemoError::story(format!(
            "{holds} of {} files are proved, and {caught} of {} changed ones are caught",
            files.len(),
            copies.len()
        )));
    }
    Ok(Told {
        line: pick(
            stage.lang,
            format!(
                "both nodes stop; somebody who has neither verifies {holds} releases with their files alone: all proved"
            ),
            format!(
                "ambos nodos se detienen; quien no tiene ninguno comprueba {holds} entregas solo con sus archivos: todas probadas"
            ),
        ),
        details: vec![
            pick(
                stage.lang,
                format!(
                    "one byte changed, at {outside} places, and at {inside} inside what is signed, the digest made anew: not one of those files holds"
                ),
                format!(
                    "un octeto alterado, en {outside} lugares, y en {inside} dentro de lo firmado, con el resumen rehecho: ninguno de esos archivos se sostiene"
                ),
            ),
            pick(
                stage.lang,
                "the record of both nodes, computed anew leaf by leaf, is the one they signed",
                "el registro de ambos nodos, calculado de nuevo hoja por hoja, es el que firmaron",
            )
            .to_owned(),
        ],
        facts: json!({ "proved": holds, "changed": outside, "inside": inside, "caught": caught }),
    })
}

/// Writes the evidence of each release at its giver, and of the first one at its receiver too.
async fn written(stage: &Stage) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for given in &stage.given {
        let party = if given.from == stage.us.handle { &stage.us } else { &stage.mx };
        let file = format!("{}.comity-proof", given.folio);
        let written: Written = party
            .ask(["release", "evidence", &given.folio, "--out", &file, "--by", party.analyst])
            .json()
            .await?;
        if !written.whole {
            return Err(DemoError::story(format!("the evidence of {} is not whole", given.folio)));
        }
        files.push(file);
    }
    let first = stage.given.iter().find(|it| it.from == stage.us.handle);
    let first = first.ok_or_else(|| DemoError::story("us released nothing"))?;
    let by = stage.mx.analyst;
    stage
        .mx
        .ask(["release", "evidence", &first.statement, "--out", RECEIVED, "--by", by])
        .done()
        .await?;
    files.push(RECEIVED.to_owned());
    Ok(files)
}

/// Copies of the first file, each with another byte changed, spread evenly.
fn changed(stage: &Stage, files: &[String]) -> Result<Vec<String>> {
    let first = files.first().ok_or_else(|| DemoError::story("there is no evidence"))?;
    let whole = stage.folder.read(first)?;
    let room = whole.len().saturating_sub(WORD + 1);
    let mut names = Vec::with_capacity(CHANGED);
    for nth in 0..CHANGED {
        let mut copy = whole.clone();
        let place = WORD + room * nth / (CHANGED - 1);
        if let Some(byte) = copy.get_mut(place) {
            *byte ^= 1;
        }
        let name = format!("changed-{nth}.comity-proof");
        stage.folder.write_bytes(&name, &copy)?;
        names.push(name);
    }
    Ok(names)
}

/// Copies of the first file in which somebody changed one letter of what is signed and made the digest of the file anew, so
/// that only the signatures and the record can tell.
fn changed_inside(stage: &Stage, files: &[String]) -> Result<Vec<String>> {
    let first = files.first().ok_or_else(|| DemoError::story("there is no evidence"))?;
    let whole = Evidence::parse(&stage.folder.read(first)?)
        .map_err(|error| DemoError::story(format!("{first}: {error}")))?;
    let mut names = Vec::new();
    let count = texts(&mut whole.clone()).len();
    for which in 0..count {
        for nth in 0..INSIDE {
            let mut copy = whole.clone();
            if let Some(text) = texts(&mut copy).into_iter().nth(which) {
                *text = with_another_letter(text, nth);
            }
            let name = format!("forged-{which}-{nth}.comity-proof");
            stage.folder.write_bytes(&name, &copy.to_bytes())?;
            names.push(name);
        }
    }
    Ok(names)
}

/// Every text in a file of evidence: what is signed, the signatures and the proofs.
fn texts(evidence: &mut Evidence) -> Vec<&mut String> {
    fn of(signed: &mut Signed) -> impl Iterator<Item = &mut String> {
        let signatures = signed.signatures.iter_mut().map(|(_, signature)| signature);
        std::iter::once(&mut signed.payload).chain(signatures)
    }
    let mut texts = vec![&mut evidence.proof];
    texts.extend(evidence.descriptors.iter_mut().chain(&mut evidence.agreement).flat_map(of));
    texts.extend(of(&mut evidence.statement));
    if let Some(receipt) = &mut evidence.receipt {
        texts.push(&mut receipt.proof);
        texts.extend(of(&mut receipt.statement));
    }
    texts
}

/// A text with one letter or digit changed: the first from `nth` of [`INSIDE`] of its length on.
fn with_another_letter(text: &str, nth: usize) -> String {
    let from = text.len() * nth / INSIDE;
    let found = text.char_indices().find(|(at, it)| *at >= from && it.is_ascii_alphanumeric());
    let changed = text.char_indices().map(|(at, it)| match found {
        Some((place, _)) if place == at => {
            if it == 'a' {
                'b'
            } else {
                'a'
            }
        }
        _ => it,
    });
    changed.collect()
}
