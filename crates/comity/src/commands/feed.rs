//! `comity feed`: other people's TAXII servers, from which this party takes objects on its own account.

use std::path::PathBuf;
use std::str::FromStr;

use comity_exchange::feed::{self, NewFeed, PullLimits, PullOptions, Room};
use comity_exchange::ports::{FeedSize, Login};
use comity_exchange::{ExchangeError, Node};
use comity_feed::{HttpFeeds, host_of};
use comity_model::Grade;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::ctx::{Ctx, actor};
use crate::data::Data;
use crate::error::{CliError, Exit};
use crate::output::Reply;
use crate::{disk, files, unlock};

mod shown;

use shown::{All, Line, Shown};

/// Bytes of a file with certificates, at the most.
const CA: u64 = 1 << 20;

/// What to do about feeds.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Add a feed; `comity serve` pulls it from then on
    Add(Add),
    /// List the feeds and how they do
    List,
    /// Show a feed: how far it was taken in, and what was rejected
    Show {
        /// The feed
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Pull a feed now, once
    Pull {
        /// The feed
        #[arg(value_name = "NAME")]
        name: String,
        /// Who pulls it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Say how much a feed may hold in all, and have it go on
    Limit {
        /// The feed
        #[arg(value_name = "NAME")]
        name: String,
        /// How much
        #[command(flatten)]
        most: Most,
        /// Who says it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Have a feed rest
    Pause {
        /// The feed
        #[arg(value_name = "NAME")]
        name: String,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Have a feed go on where it rested
    Resume {
        /// The feed
        #[arg(value_name = "NAME")]
        name: String,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Forget a feed and its login; what it brought stays held
    Remove {
        /// The feed
        #[arg(value_name = "NAME")]
        name: String,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// The arguments of `feed add`.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// A TAXII 2.1 or 2.0 server, its discovery or an API root
    #[arg(value_name = "URL")]
    url: String,
    /// The collections that are wanted, by id; several with commas between them
    #[arg(long, value_name = "ID", required = true, value_delimiter = ',')]
    collection: Vec<String>,
    /// The grade of its objects, whatever they say of themselves: source A to F, information 1 to 6, as B2
    #[arg(long, value_name = "GRADE")]
    grade: Grade,
    /// How often to pull it, from 1m to 30d (else 15m)
    #[arg(long, value_name = "PERIOD", default_value = "15m")]
    every: Period,
    /// Its name here (else its host's)
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The name to log in with, beside a password
    #[arg(long, value_name = "ACCOUNT", requires = "password_stdin")]
    username: Option<String>,
    /// Read the password from standard input, one line
    #[arg(long, requires = "username", conflicts_with = "token_stdin")]
    password_stdin: bool,
    /// Read a bearer token from standard input, one line
    #[arg(long)]
    token_stdin: bool,
    /// The certificates, PEM, of the only authorities to believe (else the system's)
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// How much it may hold in all
    #[command(flatten)]
    most: Most,
    /// Only what was added to the collections later
    #[arg(long, value_name = "TIME")]
    added_after: Option<Timestamp>,
    /// Who adds it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// How much a feed may hold.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Most {
    /// Objects that it may hold in all, each version counted (1000000 at first)
    #[arg(long, value_name = "N")]
    most_objects: Option<u64>,
    /// MiB that its objects may take in all (4096 at first)
    #[arg(long, value_name = "N")]
    most_mib: Option<u64>,
}

impl Most {
    /// What is said, and where nothing is, what was so before.
    fn or(self, before: FeedSize) -> FeedSize {
        let bytes = self.most_mib.map(|it| it.saturating_mul(1 << 20));
        FeedSize {
            objects: self.most_objects.unwrap_or(before.objects),
            bytes: bytes.unwrap_or(before.bytes),
        }
    }
}

/// A number of minutes, hours or days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period(SignedDuration);

/// A text that is no number of minutes, hours or days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a number of minutes, hours or days, as `15m`")]
pub(crate) struct PeriodError;

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let units = [("m", 1), ("h", 60), ("d", 24 * 60)];
        let found = units.iter().find_map(|(unit, minutes)| {
            let digits = text.strip_suffix(unit)?;
            let is_number = (1..=5).contains(&digits.len());
            let is_number = is_number && digits.bytes().all(|it| it.is_ascii_digit());
            digits.parse::<i64>().ok().filter(|_| is_number)?.checked_mul(*minutes)
        });
        found.map(|it| Self(SignedDuration::from_mins(it))).ok_or(PeriodError)
    }
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(new) => add(ctx, new).await,
        Command::List => {
            let node = ctx.node().await?;
            let feeds = node.store().feeds().await.map_err(ExchangeError::from)?.into_iter();
            let body = All { feeds: feeds.map(|it| Line::of(ctx, it, node.now())).collect() };
            let text = shown::listed(ctx, &body);
            ctx.reply(&body, text)
        }
        Command::Show { name } => {
            let node = ctx.node().await?;
            let body = Shown::of(ctx, feed::find(&node, &name).await?, node.now());
            let text = shown::described(ctx, &body);
            ctx.reply(&body, text)
        }
        Command::Pull { name, by } => pull(ctx, &name, actor(by)).await,
        Command::Limit { name, most, by } => {
            let node = ctx.node().await?;
            let most = most.or(feed::find(&node, &name).await?.most);
            let feed = feed::limit(&node, &name, most, &actor(by)).await?;
            let text = format!("{}: {name}", ctx.say("Goes on", "Reanudada"));
            ctx.reply(&Line::of(ctx, feed, node.now()), text)
        }
        Command::Pause { name, by } => {
            let node = ctx.node().await?;
            let feed = feed::set_paused(&node, &name, true, &actor(by)).await?;
            let text = format!("{}: {name}", ctx.say("Rests", "En pausa"));
            ctx.reply(&Line::of(ctx, feed, node.now()), text)
        }
        Command::Resume { name, by } => {
            let node = ctx.node().await?;
            let feed = feed::set_paused(&node, &name, false, &actor(by)).await?;
            let text = format!("{}: {name}", ctx.say("Goes on", "Reanudada"));
            ctx.reply(&Line::of(ctx, feed, node.now()), text)
        }
        Command::Remove { name, by } => {
            let node = ctx.node().await?;
            let feed = feed::remove(&node, &name, &actor(by)).await?;
            let text = format!("{}: {name}", ctx.say("Removed", "Se quitó"));
            ctx.reply(&Line::of(ctx, feed, node.now()), text)
        }
    }
}

async fn add(ctx: &Ctx, new: Add) -> Result<Reply, CliError> {
    let name = match new.name {
        Some(name) => name,
        None => host_of(&new.url).map_err(ExchangeError::from)?,
    };
    let has_login = new.password_stdin || new.token_stdin;
    // what seals a login has to be at hand before the login is read
    let node = if has_login { unlocked(ctx).await? } else { ctx.node().await? };
    let secret =
        || Ok::<_, CliError>(Zeroizing::new(unlock::piped_password()?.expose_secret().to_owned()));
    let login = match (new.username, new.token_stdin) {
        (Some(username), _) => Some(Login::Basic { username, password: secret()? }),
        (None, true) => Some(Login::Token(secret()?)),
        (None, false) => None,
    };
    let ca = match &new.ca {
        Some(path) => {
            let bytes = files::read_up_to(path, CA)?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        None => None,
    };
    let wanted = NewFeed {
        name,
        url: new.url,
        collections: new.collection,
        grade: new.grade,
        every: new.every.0,
        most: new.most.or(FeedSize::USUAL),
        login,
        ca,
        added_after: new.added_after,
    };
    let added = feed::add(&node, &HttpFeeds::default(), wanted, &actor(new.by)).await?;
    let text = format!(
        "{}: {}; {}",
        ctx.say("Added", "Se agregó"),
        added.name,
        ctx.say(
            "`comity serve` pulls it, and `comity feed pull` now",
            "`comity serve` la consulta, y `comity feed pull` ahora mismo",
        )
    );
    ctx.reply(&Line::of(ctx, added, node.now()), text)
}

async fn pull(ctx: &Ctx, name: &str, by: String) -> Result<Reply, CliError> {
    let mut node = ctx.node().await?;
    if feed::find(&node, name).await?.login.is_some() {
        node = unlocked(ctx).await?;
    }
    let least = Config::load(&ctx.data)?.storage.least_free_mib;
    let options = PullOptions {
        by,
        lang: ctx.lang.stix(),
        limits: PullLimits::default(),
        room: room(&ctx.data, least),
        all: true,
    };
    let source = HttpFeeds::default();
    let pulled = feed::pull(&node, &source, name, &options, std::future::pending()).await?;
    let text = shown::pulled(ctx, name, &pulled);
    let exit = if pulled.faults.is_empty() { Exit::Done } else { Exit::Partner };
    Ok(ctx.reply(&pulled, text)?.with_exit(exit))
}

/// Room on the disk of the data folder, beyond so many MiB that have to stay free.
pub(crate) fn room(data: &Data, least_free_mib: u64) -> Room {
    let (dir, least) = (data.dir.clone(), least_free_mib.saturating_mul(1 << 20));
    Room::new(move || Ok(disk::free(&dir)?.saturating_sub(least)))
}

async fn unlocked(ctx: &Ctx) -> Result<Node, CliError> {
    let (node, _) = ctx.unlocked().await?;
    Ok(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_minutes_hours_or_days_and_nothing_that_only_looks_like_it() {
        assert_eq!("15m".parse(), Ok(Period(SignedDuration::from_mins(15))));
        assert_eq!("2h".parse(), Ok(Period(SignedDuration::from_hours(2))));
        assert_eq!("30d".parse(), Ok(Period(SignedDuration::from_hours(720))));
        for bad in ["", "m", "15", "15s", "-1m", "+1m", "1.5h", "999999d", "1 d", "ñd"] {
            assert_eq!(bad.parse::<Period>(), Err(PeriodError), "{bad}");
        }
    }
}
