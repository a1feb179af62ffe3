//! `comity token`: what programs show instead of a password. It is shown once; only its digest is kept.

use std::str::FromStr;

use comity_exchange::ports::{CollectionRecord, Token};
use comity_exchange::{ExchangeError, account, collection};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::output::{Reply, short, table, time};

/// What to do about tokens.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make a token for an account and print it, this once
    New {
        /// The account
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// Only these collections of those that the account has, with commas between them (else all)
        #[arg(long = "collection", value_name = "ALIAS", value_delimiter = ',')]
        collections: Vec<String>,
        /// How long it is good for, as `90d` or `12h`; a year at the most
        #[arg(long, value_name = "DURATION", default_value = "90d")]
        expires: Lasting,
        /// What it is for; stays here
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        /// Who makes it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the tokens, of one account or of all; what they say is never shown again
    List {
        /// The account
        #[arg(value_name = "ACCOUNT")]
        account: Option<String>,
    },
    /// Revoke a token at once
    Revoke {
        /// Its number
        #[arg(value_name = "N")]
        number: u64,
        /// Who revokes it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// A number of days or hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lasting(SignedDuration);

/// A text that is no number of days or hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a number of days or hours, as `90d`")]
pub(crate) struct LastingError;

impl FromStr for Lasting {
    type Err = LastingError;

    fn from_str(text: &str) -> Result<Self, LastingError> {
        let hours = match (text.strip_suffix('d'), text.strip_suffix('h')) {
            (Some(days), _) => number(days).and_then(|it| it.checked_mul(24)),
            (None, Some(hours)) => number(hours),
            (None, None) => None,
        };
        hours.map(|it| Self(SignedDuration::from_hours(it))).ok_or(LastingError)
    }
}

/// Up to six digits.
fn number(text: &str) -> Option<i64> {
    let plain = (1..=6).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

#[derive(Serialize)]
struct Line {
    number: u64,
    account: String,
    note: Option<String>,
    collections: Option<Vec<String>>,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl Line {
    /// What is to be told of a token; a collection that is gone is named by its id.
    fn of(token: Token, known: &[CollectionRecord]) -> Self {
        let alias = |id: &uuid::Uuid| {
            let found = known.iter().find(|it| it.id == *id);
            found.map_or_else(|| id.to_string(), |it| it.alias.clone())
        };
        Self {
            number: token.number,
            account: token.account,
            note: token.note,
            collections: token.scope.map(|all| all.iter().map(alias).collect()),
            created_at: token.created_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}

#[derive(Serialize)]
struct Made {
    token: String,
    #[serde(flatten)]
    line: Line,
}

#[derive(Serialize)]
struct All {
    tokens: Vec<Line>,
}

#[derive(Serialize)]
struct Revoked {
    number: u64,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let known = node.store().collections().await.map_err(ExchangeError::from)?;
    match command {
        Command::New { account, collections, expires, note, by } => {
            let mut scope = Vec::with_capacity(collections.len());
            for name in &collections {
                scope.push(collection::find(&node, name).await?.id);
            }
            let scope = Some(scope).filter(|it| !it.is_empty());
            let by = actor(by);
            let (token, text) =
                account::new_token(&node, &account, scope, expires.0, note, &by).await?;
            let line = Line::of(token, &known);
            let human = format!(
                "{text}\n{} {}; {} {}",
                ctx.say("Token", "Token"),
                line.number,
                ctx.say(
                    "it is not shown again, and is good until",
                    "no se muestra de nuevo, y es válido hasta"
                ),
                time(line.expires_at)
            );
            ctx.reply(&Made { token: text, line }, human)
        }
        Command::List { account } => {
            if let Some(name) = &account {
                account::find(&node, name).await?;
            }
            let tokens = node.store().tokens().await.map_err(ExchangeError::from)?;
            let of =
                tokens.into_iter().filter(|it| account.as_ref().is_none_or(|a| *a == it.account));
            let body = All { tokens: of.map(|it| Line::of(it, &known)).collect() };
            let text = listed(ctx, &body);
            ctx.reply(&body, text)
        }
        Command::Revoke { number, by } => {
            account::revoke_token(&node, number, &actor(by)).await?;
            let text = format!("{} {number}", ctx.say("Revoked token", "Se revocó el token"));
            ctx.reply(&Revoked { number }, text)
        }
    }
}

fn listed(ctx: &Ctx, body: &All) -> String {
    if body.tokens.is_empty() {
        return ctx.say("There is no token.", "No hay ningún token.").to_owned();
    }
    let heading = [
        ctx.say("number", "número"),
        ctx.say("account", "cuenta"),
        ctx.say("collections", "colecciones"),
        ctx.say("until", "hasta"),
        ctx.say("revoked", "revocado"),
        ctx.say("note", "nota"),
    ];
    let rows = body.tokens.iter().map(|it| {
        let scope = it.collections.as_ref().map(|all| all.join(", "));
        [
            it.number.to_string(),
            it.account.clone(),
            scope.unwrap_or_else(|| ctx.say("all", "todas").to_owned()),
            time(it.expires_at),
            it.revoked_at.map(time).unwrap_or_default(),
            short(it.note.as_deref().unwrap_or_default(), 40),
        ]
    });
    table(&heading, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lasts_days_or_hours_and_nothing_that_only_looks_like_it() {
        assert_eq!("90d".parse(), Ok(Lasting(SignedDuration::from_hours(90 * 24))));
        assert_eq!("12h".parse(), Ok(Lasting(SignedDuration::from_hours(12))));
        for bad in ["", "d", "90", "-1d", "+1d", "1.5d", "9999999d", "1 d", "1w", "ñd"] {
            assert_eq!(bad.parse::<Lasting>(), Err(LastingError), "{bad}");
        }
    }
}
