//! What is said about an agreement: sent, activated, suspended, lifted, terminated; and how an amendment begins.

use std::path::PathBuf;

use comity_exchange::agreement::{self, Halt, life};
use comity_exchange::ports::OutboundRow;
use comity_exchange::{ExchangeError, Node};
use comity_model::conduct::FIRST_VERSION;
use comity_model::told;
use comity_model::{AgreementId, Digest, Folio};
use comity_policy::Binds;
use serde::Serialize;

use super::list::state_word;
use super::named;
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::files;
use crate::output::Reply;

#[derive(Serialize)]
struct Amended {
    id: AgreementId,
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    text: String,
}

#[derive(Serialize)]
struct Said {
    agreement: AgreementId,
    folio: Folio,
    statement: Digest,
    sequence: Option<u64>,
    phase: &'static str,
    active: u32,
    suspended_by: Vec<String>,
}

/// Writes the newest text with the next version.
pub(super) async fn amend(
    ctx: &Ctx,
    name: &str,
    by_signatures: bool,
    out: Option<PathBuf>,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let newest = named::newest(&node, name).await?;
    let life = agreement::to_amend(&node, newest.reference.id).await?;
    let base = life.active().unwrap_or(&newest);
    let version = newest.reference.version.saturating_add(1).max(FIRST_VERSION + 1);
    // where nothing binds yet, nothing that one party says can activate it
    let binds = if by_signatures || life.active().is_none() {
        Binds::Signatures
    } else {
        Binds::Activation
    };
    let text = with_version(&base.text, version, binds);
    let again = agreement::read(&text, "the amendment")?;
    if (again.version, again.binds) != (version, binds) {
        let message = told!(
            "the text does not say its version on a line of its own; copy it and write `version = {version}`",
            version
        )
        .named("version-by-hand");
        return Err(
            ExchangeError::Input { place: "the stored agreement".to_owned(), message }.into()
        );
    }
    let mut body = Amended { id: newest.reference.id, version, file: None, text: text.clone() };
    let Some(out) = out else {
        return Ok(ctx.reply(&body, "")?.with_content(text));
    };
    files::write_new(&out, text.as_bytes())?;
    body.file = Some(files::name(&out));
    let next = match binds {
        Binds::Activation => ctx.say(
            "Edit it, compare it with `comity agreement diff`, sign it, and send it with `comity agreement send`.",
            "Edítelo, compárelo con `comity agreement diff`, fírmelo y envíelo con `comity agreement send`.",
        ),
        Binds::Signatures => ctx.say(
            "It binds as soon as both parties signed it. Edit it, sign it, and give the partner the file; once both signed, give \
             it the file with both signatures.",
            "Rige en cuanto ambas partes la firman. Edítela, fírmela y entregue el archivo a la contraparte; ya firmada por \
             ambas, entréguele el archivo con las dos firmas.",
        ),
    };
    let said = format!(
        "{} {version}: {}\n{next}",
        ctx.say("Begun as version", "Se inició como versión"),
        out.display(),
    );
    ctx.reply(&body, said)
}

/// The text with another number on its first `version` line, and a `binds` line after it where it says more than nothing.
fn with_version(text: &str, version: u32, binds: Binds) -> String {
    let mut done = false;
    let lines = text.split_inclusive('\n').map(|line| {
        let key = line.split_once('=').map(|(key, _)| key.trim());
        match key {
            Some("version") if !done => {
                done = true;
                let ending = if line.ends_with('\n') { "\n" } else { "" };
                let more = match binds {
                    Binds::Activation => String::new(),
                    Binds::Signatures => format!("\nbinds = \"{}\"", binds.as_str()),
                };
                format!("version = {version}{more}{ending}")
            }
            Some("binds") => String::new(),
            _ => line.to_owned(),
        }
    });
    lines.collect()
}

/// Sends the text of a version.
pub(super) async fn send(
    ctx: &Ctx,
    name: &str,
    version: Option<u32>,
    by: Option<String>,
) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let newest = named::newest(&node, name).await?;
    let version = version.unwrap_or(newest.reference.version);
    let row = agreement::send(&node, newest.reference.id, version, &actor(by)).await?;
    said(ctx, &node, &row, ctx.say("Sent", "Enviado")).await
}

/// Activates a version.
pub(super) async fn activate(
    ctx: &Ctx,
    name: &str,
    version: u32,
    by: Option<String>,
) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let newest = named::newest(&node, name).await?;
    let row = agreement::activate(&node, newest.reference.id, version, &actor(by)).await?;
    said(ctx, &node, &row, ctx.say("Activated", "Entra a regir")).await
}

/// Suspends it.
pub(super) async fn suspend(ctx: &Ctx, name: &str, halt: Halt) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let newest = named::newest(&node, name).await?;
    let row = agreement::suspend(&node, newest.reference.id, halt).await?;
    said(ctx, &node, &row, ctx.say("Suspended", "Suspendido")).await
}

/// Lifts this party's suspension.
pub(super) async fn lift(ctx: &Ctx, name: &str, halt: Halt) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let newest = named::newest(&node, name).await?;
    let row = agreement::lift(&node, newest.reference.id, halt).await?;
    said(ctx, &node, &row, ctx.say("Lifted", "Suspensión levantada")).await
}

/// Ends it.
pub(super) async fn terminate(ctx: &Ctx, name: &str, halt: Halt) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let newest = named::newest(&node, name).await?;
    let row = agreement::terminate(&node, newest.reference.id, halt).await?;
    said(ctx, &node, &row, ctx.say("Terminated", "Terminado")).await
}

async fn said(ctx: &Ctx, node: &Node, row: &OutboundRow, done: &str) -> Result<Reply, CliError> {
    let names = Names::of(node).await?;
    let life = life(node, row.channel.agreement, node.now()).await?;
    let event = life.events.iter().find(|it| it.statement == row.digest);
    let event = event.ok_or_else(|| ExchangeError::Damaged("an agreement".to_owned()))?;
    let body = Said {
        agreement: row.channel.agreement,
        folio: event.folio.clone(),
        statement: row.digest,
        sequence: row.sequence,
        phase: life.phase.as_str(),
        active: life.active,
        suspended_by: life.suspended_by.iter().map(|root| names.name(*root)).collect(),
    };
    let text = format!(
        "{done}: {} ({} {}; {}: {})",
        body.folio,
        ctx.say("binding version:", "rige la versión"),
        body.active,
        ctx.say("the agreement is", "el acuerdo está"),
        state_word(ctx, body.phase)
    );
    ctx.reply(&body, text)
}
