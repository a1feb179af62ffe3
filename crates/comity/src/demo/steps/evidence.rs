//! An outsider checks from which object a derivative was made, with one file and no node. One byte changed is named.

use serde_json::json;

use super::pick;
use crate::demo::answers::{Opened, Verified};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

const FILE: &str = "person.comity-opening";
const CHANGED: &str = "changed.comity-opening";
/// The member of the file in which a byte is changed.
const MEMBER: &str = "derivative";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let us = &stage.us;
    let story = &stage.examples.story;
    let (Some(dossier), Some(original)) = (&stage.dossier, story.redacted.first()) else {
        return Err(DemoError::story("there is no redacted object to open"));
    };
    let opened: Opened = us
        .ask(["release", "open", dossier, original, "--out", FILE, "--by", us.analyst])
        .json()
        .await?;
    let root = format!("us={}", us.root);
    let verify = |file: &str| stage.outside(&["verify", file, "--root", &root]);
    let proved: Verified = verify(FILE).json().await?;
    stage.folder.write_bytes(CHANGED, &changed(stage.folder.read(FILE)?)?)?;
    let broken: Verified = verify(CHANGED).refused().json().await?;
    let flaw = broken.flaw.filter(|it| it.member == MEMBER && proved.verdict == "proved");
    let flaw = flaw.ok_or_else(|| {
        DemoError::story(format!(
            "`verify` says `{}`, and not where a byte was changed",
            proved.verdict
        ))
    })?;
    Ok(Told {
        line: pick(
            stage.lang,
            format!(
                "an outsider verifies with one file and no node that {original} was redacted: proved"
            ),
            format!(
                "un tercero comprueba con un solo archivo y sin nodo que {original} se testó: probado"
            ),
        ),
        details: vec![pick(
            stage.lang,
            format!("with one byte changed: does not hold, in `{}` ({})", flaw.member, flaw.code),
            format!("con un byte alterado: no se sostiene, en `{}` ({})", flaw.member, flaw.code),
        )],
        facts: json!({
            "original": original,
            "derivative": opened.derivative,
            "verdict": proved.verdict,
            "changed": flaw.member,
        }),
    })
}

/// The file with one letter of a member changed.
fn changed(mut file: Vec<u8>) -> Result<Vec<u8>> {
    let before = format!("\"{MEMBER}\":\"").into_bytes();
    let found = file.windows(before.len()).position(|it| it == before).unwrap_or(file.len());
    let letters = file.iter_mut().skip(found + before.len());
    let letter = letters.into_iter().find(|it| it.is_ascii_lowercase());
    let letter = letter.ok_or_else(|| DemoError::story(format!("`{FILE}` has no `{MEMBER}`")))?;
    *letter = if *letter == b'a' { b'b' } else { b'a' };
    Ok(file)
}
