//! The end: each release is written as a file of evidence, both nodes stop, and somebody who has neither verifies the
//! files. Whatever byte of one is changed, it is caught.

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
    let copies = changed(stage, &files)?;
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
                format!("one byte changed, at {caught} places: not one of those files holds"),
                format!(
                    "un octeto alterado, en {caught} lugares: ninguno de esos archivos se sostiene"
                ),
            ),
            pick(
                stage.lang,
                "the record of both nodes, computed anew leaf by leaf, is the one they signed",
                "el registro de ambos nodos, calculado de nuevo hoja por hoja, es el que firmaron",
            )
            .to_owned(),
        ],
        facts: json!({ "proved": holds, "changed": copies.len(), "caught": caught }),
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
