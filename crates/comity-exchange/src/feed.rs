//! Feeds: other people's TAXII servers, from which this party takes objects on its own account.
//!
//! What a feed brings is this party's own holding with the feed as its source and the feed's grade, checked and kept like what
//! is imported. What partners released stays theirs when a feed brings it again (invariant third-party), and what this party
//! made itself is changed by no feed (invariant circularity). How far a collection was taken in is kept behind the objects,
//! never before them, so that whatever stops a pull, the next one goes on without a loss (docs/protocol.md section 7).

use std::collections::BTreeSet;

use comity_model::told::Told;
use comity_model::{Grade, told};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::error::{ExchangeError, Result, journalled};
use crate::node::Node;
use crate::ports::{
    Feed, FeedCollection, FeedOutcome, FeedPosition, FeedServer, FeedSize, FeedSource, Login,
};

mod collection;
mod login;
mod page;
mod parse;
mod position;
mod pull;
mod room;
mod schedule;
mod worker;

pub use pull::{CollectionFault, PullLimits, PullOptions, Pulled, pull};
pub use room::Room;
pub use worker::serve;

/// Feeds of one node, at the most.
const FEEDS: usize = 64;
/// Collections of one feed, at the most.
const COLLECTIONS: usize = 32;
/// Bytes of a name, a password or a token, at the most.
const SECRET: usize = 4_096;
/// What a feed may hold, at the most: a thousand million objects and 16 TiB.
const MOST: FeedSize = FeedSize { objects: 1_000_000_000, bytes: 16 << 40 };
/// Between two pulls of a feed, at least and at the most.
const EVERY: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(1), SignedDuration::from_hours(24 * 30));

/// A feed to add.
#[derive(Debug, Clone)]
pub struct NewFeed {
    /// Its name here.
    pub name: String,
    /// The URL of a server, a discovery or an API root.
    pub url: String,
    /// The ids of the collections that are wanted.
    pub collections: Vec<String>,
    /// The grade of its objects.
    pub grade: Grade,
    /// The time from one pull to the next.
    pub every: SignedDuration,
    /// How much it may hold in all.
    pub most: FeedSize,
    /// What to show to be let in.
    pub login: Option<Login>,
    /// The certificates, PEM, of the only authorities that are believed; else the system's are.
    pub ca: Option<String>,
    /// Only what was added to the collections later is wanted.
    pub added_after: Option<Timestamp>,
}

/// Adds a feed, which is due at once. Nothing is asked of its server yet. What it is logged in with is sealed under the node's
/// keys, which have to be unlocked then. Refused with `bad-input` for what has not the form, with `feed-url`,
/// `feed-https-needed` and `feed-certificates`, with `feeds-too-many`, with `exists` if the name is taken.
pub async fn add(node: &Node, source: &dyn FeedSource, new: NewFeed, by: &str) -> Result<Feed> {
    let name = new.name.clone();
    let added = async {
        check(&new)?;
        let server = FeedServer {
            url: new.url.clone(),
            login: new.login.clone(),
            ca: new.ca.clone(),
            collections: new.collections.iter().cloned().collect(),
        };
        source.open(server)?;
        if node.store().feeds().await?.len() >= FEEDS {
            let message = told!(
                "a node has {most} feeds at the most; remove one with `comity feed remove`",
                most = FEEDS
            );
            return Err(ExchangeError::refused("feeds-too-many", message));
        }
        let login = match &new.login {
            Some(login) => Some(login::seal(node, &new.name, &new.url, login)?),
            None => None,
        };
        let feed = recorded(node, new, login);
        let ids: Vec<&str> = feed.collections.iter().map(|it| it.id.as_str()).collect();
        let details = json!({
            "address": feed.url,
            "collections": ids,
            "grade": feed.grade.to_string(),
            "seconds": feed.every.as_secs(),
            "objects": feed.most.objects,
            "bytes": feed.most.bytes,
        });
        let journal = vec![node.journal_by(by, "feed-added", &feed.name, details)];
        node.store().add_feed(feed.clone(), journal).await?;
        Ok(feed)
    };
    journalled(node, added.await, by, "feed-not-added", name, json!({})).await
}

fn recorded(node: &Node, new: NewFeed, login: Option<Vec<u8>>) -> Feed {
    let now = node.now();
    let position = FeedPosition { added_after: new.added_after, ..FeedPosition::default() };
    let mut ids = BTreeSet::new();
    let wanted = new.collections.into_iter().filter(|id| ids.insert(id.clone()));
    let collections = wanted.map(|id| FeedCollection::new(id, position.clone())).collect();
    Feed {
        name: new.name,
        url: new.url,
        grade: new.grade,
        every: new.every,
        most: new.most,
        held: FeedSize::NONE,
        login,
        ca: new.ca,
        added_at: now,
        paused_at: None,
        next_run: now,
        root: None,
        collections,
        outcome: FeedOutcome::default(),
        claim: None,
    }
}

/// A feed by its name.
pub async fn find(node: &Node, name: &str) -> Result<Feed> {
    let feeds = node.store().feeds().await?;
    feeds.into_iter().find(|it| it.name == name).ok_or_else(|| no_feed(name))
}

/// Has a feed rest, or go on at once.
pub async fn set_paused(node: &Node, name: &str, paused: bool, by: &str) -> Result<Feed> {
    let feed = find(node, name).await?;
    if feed.paused_at.is_some() == paused {
        return Ok(feed);
    }
    let now = node.now();
    let event = if paused { "feed-paused" } else { "feed-resumed" };
    let journal = vec![node.journal_by(by, event, name, json!({}))];
    node.store().pause_feed(name.to_owned(), paused.then_some(now), now, journal).await?;
    find(node, name).await
}

/// Says how much a feed may hold in all, and has it go on at once. What it holds beyond that stays held.
pub async fn limit(node: &Node, name: &str, most: FeedSize, by: &str) -> Result<Feed> {
    let limited = async {
        find(node, name).await?;
        check_size(most)?;
        let details = json!({ "objects": most.objects, "bytes": most.bytes });
        let journal = vec![node.journal_by(by, "feed-limited", name, details)];
        node.store().bound_feed(name.to_owned(), most, node.now(), journal).await?;
        find(node, name).await
    };
    journalled(node, limited.await, by, "feed-not-limited", name, json!({})).await
}

/// Forgets a feed and what it is logged in with. What it brought stays held.
pub async fn remove(node: &Node, name: &str, by: &str) -> Result<Feed> {
    let feed = find(node, name).await?;
    let journal = vec![node.journal_by(by, "feed-removed", name, json!({}))];
    node.store().remove_feed(name.to_owned(), journal).await?;
    Ok(feed)
}

fn no_feed(name: &str) -> ExchangeError {
    ExchangeError::NotFound {
        what: "feed",
        name: name.escape_debug().to_string(),
        advice: "`comity feed list` shows the feeds, `comity feed add` adds one",
    }
}

fn check_size(most: FeedSize) -> Result<()> {
    if most.objects == 0
        || most.objects > MOST.objects
        || most.bytes == 0
        || most.bytes > MOST.bytes
    {
        let message = told!(
            "a feed may hold 1 to {objects} objects and 1 to {mib} MiB",
            objects = MOST.objects,
            mib = MOST.bytes >> 20
        );
        return Err(ExchangeError::input("how much it may hold", message.named("feed-size")));
    }
    Ok(())
}

fn check(new: &NewFeed) -> Result<()> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    let begins = new.name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    if !begins || new.name.len() > 64 || !new.name.bytes().all(plain) {
        let message =
            "write 1 to 64 lower-case letters, digits, hyphens and dots, a letter or digit first";
        return Err(ExchangeError::input("--name", Told::from(message).named("account-name")));
    }
    let segment = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let is_id = |id: &String| {
        (1..=128).contains(&id.len()) && id.bytes().all(segment) && !matches!(&**id, "." | "..")
    };
    let count = new.collections.len();
    if count == 0 || count > COLLECTIONS || !new.collections.iter().all(is_id) {
        let message = told!(
            "name 1 to {most} collections by id or alias: letters, digits, `-`, `.`, `_` and `~`",
            most = COLLECTIONS
        );
        return Err(ExchangeError::input("--collection", message.named("feed-collections")));
    }
    check_size(new.most)?;
    if new.every < EVERY.0 || new.every > EVERY.1 {
        let message = "write a time from `1m` to `30d`";
        return Err(ExchangeError::input("--every", Told::from(message).named("feed-every")));
    }
    let is_one_line = |text: &str| {
        !text.is_empty() && text.len() <= SECRET && !text.chars().any(char::is_control)
    };
    let is_sound = match &new.login {
        None => true,
        Some(Login::Basic { username, password }) => {
            is_one_line(username) && !username.contains(':') && is_one_line(password)
        }
        Some(Login::Token(token)) => is_one_line(token) && token.is_ascii(),
    };
    if !is_sound {
        let message = told!(
            "a name without colon, a password and a token are one line of 1 to {most} bytes; a token is ASCII",
            most = SECRET
        );
        return Err(ExchangeError::input("the login", message.named("feed-login-form")));
    }
    Ok(())
}
