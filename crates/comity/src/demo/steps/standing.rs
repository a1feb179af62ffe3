//! A standing approval: an officer signs beforehand, up to a daily ceiling; what goes under it needs no other, and what
//! would pass the ceiling does not go.

use serde_json::json;

use super::amend::CLAUSE;
use super::pick;
use super::release::{Given, OFFICERS, settled};
use crate::demo::answers::{Composed, Sealed};
use crate::demo::failure::Result;
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::Stage;

/// Objects in one day; the example data has more than half of it.
const CEILING: &str = "60";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) = (&stage.us, &stage.mx);
    let [one, _] = OFFICERS;
    us.ask(["release", "standing", "sign", "--to", mx.handle, "--clause", CLAUSE])
        .args(["--ceiling", CEILING, "--days", "30", "--as", one])
        .passphrase(&us.officer_file(one))
        .done()
        .await?;
    let composed = compose(us, mx).await?;
    let sealed: Sealed = us.ask(["release", "send", &composed.folio]).json().await?;
    let given = Given {
        from: us.handle,
        folio: sealed.folio,
        clause: CLAUSE.to_owned(),
        digest: composed.digest,
        statement: sealed.statement,
        sequence: sealed.sequence,
        preview: composed.preview,
    };
    let receipt = settled(us, &given).await?;
    let more = compose(us, mx).await?;
    let why = us.ask(["release", "send", &more.folio]).refusal().await?;
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{}: {} objects go under a standing approval of {one}, {CEILING} a day at the most",
                given.folio, receipt.admitted
            ),
            format!(
                "{}: {} objetos van con una aprobación permanente de {one}, {CEILING} por día como máximo",
                given.folio, receipt.admitted
            ),
        ),
        details: vec![format!("{}: {} ({})", more.folio, why.message, why.code)],
        facts: json!({ "release": given.facts(&receipt), "refused": why.code }),
    };
    stage.given.push(given);
    Ok(told)
}

async fn compose(us: &Party, mx: &Party) -> Result<Composed> {
    us.ask(["release", "compose", "--to", mx.handle, "--clause", CLAUSE])
        .args(["--purpose", "public-health", "--type", "overdose-alert", "--by", us.analyst])
        .json()
        .await
}
