//! Feeds as people and programs are shown them.

use comity_exchange::feed::{CollectionFault, Pulled};
use comity_exchange::ports::{Feed, FeedCollection, FeedFault, FeedRejection, TaxiiVersion};
use jiff::Timestamp;
use serde::Serialize;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::output::{fields, lasting, short, table, time, yes_no};

/// Rejected objects that people are shown one by one; programs get more.
const SHOWN: usize = 20;

/// How a feed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// It is being pulled now.
    Pulling,
    /// It rests.
    Paused,
    /// The last pull failed.
    Failing,
    /// It goes on, but for some of its collections.
    Partly,
    /// It was never pulled.
    New,
    /// The last pull ended well.
    Working,
}

impl State {
    fn of(feed: &Feed, now: Timestamp) -> Self {
        if feed.pulled_since(now).is_some() {
            return Self::Pulling;
        }
        match (&feed.paused_at, &feed.outcome.fault, feed.outcome.last_run) {
            (Some(_), ..) => Self::Paused,
            (None, Some(_), _) if feed.outcome.failures == 0 => Self::Partly,
            (None, Some(_), _) => Self::Failing,
            (None, None, None) => Self::New,
            (None, None, Some(_)) => Self::Working,
        }
    }

    const fn word(self, ctx: &Ctx) -> &str {
        match self {
            Self::Pulling => ctx.say("pulling", "en consulta"),
            Self::Paused => ctx.say("paused", "en pausa"),
            Self::Failing => ctx.say("failing", "con fallas"),
            Self::Partly => ctx.say("partly failing", "con fallas en parte"),
            Self::New => ctx.say("new", "nueva"),
            Self::Working => ctx.say("working", "en operación"),
        }
    }
}

/// One feed. What it is logged in with is not in it.
#[derive(Serialize)]
pub(super) struct Line {
    name: String,
    state: State,
    url: String,
    api_root: Option<String>,
    taxii: Option<&'static str>,
    collections: Vec<Taken>,
    grade: String,
    every_s: i64,
    most_objects: u64,
    most_bytes: u64,
    held_objects: u64,
    held_bytes: u64,
    login: bool,
    ca: bool,
    added_at: Timestamp,
    paused_at: Option<Timestamp>,
    pulling_since: Option<Timestamp>,
    next_run: Option<Timestamp>,
    last_run: Option<Timestamp>,
    last_success: Option<Timestamp>,
    fault: Option<Fault>,
    failures: u32,
    pulls: u64,
    objects: u64,
    new: u64,
    rejected: u64,
}

/// How far a collection was taken in.
#[derive(Serialize)]
struct Taken {
    id: String,
    added_after: Option<Timestamp>,
    under_way: bool,
    next_run: Option<Timestamp>,
    failures: u32,
    fault: Option<Fault>,
}

/// What went wrong last.
#[derive(Serialize)]
struct Fault {
    code: &'static str,
    message: String,
}

/// Every feed.
#[derive(Serialize)]
pub(super) struct All {
    /// By name.
    pub(super) feeds: Vec<Line>,
}

/// One feed in full.
#[derive(Serialize)]
pub(super) struct Shown {
    #[serde(flatten)]
    line: Line,
    rejections: Vec<FeedRejection>,
}

impl Line {
    /// A feed, in the language of the reader.
    pub(super) fn of(ctx: &Ctx, feed: Feed, now: Timestamp) -> Self {
        let (state, pulling_since) = (State::of(&feed, now), feed.pulled_since(now));
        let taken = |it: FeedCollection| Taken {
            id: it.id,
            added_after: it.position.added_after,
            under_way: it.position.next.is_some(),
            next_run: it.next_run,
            failures: it.failures,
            fault: it.fault.map(|it| Fault::of(ctx, it)),
        };
        let outcome = feed.outcome;
        Self {
            name: feed.name,
            state,
            url: feed.url,
            taxii: feed.root.as_ref().map(|it| TaxiiVersion::as_str(it.version)),
            api_root: feed.root.map(|it| it.url),
            collections: feed.collections.into_iter().map(taken).collect(),
            grade: feed.grade.to_string(),
            every_s: feed.every.as_secs(),
            most_objects: feed.most.objects,
            most_bytes: feed.most.bytes,
            held_objects: feed.held.objects,
            held_bytes: feed.held.bytes,
            login: feed.login.is_some(),
            ca: feed.ca.is_some(),
            added_at: feed.added_at,
            paused_at: feed.paused_at,
            pulling_since,
            next_run: Some(feed.next_run).filter(|_| pulling_since.is_none()),
            last_run: outcome.last_run,
            last_success: outcome.last_success,
            fault: outcome.fault.map(|it| Fault::of(ctx, it)),
            failures: outcome.failures,
            pulls: outcome.pulls,
            objects: outcome.objects,
            new: outcome.new,
            rejected: outcome.rejected,
        }
    }

    /// The code of what went wrong last, with the collections where it is not all of them.
    fn errors(&self) -> String {
        let failing: Vec<String> = self
            .collections
            .iter()
            .filter_map(|it| Some(format!("{} ({})", it.fault.as_ref()?.code, it.id)))
            .collect();
        match &self.fault {
            Some(fault) if failing.is_empty() || failing.len() == self.collections.len() => {
                fault.code.to_owned()
            }
            Some(_) => short(&failing.join(", "), 60),
            None => String::new(),
        }
    }

    /// What it holds of what it may hold.
    fn size(&self) -> String {
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        format!(
            "{}/{}, {}/{} MiB",
            self.held_objects,
            self.most_objects,
            mib(self.held_bytes),
            mib(self.most_bytes)
        )
    }

    /// When it is pulled next: nothing of one that rests or is being pulled.
    fn next(&self) -> String {
        let next = self.next_run.filter(|_| self.paused_at.is_none());
        next.map(time).unwrap_or_default()
    }

    /// How it does, and since when it is being pulled.
    fn state(&self, ctx: &Ctx) -> String {
        let word = self.state.word(ctx);
        match self.pulling_since {
            Some(since) => format!("{word} {} {}", ctx.say("since", "desde"), time(since)),
            None => word.to_owned(),
        }
    }
}

impl Fault {
    fn of(ctx: &Ctx, fault: FeedFault) -> Self {
        let code = fault.code.as_str();
        Self { code, message: CliError::Exchange(fault.into()).in_lang(ctx.lang) }
    }
}

impl Shown {
    /// A feed, in the language of the reader.
    pub(super) fn of(ctx: &Ctx, mut feed: Feed, now: Timestamp) -> Self {
        let rejections = std::mem::take(&mut feed.outcome.rejections);
        Self { line: Line::of(ctx, feed, now), rejections }
    }
}

/// The list.
pub(super) fn listed(ctx: &Ctx, body: &All) -> String {
    if body.feeds.is_empty() {
        return ctx.say("There is no feed.", "No hay ninguna fuente externa.").to_owned();
    }
    let heading = [
        ctx.say("name", "nombre"),
        ctx.say("state", "estado"),
        ctx.say("last success", "último éxito"),
        ctx.say("objects", "objetos"),
        ctx.say("new", "nuevos"),
        ctx.say("rejected", "rechazados"),
        ctx.say("next pull", "próxima consulta"),
        ctx.say("last error", "último error"),
    ];
    let rows = body.feeds.iter().map(|it| {
        [
            it.name.clone(),
            it.state(ctx),
            it.last_success.map(time).unwrap_or_default(),
            it.objects.to_string(),
            it.new.to_string(),
            it.rejected.to_string(),
            it.next(),
            it.errors(),
        ]
    });
    table(&heading, rows)
}

/// One feed.
pub(super) fn described(ctx: &Ctx, body: &Shown) -> String {
    let Shown { line, rejections } = body;
    let fault = line.fault.as_ref().map(|it| format!("{} [{}]", it.message, it.code));
    let root =
        line.api_root.clone().zip(line.taxii).map(|(url, taxii)| format!("{url} (TAXII {taxii})"));
    let mut lines = vec![
        (ctx.say("name", "nombre"), line.name.clone()),
        (ctx.say("state", "estado"), line.state(ctx)),
        (ctx.say("address", "dirección"), line.url.clone()),
        (ctx.say("API root", "raíz de la API"), root.unwrap_or_default()),
        (ctx.say("grade", "grado"), line.grade.clone()),
        (ctx.say("every", "cada"), lasting(line.every_s)),
        (ctx.say("holds", "conserva"), line.size()),
        (ctx.say("logs in", "con acceso"), yes_no(ctx.lang, line.login).to_owned()),
        (ctx.say("own authority", "autoridad propia"), yes_no(ctx.lang, line.ca).to_owned()),
        (ctx.say("last pull", "última consulta"), line.last_run.map(time).unwrap_or_default()),
        (ctx.say("last success", "último éxito"), line.last_success.map(time).unwrap_or_default()),
        (ctx.say("last error", "último error"), fault.unwrap_or_default()),
        (ctx.say("failures in a row", "fallas seguidas"), line.failures.to_string()),
        (ctx.say("next pull", "próxima consulta"), line.next()),
        (ctx.say("objects", "objetos"), line.objects.to_string()),
        (ctx.say("new", "nuevos"), line.new.to_string()),
        (ctx.say("rejected", "rechazados"), line.rejected.to_string()),
    ];
    lines.retain(|(_, value)| !value.is_empty());
    let heading = [
        ctx.say("collection", "colección"),
        ctx.say("taken in until", "incorporada hasta"),
        ctx.say("more to come", "falta más"),
        ctx.say("last error", "último error"),
    ];
    let taken = line.collections.iter().map(|it| {
        let until = it.added_after.map(time).unwrap_or_default();
        let fault = it.fault.as_ref().map(|it| it.code.to_owned()).unwrap_or_default();
        [it.id.clone(), until, yes_no(ctx.lang, it.under_way).to_owned(), fault]
    });
    let mut text = vec![fields(&lines), table(&heading, taken)];
    if !rejections.is_empty() {
        let heading = [
            ctx.say("rejected", "rechazado"),
            ctx.say("where", "dónde"),
            ctx.say("code", "código"),
        ];
        let rows = rejections.iter().map(|it| {
            let id = it.id.as_deref().unwrap_or("?");
            [short(id, 60), short(&it.pointer, 40), it.code.clone()]
        });
        text.push(table(&heading, rows));
    }
    text.join("\n")
}

/// What a pull brought.
pub(super) fn pulled(ctx: &Ctx, name: &str, pulled: &Pulled) -> String {
    let mut text: Vec<String> = pulled
        .rejections
        .iter()
        .take(SHOWN)
        .map(|it| {
            let at =
                if it.pointer.is_empty() { String::new() } else { format!("{}: ", it.pointer) };
            format!("{name}: {at}{} [{}]", it.message, it.code)
        })
        .collect();
    let rest = pulled.rejected.saturating_sub(text.len() as u64);
    if rest > 0 {
        let more = ctx.say("more objects were rejected", "objetos más fueron rechazados");
        text.push(format!("{name}: {rest} {more}"));
    }
    for CollectionFault { collection, fault, code } in &pulled.faults {
        let message = CliError::Exchange(fault.clone().into()).in_lang(ctx.lang);
        text.push(format!("{name}: {collection}: {message} [{code}]"));
    }
    text.push(fields(&[
        (ctx.say("pages", "páginas"), pulled.pages.to_string()),
        (ctx.say("objects", "objetos"), pulled.objects.to_string()),
        (ctx.say("new", "nuevos"), pulled.new.to_string()),
        (ctx.say("rejected", "rechazados"), pulled.rejected.to_string()),
    ]));
    if !pulled.complete {
        let more = ctx.say(
            "There is more; the next pull brings it.",
            "Hay más; lo trae la próxima consulta.",
        );
        text.push(more.to_owned());
    }
    text.join("\n")
}
