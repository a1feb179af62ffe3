//! What a legal hold or a recall keeps from readers.

use comity_exchange::ExchangeError;
use comity_exchange::access::{Area, Verb};
use comity_model::{Holding, MatterId};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Line, line};
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::looks::Looks;
use crate::output::{Reply, fields, short, time};

#[derive(Serialize)]
struct Kept {
    #[serde(flatten)]
    line: Line,
    legal_holds: Vec<u64>,
    recalls: Vec<MatterId>,
    object: Box<RawValue>,
}

#[derive(Serialize)]
struct All {
    held: Vec<Kept>,
}

/// Shows every version of an object that is kept from readers, and by what.
pub(super) async fn show(ctx: &Ctx, looks: &Looks, id: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let frozen = node.store().frozen(id.to_owned()).await.map_err(ExchangeError::from)?;
    if frozen.is_empty() {
        return Err(ExchangeError::NotFound {
            what: "holding",
            name: short(id, 200),
            advice: "no legal hold and no recall keeps it; `comity holdings search WORDS` finds its id",
        }
        .into());
    }
    looks.note(ctx, &node, Verb::Opened, Area::Holdings, [id]).await?;
    let mut held = Vec::with_capacity(frozen.len());
    for it in frozen {
        held.push(Kept {
            line: line(&names, &it.holding),
            legal_holds: it.holds,
            recalls: it.recalls,
            object: exact(it.holding)?,
        });
    }
    let body = All { held };
    let blocks = body.held.iter().map(|it| {
        let holds: Vec<String> = it.legal_holds.iter().map(ToString::to_string).collect();
        let recalls: Vec<String> = it.recalls.iter().map(ToString::to_string).collect();
        let lines = fields(&[
            ("id", it.line.id.clone()),
            (ctx.say("version", "versión"), it.line.version.clone()),
            (ctx.say("from", "procedencia"), it.line.partner.clone().unwrap_or_default()),
            (ctx.say("received", "recepción"), time(it.line.received_at)),
            (ctx.say("legal holds", "conservaciones por mandato legal"), holds.join(", ")),
            (ctx.say("recalls", "solicitudes de retiro"), recalls.join(", ")),
        ]);
        format!("{lines}\n\n{}", it.object.get())
    });
    let text = blocks.collect::<Vec<_>>().join("\n\n");
    ctx.reply(&body, text)
}

fn exact(holding: Holding) -> Result<Box<RawValue>, CliError> {
    let text = String::from_utf8(holding.bytes).ok();
    let object = text.and_then(|text| RawValue::from_string(text).ok());
    Ok(object.ok_or_else(|| ExchangeError::Damaged(format!("the object {}", holding.id)))?)
}
