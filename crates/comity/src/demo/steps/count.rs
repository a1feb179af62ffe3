//! Both sides count what they hold and can prove; the counts are compared.

use std::time::Instant;

use serde_json::json;

use super::pick;
use super::release::{distinct, show};
use crate::demo::answers::Inbox;
use crate::demo::ask::PATIENCE;
use crate::demo::failure::Result;
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::Stage;
use crate::demo::tally::{Delivery, Side, Status, Tally};

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let began = Instant::now();
    // receipts and cosignatures of the last statements may still be on their way
    let tally = loop {
        let (us, mx) = tokio::try_join!(side(&stage.us, stage), side(&stage.mx, stage))?;
        let tally = Tally::new(us, mx);
        if tally.agrees() || began.elapsed() > PATIENCE {
            break tally;
        }
    };
    let differences = &tally.differences;
    let told = Told {
        line: if tally.agrees() {
            pick(
                stage.lang,
                "everything is settled, and both sides agree on every count and every root",
                "todo está concluido y ambas partes coinciden en cada cuenta y cada raíz",
            )
            .to_owned()
        } else {
            pick(
                stage.lang,
                format!("the two sides differ in {} counts", differences.len()),
                format!("las dos partes difieren en {} cuentas", differences.len()),
            )
        },
        details: differences
            .iter()
            .map(|it| format!("{}: us {}; mx {}", it.what, it.us, it.mx))
            .collect(),
        facts: json!({ "differences": differences }),
    };
    stage.tally = Some(tally);
    Ok(told)
}

/// What one side counts.
async fn side(party: &Party, stage: &Stage) -> Result<Side> {
    let mut status: Status = party.ask(["status"]).json().await?;
    // mx has channels with ca too, and those are nothing to us
    status.channels.retain(|it| it.agreement == stage.agreement_id);
    let mut own = Vec::new();
    for it in stage.given.iter().filter(|it| it.from == party.handle) {
        let release = show(party, &it.folio).await?;
        let (receipt, statement) = (release.receipt, release.statement.unwrap_or_default());
        own.push(Delivery {
            folio: release.folio,
            statement,
            sequence: release.sequence.unwrap_or(u64::MAX),
            outcome: receipt.as_ref().map_or_else(|| "-".to_owned(), |it| it.outcome.clone()),
            admitted: receipt.as_ref().map_or(0, |it| it.admitted),
            refused: receipt.as_ref().map_or(0, |it| it.refused),
        });
    }
    let inbox: Inbox = party.ask(["inbox", "list"]).json().await?;
    let received = inbox.inbox.into_iter().filter(|it| it.kind == "release").map(|it| Delivery {
        folio: it.folio.unwrap_or_default(),
        statement: it.digest,
        sequence: it.sequence,
        outcome: it.outcome,
        admitted: it.admitted,
        refused: it.refused,
    });
    Ok(Side {
        status,
        given: own,
        received: received.collect(),
        distinct: distinct(&stage.given, party.handle, &stage.withdrawn),
    })
}
