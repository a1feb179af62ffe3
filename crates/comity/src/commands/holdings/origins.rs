//! Where a holding came from, who else says so, and who says otherwise.

use std::collections::BTreeSet;

use comity_exchange::access::{Area, Verb};
use comity_exchange::provenance::{
    self, Behind, How, LeftOut, PartyViews, Provenance, Source, Support, Whose, Why,
};
use comity_model::{AgreementId, Digest, Grade, Handling};
use jiff::Timestamp;
use serde::Serialize;

use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::{Reply, fields, short, table, time};

#[derive(Serialize)]
struct Row {
    version: String,
    digest: Digest,
    origin: Whose,
    originator: String,
    grade: Option<Grade>,
    chain: Vec<String>,
    agreement: Option<AgreementId>,
    statement: Option<Digest>,
    handling: Option<Handling>,
    received_at: Timestamp,
    returned: bool,
}

#[derive(Serialize)]
struct LeftAs {
    agreement: AgreementId,
    id: String,
}

#[derive(Serialize)]
struct Found {
    id: String,
    original: Option<String>,
    left_as: Vec<LeftAs>,
    sources: Vec<Row>,
}

/// `comity holdings provenance`.
pub(super) async fn provenance(ctx: &Ctx, looks: &Looks, id: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let Provenance { id, original, left_as, sources } = provenance::provenance(&node, id).await?;
    looks.note(ctx, &node, Verb::Opened, Area::Holdings, [&id]).await?;
    let body = Found {
        id,
        original,
        left_as: left_as.into_iter().map(|(agreement, id)| LeftAs { agreement, id }).collect(),
        sources: sources.into_iter().map(|it| version(ctx, &names, it)).collect(),
    };
    let mut parts = vec![body.id.clone()];
    if let Some(original) = &body.original {
        let text = ctx
            .say("this party's own, a derivative of", "propia de esta parte, versión derivada de");
        parts.push(format!("{text} {original}"));
    }
    for it in &body.left_as {
        let text = ctx.say("left as", "salió como");
        parts.push(format!("{text} {} ({})", it.id, it.agreement));
    }
    for it in &body.sources {
        let returned = ctx.say(" (this party's own, come back)", " (propia, que regresó)");
        let mut lines = vec![
            (ctx.say("version", "versión"), it.version.clone()),
            (
                ctx.say("origin", "procedencia"),
                format!("{}{}", it.originator, if it.returned { returned } else { "" }),
            ),
            (ctx.say("grade", "grado"), it.grade.map(|it| it.to_string()).unwrap_or_default()),
            (ctx.say("hands", "cadena"), it.chain.join(" > ")),
            (ctx.say("received", "recepción"), time(it.received_at)),
        ];
        if let (Some(agreement), Some(statement)) = (it.agreement, it.statement) {
            lines.push((ctx.say("agreement", "acuerdo"), agreement.to_string()));
            lines.push((ctx.say("statement", "declaración"), statement.to_string()));
        }
        if let Some(handling) = &it.handling {
            let line = super::handling(ctx, handling);
            lines.push((ctx.say("handling", "condiciones de manejo"), line));
        }
        parts.push(fields(&lines));
    }
    ctx.reply(&body, parts.join("\n\n"))
}

fn version(ctx: &Ctx, names: &Names, it: Source) -> Row {
    Row {
        originator: whose(ctx, names, &it.whose),
        version: it.version,
        digest: it.digest,
        origin: it.whose,
        grade: it.grade,
        chain: it.chain.into_iter().map(|root| names.name(root)).collect(),
        agreement: it.came_with.map(|(agreement, _)| agreement),
        statement: it.came_with.map(|(_, statement)| statement),
        handling: it.handling,
        received_at: it.received_at,
        returned: it.returned,
    }
}

fn whose(ctx: &Ctx, names: &Names, whose: &Whose) -> String {
    match whose {
        Whose::Own { source } => format!("{} {source}", ctx.say("own, from", "propia, de")),
        Whose::Party { root } => names.name(*root),
    }
}

/// What an origin is called: all by which it is known.
fn behind(ctx: &Ctx, names: &Names, whose: &BTreeSet<Behind>) -> String {
    let word = |it: &Behind| match it {
        Behind::Itself => ctx.say("this party itself", "esta parte").to_owned(),
        Behind::Creator { id } => id.clone(),
        Behind::Named { name } => name.clone(),
        Behind::Feed { name } => format!("{} {name}", ctx.say("the feed", "la fuente")),
        Behind::Party { root } => names.name(*root),
    };
    whose.iter().map(word).collect::<Vec<_>>().join(", ")
}

#[derive(Serialize)]
struct Group {
    origin: BTreeSet<Behind>,
    name: String,
    support: Vec<Support>,
}

#[derive(Serialize)]
struct Counted {
    id: String,
    known_as: Vec<String>,
    count: usize,
    origins: Vec<Group>,
    left_out: Vec<LeftOut>,
    complete: bool,
}

/// `comity holdings corroboration`.
pub(super) async fn corroboration(ctx: &Ctx, looks: &Looks, id: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let found = provenance::corroboration(&node, id).await?;
    looks.note(ctx, &node, Verb::Opened, Area::Holdings, [&found.id]).await?;
    let group = |it: provenance::OriginGroup| Group {
        name: behind(ctx, &names, &it.whose),
        origin: it.whose,
        support: it.support,
    };
    let body = Counted {
        id: found.id,
        known_as: found.known_as.into_iter().collect(),
        count: found.origins.len(),
        origins: found.origins.into_iter().map(group).collect(),
        left_out: found.left_out.into_iter().collect(),
        complete: found.complete,
    };
    let count = format!(
        "{}\n{}: {}",
        body.id,
        ctx.say("distinct origins", "procedencias distintas"),
        body.count
    );
    let heading = [ctx.say("origin", "procedencia"), ctx.say("how", "cómo"), "id"];
    let rows = body.origins.iter().flat_map(|group| {
        let row = |it: &Support| {
            [short(&group.name, 60), how_word(ctx.lang, it.how).to_owned(), it.id.clone()]
        };
        group.support.iter().map(row).collect::<Vec<_>>()
    });
    let mut parts = vec![count, table(&heading, rows)];
    if !body.left_out.is_empty() {
        let heading = [ctx.say("adds no origin", "no aporta procedencia"), "id"];
        let rows =
            body.left_out.iter().map(|it| [why_word(ctx.lang, it.why).to_owned(), it.id.clone()]);
        parts.push(table(&heading, rows));
    }
    parts.extend(incomplete(ctx, body.complete));
    ctx.reply(&body, parts.join("\n\n"))
}

fn incomplete(ctx: &Ctx, complete: bool) -> Option<String> {
    let text = ctx.say(
        "More speaks of this object than was looked at.",
        "Hay más sobre este objeto de lo que se revisó.",
    );
    (!complete).then(|| text.to_owned())
}

const fn how_word(lang: Lang, how: How) -> &'static str {
    match how {
        How::Reported => lang.pick("reported", "informado"),
        How::SameValue => lang.pick("same value", "mismo valor"),
        How::Duplicate => lang.pick("the same thing", "lo mismo"),
        How::Sighting => lang.pick("seen", "avistado"),
    }
}

const fn why_word(lang: Lang, why: Why) -> &'static str {
    match why {
        Why::Returned => lang.pick("this party's own, come back", "propia, que regresó"),
        Why::Copy => lang.pick("a copy of it", "una copia"),
        Why::Derived => lang.pick("made from it", "derivado de él"),
        Why::Assessment => lang.pick("an assessment", "una valoración"),
        Why::Summary => lang.pick("sums up others", "resume otros"),
        Why::NotSeen => lang.pick("not seen", "no avistado"),
        Why::Revoked => lang.pick("revoked", "revocado"),
        Why::NotHeld => lang.pick("not held", "no está en el acervo"),
    }
}

#[derive(Serialize)]
struct Said {
    id: String,
    opinion: Option<String>,
    text: Option<String>,
    version: String,
    grade: Option<Grade>,
    revoked: bool,
    received_at: Timestamp,
}

#[derive(Serialize)]
struct Given {
    id: String,
    version: String,
    digest: Digest,
    grade: Option<Grade>,
    revoked: bool,
    current: bool,
}

#[derive(Serialize)]
struct Side {
    party: String,
    own: bool,
    version: Option<Given>,
    said: Vec<Said>,
}

#[derive(Serialize)]
struct AllViews {
    id: String,
    parties: Vec<Side>,
    complete: bool,
}

/// `comity holdings views`.
pub(super) async fn views(ctx: &Ctx, looks: &Looks, id: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let found = provenance::views(&node, id).await?;
    looks.note(ctx, &node, Verb::Opened, Area::Holdings, [&found.id]).await?;
    let body = AllViews {
        id: found.id,
        parties: found
            .parties
            .into_iter()
            .map(|it| party(&names, it.party == node.root(), it))
            .collect(),
        complete: found.complete,
    };
    let mut parts = vec![body.id.clone()];
    for it in &body.parties {
        let version = it.version.as_ref().map_or_else(
            || ctx.say("gave no version", "no dio versión").to_owned(),
            |given| format!("{} {}", ctx.say("version", "versión"), given.version),
        );
        let mut lines = vec![format!("{}: {version}", it.party)];
        for said in &it.said {
            let word = said.opinion.as_deref().unwrap_or_else(|| ctx.say("note", "nota"));
            let revoked = if said.revoked { ctx.say(" (revoked)", " (revocado)") } else { "" };
            let text = short(said.text.as_deref().unwrap_or_default(), 200);
            lines.push(format!("  {}{revoked}: {text}", short(word, 40)));
        }
        parts.push(lines.join("\n"));
    }
    parts.extend(incomplete(ctx, body.complete));
    ctx.reply(&body, parts.join("\n\n"))
}

fn party(names: &Names, own: bool, views: PartyViews) -> Side {
    Side {
        party: names.name(views.party),
        own,
        version: views.version.map(|it| Given {
            id: it.id,
            version: it.version,
            digest: it.digest,
            grade: it.grade,
            revoked: it.revoked,
            current: it.current,
        }),
        said: views
            .opinions
            .into_iter()
            .map(|it| Said {
                id: it.id,
                opinion: it.opinion,
                text: it.text,
                version: it.version,
                grade: it.grade,
                revoked: it.revoked,
                received_at: it.received_at,
            })
            .collect(),
    }
}
