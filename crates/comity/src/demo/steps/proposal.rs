//! A joint operation is proposed; it is declined on the record, with legal basis and reasons.

use serde_json::json;

use super::pick;
use crate::demo::answers::{Decision, Proposal, Proposals, Sealed};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::{Stage, until};

/// What `us` puts.
const TEXT: &str = "A joint operation at the port of discharge when the consignment arrives.";
/// Why `mx` declines.
const GROUNDS: &str = "La cooperación se limita al intercambio de información y a la asesoría técnica; \
     toda actuación en territorio nacional corresponde a sus autoridades.";
/// Who decides at `mx`.
const OFFICE: &str = "oficina de asuntos jurídicos";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) = (&stage.us, &stage.mx);
    let basis = stage.examples.legal_basis(&stage.agreement)?;
    let put: Sealed = us
        .ask(["proposal", "put", "--to", mx.handle, "--subject", "joint-operation"])
        .args(["--text", TEXT, "--by", us.analyst])
        .json()
        .await?;
    arrived(mx, &put.folio).await?;
    let declined: Decision = decline(mx, &put.folio, &basis).await?;
    let seen = seen(us, &put.folio).await?;
    if seen.decided != "declined"
        || seen.folio != declined.folio
        || seen.legal_basis != [basis.as_str()]
        || seen.text != GROUNDS
    {
        let message = format!("`us` reads another decision on {} than `mx` took", put.folio);
        return Err(DemoError::story(message));
    }
    Ok(Told {
        line: pick(
            stage.lang,
            format!(
                "{}: us proposes a joint operation; {}: mx declines it on the record",
                put.folio, seen.folio
            ),
            format!(
                "{}: us propone una operación conjunta; {}: mx no la acepta, y consta en el registro",
                put.folio, seen.folio
            ),
        ),
        details: vec![
            format!(
                "{} {basis} ({})",
                pick(stage.lang, "legal basis:", "fundamento:"),
                seen.office
            ),
            format!("{} {}", pick(stage.lang, "reasons:", "motivación:"), seen.text),
        ],
        facts: json!({
            "proposal": put.folio,
            "statement": put.statement,
            "sequence": put.sequence,
            "decision": seen,
        }),
    })
}

async fn arrived(mx: &Party, folio: &str) -> Result<()> {
    let what = format!("{folio} to arrive at `mx`");
    let proposal = until(what, async || {
        let list: Proposals = mx.ask(["proposal", "list"]).json().await?;
        Ok(list.proposals.into_iter().find(|it| it.folio == folio))
    })
    .await?;
    if proposal.subject == "joint-operation" && proposal.decision.is_none() {
        return Ok(());
    }
    Err(DemoError::story(format!("{folio} arrived as something else, or decided")))
}

/// Declines, and gives the decision as it then stands at `mx`.
async fn decline(mx: &Party, folio: &str, basis: &str) -> Result<Decision> {
    mx.ask(["proposal", "decide", folio, "--decline", "--grounds", GROUNDS])
        .args(["--office", OFFICE, "--legal-basis", basis, "--by", mx.analyst])
        .done()
        .await?;
    let proposal: Proposal = mx.ask(["proposal", "show", folio]).json().await?;
    proposal.decision.ok_or_else(|| DemoError::story(format!("{folio} stays open at `mx`")))
}

/// Waits until the decision is at `us`.
async fn seen(us: &Party, folio: &str) -> Result<Decision> {
    let what = format!("the decision on {folio} to arrive at `us`");
    until(what, async || {
        let proposal: Proposal = us.ask(["proposal", "show", folio]).json().await?;
        Ok(proposal.decision)
    })
    .await
}
