//! `comity consent`: whether what a partner released may go on to a third party, or be used for more than it was given for.

use comity_exchange::access::{Area, Verb};
use comity_exchange::consent::{
    Answer, Ask, AskFor, ConsentRow, answer, ask, find_consent, is_supported,
};
use comity_exchange::ports::{MatterQuery, OutboundRow};
use comity_exchange::{ExchangeError, agreement, partner};
use comity_model::matter::{
    ConsentAnswerBody, ConsentBody, ConsentDecision, Grounds, Sought, Stage,
};
use comity_model::statement::Payload;
use comity_model::{Digest, Folio, MatterId, MatterKind, PartyRoot, UseCode};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::unit::use_word;
use crate::commands::reasons::{Reasons, grounds_lines};
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::{Reply, fields, short, table, time};

/// What to do with consents.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Ask whoever released objects whether they may go on to a third party, or be used for more
    Ask {
        /// The objects, by STIX id; may be given several times
        #[arg(long = "object", value_name = "ID", required = true, num_args = 1..)]
        objects: Vec<String>,
        /// The party to which they would go
        #[arg(
            long,
            value_name = "HANDLE",
            required_unless_present = "wider_use",
            requires = "purpose"
        )]
        third_party: Option<String>,
        /// The purpose, one of a clause to the third party
        #[arg(long, value_name = "PURPOSE", requires = "third_party")]
        purpose: Option<String>,
        /// The use beyond those under which the objects were given, by units of this party
        #[arg(long = "use", value_name = "USE", value_enum, conflicts_with_all = ["third_party", "purpose"])]
        wider_use: Option<Wider>,
        /// Ask only about what came under this agreement, by folio or id (else about the newest version of each object)
        #[arg(long, value_name = "ID")]
        agreement: Option<String>,
        /// What the partner should know beside that
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
        /// Who asks, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Answer a partner's request, or withdraw the consent that was granted
    #[command(group = clap::ArgGroup::new("decision").required(true).args(["grant", "deny", "withdraw"]))]
    Answer {
        /// The request's folio or id
        #[arg(value_name = "ID")]
        consent: String,
        /// Grant it: these objects, to that party, for that purpose
        #[arg(long)]
        grant: bool,
        /// When the consent ends by itself, as `2026-12-31T00:00:00Z`
        #[arg(long, value_name = "TIME", conflicts_with_all = ["deny", "withdraw"])]
        until: Option<Timestamp>,
        /// Deny it
        #[arg(long)]
        deny: bool,
        /// Withdraw what was granted; what went before stays where it went
        #[arg(long)]
        withdraw: bool,
        /// A legal basis from the agreement's list; may be given several times
        #[arg(long = "legal-basis", value_name = "TEXT")]
        legal_basis: Vec<String>,
        /// The id of a reason from the agreement's list; may be given several times
        #[arg(long = "reason", value_name = "ID")]
        reasons: Vec<String>,
        /// What the partner should know beside that
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
        /// Who answers, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the consents of both sides, newest first
    List {
        /// How many to show, 1 to 10000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Show a request and what was answered
    Show {
        /// The request's folio or id
        #[arg(value_name = "ID")]
        consent: String,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
}

/// A use that can be asked for.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Wider {
    /// Also before a court
    Judicial,
}

#[derive(Serialize)]
struct Asked {
    consent: MatterId,
    folio: Folio,
    to: String,
    release: Digest,
    objects: usize,
    statement: Digest,
    sequence: Option<u64>,
}

#[derive(Serialize)]
struct AllAsked {
    asked: Vec<Asked>,
}

#[derive(Serialize)]
struct Answered {
    consent: MatterId,
    folio: Folio,
    decision: ConsentDecision,
    until: Option<Timestamp>,
    grounds: Grounds,
    statement: Digest,
    sequence: Option<u64>,
}

#[derive(Serialize)]
struct AnswerLine {
    folio: Folio,
    decision: ConsentDecision,
    grounds: Grounds,
    text: Option<String>,
    at: Timestamp,
    statement: Digest,
}

#[derive(Serialize)]
struct Line {
    consent: MatterId,
    folio: Folio,
    from: String,
    to: String,
    state: &'static str,
    third_party: Option<String>,
    third_party_root: Option<PartyRoot>,
    third_party_name: Option<String>,
    purpose: Option<String>,
    #[serde(rename = "use")]
    use_code: Option<UseCode>,
    release: Digest,
    objects: Vec<String>,
    text: Option<String>,
    asked_at: Timestamp,
    statement: Digest,
    until: Option<Timestamp>,
    answers: Vec<AnswerLine>,
}

#[derive(Serialize)]
struct All {
    consents: Vec<Line>,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    line: Line,
    /// For a consent that this party granted and that holds: whether it still has what it rests on.
    supported: Option<bool>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Ask { objects, third_party, purpose, wider_use, agreement, text, by } => {
            let (node, _) = ctx.unlocked().await?;
            let sought = match (wider_use, third_party) {
                (None, Some(third_party)) => AskFor::Onward {
                    third_party: partner::find_party(&node, &third_party).await?.root,
                    purpose: purpose.unwrap_or_default(),
                },
                // the command line has one of the two
                _ => AskFor::Use(UseCode::Judicial),
            };
            let agreement = match agreement {
                Some(name) => Some(agreement::find(&node, &name).await?.0.reference.id),
                None => None,
            };
            let request = Ask { objects, agreement, sought, text, by: actor(by) };
            let names = Names::of(&node).await?;
            asked(ctx, &names, &ask(&node, request).await?)
        }
        Command::Answer { consent, grant, until, deny, legal_basis, reasons, text, by, .. } => {
            let decision = match (grant, deny) {
                (true, _) => ConsentDecision::Granted,
                (_, true) => ConsentDecision::Denied,
                _ => ConsentDecision::Withdrawn,
            };
            let given = Answer { decision, until, legal_basis, reasons, text, by: actor(by) };
            answered(ctx, &consent, given).await
        }
        Command::List { limit, looks } => list(ctx, &looks, limit).await,
        Command::Show { consent, looks } => show(ctx, &looks, &consent).await,
    }
}

fn asked(ctx: &Ctx, names: &Names, sealed: &[OutboundRow]) -> Result<Reply, CliError> {
    let line = |row: &OutboundRow| -> Result<Asked, CliError> {
        let said: ConsentBody = body_of(row)?;
        Ok(Asked {
            consent: said.consent,
            folio: said.folio,
            to: names.name(row.channel.to),
            release: said.release,
            objects: said.objects.len(),
            statement: row.digest,
            sequence: row.sequence,
        })
    };
    let body = AllAsked { asked: sealed.iter().map(line).collect::<Result<_, _>>()? };
    let lines: Vec<String> = body
        .asked
        .iter()
        .map(|it| format!("{} `{}`: {}", ctx.say("Asked", "Se solicitó a"), it.to, it.folio))
        .collect();
    ctx.reply(&body, lines.join("\n"))
}

async fn answered(ctx: &Ctx, name: &str, given: Answer) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let consent = find_consent(&node, name).await?;
    let sealed = answer(&node, &consent, given).await?;
    let said: ConsentAnswerBody = body_of(&sealed)?;
    let body = Answered {
        consent: said.consent,
        folio: said.folio,
        decision: said.decision,
        until: said.until,
        grounds: said.grounds,
        statement: sealed.digest,
        sequence: sealed.sequence,
    };
    let until = body.until.map(|until| format!(" {} {}", ctx.say("until", "hasta"), time(until)));
    let text = format!(
        "{}: {}{}, {} {}",
        consent.folio,
        decision_word(ctx.lang, body.decision),
        until.unwrap_or_default(),
        ctx.say("answer", "respuesta"),
        body.folio
    );
    ctx.reply(&body, text)
}

/// What a sealed statement of this party says.
fn body_of<B: DeserializeOwned + Serialize>(row: &OutboundRow) -> Result<B, CliError> {
    let damaged = |error: comity_model::statement::PayloadError| {
        CliError::from(ExchangeError::Damaged(error.to_string()))
    };
    Payload::parse(&row.payload).and_then(|payload| payload.body()).map_err(damaged)
}

fn line(names: &Names, row: ConsentRow, now: Timestamp) -> Line {
    let until = row.until();
    let ended = row.stage == Stage::Granted && !row.holds(now);
    let (third_party_root, third_party_name, purpose, use_code) = match row.body.sought {
        Sought::Onward { third_party, name, purpose } => {
            (Some(third_party), Some(name), Some(purpose), None)
        }
        Sought::Use(use_code) => (None, None, None, Some(use_code)),
    };
    Line {
        consent: row.id,
        folio: row.folio,
        from: names.name(row.from),
        to: names.name(row.to),
        state: if ended { "ended" } else { row.stage.as_str() },
        third_party: third_party_root.map(|it| names.name(it)),
        third_party_root,
        third_party_name,
        purpose,
        use_code,
        release: row.body.release,
        objects: row.body.objects,
        text: row.text,
        asked_at: row.asked_at,
        statement: row.statement,
        until,
        answers: row
            .answers
            .into_iter()
            .map(|it| AnswerLine {
                folio: it.body.folio,
                decision: it.body.decision,
                grounds: it.body.grounds,
                text: it.text,
                at: it.at,
                statement: it.statement,
            })
            .collect(),
    }
}

async fn list(ctx: &Ctx, looks: &Looks, limit: u32) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let (names, now) = (Names::of(&node).await?, node.now());
    let query = MatterQuery { kind: Some(MatterKind::Consent), limit, ..MatterQuery::default() };
    let rows = node.store().matters(query).await.map_err(ExchangeError::from)?;
    let rows = rows.iter().filter_map(ConsentRow::of);
    let body = All { consents: rows.map(|row| line(&names, row, now)).collect() };
    let folios = body.consents.iter().map(|it| &it.folio);
    looks.search(ctx, &node, Area::Matters, None, folios).await?;
    let text = if body.consents.is_empty() {
        ctx.say("No consent was asked for.", "No se ha solicitado ningún consentimiento.")
            .to_owned()
    } else {
        let heading = [
            "folio",
            ctx.say("from", "de"),
            ctx.say("to", "para"),
            ctx.say("third party", "tercero"),
            ctx.say("for", "para"),
            ctx.say("objects", "objetos"),
            ctx.say("asked", "solicitado"),
            ctx.say("state", "estado"),
            ctx.say("until", "hasta"),
        ];
        let rows = body.consents.iter().map(|it| {
            [
                it.folio.to_string(),
                it.from.clone(),
                it.to.clone(),
                third_party(it),
                wanted(ctx, it),
                it.objects.len().to_string(),
                time(it.asked_at),
                state_word(ctx.lang, it.state).to_owned(),
                it.until.map(time).unwrap_or_default(),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

/// The nickname here where there is one, else what the party that asks calls it.
fn third_party(line: &Line) -> String {
    let Some(handle) = &line.third_party else { return String::new() };
    match (&line.third_party_name, line.third_party_root) {
        (Some(name), Some(root)) if *handle == root.to_string() => short(name, 40),
        _ => handle.clone(),
    }
}

/// The purpose or the use.
fn wanted(ctx: &Ctx, line: &Line) -> String {
    let used = line.use_code.map(|it| use_word(ctx, it).to_owned());
    line.purpose.clone().or(used).unwrap_or_default()
}

async fn show(ctx: &Ctx, looks: &Looks, name: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let (names, now) = (Names::of(&node).await?, node.now());
    let row = find_consent(&node, name).await?;
    let supported = if row.to == node.root() && row.holds(now) {
        Some(is_supported(&node, &row).await?)
    } else {
        None
    };
    let listed = Reasons::of(&node, row.agreement).await?;
    let body = Shown { line: line(&names, row, now), supported };
    let it = &body.line;
    looks.note(ctx, &node, Verb::Opened, Area::Matters, [&it.folio]).await?;
    let mut lines = vec![
        (ctx.say("consent", "consentimiento"), format!("{} ({})", it.folio, it.consent)),
        (ctx.say("from", "de"), it.from.clone()),
        (ctx.say("to", "para"), it.to.clone()),
    ];
    if let (Some(handle), Some(name)) = (&it.third_party, &it.third_party_name) {
        lines.push((ctx.say("third party", "tercero"), format!("{} ({handle})", short(name, 200))));
    }
    let label = match it.use_code {
        Some(_) => ctx.say("use", "uso"),
        None => ctx.say("purpose", "finalidad"),
    };
    lines.extend([
        (label, wanted(ctx, it)),
        (ctx.say("release", "entrega"), it.release.to_string()),
        (ctx.say("asked", "solicitado"), time(it.asked_at)),
        (ctx.say("state", "estado"), state_word(ctx.lang, it.state).to_owned()),
    ]);
    lines.extend(it.until.map(|until| (ctx.say("until", "hasta"), time(until))));
    if body.supported == Some(false) {
        let warning = ctx.say(
            "what it rests on has ended; withdraw it",
            "aquello en que se apoya ha terminado; retírelo",
        );
        lines.push((ctx.say("attention", "atención"), warning.to_owned()));
    }
    let mut parts = vec![fields(&lines), it.objects.join("\n")];
    parts.extend(it.text.as_ref().map(|text| text.trim_end().to_owned()));
    for answer in &it.answers {
        let mut lines = vec![(
            ctx.say("answer", "respuesta"),
            format!("{} ({})", decision_word(ctx.lang, answer.decision), answer.folio),
        )];
        lines.extend(grounds_lines(ctx, &answer.grounds, &listed));
        lines.extend([
            (ctx.say("answered", "fecha"), time(answer.at)),
            (ctx.say("statement", "declaración"), answer.statement.to_string()),
        ]);
        parts.push(fields(&lines));
        parts.extend(answer.text.as_ref().map(|text| text.trim_end().to_owned()));
    }
    ctx.reply(&body, parts.join("\n\n"))
}

const fn decision_word(lang: Lang, decision: ConsentDecision) -> &'static str {
    match decision {
        ConsentDecision::Granted => lang.pick("granted", "otorgado"),
        ConsentDecision::Denied => lang.pick("denied", "negado"),
        ConsentDecision::Withdrawn => lang.pick("withdrawn", "retirado"),
    }
}

fn state_word(lang: Lang, state: &'static str) -> &'static str {
    match state {
        "open" => lang.pick("open", "pendiente"),
        "granted" => decision_word(lang, ConsentDecision::Granted),
        "denied" => decision_word(lang, ConsentDecision::Denied),
        "withdrawn" => decision_word(lang, ConsentDecision::Withdrawn),
        "ended" => lang.pick("ended", "terminado"),
        other => other,
    }
}
