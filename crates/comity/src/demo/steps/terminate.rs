//! One party ends the agreement at once and for good.

use serde_json::json;

use super::amend::phase;
use super::pick;
use crate::demo::failure::Result;
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

/// The reason from the agreement's list.
const REASON: &str = "under-review";

/// What `mx` would say afterwards.
const TEXT: &str = "¿Siguen en uso los datos de referencia?";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx, id) = (&stage.us, &stage.mx, stage.agreement_id.as_str());
    us.ask(["agreement", "terminate", id, "--reason", REASON, "--by", us.analyst]).done().await?;
    phase(mx, id, "ended", 2).await?;
    let code = "agreement-ended";
    mx.ask(["advice", "ask", "--to", us.handle, "--topic", "other", "--text", TEXT])
        .refused_as(code)
        .await?;
    Ok(Told {
        line: pick(
            stage.lang,
            "us ends the agreement alone, at once and for good; mx sees it and can say nothing new under it",
            "us da por terminado el acuerdo, por sí sola y de inmediato; mx lo ve y nada nuevo puede decir conforme a él",
        )
        .to_owned(),
        details: Vec::new(),
        facts: json!({ "reason": REASON, "refused": code }),
    })
}
