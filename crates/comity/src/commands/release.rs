//! `comity release`: from a selection to a receipt.

use comity_exchange::access::{Area, Rules, Verb, record_access};
use comity_exchange::approve::{approve, find_officer, find_release, stale};
use comity_exchange::compose::{ComposeRequest, Selection, compose, preview};
use comity_exchange::ports::{ReleaseRow, Verdict};
use comity_exchange::seal::seal;
use comity_exchange::{ExchangeError, Node, agreement, partner};
use comity_model::Grounds;

use crate::commands::reasons::{Reasons, grounds_lines};
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::looks::{Looks, Why};
use crate::output::{Reply, fields, table, time};
use crate::unlock;

mod body;
mod evidence;
mod open;
mod payload;
mod said;
mod standing;

use body::{
    All, ApprovalBody, ApprovedBody, ComposedBody, Line, PreviewBody, QuotaBody, SentBody, Whole,
    count, receipt, summary,
};
pub(crate) use evidence::{finish, put, stage};
pub(crate) use payload::Written;
pub(crate) use said::outcome_word;
use said::{preview_table, said, state_and_why, state_word};

/// What to do with releases.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Compose a release: decide about every object, keep the exact payload, show the preview
    Compose {
        /// What to release.
        #[command(flatten)]
        what: What,
        /// On what it rests and why it is given.
        #[command(flatten)]
        grounds: GroundsArgs,
        /// Who composes, for the journal and the clause's rule about composers (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Show what a release would be, and keep nothing
    Preview {
        /// What to release.
        #[command(flatten)]
        what: What,
    },
    /// Approve a release as an officer; the passphrase is the officer's
    Approve {
        /// The release's folio or id
        #[arg(value_name = "ID")]
        release: String,
        /// The officer
        #[arg(long = "as", value_name = "NAME")]
        officer: String,
    },
    /// Approve beforehand what goes under a clause, see what was, take it back
    #[command(subcommand)]
    Standing(standing::Command),
    /// Seal an approved release and put it in the outbox
    Send {
        /// The release's folio or id
        #[arg(value_name = "ID")]
        release: String,
    },
    /// List the releases of this party, newest first
    List {
        /// How many to show, 1 to 10000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
    /// Show a release: its state, its approvals, its receipt and what was decided about each object
    Show {
        /// The release's folio or id
        #[arg(value_name = "ID")]
        release: String,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Open the commitment of a redacted object: write a file that proves from what it was made
    Open(open::Args),
    /// Write the evidence of a release: one file that anybody can verify with no node and no network
    Evidence(evidence::Args),
    /// Write the parts of what was sent into a folder, for whoever checks the evidence beside them with `verify --with`
    Payload(payload::Args),
}

/// What to release, to whom and under what.
#[derive(Debug, clap::Args)]
pub(crate) struct What {
    /// The partner that gets it
    #[arg(long, value_name = "HANDLE")]
    to: String,
    /// The clause of the agreement under which it goes
    #[arg(long, value_name = "CLAUSE")]
    clause: String,
    /// The purpose; may be left out where the clause has only one
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// What is selected.
    #[command(flatten)]
    selection: Selected,
}

/// On what an act rests and why it is done.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct GroundsArgs {
    /// A legal basis of the agreement or the clause, word for word; several may be given, and the only one may be left out
    #[arg(long = "legal-basis", value_name = "TEXT")]
    legal_basis: Vec<String>,
    /// The id of a reason that the agreement lists; several may be given, and the only one may be left out
    #[arg(long = "reason", value_name = "ID")]
    reasons: Vec<String>,
}

impl From<GroundsArgs> for Grounds {
    fn from(args: GroundsArgs) -> Self {
        Self { legal_basis: args.legal_basis, reasons: args.reasons }
    }
}

/// How objects are selected: exactly one of these.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Selected {
    /// These objects, by STIX id; may be given several times
    #[arg(long = "object", value_name = "ID", num_args = 1..)]
    objects: Vec<String>,
    /// Every object of a STIX type
    #[arg(long = "type", value_name = "TYPE")]
    stix_type: Option<String>,
    /// Every object whose text has these words
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
}

impl Selected {
    fn selection(self) -> Selection {
        match (self.stix_type, self.search) {
            (Some(stix_type), _) => Selection::Type(stix_type),
            (None, Some(words)) => Selection::Search(words),
            (None, None) => Selection::Ids(self.objects),
        }
    }
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Compose { what, grounds, by } => run_compose(ctx, what, grounds.into(), by).await,
        Command::Preview { what } => run_preview(ctx, what).await,
        Command::Approve { release, officer } => run_approve(ctx, &release, &officer).await,
        Command::Standing(command) => standing::run(ctx, command).await,
        Command::Send { release } => run_send(ctx, &release).await,
        Command::List { limit } => list(ctx, limit).await,
        Command::Show { release, looks } => show(ctx, &looks, &release).await,
        Command::Open(args) => open::run(ctx, args).await,
        Command::Evidence(args) => evidence::run(ctx, args).await,
        Command::Payload(args) => payload::run(ctx, args).await,
    }
}

async fn request(
    node: &Node,
    what: What,
    grounds: Grounds,
    by: Option<String>,
) -> Result<ComposeRequest, CliError> {
    Ok(ComposeRequest {
        to: partner::find_party(node, &what.to).await?.root,
        clause: what.clause,
        purpose: what.purpose,
        selection: what.selection.selection(),
        grounds,
        by: actor(by),
    })
}

async fn run_compose(
    ctx: &Ctx,
    what: What,
    grounds: Grounds,
    by: Option<String>,
) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let composed = compose(&node, request(&node, what, grounds, by).await?).await?;
    let reasons = Reasons::of(&node, composed.release.record.agreement.id).await?;
    let ReleaseRow { record, digest, state, .. } = composed.release;
    let preview: Vec<Line> =
        composed.preview.into_iter().map(|line| Line::of(line, ctx.lang)).collect();
    let body = ComposedBody {
        release: record.release,
        folio: record.folio,
        digest,
        clause: record.clause,
        purpose: record.purpose,
        grounds: record.grounds,
        state: state.as_str(),
        objects: record.objects,
        redacted: record.redacted,
        withheld: count(&preview, Verdict::Withheld),
        quotas: composed.quotas.into_iter().map(QuotaBody::of).collect(),
        preview,
    };
    let mut lines = vec![
        (ctx.say("release", "entrega"), body.folio.to_string()),
        (ctx.say("digest", "resumen"), body.digest.to_string()),
    ];
    lines.extend(grounds_lines(ctx, &body.grounds, &reasons));
    lines.extend([
        (ctx.say("objects", "objetos"), body.objects.to_string()),
        (ctx.say("of them redacted", "de ellos testados"), body.redacted.to_string()),
        (ctx.say("withheld", "excluidos de la entrega"), body.withheld.to_string()),
    ]);
    lines.extend(body.quotas.iter().map(|it| (ctx.say("quota", "cupo"), it.said(ctx))));
    let lines = fields(&lines);
    let next = format!(
        "{}: comity release approve {} --as {}",
        ctx.say("Next", "A continuación"),
        body.folio,
        ctx.say("NAME", "NOMBRE")
    );
    let text = [preview_table(ctx, &body.preview), lines, next].join("\n\n");
    ctx.reply(&body, text)
}

async fn run_preview(ctx: &Ctx, what: What) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let (clause, purpose) = (what.clause.clone(), what.purpose.clone());
    let lines = preview(&node, request(&node, what, Grounds::default(), None).await?).await?;
    let why = Why { purpose: purpose.clone().or_else(|| Some(clause.clone())) };
    let mut reader = why.by(None).reader(ctx)?;
    // What a clause is for, both parties agreed; the house's own list is for those who look on their own.
    reader.rules = Rules::default();
    let access = reader.access(&node, Verb::Opened, Area::Holdings, lines.iter().map(|it| &it.id));
    record_access(&node, &reader.rules, &[access]).await?;
    let lines: Vec<Line> = lines.into_iter().map(|line| Line::of(line, ctx.lang)).collect();
    let withheld = count(&lines, Verdict::Withheld);
    let body = PreviewBody {
        clause,
        purpose,
        objects: lines.len() - withheld,
        redacted: count(&lines, Verdict::Redacted),
        withheld,
        preview: lines,
    };
    let mut text = preview_table(ctx, &body.preview);
    text.push_str(ctx.say("\nNothing was kept.", "\nNo se conservó nada."));
    ctx.reply(&body, text)
}

async fn run_approve(ctx: &Ctx, name: &str, officer: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let release = find_release(&node, name).await?;
    let record = find_officer(&node, officer).await?;
    let key = unlock::officer_key(ctx, record.id, &record.name, node.record().exercise)?;
    let state = approve(&node, &release, &key).await?;
    let standing = agreement::in_force(&node, release.record.to, node.now()).await?;
    let clause = standing.agreement.clause(&release.record.clause);
    let body = ApprovedBody {
        folio: release.record.folio,
        state: state.as_str(),
        approvals: release.approvals.len() + 1,
        // A clause with a standing approval still wants somebody to sign here.
        required: clause.map_or(1, |clause| clause.approvers().max(1)),
    };
    let text = format!(
        "{} {}: {} {} {}; {}",
        ctx.say("Approved", "Se aprobó"),
        body.folio,
        body.approvals,
        ctx.say("of", "de"),
        body.required,
        state_word(ctx.lang, body.state)
    );
    ctx.reply(&body, text)
}

async fn run_send(ctx: &Ctx, name: &str) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let release = find_release(&node, name).await?;
    let sealed = seal(&node, &release).await?;
    let body = SentBody {
        folio: release.record.folio,
        state: comity_exchange::ports::ReleaseState::Sealed.as_str(),
        statement: sealed.digest,
        sequence: sealed.sequence,
    };
    let mut text = format!(
        "{} {}\n",
        ctx.say("Sealed, and in the outbox:", "Sellada y en la bandeja de salida:"),
        body.folio
    );
    text.push_str(&fields(&[
        (ctx.say("statement", "declaración"), body.statement.to_string()),
        (
            ctx.say("sequence", "secuencia"),
            body.sequence.map(|it| it.to_string()).unwrap_or_default(),
        ),
    ]));
    ctx.reply(&body, text)
}

async fn list(ctx: &Ctx, limit: u32) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let rows = node.store().releases(limit).await?;
    let mut releases = Vec::with_capacity(rows.len());
    for row in &rows {
        releases.push(summary(&names, row, stale(&node, row).await?.as_ref()));
    }
    let body = All { releases };
    let text = if body.releases.is_empty() {
        ctx.say("There is no release.", "No hay ninguna entrega.").to_owned()
    } else {
        let heading = [
            "folio",
            ctx.say("state", "estado"),
            ctx.say("to", "para"),
            ctx.say("clause", "cláusula"),
            ctx.say("objects", "objetos"),
            ctx.say("composed", "preparada"),
        ];
        let rows = body.releases.iter().map(|it| {
            [
                it.folio.to_string(),
                state_and_why(ctx.lang, it.state, it.reason),
                it.to.clone(),
                it.clause.clone(),
                it.objects.to_string(),
                time(it.composed_at),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

async fn show(ctx: &Ctx, looks: &Looks, name: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let row = find_release(&node, name).await?;
    looks.note(ctx, &node, Verb::Opened, Area::Releases, [&row.record.folio]).await?;
    let officers = node.store().officers().await.map_err(ExchangeError::from)?;
    let office =
        |id| officers.iter().find(|officer| officer.id == id).map(|officer| officer.office.clone());
    let lines = node.store().preview(row.record.release).await?;
    let preview: Vec<Line> = lines.into_iter().map(|line| Line::of(line, ctx.lang)).collect();
    let why = stale(&node, &row).await?;
    let reasons = Reasons::of(&node, row.record.agreement.id).await?;
    let body = Whole {
        summary: summary(&names, &row, why.as_ref()),
        composer: row.composer,
        approvals: row
            .approvals
            .into_iter()
            .map(|it| ApprovalBody {
                office: office(it.officer),
                officer: it.officer,
                name: it.name,
                at: it.at,
            })
            .collect(),
        statement: row.statement,
        sequence: row.sequence,
        receipt: row.receipt.map(receipt),
        withheld: count(&preview, Verdict::Withheld),
        preview,
    };
    let mut text = said(ctx, &body, &reasons);
    if let Some(why) = why {
        text = format!("{}\n\n{text}", CliError::from(why).in_lang(ctx.lang));
    }
    ctx.reply(&body, text)
}
