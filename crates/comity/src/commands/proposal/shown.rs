//! Proposals as they are listed and shown.

use comity_exchange::Node;
use comity_exchange::access::{Area, Verb};
use comity_exchange::matter::{Attached, attached};
use comity_exchange::ports::MatterQuery;
use comity_exchange::propose::{ProposalDecision, ProposalRow, find_proposal};
use comity_model::statement::{Decided, ProposalSubject};
use comity_model::{Digest, Folio, MatterId, MatterKind};
use jiff::Timestamp;
use serde::Serialize;

use crate::commands::reasons::Reasons;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::{Reply, fields, lasting, short, table, time};

#[derive(Serialize)]
struct Ruling {
    folio: Folio,
    decision: Decided,
    office: String,
    legal_basis: Vec<String>,
    reasons: Vec<String>,
    text: String,
    at: Timestamp,
    statement: Digest,
}

#[derive(Serialize)]
struct Line {
    proposal: MatterId,
    folio: Folio,
    from: String,
    to: String,
    subject: ProposalSubject,
    in_reply_to: Option<MatterId>,
    again: Option<MatterId>,
    legal_basis: Vec<String>,
    put_at: Timestamp,
    text: String,
    attachments: usize,
    statement: Digest,
    open_seconds: Option<i64>,
    decision: Option<Ruling>,
}

#[derive(Serialize)]
struct All {
    proposals: Vec<Line>,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: Line,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    name: String,
    media_type: String,
    bytes: usize,
}

fn line(names: &Names, now: Timestamp, row: ProposalRow) -> Line {
    let open_seconds = row.open_for(now).map(|open| open.as_secs());
    let decision = |it: ProposalDecision| Ruling {
        folio: it.body.folio,
        decision: it.body.decision,
        office: it.body.office,
        legal_basis: it.body.legal_basis,
        reasons: it.body.reasons,
        text: it.text,
        at: it.at,
        statement: it.statement,
    };
    Line {
        proposal: row.id,
        folio: row.folio,
        from: names.name(row.from),
        to: names.name(row.to),
        subject: row.body.subject,
        in_reply_to: row.body.in_reply_to,
        again: row.body.again,
        legal_basis: row.body.legal_basis,
        put_at: row.put_at,
        text: row.text,
        attachments: row.attachments.len(),
        statement: row.statement,
        open_seconds,
        decision: row.decision.map(decision),
    }
}

/// How it stands: open for so long, or decided.
fn standing(ctx: &Ctx, line: &Line) -> String {
    match (&line.decision, line.open_seconds) {
        (Some(ruling), _) => decided_word(ctx.lang, ruling.decision).to_owned(),
        (None, seconds) => {
            let since = lasting(seconds.unwrap_or(0));
            format!("{} {since}", ctx.say("open for", "pendiente desde hace"))
        }
    }
}

/// `proposal list`.
pub(super) async fn list(
    ctx: &Ctx,
    looks: &Looks,
    open: bool,
    limit: u32,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let query = MatterQuery {
        kind: Some(MatterKind::Proposal),
        open: open.then_some(true),
        limit,
        ..MatterQuery::default()
    };
    let rows = node.store().matters(query).await?;
    let now = node.now();
    let proposals =
        rows.iter().filter_map(ProposalRow::of).map(|row| line(&names, now, row)).collect();
    let body = All { proposals };
    let folios = body.proposals.iter().map(|it| &it.folio);
    looks.search(ctx, &node, Area::Matters, None, folios).await?;
    let text = match (body.proposals.is_empty(), open) {
        (true, true) => {
            ctx.say("No proposal is open.", "No hay ninguna propuesta pendiente.").to_owned()
        }
        (true, false) => ctx.say("There is no proposal.", "No hay ninguna propuesta.").to_owned(),
        (false, _) => rows_of(ctx, &body.proposals),
    };
    ctx.reply(&body, text)
}

fn rows_of(ctx: &Ctx, lines: &[Line]) -> String {
    let heading = [
        "folio",
        ctx.say("from", "de"),
        ctx.say("to", "para"),
        ctx.say("subject", "asunto"),
        ctx.say("put", "presentada"),
        ctx.say("decision", "determinación"),
        ctx.say("text", "texto"),
    ];
    let rows = lines.iter().map(|it| {
        [
            it.folio.to_string(),
            it.from.clone(),
            it.to.clone(),
            subject_word(ctx.lang, it.subject).to_owned(),
            time(it.put_at),
            standing(ctx, it),
            short(&it.text, 50),
        ]
    });
    table(&heading, rows)
}

/// `proposal show`.
pub(super) async fn show(ctx: &Ctx, looks: &Looks, name: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let row = find_proposal(&node, name).await?;
    let files = files_of(&node, &row).await?;
    let listed = Reasons::of(&node, row.agreement).await?;
    let body = Whole { line: line(&names, node.now(), row), files };
    let it = &body.line;
    looks.note(ctx, &node, Verb::Opened, Area::Matters, [&it.folio]).await?;
    let mut lines = vec![
        (ctx.say("proposal", "propuesta"), format!("{} ({})", it.folio, it.proposal)),
        (ctx.say("from", "de"), it.from.clone()),
        (ctx.say("to", "para"), it.to.clone()),
        (ctx.say("subject", "asunto"), subject_word(ctx.lang, it.subject).to_owned()),
        (ctx.say("put", "presentada"), time(it.put_at)),
        (ctx.say("decision", "determinación"), standing(ctx, it)),
        (ctx.say("statement", "declaración"), it.statement.to_string()),
    ];
    let more = [
        (ctx.say("legal basis", "fundamento"), it.legal_basis.join("; ")),
        (ctx.say("in reply to", "en respuesta a"), named(it.in_reply_to)),
        (ctx.say("puts again", "reitera"), named(it.again)),
    ];
    lines.extend(more.into_iter().filter(|(_, value)| !value.is_empty()));
    for file in &body.files {
        let said = format!("{} ({}, {} B)", file.name, file.media_type, file.bytes);
        lines.push((ctx.say("file", "archivo"), said));
    }
    let mut parts = vec![fields(&lines), it.text.trim_end().to_owned()];
    if let Some(decision) = &it.decision {
        parts.push(fields(&[
            (
                ctx.say("decision", "determinación"),
                format!("{} ({})", decided_word(ctx.lang, decision.decision), decision.folio),
            ),
            (ctx.say("office", "área"), decision.office.clone()),
            (ctx.say("legal basis", "fundamento"), decision.legal_basis.join("; ")),
            (ctx.say("reasons", "motivación"), listed.texts(ctx.lang, &decision.reasons)),
            (ctx.say("decided", "fecha"), time(decision.at)),
            (ctx.say("statement", "declaración"), decision.statement.to_string()),
        ]));
        parts.push(decision.text.trim_end().to_owned());
    }
    ctx.reply(&body, parts.join("\n\n"))
}

fn named(id: Option<MatterId>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

async fn files_of(node: &Node, row: &ProposalRow) -> Result<Vec<File>, CliError> {
    let mut files = Vec::new();
    for part in &row.attachments {
        let (Attached { name, media_type }, bytes) = attached(node, part).await?;
        files.push(File { name, media_type, bytes: bytes.len() });
    }
    Ok(files)
}

/// The word for a decision.
pub(super) const fn decided_word(lang: Lang, decided: Decided) -> &'static str {
    match decided {
        Decided::Accepted => lang.pick("accepted", "aceptada"),
        Decided::Declined => lang.pick("declined", "no aceptada"),
    }
}

/// The words for a subject.
pub(super) const fn subject_word(lang: Lang, subject: ProposalSubject) -> &'static str {
    match subject {
        ProposalSubject::JointOperation => lang.pick("joint operation", "operación conjunta"),
        ProposalSubject::Amendment => lang.pick("amendment", "modificación del acuerdo"),
        ProposalSubject::TechnicalSupport => lang.pick("technical support", "apoyo técnico"),
        ProposalSubject::Other => lang.pick("other", "otro"),
    }
}
