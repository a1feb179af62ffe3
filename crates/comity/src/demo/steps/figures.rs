//! What each party asked and gave: both nodes compute it from the record, and get the same bytes.

use serde::Deserialize;
use serde_json::{Value, json};

use super::pick;
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::{Stage, until};

/// What is read of the figures; all of them are compared.
#[derive(Deserialize)]
struct Figures {
    cut: Vec<Cut>,
    directions: Vec<Value>,
}

#[derive(Deserialize)]
struct Cut {
    handle: Option<String>,
    size: u64,
}

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let agreement = stage.agreement_id.as_str();
    let what = "both nodes to compute the same figures";
    // the cut is what both cosigned, which the last statements may lack
    let bytes = until(what, async || {
        let (us, mx) = tokio::try_join!(
            stage.us.ask(["request", "figures", "--agreement", agreement]).bytes(),
            stage.mx.ask(["request", "figures", "--agreement", agreement]).bytes(),
        )?;
        Ok((us == mx).then_some(us))
    })
    .await?;
    let figures: Figures = serde_json::from_slice(&bytes)
        .map_err(|error| DemoError::story(format!("the figures cannot be read: {error}")))?;
    let sizes: Vec<String> = figures
        .cut
        .iter()
        .map(|it| format!("{} {}", it.handle.as_deref().unwrap_or("-"), it.size))
        .collect();
    let sizes = sizes.join(", ");
    Ok(Told {
        line: pick(
            stage.lang,
            format!("figures of reciprocity: both nodes compute the same {} bytes", bytes.len()),
            format!(
                "cifras de reciprocidad: ambos nodos calculan los mismos {} bytes",
                bytes.len()
            ),
        ),
        details: vec![pick(
            stage.lang,
            format!("from the statements that both cosigned: {sizes}"),
            format!("de las declaraciones con refrendo de ambas: {sizes}"),
        )],
        facts: json!({ "bytes": bytes.len(), "directions": figures.directions }),
    })
}
