//! `comity release standing`: what an officer approves beforehand.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use comity_exchange::approve::find_officer;
use comity_exchange::partner;
use comity_exchange::ports::StandingRecord;
use comity_exchange::standing::{self, Terms};
use comity_exchange::{ExchangeError, agreement};
use comity_model::{Digest, OfficerId, StandingId};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::output::{Reply, fields, table, time};
use crate::unlock;

/// What to do with standing approvals.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Approve beforehand what goes under a clause, up to a daily ceiling; never sites or natural persons
    Sign {
        /// The partner that gets it
        #[arg(long, value_name = "HANDLE")]
        to: String,
        /// The clause of the agreement, which must allow standing approvals
        #[arg(long, value_name = "CLAUSE")]
        clause: String,
        /// Objects in one day (UTC), at the most
        #[arg(long, value_name = "N")]
        ceiling: u64,
        /// For how many days from now, 1 to 30
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=30))]
        days: u8,
        /// The officer, whose passphrase is asked for
        #[arg(long = "as", value_name = "NAME")]
        officer: String,
    },
    /// List the standing approvals, newest first, with what is left of each today
    List,
    /// Revoke a standing approval: nothing more goes under it
    Revoke {
        /// Its id
        #[arg(value_name = "ID")]
        id: StandingId,
        /// Who revokes it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

#[derive(Serialize)]
struct Body {
    id: StandingId,
    state: &'static str,
    to: String,
    clause: String,
    ceiling: u64,
    used_today: u64,
    officer: OfficerId,
    name: String,
    from: Timestamp,
    until: Timestamp,
    revoked_at: Option<Timestamp>,
    agreement: Digest,
}

#[derive(Serialize)]
struct Bodies {
    standing: Vec<Body>,
}

#[derive(Serialize)]
struct Revoked {
    id: StandingId,
    state: &'static str,
}

impl Body {
    fn of(
        names: &Names,
        record: StandingRecord,
        used_today: u64,
        in_force: Option<Digest>,
        now: Timestamp,
    ) -> Self {
        let state = match record.revoked_at {
            Some(_) => "revoked",
            None if !record.is_open(now) => "over",
            // it is of one version of the agreement, and ends with it
            None => match in_force {
                Some(text) if text == record.agreement => "open",
                Some(_) => "superseded",
                None => "not-in-force",
            },
        };
        Self {
            id: record.id,
            state,
            to: names.name(record.to),
            clause: record.clause,
            ceiling: record.ceiling,
            used_today,
            officer: record.officer,
            name: record.name,
            from: record.from,
            until: record.until,
            revoked_at: record.revoked_at,
            agreement: record.agreement,
        }
    }
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Sign { to, clause, ceiling, days, officer } => {
            sign(ctx, &to, clause, ceiling, days, &officer).await
        }
        Command::List => list(ctx).await,
        Command::Revoke { id, by } => revoke(ctx, id, by).await,
    }
}

async fn sign(
    ctx: &Ctx,
    to: &str,
    clause: String,
    ceiling: u64,
    days: u8,
    officer: &str,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let record = find_officer(&node, officer).await?;
    let to = partner::find_party(&node, to).await?.root;
    let key = unlock::officer_key(ctx, record.id, &record.name, node.record().exercise)?;
    let now = node.now();
    // thirty days from now are in range as long as the clock is
    let until =
        now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX);
    let kept = standing::sign(&node, Terms { to, clause, ceiling, until }, &key).await?;
    let in_force = Some(kept.agreement);
    let body = Body::of(&Names::of(&node).await?, kept, 0, in_force, node.now());
    let text = fields(&[
        (ctx.say("standing approval", "aprobación permanente"), body.id.to_string()),
        (ctx.say("to", "para"), body.to.clone()),
        (ctx.say("clause", "cláusula"), body.clause.clone()),
        (ctx.say("objects a day", "objetos por día"), body.ceiling.to_string()),
        (ctx.say("until", "hasta"), time(body.until)),
        (ctx.say("officer", "responsable"), body.name.clone()),
    ]);
    ctx.reply(&body, text)
}

async fn list(ctx: &Ctx) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let all = standing::list(&node).await?;
    let now = node.now();
    let mut in_force = BTreeMap::new();
    for (it, _) in &all {
        if let Entry::Vacant(entry) = in_force.entry(it.to) {
            entry.insert(match agreement::in_force(&node, it.to, now).await {
                Ok(standing) => Some(standing.reference.digest),
                // suspended, terminated or past its days: nothing goes under it
                Err(ExchangeError::Refused { .. } | ExchangeError::NotFound { .. }) => None,
                Err(error) => return Err(error.into()),
            });
        }
    }
    let standing = all.into_iter().map(|(it, used)| {
        let text = in_force.get(&it.to).copied().flatten();
        Body::of(&names, it, used, text, now)
    });
    let body = Bodies { standing: standing.collect() };
    let text = if body.standing.is_empty() {
        ctx.say("There is no standing approval.", "No hay ninguna aprobación permanente.")
            .to_owned()
    } else {
        let heading = [
            "id",
            ctx.say("state", "estado"),
            ctx.say("to", "para"),
            ctx.say("clause", "cláusula"),
            ctx.say("today", "hoy"),
            ctx.say("until", "hasta"),
            ctx.say("officer", "responsable"),
        ];
        let rows = body.standing.iter().map(|it| {
            [
                it.id.to_string(),
                state_word(ctx, it.state).to_owned(),
                it.to.clone(),
                it.clause.clone(),
                format!("{} {} {}", it.used_today, ctx.say("of", "de"), it.ceiling),
                time(it.until),
                it.name.clone(),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

async fn revoke(ctx: &Ctx, id: StandingId, by: Option<String>) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    standing::revoke(&node, id, &actor(by)).await?;
    let text = format!(
        "{} {id}\n",
        ctx.say("Revoked; nothing more goes under it:", "Revocada; nada más se entrega con ella:")
    );
    ctx.reply(&Revoked { id, state: "revoked" }, text)
}

fn state_word<'a>(ctx: &Ctx, state: &'a str) -> &'a str {
    match state {
        "open" => ctx.say("open", "vigente"),
        "over" => ctx.say("over", "concluida"),
        "superseded" => {
            ctx.say("ended with its version of the agreement", "terminó con su versión del acuerdo")
        }
        "not-in-force" => ctx.say("no agreement in force", "sin acuerdo en vigor"),
        "revoked" => ctx.say("revoked", "revocada"),
        word => word,
    }
}
